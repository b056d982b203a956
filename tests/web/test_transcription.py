"""The transcription desk on its screen: begun, typed, saved, checked, corrected; hostile words stay words."""

from __future__ import annotations

import io
import re
from uuid import uuid4

import pytest
from PIL import Image
from starlette.testclient import TestClient
from tests.web.making import JON, MEI, address, client, post

from resilens.capture.media import media_ids
from resilens.capture.transcribing import transcriptions, waiting
from resilens.capture.transcription_drafts import draft, drafts
from resilens.coding.leads import Seen, note_lead
from resilens.pipeline import OpenStudy

HOSTILE = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>\u202e\0{{7*7}}"
ROW = {"answers": "0", "comment_id": "", "comment_author": "", "comment_time": "", "comment_location": "",
       "comment_text": "", "comment_likes": "", "comment_replies": "", "comment_media": ""}  # fmt: skip


def png(colour: str = "#123456") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 60), colour).save(out, "PNG")
    return out.getvalue()


def begin(visitor: TestClient) -> str:
    """Begin with a dropped picture; the draft's key."""
    answer = visitor.post(address("/transcription"), data={"event": str(uuid4()), "platform": "rednote"},
                          files=[("files", ("shot.png", png(), "image/png"))], follow_redirects=False)  # fmt: skip
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].rsplit("/", 1)[1])


def sheet(*comments: dict[str, str], **data: str) -> dict[str, object]:
    """The desk's form."""
    rows = [ROW | {"entry": str(number)} | given for number, given in enumerate(comments, 1)]
    columns: dict[str, object] = {name: [row[name] for row in rows] for name in ({**ROW, "entry": ""} if rows else ())}
    return {
        "event": str(uuid4()),
        "platform": "rednote",
        "zone": "UTC+08:00",
        "last": str(len(rows)),
        **columns,
        **data,
    }


def send(visitor: TestClient, key: str, form: dict[str, object], status: int = 303) -> str:
    answer = visitor.post(address(f"/transcription/drafts/{key}"), data=form, follow_redirects=False)
    assert answer.status_code == status, answer.text
    return answer.headers.get("location", answer.text)


def typed(**more: str) -> dict[str, object]:
    post = {"author": "ohio", "title": "Paying my tax", "text": "Here is my cat #rednote", "time": "2025-01-14 12:08",
            "likes": "7.6万"}  # fmt: skip
    return sheet(
        {"comment_author": "阿猫", "comment_text": "欢迎", "comment_likes": "1.2万"},
        {"comment_author": "ohio", "comment_text": "thank you", "answers": "1"},
        **post | more,
    )


def test_from_a_screenshot_to_a_checked_capture(study: OpenStudy) -> None:
    mei, jon = client(study, MEI), client(study, JON)
    key = begin(mei)
    assert "Type what is shown" in mei.get(f"/transcription/drafts/{key}").text
    assert send(mei, key, sheet(text="Here", do="add")).endswith("?at=1")
    page = mei.get(f"/transcription/drafts/{key}?at=1").text
    assert "Comment 1" in page
    assert "autofocus" in page.split('id="c1"')[1]
    send(mei, key, typed(do="add-2"))
    held = draft(study.folder, key)
    assert held is not None
    assert [one.answers for one in held.comments] == [0, 1, 2]
    send(mei, key, typed(do="remove-3"))
    assert "1 draft of yours" in mei.get("/transcription").text
    assert "drafts of yours" not in jon.get("/transcription").text
    where = send(mei, key, typed(do="save"))
    assert drafts(study.folder, actor=MEI) == []
    page = mei.get(where).text
    for words in ("Paying my tax", "7.6万", "≈ 76,000", "answers 1", "You typed this; a second person"):
        assert words in page
    assert "It agrees" not in page
    page = jon.get(where).text
    assert "It agrees" in page
    jon.post(address(f"{where}/check"), data={"event": str(uuid4()), "verdict": "agrees"})
    (kept,) = transcriptions(study)
    assert kept.state == "agrees"
    assert set(kept.content.sources) <= set(media_ids(study.folder.media)) - set(waiting(study))
    assert "jon: agrees" in mei.get(where).text
    assert 'class="state agrees"' in mei.get("/transcription").text
    with study.corpus() as corpus:
        texts = corpus.frame(corpus.table("comments").select("text"))["text"].to_pylist()
    assert "thank you" in texts


def test_saving_twice_saves_once_and_a_stale_tab_loses_nothing(study: OpenStudy) -> None:
    visitor = client(study)
    key = begin(visitor)
    (source,) = re.findall(r'name="sources" value="(\w+)"', visitor.get(f"/transcription/drafts/{key}").text)
    form = typed(do="save", sources=source)
    where = send(visitor, key, form)
    assert send(visitor, key, form) == where
    assert len(transcriptions(study)) == 1
    assert "saved this transcription before" in send(visitor, key, sheet(text="other", do="save"), 422)
    assert "no such draft" in send(visitor, key, sheet(text="other", do="keep"), 422)
    assert "no such draft" in send(visitor, key, sheet(text="other", do="autosave"), 422)


def test_a_correction_after_a_difference(study: OpenStudy) -> None:
    mei, jon = client(study, MEI), client(study, JON)
    where = send(mei, begin(mei), typed(do="save"))
    answer = jon.post(address(f"{where}/check"), data={"event": str(uuid4()), "verdict": "differs"})
    assert (answer.status_code, "say what differs" in answer.text) == (422, True)
    jon.post(address(f"{where}/check"), data={"event": str(uuid4()), "verdict": "differs", "note": "77,000"})
    begun = jon.post(address(f"{where}/correct"), data={"event": str(uuid4())}, follow_redirects=False)
    key = begun.headers["location"].rsplit("/", 1)[1]
    page = jon.get(f"/transcription/drafts/{key}").text
    assert "Correct the transcription" in page
    assert 'value="7.6万"' in page
    assert mei.get(f"/transcription/drafts/{key}").status_code == 422
    corrected = send(jon, key, typed(do="save", likes="7.7万"))
    assert corrected != where
    assert "This was corrected" in mei.get(where).text
    assert "It agrees" in mei.get(corrected).text
    (standing,) = transcriptions(study)
    assert (standing.by, standing.content.post.counts["likes"]) == (JON, "7.7万")
    assert "corrected" in mei.get("/transcription").text


def test_autosave_keeps_the_draft_and_pictures_are_the_drafts_own(study: OpenStudy) -> None:
    visitor = client(study)
    key = begin(visitor)
    assert send(visitor, key, typed(do="autosave"), 204) == ""
    more = [("files", ("b.png", png("#ff0000"), "image/png"))]
    visitor.post(address(f"/transcription/drafts/{key}/pictures"), data={"event": str(uuid4())}, files=more)
    held = draft(study.folder, key)
    assert held is not None
    assert len(held.sources) == 2
    assert held.post.title == "Paying my tax"
    send(visitor, key, typed(do="autosave", sources=held.sources[0]), 204)  # a stale tab
    visitor.post(address(f"/transcription/drafts/{key}/pictures"), data={"event": str(uuid4()), "out": held.sources[0]})
    again = draft(study.folder, key)
    assert again is not None
    assert again.sources == held.sources[1:]
    visitor.post(address(f"/transcription/drafts/{key}/discard"), data={"event": str(uuid4())})
    assert draft(study.folder, key) is None
    assert set(held.sources) <= set(media_ids(study.folder.media))


def test_what_waits_is_shown_and_a_leads_picture_can_be_transcribed(study: OpenStudy) -> None:
    visitor = client(study)
    visitor.post(address("/leads"), data={"event": str(uuid4()), "text": "x"}, files={"file": ("a.png", png())})
    (media_id,) = waiting(study)
    assert media_id in visitor.get("/transcription").text
    assert "Transcribe it" in visitor.get("/leads/lead-1").text
    answer = visitor.post(address("/transcription"), data={"event": str(uuid4()), "sources": media_id})
    assert f"/media/{media_id}" in answer.text
    assert waiting(study) == []
    assert note_lead(study, Seen("y", file=media_id), actor=MEI).file == media_id


@pytest.mark.parametrize(("form", "said"), [
    (sheet(text="x", zone="Beijing", do="save"), "is not a time zone"),
    (sheet({}, text="x", do="save"), "comment 1: </strong>is empty|comment 1.*is empty"),
    (sheet(text="x", time="whenever", do="save"), "cannot be read"),
    ({**sheet({}, text="x", do="keep"), "comment_text": []}, "a part of the form is missing"),
])  # fmt: skip
def test_what_is_wrong_is_said(study: OpenStudy, form: dict[str, object], said: str) -> None:
    visitor = client(study)
    assert re.search(said, send(visitor, begin(visitor), form, 422), re.S)
    assert transcriptions(study) == []


def test_unknown_transcriptions_and_drafts_are_said_in_words(study: OpenStudy) -> None:
    visitor = client(study)
    for path in (f"/transcription/{'0' * 64}", "/transcription/x", "/transcription/drafts/x",
                 "/transcription/drafts/0123456789ab"):  # fmt: skip
        answer = visitor.get(path)
        assert answer.status_code == 422
        assert "there is no such" in answer.text


def test_hostile_words_stay_words(study: OpenStudy) -> None:
    visitor = client(study)
    key = begin(visitor)
    row = dict.fromkeys(
        ("comment_author", "comment_location", "comment_text", "comment_likes", "comment_media"), HOSTILE
    )
    names = ("author", "location", "title", "hashtags", "media", "likes", "views")
    form = sheet(row, row | {"comment_id": HOSTILE, "answers": "1"}, text=HOSTILE + "é" * 100_000, do="keep",
                 **dict.fromkeys(names, HOSTILE))  # fmt: skip
    send(visitor, key, form)
    pages = [visitor.get(path).text for path in ("/transcription", f"/transcription/drafts/{key}?at=2")]
    where = send(visitor, key, form | {"do": "save"})
    pages += [visitor.get(path).text for path in (where, "/transcription")]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    send(visitor, begin(visitor), sheet(text="x", do="add-<b>"))


def test_an_id_or_a_link_joins_it_to_what_a_tool_captured(study: OpenStudy) -> None:
    visitor = client(study)
    native = post(1).split(":")[2]
    where = send(visitor, begin(visitor), typed(do="save", url=f"https://www.xiaohongshu.com/explore/{native}"))
    assert f"/items/{post(1).replace(':', '%3A')}" in visitor.get(where).text
