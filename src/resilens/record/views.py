"""What is the current state? One table a view, derived from the events alone and written in their transaction.

A view's columns that bear the name of a body's key hold that key; the others hold what the event says of itself
(`seq`, `event_id`, `at`, `round_id`, `codebook_version`, `actor_kind`, and `actor`, which codings call `coder`). So a
projector is a sentence: put the row, remove the row, or mark it. Each row carries the `seq` of the event that wrote
it, and that is the order rows come in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any, TypeAlias

import sqlalchemy as sql
from sqlalchemy.dialects.sqlite import insert

from resilens.record.events import Event, canonical, instant

VIEWS = sql.MetaData()

Step: TypeAlias = tuple[sql.Executable, dict[str, Any]]
"""A statement and its values: one thing an event changes in the views."""

Projector: TypeAlias = Callable[[Event], list[Step]]
"""What one event changes in the views, in order; never asked of an erased event."""

_TARGET = ("item_id", "code_id", "nothing_applies", "field", "start", "end", "media_id", "x", "y", "w", "h", "start_ms",
           "end_ms", "second_item")  # fmt: skip
_NUMBERS = {"start", "end", "x", "y", "w", "h", "start_ms", "end_ms", "size", "n", "seq", "codebook_version", "records",
            "events", "files", "erased_records"}  # fmt: skip
_FLAGS = {"nothing_applies", "applies", "guessed", "complete", "chosen", "whole", "erased_whole", "withheld"}
_JSON = {"mapping", "options", "header", "quotas", "rankings", "details", "seed", "codebook", "coders", "items",
         "assignments", "codings", "changed_minds", "about", "tags", "codes", "leads", "boxes", "rivals",
         "evidence_for", "evidence_against", "led_to", "findings"}  # fmt: skip


def _type(name: str) -> sql.types.TypeEngine[Any]:
    if name in _NUMBERS:
        return sql.Integer()
    return sql.Boolean() if name in _FLAGS else sql.JSON() if name in _JSON else sql.Text()


def _view(
    name: str, key: str, *columns: str, indexes: tuple[tuple[str, ...], ...] = (), of: tuple[str, ...] = ()
) -> sql.Table:
    """A view with one row a `key`; every column but the first may be empty.

    The key is the column of that name, or the `identity` of the columns `of`.
    """
    return sql.Table(
        name,
        VIEWS,
        sql.Column(key, _type(key), primary_key=True, autoincrement=False),
        *(sql.Column(column, _type(column)) for column in columns),
        *([] if key == "seq" else [sql.Column("seq", sql.Integer, nullable=False)]),
        *(sql.Index(f"{name}_by_{'_'.join(index)}", *index) for index in indexes),
        info={"of": of},
    )


CAPTURES = _view("captures", "capture_id", "name", "reader", "size", "mapping", "guessed", "platform", "time_zone",
                 "time_zone_basis", "query", "ranking", "account", "locale", "collected_at", "complete", "options",
                 "erased_records", "erased_whole", "sha256", "at", "actor")  # fmt: skip
MEDIA = _view("media", "media_id", "kind", "size", "transcript", "at", "actor", "actor_kind")
MEDIA_LINKS = _view("media_links", "link", "media_id", "item", "at", "actor", "actor_kind", of=("media_id", "item"))
MAPPINGS = _view("mappings", "name", "mapping", "header", "guessed", "platform", "time_zone", "at", "actor")
DRAWS = _view("draws", "draw", "sha256", "inputs_sha256", "design", "seed", "file", "n", "frame", "quotas", "rankings",
              "replaces", "reason", "details", "at", "actor")  # fmt: skip
SCREENING = _view("screening", "item_id", "decision", "reason", "duplicate_of", "draw", "lead", "hashtag",
                  "undoes", "at", "actor", "actor_kind", indexes=(("decision",),))  # fmt: skip
COMMENT_CHOICES = _view("comment_choices", "comment_id", "post_id", "chosen", "reason", "draw", "at", "actor",
                        "actor_kind", indexes=(("post_id",),))  # fmt: skip
GROUPS = _view("groups", "author", "group", "actor_type", "reason", "at", "actor", "actor_kind")
QUOTING = _view("quoting", "item_id", "status", "paraphrase", "reason", "at", "actor", "actor_kind")
CODEBOOKS = _view("codebooks", "codebook_version", "codebook", "sha256", "reason", "at", "actor", "actor_kind")
ROUNDS = _view("rounds", "round_id", "mode", "coders", "title", "draw", "items", "assignments", "note",
               "codebook_version", "state", "at", "frozen_at", "revealed_at", "actor")  # fmt: skip
CODINGS = _view("codings", "coding", "coder", "round_id", *_TARGET, "text_sha256", "memo", "act", "undoes",
                "codebook_version", "actor_kind", "at", "event_id",
                indexes=(("round_id", "coder", "item_id"), ("item_id",), ("code_id",)))  # fmt: skip
CONSENSUS = _view("consensus", "decision", "round_id", *_TARGET, "text_sha256", "applies", "reason", "note", "codings",
                  "changed_minds", "codebook_version", "at", "actor", "event_id",
                  indexes=(("round_id", "item_id"), ("item_id",)))  # fmt: skip
MEMOS = _view("memos", "memo_id", "text", "title", "type", "about", "round_id", "at", "actor")
LEADS = _view("leads", "lead_id", "text", "where", "seen_at", "link", "pasted", "file", "tags", "items", "codes", "at",
              "actor")  # fmt: skip
DIARY = _view("diary", "entry_id", "text", "began_at", "ended_at", "observer", "account", "channel", "query", "leads",
              "at", "actor")  # fmt: skip
FINISHED = _view("finished", "finished", "round_id", "coder", "reason", "at", of=("round_id", "coder"))
TRANSLATIONS = _view("translations", "translation_id", "item_id", "field", "text", "language", "engine", "version",
                     "made_on", "text_sha256", "at", "actor", "actor_kind", indexes=(("item_id",),))  # fmt: skip
ACCEPTED = _view("accepted_translations", "accepted", "item_id", "field", "translation_id", "reason", "at", "actor",
                 of=("item_id", "field"), indexes=(("item_id",),))  # fmt: skip
REDACTIONS = _view("redactions", "media_id", "boxes", "complete", "withheld", "reason", "at", "actor")
PACKETS = _view("packets", "sha256", "coder", "round_id", "events", "at", "actor")
TRANSCRIPTION_CHECKS = _view("transcription_checks", "check", "capture_id", "verdict", "note", "at", "actor",
                             of=("capture_id", "actor"))  # fmt: skip
CLAIMS = _view("claims", "claim_id", "statement", "question", "stage", "puzzle", "rivals", "evidence_for",
               "evidence_against", "led_to", "status", "findings", "at", "actor", "actor_kind")  # fmt: skip
ERASURES = _view("erasures", "seq", "kind", "what", "reason", "records", "events", "files", "at", "actor")


def identity(*parts: Any) -> str:
    """32 hexadecimal digits that stand for these parts, in this order."""
    return hashlib.sha256(canonical(parts).encode()).hexdigest()[:32]


def _values(event: Event) -> dict[str, Any]:
    """All that an event offers to a view's columns; the body wins where it has the name."""
    body = event.body or {}
    return {
        "seq": event.seq, "event_id": str(event.event_id), "at": instant(event.at), "kind": event.kind,
        "actor": event.actor, "coder": event.actor, "actor_kind": event.actor_kind, "round_id": event.round_id,
        "codebook_version": event.codebook_version,
        **body,
    }  # fmt: skip


def _key_of(table: sql.Table, event: Event, values: Mapping[str, Any]) -> dict[str, Any]:
    """What names the row: a coding's whole identity in short, elsewhere the column of that name or the columns `of`."""
    (key,) = table.primary_key.columns
    target = [values.get(name) for name in _TARGET]
    if table is CODINGS:
        return {key.name: identity(event.round_id, event.actor, target)}
    if table is CONSENSUS:
        return {key.name: identity(event.round_id, target)}
    if table.info["of"]:
        return {key.name: identity(*(values[name] for name in table.info["of"]))}
    return {key.name: values[key.name]}


def put(table: sql.Table, **also: Any) -> Projector:
    """The event's row replaces the one with the same key; `also` sets columns no event names."""
    statement = insert(table)
    (key,) = table.primary_key.columns
    upsert = statement.on_conflict_do_update(
        index_elements=[key], set_={column.name: statement.excluded[column.name] for column in table.columns}
    )
    names = [column.name for column in table.columns]

    def project(event: Event) -> list[Step]:
        values = _values(event)
        row = {name: also.get(name, values.get(name)) for name in names}
        return [(upsert, row | _key_of(table, event, values))]

    return project


def remove(table: sql.Table) -> Projector:
    """The row with the event's key goes, if it is there."""
    (key,) = table.primary_key.columns
    statement = sql.delete(table).where(key == sql.bindparam("gone"))

    def project(event: Event) -> list[Step]:
        return [(statement, {"gone": gone}) for gone in _key_of(table, event, _values(event)).values()]

    return project


def mark_round(state: str, time: str) -> Projector:
    """The event's round goes into `state`, at the `time` column; a round that was never opened stays unknown."""
    statement = sql.update(ROUNDS).where(ROUNDS.c.round_id == sql.bindparam("round"))
    statement = statement.values({"state": state, time: sql.bindparam("moment")})

    def project(event: Event) -> list[Step]:
        return [(statement, {"round": event.round_id, "moment": instant(event.at)})]

    return project


_ERASE_CAPTURE = (
    sql.update(CAPTURES)
    .where(CAPTURES.c.capture_id == sql.bindparam("capture"))
    .values(
        erased_records=sql.func.coalesce(CAPTURES.c.erased_records, 0) + sql.bindparam("gone"),
        erased_whole=sql.bindparam("all_gone"),
        sha256=sql.bindparam("now"),
    )
)
_put_erased_capture = put(ERASURES, what="capture")


def erase_capture(event: Event) -> list[Step]:
    """Count the records erased from a capture and note what its raw file's hash is now; note the erasure as well."""
    body = event.body or {}
    values = {"capture": body["capture_id"], "gone": body["records"], "all_gone": body["whole"], "now": body["sha256"]}
    return [(_ERASE_CAPTURE, values), *_put_erased_capture(event)]


_remove_medium = remove(MEDIA)
_put_erased_medium = put(ERASURES, what="media")


def erase_medium(event: Event) -> list[Step]:
    """The file is kept no more; note the erasure as well."""
    return [*_remove_medium(event), *_put_erased_medium(event)]


def note_erased_events(event: Event) -> list[Step]:
    """How many events were erased, and why."""
    return put(ERASURES, what="events", events=len((event.body or {})["event_ids"]))(event)


def write(connection: sql.Connection, steps: Iterable[Step]) -> None:
    """Carry out steps in their order, those in a row that share a statement at once."""
    for _, together in groupby(steps, key=lambda step: id(step[0])):
        group = list(together)
        connection.execute(group[0][0], [values for _, values in group])
