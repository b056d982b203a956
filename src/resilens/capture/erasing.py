"""How is an item, or all of an account, taken out of a raw captured file, with everything else left as it was?

Each own record becomes a tombstone in place, so lines, rows and the sums of the capture stay. Records without any trace
keep their bytes. The file is replaced whole or not at all, and stays in its encoding and read-only.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from resilens import files
from resilens.capture import databases, delimited, jsontext, limits, stretches, values
from resilens.capture.fields import MADE
from resilens.capture.files import Source
from resilens.capture.mapping import Mapping
from resilens.capture.rednote import profile_id
from resilens.capture.stretches import Stretch
from resilens.capture.traces import MARK, NOBODY, Traces, is_tombstone, tombstones

BY_LINE = frozenset({"table", "4cat", "minet"})
"""Readers that make or change ids: what they read is known by where it stands alone."""

FLAT = frozenset({"transcription"})
"""Readers of JSON whose records are rows: one item each, with its author by name. A capture that was corrected is in no
table of the corpus, so that its rows are found by what they hold alone."""

ONE_A_RECORD = BY_LINE | FLAT | {"mediacrawler", "xhs-downloader"}
"""Readers whose records hold one item each, so that the place of an item is that of its whole record."""

ID_COLUMNS = ("comment_id", "note_id", "aweme_id", "content_id", "作品ID", "id", "uri")
AUTHOR_COLUMNS = ("user_id", "creator_hash", "userId", "author_id", "authorId", "uid", "author_user_id", "user_did",
                  "作者ID", "username", "author", "author_unique_id", "user_screen_name")  # fmt: skip
QUERY_COLUMNS = ("source_keyword", "collected_from_url")
_TOMBSTONE = '{"resilens": "erased"}'
_SURROGATE = re.compile("[\ud800-\udfff]")

Write = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Erasing:
    """What was, or would be, changed in one raw file.

    Parameters
    ----------
    records
        Own records that became tombstones, nested replies counted.
    redacted
        Further records that referred to the item or the account.
    """

    records: int = 0
    redacted: int = 0

    @property
    def touched(self) -> bool:
        """Whether the file held any trace."""
        return bool(self.records or self.redacted)


def erase_from(
    path: Path, traces: Traces, *, reader: str = "", mapping: Mapping | None = None,
    lines: frozenset[int] = frozenset(), change: bool = True,
) -> Erasing:  # fmt: skip
    """Replace own records by tombstones and take the traces out of the others.

    Parameters
    ----------
    path
        The raw file.
    traces
        What to look for.
    reader, mapping
        The reader of the capture and, of a table, its columns.
    lines
        Where the items stand, by the observations: what alone decides in a table of its own columns, where an id may be
        made, or as short as `12`. Other readers know an item by its id, too, or alone where a record holds several.
    change
        False only counts.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    traces = replace(traces, by_line=reader in BY_LINE)
    lines = lines if reader in ONE_A_RECORD else frozenset()
    counted = _Renewal(Source(path), traces, mapping, lines, reader).into(None)
    if not (change and counted.touched):
        return counted
    with files.replacing(path, stat.S_IMODE(path.stat().st_mode)) as temporary:
        return _Renewal(Source(path), traces, mapping, lines, reader).into(temporary)


class _Renewal:
    """One pass over a raw file, to another one or to nowhere."""

    def __init__(
        self, source: Source, traces: Traces, mapping: Mapping | None, lines: frozenset[int], reader: str
    ) -> None:
        self._source = source
        self._traces = traces
        kind = _CanonicalRows if reader == "canonical" else _Rows
        self._rows = kind(traces, mapping, lines)
        self._flat = self._rows.by_line or reader in FLAT
        self._records = self._redacted = 0

    def into(self, target: Path | None) -> Erasing:
        kind = self._source.format
        if kind == "parquet":
            self._parquet(target)
        elif kind == "xlsx":
            self._workbook(target)
        elif kind == "sqlite":
            self._database(target)
        else:
            passes = {"csv": self._table, "json-lines": self._json_lines, "json": self._json}
            with self._reading("\n" if kind == "json-lines" else "") as text, self._writing(target) as write:
                passes[kind](text, write)
        return Erasing(self._records + self._rows.records, self._redacted + self._rows.redacted)

    # --- text, in the file's own encoding; bytes that are none of it pass through ---------------------------------

    @contextmanager
    def _reading(self, newline: str) -> Iterator[io.TextIOWrapper]:
        decoding = self._source.decoding
        with self._source.path.open("rb") as opened:
            opened.seek(decoding.skip)
            with io.TextIOWrapper(opened, decoding.codec, errors="surrogateescape", newline=newline) as text:
                yield text

    @contextmanager
    def _writing(self, target: Path | None) -> Iterator[Write]:
        if target is None:
            yield lambda _: None
            return
        decoding = self._source.decoding
        with self._source.path.open("rb") as original, target.open("wb") as out:
            out.write(original.read(decoding.skip))
            with io.TextIOWrapper(out, decoding.codec, errors="surrogateescape", newline="") as text:
                yield text.write

    def _table(self, text: io.TextIOWrapper, write: Write) -> None:
        separator = self._source.separator
        header: list[str] = []
        columns: list[str] = []
        for line, region, row in stretches.regions(text, separator, self._source.path.parent):
            if isinstance(row, list) and not any(cell.strip() for cell in row):
                _pass_on(region, write)
            elif not columns and isinstance(row, list):
                header, columns = row, delimited.column_names(row)
                _pass_on(region, write)
            elif row == header or (renewed := self._renewed_row(line, region, row, columns)) is None:
                _pass_on(region, write)
            else:
                write(_as_region(renewed, region, separator))

    def _renewed_row(self, line: int, region: Stretch, row: list[str] | str, columns: list[str]) -> list[str] | None:
        """The cells of a changed row; a row that fits no header goes whole where it holds a trace."""
        if line not in self._rows.lines and not region.holds(self._traces.touch):
            return None
        if isinstance(row, str) or len(row) > len(columns):
            if region.head.startswith(MARK):
                return None
            self._records += 1
            return [MARK] + [""] * (len(columns) - 1)
        values_ = dict(zip(columns, row, strict=False))
        renewed = self._rows.renewed(line, values_, "")
        return None if renewed is None else [*renewed.values(), *[""] * (len(columns) - len(renewed))]

    def _json_lines(self, text: io.TextIOWrapper, write: Write) -> None:
        for number, line in enumerate(stretches.lines(text, self._source.path.parent), start=1):
            stripped = line.head.replace("\0", "").strip().strip("\ufeff")
            if not stripped or not (number in self._rows.lines or line.holds(self._traces.touch)):
                _pass_on(line, write)
                continue
            try:
                value = _parsed(stripped, line)
            except (ValueError, RecursionError):
                self._records += 1
                write(_TOMBSTONE + line.line_end)
                continue
            changed = self._renewed_value(number, value)
            if changed is value:
                _pass_on(line, write)
            else:
                write(_dumped(changed, stripped.isascii()) + line.line_end)

    def _renewed_value(self, number: int, value: Any) -> Any:
        """The record without traces; the same object where there were none."""
        if isinstance(value, dict) and (self._flat or number in self._rows.lines):
            renewed = self._rows.renewed(number, value, None)
            return value if renewed is None else renewed
        walked = self._traces.walked(value)
        if walked == value:
            return value
        fresh = tombstones(walked) - tombstones(value)
        self._records += fresh
        self._redacted += not fresh
        return walked

    def _json(self, text: io.TextIOWrapper, write: Write) -> None:
        tape = stretches.Tape(text, self._source.path.parent)
        if tape.next_mark() == "[":
            tape.position += 1
        number = 0
        while mark := tape.next_mark():
            if mark == "]":
                tape.position += 1
                continue
            number += 1
            _pass_on(tape.taken(), write)
            try:
                value = jsontext._value(tape)
            except ValueError as error:
                self._pass_damage(tape, isinstance(error, jsontext.TooDeepError), write)
            else:
                element, changed = tape.taken(), value
                if number in self._rows.lines or element.holds(self._traces.touch):
                    changed = self._renewed_value(number, value)
                if changed is value:
                    _pass_on(element, write)
                else:
                    write(_dumped(changed, element.text.isascii()))
        _pass_on(tape.rest(), write)

    def _pass_damage(self, tape: stretches.Tape, whole: bool, write: Write) -> None:
        """A damaged element, known to its end where it is `whole`: it goes where it holds a trace."""
        again = whole or jsontext._skip_damage(tape)
        damaged = tape.taken() if again else tape.rest()
        if damaged.holds(self._traces.touch):
            self._records += 1
            write(_TOMBSTONE + ("" if whole else ", " if again else "]"))
        else:
            _pass_on(damaged, write)

    # --- Parquet, Excel and SQLite -------------------------------------------------------------------------------

    def _parquet(self, target: Path | None) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        with pq.ParquetFile(self._source.path, pre_buffer=False) as opened:
            schema = opened.schema_arrow
            # A tombstone leaves columns empty, whether or not they might be.
            schema = pa.schema([column.with_nullable(True) for column in schema], schema.metadata)
            texts = {column.name for column in schema if column.type in (pa.string(), pa.large_string())}
            writer = pq.ParquetWriter(target, schema) if target else None
            number = 0
            # Times as numbers: a damaged one is beyond every calendar, and stays what it is.
            numbers = pa.schema([
                column.with_type(pa.int64()) if pa.types.is_timestamp(column.type) else column for column in schema
            ])  # fmt: skip
            for batch in opened.iter_batches(batch_size=4096):
                rows = batch.cast(numbers).to_pylist()
                changed = False
                for place, row in enumerate(rows):
                    number += 1
                    renewed = self._rows.renewed(number, row, None)
                    if renewed is not None:
                        changed = True
                        rows[place] = {key: _in_column(cell, row[key], key in texts) for key, cell in renewed.items()}
                if writer is not None:
                    kept = pa.RecordBatch.from_pylist(rows, numbers) if changed else batch
                    writer.write_batch(kept.cast(schema))
            if writer is not None:
                writer.close()

    def _workbook(self, target: Path | None) -> None:
        import openpyxl

        with self._source.path.open("rb") as opened:  # given a path, openpyxl would judge the file by its extension
            book = openpyxl.load_workbook(opened)
        first = True
        for sheet in book.worksheets:
            rows = _Rows(self._traces, self._rows.mapping, self._rows.lines if first else frozenset())
            columns: list[str] = []
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                row = [cell.value for cell in cells]
                if all(value is None or (isinstance(value, str) and not value.strip()) for value in row):
                    continue
                if not columns:
                    columns = delimited.column_names(["" if value is None else str(value) for value in row])
                    first = False
                    continue
                before = rows.records
                renewed = rows.renewed(number, dict(zip(columns, row, strict=False)), None)
                for cell, value in zip(cells, (renewed or {}).values(), strict=False):
                    cell.value = value
                    if rows.records > before:
                        cell.comment, cell.hyperlink = None, None
            self._records += rows.records
            self._redacted += rows.redacted
        if target is not None:
            book.save(target)
        book.close()

    def _database(self, target: Path | None) -> None:
        """Into a new database with the same tables and columns, so that no page of the old one is left in the file.

        A tombstone leaves cells empty, so the new tables have no constraints; what was no table is not carried over.
        """
        source, into = self._source, target or ":memory:"
        with databases.connected(source.path, source.title) as old, closing(sqlite3.connect(into)) as new:
            number = 0
            for name in databases.tables(old):
                rows = old.execute(f"SELECT * FROM {databases.quoted(name)}")
                columns = [column[0] for column in rows.description]
                new.execute(f"CREATE TABLE {databases.quoted(name)} ({', '.join(map(databases.quoted, columns))})")
                insert = f"INSERT INTO {databases.quoted(name)} VALUES ({', '.join('?' * len(columns))})"
                for row in rows:
                    number += 1
                    renewed = self._rows.renewed(number, dict(zip(columns, row, strict=True)), None)
                    if target is not None:
                        new.execute(insert, tuple((renewed or {}).values()) or row)
            new.commit()


class _Rows:
    """Which rows of a table are own, and what becomes of a row."""

    def __init__(self, traces: Traces, mapping: Mapping | None, lines: frozenset[int]) -> None:
        columns = dict(mapping.columns) if mapping else {}
        self.mapping, self.lines, self.by_line = mapping, lines, traces.by_line
        self.records = self.redacted = 0
        self._traces = traces
        self._id = columns.get("id", "") if columns.get("id") != MADE else ""
        self._authors = tuple(columns[name] for name in ("author", "author_page", "author_name") if name in columns)
        self._authors = self._authors if mapping else AUTHOR_COLUMNS
        self._queries = (columns["query"],) if "query" in columns else QUERY_COLUMNS
        self._references = {columns.get("post", ""): traces.posts, columns.get("parent", ""): traces.comments}
        self._searches: set[tuple[str, str]] = set()

    def renewed(self, line: int, row: dict[str, Any], empty: str | None) -> dict[str, Any] | None:
        """The row's new values; None where nothing changes."""
        if is_tombstone(row):
            return None
        if line in self.lines or self._own(row):
            self.records += 1
            return self._tombstone(row, empty)
        renewed = {column: self._value(column, value) for column, value in row.items()}
        if renewed == row:
            return None
        self.redacted += 1
        return renewed

    def _id_column(self, row: dict[str, Any]) -> str:
        if self._id in row:
            return self._id
        return next((column for column in ID_COLUMNS if column in row), next(iter(row)))

    def _own(self, row: dict[str, Any]) -> bool:
        traces = self._traces
        if not self.by_line and values.identifier(row.get(self._id_column(row))) in traces.items:
            return True
        for column in self._authors if traces.accounts or traces.names else ():
            account = values.identifier(row.get(column))
            if account and (profile_id(account) or account) in (traces.ids | traces.names) - traces.items:
                return True
        return False

    def _tombstone(self, row: dict[str, Any], empty: str | None) -> dict[str, Any]:
        """The mark, and once for every item the search it came from, so that the ranks of others stay."""
        column = self._id_column(row)
        query = next((name for name in self._queries if name in row), "")
        search = values.known_text(row.get(query)) or ""
        seen = (str(row[column]), search)
        kept = {column: MARK}
        if search and seen not in self._searches and column != query:
            self._searches.add(seen)
            kept[query] = self._traces.redacted(search, query)
        return {name: kept.get(name, empty) for name in row}

    def _value(self, column: str, value: Any) -> Any:
        native = values.identifier(value) if column in self._references else None
        if native is not None and native in self._references.get(column, ()):
            return int(self._traces.alias(native)) if isinstance(value, int) else self._traces.alias(native)
        if isinstance(value, str):
            return self._traces.redacted(value, column)
        return self._traces.walked(value, column)


class _CanonicalRows(_Rows):
    """Rows of a canonical capture: items go by their ids in the study, and people by pseudonyms."""

    def _id_column(self, row: dict[str, Any]) -> str:
        return "comment_id" if "comment_id" in row else "post_id"

    def _own(self, row: dict[str, Any]) -> bool:
        traces, author = self._traces, row.get("author")
        if row[self._id_column(row)] in traces.renamed or author in traces.pseudonyms_of_author:
            return True
        # A row that names its author is in quarantine, and in this file.
        return author in (traces.ids | traces.names) - traces.items

    def _value(self, column: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(column, one) for one in value]
        if isinstance(value, str):
            if value in self._traces.renamed:
                return self._traces.renamed[value]
            if column == "account" and value in self._traces.pseudonyms_of_author:
                return NOBODY
            value = self._study_names.sub(lambda found: self._traces.renamed.get(found[0], NOBODY), value)
        return super()._value(column, value)

    @cached_property
    def _study_names(self) -> re.Pattern[str]:
        """Ids and pseudonyms inside texts, addresses and flags."""
        words = sorted({*self._traces.renamed, *self._traces.pseudonyms_of_author}, key=lambda one: (-len(one), one))
        return re.compile(f"(?<![0-9A-Za-z])(?:{'|'.join(map(re.escape, words))})(?![0-9A-Za-z])" if words else r"(?!)")


def _pass_on(stretch: Stretch, write: Write) -> None:
    for piece in stretch.pieces():
        write(piece)


def _parsed(stripped: str, line: Stretch) -> Any:
    """A line that a reader takes for a record.

    Raises
    ------
    ValueError
        If it is none: damaged, too long or too deep.
    """
    if line.too_long or limits.too_deep(stripped):
        raise ValueError("no record")
    return json.loads(stripped)


def _as_region(cells: list[str], region: Stretch, separator: str) -> str:
    """A row in CSV over as many lines as before, blank ones behind it, so that the rows below keep their lines."""
    lines = 1 if region.too_long else len(io.StringIO(region.text, newline="").readlines())
    end = region.line_end
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator, lineterminator=end).writerow(cells)
    row = written.getvalue()
    return row + (end or "\n") * (lines - len(io.StringIO(row, newline="").readlines()))


def _in_column(value: Any, old: Any, text: bool) -> Any:
    """A value in the type of its Parquet column: what does not fit is left empty."""
    if text or value is None or value == old or isinstance(value, dict | list):
        return value
    return int(value) if isinstance(old, int) and isinstance(value, str) and value.isdigit() else None


def _dumped(value: Any, ascii_only: bool) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if ascii_only or _SURROGATE.search(text) else text
