"""How far do coders agree beyond chance where a near miss counts for something? Gwet's AC2.

AC2: (p_a - p_e) / (1 - p_e), p_e = T/(q (q - 1)) sum of π_k (1 - π_k), T the sum of all weights, q values, p_a weighted
as in `percent`, π as in `fleiss`. With weights 1 and 0 it is AC1.

Source: Gwet 2014, *Handbook of Inter-Rater Reliability*, 4th ed., ch. 4 (and the R package irrCAC, with gaps).
"""

from __future__ import annotations

from typing import Unpack

from resilens.agreement.assessing import How, result_of
from resilens.agreement.coefficients.distances import weights as weight_matrix
from resilens.agreement.coefficients.fleiss import agreement_and_shares, observed_and_shares
from resilens.agreement.coefficients.recipes import Cooked, Recipe, beyond_chance, refusal
from resilens.agreement.patterns import Numbers, Patterns
from resilens.agreement.reading import Table
from resilens.results.types import Result

OF_LEVEL = {"nominal": "identity", "ordinal": "ordinal", "interval": "quadratic", "ratio": "quadratic"}
"""The weights that go with a level of measurement."""


def gwet_ac2(table: Table, weights: str = "ordinal", **how: Unpack[How]) -> Result:
    """Gwet's AC2 for two coders or more, with gaps.

    Parameters
    ----------
    table
        Judgements, long, wide or an array units x coders; see `Reading`.
    weights
        linear, quadratic, ordinal or identity; see `distances.weights`.
    **how
        See `How`.

    Returns
    -------
    Estimate, Description or Undefined
        Undefined without variation, with one coder, or where no unit has two judgements.

    Raises
    ------
    InputError
        If the table or the weights are at fault.
    """
    return result_of(table, lambda patterns: recipe(patterns, weights), how)


def recipe(patterns: Patterns, weights: str = "ordinal") -> Cooked:
    """The sums of the weighted p_a and of the values' shares."""
    if undefined := refusal(patterns):
        return undefined
    weight = weight_matrix(weights, patterns.values, patterns.ordered)
    categories = len(patterns.values)
    chance = weight.sum() / (categories * (categories - 1))

    def value(sum_: Numbers) -> Numbers:
        agreed, share = agreement_and_shares(sum_)
        return beyond_chance(agreed, chance * (share * (1 - share)).sum(axis=-1))

    return Recipe(observed_and_shares(patterns, weight), value, patterns.pairable)
