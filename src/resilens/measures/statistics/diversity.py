"""How varied is a sample of kinds? Hill numbers: how many equally common kinds would be as varied.

Order q = 0 counts kinds, q = 1 is the exponential of Shannon's entropy (common kinds), q = 2 the inverse of Simpson's
index (dominant kinds). Counts are abundances: how often each kind was seen. A larger sample sees more kinds, so periods
are compared at equal coverage, rarefied or extrapolated to at most twice their size.

Sources: Hill 1973, *Ecology* 54, 427-432; Chao et al. 2014, *Ecological Monographs* 84, 45-67; the asymptote of q = 1:
Chao, Wang and Jost 2013, *Methods in Ecology and Evolution* 4, 1091-1100; extrapolation of q = 1 as iNEXT 3.0 does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from resilens.measures.statistics.coverage import MOST, Counts, Rare, abundances, coverage_at, rare, size_at

Order: TypeAlias = Literal[0, 1, 2]
ORDERS: tuple[Order, ...] = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class AtCoverage:
    """A Hill number at a coverage.

    Parameters
    ----------
    value
        The effective number of kinds.
    size
        The size of sample that has this coverage; not always whole.
    coverage
        As asked for.
    method
        Whether that size is below, at or above the sample's own.
    """

    value: float
    size: float
    coverage: float
    method: Literal["rarefied", "observed", "extrapolated"]


def hill(counts: ArrayLike, order: Order) -> float:
    """The Hill number of the sample itself: sum(p^q)^(1 / (1 - q)), for q = 1 exp(-sum(p ln p)), p = x / n.

    Parameters
    ----------
    counts
        Shape (kinds,): how often each kind was seen, whole numbers.
    order
        q.

    Raises
    ------
    ValueError
        If the counts are refused (`coverage.abundances`).
    """
    found = abundances(counts)
    return _observed(found / found.sum(), order)


def asymptote(counts: ArrayLike, order: Order) -> float:
    """What the Hill number tends to as the sample grows; for q = 0 a lower bound (Chao1).

    q = 0: S + (n - 1) / n * f1² / (2 f2), or f1 (f1 - 1) / 2 for f2 = 0; q = 2: n (n - 1) / sum(x (x - 1));
    q = 1: exp of sum(x / n (ψ(n) - ψ(x))) + f1 / n sum over j >= 1 of (1 - p)^j / (n - 1 + j).

    Raises
    ------
    ValueError
        If the counts are refused; or for q = 2 where no kind was seen twice.
    """
    found = abundances(counts)
    return _asymptote(found, rare(found), order)


def hill_at(counts: ArrayLike, order: Order, size: float) -> float:
    """The Hill number a sample of `size` individuals would have, from 1 to twice the sample's own size.

    Below n: of the expected number of kinds seen k times, q = 0: sum(1 - C(n - x, m) / C(n, m)); q = 1: exp of
    sum(-k/m ln(k/m) C(x, k) C(n - x, m - k) / C(n, m)); linear between whole sizes. Above n:
    D + (A - D)(1 - (1 - b)^(m - n)), D observed, A the asymptote and b = (D - D(n - 1)) / (A - D(n - 1)).
    q = 2 at any size: 1 / (1/m + (m - 1)/m sum(x (x - 1)) / (n (n - 1))).

    Raises
    ------
    ValueError
        If the counts are refused or the size is outside its range.
    """
    found = abundances(counts)
    few = rare(found)
    if not 1 <= size <= MOST * few.n:
        raise ValueError(f"a size of {size:g} is not between 1 and {MOST} times {few.n}")
    if order == 2:
        pairs = float((found * (found - 1)).sum()) / (few.n * (few.n - 1))
        return 1 / (1 / size + (size - 1) / size * pairs)
    if size > few.n:
        return _extrapolated(found, few, order, size)
    whole = int(size)
    below = _rarefied(found, few.n, order, whole)
    return below if whole == size else below + (size - whole) * (_rarefied(found, few.n, order, whole + 1) - below)


def hill_at_coverage(counts: ArrayLike, order: Order, coverage: float) -> AtCoverage:
    """The Hill number at a coverage, to be compared with other samples at the same one (`coverage.common_coverage`).

    Raises
    ------
    ValueError
        If the counts are refused, or the coverage is not reached at twice the sample's size.
    """
    n = int(abundances(counts).sum())
    size = max(1.0, size_at(counts, coverage))
    method: Literal["rarefied", "observed", "extrapolated"]
    method = "observed" if abs(coverage - coverage_at(counts, n)) < 1e-9 else "rarefied" if size < n else "extrapolated"
    return AtCoverage(hill_at(counts, order, size), size, coverage, method)


def _observed(shares: np.ndarray, order: Order) -> float:
    if order == 0:
        return float(len(shares))
    return float(np.exp(-(shares * np.log(shares)).sum())) if order == 1 else float(1 / (shares**2).sum())


def _asymptote(found: Counts, few: Rare, order: Order) -> float:
    if order == 2:
        if not (found > 1).any():
            raise ValueError("the asymptote of order 2 needs a kind that was seen twice")
        return float(few.n * (few.n - 1) / (found * (found - 1)).sum())
    if order == 0:
        missed = few.once**2 / (2 * few.twice) if few.twice else few.once * (few.once - 1) / 2
        return len(found) + (few.n - 1) / few.n * missed
    seen = float((found / few.n * (special.digamma(few.n) - special.digamma(found))).sum())
    return float(np.exp(seen + few.once / few.n * _tail(few.n, few.p)))


def _tail(n: int, p: float) -> float:
    """The sum over j >= 1 of (1 - p)^j / (n - 1 + j): whole where it ends soon, else from its closed form."""
    if p == 1:
        return 0.0
    if n * p > 1:
        j = np.arange(1, int(40 / p) + 2)
        return float(((1 - p) ** j / (n - 1 + j)).sum())
    r = np.arange(1, n)
    return float((-np.log(p) - ((1 - p) ** r / r).sum()) * (1 - p) ** (1 - n))


def _extrapolated(found: Counts, few: Rare, order: Order, size: float) -> float:
    observed = _observed(found / few.n, order)
    smaller, limit = _rarefied(found, few.n, order, few.n - 1), _asymptote(found, few, order)
    if limit <= observed:
        return observed
    slope = (observed - smaller) / (limit - smaller)
    return float(observed + (limit - observed) * (1 - (1 - slope) ** (size - few.n)))


def _rarefied(found: Counts, n: int, order: Order, size: int) -> float:
    if size == n:
        return _observed(found / n, order)
    if order == 0:
        return float((1 - np.exp(_log_choose(n - found, size) - _log_choose(n, size))).sum())
    entropy = 0.0
    for seen, kinds in zip(*np.unique(found, return_counts=True), strict=True):
        k = np.arange(max(1, size - (n - seen)), min(seen, size) + 1)
        chance = np.exp(_log_choose(seen, k) + _log_choose(n - seen, size - k) - _log_choose(n, size))
        entropy -= float(kinds * (chance * k / size * np.log(k / size)).sum())
    return float(np.exp(entropy))


def _log_choose(of: ArrayLike, take: ArrayLike) -> np.ndarray:
    """ln C(of, take), minus infinity where `take` is more than there are."""
    whole, part = np.broadcast_arrays(np.asarray(of, dtype=np.float64), np.asarray(take, dtype=np.float64))
    possible = part <= whole
    inside = np.where(possible, part, 0.0)
    logs = special.gammaln(whole + 1) - special.gammaln(inside + 1) - special.gammaln(whole - inside + 1)
    return np.where(possible, logs, -np.inf)
