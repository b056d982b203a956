"""Who speaks to whom? Comments by the group of their author and of whom they answer, posts by that of their author.

Somebody who answers themselves speaks to nobody. Whose group is not known, or whose answered item was not captured,
stands under `unknown`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from resilens.corpus.text import hashtag_key
from resilens.measures import periods
from resilens.measures.apart import apart
from resilens.measures.items import UNKNOWN, Flags, Items, Numbers, Places, items_of
from resilens.measures.material import Material, missing_role
from resilens.measures.shares import Share, ends_of, shares
from resilens.results import charts, time_axis
from resilens.results.tables import NUMBER_WORDS, listing, share
from resilens.results.types import Description, Estimate, Result, Undefined, in_unit

MOST_GROUPS = 3
"""So many declared groups are crossed with each other."""

EITHER = "from or to unknown"

LEAST = 5
"""With 1 to 4 items that have a code, or that have it not, the interval of a share is too narrow to be compared."""

Wanted = dict[str, tuple[str, tuple[str, ...]]]
"""By code id: its name, and the codes any of which make it so."""


@dataclass(frozen=True, eq=False)
class Spoken:
    """Whom the items read answer; arrays of shape (items,), as `material.items` has them.

    Parameters
    ----------
    to
        The place of the group of whom the item answers, `unknown` the last; -1 for posts.
    own
        Whether it answers its own author.
    """

    to: Places
    own: Flags


@lru_cache(maxsize=1)
def spoken_to(material: Material) -> Spoken:
    """Whom each of the items read answers, whether that item was read or not."""
    items = material.items
    parents = sorted({parent for parent in items.parent if parent})
    names = items.groups[:-1]
    found = items_of(material.corpus, parents, material.zone, material.decided, names,
                     lambda days: periods.places(material.periods, days))  # fmt: skip
    place = np.array([found.place.get(parent, -1) for parent in items.parent], dtype=np.int64)
    known = place >= 0
    group, author = np.full(len(items), len(names)), np.full(len(items), "", dtype=object)
    group[known], author[known] = found.group[place[known]], found.author[place[known]]
    own = known & (author == items.author) & (author != "")
    return Spoken(np.where(items.is_post, -1, group), np.asarray(own & ~items.is_post, dtype=bool))


def crossed(material: Material) -> tuple[str, ...]:
    """The declared groups that are crossed with each other."""
    return material.items.groups[:-1][:MOST_GROUPS]


def parts(material: Material, *, by_group: bool = False) -> dict[str, dict[str, Flags]]:
    """The parts of posts and of comments, in all time and by period: `refugees to natives, exploration`.

    Parameters
    ----------
    by_group
        Comments by their author's group alone, as posts always are: `by refugees, exploration`.
    """
    items, spoken = material.items, spoken_to(material)
    found: dict[str, dict[str, Flags]] = {}
    for unit, own in material.units():
        here = items.is_post if unit == "posts" else ~items.is_post
        if unit == "posts" or by_group:
            cut = {f"by {name}": own.group == place for place, name in enumerate(items.groups)
                   if name != UNKNOWN or (own.group == place).any()}  # fmt: skip
        else:
            cut = _directions(material, own, spoken.to[here], ~spoken.own[here])
        found[unit] = {}
        for name, flags in cut.items():
            found[unit][name] = np.asarray(flags, dtype=bool)
            if name != EITHER:
                found[unit] |= {f"{name}, {one.name}": np.asarray(flags & (own.period == place), dtype=bool)
                                for place, one in enumerate(material.periods)}  # fmt: skip
    return found


def _directions(material: Material, comments: Items, to: Places, others: Flags) -> dict[str, Flags]:
    names, unknown = crossed(material), len(comments.groups) - 1
    cut = {f"{a} to {b}": (comments.group == one) & (to == other) & others
           for one, a in enumerate(names) for other, b in enumerate(names)}  # fmt: skip
    either = ((comments.group == unknown) | (to == unknown)) & others
    return cut | ({EITHER: either} if either.any() else {})


def wanted(material: Material, roles: Iterable[str]) -> tuple[Wanted, dict[str, Result]]:
    """The codes that have one of these roles, those nested in them counted with them; and a reason for each role that
    no code has."""
    found: Wanted = {}
    missing: dict[str, Result] = {}
    for role in roles:
        own = material.codes_of_role(role)
        if not own:
            missing[f"role {role}"] = missing_role(role)
        for code in own:
            parent = material.codebook.code(code).parent
            if parent not in own:
                found[code] = (material.name(code), tuple(one for one in material.with_nested(code) if one in own))
    return found, missing


def difference(material: Material, codes: Collection[str], a: str, b: str, period: int | None = None) -> Result:
    """The share of b's comments to a that have any of the codes minus the share of a's comments to b; in [-1, 1]."""
    inside = True if period is None else material.comments.period == period
    return _contrast(material, codes, _way(material, b, a) & inside, _way(material, a, b) & inside)


def _way(material: Material, by: str, to: str) -> Flags:
    """The comments of one group that answer another, shape (comments,)."""
    comments, spoken, names = material.comments, spoken_to(material), material.items.groups
    here = ~material.items.is_post
    whom = (spoken.to[here] == names.index(to)) & ~spoken.own[here]
    return np.asarray((comments.group == names.index(by)) & whom, dtype=bool)


def _contrast(material: Material, codes: Collection[str], one: Flags, other: Flags) -> Result:
    """The share among some comments minus the share among others."""
    comments, marks = material.comments, material.marks(material.comments, codes)
    sides = [which & marks.known for which in (one, other)]
    if not all(which.any() for which in sides):
        return Undefined("comments of both sides of the comparison were not read")
    first, second = (material.estimating.beyond.share(comments.select(which), marks.there[which]) for which in sides)
    result = apart(first, second, comments.select(sides[0] | sides[1]).n_threads)
    return _unless_few(result, [marks.there[which] for which in sides])


def _unless_few(result: Result, sides: Iterable[Flags]) -> Result:
    """A Description where one side of a comparison rests on too few items with, or without, the code."""
    few = any(0 < number < LEAST for there in sides for number in (int(there.sum()), int((~there).sum())))
    if not few or not isinstance(result, Estimate):
        return result
    why = f"one side has fewer than {NUMBER_WORDS[LEAST]} items with it, or without"
    return Description(result.value, result.n_items, f"{result.frame} (no interval: {why})", "share")


def both_read(material: Material, replies: Items, below: Flags) -> Numbers:
    """By how much a reply weighs more because what it answers had to be read too, where both are comments.

    Of M comments m were drawn: a pair has the chance m (m - 1) / (M (M - 1)), a reply alone m / M. 1 where no chance is
    known, and where the answered item is the post.
    """
    factor = np.ones(len(replies))
    if material.draw is None or material.estimating.no_design(replies):
        return factor
    chance = {item.item_id: item.inclusion_probability or 1.0 for item in material.draw.items}
    drawn: dict[str, int] = {}
    for item in material.draw.items:
        drawn[item.cluster_id] = drawn.get(item.cluster_id, -1) + 1
    for place in np.flatnonzero(below):
        thread = replies.threads[replies.thread[place]]
        m = drawn[thread]
        every = m * chance[thread] / chance[replies.item_id[place]]
        factor[place] = (every - 1) / (m - 1) if m > 1 else 1.0
    return factor


def frame_by_hashtag(material: Material) -> Undefined | None:
    """The reason where a group is told by a hashtag that was sampled: then who posts is decided by the frame."""
    sampled = {hashtag_key(one.name) for one in material.study.hashtags}
    for group in material.study.groups:
        own = [tag for rule in group.rules for tag in rule.hashtags if hashtag_key(tag.lstrip("#")) in sampled]
        if own:
            return Undefined(f"accounts count as {group.name} by {listing([f'#{tag}' for tag in dict.fromkeys(own)])}, "
                             "under which posts were retrieved: the frame decides who starts")  # fmt: skip
    return None


def cautions(material: Material) -> list[str]:
    """What every measure of groups must say of them."""
    said = [material.group_caution] if material.group_caution else []
    unknown = float(np.mean(material.items.group == len(material.items.groups) - 1)) if len(material.items) else 0.0
    if unknown > 0:
        said.append(f"The authors of {share(unknown)} of the items read belong to no group that is known; they stand "
                    "under unknown.")  # fmt: skip
    if framed := frame_by_hashtag(material):
        said.append(f"{framed.reason[0].upper()}{framed.reason[1:]}.")
    return said


def label(material: Material, group: str) -> str:
    """What a group is called in figures and sentences."""
    return next((one.label or one.name for one in material.study.groups if one.name == group), group)


def figure(
    material: Material, rows: Sequence[tuple[str, str, Result]], title: str, line: float | None = None
) -> tuple[Any, Any]:
    """Dots for a page and for a telephone from (row, series, result); None twice where there is no value."""
    found = [charts.Dot(row, series, *ends) for row, series, result in rows if (ends := ends_of(result)) is not None]
    if not found:
        return None, None
    wide, narrow = (charts.dots(found, title=title, line=line, synthetic=material.study.study.synthetic, width=width)
                    for width in (time_axis.WIDE, time_axis.NARROW))  # fmt: skip
    return wide, narrow


def shares_by(material: Material, sought: Wanted, *, by_group: bool = False) -> tuple[list[Share], dict[str, Result]]:
    """The share of each code in each part of posts and comments, and each share's change: last period minus first."""
    cut = parts(material, by_group=by_group)
    found = shares(material, sought, cut)
    changes = _changes(material, sought, found, cut) if len(material.periods) > 1 else {}
    return found, in_unit(changes, "points")


def change_name(code: str, unit: str, part: str) -> str:
    """The name of a change among the estimates."""
    return f"{code}: share of {unit}, {part}, change"


def _changes(
    material: Material, sought: Wanted, found: Sequence[Share], cut: Mapping[str, Mapping[str, Flags]]
) -> dict[str, Result]:
    results, of = found_of(found), dict(material.units())
    first, last = (f", {material.periods[place].name}" for place in (0, -1))
    marks = {(key, unit): material.marks(items, sought[key][1]) for unit, items in of.items() for key in sought}
    changes: dict[str, Result] = {}
    for key, unit, part in results:
        whole = part.removesuffix(last)
        if whole == part or (key, unit, whole + first) not in results:
            continue
        items, known = of[unit], marks[key, unit].known
        sides = [cut[unit][name] & known for name in (part, whole + first)]
        if all(which.any() for which in sides):
            there = [marks[key, unit].there[which] for which in sides]
            late, early = (material.estimating.beyond.share(items.select(which), own)
                           for which, own in zip(sides, there, strict=True))  # fmt: skip
            moved = _unless_few(apart(late, early, items.select(sides[0] | sides[1]).n_threads), there)
        else:
            moved = next(one for name in (part, whole + first)
                         if isinstance(one := results[key, unit, name], Undefined))  # fmt: skip
        changes[change_name(key, unit, whole)] = moved
    return changes


def found_of(found: Sequence[Share]) -> Mapping[tuple[str, str, str], Result]:
    """The shares by code, unit and part."""
    return {(one.key, one.unit, one.part): one.result for one in found}
