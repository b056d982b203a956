"""Who watched what, with which account, on which channel, by which query, from when to when?

The diary of observation: the scholars watch and take no part. An entry may name the leads that came of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from resilens.coding.leads import next_id, said_before, take_back
from resilens.errors import Fault, InputError
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.study.typed import instant, moment, plain
from resilens.study.words import did_you_mean


@dataclass(frozen=True, slots=True)
class Observation:
    """What somebody notes in the diary, as it was typed.

    Parameters
    ----------
    text
        What was seen.
    began_at, ended_at
        A day, or a day and a clock.
    observer
        Who watched; whoever notes it, if empty.
    account
        The account that was logged in, in words; empty for none.
    channel, query
        Where, and what was searched for or followed.
    leads
        Ids of leads that came of it.
    """

    text: str = ""
    began_at: str = ""
    ended_at: str = ""
    observer: str = ""
    account: str = ""
    channel: str = ""
    query: str = ""
    leads: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the diary as it stands; `noted_by` wrote it last, at `noted_at`."""

    entry_id: str
    text: str
    began_at: str
    ended_at: str
    observer: str
    account: str
    channel: str
    query: str
    leads: tuple[str, ...]
    noted_by: str
    noted_at: str


def note_entry(record: Record, seen: Observation, zone: str, *, actor: str, event_id: UUID | None = None) -> Entry:
    """Put an entry into the diary, named after its day (`diary-2025-01-14-1`); the same `event_id` gives the same.

    Parameters
    ----------
    record, seen
        The record and what was seen.
    zone
        The study's, for clocks that say none.

    Raises
    ------
    InputError
        With all that is wrong: no words, no beginning, an end before it, no such lead.
    """
    body = _body(record, seen, zone, actor)
    start = f"diary-{body['began_at'][:10]}-"

    def decide() -> list[Draft]:
        entry_id = said_before(record, event_id, "entry_id") or next_id(record, "diary.noted", "entry_id", start)
        return [Draft("diary.noted", entry_id, {"entry_id": entry_id, **body}, actor, "human", "", 0, event_id)]

    (event,) = record.append_decided(decide)
    return entry_of(record, event.subject)


def change_entry(
    record: Record, entry_id: str, seen: Observation, zone: str, *, actor: str, event_id: UUID | None = None
) -> Entry:
    """State an entry anew, as a whole; its id stays, and what it was stays in the record.

    Raises
    ------
    InputError
        As `note_entry`, or if there is no such entry.
    """
    entry_of(record, entry_id)
    body = {"entry_id": entry_id, **_body(record, seen, zone, actor)}
    record.append(Draft("diary.noted", entry_id, body, actor, "human", "", 0, event_id))
    return entry_of(record, entry_id)


def remove_entry(record: Record, entry_id: str, *, actor: str, reason: str = "", event_id: UUID | None = None) -> None:
    """Take an entry back; it stays in the record.

    Raises
    ------
    InputError
        If there is no such entry.
    """
    if said_before(record, event_id, "entry_id") != entry_id:
        entry_of(record, entry_id)
    take_back(record, "diary.removed", "entry_id", entry_id, actor, reason, event_id)


def diary_of(record: Record, *, observer: str = "", channel: str = "") -> list[Entry]:
    """The entries that stand, the latest first; only this observer's, or of this channel."""
    found = [_entry(row) for row in record.view("diary")]
    found = [entry for entry in found if observer in ("", entry.observer) and channel in ("", entry.channel)]
    return sorted(found, key=lambda entry: (instant(entry.began_at), entry.noted_at), reverse=True)


def entry_of(record: Record, entry_id: str) -> Entry:
    """The entry of this id.

    Raises
    ------
    InputError
        If there is none.
    """
    rows = record.view("diary", entry_id=entry_id)
    if not rows:
        near = did_you_mean(entry_id, record.distinct("diary", "entry_id"))
        raise InputError(f"there is no entry {entry_id!r} in the diary{near}; it may have been taken back")
    return _entry(rows[0])


def _entry(row: dict[str, Any]) -> Entry:
    names = ("entry_id", "text", "began_at", "ended_at", "observer", "account", "channel", "query")
    texts = {name: row[name] or "" for name in names}
    return Entry(**texts, leads=tuple(row["leads"] or ()), noted_by=row["actor"], noted_at=row["at"])


def _body(record: Record, seen: Observation, zone: str, actor: str) -> dict[str, Any]:
    """The body of the event, with every fault at once."""
    faults: list[Fault] = []
    body: dict[str, Any] = {name: plain(getattr(seen, name))
                            for name in ("text", "observer", "account", "channel", "query")}  # fmt: skip
    body["observer"] = body["observer"] or actor
    for name in ("began_at", "ended_at"):
        try:
            body[name] = moment(getattr(seen, name), zone, name)
        except InputError as error:
            faults += error.faults
    if not body["text"]:
        faults.append(Fault("an entry needs words: what was seen", "text"))
    if not seen.began_at.strip():
        faults.append(Fault("an entry needs its day: 2025-01-14 or 2025-01-14 20:00", "began_at"))
    if not faults and body["ended_at"] and _before(body["ended_at"], body["began_at"], zone):
        faults.append(Fault("the end is before the beginning", "ended_at"))
    body["leads"] = list(dict.fromkeys(filter(None, map(plain, seen.leads))))
    known = record.distinct("leads", "lead_id")
    faults += [Fault(f"there is no lead {name[:80]!r}{did_you_mean(name, known)}", "leads")
               for name in body["leads"] if name not in known]  # fmt: skip
    if faults:
        raise InputError(faults)
    return body


def _before(end: str, beginning: str, zone: str) -> bool:
    """Whether an end comes before its beginning; a day ends with its last hour."""
    if "T" in end:
        return instant(end, zone) < instant(beginning, zone)
    return end < beginning[:10]
