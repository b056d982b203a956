"""How often does each pattern of codes occur, and in which threads? All that a coefficient of agreement needs to know.

A *pattern* is what the coders gave one unit: coder A said `yes`, coder B said `no`, coder C did not code it. Ten
million units coded by five coders show a few thousand patterns, so the engine counts patterns once, in one `GROUP BY`,
and everything after works on small arrays: every coefficient is a function of sums over units, and so is every draw of
its bootstrap.

Where there are more than `PIVOTED` coders nearly every unit has a pattern of its own, so none is counted: each unit is
a pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Numbers: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]

PIVOTED = 16
"""Up to so many coders the engine counts patterns; beyond, each unit is its own pattern."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of judgements within the patterns: in `pattern`, `first` stands beside `second` `number` times.

    Ordered pairs of different coders, so a unit with r judgements has r (r - 1) of them; arrays of one length.
    """

    pattern: Places
    first: Places
    second: Places
    number: Numbers


@dataclass(frozen=True, eq=False)
class Patterns:
    """Units by coders, with units that were coded alike counted together.

    Parameters
    ----------
    values
        The V labels, in their order where `ordered`.
    ordered
        Whether the order of `values` means something: numbers, or an order that was given.
    coders
        The m coders.
    pattern, coder, value
        The judgements of each pattern, three arrays of one length: in `pattern` (0 to k - 1), `coder` (a place in
        `coders`) gave `value` (a place in `values`). What is not there is missing.
    units
        How many units show each pattern, shape (k,).
    clusters
        The C threads' labels; empty where units were given no thread.
    membership
        How many units of each thread show each pattern, shape (C, k), sparse; None where units were given no thread.
    """

    values: tuple[Any, ...]
    ordered: bool
    coders: tuple[Any, ...]
    pattern: Places
    coder: Places
    value: Places
    units: Numbers
    clusters: tuple[Any, ...] = ()
    membership: sparse.csr_array | None = None

    @property
    def n_units(self) -> int:
        """Units, whether or not anybody coded them."""
        return int(self.units.sum())

    @cached_property
    def judgements(self) -> Numbers:
        """How many coders coded a unit of each pattern, r, shape (k,)."""
        return np.bincount(self.pattern, minlength=len(self.units)).astype(np.float64)

    @cached_property
    def pairable(self) -> NDArray[np.bool_]:
        """Which patterns have two judgements or more, shape (k,)."""
        return np.asarray(self.judgements >= 2)

    @property
    def n_pairable(self) -> int:
        """Units that two coders or more coded."""
        return int(self.units[self.pairable].sum())

    @cached_property
    def n_coders(self) -> int:
        """Coders with a judgement."""
        return int(np.count_nonzero(np.bincount(self.coder)))

    @property
    def n_clusters(self) -> int:
        """Threads with a pairable unit; where units were given no thread, the pairable units themselves."""
        if self.membership is None:
            return self.n_pairable
        return int(np.count_nonzero(self.membership @ self.pairable.astype(np.float64)))

    @cached_property
    def cells(self) -> tuple[Places, Places, Numbers]:
        """Pattern, value, and how many coders of that pattern gave it: the non-zero entries of `counts`."""
        width = max(len(self.values), 1)
        key = self.pattern * width + self.value
        if width * len(self.units) <= 8 * len(key):  # nearly every place is filled: count instead of sorting
            every = np.bincount(key)
            key = np.flatnonzero(every)
            number = every[key]
        else:
            key, number = np.unique(key, return_counts=True)
        return key // width, key % width, number.astype(np.float64)

    @cached_property
    def n_agreed(self) -> int:
        """Values that two coders ever gave to one unit."""
        pattern, value, number = self.cells
        return len(np.unique(value[(number > 1) & (self.units[pattern] > 0)]))

    @property
    def counts(self) -> Numbers:
        """How many coders gave each value in each pattern, shape (k, V)."""
        counts = np.zeros((len(self.units), len(self.values)))
        pattern, value, number = self.cells
        counts[pattern, value] = number
        return counts

    @cached_property
    def pairs(self) -> Pairs:
        """Every pair of values that stands in a pattern; see `Pairs`."""
        pattern, value, number = self.cells
        length = np.bincount(pattern, minlength=len(self.units))
        start = np.cumsum(length) - length
        repeats = length[pattern]
        left = np.repeat(np.arange(len(pattern)), repeats)
        offset = np.arange(len(left)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        right = start[pattern[left]] + offset
        together = number[left] * (number[right] - (left == right))
        kept = together > 0
        left, right = left[kept], right[kept]
        return Pairs(pattern[left], value[left], value[right], together[kept])

    def confusion(self, first: int = 0, second: int = 1) -> Numbers:
        """The units both coders coded: rows what coder `first` gave, columns what `second` gave, shape (V, V)."""
        mine, theirs = self.by_coder(first), self.by_coder(second)
        both = (mine >= 0) & (theirs >= 0)
        table = np.zeros((len(self.values), len(self.values)))
        np.add.at(table, (mine[both], theirs[both]), self.units[both])
        return table

    def by_coder(self, place: int) -> Places:
        """What one coder gave in each pattern: a place in `values`, -1 where nothing; shape (k,)."""
        given = np.full(len(self.units), -1, dtype=np.int64)
        mine = self.coder == place
        given[self.pattern[mine]] = self.value[mine]
        return given

    def only(self, coders: Sequence[Any]) -> Patterns:
        """The same units, the judgements of these coders alone, in the order given.

        Raises
        ------
        ValueError
            If a coder is not there.
        """
        places = [self.coders.index(name) for name in coders]
        new = np.full(len(self.coders), -1, dtype=np.int64)
        new[places] = np.arange(len(places))
        kept = new[self.coder] >= 0
        return replace(self, coders=tuple(coders), pattern=self.pattern[kept], coder=new[self.coder[kept]],
                       value=self.value[kept])  # fmt: skip

    def indicator(self, label: Any) -> Patterns:
        """One value against all others: the same judgements as True (this value) and False.

        Raises
        ------
        ValueError
            If the value is not there.
        """
        self.values.index(label)
        return self.whether(lambda value: bool(value == label))

    def whether(self, test: Callable[[Any], bool]) -> Patterns:
        """The same judgements as True and False, by a test of their values."""
        passed = np.array([test(label) for label in self.values], dtype=np.int64)
        return replace(self, values=(False, True), ordered=True, value=passed[self.value])

    def by_cluster(self, per_pattern: Numbers | sparse.csr_array) -> Any:
        """Sums over each thread's units of something known per pattern, shape (k, d) to (C, d)."""
        assert self.membership is not None, "the units were given no thread"
        return self.membership @ per_pattern


def compact(
    codes: Places, number: Numbers, values: tuple[Any, ...], ordered: bool, coders: tuple[Any, ...],
    cluster: Places | None = None, clusters: tuple[Any, ...] = (),
) -> Patterns:  # fmt: skip
    """Patterns from rows of codes.

    Parameters
    ----------
    codes
        Places in `values`, -1 where missing, shape (rows, m).
    number
        How many units each row stands for, shape (rows,).
    values, ordered, coders, clusters
        As in `Patterns`.
    cluster
        The thread of each row as a place in `clusters`, or None.
    """
    rows, inverse = _unique_rows(codes, len(values))
    k = len(rows)
    units = np.bincount(inverse, weights=number, minlength=k).astype(np.float64)
    pattern, coder = np.nonzero(rows >= 0)
    membership = None
    if cluster is not None:
        membership = sparse.csr_array((number, (cluster, inverse)), shape=(len(clusters), k))
    return Patterns(values, ordered, coders, pattern.astype(np.int64), coder.astype(np.int64), rows[pattern, coder],
                    units, clusters, membership)  # fmt: skip


def _unique_rows(codes: Places, n_values: int) -> tuple[Places, Places]:
    """The different rows, in an order that depends on nothing else, and which of them each row is."""
    width = codes.shape[1]
    if (n_values + 1) ** width < 2**62:  # a row fits one number, which sorts much faster
        radix = (n_values + 1) ** np.arange(width, dtype=np.int64)
        key = (codes + 1) @ radix
        distinct, inverse = np.unique(key, return_inverse=True)
        return (distinct[:, None] // radix) % (n_values + 1) - 1, inverse.astype(np.int64)
    rows, inverse = np.unique(codes, axis=0, return_inverse=True)
    return rows, inverse.reshape(-1).astype(np.int64)
