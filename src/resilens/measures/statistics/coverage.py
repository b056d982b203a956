"""How complete is a sample of kinds? Sample coverage, at its own size and at any other up to twice that.

Coverage is the share of all there is (not of all kinds) that belongs to kinds the sample has seen. Samples of equal
coverage are equally complete, so their variety can be compared; samples of equal size are not.

Source: Chao and Jost 2012, *Ecology* 93, 2533-2547; where no kind was seen twice, the bias-corrected form of Chao et
al. 2014, *Ecological Monographs* 84, 45-67.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Counts = NDArray[np.int64]

MOST = 2
"""Nothing is extrapolated to more than this many times the size of the sample."""


def abundances(counts: ArrayLike) -> Counts:
    """The counts above 0, shape (kinds,), as whole numbers.

    Raises
    ------
    ValueError
        If they are not whole and 0 or more, or there are fewer than two individuals.
    """
    given = np.asarray(counts)
    found = given.astype(np.int64)
    if given.ndim != 1 or (found != given).any() or (found < 0).any():
        raise ValueError("how often each kind was seen is a list of whole numbers, 0 or more")
    if found.sum() < 2:
        raise ValueError("variety needs at least two individuals")
    return found[found > 0]


@dataclass(frozen=True, slots=True)
class Rare:
    """The size of a sample, its kinds seen once and twice, and the chance `p` that the next individual of an unseen or
    once seen kind is of one seen once: 2 f2 / ((n - 1) f1 + 2 f2), for f2 = 0 2 / ((n - 1)(f1 - 1) + 2)."""

    n: int
    once: int
    twice: int
    p: float


def rare(found: Counts) -> Rare:
    """The numbers all estimators here rest on."""
    n, once, twice = int(found.sum()), int((found == 1).sum()), int((found == 2).sum())
    if not once:
        return Rare(n, once, twice, 1.0)
    p = 2 * twice / ((n - 1) * once + 2 * twice) if twice else 2 / ((n - 1) * (once - 1) + 2)
    return Rare(n, once, twice, p)


def coverage_at(counts: ArrayLike, size: float) -> float:
    """The expected coverage of a sample of `size` individuals.

    Below n, its size: 1 - sum(x / n * C(n - x, m) / C(n - 1, m)); from n on: 1 - f1 / n (1 - p)^(m - n + 1). Between
    whole numbers below n, linear.

    Parameters
    ----------
    counts
        Shape (kinds,): how often each kind was seen.
    size
        m, from 0 to twice n.

    Raises
    ------
    ValueError
        If the counts are refused by `abundances` or the size is outside its range.
    """
    found = abundances(counts)
    return _coverage(found, rare(found), size)


def size_at(counts: ArrayLike, coverage: float) -> float:
    """The size at which a sample would have this coverage; at most twice its own.

    Raises
    ------
    ValueError
        If the coverage is not above 0, or not reached at twice the size.
    """
    found = abundances(counts)
    few = rare(found)
    if not 0 < coverage <= _coverage(found, few, MOST * few.n) + 1e-12:
        raise ValueError(f"a coverage of {coverage:.4g} is not reached at {MOST} times the size of the sample")
    own = _coverage(found, few, few.n)
    if coverage >= own:
        left = few.once / few.n * (1 - few.p)
        more = float(np.log((1 - coverage) / left) / np.log1p(-few.p)) if left and coverage > own else 0.0
        return min(few.n + more, MOST * few.n)
    low, high = 0, few.n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _coverage(found, few, middle) <= coverage else (low, middle)
    below, above = _coverage(found, few, low), _coverage(found, few, high)
    return low + (coverage - below) / (above - below)


def common_coverage(samples: Iterable[ArrayLike]) -> float:
    """The highest coverage at which all samples can be compared: the least they reach at twice their sizes."""
    return min(coverage_at(counts, MOST * int(np.sum(np.asarray(counts)))) for counts in samples)


def _coverage(found: Counts, few: Rare, size: float) -> float:
    if not 0 <= size <= MOST * few.n:
        raise ValueError(f"a size of {size:g} is not between 0 and {MOST} times {few.n}")
    if size >= few.n:
        return float(1 - few.once / few.n * (1 - few.p) ** (size - few.n + 1))
    whole = int(size)
    below = _rarefied(found, few.n, whole)
    return below if whole == size else below + (size - whole) * (_coverage(found, few, whole + 1) - below)


def _rarefied(found: Counts, n: int, size: int) -> float:
    kept = found[n - found >= size]
    logs = special.gammaln(n - kept + 1) - special.gammaln(n - kept - size + 1)
    logs += special.gammaln(n - size) - special.gammaln(n)
    return float(1 - (kept / n * np.exp(logs)).sum())
