"""How long until it happens, where for some it had not happened when watching stopped? Kaplan-Meier and hazards.

A life table holds what each thread adds to each time, so that any number of draws of threads is one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LifeTable:
    """Who was watched until when, by thread.

    Parameters
    ----------
    times
        Shape (k,): the distinct times at which anything ended, rising.
    happened, left
        Shape (threads, k), sparse: the weight of those to whom it happened at that time, and of all who were watched
        no longer than that time (it happened, or watching stopped).
    """

    times: Numbers
    happened: sparse.csr_array
    left: sparse.csr_array

    @property
    def threads(self) -> int:
        """How many threads there are."""
        return int(self.happened.shape[0])

    def survival(self, drawn: ArrayLike | None = None) -> Numbers:
        """The Kaplan-Meier curve, S(t) = product over times u <= t of (1 - happened at u / at risk at u).

        Those whose watching stopped at u are still at risk at u.

        Parameters
        ----------
        drawn
            Shape (draws, threads): how often each thread counts in each draw; every thread once unless given.

        Returns
        -------
        ndarray, shape (draws, k)
            S at each of `times`, just after it; NaN in a draw without anybody.

        References
        ----------
        Kaplan and Meier 1958, *Journal of the American Statistical Association* 53, 457-481.
        """
        weights = np.ones((1, self.threads)) if drawn is None else np.atleast_2d(np.asarray(drawn, dtype=np.float64))
        happened, left = weights @ self.happened, weights @ self.left
        at_risk = np.cumsum(left[:, ::-1], axis=1)[:, ::-1]
        with np.errstate(invalid="ignore"):
            kept = np.where(at_risk > 1e-12, 1 - happened / np.maximum(at_risk, 1e-12), 1.0)
        curve: Numbers = np.cumprod(np.clip(kept, 0.0, 1.0), axis=1)
        curve[at_risk[:, 0] <= 1e-12] = np.nan
        return curve

    def median(self, curves: Numbers) -> Numbers:
        """The first time by which it had happened to half, shape (draws,); NaN where it never had to as many."""
        reached = curves <= 0.5 + 1e-12
        first = np.argmax(reached, axis=1)
        return np.where(reached.any(axis=1), self.times[first], np.nan)

    def by(self, curves: Numbers, horizon: float) -> Numbers:
        """P(T <= horizon) = 1 - S(horizon), shape (draws,); NaN where nobody was watched so long and some remain."""
        place = int(np.searchsorted(self.times, horizon, side="right")) - 1
        if place < 0:
            return np.where(np.isnan(curves[:, 0]), np.nan, 0.0)
        share = 1 - curves[:, place]
        return np.where((horizon > self.times[-1]) & (curves[:, -1] > 1e-12), np.nan, share)


def life_table(
    times: ArrayLike, happened: ArrayLike, threads: ArrayLike | None = None, weights: ArrayLike | None = None
) -> LifeTable:
    """The life table of n watched cases.

    Parameters
    ----------
    times
        Shape (n,): until when each was watched, 0 or more, in any unit.
    happened
        Shape (n,): whether it happened then; else watching stopped (right-censored).
    threads
        Shape (n,), whole numbers from 0: the thread of each; each its own unless given.
    weights
        Shape (n,): how much each counts; 1 unless given.

    Raises
    ------
    ValueError
        If there are no cases, the shapes differ, or a time is negative or not finite.
    """
    until, event = np.asarray(times, dtype=np.float64), np.asarray(happened, dtype=bool)
    rows = np.arange(len(until)) if threads is None else np.asarray(threads, dtype=np.int64)
    heavy = np.ones(len(until)) if weights is None else np.asarray(weights, dtype=np.float64)
    if until.ndim != 1 or not len(until) or not until.shape == event.shape == rows.shape == heavy.shape:
        raise ValueError("a life table needs at least one case, each with a time, whether it happened, and a thread")
    if not np.isfinite(until).all() or (until < 0).any():
        raise ValueError("times until something happened are finite and 0 or more")
    distinct, column = np.unique(until, return_inverse=True)
    shape = (int(rows.max()) + 1, len(distinct))
    return LifeTable(
        distinct,
        sparse.csr_array((heavy * event, (rows, column)), shape=shape),
        sparse.csr_array((heavy, (rows, column)), shape=shape),
    )


def hazard_between(gaps: ArrayLike, at_risk: ArrayLike, gone: ArrayLike) -> Numbers:
    """The constant hazard of what is only seen to have happened between two looks: maximum likelihood.

    Of the cases there at one look, those gone at the next, d later, went at an unknown moment between
    (interval-censored), with chance 1 - exp(-h d). h solves sum(gone * d / (exp(h d) - 1)) = sum((at risk - gone) * d);
    for one gap it is -ln(1 - gone / at risk) / d. A hazard that changes is one per band of looks: call it for each.

    Parameters
    ----------
    gaps
        Shape (k,): the time between the two looks, above 0.
    at_risk, gone
        Shape (k,) or (draws, k): how many (or their weights) were there at the first, and of them not at the second.

    Returns
    -------
    ndarray, shape () or (draws,)
        Per unit of the gaps; 0 where none went, NaN where nobody was at risk or all went (no maximum).

    Raises
    ------
    ValueError
        If a gap is not above 0, or more went than were there.

    References
    ----------
    Prentice and Gloeckler 1978, *Biometrics* 34, 57-67 (the grouped-data likelihood).
    """
    apart, there, went = (np.asarray(given, dtype=np.float64) for given in (gaps, at_risk, gone))
    if (apart <= 0).any() or (went < 0).any() or (went > there + 1e-9).any():
        raise ValueError("gaps are above 0, and no more can go than were there")
    number, stayed, whole = went.sum(axis=-1), ((there - went) * apart).sum(axis=-1), (there * apart).sum(axis=-1)
    possible = (number > 0) & (stayed > 0)
    low = np.where(possible, number / np.where(whole > 0, whole, 1), 1.0)
    high = np.where(possible, number / np.where(stayed > 0, stayed, 1), 1.0)
    for _ in range(60):
        middle = np.sqrt(low * high)
        steps = middle[..., None] * apart
        more = (went * apart / np.expm1(np.minimum(steps, 700.0))).sum(axis=-1) > stayed
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    none = np.where((number == 0) & (whole > 0), 0.0, np.nan)
    return np.asarray(np.where(possible, np.sqrt(low * high), none))
