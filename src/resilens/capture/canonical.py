"""Does a Parquet file hold posts or comments in the canonical columns already? Then they are adopted as they stand.

The simulator writes such a capture, and so may anyone who has prepared a corpus elsewhere: the columns of the table
`posts` or `comments` (`corpus.schema`), and beside them what an appearance has (when it was collected; of a post the
search that found it). One row is one appearance of an item. Nothing is interpreted, each row is checked
(`capture.canonical_rows`), and one that breaks a rule of the tables is quarantined with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from resilens.capture.addresses import MAY_NEED_CLEANING, clean, names_account
from resilens.capture.canonical_rows import COLUMNS, KEYS, query
from resilens.capture.files import Head, Source, batches
from resilens.capture.reader import Options, Recognition
from resilens.capture.records import Captured
from resilens.capture.staging import COMMENTS, POSTS, QUARANTINE, Counts
from resilens.capture.traces import ERASED
from resilens.corpus.engine import MEMORY_LIMIT, SETTINGS
from resilens.corpus.text import language_of, script_of
from resilens.errors import Fault, InputError

BATCH = 50_000

REQUIRED = {
    "posts": ("post_id", "platform", "author", "published_at", "text", "hashtags"),
    "comments": ("comment_id", "post_id", "parent_id", "platform", "author", "published_at", "text"),
}
"""Columns that must be there, though cells may be empty except in ids and platform. They are what nobody can make up
for: without `parent_id` all threads would be flat, without `hashtags` no quota would find its posts."""


class Canonical:
    """A Parquet file of posts or of comments in the canonical columns."""

    name = "canonical"
    title = "canonical table"
    recognised = (
        "Parquet with the columns of the canonical table `posts` (at least "
        + ", ".join(f"`{column}`" for column in REQUIRED["posts"])
        + ") or `comments` (at least "
        + ", ".join(f"`{column}`" for column in REQUIRED["comments"])
        + ") and ids of the form `platform:p:…`, `platform:c:…`, in any order, with any others"
    )
    reads = (
        "every column of that table (tables.md) that is there, as it stands, times with their basis and precision, "
        "counts with their bounds, flags; `collected_at`, and for posts `query`, `ranking`, `rank`, `account` and "
        "`locale`, of the appearance that a row is. A row is quarantined where an id, a value of a closed list, a "
        "time (1990 to 2100) or a count cannot be right, and where it would name a person: authors are pseudonyms "
        "(`u-` or `n-` and 16 letters), also in mentions, and are adopted as they are"
    )
    drops = (
        "`root_id`, `depth` and the flags on threads (found anew over the whole corpus); addresses that name an "
        "account; all other columns"
    )
    infers = (
        "where the column is left out or empty: basis `field` and precision by the digits of a time, bound `exact` of "
        "a count, script and language by the rule in tables.md, kind `unknown`, the flag `author_missing`; nothing "
        "else, so a time that is missing stays missing, and hashtags are not looked for in the text"
    )

    def recognise(self, head: Head) -> Recognition | None:
        """An id column with ids of the canonical form; in an empty file the right columns are enough."""
        kind = None if head.schema is None else kind_of(head.schema)
        if head.schema is None or kind is None:
            return None
        ids = [record.get(KEYS[kind]) for record in head.records]
        mark = f":{kind[0]}:"
        if any(isinstance(one, str) and mark in one for one in ids) or not (ids or faults(head.schema, kind)):
            return Recognition(f"the columns of the canonical table `{kind}`, in Parquet")
        return None

    def check(self, source: Source) -> None:
        """Whether the columns are there and of the right type.

        Raises
        ------
        InputError
            With every column that is missing, or of another type than expected.
        """
        if source.schema is None:
            raise InputError(Fault("this is no Parquet file, as a canonical table must be", source.title))
        kind = kind_of(source.schema)
        if kind is None:
            raise InputError(Fault("no canonical table: it has neither a column comment_id nor post_id", source.title))
        found = [Fault(words, f"{source.title}: {column}") for column, words in faults(source.schema, kind)]
        if found:
            raise InputError(found)

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """Never record by record; see `stage`."""
        raise NotImplementedError("a canonical table is adopted in batches: capture.staging.stage")

    def stage(
        self, source: Source, options: Options, folder: Path, progress: Callable[[int], None] | None = None
    ) -> Counts:
        """Adopt the file: valid rows into the staged table of its kind, the others into quarantine.

        Memory stays flat: 50,000 rows are in it at a time, whatever the row groups of the file.

        Raises
        ------
        InputError
            If the file is damaged or its columns are not right.
        """
        self.check(source)
        kind = kind_of(source.schema)
        assert kind is not None
        if options.account or options.locale or options.collected_at is not None:
            words = "account, locale and collected_at are columns of a canonical table; write them there"
            raise InputError(Fault(words, source.title))
        schemas = {"posts": POSTS, "comments": COMMENTS, "quarantine": QUARANTINE}
        totals = dict.fromkeys(schemas, 0)
        with ExitStack() as stack:
            parts = {name: stack.enter_context(pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd"))
                     for name, schema in schemas.items()}  # fmt: skip
            for rows in _judged(source, kind, options):
                invalid = pc.is_valid(rows["reason"])
                for name, wanted in ((kind, pc.invert(invalid)), ("quarantine", invalid)):
                    kept = rows.select(schemas[name].names).filter(wanted)
                    if len(kept):
                        parts[name].write_table(kept.cast(schemas[name]).combine_chunks())
                        totals[name] += len(kept)
                if progress is not None:
                    progress(sum(totals.values()))
        return Counts(*totals.values())


def kind_of(schema: pa.Schema) -> str | None:
    """Which table it is: `comments` with a column comment_id (whose post_id names the post), `posts` with post_id."""
    return next((kind for kind in ("comments", "posts") if KEYS[kind] in schema.names), None)


def faults(schema: pa.Schema, kind: str) -> list[tuple[str, str]]:
    """Columns that are missing, stand twice or have a type that does not fit, each with what is wrong in words."""
    types = COLUMNS[kind]
    found = [(name, f"this column of a canonical table of {kind} is missing; expected {types.field(name).type}")
             for name in REQUIRED[kind] if name not in schema.names]  # fmt: skip
    for wanted in types:
        places = schema.get_all_field_indices(wanted.name)
        if len(places) > 1:
            found.append((wanted.name, "there are several columns of this name"))
        elif places and not fits(schema.field(places[0]).type, wanted.type):
            found.append((wanted.name, f"is {schema.field(places[0]).type}; expected {wanted.type}"))
    return found


def fits(found: pa.DataType, wanted: pa.DataType) -> bool:
    """Whether a column can be read as another type without loss; one that is empty throughout (null) always can."""
    types = pa.types
    if types.is_dictionary(found):
        found = found.value_type
    if types.is_null(found):
        return True
    if types.is_list(wanted):
        return (types.is_list(found) or types.is_large_list(found)) and fits(found.value_type, wanted.value_type)
    if types.is_timestamp(wanted):
        return bool(types.is_timestamp(found) and found.tz is not None)
    if types.is_integer(wanted):
        return bool(types.is_integer(found) and found != pa.uint64())
    return bool(types.is_string(found) or types.is_large_string(found) or types.is_string_view(found))


def _judged(source: Source, kind: str, options: Options) -> Iterator[pa.Table]:
    """The rows of the file batch by batch as the query of `capture.canonical_rows` answers them."""
    assert source.schema is not None
    present = [name for name in COLUMNS[kind].names if name in source.schema.names]
    judging, line = query(kind), 0
    ranks: dict[str, int] = {}
    for batch in batches(source, BATCH, present):
        captured = conformed(batch, kind, line, source.title)
        line += len(captured)
        # An engine of its own for each batch: one that goes on keeps growing, in pieces too small to be given back.
        with duckdb.connect(":memory:", config={"memory_limit": MEMORY_LIMIT, **SETTINGS}) as connection:
            connection.register("captured", captured)
            rows = connection.execute(judging).to_arrow_table()
        yield _searched(rows, options, ranks) if kind == "posts" else rows


def _searched(rows: pa.Table, options: Options, ranks: dict[str, int]) -> pa.Table:
    """What the scholar declares of the search, as for every capture (`registry.declared`): ranks in the file's order.

    A loop over rows, for what a search returns is never much.
    """
    if options.query:
        named = zip(rows["seq"].to_pylist(), rows["item_id"].to_pylist(), rows["reason"].to_pylist(), strict=True)
        found = [ranks.setdefault(f"{seq}" if reason == ERASED else item, len(ranks) + 1)
                 if reason in (None, ERASED) else None for seq, item, reason in named]  # fmt: skip
        rows = _with(rows, "query", pa.array([options.query] * len(rows), pa.string()))
        rows = _with(rows, "rank", pa.array(found, pa.int64()))
        rows = _with(rows, "ranking", pa.nulls(len(rows), pa.string()))
    if options.ranking:
        rankings = pa.array([options.ranking] * len(rows), pa.string())
        rows = _with(rows, "ranking", pc.if_else(pc.is_valid(rows["query"]), rankings, None))
    return rows


def _with(rows: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, column)


def conformed(batch: pa.RecordBatch, kind: str, before: int, title: str) -> pa.Table:
    """A batch with exactly the columns that are read and `line`; times in milliseconds since 1970, addresses cleaned.

    Raises
    ------
    InputError
        If a value cannot be had in the column's type: text that is not UTF-8, a time beyond all calendars.
    """
    columns = {"line": pa.array(np.arange(before + 1, before + 1 + len(batch)))}
    for field in COLUMNS[kind]:
        try:
            columns[field.name] = _conformed(batch, field)
        except pa.ArrowInvalid as error:
            words = f"rows {before + 1:,} to {before + len(batch):,} hold a value that is no {field.type}"
            raise InputError(Fault(words, f"{title}: {field.name}")) from error
    _derive(columns)
    return pa.table(columns)


def _derive(columns: dict[str, pa.Array]) -> None:
    """Script and language of the rows that do not say theirs, by the rule for all captures."""
    unsaid = pc.or_(columns["script"].is_null(), columns["language"].is_null())
    if not pc.any(unsaid).as_py():
        return
    parts = [columns[name].filter(unsaid).fill_null("").to_pylist() for name in ("title", "text") if name in columns]
    scripts = columns["script"].filter(unsaid).to_pylist()
    shown = ["\n".join(texts) for texts in zip(*parts, strict=True)]
    scripts = [script or script_of(text) for script, text in zip(scripts, shown, strict=True)]
    languages = [language_of(text, script) for text, script in zip(shown, scripts, strict=True)]
    for name, found in (("script", scripts), ("language", languages)):
        filled = pc.replace_with_mask(columns[name], unsaid, pa.array(found, pa.string()))
        columns[name] = pc.coalesce(columns[name], filled)


def _conformed(batch: pa.RecordBatch, field: pa.Field) -> pa.Array:
    time = pa.types.is_timestamp(field.type)
    wanted = pa.int64() if time else field.type
    if field.name not in batch.schema.names:
        return pa.nulls(len(batch), wanted)
    column = batch.column(field.name)
    column.validate(full=True)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if time and pa.types.is_timestamp(column.type):
        column = column.cast(field.type, safe=column.type.unit == "s")  # finer than milliseconds is cut off
    column = column.cast(wanted)
    if field.name == "url":
        return _safe_addresses(column)
    if field.name == "media":
        cleaned = _safe_addresses(pc.list_flatten(column))
        lengths = pc.fill_null(pc.list_value_length(column), 0)
        offsets = np.concatenate([[0], np.cumsum(lengths.to_numpy(zero_copy_only=False))]).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), cleaned, type=field.type)
    return column


def _safe_addresses(addresses: pa.Array) -> pa.Array:
    """Addresses without tokens of sessions; empty where they would name an account. Only suspects are looked at."""
    known = addresses.dictionary_encode()
    suspects = pc.match_substring_regex(known.dictionary, MAY_NEED_CLEANING)
    if not pc.any(suspects).as_py():
        return addresses
    safe: list[Any] = known.dictionary.to_pylist()
    for place in np.flatnonzero(suspects.to_numpy(zero_copy_only=False)):
        cleaned = clean(safe[place])
        safe[place] = None if names_account(cleaned) else cleaned
    return pa.array(safe, pa.string()).take(known.indices)
