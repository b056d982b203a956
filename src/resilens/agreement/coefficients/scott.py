"""How far do two interchangeable coders agree beyond chance? Scott's pi.

Over the units both coded: (p_o - p_e) / (1 - p_e), p_e = sum of ((p_k. + p_.k) / 2)². It is Fleiss's kappa for two
coders, and alpha without its correction for small samples.

Source: Scott 1955, *Reliability of Content Analysis: The Case of Nominal Scale Coding*, Public Opinion Quarterly 19(3),
321-325.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np

from resilens.agreement.assessing import How, result_of
from resilens.agreement.coefficients.percent import observed
from resilens.agreement.coefficients.recipes import (
    Cooked,
    Recipe,
    beyond_chance,
    ratio,
    refusal,
    shares,
    two_coders_only,
)
from resilens.agreement.patterns import Numbers, Patterns
from resilens.agreement.reading import Table
from resilens.results.types import Result


def scott_pi(table: Table, **how: Unpack[How]) -> Result:
    """Scott's pi for two coders; units only one of them coded are left out.

    Parameters
    ----------
    table
        Judgements, long, wide or an array units x coders; see `Reading`. Of more coders choose two with `coders`.
    **how
        See `How`.

    Returns
    -------
    Estimate, Description or Undefined
        Undefined without variation, unless there are two coders, or where they have no unit in common.

    Raises
    ------
    InputError
        If the table is at fault.
    """
    return result_of(table, recipe, how)


def recipe(patterns: Patterns) -> Cooked:
    """The sums of p_o, and the shares of the values in the units both coded."""
    undefined = two_coders_only(patterns, "Scott's pi", "Krippendorff's alpha or Fleiss's kappa")
    if undefined := undefined or refusal(patterns):
        return undefined

    def value(sum_: Numbers) -> Numbers:
        share = sum_[:, 2:] / np.maximum(sum_[:, 1:2], 1)
        return beyond_chance(ratio(sum_[:, 0], sum_[:, 1]), np.square(share).sum(axis=1))

    sums = np.column_stack([observed(patterns), shares(patterns) * patterns.pairable[:, None]])
    return Recipe(sums, value, patterns.pairable)
