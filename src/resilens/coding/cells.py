"""What does a table of codings hold, cell by cell, and what did a spreadsheet do to it?

CSV (any separator, any encoding that captures are read in), Excel and Parquet come out alike: rows with their number
and, for each column, a text, a whole number, or a `Damaged` cell with the reason why it cannot be believed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from resilens.capture.delimited import column_names
from resilens.capture.files import Record as Row
from resilens.capture.files import Source
from resilens.capture.records import Broken
from resilens.errors import Fault, InputError

GUARDED = ("=", "+", "-", "@", "\t", "\r", "'", "＝", "＋", "－", "＠")
"""What a cell of an exported CSV never begins with, since a spreadsheet would compute it: `guard` puts a `'` before."""

EXACT_DIGITS = 15
"""A spreadsheet keeps this many digits of a number and makes the rest zero."""

_EXPONENT = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+")
_DATE = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}([ T]00:00(:00)?)?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}/\d{1,2}/\d{1,2}|\d{1,2}月\d{1,2}日"
    r"|\d{1,2}[- ](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- ]\d{1,4}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Damaged:
    """A cell that does not say what was once written in it; `reason` is a sentence for its user."""

    shown: str
    reason: str


Cell: TypeAlias = str | int | Damaged


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its column names, its rows by number (the header is row 1), and the rows that cannot be read."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, Cell]], ...]
    broken: tuple[Fault, ...]
    unit: str = "row"

    def where(self, row: int, column: str = "") -> str:
        """`codings.csv, line 12, code`: a row, for a fault."""
        return f"{self.name}, {self.unit} {row}" + (f", {column}" if column else "")


def guard(text: str) -> str:
    """The text with a `'` before it where a spreadsheet would take it for a formula; `unguard` takes it back."""
    return "'" + text if text.startswith(GUARDED) else text


def unguard(text: str) -> str:
    """The text without the `'` that `guard` put before it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(GUARDED) else text


def plain(text: str) -> str:
    """The text as any of the formats can hold it: newlines as `\\n`, characters Excel refuses as U+FFFD."""
    return str(ILLEGAL_CHARACTERS_RE.sub("\ufffd", re.sub("\r\n?", "\n", text)))


def looks_like_date(text: str) -> bool:
    """Whether a spreadsheet may have made this of a code such as `1-2` or `MAR1`."""
    return _DATE.fullmatch(text.strip()) is not None


def looks_like_number(text: str) -> bool:
    """Whether a spreadsheet wrote an id as `6.85E+23`."""
    return _EXPONENT.fullmatch(text.strip()) is not None


def read_sheet(path: Path) -> Sheet:
    """The table in a CSV, Excel or Parquet file, told by its content.

    Raises
    ------
    InputError
        If it is none of these, damaged, or has no row.
    """
    source = Source(path)
    if source.format in ("json", "json-lines"):
        raise InputError(Fault("this is JSON; codings come as CSV, Excel or Parquet", path.name))
    records = _workbook(path) if source.format == "xlsx" else source.records()
    rows: list[tuple[int, dict[str, Cell]]] = []
    broken: list[Fault] = []
    unit = "line" if source.format == "csv" else "row"
    for record in records:
        if isinstance(record, Broken):
            if record.reason != "repeated header":
                broken.append(Fault(record.reason, f"{path.name}, {unit} {record.line}" if record.line else path.name))
            continue
        cells = {name: _cell(value, source.format) for name, value in record.values.items()}
        rows.append((record.line, cells))
    columns = tuple(dict.fromkeys(name for _, cells in rows for name in cells))
    if not rows:
        raise InputError(broken or Fault("this table has no row below its header", path.name))
    return Sheet(path.name, columns, tuple(rows), tuple(broken), unit)


def _cell(value: Any, format: str) -> Cell:
    """A cell's value: text trimmed at its ends only where it is asked for, whole numbers as such."""
    if value is None:
        return ""
    if isinstance(value, Damaged):
        return value
    if isinstance(value, str):
        return unguard(value) if format == "csv" else value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime | date | time):
        words = "the spreadsheet made a date of what was written here; format the column as text and write it again"
        return Damaged(str(value), words)
    if isinstance(value, float) and not value.is_integer():
        return str(value) if value == value else ""
    if isinstance(value, int | float):
        if format == "xlsx" and abs(value) >= 10**EXACT_DIGITS:
            words = f"the spreadsheet keeps {EXACT_DIGITS} digits of a number and lost the last of these"
            return Damaged(str(value), f"{words}; take the id from an export, in a column formatted as text")
        return int(value)
    return Damaged(str(value)[:40], "this is neither text nor a number")


def _workbook(path: Path) -> Iterator[Row | Broken]:
    """Rows of the first sheet that holds any, formulas told from text; every further sheet with content is refused."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
        try:
            read = ""
            for sheet in book.worksheets:
                rows = [row for row in sheet.iter_rows() if any(_filled(cell) for cell in row)]
                if rows and read:
                    words = f"only sheet {read!r} is read, and there is something on sheet {sheet.title!r} as well"
                    yield Broken(0, f"{words}; delete that sheet or save it as a file of its own")
                elif rows:
                    read = sheet.title
                    yield from _rows(rows)
        finally:
            book.close()
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError, EOFError) as error:
        raise InputError(Fault("this Excel workbook is damaged; save it anew", path.name)) from error


def _filled(cell: Any) -> bool:
    return cell.value is not None and str(cell.value).strip() != ""


def _rows(rows: list[tuple[Any, ...]]) -> Iterator[Row | Broken]:
    header = [("" if cell.value is None else str(cell.value)) for cell in rows[0]]
    while header and not header[-1].strip():
        header.pop()
    names = column_names(header)
    for row in rows[1:]:
        number = next(cell.row for cell in row if _filled(cell))
        if any(_filled(cell) for cell in row[len(names) :]):
            yield Broken(number, f"the row has more cells than the header ({len(names)})")
            continue
        yield Row(number, {name: _excel(cell) for name, cell in zip(names, row, strict=False)})


def _excel(cell: Any) -> Any:
    if cell.data_type == "f":
        return Damaged(str(cell.value)[:40], "this is a formula; copy the column and paste it as values")
    if cell.data_type == "e":
        return Damaged(str(cell.value), "this is a spreadsheet's error; write what belongs here")
    return cell.value
