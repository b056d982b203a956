"""The study's codebook goes out and comes back: the same ids, nothing changed, and what is edited elsewhere is seen."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resilens.coding import codebook as kept
from resilens.coding.codes import Code, Codebook, Facet, checked
from resilens.errors import InputError
from resilens.exchange.code_tree import CodeNode, CodeSet, CodeTree, guid_from
from resilens.exchange.codebook_in import import_codebook, proposal_of, propose_codebook
from resilens.exchange.codebook_out import export_qdc, losses_of, tree_of
from resilens.exchange.descriptions import LABELS, description_of, fields_of
from resilens.exchange.qdc_reading import tree_from
from resilens.exchange.qdc_writing import to_qdc
from resilens.exchange.safe_xml import writable
from resilens.record.store import Record
from resilens.study.frameworks import framework

TEXT = st.one_of(
    st.sampled_from(["[Use when] x", "a\n\n[Id] b", " [Role] c", "\n\n", "行\n尾", "👩‍👩‍👧 مرحبا",
                     "a\r\nb", "\x07 bell", "x" * 2000]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)  # fmt: skip


def lines(text: str) -> str:
    """A text with its newlines as the record has them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.dictionaries(st.sampled_from(["definition", *LABELS]), TEXT.map(lines).filter(bool)), st.just("x.y"))
def test_any_fields_come_back_out_of_one_description(fields: dict[str, str], code_id: str) -> None:
    fields["id"] = code_id
    assert {"definition": ""} | fields == fields_of(description_of(fields))


def test_a_description_of_another_program_is_a_definition_and_nothing_else() -> None:
    assert fields_of("what it is\n\n[Use when] not ours") == {"definition": "what it is\n\n[Use when] not ours"}


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    """Codebooks with hard texts in every field."""
    facets = tuple(Facet(f"f{number}", draw(TEXT.filter(str.strip)), draw(TEXT), draw(TEXT)) for number in range(2))
    codes: list[Code] = []
    for number in range(draw(st.integers(0, 6))):
        facet = draw(st.sampled_from(facets)).id
        above = draw(st.sampled_from(["", *(code.id for code in codes if code.facet == facet)]))
        texts = {name: draw(TEXT) for name in ("definition", "use_when", "not_when", "example", "source", "name_zh")}
        status = draw(st.sampled_from(["active", "retired"]))
        role, second = draw(st.sampled_from(["", "welcome"])), draw(st.booleans())
        codes.append(Code(f"{facet}.c{number}", facet, draw(TEXT.filter(str.strip)), parent=above, status=status,
                          second_item=second, role=role, **texts))  # fmt: skip
    return checked(Codebook("", facets, tuple(codes)))


@given(codebooks())
def test_what_we_exported_changes_nothing_and_is_the_same_bytes(book: Codebook) -> None:
    raw = to_qdc(tree_of(book, "A study"))
    tree, notes = tree_from(raw)
    assert notes == ()
    proposal = proposal_of(tree, book, "A study", "a.qdc")
    assert (proposal.changes, proposal.left_alone, proposal.refused) == ((), (), ())
    assert to_qdc(tree_of(proposal.codebook, "A study")) == raw


@given(codebooks())
def test_another_study_gets_the_same_codes_with_the_same_ids(book: Codebook) -> None:
    taken = proposal_of(tree_from(to_qdc(tree_of(book, "A study")))[0], Codebook(), "Another", "a.qdc")
    assert not taken.refused
    assert {code.id for code in taken.codebook.codes} == {code.id for code in book.codes}
    told = {code.id: code for code in taken.codebook.codes}
    for code in book.codes:
        for name in ("name", "definition", "use_when", "not_when", "example", "source", "name_zh"):
            assert getattr(told[code.id], name) == writable(lines(getattr(code, name)))
        for name in ("facet", "parent", "role", "second_item", "status"):
            assert getattr(told[code.id], name) == getattr(code, name)


NAME = TEXT.filter(str.strip)
FOREIGN = st.recursive(
    st.tuples(NAME, st.just([])), lambda inner: st.tuples(NAME, st.lists(inner, max_size=3)), max_leaves=12
)


@given(st.lists(FOREIGN, min_size=1, max_size=4), TEXT.filter(lambda text: "[Id] " not in text))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_importing_the_same_file_again_changes_nothing(book: Codebook, shape: list, words: str) -> None:  # type: ignore[type-arg]
    count = iter(range(1000))

    def node(named: tuple[str, list]) -> CodeNode:  # type: ignore[type-arg]
        guid = guid_from("foreign", str(next(count)))
        return CodeNode(guid, named[0], words, children=tuple(map(node, named[1])))

    tree = CodeTree("Other 2.0", tuple(map(node, shape)))
    first = proposal_of(tree, book, "A study", "o.qdc")
    assert not first.refused
    assert len(first.new) == next(count)
    assert all(code_id.startswith("imported.") for code_id in first.new)
    again = proposal_of(tree, first.codebook, "A study", "o.qdc")
    assert again.changes == ()
    ours = tree_of(first.codebook, "A study")
    guids = {node.guid for node, _ in ours.walk()}
    assert {node.guid for node, _ in tree.walk()} <= guids, "they leave with the GUIDs they came with"
    assert proposal_of(ours, first.codebook, "A study", "o.qdc").changes == ()


def test_every_field_of_a_code_comes_back_and_anchors_do_not_leave(tmp_path: Path, book: Codebook, study: str) -> None:
    path = tmp_path / "c.qdc"
    losses = export_qdc(path, book, study)
    assert "rednote:p:aa1" not in path.read_text(encoding="utf-8")
    assert "anchors of practice.tribute: left out, for they are ids of the platform" in losses
    assert any("retired" in loss for loss in losses)
    assert losses == losses_of(book)
    there = propose_codebook(path, Codebook(), "Another").codebook
    assert there.codes == tuple(replace(code, anchors=()) for code in sorted(
        book.codes, key=lambda code: [one.id for one in there.codes].index(code.id)))  # fmt: skip


def edited(book: Codebook, study: str, old: str, new: str) -> CodeTree:
    raw = to_qdc(tree_of(book, study)).decode()
    assert old in raw
    return tree_from(raw.replace(old, new).encode())[0]


def test_what_was_edited_elsewhere_is_a_change_of_that_field(book: Codebook, study: str) -> None:
    renamed = proposal_of(edited(book, study, 'name="Cat tax"', 'name="Tribute"'), book, study, "e.qdc")
    assert [str(change) for change in renamed.changes] == ['code practice.tribute: name "Cat tax" -> "Tribute"']
    meant = proposal_of(edited(book, study, "A cat is shown.", "Any animal."), book, study, "e.qdc")
    assert [(change.field, change.of_meaning) for change in meant.changes] == [("use_when", True)]
    assert "codings made before may need a second look" in str(meant)
    coloured = proposal_of(edited(book, study, ' color="#aa00ff"', ""), book, study, "e.qdc")
    assert coloured.changes == (), "a colour that another program dropped is no change"


def test_a_facet_renamed_elsewhere_is_renamed_here(book: Codebook, study: str) -> None:
    tree = edited(book, study, 'name="Practice"', 'name="Practices"')
    changes = proposal_of(replace(tree, origin="NVivo"), book, study, "e.qdc").changes
    assert [str(change) for change in changes] == ['facet practice: name "Practice" -> "Practices"']


def test_a_new_code_of_another_program_goes_where_it_stands(book: Codebook, study: str) -> None:
    tree = tree_of(book, study)
    affect = replace(tree.codes[1], children=(*tree.codes[1].children, CodeNode(guid_from("j"), "Joy", "glad")))
    merged = proposal_of(CodeTree("NVivo", (tree.codes[0], affect)), book, study, "e.qdc").codebook
    joy = merged.code("affect.joy")
    assert (joy.facet, joy.parent, joy.definition) == ("affect", "", "glad")
    assert joy.source == f"e.qdc (NVivo), guid {guid_from('j')}"


def test_values_that_cannot_be_are_left_out_with_a_note(book: Codebook, study: str) -> None:
    for old, new, said in (
        ("[Role] tribute", "[Role] kingly", "no role"),
        ("[Status] retired", "[Status] gone", "no status"),
        ("[Key] c", "[Key] cc", "not one key"),
    ):
        proposal = proposal_of(edited(book, study, old, new), book, study, "e.qdc")
        assert not proposal.refused
        assert said in str(proposal)


def test_a_flat_file_of_ours_keeps_facets_and_parents(book: Codebook, study: str) -> None:
    flat = CodeTree("ATLAS.ti", tuple(
        CodeNode(node.guid, node.name) for node, _ in tree_of(book, study).walk() if node.codable))  # fmt: skip
    proposal = proposal_of(flat, book, study, "flat.qdc")
    assert proposal.changes == ()
    assert proposal.left_alone == ("practice.old",)


def test_a_copied_code_and_a_new_one_find_their_places(book: Codebook, study: str) -> None:
    tree = tree_of(book, study)
    practice = tree.codes[0]
    new = CodeNode(guid_from("n"), "新的")
    copy = replace(practice.children[0], guid=guid_from("copy"), name="Cat tax, too", children=(new,))
    practice = replace(practice, children=(*practice.children, copy))
    proposal = proposal_of(replace(tree, codes=(practice, *tree.codes[1:])), book, study, "e.qdc")
    assert not proposal.refused
    assert proposal.new == ("practice.cat-tax-too", "practice.新的")
    assert proposal.codebook.code("practice.新的").parent == "practice.cat-tax-too"
    assert "the key 'c' toggles another code" in str(proposal)


def test_names_that_are_no_ids_get_unique_ones() -> None:
    names = ["🐈", "🐈", "Other", "other", "A_b c!", "x" * 200, "ملاحظة"]
    tree = CodeTree("X", (CodeNode(guid_from("t"), "Top", "", False, "", tuple(
        CodeNode(guid_from(str(number)), name) for number, name in enumerate(names))),))  # fmt: skip
    proposal = proposal_of(tree, Codebook(), "A study", "x.qdc")
    assert not proposal.refused
    assert proposal.new == ("imported.top", "imported.code", "imported.top.code", "imported.other",
                            "imported.top.other", "imported.a-b-c", f"imported.{'x' * 48}",
                            "imported.ملاحظة")  # fmt: skip
    assert "that one folder cannot be coded with" in "\n".join(proposal.losses)


def test_a_program_that_makes_new_guids_at_every_export_is_recognised_by_name_and_place() -> None:
    first = proposal_of(CodeTree("A", (CodeNode(guid_from("1"), "x", "old"),)), Codebook(), "A study", "a.qdc")
    again = proposal_of(CodeTree("A", (CodeNode(guid_from("2"), "x", "new"),)), first.codebook, "A study", "a.qdc")
    assert [change.field for change in again.changes] == ["definition"]
    assert "by name and place" in "\n".join(again.notes)


def test_codes_are_in_the_sets_of_the_file_and_stay_in_others(book: Codebook, study: str) -> None:
    tribute, dog, folder = (guid_from(kind, study, name) for kind, name in (
        ("code", "practice.tribute"), ("code", "practice.tribute.dog"), ("facet", "practice")))  # fmt: skip
    ours = tree_of(book, study)
    assert {(one.name, one.members) for one in ours.sets} == {
        ("Gifts", (tribute, guid_from("code", study, "practice.old"))), ("=Rites & cats", (tribute,))
    }  # fmt: skip
    given = (("Gifts", "Given away.", dog), ("New\none", "", tribute), ("Folders", "", folder))
    sets = tuple(CodeSet(guid_from(name), name, words, (code,)) for name, words, code in given)
    proposal = proposal_of(replace(ours, sets=sets), book, study, "a.qdc")
    assert {code.id: code.sets for code in proposal.codebook.codes if code.sets} == {
        "practice.tribute": ("=Rites & cats", "New one"), "practice.tribute.dog": ("Gifts",)
    }  # fmt: skip
    assert proposal.losses == ("what sets of codes say of themselves: 'Gifts'",
                               "sets without a code of this study: 'Folders'")  # fmt: skip
    assert 'sets "Gifts, =Rites & cats" -> "=Rites & cats, New one"' in str(proposal)
    assert proposal_of(replace(ours, sets=()), book, study, "a.qdc").changes == ()


def test_an_import_is_one_version_on_the_record(tmp_path: Path, record: Record, book: Codebook, study: str) -> None:
    kept.change(tmp_path, record, book, "ann")
    tree = edited(book, study, 'name="Cat tax"', 'name="Tribute"')
    proposal = proposal_of(tree, book, study, "e.qdc")
    version = import_codebook(tmp_path, record, proposal)
    assert version is not None
    assert (version.number, version.actor_kind) == (2, "import")
    assert version.reason.startswith("imported from e.qdc (Resilens ")
    assert 'name = "Tribute"' in (tmp_path / "codebook.toml").read_text(encoding="utf-8")
    assert import_codebook(tmp_path, record, proposal_of(tree, version.codebook, study, "e.qdc")) is None
    with pytest.raises(InputError, match="has changed since"):
        import_codebook(tmp_path, record, proposal)


def test_what_would_break_the_codebook_is_refused(tmp_path: Path, record: Record, book: Codebook, study: str) -> None:
    practice, affect, empty = tree_of(book, study).codes
    moved = replace(practice.children[0], children=())
    tree = CodeTree("", (affect, replace(empty, children=(moved,))))
    proposal = proposal_of(tree, book, study, "e.qdc")
    assert "of another facet" in str(proposal)
    assert record.view("codebooks") == []
    with pytest.raises(InputError, match="of another facet"):
        import_codebook(tmp_path, record, proposal)


def test_ten_thousand_codes_take_seconds() -> None:
    codes = tuple(CodeNode(guid_from(str(number)), f"code {number % 2}", "d" * 100) for number in range(10_000))
    tree = CodeTree("X", codes)
    started = time.perf_counter()
    proposal = proposal_of(tree, Codebook(), "A study", "x.qdc")
    raw = to_qdc(tree_of(proposal.codebook, "A study"))
    assert proposal_of(tree_from(raw)[0], proposal.codebook, "A study", "x.qdc").changes == ()
    assert time.perf_counter() - started < 20
    print(f"10,000 codes in, out, in: {time.perf_counter() - started:.1f} s")


@pytest.mark.parametrize("name", ["jing-zhang-2026", "boh-2023"])
def test_the_frameworks_go_out_and_come_back(name: str) -> None:
    from resilens.coding.codes import from_framework

    book = from_framework(framework(name))
    assert proposal_of(tree_of(book, "s"), book, "s", "f.qdc").changes == ()


@pytest.mark.shared
def test_real_files_come_in_twice_and_the_second_time_changes_nothing(shared: Path) -> None:
    book = Codebook()
    for path in sorted((shared / "refi").glob("*.qdc")):
        proposal = propose_codebook(path, book, "A study")
        assert not proposal.refused
        book = proposal.codebook
        assert propose_codebook(path, book, "A study").changes == ()
    assert [code.id for code in book.codes] == ["imported.code1", "imported.xsd-element-name", "imported.codebook",
                                                "imported.variables"]  # fmt: skip
