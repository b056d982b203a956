"""Which codes everything downstream takes: agreement, decisions, what is missing, what was read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resilens.coding.codings import CODINGS, FINAL, codings, final, read_items
from resilens.coding.rounds import freeze, open_round, opening
from resilens.errors import InputError
from resilens.record.events import ActorKind, Draft
from resilens.record.store import Record

SPAN = {"field": "text", "text_sha256": "0" * 64}
REASON = {"reason": "talked it over"}


class Desk:
    """Codes and decides in a record; a code of "" says that nothing applies."""

    def __init__(self, record: Record, round_id: str = "round-1") -> None:
        self.record, self.round_id = record, round_id
        record.append(opening(round_id, "independent", ["A", "B"], "import", "import"))

    def code(self, coder: str, item: str, code: str, kind: ActorKind = "import", **more: Any) -> None:
        body = {"item_id": item, "code_id": code, "nothing_applies": not code, **more}
        self.record.append(Draft("coding.set", item, body, coder, kind, self.round_id, 1))

    def decide(self, item: str, code: str, applies: bool | None, **more: Any) -> None:
        body = {"item_id": item, "code_id": code, "nothing_applies": not code, "applies": applies, **REASON, **more}
        self.record.append(Draft("consensus.decided", item, body, "A", "human", self.round_id, 1))


@pytest.fixture
def desk(record: Record) -> Desk:
    return Desk(record)


def applied(table: Any) -> list[tuple[str, str, str]]:
    return [(row["item_id"], row["code_id"], row["settled"]) for row in table.to_pylist()]


def test_codings_come_as_one_long_table(desk: Desk) -> None:
    desk.code("B", "i2", "b")
    desk.code("A", "i2", "a", start=0, end=2, **SPAN)
    desk.code("A", "i1", "")
    table = codings(desk.record)
    assert table.schema == CODINGS
    assert list(zip(*(table[name].to_pylist() for name in ("coder", "item_id", "code_id", "start")), strict=True)) == [
        ("A", "i1", "", None), ("A", "i2", "a", 0), ("B", "i2", "b", None),
    ]  # fmt: skip
    assert codings(desk.record, coder="B").num_rows == 1
    assert codings(desk.record, "round-9").num_rows == 0
    assert read_items(desk.record, "round-1", "A") == ["i1", "i2"]


def test_where_coders_agree_consensus_settles_itself_and_the_rest_is_missing(desk: Desk) -> None:
    desk.code("A", "i1", "a")
    desk.code("A", "i1", "b")
    desk.code("B", "i1", "a")
    desk.code("A", "i2", "")
    desk.code("B", "i2", "")
    desk.code("A", "i3", "c")
    found = final(desk.record)
    assert applied(found.table) == [("i1", "a", "agreed"), ("i3", "c", "single")]
    assert found.table.schema == FINAL
    assert found.unresolved.to_pylist() == [
        {"item_id": "i1", "code_id": "b", "second_item": "", "given_by": "A", "not_by": "B", "round_id": "round-1"}
    ]
    assert (found.agreed, found.decided, found.single, found.read) == (1, 0, 1, ("i1", "i2", "i3"))
    assert found.presence(["a"]) == {"i1": True, "i2": False, "i3": False}
    assert found.presence(["b"]) == {"i1": None, "i2": False, "i3": False}
    assert found.presence(["a", "b"])["i1"] is True
    assert found.presence([]) == {"i1": False, "i2": False, "i3": False}
    assert found.sentence == (
        "Two coders (A and B) read three items: one code agreed, 0 decided, 1 given by the only coder of the item, "
        "and 1 unresolved and missing."
    )


def test_decisions_settle_the_rest_and_the_last_one_holds(desk: Desk) -> None:
    for code in "abcd":
        desk.code("A", "i1", code)
    desk.code("B", "i1", "e")
    desk.decide("i1", "a", True)
    desk.decide("i1", "b", False)
    desk.decide("i1", "c", True)
    desk.decide("i1", "c", None)
    desk.decide("i1", "e", False)
    desk.decide("i1", "f", True)
    found = final(desk.record)
    assert applied(found.table) == [("i1", "a", "decided"), ("i1", "f", "decided")]
    assert [row["code_id"] for row in found.unresolved.to_pylist()] == ["c", "d"]
    assert (found.agreed, found.decided) == (0, 4)
    desk.decide("i1", "", True)
    nothing = final(desk.record)
    assert (nothing.table.num_rows, nothing.read) == (0, ("i1",))


def test_a_decision_about_an_item_nobody_read_changes_nothing(desk: Desk) -> None:
    desk.code("A", "i1", "a")
    desk.decide("i9", "a", True)
    assert final(desk.record).read == ("i1",)


def test_the_same_span_is_kept_and_different_spans_agree_on_the_item(desk: Desk) -> None:
    for coder in "AB":
        desk.code(coder, "i1", "a", start=0, end=3, **SPAN)
        desk.code(coder, "i2", "a", start=0, end=3 + (coder == "B"), **SPAN)
        desk.code(coder, "i3", "a", start=0, end=3 + (coder == "B"), **SPAN)
    desk.decide("i3", "a", True, start=0, end=4, **SPAN)
    rows = [(row["item_id"], row["field"], row["start"], row["end"]) for row in final(desk.record).table.to_pylist()]
    assert rows == [("i1", "text", 0, 3), ("i2", "", None, None), ("i3", "text", 0, 4)]


def test_a_span_struck_by_decision_counts_as_not_given(desk: Desk) -> None:
    desk.code("A", "i1", "a", start=0, end=3, **SPAN)
    desk.code("B", "i1", "b")
    desk.decide("i1", "a", False, start=0, end=3, **SPAN)
    found = final(desk.record)
    assert found.presence(["a"]) == {"i1": False}
    assert found.decided == 1


def test_relations_are_agreed_on_with_their_second_item(desk: Desk) -> None:
    desk.code("A", "i1", "r", second_item="i2")
    desk.code("B", "i1", "r", second_item="i3")
    assert [row["second_item"] for row in final(desk.record).unresolved.to_pylist()] == ["i2", "i3"]


def test_one_coder_is_said_to_be_one(desk: Desk) -> None:
    assert final(desk.record).sentence == "No item was coded."
    desk.code("A", "i1", "a")
    found = final(desk.record)
    assert found.sentence == "One coder (A) read one item; there is no second coding to agree with."
    assert (found.single, found.agreed, found.coders) == (1, 0, ("A",))


def test_a_machine_is_never_a_human_coder(desk: Desk) -> None:
    desk.code("A", "i1", "a")
    desk.code("model", "i1", "b", "machine")
    assert final(desk.record).coders == ("A",)
    assert applied(final(desk.record, "model").table) == [("i1", "b", "single")]


def test_a_coders_own_codings_ignore_decisions(desk: Desk) -> None:
    desk.code("A", "i1", "a")
    desk.code("B", "i1", "")
    desk.decide("i1", "a", True)
    assert final(desk.record, "B").presence(["a"]) == {"i1": False}
    assert final(desk.record).presence(["a"]) == {"i1": True}
    with pytest.raises(InputError, match="nobody called 'C' has coded"):
        final(desk.record, "C")


def test_the_latest_round_of_an_item_counts(desk: Desk) -> None:
    for item in ("i1", "i2"):
        for coder in "AB":
            desk.code(coder, item, "a")
    later = Desk(desk.record, "round-2")
    for coder in "AB":
        later.code(coder, "i1", "b")
    assert applied(final(desk.record).table) == [("i1", "b", "agreed"), ("i2", "a", "agreed")]
    assert applied(final(desk.record, round_id="round-1").table) == [("i1", "a", "agreed"), ("i2", "a", "agreed")]


def test_a_blind_round_tells_nothing(desk: Desk) -> None:
    desk.code("A", "i1", "a")
    open_round(desk.record, "round-2", "independent", ["A", "B"], "A")
    desk.round_id = "round-2"
    desk.code("A", "i1", "b", "human")
    desk.code("B", "i1", "b", "human")
    assert applied(final(desk.record).table) == [("i1", "a", "single")]
    assert final(desk.record).blind == ("round-2",)
    for basis in ("consensus", "B"):
        with pytest.raises(InputError, match="round-2 is independent and still open"):
            final(desk.record, basis, "round-2")
    with pytest.raises(InputError, match="in a round that is no longer blind"):
        final(desk.record, "B")
    freeze(desk.record, "round-2", "A")
    assert applied(final(desk.record).table) == [("i1", "b", "agreed")]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


MARKS = st.dictionaries(st.sampled_from(["i1", "i2", "i3"]), st.frozensets(st.sampled_from("abc")), max_size=3)


@settings(max_examples=15, deadline=None)
@given(by_coder=st.dictionaries(st.sampled_from("ABC"), MARKS, max_size=3))
def test_final_is_what_every_reader_says(by_coder: dict[str, dict[str, frozenset[str]]], folder: Path) -> None:
    """The definition, item by item and code by code, beside the implementation."""
    drafts = [opening("round-1", "independent", ["A", "B", "C"], "import", "import")]
    for coder, marks in by_coder.items():
        for item, codes in marks.items():
            for code in sorted(codes) or [""]:
                body = {"item_id": item, "code_id": code, "nothing_applies": not code}
                drafts.append(Draft("coding.set", item, body, coder, "import", "round-1", 1))
    with tempfile.TemporaryDirectory(dir=folder) as name, Record.open(Path(name) / "w.sqlite") as record:
        record.append_all(drafts)
        found = final(record)
    assert set(found.read) == {item for marks in by_coder.values() for item in marks}
    for code in "abc":
        presence = found.presence([code])
        for item in found.read:
            says = {code in marks[item] for marks in by_coder.values() if item in marks}
            assert presence[item] is (says.pop() if len(says) == 1 else None)
