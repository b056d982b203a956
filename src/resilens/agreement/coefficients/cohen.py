"""How far do two coders, each with habits of their own, agree beyond chance? Cohen's kappa.

Over the units both coded: (p_o - p_e) / (1 - p_e), p_e = sum over k, l of w_kl p_k. p_.l, p_k. and p_.l the two coders'
shares, w_kl 1 where k = l and else 0, or weights for near misses.

Source: Cohen 1960, *A Coefficient of Agreement for Nominal Scales*, Educational and Psychological Measurement 20(1),
37-46; weighted: Cohen 1968, *Weighted kappa*, Psychological Bulletin 70(4), 213-220.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np

from resilens.agreement.assessing import How, result_of
from resilens.agreement.coefficients.distances import weights as weight_matrix
from resilens.agreement.coefficients.recipes import Cooked, Recipe, beyond_chance, refusal, two_coders_only
from resilens.agreement.patterns import Numbers, Patterns
from resilens.agreement.reading import Table
from resilens.results.types import Result


def cohen_kappa(table: Table, weights: str = "identity", **how: Unpack[How]) -> Result:
    """Cohen's kappa for two coders; units only one of them coded are left out.

    Parameters
    ----------
    table
        Judgements, long, wide or an array units x coders; see `Reading`. Of more coders choose two with `coders`.
    weights
        identity (every disagreement is as bad), linear, quadratic or ordinal; see `distances.weights`.
    **how
        See `How`.

    Returns
    -------
    Estimate, Description or Undefined
        Undefined without variation, unless there are two coders, or where they have no unit in common.

    Raises
    ------
    InputError
        If the table or the weights are at fault.
    """
    return result_of(table, lambda patterns: recipe(patterns, weights), how)


def recipe(patterns: Patterns, weights: str = "identity") -> Cooked:
    """The sums: weighted agreement, units, and both coders' values; shape (k, 2 + 2 V)."""
    undefined = two_coders_only(patterns, "Cohen's kappa", "Krippendorff's alpha or Conger's kappa")
    if undefined := undefined or refusal(patterns):
        return undefined
    weight = weight_matrix(weights, patterns.values, patterns.ordered)
    size, both = len(patterns.values), patterns.pairable
    first, second = patterns.by_coder(0), patterns.by_coder(1)
    sums = np.zeros((len(both), 2 + 2 * size))
    rows = np.flatnonzero(both)
    sums[rows, 0], sums[rows, 1] = weight[first[rows], second[rows]], 1.0
    sums[rows, 2 + first[rows]] = 1.0
    sums[rows, 2 + size + second[rows]] = 1.0

    def value(sum_: Numbers) -> Numbers:
        share = sum_ / np.maximum(sum_[:, 1:2], 1)
        expected = ((share[:, 2 : 2 + size] @ weight) * share[:, 2 + size :]).sum(axis=1)
        return np.where(sum_[:, 1] > 0, beyond_chance(share[:, 0], expected), np.nan)

    return Recipe(sums, value, both)
