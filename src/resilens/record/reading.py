"""What does the record hold, and what is the current state? Questions, answered by SQLite and not by reading it all."""

from __future__ import annotations

import json
import re
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import sqlalchemy as sql

from resilens.errors import Fault, InputError
from resilens.record.events import EVENTS, HEAD, Event, event_from
from resilens.record.kinds import nearest
from resilens.record.views import VIEWS

PAGE = 1000
"""Events read at a time."""


class Reading:
    """The questions that a `store.Record` answers."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[sql.Connection]:
        """A connection that reads."""

    @property
    def head(self) -> str:
        """The hash of the last event: it changes with every event, and stands for all of them."""
        with self._reading() as connection:
            return str(connection.execute(sql.select(HEAD.c.hash)).scalar_one())

    def events(self, kind: str | None = None, subject: str | None = None, after: int = 0) -> Iterator[Event]:
        """Events in their order, those of one kind or subject, those after a `seq`; erased ones have no subject."""
        for row in self._rows(kind, subject, after):
            yield event_from(row)

    def event(self, event_id: UUID | str) -> Event | None:
        """The event of that identifier, or None."""
        with self._reading() as connection:
            row = row_of(connection, str(event_id))
        return None if row is None else event_from(row)

    def done(
        self, event_id: UUID | str | None, same: Callable[[Event], bool], what: str = "event"
    ) -> Event | None:
        """The event that was stored under a client's identifier when it was handed in before; None where none was.

        Raises
        ------
        InputError
            If what is stored under it is not the `same`, but something else.
        """
        event = self.event(event_id) if event_id else None
        if event is not None and not same(event):
            raise different(event.event_id, what)
        return event

    def mentioning(self, name: str) -> list[Event]:
        """Events whose subject is `name`, or whose body holds it as a word of its own: what an erasure must reach.

        `rednote:p:12` is not found in `rednote:p:123`; it is found in a memo that names it in a sentence.
        """
        text = re.escape(json.dumps(name, ensure_ascii=False)[1:-1])
        # Only Latin letters and digits make a longer id: Chinese text joins an id without a space.
        word = re.compile(rf"(?<![0-9A-Za-z_:-]){text}(?![0-9A-Za-z_-])")
        found = []
        for row in self._rows(None, None, 0, name):
            if row["subject"] == name or word.search(row["body"] or ""):
                found.append(event_from(row))
        return found

    def view(self, name: str, **equal: Any) -> list[dict[str, Any]]:
        """Rows of a current-state view whose columns equal what is given, in the order of the events that wrote them.

        A list or set of values means any of them.

        Raises
        ------
        InputError
            If there is no such view, or no such column in it.
        """
        table = _table(name)
        _known(table, list(equal))
        statement = _where(sql.select(table), table, equal).order_by(table.c.seq)
        with self._reading() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def distinct(self, name: str, column: str, **equal: Any) -> list[Any]:
        """The different values of a view's column in the rows whose columns equal what is given, sorted.

        Raises
        ------
        InputError
            If there is no such view, or no such column in it.
        """
        table = _table(name)
        _known(table, [column, *equal])
        statement = sql.select(table.c[column]).distinct().order_by(table.c[column])
        with self._reading() as connection:
            return list(connection.execute(_where(statement, table, equal)).scalars())

    def count(self, name: str, different: str = "", **equal: Any) -> int:
        """How many rows `view` would give, or how many `different` values of a column are in them."""
        table = _table(name)
        _known(table, [different, *equal] if different else list(equal))
        counted = sql.func.count(table.c[different].distinct()) if different else sql.func.count()
        statement = _where(sql.select(counted).select_from(table), table, equal)
        with self._reading() as connection:
            return int(connection.execute(statement).scalar_one())

    def last_of(self, name: str, **equal: Any) -> int:
        """The `seq` of the last event that wrote a row of a view which still stands; 0 where there is none. See
        `view`."""
        table = _table(name)
        _known(table, list(equal))
        statement = _where(sql.select(sql.func.max(table.c.seq)), table, equal)
        with self._reading() as connection:
            return int(connection.execute(statement).scalar() or 0)

    def outside(self, round_ids: Collection[str]) -> tuple[int, Event | None]:
        """How many events belong to none of these rounds, and the last of those."""
        elsewhere = EVENTS.c.round_id.not_in(list(round_ids))
        last = sql.select(EVENTS).where(elsewhere).order_by(EVENTS.c.seq.desc()).limit(1)
        with self._reading() as connection:
            number = connection.execute(sql.select(sql.func.count()).select_from(EVENTS).where(elsewhere)).scalar_one()
            row = connection.execute(last).mappings().first()
        return int(number), None if row is None else event_from(dict(row))

    def tally(self, name: str, *columns: str, **equal: Any) -> dict[tuple[Any, ...], int]:
        """How many rows of a view have each combination of values in these columns, sorted by them; see `view`."""
        table = _table(name)
        _known(table, [*columns, *equal])
        named = [table.c[column] for column in columns]
        statement = sql.select(*named, sql.func.count()).select_from(table).group_by(*named).order_by(*named)
        with self._reading() as connection:
            rows = connection.execute(_where(statement, table, equal)).all()
        return {tuple(row[:-1]): int(row[-1]) for row in rows}

    def latest(self, actor: str, round_id: str, before: int | None = None, actor_kind: str = "") -> Event | None:
        """The last event of an actor in a round, or of those whose `seq` is under `before`, of one `actor_kind`."""
        statement = sql.select(EVENTS).where(EVENTS.c.actor == actor, EVENTS.c.round_id == round_id)
        if actor_kind:
            statement = statement.where(EVENTS.c.actor_kind == actor_kind)
        if before is not None:
            statement = statement.where(EVENTS.c.seq < before)
        with self._reading() as connection:
            row = connection.execute(statement.order_by(EVENTS.c.seq.desc()).limit(1)).mappings().first()
        return None if row is None else event_from(dict(row))

    def _rows(self, kind: str | None, subject: str | None, after: int, holding: str = "") -> Iterator[dict[str, Any]]:
        """Rows page by page, so that no reading transaction stays open while the caller thinks."""
        statement = sql.select(EVENTS).order_by(EVENTS.c.seq).limit(PAGE)
        if kind is not None:
            statement = statement.where(EVENTS.c.kind == kind)
        if subject is not None:
            statement = statement.where(EVENTS.c.subject == subject)
        if holding:
            inside = sql.func.instr(EVENTS.c.body, json.dumps(holding, ensure_ascii=False)[1:-1]) > 0
            statement = statement.where(sql.or_(EVENTS.c.subject == holding, inside))
        while True:
            with self._reading() as connection:
                page = connection.execute(statement.where(EVENTS.c.seq > after)).mappings().all()
            yield from map(dict, page)
            if len(page) < PAGE:
                return
            after = page[-1]["seq"]


def different(event_id: UUID | str, what: str = "event") -> InputError:
    """An identifier that a client made was handed in for two things; `what` they are called."""
    words = f"is the identifier of a different {what}; make a new one for each {what}"
    return InputError(Fault(words, f"{'event_id' if what == 'event' else what} {event_id}"))


def _table(name: str) -> sql.Table:
    if name not in VIEWS.tables:
        raise InputError(f"no view {name!r}{nearest(name, list(VIEWS.tables))}")
    return VIEWS.tables[name]


def _known(table: sql.Table, names: Iterable[str]) -> None:
    columns = list(table.c.keys())
    faults = [Fault(f"no such column{nearest(name, columns)}", f"{table.name}.{name}")
              for name in names if name not in columns]  # fmt: skip
    if faults:
        raise InputError(faults)


def _where(statement: sql.Select[Any], table: sql.Table, equal: Mapping[str, Any]) -> sql.Select[Any]:
    several = (list, tuple, set, frozenset)
    return statement.where(*(table.c[key].in_(value) if isinstance(value, several) else table.c[key] == value
                             for key, value in equal.items()))  # fmt: skip


def row_of(connection: sql.Connection, event_id: str) -> dict[str, Any] | None:
    row = connection.execute(sql.select(EVENTS).where(EVENTS.c.event_id == event_id)).mappings().first()
    return None if row is None else dict(row)
