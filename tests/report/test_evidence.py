"""From the record to the plates: pictures redacted or not at all, accepted translations beside what is quoted."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from tests.capture.test_pictures import picture
from tests.web.making import MEI, POSTS, post, study

from resilens.capture.media import media_ids
from resilens.claims.keeping import change
from resilens.claims.ledger import Claim
from resilens.coding.quoting import set_quoting
from resilens.coding.redaction import Box, set_redaction
from resilens.coding.spans import digest
from resilens.coding.translations import accept_translation, add_translation
from resilens.pipeline import OpenStudy
from resilens.record.events import Draft
from resilens.report.evidence import EvidenceItem, plate
from resilens.report.facts_evidence import gather_evidence

BOXES = [Box(x=0, y=0, w=80, h=60, covers="face"), Box(x=100, y=0, w=40, h=20, covers="name")]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenStudy]:
    """A study whose one claim cites a post with a picture."""
    with study(tmp_path, picture=False) as made:
        picture(7, (320, 240)).save(tmp_path / f"{POSTS[0][0]}.png", "PNG")
        made.add([tmp_path / f"{POSTS[0][0]}.png"])
        claim = Claim.model_validate({"id": "ritual", "text": "Tax is paid.", "evidence_for": (post(1),)})
        change(made.folder.root, made.record, claim, MEI)
        yield made


def decide(opened: OpenStudy, **decided: bool) -> None:
    (media_id,) = media_ids(opened.folder.media)
    set_redaction(opened.record, opened.folder.media, media_id, BOXES, complete=decided.get("complete", False),
                  withheld=decided.get("withheld", False), reason="a minor is in it", actor=MEI)  # fmt: skip


def quoting(opened: OpenStudy, status: str, **more: str) -> None:
    with opened.corpus() as corpus:
        set_quoting(opened.record, corpus, post(1), status, reason="decided", actor=MEI, **more)


def evidence(opened: OpenStudy) -> EvidenceItem:
    with opened.corpus() as corpus:
        found = gather_evidence([post(1)], {}, opened.study, corpus, opened.record, opened.folder.media)
    return found.items[post(1)]


def written(opened: OpenStudy) -> list[bytes]:
    """Every file of the report, those packed in others unpacked, and pictures inside the page as they are."""
    opened.report()
    files = [path.read_bytes() for path in opened.folder.report.rglob("*") if path.is_file()]
    for content in list(files):
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                files += [archive.read(name) for name in archive.namelist()]
        files += [base64.b64decode(found) for found in re.findall(rb"base64,([A-Za-z0-9+/=]+)", content)]
    return files


def test_no_byte_of_a_captured_picture_reaches_the_report(opened: OpenStudy) -> None:
    quoting(opened, "free")
    (path,) = media_ids(opened.folder.media).values()
    original = path.read_bytes()
    parts = [original[at : at + 48] for at in range(40, len(original) - 48, 16)]
    for decided in ({}, {"complete": True, "withheld": True}, {"complete": True}):
        decide(opened, **decided)
        files = written(opened)
        assert not any(part in content for content in files for part in parts)
        pictures = [content for content in files if content.startswith(b"\x89PNG") and shows(content, (320, 240))]
        assert bool(pictures) == (decided == {"complete": True})
    for content in pictures:
        shown = Image.open(io.BytesIO(content)).convert("RGB")
        assert {shown.getpixel(at) for at in ((0, 0), (79, 59), (100, 0), (139, 19))} == {(0, 0, 0)}
    page = (opened.folder.report / "index.html").read_text("utf-8")
    assert "Picture: one face and one name covered." in page


def shows(content: bytes, size: tuple[int, int]) -> bool:
    return Image.open(io.BytesIO(content)).size == size


def test_a_picture_goes_with_words_that_may_be_shown_and_with_nothing_else(opened: OpenStudy) -> None:
    decide(opened, complete=True)
    for status, more, expected in (("do_not_quote", {}, "not quoted"), ("paraphrase", {}, "not shown"),
                                   ("paraphrase", {"paraphrase": "A cat is shown."}, "paraphrase"),
                                   ("free", {}, "quote")):  # fmt: skip
        quoting(opened, status, **more)
        made = plate(evidence(opened))
        assert made.quoting == expected
        assert (made.picture is not None) == (expected not in ("not quoted", "not shown"))


def test_a_large_picture_is_made_smaller_and_a_damaged_one_left_out(opened: OpenStudy) -> None:
    (media_id,) = media_ids(opened.folder.media)
    path = opened.folder.media / f"{media_id}.png"
    decide(opened, complete=True)
    quoting(opened, "free")
    path.chmod(0o600)
    picture(7, (3000, 1500)).save(path, "PNG")
    content = evidence(opened).picture
    assert content is not None
    assert Image.open(io.BytesIO(content)).size == (1200, 600)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    assert evidence(opened).picture is None
    assert evidence(opened).words


def test_a_picture_without_words_has_a_plate() -> None:
    content = io.BytesIO()
    picture(1).save(content, "PNG")
    made = plate(EvidenceItem(1, "post", quoting="free", picture=content.getvalue(), picture_description="Picture"))
    assert (made.quoting, made.words, made.picture_kind) == ("quote", "", "png")


def test_the_accepted_translation_stands_beside_what_is_quoted(opened: OpenStudy) -> None:
    with opened.corpus() as corpus:
        for field, text in (("title", "来自俄亥俄的问候"), ("text", "交我的猫税")):
            event = add_translation(opened.record, corpus, post(1), field, text, engine="DeepL", version="1",
                                    made_on="2025-01-14", language="zh", actor=MEI)  # fmt: skip
            accept_translation(opened.record, corpus, event.subject, "right", actor=MEI)
    assert evidence(opened).translation == ""  # its words may only be paraphrased
    quoting(opened, "free")
    made = plate(evidence(opened))
    assert made.translation == "来自俄亥俄的问候\n交我的猫税"
    assert made.translated == "Translation: DeepL 1, 14 January 2025."
    body = {"translation_id": "old", "item_id": post(1), "field": "text", "text": "旧", "engine": "DeepL",
            "text_sha256": digest("another text")}  # fmt: skip
    opened.record.append(Draft("translation.added", "old", body, MEI))
    accepted = {"translation_id": "old", "item_id": post(1), "field": "text", "reason": "x"}
    opened.record.append(Draft("translation.accepted", post(1), accepted, MEI))
    assert plate(evidence(opened)).translation == "来自俄亥俄的问候"
