"""What does a position in a text count, and which characters of the text as it is kept here does it lie between?

Programs count code points, UTF-16 units or UTF-8 bytes; a newline as one, as two, or as what the file holds; a byte
order mark or not; the end excluded, or, reading the standard to the letter, included. A `Dialect` is one such way, a
`Ruler` measures one text in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from resilens.errors import InputError
from resilens.study.words import did_you_mean

Units: TypeAlias = Literal["codepoint", "utf16", "utf8"]
Newline: TypeAlias = Literal["written", "1", "2"]
Places: TypeAlias = npt.NDArray[np.int64]

BOM = "\ufeff"
NOWHERE = -1
"""Where a position lies beyond the text or inside a character."""

_UNITS = {"codepoint": "code points", "utf16": "UTF-16 units", "utf8": "UTF-8 bytes"}
_BOM_WIDTH = {"codepoint": 1, "utf16": 1, "utf8": 3}


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of counting.

    Parameters
    ----------
    units
        What is counted.
    newline
        What a newline (CRLF, CR or LF) counts: `1`, `2`, or what is written in the file.
    bom
        Whether a byte order mark at the beginning counts.
    inclusive
        Whether the end names the last character and not what follows it.
    """

    units: Units = "codepoint"
    newline: Newline = "written"
    bom: bool = False
    inclusive: bool = False

    @property
    def id(self) -> str:
        """How it is written after `--dialect`."""
        return f"{self.units}-{self.newline}" + "-bom" * self.bom + "-inclusive" * self.inclusive

    def __str__(self) -> str:
        newline = "newlines as written" if self.newline == "written" else f"a newline counts {self.newline}"
        bom = ", the byte order mark counts" if self.bom else ""
        return f"{_UNITS[self.units]}, {newline}{bom}" + (", the end is included" if self.inclusive else "")


DIALECTS = tuple(
    Dialect(units, newline, bom, inclusive)
    for inclusive, bom, newline, units in product((False, True), (False, True), get_args(Newline), get_args(Units))
)
"""Every way of counting, the likelier first: of those that mean the same in a project, the first names them."""

PROGRAMS = {
    "standard": Dialect(), "nvivo": Dialect("utf16", "2"), "atlasti": Dialect("codepoint", "1"),
    "maxqda": Dialect("codepoint", "2"), "qualcoder": Dialect(),
}  # fmt: skip
"""The dialects that go by the name of a program."""


def dialect_named(name: str) -> Dialect:
    """The dialect of this id or program.

    Raises
    ------
    InputError
        If there is none.
    """
    known = PROGRAMS | {one.id: one for one in DIALECTS}
    wanted = name.strip().lower()
    if wanted not in known:
        plain = [*PROGRAMS, *(one.id for one in DIALECTS if not one.bom and not one.inclusive)]
        hint = did_you_mean(wanted, known) or f"; there are {', '.join(plain)}, with -bom or -inclusive behind"
        raise InputError(f"there is no dialect {name!r}{hint}")
    return known[wanted]


class Ruler:
    """The positions of one text.

    Parameters
    ----------
    text
        As the file has it, a leading byte order mark and newlines included. Indexes are of its code points without
        that mark.
    """

    def __init__(self, text: str) -> None:
        self.has_bom = text.startswith(BOM)
        self.text = text.removeprefix(BOM)
        self.points: npt.NDArray[np.uint32] = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), "<u4")
        self._edges: tuple[tuple[str, str], Places] = (("", ""), np.zeros(1, np.int64))

    @cached_property
    def second(self) -> npt.NDArray[np.bool_]:
        """Which code points are the LF of a CRLF; one more, False, for the end of the text."""
        found = np.zeros(len(self.points) + 1, bool)
        found[1:-1] = (self.points[1:] == 10) & (self.points[:-1] == 13)
        return found

    @cached_property
    def kept(self) -> Places:
        """Where each index lies once CRLF is one newline: length + 1 values."""
        return np.concatenate([[0], np.cumsum(~self.second[:-1])]).astype(np.int64)

    def indexes(self, dialect: Dialect, positions: Any) -> Places:
        """The code points at positions of a dialect; `NOWHERE` where there is none."""
        edges = self._edges_of(dialect)
        wanted = np.asarray(positions, np.int64)
        if dialect.bom and self.has_bom:
            wanted = wanted - _BOM_WIDTH[dialect.units]
        found = np.searchsorted(edges, wanted, "left").astype(np.int64)
        inside = (wanted >= 0) & (found < len(edges))
        inside &= edges[np.minimum(found, len(edges) - 1)] == wanted
        inside &= ~self.second[np.minimum(found, len(edges) - 1)]
        return np.where(inside, found, NOWHERE)

    def spans(self, dialect: Dialect, starts: Any, ends: Any) -> tuple[Places, Places]:
        """Begin and end of spans as half-open indexes; both `NOWHERE` where either is, or the end is before."""
        first, last = self.indexes(dialect, starts), self.indexes(dialect, ends)
        if dialect.inclusive:
            last = np.where((last >= 0) & (last < len(self.points)), last + 1, NOWHERE)
            last = np.where(self.second[np.maximum(last, 0)], last + 1, last)
        wrong = (first < 0) | (last < 0) | (last < first)
        return np.where(wrong, NOWHERE, first), np.where(wrong, NOWHERE, last)

    def positions(self, dialect: Dialect, places: Any) -> Places:
        """What a dialect says of places that count code points with a newline as one: the inverse of `indexes`, for
        dialects that exclude the end."""
        indexes = np.searchsorted(self.kept, np.asarray(places, np.int64), "right") - 1
        counted = _BOM_WIDTH[dialect.units] if dialect.bom and self.has_bom else 0
        return np.asarray(self._edges_of(dialect)[indexes] + counted, np.int64)

    def _edges_of(self, dialect: Dialect) -> Places:
        """Where each code point begins; only those of the last dialect are kept, for a text may be long."""
        key = (dialect.units, dialect.newline)
        if self._edges[0] != key:
            self._edges = key, np.concatenate([[0], np.cumsum(self._widths(*key))]).astype(np.int64)
        return self._edges[1]

    def _widths(self, units: str, newline: str) -> npt.NDArray[np.int64]:
        points = self.points
        widths = np.ones(len(points), np.int64)
        for bound in {"codepoint": (), "utf16": (0xFFFF,), "utf8": (0x7F, 0x7FF, 0xFFFF)}[units]:
            widths += points > bound
        second = self.second[:-1]
        first = np.concatenate([second[1:], [False]]) if len(points) else second
        if newline == "1":
            widths[first] = 0
        elif newline == "2":
            widths[((points == 10) | (points == 13)) & ~first & ~second] = 2
        return widths
