"""Changing a codebook: whatever is done, it has no faults, and no coding is left without its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resilens.coding import codebook_editing as editing
from resilens.coding.code_looks import RESERVED, completed, proposed_colour, proposed_key
from resilens.coding.code_tree import below, tree, walk
from resilens.coding.codebook import ChangedMeanwhile, Code, Codebook, Facet, change, latest, versions
from resilens.coding.codebook_file import from_toml, to_toml
from resilens.coding.codes import checked, codebook_from, diff, from_framework
from resilens.coding.items import Items
from resilens.errors import InputError
from resilens.record.clock import uuid7, wall
from resilens.record.store import Record
from resilens.results.time_axis import PALETTE
from resilens.study.frameworks import framework

IDS = ["practice.tribute", "practice.tribute.dog", "practice.welcome", "stage.adapt", "stage.other", "affect.other",
       "affect.thanks", "practice.thanks", "relation.compares", "practice.new", "nobody"]  # fmt: skip
CODE, NAME = st.sampled_from(IDS), st.sampled_from(["A b", "猫 税", "c", " ", "A b!"])
EDITS = st.one_of(
    st.tuples(st.just("with_facet"), st.sampled_from(["practice", "new", ""]), NAME),
    st.tuples(st.just("with_code"), CODE, st.sampled_from(["practice", "stage", "none"]), NAME, st.sampled_from("xy")),
    st.tuples(st.just("renamed"), CODE, NAME),
    st.tuples(st.just("placed"), CODE, st.sampled_from(["practice", "stage"]), st.sampled_from([*IDS, ""])),
    st.tuples(st.just("shifted"), CODE, st.integers(-3, 3)),
    st.tuples(st.just("retired"), CODE),
    st.tuples(st.just("revived"), CODE),
    st.tuples(st.just("merged"), CODE, CODE),
    st.tuples(st.just("split"), CODE, st.lists(NAME, max_size=3), st.booleans()),
    st.tuples(st.just("completed")),
)


def edited(book: Codebook, step: tuple) -> Codebook:  # type: ignore[type-arg]
    name, *given_ = step
    if name == "completed":
        return completed(book)
    if name == "with_facet":
        return editing.with_facet(book, Facet(given_[0], given_[1]))
    if name == "with_code":
        return editing.with_code(book, Code(given_[0], given_[1], given_[2], key=given_[3]))
    if name == "split":
        code = editing.code_called(book, given_[0])
        parts: list[Code] = []
        for part in given_[1]:
            parts.append(editing.part_of(book, code, part, [one.id for one in parts]))
        kept = replace(code, definition=code.definition + " narrower") if given_[2] else None
        return editing.split(book, given_[0], parts, kept)
    function: Callable[..., Codebook] = getattr(editing, name)
    return function(book, *given_)


@settings(max_examples=150)
@given(steps=st.lists(EDITS, max_size=12))
def test_any_sequence_of_edits_ends_in_a_codebook_without_faults_that_has_every_code_it_had(
    steps: list[tuple[object, ...]], book: Codebook
) -> None:
    for step in steps:
        before = book
        try:
            book = edited(book, step)
        except InputError:
            continue
        assert codebook_from(book.content)[1] == []
        assert {code.id for code in before.codes} <= {code.id for code in book.codes}
        assert len({code.id for code in book.codes}) == len(book.codes)
        assert from_toml(to_toml(book, 1).encode()) == (book, 1)
        shown = [node.code.id for facet in book.facets for node in walk(tree(book, facet.id))]
        assert sorted(shown) == sorted(code.id for code in book.codes)
        assert applied(before, book) == book.content


def applied(before: Codebook, after: Codebook) -> dict[str, object]:
    """The earlier codebook with the differences written into it: they must tell everything but the place of what is
    new and the order."""
    parts = {"facet": {part.id: part for part in before.facets}, "code": {part.id: part for part in before.codes}}
    news = {"facet": {part.id: part for part in after.facets}, "code": {part.id: part for part in after.codes}}
    for one in diff(before, after):
        if one.what == "added":
            parts[one.section][one.id] = news[one.section][one.id]  # type: ignore[assignment]
        elif one.what == "changed":
            parts[one.section][one.id] = replace(parts[one.section][one.id], **{one.field: one.after})
        else:
            assert one.what == "moved"
    facets = tuple(parts["facet"][facet.id] for facet in after.facets)
    codes = tuple(parts["code"][code.id] for code in after.codes)
    return Codebook(after.framework, facets, codes).content  # type: ignore[arg-type]


def ids(book: Codebook) -> list[str]:
    return [code.id for code in book.codes]


def test_a_code_is_added_behind_its_siblings_and_what_is_nested_in_them(book: Codebook) -> None:
    new = editing.with_code(book, Code("practice.tribute.cat", "practice", "Cat", parent="practice.tribute"))
    assert ids(new)[:3] == ["practice.tribute", "practice.tribute.dog", "practice.tribute.cat"]
    top = editing.with_code(new, Code("practice.art", "practice", "Art"))
    assert ids(top).index("practice.art") == ids(top).index("practice.thanks") + 1
    empty = editing.with_code(Codebook("", (Facet("f", "F"),)), Code("f.a", "f", "A"))
    assert ids(empty) == ["f.a"]


def test_what_is_nested_goes_along_into_another_facet(book: Codebook) -> None:
    moved = editing.placed(book, "practice.tribute", "stage")
    assert [moved.code(one).facet for one in ("practice.tribute", "practice.tribute.dog")] == ["stage", "stage"]
    assert [node.code.id for node in tree(moved, "stage")] == ["stage.adapt", "stage.other", "practice.tribute"]
    with pytest.raises(InputError, match=r"Cat tax: parent: the code is nested in itself"):
        editing.placed(book, "practice.tribute", "practice", "practice.tribute.dog")


def test_a_code_changes_places_with_its_siblings_and_takes_along_what_is_nested(book: Codebook) -> None:
    down = editing.shifted(book, "practice.tribute", 1)
    assert ids(down)[:3] == ["practice.welcome", "practice.tribute", "practice.tribute.dog"]
    assert editing.shifted(down, "practice.tribute", -1) == book
    assert editing.shifted(book, "practice.tribute", -1) is book
    assert [str(one) for one in diff(book, down)] == ["code practice.welcome moved"]


def test_merging_keeps_the_code_for_its_codings_and_names_its_heir(book: Codebook) -> None:
    new = editing.merged(book, "practice.tribute", "practice.welcome")
    assert new.merges == {"practice.tribute": "practice.welcome"}
    assert (new.code("practice.tribute").status, new.code("practice.tribute.dog").parent) == (
        "retired", "practice.welcome"
    )  # fmt: skip
    other = editing.merged(book, "practice.tribute", "stage.adapt")
    assert other.code("practice.tribute.dog").parent == ""
    inside = editing.merged(book, "practice.tribute", "practice.tribute.dog")
    assert (inside.code("practice.tribute.dog").parent, below(inside, "practice.tribute.dog")) == ("", ())
    with pytest.raises(InputError, match="merged into itself"):
        editing.merged(book, "practice.welcome", "practice.welcome")
    with pytest.raises(InputError, match=r"affect\.other: is retired"):
        editing.merged(book, "practice.welcome", "affect.other")
    with pytest.raises(InputError, match=r"no code 'practice\.welcom'; did you mean 'practice\.welcome'"):
        editing.merged(book, "practice.welcom", "practice.thanks")


def test_merging_into_what_is_deep_inside_makes_no_circle(book: Codebook) -> None:
    deep = editing.with_code(book, Code("d", "practice", "D", parent="practice.tribute.dog"))
    new = editing.merged(deep, "practice.tribute", "d")
    assert (new.code("d").parent, new.code("practice.tribute.dog").parent) == ("", "d")


def test_splitting_puts_the_parts_where_the_code_was(book: Codebook) -> None:
    code = book.code("practice.welcome")
    first = editing.part_of(book, code, "Greeting")
    second = editing.part_of(book, code, "Greeting", [first.id])
    assert (first.id, second.id, first.role) == ("practice.greeting", "practice.greeting-2", "welcome")
    new = editing.split(book, code.id, [first, second])
    assert ids(new)[2:5] == ["practice.welcome", "practice.greeting", "practice.greeting-2"]
    assert not new.code(code.id).active
    with pytest.raises(InputError, match="at least two new codes"):
        editing.split(book, code.id, [first])
    kept = replace(code, definition="says hello, and no more")
    assert editing.split(book, code.id, [first], kept).code(code.id) == kept
    with pytest.raises(InputError, match="must become narrower"):
        editing.split(book, code.id, [first], replace(code, name="Hello"))
    with pytest.raises(InputError, match="a code of this id already"):
        editing.split(book, code.id, [first, book.code("stage.adapt")])


def test_retiring_is_taken_back_and_gives_way_to_a_key_that_is_taken(book: Codebook) -> None:
    keyed = editing.with_code(book, replace(book.code("stage.adapt"), key="a"))
    gone = editing.retired(keyed, "stage.adapt")
    assert editing.revived(gone, "stage.adapt") == keyed
    taken = editing.with_code(gone, replace(book.code("stage.other"), key="a"))
    assert editing.revived(taken, "stage.adapt").code("stage.adapt").key == ""
    with pytest.raises(InputError, match="retired already"):
        editing.retired(gone, "stage.adapt")
    with pytest.raises(InputError, match="is in use"):
        editing.revived(keyed, "stage.adapt")


def test_an_id_says_the_name_in_any_script_and_is_never_taken(book: Codebook) -> None:
    assert editing.id_for(book, "practice", "Letter to Li Hua!") == "practice.letter-to-li-hua"
    assert editing.id_for(book, "practice", "猫税 🐈") == "practice.猫税"
    assert editing.id_for(book, "practice", "🐈") == "practice.code"
    assert editing.id_for(book, "practice", "Tribute") == "practice.tribute-2"
    assert editing.id_for(book, "practice", "Cat", "practice.tribute") == "practice.tribute.cat"
    made = editing.with_code(book, Code(editing.id_for(book, "practice", "x" * 500), "practice", "x" * 500))
    assert checked(made)


def test_anchors_are_items_that_were_captured(items: Items) -> None:
    found = editing.anchors_of(" rednote:p:aa1\nbb1, rednote:c:bb1 ", items)
    assert found == ("rednote:p:aa1", "rednote:c:bb1")
    assert editing.anchors_of(" \n", items) == ()
    with pytest.raises(InputError) as caught:
        editing.anchors_of("bb2 nobody aa1", items)
    assert [str(fault) for fault in caught.value.faults] == [
        "anchors: 'bb2' may be rednote:c:bb2 or tiktok:c:bb2; write which", "anchors: 'nobody' is no captured item"
    ]  # fmt: skip


def test_what_a_form_sends_is_kept_with_plain_newlines() -> None:
    assert editing.written(" a\r\nb\rc\0 ") == "a\nb\nc\ufffd"


def test_two_persons_changes_of_one_code_stand_together_where_they_do_not_clash() -> None:
    base = Code("a", "f", "A", definition="one", use_when="u")
    theirs = replace(base, definition="two", key="k")
    mine = replace(base, use_when="mine", definition="three")
    assert editing.reconciled(base, theirs, mine) == (replace(theirs, use_when="mine", definition="three"),
                                                      ("definition",))  # fmt: skip
    assert editing.reconciled(base, theirs, replace(base, definition="two")) == (theirs, ())


def test_every_active_code_gets_a_colour_and_a_key_as_long_as_there_are_any() -> None:
    book = completed(from_framework(framework("jing-zhang-2026")))
    assert checked(book)
    assert all(code.colour in PALETTE for code in book.codes)
    keys = [code.key for code in book.codes if code.key]
    assert len(set(keys)) == len(keys) == 54
    assert not set(keys) & RESERVED
    assert all(code.key for code in book.codes if not code.parent)
    stages = [code.colour for code in book.codes if code.facet == "stage"]
    assert len(set(stages)) == len(stages)
    assert completed(book) == book
    assert [book.code(f"practice.{name}").key for name in ("welcome", "letter", "art")] == ["w", "l", "s"]


def test_a_key_that_is_taken_is_not_proposed(book: Codebook) -> None:
    code = Code("practice.tea", "practice", "Tea (hot)")
    assert proposed_key(book, code) == "t"
    taken = editing.with_code(book, replace(book.code("stage.adapt"), key="t", colour=PALETTE[0]))
    assert proposed_key(taken, code) == "T"
    assert (proposed_colour(taken, "stage"), proposed_colour(taken, "practice")) == (PALETTE[1], PALETTE[0])


def test_an_edit_becomes_a_version_once_with_a_reason(tmp_path: Path, record: Record, book: Codebook) -> None:
    change(tmp_path, record, book, "A")
    gone, event = editing.retired(book, "stage.adapt"), uuid7(wall())
    with pytest.raises(InputError, match="reason: say why"):
        editing.keep(tmp_path, record, gone, based_on=1, actor="A", reason="  ")
    made = editing.keep(tmp_path, record, gone, based_on=1, actor="A", reason="unused", event_id=event)
    again = editing.keep(tmp_path, record, gone, based_on=1, actor="A", reason="unused", event_id=event)
    assert made == again == latest(record)
    assert (made.number, made.reason, len(versions(record))) == (2, "unused", 2)
    renamed = editing.renamed(gone, "stage.other", "Another")
    assert editing.keep(tmp_path, record, renamed, based_on=2, actor="A").number == 3
    with pytest.raises(ChangedMeanwhile, match="it is at version 3"):
        editing.keep(tmp_path, record, gone, based_on=2, actor="A", reason="x")


def test_a_hand_edit_is_taken_in_before_it_is_overwritten(tmp_path: Path, record: Record, book: Codebook) -> None:
    change(tmp_path, record, book, "A")
    file = tmp_path / "codebook.toml"
    file.write_text(file.read_text("utf-8").replace("Adaptation", "Adjusting"), "utf-8")
    with pytest.raises(ChangedMeanwhile, match='"Adaptation" -> "Adjusting"'):
        editing.keep(tmp_path, record, editing.renamed(book, "stage.other", "B"), based_on=1, actor="A")
    assert (found := latest(record)) is not None
    assert found.codebook.code("stage.adapt").name == "Adjusting"
