"""A study leaves as a project: what is in it, what may not be, and that it comes back as what it was."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lxml import etree
from PIL import Image
from tests.capture.test_pictures import picture

from resilens.coding.codebook import change
from resilens.coding.codes import Codebook
from resilens.coding.codings import TARGET, codings
from resilens.coding.redaction import Box, set_redaction
from resilens.coding.rounds import opening
from resilens.coding.spans import digest
from resilens.errors import InputError
from resilens.exchange.dialects import TARGETS
from resilens.exchange.position_evidence import evidence_of
from resilens.exchange.project_work_out import NO_PLACE
from resilens.exchange.source_layout import memo_guid
from resilens.pipeline import OpenStudy, open_study
from resilens.record.events import ActorKind, Draft
from resilens.record.views import VIEWS
from resilens.study.beginning import begin

POST, COMMENT, ANSWER = "rednote:p:6785e350", "rednote:c:67860c1b", "rednote:c:67860fff"
TITLE = "猫税 😀 🐈"
TEXT = "I pay my cat tax.\n👩\u200d👩\u200d👧 see https://xhslink.com/a/Bc12?x=1 ok\nمرحبا e\u0301\n欢迎回家!"
REPLY, LAST = "\ufeff欢迎! Welcome, 😀 friend.\nBe well.", "my illness 😀 is private"
AT = datetime(2025, 1, 14, 20, 0, tzinfo=UTC)
TEXTS = {(POST, "title"): TITLE, (POST, "text"): TEXT, (COMMENT, "text"): REPLY, (ANSWER, "text"): LAST}


def code(study: OpenStudy, coder: str, item: str, code_id: str, words: str = "", field: str = "text",
         round_id: str = "round-1", kind: ActorKind = "import", target: Any = None, **more: Any) -> None:  # fmt: skip
    more |= target or {}
    if words:
        text = TEXTS[item, field]
        start = text.index(words)
        more |= {"field": field, "start": start, "end": start + len(words), "text_sha256": digest(text)}
    body = {"item_id": item, "code_id": code_id, "nothing_applies": not code_id, **more}
    study.record.append(Draft("coding.set", item, body, coder, kind, round_id, 1))


@pytest.fixture
def study(tmp_path: Path, book: Codebook) -> Iterator[OpenStudy]:
    """A post, a comment on it and an answer, coded by two people, with memos, consensus and a blind round; and a post
    that nobody read."""
    begin(tmp_path / "s")
    none = pa.array([[]], pa.list_(pa.string()))
    own = {"platform": ["rednote"], "author": pa.nulls(1, pa.string()),
           "published_at": pa.array([AT], pa.timestamp("ms", tz="UTC"))}  # fmt: skip
    posts = own | {"post_id": [POST], "title": [TITLE], "text": [TEXT], "hashtags": none}
    unread = own | {"post_id": ["rednote:p:6785aaaa"], "title": [""], "text": ["nobody reads it"], "hashtags": none}
    comments = [own | {"comment_id": [name], "post_id": [POST], "parent_id": pa.array([parent], pa.string()),
                       "text": [text]} for name, parent, text in ((COMMENT, None, REPLY), (ANSWER, COMMENT, LAST))]
    tables = {"posts": posts, "unread": unread, "one": comments[0], "two": comments[1]}
    for name, table in tables.items():
        pq.write_table(pa.table(table), tmp_path / f"{name}.parquet")
    with open_study(tmp_path / "s") as opened:
        opened.add([tmp_path / f"{name}.parquet" for name in tables])
        change(opened.folder.root, opened.record, book, "import", "import")
        worked(opened)
        yield opened


def worked(study: OpenStudy) -> None:
    """Two coders on every place a coding can have, consensus, memos, and a round that is blind."""
    study.record.append(opening("round-1", "independent", ["Ann Lee", "Bo"], "import", "import"))
    study.record.append(opening("round-2", "independent", ["Ann Lee", "Bo"], "Ann Lee"))
    for coder in ("Ann Lee", "Bo"):
        code(study, coder, POST, "practice.tribute", "👩\u200d👩\u200d👧")
        code(study, coder, POST, "practice.other", "😀", "title")
        code(study, coder, COMMENT, "practice.tribute")
    code(study, "Ann Lee", POST, "practice.tribute.dog", "👩\u200d👩\u200d👧", memo="a family,\nit seems")
    code(study, "Ann Lee", POST, "practice.old", "ok\nمرحبا e\u0301\n欢迎")
    code(study, "Bo", POST, "affect.other", second_item=ANSWER)
    code(study, "Bo", ANSWER, "affect.other", "illness")
    code(study, "Ann Lee", ANSWER, "")
    code(study, "Bo", COMMENT, "practice.other", "Welcome", round_id="round-2", kind="human")
    decided = {"item_id": POST, "code_id": "practice.tribute.dog", "applies": True, "reason": "a dog\x0b, after all"}
    study.record.append(Draft("consensus.decided", POST, decided, "Ann Lee", "human", "round-1"))
    for memo_id, about in (("m1", [COMMENT, "practice.tribute"]), ("m2", []), ("m3", ["claim-1"])):
        body = {"memo_id": memo_id, "title": f"of {memo_id}", "text": f"text of {memo_id}", "about": about}
        study.record.append(Draft("memo.written", memo_id, body, "Zoe"))


def free(study: OpenStudy, *items: str) -> None:
    for item in items or (POST, COMMENT, ANSWER):
        study.record.append(Draft("quoting.set", item, {"item_id": item, "status": "free"}, "Ann Lee"))


def exported(study: OpenStudy, path: Path, **wanted: Any) -> tuple[etree._Element, dict[str, str], str]:
    """The XML, the texts by file, and what was said."""
    project = study.project(**wanted)
    project.write(path)
    with zipfile.ZipFile(path) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".txt")}
        return etree.fromstring(archive.read("project.qde")), texts, str(project)


def found(root: etree._Element, name: str) -> list[etree._Element]:
    return list(root.iter(f"{{*}}{name}"))


WAYS = [(program, layout, restricted) for program in TARGETS for layout in ("thread", "item")
        for restricted in (True, False)]  # fmt: skip


def test_what_leaves_is_on_the_record_when_it_comes_back(study: OpenStudy, tmp_path: Path) -> None:
    """Also where words are left out: each place is known by what the selection says of itself."""
    for program, layout, restricted in WAYS:
        path = tmp_path / f"{program}-{layout}-{restricted}.qdpx"
        exported(study, path, program=program, layout=layout, restricted=restricted)
        first = path.read_bytes()
        exported(study, path, program=program, layout=layout, restricted=restricted)
        assert path.read_bytes() == first
        proposal = study.propose_project(path)
        assert proposal.placed.ours == len(proposal.tree.sources) == (1 if layout == "thread" else 3)
        assert not proposal.changes, str(proposal)


def test_the_dialect_shows_and_words_are_the_same_in_another_study(study: OpenStudy, tmp_path: Path) -> None:
    for program, target in TARGETS.items():
        study.project(program=program, restricted=True).write(tmp_path / "p.qdpx")
        begin(tmp_path / program)
        with open_study(tmp_path / program) as other:
            proposal = other.propose_project(tmp_path / "p.qdpx")
            found = evidence_of(proposal.tree).chosen
            assert found is not None
            assert found.units == target.positions.units
            assert proposal.evidence.chosen == target.positions
            other.import_project(proposal)
            (text,) = [row["text"] for row in _posts(other)]
            book = other.codebook()
            words = {(row["coder"], book.code(row["code_id"]).name, text[row["start"] : row["end"]])
                     for row in codings(other.record).to_pylist()}  # fmt: skip
        assert words == {
            *((coder, name, said) for coder in ("Ann Lee", "Bo") for name, said in (
                ("Cat tax", "👩\u200d👩\u200d👧"), ("Other", "😀"), ("Cat tax", REPLY))),
            ("Ann Lee", "Dog tax", "👩\u200d👩\u200d👧"), ("Bo", "Other", "illness"),
            ("Ann Lee", "Old", "ok\nمرحبا e\u0301\n欢迎"), ("Bo", "Other", f"{TITLE}\n\n{TEXT}"),
        }  # fmt: skip


def _posts(study: OpenStudy) -> list[dict[str, Any]]:
    with study.corpus() as corpus:
        rows: list[dict[str, Any]] = corpus.frame(corpus.table("posts").select("text")).to_pylist()
    return rows


@pytest.mark.shared
def test_it_is_valid(study: OpenStudy, tmp_path: Path, shared: Path) -> None:
    schema = etree.XMLSchema(etree.parse(shared / "refi" / "Project.xsd"))
    for program, layout, restricted in WAYS:
        ways = {"program": program, "layout": layout, "restricted": restricted}
        schema.assertValid(exported(study, tmp_path / "p.qdpx", **ways)[0])


def test_a_thread_is_a_text_to_read(study: OpenStudy, tmp_path: Path) -> None:
    free(study)
    root, texts, said = exported(study, tmp_path / "p.qdpx")
    post, comment, answer = (study.vault().pseudonyms.of_address("item", one) for one in (POST, COMMENT, ANSWER))
    (text,) = texts.values()
    covered = TEXT.replace("https://xhslink.com/a/Bc12?x=1", "[link]" + "·" * 24)
    assert text == (f"Post {post} on 2025-01-14\n\n{TITLE}\n\n{covered}\n\n\nComment {comment} on 2025-01-14\n\n{REPLY}"
                    f"\n\n\nComment {answer} on 2025-01-14 to {comment}\n\n{LAST}")  # fmt: skip
    assert "one link covered" in said
    users = {one.get("guid"): one.get("name") for one in found(root, "User")}
    assert list(users.values()) == ["Ann Lee", "Bo", "consensus", "Zoe"]
    given = {(text[int(one.get("startPosition")) : int(one.get("endPosition"))], users[use.get("creatingUser")])
             for one in found(root, "PlainTextSelection") for use in found(one, "Coding")}  # fmt: skip
    assert {("👩\u200d👩\u200d👧", "consensus"), ("😀", "Ann Lee"), (REPLY, "Bo"), ("illness", "Bo")} <= given
    (link,) = found(root, "Link")
    assert link.get("direction") == "OneWay"
    assert "6785e350" not in (raw := etree.tostring(root).decode())
    assert "67860" not in raw
    for words in ("left out, still blind: round-2", "that nothing applies to an item (1)",
                  "about something that is neither", "consensus where coders differ",
                  "anchors of practice.tribute"):  # fmt: skip
        assert words in said, words


def test_notes_hang_on_what_they_are_about(study: OpenStudy, tmp_path: Path) -> None:
    root, _, _ = exported(study, tmp_path / "p.qdpx")
    notes = {one.get("guid"): "".join(one.itertext()).strip() for one in found(root, "Note")}
    hung = [(ref.getparent().tag.rpartition("}")[2], notes[ref.get("targetGUID")]) for ref in found(root, "NoteRef")]
    assert sorted(hung) == [("Code", "text of m1"), ("Coding", "a dog\ufffd, after all"),
                            ("Coding", "a family,\nit seems"),
                            ("PlainTextSelection", "text of m1"), ("Project", "text of m2")]  # fmt: skip
    assert memo_guid("m3") in notes


def test_words_that_may_not_leave_do_not(study: OpenStudy, tmp_path: Path) -> None:
    free(study, POST)
    study.record.append(Draft("quoting.set", ANSWER, {"item_id": ANSWER, "status": "do_not_quote"}, "Ann Lee"))
    for layout in ("thread", "item"):
        root, texts, said = exported(study, tmp_path / "p.qdpx", layout=layout)
        everything = etree.tostring(root, encoding="unicode") + "".join(texts.values())
        assert "illness" not in everything
        assert "Welcome" not in everything
        assert "cat tax" in everything
        assert "1 of 3 items without words (do not quote)" in said
        assert "1 of 3 items without words (paraphrase only)" in said
        assert "the codes stand on what is in their place (1)" in said
    _, texts, said = exported(study, tmp_path / "p.qdpx", restricted=True)
    assert "illness" in "".join(texts.values())
    assert "RESTRICTED" in said


def test_a_paraphrase_leaves_in_place_of_words_and_the_item_comes_back(study: OpenStudy, tmp_path: Path) -> None:
    for item, status in ((COMMENT, "paraphrase"), (ANSWER, "do_not_quote")):
        body = {"item_id": item, "status": status, "paraphrase": f"Somebody is glad, see {POST}"}
        study.record.append(Draft("quoting.set", item, body, "Ann Lee"))
    for layout in ("thread", "item"):
        _, texts, said = exported(study, tmp_path / "p.qdpx", layout=layout)
        words = "".join(texts.values())
        said_so = f"[paraphrased, not the author's words] Somebody is glad, see {'[item]'.ljust(len(POST), '·')}"
        assert words.count(said_so) == 1
        assert "Welcome" not in words
        assert "1 of 3 items paraphrased: these are not the authors' words" in said
        assert not study.propose_project(tmp_path / "p.qdpx").changes
    _, texts, said = exported(study, tmp_path / "p.qdpx", restricted=True)
    assert "Welcome" in "".join(texts.values())
    assert "paraphrased" not in said


def test_every_kind_of_decision_leaves_or_is_named_as_left_behind() -> None:
    carried = {"codings", "consensus", "memos", "codebooks", "rounds"}
    bookkeeping = {"captures", "mappings", "media", "media_links", "finished", "packets", "transcription_checks",
                   "erasures", "accepted_translations"}  # fmt: skip
    assert {*VIEWS.tables} <= {*carried, *bookkeeping, *NO_PLACE}


def test_what_has_no_place_is_named_with_how_many_there_are(study: OpenStudy) -> None:
    translated = {"translation_id": "t", "item_id": POST, "text": "x", "engine": "Mei", "text_sha256": "0" * 64}
    bodies = {
        "translation.added": translated,
        "diary.noted": {"entry_id": "d", "text": "x"},
        "lead.noted": {"lead_id": "l", "text": "x"},
        "redaction.set": {"media_id": "0" * 64, "boxes": [], "withheld": True, "reason": "a minor"},
    }  # fmt: skip
    for kind, body in bodies.items():
        study.record.append(Draft(kind, POST, body, "Ann Lee"))
    said = str(study.project())
    for words in ("translations; `resilens export quotes` has those accepted (1)", "entries of the diary (1)",
                  "leads (1)", "why a picture is covered or withheld (1)",
                  "nobody read and that are not sampled (1)"):  # fmt: skip
        assert words in said, words


@pytest.mark.parametrize("restricted", [True, False])
def test_a_file_that_differs_is_a_round_as_full_as_the_first(
    study: OpenStudy, tmp_path: Path, restricted: bool
) -> None:
    """Second items, places of words that were left out, memos: all that the first round had."""
    study.project(restricted=restricted).write(tmp_path / "back.qdpx")
    first = {row["event_id"]: row for row in codings(study.record, "round-1").to_pylist() if row["code_id"]}
    code(study, "Ann Lee", COMMENT, "practice.other", "friend")
    study.import_project(study.propose_project(tmp_path / "back.qdpx"))
    names = ("coder", "item_id", "code_id", "second_item", *TARGET, "text_sha256", "memo")
    again = codings(study.record, "back").to_pylist()
    assert {tuple(row[name] for name in names) for row in again} == {
        tuple(row[name] for name in names) for row in first.values()
    }
    assert any(row["second_item"] == ANSWER for row in again)


def test_memos_leave_without_what_finds_items(study: OpenStudy, tmp_path: Path) -> None:
    """And are the memos they were when they come back, also where XML could not hold all of them."""
    free(study)
    said = f"see {POST}, {COMMENT} and https://www.xiaohongshu.com/explore/6785e350\x0b"
    body = {"memo_id": "m9", "title": f"on {POST}", "text": said, "about": [POST]}
    study.record.append(Draft("memo.written", "m9", body, "Zoe"))
    code(study, "Bo", COMMENT, "practice.old", memo=said)
    for restricted in (False, True):
        root, _, _ = exported(study, tmp_path / "p.qdpx", restricted=restricted)
        raw = etree.tostring(root, encoding="unicode")
        assert [native in raw for native in ("6785e350", "67860c1b")] == [restricted] * 2
        assert f"see {'[item]'.ljust(len(POST), '·')}, [item]" in raw or restricted
        assert not study.propose_project(tmp_path / "p.qdpx").changes


def test_sets_of_codes_leave_and_come_into_another_study(study: OpenStudy, tmp_path: Path, book: Codebook) -> None:
    root, _, said = exported(study, tmp_path / "p.qdpx")
    codes = {one.get("guid"): one.get("name") for one in found(root, "Code")}
    assert {one.get("name"): [codes[code.get("targetGUID")] for code in found(one, "MemberCode")]
            for one in found(root, "Set")} == {"Gifts": ["Cat tax", "Old"], "=Rites & cats": ["Cat tax"]}  # fmt: skip
    begin(tmp_path / "other")
    with open_study(tmp_path / "other") as other:
        proposal = other.propose_project(tmp_path / "p.qdpx")
        assert "sets" not in "".join(proposal.losses)
        there = proposal.codebook.codebook
    assert {code.id: code.sets for code in there.codes if code.sets} == {
        code.id: code.sets for code in book.codes if code.sets
    }  # fmt: skip


def test_a_retired_code_that_is_used_can_be_used(study: OpenStudy, tmp_path: Path) -> None:
    root, _, _ = exported(study, tmp_path / "p.qdpx")
    assert {one.get("name"): one.get("isCodable") for one in found(root, "Code")}["Old"] == "true"


def test_nothing_of_a_blind_round_leaves(study: OpenStudy, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="freeze it first"):
        study.project(round_id="round-2")
    with pytest.raises(InputError, match="no round"):
        study.project(round_id="round-9")
    assert study.project(round_id="round-1").counts["codings"] == study.project().counts["codings"]
    with pytest.raises(InputError, match="qdpx"):
        study.project().write(tmp_path / "p.zip")


def test_a_changed_text_has_its_codes_on_the_whole_item(study: OpenStudy, tmp_path: Path) -> None:
    code(study, "Bo", COMMENT, "practice.other", target={"field": "text", "start": 1, "end": 3}, text_sha256="0" * 64)
    code(study, "Bo", COMMENT, "practice.other", target={"field": "translation:en", "start": 1, "end": 3},
         text_sha256="0" * 64)  # fmt: skip
    code(study, "Bo", "rednote:p:gone", "practice.other")
    code(study, "Bo", COMMENT, "practice.gone", second_item="rednote:p:gone")
    code(study, "Bo", COMMENT, "affect.other", second_item="rednote:p:gone")
    said = str(study.project())
    for words in ("in a text that changed since: the codes stand on the whole item (1)", "of translations",
                  "no longer in", "the codebook no longer has (1)",
                  "second items of codes that relate two"):  # fmt: skip
        assert words in said, words


G = "1ff58b12-6f6f-4b0c-8be5-bbdc91f5"


def pictured(study: OpenStudy, qdpx: Callable[..., Path], content: bytes) -> tuple[str, str]:
    """The item and file of a picture with a coded region, brought from another program."""
    coding = f'<Coding guid="{G}1000" creatingUser="{G}9000"><CodeRef targetGUID="{G}0000"/></Coding>'
    study.import_project(study.propose_project(qdpx(f"""<Users><User guid="{G}9000" name="Cat"/></Users><CodeBook>
      <Codes><Code guid="{G}0000" name="pet" isCodable="true"/></Codes></CodeBook><Sources><PictureSource guid="{G}3001"
      name="cat" path="internal://b.png"><PictureSelection guid="{G}2100" firstX="10" firstY="20" secondX="40"
      secondY="60">{coding}</PictureSelection></PictureSource></Sources>""", {"sources/b.png": content}, "in.qdpx")))
    rows = codings(study.record).to_pylist()
    ((item, media),) = {(row["item_id"], row["media_id"]) for row in rows if row["media_id"]}
    return item, media


def png(tmp_path: Path) -> bytes:
    picture(5, (200, 100)).save(tmp_path / "made.png", "PNG")
    return (tmp_path / "made.png").read_bytes()


def test_pictures_leave_redacted_or_not_at_all(
    study: OpenStudy, tmp_path: Path, qdpx: Callable[..., Path]
) -> None:
    original = png(tmp_path)
    item, media = pictured(study, qdpx, original)

    def decide(**decided: Any) -> str:
        set_redaction(study.record, study.folder.media, media, [Box(x=0, y=0, w=50, h=50)], actor="Ann Lee", **decided)
        return everything_leaving(study, tmp_path, original)

    for said in (everything_leaving(study, tmp_path, original), decide(complete=False),
                 decide(complete=True, withheld=True, reason="a minor")):  # fmt: skip
        assert "pictures stay, " in said
        assert "codings of pictures and recordings that are not in the file (1)" in said
    assert "withheld: a minor" in said
    said = decide(complete=True, reason="the wrong picture")
    assert "pictures stay" not in said
    free(study, item)
    root, _, _ = exported(study, tmp_path / "p.qdpx")
    (selection,) = found(root, "PictureSelection")
    assert [selection.get(name) for name in ("firstX", "firstY", "secondX", "secondY")] == ["10", "20", "40", "60"]
    path = found(root, "PictureSource")[0].get("path").removeprefix("internal://")
    with zipfile.ZipFile(tmp_path / "p.qdpx") as archive:
        shown = Image.open(io.BytesIO(archive.read(f"sources/{path}")))
    assert shown.size == (200, 100)
    assert shown.getpixel((25, 25)) == (0, 0, 0)
    assert not study.propose_project(tmp_path / "p.qdpx").changes
    code(study, "Bo", item, "practice.other", media_id=media)
    code(study, "Bo", item, "practice.other", media_id=media, target={"start_ms": 1, "end_ms": 5})
    assert "on all of a picture or recording: here it comes back on the item (2)" in str(study.project(restricted=True))


def everything_leaving(study: OpenStudy, tmp_path: Path, original: bytes) -> str:
    """Every export there is, none with a byte of the original picture; what the last one said."""
    said = ""
    for program, layout, restricted in WAYS:
        path = tmp_path / "p.qdpx"
        _, _, said = exported(study, path, program=program, layout=layout, restricted=restricted)
        with zipfile.ZipFile(path) as archive:
            files = [archive.read(name) for name in archive.namelist()]
        parts = [original[at : at + 64] for at in range(40, len(original) - 64, 32)]
        assert not any(part in content for content in files for part in parts)
    return said


def test_a_picture_of_an_item_that_must_not_be_quoted_stays(
    study: OpenStudy, tmp_path: Path, qdpx: Callable[..., Path]
) -> None:
    item, media = pictured(study, qdpx, png(tmp_path))
    set_redaction(study.record, study.folder.media, media, [], complete=True, actor="Ann Lee")
    assert len(found(exported(study, tmp_path / "p.qdpx")[0], "PictureSource")) == 1
    study.record.append(Draft("quoting.set", item, {"item_id": item, "status": "do_not_quote"}, "Ann Lee"))
    root, _, said = exported(study, tmp_path / "p.qdpx")
    assert found(root, "PictureSource") == []
    assert "pictures stay, their items must not be quoted" in said


def test_recordings_leave_only_where_all_does(study: OpenStudy, tmp_path: Path, qdpx: Callable[..., Path]) -> None:
    coding = f'<Coding guid="{G}1000" creatingUser="{G}9000"><CodeRef targetGUID="{G}0000"/></Coding>'
    study.import_project(study.propose_project(qdpx(f"""<Users><User guid="{G}9000" name="Cat"/></Users><CodeBook>
      <Codes><Code guid="{G}0000" name="pet" isCodable="true"/></Codes></CodeBook><Sources><VideoSource guid="{G}3001"
      name="cat" path="internal://b.mp4"><VideoSelection guid="{G}2100" begin="500" end="900">{coding}</VideoSelection>
      </VideoSource></Sources>""", {"sources/b.mp4": b"a film"}, "in.qdpx")))
    media = hashlib.sha256(b"a film").hexdigest()
    (study.folder.media / f"{media}.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nMeow\n", encoding="utf-8")
    root, _, said = exported(study, tmp_path / "p.qdpx", restricted=True)
    (selection,) = found(root, "VideoSelection")
    assert (selection.get("begin"), selection.get("end")) == ("500", "900")
    assert "not carried: subtitles of recordings (1)" in said
    assert not study.propose_project(tmp_path / "p.qdpx").changes
    root, _, said = exported(study, tmp_path / "p.qdpx")
    assert found(root, "VideoSource") == []
    assert f"recordings and files cannot be redacted; --restricted has them: {media[:8]} (1)" in said
    body = {"media_id": media, "boxes": [], "withheld": True, "reason": "a child"}
    study.record.append(Draft("redaction.set", media, body, "Ann Lee"))
    root, _, said = exported(study, tmp_path / "p.qdpx", restricted=True)
    assert found(root, "VideoSource") == []
    assert "recordings and files stay, withheld: a child" in said


def test_a_damaged_picture_stays(study: OpenStudy, tmp_path: Path, qdpx: Callable[..., Path]) -> None:
    _, media = pictured(study, qdpx, b"\x89PNG\r\n\x1a\n" + b"\x00" * 20)
    body = {"media_id": media, "boxes": [], "complete": True}
    study.record.append(Draft("redaction.set", media, body, "Ann Lee"))
    assert "pictures stay, they are damaged" in str(study.project())


def test_a_study_nobody_coded_in(tmp_path: Path) -> None:
    begin(tmp_path / "s")
    with open_study(tmp_path / "s") as empty, pytest.raises(InputError, match="neither an item that was coded"):
        empty.project()
