"""Do ties cross groups more than they would if labels fell at random? The E-I index and its permutation null."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

BLOCK = 4_000_000
"""How many labels are permuted at once."""


@dataclass(frozen=True, slots=True)
class Permuted:
    """A statistic against its null.

    Parameters
    ----------
    observed
        With the labels as they are.
    null
        Shape (draws,): with labels permuted.
    p
        The share of all, the observed one counted among the draws, at least as far from the mean of the null as the
        observed: two-sided, never 0.
    """

    observed: float
    null: Numbers
    p: float


def ei_index(external: float, internal: float) -> float:
    """E-I = (external - internal) / (external + internal): -1 all ties inside groups, 1 all across.

    Raises
    ------
    ValueError
        If there are no ties, or a number is negative.

    References
    ----------
    Krackhardt and Stern 1988, *Social Psychology Quarterly* 51, 123-140.
    """
    if external < 0 or internal < 0 or external + internal <= 0:
        raise ValueError("E-I needs at least one tie")
    return (external - internal) / (external + internal)


def permuted_labels(labels: ArrayLike, strata: ArrayLike, draws: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Labels permuted within strata, in blocks of shape (some draws, n); together `draws` rows.

    Parameters
    ----------
    labels, strata
        Shape (n,), whole numbers: what is permuted, and among whom. A stratum of one keeps its label.
    draws, seed
        How many, and the seed of numpy's generator.
    """
    given, within = np.asarray(labels, dtype=np.int64), np.asarray(strata, dtype=np.int64)
    if given.ndim != 1 or given.shape != within.shape:
        raise ValueError("each label needs its stratum")
    _, within = np.unique(within, return_inverse=True)
    generator, places = np.random.default_rng(seed), np.argsort(within, kind="stable")
    at_once = max(1, BLOCK // max(1, len(given)))
    for start in range(0, draws, at_once):
        rows = min(at_once, draws - start)
        order = np.argsort(within + generator.random((rows, len(given))), axis=1)
        block = np.empty((rows, len(given)), dtype=np.int64)
        block[:, places] = given[order]
        yield block


def ei_permutation(
    sources: ArrayLike, targets: ArrayLike, labels: ArrayLike, strata: ArrayLike, draws: int = 999, seed: int = 1
) -> Permuted:
    """E-I of ties, against labels permuted within strata.

    Parameters
    ----------
    sources, targets
        Shape (ties,), places in `labels`: who ties to whom.
    labels, strata
        Shape (n,), whole numbers: the group of each, and among whom groups may be exchanged (thread and week, say).
    draws, seed
        As for `permuted_labels`.

    Raises
    ------
    ValueError
        If there are no ties, or the shapes do not fit.
    """
    one, other = np.asarray(sources, dtype=np.int64), np.asarray(targets, dtype=np.int64)
    if one.shape != other.shape or not len(one):
        raise ValueError("E-I needs at least one tie, each from one to another")
    own = np.asarray(labels, dtype=np.int64)
    observed = 2 * float(np.mean(own[one] != own[other])) - 1
    null = np.concatenate([
        2 * np.mean(block[:, one] != block[:, other], axis=1) - 1
        for block in permuted_labels(own, strata, draws, seed)
    ])  # fmt: skip
    return Permuted(observed, null, two_sided(observed, null))


def two_sided(observed: float, null: Numbers) -> float:
    """(1 + draws at least as far from the mean of the null as the observed) / (1 + draws).

    References
    ----------
    Phipson and Smyth 2010, *Statistical Applications in Genetics and Molecular Biology* 9, article 39.
    """
    far = np.abs(null - null.mean()) >= abs(observed - null.mean()) - 1e-12
    return float((1 + far.sum()) / (1 + len(null)))
