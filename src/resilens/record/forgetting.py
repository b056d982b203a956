"""Which events speak of an item or an author to be forgotten, and how do they go without taking other work along?

Events *about* it are erased. Events about something else that name it (a codebook with it as an example, a round that
lists it, a memo, a claim) are said again without the name, by the same actor, and then erased: what is in force stays
in force. The chain verifies throughout, and a kill between two steps leaves nothing that a second run would not finish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from resilens.record.events import Draft, Event
from resilens.record.kinds import KINDS
from resilens.record.store import Record

ABOUT = ("item_id", "second_item", "comment_id", "author", "item")
"""Keys of a body that say what an event is about."""

LINKED = "item"
"""Such a key that may hold the platform's own id as well."""

ORDERED = {"capture.added": "captures", "sample.drawn": "draws"}
"""Kinds whose order matters: one said again takes those behind it along."""

_STEPS = ("round.frozen", "round.revealed")


@dataclass(frozen=True, slots=True)
class Mentions:
    """Events that speak of what is to be forgotten: `about` it, and `others` that name it."""

    about: tuple[Event, ...]
    others: tuple[Event, ...]

    def __len__(self) -> int:
        return len(self.about) + len(self.others)


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def mentions(
    record: Record, names: frozenset[str], touches: Callable[[str], bool], natives: frozenset[str] = frozenset()
) -> Mentions:
    """Find them.

    Parameters
    ----------
    record
        The record; read once.
    names
        Ids of items and pseudonyms of the author.
    touches
        Whether a text holds a trace.
    natives
        The platform's ids of the items.
    """
    about, others = [], []
    for event in record.events():
        if event.body is None or event.kind == "event.erased":
            continue
        if event.subject in names or event.body.get(LINKED) in natives or _is_about(event.body, names):
            about.append(event)
        elif touches(event.subject) or any(map(touches, strings(event.body))):
            others.append(event)
    return Mentions(tuple(about), tuple(others))


def _is_about(body: Mapping[str, Any], names: frozenset[str]) -> bool:
    if any(body.get(key) in names for key in ABOUT):
        return True
    memo = body.get("about") or ()
    return bool(memo) and all(name in names for name in memo)


def forget(record: Record, found: Mentions, renewed: Callable[[Event], Mapping[str, Any]], actor: str, reason: str,
           again: frozenset[str] = frozenset()) -> int:  # fmt: skip
    """Say again what must stay in force, then destroy the events found.

    Parameters
    ----------
    renewed
        The body of an event without the traces.
    actor, reason
        Who erases, and why; the reason must not name anyone.
    again
        Kinds of `ORDERED` whose events are all said again, because `renewed` changes them although they name nothing.

    Returns
    -------
    int
        How many events were destroyed.
    """
    drafts = [_said_again(event, renewed(event)) for event in _to_say_again(record, found, again)]
    record.append_all(drafts + _erasures_of_captures(record, drafts))
    gone = [event.event_id for event in (*found.about, *found.others)]
    if gone:
        record.erase(gone, actor, reason)
    return len(gone)


def _said_again(event: Event, body: Mapping[str, Any]) -> Draft:
    subject = event.subject
    for key in ("name", "memo_id", "lead_id", "claim_id"):
        if subject and subject == (event.body or {}).get(key):
            subject = str(body[key])
    return Draft(event.kind, subject, body, event.actor, event.actor_kind, event.round_id, event.codebook_version)


def _to_say_again(record: Record, found: Mentions, again: frozenset[str]) -> list[Event]:
    """The events to be said again, in their order, with those that must follow them."""
    wanted = {event.seq: event for event in found.others if _in_force(record, event)}
    rounds = {event.round_id for event in wanted.values() if event.kind == "round.opened"}
    for kind in _STEPS:
        steps = (event for event in record.events(kind) if event.round_id in rounds and event.body is not None)
        wanted |= {event.seq: event for event in steps}
    for kind, view in ORDERED.items():
        seqs = {row["seq"] for row in record.view(view)}
        first = 0 if kind in again else min((seq for seq, event in wanted.items() if event.kind == kind), default=None)
        if first is not None:
            wanted |= {event.seq: event for event in record.events(kind) if event.seq in seqs and event.seq >= first}
    return [event for _, event in sorted(wanted.items())]


def _in_force(record: Record, event: Event) -> bool:
    """Whether what the event set is the current state; or, of a removal, whether what it took away is still away."""
    view = KINDS[event.kind].views[0]
    if event.kind.endswith(".removed"):
        body = event.body or {}
        return not any(all(row[key] == value for key, value in body.items() if key in row and key != "reason")
                       for row in record.view(view))  # fmt: skip
    if event.kind in _STEPS:
        return False
    return bool(record.view(view, seq=event.seq))


def _erasures_of_captures(record: Record, drafts: list[Draft]) -> list[Draft]:
    """What is known of earlier erasures in captures that are said again."""
    said = {draft.body["capture_id"]: draft for draft in drafts if draft.kind == "capture.added"}
    return [
        Draft("capture.erased", row["capture_id"],
              {"capture_id": row["capture_id"], "records": row["erased_records"] or 0, "sha256": row["sha256"] or "",
               "whole": bool(row["erased_whole"]), "reason": "said again after an erasure"},
              said[row["capture_id"]].actor, said[row["capture_id"]].actor_kind)
        for row in record.view("captures") if row["capture_id"] in said and row["sha256"]
    ]  # fmt: skip
