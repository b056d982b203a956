"""By how much do two shares differ, compared within many strata of few cases each?

The Mantel-Haenszel risk difference weighs a stratum by what it can compare. Its variance is Sato's, right both where
strata are few and large and where they are many and sparse; the interval inverts it, so that the variance is that of
the difference supposed, not of the one found, and neither zeros nor single cases make it vanish.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special


def risk_difference(
    y1: ArrayLike, n1: ArrayLike, y0: ArrayLike, n0: ArrayLike, level: float = 0.95, freedom: float = math.inf
) -> tuple[float, float, float]:
    """The Mantel-Haenszel difference of two shares over strata, and the ends of its interval.

    With D = sum n1 n0 / n, d = sum (y1 n0 - y0 n1) / n / D, and Sato's variance (d P + Q) / D^2,

        P = sum (n1^2 y0 - n0^2 y1 + n1 n0 (n0 - n1) / 2) / n^2,
        Q = sum (y1 (n0 - y0) + y0 (n1 - y1)) / (2 n),

    the ends solve (d - x)^2 = z^2 (x P + Q) / D^2 for x, z the quantile of the normal distribution or of t.

    Parameters
    ----------
    y1, n1, y0, n0
        Shape (strata,): cases that have it and all cases, of one kind and of the other; they need not be whole. Every
        stratum holds a case.
    level
        Nominal coverage.
    freedom
        Degrees of freedom of t; cases that stand for effective numbers of a few have few.

    Returns
    -------
    (float, float, float)
        The difference and the ends, in [-1, 1].

    Raises
    ------
    ValueError
        If no stratum holds both kinds.

    References
    ----------
    Sato 1989, *Biometrics* 45, 1323-1324; Klingenberg 2014, *Statistics in Medicine* 33, 2968-2983.
    """
    y1, n1, y0, n0 = (np.asarray(one, dtype=np.float64) for one in (y1, n1, y0, n0))
    n = n1 + n0
    size = float((n1 * n0 / n).sum())
    if size <= 0:
        raise ValueError("a difference within strata needs a stratum with both kinds")
    found = float(((y1 * n0 - y0 * n1) / n).sum()) / size
    slope = float(((n1**2 * y0 - n0**2 * y1 + n1 * n0 * (n0 - n1) / 2) / n**2).sum()) / size**2
    least = float(((y1 * (n0 - y0) + y0 * (n1 - y1)) / (2 * n)).sum()) / size**2
    z2 = float(special.stdtrit(freedom, 0.5 + level / 2)) ** 2
    middle = found + z2 * slope / 2
    half = math.sqrt(max(0.0, middle**2 - found**2 + z2 * least))
    return found, max(-1.0, min(found, middle - half)), min(1.0, max(found, middle + half))
