"""Did the captured posts a day shift on a day, by more than their own wandering, or than on days like any other?

A model where at least 14 days on each side hold no other milestone or condition; else only the means of a few days
before and after, as a description. Comments of one thread come together, so comments are only described.

Sources: `statistics.interrupted`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from resilens.measures.attention.daily import Series
from resilens.measures.happenings import turning_days
from resilens.measures.statistics.interrupted import EACH_SIDE, Change, Shift, interrupted, placebos
from resilens.results.tables import counted, day, span
from resilens.results.types import Description, Estimate, Result, Undefined, in_unit

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
    "captured posts a day followed a straight line before and another after, the error of a day resembles that of the "
    "day before (first-order autoregression), and nothing else happened on that day"
)


class Sides(NamedTuple):
    """The days around a date in which nothing else is known to have happened: its place, and how many on each side."""

    place: int
    before: int
    after: int


def results(study: Study, start: date | None, series: Mapping[str, Series]) -> dict[str, Result]:
    """What changed in what was captured on a day, by name: the jump, where it is modelled also the change of slope and
    how placebo dates compare, and the means before and after; the jump alone where the day is not known.

    Parameters
    ----------
    start
        The first day of what is asked about; None: not known.
    series
        Captured posts and comments a day, by name, as far as there are any.
    """
    if start is None:
        return {JUMP: Undefined("the study gives no day on which it began")}
    shift = _shift(study, start, series.get("posts"))
    found: dict[str, Result] = {}
    if isinstance(shift, Undefined):
        found[JUMP] = shift
    else:
        posts = series["posts"]
        found |= in_unit({JUMP: _modelled(posts, start, shift, shift.jump)}, "posts a day")
        found |= in_unit({SLOPE: _modelled(posts, start, shift, shift.slope)}, "posts a day, each day")
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
    before, after = counted(sides.before, "day"), counted(sides.after, "day")
    return Undefined(f"{before} before and {after} from it on hold no other milestone or condition; {needed} are "
                     "needed on each side")  # fmt: skip


def _shift(study: Study, start: date, posts: Series | None) -> Shift | Undefined:
    if posts is None:
        return Undefined("no post with a time was captured")
    sides = _sides(study, start, posts, LONGEST_SIDE)
    if min(sides.before, sides.after) < EACH_SIDE:
        return _too_short(sides, EACH_SIDE)
    return interrupted(posts.values[sides.place - sides.before : sides.place + sides.after], sides.before)


def _modelled(posts: Series, start: date, shift: Shift, change: Change) -> Result:
    first, end = posts.place(start) - shift.before, posts.place(start) + shift.after
    n, (low, high) = int(posts.values[first:end].sum()), change.interval(LEVEL)
    frame = f"the {counted(n, 'post')} captured of {span(posts.day(first), posts.day(end - 1))}"
    design = (f"segmented regression, {shift.before} days before and {shift.after} from the day on, averaged over the "
              f"autocorrelation of days (mean {shift.autocorrelation:.2f})")  # fmt: skip
    return Estimate(change.value, low, high, LEVEL, n, n, "model", frame, design, assumption=ASSUMPTION)


def _against_placebos(study: Study, posts: Series, shift: Shift) -> Result:
    """The share of days, with nothing known to have happened around them, that show as large a jump."""
    turns = [posts.place(one) for one in turning_days(study)]
    quiet = [place for place in range(len(posts.values))
             if not any(place - shift.before < turn < place + shift.after for turn in turns)]  # fmt: skip
    found = placebos(posts.values, quiet, shift.before, shift.after)
    if len(found) < FEWEST_PLACEBOS:
        return Undefined(f"{len(found)} other dates have {shift.before} days before and {shift.after} from them on "
                         f"free of milestones and conditions; {FEWEST_PLACEBOS} are needed")  # fmt: skip
    as_large = float(np.mean([abs(other.jump.value) >= abs(shift.jump.value) for other in found.values()]))
    return Description(as_large, len(found), f"{len(found)} placebo dates whose days overlap", "share")


def _aligned(study: Study, start: date, series: Series | None, name: str) -> Result:
    if series is None:
        return Undefined(f"no {name.removesuffix('s')} with a time was captured")
    sides = _sides(study, start, series, ALIGNED)
    if min(sides.before, sides.after) < SHORTEST_SIDE:
        return _too_short(sides, SHORTEST_SIDE)
    earlier = series.values[sides.place - sides.before : sides.place]
    later = series.values[sides.place : sides.place + sides.after]
    frame = f"the {name} captured of {sides.before} days before {day(start)} and {sides.after} from it on"
    return Description(float(later.mean() - earlier.mean()), int(earlier.sum() + later.sum()), frame, f"{name} a day")
