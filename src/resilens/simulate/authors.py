"""Who writes an answer? Somebody of the chosen group who is there at the time, the active and talkative more often.

For every day (later: week) there is a roster of the accounts that are there at some moment of it. An author is drawn
from it by activity mark and kept if present at the very time, with a chance by how talkative the state is; else drawn
again. Draws are keyed by the item and the attempt, so they depend on nothing else.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from resilens.simulate.histories import Users
from resilens.simulate.macro import VISITORS
from resilens.simulate.streams import Ids, Streams
from resilens.simulate.workers import in_order
from resilens.simulate.world import GROUPS, World

Floats: TypeAlias = npt.NDArray[np.float64]

ATTEMPTS = 200
NOBODY = -1


class Rosters:
    """Who is there when.

    Parameters
    ----------
    world, users
        The world and its accounts. Visitors look in and do not answer.
    """

    def __init__(self, world: World, users: Users) -> None:
        daily = min(world.fine_days, world.days)
        self._edges = np.append(np.arange(daily), np.arange(daily, world.days + 7, 7)).astype(np.float64)
        self._users = users
        self._talk = np.array([community.talk for community in world.groups])
        self._talk /= self._talk.max(axis=1, keepdims=True)
        self._rosters = list(in_order(self._roster, range(len(GROUPS))))

    def _roster(self, group: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64], Floats]:
        """The members of every stretch one after the other, where each begins, and their cumulated marks."""
        users, cells = self._users, self._edges.size - 1
        own = np.flatnonzero((users.group == group) & (users.kind != VISITORS) & (users.joined < self._edges[-1]))
        first = np.searchsorted(self._edges, users.joined[own], side="right") - 1
        last = np.minimum(np.searchsorted(self._edges, users.left[own], side="left") - 1, cells - 1)
        stays = last - first + 1
        cell = np.repeat(first, stays) + counting(stays)
        order = np.argsort(cell.astype(np.int16), kind="stable")
        members = np.repeat(own, stays)[order].astype(np.int32)
        begins = np.searchsorted(cell[order], np.arange(cells + 1))
        cumulated = np.concatenate([[0.0], np.cumsum(users.mark[members], dtype=np.float64)])
        return members, begins, cumulated

    def drawn(self, streams: Streams, ids: Ids, group: npt.NDArray[np.int8], time: Floats) -> npt.NDArray[np.int32]:
        """An author for each item, or NOBODY where none of the group was found there."""
        author = np.full(ids.size, NOBODY, np.int32)
        cell = np.clip(np.searchsorted(self._edges, time, side="right") - 1, 0, self._edges.size - 2)
        for place, (members, begins, cumulated) in enumerate(self._rosters):
            low, high = cumulated[begins[cell]], cumulated[begins[cell + 1]]
            open_ = np.flatnonzero((group == place) & (high > low))
            for attempt in range(ATTEMPTS):
                if not open_.size:
                    break
                share = streams.uniform(f"item.author.{attempt}", ids[open_])
                at = _found(cumulated, low[open_] + share * (high - low)[open_])
                candidate = members[np.minimum(at, begins[cell[open_] + 1] - 1)]
                state = self._users.state(candidate, time[open_])
                talks = np.where(state >= 0, self._talk[place][state], 0.0)
                kept = streams.uniform(f"item.author.kept.{attempt}", ids[open_]) < talks
                author[open_[kept]] = candidate[kept]
                open_ = open_[~kept]
        return author


def _found(cumulated: Floats, wanted: Floats) -> npt.NDArray[np.int64]:
    """`searchsorted` of needles put in order first: a roster of millions is then read once, from end to end."""
    order = np.argsort(wanted)
    places = np.empty(wanted.size, np.int64)
    places[order] = np.searchsorted(cumulated, wanted[order], side="right") - 1
    return places


def counting(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """0, 1, ..., n - 1 for each length n, one after the other."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if ends.size else 0) - np.repeat(ends - lengths, lengths)
