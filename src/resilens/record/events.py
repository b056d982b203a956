"""What is an event, how is it written down, and how does each one vouch for all before it?

An event's `hash` covers the previous event's hash, its own metadata, and `body_digest`, the SHA-256 of a random salt,
its subject and its body. Subject, body and salt can therefore be destroyed (a person's right to erasure) and the chain
still verifies, while nothing about what was destroyed can be guessed from the digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import sqlalchemy as sql

from resilens.errors import InputError

ActorKind: TypeAlias = Literal["human", "machine", "import", "file"]
"""Who acted: a person in the workbench; a program; a person's work imported from a table; a hand-edited file."""

FIRST_HASH = "0" * 64
"""What the first event names as its predecessor."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be: what a client hands in; the record adds its place in the chain.

    Parameters
    ----------
    kind
        One of `kinds.KINDS`.
    subject
        What it is about: an item, an author, a capture, a round, a draw. Erased together with the body.
    body
        The keys of the kind's body.
    actor, actor_kind
        Who did it, and what kind of actor that is.
    round_id, codebook_version
        Under which round and version of the codebook; empty and 0 where that does not apply.
    event_id
        Made by the client (`clock.uuid7`) so that it may hand in the same draft again after a failure; None lets the
        record make one.
    at
        When it was done, for what was done elsewhere and is brought in now; None: as it is stored.
    """

    kind: str
    subject: str
    body: Mapping[str, Any]
    actor: str
    actor_kind: ActorKind = "human"
    round_id: str = ""
    codebook_version: int = 0
    event_id: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event as stored; `body` is None and `subject` empty once it is erased. `at` is UTC in whole milliseconds."""

    seq: int
    event_id: UUID
    at: datetime
    actor: str
    actor_kind: ActorKind
    kind: str
    subject: str
    round_id: str
    codebook_version: int
    body: Mapping[str, Any] | None = field(repr=False)
    prev_hash: str = field(repr=False)
    hash: str = field(repr=False)


METADATA = sql.MetaData()

EVENTS = sql.Table(
    "events",
    METADATA,
    sql.Column("seq", sql.Integer, primary_key=True),
    sql.Column("event_id", sql.Text, nullable=False, unique=True),
    sql.Column("at", sql.Text, nullable=False),
    sql.Column("actor", sql.Text, nullable=False),
    sql.Column("actor_kind", sql.Text, nullable=False),
    sql.Column("kind", sql.Text, nullable=False),
    sql.Column("subject", sql.Text, nullable=False),
    sql.Column("round_id", sql.Text, nullable=False),
    sql.Column("codebook_version", sql.Integer, nullable=False),
    sql.Column("body", sql.Text),
    sql.Column("salt", sql.Text),
    sql.Column("body_digest", sql.Text, nullable=False),
    sql.Column("prev_hash", sql.Text, nullable=False),
    sql.Column("hash", sql.Text, nullable=False),
    sql.Index("events_by_kind", "kind", "seq"),
    sql.Index("events_by_subject", "subject", "seq"),
    sql.Index("events_by_actor", "actor", "round_id", "seq"),
)

HEAD = sql.Table(
    "head",
    METADATA,
    sql.Column("one", sql.Integer, sql.CheckConstraint("one = 1"), primary_key=True),
    sql.Column("seq", sql.Integer, nullable=False),
    sql.Column("hash", sql.Text, nullable=False),
)
"""The last event, kept apart so that cutting off the end of the chain is seen as well."""

HASHED = ("seq", "event_id", "at", "actor", "actor_kind", "kind", "round_id", "codebook_version", "body_digest",
          "prev_hash")  # fmt: skip
"""The columns an event's hash covers; subject, body and salt are covered through `body_digest`."""

_KEPT = (*HASHED, "hash")

TRIGGERS = {
    "events_are_only_appended": (
        "CREATE TRIGGER events_are_only_appended BEFORE INSERT ON events "
        "WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events) "
        "OR EXISTS (SELECT 1 FROM events WHERE event_id = NEW.event_id) "
        "BEGIN SELECT RAISE(ABORT, 'events are only appended'); END"
    ),
    "events_are_never_deleted": (
        "CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events "
        "BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END"
    ),
    "events_are_only_erased": (
        "CREATE TRIGGER events_are_only_erased BEFORE UPDATE ON events "
        "WHEN NOT (NEW.body IS NULL AND NEW.salt IS NULL AND NEW.subject = '' AND "
        + " AND ".join(f"NEW.{column} IS OLD.{column}" for column in _KEPT)
        + ") BEGIN SELECT RAISE(ABORT, 'events are never changed, only erased'); END"
    ),
}
"""What the database itself forbids, whatever program writes to it."""


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces and characters as they are: equal values give equal bytes in UTF-8.

    Raises
    ------
    InputError
        If the value holds a number that is not finite, half a surrogate pair, or what JSON cannot hold.
    """
    try:
        text = _CANONICAL.encode(value)
        text.encode()
    except (ValueError, TypeError) as error:
        raise InputError(f"this cannot be written as JSON ({error}); mend the value") from error
    return text


def instant(at: datetime) -> str:
    """UTC in ISO 8601 with milliseconds, `2025-05-01T00:00:00.000Z`; the rest of a second is cut off."""
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def body_digest(salt: str, subject: str, body: str) -> str:
    """SHA-256 of the salt as written (hexadecimal), then the canonical JSON of the subject, a newline, and the body."""
    return hashlib.sha256(f"{salt}{canonical(subject)}\n{body}".encode()).hexdigest()


def hash_of(row: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of the columns named in `HASHED`."""
    return hashlib.sha256(canonical([row[column] for column in HASHED]).encode()).hexdigest()


def event_from(row: Mapping[str, Any]) -> Event:
    """The event that a row of `events` holds."""
    return Event(
        seq=row["seq"],
        event_id=UUID(row["event_id"]),
        at=datetime.fromisoformat(row["at"]),
        actor=row["actor"],
        actor_kind=row["actor_kind"],
        kind=row["kind"],
        subject=row["subject"],
        round_id=row["round_id"],
        codebook_version=row["codebook_version"],
        body=None if row["body"] is None else json.loads(row["body"]),
        prev_hash=row["prev_hash"],
        hash=row["hash"],
    )
