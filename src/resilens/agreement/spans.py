"""How do coders' spans on many texts meet? One sweep over their sorted boundaries, and small arrays remain.

Every text is a continuum of code points. Each coder who read it parts it into units, the spans that bear a code, and
gaps between them. Where spans of one coder overlap:

- with the same code, they are one unit, their union (spans that only touch stay two units);
- with different codes, the stretch they share is a unit of its own whose value is the combination of the codes.

So every coder gives every character exactly one value, as the coefficients require. For one code at a time, hand over
the spans of that code alone: then what else was marked there does not matter.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from resilens.errors import Fault, InputError

COLUMNS = ("item", "coder", "start", "end", "code")
"""What a table of spans holds: half-open code points. A row without a code says that the coder read the item."""

GAP = ""
"""The value of what a coder read and left unmarked."""

COMBINED = " + "
_BITS = 62

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coincidences:
    """What the coefficients need to know, cluster by cluster; all arrays have the shape (clusters, values).

    Parameters
    ----------
    values
        The values, the gap first; combinations of codes are written `a + b`.
    clusters
        The clusters, in the order in which they first appear.
    length
        Characters, summed over coders, to which a value was given: the margins of the coincidence matrix.
    same
        Coincidences of a value with itself: pairs of different coders over the coders less one, times length.
    squared
        Sum of squared lengths of units; for the gap, the sum of lengths (gaps are made of characters, not of units).
    shared, shared_same, shared_squared
        The same for the parts of units where at least one other coder has a unit too, gaps being left out.
    n_items, n_units
        How many items at least two coders read, and the units marked in them.
    coders
        Who read them, sorted.
    threaded
        Whether the clusters are threads; else each item is its own.
    """

    values: tuple[str, ...]
    clusters: tuple[Hashable, ...]
    length: Floats
    same: Floats
    squared: Floats
    shared: Floats
    shared_same: Floats
    shared_squared: Floats
    n_items: int
    n_units: int
    coders: tuple[str, ...]
    threaded: bool


def coincidences(
    spans: Any, lengths: Mapping[Any, int], cluster: Mapping[Any, Hashable] | None = None
) -> Coincidences:
    """Count how the units and gaps of different coders meet.

    Parameters
    ----------
    spans
        A table (pandas, pyarrow, or a sequence of rows) with the columns `COLUMNS`. Whoever has no row for an item has
        not read it; a row without start, end and code says that it was read and nothing was marked.
    lengths
        The length of each item in code points.
    cluster
        The thread of each item; without it every item is its own.

    Returns
    -------
    Coincidences
        Of the items that at least two coders read.

    Raises
    ------
    InputError
        If a column is missing, an item has no length, or a span is empty, half given, without a code or outside its
        item.

    Notes
    -----
    n spans take O(n log n) time and O(n) memory, whatever the number of coders: what is summed over pairs of coders is
    a function of how many coders give a value to a stretch.
    """
    marks = _Marks.of(_frame(spans), lengths)
    pieces = _pieces(marks)
    number = np.zeros(len(marks.items), np.int64)
    clusters: dict[Hashable, int] = {}
    for item in np.flatnonzero(marks.readers > 1):
        label = marks.items[item] if cluster is None else cluster[marks.items[item]]
        number[item] = clusters.setdefault(label, len(clusters))
    return _counted(marks, pieces, number, tuple(clusters), cluster is not None)


def _frame(spans: Any) -> pd.DataFrame:
    if isinstance(spans, pa.Table):
        spans = spans.to_pandas()
    frame = spans if isinstance(spans, pd.DataFrame) else pd.DataFrame(list(spans), columns=list(COLUMNS))
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise InputError(f"a table of spans has the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}")
    return frame


@dataclass(frozen=True, slots=True)
class _Marks:
    """Spans of items that two or more coders read; `reading` numbers what one coder makes of one item."""

    items: list[Any]
    coders: tuple[str, ...]
    codes: list[str]
    length: Ints  # of each item
    readers: Ints  # of each item
    item: Ints  # of each reading
    reading: Ints  # of each span, as are the following
    code: Ints
    start: Ints
    end: Ints

    @classmethod
    def of(cls, frame: pd.DataFrame, lengths: Mapping[Any, int]) -> _Marks:
        item, items = pd.factorize(frame["item"])
        coder, coders = pd.factorize(frame["coder"])
        unknown = [one for one in items if one not in lengths]
        if unknown or (len(frame) and min(item.min(), coder.min()) < 0):
            which = f"{unknown[0]!r} has no length" if unknown else "a row without item or coder"
            raise InputError(Fault(f"{which}; every item needs its length in code points", "spans"))
        pair = item.astype(np.int64) * max(len(coders), 1) + coder
        readings = np.unique(pair)
        of_item = readings // max(len(coders), 1)
        readers = np.bincount(of_item, minlength=len(items))
        length = np.array([lengths[one] for one in items], np.int64)
        _checked(frame, length[item])
        kept = readings[readers[of_item] > 1]
        marked = frame["start"].notna().to_numpy() & (readers[item] > 1)
        code, codes = pd.factorize(frame["code"][marked].astype(str), sort=True)
        return cls(
            list(items), tuple(sorted({str(coders[one]) for one in kept % max(len(coders), 1)})), list(codes), length,
            readers, kept // max(len(coders), 1), np.searchsorted(kept, pair[marked]), code.astype(np.int64),
            frame["start"][marked].to_numpy(np.int64), frame["end"][marked].to_numpy(np.int64),
        )  # fmt: skip


def _checked(frame: pd.DataFrame, length: Ints) -> None:
    start, end = (pd.to_numeric(frame[name], errors="coerce") for name in ("start", "end"))
    marked = start.notna() | end.notna()
    blank = frame["code"].isna() | (frame["code"] == GAP)
    wrong = {
        "start and end are numbers": (start.isna() != frame["start"].isna()) | (end.isna() != frame["end"].isna()),
        "start and end go together": start.notna() != end.notna(),
        "a span needs a code, and a code a span": blank == marked,
        "the end must be greater than the start": marked & (end <= start),
        "the span lies outside its item": marked & ((start < 0) | (end > length)),
        "offsets count code points": marked & ((start % 1 != 0) | (end % 1 != 0)),
    }
    faults = []
    for words, rows in wrong.items():
        for number in np.flatnonzero(rows.to_numpy(bool, na_value=False))[:5]:
            row = frame.iloc[number]
            where = f"spans, row {number + 1}"
            faults.append(Fault(f"{words}: {row['item']}, {row['coder']}, {row['start']} to {row['end']}", where))
    if faults:
        raise InputError(faults)


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What all readings are made of: units and gaps, on one line on which items lie one behind another."""

    item: Ints
    value: Ints
    start: Ints
    end: Ints
    values: tuple[str, ...]


def _pieces(marks: _Marks) -> _Pieces:
    """Part each reading at every boundary of its units; readings lie one behind another, with one position between."""
    length = marks.length[marks.item]
    base = np.concatenate(([0], np.cumsum(length + 1)))
    code, start, end = _united(marks.code, base[marks.reading] + marks.start, base[marks.reading] + marks.end, base[-1])
    at, place = np.unique(np.concatenate((base[:-1], base[:-1] + length, start, end)), return_inverse=True)
    opened, closed = place[2 * len(length) : 2 * len(length) + len(start)], place[2 * len(length) + len(start) :]
    value, values = _valued(marks.codes, code, opened, closed, len(at))
    reading = np.searchsorted(base, at, side="right") - 1
    piece = np.flatnonzero((np.diff(at) > 0) & (np.diff(reading) == 0))
    item = marks.item[reading[piece]]
    line = np.concatenate(([0], np.cumsum(marks.length + 1)))[item] - base[reading[piece]]
    return _Pieces(item, value[piece], at[piece] + line, at[piece + 1] + line, values)


def _united(code: Ints, start: Ints, end: Ints, total: int) -> tuple[Ints, Ints, Ints]:
    """Overlapping spans of one reading and code as one."""
    if not len(code):
        return code, start, end
    start, end = code * total + start, code * total + end
    order = np.argsort(start, kind="stable")
    start, furthest = start[order], np.maximum.accumulate(end[order])
    first = np.concatenate(([True], start[1:] >= furthest[:-1]))
    last = np.concatenate((first[1:], [True]))
    return start[first] // total, start[first] % total, furthest[last] - start[first] // total * total


def _valued(codes: list[str], code: Ints, opened: Ints, closed: Ints, places: int) -> tuple[Ints, tuple[str, ...]]:
    """The value that holds from each boundary on, the gap being 0: which codes are open there, as bits of words."""
    value = np.zeros(places + 1, np.int64)  # one more, so that there is a gap
    words = []
    for low in range(0, len(codes), _BITS):
        mine = (code >= low) & (code < low + _BITS)
        bit = np.left_shift(np.int64(1), code[mine] - low)
        word = np.zeros(places + 1, np.int64)
        np.add.at(word, opened[mine] + 1, bit)
        np.subtract.at(word, closed[mine] + 1, bit)
        words.append(np.cumsum(word))
        _, part = np.unique(words[-1], return_inverse=True)
        _, value = np.unique(value * (part.max() + 1) + part, return_inverse=True)
    _, example = np.unique(value, return_index=True)
    names = []
    for place in example:
        bits = [(low, int(word[place])) for low, word in zip(range(0, len(codes), _BITS), words, strict=True)]
        names.append(COMBINED.join(codes[low + bit] for low, open_ in bits for bit in range(_BITS) if open_ >> bit & 1))
    return value[1:], tuple(names)


def _counted(
    marks: _Marks, pieces: _Pieces, number: Ints, clusters: tuple[Hashable, ...], threaded: bool
) -> Coincidences:
    shape = len(clusters), len(pieces.values)
    cell = number[pieces.item] * shape[1] + pieces.value

    def table(cells: Ints, amounts: Floats) -> Floats:
        return np.bincount(cells, amounts, shape[0] * shape[1]).reshape(shape).astype(np.float64)

    size = (pieces.end - pieces.start).astype(np.float64)
    pairs = np.maximum(marks.readers - 1, 1)[pieces.item]
    position = np.concatenate((pieces.start, pieces.end)).astype(np.float64)
    unit = np.flatnonzero(pieces.value)
    together, weight = _meeting(pieces.start[unit], pieces.end[unit])
    part = together[1] - together[0]
    return Coincidences(
        pieces.values, clusters,
        table(cell, size),
        table(*_with_itself(cell, position, pieces, 1 / pairs)),
        table(cell, np.where(pieces.value > 0, size**2, size)),
        table(cell[unit], part),
        table(*_with_itself(cell[unit], weight.ravel(), pieces, np.ones(len(unit)), unit)),
        table(cell[unit], part**2),
        int((marks.readers > 1).sum()), len(unit), marks.coders, threaded,
    )  # fmt: skip


def _meeting(start: Ints, end: Ints) -> tuple[Floats, Floats]:
    """For each unit's start and end (rows), how much of the line before is marked by two coders or more; and the same
    with each stretch over the coders who mark it less one."""
    position = np.concatenate((start, end))
    order = np.argsort(position, kind="stable")
    deep = np.cumsum(np.where(order < len(start), 1, -1))[:-1]
    stretch = np.diff(position[order]) * (deep > 1)
    before = np.empty((2, len(position)))
    before[0, order] = np.concatenate(([0], np.cumsum(stretch)))[: len(position)]
    before[1, order] = np.concatenate(([0], np.cumsum(stretch / np.maximum(deep - 1, 1))))[: len(position)]
    return before[0].reshape(2, -1), before[1].reshape(2, -1)


def _with_itself(
    cell: Ints, measure: Floats, pieces: _Pieces, weight: Floats, unit: Ints | None = None
) -> tuple[Ints, Floats]:
    """Cells, and for each stretch k (k - 1) times its measure, k how many coders give the cell's value there."""
    kept = slice(None) if unit is None else unit
    value, start, end = pieces.value[kept], pieces.start[kept], pieces.end[kept]
    if not len(value):
        return cell, np.zeros(0)
    total = int(end.max()) + 1
    order = np.argsort(np.concatenate((value * total + start, value * total + end)), kind="stable")
    piece = order % len(value)
    deep = np.cumsum(np.where(order < len(value), 1, -1))[:-1]
    amount = deep * (deep - 1) * np.diff(measure[order]) * weight[piece[:-1]]
    return cell[piece[:-1]], np.where(deep > 1, amount, 0.0)
