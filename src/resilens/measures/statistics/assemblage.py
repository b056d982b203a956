"""From what would a sample of kinds have been drawn, those it missed included? For a bootstrap that can show new kinds.

Drawing again from the sample itself never shows a kind it missed, so that intervals of the number of kinds miss the
truth: on eight kinds of unequal frequency nominal 95 % covered 69 to 76 %, drawing from the estimated assemblage 89 to
91 % (samples of 30 to 150; the test prints it again).

Source: Chao et al. 2014, *Ecological Monographs* 84, 45-67, appendix G.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from resilens.measures.statistics.coverage import abundances, rare


def assemblage(counts: ArrayLike) -> NDArray[np.float64]:
    """The estimated shares of all kinds.

    A kind seen x times of n has x / n (1 - w (1 - x / n)^n), w such that the seen kinds together have the sample's
    coverage; what is left is spread evenly over as many unseen kinds as Chao1 expects, rounded up.

    Parameters
    ----------
    counts
        Shape (kinds,): how often each kind was seen, whole numbers.

    Returns
    -------
    ndarray, shape (kinds seen + kinds unseen,)
        Shares that add up to 1; the unseen kinds stand at the end.

    Raises
    ------
    ValueError
        If the counts are refused (`coverage.abundances`).
    """
    found = abundances(counts)
    few = rare(found)
    missed = few.once**2 / (2 * few.twice) if few.twice else few.once * (few.once - 1) / 2
    unseen = math.ceil((few.n - 1) / few.n * missed - 1e-9)
    shares = found / few.n
    left = few.once / few.n * (1 - few.p)
    if not unseen or left <= 0:
        return np.asarray(shares)
    lost = shares * (1 - shares) ** few.n
    seen = shares - left * lost / lost.sum()
    return np.concatenate([seen, np.full(unseen, left / unseen)])
