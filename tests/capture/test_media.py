"""Folders of media: kept by hash, told apart from captures, linked to items, forgotten with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.capture.reading import COMMENT_ID, POST_ID, card, envelope, thread
from tests.capture.test_pictures import film, picture

from resilens import files
from resilens.capture.media import damage, hash_in, media_file
from resilens.capture.transcripts import transcript
from resilens.doctor import examine
from resilens.erasure import carry_out, plan
from resilens.pipeline import OpenStudy, open_study
from resilens.study.beginning import begin

POST, COMMENT = f"rednote:p:{POST_ID}", f"rednote:c:{COMMENT_ID}"
SRT = "1\n00:00:01,000 --> 00:00:02,500\n<i>你好</i> @Zorblatt!\n\n" \
      "2\n00:00:02,500 --> 00:00:04,000\nbring your cat tax\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A capture with pictures, a recording, its transcript and a table of links."""
    made = tmp_path / "given"
    made.mkdir()
    items = [envelope("xiaohongshu.com", card()), envelope("xiaohongshu-comments", thread())]
    (made / "items.ndjson").write_text("".join(json.dumps(one) + "\n" for one in items), "utf-8")
    picture(1).save(made / f"Zorblatt_{POST_ID}_1.png", "PNG")
    picture(2).save(made / "reply.jpg", "JPEG")
    picture(3).save(made / "nobody.png", "PNG")
    (made / "clip.mp4").write_bytes(film(2000, 1000))
    (made / "clip.zh.srt").write_text(SRT, "utf-8")
    (made / "which.csv").write_text(f"file,item\nreply.jpg,{COMMENT}\nclip.mp4,{POST_ID}\nclip.mp4,{COMMENT_ID}\n")
    return made


@pytest.fixture
def study(tmp_path: Path) -> OpenStudy:
    begin(tmp_path / "study")
    return open_study(tmp_path / "study")


def tables(study: OpenStudy) -> tuple[dict[str, list[str]], list[dict[str, object]]]:
    """Media of items by id, and the rows of the table."""
    with study.corpus() as corpus:
        posts = corpus.frame(corpus.table("posts").select(item="post_id", media="media")).to_pylist()
        comments = corpus.frame(corpus.table("comments").select(item="comment_id", media="media")).to_pylist()
        return {row["item"]: row["media"] for row in posts + comments}, corpus.frame(corpus.table("media")).to_pylist()


def test_a_folder_of_media_is_measured_and_linked(study: OpenStudy, folder: Path) -> None:
    outcome = study.add([folder])
    assert not outcome.refused
    assert outcome.lines()[0] == "4 pictures and recordings (4 new), 1 with a transcript; 3 name an item, 1 do not"
    assert [one.name for one in outcome.additions] == ["items.ndjson"]
    items, rows = tables(study)
    by_id = {row["media_id"]: row for row in rows}
    assert sorted(str(row["kind"]) for row in rows) == ["image", "image", "image", "video"]
    (film_id,) = [row["media_id"] for row in rows if row["kind"] == "video"]
    assert by_id[film_id]["transcript"] == "你好 @…!\nbring your cat tax"
    assert by_id[film_id]["duration"] == 2.0
    own = [media for media in items[POST] if media in by_id]
    assert len(own) == 2
    assert film_id in own
    assert items[POST][0].startswith("https://")  # what was captured stays first
    assert len(items[COMMENT]) == 2
    assert study.add([folder]).lines()[0].startswith("4 pictures and recordings (0 new)")
    assert not [event for event in study.record.events() if "Zorblatt" in str(event.body)]
    kept = next(study.folder.media.glob("*.png"))
    assert kept.stat().st_mode & 0o222 == 0


def test_media_go_with_the_item_unless_another_needs_them(study: OpenStudy, folder: Path) -> None:
    study.add([folder])
    planned = plan(study, POST)
    assert sum(path.suffix == ".png" for path in planned.media) == 1
    assert not any(path.suffix == ".mp4" for path in planned.media)  # the comment's, too
    carry_out(study, planned, "asked to")
    items, rows = tables(study)
    assert POST not in items
    assert len(rows) == 3
    assert POST_ID not in str([event.body for event in study.record.events()])
    assert {row["item"] for row in study.record.view("media_links")} == {COMMENT, COMMENT_ID}
    assert [event.actor for event in study.record.events("media.erased")] == ["resilens"]
    carry_out(study, plan(study, COMMENT), "asked to")
    assert [row["kind"] for row in tables(study)[1]] == ["image"]  # the one that belongs to nobody
    assert not list(study.folder.media.glob("*.srt"))
    assert not study.record.view("media_links")
    assert len(study.record.view("media")) == 1
    assert study.record.verify(views=True).sound


def test_who_added_and_linked_what_is_on_the_record_once(study: OpenStudy, folder: Path) -> None:
    study.add([folder])
    added, linked = (list(study.record.events(kind)) for kind in ("media.added", "media.linked"))
    assert sorted((event.body or {})["kind"] for event in added) == ["image", "image", "image", "video"]
    assert {event.actor for event in added + linked} == {"researcher"}
    assert sorted((event.body or {})["item"] for event in linked) == [POST_ID, POST_ID, COMMENT_ID, COMMENT]
    (words,) = (study.folder.media.glob("*.srt"))
    assert files.sha256_of(words) in {(event.body or {})["transcript"] for event in added}
    size = len(list(study.record.events()))
    study.add([folder])
    assert len(list(study.record.events())) == size
    (folder / "which.csv").write_text(f"file,item\nnobody.png,{POST}\n")
    study.add([folder])
    (event,) = list(study.record.events())[size:]
    assert (event.kind, (event.body or {})["item"]) == ("media.linked", POST)
    assert not list(damage(study.folder.media, study.record))


def test_what_became_of_a_file_since_is_found(study: OpenStudy, folder: Path) -> None:
    study.add([folder])
    changed, words = next(study.folder.media.glob("*.png")), next(study.folder.media.glob("*.srt"))
    gone = next(study.folder.media.glob("*.jpg"))
    gone.unlink()
    for path in (changed, words):
        path.chmod(0o600)
        path.write_bytes(path.read_bytes() + b"more")
    found = {media_id: said.partition(";")[0] for media_id, said in damage(study.folder.media, study.record)}
    assert found == {changed.stem: "the file was changed after it was added", gone.stem: "the file is missing",
                     words.stem: "its transcript was changed after it was added"}  # fmt: skip
    assert {one.message.partition(":")[0] for one in examine(study.folder.root) if one.bad} == {
        f"captures/media/{media_id}" for media_id in found}  # fmt: skip


def test_a_table_that_is_no_table_of_links_stays_a_capture(study: OpenStudy, folder: Path) -> None:
    (folder / "which.csv").write_text("id,text\n67860000000000001200bbb9,hello\n67860000000000001200bbb8,reply.jpg\n")
    (folder / "clip.zh.srt").write_text("no subtitles at all", "utf-8")
    outcome = study.add([folder])
    assert outcome.lines()[0] == "4 pictures and recordings (4 new), 0 with a transcript; 1 name an item, 3 do not"
    assert {one.name for one in outcome.additions} | {str(fault.where) for fault in outcome.refused} >= {"which.csv"}


def test_a_damaged_or_synthetic_picture_is_refused_and_the_rest_is_added(study: OpenStudy, folder: Path) -> None:
    (folder / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    picture(9).save(folder / "made.jpg", "JPEG", comment=b"SYNTHETIC: a placeholder")
    outcome = study.add([folder])
    assert {fault.where for fault in outcome.refused} == {"bad.png", "made.jpg"}
    assert outcome.lines()[0].startswith("4 pictures")


@pytest.mark.parametrize(("written", "said"), [
    (SRT, "你好 @…!\nbring your cat tax"),
    ("WEBVTT\n\nNOTE x\n\ncue-1\n00:01.000 --> 00:02.000 align:start\n<v Roger Bingham>We &amp; you<00:01.5>\n\n"
     "00:02.000 --> 00:03.000\nWe & you\nnext", "We & you\nnext"),
    ("1\r\n00:00:01,000 --> 00:00:02,000\r\n{\\an8}top\r\n", "top"),
    ("nothing here", None),
])  # fmt: skip
def test_transcripts(tmp_path: Path, written: str, said: str | None) -> None:
    (tmp_path / "t.vtt").write_text(written, "utf-8", newline="")
    assert transcript(tmp_path / "t.vtt") == said


def test_a_reference_leads_to_a_kept_file_and_nowhere_else(tmp_path: Path) -> None:
    name = "a" * 64
    for ending in (".srt", ".mp4"):
        (tmp_path / f"{name}{ending}").write_bytes(b"x")
    (tmp_path / "links.tsv").write_bytes(b"x")
    assert {hash_in(one) for one in (name, f"{name}.mp4", f"x/{name}.mp4")} == {name}
    assert {hash_in(one) for one in ("https://e.org/a.jpg", "", "links.tsv", name[:-1])} == {""}
    assert media_file(tmp_path, name) == tmp_path / f"{name}.mp4"
    for other in ("b" * 64, "links", "../" + name, "*", "", "[0-9a-f]" * 8):
        assert media_file(tmp_path, other) is None
