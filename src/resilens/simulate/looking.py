"""What does a bounded look at a simulation show? Some of its threads, and what they count day by day and week by week.

Accounts are exchangeable and each thread is whole, so the threads of the first accounts are a fair sample of all; how
many were read stands beside every figure made from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from resilens.simulate.content import HOSTILE
from resilens.simulate.simulation import Batch, Simulation
from resilens.simulate.world import PARENTS, practice_kind

Floats: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]

MOST_ITEMS = 40_000
"""Items after which no further chunk is read."""
POSTS_A_LOOK = 4_096
"""Posts of a chunk; it changes no number, only where the look ends."""
WEEK = 7.0
KINDS = tuple(kind for kind in PARENTS if kind not in ("post", "political", "hostile", "claim"))
"""Kinds of practices, in the order in which they are told."""


@dataclass(frozen=True)
class Look:
    """Threads that were looked at.

    Parameters
    ----------
    simulation
        The simulation.
    batches
        Whole threads with their texts, of the first accounts.
    whole
        Whether these are all threads there are.
    """

    simulation: Simulation
    batches: tuple[Batch, ...]
    whole: bool

    @property
    def posts(self) -> int:
        """How many posts were read."""
        return sum(batch.chunk.posts.size for batch in self.batches)

    @property
    def comments(self) -> int:
        """How many comments were read."""
        return sum(batch.chunk.comments.size for batch in self.batches)

    @cached_property
    def weeks(self) -> Floats:
        """(W + 1,) the edges of weeks from the opening on, in days; the last week may be short."""
        days = float(self.simulation.world.days)
        return np.append(np.arange(0.0, days, WEEK), days)

    def a_day(self) -> tuple[Counts, Counts]:
        """(days,) each: posts and comments written on each day."""
        edges = np.arange(self.simulation.world.days + 1, dtype=np.float64)
        posts, comments = self._times()
        return np.histogram(posts, edges)[0], np.histogram(comments, edges)[0]

    def posts_a_week(self) -> Counts:
        """(W,) posts written in each week."""
        return np.histogram(self._times()[0], self.weeks)[0]

    def practices_a_week(self) -> dict[str, Counts]:
        """For each kind of practice that occurs, (W,) posts of each week."""
        codes = (*self.simulation.vocabulary.codes, "none")
        kind_of = np.array([KINDS.index(practice_kind(code)) if code.startswith("practice.") else KINDS.index("none")
                            for code in codes])  # fmt: skip
        kinds = kind_of[_together([batch.chunk.posts.practice for batch in self.batches], np.int16)]
        time = self._times()[0]
        counted = {kind: np.histogram(time[kinds == place], self.weeks)[0] for place, kind in enumerate(KINDS)}
        return {kind: counts for kind, counts in counted.items() if counts.any()}

    def hostility_a_week(self) -> tuple[Counts, Counts, Counts, Counts]:
        """(W,) each: comments written, hostile ones among them; comments not removed, hostile ones among them."""
        place = self.simulation.vocabulary.place(HOSTILE)
        time = self._times()[1]
        hostile = _together([batch.chunk.comments.family("affect") == place for batch in self.batches], np.bool_)
        stays = ~np.isfinite(_together([batch.chunk.comments.removed for batch in self.batches], np.float64))
        every = np.ones(time.size, np.bool_)
        written, heated, left, seen = (np.histogram(time[these], self.weeks)[0]
                                       for these in (every, hostile, stays, hostile & stays))  # fmt: skip
        return written, heated, left, seen

    def _times(self) -> tuple[Floats, Floats]:
        return (_together([batch.chunk.posts.time for batch in self.batches], np.float64),
                _together([batch.chunk.comments.time for batch in self.batches], np.float64))  # fmt: skip


def look(simulation: Simulation, most: int = MOST_ITEMS) -> Look:
    """Read whole chunks of threads until `most` items are passed, or all are read."""
    read: list[Batch] = []
    many = 0
    if not simulation.conversations.expected_posts:
        return Look(simulation, (), True)
    chunks = len(simulation.conversations.ranges(POSTS_A_LOOK))
    for batch in simulation.batches(POSTS_A_LOOK):
        read.append(batch)
        many += batch.chunk.posts.size + batch.chunk.comments.size
        if many > most:
            break
    return Look(simulation, tuple(read), len(read) == chunks)


def _together(parts: list[Any], kind: type[np.generic]) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, kind)
