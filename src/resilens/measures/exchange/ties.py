"""Do ties cross groups more than they would if groups fell at random among those who comment together?

A tie is who answered whom in a thread, each two once a direction; people of unknown group are left out. E-I =
(external - internal) / (external + internal): -1 where all ties stay inside groups, 1 where all cross. Against chance,
groups are permuted among the commenters of each thread and week of their first comment; a post's author keeps theirs.
"""

from __future__ import annotations

import numpy as np

from resilens.measures.exchange.replies import spoken
from resilens.measures.exchange.structure import Structure, structure_of
from resilens.measures.items import Flags, Numbers, Places
from resilens.measures.material import Material
from resilens.measures.statistics.ties import permuted_labels, two_sided
from resilens.results.tables import counted
from resilens.results.types import Description, Estimate, Result, Undefined, in_unit

PERMUTATIONS, FEWEST = 999, 199
"""How often groups are permuted; where many people comment, less often, so that no more than `LABELS` are set."""
LABELS = 8_000_000

INDEX = "E-I of ties"
RANDOM = "E-I of ties if groups fell at random"
P = "E-I of ties: p against random groups"


def crossing(material: Material) -> dict[str, Result]:
    """E-I of the ties captured; what it would be if groups fell at random, its interval that of the null; and the p of
    a difference from that (two-sided)."""
    found = structure_of(material)
    if isinstance(found, Undefined):
        return dict.fromkeys((INDEX, RANDOM, P), found)
    ties, unknown = found.ties, len(found.posts.groups) - 1
    known = (ties.group[ties.source] != unknown) & (ties.group[ties.target] != unknown)
    source, target = ties.source[known], ties.target[known]
    if not source.size:
        reason = Undefined("nobody of a known group answered anybody of a known group")
        return dict.fromkeys((INDEX, RANDOM, P), reason)
    index = _index(material, found, source, target)
    strata = _strata(found, unknown)
    free = _free(ties.group, strata)
    if not free.any():
        refused = Undefined("in no thread and week did commenters of two groups meet, so groups cannot be exchanged")
        return in_unit({INDEX: index, RANDOM: refused, P: refused}, "index")
    seed, size = material.estimating.seed, int(source.size)
    draws = int(np.clip(LABELS // int(free.sum()), FEWEST, PERMUTATIONS))
    observed = 2 * float(np.mean(ties.group[source] != ties.group[target])) - 1
    null = null_of(source, target, ties.group, strata, free, draws, seed)
    low, high = np.quantile(null, [0.025, 0.975])
    frame = f"the {counted(size, 'tie')} captured in the threads looked at"
    threads = int(np.unique(ties.thread[source]).size)
    random = Estimate(float(null.mean()), float(low), float(high), 0.95, size, threads, "permutation", frame,
                      f"groups permuted within thread and week, {draws} times", seed)  # fmt: skip
    p = Description(two_sided(observed, null), size, frame, "p")
    return in_unit({INDEX: index, RANDOM: random}, "index") | {P: p}


def null_of(
    source: Places, target: Places, group: Places, strata: Places, free: Flags, draws: int, seed: int
) -> Numbers:
    """E-I with the groups of those who are free permuted within strata; shape (draws,).

    Parameters
    ----------
    source, target
        Shape (ties,): places of people.
    group, strata, free
        Shape (people,): the group, among whom groups are exchanged, and whether it can make a difference.
    """
    moving = free[source] | free[target]
    fixed = int((group[source[~moving]] != group[target[~moving]]).sum())
    people, ends = np.unique(
        np.concatenate([source[moving], target[moving], np.flatnonzero(free)]), return_inverse=True
    )
    one, other = ends[: moving.sum()], ends[moving.sum() : 2 * moving.sum()]
    place = np.flatnonzero(free[people])
    found = []
    own = group[people].astype(np.int16)
    for block in permuted_labels(group[people[place]], strata[people[place]], draws, seed):
        labels = np.tile(own, (len(block), 1))
        labels[:, place] = block
        found.append((labels[:, one] != labels[:, other]).sum(axis=1))
    external = fixed + np.concatenate(found)
    return np.asarray(2 * external / source.size - 1)


def _index(material: Material, found: Structure, source: Places, target: Places) -> Result:
    ties, threads = found.ties, len(found.posts)
    across, thread = ties.group[source] != ties.group[target], ties.thread[source]
    sums = np.stack(
        [np.bincount(thread[across], minlength=threads), np.bincount(thread[~across], minlength=threads)], 1
    )
    used = sums.sum(axis=1) > 0
    result = material.estimating.smooth(
        found.posts.select(used), sums[used].astype(np.float64),
        lambda totals: (totals[:, 0] - totals[:, 1]) / totals.sum(axis=1), missing="there are no ties",
        within=(-1.0, 1.0), unit="index",
    )  # fmt: skip
    return spoken(material, result, int(source.size), "ties", int(used.sum()), whole=False)


def _strata(found: Structure, unknown: int) -> Places:
    """The thread and week of each commenter; everybody else, each for themselves."""
    ties = found.ties
    alone = ties.began | (ties.group == unknown) | (ties.week == -1)
    _, together = np.unique(np.stack([ties.thread, ties.week]), axis=1, return_inverse=True)
    return np.where(alone, -1 - np.arange(alone.size), together.ravel())


def _free(group: Places, strata: Places) -> Flags:
    """Who shares a stratum with somebody of another group."""
    _, place = np.unique(strata, return_inverse=True)
    place = place.ravel()
    least, most = (
        np.full(place.max(initial=-1) + 1, group.max(initial=0)),
        np.zeros(place.max(initial=-1) + 1, np.int64),
    )
    np.minimum.at(least, place, group)
    np.maximum.at(most, place, group)
    return np.asarray((least != most)[place], dtype=bool)
