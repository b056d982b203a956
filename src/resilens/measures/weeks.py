"""When was something, in its own time? Shares by week, cumulated: onset, centre, spread, and what came before what.

Cumulating shares, not counts, gives every week the same weight: a surge of attention alone moves nothing. A week
without any item joins the one before it. A rare code is often absent from a quiet week by chance, which no drawing
again of its few threads can show; so the interval comes from a model of each week's share (`weekly_model`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from resilens.measures.estimating import Estimating
from resilens.measures.items import NEVER, Flags, Items, Marks, Numbers, Places
from resilens.measures.material import Material
from resilens.results.tables import counted
from resilens.results.types import Result, Undefined

MINIMUM_THREADS = 10
"""Threads that a point on a curve of weeks needs."""

PRIOR = 1.0
"""How many threads the overall share counts for in each week."""

ASSUMPTION = "in each week, threads show the code independently, and before anything was read as often as in all weeks"

SHORTFALL = ("Intervals of onset, centre and order are somewhat short where few posts were read a week: in simulated "
             "worlds those of nominal 95% held the truth in 91% to 97% of cases (comments) and 72% to 94% (posts).")
"""What `benchmarks/measures_recovery.py` showed of these intervals, for whoever reads them."""

MINIMUM_WEEKS = 3
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


def weekly_model(
    estimating: Estimating, items: Items, spans: Spans, marks: Marks, stream: int
) -> tuple[Numbers, Numbers]:
    """The share in each span, and what it might as well have been.

    The share of a span is drawn from Beta(n p + c q, n (1 - p) + c (1 - q)): p the share found, n Kish's effective
    number of threads, (sum w)² / sum w² over the threads' weights, q the share in all spans, c = `PRIOR`.

    Parameters
    ----------
    stream
        Tells codes apart that are drawn beside each other.

    Returns
    -------
    (ndarray, ndarray)
        Shapes (1, spans) and (draws, spans).
    """
    weight = estimating.weight(items) * marks.known
    threads = np.zeros((len(spans), len(items.threads)))
    inside = spans.of >= 0
    np.add.at(threads, (spans.of[inside], items.thread[inside]), weight[inside])
    read = threads.sum(axis=1)
    there = np.bincount(spans.of[inside], weights=(weight * marks.there)[inside], minlength=len(spans))
    share = np.divide(there, read, out=np.zeros(len(spans)), where=read > 0)
    squares = (threads**2).sum(axis=1)
    effective = np.divide(read**2, squares, out=np.zeros(len(spans)), where=squares > 0)
    overall = there.sum() / read.sum() if read.sum() else 0.0
    generator = np.random.default_rng([estimating.seed, stream])
    drawn = generator.beta(effective * share + PRIOR * overall + TINY,
                           effective * (1 - share) + PRIOR * (1 - overall) + TINY,
                           size=(estimating.draws, len(spans)))  # fmt: skip
    return share[None, :], drawn


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
        Basis *model*. Undefined where the items lie in fewer than three weeks: then time cannot be told from the cut.
    """
    spans = spans_of(items)
    if len(spans) < MINIMUM_WEEKS:
        refused = Undefined(f"the items read lie in {counted(len(spans), 'week')}; the time of something needs "
                            f"{MINIMUM_WEEKS}")  # fmt: skip
        return Timing(refused, refused, refused)
    found, drawn = weekly_model(material.estimating, items, spans, marks, 0)

    def result(value: Callable[[Numbers], Numbers]) -> Result:
        return material.estimating.modelled(items, value(found), value(drawn), ASSUMPTION, unit="days",
                                            missing=f"{what} was found in no dated item")  # fmt: skip

    return Timing(
        result(lambda shares: reached(shares, spans, ONSET) - origin),
        result(lambda shares: reached(shares, spans, CENTRE) - origin),
        result(lambda shares: reached(shares, spans, QUARTERS[1]) - reached(shares, spans, QUARTERS[0])),
    )


def before(material: Material, items: Items, first: Marks, second: Marks, what: str) -> Result:
    """P(t_a < t_b) + ½ P(t_a = t_b) of an item with a and one with b, weeks standardised to equal weight.

    0.5 where neither tends to come first; times within one week count as equal.
    """
    spans = spans_of(items)
    if len(spans) < MINIMUM_WEEKS:
        return Undefined(f"the items read lie in {counted(len(spans), 'week')}; an order in time needs {MINIMUM_WEEKS}")
    pairs = zip(*(weekly_model(material.estimating, items, spans, marks, stream)
                  for stream, marks in enumerate((first, second))), strict=True)  # fmt: skip
    found, drawn = (_order(a * spans.weeks, b * spans.weeks) for a, b in pairs)
    missing = f"{what}: one of the two was found in no dated item"
    return material.estimating.modelled(items, found, drawn, ASSUMPTION, missing=missing, within=(0.0, 1.0))


def _order(a: Numbers, b: Numbers) -> Numbers:
    """P(t_a < t_b) + ½ P(=) from masses a span, shape (draws, spans) each; NaN where one of them is nothing."""
    later = b.sum(axis=1, keepdims=True) - np.cumsum(b, axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray((a * (later + b / 2)).sum(axis=1) / (a.sum(axis=1) * b.sum(axis=1)))


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
        return day_number(event.date), f"{day(event.date)} ({event.name})"
    known = material.items.day[material.items.dated]
    first = int(known.min()) if known.size else 0
    return first, f"{day(day_of_number(first))} (the first item read)"


def codes_first(sequence: Sequence[str]) -> list[tuple[str, str]]:
    """Every two of a sequence, the earlier first."""
    return [(one, other) for place, one in enumerate(sequence) for other in sequence[place + 1 :]]
