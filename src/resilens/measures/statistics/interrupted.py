"""Did a daily series shift or turn at a date, by more than its own wandering? Interrupted time series.

Segmented regression y = a + b t + c after + d t after, t in days from the date: c is the jump on the date, d the change
of slope. Errors are Newey and West's, which days that resemble their neighbours do not make too small. The same is
computed for placebo dates on which nothing is known to have happened; a jump that placebos reach as well says nothing.
It is a model: whatever else happened on that date is in the jump too.

Sources: Wagner et al. 2002, *Journal of Clinical Pharmacy and Therapeutics* 27, 299-309; Newey and West 1987,
*Econometrica* 55, 703-708; their lag of 1994, *Review of Economic Studies* 61, 631-653.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Numbers = NDArray[np.float64]

EACH_SIDE = 14
"""Daily points needed before the date, and from it on."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What changed at a date.

    Parameters
    ----------
    jump, slope
        c and d: the jump on the date, and by how much a day the slope changed.
    jump_error, slope_error
        Their Newey-West standard errors, with n / (n - 4) for small samples.
    before, after, lag
        Days on each side, and the lag of the errors.
    """

    jump: float
    slope: float
    jump_error: float
    slope_error: float
    before: int
    after: int
    lag: int

    def interval(self, value: float, error: float, level: float = 0.95) -> tuple[float, float]:
        """value ± t error, t of n - 4 degrees of freedom."""
        reach = float(special.stdtrit(self.before + self.after - 4, (1 + level) / 2)) * error
        return value - reach, value + reach


def interrupted(values: ArrayLike, start: int, lag: int | None = None) -> Shift:
    """The jump and the change of slope at a date.

    Parameters
    ----------
    values
        Shape (n,): one value a day, without gaps.
    start
        The place of the first day that belongs to after.
    lag
        Of the Newey-West errors; floor(4 (n / 100)^(2/9)) unless given.

    Raises
    ------
    ValueError
        If there are fewer than `EACH_SIDE` days on a side, or a value is not finite.
    """
    series = np.asarray(values, dtype=np.float64)
    before, after = start, len(series) - start
    if min(before, after) < EACH_SIDE:
        raise ValueError(f"{before} days before and {after} from the date on; {EACH_SIDE} are needed on each side")
    if not np.isfinite(series).all():
        raise ValueError("a day has no value")
    days = np.arange(len(series)) - float(start)
    later = (days >= 0).astype(np.float64)
    design = np.column_stack([np.ones(len(series)), days, later, days * later])
    reach = int(4 * (len(series) / 100) ** (2 / 9)) if lag is None else lag
    inverse = np.linalg.inv(design.T @ design)
    found = inverse @ design.T @ series
    scores = design * (series - design @ found)[:, None]
    middle = scores.T @ scores
    for behind in range(1, reach + 1):
        crossed = scores[behind:].T @ scores[:-behind]
        middle += (1 - behind / (reach + 1)) * (crossed + crossed.T)
    spread = inverse @ middle @ inverse * len(series) / (len(series) - 4)
    errors = np.sqrt(np.maximum(np.diag(spread), 0.0))
    return Shift(float(found[2]), float(found[3]), float(errors[2]), float(errors[3]), before, after, reach)


def placebos(values: ArrayLike, dates: Iterable[int], before: int, after: int) -> dict[int, Shift]:
    """The same at dates on which nothing is known to have happened, with as many days on each side.

    Parameters
    ----------
    values
        Shape (n,).
    dates
        Places of placebo dates; those without enough days around them are passed over.
    before, after
        Days on each side, those of the date itself that is judged.

    Returns
    -------
    dict
        From the place of each placebo date to its shift. Their stretches overlap, so they are not independent.
    """
    series = np.asarray(values, dtype=np.float64)
    return {place: interrupted(series[place - before : place + after], before)
            for place in dates if before <= place <= len(series) - after}  # fmt: skip
