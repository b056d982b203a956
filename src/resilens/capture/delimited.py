"""Which records does a text table (CSV) hold, and on which line does each begin?

Cells may span lines; blank rows are no records; a header repeated in the middle, a row that does not fit the header
and a quotation mark that is never closed become `Broken`, and reading goes on behind them.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from resilens.capture.limits import TOO_LONG, too_long
from resilens.capture.records import Broken

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
LONGEST_RECORD = 1 << 20
"""Characters after which a record is taken for one whose quotation mark is never closed."""

csv.field_size_limit(LONGEST_RECORD * 2)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a capture: the line (or row, or position) where it begins, and its values by name."""

    line: int
    values: dict[str, Any]


def separator_of(header_line: str) -> str:
    """The separator of a table, from its first line: the one that parts it into most cells; a comma where none does."""
    return max(SEPARATORS, key=lambda mark: (len(next(csv.reader([header_line], delimiter=mark), [])), mark == ","))


def column_names(header: Sequence[str]) -> list[str]:
    """The column names, blanks trimmed; an empty one is called by its position and a repeated one numbered."""
    names: list[str] = []
    for position, cell in enumerate(header, start=1):
        name = base = cell.strip().strip("\ufeff") or f"column {position}"
        repeat = 2
        while name in names:
            name, repeat = f"{base} ({repeat})", repeat + 1
        names.append(name)
    return names


class Feed:
    """Lines for `csv.reader`, with those of the current record remembered so that they can be read again."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.number = 1
        """Of the line that comes next."""
        self.taken: list[str] = []
        self._length = 0
        self.cut = False  # the record ran into the end of the file or grew too long

    def __iter__(self) -> Feed:
        return self

    def __next__(self) -> str:
        if self._length > LONGEST_RECORD:
            self.cut = True
            raise StopIteration
        line = self._again.popleft() if self._again else next(self._lines, None)
        if line is None:
            self.cut = True
            raise StopIteration
        self.taken.append(line)
        self.number += 1
        self._length += len(line)
        return line

    def begin(self) -> None:
        """A new record begins."""
        self.taken, self._length, self.cut = [], 0, False

    def again(self, lines: Sequence[str]) -> None:
        """Read these lines again."""
        self._again.extendleft(reversed(lines))
        self.number -= len(lines)

    @property
    def waits(self) -> bool:
        """Whether lines wait to be read again."""
        return bool(self._again)


def _unclosed(lines: Sequence[str], separator: str) -> bool:
    """Whether a quotation mark opened in these lines is never closed."""
    try:
        deque(csv.reader(lines, delimiter=separator, strict=True), maxlen=0)
    except csv.Error as error:
        return "unexpected end of data" in str(error) or "field larger" in str(error)
    return False


def _rows(feed: Feed, separator: str, width: int | None = None) -> Iterator[tuple[int, list[str] | str]]:
    """Every row with its first line: its cells, or a reason why it has none. The feed stands behind it then."""
    reader = csv.reader(feed, delimiter=separator)
    while True:
        feed.begin()
        number = feed.number
        row: list[str] | str | None
        try:
            row = next(reader, None)
        except csv.Error:
            row = "this row cannot be split into cells"
        taken = feed.taken
        if not taken:
            return
        if feed.cut or isinstance(row, str):
            reader = csv.reader(feed, delimiter=separator)
            if _unclosed(taken, separator):
                row = "a quotation mark opened in this row is never closed"
        if too_long(taken[0]) or (len(taken) > 1 and any(map(too_long, taken))):
            row = f"the line is {TOO_LONG}"
        if isinstance(row, str) or (
            len(taken) > 1 and row and _swallowed(taken, separator, width or len(row), len(row))
        ):
            feed.again(taken[1:])
            reader = csv.reader(feed, delimiter=separator)
            yield number, row if isinstance(row, str) else "a quotation mark opened in this row swallows the next rows"
            continue
        width = width or len(row or ())
        yield number, row or []


def _swallowed(lines: Sequence[str], separator: str, width: int, cells: int) -> bool:
    """Whether a row of the wrong width holds, in its further lines, one that fits the header by itself."""
    if cells == width:
        return False
    return any(len(next(csv.reader([line], delimiter=separator), [])) == width for line in lines[1:])


def _optional(columns: Sequence[str]) -> int:
    """How many columns at the end carry no name a person would give (empty, a number): rows may lack them."""
    count = 0
    for name in reversed(columns):
        if not (name.startswith("column ") or name.isdigit()):
            break
        count += 1
    return count


class Rows:
    """The records of a table, each with the line where it begins (the header is line 1 and no record).

    Parameters
    ----------
    lines
        Physical lines with their line ends.
    separator
        `,`, `;` or a tab.

    Attributes
    ----------
    columns, header
        Their names, and the header's cells, as soon as it was read.
    feed
        Where the lines come from; behind the last record given out.

    Yields
    ------
    Record or Broken
        `Broken.raw` holds the first cell and the number of cells only: a shifted row may show a name anywhere.
    """

    def __init__(self, lines: Iterable[str], separator: str) -> None:
        self.columns: list[str] = []
        self.feed = Feed(lines)
        self.header: list[str] = []
        self._separator = separator

    def __iter__(self) -> Iterator[Record | Broken]:
        for line, row in _rows(self.feed, self._separator):
            if isinstance(row, str):
                yield Broken(line, row)
                continue
            if not (row and row[0].strip()) and not any(cell.strip() for cell in row):
                continue
            if not self.columns:
                self.columns, self.header = column_names(row), [cell.strip().strip("\ufeff") for cell in row]
            elif len(row) == len(self.columns) and self.header[0] not in row[0]:  # nearly every row
                yield Record(line, dict(zip(self.columns, row, strict=True)))
            else:
                yield _record(line, row, self.columns, self.header)


def _misfit(row: list[str], columns: list[str]) -> str:
    """Why a row of another width than the header's is no record; empty where nothing of it is lost."""
    if len(row) > len(columns):
        needed = any(cell.strip() for cell in row[len(columns) :])
        return f"the row has {len(row)} cells, the header {len(columns)}" if needed else ""
    few = len(row) < len(columns) - _optional(columns)
    return f"the row has only {len(row)} cells, the header {len(columns)}" if few else ""


def _record(line: int, row: list[str], columns: list[str], header: list[str]) -> Record | Broken:
    if [cell.strip().strip("\ufeff") for cell in row] == header:
        return Broken(line, "repeated header")
    if len(row) != len(columns) and (reason := _misfit(row, columns)):
        return Broken(line, reason, f"{row[0][:100]} … {len(row)} cells")
    return Record(line, dict(zip(columns, row, strict=False)))
