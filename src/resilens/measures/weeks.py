"""When was something, in its own time? Shares by week, cumulated: onset, centre, spread, and what came before what.

Cumulating shares, not counts, gives every week the same weight: a surge of attention alone moves nothing. The share of
a week in which few threads were read is mostly chance; so weeks are taken together until `MINIMUM_THREADS` were, and
an item with the code stands for w weeks / (sum of w over the items of its weeks).

- By a day, F of the code's time has passed: the weight of its items up to then over that of all, within a week evenly.
  F is a share; it has a share's interval, from its variance over threads.
- A quantile's interval holds the days on whose F the part wanted may lie (Woodruff 1952, *Confidence intervals for
  medians and other position measures*, Journal of the American Statistical Association 47, 635-646). No end of it
  rests on drawing again: a week without the code by chance would be without it in every draw.
- An order is a share too, of the items of either code: each counts as far as it lies before those of the other. Its
  variance is at most θ (1 - θ) / n, n the effective number of threads of the rarer code (van Dantzig 1951, *On the
  consistency and the power of Wilcoxon's two sample test*, Indagationes Mathematicae 13, 1-8), so that Wilson's
  interval for n is wide enough wherever the items lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from resilens.measures.apart import apart
from resilens.measures.estimating import LEVEL, Estimating
from resilens.measures.items import NEVER, Flags, Items, Marks, Numbers, Places
from resilens.measures.material import Material
from resilens.results.tables import counted
from resilens.results.types import Estimate, Result, Undefined, in_unit
from resilens.sampling.estimates import Shown, share_limits, wilson

MINIMUM_THREADS = 10
"""Threads that a point on a curve of weeks needs."""

COARSE = (f"Weeks are taken together until {MINIMUM_THREADS} threads were read, so onset, centre, spread and order are "
          "no finer than that. What is in few threads can hardly be dated: its interval then reaches over much of the "
          "time observed. In simulated worlds intervals of nominal 95% held the centre in 85% to 93% of cases, onset "
          "and spread in 93% to 99%, and orders in nearly all.")  # fmt: skip
"""What whoever reads such a time must not miss; the figures are those of `benchmarks/measures_recovery.py`."""

INTERVALS = ("The interval of a day holds the days on which that part may have been reached (Woodruff's, linearised "
             "over threads), that of an order is Wilson's for the effective number of threads of the rarer code")
"""How their intervals are found, for a finding's method."""

MINIMUM_SPANS = 3
TINY = 1e-9
ONSET, CENTRE, QUARTERS = 0.05, 0.5, (0.25, 0.75)


@dataclass(frozen=True, eq=False)
class Spans:
    """Spans of whole weeks, in order and without a gap; arrays of shape (spans,) but the last.

    Parameters
    ----------
    first
        The Monday each begins with, days since 1970.
    weeks
        How many weeks it holds.
    of
        The span of each item, -1 where its time is unknown; shape (items,).
    """

    first: Places
    weeks: Numbers
    of: Places

    def __len__(self) -> int:
        return int(self.first.size)


def spans_of(items: Items, minimum: int = 1) -> Spans:
    """The weeks from the first to the last item, taken together until each span holds enough threads.

    What is left at the end joins the span before it.
    """
    week = items.week
    known = week != NEVER
    if not known.any():
        return Spans(np.zeros(0, dtype=np.int64), np.zeros(0), np.full(len(items), -1, dtype=np.int64))
    first, last = int(week[known].min()), int(week[known].max())
    threads = [set(items.thread[week == monday]) for monday in range(first, last + 1, 7)]
    starts, held = [0], set(threads[0])
    for place, more in enumerate(threads[1:], start=1):
        if len(held) >= minimum:
            starts.append(place)
            held = set()
        held |= more
    if len(starts) > 1 and len(held) < minimum:
        starts.pop()
    number = np.where(known, (np.where(known, week, first) - first) // 7, -1)
    of = np.where(known, np.searchsorted(np.array(starts), number, side="right") - 1, -1)
    ends = [*starts[1:], len(threads)]
    weeks = np.array([end - start for start, end in zip(starts, ends, strict=True)], dtype=np.float64)
    return Spans(first + 7 * np.array(starts, dtype=np.int64), weeks, of.astype(np.int64))


@dataclass(frozen=True, eq=False)
class Even:
    """Items weighed so that every week counts alike; arrays of shape (items,).

    Parameters
    ----------
    items, spans
        The items, all dated, and the weeks taken together.
    weight
        What each item stands for, 0 where it is not known whether it has the code.
    mass
        The weight as a part of its span's, times the span's weeks.
    there
        Which have the code.
    """

    items: Items
    spans: Spans
    weight: Numbers
    mass: Numbers
    there: Flags

    @cached_property
    def threads(self) -> int:
        """How many threads have the code."""
        return int(np.unique(self.items.thread[self.there]).size)

    @cached_property
    def effective(self) -> float:
        """The effective number of threads that have the code: (sum u)² / sum u² over their masses (Kish)."""
        own = np.bincount(self.items.thread[self.there], weights=self.mass[self.there])
        return float(own.sum() ** 2 / (own**2).sum())

    def passed(self, days: Numbers) -> tuple[Numbers, Numbers]:
        """Which part of the code's time had passed by each of k days, and what each item's weight adds to it.

        Returns
        -------
        (ndarray, ndarray)
            Shapes (k,) and (items, k): F, and its derivative by the item's weight.
        """
        elapsed = np.clip((days[None, :] - self.items.week[:, None]) / 7, 0.0, 1.0)
        own = self.mass * self.there
        part = own @ elapsed / own.sum()
        away = self.there[:, None] * (elapsed - part)
        whole = np.bincount(self.spans.of, weights=self.weight, minlength=len(self.spans))
        usual = np.zeros((len(self.spans), days.size))
        np.add.at(usual, self.spans.of, self.weight[:, None] * away)
        scale = np.divide(self.spans.weeks, whole, out=np.zeros(whole.size), where=whole > 0) / own.sum()
        usual = np.divide(usual, whole[:, None], out=np.zeros(usual.shape), where=whole[:, None] > 0)
        known = (self.weight > 0)[:, None]
        return part, known * scale[self.spans.of][:, None] * (away - usual[self.spans.of])


def even(estimating: Estimating, items: Items, marks: Marks) -> Even:
    """The items weighed so that every week counts alike; all have to be dated."""
    spans, given = _ground(estimating, items)
    weight = given * marks.known
    whole = np.bincount(spans.of, weights=weight, minlength=len(spans))
    part = np.divide(weight, whole[spans.of], out=np.zeros(len(items)), where=weight > 0)
    return Even(items, spans, weight, part * spans.weeks[spans.of], marks.there)


@lru_cache(maxsize=2)
def _ground(estimating: Estimating, items: Items) -> tuple[Spans, Numbers]:
    """The weeks taken together, and what each item stands for; the same for all codes."""
    return spans_of(items, MINIMUM_THREADS), estimating.weight(items)


@dataclass(frozen=True, eq=False)
class Course:
    """Which part of a code's time had passed by each day, with the ends of its interval; arrays of shape (days,)."""

    days: Numbers
    part: Numbers
    low: Numbers
    high: Numbers

    def reached(self, part: float) -> tuple[float, float, float]:
        """The day by which a part had passed, and the days between which it may have."""
        last = np.flatnonzero(self.low <= part)[-1] + 1
        high = crossing(self.days[last - 1 :], self.low[last - 1 :], part) if last < self.days.size else self.days[-1]
        return crossing(self.days, self.part, part), crossing(self.days, self.high, part), float(high)


def crossing(days: Numbers, curve: Numbers, part: float) -> float:
    """Where a curve, straight between days, first reaches a part; the last day where it never does."""
    above = np.flatnonzero(curve >= part - 1e-12)
    if not above.size or above[0] == 0:
        return float(days[0] if above.size else days[-1])
    place = above[0]
    rise = (part - curve[place - 1]) / (curve[place] - curve[place - 1])
    return float(days[place - 1] + rise * (days[place] - days[place - 1]))


def course(estimating: Estimating, own: Even) -> Course:
    """The course of a code's time, day by day from the first Monday to the last Sunday."""
    spans, week = own.spans, own.items.week[own.there]
    days = np.arange(spans.first[0], spans.first[-1] + 7 * spans.weeks[-1] + 1, dtype=np.float64)
    part, influence = own.passed(days)
    part = np.where(part < TINY, 0.0, np.where(part > 1 - TINY, 1.0, part))
    variance, _ = estimating.variances(own.items, influence)
    thread = own.items.thread[own.there]
    ends = []
    for place, day in enumerate(days):
        few = min(np.unique(thread[which]).size for which in (week < day, week + 7 > day))
        shown = Shown(few, own.threads, own.effective, max(1, own.threads - 1))
        ends.append(share_limits(float(part[place]), float(variance[place]), shown, LEVEL))
    low, high = np.array(ends).T
    return Course(days, part, low, high)


@dataclass(frozen=True, slots=True)
class Timing:
    """When something was, in days after an origin; `spread` is the time its middle half took."""

    onset: Result
    centre: Result
    spread: Result

    def named(self, key: str, unit: str) -> dict[str, Result]:
        """The three as a finding's estimates."""
        parts = {"onset": self.onset, "centre": self.centre, "spread": self.spread}
        return in_unit({f"{key}: {what} among {unit}": result for what, result in parts.items()}, "days")


def timing(material: Material, items: Items, marks: Marks, origin: int, what: str) -> Timing:
    """Onset (5 %), centre (50 %) and spread (25 to 75 %) of the cumulated weekly shares of a code.

    Parameters
    ----------
    origin
        The day counted from, days since 1970.
    what
        Its name, for the reason where there is none.

    Returns
    -------
    Timing
        Undefined where fewer than three spans of weeks hold enough threads: then time cannot be told from the cut. The
        interval of the spread combines those of its two ends, see `apart`.
    """
    if refused := _too_short(material.estimating, items, "the time of something"):
        return Timing(refused, refused, refused)
    if not marks.there.any():
        refused = Undefined(f"{what} was found in no dated item")
        return Timing(refused, refused, refused)
    found = course(material.estimating, even(material.estimating, items, marks))

    def result(part: float) -> Result:
        value, low, high = (day - origin for day in found.reached(part))
        return material.estimating.bounded(items, value, (low, high), "Woodruff's, linearised over threads", "days")

    late, early = (result(part) for part in reversed(QUARTERS))
    spread = apart(late, early, items.n_threads, "days")
    if isinstance(spread, Estimate):
        spread = replace(spread, n_items=len(items), low=max(0.0, spread.low))
    return Timing(result(ONSET), result(CENTRE), spread)


def _too_short(estimating: Estimating, items: Items, what: str) -> Undefined | None:
    spans, _ = _ground(estimating, items)
    if len(spans) >= MINIMUM_SPANS:
        return None
    return Undefined(f"the items read lie in {counted(len(spans_of(items)), 'week')}, which make "
                     f"{counted(len(spans), 'span')} of at least {MINIMUM_THREADS} threads; {what} needs "
                     f"{MINIMUM_SPANS}")  # fmt: skip


def before(material: Material, items: Items, first: Marks, second: Marks, what: str) -> Result:
    """P(t_a < t_b) + ½ P(t_a = t_b) of an item with a and one with b, weeks standardised to equal weight.

    0.5 where neither tends to come first; times within one week count as equal.
    """
    if refused := _too_short(material.estimating, items, "an order in time"):
        return refused
    if not first.there.any() or not second.there.any():
        return Undefined(f"{what}: one of the two was found in no dated item")
    both = [even(material.estimating, items, marks) for marks in (first, second)]
    week = (items.week - items.week.min()) // 7
    a, b = (np.bincount(week, weights=own.mass * own.there, minlength=int(week.max()) + 1) for own in both)
    value = float((a * (b.sum() - np.cumsum(b) + b / 2)).sum() / (a.sum() * b.sum()))
    ends = wilson(value, min(own.effective for own in both), LEVEL)
    how = "Wilson's, of the effective number of threads of the rarer code"
    return material.estimating.bounded(items, value, ends, how, "chance")


def weekly_points(material: Material, items: Items, marks: Marks) -> list[tuple[int, Result]]:
    """The share in each span of weeks that holds enough threads, by the middle of the span, days since 1970."""
    spans = spans_of(items, MINIMUM_THREADS)
    points = []
    for place in range(len(spans)):
        which: Flags = (spans.of == place) & marks.known
        if np.unique(items.thread[which]).size >= MINIMUM_THREADS:
            result = material.estimating.share(items.select(which), marks.there[which])
            points.append((int(spans.first[place] + 7 * spans.weeks[place] / 2), result))
    return points


def origin_of(material: Material) -> tuple[int, str]:
    """The day that times are counted from, days since 1970, and what it is: the event's, or the first item's."""
    from resilens.measures.items import day_number, day_of_number
    from resilens.results.tables import day

    event = material.study.event
    if event is not None and event.date is not None:
        return day_number(event.date), f"{day(event.date)}, the day of the event"
    known = material.items.day[material.items.dated]
    first = int(known.min()) if known.size else 0
    return first, f"{day(day_of_number(first))}, the day of the first item read"


def codes_first(sequence: Sequence[str]) -> list[tuple[str, str]]:
    """Every two of a sequence, the earlier first."""
    return [(one, other) for place, one in enumerate(sequence) for other in sequence[place + 1 :]]
