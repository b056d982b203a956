"""Is a tribute welcomed more often than another post by a newcomer, of the same day and with as many comments?

Within cells c (the study's day x the quartile of the number of comments read) the shares welcomed are compared:

    lift = sum_c n1 n0 / (n1 + n0) (p1 - p0) / sum_c n1 n0 / (n1 + n0),

n1 tributes, n0 other posts by newcomers, p1 and p0 their shares with a comment of the other group coded welcome or
receipt: the Mantel-Haenszel difference, which weighs a cell by what it can compare, so that cells of a few posts do no
harm and a cell without either kind says nothing. Its interval is Klingenberg's (`statistics.strata`), for cells of few
posts, with weights scaled so that their sum is the effective number of posts (Kish), and t of two less. Under the null
labels fall at random within cells: the number of welcomed tributes in a cell is then hypergeometric, which is drawn.

Source: Greenland and Robins 1985, *Biometrics* 41, 55-68.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilens.measures.estimating import LEVEL
from resilens.measures.items import Flags, Items, Numbers, Places
from resilens.measures.material import Material
from resilens.measures.ritual.steps import Ritual
from resilens.measures.statistics.strata import risk_difference
from resilens.measures.statistics.ties import Permuted, two_sided
from resilens.results.types import Result, Undefined

PERMUTATIONS = 2000


@dataclass(frozen=True, eq=False)
class Compared:
    """Posts in cells that hold tributes and others; arrays of shape (posts,).

    Parameters
    ----------
    posts
        The posts.
    tribute, welcomed
        Which are tributes, which were welcomed.
    cell
        The cell of each, whole numbers from 0.
    left_out
        Posts by newcomers that are in no such cell, or of which something is not known.
    """

    posts: Items
    tribute: Flags
    welcomed: Flags
    cell: Places
    left_out: int


def compared(ritual: Ritual) -> Compared:
    """The posts that can be compared."""
    posts = ritual.posts
    usable = ritual.tribute.known & ritual.welcomed.known & posts.dated
    quartile = quartiles(ritual.comments[usable])
    _, cell = np.unique(posts.day[usable] * 4 + quartile, return_inverse=True)
    tribute = ritual.tribute.there[usable]
    both = np.isin(cell, np.intersect1d(cell[tribute], cell[~tribute]))
    which = np.flatnonzero(usable)[both]
    chosen = np.zeros(len(posts), dtype=bool)
    chosen[which] = True
    _, cell = np.unique(cell[both], return_inverse=True)
    return Compared(posts.select(chosen), ritual.tribute.there[chosen], ritual.welcomed.there[chosen], cell,
                    len(posts) - len(which))  # fmt: skip


def quartiles(numbers: Numbers) -> Places:
    """The quartile of each number among all, 0 to 3; equal numbers lie in one."""
    if not len(numbers):
        return np.zeros(0, dtype=np.int64)
    return np.searchsorted(np.quantile(numbers, [0.25, 0.5, 0.75]), numbers, side="left").astype(np.int64)


def lift(material: Material, given: Compared) -> Result:
    """The standardised difference with its interval."""
    if not len(given.posts):
        return Undefined("no day has both a tribute and another post by a newcomer with about as many comments")
    weight = material.estimating.weight(given.posts)
    weight = weight * weight.sum() / (weight**2).sum()
    y1, n1, y0, n0 = (np.bincount(given.cell, weights=weight * part) for part in
                      (given.tribute & given.welcomed, given.tribute, ~given.tribute & given.welcomed, ~given.tribute))
    value, low, high = risk_difference(y1, n1, y0, n0, LEVEL, max(1.0, float(weight.sum()) - 2))
    how = "Klingenberg's for the Mantel-Haenszel difference, effective numbers of posts"
    return material.estimating.bounded(given.posts, value, (low, high), how, "share")


def against_chance(given: Compared, seed: int) -> Permuted:
    """The lift, every post counting once, against labels permuted within cells; there must be a cell."""
    number, tributes, welcomed = (np.bincount(given.cell, weights=weight).astype(np.int64) for weight in
                                  (np.ones(len(given.cell)), given.tribute, given.welcomed))  # fmt: skip
    whole = (tributes * (number - tributes) / number).sum()
    expected = tributes * welcomed / number
    both = np.bincount(given.cell, weights=given.tribute & given.welcomed)
    generator = np.random.default_rng(seed)
    drawn = generator.hypergeometric(welcomed, number - welcomed, tributes, size=(PERMUTATIONS, len(number)))
    observed, null = float((both - expected).sum() / whole), (drawn - expected).sum(axis=1) / whole
    return Permuted(observed, null, two_sided(observed, null))
