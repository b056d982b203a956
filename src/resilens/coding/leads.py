"""What was seen without taking part, where and when, and which captured items does it speak of?

A lead is a note with what was copied: an address, a text, a picture or recording. It is linked to items and codes by
hand, and matches an item besides where its address or the text pasted into it holds the item's own id or address.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from resilens.capture.addresses import clean
from resilens.capture.media import media_ids
from resilens.coding.codebook import latest
from resilens.coding.items import CorpusItems
from resilens.coding.threads import Item
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.events import Draft, Event
from resilens.record.store import Record
from resilens.study.folder import Folder
from resilens.study.model import Study
from resilens.study.typed import instant, moment, plain
from resilens.study.words import did_you_mean

SHORTEST_ID = 6
"""Characters from which on an item's own id, where it holds a digit, is looked for in a lead; shorter ones may be any
number."""

_ADDRESS = re.compile(r"https?://[^\s<>\"'，。、；！？）】」]+", re.IGNORECASE)
_WORD = re.compile(r"[0-9A-Za-z_-]+")


class Opened(Protocol):
    """An open study, as far as leads need it; `pipeline.OpenStudy` is one."""

    @property
    def folder(self) -> Folder: ...
    @property
    def study(self) -> Study: ...
    @property
    def record(self) -> Record: ...
    def corpus(self) -> Corpus: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody notes as a lead, as it was typed.

    Parameters
    ----------
    text
        The note.
    where
        The channel: RedNote, Weibo, a newspaper.
    seen_at
        A day, or a day and a clock of the study's zone.
    link, pasted
        The address, and what was copied.
    file
        SHA-256 of a picture or recording in `captures/media`.
    tags
        Words of the scholars' own.
    items
        Captured items: their ids in the study or on the platform, or their addresses.
    codes
        Ids of codes.
    """

    text: str = ""
    where: str = ""
    seen_at: str = ""
    link: str = ""
    pasted: str = ""
    file: str = ""
    tags: Sequence[str] = ()
    items: Sequence[str] = ()
    codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead as it stands. `noted_by` and `noted_at` are of its first noting, `changed_by` of its last."""

    lead_id: str
    text: str
    where: str
    seen_at: str
    link: str
    pasted: str
    file: str
    tags: tuple[str, ...]
    items: tuple[str, ...]
    codes: tuple[str, ...]
    noted_by: str
    noted_at: str
    changed_by: str


def told_apart(box: str) -> tuple[str, str]:
    """The address in what was pasted into one box, and the text: empty where the address is all there is."""
    written = box.strip()
    found = _ADDRESS.search(written)
    return (found[0] if found else ""), ("" if found and found[0] == written else written)


def note_lead(study: Opened, seen: Seen, *, actor: str, event_id: UUID | None = None) -> Lead:
    """Put a lead on the record; the same `event_id` again gives the same lead.

    Raises
    ------
    InputError
        With all that is wrong: nothing in it, no such time, item, code or file, an address that is none; or if the
        `event_id` was used for something else.
    """
    body = _body(study, seen)
    record = study.record

    def decide() -> list[Draft]:
        lead_id = said_before(record, event_id, "lead_id") or next_id(record, "lead.noted", "lead_id", "lead-")
        return [Draft("lead.noted", lead_id, {"lead_id": lead_id, **body}, actor, "human", "", 0, event_id)]

    (event,) = record.append_decided(decide)
    return lead_of(record, event.subject)


def change_lead(study: Opened, lead_id: str, seen: Seen, *, actor: str, event_id: UUID | None = None) -> Lead:
    """State a lead anew, as a whole; what it was stays in the record.

    Raises
    ------
    InputError
        As `note_lead`, or if there is no such lead.
    """
    lead_of(study.record, lead_id)
    body = {"lead_id": lead_id, **_body(study, seen)}
    study.record.append(Draft("lead.noted", lead_id, body, actor, "human", "", 0, event_id))
    return lead_of(study.record, lead_id)


def remove_lead(record: Record, lead_id: str, *, actor: str, reason: str = "", event_id: UUID | None = None) -> None:
    """Take a lead back; it stays in the record.

    Raises
    ------
    InputError
        If there is no such lead.
    """
    if said_before(record, event_id, "lead_id") != lead_id:
        lead_of(record, lead_id)
    take_back(record, "lead.removed", "lead_id", lead_id, actor, reason, event_id)


def leads_of(record: Record, *, tag: str = "", where: str = "", by: str = "") -> list[Lead]:
    """The leads that stand, the latest seen first; only those with this tag, of this channel, of this person."""
    first: dict[str, Event] = {}
    for event in record.events("lead.noted"):
        first.setdefault(event.subject, event)
    found = [_lead(row, first.get(row["lead_id"])) for row in record.view("leads")]
    found = [lead for lead in found if (not tag or tag in lead.tags) and where in ("", lead.where)
             and by in ("", lead.noted_by)]  # fmt: skip
    return sorted(found, key=lambda lead: (instant(lead.seen_at or lead.noted_at), lead.noted_at), reverse=True)


def lead_of(record: Record, lead_id: str) -> Lead:
    """The lead of this id.

    Raises
    ------
    InputError
        If there is none.
    """
    rows = record.view("leads", lead_id=lead_id)
    if not rows:
        near = did_you_mean(lead_id, record.distinct("leads", "lead_id"))
        raise InputError(f"there is no lead {lead_id!r}{near}; it may have been taken back")
    return _lead(rows[0], next(record.events("lead.noted", lead_id), None))


def matching(leads: Iterable[Lead], items: Iterable[Item]) -> dict[str, list[Lead]]:
    """The leads of each item, in their order: linked to it, or holding its own id or address. Items without are left
    out."""
    known = [(lead, *_traces(lead)) for lead in leads]
    found = {}
    for item in items:
        native = item.item_id.split(":", 2)[-1]
        telling = len(native) >= SHORTEST_ID and any(mark.isdigit() for mark in native)
        address = _address(item.url)
        mine = [
            lead
            for lead, words, addresses in known
            if item.item_id in lead.items or (telling and native in words) or (address and address in addresses)
        ]
        if mine:
            found[item.item_id] = mine
    return found


def said_before(record: Record, event_id: UUID | None, key: str) -> str:
    """What the event of this id, handed in before, holds under a key of its body; empty where there is none."""
    event = record.event(event_id) if event_id is not None else None
    return str((event.body or {}).get(key, "")) if event is not None else ""


def take_back(
    record: Record, kind: str, key: str, name: str, actor: str, reason: str, event_id: UUID | None
) -> None:
    """Say that what has this name stands no more."""
    record.append(Draft(kind, name, {key: name, "reason": reason}, actor, "human", "", 0, event_id))


def next_id(record: Record, kind: str, key: str, start: str) -> str:
    """The next free id: `start` and a number; what was taken back keeps its number."""
    names = ((event.body or {}).get(key, "") for event in record.events(kind))
    numbers = [int(name.removeprefix(start)) for name in names
               if name.startswith(start) and name.removeprefix(start).isdecimal()]  # fmt: skip
    return f"{start}{max(numbers, default=0) + 1}"


def _lead(row: dict[str, Any], first: Event | None) -> Lead:
    texts: dict[str, Any] = {
        name: row[name] or "" for name in ("lead_id", "text", "where", "seen_at", "link", "pasted", "file")
    }
    lists: dict[str, Any] = {name: tuple(row[name] or ()) for name in ("tags", "items", "codes")}
    by, at = (first.actor, first.at.isoformat()) if first is not None else (row["actor"], row["at"])
    return Lead(**texts, **lists, noted_by=by, noted_at=at, changed_by=row["actor"])


def _body(study: Opened, seen: Seen) -> dict[str, Any]:
    """The body of the event, with every fault at once."""
    faults: list[Fault] = []
    body: dict[str, Any] = {name: plain(getattr(seen, name)) for name in ("text", "where", "link", "pasted", "file")}
    body["tags"] = list(dict.fromkeys(filter(None, (plain(tag).lstrip("#") for tag in seen.tags))))
    if not any(body[name] for name in ("text", "link", "pasted", "file")):
        faults.append(Fault("a lead needs a note, an address, a text or a file; nothing was given", "text"))
    if body["link"] and not _ADDRESS.fullmatch(body["link"]):
        faults.append(Fault("an address begins with http:// or https://; put other text into the note", "link"))
    body["link"] = clean(body["link"])
    if body["file"] and body["file"] not in media_ids(study.folder.media):
        faults.append(Fault("this file is not among the pictures and recordings of the study; attach it again", "file"))
    try:
        body["seen_at"] = moment(seen.seen_at, study.study.study.zone, "seen_at")
    except InputError as error:
        faults += error.faults
    body["items"], missing = _linked(study, [plain(name) for name in seen.items])
    body["codes"], unknown = _codes(study.record, [plain(name) for name in seen.codes])
    faults += missing + unknown
    if faults:
        raise InputError(faults)
    return body


def _linked(study: Opened, typed: Collection[str]) -> tuple[list[str], list[Fault]]:
    """The ids of the items meant, and what is wrong with the others."""
    wanted = {name: _native(name) for name in dict.fromkeys(typed) if name}
    if not wanted:
        return [], []
    with study.corpus() as corpus:
        found = CorpusItems(corpus).find(set(wanted.values()))
    items: list[str] = []
    faults = []
    for name, native in wanted.items():
        meant = found[native]
        if len(meant) == 1:
            items += meant
        else:
            words = f"may be {' or '.join(meant)}" if meant else "is no captured item; note the lead without it"
            faults.append(Fault(f"{name[:80]!r} {words}", "items"))
    return list(dict.fromkeys(items)), faults


def _native(name: str) -> str:
    """What to look for: the last part of an address, everything else as it is."""
    return clean(name).rstrip("/").rpartition("/")[2] if _ADDRESS.fullmatch(name) else name


def _codes(record: Record, typed: Collection[str]) -> tuple[list[str], list[Fault]]:
    wanted = [name for name in dict.fromkeys(typed) if name]
    version = latest(record) if wanted else None
    known = [code.id for code in version.codebook.codes] if version else []
    return wanted, [Fault(f"there is no code {name[:80]!r}{did_you_mean(name, known)}", "codes")
                    for name in wanted if name not in known]  # fmt: skip


def _traces(lead: Lead) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a lead's address and pasted text, and its addresses."""
    written = f"{lead.link}\n{lead.pasted}"
    return frozenset(_WORD.findall(written)), frozenset(map(_address, _ADDRESS.findall(written)))


def _address(written: str) -> str:
    """An address as it is compared: without tokens, scheme, `www.` and a slash at its end."""
    return clean(written).partition("://")[2].removeprefix("www.").rstrip("/")
