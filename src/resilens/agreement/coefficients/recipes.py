"""What does a coefficient need from each unit, and how does it follow from the totals?

Every item-level coefficient is sums over units, and a formula of their totals. Written so, one formula gives the value
(totals over all units) and every draw of the bootstrap (totals over the threads drawn), and nothing is computed twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from resilens.agreement.patterns import Numbers, Patterns, Places
from resilens.results.tables import counted
from resilens.results.types import Undefined


@dataclass(frozen=True)
class Recipe:
    """A coefficient, ready to be computed.

    Parameters
    ----------
    sums
        What a unit of each pattern adds to each total, shape (k, d), sparse where that saves room.
    value
        The coefficient from totals: shape (draws, d) to (draws,), NaN for a draw in which it does not exist. NaN never
        leaves this package: it becomes a reason.
    units
        Which patterns the value rests on, shape (k,).
    """

    sums: Numbers | sparse.csr_array
    value: Callable[[Numbers], Numbers]
    units: NDArray[np.bool_]


Cooked: TypeAlias = Recipe | Undefined


def refusal(patterns: Patterns, corrected: bool = True) -> Undefined | None:
    """Why agreement is undefined on these units, or None.

    Parameters
    ----------
    patterns
        The units.
    corrected
        Whether the coefficient corrects for chance, so that it needs some variation.
    """
    coders = patterns.n_coders
    if coders < 2:
        return Undefined(f"agreement needs two coders, and there {'is one' if coders else 'is none'} with a judgement")
    if not patterns.n_pairable:
        return Undefined("no unit was coded by two coders")
    used = np.flatnonzero(np.bincount(patterns.value[patterns.pairable[patterns.pattern]]))
    if corrected and len(used) < 2:
        shown = shown_label(patterns.values[int(used[0])])
        where = "" if patterns.pairable[patterns.pattern].all() else " of a unit coded twice"
        return Undefined(f"no variation: every judgement{where} is {shown}, so agreement cannot be told from chance")
    return None


def two_coders_only(patterns: Patterns, title: str, instead: str) -> Undefined | None:
    """Why a coefficient for two coders is undefined here, or None."""
    if len(patterns.coders) == 2:
        return None
    coders = counted(len(patterns.coders), "coder")
    return Undefined(f"{title} is for two coders and here are {coders}: choose two of them, or take {instead}")


def shown_label(label: object) -> str:
    """A value as a reader sees it; the empty set as such, whether a code is there as yes or no."""
    if isinstance(label, bool | np.bool_):
        return "yes" if label else "no"
    if isinstance(label, frozenset):
        return "{" + ", ".join(sorted(map(str, label))) + "}" if label else "the empty set"
    return str(label)


def shares(patterns: Patterns) -> Numbers:
    """Which share of a unit's judgements each value has, c / r, 0 where nobody coded it; shape (k, V)."""
    return patterns.counts / np.maximum(patterns.judgements, 1)[:, None]


def columns(rows: int, places: tuple[Places, Places], entries: Numbers, width: int) -> sparse.csr_array:
    """A sparse matrix of sums from its entries; entries at one place add up."""
    return sparse.csr_array((entries, places), shape=(rows, width))


def beyond_chance(observed: Numbers, expected: Numbers) -> Numbers:
    """(observed - expected) / (1 - expected), NaN where chance alone would agree on everything."""
    room = 1 - expected
    nothing = room <= 1e-12
    return np.where(nothing, np.nan, (observed - expected) / np.where(nothing, 1.0, room))


def ratio(over: Numbers, under: Numbers) -> Numbers:
    """over / under, NaN where there is nothing to divide by."""
    nothing = under == 0
    return np.where(nothing, np.nan, over / np.where(nothing, 1.0, under))
