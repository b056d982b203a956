"""How did the components of resilience move, each on its own: welcome, civility, reciprocity, return of authors?

Each is computed for the first period (early), the last (late), their difference (change), and for every span of weeks
that holds enough threads. They are never made one number.

- *welcome*: P(a tribute is welcomed within 24 hours), as in `completion`.
- *civility*: 1 - the share of comments read (of posts, where no comment was) coded hostile.
- *reciprocity*: as in `replies.reciprocity`.
- *return*: of the authors of comments read (of posts, where no comment was) the share with another captured item, of
  either kind, on a later day within 28; authors whose 28 days reach beyond the last capture are left out.

A change is drawn over the threads of both periods; that of reciprocity combines both intervals as of threads apart
(Zou and Donner 2008, *Statistics in Medicine* 27, 1693-1702). Where one side has under 20 threads it has no interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from resilens.measures.estimating import Value
from resilens.measures.exchange.replies import reciprocity
from resilens.measures.items import Flags, Items, Numbers, day_of_number
from resilens.measures.material import Material, missing_role, nothing_coded
from resilens.measures.resilience.returning import DAYS, returns
from resilens.measures.ritual.completion import Waiting, whole_threads, within
from resilens.measures.ritual.steps import missing, ritual_of
from resilens.measures.weeks import MINIMUM_THREADS, Spans, spans_of
from resilens.results.resampling import MINIMUM_THREADS as FOR_INTERVAL
from resilens.results.tables import counted
from resilens.results.time_axis import Period
from resilens.results.types import Description, Estimate, Result, Undefined, in_unit

WELCOME_HOURS = 24

Build = Callable[[Flags], tuple[Numbers, Value]]
"""For a part of the items: what each of them adds to each total, and the value as a function of totals."""


@dataclass(frozen=True, slots=True)
class Component:
    """One component of resilience.

    Parameters
    ----------
    key, label
        Its stable name, and what it is called in a figure.
    early, late, change
        Its value in the first and in the last period, and the second minus the first.
    weekly
        Its value in spans of weeks, by the middle of the span, days since 1970.
    """

    key: str
    label: str
    early: Result
    late: Result
    change: Result
    weekly: tuple[tuple[int, Result], ...] = ()

    def named(self) -> dict[str, Result]:
        """The three as a finding's estimates."""
        levels = {f"{self.key}: early": self.early, f"{self.key}: late": self.late}
        return in_unit(levels, "share") | in_unit({f"{self.key}: change": self.change}, "points")


def components(material: Material) -> list[Component]:
    """The four, in the order in which they are shown."""
    return [_welcome(material), _civility(material), _reciprocity(material), _return(material)]


def _welcome(material: Material) -> Component:
    key, label = f"welcome of tributes within {WELCOME_HOURS} hours", f"welcomed within {WELCOME_HOURS} hours"
    if reason := missing(material):
        return _none(key, label, reason)
    ritual = ritual_of(material)
    waiting = whole_threads(ritual)
    waiting = waiting.select(np.isin(waiting.posts.thread, ritual.posts.thread[ritual.tribute.there]))
    there = waiting.happened & (waiting.hours <= WELCOME_HOURS)
    return _component(material, key, label, waiting.posts, _completing(waiting),
                      "no tribute whose thread was captured and read whole was watched for so long", there)  # fmt: skip


def _completing(waiting: Waiting) -> Build:
    return lambda which: within(waiting.select(which), WELCOME_HOURS)


def _civility(material: Material) -> Component:
    unit, items = _unit(material)
    key, label = f"civility of {unit}", "not hostile"
    codes = material.codes_of_role("hostile")
    if reason := nothing_coded(material) or (None if codes else missing_role("hostile")):
        return _none(key, label, reason)
    marks = material.marks(items, codes)
    civil, items = ~marks.there[marks.known], items.select(marks.known)
    sums = np.stack([civil, np.ones(len(civil))], axis=1).astype(np.float64)
    return _component(material, key, label, items, _ratio(sums), f"no {unit.removesuffix('s')} was read", civil)


def _return(material: Material) -> Component:
    unit, items = _unit(material)
    key, label = f"return of authors of {unit} within {DAYS} days", f"by authors seen again within {DAYS} days"
    if reason := nothing_coded(material):
        return _none(key, label, reason)
    # Each item counts, not each author once: an author's first item of a sample is not the author's first.
    found = returns(material, items)
    items, again = items.select(found.known), found.there[found.known]
    sums = np.stack([again, np.ones(len(again))], axis=1).astype(np.float64)
    none = f"no {unit.removesuffix('s')} was read whose {DAYS} days had passed when the corpus was last captured"
    return _component(material, key, label, items, _ratio(sums), none, again)


def _unit(material: Material) -> tuple[str, Items]:
    """Comments, or posts where no comment was read."""
    return ("comments", material.comments) if len(material.comments) else ("posts", material.posts)


def _ratio(sums: Numbers) -> Build:
    return lambda which: (sums[which], lambda totals: totals[:, 0] / totals[:, 1])


def _none(key: str, label: str, reason: Undefined) -> Component:
    return Component(key, label, reason, reason, reason)


def _component(
    material: Material, key: str, label: str, items: Items, build: Build, none: str, there: Flags
) -> Component:
    """A component of items, posts or comments: the share that have it, plain or of those who were watched."""

    def level(which: Flags) -> Result:
        part = items.select(which)
        if not len(part):
            return Undefined(f"{none} in this time")
        sums, value = build(which)
        return material.estimating.smooth(part, sums, value, missing=none, there=there[which], unit="share")

    spans = spans_of(items, MINIMUM_THREADS)
    weekly = [(middle, level(spans.of == place)) for place, middle in _enough(items, spans)]
    if reason := _no_periods(material):
        return Component(key, label, reason, reason, reason, tuple(weekly))
    early, late = items.period == 0, items.period == len(material.periods) - 1
    return Component(key, label, level(early), level(late), _change(material, items, early, late, build, none),
                     tuple(weekly))  # fmt: skip


def _no_periods(material: Material) -> Undefined | None:
    if len(material.periods) > 1:
        return None
    return Undefined("the items read lie in one period only, so there is no early and no late")


def _change(material: Material, items: Items, early: Flags, late: Flags, build: Build, none: str) -> Result:
    """The value late minus the value early, threads of both drawn together."""
    if not early.any() or not late.any():
        return Undefined(f"{none} in the {'last' if early.any() else 'first'} period")
    (first, at_first), (last, at_last) = build(early), build(late)
    both, size = early | late, first.shape[1]
    sums = np.zeros((int(both.sum()), size + last.shape[1]))
    sums[early[both], :size], sums[late[both], size:] = first, last
    result = material.estimating.beyond.drawn(
        items.select(both), sums, lambda totals: at_last(totals[:, size:]) - at_first(totals[:, :size]),
        missing=none, unit="share",
    )  # fmt: skip
    threads = min(np.unique(items.thread[which]).size for which in (early, late))
    return _without_interval(result, threads)


def _without_interval(result: Result, threads: int) -> Result:
    if threads >= FOR_INTERVAL or not isinstance(result, Estimate):
        return result
    why = f"one of the periods has {counted(threads, 'thread')}, and an interval needs {FOR_INTERVAL}"
    return Description(result.value, result.n_items, f"{result.frame} (no interval: {why})", "share")


def _reciprocity(material: Material) -> Component:
    key, label = "reciprocity", "reciprocity"
    reason = nothing_coded(material) or _no_periods(material)
    if reason:
        return _none(key, label, reason)
    early, late = reciprocity(material, 0), reciprocity(material, len(material.periods) - 1)
    return Component(key, label, early, late, _apart(early, late), tuple(_weekly_reciprocity(material)))


def _weekly_reciprocity(material: Material) -> list[tuple[int, Result]]:
    """The same with spans of weeks in place of the periods."""
    _, items = _unit(material)
    spans = spans_of(items, MINIMUM_THREADS)
    ends = [int(first + 7 * weeks - 1) for first, weeks in zip(spans.first, spans.weeks, strict=True)]
    weeks = tuple(Period(f"span {place}", day_of_number(first), day_of_number(ends[place]))
                  for place, first in enumerate(spans.first.tolist()))  # fmt: skip
    weekly = replace(material, periods=weeks)
    return [(middle, reciprocity(weekly, place)) for place, middle in _enough(items, spans)]


def _enough(items: Items, spans: Spans) -> list[tuple[int, int]]:
    """The spans of weeks with enough threads: the place of each and its middle, days since 1970."""
    return [(place, int(spans.first[place] + 7 * spans.weeks[place] / 2)) for place in range(len(spans))
            if np.unique(items.thread[spans.of == place]).size >= MINIMUM_THREADS]  # fmt: skip


def _apart(early: Result, late: Result) -> Result:
    """The difference of two results of threads apart: each end moves by its own distance from the value."""
    if isinstance(early, Undefined) or isinstance(late, Undefined):
        return early if isinstance(early, Undefined) else late
    value = late.value - early.value
    if isinstance(early, Estimate) and isinstance(late, Estimate):
        low = value - float(np.hypot(late.value - late.low, early.high - early.value))
        high = value + float(np.hypot(late.high - late.value, early.value - early.low))
        return replace(late, value=value, low=max(low, -1.0), high=min(high, 1.0),
                       n_items=early.n_items + late.n_items, n_threads=early.n_threads + late.n_threads,
                       design=f"{late.design}; both periods combined as of threads apart")  # fmt: skip
    bare = late if isinstance(late, Description) else early
    assert isinstance(bare, Description)
    return replace(bare, value=value)
