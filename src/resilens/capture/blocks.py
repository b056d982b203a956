"""How is a large text read in blocks, as columns, as far as its lines are sound?

A text is read in pieces of whole lines. A piece whose lines are all of one shape is parsed at once, into columns; one
that is not is halved until the lines that are odd stand nearly alone, and those are read one by one. So damage costs
time where it is, and `capture.delimited` and `capture.jsontext` alone say what it means. Parsing at once is stricter
than they are: what passes it they would read in the same way, which a test holds.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.json

from resilens.capture.delimited import Record, Rows
from resilens.capture.limits import DEEPEST, LONGEST_LINE
from resilens.capture.records import Broken

FIRST, PIECE = 1 << 13, 1 << 20
"""Bytes of the first piece, which holds the header of a table and is read one by one, and of the others."""
FEW_BYTES, FEW_LINES = 1 << 13, 16
"""What is not halved further."""

Places: TypeAlias = npt.NDArray[np.int64]


def pieces(path: Path, skip: int) -> Iterator[bytes]:
    """The bytes of a text in pieces of whole lines; of a line that is too long its beginning.

    Parameters
    ----------
    path
        The file.
    skip
        Bytes to leave out at its beginning.
    """
    with path.open("rb") as opened:
        opened.seek(skip)
        size = FIRST
        while piece := opened.read(size):
            size = PIECE
            yield piece + _rest_of_line(opened)


def _rest_of_line(opened: BinaryIO) -> bytes:
    """What is left of the line; of one that is too long no more than shows it."""
    rest = opened.readline(LONGEST_LINE)
    while rest and not rest.endswith(b"\n") and len(rest.decode("utf-8", "ignore")) < LONGEST_LINE:
        if not (more := opened.readline(LONGEST_LINE)):
            return rest
        rest += more
    ended = not rest or rest.endswith(b"\n")
    while not ended:
        passed = opened.readline(PIECE)
        ended = not passed or passed.endswith(b"\n")
    return rest


class Cells(NamedTuple):
    """Rows of a table: the line on which each begins, and their cells as they are."""

    lines: Places
    table: pa.Table


def rows(text: Iterator[bytes], separator: str) -> Iterator[Record | Broken | Cells]:
    """What `delimited.Rows` gives of the same lines, sound rows many at once."""
    queue = _Queue(text)
    reading = Rows(queue, separator)
    for record in reading:
        yield record
        while reading.columns and not reading.feed.waits and (found := queue.whole(reading, separator)) is not None:
            table, height = found
            begin = reading.feed.number + np.cumsum(height) - height
            yield Cells(begin, table)
            reading.feed.number += int(height.sum())


class _Queue:
    """The lines of pieces, one by one; as long as none of a piece was given out, it can be parsed whole."""

    def __init__(self, text: Iterator[bytes]) -> None:
        self._text = text
        self._parts: deque[bytes] = deque()
        self._lines: deque[str] = deque()

    def __iter__(self) -> _Queue:
        return self

    def __next__(self) -> str:
        while not self._lines:
            piece = self._parts.popleft() if self._parts else next(self._text)
            beginning = piece.find(b"\n", FEW_BYTES) + 1 or len(piece)
            if beginning < len(piece):
                self._parts.appendleft(piece[beginning:])
            self._open(piece[:beginning])
        return self._lines.popleft()

    def whole(self, reading: Rows, separator: str) -> tuple[pa.Table, Places] | None:
        """The next piece parsed, and how many lines each row has; None where lines have to be read one by one."""
        while not self._lines and (piece := self._parts.popleft() if self._parts else next(self._text, None)):
            found = _cells(piece, reading, separator)
            if isinstance(found, tuple):
                return found
            if len(piece) <= FEW_BYTES or len(parts := _parted(piece, found)) == 1:
                self._open(piece)
            else:
                self._parts.extendleft(reversed(parts))
        return None

    def _open(self, piece: bytes) -> None:
        self._lines.extend(io.StringIO(piece.decode(), newline=""))


def _parted(piece: bytes, odd: Sequence[int]) -> list[bytes]:
    """A piece parted around its odd lines (numbers from 1), or in two where none is known."""
    if not odd:
        middle = piece.find(b"\n", len(piece) // 2) + 1
        return [piece[:middle], piece[middle:]] if 0 < middle < len(piece) else [piece]
    lines = piece.splitlines(keepends=True)
    edges = sorted({0, len(lines), *odd, *(number - 1 for number in odd)})
    return [b"".join(lines[begin:end]) for begin, end in pairwise(edges)]


def _cells(piece: bytes, reading: Rows, separator: str) -> tuple[pa.Table, Places] | list[int]:
    """The cells of rows that all fit the header, and how many lines each has; else the lines that are odd, if known."""
    columns, lines = reading.columns, piece.count(b"\n") + (not piece.endswith(b"\n"))
    plain_ends = piece.count(b"\r") == piece.count(b"\r\n") and not piece.startswith(b"\xef\xbb\xbf")
    if not reading.header[0] or len(piece) > 2 * PIECE or not plain_ends:
        return []
    odd: list[int] = []

    def skipped(row: pyarrow.csv.InvalidRow) -> str:
        odd.append(row.number)
        return "skip"

    # A last row of our own: a quotation mark that the piece leaves open swallows it, and the last row is higher then.
    closed = piece + (b"" if piece.endswith(b"\n") else b"\n") + separator.join("." * len(columns)).encode() + b"\n"
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(closed),
            pyarrow.csv.ReadOptions(use_threads=False, block_size=len(closed) + 1, column_names=columns),
            pyarrow.csv.ParseOptions(delimiter=separator, invalid_row_handler=skipped, newlines_in_values=True),
            pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), check_utf8=False),
        ).combine_chunks()
    except pa.ArrowInvalid:
        return []
    height = np.ones(table.num_rows, dtype=np.int64)
    if table.num_rows + len(odd) <= lines:
        for column in table.columns:
            height += pc.count_substring(column, "\n").to_numpy()
    if height.sum() + len(odd) != lines + 1 or height[-1] != 1 or (odd and table.num_rows != height.sum()):
        return []
    first = table.column(0)
    blank_or_header = pc.or_(pc.equal(pc.utf8_trim_whitespace(first), ""),
                             pc.match_substring(first, reading.header[0]))  # fmt: skip
    if odd or pc.any(blank_or_header).as_py():
        return odd
    return table.slice(0, table.num_rows - 1), height[:-1]


@dataclass(frozen=True, slots=True)
class Objects:
    """Lines of JSON, parsed as far as they are sound.

    Parameters
    ----------
    first
        The number of the first line.
    piece, edges
        The lines undecoded, and where each begins and ends; shape (lines + 1,).
    where, table
        Which lines were parsed, in order, and the columns of those.
    """

    first: int
    piece: bytes
    edges: Places
    where: Places
    table: pa.Table

    def __len__(self) -> int:
        return self.edges.size - 1

    def line(self, place: int) -> str:
        """A line as text, with its line end."""
        return self.piece[self.edges[place] : self.edges[place + 1]].decode()


def objects(text: Iterator[bytes], schema: pa.Schema) -> Iterator[Objects]:
    """Every line of JSON lines, parsed where it is an object whose values are of the schema's types.

    Keys beyond the schema are left out.
    """
    number = 1
    for piece in text:
        edges, sound = _lines(piece)
        parsed = list(_parsed(piece, edges, sound, schema))
        if not parsed:
            parsed = [(sound[:0], schema.empty_table())]
        table = pa.concat_tables([table for _, table in parsed]).combine_chunks()
        yield Objects(number, piece, edges, np.concatenate([where for where, _ in parsed]), table)
        number += edges.size - 1


def _lines(piece: bytes) -> tuple[Places, Places]:
    """Where the lines begin and end, and which begin and end like an object and do not nest too deeply.

    A piece with a line that is longer than any real one has none of those.
    """
    written = np.frombuffer(piece, dtype=np.uint8)
    ends = np.flatnonzero(written == ord("\n")) + 1
    edges = np.concatenate([[0], ends if piece.endswith(b"\n") else [*ends, len(piece)]]).astype(np.int64)
    if len(piece) > 2 * PIECE:
        return edges, edges[:0]
    begin, end = edges[:-1], edges[1:]
    opened = np.flatnonzero((written | 0x20) == ord("{"))  # `[` too, which is `{` without that bit
    shallow = np.diff(np.searchsorted(opened, edges)) <= DEEPEST
    closed = (written[end - 1] == ord("\n")) & (written[np.maximum(end - 2, 0)] == ord("}"))
    return edges, np.flatnonzero((written[begin] == ord("{")) & closed & shallow)


def _parsed(piece: bytes, edges: Places, where: Places, schema: pa.Schema) -> Iterator[tuple[Places, pa.Table]]:
    """Those of the lines that fit the schema. Each begins and ends like an object, so none can reach into the next."""
    if not where.size:
        return
    if where[-1] - where[0] + 1 == where.size:
        lines = piece[edges[where[0]] : edges[where[-1] + 1]]
    else:
        lines = b"".join([piece[edges[place] : edges[place + 1]] for place in where])
    try:
        table = pyarrow.json.read_json(
            pa.BufferReader(lines), pyarrow.json.ReadOptions(use_threads=False, block_size=len(lines) + 1),
            pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
        )  # fmt: skip
    except pa.ArrowInvalid:
        table = None
    if table is not None and table.num_rows == where.size:
        yield where, table
    elif where.size > FEW_LINES:
        for half in np.array_split(where, 2):
            yield from _parsed(piece, edges, half, schema)
