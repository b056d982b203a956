"""Acts as data: each is saved or refused for itself; notes, arguments, groups and being finished among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from tests.coding.bench import work_of

from resilens.coding.acts import Group, Outcome, perform, perform_all
from resilens.coding.codes import Codebook
from resilens.coding.noting import is_finished, overrule
from resilens.coding.rounds import freeze
from resilens.coding.working import Work
from resilens.errors import InputError
from resilens.record.events import Event
from resilens.record.store import Record

Texts = Mapping[str, Mapping[str, str]]
POST, REPLY = "rednote:p:aa1", "rednote:c:bb1"


@pytest.fixture
def work(record: Record, book: Codebook, texts: Texts) -> Work:
    return work_of(record, book, texts)


def act(do: str, **more: Any) -> dict[str, Any]:
    return {"act": str(uuid4()), "do": do, **more}


def do(work: Work, *acts: Mapping[str, Any]) -> list[Outcome]:
    def decided(given: Group) -> list[Event]:
        return overrule(work.record, given.author, work.coder, group=given.group, actor_type=given.actor_type,
                        reason=given.reason, groups=["refugees", "natives"], authors=["a1"], act=given.act)  # fmt: skip

    return perform_all(work, acts, decided)


def said(outcome: Outcome) -> str:
    return "; ".join(map(str, outcome.faults))


def test_a_refused_act_does_not_stop_the_next_and_all_may_be_sent_again(work: Work) -> None:
    acts = [
        act("set", item_id=POST, code_id="practice.tribute", field="text", start=0, end=2, memo="why"),
        act("set", item_id=POST, code_id="practice.unheard"),
        act("nothing", item_id=REPLY),
        act("remove", item_id=POST, code_id="practice.tribute", field="text", start=0, end=2),
        act("not_nothing", item_id=REPLY),
        act("set", item_id=REPLY, code_id="practice.welcome"),
    ]
    first = do(work, *acts)
    assert [outcome.saved for outcome in first] == [True, False, True, True, True, True]
    assert [outcome.items for outcome in first] == [(POST,), (POST,), (REPLY,), (POST,), (REPLY,), (REPLY,)]
    stored = list(work.record.events())
    assert do(work, *acts) == first
    assert list(work.record.events()) == stored
    assert [row["code_id"] for row in work.own([POST, REPLY])] == ["practice.welcome"]


@pytest.mark.parametrize(("given", "words"), [
    ({"do": "set", "item_id": POST, "code_id": "x"}, "act: Field required"),
    ({"act": "no uuid", "do": "finish"}, "act: "),
    ({"act": str(uuid4())}, "discriminator"),
    ({"act": str(uuid4()), "do": "dance"}, "does not match any of the expected tags"),
    ({"act": str(uuid4()), "do": "set", "item_id": POST, "code_id": "stage.adapt", "start": "soon"}, "start: "),
    ({"act": str(uuid4()), "do": "set", "item_id": POST, "code_id": "stage.adapt", "who": "jon"}, "who: Extra inputs"),
    ({"act": str(uuid4()), "do": "set", "item_id": POST, "code_id": "stage.adapt", "memo": "\ud800"}, "surrogates"),
    ({"act": "\ud800", "do": "set", "item_id": "\ud800", "code_id": "\ud800"}, "surrogates"),
    ({"act": [], "do": {}, "item_id": 3}, ""),
])  # fmt: skip
def test_what_is_no_act_is_refused_in_words(work: Work, given: dict[str, Any], words: str) -> None:
    (outcome,) = do(work, given)
    assert not outcome.saved
    assert words in said(outcome)
    outcome.act.encode()
    assert work.record.count("codings") == 0


def test_notes_are_kept_in_the_round_changed_and_taken_back_by_whoever_wrote_them(
    work: Work, book: Codebook, texts: Texts
) -> None:
    note = act("note", memo_id="m1", about=[POST], text="a cat")
    assert [outcome.saved for outcome in do(work, note, note)] == [True, True]
    assert [(row["text"], row["round_id"], row["type"], row["about"]) for row in work.record.view("memos")] == [
        ("a cat", "round-1", "memo", [POST])
    ]
    jon = work_of(work.record, book, texts, "jon")
    (outcome,) = do(jon, act("note", memo_id="m1", about=[], text="mine"))
    assert "not yours to change" in said(outcome)
    (outcome,) = do(jon, note)
    assert "identifier of a different act" in said(outcome)
    do(work, act("note", memo_id="m1", about=[POST], text="two cats"), act("note", memo_id="m1", about=[], text=" "))
    assert work.record.view("memos") == []
    before = len(list(work.record.events()))
    do(work, act("note", memo_id="m1", about=[], text=""))
    assert len(list(work.record.events())) == before


def test_arguments_belong_to_a_round_read_together(work: Work, book: Codebook, texts: Texts) -> None:
    (outcome,) = do(work, act("argue", memo_id="m", about=[POST], text="since"))
    assert "read independently" in said(outcome)
    joint = work_of(work.record, book, texts, "jon", "joint", "round-2")
    acts = [act("argue", memo_id="m", about=[POST], text="since"),
            act("changed_mind", memo_id="n", about=[POST, "practice.tribute"], text="Mei is right")]  # fmt: skip
    assert all(outcome.saved for outcome in do(joint, *acts))
    assert [(row["type"], row["actor"]) for row in work.record.view("memos")] == [
        ("argument", "jon"), ("change_of_mind", "jon"),
    ]  # fmt: skip
    freeze(work.record, "round-2", "mei")
    (outcome,) = do(joint, act("argue", memo_id="o", about=[], text="too late"))
    assert "round-2 is frozen" in said(outcome)


def test_a_coder_is_finished_and_resumes(work: Work) -> None:
    finish = act("finish")
    do(work, finish, act("finish"), finish)
    assert is_finished(work.record, "round-1", "mei")
    assert not is_finished(work.record, "round-1", "jon")
    do(work, act("resume"), finish)  # the first one, sent late, is not done anew
    assert not is_finished(work.record, "round-1", "mei")
    assert [event.kind for event in work.record.events()][1:] == ["coder.finished", "coder.resumed"]


def test_a_group_is_overruled_with_a_reason_and_left_to_the_rules_again(work: Work) -> None:
    group = act("group", author="a1", group="natives", actor_type="creator", reason="says so")
    assert all(outcome.saved for outcome in do(work, group, group))
    (row,) = work.record.view("groups")
    assert (row["group"], row["actor_type"], row["reason"], row["actor"]) == ("natives", "creator", "says so", "mei")
    do(work, {**group, "act": str(uuid4())})
    assert len(list(work.record.events("group.assigned"))) == 1
    (outcome,) = do(work, act("group", author="a2", group="native", actor_type="bot"))
    assert [fault.where for fault in outcome.faults] == ["author", "group", "actor_type", "reason"]
    assert "did you mean 'natives'" in said(outcome)
    do(work, act("group", author="a1", reason="the rules know better"))
    assert work.record.view("groups") == []
    do(work, act("group", author="a1", group="unknown", reason="cannot be told"))
    assert work.record.view("groups")[0]["group"] == "unknown"


def test_a_record_that_cannot_be_written_is_no_fault_of_the_act(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    from resilens.record.sqlite import StorageError

    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(Record, "append_decided", full)
    with pytest.raises(InputError, match="the disk is full"):
        perform(work, act("nothing", item_id=POST), lambda _: [])
