"""Memos are shared or kept in their round, and only who wrote one changes it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from resilens.coding.memos import memo_of, memos, remove, write
from resilens.coding.rounds import freeze, open_round, reveal
from resilens.errors import InputError
from resilens.record.store import Record


def test_a_memo_is_written_once_changed_and_taken_back(record: Record) -> None:
    event = uuid4()
    for _ in range(2):
        memo = write(record, "Cats are a passport.", "mei", title=" Cats ", about=["i1", "", "i1", "claim:tribute"],
                     event_id=event)  # fmt: skip
    assert (memo.title, memo.about, memo.type, memo.actor) == ("Cats", ("i1", "claim:tribute"), "memo", "mei")
    assert len(list(record.events("memo.written"))) == 1
    changed = write(record, "A passport, and a joke.", "mei", memo_id=memo.id, type="theory")
    assert (changed.id, changed.text, changed.type) == (memo.id, "A passport, and a joke.", "memo")
    assert memos(record, "jon") == [changed]
    for verb in (lambda: write(record, "no", "jon", memo_id=memo.id), lambda: remove(record, memo.id, "jon")):
        with pytest.raises(InputError, match="only mei changes it"):
            verb()
    gone = uuid4()
    for _ in range(2):
        remove(record, memo.id, "mei", event_id=gone)
    assert memos(record, "mei") == []
    with pytest.raises(InputError, match="no memo"):
        memo_of(record, memo.id, "mei")


def test_what_is_kept_in_a_blind_round_is_told_once_it_is_revealed(record: Record) -> None:
    open_round(record, "round-1", "independent", ["mei", "jon"], "mei")
    kept = write(record, "A guess of my own", "mei", round_id="round-1", about=["i1"])
    shared = write(record, "What we both know", "jon", type="theory")
    argument = write(record, "It is a receipt", "mei", round_id="round-1", type="argument", memo_id=kept.id)
    assert (argument.round_id, argument.type) == ("round-1", "memo")
    assert memos(record, "jon") == [shared]
    with pytest.raises(InputError, match="no memo"):
        memo_of(record, kept.id, "jon")
    freeze(record, "round-1", "mei")
    assert memos(record, "jon") == [shared]
    reveal(record, "round-1", "mei")
    assert [memo.text for memo in memos(record, "jon")] == ["It is a receipt", "What we both know"]
    assert memos(record, "jon", round_id="round-1") == [argument]


def test_arguments_belong_to_a_round_one_reads_in(record: Record) -> None:
    open_round(record, "together", "joint", ["mei", "jon"], "mei")
    write(record, "because of the picture", "mei", type="change_of_mind", round_id="together", about=["i1"])
    assert [memo.type for memo in memos(record, "jon", round_id="together")] == ["change_of_mind"]
    for more, words in (({"type": "argument"}, "belongs to a round"), ({"type": "theroy"}, "did you mean 'theory'"),
                        ({"round_id": "togther"}, "did you mean 'together'"), ({"text": "  "}, "needs words"),
                        ({"actor": "eve", "round_id": "together"}, "does not read in together")):  # fmt: skip
        with pytest.raises(InputError, match=words):
            write(record, **({"text": "x", "actor": "mei"} | more))
