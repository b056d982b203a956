"""A .qdc file and the tree it holds: equal both ways, whatever the names; odd files noted, hostile ones refused."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from resilens.errors import InputError
from resilens.exchange.code_tree import CodeNode, CodeSet, CodeTree, guid_from, plain_colour, plain_guid
from resilens.exchange.qdc_reading import read_qdc, tree_from
from resilens.exchange.qdc_writing import to_qdc

G = "1ff58b12-6f6f-4b0c-8be5-bbdc91f5529"
HARD = st.sampled_from(["👩‍👩‍👧", "cafe\u0301", "行\r\n尾", "مرحبا\u200fبك", "\ufeffBOM", " x\t\n",
                        "<&\"'>]]>", "&amp;", "長" * 3000])  # fmt: skip
WORDS = st.one_of(HARD, st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
NAMES = WORDS.filter(lambda text: bool(text.strip()))
COLOURS = st.one_of(st.just(""), st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))


@st.composite
def trees(draw: Callable[..., object]) -> CodeTree:
    """Trees of codes and sets with unique GUIDs."""
    count = 0

    def node(depth: int) -> CodeNode:
        nonlocal count
        count += 1
        guid = guid_from("test", str(count))
        below = draw(st.integers(0, 3 if depth < 4 else 0))
        children = tuple(node(depth + 1) for _ in range(int(str(below))))
        name, words, colour = str(draw(NAMES)), str(draw(WORDS)), str(draw(COLOURS))
        return CodeNode(guid, name, words, bool(draw(st.booleans())), colour, children)

    codes = tuple(node(0) for _ in range(int(str(draw(st.integers(1, 3))))))
    guids = [guid_from("test", str(number + 1)) for number in range(count)]
    sets = tuple(
        CodeSet(guid_from("set", str(number)), str(draw(NAMES)), str(draw(WORDS)), tuple(guids[: number + 1]))
        for number in range(int(str(draw(st.integers(0, 2)))))
    )
    return CodeTree("Any program 1.0", codes, sets)


@given(trees())
def test_any_tree_comes_back_and_is_the_same_bytes_again(tree: CodeTree) -> None:
    raw = to_qdc(tree)
    back, notes = tree_from(raw)
    assert back == tree
    assert notes == ()
    assert to_qdc(back) == raw


@pytest.mark.shared
@given(tree=trees())
def test_any_tree_is_valid_against_the_schema(shared: Path, tree: CodeTree) -> None:
    schema = etree.XMLSchema(etree.parse(shared / "refi" / "Codebook.xsd"))
    schema.assertValid(etree.fromstring(to_qdc(tree)))


def codebook(inner: str, space: str = "urn:QDA-XML:codebook:1.0", head: str = "") -> bytes:
    return f'{head}<CodeBook xmlns="{space}"><Codes>{inner}</Codes></CodeBook>'.encode()


def test_oddities_are_read_and_noted() -> None:
    inner = (
        f'<Code guid="{{{G.upper()}0}}" name="a" color="46AA00"><Description>d</Description><NoteRef/></Code>'
        f'<Code guid="{G}0" name="b" isCodable="0" color="#ff46aa00"/><Code isCodable="true"/>'
        f'<Code guid="no" name="c" isCodable="true" color="rgb(1, 2, 255)"/>'
    )
    tree, notes = tree_from(codebook(inner, "urn:QDA-XML:codebook:0:4"))
    first, second, third, fourth = tree.codes
    assert (first.guid, first.colour, first.codable, first.description) == (f"{G}0", "#46aa00", True, "d")
    assert (second.codable, second.colour) == (False, "")
    assert third.name == "unnamed"
    assert fourth.colour == "#0102ff"
    assert len({code.guid for code in tree.codes}) == 4
    assert tree_from(codebook(inner, "urn:QDA-XML:codebook:0:4"))[0] == tree, "GUIDs that were missing are stable"
    said = "\n".join(notes)
    for words in ("draft of the standard", "isCodable is missing",
                  "has the GUID of another; it is known by its place in the tree: 'b'",
                  "has no GUID",
                  "has a GUID that is none; it is known by its place in the tree: 'c'",
                  "without a name", "'#ff46aa00' cannot be read", "read as #46aa00",
                  "'NoteRef' in 'Code'"):  # fmt: skip
        assert words in said


def test_members_of_sets_that_are_not_there_are_noted() -> None:
    members = f'<MemberCode guid="{G}0"/><MemberCode guid="{G}9"/>'
    sets = f'<Sets><Set guid="{G}1" name="s">{members}</Set></Sets></CodeBook>'.encode()
    raw = codebook(f'<Code guid="{G}0" name="a" isCodable="true"/>').replace(b"</CodeBook>", sets)
    tree, notes = tree_from(raw)
    assert tree.sets[0].members == (f"{G}0",)
    assert notes == ("a set names one code that this file does not hold: 's'",)


@pytest.mark.parametrize(("raw", "words"), [
    (codebook("<Code name='&a;'/>", head="<!DOCTYPE CodeBook [<!ENTITY a 'x'>]>"), "DOCTYPE"),
    (codebook("<Code name='a'/>", head="<!doctype x SYSTEM 'file:///etc/passwd'>"), "DOCTYPE"),
    (('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>').encode("utf-16"), "DOCTYPE"),
    (codebook("<Code name='&lol;'/>"), "not well-formed"),
    (codebook("<Code name='a'>" * 400 + "</Code>" * 400), "nested deeper"),
    (codebook(""), "no code"),
    (b'<?xml version="1.0" encoding="UTF-7"?><CodeBook/>', "encoding"),
    (b"<Project xmlns='urn:QDA-XML:project:1.0' name='p'/>", "project"),
    (b"<html><body/></html>", "not a REFI-QDA codebook"),
    (b"id,name\n", "not XML"),
    (b"", "not XML"),
    (b"<CodeBook", "not well-formed"),
])  # fmt: skip
def test_what_is_no_codebook_or_hostile_is_refused_in_words(raw: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        tree_from(raw)


def test_a_file_of_50_megabytes_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.qdc"
    with path.open("wb") as out:
        for _ in range(50):
            out.write(b" " * 2**20)
    tracemalloc.start()
    with pytest.raises(InputError, match="larger than 16 MB"):
        read_qdc(path)
    assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    tracemalloc.stop()


def test_very_many_codes_without_a_name_are_read_or_refused_at_once() -> None:
    started = time.perf_counter()
    assert len({code.guid for code in tree_from(codebook("<Code/>" * 20_000))[0].codes}) == 20_000
    with pytest.raises(InputError, match="400,000 tags"):
        tree_from(codebook("<Code/>" * 500_000))
    assert time.perf_counter() - started < 20


def test_a_project_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "p.qdpx"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="project"):
        read_qdc(path)


def test_a_tree_that_no_program_could_read_is_not_written() -> None:
    deep = CodeNode(guid_from("0"), "x")
    for number in range(1, 250):
        deep = CodeNode(guid_from(str(number)), "x", children=(deep,))
    twice = CodeNode(f"{G}0", "x")
    for tree, words in (
        (CodeTree(), "neither facet nor code"),
        (CodeTree("", (deep,)), "deeper than 200"),
        (CodeTree("", (twice, twice)), "same GUID"),
        (CodeTree("", (twice,), (CodeSet(f"{G}1", "s", "", (f"{G}2",)),)), "not in the codebook"),
    ):
        with pytest.raises(InputError, match=words):
            to_qdc(tree)


def test_guids_and_colours() -> None:
    assert plain_guid(f" {{{G.upper()}0}} ") == f"{G}0"
    assert plain_guid("x") == ""
    assert plain_colour("#AbC") == ("#aabbcc", True)
    assert plain_colour("300,0,0") == ("", False)
    assert guid_from("a", "bc") != guid_from("ab", "c")


@pytest.mark.shared
def test_real_files_are_read_as_their_origin_says(shared: Path) -> None:
    atlas, notes = read_qdc(shared / "refi" / "atlasti234win__requal_test_codebook.qdc")
    assert (atlas.origin, notes) == ("ATLAS.ti Win 23.4.0", ())
    assert [(code.name, code.description, code.colour) for code in atlas.codes] == [("code1", "description", "#46aa00")]
    assert [(one.name, one.description) for one in atlas.sets] == [("code group 1", "kategorie 1")]
    assert atlas.sets[0].members == (atlas.codes[0].guid,)
    taguette, notes = read_qdc(shared / "refi" / "taguette141__utotag_codebook.qdc")
    assert [code.name for code in taguette.codes] == ["xsd:element name", "CodeBook", "Variables"]
    assert notes == ("an empty <Sets/>, which the schema does not allow; there are no sets",)
