"""On what share of a unit's pairs of judgements do coders agree? Percent agreement, chance and all.

For unit i with r_i judgements, r_ik of them the value k, over the n' units with two judgements or more:

    p_a = 1/n'  sum over i, k of  r_ik (r_ik - 1) / (r_i (r_i - 1))

With weights w_kl, r_ik (r*_ik - 1) takes the place of r_ik (r_ik - 1), r*_ik = sum over l of w_kl r_il.

Source: Fleiss 1971, *Measuring Nominal Scale Agreement among Many Raters*, Psychological Bulletin 76(5), 378-382; with
gaps: Gwet 2014, *Handbook of Inter-Rater Reliability*, 4th ed., ch. 2 and 3.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np

from resilens.agreement.assessing import How, result_of
from resilens.agreement.coefficients.recipes import Cooked, Recipe, ratio, refusal
from resilens.agreement.patterns import Numbers, Patterns
from resilens.agreement.reading import Table
from resilens.results.types import Result


def percent_agreement(table: Table, **how: Unpack[How]) -> Result:
    """The share of pairs of judgements that agree, averaged over units.

    Parameters
    ----------
    table
        Judgements, long, wide or an array units x coders; see `Reading`.
    **how
        See `How`.

    Returns
    -------
    Estimate, Description or Undefined
        Between 0 and 1. Defined without variation, too, when it is 1 and says nothing.

    Raises
    ------
    InputError
        If the table is at fault.
    """
    return result_of(table, recipe, how)


def recipe(patterns: Patterns) -> Cooked:
    """Two sums: agreement within units, and the units that have any."""
    if undefined := refusal(patterns, corrected=False):
        return undefined
    return Recipe(observed(patterns), lambda sum_: ratio(sum_[:, 0], sum_[:, 1]), patterns.pairable)


def observed(patterns: Patterns, weights: Numbers | None = None) -> Numbers:
    """The two sums of p_a, shape (k, 2): a unit's agreement, and 1 where it has two judgements or more."""
    pairs = patterns.pairs
    weights = np.eye(len(patterns.values)) if weights is None else weights
    alike = weights[pairs.first, pairs.second]
    within = np.bincount(pairs.pattern, weights=pairs.number * alike, minlength=len(patterns.units))
    ordered_pairs = patterns.judgements * (patterns.judgements - 1)
    return np.column_stack([within / np.where(patterns.pairable, ordered_pairs, 1.0), patterns.pairable])
