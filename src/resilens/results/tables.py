"""What is a table, how are its numbers written for a reader, and how does it become a CSV file?

Nothing here asks the machine's locale: a number, a share and a date look the same everywhere.
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Value: TypeAlias = str | int | float | bool | date | datetime | None
Kind: TypeAlias = Literal["text", "number", "count", "share", "decimal", "date", "code", "item", "quoted"]
"""How a column is shown: words, numbers of several units written as words already, whole numbers, shares of one as per
cent, two decimals, days, or exact characters such as a file hash. `item` holds ids of items and `quoted` their own
words: both stay inside the study; a report shows an item by the number of its plate, and no words but on plates."""

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Its name in the CSV file: lower case, underscores.
    title
        Its heading.
    kind
        How its values are shown; numbers stand at the right.
    """

    name: str
    title: str
    kind: Kind = "text"

    @property
    def right(self) -> bool:
        return self.kind in ("number", "count", "share", "decimal")


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its raw values; how they look is decided by each column's kind.

    Parameters
    ----------
    caption
        What it shows, as a title without a full stop.
    columns
        The columns, at least one.
    rows
        One value a column, None where there is none.
    notes
        Sentences that stand beneath it.

    Raises
    ------
    ValueError
        If there is no column, or a row does not have one value for each.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    notes: Sequence[str] = field(default=())

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table needs a column")
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} values for {len(self.columns)} columns")


def without_empty(
    columns: Sequence[Column], rows: Sequence[Sequence[Value]]
) -> tuple[tuple[Column, ...], list[tuple[Value, ...]]]:
    """The columns, save those after the first that hold no value in any row, and the rows to match."""
    kept = [place for place in range(len(columns)) if not place or any(row[place] is not None for row in rows)]
    return tuple(columns[place] for place in kept), [tuple(row[place] for place in kept) for row in rows]


def count(value: int) -> str:
    """A whole number with a comma at every three digits: `46,225,000`."""
    return f"{value:,}"


def share(value: float, digits: int = 1) -> str:
    """A share of one as per cent; a share too small or too near one to show says so (`<0.1%`, `>99.9%`).

    Raises
    ------
    ValueError
        If the value is not finite.
    """
    if not math.isfinite(value):
        raise ValueError(f"a share needs a finite number, not {value}")
    least = 10.0**-digits
    shown = f"{100 * value:.{digits}f}%"
    if value > 0 and 100 * value < least / 2:
        return f"<{least:.{digits}f}%"
    if value < 1 and float(shown[:-1]) >= 100:
        return f">{100 - least:.{digits}f}%"
    return shown


def decimal(value: float, digits: int = 2) -> str:
    """A number with a comma at every three digits and a fixed number of decimals; never `-0.00`."""
    return f"{round(value, digits) + 0.0:,.{digits}f}"


def day(value: date) -> str:
    """A day as a reader writes it: `1 May 2025`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def span(first: date, last: date) -> str:
    """Two days as a span that repeats neither month nor year: `9 January to 8 March 2025`; one day stands alone."""
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def counted(value: int, one: str, many: str = "") -> str:
    """A number with its noun, in words below ten: `no posts`, `one post`, `200 posts`.

    Parameters
    ----------
    one, many
        The noun in the singular and in the plural; the plural is the singular with an s unless given.
    """
    number = NUMBER_WORDS[value] if 0 <= value < len(NUMBER_WORDS) else count(value)
    return f"{number} {one if value == 1 else many or one + 's'}"


def listing(words: Sequence[str]) -> str:
    """Words as a reader lists them: `a`, `a and b`, `a, b, and c`."""
    if len(words) < 3:
        return " and ".join(words)
    return ", ".join(words[:-1]) + ", and " + words[-1]


def shown(value: Value, kind: Kind) -> str:
    """A value as its column shows it, days as `8 Mar 2025`; a dash where there is none."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (date, datetime)):
        return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"
    if isinstance(value, str) or kind in ("text", "code"):
        return str(value)
    if kind == "share":
        return share(value)
    return count(int(value)) if kind == "count" else decimal(value)


def _raw(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def to_csv(table: Table) -> bytes:
    r"""The table's raw values as CSV: UTF-8 without BOM, lines ending in `\n`, a cell quoted where it must be.

    Values are faithful: numbers in full, days as `2025-05-01`, nothing rounded, nothing where there is no value.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_raw(value) for value in row] for row in table.rows)
    return text.getvalue().encode()
