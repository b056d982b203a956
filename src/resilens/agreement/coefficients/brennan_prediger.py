"""How far do coders agree beyond what blind choice among the categories would give? Brennan and Prediger's kappa.

(p_a - 1/q) / (1 - 1/q), q the number of categories, p_a as in `percent`. For two coders it is Bennett, Alpert and
Goldstein's S; for more, Randolph's free-marginal kappa.

Source: Brennan and Prediger 1981, *Coefficient Kappa: Some Uses, Misuses, and Alternatives*, Educational and
Psychological Measurement 41(3), 687-699; with gaps: Gwet 2014, *Handbook of Inter-Rater Reliability*, 4th ed., ch. 2.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np

from resilens.agreement.assessing import How, result_of
from resilens.agreement.coefficients.percent import observed
from resilens.agreement.coefficients.recipes import Cooked, Recipe, beyond_chance, ratio, refusal
from resilens.agreement.patterns import Numbers, Patterns
from resilens.agreement.reading import Table
from resilens.results.types import Result


def brennan_prediger_kappa(table: Table, **how: Unpack[How]) -> Result:
    """Brennan and Prediger's kappa for two coders or more, with gaps.

    Parameters
    ----------
    table
        Judgements, long, wide or an array units x coders; see `Reading`. The number of categories q is that of the
        values used, unless `values` declares more; it decides the coefficient.
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
    """The sums of p_a; chance is 1 / q."""
    if undefined := refusal(patterns):
        return undefined
    chance = np.array(1 / len(patterns.values))

    def value(sum_: Numbers) -> Numbers:
        return beyond_chance(ratio(sum_[:, 0], sum_[:, 1]), chance)

    return Recipe(observed(patterns), value, patterns.pairable)
