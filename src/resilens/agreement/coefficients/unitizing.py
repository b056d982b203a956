"""How far do coders agree on which passages to mark, and with which code? Krippendorff's alphas for unitizing.

    u-alpha        do they mark the same passages with the same codes? Everything counts, unmarked text too
    |u-alpha       do they mark the same passages, whatever the code? (Also written |cu-alpha)
    cu-alpha       where both marked something, is it the same code? Unmarked text is left out
    (k)cu-alpha    the same for one code k

A unit is a maximal span of one coder and one value, a gap is what lies between. With l_ck the observed coincidences
(for every two different coders, the length of the intersections of c's units of one with k's of the other, over the
coders less one, summed over texts), l_c its margins and l the sum of all:

    e_ck = l (l_c l_k - [c = k] S_c) / (l² - S),   S_c = sum of squared lengths of c's units (lengths for the gap)
    u-alpha = 1 - sum of l_ck over c != k / sum of e_ck over c != k

S takes out what cannot be paired by chance, a unit with itself; a gap is no unit, so its characters count one by one.
|u-alpha adds up all codes before comparing them with the gap. cu-alpha leaves the gap's row and column out and takes
for the length of a unit the part of it where another coder has a unit as well; (k)cu-alpha compares only with k:

    (k)cu-alpha = 1 - (e*_k / l*_k) (l*_k - l*_kk) / (e*_k - e*_kk)

Sources: Krippendorff, Mathet, Bouvry & Widlöcher 2016, *On the reliability of unitizing textual continua: further
developments*, Quality & Quantity 50, doi 10.1007/s11135-015-0266-1; the same in Krippendorff 2019, *Content Analysis*,
4th ed., section 12.6, equations 32 to 38 (numbered after the R package quallmer, which restates them). Two things go
beyond them and are ours: several texts are added up, each with the coders who read it, so that a coder may be missing;
and in cu-alpha a passage marked by k of three or more coders is weighed by 1 / (k - 1), as alpha does with values where
others are missing. For two coders that is the published formula.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypedDict, Unpack

import numpy as np
from scipy import sparse

from resilens.agreement.assessing import Agreement, assess
from resilens.agreement.coefficients.recipes import Cooked, Recipe, ratio
from resilens.agreement.patterns import Patterns
from resilens.agreement.spans import Coincidences, Floats, coincidences
from resilens.results.tables import counted
from resilens.results.types import Description, Estimate, Result, Undefined


class Sure(TypedDict, total=False):
    """How sure the value is, as in `assessing.How`: texts take the place of units."""

    interval: bool
    draws: int
    seed: int
    confidence: float
    frame: str


Clusters: TypeAlias = Mapping[Any, Hashable] | None


def u_alpha(spans: Any, lengths: Mapping[Any, int], cluster: Clusters = None, **sure: Unpack[Sure]) -> Result:
    """Whether coders mark the same passages with the same codes.

    Parameters
    ----------
    spans, lengths, cluster
        The spans, the length of each text in code points, the thread of each; see `spans.coincidences`.
    **sure
        See `Sure`.

    Returns
    -------
    Estimate, Description or Undefined
        As for any coefficient, see `assessing.How`; n counts texts.

    Raises
    ------
    InputError
        If the spans are at fault.
    """
    return assess_unitizing(coincidences(spans, lengths, cluster), "u", **sure).result


def binary_u_alpha(spans: Any, lengths: Mapping[Any, int], cluster: Clusters = None, **sure: Unpack[Sure]) -> Result:
    """Whether coders mark the same passages, whatever the code: |u-alpha. See `u_alpha`."""
    return assess_unitizing(coincidences(spans, lengths, cluster), "|u", **sure).result


def cu_alpha(spans: Any, lengths: Mapping[Any, int], cluster: Clusters = None, **sure: Unpack[Sure]) -> Result:
    """Whether coders give the same code where they mark the same passage. See `u_alpha`."""
    return assess_unitizing(coincidences(spans, lengths, cluster), "cu", **sure).result


def k_cu_alpha(
    spans: Any, lengths: Mapping[Any, int], code: str, cluster: Clusters = None, **sure: Unpack[Sure]
) -> Result:
    """Whether coders who mark the same passage agree on this code: (k)cu-alpha. See `u_alpha`."""
    return assess_unitizing(coincidences(spans, lengths, cluster), "(k)cu", code, **sure).result


def assess_unitizing(counts: Coincidences, coefficient: str = "u", code: str = "", **sure: Unpack[Sure]) -> Agreement:
    """A coefficient on spans already counted, with all that is asked about it.

    Parameters
    ----------
    counts, coefficient, code
        See `recipe`.
    **sure
        See `Sure`.
    """
    frame = f"{counted(counts.n_items, 'text')}, {counted(len(counts.coders), 'coder')}"
    found = assess(_threads(counts), lambda _: recipe(counts, coefficient, code), {"frame": frame, **sure})
    result = found.result
    if isinstance(result, Estimate):
        result = replace(result, n_items=counts.n_items)
    elif isinstance(result, Description):
        result = replace(result, n=counts.n_items)
    return replace(found, result=result, n_units=counts.n_items, n_pairable=counts.n_items, n_coders=len(counts.coders))


def _threads(counts: Coincidences) -> Patterns:
    """Each thread as a unit with two judgements: what is drawn for an interval. What they were is in the counts."""
    n = len(counts.clusters)
    places = np.arange(n, dtype=np.int64)
    membership = sparse.csr_array((np.ones(n), (places, places)), shape=(n, n)) if counts.threaded else None
    coder = np.tile(np.array([0, 1], np.int64), n)
    return Patterns(("",), False, ("one", "other"), np.repeat(places, 2), coder, np.zeros(2 * n, np.int64), np.ones(n),
                    counts.clusters, membership)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sums:
    """Coincidences summed over clusters, each of shape (draws, values); see `spans.Coincidences`."""

    length: Floats
    same: Floats
    squared: Floats
    shared: Floats
    shared_same: Floats
    shared_squared: Floats


Formula: TypeAlias = Callable[[_Sums, int], tuple[Floats, Floats]]
"""Observed and expected disagreement in characters, from the sums and the place of the value k."""


def recipe(counts: Coincidences, coefficient: str = "u", code: str = "") -> Cooked:
    """A coefficient ready to be computed for any weighting of the clusters.

    Parameters
    ----------
    counts
        How the spans meet.
    coefficient
        `u`, `|u`, `cu` or `(k)cu`.
    code
        The value k of `(k)cu`.

    Raises
    ------
    KeyError
        If there is no such coefficient.
    """
    formula = FORMULAS[coefficient]
    if undefined := _refusal(counts, coefficient, code):
        return undefined
    tables = (counts.length, counts.same, counts.squared, counts.shared, counts.shared_same, counts.shared_squared)
    k = counts.values.index(code) if coefficient == "(k)cu" else 0

    def value(totals: Floats) -> Floats:
        observed, expected = formula(_Sums(*np.split(totals, len(tables), axis=1)), k)
        nothing = expected <= 1e-9 * totals[:, : len(counts.values)].sum(1)
        return np.asarray(1 - np.where(nothing, np.nan, observed / np.where(nothing, 1.0, expected)))

    return Recipe(np.hstack(tables), value, np.ones(len(counts.clusters), np.bool_))


def _refusal(counts: Coincidences, coefficient: str, code: str) -> Undefined | None:
    if counts.n_items == 0:
        return Undefined("no text was read by two coders")
    if counts.n_units == 0:
        return Undefined("nobody marked anything, so agreement on where to mark cannot be told from chance")
    if coefficient == "(k)cu" and code not in counts.values:
        return Undefined(f"nobody marked a passage with {code!r}")
    shared = counts.shared.sum(0)
    if coefficient in ("cu", "(k)cu") and not shared.any():
        return Undefined("no two coders marked the same passage, so there is nothing to compare codes on")
    if coefficient == "(k)cu" and not shared[counts.values.index(code)]:
        return Undefined(f"where one coder gave {code!r}, no other marked anything")
    if coefficient in ("cu", "(k)cu") and np.count_nonzero(shared) < 2:
        only = counts.values[int(np.flatnonzero(shared)[0])]
        return Undefined(f"where coders marked the same passage there is one code only, {only!r}: nothing to confuse")
    if coefficient == "|u" and not counts.length[:, 0].any():
        return Undefined("every coder marked every character, so agreement on where to mark cannot be told from chance")
    if coefficient == "u" and np.count_nonzero(counts.length.sum(0)) < 2:
        return Undefined("every coder gave every character the same code: there is no variation")
    return None


def _u(sums: _Sums, k: int) -> tuple[Floats, Floats]:
    return _differing(sums.length, sums.same, sums.squared)


def _binary(sums: _Sums, k: int) -> tuple[Floats, Floats]:
    total, gap = sums.length.sum(1), sums.length[:, 0]
    expected = 2 * _over(total * gap * (total - gap), total**2 - sums.squared.sum(1))
    return 2 * (gap - sums.same[:, 0]), expected


def _cu(sums: _Sums, k: int) -> tuple[Floats, Floats]:
    return _differing(sums.shared[:, 1:], sums.shared_same[:, 1:], sums.shared_squared[:, 1:])


def _k_cu(sums: _Sums, k: int) -> tuple[Floats, Floats]:
    length, same, squared = sums.shared[:, k], sums.shared_same[:, k], sums.shared_squared[:, k]
    total, free = sums.shared.sum(1), sums.shared.sum(1) ** 2 - sums.shared_squared.sum(1)
    margin = _over(total * (length * total - squared), free)
    itself = _over(total * (length**2 - squared), free)
    return _over(margin * (length - same), length), margin - itself


def _differing(length: Floats, same: Floats, squared: Floats) -> tuple[Floats, Floats]:
    """Coincidences of different values, observed and expected, from arrays of shape (draws, values)."""
    total = length.sum(1)
    itself = _over(total * ((length**2).sum(1) - squared.sum(1)), total**2 - squared.sum(1))
    return total - same.sum(1), total - itself


def _over(numerator: Floats, denominator: Floats) -> Floats:
    """The quotient, 0 where there is nothing to divide by."""
    return np.nan_to_num(ratio(numerator, denominator))


FORMULAS: dict[str, Formula] = {"u": _u, "|u": _binary, "cu": _cu, "(k)cu": _k_cu}
"""The family by the names of the paper."""
