"""Leads and the diary on their screen: noted, filtered, changed, taken back; hostile words stay words."""

from __future__ import annotations

import io
import re
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.web.making import JON, MEI, address, client, comment, post

from resilens.coding.diary import diary_of
from resilens.coding.leads import leads_of
from resilens.pipeline import OpenStudy

HOSTILE = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>\u202e\0{{7*7}}"


def send(visitor: TestClient, path: str, **data: object) -> TestClient:
    answer = visitor.post(address(path), data={"event": str(uuid4()), **data}, files={"file": ("", b"")},
                          follow_redirects=False)  # fmt: skip
    assert answer.status_code == 303, answer.text
    return visitor


def png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (30, 20), "#123456").save(out, "PNG")
    return out.getvalue()


def test_an_empty_screen_says_what_belongs_there(study: OpenStudy) -> None:
    page = client(study).get("/leads").text
    assert "paste a link, a text or a picture into the box above" in page
    assert "An entry for each stretch of watching" in page


def test_one_box_takes_a_link_or_a_text_and_a_file(study: OpenStudy) -> None:
    visitor = client(study)
    native = post(2).split(":")[2]
    send(visitor, "/leads", box=f"https://www.xiaohongshu.com/explore/{native}?xsec_token=S", text="eggs again",
         where="RedNote", seen_at="2025-01-14 20:00", tags="eggs, prices #rent", items=post(1))  # fmt: skip
    event = str(uuid4())
    for _ in range(2):
        answer = visitor.post(address("/leads"), data={"event": event, "box": "only words"},
                              files={"file": ("shot.png", png(), "image/png")})  # fmt: skip
        assert answer.status_code == 200
    words, eggs = leads_of(study.record)
    assert (eggs.link, eggs.tags, eggs.items) == (
        f"https://www.xiaohongshu.com/explore/{native}", ("eggs", "prices", "rent"), (post(1),)
    )  # fmt: skip
    assert (words.pasted, len(words.file)) == ("only words", 64)
    page = visitor.get("/leads").text
    assert f"/media/{words.file}" in page
    assert "2 leads" in page
    assert "Names these items of the sample" in page
    assert "Egg prices" in page
    assert "Hi from Ohio" in page
    assert "xsec_token" not in page


def test_filters_by_tag_channel_and_person(study: OpenStudy) -> None:
    send(client(study, MEI), "/leads", text="first one", where="Weibo", tags="rumour")
    send(client(study, JON), "/leads", text="second one", where="RedNote")
    visitor = client(study)
    for query, shown, hidden in (("tag=rumour", "first", "second"), ("where=RedNote", "second", "first"),
                                 ("by=jon", "second", "first")):  # fmt: skip
        page = visitor.get(f"/leads?{query}").text
        assert f"{shown} one" in page
        assert f"{hidden} one" not in page
        assert "of 2: show all" in page
    assert "No lead is like this" in visitor.get("/leads?tag=none").text


def test_a_lead_is_changed_and_taken_back(study: OpenStudy) -> None:
    visitor = client(study)
    code = study.codebook().codes[0]
    visitor.post(address("/leads"), data={"event": str(uuid4()), "text": "x"}, files={"file": ("a.png", png())})
    (lead,) = leads_of(study.record)
    page = visitor.get(f"/leads/{lead.lead_id}").text
    assert f'value="{lead.file}" checked' in page
    send(client(study, JON), f"/leads/{lead.lead_id}", text="y", kept=lead.file, link="https://x.com/i/1",
         codes=[code.id])  # fmt: skip
    (changed,) = leads_of(study.record)
    assert (changed.text, changed.file, changed.link, changed.codes) == (
        "y",
        lead.file,
        "https://x.com/i/1",
        (code.id,),
    )
    page = visitor.get(f"/leads/{lead.lead_id}").text
    assert "last changed by jon" in page
    assert code.name in page
    send(visitor, f"/leads/{lead.lead_id}", text="z")
    assert leads_of(study.record)[0].file == ""
    send(visitor, f"/leads/{lead.lead_id}/remove", reason="twice")
    assert leads_of(study.record) == []
    assert visitor.get(f"/leads/{lead.lead_id}").status_code == 422


def test_the_diary_beside_them(study: OpenStudy) -> None:
    visitor = client(study)
    send(visitor, "/leads", text="a lead")
    send(visitor, "/leads/diary", text="Everybody pays the tax", began_at="2025-01-14 20:00", account="observer_2",
         ended_at="2025-01-14 21:30", channel="RedNote", query="#猫税", leads="lead-1")  # fmt: skip
    page = visitor.get("/leads").text
    assert "2025-01-14 20:00" in page
    assert "as observer_2" in page
    assert "#猫税" in page
    (entry,) = diary_of(study.record)
    assert "diary-2025-01-14-1" in visitor.get("/leads/lead-1").text
    assert "Everybody pays" not in visitor.get("/leads?by=jon").text
    send(visitor, f"/leads/diary/{entry.entry_id}", text="changed", began_at=entry.began_at, observer="jon")
    assert diary_of(study.record)[0].observer == "jon"
    assert "changed" in visitor.get(f"/leads/diary/{entry.entry_id}").text
    send(visitor, f"/leads/diary/{entry.entry_id}/remove")
    assert diary_of(study.record) == []


@pytest.mark.parametrize(("path", "data", "said"), [
    ("/leads", {}, "nothing was given"), ("/leads", {"text": "x", "seen_at": "soon"}, "no time that exists"),
    ("/leads", {"text": "x", "items": "nothing"}, "is no captured item"), ("/leads/lead-9", {"text": "x"}, "no lead"),
    ("/leads/lead-9/remove", {}, "no lead"), ("/leads/diary", {"text": "x"}, "needs its day"),
    ("/leads/diary/none", {"text": "x", "began_at": "2025-01-14"}, "no entry"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_written(
    study: OpenStudy, path: str, data: dict[str, str], said: str
) -> None:
    head = study.record.head
    answer = client(study).post(address(path), data={"event": str(uuid4()), **data},
                                headers={"X-Resilens-Script": "1"})  # fmt: skip
    assert answer.status_code == 422
    assert said in answer.text
    assert study.record.head == head


def test_a_file_that_is_none_is_refused_in_words(study: OpenStudy) -> None:
    answer = client(study).post(address("/leads"), data={"event": str(uuid4()), "text": "x"},
                                files={"file": ("evil.html", b"<script>alert(1)</script>", "image/png")})  # fmt: skip
    assert answer.status_code == 422
    assert "is no picture or recording" in answer.text
    assert leads_of(study.record) == []


def test_hostile_words_stay_words(study: OpenStudy) -> None:
    visitor = client(study)
    send(visitor, "/leads", box=HOSTILE, text=HOSTILE + "x" * 100_000, where=HOSTILE, tags=HOSTILE)
    send(visitor, "/leads", box=f"javascript:alert(1) {comment(1).split(':')[2]}", text="js")
    send(visitor, "/leads/diary", text=HOSTILE, began_at="2025-01-14", observer=HOSTILE, account=HOSTILE,
         channel=HOSTILE, query=HOSTILE)  # fmt: skip
    for path in ("/leads", "/leads/lead-1", "/leads/lead-2", "/leads/diary/diary-2025-01-14-1"):
        page = visitor.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', page))
        assert "49" not in re.findall(r"{{7\*7}}|>49<", page)
