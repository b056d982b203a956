"""How did attention rise and fall, and on how few threads did it lie?

Peak, days to it from the event's day, half-life and law of the decay from it, what remained (mean of the last 28 days
over the peak), days on which the level changed; how unequally comments lie over threads; which part of the declared
comments was captured. From volumes read on three dates or more, differenced, and from the corpus as captured items a
day: what searches returned, not what the platform held. Everything here describes; nothing is generalised.

Sources: `statistics.decay`, `statistics.changepoints`, `statistics.concentration`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis

from resilens.measures import threads
from resilens.measures.attention import daily
from resilens.measures.attention.course import Course, change_table, course_of, decay_table, penalty_table
from resilens.measures.attention.daily import Series
from resilens.measures.happenings import moments, phases
from resilens.measures.material import Material
from resilens.measures.registry import Measure
from resilens.results.figures import DayCount, caption_key, captured_volume_figure, skewed
from resilens.results.tables import Column, Table, count, day, decimal, listing, share
from resilens.results.time_axis import NARROW, WIDE
from resilens.results.types import Description, Finding, Result, Undefined
from resilens.study.zones import offset_minutes

FEW = 5
"""Items a day that a series must reach once before its peak and decay are told in a sentence."""
SHOWN = 10
"""So many posts of the peak's day are the evidence."""


def compute(material: Material) -> Finding:
    """Attention over days, its concentration, and how much of it was captured."""
    volumes, items = daily.declared(material), daily.captured(material)
    if not volumes and not items:
        reason = Undefined("no item with a time was captured, and no hashtag's volume was read on three dates")
        return Finding("attention", {"items a day: peak": reason}, sentence=f"Attention: {reason.reason}.")
    courses = [course_of(series, material.estimating.seed) for series in (*volumes, *items)]
    event = material.study.event.date if material.study.event else None
    estimates = {f"{one.series.label}: {name}": result
                 for one in courses for name, result in one.results(event).items()}  # fmt: skip
    sizes = threads.thread_sizes(material.corpus)
    estimates |= threads.concentration(sizes) | threads.coverage(sizes)
    shown = volumes or items
    return Finding(
        "attention", estimates, _table(courses), _figure(material, shown, WIDE), _evidence(material, items),
        _method(courses), _sentence(courses, estimates), _caption(material, shown), _cautions(courses, bool(items)),
        {"decay": decay_table(courses), "changes": change_table(courses), "penalties": penalty_table(courses)},
        _figure(material, shown, NARROW),
    )  # fmt: skip


MEASURE = Measure(
    "attention", "Attention", "How did attention rise and fall, and on how few threads did it lie?", compute
)


def _table(courses: Sequence[Course]) -> Table:
    columns = (Column("series", "Series"), Column("day", "Day", "date"), Column("value", "A day", "decimal"))
    rows = [(one.series.label, one.series.day(place), float(value))
            for one in courses for place, value in enumerate(one.series.values)]  # fmt: skip
    notes = [f"{one.series.label.capitalize()}: {one.series.note}." for one in courses if one.series.note]
    return Table("Attention day by day", columns, rows, notes)


def _figure(material: Material, series: Sequence[Series], width: int) -> dict[str, Any]:
    rows = [DayCount(one.name, one.day(place), round(float(value)))
            for one in series for place, value in enumerate(one.values)]  # fmt: skip
    unit = "captured" if series[0].name == series[0].unit else series[0].unit
    return captured_volume_figure(rows, phases(material.study), moments(material.study), unit=unit,
                                  synthetic=material.study.study.synthetic, width=width)  # fmt: skip


def _caption(material: Material, series: Sequence[Series]) -> str:
    days = [DayCount(one.name, when, 0) for one in series for when in (one.first, one.last)]
    captured = series[0].name == series[0].unit
    what = ("Captured items a day: what searches returned and was still there, not what the platform held." if captured
            else "What each hashtag's counter grew by a day.")  # fmt: skip
    key = caption_key(days, phases(material.study), moments(material.study))
    ranked = material.draw is not None and material.draw.design == "ranked"
    drawn = [round(float(value)) for one in series for value in one.values]
    scale = "The vertical axis is a root scale." if skewed(drawn) else ""
    return " ".join(part for part in (what, scale, key, material.design_caption if captured and ranked else "") if part)


def _evidence(material: Material, series: Sequence[Series]) -> tuple[str, ...]:
    """The most commented posts of the day on which most posts were captured."""
    own = [one for one in series if one.name == "posts"]
    if not own:
        return ()
    posts, peak = material.corpus.table("posts"), own[0].day(int(own[0].values.argmax()))
    local = posts.published_at.cast("timestamp") + ibis.interval(minutes=offset_minutes(material.zone))
    there = posts.filter(local.date() == ibis.literal(peak))
    ordered = there.order_by(ibis.coalesce(there.comments, -1).desc(), there.post_id).limit(SHOWN)
    return tuple(material.corpus.frame(ordered.select("post_id"))["post_id"].to_pylist())


def _method(courses: Sequence[Course]) -> str:
    return (
        f"Attention is described by {listing([one.series.label for one in courses])}. Decay from the peak on was "
        "fitted by an exponential, a power law and a biexponential by least squares on 2 sqrt(x + 3/8) and compared by "
        "AIC, differences under 2 being undecided; changes of level are the exact segmentation of the same values at a "
        "penalty of 3 ln(n) times the noise, each with its frequency in 200 block-bootstrap draws; what remained is "
        "the mean of the last 28 days over the peak. Inequality is Gini's coefficient and the share of the top 1% of "
        "threads."
    )


def _sentence(courses: Sequence[Course], estimates: Mapping[str, Result]) -> str:
    said = []
    for one in courses:
        label, top = one.series.label, float(one.series.values.max())
        if top < FEW:
            said.append(f"{label[0].upper()}{label[1:]} were never more than {_number(top)}, too few to tell a course.")
            continue
        words = f"{label[0].upper()}{label[1:]} peaked on {day(one.peak)} at {_number(top)}"
        half, left = estimates[f"{label}: half-life"], estimates[f"{label}: remainder"]
        if isinstance(half, Description):
            doubt = " (which law of decay is undecided)" if len(one.contending) > 1 else ""
            words += f" and fell by half within {decimal(half.value, 1)} days{doubt}"
        if isinstance(left, Description):
            words += f"; {share(left.value)} of the peak remained at the end"
        said.append(f"{words}.")
    top_threads = estimates["captured comments over threads: top 1%"]
    if isinstance(top_threads, Description) and top_threads.n >= 100:  # of fewer, one per cent is not even a thread
        said.append(f"The top 1% of threads hold {share(top_threads.value)} of the captured comments.")
    covered = estimates["coverage: all threads"]
    if isinstance(covered, Description):
        said.append(f"{share(covered.value)} of the declared comments were captured.")
    return " ".join(said)


def _number(top: float) -> str:
    return count(round(top)) if top >= 10 or top == round(top) else decimal(top, 1)


def _days(half_life: float | None) -> str:
    return "none" if half_life is None else f"{decimal(half_life, 1)} days"


def _cautions(courses: Sequence[Course], captured: bool) -> tuple[str, ...]:
    said = ["Who read without writing, and what was removed before the first capture, cannot be seen."]
    if captured:
        said.append("Captured items a day follow what was searched for and what the ranking returned; a fall in them "
                    "is not yet a fall in attention.")  # fmt: skip
    for one in courses:
        if len(one.contending) > 1:
            laws = [f"{fit.model} ({_days(fit.half_life)})" for fit in one.contending]
            said.append(f"{one.series.label}: {listing(laws)} fit alike, with these half-lives.")
        if one.series.irregular:
            said.append(f"{one.series.label}: {one.series.irregular}, so the peak is the fastest growth between dates.")
    return tuple(said)
