"""Did the captured posts a day shift on a day, by more than their own wandering, or than on days like any other?

A model where at least 14 days on each side hold no other milestone or condition; else only the means of a few days
before and after, as a description. Comments of one thread come together, so comments are only described.

Sources: `statistics.interrupted`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from resilens.measures.daily import Series
from resilens.measures.happenings import turning_days
from resilens.measures.statistics.interrupted import EACH_SIDE, Shift, interrupted, placebos
from resilens.results.tables import counted, day, span
from resilens.results.types import Description, Estimate, Result, Undefined

if TYPE_CHECKING:
    from datetime import date

    from resilens.study.model import Study

JUMP, SLOPE, PLACEBOS = "jump in posts a day", "change of slope of posts a day", "placebo dates with as large a jump"

LONGEST_SIDE = 28
"""Straight trends are not believed for longer."""

ALIGNED, SHORTEST_SIDE = 7, 3
"""Days on each side whose means are compared, at most and at least."""

FEWEST_PLACEBOS = 10

LEVEL = 0.95

ASSUMPTION = (
    "captured posts a day followed a straight line before and another after, and nothing else happened on that day; "
    "errors allow for days that resemble their neighbours (Newey and West)"
)

NO_DAY = Undefined("the study gives no day on which it began")


class Sides(NamedTuple):
    """The days around a date in which nothing else is known to have happened: its place, and how many on each side."""

    place: int
    before: int
    after: int


def results(study: Study, start: date | None, series: Mapping[str, Series]) -> dict[str, Result]:
    """What changed in what was captured on a day, by name.

    Parameters
    ----------
    start
        The first day of what is asked about; None: not known.
    series
        Captured posts and comments a day, by name, as far as there are any.
    """
    found: dict[str, Result] = {}
    shift = _shift(study, start, series.get("posts"))
    if isinstance(shift, Undefined) or start is None:
        refused = shift if isinstance(shift, Undefined) else NO_DAY
        found |= dict.fromkeys((JUMP, SLOPE, PLACEBOS), refused)
    else:
        posts = series["posts"]
        found[JUMP] = _modelled(posts, start, shift, shift.jump, shift.jump_error)
        found[SLOPE] = _modelled(posts, start, shift, shift.slope, shift.slope_error)
        found[PLACEBOS] = _against_placebos(study, posts, shift)
    for name in ("posts", "comments"):
        found[f"{name} a day, after minus before"] = _aligned(study, start, series.get(name), name)
    return found


def _sides(study: Study, start: date, series: Series, most: int) -> Sides:
    """Days around the start up to the nearest other turning day, or the end of the series."""
    turns = [series.place(one) for one in turning_days(study) if one != start]
    place = series.place(start)
    begins = max([0, place - most, *(turn for turn in turns if turn < place)])
    ends = min([len(series.values), place + most, *(turn for turn in turns if turn > place)])
    return Sides(place, max(0, place - begins), max(0, ends - place))


def _too_short(sides: Sides, needed: int) -> Undefined:
    return Undefined(f"{sides.before} days before and {sides.after} from it on hold no other milestone or condition; "
                     f"{needed} are needed on each side")  # fmt: skip


def _shift(study: Study, start: date | None, posts: Series | None) -> Shift | Undefined:
    if start is None:
        return NO_DAY
    if posts is None:
        return Undefined("no post with a time was captured")
    sides = _sides(study, start, posts, LONGEST_SIDE)
    if min(sides.before, sides.after) < EACH_SIDE:
        return _too_short(sides, EACH_SIDE)
    return interrupted(posts.values[sides.place - sides.before : sides.place + sides.after], sides.before)


def _modelled(posts: Series, start: date, shift: Shift, value: float, error: float) -> Result:
    first, end = posts.place(start) - shift.before, posts.place(start) + shift.after
    n, (low, high) = int(posts.values[first:end].sum()), shift.interval(value, error, LEVEL)
    frame = f"the {counted(n, 'post')} captured of {span(posts.day(first), posts.day(end - 1))}"
    design = (f"segmented regression, {shift.before} days before and {shift.after} from the day on, Newey-West errors "
              f"of lag {shift.lag}")  # fmt: skip
    return Estimate(value, low, high, LEVEL, n, n, "model", frame, design, assumption=ASSUMPTION)


def _against_placebos(study: Study, posts: Series, shift: Shift) -> Result:
    """The share of days, with nothing known to have happened around them, that show as large a jump."""
    turns = [posts.place(one) for one in turning_days(study)]
    quiet = [place for place in range(len(posts.values))
             if not any(place - shift.before < turn < place + shift.after for turn in turns)]  # fmt: skip
    found = placebos(posts.values, quiet, shift.before, shift.after)
    if len(found) < FEWEST_PLACEBOS:
        return Undefined(f"{len(found)} other dates have {shift.before} days before and {shift.after} from them on "
                         f"free of milestones and conditions; {FEWEST_PLACEBOS} are needed")  # fmt: skip
    as_large = float(np.mean([abs(other.jump) >= abs(shift.jump) for other in found.values()]))
    return Description(as_large, len(found), f"{len(found)} placebo dates whose days overlap", "share")


def _aligned(study: Study, start: date | None, series: Series | None, name: str) -> Result:
    if start is None:
        return NO_DAY
    if series is None:
        return Undefined(f"no {name.removesuffix('s')} with a time was captured")
    sides = _sides(study, start, series, ALIGNED)
    if min(sides.before, sides.after) < SHORTEST_SIDE:
        return _too_short(sides, SHORTEST_SIDE)
    earlier = series.values[sides.place - sides.before : sides.place]
    later = series.values[sides.place : sides.place + sides.after]
    frame = f"the {name} captured of {sides.before} days before {day(start)} and {sides.after} from it on"
    return Description(float(later.mean() - earlier.mean()), int(earlier.sum() + later.sum()), frame, f"{name} a day")
