"""When one coder gives this value, how often does another? And how common is it? Specific agreement and prevalence.

Over the units with two judgements or more, unit i with r_i judgements, r_ik of them the value k:

    specific agreement  = sum over i of r_ik (r_ik - 1) / sum over i of r_ik (r_i - 1)
    prevalence          = sum over i of r_ik / sum over i of r_i

For two coders and a code that is there or not, with a units that both coded, d that neither did, b and c the rest:
positive agreement 2a / (2a + b + c), negative agreement 2d / (2d + b + c).

Source: Cicchetti and Feinstein 1990, *High agreement but low kappa: II. Resolving the paradoxes*, Journal of Clinical
Epidemiology 43(6), 551-558; for more coders with gaps, pairs pooled: Uebersax 1982, *A design-independent method for
measuring the reliability of psychiatric diagnosis*, Journal of Psychiatric Research 17(4), 335-342.
"""

from __future__ import annotations

from typing import Any, Unpack

import numpy as np

from resilens.agreement.assessing import How, result_of
from resilens.agreement.coefficients.recipes import Cooked, Recipe, ratio, refusal, shown_label
from resilens.agreement.patterns import Numbers, Patterns
from resilens.agreement.reading import Table
from resilens.results.types import Result, Undefined


def specific_agreement(table: Table, of: Any = 1, **how: Unpack[How]) -> Result:
    """The probability that another coder gives a value where one coder did.

    Parameters
    ----------
    table
        Judgements, long, wide or an array units x coders; see `Reading`.
    of
        The value: 1 for positive, 0 for negative agreement on a code that is there (1) or not (0).
    **how
        See `How`.

    Returns
    -------
    Estimate, Description or Undefined
        Undefined where nobody gave the value, with one coder, or where no unit has two judgements.

    Raises
    ------
    InputError
        If the table is at fault.
    """
    return result_of(table, lambda patterns: recipe(patterns, of), how)


def prevalence(table: Table, of: Any = 1, **how: Unpack[How]) -> Result:
    """The share of judgements that give a value, among the units coded twice or more.

    Parameters
    ----------
    table
        Judgements, long, wide or an array units x coders; see `Reading`.
    of
        The value.
    **how
        See `How`.

    Returns
    -------
    Estimate, Description or Undefined
        Undefined with one coder, or where no unit has two judgements.

    Raises
    ------
    InputError
        If the table is at fault.
    """
    return result_of(table, lambda patterns: prevalence_recipe(patterns, of), how)


def recipe(patterns: Patterns, of: Any = 1) -> Cooked:
    """Two sums: pairs that agree on the value, pairs in which the first judgement gives it."""
    if undefined := refusal(patterns, corrected=False):
        return undefined
    given = _given(patterns, of)
    if not (patterns.units * given * patterns.pairable).any():
        return Undefined(f"in no unit coded twice did anybody give {shown_label(of)}")
    sums = np.column_stack([given * (given - 1), given * np.maximum(patterns.judgements - 1, 0)])
    return Recipe(sums, lambda sum_: ratio(sum_[:, 0], sum_[:, 1]), patterns.pairable)


def prevalence_recipe(patterns: Patterns, of: Any = 1) -> Cooked:
    """Two sums: judgements that give the value, and all of them."""
    if undefined := refusal(patterns, corrected=False):
        return undefined
    sums = np.column_stack([_given(patterns, of), patterns.judgements]) * patterns.pairable[:, None]
    return Recipe(sums, lambda sum_: ratio(sum_[:, 0], sum_[:, 1]), patterns.pairable)


def _given(patterns: Patterns, of: Any) -> Numbers:
    """How many coders gave the value in each pattern, shape (k,)."""
    if of not in patterns.values:
        return np.zeros(len(patterns.units))
    mine = patterns.value == patterns.values.index(of)
    return np.bincount(patterns.pattern[mine], minlength=len(patterns.units)).astype(np.float64)


def positive(patterns: Patterns) -> Cooked:
    """Specific agreement on the higher of two values: the code is there."""
    return _of_two(patterns, -1)


def negative(patterns: Patterns) -> Cooked:
    """Specific agreement on the lower of two values: the code is not there."""
    return _of_two(patterns, 0)


def positive_share(patterns: Patterns) -> Cooked:
    """Prevalence of the higher of two values."""
    if len(patterns.values) != 2:
        return Undefined(f"this is for a code that is there or not, and here are {len(patterns.values)} values")
    return prevalence_recipe(patterns, patterns.values[-1])


def _of_two(patterns: Patterns, place: int) -> Cooked:
    if len(patterns.values) != 2:
        return Undefined(f"this is for a code that is there or not, and here are {len(patterns.values)} values")
    return recipe(patterns, patterns.values[place])
