"""How is a human decision recorded, so that it is never lost, never changed unseen, and its effect is there at once?

>>> with Record.open(folder.record) as record:
...     record.append(Draft("quoting.set", item_id, {"item_id": item_id, "status": "paraphrase"}, actor="mei"))
...     record.view("quoting", item_id=item_id)
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sql

from resilens.errors import Fault, InputError
from resilens.record.clock import Seeded, Ticking, uuid7, wall
from resilens.record.events import (
    EVENTS,
    HEAD,
    ActorKind,
    Draft,
    Event,
    body_digest,
    canonical,
    event_from,
    hash_of,
    instant,
)
from resilens.record.kinds import checked_body, kind_of
from resilens.record.reading import PAGE, Reading, different, row_of
from resilens.record.sqlite import (
    LARGE_LOG_BYTES,
    checkpoint_when_large,
    engine_for,
    in_words,
    outdated,
    prepare,
    renew_tables,
    scrub,
)
from resilens.record.verification import Verification, verify_chain
from resilens.record.views import VIEWS, Step, write

__all__ = ["Draft", "Event", "Record", "Verification"]

_ACTOR_KINDS = ("human", "machine", "import", "file")


def _random_salt(_event_id: UUID) -> bytes:
    return secrets.token_bytes(16)


class Record(Reading):
    """The record of a study: an append-only chain of events in one SQLite file, and the current state they make.

    Made by `Record.open`; a context manager. Safe to use from several threads, and from several processes at once.
    """

    def __init__(self, path: Path, engine: sql.Engine, clock: Callable[[], datetime],
                 identifiers: Callable[[datetime], UUID]) -> None:  # fmt: skip
        self._path, self._engine, self._clock, self._identifiers = path, engine, clock, identifiers
        self._salt = identifiers.salt if isinstance(identifiers, Seeded) else _random_salt
        self._log_limit = LARGE_LOG_BYTES
        self._always_whole = False
        self._turn = threading.Lock()  # writers of one process queue here; SQLite's own wait is a poll

    @classmethod
    def open(
        cls, path: Path, clock: Callable[[], datetime] | None = None,
        identifiers: Callable[[datetime], UUID] | None = None, *, always_whole: bool = False,
    ) -> Record:  # fmt: skip
        """Open the record at `path`, or begin one there.

        Parameters
        ----------
        path
            The SQLite file; its folder must exist.
        clock
            Tells the time of an event; the wall clock by default. A `Ticking` clock goes on after the last event.
        identifiers
            Makes an event's identifier from its time; `uuid7` by default. `seeded_identifiers(seed)` makes the salts
            deterministic too, which is for synthetic studies only.
        always_whole
            Copy the log into the file after each write, so that the file alone can be copied or sent at any time.

        Raises
        ------
        InputError
            If the file is damaged, something else than a record, of a newer version, or cannot be opened.
        """
        engine = engine_for(path)
        try:
            with in_words(path):
                prepare(engine, path)
            record = cls(path, engine, clock or wall, identifiers or uuid7)
            record._always_whole = always_whole
            record._renew_outdated()
            if isinstance(clock, Ticking):
                last = record._last_moment()
                if last:
                    clock.resume(last)
        except BaseException:
            engine.dispose()
            raise
        return record

    def _renew_outdated(self) -> None:
        """Give a file of an older version the views of this one."""
        with self._reading() as connection:
            if not outdated(connection):
                return
        with self._writing() as connection:
            if outdated(connection):  # unless another process was first
                renew_tables(connection)
                _rebuild(connection)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- writing -----------------------------------------------------------------------------------------------

    def append(self, draft: Draft) -> Event:
        """Store one event and its effect on the views; returns once it is on the disk.

        A draft whose `event_id` is stored already gives the stored event, so that a client may retry.

        Raises
        ------
        InputError
            If the draft's kind or body is wrong (every key named), or its `event_id` belongs to a different event.
        """
        return self._append([replace(draft, body=_checked(draft))])[0]

    def append_all(self, drafts: Iterable[Draft]) -> list[Event]:
        """Store events in this order in one transaction: all of them, or none. See `append`."""
        checked: list[Draft] = []
        faults: list[Fault] = []
        for place, draft in enumerate(drafts, 1):
            try:
                checked.append(replace(draft, body=_checked(draft)))
            except InputError as error:
                faults += [Fault(fault.message, f"draft {place}: {fault.where}".rstrip(": ")) for fault in error.faults]
        if faults:
            raise InputError(faults)
        return self._append(checked) if checked else []

    def append_decided(self, decide: Callable[[], Iterable[Draft]]) -> list[Event]:
        """Store the events that `decide` makes of the current state, all or none; nobody writes between its looking
        and the storing. It may read this record, must not append, and what it raises is raised."""
        with self._writing() as connection:
            drafts = [replace(draft, body=_checked(draft)) for draft in decide()]
            events = self._write(connection, drafts) if drafts else []
        self._tidy()
        return events

    def erase(self, event_ids: Iterable[UUID | str], actor: str, reason: str, actor_kind: ActorKind = "human") -> Event:
        """Destroy the subject, body and salt of events and what the views made of them; the chain still verifies.

        An erased event has no effect any more: where it had replaced an earlier one of the same item, that one's
        effect returns unless it is erased too. The file is rebuilt, and its log cut, so that the bytes are gone.
        Erasing again what is erased only repeats that last step.

        Returns
        -------
        Event
            The `event.erased` that names them.

        Raises
        ------
        InputError
            If an id is unknown or an `event.erased` itself; or if another program is reading the record, so that its
            log still holds the bytes: then the events are erased and the same call finishes the work.
        """
        wanted = list(dict.fromkeys(str(event_id) for event_id in event_ids))
        draft = Draft("event.erased", "", {"event_ids": wanted, "reason": reason}, actor, actor_kind)
        draft = replace(draft, body=_checked(draft))
        with self._writing() as connection:
            fresh = _erasable(connection, wanted)
            if fresh:
                gone = sql.update(EVENTS).where(EVENTS.c.event_id == sql.bindparam("gone"))
                values = {"body": None, "salt": None, "subject": ""}
                connection.execute(gone.values(values), [{"gone": event_id} for event_id in fresh])
                (event,) = self._write(connection, [replace(draft, body={**draft.body, "event_ids": fresh})])
                _rebuild(connection)
            else:
                event = _erasure_of(connection, wanted[0])
        with in_words(self._path):
            clean = scrub(self._engine)
        if not clean:
            words = "the events are erased, but another program reads the record and its log still holds their bytes"
            raise InputError(Fault(f"{words}; close that program and erase again", self._path.name))
        return event

    def rebuild_views(self) -> None:
        """Make every view anew from the events; the outcome is what they already hold, unless they were tampered with.

        Raises
        ------
        InputError
            If an event is of a kind this version does not know.
        """
        with self._writing() as connection:
            _rebuild(connection)

    def _append(self, drafts: list[Draft]) -> list[Event]:
        with self._writing() as connection:
            events = self._write(connection, drafts)
        self._tidy()
        return events

    def _tidy(self) -> None:
        limit = 0 if self._always_whole else self._log_limit
        with in_words(self._path):
            self._log_limit = checkpoint_when_large(self._engine, self._path, limit)

    def _write(self, connection: sql.Connection, drafts: list[Draft]) -> list[Event]:
        """Chain the drafts to the record's end, store them, and project them."""
        seq, previous = connection.execute(sql.select(HEAD.c.seq, HEAD.c.hash)).one()
        events: list[Event] = []
        rows: dict[str, dict[str, Any]] = {}
        steps: list[Step] = []
        for draft in drafts:
            stored = self._stored(connection, draft, rows)
            if stored is None:
                seq += 1
                row = self._row(draft, seq, previous)
                rows[row["event_id"]], previous = row, row["hash"]
                stored = event_from(row)
                steps += kind_of(draft.kind).project(stored)
            events.append(stored)
        if rows:
            connection.execute(sql.insert(EVENTS), list(rows.values()))
            write(connection, steps)
            connection.execute(sql.update(HEAD).values(seq=seq, hash=previous))
        return events

    def _stored(self, connection: sql.Connection, draft: Draft, rows: Mapping[str, dict[str, Any]]) -> Event | None:
        """The event that this draft made when it was handed in before, if it was."""
        if draft.event_id is None:
            return None
        name = str(draft.event_id)
        row = rows.get(name) or row_of(connection, name)
        if row is None:
            return None
        event = event_from(row)
        same = ("kind", "actor", "actor_kind", "round_id", "codebook_version")
        if any(getattr(event, key) != getattr(draft, key) for key in same) or (
            event.body is not None and (event.subject, canonical(event.body)) != (draft.subject, canonical(draft.body))
        ):
            raise different(name)
        return event

    def _row(self, draft: Draft, seq: int, previous: str) -> dict[str, Any]:
        at = draft.at or self._clock()
        event_id = draft.event_id or self._identifiers(at)
        body, salt = canonical(draft.body), self._salt(event_id).hex()
        row: dict[str, Any] = {
            "seq": seq, "event_id": str(event_id), "at": instant(at), "actor": draft.actor,
            "actor_kind": draft.actor_kind, "kind": draft.kind, "subject": draft.subject, "round_id": draft.round_id,
            "codebook_version": draft.codebook_version, "body": body, "salt": salt,
            "body_digest": body_digest(salt, draft.subject, body), "prev_hash": previous,
        }  # fmt: skip
        return row | {"hash": hash_of(row)}

    # --- proving -----------------------------------------------------------------------------------------------

    def verify(self, views: bool = False) -> Verification:
        """Check the whole chain: rows altered, missing, moved or erased without saying so, and the end of it.

        Parameters
        ----------
        views
            Also compare every view with what the events make of it; this holds up writers for its time.
        """
        with self._reading() as connection:
            every = sql.select(EVENTS).order_by(EVENTS.c.seq).execution_options(yield_per=PAGE)
            rows = connection.execute(every)
            found = verify_chain(connection, (dict(row) for row in rows.mappings()))
        return replace(found, faults=found.faults + self._view_faults()) if views and found.sound else found

    def _view_faults(self) -> tuple[Fault, ...]:
        with in_words(self._path), self._engine.connect() as connection:
            held = _dump(connection)
            _rebuild(connection)
            due = _dump(connection)
            connection.rollback()
        words = "differs from what the events make of it; `rebuild_views` mends it"
        return tuple(Fault(words, f"view {name}") for name in VIEWS.tables if held[name] != due[name])

    def _last_moment(self) -> datetime | None:
        with self._reading() as connection:
            at = connection.execute(sql.select(sql.func.max(EVENTS.c.at))).scalar()
        return None if at is None else datetime.fromisoformat(at)

    @contextmanager
    def _writing(self) -> Iterator[sql.Connection]:
        with self._turn, in_words(self._path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sql.Connection]:
        with in_words(self._path), self._engine.connect().execution_options(reading=True) as connection:
            yield connection


def _checked(draft: Draft) -> dict[str, Any]:
    """The draft's body as it is stored, once the draft is found to be right."""
    faults = []
    if not draft.actor:
        faults.append(Fault("is empty; say who acts", f"{draft.kind}: actor"))
    if draft.actor_kind not in _ACTOR_KINDS:
        words = f"is one of {', '.join(_ACTOR_KINDS)}, not {draft.actor_kind!r}"
        faults.append(Fault(words, f"{draft.kind}: actor_kind"))
    try:
        body = checked_body(draft.kind, draft.body)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    return body


def _erasable(connection: sql.Connection, event_ids: list[str]) -> list[str]:
    """Those that still have a body, once all are known to be erasable."""
    rows = {event_id: row_of(connection, event_id) for event_id in event_ids}
    faults = [Fault("no event has this identifier", event_id) for event_id, row in rows.items() if row is None]
    faults += [Fault("says what was erased, and stays", event_id) for event_id, row in rows.items()
               if row and row["kind"] == "event.erased"]  # fmt: skip
    if faults:
        raise InputError(faults)
    return [event_id for event_id, row in rows.items() if row and row["body"] is not None]


def _erasure_of(connection: sql.Connection, event_id: str) -> Event:
    """The event.erased that names an erased event."""
    rows = connection.execute(sql.select(EVENTS).where(EVENTS.c.kind == "event.erased").order_by(EVENTS.c.seq))
    for row in rows.mappings():
        event = event_from(dict(row))
        if event_id in (event.body or {}).get("event_ids", ()):
            return event
    raise InputError(Fault("has no body, and no event.erased says why; see `resilens doctor`", f"event_id {event_id}"))


def _rebuild(connection: sql.Connection) -> None:
    for table in VIEWS.tables.values():
        connection.execute(sql.delete(table))
    after = 0
    statement = sql.select(EVENTS).order_by(EVENTS.c.seq).limit(PAGE)
    while page := connection.execute(statement.where(EVENTS.c.seq > after)).mappings().all():
        events = [event_from(dict(row)) for row in page if row["body"] is not None]
        write(connection, [step for event in events for step in kind_of(event.kind).project(event)])
        after = page[-1]["seq"]


def _dump(connection: sql.Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {name: [tuple(row) for row in connection.execute(sql.select(table).order_by(table.c.seq))]
            for name, table in VIEWS.tables.items()}  # fmt: skip
