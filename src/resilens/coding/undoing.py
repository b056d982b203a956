"""Which act of a coder comes next to be undone, and what was there before it?

Undo walks back over the coder's own acts in a round, the latest first, without limit, and puts each item's codings back
as they were, memos and all. It is an act itself and stays on the record. Whatever was done between an act and its undo
was undone before, so the walk leaps from an undo to what it undid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from resilens.coding.working import KINDS, MARK, Work, events_of, key_of, perform
from resilens.errors import Fault, InputError
from resilens.record.events import Draft, Event
from resilens.record.store import Record


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did.

    Parameters
    ----------
    item_id
        The item whose codings it put back.
    events
        The events that did so.
    """

    item_id: str
    events: tuple[Event, ...]


def undo(work: Work, act: UUID | None = None) -> Undone | None:
    """Undo the coder's latest act in this round that was not undone yet.

    Parameters
    ----------
    act
        The identifier of the undo, made by the client, so that it may ask again.

    Returns
    -------
    Undone or None
        None where nothing is left to undo.

    Raises
    ------
    InputError
        If the round is not open, its consensus has begun, or a code that would come back is in the codebook no more.
    """

    def decide() -> list[Draft]:
        events = next_undone(work.record, work.coder, work.round.id)
        return [_put_back(work, event, events[0].seq) for event in reversed(events)]

    stored = perform(work, act, lambda event: bool(event.body and event.body.get("undoes")), decide)
    return Undone(stored[0].subject, tuple(stored)) if stored else None


def next_undone(record: Record, coder: str, round_id: str) -> list[Event]:
    """The events of the act that the next undo takes back; empty where there is none."""
    act = next_act(record, coder, round_id)
    return events_of(record, act) if act else []


def next_act(record: Record, coder: str, round_id: str) -> UUID | None:
    """The act that the next undo takes back; None where there is none."""
    undone: set[str] = set()
    before: int | None = None
    while event := record.latest(coder, round_id, before, "human"):  # what a table brought is no act
        before = event.seq
        body = event.body or {}
        act, undoes = body.get("act"), body.get("undoes")
        if event.kind not in KINDS or not act:
            continue
        if undoes:
            undone.add(undoes)
            taken_back = record.event(undoes)
            before = min(before, taken_back.seq) if taken_back else before
        elif act not in undone:
            return UUID(act)
    return None


def _put_back(work: Work, event: Event, seq: int) -> Draft:
    """What gives a coding the state it had before the act that began at `seq`, under the codebook of then."""
    body = event.body
    assert body is not None  # its act was found through its body
    earlier = _last_before(work, event, seq)
    if earlier is None:
        mark: dict[str, Any] = {name: body[name] for name in MARK}
        return Draft("coding.removed", event.subject, {**mark, "undoes": body["act"]}, work.coder, "human",
                     work.round.id, work.version)  # fmt: skip
    held = earlier.body
    assert held is not None
    if held["code_id"] and held["code_id"] not in work.book:
        raise InputError(Fault(f"{held['code_id']} is in the codebook no more and cannot come back", "undo"))
    back = {**{name: held[name] for name in MARK}, "text_sha256": held["text_sha256"], "memo": held["memo"]}
    return Draft("coding.set", event.subject, {**back, "undoes": body["act"]}, work.coder, "human", work.round.id,
                 earlier.codebook_version)  # fmt: skip


def _last_before(work: Work, event: Event, seq: int) -> Event | None:
    """The event that had set the same coding before `seq`, unless it was removed meanwhile; of one item's events."""
    assert event.body is not None
    wanted, found = key_of(event.body), None
    for earlier in work.record.events(subject=event.subject):
        if earlier.seq >= seq:
            break
        if earlier.kind in KINDS and earlier.body and (earlier.actor, earlier.round_id) == (work.coder, work.round.id):
            same = key_of(earlier.body) == wanted
            found = (earlier if earlier.kind == "coding.set" else None) if same else found
    return found


def touched(events: Sequence[Event]) -> list[str]:
    """The items that events are about, each once."""
    return list(dict.fromkeys(event.subject for event in events if event.subject))
