"""Any text, any spans, any program: what is written is read back as the words it was, and always the same bytes."""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from resilens.errors import InputError
from resilens.exchange.archive_reading import open_archive
from resilens.exchange.archive_writing import write_archive
from resilens.exchange.code_tree import CodeNode, CodeTree, guid_from
from resilens.exchange.dialects import TARGETS, rendered, target_named
from resilens.exchange.positions import PROGRAMS
from resilens.exchange.project_tree import (
    CodeUse,
    Link,
    Place,
    ProjectNote,
    ProjectSet,
    ProjectTree,
    Selection,
    Source,
    User,
)
from resilens.exchange.qde_reading import read_project
from resilens.exchange.qde_writing import to_qde
from resilens.exchange.stored_positions import Laid, Piece, levelled
from resilens.exchange.validity import check

NASTY = ["\r\n", "\n", "\r", "\u2028", "\ufeff", "😀", "👩\u200d👩\u200d👧", "e\u0301", "欢迎", "مرحبا", "\u202e",
         "\x00", "\x0b", "\x1b", "\ufffe", "\U0010ffff", "<&>\"'", "]]>", " ", "a"]  # fmt: skip
WORDS = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=3)), min_size=1, max_size=30).map("".join)
ANN, BOB, JOY = (guid_from(name) for name in ("ann", "bob", "joy"))


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """A text, and some spans of it, positions in code points."""
    text = levelled(draw(WORDS))
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted).filter(lambda x: x[0] < x[1])
    selections = []
    for number, (start, end) in enumerate(draw(st.lists(ends, max_size=6))):
        guid = guid_from("selection", str(number))
        uses = tuple(CodeUse(guid_from(guid, user), JOY, user, "2025-01-14T00:00:00Z", (guid_from("note"),))
                     for user in (ANN, BOB))  # fmt: skip
        selections.append(Selection(guid, Place(start, end), draw(WORDS), draw(WORDS), uses=uses))
    return Source("text", guid_from("source"), draw(WORDS), text, f"{guid_from('file')}.txt", description=draw(WORDS),
                  selections=tuple(selections))  # fmt: skip


def tree_of(source: Source, words: str) -> ProjectTree:
    codes = CodeTree("Resilens", (CodeNode(guid_from("f"), words, words, False, children=(CodeNode(JOY, words),)),))
    links = tuple(Link(guid_from("link", one.guid), one.guid, source.guid, words, "OneWay")
                  for one in source.selections)  # fmt: skip
    return ProjectTree(words, codes, (User(ANN, words, "A"), User(BOB, "Bob")), sources=(source,),
                       notes=(ProjectNote(guid_from("note"), words, words, ANN),), links=links,
                       about=(guid_from("note"),), code_notes={JOY: (guid_from("note"),)})  # fmt: skip


def spoken(source: Source) -> list[str]:
    """The words under each selection."""
    return [(source.text or "")[one.place.start : one.place.end] for one in source.selections]


def written(path: Path, tree: ProjectTree, program: str) -> bytes:
    target = TARGETS[program]
    told = rendered(tree, target)
    texts = {one.file: (one.text or "").encode() for one in told.sources}
    words = {one.guid: said for source in tree.sources
             for one, said in zip(source.selections, spoken(source), strict=True)}  # fmt: skip
    check(told, texts, {}, target.positions, words)
    write_archive(path, to_qde(told), texts, {})
    return path.read_bytes()


@pytest.mark.parametrize("program", TARGETS)
@settings(deadline=None)
@given(source=sources(), words=WORDS)
def test_every_span_comes_back_with_its_words(program: str, source: Source, words: str) -> None:
    tree = tree_of(source, words)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.qdpx"
        first = written(path, tree, program)
        assert written(path, tree, program) == first
        with open_archive(path) as archive:
            read = read_project(archive).tree
    (back,) = read.sources
    assert [one.guid for one in back.selections] == [one.guid for one in source.selections]
    laid = Laid(back.text or "", (Piece("x", "text", 0, source.text or ""),))
    spans = [span for span, in laid.spans(back.selections, target_named(program).positions)]
    assert [span.words for span in spans] == spoken(source)
    assert [(use.user, use.code, use.notes) for one in back.selections for use in one.uses] == [
        (use.user, use.code, use.notes) for one in source.selections for use in one.uses
    ]


@pytest.mark.shared
@settings(deadline=None, max_examples=30)
@given(source=sources(), words=WORDS)
def test_what_is_written_is_valid(shared: Path, source: Source, words: str) -> None:
    schema = etree.XMLSchema(etree.parse(shared / "refi" / "Project.xsd"))
    schema.assertValid(etree.fromstring(to_qde(rendered(tree_of(source, words), TARGETS["nvivo"]))))
    schema.assertValid(etree.fromstring(to_qde(ProjectTree("", CodeTree()))))


def test_texts_are_as_each_program_has_them() -> None:
    told = {name: target.file_text("a\nb") for name, target in TARGETS.items()}
    assert told == {"standard": "a\nb", "nvivo": "\ufeffa\r\nb", "atlasti": "a\r\nb", "maxqda": "a\r\nb",
                    "qualcoder": "a\nb"}  # fmt: skip
    source = Source("text", "s", text="😀\nab", selections=(Selection("x", Place(2, 3)),))
    places = {}
    for name, target in TARGETS.items():
        (selection,) = rendered(ProjectTree("", sources=(source,)), target).sources[0].selections
        places[name] = (selection.place.start, selection.place.end)
    assert places == {"standard": (2, 3), "nvivo": (4, 5), "atlasti": (2, 3), "maxqda": (3, 4), "qualcoder": (2, 3)}
    assert set(TARGETS) == set(PROGRAMS)
    with pytest.raises(InputError, match="nvivo"):
        target_named("nvvo")


def test_a_zip_says_nothing_of_when_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\xff\xd8")
    write_archive(tmp_path / "p.qdpx", b"<Project/>", {"b.txt": b"b"}, {"a.jpg": tmp_path / "x"})
    with zipfile.ZipFile(tmp_path / "p.qdpx") as archive:
        assert archive.namelist() == ["project.qde", "sources/a.jpg", "sources/b.txt"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


SOUND = Source("text", guid_from("source"), "s", "two words", f"{guid_from('file')}.txt", selections=(
    Selection(guid_from("x"), Place(0, 3), uses=(CodeUse(guid_from("u"), JOY, ANN),)),
))  # fmt: skip


def broken(tree: ProjectTree, **files: bytes) -> str:
    texts = {SOUND.file: b"two words", **files}
    with pytest.raises(InputError) as error:
        check(tree, texts, {}, TARGETS["standard"].positions, {guid_from("x"): "two"})
    return str(error.value)


def test_what_no_schema_can_say_is_checked() -> None:
    tree = tree_of(SOUND, "w")
    check(tree, {SOUND.file: b"two words"}, {}, TARGETS["standard"].positions, {guid_from("x"): "two"})
    (one,) = SOUND.selections
    (use,) = one.uses

    def with_source(**changed: object) -> ProjectTree:
        return replace(tree, sources=(replace(SOUND, **changed),))  # type: ignore[arg-type]

    def placed(start: int, end: int) -> ProjectTree:
        return with_source(selections=(replace(one, place=Place(start, end)),))

    assert "2 parts have the GUID" in broken(replace(tree, notes=(ProjectNote(ANN, text="t"), *tree.notes)))
    assert "names no user" in broken(with_source(uses=(replace(use, guid=guid_from("v"), user="zoe"),)))
    assert "is a folder" in broken(with_source(uses=(replace(use, guid=guid_from("v"), code=guid_from("f")),)))
    assert "is not named by a GUID" in broken(with_source(file="../a.txt"))
    assert "is not there" in broken(with_source(file=f"{guid_from('other')}.txt"))
    assert "no source has the file" in broken(tree, more=b"")
    assert "the note" in broken(replace(tree, about=(guid_from("none"),)))
    assert "the user" in broken(replace(tree, user=guid_from("none")))
    assert "which is not there" in broken(replace(tree, links=(Link("l", "a", "b"),)))
    assert "a set has none" in broken(replace(tree, sets=(ProjectSet(guid_from("s"), "s", codes=(JOY, "none")),)))
    assert "outside the text" in broken(placed(0, 99))
    assert "outside the text" in broken(placed(3, 3))
    assert "other words" in broken(placed(0, 4))
    picture = Source("picture", guid_from("p"), "p", file=f"{guid_from('p')}.png",
                     selections=(Selection(guid_from("y"), Place(x1=3, x2=3, y1=0, y2=1)),))  # fmt: skip
    assert "is empty" in broken(replace(tree, sources=(SOUND, picture)))
