"""The screening desk's pages: what they show, what a form does, what is said before and after."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image, ImageDraw
from starlette.testclient import TestClient
from tests.web.making import JON, MEI, STUDY, address, client, round_of_two

from resilens.coding.leads import Seen, note_lead
from resilens.pipeline import OpenStudy, open_study

PLACES = ("Ohio", "Texas", "Maine", "Utah", "Oregon", "Iowa", "Nevada", "Idaho", "Kansas", "Alaska", "Georgia",
          "Hawaii")  # fmt: skip
OURS = STUDY.replace("posts = 3", "posts = 5").replace('design = "ranked"', 'design = "mixed"').replace(
    'comment_rule = "thread"', 'comment_rule = "random"').replace("comments = 50", "comments = 3")  # fmt: skip
HOSTILE = "'\"><script>alert(1)</script>\u202e"


def native(number: int) -> str:
    return f"6785000000000000000000{number:02}"


def name(number: int) -> str:
    return f"rednote:p:{native(number)}"


def text(number: int) -> str:
    if number == 11:
        return text(0) + " Reposted!"
    home, born = PLACES[number], PLACES[-1 - number]
    return f"Hello from {home}, my cat is {number + 2} years old and {born} is where she was born"


def screened(folder: Path) -> OpenStudy:
    """A study of twelve posts, five of them wanted, with six comments each and two like pictures; not drawn."""
    root = folder / "study"
    root.mkdir(parents=True)
    (root / "study.toml").write_text(OURS, "utf-8")
    given = folder / "given"
    given.mkdir()
    posts = [(native(number), f"account{number:02}", f"Hi from {PLACES[number]}" if number else HOSTILE,
              f"{text(number)} #tiktokrefugee", f"2025-01-14 {number:02}:00:00", 100 - number) for number in range(12)]
    comments = [(f"67851000000000000000{number:02}{one:02}", native(number), f"reader{one}",
                 f"reply {one} {PLACES[number]}", f"2025-01-15 0{one}:00:00")
                for number in range(12) for one in range(6)]  # fmt: skip
    for title, header, rows in (
        ("posts", ("note_id", "user_id", "title", "content", "time", "likes"), posts),
        ("comments", ("comment_id", "note_id", "user_id", "content", "time"), comments),
    ):
        with (given / f"{title}.csv").open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows([header, *rows])
    for number, colour in ((2, "#c08040"), (3, "#c08042")):
        drawing = Image.new("RGB", (240, 160), "#dfe8ef")
        ImageDraw.Draw(drawing).ellipse((70, 40, 170, 120), fill=colour)
        ImageDraw.Draw(drawing).rectangle((10, 100, 60, 150), fill="#305070")
        drawing.save(given / f"{native(number)}.png")
    made = open_study(root)
    made.add([given], platform="rednote", time_zone="UTC+08:00", query="#tiktokrefugee", ranking="likes")
    made.codebook()
    return made


@pytest.fixture
def study(tmp_path: Path) -> Iterator[OpenStudy]:
    with screened(tmp_path) as opened:
        yield opened


Send = Callable[..., Any]


@pytest.fixture
def mei(study: OpenStudy) -> TestClient:
    return client(study, MEI)


def send(visitor: TestClient, action: str, **fields: Any) -> Any:
    return visitor.post(address(f"/screening/{action}"), data={"event": str(uuid4()), **fields})


def order(study: OpenStudy) -> list[str]:
    from resilens.sampling.desk import Material, desks

    with study.corpus() as corpus:
        stand = desks(corpus, Material.of(corpus, study.study), study.record)
    return [one.post_id for one in stand.by_hashtag["tiktokrefugee"].candidates]


def test_the_desk_opens_the_next_candidate_with_all_that_helps_to_decide(study: OpenStudy, mei: TestClient) -> None:
    page = mei.get("/screening")
    assert page.status_code == 200
    assert "0 / 5" in page.text
    assert "Place 1 of 12" in page.text
    assert f'value="{order(study)[0]}"' in page.text
    assert "off topic" in page.text
    found = mei.get(f"/screening?post={name(0)}")
    assert re.search(r"text [789]\d % alike", found.text)
    assert "alert(1)</script>" not in found.text
    assert "a like picture" in mei.get(f"/screening?post={name(2)}").text or (
        "the same picture" in mei.get(f"/screening?post={name(2)}").text)  # fmt: skip
    assert "3 of 6 captured comments are in the sample" in found.text


def test_deciding_opens_the_next_and_undo_goes_back(study: OpenStudy, mei: TestClient) -> None:
    posts = order(study)
    answer = send(mei, "include", post=posts[0])
    assert str(answer.url).endswith(f"post={posts[1].replace(':', '%3A')}")
    assert "1 / 5" in answer.text
    answer = send(mei, "exclude", post=posts[1], reason="off topic")
    assert "Place 3 of 12" in answer.text
    answer = send(mei, "duplicate", post=posts[2], other=posts[0])
    assert "Place 4 of 12" in answer.text
    answer = send(mei, "undo", post=posts[3])
    assert "Place 3 of 12" in answer.text
    assert [row["decision"] for row in study.record.view("screening")] == ["include", "exclude"]
    refused = send(mei, "exclude", post=posts[2], reason="no such reason")
    assert refused.status_code == 422
    assert "is not among the study" in refused.text
    assert len(study.record.view("screening")) == 2


def test_the_last_decision_says_that_nothing_is_left_and_the_draw_is_what_was_included(
    study: OpenStudy, mei: TestClient
) -> None:
    posts = order(study)
    send(mei, "exclude", post=posts[1], reason="advertisement")
    for place in (0, 2, 3, 4, 5):
        page = send(mei, "include", post=posts[place])
    assert "5 / 5" in page.text
    assert "Every place of this quota is decided" in page.text
    flow = mei.get("/screening/flow")
    assert "No sample was drawn yet" in flow.text
    assert "advertisement 1" in flow.text
    assert send(client(study, JON), "draw").status_code == 403
    done = send(mei, "draw")
    assert "draw-001 is in force" in done.text
    assert {item for item in study.sampled_items() if ":p:" in item} == {posts[place] for place in (0, 2, 3, 4, 5)}


def test_a_list_of_one_state_a_page_and_a_post_that_is_not_there(study: OpenStudy, mei: TestClient) -> None:
    posts = order(study)
    send(mei, "exclude", post=posts[1], reason="off topic")
    page = mei.get("/screening?hashtag=%23TikTokRefugee&state=excluded")
    assert page.status_code == 200
    assert "Place 2 of 12" in page.text
    assert mei.get("/screening?state=nonsense&page=99").status_code == 200
    assert mei.get("/screening?hashtag=dogs").status_code == 422
    assert mei.get("/screening?post=rednote:p:none").status_code == 422
    assert mei.get(f"/screening/comments?post={HOSTILE}").status_code == 422


def test_a_lead_brings_a_post_in_and_what_that_does_is_said_before_and_after(study: OpenStudy, mei: TestClient) -> None:
    posts = order(study)
    assert "No lead was noted yet" in mei.get("/screening/lead").text
    lead = note_lead(study, Seen("the first one", link=f"https://www.xiaohongshu.com/explore/{native(int(posts[10][-2:]))}",
                                 tags=("tiktokrefugee",)), actor=MEI)  # fmt: skip
    late = mei.get(f"/screening?post={posts[10]}")
    assert "speaks of this post" in late.text
    assert "Bring in by a lead" in late.text
    assert "names #tiktokrefugee" in mei.get(f"/screening?post={posts[0]}").text
    assert send(mei, "include", post=posts[10]).status_code == 422
    before = mei.get(f"/screening/lead?post={posts[10]}&lead={lead.lead_id}")
    assert "empties every inclusion probability" in before.text
    after = send(mei, "lead", post=lead.link, lead=lead.lead_id, hashtag="tiktokrefugee", reason="the first")
    assert after.status_code == 200, after.text
    assert "1 post was brought in by a lead" in after.text
    assert "1 / 5" in after.text
    assert "no inclusion probability is known" in mei.get("/screening/flow").text
    assert "1 post was brought in" not in send(mei, "undo").text


def test_comments_are_ticked_as_proposed_and_a_change_needs_a_reason(study: OpenStudy, mei: TestClient) -> None:
    from resilens.sampling.choosing import comments_of

    post = order(study)[0]
    with study.corpus() as corpus:
        found = comments_of(corpus, study.study, study.record, post)
    page = mei.get(f"/screening/comments?post={post}")
    assert page.text.count(" checked>") == 3
    assert "empties the inclusion probabilities" in page.text
    fields = {"post": post, "shown": list(found.captured), "ticked": list(found.chosen[1:]), "back": "1"}
    refused = send(mei, "comments", **fields)
    assert refused.status_code == 422
    assert "say why the rule is overruled" in refused.text
    changed = send(mei, "comments", reason=HOSTILE, **fields)
    assert "left by hand" in changed.text
    assert "Changed by hand" in changed.text
    assert "<script>alert" not in changed.text
    desk = mei.get(f"/screening?post={post}")
    assert "2 of 6 captured comments are in the sample" in desk.text
    whole = send(mei, "comments", post=post, shown=list(found.captured), ticked=list(found.chosen))
    assert "Changed by hand" not in whole.text


def test_rounds_that_read_a_post_are_named_whatever_was_coded(study: OpenStudy, mei: TestClient) -> None:
    study.draw()
    posts = order(study)
    assert "is read there" not in mei.get(f"/screening?post={posts[0]}").text
    round_of_two(study)
    assert "Nothing that was coded is deleted" in mei.get(f"/screening?post={posts[0]}").text
    assert "Nothing that was coded is deleted" not in mei.get(f"/screening?post={posts[11]}").text
    send(mei, "exclude", post=posts[0], reason="off topic")
    assert "these open rounds read the latest draw" in mei.get("/screening/flow").text


def test_a_study_without_captures_says_what_belongs_here(tmp_path: Path) -> None:
    root = tmp_path / "study"
    root.mkdir()
    (root / "study.toml").write_text(OURS, "utf-8")
    with open_study(root) as opened:
        page = client(opened).get("/screening")
        assert page.status_code == 200
        assert "resilens add" in page.text
        assert client(opened).get("/screening/flow").status_code == 422


def test_it_is_all_said_in_chinese(study: OpenStudy, mei: TestClient) -> None:
    mei.get("/language/zh")
    for path in ("/screening", "/screening/flow", "/screening/lead", f"/screening/comments?post={name(1)}"):
        assert "筛选台" in mei.get(path).text
