"""When was something, in its own time? Shares by week, cumulated: onset, centre, spread, and what came before what.

Consecutive weeks are taken together until they hold enough threads, so that no week speaks by one thread; such a span
counts with its share for each of its weeks. Cumulating shares, not counts, gives every week the same weight: a surge of
attention alone moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from resilens.measures.items import NEVER, Flags, Items, Marks, Numbers, Places
from resilens.measures.material import Material
from resilens.results.types import Result, Undefined

MINIMUM_THREADS = 10
"""Threads that a span of weeks needs."""

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


def spans_of(items: Items, minimum: int = MINIMUM_THREADS) -> Spans:
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


def sums_of(spans: Spans, marks: Marks) -> Numbers:
    """What each item adds to each span: with the code, then read; shape (items, 2 spans)."""
    inside = (spans.of[:, None] == np.arange(len(spans))[None, :]) & marks.known[:, None]
    return np.concatenate([inside & marks.there[:, None], inside], axis=1).astype(np.float64)


def weekly_shares(totals: Numbers, spans: int) -> Numbers:
    """Shares from totals, shape (draws, spans); 0 where nothing was read."""
    there, read = totals[:, :spans], totals[:, spans : 2 * spans]
    return np.divide(there, read, out=np.zeros_like(there), where=read > 0)


def reached(shares: Numbers, spans: Spans, part: float) -> Numbers:
    """The day by which a part of the cumulated shares was reached, days since 1970, within a span evenly.

    Parameters
    ----------
    shares
        Shape (draws, spans).
    part
        Of the whole, in (0, 1).

    Returns
    -------
    ndarray
        Shape (draws,), NaN where all shares are 0.
    """
    mass = shares * spans.weeks
    whole = mass.sum(axis=1)
    after = np.cumsum(mass, axis=1)
    place = (after < part * whole[:, None] - 1e-12).sum(axis=1).clip(max=len(spans) - 1)
    rows = np.arange(len(mass))
    before = after[rows, place] - mass[rows, place]
    own = np.where(mass[rows, place] > 0, mass[rows, place], 1.0)
    within = (part * whole - before) / own
    day = spans.first[place] + 7 * spans.weeks[place] * within
    return np.where(whole > 0, day, np.nan)


@dataclass(frozen=True, slots=True)
class Timing:
    """When something was, in days after an origin; `spread` is the time its middle half took."""

    onset: Result
    centre: Result
    spread: Result

    def named(self, key: str, unit: str) -> dict[str, Result]:
        """The three as a finding's estimates."""
        return {f"{key}: {what} among {unit}": result for what, result in
                (("onset", self.onset), ("centre", self.centre), ("spread", self.spread))}  # fmt: skip


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
        Undefined where the items fill fewer than three spans of weeks: then time cannot be told from the cut.
    """
    spans = spans_of(items)
    if len(spans) < 3:
        refused = Undefined(f"the items read fill {len(spans)} spans of weeks with {MINIMUM_THREADS} threads each; the "
                            "time of something needs three")  # fmt: skip
        return Timing(refused, refused, refused)
    sums, missing = sums_of(spans, marks), f"{what} was found in no dated item"

    def at(part: float) -> Result:
        return material.estimating.drawn(
            items, sums, lambda totals: reached(weekly_shares(totals, len(spans)), spans, part) - origin,
            missing=missing, unit="days",
        )  # fmt: skip

    def middle_half(totals: Numbers) -> Numbers:
        shares = weekly_shares(totals, len(spans))
        return reached(shares, spans, QUARTERS[1]) - reached(shares, spans, QUARTERS[0])

    spread = material.estimating.drawn(items, sums, middle_half, missing=missing, unit="days")
    return Timing(at(ONSET), at(CENTRE), spread)


def before(material: Material, items: Items, first: Marks, second: Marks, what: str) -> Result:
    """P(t_a < t_b) + ½ P(t_a = t_b) of an item with a and one with b, weeks standardised to equal weight.

    0.5 where neither tends to come first; times within one span of weeks count as equal.
    """
    spans = spans_of(items)
    size = len(spans)
    if size < 3:
        return Undefined(f"the items read fill {size} spans of weeks; an order in time needs three")

    def order(totals: Numbers) -> Numbers:
        a = weekly_shares(totals[:, : 2 * size], size) * spans.weeks
        b = weekly_shares(totals[:, 2 * size :], size) * spans.weeks
        later = b.sum(axis=1, keepdims=True) - np.cumsum(b, axis=1)
        return np.asarray((a * (later + b / 2)).sum(axis=1) / (a.sum(axis=1) * b.sum(axis=1)))

    sums = np.concatenate([sums_of(spans, first), sums_of(spans, second)], axis=1)
    return material.estimating.drawn(items, sums, order, missing=f"{what}: one of the two was found in no dated item")


def weekly_points(material: Material, items: Items, marks: Marks) -> list[tuple[int, Result]]:
    """The share in each span of weeks that holds enough threads, by the middle of the span, days since 1970."""
    spans = spans_of(items)
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
        return day_number(event.date), f"{day(event.date)} ({event.name})"
    known = material.items.day[material.items.dated]
    first = int(known.min()) if known.size else 0
    return first, f"{day(day_of_number(first))} (the first item read)"


def codes_first(sequence: Sequence[str]) -> list[tuple[str, str]]:
    """Every two of a sequence, the earlier first."""
    return [(one, other) for place, one in enumerate(sequence) for other in sequence[place + 1 :]]
