"""What kind of file was captured, how is it opened, and what does its beginning look like?

Every text capture, Excel workbook and Parquet file comes out as the same thing: records with their line, or `Broken`.
Nothing is judged by a file's name or extension, and no file is read whole into memory.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resilens.capture import blocks, databases, delimited, jsontext
from resilens.capture.delimited import Record
from resilens.capture.encodings import Encoding, encoding_of
from resilens.capture.limits import lines_of
from resilens.capture.records import Broken
from resilens.capture.traces import ERASED, is_tombstone, search_of
from resilens.errors import Fault, InputError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

__all__ = ["Head", "Record", "Source", "batches"]

HEAD_BYTES = 1 << 20
HEAD_RECORDS = 200
HEAD_ROWS = 20
"""Rows of each table of a database that recognition sees."""

PARQUET_BUFFER = 1 << 20
"""Bytes read of a column at once, so that a row group may be as long as it likes; read ahead, all of it would stay."""

FORMATS = {"csv": "a text table", "json-lines": "JSON lines", "json": "a JSON document", "xlsx": "an Excel workbook",
           "parquet": "a Parquet file", "sqlite": "an SQLite database"}  # fmt: skip

_REFUSED = (
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls); save it as .xlsx or CSV"),
    (b"\x1f\x8b", "compressed with gzip; uncompress it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstandard; uncompress it first"),
    (b"BZh", "compressed with bzip2; uncompress it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"%PDF", "a PDF; transcribe it into a table"),
    (b"\x89PNG", "a picture; transcribe it into a table"),
    (b"\xff\xd8\xff", "a picture; transcribe it into a table"),
    (b"GIF8", "a picture; transcribe it into a table"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a capture, all that recognition sees.

    Parameters
    ----------
    format
        A key of `FORMATS`.
    columns
        Names of the columns, or the keys of the first objects, in the order they appear.
    records
        The first records that could be read, at most 200.
    schema
        Of a Parquet file, with its metadata.
    """

    format: str
    columns: tuple[str, ...]
    records: tuple[dict[str, Any], ...]
    schema: pa.Schema | None = None


@dataclass(frozen=True)
class Source:
    """A captured file, opened as often as needed.

    Parameters
    ----------
    path
        Where it lies.
    name
        What its user calls it, for messages; the file's own name where empty.
    """

    path: Path
    name: str = ""

    @property
    def title(self) -> str:
        return self.name or self.path.name

    @cached_property
    def format(self) -> str:
        """A key of `FORMATS`.

        Raises
        ------
        InputError
            If it is empty, no text and no table.
        """
        try:
            with self.path.open("rb") as opened:
                start = opened.read(16)
        except OSError as error:
            raise InputError(Fault(f"this file cannot be read: {error.strerror}", self.title)) from error
        for magic, what in _REFUSED:
            if start.startswith(magic):
                raise InputError(Fault(f"this is {what}", self.title))
        if start.startswith(b"PAR1"):
            return "parquet"
        if start.startswith(databases.MAGIC):
            return "sqlite"
        if start.startswith(b"PK\x03\x04"):
            return self._workbook()
        return self._text_format()

    def _workbook(self) -> str:
        try:
            with zipfile.ZipFile(self.path) as archive:
                if "xl/workbook.xml" in archive.namelist():
                    return "xlsx"
        except zipfile.BadZipFile:
            raise InputError(Fault("this is a damaged archive or Excel workbook; save it anew", self.title)) from None
        raise InputError(Fault("this is an archive; unpack it first", self.title))

    def _text_format(self) -> str:
        with self.text() as stream:
            beginning = stream.read(HEAD_BYTES).replace("\0", "").lstrip("\ufeff \t\r\n")
        if not beginning:
            raise InputError(Fault("this file is empty", self.title))
        if beginning[0] == "[":
            return "json"
        lines = [line for line in islice(io.StringIO(beginning), 40) if line.strip()]
        if any(_is_object(line) for line in lines):
            return "json-lines"
        return "json" if beginning[0] == "{" else "csv"

    @cached_property
    def decoding(self) -> Encoding:
        """How its text is decoded.

        Raises
        ------
        InputError
            If its encoding is not known.
        """
        return encoding_of(self.path, self.title)

    @property
    def encoding(self) -> str:
        """How its text was decoded, in words."""
        return self.decoding.words if self.format in ("csv", "json", "json-lines") else FORMATS[self.format]

    @contextmanager
    def text(self) -> Iterator[io.TextIOWrapper]:
        """Open its text, decoded, line ends as they are."""
        decoding = self.decoding
        with self.path.open("rb") as opened:
            opened.seek(decoding.skip)
            with io.TextIOWrapper(opened, encoding=decoding.codec, errors="replace", newline="") as stream:
                yield stream

    @cached_property
    def separator(self) -> str:
        """The separator of a text table, from its header."""
        with self.text() as stream:
            for line in lines_of(stream):
                if line.replace("\0", "").strip().strip("\ufeff,;\t"):
                    return delimited.separator_of(line.lstrip("\ufeff"))
        return ","

    def pieces(self) -> Iterator[bytes] | None:
        """Its text undecoded, in pieces of whole lines; None where some of it is no sound UTF-8."""
        sound = self.decoding.codec == "utf-8" and self.decoding.sound
        return blocks.pieces(self.path, self.decoding.skip) if sound else None

    def records(self, every_sheet: bool = False) -> Iterator[Record | Broken]:
        """Every record of the file, in order; what was erased on request is `Broken`.

        Parameters
        ----------
        every_sheet
            Whether all sheets of a workbook are read, one after the other, not only the first.
        """
        return map(unless_erased, self._records(every_sheet))

    def _records(self, every_sheet: bool = False) -> Iterator[Record | Broken]:
        if self.format == "parquet":
            yield from _parquet_rows(self)
        elif self.format == "xlsx":
            yield from _workbook(self, every_sheet)
        elif self.format == "sqlite":
            yield from databases.records(self.path, self.title)
        else:
            with self.text() as stream:
                if self.format == "json":
                    yield from jsontext.document(stream)
                elif self.format == "json-lines":
                    stream.reconfigure(newline="\n")
                    yield from jsontext.lines(lines_of(stream))
                else:
                    clean = (line.replace("\0", "") if "\0" in line else line for line in lines_of(stream))
                    yield from delimited.Rows(clean, self.separator)

    @cached_property
    def head(self) -> Head:
        """Its beginning, for recognition."""
        found: list[dict[str, Any]] = []
        rows = self._records()
        if self.format == "sqlite":
            rows = databases.records(self.path, self.title, HEAD_ROWS)
        for record in islice(rows, HEAD_RECORDS * 2):
            if isinstance(record, Record):
                found.append(record.values)
                if len(found) == HEAD_RECORDS:
                    break
        columns = dict.fromkeys(key for values in found for key in values)
        if not columns and self.format == "csv":
            columns = dict.fromkeys(self._header())
        return Head(self.format, tuple(columns), tuple(found), self.schema)

    @cached_property
    def schema(self) -> pa.Schema | None:
        """The columns of a Parquet file with their types, and its metadata; None for every other file."""
        if self.format != "parquet":
            return None
        with _parquet(self) as opened:
            return opened.schema_arrow

    def _header(self) -> list[str]:
        with self.text() as stream:
            first = next((line for line in lines_of(stream) if line.strip()), "")
        return [cell.strip().strip("\ufeff") for cell in first.strip().split(self.separator)]


def unless_erased(record: Record | Broken) -> Record | Broken:
    """The same record; `Broken` where it was erased on request."""
    if isinstance(record, Record) and is_tombstone(record.values):
        return Broken(record.line, ERASED, search_of(record.values))
    return record


def _is_object(line: str) -> bool:
    try:
        return isinstance(jsontext.parse(line.strip().strip("\ufeff")), dict)
    except ValueError:
        return False


def batches(source: Source, size: int, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file, at most `size` at a time, in order.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    with _parquet(source) as opened:
        for batch in opened.iter_batches(size, columns=columns):
            batch.validate(full=True)  # texts that are no UTF-8 are only found so
            yield batch


@contextmanager
def _parquet(source: Source) -> Iterator[pq.ParquetFile]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(source.path, buffer_size=PARQUET_BUFFER, pre_buffer=False) as opened:
            yield opened
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(Fault("this Parquet file is damaged; write it anew", source.title)) from error


def _parquet_rows(source: Source) -> Iterator[Record | Broken]:
    number = 0
    for batch in batches(source, 4096):
        for values in _in_calendar(batch).to_pylist():
            number += 1
            yield Record(number, values)


def _in_calendar(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with times that no calendar of Python holds (before year 1, after 9999) left empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    units = {"s": 1, "ms": 1_000, "us": 1_000_000}
    for place, column in enumerate(batch.schema):
        if pa.types.is_timestamp(column.type) and column.type.unit in units:
            times = batch.column(place)
            days = pc.divide(times.cast(pa.int64()), 86_400 * units[column.type.unit])
            held = pc.and_(pc.greater(days, -719_000), pc.less(days, 2_932_000))
            batch = batch.set_column(place, column, pc.if_else(held, times, None))
    return batch


def _workbook(source: Source, every_sheet: bool) -> Iterator[Record | Broken]:
    """Rows of the first sheet that holds any; each further sheet with content is one `Broken` that names it.

    Where every sheet is read, its rows are numbered on from those of the sheets before it.
    """
    import openpyxl

    with source.path.open("rb") as opened:  # given a path, openpyxl would judge the file by its extension
        try:
            book = openpyxl.load_workbook(opened, read_only=True, data_only=True)
            yield from _sheets(book, every_sheet)
        except (
            KeyError,
            ValueError,
            TypeError,
            OSError,
            zipfile.BadZipFile,
            zlib.error,
            SyntaxError,
            EOFError,
        ) as error:
            raise InputError(Fault("this Excel workbook is damaged; save it anew", source.title)) from error


def _sheets(book: Any, every_sheet: bool) -> Iterator[Record | Broken]:
    try:
        read_one, numbers = False, count(1)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True)
            if read_one and not every_sheet:
                if any(any(cell is not None for cell in row) for row in islice(rows, 100)):
                    yield Broken(
                        0, f"sheet {sheet.title!r} was not read: only the first is; save it as a file of its own"
                    )
                continue
            for record in _sheet(zip(rows, numbers, strict=False)):  # rows first, so that no number is lost
                read_one = True
                yield record
    finally:
        book.close()


def _sheet(rows: Iterable[tuple[tuple[Any, ...], int]]) -> Iterator[Record | Broken]:
    columns: list[str] = []
    header: tuple[Any, ...] = ()
    for row, number in rows:
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row):
            continue
        if not columns:
            header = row
            while header and header[-1] is None:
                header = header[:-1]
            columns = delimited.column_names(["" if cell is None else str(cell) for cell in header])
        elif row[: len(header)] == header:
            yield Broken(number, "repeated header")
        elif any(cell is not None for cell in row[len(columns) :]):
            yield Broken(number, f"the row has more cells than the header ({len(columns)})", str(row[0])[:100])
        else:
            yield Record(number, dict(zip(columns, row, strict=False)))
