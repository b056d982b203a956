"""How do codings leave as a table that a spreadsheet cannot hurt and that comes back as what it was?"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.cell import WriteOnlyCell

from resilens.coding.cells import guard, plain
from resilens.coding.codebook import latest
from resilens.coding.codings import TARGET, WHOLE, codings
from resilens.coding.items import Items
from resilens.coding.rounds import blind, round_of, rounds
from resilens.coding.spans import digest
from resilens.errors import Fault, InputError
from resilens.files import replacing, write_bytes
from resilens.record.store import Record
from resilens.results.tables import counted

Value = str | int | None

FIRST = ("item_id", "code_id", "coder", "round_id")
SPAN = ("field", "start", "end", "quote")
REGION = ("media_id", "x", "y", "w", "h", "start_ms", "end_ms")
SUFFIXES = (".csv", ".xlsx", ".parquet")

CELL = 32_767
"""Characters of a cell in Excel; openpyxl cuts what is longer."""


def export_codings(
    path: Path, record: Record, items: Items | None = None, layout: Literal["long", "wide"] = "long",
    round_id: str = "", coder: str = "", faithful: bool = False,
) -> int:  # fmt: skip
    """Write codings as CSV, Excel or Parquet, by the ending of `path`; `read_codings` reads them back unchanged.

    Long has the columns item_id, code_id (`nothing applies` where nothing does), coder, round_id, and where any coding
    needs them: field, start, end and quote; a media file's region or interval; second_item; memo. Wide has one row
    an item, coder and round with a column for each code (1, 0) and nothing_applies; it carries no memo.

    CSV is UTF-8 with a byte order mark, and a `'` stands before a cell that a spreadsheet would compute, unless the
    file is to be faithful.

    Parameters
    ----------
    path
        Where to; an existing file is replaced at once, never half-written.
    record
        The study's record.
    items
        Where the quotes of spans are looked up; None leaves the quotes out.
    layout
        `long` or `wide`.
    round_id, coder
        Only of this round, of this coder; empty: of all.
    faithful
        As in `write_rows`; the default is safe to open in a spreadsheet, and comes back through import as it was.

    Returns
    -------
    int
        How many rows were written, the header not counted.

    Raises
    ------
    InputError
        If a round is independent and still open (unless all its codings came from tables, or one coder's own are
        asked for), so that the file would tell one coder of another's; if a wide table would lose spans, regions or
        relations; if nobody has coded; if the ending is another.
    """
    if path.suffix.lower() not in SUFFIXES:
        words = f"codings are written as {', '.join(SUFFIXES)}; end the name with one of them"
        raise InputError(Fault(words, path.name))
    if not coder:
        _refuse_blind(record, round_id)
    elif round_id:
        round_of(record, round_id)
    rows = codings(record, round_id, coder).to_pylist()
    if not rows:
        of = (f" by {coder}" if coder else "") + (f" in {round_id}" if round_id else "")
        raise InputError(f"there is no coding to write{of}")
    header, cells = _long(rows, items) if layout == "long" else _wide(rows, record)
    write_rows(path, header, cells, faithful=faithful)
    return len(cells)


def write_rows(
    path: Path, header: list[str], cells: list[list[Value]], sheet: str = "codings", faithful: bool = False
) -> int:  # fmt: skip
    """Write a table by the ending of `path`, one of `SUFFIXES`; how many cells Excel cuts at `CELL` characters.

    Parameters
    ----------
    path, header, cells
        Where to, the columns, and the rows; an existing file is replaced at once.
    sheet
        What the sheet of a workbook is called.
    faithful
        Whether a CSV has the texts as they are. Otherwise a `'` stands before one that a spreadsheet would compute. In
        a workbook every text is text in any case, and Parquet computes nothing.
    """
    kind = path.suffix.lower()
    if kind == ".csv":
        write_bytes(path, csv_bytes(header, cells, faithful))
    elif kind == ".xlsx":
        _write_xlsx(path, header, cells, sheet)
    else:
        _write_parquet(path, header, cells)
    return cut_in(path, cells)


def cut_in(path: Path, cells: list[list[Value]]) -> int:
    """How many cells a file of this ending would cut: those of a workbook end at `CELL` characters."""
    if path.suffix.lower() != ".xlsx":
        return 0
    return sum(isinstance(value, str) and len(value) > CELL for row in cells for value in row)


def _refuse_blind(record: Record, round_id: str) -> None:
    wanted = [round_of(record, round_id)] if round_id else rounds(record)
    closed = [opened.id for opened in wanted if blind(record, opened)]
    words = "is independent and still open: this file would tell one coder of another's codings; freeze the round first"
    if closed:
        raise InputError([Fault(f"{words}, or export one coder's own", name) for name in closed])


def _long(rows: Sequence[Mapping[str, Any]], items: Items | None) -> tuple[list[str], list[list[Value]]]:
    header = list(FIRST)
    if any(row["field"] for row in rows):
        header += SPAN if items else SPAN[:-1]
    if any(row["media_id"] for row in rows):
        header += REGION
    header += [name for name in ("second_item", "memo") if any(row[name] for row in rows)]
    texts = items.texts({row["item_id"] for row in rows if row["field"]}) if items and "quote" in header else {}
    cells: list[list[Value]] = []
    for row in rows:
        values = {**row, "code_id": row["code_id"] or "nothing applies", "quote": _quote(row, texts)}
        cells.append([values[name] for name in header])
    return header, cells


def _quote(row: Mapping[str, Any], texts: Mapping[str, Mapping[str, str]]) -> str:
    """The coded words, where the stored text is still the one that was coded."""
    text = texts.get(row["item_id"], {}).get(row["field"]) if row["field"] else None
    return text[row["start"] : row["end"]] if text is not None and digest(text) == row["text_sha256"] else ""


def _wide(rows: Sequence[Mapping[str, Any]], record: Record) -> tuple[list[str], list[list[Value]]]:
    lost = sum(any(row[name] != WHOLE[name] for name in TARGET) or bool(row["second_item"]) for row in rows)
    if lost:
        words = f"a wide table speaks of whole items; {counted(lost, 'coding')} of a place in one or of two items"
        raise InputError(f"{words} would be lost; write a long one")
    version = latest(record)
    used = {row["code_id"] for row in rows} - {""}
    codes = [code.id for code in (version.codebook.codes if version else ()) if code.active or code.id in used]
    codes += sorted(used - set(codes))
    given: dict[tuple[str, str, str], set[str]] = {}
    for row in rows:
        given.setdefault((row["round_id"], row["coder"], row["item_id"]), set()).add(row["code_id"])
    cells: list[list[Value]] = [
        [item, coder, round_id, *(int(code in marks) for code in codes), int("" in marks)]
        for (round_id, coder, item), marks in sorted(given.items())
    ]
    return ["item_id", "coder", "round_id", *codes, "nothing_applies"], cells


def csv_bytes(header: list[str], cells: list[list[Value]], faithful: bool = False) -> bytes:
    """A table as CSV: UTF-8 with a byte order mark, safe to open in a spreadsheet unless it is to be `faithful`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # so that either of the two in a cell is put in quotes
    writer.writerow(header)
    for row in cells:
        writer.writerow([guard(value) if isinstance(value, str) and not faithful else value for value in row])
    return text.getvalue().encode("utf-8-sig")


def _write_xlsx(path: Path, header: list[str], cells: list[list[Value]], name: str) -> None:
    """Every text as text, whatever it looks like; characters that Excel cannot hold become U+FFFD."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    rows: list[list[Value]] = [[*header], *cells]
    for row in rows:
        written = []
        for value in row:
            cell = WriteOnlyCell(sheet)
            if isinstance(value, str) and value:
                cell.value = plain(value)
                cell.data_type = "s"
                cell.number_format = "@"
            elif value not in (None, ""):
                cell.value = value
            written.append(cell)
        sheet.append(written)
    with replacing(path) as temporary:
        book.save(temporary)


def _write_parquet(path: Path, header: list[str], cells: list[list[Value]]) -> None:
    columns = {name: pa.array([row[place] for row in cells]) for place, name in enumerate(header)}
    with replacing(path) as temporary:
        pq.write_table(pa.table(columns), temporary)
