"""Nobody is told of another's work in an independent round before it is revealed."""

from __future__ import annotations

from resilens.coding import rounds
from resilens.coding.sight import seen, still_blind, turned_blind, unrevealed
from resilens.record.store import Draft, Record


def code(record: Record, coder: str, round_id: str) -> None:
    record.append(Draft("coding.set", "p:1", {"item_id": "p:1", "code_id": "a"}, coder, round_id=round_id))


def coders_seen_by(record: Record, viewer: str) -> list[str]:
    return [row["coder"] for row in seen(record, viewer, record.view("codings"))]


def test_what_others_did_is_seen_once_it_is_revealed(record: Record) -> None:
    rounds.open_round(record, "round-1", "independent", ["mei", "jon"], "mei")
    for name in ("mei", "jon"):
        code(record, name, "round-1")
    assert coders_seen_by(record, "mei") == ["mei"]
    assert coders_seen_by(record, "someone") == []
    rounds.freeze(record, "round-1", "mei")
    assert coders_seen_by(record, "jon") == ["jon"]
    rounds.reveal(record, "round-1", "mei")
    assert coders_seen_by(record, "jon") == ["mei", "jon"]


def test_a_joint_round_hides_nothing_and_what_has_no_round_is_shared(record: Record) -> None:
    rounds.open_round(record, "together", "joint", ["mei", "jon"], "mei")
    code(record, "jon", "together")
    assert coders_seen_by(record, "mei") == ["jon"]
    record.append(Draft("memo.written", "m", {"memo_id": "m", "text": "seen"}, "jon"))
    assert seen(record, "mei", record.view("memos"))


def test_a_memo_kept_in_a_round_is_hidden_with_it(record: Record) -> None:
    rounds.open_round(record, "round-1", "independent", ["mei", "jon"], "mei")
    record.append(Draft("memo.written", "m", {"memo_id": "m", "text": "hmm"}, "jon", round_id="round-1"))
    assert not seen(record, "mei", record.view("memos"))
    assert seen(record, "jon", record.view("memos"))


def test_whether_a_round_is_blind_does_not_tell_whether_anybody_coded(record: Record) -> None:
    rounds.open_round(record, "round-1", "independent", ["mei", "jon"], "mei")
    assert still_blind(record) == ("round-1",)
    code(record, "jon", "round-1")
    assert (still_blind(record), unrevealed(record)) == (("round-1",), ())
    rounds.freeze(record, "round-1", "mei")
    assert (still_blind(record), unrevealed(record)) == ((), ("round-1",))
    rounds.reveal(record, "round-1", "mei")
    assert (still_blind(record), unrevealed(record)) == ((), ())


def test_codings_from_a_table_were_in_one_hand_before(record: Record) -> None:
    rounds.open_round(record, "round-1", "independent", ["mei", "jon"], "mei")
    body = {"item_id": "p:1", "code_id": "a"}
    record.append(Draft("coding.set", "p:1", body, "jon", "import", round_id="round-1"))
    assert still_blind(record) == ()
    rounds.freeze(record, "round-1", "mei")
    assert unrevealed(record) == ()


def test_a_round_from_a_table_turns_blind_once_somebody_codes_in_it(record: Record) -> None:
    rounds.open_round(record, "round-1", "independent", ["mei", "jon"], "mei")
    draft = Draft("coding.set", "p:1", {"item_id": "p:1", "code_id": "a"}, "mei", "import", "round-1")
    record.append(draft)
    assert turned_blind(record) == ()
    code(record, "jon", "round-1")
    assert turned_blind(record) == ("round-1",)
    rounds.freeze(record, "round-1", "mei")
    assert turned_blind(record) == ()
