"""Krippendorff's first alpha for unitizing, alpha_U of 1995 and 2004: for comparison with older papers.

It compares lengths and places of whole units, squared, where the family of 2016 (`unitizing`) compares
characters; its author replaced it, since it misbehaves with more than two coders. For m coders of one continuum of
length L, code by code:

    D_o = 2 / (m (m - 1) L²) * sum over pairs of coders of d²
    d²  = difference of starts, squared, plus difference of ends, squared, for two units that overlap;
          the length of a unit, squared, that lies wholly in the other's gap; else 0
    D_e = 2 / L * sum over units u of [ (N - 1) (2 l³ - 3 l² + l) / 3 + l² sum over gaps g >= l of (g - l + 1) ]
          / ( m L (m L - 1) - sum over units of l (l - 1) )
    alpha_U = 1 - sum of D_o / sum of D_e

N is the number of units, l the length of u. Krippendorff 1995, *On the reliability of unitizing contiguous data*,
Sociological Methodology 25, 47-76; Krippendorff 2004, *Content Analysis*, 2nd ed., pp. 251-256 (example: p. 254).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import TypeAlias

from resilens.results.types import Description, Result, Undefined

Units: TypeAlias = Sequence[tuple[int, int]]
"""One coder's spans with one code, half-open, not overlapping."""


def alpha_u_2004(coders: Sequence[Sequence[tuple[int, int, str]]], length: int, code: str = "") -> Result:
    """alpha_U of one continuum.

    Parameters
    ----------
    coders
        For each coder the spans (start, end, code), half-open, those of one code not overlapping.
    length
        The length of the continuum, which begins at 0.
    code
        Only of this code; empty: of all.

    Returns
    -------
    Description or Undefined
        The value; no interval was ever published for it. Undefined with fewer than two coders or without any span.

    Raises
    ------
    ValueError
        If spans of one coder and code overlap or lie outside the continuum.
    """
    codes = sorted({span[2] for spans in coders for span in spans if not code or span[2] == code})
    if len(coders) < 2 or not codes:
        return Undefined("alpha_U needs two coders and a span")
    parts = [_disagreement([_units(spans, length, one) for spans in coders], length) for one in codes]
    observed, expected = (sum(part[which] for part in parts) for which in (0, 1))
    if not expected:
        return Undefined("no disagreement could be expected by chance: every span covers the whole text")
    n = sum(span[2] in codes for spans in coders for span in spans)
    return Description(1 - observed / expected, n, "the spans of one text", "alpha")


def _units(spans: Sequence[tuple[int, int, str]], length: int, code: str) -> Units:
    units = sorted((start, end) for start, end, of in spans if of == code)
    bounds = [0, *(bound for unit in units for bound in unit), length]
    if bounds != sorted(bounds):
        raise ValueError(f"spans with {code!r} overlap or lie outside the {length} characters: {units}")
    return units


def _disagreement(coders: Sequence[Units], length: int) -> tuple[float, float]:
    """D_o and D_e of one code."""
    m, all_units = len(coders), [unit for units in coders for unit in units]
    observed = sum(_difference(one, other) for one, other in combinations(coders, 2))
    gaps = [gap for units in coders for gap in _gaps(units, length)]
    expected = 0.0
    for start, end in all_units:
        size = end - start
        room = sum(gap - size + 1 for gap in gaps if gap >= size)
        expected += (len(all_units) - 1) * (2 * size**3 - 3 * size**2 + size) / 3 + size**2 * room
    free = m * length * (m * length - 1) - sum((end - start) * (end - start - 1) for start, end in all_units)
    return 2 * observed / (m * (m - 1) * length**2), (2 / length * expected / free if free else 0.0)


def _gaps(units: Units, length: int) -> list[int]:
    bounds = [(0, 0), *units, (length, length)]
    return [later[0] - earlier[1] for earlier, later in pairwise(bounds) if later[0] > earlier[1]]


def _difference(one: Units, other: Units) -> int:
    """d² of all pairs of two coders' units and gaps."""
    total = 0
    for mine, theirs in ((one, other), (other, one)):
        for start, end in mine:
            meets = [unit for unit in theirs if unit[0] < end and start < unit[1]]
            if not meets:
                total += (end - start) ** 2
            elif mine is one:
                total += sum((start - unit[0]) ** 2 + (end - unit[1]) ** 2 for unit in meets)
    return total
