"""By how much do two values differ, where each has an interval of its own?

The ends of the difference d = x - y combine the distances from each value to the end of its interval:
d - sqrt((x - lx)² + (uy - y)²) and d + sqrt((ux - x)² + (y - ly)²). A share of 0 brings the interval of a share of 0,
so that a handful of cases against none is not taken for certain. The two are treated as independent; where the same
threads hold both and make them alike, the interval is too wide rather than too narrow.

Newcombe 1998, *Statistics in Medicine* 17, 873-890; Zou and Donner 2008, *Statistics in Medicine* 27, 1693-1702.
"""

from __future__ import annotations

import math

from resilens.results.types import Description, Estimate, Result, Undefined


def apart(one: Result, other: Result, n_threads: int, unit: str = "share") -> Result:
    """One value minus the other.

    Parameters
    ----------
    one, other
        The two, of one level and basis.
    n_threads
        In how many threads both together lie.
    unit
        Of a difference without an interval.

    Returns
    -------
    Estimate, Description or Undefined
        Description where one of them has no interval; Undefined where one has no value, with its reason.
    """
    for side in (one, other):
        if isinstance(side, Undefined):
            return side
    assert not isinstance(one, Undefined)
    assert not isinstance(other, Undefined)
    value = one.value - other.value
    if isinstance(one, Estimate) and isinstance(other, Estimate):
        low = value - math.hypot(one.value - one.low, other.high - other.value)
        high = value + math.hypot(one.high - one.value, other.value - other.low)
        n = one.n_items + other.n_items
        return Estimate(value, low, high, one.level, n, n_threads, one.basis, one.frame,
                        f"{one.design}; ends of both intervals combined", one.seed)  # fmt: skip
    n = sum(side.n_items if isinstance(side, Estimate) else side.n for side in (one, other))
    lacking = one if isinstance(one, Description) else other
    return Description(value, n, lacking.frame, unit)
