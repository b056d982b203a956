"""Do the steps of the ritual follow each other, or are they merely in the same threads?

In a thread the comments coded welcome or receipt (other group) and thanks (newcomers) are read in the order of their
times. The chain begins with the tribute and takes the next welcome, then the next thanks, then the next welcome, and so
on; its length is the number of steps it reaches. Against it stands the same with the order of the comments permuted in
each thread, the post staying first. Comments that are no step change nothing of the order of those that are, and are
left aside. That a tribute meets any welcome does not depend on the order: the null speaks of three steps and more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resilens.measures.items import Flags, Places
from resilens.measures.material import Material
from resilens.measures.ritual.steps import Ritual, receptions, thanks
from resilens.measures.statistics.ties import Permuted, permuted_labels, two_sided

CHAINS = {3: "tribute, welcome, thanks", 4: "tribute, welcome, thanks, welcome"}
"""The chains whose frequency is compared with chance, by their length."""

PERMUTATIONS = 2000


@dataclass(frozen=True, eq=False)
class Steps:
    """The comments that are steps, in order; arrays of shape (steps,).

    Parameters
    ----------
    thread
        The place of its post among the ritual's posts, rising.
    welcome
        Whether it is a welcome or receipt, else thanks.
    """

    thread: Places
    welcome: Flags


def steps_of(material: Material, ritual: Ritual) -> Steps:
    """The steps in the threads of tributes whose times are known to the hour."""
    comments = material.comments
    welcome, thanked = receptions(material, comments).there, thanks(material, comments).there
    post = np.full(len(comments.threads), -1, dtype=np.int64)
    usable = np.flatnonzero(ritual.tribute.there & ritual.timed)
    post[ritual.posts.thread[usable]] = usable
    thread = post[comments.thread]
    which = np.flatnonzero((welcome | thanked) & (thread >= 0) & comments.dated)
    which = which[np.lexsort((which, comments.at[which], thread[which]))]
    return Steps(thread[which], welcome[which])


def lengths(steps: Steps, welcome: NDArray[np.int64]) -> Places:
    """How many steps the chain of each thread reaches, the tribute being the first; shape (draws, threads with steps).

    Parameters
    ----------
    welcome
        Shape (draws, steps): 1 where the step in this place is a welcome, 0 where it is thanks.

    Notes
    -----
    Alternating greedily from the first welcome on, each run of alike steps is one step of the chain; thanks before any
    welcome are none.
    """
    starts = np.flatnonzero(np.r_[True, steps.thread[1:] != steps.thread[:-1]])
    turns = np.ones(welcome.shape, dtype=np.int64)
    turns[:, 1:] = welcome[:, 1:] != welcome[:, :-1]
    turns[:, starts] = welcome[:, starts]
    return np.asarray(1 + np.add.reduceat(turns, starts, axis=1))


def reached(steps: Steps, posts: int, length: int) -> Flags:
    """In which threads the chain reaches so many steps, shape (posts,)."""
    found = np.zeros(posts, dtype=bool)
    if len(steps.thread):
        found[np.unique(steps.thread)] = lengths(steps, steps.welcome[None, :].astype(np.int64))[0] >= length
    return found


def against_chance(steps: Steps, among: int, length: int, seed: int) -> Permuted | None:
    """The share of threads that reach so many steps, against comments in random order; None where no order matters.

    Parameters
    ----------
    among
        How many threads the share is of.
    """
    own = np.isin(steps.thread, np.intersect1d(steps.thread[steps.welcome], steps.thread[~steps.welcome]))
    if not own.any():
        return None
    mixed = Steps(steps.thread[own], steps.welcome[own])
    labels = mixed.welcome.astype(np.int64)
    observed = float((lengths(mixed, labels[None, :]) >= length).sum() / among)
    null = np.concatenate([(lengths(mixed, block) >= length).sum(axis=1) / among for block in
                           permuted_labels(labels, mixed.thread, PERMUTATIONS, seed)])  # fmt: skip
    return Permuted(observed, null, two_sided(observed, null))
