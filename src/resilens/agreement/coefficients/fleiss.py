"""How far do interchangeable coders agree beyond what chance gives with the values' overall shares?

Fleiss's kappa: (p_a - p_e) / (1 - p_e), p_e = sum of π_k², π_k = 1/n sum over units of r_ik / r_i, n the units that
anybody coded; p_a as in `percent`.

Source: Fleiss 1971, *Measuring Nominal Scale Agreement among Many Raters*, Psychological Bulletin 76(5), 378-382; with
gaps: Gwet 2014, *Handbook of Inter-Rater Reliability*, 4th ed., ch. 2.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np

from resilens.agreement.assessing import How, result_of
from resilens.agreement.coefficients.percent import observed
from resilens.agreement.coefficients.recipes import Cooked, Recipe, beyond_chance, ratio, refusal, shares
from resilens.agreement.patterns import Numbers, Patterns
from resilens.agreement.reading import Table
from resilens.results.types import Result


def fleiss_kappa(table: Table, **how: Unpack[How]) -> Result:
    """Fleiss's kappa for two coders or more, with gaps.

    Parameters
    ----------
    table
        Judgements, long, wide or an array units x coders; see `Reading`.
    **how
        See `How`.

    Returns
    -------
    Estimate, Description or Undefined
        Undefined without variation, with one coder, or where no unit has two judgements.

    Raises
    ------
    InputError
        If the table is at fault.
    """
    return result_of(table, recipe, how)


def recipe(patterns: Patterns) -> Cooked:
    """The sums of p_a and of the values' shares."""
    if undefined := refusal(patterns):
        return undefined

    def value(sum_: Numbers) -> Numbers:
        agreed, share = agreement_and_shares(sum_)
        return beyond_chance(agreed, np.square(share).sum(axis=-1))

    return Recipe(observed_and_shares(patterns), value, patterns.pairable)


def observed_and_shares(patterns: Patterns, weights: Numbers | None = None) -> Numbers:
    """The sums of p_a and of π: agreement, pairable units, coded units, shares of each value; shape (k, 3 + V)."""
    return np.column_stack([observed(patterns, weights), patterns.judgements > 0, shares(patterns)])


def agreement_and_shares(sums: Numbers) -> tuple[Numbers, Numbers]:
    """p_a and π from the totals of `observed_and_shares`."""
    return ratio(sums[:, 0], sums[:, 1]), sums[:, 3:] / np.maximum(sums[:, 2:3], 1)
