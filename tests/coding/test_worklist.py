"""What a change of the codebook touches, what it leaves to be looked at again, and who may be told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from resilens.coding import codebook_editing as editing
from resilens.coding.code_holdings import Held, items_holding
from resilens.coding.codebook import Codebook, change
from resilens.coding.codebook_consequences import touched
from resilens.coding.codebook_history import between, history, history_of
from resilens.coding.rounds import freeze, open_round, reveal
from resilens.coding.worklist import Due, worklist
from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.record.store import Record


def code(record: Record, coder: str, item: str, code_id: str, version: int = 1, round_id: str = "round-1") -> None:
    body = {"item_id": item, "code_id": code_id}
    record.append(Draft("coding.set", item, body, coder, "human", round_id, version))


@pytest.fixture
def coded(tmp_path: Path, record: Record, book: Codebook) -> Record:
    """Two coders, blind for each other, and a round read together."""
    change(tmp_path, record, book, "A")
    open_round(record, "round-1", "independent", ["A", "B"], "A")
    open_round(record, "round-2", "joint", ["A", "B"], "A")
    for coder, item, code_id, round_id in (
        ("A", "x:p:1", "practice.welcome", "round-1"), ("A", "x:p:2", "practice.welcome", "round-1"),
        ("B", "x:p:1", "practice.welcome", "round-1"), ("B", "x:p:1", "practice.welcome", "round-2"),
        ("A", "x:p:1", "stage.adapt", "round-1"),
    ):  # fmt: skip
        code(record, coder, item, code_id, round_id=round_id)
    return record


def test_what_is_touched_is_said_of_what_may_be_seen(coded: Record, book: Codebook) -> None:
    after = editing.merged(book, "practice.welcome", "practice.tribute")
    found = touched(coded, "A", book, after)
    assert found.codes == ("practice.welcome",)
    assert found.codings == (Held("practice.welcome", "round-1", "A", 2), Held("practice.welcome", "round-2", "B", 1))
    assert (found.n_codings, found.unseen, found.roles_idle, found.roles_lost) == (3, ("round-1",), ("welcome",), ())
    reveal(freeze(coded, "round-1", "A") and coded, "round-1", "A")
    assert touched(coded, "A", book, after).n_codings == 4


def test_what_is_said_does_not_depend_on_what_others_code_blind(coded: Record, book: Codebook) -> None:
    after = editing.retired(book, "practice.welcome")
    before = touched(coded, "A", book, after), worklist(coded, "A")
    code(coded, "B", "x:p:9", "practice.welcome")
    assert (touched(coded, "A", book, after), worklist(coded, "A")) == before


def test_decisions_nested_codes_and_roles_are_told(coded: Record, book: Codebook) -> None:
    decided = {"item_id": "x:p:1", "code_id": "practice.tribute", "applies": True}
    for round_id in ("round-1", "round-2"):
        coded.append(Draft("consensus.decided", "x:p:1", decided, "A", "human", round_id, 1))
    found = touched(coded, "A", book, editing.retired(book, "practice.tribute"))
    assert found.decisions == (Held("practice.tribute", "round-2", "consensus", 1),)
    assert (found.nested, found.roles_idle, found.roles_lost) == (("practice.tribute.dog",), (), ())
    lost = editing.with_code(book, replace(book.code("practice.welcome"), role=""))
    assert touched(coded, "A", book, lost).roles_lost == ("welcome",)


def test_codings_under_a_changed_definition_are_due_until_coded_anew(
    tmp_path: Path, coded: Record, book: Codebook
) -> None:
    assert worklist(coded, "A") == []
    new = editing.with_code(book, replace(book.code("practice.welcome"), definition="says hello to a newcomer"))
    change(tmp_path, coded, new, "A", reason="too wide")
    due = worklist(coded, "A")
    assert due == [
        Due("practice.welcome", "round-1", "A", "changed", (1,), 2, True),
        Due("practice.welcome", "round-2", "B", "changed", (1,), 1, True),
    ]
    assert items_holding(coded, "A", "practice.welcome", "round-1", "A", due[0].since) == ["x:p:1", "x:p:2"]
    code(coded, "A", "x:p:2", "practice.welcome", version=2)
    assert items_holding(coded, "A", "practice.welcome", "round-1", "A", due[0].since) == ["x:p:1"]
    with pytest.raises(InputError, match="round-1 is blind: what B coded in it"):
        items_holding(coded, "A", "practice.welcome", "round-1", "B")
    assert worklist(coded, "A", "practice.welcome")[0].n == 1
    assert worklist(coded, "A", "stage.adapt") == []
    change(tmp_path, coded, book, "A", reason="it was right")
    assert worklist(coded, "A")[0].since == (2,), "coded under what was meant in between"
    freeze(coded, "round-1", "A")
    assert not worklist(coded, "A")[0].open


def test_a_retired_code_is_due_unless_another_stands_for_it(tmp_path: Path, coded: Record, book: Codebook) -> None:
    change(tmp_path, coded, editing.retired(book, "stage.adapt"), "A", reason="unused")
    assert [(one.code_id, one.why) for one in worklist(coded, "A")] == [("stage.adapt", "retired")]
    change(tmp_path, coded, editing.merged(book, "stage.adapt", "stage.other"), "A", reason="the same")
    assert worklist(coded, "A") == []


def test_splitting_puts_all_earlier_codings_on_the_list(tmp_path: Path, coded: Record, book: Codebook) -> None:
    old = book.code("practice.welcome")
    parts = [editing.part_of(book, old, name) for name in ("Greeting", "Help")]
    change(tmp_path, coded, editing.split(book, old.id, parts), "A", reason="two things")
    assert sum(one.n for one in worklist(coded, "A")) == 3
    kept = replace(old, definition="only a greeting")
    change(tmp_path, coded, editing.split(book, old.id, parts[1:], kept), "A", reason="one is left")
    assert {(one.why, one.n) for one in worklist(coded, "A")} == {("changed", 2), ("changed", 1)}


def test_history_tells_each_version_and_each_code(tmp_path: Path, coded: Record, book: Codebook) -> None:
    new = editing.with_code(book, replace(book.code("practice.welcome"), definition="hello", anchors=("x:p:1",)))
    change(tmp_path, coded, new, "B", reason="shorter")
    change(tmp_path, coded, editing.retired(new, "stage.adapt"), "A", reason="unused")
    steps = history(coded)
    assert [(step.number, step.actor, step.reason, len(step.changes)) for step in steps] == [
        (3, "A", "unused", 1), (2, "B", "shorter", 2), (1, "A", "", 0)
    ]  # fmt: skip
    of = history_of(coded, "practice.welcome")
    assert [(step.number, [change.what for change in step.changes]) for step in of] == [
        (2, ["changed", "changed"]), (1, ["added"])
    ]  # fmt: skip
    assert of[0].changes == steps[1].changes
    assert between(coded, 1, 3) == [*steps[1].changes, *steps[0].changes]
    with pytest.raises(InputError, match="the other way round"):
        between(coded, 3, 1)
