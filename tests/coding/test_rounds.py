"""Rounds: who may open, freeze and reveal, and who sees what meanwhile."""

from __future__ import annotations

import pytest

from resilens.coding.rounds import blind, freeze, next_name, open_round, reveal, round_of, rounds
from resilens.errors import InputError
from resilens.record.clock import uuid7, wall
from resilens.record.events import ActorKind, Draft
from resilens.record.store import Record


def code(record: Record, coder: str, round_id: str = "round-1", kind: ActorKind = "human") -> None:
    record.append(Draft("coding.set", "x:p:1", {"item_id": "x:p:1", "code_id": "a"}, coder, kind, round_id))


def test_a_round_goes_from_open_over_frozen_to_revealed(record: Record) -> None:
    opened = open_round(record, "round-1", "independent", ["A", "B"], "A", items=["x:p:1"], title="first")
    assert (opened.open, opened.items, opened.title) == (True, ("x:p:1",), "first")
    with pytest.raises(InputError, match="round-1 is open; only a round that is frozen can be revealed"):
        reveal(record, "round-1", "A")
    assert freeze(record, "round-1", "A", "done").state == "frozen"
    with pytest.raises(InputError, match="round-1 is frozen; only a round that is open can be frozen"):
        freeze(record, "round-1", "A")
    assert reveal(record, "round-1", "A").state == "revealed"
    with pytest.raises(InputError, match="changes no more"):
        open_round(record, "round-1", "independent", ["A", "B", "C"], "A")


def test_nobody_sees_anothers_codings_until_the_round_is_revealed(record: Record) -> None:
    seen = []
    for step in (lambda: open_round(record, "round-1", "independent", ["A", "B"], "A"),
                 lambda: freeze(record, "round-1", "A"), lambda: reveal(record, "round-1", "A")):  # fmt: skip
        found = step()
        seen.append((found.may_see("A", "A"), found.may_see("A", "B"), found.may_see("lead", "B")))
    assert seen == [(True, False, False), (True, False, False), (True, True, True)]
    assert open_round(record, "round-2", "joint", ["A", "B"], "A").may_see("A", "B")


def test_a_round_is_blind_while_open_unless_all_came_from_tables(record: Record) -> None:
    opened = open_round(record, "round-1", "independent", ["A", "B"], "A")
    code(record, "A", kind="import")
    assert not blind(record, opened)
    code(record, "B")
    assert blind(record, opened)
    assert not blind(record, freeze(record, "round-1", "A"))
    joint = open_round(record, "round-2", "joint", ["A", "B"], "A")
    code(record, "A", "round-2")
    assert not blind(record, joint)


def test_only_a_lead_decides_where_leads_are_declared(record: Record) -> None:
    with pytest.raises(InputError, match="B cannot open a round: A may"):
        open_round(record, "round-1", "independent", ["A", "B"], "B", leads=["A"])
    open_round(record, "round-1", "independent", ["A", "B"], "A", leads=["A"])
    with pytest.raises(InputError, match="B cannot freeze"):
        freeze(record, "round-1", "B", leads=["A"])
    freeze(record, "round-1", "A", leads=["A"])
    with pytest.raises(InputError, match="B cannot reveal"):
        reveal(record, "round-1", "B", leads=["A"])


def test_an_open_round_may_be_stated_anew_but_not_against_its_coders(record: Record) -> None:
    open_round(record, "round-1", "independent", ["A"], "A")
    open_round(record, "round-2", "joint", ["A"], "A")
    code(record, "A")
    assert open_round(record, "round-1", "independent", ["A", "B"], "A").coders == ("A", "B")
    assert [found.id for found in rounds(record)] == ["round-1", "round-2"]
    with pytest.raises(InputError, match="A coded in round-1 and cannot be left out"):
        open_round(record, "round-1", "independent", ["B"], "A")
    with pytest.raises(InputError, match="round-1 is independent and stays so"):
        open_round(record, "round-1", "joint", ["A", "B"], "A")


@pytest.mark.parametrize("coders", [[], ["A", "A"], ["A", " "], ["A", "consensus"]])
def test_a_round_needs_coders(record: Record, coders: list[str]) -> None:
    with pytest.raises(InputError, match="a round needs coders"):
        open_round(record, "round-1", "independent", coders, "A")


def test_a_round_that_is_not_there_is_named_with_the_nearest(record: Record) -> None:
    open_round(record, "round-1", "independent", ["A"], "A")
    with pytest.raises(InputError, match="no round 'round1'; did you mean 'round-1'"):
        round_of(record, "round1")
    with pytest.raises(InputError, match="needs a name"):
        open_round(record, " ", "joint", ["A"], "A")


def test_a_form_sent_twice_does_it_once(record: Record) -> None:
    first, second, third = (uuid7(wall()) for _ in range(3))
    for _ in range(2):
        open_round(record, "round-1", "independent", ["A", "B"], "A", new=True, event_id=first)
    for _ in range(2):
        assert freeze(record, "round-1", "A", "done", event_id=second).state == "frozen"
    for _ in range(2):
        assert reveal(record, "round-1", "A", event_id=third).state == "revealed"
    assert len(list(record.events())) == 3
    with pytest.raises(InputError, match="identifier of a different event"):
        freeze(record, "round-1", "A", event_id=third)


def test_a_new_round_needs_a_new_name(record: Record) -> None:
    assert next_name(record) == "round-1"
    open_round(record, "round-2", "independent", ["A"], "A", new=True)
    assert next_name(record) == "round-3"
    with pytest.raises(InputError, match="there is a round round-2 already"):
        open_round(record, "round-2", "independent", ["A", "B"], "A", new=True)


def test_a_round_that_is_read_together_has_nothing_to_reveal(record: Record) -> None:
    open_round(record, "round-1", "joint", ["A", "B"], "A")
    freeze(record, "round-1", "A")
    with pytest.raises(InputError, match="see each other's codings all along"):
        reveal(record, "round-1", "A")
