"""Undo without limit: any acts, retries and undos leave what a stack of states would leave."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.coding.bench import standing, work_of

from resilens.coding.codes import Codebook
from resilens.coding.rounds import freeze
from resilens.coding.undoing import next_undone, undo
from resilens.coding.working import MARK, Work, nothing_applies, remove_code, set_code, take_back_nothing
from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.record.store import Record

Texts = Mapping[str, Mapping[str, str]]
POST, REPLY = "rednote:p:aa1", "rednote:c:bb1"
CODE = {"item_id": POST, "code_id": "practice.tribute"}

ITEMS = st.sampled_from([POST, REPLY])
MARKS = st.builds(
    lambda item, code, span: {"item_id": item, "code_id": code,
                              **({"field": "text", "start": span[0], "end": span[0] + span[1]} if span else {})},
    ITEMS, st.sampled_from(["practice.tribute", "practice.welcome"]),
    st.none() | st.tuples(st.integers(0, 1), st.integers(1, 2)),
)  # fmt: skip
ACTS = st.one_of(
    st.tuples(st.just("set"), MARKS, st.sampled_from([None, "", "why", "because"])),
    st.tuples(st.just("remove"), MARKS),
    st.tuples(st.just("nothing"), ITEMS),
    st.tuples(st.just("not_nothing"), ITEMS),
    st.tuples(st.just("undo")),
    st.tuples(st.just("again"), st.integers(0, 30)),
)

State = dict[str, dict[tuple[Any, ...], str]]


def key(mark: Mapping[str, Any]) -> tuple[Any, ...]:
    empty = {"code_id": "", "nothing_applies": False, "second_item": "", "field": "", "media_id": ""}
    return tuple({**empty, **mark}.get(name) for name in MARK)


NOTHING = {item: key({"item_id": item, "nothing_applies": True}) for item in (POST, REPLY)}


class Model:
    """What stands, and what stood before each act not yet undone."""

    def __init__(self) -> None:
        self.state: State = {}
        self.before: list[State] = []

    def do(self, act: tuple[Any, ...]) -> None:
        after = self.after(*act)
        if act[0] == "undo":
            self.state = self.before.pop() if self.before else self.state
        elif after != self.state:
            self.before.append(self.state)
            self.state = after

    def after(self, do: str, what: Any = None, memo: str | None = None) -> State:
        if do == "undo":
            return self.state
        item = what if isinstance(what, str) else what["item_id"]
        own = dict(self.state.get(item, {}))
        if do == "set":
            own[key(what)] = own.get(key(what), "") if memo is None else memo
            own.pop(NOTHING[item], None)
        elif do == "remove":
            own.pop(key(what), None)
        elif do == "nothing":
            own = own or {NOTHING[item]: ""}
        else:
            own.pop(NOTHING[item], None)
        rest = {name: codings for name, codings in self.state.items() if name != item}
        return {**rest, item: own} if own else rest


def done(work: Work, act: tuple[Any, ...], name: UUID) -> None:
    """The act in the record; that nothing cannot apply to what is coded is what the model says too."""
    match act:
        case ("set", mark, memo):
            set_code(work, mark, memo, name)
        case ("remove", mark):
            remove_code(work, mark, name)
        case ("nothing", item):
            try:
                nothing_applies(work, item, name)
            except InputError as error:
                assert "nothing cannot apply" in str(error)  # noqa: PT017
        case ("not_nothing", item):
            take_back_nothing(work, item, name)
        case ("undo",):
            undo(work, name)


@settings(max_examples=80, deadline=None)
@given(acts=st.lists(ACTS, max_size=25))
def test_any_acts_undos_and_retries_leave_what_a_stack_of_states_leaves(
    book: Codebook, texts: Texts, acts: list[tuple[Any, ...]]
) -> None:
    model = Model()
    with tempfile.TemporaryDirectory() as folder, Record.open(Path(folder) / "work.sqlite") as record:
        work = work_of(record, book, texts)
        other = work_of(record, book, texts, "jon")
        set_code(other, CODE)
        stored: list[tuple[tuple[Any, ...], UUID]] = []
        for act in acts:
            if act[0] == "again":  # any stored act may be handed in again, however late
                if stored:
                    done(work, *stored[act[1] % len(stored)])
            else:
                name = uuid4()
                done(work, act, name)
                model.do(act)
                if record.event(name):
                    stored.append((act, name))
            assert standing(work) == model.state
            assert bool(next_undone(record, "mei", "round-1")) == bool(model.before)
        while model.before:
            undo(work)
            model.do(("undo",))
            assert standing(work) == model.state
        assert undo(work) is None
        assert standing(work) == {}
        assert list(standing(other)) == [POST]
        assert record.verify(views=True).sound


@pytest.fixture
def work(record: Record, book: Codebook, texts: Texts) -> Work:
    return work_of(record, book, texts)


def test_an_undo_stands_on_the_record_and_names_what_it_undid(work: Work) -> None:
    nothing_applies(work, POST)
    act = uuid4()
    set_code(work, CODE, "why", act)
    undone = undo(work)
    assert undone is not None
    assert undone.item_id == POST
    assert [(event.kind, (event.body or {})["undoes"]) for event in undone.events] == [
        ("coding.set", str(act)), ("coding.removed", str(act)),
    ]  # fmt: skip
    assert [row["nothing_applies"] for row in work.own([POST])] == [True]


def test_what_comes_back_comes_back_whole_under_the_codebook_of_then(work: Work) -> None:
    later = Work(work.record, work.round, "mei", work.book, 7, work.may_read, work.find)
    set_code(work, CODE, "why")
    (before,) = work.own([POST])
    set_code(later, CODE, "because")
    remove_code(later, CODE)
    undo(later)
    assert [(row["memo"], row["codebook_version"]) for row in work.own([POST])] == [("because", 7)]
    undo(later)
    (after,) = work.own([POST])
    same = ("memo", "codebook_version", "text_sha256", "coder", "round_id", "coding")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_what_was_imported_or_written_otherwise_is_not_undone(work: Work) -> None:
    set_code(work, CODE)
    imported = {"item_id": REPLY, "code_id": "practice.welcome"}
    work.record.append(Draft("coding.set", REPLY, imported, "mei", "import", "round-1"))
    work.record.append(Draft("memo.written", "m", {"memo_id": "m", "text": "x"}, "mei", round_id="round-1"))
    assert undo(work) is not None
    assert list(standing(work)) == [REPLY]
    assert undo(work) is None


def test_a_code_that_left_the_codebook_cannot_come_back(work: Work) -> None:
    set_code(work, CODE)
    remove_code(work, CODE)
    smaller = Codebook("", work.book.facets, work.book.codes[2:])
    with pytest.raises(InputError, match="is in the codebook no more"):
        undo(Work(work.record, work.round, "mei", smaller, 2, work.may_read, work.find))


def test_nothing_is_undone_in_a_round_that_is_over(work: Work) -> None:
    set_code(work, CODE)
    freeze(work.record, "round-1", "mei")
    with pytest.raises(InputError, match="is frozen"):
        undo(work)


def test_a_thousand_undos_leap_over_what_they_undid(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(30):
        set_code(work, CODE)
        remove_code(work, CODE)
    asked = []
    latest = Record.latest
    monkeypatch.setattr(Record, "latest", lambda *given: (asked.append(1), latest(*given))[1])
    for _ in range(60):
        undo(work)
    assert len(asked) <= 3 * 60
    assert undo(work) is None
