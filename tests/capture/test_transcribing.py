"""The transcription desk: saved as a capture, corrected, checked by a second person, forgotten."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.capture.reading import POST_ID, card, envelope
from tests.capture.test_pictures import film, picture

from resilens.capture import transcription_drafts
from resilens.capture.attaching import attach
from resilens.capture.media import media_ids
from resilens.capture.transcribing import check, correction, save, transcription_of, transcriptions
from resilens.capture.transcription import Transcription, Typed, own_id
from resilens.erasure import carry_out, plan
from resilens.errors import InputError
from resilens.pipeline import OpenStudy, open_study
from resilens.study.beginning import begin

KEY = "0123456789ab"
FIRST = Typed(1, author="阿猫", time="昨天 12:30", text="欢迎 @zorblatt", counts={"likes": "1.2万"})
ANSWER = Typed(2, author="zorblatt", text="thank you for the welcome", answers=1)
POST = Typed(0, author="zorblatt", time="2025-01-14 12:08", title="Hi", text="forgettable cat tax #rednote",
             counts={"likes": "7.6万", "comments": "10+"})  # fmt: skip
TYPED = Transcription(KEY, "小红书", "UTC+08:00", "2025-01-15 09:00", (), "", "", POST, (FIRST, ANSWER))
POST_ITEM, FIRST_ITEM, ANSWER_ITEM = f"rednote:p:{own_id(KEY, 0)}", *(f"rednote:c:{own_id(KEY, n)}" for n in (1, 2))


@pytest.fixture
def study(tmp_path: Path) -> Iterator[OpenStudy]:
    begin(tmp_path / "study")
    with open_study(tmp_path / "study") as opened:
        yield opened


def rows(study: OpenStudy, name: str) -> list[dict[str, Any]]:
    with study.corpus() as corpus:
        return list(corpus.frame(corpus.table(name)).to_pylist())


def items(study: OpenStudy) -> dict[str, dict[str, Any]]:
    found = {row["post_id"]: row for row in rows(study, "posts")}
    return found | {row["comment_id"]: row for row in rows(study, "comments")}


def sums(study: OpenStudy) -> list[tuple[int, int, int, int]]:
    found = [(row["read"], row["new"], row["repeated"], row["quarantined"]) for row in rows(study, "captures")]
    assert all(read == new + repeated + quarantined for read, new, repeated, quarantined in found)
    return found


def test_a_transcription_is_a_capture_like_any_other(study: OpenStudy) -> None:
    shot = attach(study, io.BytesIO(png()), "shot.png", "mei")
    kept = save(study, replace(TYPED, sources=(shot,)), actor="mei")
    found = items(study)
    post, first, answer = found[POST_ITEM], found[FIRST_ITEM], found[ANSWER_ITEM]
    assert (post["likes"], post["likes_bound"], post["comments"], post["comments_bound"]) == (
        76_000, "rounded", 10, "at_least"
    )  # fmt: skip
    assert post["published_at"].isoformat() == "2025-01-14T04:08:00+00:00"
    assert (post["time_basis"], post["hashtags"], post["media"]) == ("field_zone_declared", ["rednote"], [shot])
    assert (first["published_at"].date().isoformat(), first["time_precision"]) == ("2025-01-14", "day")
    assert (answer["parent_id"], answer["depth"]) == (FIRST_ITEM, 2)
    assert answer["author"] == post["author"]
    assert "zorblatt" not in str(found)
    assert sums(study) == [(3, 3, 0, 0)]
    (event,) = study.record.events("capture.added")
    assert (event.actor, (event.body or {})["options"]) == ("mei", {"key": KEY, "transcriber": "mei"})
    assert (study.folder.captures / f"{kept.capture_id}.jsonl").stat().st_mode & 0o222 == 0
    assert kept.content.comments[1] == ANSWER
    assert (kept.by, kept.state, kept.shown) == ("mei", "unchecked", "Hi")
    study.rebuild_corpus()
    assert items(study) == found
    import shutil

    shutil.rmtree(study.folder.staging)
    study.rebuild_corpus()
    assert items(study) == found, "made anew from captures alone"


def png() -> bytes:
    out = io.BytesIO()
    picture(1).save(out, "PNG")
    return out.getvalue()


def test_sending_it_twice_or_five_times_at_once_saves_it_once(study: OpenStudy) -> None:
    event = uuid4()
    kept = save(study, TYPED, actor="mei", event_id=event)
    assert save(study, TYPED, actor="mei", event_id=event) == kept
    other = replace(TYPED, key="ba9876543210")
    with ThreadPoolExecutor(5) as pool:
        at_once = list(pool.map(lambda _: save(study, other, actor="mei", event_id=event_b), range(5)))
    assert len({one.capture_id for one in at_once}) == 1
    assert len(list(study.record.events("capture.added"))) == 2
    assert study.record.verify(views=True).sound


event_b = uuid4()


def test_a_correction_takes_the_place_of_what_it_corrects(study: OpenStudy) -> None:
    first = save(study, TYPED, actor="mei")
    draft = correction(study, first.capture_id, actor="jon")
    assert (draft.corrects, draft.transcriber, draft.comments[1]) == (first.capture_id, "jon", ANSWER)
    # A title taken out, a text shorter, a comment gone, another answered, an earlier time of capture: all of it counts.
    changed = replace(draft, captured_at="2025-01-14 23:00", post=replace(draft.post, title="", text="cat tax"),
                      comments=(replace(draft.comments[1], answers=0, text="thanks"),))  # fmt: skip
    second = save(study, changed, actor="jon")
    found = items(study)
    assert found.keys() == {POST_ITEM, ANSWER_ITEM}
    assert (found[POST_ITEM]["title"], found[POST_ITEM]["text"]) == (None, "cat tax")
    assert (found[ANSWER_ITEM]["text"], found[ANSWER_ITEM]["parent_id"]) == ("thanks", None)
    assert sums(study) == [(2, 2, 0, 0)]
    assert [one.capture_id for one in transcriptions(study)] == [second.capture_id]
    assert transcription_of(study, first.capture_id).corrected_by == second.capture_id
    assert (study.folder.captures / f"{first.capture_id}.jsonl").exists()
    with pytest.raises(InputError, match="corrected already"):
        correction(study, first.capture_id, actor="mei")


def test_whoever_comes_second_is_told_so_and_loses_nothing(study: OpenStudy) -> None:
    first = save(study, TYPED, actor="mei")
    with pytest.raises(InputError, match="mei saved this transcription before, with another content"):
        save(study, replace(TYPED, zone="UTC"), actor="mei")
    draft = correction(study, first.capture_id, actor="jon")
    assert correction(study, first.capture_id, actor="jon") == draft
    with pytest.raises(InputError, match="jon is typing this"):
        correction(study, first.capture_id, actor="mei")
    save(study, replace(draft, zone="UTC"), actor="jon")
    with pytest.raises(InputError, match="jon saved another correction meanwhile"):
        save(study, replace(draft, zone="UTC-05:00"), actor="jon")


def test_what_a_tool_captured_stands_beside_it(study: OpenStudy, tmp_path: Path) -> None:
    """The same post from both: one item, by the account that the tool knows, with the comments from the screenshot."""
    import json

    (tmp_path / "z.ndjson").write_text(json.dumps(envelope("xiaohongshu.com", card())) + "\n", "utf-8")
    study.add([tmp_path / "z.ndjson"])
    known = items(study)[f"rednote:p:{POST_ID}"]["author"]
    assert known.startswith("u-")
    save(study, replace(TYPED, captured_at="2025-03-01 09:00", post=replace(POST, id=POST_ID)), actor="mei")
    found = items(study)
    assert found[f"rednote:p:{POST_ID}"]["author"] == known
    assert found[f"rednote:p:{POST_ID}"]["text"] == POST.text.strip()
    assert len(found) == 3
    assert sums(study) == [(1, 1, 0, 0), (3, 2, 1, 0)]


def test_a_second_person_checks(study: OpenStudy) -> None:
    kept = save(study, TYPED, actor="mei")
    with pytest.raises(InputError, match="mei typed this; a second person"):
        check(study, kept.capture_id, "agrees", actor="mei")
    with pytest.raises(InputError, match="say what differs"):
        check(study, kept.capture_id, "differs", " ", actor="jon")
    with pytest.raises(InputError, match="verdict"):
        check(study, kept.capture_id, "perhaps", actor="jon")
    event = uuid4()
    for _ in range(2):
        found = check(study, kept.capture_id, "differs", "a like is missing", actor="jon", event_id=event)
    assert (found.state, [(one.by, one.note) for one in found.checks]) == ("differs", [("jon", "a like is missing")])
    assert check(study, kept.capture_id, "agrees", actor="jon").state == "agrees"
    assert check(study, kept.capture_id, "differs", "no", actor="ada").state == "differs"
    draft = correction(study, kept.capture_id, actor="mei")
    corrected = save(study, replace(draft, post=replace(draft.post, counts={"likes": "7.7万"})), actor="mei")
    assert corrected.state == "unchecked"
    with pytest.raises(InputError, match="corrected meanwhile"):
        check(study, kept.capture_id, "agrees", actor="jon")
    with pytest.raises(InputError, match="no such transcription"):
        check(study, "0" * 64, "agrees", actor="jon")


@pytest.mark.parametrize(("typed", "said"), [
    (replace(TYPED, platform="myspace"), ["platform: unknown platform 'myspace'"]),
    (replace(TYPED, zone="Beijing"), ["zone: 'Beijing' is not a time zone"]),
    (replace(TYPED, captured_at="lately"), ["captured_at: 'lately' is no time that exists"]),
    (replace(TYPED, captured_at=""), ["comment 1: the time '昨天 12:30' cannot be read; if it counts from when"]),
    (replace(TYPED, sources=("0" * 64,)), ["sources: this picture is not in the study"]),
    (replace(TYPED, post=Typed()), ["post: a post needs a title, a text or a picture"]),
    (replace(TYPED, comments=(Typed(1), replace(ANSWER, answers=2))),
     ["comment 1: is empty", "comment 2: answers a comment that is not here, or itself"]),
    (replace(TYPED, comments=(replace(FIRST, answers=2), ANSWER)),
     ["comment 1: answers a comment", "comment 2: answers a comment"]),
    (replace(TYPED, comments=(replace(FIRST, answers=9),)), ["comment 1: answers a comment that is not here"]),
    (replace(TYPED, comments=(replace(FIRST, id="1"), replace(ANSWER, id="1"))),
     ["comment 2: has the id of comment 1"]),
    (replace(TYPED, post=replace(POST, id="6.85E+278")), ["post: 6.85E+278 is what a spreadsheet made"]),
    (replace(TYPED, post=replace(POST, time="whenever")), ["post: the time 'whenever' cannot be read; write it as"]),
])  # fmt: skip
def test_everything_wrong_is_said_at_once(study: OpenStudy, typed: Transcription, said: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        save(study, typed, actor="mei")
    found = [str(fault) for fault in refused.value.faults]
    assert len(found) == len(said)
    assert all(fault.startswith(words) for fault, words in zip(found, said, strict=True)), found
    assert study.record.view("captures") == []


def test_hostile_text_in_every_field_is_text(study: OpenStudy) -> None:
    hostile = "<script>alert(1)</script>\u202e\0\ud800\u2028" + "é" * 100_000
    counts = {"likes": hostile, "replies": hostile}
    one = Typed(1, hostile, hostile, "", hostile, "", hostile, (), counts, "", (hostile,))
    post = replace(one, entry=0, title=hostile, hashtags=(hostile,), url=hostile,
                   counts=dict.fromkeys(("likes", "comments", "bookmarks", "shares", "views"), hostile))  # fmt: skip
    save(study, replace(TYPED, post=post, comments=(one,)), actor="mei")
    (post_row,) = rows(study, "posts")
    assert post_row["text"].startswith("<script>alert(1)</script>\u202e\ufffd\ufffd\né")
    assert (post_row["likes"], post_row["likes_bound"]) == (None, "unknown")
    assert sums(study) == [(2, 2, 0, 0)]
    assert plan(study, post_row["post_id"]).captures


def test_an_author_is_forgotten_also_where_it_was_corrected(study: OpenStudy) -> None:
    first = save(study, TYPED, actor="mei")
    draft = correction(study, first.capture_id, actor="mei")
    save(study, replace(draft, comments=(draft.comments[0],)), actor="mei")
    (author,) = {row["author"] for row in rows(study, "posts")}
    carry_out(study, plan(study, author), "asked for it")
    assert items(study).keys() == {FIRST_ITEM}
    assert sums(study) == [(2, 1, 0, 1)]
    for path in study.folder.captures.glob("*.jsonl"):
        raw = path.read_text("utf-8")
        assert not any(trace in raw for trace in ("zorblatt", "forgettable", "for the welcome", own_id(KEY, 0)))
        assert "阿猫" in raw
    (standing,) = transcriptions(study)
    assert (standing.erased, standing.content.post, [one.author for one in standing.content.comments]) == (
        1, Typed(), ["阿猫"]
    )  # fmt: skip
    assert study.record.verify(views=True).sound
    with pytest.raises(InputError, match="erased on request; it cannot be corrected"):
        correction(study, standing.capture_id, actor="mei")


def test_one_comment_is_forgotten_and_the_answer_to_it_stays(study: OpenStudy) -> None:
    kept = save(study, TYPED, actor="mei")
    carry_out(study, plan(study, FIRST_ITEM), "asked for it")
    found = items(study)
    assert found.keys() == {POST_ITEM, ANSWER_ITEM}
    assert "orphan" in found[ANSWER_ITEM]["flags"]
    again = transcription_of(study, kept.capture_id)
    assert (again.erased, [one.entry for one in again.content.comments]) == (1, [2])
    everything = {POST_ITEM, ANSWER_ITEM}
    for item in everything:
        carry_out(study, plan(study, item), "asked for it")
    assert items(study) == {}
    assert transcription_of(study, kept.capture_id).erased == 3


def test_a_screenshot_goes_with_its_post(study: OpenStudy) -> None:
    shot = attach(study, io.BytesIO(png()), "x.PNG", "mei")
    save(study, replace(TYPED, sources=(shot,)), actor="mei")
    picture = f"captures/media/{shot}.png"
    planned = plan(study, FIRST_ITEM)
    assert f"not touched, see to it yourself: {picture}" in planned.lines(), "it shows the comment, and others"
    assert picture in carry_out(study, planned, "asked for it").leftovers
    assert shot in media_ids(study.folder.media)
    assert picture not in plan(study, POST_ITEM).leftovers
    carry_out(study, plan(study, POST_ITEM), "asked for it")
    assert media_ids(study.folder.media) == {}


def test_a_draft_survives_and_belongs_to_whoever_types_it(study: OpenStudy) -> None:
    event = uuid4()
    begun = transcription_drafts.begin(study.folder, actor="mei", zone="UTC+08:00", event_id=event)
    typed = replace(begun, captured_at="2025-01-15 9:00", post=POST, comments=(FIRST, ANSWER), sources=("a" * 64,))
    transcription_drafts.keep(study.folder, typed)
    again = transcription_drafts.begin(study.folder, actor="mei", zone="UTC", event_id=event)
    assert again == typed
    assert transcription_drafts.drafts(study.folder, actor="mei") == [typed]
    assert transcription_drafts.drafts(study.folder, actor="jon") == []
    with pytest.raises(InputError, match="mei is typing this"):
        transcription_drafts.draft_of(study.folder, typed.key, actor="jon")
    for wrong in ("../../study", "000000000000", "", "ABC"):
        with pytest.raises(InputError, match="no such draft"):
            transcription_drafts.draft_of(study.folder, wrong, actor="mei")
    assert study.record.view("captures") == []
    path = study.folder.root / "drafts" / f"transcription-{typed.key}.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (study.folder.root / "drafts" / ".gitignore").read_text() == "*\n"
    save(study, replace(typed, sources=()), actor="mei")
    assert not path.exists()
    transcription_drafts.discard(study.folder, typed.key)


def test_forgetting_names_a_draft_that_holds_a_trace(study: OpenStudy) -> None:
    kept = save(study, TYPED, actor="mei")
    correction(study, kept.capture_id, actor="mei")
    planned = plan(study, POST_ITEM)
    assert [name for name in planned.leftovers if name.startswith("drafts/")]


def test_files_that_are_dropped_in(study: OpenStudy) -> None:
    video = attach(study, io.BytesIO(film(1000, 2000)), "../../evil.html", "mei")
    assert [path.suffix for path in study.folder.media.glob(f"{video}*")] == [".mp4"]
    for content, words in ((b"", "is empty"), (b"<html>", "no picture or recording"), (b"%PDF-1.7", "no picture"),
                           (png()[:200], "damaged")):  # fmt: skip
        with pytest.raises(InputError, match=words) as refused:
            attach(study, io.BytesIO(content), "a/b\\c.png", "mei")
        assert refused.value.faults[0].where == "c.png"
    with pytest.raises(InputError, match="larger than 0 MB; add it with `resilens add`"):
        attach(study, io.BytesIO(png()), "x.png", "mei", most=10)
    assert not list(study.folder.staging.glob("tmp*"))
