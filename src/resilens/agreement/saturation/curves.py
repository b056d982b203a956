"""How does the number of codes grow, thread by thread: in the order of coding, and had the order been another one?

One order may bring the rich threads first by accident. So the curve in coding order stands beside the mean of random
orders with the band that the middle 95 % of them keep to. The band tells of orders, not of other samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resilens.agreement.saturation.incidence import Incidence

ORDERS, LEVEL = 500, 0.95
_AT_ONCE = 2_000_000


@dataclass(frozen=True, eq=False)
class Curve:
    """Codes found by the time so many threads were read; arrays of shape (threads,).

    Parameters
    ----------
    observed
        In the order of coding.
    mean, low, high
        Over random orders: the mean and the ends of the band that the middle `level` of them keep to.
    new
        Shape (orders, threads): in each random order, the codes first seen in each thread.
    level, seed
        The share of orders in the band, and the seed they were drawn with.
    """

    observed: NDArray[np.int64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    new: NDArray[np.int64]
    level: float
    seed: int

    @property
    def orders(self) -> int:
        return len(self.new)


def curve(incidence: Incidence, *, orders: int = ORDERS, seed: int = 0, level: float = LEVEL) -> Curve:
    """The growth of the list of codes over threads.

    In a random order, a code is first seen in that one of its threads which comes first: the least of their ranks.

    Parameters
    ----------
    incidence
        What was found where.
    orders
        How many random orders of the threads, at least 1.
    seed
        Of NumPy's default generator.
    level
        The share of orders inside the band.

    Returns
    -------
    Curve
        All curves end at the number of codes.
    """
    new = np.concatenate(list(_new_in_random_orders(incidence, orders, seed)))
    seen = np.cumsum(new, axis=1)
    tail = 100 * (1 - level) / 2
    low, high = np.percentile(seen, [tail, 100 - tail], axis=0) if len(incidence.threads) else (seen[0], seen[0])
    return Curve(np.cumsum(incidence.new), seen.mean(axis=0), low, high, new, level, seed)


def _new_in_random_orders(incidence: Incidence, orders: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Some orders at a time, so that memory stays small: shape (some, threads)."""
    generator, threads = np.random.default_rng(seed), len(incidence.threads)
    together = max(1, _AT_ONCE // max(1, threads, len(incidence.thread_of)))
    for done in range(0, orders, together):
        some = min(together, orders - done)
        if not incidence.codes:
            yield np.zeros((some, threads), dtype=np.int64)
            continue
        ranks = generator.permuted(np.tile(np.arange(threads), (some, 1)), axis=1)
        first = np.minimum.reduceat(ranks[:, incidence.thread_of], incidence.starts, axis=1)
        flat = first + threads * np.arange(some)[:, None]
        yield np.bincount(flat.ravel(), minlength=some * threads).reshape(some, threads).astype(np.int64)
