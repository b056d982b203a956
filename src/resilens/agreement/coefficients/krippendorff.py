"""How far do coders agree beyond chance, at any level of measurement, with any number of coders and gaps?

Krippendorff's alpha: 1 - D_o / D_e. With n_u the judgements of unit u (units with fewer than two are left out), n all
judgements of the others, n_c how many of them are the value c, and δ² the distance of the level (`distances`):

    D_o = 1/n  sum over units u, over ordered pairs of judgements in u, of  δ²(c, k) / (n_u - 1)
    D_e = 1/(n (n - 1))  sum over values c, k of  n_c n_k δ²(c, k)

Source: Krippendorff 2011, *Computing Krippendorff's Alpha-Reliability* (examples A to E); Krippendorff 2004, *Content
Analysis*, 2nd ed., ch. 11, pp. 211-256; Hayes and Krippendorff 2007, *Answering the Call for a Standard Reliability
Measure for Coding Data*, Communication Methods and Measures 1(1), 77-89.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np
from scipy import sparse

from resilens.agreement.assessing import How, result_of
from resilens.agreement.coefficients.distances import (
    LEVELS,
    check_name,
    check_order,
    matrix,
    middle_ranks,
    scores,
    spread,
)
from resilens.agreement.coefficients.recipes import Cooked, Recipe, columns, ratio, refusal
from resilens.agreement.patterns import Numbers, Pairs, Patterns
from resilens.agreement.reading import Table
from resilens.results.types import Result


def krippendorff_alpha(table: Table, level: str = "nominal", **how: Unpack[How]) -> Result:
    """Krippendorff's alpha: 1 - observed / expected disagreement.

    Parameters
    ----------
    table
        Judgements, long, wide or an array units x coders; see `Reading`.
    level
        nominal, ordinal, interval, ratio, or for sets of codes masi or jaccard; see `distances`.
    **how
        See `How`.

    Returns
    -------
    Estimate, Description or Undefined
        See `How` on intervals. 1: coders agree on everything; 0: as if by chance; below 0: less than that.
        Undefined without variation, with one coder, or where no unit has two judgements.

    Raises
    ------
    InputError
        If the table or the level is at fault.
    """
    return result_of(table, lambda patterns: recipe(patterns, level), how)


def recipe(patterns: Patterns, level: str = "nominal") -> Cooked:
    """Alpha's sums: disagreement within each unit, and the totals of each value over pairable units."""
    check_name(level, LEVELS, "level")
    if undefined := refusal(patterns):
        return undefined
    if level == "ordinal":
        check_order(patterns.values, patterns.ordered)
        return _ordinal(patterns)
    return _fixed(patterns, level)


def _within(patterns: Patterns, pairs: Pairs) -> Numbers:
    """What each pair counts: how often it stands in its unit over n_u - 1."""
    return np.asarray(pairs.number / (patterns.judgements[pairs.pattern] - 1))


def _totals(patterns: Patterns) -> sparse.csr_array:
    """How many judgements each value has in a pairable unit, shape (k, V)."""
    pattern, value, number = patterns.cells
    return columns(len(patterns.units), (pattern, value), number * patterns.pairable[pattern], len(patterns.values))


def _alpha(within: Numbers, between: Numbers, totals: Numbers) -> Numbers:
    """1 - D_o / D_e, from the two sums of δ² and the totals."""
    return np.asarray(1 - (totals.sum(axis=-1) - 1) * ratio(within, between))


def _fixed(patterns: Patterns, level: str) -> Recipe:
    """The levels whose distance does not depend on the totals: one sum of disagreement within units."""
    pairs = patterns.pairs
    if level == "nominal":
        apart = (pairs.first != pairs.second).astype(np.float64)
    elif level == "interval":
        number = scores(patterns.values, level)
        number -= number.mean()  # differences only count, and large numbers would lose digits
        apart = np.square(number[pairs.first] - number[pairs.second])
    else:
        distance = matrix(level, patterns.values)
        apart = distance[pairs.first, pairs.second]

    def between(totals: Numbers) -> Numbers:
        if level == "nominal":
            return np.asarray(np.square(totals.sum(axis=-1)) - np.square(totals).sum(axis=-1))
        if level == "interval":
            return spread(number, totals)
        return np.asarray(((totals @ distance) * totals).sum(axis=-1))

    within = np.bincount(pairs.pattern, weights=_within(patterns, pairs) * apart, minlength=len(patterns.units))
    sums = sparse.hstack([sparse.csr_array(within[:, None]), _totals(patterns)], format="csr")
    return Recipe(sums, lambda sum_: _alpha(sum_[:, 0], between(sum_[:, 1:]), sum_[:, 1:]), patterns.pairable)


def _ordinal(patterns: Patterns) -> Recipe:
    """The ordinal distance depends on the totals, which differ from draw to draw: keep each pair of values apart."""
    pairs, size = patterns.pairs, len(patterns.values)
    upper = pairs.first < pairs.second
    kinds, kind = np.unique(pairs.first[upper] * size + pairs.second[upper], return_inverse=True)
    first, second = kinds // size, kinds % size
    entries = 2 * _within(patterns, pairs)[upper]  # each pair stands there twice, once each way
    apart = columns(len(patterns.units), (pairs.pattern[upper], kind), entries, len(kinds))

    def value(sum_: Numbers) -> Numbers:
        totals = sum_[:, :size]
        rank = middle_ranks(totals)
        within = (sum_[:, size:] * np.square(rank[:, first] - rank[:, second])).sum(axis=-1)
        return _alpha(within, spread(rank, totals), totals)

    return Recipe(sparse.hstack([_totals(patterns), apart], format="csr"), value, patterns.pairable)
