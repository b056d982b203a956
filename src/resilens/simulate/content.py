"""What does an item do? Its practice, and its marks in the other facets, by who answers what and when.

The world's rows are compiled once into tables over contexts; every item then takes one number a facet. A context is
what the item answers, the author's group, whether it crosses groups, and the author's state (or the prescribed stage).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from resilens.simulate.streams import Ids, Streams
from resilens.simulate.world import ACTIVE, GROUPS, PARENTS, Mark, Practice, World, practice_kind

Floats: TypeAlias = npt.NDArray[np.float64]
Codes: TypeAlias = npt.NDArray[np.int16]

FAMILIES = ("affect", "politics", "identity.self", "identity.other", "relation")
"""Facets, and halves of one, in each of which an item carries at most one code."""
HOSTILE = "affect.hostility"
NOTHING = -1
_PLACES_A_DAY = 8
"""The spread of a practice is tabulated every three hours."""
CALM = 0.85
"""Hostility in other answers, relative to psi; together with the political ones the mean stays near psi."""

PARENT = {name: place for place, name in enumerate(PARENTS)}


@dataclass(frozen=True)
class Answering:
    """For each item: what decides what it does.

    Parameters
    ----------
    to
        Place in `PARENTS` of what it answers.
    group
        The author's.
    across
        Whether it answers the other group; False for posts.
    state
        0, 1, 2: the author's state, or the prescribed stage of the day.
    time
        Days.
    """

    to: npt.NDArray[np.int8]
    group: npt.NDArray[np.int8]
    across: npt.NDArray[np.bool_]
    state: npt.NDArray[np.int8]
    time: Floats

    @cached_property
    def context(self) -> npt.NDArray[np.int64]:
        """The number of each item's context."""
        number = self.to.astype(np.int64) * len(GROUPS) + self.group
        return (number * 2 + self.across) * len(ACTIVE) + self.state


@dataclass(frozen=True)
class Content:
    """Codes of items as places in `Vocabulary.codes`, -1 for none: practice, stage, and one column a family."""

    practice: Codes
    stage: Codes
    marks: npt.NDArray[np.int16]  # (N, len(FAMILIES))

    def family(self, name: str) -> Codes:
        """The codes of one family."""
        return self.marks[:, FAMILIES.index(name)]


class Vocabulary:
    """A world's codes and the tables that choose among them.

    Parameters
    ----------
    world
        The world.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        marks = (row.code for row in world.marks)
        self.codes: tuple[str, ...] = tuple(sorted({*_practices_of(world), *marks, HOSTILE, *world.stages.codes}))
        self._place = {code: place for place, code in enumerate(self.codes)} | {"none": NOTHING}
        self._grown = _growth(world)
        self._practices = [_practice_table(world, context) for context in _contexts()]
        self._marks = [_mark_table(world, family) for family in FAMILIES]
        kinds = [practice_kind(code) if code.startswith("practice.") else "none" for code in self.codes]
        self._kind = np.array([PARENT[kind] for kind in [*kinds, "none"]], np.int8)  # the last is for -1
        self._practice_rows = [row.code for row in world.practices]
        self._practice_codes = np.array([self._place[code] for code in self._practice_rows], np.int16)
        self._change_points = [world.day(point) or 0.0 for point in world.stages.change_points]

    def place(self, code: str) -> int:
        """The place of a code; -1 for none."""
        return self._place[code]

    def states(self, of_author: npt.NDArray[np.int8], time: Floats) -> npt.NDArray[np.int8]:
        """What counts as the state of an item: its author's, or the stage prescribed for the day."""
        if self.world.stages.mode == "emergent":
            return of_author
        return np.searchsorted(self._change_points, time, side="right").astype(np.int8)

    def parent_kind(self, content: Content) -> npt.NDArray[np.int8]:
        """What an answer to these items answers: hostility and politics before practice."""
        kind = self._kind[content.practice]
        politics, affect = content.family("politics"), content.family("affect")
        kind = np.where(politics == self._place.get("politics.identity-claim", -2), PARENT["claim"], kind)
        kind = np.where(politics == self._place.get("politics.overt", -2), PARENT["political"], kind)
        return np.where(affect == self._place[HOSTILE], PARENT["hostile"], kind).astype(np.int8)

    def written(self, streams: Streams, ids: Ids, answering: Answering) -> Content:
        """What each item does.

        Parameters
        ----------
        ids
            The items' ids; each takes one number a facet, whatever the other items are.
        """
        practice = self._practice(streams.uniform("item.practice", ids), answering)
        hostile = self._hostile(streams.uniform("item.hostile", ids), answering)
        practice[hostile] = NOTHING
        marks = np.full((ids.size, len(FAMILIES)), NOTHING, np.int16)
        row_of_code = np.searchsorted(self._mark_practices, practice)
        for column, family in enumerate(FAMILIES):
            drawn = streams.uniform(f"item.{family}", ids)
            cumulative, codes = self._marks[column]
            limits = cumulative[row_of_code, answering.context]
            found = (drawn[:, None] >= limits).sum(axis=1)
            marks[:, column] = np.append([self._place[code] for code in codes], NOTHING)[found]
        marks[hostile] = NOTHING
        marks[hostile, FAMILIES.index("affect")] = self._place[HOSTILE]
        shown = np.array(self.world.stages.shown)[answering.state]
        stages = np.array([self._place[code] for code in self.world.stages.codes], np.int16)[answering.state]
        does_something = (practice >= 0) | (marks >= 0).any(axis=1)  # small talk shows nothing to judge a stage by
        visible = (streams.uniform("item.stage", ids) < shown) & does_something & ~hostile
        return Content(practice, np.where(visible, stages, NOTHING).astype(np.int16), marks)

    @cached_property
    def _mark_practices(self) -> npt.NDArray[np.int64]:
        """The places of practices, sorted, with -1 first: the rows of the tables of marks."""
        return np.array(sorted({NOTHING, *(self._place[code] for code in _practices_of(self.world))}))

    def _practice(self, drawn: Floats, answering: Answering) -> Codes:
        out = np.empty(drawn.size, np.int16)
        cell = np.clip((answering.time * _PLACES_A_DAY).astype(np.int64), 0, self._grown.shape[0] - 1)
        order = np.argsort(answering.context, kind="stable")
        bounds = np.flatnonzero(np.diff(answering.context[order], prepend=-1))
        for start, end in zip(bounds, np.append(bounds[1:], order.size)[: bounds.size], strict=True):
            these = order[start:end]
            rows, weights = self._practices[answering.context[these[0]]]
            cumulative = np.cumsum(weights * self._grown[:, rows], axis=1)
            limits = cumulative[cell[these]]
            taken = (drawn[these, None] * limits[:, -1:] >= limits[:, :-1]).sum(axis=1)
            unborn = limits[:, -1] == 0  # nobody knows any of these practices yet
            out[these] = np.where(unborn, NOTHING, self._practice_codes[rows][taken])
        return out

    def _hostile(self, drawn: Floats, answering: Answering) -> npt.NDArray[np.bool_]:
        """Hostile comments: psi, more in answers to politics, none among posts."""
        heated = np.isin(answering.to, [PARENT["political"], PARENT["claim"], PARENT["hostile"]])
        factor = np.where(heated, self.world.moderation.political_factor, CALM)
        return np.asarray((answering.to != PARENT["post"]) & (drawn < self.world.rates.psi * factor), np.bool_)


def _contexts() -> list[tuple[str, str, bool, int]]:
    """What is answered, by whom, across groups or not, in which state: in the order of `Answering.context`."""
    return [(to, by, across, state) for to in PARENTS for by in GROUPS for across in (False, True)
            for state in range(len(ACTIVE))]  # fmt: skip


def _growth(world: World) -> Floats:
    """(cells, rows) how far each practice has spread: logistic from its birth, 1 where it was always there; never
    before it, so a cell in which one is born waits for the next."""
    begins = np.arange(world.days * _PLACES_A_DAY) / _PLACES_A_DAY
    days = begins + 0.5 / _PLACES_A_DAY
    columns = []
    for row in world.practices:
        born = world.day(row.birth)
        if born is None:
            columns.append(np.ones_like(days))
        else:
            spread = 2.0 / (1.0 + np.exp(-np.maximum(days - born, 0.0) / row.growth)) - 1.0
            columns.append(np.where(begins < born, 0.0, spread))
    return np.stack(columns, axis=1)


def _practice_table(world: World, context: tuple[str, str, bool, int]) -> tuple[npt.NDArray[np.int64], Floats]:
    """The rows that fit a context with their weights; where none does, those for answers to small talk."""
    to, by, across, state = context
    for wanted in (to, "none"):
        rows = [place for place, row in enumerate(world.practices) if _fits(row, wanted, by, across)]
        weights = np.array([world.practices[row].weights[state] for row in rows])
        if weights.sum() > 0:
            return np.array(rows), weights
    raise AssertionError("the world was checked to have rows for small talk")


def _fits(row: Practice, to: str, by: str, across: bool) -> bool:
    return row.to == to and row.by == by and row.across in (None, across)


def _practices_of(world: World) -> list[str]:
    return sorted({row.code for row in world.practices} - {"none"})


def _mark_table(world: World, family: str) -> tuple[Floats, tuple[str, ...]]:
    """(practices + 1, contexts, rows) cumulated chances of a family's rows, tried in order; no practice is first."""
    rows = [row for row in world.marks if row.code.startswith(f"{family}.")]
    practices = ["none", *_practices_of(world)]
    contexts = _contexts()
    share = np.zeros((len(practices), len(contexts), len(rows)))
    for place, row in enumerate(rows):
        goes_with = np.array([_goes_with(row, code) for code in practices])
        chance = np.array([row.share[state] if _applies(row, to, by, across) else 0.0
                           for to, by, across, state in contexts])  # fmt: skip
        share[:, :, place] = goes_with[:, None] * chance
    missed_so_far = np.cumprod(1.0 - share, axis=2)
    return np.asarray(1.0 - missed_so_far, np.float64), tuple(row.code for row in rows)


def _goes_with(row: Mark, code: str) -> bool:
    return not row.on or any(code == name or code.startswith(name) for name in row.on)


def _applies(row: Mark, to: str, by: str, across: bool) -> bool:
    return (not row.to or to in row.to) and row.by in (None, by) and row.across in (None, across)
