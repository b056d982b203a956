"""When was something, in its own time? Shares by week, cumulated: onset, centre, spread, and what came before what.

Cumulating shares, not counts, gives every week the same weight: a surge of attention alone moves nothing. The share of
a week in which few threads were read is mostly chance; so weeks are taken together until `MINIMUM_THREADS` were, and
an item with the code stands for w weeks / (sum of w over the items of its weeks).

What is estimated is the same of all that was captured in the time between the first and the last item read, its weeks
taken together as in this sample. Within weeks taken together items count by volume and not week by week, so it is not
what the corpus's own, finer weeks would give: those a sample of so many threads cannot tell apart.

- By a day, F of the code's time has passed: the weight of its items up to then over that of all, within a week evenly.
  F is a share; on Mondays it has a share's interval, from its variance over threads, which never rests on more threads
  than the effective number (Kish 1965, *Survey Sampling*) that have the code. Between Mondays its ends run straight.
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
from typing import TypeAlias

import numpy as np

from resilens.measures.apart import apart
from resilens.measures.estimating import LEVEL, Estimating
from resilens.measures.items import NEVER, Flags, Items, Marks, Numbers, Places, day_number, day_of_number
from resilens.measures.material import Material
from resilens.results.tables import Column, Table, Value, counted, day
from resilens.results.types import Estimate, Result, Undefined, in_unit
from resilens.sampling.estimates import Shown, share_limits, wilson

MINIMUM_THREADS = 10
"""Threads that a point on a curve of weeks needs."""

COARSE = (f"Weeks are taken together until {MINIMUM_THREADS} threads were read, so onset, centre, spread and order are "
          "no finer than that. What is in few threads can hardly be dated: its interval then reaches over much of the "
          "time observed. In 100 simulated worlds intervals of nominal 95% held the centre in 95% to 96% of cases, "
          "onset and spread in 96% to 99%, and orders in nearly all. What finer weeks would give, had all that was "
          "captured been read, they held less often: the onset of stages among comments in 75%, their centre in 88% "
          "(and mostly missed it by less than a day), all else in 92% or more.")  # fmt: skip
"""What whoever reads such a time must not miss; the figures are those of `benchmarks/measures_recovery.py`."""

DATING = (
    "These times go by weeks taken together as in this sample (see the table of weeks). Where the chances of being "
    "drawn are known, they speak of all that was captured between the first and the last item read, else of the items "
    "coded and no others. The interval of a day holds the days on which that part may have been reached (Woodruff's, "
    "linearised over threads), that of an order is Wilson's for the effective number of threads of the rarer code"
)
"""What such times are and how their intervals are found, for a finding's method."""

AS_READ = "weeks taken together as in this sample"

MINIMUM_SPANS = 3
TINY = 1e-9
ONSET, CENTRE, QUARTERS = 0.05, 0.5, (0.25, 0.75)


Mondays: TypeAlias = tuple[int, ...]
"""Between which weeks are taken together, days since 1970: those with which spans begin, and the one after the last."""


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
        The span of each item, -1 where its time is unknown or in none; shape (items,).
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
    return spans_between(items, mondays_of(items, minimum))


def mondays_of(items: Items, minimum: int = 1) -> Mondays:
    """The Mondays with which those spans begin, and the one after the last; none where no item is dated."""
    week = items.week
    known = week != NEVER
    if not known.any():
        return ()
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
    return tuple(first + 7 * place for place in (*starts, len(threads)))


def spans_between(items: Items, mondays: Mondays) -> Spans:
    """The spans between these Mondays; an item before the first or after the last lies in none."""
    edges = np.array(mondays, dtype=np.int64)
    inside = items.dated & (items.week >= edges[0]) & (items.week < edges[-1]) if edges.size else items.dated & False
    of = np.where(inside, np.searchsorted(edges, items.week, side="right") - 1, -1)
    return Spans(edges[:-1], np.diff(edges) / 7, of.astype(np.int64))


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


def even(estimating: Estimating, items: Items, marks: Marks, mondays: Mondays = ()) -> Even:
    """The items weighed so that every week counts alike; all have to be dated.

    Parameters
    ----------
    mondays
        Between which weeks are taken together; as these items demand it unless given. What lies outside of them stands
        for nothing.
    """
    spans, given = _ground(estimating, items, mondays)
    inside = spans.of >= 0
    spans = replace(spans, of=np.maximum(spans.of, 0))
    weight = given * (marks.known & inside)
    whole = np.bincount(spans.of, weights=weight, minlength=len(spans))
    part = np.divide(weight, whole[spans.of], out=np.zeros(len(items)), where=weight > 0)
    return Even(items, spans, weight, part * spans.weeks[spans.of], marks.there & inside)


@lru_cache(maxsize=2)
def _ground(estimating: Estimating, items: Items, mondays: Mondays) -> tuple[Spans, Numbers]:
    """The weeks taken together, and what each item stands for; the same for all codes."""
    return spans_between(items, mondays or mondays_of(items, MINIMUM_THREADS)), estimating.weight(items)


@dataclass(frozen=True, eq=False)
class Course:
    """Which part of a code's time had passed by each Monday, with the ends of its interval; arrays of shape (days,)."""

    days: Numbers
    part: Numbers
    low: Numbers
    high: Numbers

    def reached(self, part: float) -> tuple[float, float, float]:
        """The day by which a part had passed, and the days between which it may have."""
        last = np.flatnonzero(self.low <= part)[-1]
        latest = crossing(self.days[last:], self.low[last:], part)
        return crossing(self.days, self.part, part), crossing(self.days, self.high, part), latest


def crossing(days: Numbers, curve: Numbers, part: float) -> float:
    """Where a curve, straight between days, first reaches a part; the last day where it never does."""
    above = np.flatnonzero(curve >= part - 1e-12)
    if not above.size or above[0] == 0:
        return float(days[0] if above.size else days[-1])
    place = above[0]
    rise = (part - curve[place - 1]) / (curve[place] - curve[place - 1])
    return float(days[place - 1] + rise * (days[place] - days[place - 1]))


def course(estimating: Estimating, own: Even) -> Course:
    """The course of a code's time, Monday by Monday from the first to the one after the last week.

    Only there is F a share whose interval can be found: within a week time passes evenly whatever was read, and where
    one week holds all there would be nothing to see of how unsure it is.
    """
    spans, week = own.spans, own.items.week[own.there]
    days = np.arange(spans.first[0], spans.first[-1] + 7 * spans.weeks[-1] + 1, 7, dtype=np.float64)
    part, influence = own.passed(days)
    part = np.where(part < TINY, 0.0, np.where(part > 1 - TINY, 1.0, part))
    variance, _ = estimating.variances(own.items, influence)
    thread = own.items.thread[own.there]
    ends = [(0.0, 0.0)]
    for place, monday in enumerate(days[1:-1], start=1):
        fewer = min(np.unique(thread[which]).size for which in (week < monday, week >= monday))
        shown = Shown(fewer, own.effective, own.effective, max(1, own.threads - 1))
        ends.append(share_limits(float(part[place]), float(variance[place]), shown, LEVEL))
    low, high = np.array([*ends, (1.0, 1.0)]).T
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
    if refused := _too_short(material, items, "the time of something"):
        return Timing(refused, refused, refused)
    own = even(material.estimating, items, marks, _mondays(material, items))
    if not own.there.any():
        refused = Undefined(f"{what} was found in no dated item")
        return Timing(refused, refused, refused)
    found = course(material.estimating, own)

    def result(part: float) -> Result:
        value, low, high = (reached - origin for reached in found.reached(part))
        how = f"Woodruff's, linearised over threads; {AS_READ}"
        return material.estimating.bounded(items, value, (low, high), how, "days")

    late, early = (result(part) for part in reversed(QUARTERS))
    spread = apart(late, early, items.n_threads, "days")
    if isinstance(spread, Estimate):
        spread = replace(spread, n_items=len(items), low=max(0.0, spread.low))
    return Timing(result(ONSET), result(CENTRE), spread)


def joined(material: Material) -> dict[str, Mondays]:
    """Between which weeks are taken together, of posts and of comments."""
    return {unit: material.mondays.get(unit) or mondays_of(items, MINIMUM_THREADS) for unit, items in material.units()}


def _mondays(material: Material, items: Items) -> Mondays:
    return material.mondays.get("posts" if items.is_post.all() else "comments", ())


def _too_short(material: Material, items: Items, what: str) -> Undefined | None:
    spans, _ = _ground(material.estimating, items, _mondays(material, items))
    if len(spans) >= MINIMUM_SPANS:
        return None
    return Undefined(f"the items read lie in {counted(len(spans_of(items)), 'week')}, which make "
                     f"{counted(len(spans), 'span')} of at least {MINIMUM_THREADS} threads; {what} needs "
                     f"{MINIMUM_SPANS}")  # fmt: skip


def before(material: Material, items: Items, first: Marks, second: Marks, what: str) -> Result:
    """P(t_a < t_b) + ½ P(t_a = t_b) of an item with a and one with b, weeks standardised to equal weight.

    0.5 where neither tends to come first; times within one week count as equal.
    """
    if refused := _too_short(material, items, "an order in time"):
        return refused
    both = [even(material.estimating, items, marks, _mondays(material, items)) for marks in (first, second)]
    if not all(own.there.any() for own in both):
        return Undefined(f"{what}: one of the two was found in no dated item")
    week = (items.week - items.week.min()) // 7
    a, b = (np.bincount(week, weights=own.mass * own.there, minlength=int(week.max()) + 1) for own in both)
    value = float((a * (b.sum() - np.cumsum(b) + b / 2)).sum() / (a.sum() * b.sum()))
    ends = wilson(value, min(own.effective for own in both), LEVEL)
    how = f"Wilson's, of the effective number of threads of the rarer code; {AS_READ}"
    return material.estimating.bounded(items, value, ends, how, "chance")


def weeks_table(material: Material) -> Table:
    """Which weeks were taken together, of posts and of comments."""
    rows: list[list[Value]] = []
    for unit, items in material.units():
        spans = spans_between(items, joined(material)[unit])
        for place, (first, weeks) in enumerate(zip(spans.first.tolist(), spans.weeks.tolist(), strict=True)):
            read = items.thread[spans.of == place]
            ends = (day_of_number(first), day_of_number(first + 7 * int(weeks) - 1))
            rows.append([unit, *ends, int(weeks), int(np.unique(read).size), read.size])
    columns = [Column("unit", "Of"), Column("first", "From", "date"), Column("last", "To", "date"),
               Column("weeks", "Weeks", "count"), Column("threads", "Threads read", "count"),
               Column("items", "Items read", "count")]  # fmt: skip
    return Table(f"Weeks taken together until {MINIMUM_THREADS} threads were read", columns, rows)


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
    event = material.study.event
    if event is not None and event.date is not None:
        return day_number(event.date), f"{day(event.date)}, the day of the event"
    known = material.items.day[material.items.dated]
    first = int(known.min()) if known.size else 0
    return first, f"{day(day_of_number(first))}, the day of the first item read"


def codes_first(sequence: Sequence[str]) -> list[tuple[str, str]]:
    """Every two of a sequence, the earlier first."""
    return [(one, other) for place, one in enumerate(sequence) for other in sequence[place + 1 :]]
