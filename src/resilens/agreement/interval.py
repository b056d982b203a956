"""How sure is a coefficient? Threads are drawn again and again, and it is computed each time.

Comments of one thread resemble each other in how hard they are to code, so an interval that draws comments one by one
is too short: nominal 95 % covered 64 to 72 % where drawing threads covered 96 % (`benchmarks/agreement_coverage.py`).
A draw takes as many threads as there are, with replacement (Efron and Tibshirani 1993, *An Introduction to the
Bootstrap*; for clusters Davison and Hinkley 1997, *Bootstrap Methods and their Application*, section 3.8); the interval
lies between the percentiles of the draws. Each draw is a row of weights over threads, so that all of them are one
product of matrices with each thread's sums. Units without threads are drawn themselves, alike ones together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from resilens.agreement.coefficients.recipes import Recipe
from resilens.agreement.patterns import Numbers, Patterns
from resilens.results.resampling import DRAWS, MINIMUM_THREADS, MOST_UNDEFINED, SEED, resampled
from resilens.results.tables import count, counted

__all__ = ["DRAWS", "MINIMUM_THREADS", "SEED", "Interval", "interval", "resample"]


@dataclass(frozen=True, slots=True)
class Interval:
    """The ends of an interval and the share of draws below each line asked for, or the reason why there is none."""

    low: float = 0.0
    high: float = 0.0
    below: tuple[tuple[float, float], ...] = ()
    refused: str = ""


def interval(
    recipe: Recipe, patterns: Patterns, *, draws: int = DRAWS, seed: int = SEED, confidence: float = 0.95,
    lines: Sequence[float] = (),
) -> Interval:  # fmt: skip
    """The percentile interval of a coefficient over threads, or over units where they were given none.

    Parameters
    ----------
    recipe, patterns
        The coefficient, and the units it is computed on.
    draws, seed
        How many, and the seed of numpy's generator.
    confidence
        The nominal coverage, in (0, 1).
    lines
        Values for which to say the share of draws below.

    Returns
    -------
    Interval
        Refused under 20 threads, where the coefficient does not exist in more than 5 % of the draws, and where it is
        the same in all of them (coders agreed on everything, say), since they then cannot show how unsure it is. Nor
        can they where coders never agreed but on one value and the coefficient is at most 0 in every draw: no draw
        holds an agreement that might have been.
    """
    one = "unit" if patterns.membership is None else "thread"
    what = f"{one}s"
    if patterns.n_clusters < MINIMUM_THREADS:
        return Interval(refused=f"{counted(patterns.n_clusters, one)}, and an interval needs {MINIMUM_THREADS}")
    drawn = resample(recipe, patterns, draws, seed)
    there = drawn[np.isfinite(drawn)]
    if len(there) < (1 - MOST_UNDEFINED) * draws:
        share = f"{1 - len(there) / draws:.0%}"
        return Interval(refused=f"in {share} of {count(draws)} draws of {what} the coefficient does not exist")
    low, high = np.quantile(there, [(1 - confidence) / 2, (1 + confidence) / 2])
    if high - low < 1e-12:
        return Interval(refused=f"it is the same in all draws of {what}, which cannot show how unsure it is")
    if len(patterns.values) > 1 and patterns.n_agreed < 2 and there.max() < 1e-9:
        never = "on more than one value" if patterns.n_agreed else "on anything"
        return Interval(refused=f"coders never agreed {never}, so draws of {what} cannot show how unsure it is")
    return Interval(float(low), float(high), tuple((line, float(np.mean(there < line))) for line in lines))


def resample(recipe: Recipe, patterns: Patterns, draws: int = DRAWS, seed: int = SEED) -> Numbers:
    """The coefficient in each draw, NaN where it does not exist in it; shape (draws,)."""
    if patterns.membership is None:
        return resampled(recipe.sums, recipe.value, draws, seed, patterns.units)
    return resampled(patterns.by_cluster(recipe.sums), recipe.value, draws, seed)
