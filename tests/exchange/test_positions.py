"""Positions of every dialect lead to the same words, and selections say which dialect they are in."""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.corpus.text import stored_text
from resilens.errors import InputError
from resilens.exchange.archive_reading import open_archive
from resilens.exchange.position_evidence import evidence_of
from resilens.exchange.positions import BOM, DIALECTS, NOWHERE, PROGRAMS, Dialect, Ruler, dialect_named
from resilens.exchange.project_tree import Place, ProjectTree, Selection, Source
from resilens.exchange.qde_reading import read_project
from resilens.exchange.stored_positions import Laid, Piece, levelled, stored
from resilens.exchange.word_edges import repeats

PARTS = st.sampled_from(["a", "word ", "😀", "👩‍👩‍👧", "cafe\u0301", "小红书，", "مرحبا", "\r\n", "\n", "\r", "\ufeff",
                         " ", "\u2028", "@momo ", "回复 Ann: ", "𐍈"])  # fmt: skip
TEXTS = st.lists(PARTS, max_size=25).map("".join)


def position(text: str, index: int, dialect: Dialect) -> int:
    """The slow way: what comes before, written out and counted. `text` has its byte order mark."""
    before = text.removeprefix(BOM)[:index]
    if dialect.newline == "1":
        before = before.replace("\r\n", "\n")
    if dialect.newline == "2":
        before = before.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    if dialect.bom and text.startswith(BOM):
        before = BOM + before
    if dialect.units == "utf16":
        return len(before.encode("utf-16-le")) // 2
    return len(before.encode()) if dialect.units == "utf8" else len(before)


def written(text: str, start: int, end: int, dialect: Dialect) -> tuple[int, int]:
    last = end - 1 if dialect.inclusive else end
    return position(text, start, dialect), position(text, last, dialect)


@given(TEXTS, st.booleans(), st.sampled_from(DIALECTS), st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_any_span_of_any_text_in_any_dialect(text: str, bom: bool, dialect: Dialect, ends: tuple[float, float]) -> None:
    text = BOM * bom + text
    plain = text.removeprefix(BOM)
    start, end = (round(one * len(plain)) for one in sorted(ends))
    if any(0 < one < len(plain) and plain[one - 1 : one + 1] == "\r\n" for one in (start, end, end - 1)):
        return  # inside a newline
    if dialect.inclusive and start == end:
        return
    ruler = Ruler(text)
    places = written(text, start, end, dialect)
    first, last = (int(one[0]) for one in ruler.spans(dialect, *([place] for place in places)))
    assert (first, last) == (start, end)
    told = stored(levelled(plain), lambda name: "n-" + "a" * 16)
    selection = Selection("g", Place(*places))
    (spans,) = Laid(text, (Piece("i", "text", 0, told.text),), told).spans([selection], dialect)
    if not told.names:
        assert "".join(span.words for span in spans) == levelled(plain[start:end])


@given(text=TEXTS)
def test_names_become_pseudonyms_and_positions_follow(text: str) -> None:
    told = stored(levelled(text), lambda name: "n-" + "b" * 16)
    places = told.places(np.arange(len(levelled(text)) + 1))
    assert (np.diff(places) >= 0).all()
    assert places[0] == 0
    assert places[-1] == len(told.text)
    assert told.text == stored_text(text, lambda name: "n-" + "b" * 16)[0]


def test_what_no_position_can_be() -> None:
    ruler = Ruler("a😀\r\nb")
    assert ruler.indexes(Dialect("utf16", "2"), [0, 1, 2, 3, 4, 5, 6, 7, -1]).tolist() == [
        0, 1, NOWHERE, 2, NOWHERE, 4, 5, NOWHERE, NOWHERE
    ]  # fmt: skip
    assert ruler.indexes(Dialect("utf8", "1"), [1, 5, 6, 7]).tolist() == [1, 2, 4, 5]
    assert Ruler("").indexes(Dialect(), [0, 1]).tolist() == [0, NOWHERE]


TEXT = """The first post is about cats, and about their tax 😀😀 of course.\r
\r
欢迎来到小红书！Welcome to RedNote, dear refugees 👩‍👩‍👧 from everywhere.\r
Nobody knew how long it would last; everyone came anyway, with pictures of dogs.\r
"""


def project(text: str, dialect: Dialect, spans: list[tuple[int, int]], names: bool = False) -> ProjectTree:
    plain = text.removeprefix(BOM)
    selections = tuple(
        Selection(str(number), Place(*written(text, *span, dialect)), plain[slice(*span)] if names else "")
        for number, span in enumerate(spans)
    )
    return ProjectTree("p", sources=(Source("text", "s", text=text, selections=selections),))


def words(text: str) -> list[tuple[int, int]]:
    """Spans of one to four words."""
    plain, chance = text.removeprefix(BOM), random.Random(7)
    starts = [at for at in range(len(plain)) if plain[at].isalnum() and not plain[at - 1 : at].isalnum()]
    ends = [at + 1 for at in range(len(plain)) if plain[at].isalnum() and not plain[at + 1 : at + 2].isalnum()]
    pairs = [(start, end) for start in starts for end in ends if start < end < start + 40]
    return sorted(chance.sample(pairs, 30))


@pytest.mark.parametrize("dialect", [
    *(pytest.param(one, id=name) for name, one in PROGRAMS.items()), Dialect("utf16", "1"), Dialect("utf8", "2"),
    Dialect("codepoint", "written", bom=True), Dialect("codepoint", "written", inclusive=True),
])  # fmt: skip
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("bom", ["", BOM])
def test_the_dialect_is_found_by_evidence(dialect: Dialect, newline: str, bom: str) -> None:
    """NVivo for Windows counts UTF-16 and CRLF as two, ATLAS.ti a CRLF as one, MAXQDA writes LF and wants two."""
    text = bom + TEXT.replace("\r\n", newline)
    spans = words(text)
    found = evidence_of(project(text, dialect, spans))
    assert found.chosen is not None, found.table()
    selections = project(text, dialect, spans).sources[0].selections
    places = [(one.place.start, one.place.end) for one in selections]
    first, last = Ruler(text).spans(found.chosen, *zip(*places, strict=True))
    assert list(zip(first.tolist(), last.tolist(), strict=True)) == spans
    assert "begin and" in str(found)
    assert found.table().splitlines()[1].startswith(found.chosen.id)


def test_names_decide_where_words_do_not() -> None:
    """Chinese without spaces: only what the program copied says what it counts."""
    text = "😀小红书欢迎你们来到这里\n大家都很高兴看到你们的猫和狗\n" * 3
    spans = [(3, 5), (8, 11), (15, 19), (30, 33), (50, 52)]
    bare = evidence_of(project(text, Dialect("utf16", "2"), spans))
    assert bare.chosen is None
    assert bare.rivals
    assert "is not clear" in str(bare)
    read = {dialect.id: one.reads for one in bare.tried for dialect in one.alike}
    assert (read["utf16-2"], read["codepoint-written"]) == ("们的", "😀")
    assert "'们的'  = utf16-2-bom" in bare.table()
    named = evidence_of(project(text, Dialect("utf16", "2"), spans, names=True))
    assert named.chosen == Dialect("utf16", "2")
    assert "5 of 5 names" in str(named)
    declared = evidence_of(project(text, Dialect("utf16", "2"), spans), Dialect("utf16", "2"))
    assert declared.chosen == Dialect("utf16", "2")
    assert "as declared" in str(declared)


def test_nothing_fits_positions_of_another_text() -> None:
    text = "".join(random.Random(3).choices("abcdefgh", k=4000))
    spans = [(at, at + 17) for at in range(3, 3800, 97)]
    found = evidence_of(project(text + "\n", Dialect(), spans))
    assert found.chosen is None
    assert "no way of counting fits" in str(found)
    assert found.to_dict()["chosen"] is None


def test_dialects_that_give_the_same_spans_are_one() -> None:
    found = evidence_of(project("only plain words here", Dialect(), [(0, 4), (5, 10), (11, 16)]))
    assert found.chosen == Dialect()
    assert len(found.tried) == 2, "the end included or not"
    assert evidence_of(ProjectTree("p")).tried == ()


def test_dialects_have_names() -> None:
    assert dialect_named(" NVivo ") == Dialect("utf16", "2")
    assert all(dialect_named(one.id) == one for one in DIALECTS)
    with pytest.raises(InputError, match="did you mean 'nvivo'"):
        dialect_named("nvvo")
    with pytest.raises(InputError, match="codepoint-1"):
        dialect_named("x")


def test_a_name_may_be_cut_off_and_its_blanks_may_differ() -> None:
    assert repeats("Hello  there", "Hello\nthere")
    assert repeats("Hello th…", "Hello there")
    assert repeats("The quick brown fox jumps over the", "The quick brown fox jumps over the lazy dog")
    assert not repeats("Hello", "Hello there")
    assert not repeats("", "")


def test_sixteen_thousand_selections_are_judged_quickly() -> None:
    text = TEXT * 20
    spans = [(at, at + 20) for at in range(0, 80 * 40, 40)]
    tree = project(text, Dialect("utf16", "2"), spans, names=True)
    many = ProjectTree("p", sources=tree.sources * 200)
    started = time.perf_counter()
    assert Dialect("utf16", "2") in evidence_of(many).tried[0].alike
    assert time.perf_counter() - started < 20


@pytest.mark.shared
@pytest.mark.parametrize("name", ["plain", "zh_emoji"])
def test_spans_of_qualcoder_are_what_their_names_say(shared: Path, name: str) -> None:
    with open_archive(shared / "refi" / f"qualcoder40beta_c320464__{name}.qdpx") as archive:
        tree = read_project(archive).tree
    found = evidence_of(tree)
    assert found.chosen == Dialect()
    (source,) = tree.sources
    assert source.text is not None
    assert source.text.startswith(BOM)
    told = stored(levelled(source.text.removeprefix(BOM)), str)
    laid = Laid(source.text, (Piece("i", "text", 0, told.text),), told)
    read = ["".join(span.words for span in spans) for spans in laid.spans(source.selections, Dialect())]
    assert read == [one.name for one in source.selections]


@pytest.mark.shared
def test_lines_of_qc_begin_where_lines_do(shared: Path) -> None:
    with open_archive(shared / "refi" / "qc132__cproctor_demo.qdpx") as archive:
        tree = read_project(archive).tree
    found = evidence_of(tree)
    assert found.selections == 158
    assert found.tried[0].starts == 1.0
    assert found.chosen == Dialect()
