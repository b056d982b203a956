"""Do the parts of a world agree with each other? Everything in which they do not, each with its place in the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from resilens.simulate.inventory import NONE, inventories
from resilens.study.consistency import Inconsistency
from resilens.study.words import did_you_mean

if TYPE_CHECKING:
    from resilens.simulate.world import World

MOST_HASHTAGS = 8
"""The hashtags of a post are kept as the bits of a byte."""
WITHOUT_WORDS = "relation.compares-with"
"""Two ledgers one above the other show it; it has no phrases of its own."""


def inconsistencies(world: World) -> list[Inconsistency]:
    """Everything in which a world, each of its parts valid by itself, contradicts itself."""
    return [*_order(world), *_rows(world), *_shares(world), *_codes(world), *_names(world)]


def _order(world: World) -> Iterator[Inconsistency]:
    """What comes after what."""
    event, observation = world.event, world.observation
    if event.postponed and _before(world, event.postponed, event.deadline):
        yield ("event", "postponed"), "is before the deadline that it puts off"
    if _before(world, observation.collected, world.opens):
        yield ("observation", "collected"), "is before the world begins: nothing would be captured"
    if observation.earlier and not _before(world, observation.earlier, observation.collected):
        yield ("observation", "earlier"), "is not earlier than the other capture (collected)"
    points = world.stages.change_points
    if world.stages.mode == "prescribed" and len(points) != 2:
        yield ("stages", "change_points"), "prescribed stages need two change_points: when stages 2 and 3 begin"
    elif len(points) == 2 and not _before(world, *points):
        yield ("stages", "change_points"), "stage 3 must begin after stage 2"


def _before(world: World, moment: dt.datetime, other: dt.datetime) -> bool:
    return (world.day(moment) or 0.0) < (world.day(other) or 0.0)


def _rows(world: World) -> Iterator[Inconsistency]:
    """Posts, and answers to small talk, are possible for both groups: whatever fits no row falls back on the latter."""
    for to in ("post", "none"):
        for by in ("newcomers", "hosts"):
            if not any(row.to == to and row.by == by and any(row.weights) for row in world.practices):
                yield (), f"no [[practice]] row with to = {to!r} and by = {by!r} has a weight above 0"


def _shares(world: World) -> Iterator[Inconsistency]:
    for name, community in (("newcomers", world.newcomers), ("hosts", world.hosts)):
        if community.visitors + community.residents > 1.0:
            yield (name, "residents"), "with visitors makes more than the whole pool (1)"


def _codes(world: World) -> Iterator[Inconsistency]:
    """Every code has phrases to write it with, and is a practice or not as it should."""
    practices = [code for code in inventories("en") if code.startswith("practice.") or code == NONE]
    marks = [WITHOUT_WORDS, *(code for code in inventories("en") if code not in practices)]
    for place, practice in enumerate(world.practices):
        yield from _unknown(("practice", place, "code"), practice.code, practices)
    for place, mark in enumerate(world.marks):
        yield from _unknown(("mark", place, "code"), mark.code, marks)
        for name in mark.on:
            if not any(code.startswith(name) for code in practices):
                yield ("mark", place, "on"), f"no practice begins with {name!r}{did_you_mean(name, practices)}"


def _unknown(where: tuple[str | int, ...], code: str, known: list[str]) -> Iterator[Inconsistency]:
    if code not in known:
        yield where, f"there are no phrases here that mean {code!r}{did_you_mean(code, known)}"


def _names(world: World) -> Iterator[Inconsistency]:
    if len(world.hashtags) > MOST_HASHTAGS:
        yield ("hashtag", MOST_HASHTAGS), f"a world has at most {MOST_HASHTAGS} hashtags"
    yield from _repeated((("hashtag", place, "name"), tag.name) for place, tag in enumerate(world.hashtags))
    yield from _repeated((("coders", "names"), name) for name in world.coders.names)


def _repeated(named: Iterable[tuple[tuple[str | int, ...], str]]) -> Iterator[Inconsistency]:
    seen: set[str] = set()
    for where, name in named:
        if name in seen:
            yield where, f"{name!r} stands here twice; each must be its own"
        seen.add(name)
