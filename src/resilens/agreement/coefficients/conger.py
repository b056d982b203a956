"""How far do several coders, each with habits of their own, agree beyond chance? Conger's kappa.

(p_a - p_e) / (1 - p_e), p_e the chance agreement of two different coders drawn at random, each with the shares p_gk of
the values among the units that coder coded:

    p_e = 1/(m (m - 1))  sum over values k of  (sum over coders g of p_gk)² - sum over g of p_gk²

p_a as in `percent`. For two coders without gaps it is Cohen's kappa.

Source: Conger 1980, *Integration and generalization of kappas for multiple raters*, Psychological Bulletin 88(2),
322-328; with gaps: Gwet 2014, *Handbook of Inter-Rater Reliability*, 4th ed., ch. 2.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np
from scipy import sparse

from resilens.agreement.assessing import How, result_of
from resilens.agreement.coefficients.percent import observed
from resilens.agreement.coefficients.recipes import Cooked, Recipe, beyond_chance, columns, ratio, refusal
from resilens.agreement.patterns import Numbers, Patterns
from resilens.agreement.reading import Table
from resilens.results.types import Result


def conger_kappa(table: Table, **how: Unpack[How]) -> Result:
    """Conger's kappa for two coders or more, the same ones throughout, with gaps.

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
    """The sums of p_a, and how often each coder gave each value."""
    if undefined := refusal(patterns):
        return undefined
    m, size = len(patterns.coders), len(patterns.values)
    place = patterns.coder * size + patterns.value
    given = columns(len(patterns.units), (patterns.pattern, place), np.ones(len(place)), m * size)

    def value(sum_: Numbers) -> Numbers:
        of_coder = sum_[:, 2:].reshape(-1, m, size)
        judged = of_coder.sum(axis=2, keepdims=True)
        share = of_coder / np.maximum(judged, 1)
        present = (judged[:, :, 0] > 0).sum(axis=1)  # a draw may hold no unit of some coder
        together = np.square(share.sum(axis=1)).sum(axis=1) - np.square(share).sum(axis=(1, 2))
        return beyond_chance(ratio(sum_[:, 0], sum_[:, 1]), ratio(together, present * (present - 1.0)))

    sums = sparse.hstack([sparse.csr_array(observed(patterns)), given], format="csr")
    return Recipe(sums, value, patterns.pairable)
