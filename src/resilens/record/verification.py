"""Is the record what was written? Every row's hash, every link, the end of the chain, and the triggers are checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sql

from resilens.errors import Fault, InputError
from resilens.record.events import EVENTS, FIRST_HASH, HEAD, TRIGGERS, body_digest, event_from, hash_of


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the record found.

    Parameters
    ----------
    events, erased
        How many events there are, and how many of them had their bodies destroyed on the record.
    head
        The hash of the last event: printed in a report, it lets anyone show later that nothing before it was changed.
    faults
        What is wrong, each naming the event; empty for a sound record.
    """

    events: int
    erased: int
    head: str
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def __str__(self) -> str:
        verdict = "the chain verifies" if self.sound else f"{len(self.faults)} faults"
        return f"{self.events} events, {self.erased} of them erased: {verdict}; head {self.head}"


def verify_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Verification, set[str], set[str]]:
    """Check the chain of `rows` (in the order of seq); also gives the ids erased and the ids said to be erased."""
    faults: list[Fault] = []
    erased: set[str] = set()
    said: set[str] = set()
    seq, previous = 0, FIRST_HASH
    for row in rows:
        seq += 1
        where = f"event {row['seq']}"
        if row["seq"] != seq:
            missing = f"event {seq}" if row["seq"] == seq + 1 else f"events {seq} to {row['seq'] - 1}"
            faults.append(Fault(f"{missing} missing before it; restore the record from a copy", where))
            seq = row["seq"]
        elif row["prev_hash"] != previous:
            faults.append(Fault("does not follow from the event before it: one of the two was changed or moved", where))
        faults += [Fault(words, where) for words in _row_faults(row)]
        if row["body"] is None:
            erased.add(row["event_id"])
        elif row["kind"] == "event.erased":
            said |= _named_in(row)
        previous = row["hash"]
    return Verification(seq, len(erased), previous, tuple(faults)), erased, said


def _row_faults(row: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one row taken by itself."""
    try:
        intact = hash_of(row) == row["hash"]
        if row["body"] is None:
            whole = row["salt"] is None and row["subject"] == ""
        else:
            whole = body_digest(row["salt"], row["subject"], row["body"]) == row["body_digest"]
            event_from(row)
    except (ValueError, TypeError, AttributeError, InputError):  # a value of another type than was written
        intact = whole = False
    if not intact:
        yield "was changed: its hash does not fit its columns"
    if not whole:
        yield "was changed: its subject, body or salt does not fit its digest"


def _named_in(row: Mapping[str, Any]) -> set[str]:
    try:
        body = event_from(row).body or {}
        return {str(name) for name in body.get("event_ids", ())}
    except (ValueError, TypeError, AttributeError):
        return set()  # the row itself is already reported as changed


def verify_chain(connection: sql.Connection, rows: Iterable[Mapping[str, Any]]) -> Verification:
    """Check all of `events`, its end against `head`, what was erased against what says so, and the triggers."""
    found, erased, said = verify_rows(rows)
    faults = list(found.faults)
    head = connection.execute(sql.select(HEAD.c.seq, HEAD.c.hash)).first()
    if head is None or (head.seq, head.hash) != (found.events, found.head):
        end = "unknown" if head is None else f"event {head.seq}"
        faults.append(Fault(f"the record should end with {end} and ends otherwise: its end was cut off or changed",
                            f"event {found.events}"))  # fmt: skip
    unsaid = sorted(erased - said)
    for seq in _places(connection, unsaid):
        faults.append(Fault("its body was destroyed, and no event.erased says so", f"event {seq}"))
    for seq in _places(connection, sorted(said - erased)):
        faults.append(Fault("an event.erased says its body was destroyed, but there it is", f"event {seq}"))
    listed = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = {str(name): str(text) for name, text in listed}
    for name in TRIGGERS:
        if triggers.get(name) != TRIGGERS[name]:
            faults.append(Fault("the trigger that keeps events from being changed is missing or was changed", name))
    return replace(found, faults=tuple(faults))


def _places(connection: sql.Connection, event_ids: list[str]) -> list[int]:
    statement = sql.select(EVENTS.c.seq).where(EVENTS.c.event_id == sql.bindparam("wanted"))
    found = (connection.execute(statement, {"wanted": event_id}).scalar() for event_id in event_ids)
    return sorted(seq for seq in found if seq is not None)
