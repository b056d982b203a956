"""The codebook: what must hold of it, its file, its versions, and the two staying one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.coding.codebook import (
    ChangedMeanwhile,
    Code,
    Codebook,
    Facet,
    begin,
    change,
    changed_since,
    changed_since_each,
    diff,
    latest,
    synchronise,
    versions,
)
from resilens.coding.codebook_file import from_toml, to_toml
from resilens.coding.codes import from_framework
from resilens.errors import InputError
from resilens.record.clock import uuid7, wall
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.study.frameworks import framework, names


def faults(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [str(fault) for fault in error.value.faults]


def test_every_framework_that_ships_begins_a_valid_codebook() -> None:
    for name in names():
        codebook = from_framework(framework(name))
        assert from_toml(to_toml(codebook, 3).encode()) == (codebook, 3)
        assert codebook.codes


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@given(name=TEXT.filter(str.strip), definition=TEXT, example=TEXT, anchors=st.lists(TEXT, max_size=3).map(tuple))
def test_any_text_survives_the_file(name: str, definition: str, example: str, anchors: tuple[str, ...]) -> None:
    code = Code("a", "f", name, definition=definition, example=example, anchors=anchors, second_item=True)
    codebook = Codebook("x", (Facet("f", name),), (code,))
    read, version = from_toml(to_toml(codebook, 12).encode())
    assert (read, version) == (codebook, 12)
    assert read.sha256 == codebook.sha256


def test_codes_are_found_by_id_name_chinese_name_and_role(book: Codebook) -> None:
    def ids(name: str, facet: str = "") -> list[str]:
        return [code.id for code in book.called(name, facet)]

    for name in ("practice.tribute", "cat TAX", "cat_tax", "猫税", "tribute", "practice:Cat tax", "实践：猫税"):
        assert ids(name) == ["practice.tribute"], name
    assert ids("thanks") == ["affect.thanks", "practice.thanks"]
    assert ids("thanks", "affect") == ids("affect:thanks") == ids("gratitude") == ["affect.thanks"]
    assert ids("adapt") == ids("adapt", "stage") == ["stage.adapt"]
    assert ids("Other") == ["stage.other"], "the retired one gives way"
    assert ids("nobody") == []


def test_all_faults_of_a_hand_edited_file_come_with_their_lines() -> None:
    source = """version = 1
[[facet]]
id = "practice"
name = "Practice"

[[code]]
id = "tribute"
facet = "practise"
name = "Cat tax"
role = "tribut"
colour = "red"

[[code]]
id = "tribute"
facet = "practice"
name = 5
definiton = "x"

[[code]]
id = "loop"
facet = "practice"
name = "Loop"
parent = "loop"
key = "tt"
status = "gone"
"""
    with pytest.raises(InputError) as caught:
        from_toml(source.encode())
    assert faults(caught) == [
        "codebook.toml:8: code[1].facet: no facet 'practise'; did you mean 'practice'?",
        "codebook.toml:10: code[1].role: unknown role 'tribut'; did you mean 'tribute'?",
        "codebook.toml:11: code[1].colour: 'red' is no colour; write it as #1f77b4",
        "codebook.toml:16: code[2].name: expected text in quotation marks, not 5",
        "codebook.toml:17: code[2].definiton: unknown key; did you mean 'definition'?",
        "codebook.toml:23: code[3].parent: the code is nested in itself",
        "codebook.toml:24: code[3].key: 'tt' is not one key",
        "codebook.toml:25: code[3].status: 'gone' is no status; active or retired",
    ]


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"[[code]\n", "not TOML"), (b"\xff\xfe", "not UTF-8"), (b"code = 3\n", "write each under [[code]]"),
     (b'version = "2"\n', "expected a whole number"), (b"codes = []\n", "unknown key; did you mean 'code'?")],
)  # fmt: skip
def test_a_file_that_is_no_codebook_is_refused_in_words(raw: bytes, words: str) -> None:
    with pytest.raises(InputError, match=r"codebook\.toml:1") as caught:
        from_toml(raw)
    assert words in str(caught.value)


def test_a_codebook_begins_from_a_framework_and_is_written(tmp_path: Path, record: Record) -> None:
    with pytest.raises(InputError, match="no codebook yet"):
        synchronise(tmp_path, record)
    codebook = synchronise(tmp_path, record, framework("boh-2023"))
    assert codebook == from_framework(framework("boh-2023"))
    assert from_toml((tmp_path / "codebook.toml").read_bytes()) == (codebook, 1)
    assert [str(version) for version in versions(record)] == [
        "version 1, 2025-05-01, by file, 3 codes: begun from the framework boh-2023"
    ]
    with pytest.raises(InputError, match="already"):
        begin(tmp_path, record, framework("boh-2023"))


def test_synchronising_twice_changes_nothing(tmp_path: Path, record: Record) -> None:
    synchronise(tmp_path, record, framework("boh-2023"))
    written, events = (tmp_path / "codebook.toml").read_bytes(), len(list(record.events()))
    synchronise(tmp_path, record, framework("boh-2023"))
    assert (tmp_path / "codebook.toml").read_bytes() == written
    assert len(list(record.events())) == events


def test_a_hand_edit_becomes_a_version_of_the_actor_file(tmp_path: Path, record: Record) -> None:
    synchronise(tmp_path, record, framework("boh-2023"))
    file = tmp_path / "codebook.toml"
    file.write_text(file.read_text("utf-8").replace('"Adaptation"', '"Adjusting"'), "utf-8")
    assert synchronise(tmp_path, record).code("stage.adaptation").name == "Adjusting"
    newest = versions(record)[-1]
    assert (newest.number, newest.actor, newest.actor_kind) == (2, "file", "file")
    assert newest.reason == 'edited by hand: code stage.adaptation: name "Adaptation" -> "Adjusting"'
    assert "version = 2" in file.read_text("utf-8")


def test_comments_in_the_file_are_left_alone(tmp_path: Path, record: Record) -> None:
    synchronise(tmp_path, record, framework("boh-2023"))
    file = tmp_path / "codebook.toml"
    file.write_text(file.read_text("utf-8") + "\n# ask Mei\n", "utf-8")
    synchronise(tmp_path, record)
    assert "# ask Mei" in file.read_text("utf-8")
    assert len(versions(record)) == 1


def test_a_stale_or_missing_file_is_written_from_the_record(tmp_path: Path, record: Record, book: Codebook) -> None:
    file = tmp_path / "codebook.toml"
    change(tmp_path, record, book, "A")
    old = file.read_bytes()
    second = change(tmp_path, record, replace(book, codes=book.codes[:4]), "A", reason="fewer")
    file.write_bytes(old)  # killed between the record and the file
    assert synchronise(tmp_path, record) == second.codebook
    assert "version = 2" in file.read_text("utf-8")
    file.unlink()
    assert synchronise(tmp_path, record) == second.codebook
    assert from_toml(file.read_bytes()) == (second.codebook, 2)
    assert len(versions(record)) == 2


def test_an_edit_of_an_older_version_is_refused(tmp_path: Path, record: Record, book: Codebook) -> None:
    file = tmp_path / "codebook.toml"
    change(tmp_path, record, book, "A")
    edited = file.read_text("utf-8").replace("Dog tax", "Hound tax")
    change(tmp_path, record, replace(book, codes=book.codes[:4]), "A")
    file.write_text(edited, "utf-8")
    with pytest.raises(InputError, match="edited from version 1, but the record is at version 2"):
        synchronise(tmp_path, record)
    assert file.read_text("utf-8") == edited
    file.write_text(edited.replace("version = 1", "version = 2"), "utf-8")
    assert synchronise(tmp_path, record).code("practice.tribute.dog").name == "Hound tax"
    assert len(versions(record)) == 3


def test_a_code_that_codings_hold_is_retired_not_deleted(tmp_path: Path, record: Record, book: Codebook) -> None:
    change(tmp_path, record, book, "A")
    coding = {"item_id": "x:p:1", "code_id": "stage.adapt"}
    record.append(Draft("coding.set", "x:p:1", coding, "A", "human", "round-1", 1))
    fewer = replace(book, codes=tuple(code for code in book.codes if code.id != "stage.adapt"))
    with pytest.raises(InputError, match=r"codebook: stage\.adapt: .* \(1\).*retired"):
        change(tmp_path, record, fewer, "A")
    (tmp_path / "codebook.toml").write_text(to_toml(fewer, 1), "utf-8")
    with pytest.raises(InputError, match=r"codebook\.toml: stage\.adapt"):
        synchronise(tmp_path, record)
    retired = replace(book, codes=tuple(replace(code, status="retired") if code.id == "stage.adapt" else code
                                        for code in book.codes))  # fmt: skip
    assert change(tmp_path, record, retired, "A").number == 2


def test_differences_read_as_sentences(tmp_path: Path, record: Record, book: Codebook) -> None:
    change(tmp_path, record, book, "A")
    codes = (book.codes[1], replace(book.codes[0], parent="", definition="a picture of a cat"), *book.codes[2:7],
             Code("affect.joy", "affect", "Joy", key="j"))  # fmt: skip
    new = Codebook("", book.facets, codes)
    assert [str(change) for change in diff(book, new)] == [
        'code practice.tribute: definition (empty) -> "a picture of a cat"',
        "code affect.joy added",
        "code practice.thanks removed",
        "code relation.compares removed",
        "code practice.tribute.dog moved",
    ]
    assert diff(book, book) == []
    change(tmp_path, record, new, "A")
    assert changed_since(record, 1) == {"practice.tribute"}
    assert changed_since(record, 2) == frozenset()
    placed = replace(codes[0], role="", facet="stage", parent="")
    change(tmp_path, record, replace(new, codes=(placed, *codes[1:])), "A")
    assert changed_since_each(record) == {number: changed_since(record, number) for number in (1, 2, 3)}
    assert changed_since_each(record)[1] == {"practice.tribute", "practice.tribute.dog"}


def test_a_wrong_codebook_is_never_appended(tmp_path: Path, record: Record) -> None:
    wrong = Codebook("", (Facet("f", "F"),), (Code("a", "g", "A", role="nobody"), Code("none", "f", "N")))
    with pytest.raises(InputError) as caught:
        change(tmp_path, record, wrong, "A")
    assert len(caught.value.faults) == 3
    assert latest(record) is None


def test_a_retired_code_may_name_the_code_it_was_merged_into(tmp_path: Path, record: Record, book: Codebook) -> None:
    def merged(into: dict[str, str], status: str = "retired") -> Codebook:
        codes = (replace(code, status=status, merged_into=into[code.id]) if code.id in into else code
                 for code in book.codes)  # fmt: skip
        return replace(book, codes=tuple(codes))

    two = merged({"stage.adapt": "stage.other", "stage.other": "practice.welcome"})
    assert two.merges == {"stage.adapt": "practice.welcome", "stage.other": "practice.welcome"}
    begun = change(tmp_path, record, two, "A")
    assert synchronise(tmp_path, record) == begun.codebook == two
    for wrong, words in (
        (merged({"stage.adapt": "stage.othr"}), "did you mean 'stage.other'"),
        (merged({"stage.adapt": "stage.other"}, "active"), 'status = "retired"'),
        (merged({"stage.adapt": "stage.other", "stage.other": "stage.adapt"}), "merged into itself"),
    ):
        with pytest.raises(InputError, match=words):
            change(tmp_path, record, wrong, "A")


def test_a_form_sent_twice_makes_one_version(tmp_path: Path, record: Record, book: Codebook) -> None:
    change(tmp_path, record, book, "A")
    fewer, event = replace(book, codes=book.codes[:4]), uuid7(wall())
    first = change(tmp_path, record, fewer, "A", based_on=1, event_id=event)
    change(tmp_path, record, book, "B", based_on=2)
    assert change(tmp_path, record, fewer, "A", based_on=1, event_id=event) == first
    assert [version.number for version in versions(record)] == [1, 2, 3]
    other = record.append(Draft("quoting.set", "x", {"item_id": "x", "status": "free"}, "A")).event_id
    with pytest.raises(InputError, match="identifier of a different event"):
        change(tmp_path, record, fewer, "A", event_id=other)


def test_a_form_made_from_an_older_version_is_told_what_changed(tmp_path: Path, record: Record, book: Codebook) -> None:
    change(tmp_path, record, book, "A")
    change(tmp_path, record, replace(book, codes=book.codes[:4]), "B", based_on=1)
    words = r"B changed the codebook meanwhile.* code stage\.other removed"
    with pytest.raises(ChangedMeanwhile, match=words) as caught:
        change(tmp_path, record, replace(book, codes=book.codes[:3]), "A", based_on=1)
    assert (caught.value.base.number, caught.value.current.number) == (1, 2)
    assert len(versions(record)) == 2


def test_no_number_is_given_twice(tmp_path: Path, record: Record, book: Codebook) -> None:
    change(tmp_path, record, book, "A")

    def rename(number: int) -> int:
        code = replace(book.codes[0], name=f"name {number}")
        return change(tmp_path, record, replace(book, codes=(code, *book.codes[1:])), f"coder {number}").number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(rename, range(24)))
    assert sorted(numbers) == list(range(2, 26))
    assert (version := latest(record)) is not None
    synchronise(tmp_path, record)  # threads may have written the file in another order
    assert from_toml((tmp_path / "codebook.toml").read_bytes()) == (version.codebook, 25)
