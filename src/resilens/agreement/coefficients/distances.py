"""How far apart are two values? One distance for each level of measurement, and the weights that kappas use instead.

=========  ==================================================================================================
level      δ²(c, k), what Krippendorff's alpha sums (Krippendorff 2011, *Computing Krippendorff's
           Alpha-Reliability*, pp. 5-6)
=========  ==================================================================================================
nominal    0 where c = k, else 1
ordinal    (sum of n_g for g from c to k, less (n_c + n_k) / 2)², n the totals of each value: the squared
           difference of the values' mid-ranks
interval   (c - k)²
ratio      ((c - k) / (c + k))²
jaccard    1 - J, J = |c ∩ k| / |c ∪ k|
masi       1 - J M, M = 1 where c = k, 2/3 where one holds the other, 1/3 where they meet, 0 where they do not
           (Passonneau 2006, *Measuring Agreement on Set-valued Items*, LREC; DKPro's differs: it multiplies the
           Jaccard distance)
=========  ==================================================================================================

Two empty sets (both coders: nothing applies) are no distance apart, under Jaccard and MASI alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from resilens.agreement.columns import number_of
from resilens.agreement.patterns import Numbers
from resilens.errors import InputError
from resilens.study.words import did_you_mean

LEVELS = ("nominal", "ordinal", "interval", "ratio", "masi", "jaccard")
WEIGHTS = ("identity", "linear", "quadratic", "ordinal")


def check_name(name: str, known: Sequence[str], what: str) -> None:
    """Refuse a level or a kind of weights that is not there.

    Raises
    ------
    InputError
        Naming what there is.
    """
    if name not in known:
        near = did_you_mean(name, known) or f"; one of {', '.join(known)}"
        raise InputError(f"there is no {what} {name!r}{near}")


def scores(values: Sequence[Any], level: str) -> Numbers:
    """The values as numbers.

    Raises
    ------
    InputError
        If one is no number, or below 0 where the level is *ratio*.
    """
    numbers = [number_of(label) for label in values]
    if strange := [label for label, number in zip(values, numbers, strict=True) if number is None]:
        words = f"{level} data are numbers, and {strange[0]!r} is none"
        raise InputError(f"{words}; take level nominal, or ordinal with the words in order, lowest first, as `values`")
    if level == "ratio" and any(number is not None and number < 0 for number in numbers):
        raise InputError("ratio data have a natural zero and nothing below it; take level 'interval'")
    return np.array(numbers, dtype=np.float64)


def matrix(level: str, values: Sequence[Any]) -> Numbers:
    """δ² between all values, shape (V, V), for the levels at which it does not depend on the totals.

    Raises
    ------
    InputError
        As `scores`.
    ValueError
        If the level is ordinal.
    """
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    if level == "interval":
        number = scores(values, level)
        return np.square(number[:, None] - number)
    if level == "ratio":
        number = scores(values, level)
        total = number[:, None] + number
        return np.square((number[:, None] - number) / np.where(total == 0, 1.0, total))
    if level in ("masi", "jaccard"):
        return _sets(values, masi=level == "masi")
    raise ValueError(f"{level} distances depend on the totals of each value")


def _sets(values: Sequence[Any], masi: bool) -> Numbers:
    """Jaccard's or MASI's distance between sets; a value that is no set is the set of itself."""
    sets = [label if isinstance(label, frozenset) else frozenset([label]) for label in values]
    members = list(dict.fromkeys(code for each in sets for code in sorted(each, key=str)))
    holds = np.array([[code in each for code in members] for each in sets], dtype=np.float64).reshape(len(sets), -1)
    size = holds.sum(axis=1)
    common = holds @ holds.T
    union = size[:, None] + size - common
    similarity = np.where(union == 0, 1.0, common / np.where(union == 0, 1.0, union))
    if masi:
        equal = union == common
        within = common == np.minimum(size[:, None], size)
        similarity *= np.where(equal, 1.0, np.where(within, 2 / 3, 1 / 3))
    return np.asarray(1.0 - similarity)


def middle_ranks(totals: Numbers) -> Numbers:
    """Each value's mid-rank as a share of all judgements, less one half; shape (..., V) in and out.

    The ordinal δ² of two values is the squared difference of these times the squared number of judgements, a factor
    that alpha does not feel.
    """
    everything = totals.sum(axis=-1, keepdims=True)
    return (np.cumsum(totals, axis=-1) - totals / 2) / np.where(everything == 0, 1.0, everything) - 0.5


def spread(number: Numbers, totals: Numbers) -> Numbers:
    """Sum over all ordered pairs of judgements of (x - y)², from the totals of each value; shape (..., V) to (...)."""
    everything = totals.sum(axis=-1)
    return np.asarray(2 * (everything * (totals * number**2).sum(axis=-1) - np.square((totals * number).sum(axis=-1))))


def weights(kind: str, values: Sequence[Any], ordered: bool) -> Numbers:
    """How nearly two values agree, 1 where they are equal, shape (V, V).

    *identity*: 0 where they differ. *linear*: 1 - |c - k| / (max - min). *quadratic*: the same, squared distances.
    *ordinal*: 1 - C(|i - j| + 1, 2) / C(q, 2) of their ranks i and j. Words in a declared order count as 1, 2, 3, ...
    Source: Gwet 2014, *Handbook of Inter-Rater Reliability*, 4th ed., ch. 3 (as in the R package irrCAC).

    Raises
    ------
    InputError
        If the kind is not there, or values without an order are to be weighted by it.
    """
    check_name(kind, WEIGHTS, "kind of weights")
    q = len(values)
    if kind == "identity" or q < 2:
        return np.eye(q)
    check_order(values, ordered)
    rank = np.arange(q, dtype=np.float64)
    numbers = [number_of(label) for label in values]
    place = rank if None in numbers else np.array(numbers, dtype=np.float64)
    if kind == "ordinal":
        gap = np.abs(rank[:, None] - rank)
        return np.asarray(1 - (gap + 1) * gap / (q * (q - 1)))
    gap = np.abs(place[:, None] - place) / (place.max() - place.min())
    return np.asarray(1 - (gap if kind == "linear" else gap**2))


def check_order(values: Iterable[Any], ordered: bool) -> None:
    """Refuse words without an order where the order counts.

    Raises
    ------
    InputError
        Saying how to give the order.
    """
    if not ordered:
        shown = ", ".join(map(str, values))
        raise InputError(f"these values have no order: {shown}; give all of them as `values`, the lowest first")
