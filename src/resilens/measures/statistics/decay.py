"""How does attention fall after its peak: exponentially, by a power law, or fast first and slowly later?

Counts are fitted by least squares on 2 sqrt(x + 3/8), where counts of any size scatter alike; overdispersion is the
scatter's own variance. Models are compared by AIC = n ln(RSS / n) + 2 (k + 1), k parameters and the variance; those
within 2 of the lowest are undecided. AIC takes days as independent, so days that resemble their neighbours make it too
sure.

Sources: Anscombe 1948, *Biometrika* 35, 246-254; Burnham and Anderson 2002, *Model Selection and Multimodel Inference*,
section 2.6; two rates as in Candia et al. 2019, *Nature Human Behaviour* 3, 82-91.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from resilens.measures.statistics.changepoints import stabilised

Numbers = NDArray[np.float64]
Model: TypeAlias = Literal["exponential", "power law", "biexponential"]

MINIMUM_DAYS = 14
"""Shorter series tell the models apart by chance."""

UNDECIDED = 2.0
LAST_DAYS = 28
LONGEST = 36_500.0

_SLOWEST, _FASTEST = np.log(1e-4), np.log(20.0)


@dataclass(frozen=True, slots=True)
class Decay:
    """One model fitted to a series.

    Parameters
    ----------
    model
        exponential a exp(-r t); power law a (t + 1)^-r; biexponential a exp(-r t) + b exp(-s t) with r >= s; t in days.
    parameters
        By these names.
    aic
        Lower is better; only differences mean anything.
    half_life
        Days until the fitted curve is half of what it is at t = 0; may lie far beyond the days observed. None where
        that is more than a hundred years: it does not fall.
    curve
        Shape (n,): the fitted counts.
    """

    model: Model
    parameters: Mapping[str, float]
    aic: float
    half_life: float | None
    curve: Numbers


def decays(counts: ArrayLike) -> tuple[Decay, ...]:
    """The three models fitted to daily counts from the peak on, lowest AIC first.

    Parameters
    ----------
    counts
        Shape (n,), 0 or more: the peak's day, then each day after it.

    Raises
    ------
    ValueError
        If there are fewer than `MINIMUM_DAYS` days, a count is negative, or all are 0.
    """
    given = np.asarray(counts, dtype=np.float64)
    if given.ndim != 1 or len(given) < MINIMUM_DAYS:
        raise ValueError(f"a fit of decay needs {MINIMUM_DAYS} days from the peak on, not {given.size}")
    if (given < 0).any() or not given.any():
        raise ValueError("daily counts are 0 or more, and not all 0")
    days, scale = np.arange(len(given), dtype=np.float64), max(float(given[:3].max()), 1.0)
    top = np.log(scale)
    single = [np.array([top, rate]) for rate in np.log([0.005, 0.05, 0.5])]
    exponential = _fitted("exponential", given, days, single)
    double = [np.array([top - np.log(2), np.log(r), top - np.log(2) - gap, np.log(s)])
              for r, s, gap in product((0.2, 1.0), (0.005, 0.05), (0.0, 3.0))]  # fmt: skip
    a, r = np.log(exponential.parameters["a"] / 2), np.log(exponential.parameters["r"])
    fits = (
        exponential,
        _fitted("power law", given, days, single),
        _fitted("biexponential", given, days, [*double, np.array([a, r, a, r])]),
    )
    return tuple(sorted(fits, key=lambda fit: fit.aic))


def contenders(fits: Sequence[Decay]) -> tuple[Decay, ...]:
    """The models whose AIC is less than 2 above the lowest; more than one: undecided."""
    lowest = min(fit.aic for fit in fits)
    return tuple(fit for fit in fits if fit.aic - lowest < UNDECIDED)


def remainder(counts: ArrayLike) -> float:
    """What is left at the end: the mean of the last 28 days over the peak.

    Parameters
    ----------
    counts
        Shape (n,): daily counts, in their order.

    Raises
    ------
    ValueError
        If nothing was counted, or fewer than 28 days follow the peak (they would hold it).
    """
    given = np.asarray(counts, dtype=np.float64)
    if not given.size or given.max() <= 0:
        raise ValueError("a remainder needs a peak")
    if len(given) - 1 - int(given.argmax()) < LAST_DAYS:
        raise ValueError(f"fewer than {LAST_DAYS} days follow the peak")
    return float(given[-LAST_DAYS:].mean() / given.max())


def _curve(model: Model, logs: Numbers, days: Numbers) -> Numbers:
    """The expected counts; `logs` are logarithms of the parameters, so that all of them stay positive."""
    values = np.exp(np.clip(logs, -40, 40))
    if model == "power law":
        return np.asarray(values[0] * (days + 1) ** -values[1])
    curve = values[0] * np.exp(-values[1] * days)
    return np.asarray(curve if model == "exponential" else curve + values[2] * np.exp(-values[3] * days))


def _fitted(model: Model, counts: Numbers, days: Numbers, starts: Sequence[Numbers]) -> Decay:
    wanted = stabilised(counts)

    def off(logs: Numbers) -> Numbers:
        return stabilised(_curve(model, logs, days)) - wanted

    low = np.tile([-20.0, _SLOWEST], len(starts[0]) // 2)
    high = np.tile([40.0, _FASTEST], len(starts[0]) // 2)
    found = [optimize.least_squares(off, np.clip(start, low + 1e-6, high - 1e-6), bounds=(low, high))
             for start in starts]  # fmt: skip
    best = min(found, key=lambda one: one.cost)
    n, residual = len(counts), max(2 * float(best.cost), 1e-9)
    logs = best.x if len(best.x) == 2 or best.x[1] >= best.x[3] else best.x[[2, 3, 0, 1]]
    names = "ar" if len(logs) == 2 else "arbs"
    return Decay(
        model, {name: float(np.exp(log)) for name, log in zip(names, logs, strict=True)},
        n * float(np.log(residual / n)) + 2 * (len(logs) + 1),
        _half(lambda day: float(_curve(model, logs, np.asarray(day)))), _curve(model, logs, days),
    )  # fmt: skip


def _half(curve: Callable[[float], float]) -> float | None:
    """When a falling curve is at half of its start."""
    if curve(LONGEST) > curve(0.0) / 2:
        return None
    return float(optimize.brentq(lambda day: curve(day) - curve(0.0) / 2, 0.0, LONGEST))
