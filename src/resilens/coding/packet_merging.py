"""How does a coder's work come home from a packet? Once, whole, and in any order.

Every event keeps its identifier and its time, so what is here already is not taken again, and packets that were
copied and continued twice can be merged one after the other: all that was done stays on the record, and what stands in
the end is, for each coding, what was done last.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from resilens.coding.codebook import at_version
from resilens.coding.packets import OWN, About, about_packet, draft_of, own_events
from resilens.coding.rounds import round_of
from resilens.coding.working import MARK, key_of, mark_of
from resilens.errors import Fault, InputError
from resilens.files import sha256_of
from resilens.record.events import Draft, Event
from resilens.record.store import Record

_RESTATED = UUID("5d0d6c0e-3c7b-5c55-9a39-0f5c7a1e9b10")


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge brought.

    Parameters
    ----------
    about
        The packet.
    new, known
        Events that were new to the record, and those it had.
    restated
        What had to be said again, since a later act was on the record before an earlier one came in.
    """

    about: About
    new: int
    known: int
    restated: int

    def __str__(self) -> str:
        said = f"{self.about.coder}, {self.about.round_id}: {self.new:,} new acts, {self.known:,} known before"
        return said + (f"; {self.restated:,} later ones said again, so that they stand" if self.restated else "")


def merge_packet(record: Record, path: Path, actor: str) -> Merged:
    """Bring what was done in a packet onto the record, all of it or nothing.

    Parameters
    ----------
    record
        The study's record.
    path
        The packet as it came back; it is not changed.
    actor
        Who brings it in.

    Raises
    ------
    InputError
        If it is damaged, altered, of another study, or holds new acts for a round that is not open any more.
    """
    about = about_packet(path)
    _check_home(record, about, path.name)
    events = _events_of(path, about)
    new = [event for event in events if record.event(event.event_id) is None]
    if new:
        _check_open(record, about, path.name)
        _check_acts(record, about, new, path.name)
    drafts = [draft_of(event) for event in new]
    again = list(_restated(record, about, new))
    if drafts or not record.view("packets", sha256=sha256_of(path)):
        body = {"sha256": sha256_of(path), "coder": about.coder, "events": len(new)}
        record.append_all([*drafts, *again, Draft("packet.merged", about.round_id, body, actor,
                                                  round_id=about.round_id)])  # fmt: skip
    return Merged(about, len(new), len(events) - len(new), len(again))


def _check_home(record: Record, about: About, name: str) -> None:
    opened = record.event(about.opened)
    if opened is None or opened.kind != "round.opened" or opened.round_id != about.round_id:
        raise InputError(Fault(f"is a packet of {about.round_id} of another study ({about.study})", name))
    if at_version(record, about.codebook_version).codebook.sha256 != about.codebook_sha256:
        raise InputError(Fault("was made with a codebook that this study never had", name))


def _check_open(record: Record, about: About, name: str) -> None:
    asked = round_of(record, about.round_id)
    if not asked.open or record.count("consensus", round_id=asked.id):
        state = "in consensus" if asked.open else asked.state
        words = f"{asked.id} is {state}, so nothing was taken; the packet stays as it is: open another round for it"
        raise InputError(Fault(words, name))
    if about.coder not in asked.coders:
        raise InputError(Fault(f"{about.coder} codes in {asked.id} no more; name the coder in it again", name))


def _check_acts(record: Record, about: About, new: Iterable[Event], name: str) -> None:
    book = at_version(record, about.codebook_version).codebook
    unknown = {event.body["code_id"] for event in new
               if event.kind == "coding.set" and event.body and event.body["code_id"]} - {
                   code.id for code in book.codes}  # fmt: skip
    if unknown:
        raise InputError([Fault(f"holds a coding with a code there is not: {code}", name) for code in sorted(unknown)])


def _events_of(path: Path, about: About) -> list[Event]:
    """The coder's acts in a packet, once its chain is found sound."""
    with _copied(path) as copy, Record.open(copy) as packet:
        found = packet.verify()
        if not found.sound:
            words = "was altered or damaged since it was made; ask for it again"
            raise InputError([Fault(words, path.name), *found.faults])
        return own_events(packet, about.round_id, about.coder)


@contextmanager
def _copied(path: Path) -> Iterator[Path]:
    """A copy, with what its log still holds: looking into a file of SQLite may change it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "packet"
        shutil.copyfile(path, copy)
        log = path.with_name(path.name + "-wal")
        if log.exists():
            shutil.copyfile(log, copy.with_name(copy.name + "-wal"))
        yield copy


Key = tuple[Any, ...]


def _restated(record: Record, about: About, new: Sequence[Event]) -> Iterator[Draft]:
    """Say again what was done last, where the record would have something older stand."""
    touched = {event.subject for event in new}
    stood = [event for subject in sorted(touched) for event in record.events(subject=subject)
             if event.actor == about.coder and event.round_id == about.round_id and event.kind in OWN]  # fmt: skip
    standing: dict[Key, Event] = {}
    newest: dict[Key, Event] = {}
    for event in [*stood, *new]:
        key = _key(event)
        standing[key] = event
        if key not in newest or _moment(event) >= _moment(newest[key]):
            newest[key] = event
    for key, event in newest.items():
        if not _same(event, standing[key]):
            yield replace(draft_of(event), event_id=uuid5(_RESTATED, f"{event.event_id} {standing[key].event_id}"))
    yield from _nothing_beside_codes(newest)


def _nothing_beside_codes(newest: Mapping[Key, Event]) -> Iterator[Draft]:
    """Where one copy says that nothing applies and another codes the item, what was done last stands."""
    by_item: dict[str, list[Event]] = {}
    for event in newest.values():
        if event.kind == "coding.set":
            by_item.setdefault(event.subject, []).append(event)
    for events in by_item.values():
        nothing = [event for event in events if event.body and event.body["nothing_applies"]]
        codes = [event for event in events if event not in nothing]
        if nothing and codes:
            last = max(events, key=_moment)
            for event in codes if last in nothing else nothing:
                assert event.body is not None
                body = {**mark_of({name: event.body[name] for name in MARK if event.body[name] not in (None, "")}),
                        "reason": "done later in another copy of the packet"}  # fmt: skip
                yield Draft("coding.removed", event.subject, body, event.actor, event.actor_kind, event.round_id,
                            event.codebook_version, uuid5(_RESTATED, f"{event.event_id} {last.event_id} gone"),
                            last.at)  # fmt: skip


def _key(event: Event) -> Key:
    body = event.body or {}
    if event.kind.startswith("coding."):
        return ("coding", *key_of(body))
    return ("memo", body["memo_id"]) if event.kind.startswith("memo.") else ("finished",)


def _moment(event: Event) -> tuple[Any, ...]:
    return event.at, str(event.event_id)


def _same(one: Event, other: Event) -> bool:
    """Whether both leave the same standing."""
    if one.kind != other.kind:
        return False
    if one.kind.endswith(("removed", "finished", "resumed")):
        return True
    return dict(one.body or {}) | {"act": "", "undoes": ""} == dict(other.body or {}) | {"act": "", "undoes": ""}
