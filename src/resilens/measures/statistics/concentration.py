"""How unequally is something spread over threads or people? Gini, and the share that the largest hold.

Both take a table of sizes, so that ten million items are two short arrays: which sizes occur, and how often.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def gini(sizes: ArrayLike, times: ArrayLike | None = None) -> float:
    """The Gini coefficient: 0 where all are equal, near 1 where one has all.

    With n units of sizes x sorted upwards, G = sum((2 i - n - 1) x_i) / (n sum(x)), i from 1 to n: half the mean
    absolute difference between two units over the mean size. The largest value it can take is (n - 1) / n.

    Parameters
    ----------
    sizes
        Shape (k,), 0 or more.
    times
        Shape (k,): how many units have that size; one each unless given.

    Returns
    -------
    float
        In [0, 1).

    Raises
    ------
    ValueError
        If a size or number is negative, the shapes differ, or all sizes are nothing.

    References
    ----------
    Gini 1912, *Variabilità e mutabilità*; Sen 1973, *On Economic Inequality*, section 2.8.
    """
    values, numbers = _ascending(sizes, times)
    units, total = numbers.sum(), float(values @ numbers)
    last = np.cumsum(numbers)
    ranks = last - numbers + (numbers + 1) / 2
    return float(((2 * ranks - units - 1) * numbers * values).sum() / (units * total))


def top_share(sizes: ArrayLike, times: ArrayLike | None = None, top: float = 0.01) -> float:
    """The share of the total that the largest `top` of the units hold: 1 - L(1 - top), L the Lorenz curve.

    Where `top` is no whole number of units, a part of the next one counts (of 50 units, the largest 1 % are half of the
    largest), so that the share does not jump with the number of units.

    Parameters
    ----------
    sizes, times
        As for `gini`.
    top
        A share of the units, in (0, 1].

    Raises
    ------
    ValueError
        As `gini`; or if `top` is outside (0, 1].
    """
    if not 0 < top <= 1:
        raise ValueError(f"the top is a share of the units in (0, 1], not {top}")
    values, numbers = _ascending(sizes, times)
    values, numbers = values[::-1], numbers[::-1]
    before = np.cumsum(numbers) - numbers
    taken = np.clip(top * numbers.sum() - before, 0, numbers)
    return float(taken @ values / (numbers @ values))


def _ascending(sizes: ArrayLike, times: ArrayLike | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    values = np.asarray(sizes, dtype=np.float64)
    numbers = np.ones_like(values) if times is None else np.asarray(times, dtype=np.float64)
    if values.ndim != 1 or values.shape != numbers.shape:
        raise ValueError(f"sizes of shape {values.shape} and numbers of shape {numbers.shape} are not one list each")
    if (values < 0).any() or (numbers < 0).any():
        raise ValueError("sizes and how often they occur cannot be negative")
    if not values @ numbers > 0:
        raise ValueError("nothing to be spread: all sizes are 0")
    order = np.argsort(values, kind="stable")
    return values[order], numbers[order]
