"""Within how many hours was a newcomer's post welcomed, where for some it had not been when they were last captured?

P(T <= h) = 1 - S(h), S the Kaplan-Meier curve over T, the hours from the post to the first captured comment of the
other group coded welcome or receipt. A thread is watched until its last capture. A comment on which coders differ does
not count, so that nothing is claimed too soon: to stop watching at it would leave out the threads where a welcome is
likeliest. Only threads captured and read whole show T. In others an earlier welcome may be among what was not read: the
same value of all threads is a lower bound.

Source: `statistics.survival`. The interval of a completion is that of a share, linearised (`estimating.smooth`):
threads drawn again repeat the few that were soon welcomed, and cannot show how many there might have been. That of the
median draws threads again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilens.measures.estimating import Value
from resilens.measures.items import Flags, Items, Numbers
from resilens.measures.material import Material
from resilens.measures.ritual.steps import Ritual
from resilens.measures.statistics.survival import LifeTable, life_table
from resilens.results.tables import counted
from resilens.results.types import Result, Undefined

HORIZONS = (1, 6, 24, 72)
"""Hours."""


@dataclass(frozen=True, eq=False)
class Waiting:
    """Posts and how long each waited; arrays of shape (posts,).

    Parameters
    ----------
    posts
        The posts.
    hours
        Until it was welcomed, or until watching stopped.
    happened
        Whether it was welcomed then.
    """

    posts: Items
    hours: Numbers
    happened: Flags

    def select(self, which: Flags) -> Waiting:
        """Some of the posts."""
        return Waiting(self.posts.select(which), self.hours[which], self.happened[which])


def whole_threads(ritual: Ritual) -> Waiting:
    """The posts whose threads were captured and read whole, with times known to the hour."""
    return _waiting(ritual, ritual.whole & ritual.timed)


def all_threads(ritual: Ritual) -> Waiting:
    """All posts of which a comment was read, with times known to the hour."""
    return _waiting(ritual, ritual.seen & ritual.timed)


def _waiting(ritual: Ritual, which: Flags) -> Waiting:
    happened = np.isfinite(ritual.reception)
    return Waiting(ritual.posts, np.where(happened, ritual.reception, ritual.until), happened).select(which)


def within(waiting: Waiting, horizon: float) -> tuple[Numbers, Value]:
    """P(T <= horizon) as sums by post and a function of their totals, for `Estimating`."""
    if not len(waiting.posts):
        return np.zeros((0, 0)), lambda totals: np.full(len(totals), np.nan)
    table = _table(waiting)
    return np.eye(len(waiting.posts)), lambda totals: table.by(table.survival(totals), horizon)


def completion(material: Material, waiting: Waiting, horizon: float, what: str) -> Result:
    """P(T <= horizon) with its interval.

    Parameters
    ----------
    what
        The posts in words, for the reason where there is no value: `tribute captured whole`.
    """
    sums, value = within(waiting, horizon)
    none = f"no {what}" if not len(waiting.posts) else f"no {what} was watched for {counted(round(horizon), 'hour')}"
    there = waiting.happened & (waiting.hours <= horizon)
    return material.estimating.smooth(waiting.posts, sums, value, missing=none, there=there, unit="share")


def median_hours(material: Material, waiting: Waiting, what: str) -> Result:
    """The hours by which half had been welcomed, with its interval."""
    if not len(waiting.posts):
        return Undefined(f"no {what}")
    table, size = _table(waiting), np.eye(len(waiting.posts))
    none = "fewer than half were welcomed while they were watched"
    return material.estimating.drawn(
        waiting.posts, size, lambda totals: table.median(table.survival(totals)), missing=none, unit="hours"
    )


def _table(waiting: Waiting) -> LifeTable:
    return life_table(waiting.hours, waiting.happened, np.arange(len(waiting.posts)))
