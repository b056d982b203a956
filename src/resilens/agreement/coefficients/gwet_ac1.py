"""How far do coders agree beyond chance, if chance only enters where a unit is hard? Gwet's AC1.

AC1: (p_a - p_e) / (1 - p_e), p_e = 1/(q - 1) sum of π_k (1 - π_k), q values, p_a and π as in `fleiss`. It stays near
percent agreement where one value is rare and kappa and alpha fall.

Source: Gwet 2008, *Computing inter-rater reliability and its variance in the presence of high agreement*, British
Journal of Mathematical and Statistical Psychology 61(1), 29-48.
"""

from __future__ import annotations

from typing import Unpack

from resilens.agreement.assessing import How, result_of
from resilens.agreement.coefficients.fleiss import agreement_and_shares, observed_and_shares
from resilens.agreement.coefficients.recipes import Cooked, Recipe, beyond_chance, refusal
from resilens.agreement.patterns import Numbers, Patterns
from resilens.agreement.reading import Table
from resilens.results.types import Result


def gwet_ac1(table: Table, **how: Unpack[How]) -> Result:
    """Gwet's AC1 for two coders or more, with gaps.

    Parameters
    ----------
    table
        Judgements, long, wide or an array units x coders; see `Reading`. The number of categories q is that of the
        values used, unless `values` declares more.
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
    categories = len(patterns.values)

    def value(sum_: Numbers) -> Numbers:
        agreed, share = agreement_and_shares(sum_)
        return beyond_chance(agreed, (share * (1 - share)).sum(axis=-1) / (categories - 1))

    return Recipe(observed_and_shares(patterns), value, patterns.pairable)
