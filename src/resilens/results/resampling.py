"""How are threads drawn again and again, so that a function of their totals shows how unsure it is?

A draw takes as many threads as there are, with replacement. It is a row of weights over threads, so that all draws
are one product of matrices with each thread's sums. (Efron and Tibshirani 1993, *An Introduction to the Bootstrap*;
for clusters Davison and Hinkley 1997, *Bootstrap Methods and their Application*, section 3.8.)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Numbers: TypeAlias = NDArray[np.float64]

DRAWS = 2000
SEED = 1

MINIMUM_THREADS = 20
"""Under so many threads an interval is Undefined."""

MOST_UNDEFINED = 0.05
"""Where a value does not exist in more than this share of the draws, there is no interval."""

BLOCK = 4_000_000
"""How many numbers of a block of draws are held at once."""


def resampled(
    sums: Numbers | sparse.csr_array, value: Callable[[Numbers], Numbers], draws: int, seed: int,
    times: Numbers | None = None,
) -> Numbers:  # fmt: skip
    """A function of totals over rows drawn with replacement, as many as there are.

    Parameters
    ----------
    sums
        What each row adds to each total, shape (rows, d).
    value
        Totals of shape (draws, d) to values of shape (draws,).
    draws, seed
        How many, and the seed.
    times
        How often each row occurs, shape (rows,); once unless given. Alike rows are drawn together, to the same end.
    """
    generator = np.random.default_rng(seed)
    if not isinstance(sums, np.ndarray) and sums.shape[0] * sums.shape[1] <= BLOCK:
        sums = np.asarray(sums.toarray())
    if times is not None and isinstance(sums, np.ndarray):
        sums, times = _alike(sums, times)
    rows, width = sums.shape
    size = int(rows if times is None else times.sum())
    at_once = max(1, min(draws, BLOCK // max(rows, width)))
    found = []
    for start in range(0, draws, at_once):
        number = min(at_once, draws - start)
        if times is None or size == rows:
            drawn = drawn_at_once(rows, draws, seed) if number == draws else _drawn(generator, rows, number)
        else:
            drawn = generator.multinomial(size, times / times.sum(), size=number).astype(np.float64)
        found.append(value(np.asarray(drawn @ sums)))
    return np.concatenate(found)


def _alike(sums: Numbers, times: Numbers) -> tuple[Numbers, Numbers]:
    """Rows that add the same to every total counted together: who of the coders said what is often no matter."""
    _, first, inverse = np.unique(sums.round(12), axis=0, return_index=True, return_inverse=True)
    return sums[first], np.bincount(inverse.ravel(), weights=times, minlength=len(first)).astype(np.float64)


def _drawn(generator: np.random.Generator, rows: int, number: int) -> Numbers:
    """How often each of the rows is drawn, in several draws; shape (number, rows)."""
    chosen = generator.integers(rows, size=(number, rows)) + np.arange(number)[:, None] * rows
    return np.bincount(chosen.ravel(), minlength=number * rows).reshape(number, rows).astype(np.float64)


@lru_cache(maxsize=4)
def drawn_at_once(rows: int, draws: int, seed: int) -> Numbers:
    """All draws, kept: whatever is computed of the same threads is computed on the same draws; shape (draws, rows)."""
    drawn = _drawn(np.random.default_rng(seed), rows, draws)
    drawn.setflags(write=False)
    return drawn
