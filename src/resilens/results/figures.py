"""How does a table become a figure: a Vega-Lite specification, and from it the same SVG bytes every time?

Colour never stands alone: panels, letters, dashes or shapes say the same. Text stays text, so that hashtags can be
searched and Chinese shows in the reader's font; ink is `currentColor`, so that a figure follows a dark page. Positions
are fixed here, not measured from a font, so that the bytes do not depend on the fonts of the machine.
"""

from __future__ import annotations

import calendar
import math
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

import vl_convert

from resilens.results import tables

Specification: TypeAlias = Mapping[str, Any]

FONT = '"Noto Sans", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif'
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito's colours without black and yellow, safe for the colour-blind; in grey use `DASHES` or `SHAPES`."""
DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (12, 4), (1, 4))
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
INK = "currentColor"
WARNING = "#c2410c"
AXIS_INK = {"domainColor": INK, "tickColor": INK, "labelColor": INK, "titleColor": INK, "labelFontSize": 11}
WIDE, NARROW = 640, 300
"""Widths in pixels: for a page, and for a telephone."""

PANEL, GAP, HEADER, LEFT, RIGHT, BOTTOM = 62, 28, 62, 40, 10, 44


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many items were captured of one day under one hashtag, written as it should show: `#cattax`."""

    hashtag: str
    day: date
    items: int


@dataclass(frozen=True, slots=True)
class Period:
    """A named span of days, shaded; both days belong to it, `last` None where it is open."""

    name: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Moment:
    """A dated happening, drawn as a dashed line with a letter."""

    name: str
    day: date


def letter(position: int) -> str:
    """A, B, ... Z, AA, AB, ... for positions 0, 1, ..."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def roman(number: int) -> str:
    """I, II, III, ... for 1, 2, 3, ..."""
    written = ""
    for value, sign in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        times, number = divmod(number, value)
        written += sign * times
    return written


def skewed(values: Sequence[int]) -> bool:
    """Whether the largest value is more than ten times the median of those above zero: then a root scale is used."""
    above = [value for value in values if value > 0]
    return bool(above) and max(above) > 10 * statistics.median(above)


def visible(rows: Sequence[DayCount], moments: Sequence[Moment]) -> list[Moment]:
    """The moments inside the days that the rows cover, by day then name: those the figure letters A, B, ..."""
    days = [row.day for row in rows]
    inside = [moment for moment in moments if days and min(days) <= moment.day <= max(days)]
    return sorted(inside, key=lambda moment: (moment.day, moment.name))


def captured_volume_figure(
    rows: Sequence[DayCount],
    phases: Sequence[Period] = (),
    milestones: Sequence[Moment] = (),
    *,
    unit: str = "posts",
    synthetic: bool = False,
    width: int = WIDE,
) -> dict[str, Any]:
    """Captured items a day, one panel a hashtag, all on one scale (a root scale where `skewed`).

    Phases are shaded and numbered I, II, ... in their order; milestones are dashed lines lettered A, B, ... as
    `visible` orders them; the caption tells what they stand for.

    Parameters
    ----------
    rows
        Items a day; panels stand in the order in which hashtags first appear.
    unit
        What is counted, in the plural.
    synthetic
        Whether SYNTHETIC is drawn into the figure.
    width
        Pixels of the whole figure.

    Raises
    ------
    ValueError
        If there are no rows.
    """
    if not rows:
        raise ValueError("a figure of captured volume needs at least one day")
    axis = _Days(min(row.day for row in rows), max(row.day for row in rows) + timedelta(days=1), width - LEFT - RIGHT)
    root = skewed([row.items for row in rows])
    top = _ceiling(max(row.items for row in rows))
    hashtags = list(dict.fromkeys(row.hashtag for row in rows))
    shown = visible(rows, milestones)
    panels = [_header(axis, phases, shown, synthetic)]
    background = _background(axis, phases, shown)
    for position, hashtag in enumerate(hashtags):
        own = [row for row in rows if row.hashtag == hashtag]
        bars = _bars(axis, own, top, root)
        x_axis = axis.drawn(labelled=position == len(hashtags) - 1)
        layers: list[dict[str, Any]] = [*background, bars]
        for layer in layers:
            x = {**layer["encoding"]["x"], "type": "temporal", "scale": axis.scale(), "axis": x_axis}
            layers[layers.index(layer)] = {**layer, "encoding": {**layer["encoding"], "x": x}}
        title = _title(hashtag, sum(row.items for row in own), unit, raised=position == 0 and bool(shown))
        panels.append({"width": axis.width, "height": PANEL, "layer": [*layers, title]})
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "usermeta": {"width": width, "height": HEADER + len(hashtags) * (GAP + PANEL) + BOTTOM + 4},
        "background": None,
        "padding": {"left": LEFT, "right": RIGHT, "top": 4, "bottom": BOTTOM},
        "autosize": {"type": "none"},
        "bounds": "flush",
        "spacing": GAP,
        "vconcat": panels,
        "config": {"aria": False, "font": FONT, "view": {"stroke": None}, "text": {"fontSize": 12}},
    }


def svg(specification: Specification) -> str:
    """The SVG of a specification, the same bytes every time; nothing is loaded from anywhere.

    A specification laid out by hand (`autosize` none) states its whole size under `usermeta`.

    Raises
    ------
    ValueError
        If the specification is refused.
    """
    drawn: str = vl_convert.vegalite_to_svg(dict(specification), allowed_base_urls=[])
    size = specification.get("usermeta", {})
    if size:
        whole = 'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'.format(**size)
        drawn = re.sub(r'width="[\d.]+" height="[\d.]+" viewBox="[^"]*"', whole, drawn, count=1)
    return drawn.strip() + "\n"


def caption_key(rows: Sequence[DayCount], phases: Sequence[Period], milestones: Sequence[Moment]) -> str:
    """What the numerals and letters of `captured_volume_figure` stand for, as sentences; empty where it has none."""
    days = [row.day for row in rows]
    parts = [
        f"{roman(number)}, {phase.name}" for number, phase in enumerate(phases, start=1)
        if days and phase.first <= max(days) and (phase.last is None or phase.last >= min(days))
    ]  # fmt: skip
    happened = [
        f"{letter(position)}, {moment.name} ({tables.day(moment.day)})"
        for position, moment in enumerate(visible(rows, milestones))
    ]
    sentences = [f"Shaded, the phases of observation: {'; '.join(parts)}."] if parts else []
    if happened:
        sentences.append(f"Dashed, milestones of the event: {'; '.join(happened)}.")
    return " ".join(sentences)


@dataclass(frozen=True, slots=True)
class _Days:
    """The time axis: days from `first` up to, not including, `end`, over `width` pixels."""

    first: date
    end: date
    width: int

    def at(self, day: date) -> int:
        """Milliseconds since 1970, which no time zone can move."""
        inside = min(max(day, self.first), self.end)
        return calendar.timegm(inside.timetuple()) * 1000

    def pixels(self, day: date) -> float:
        return (day - self.first).days / (self.end - self.first).days * self.width

    def scale(self) -> dict[str, Any]:
        return {"type": "utc", "domain": [self.at(self.first), self.at(self.end)], "nice": False}

    def drawn(self, labelled: bool) -> dict[str, Any]:
        """The axis as Vega-Lite draws it; only the last panel's is labelled."""
        dates = tables.span(self.first, self.end - timedelta(days=1))
        return {
            **AXIS_INK, "values": [self.at(day) for day in self.ticks()], "labels": labelled, "ticks": labelled,
            "format": "%-d %b" if (self.end - self.first).days <= 370 else "%b %Y", "grid": False,
            "title": dates if labelled else None, "titleFontSize": 11, "titleFontWeight": "normal",
            "labelOverlap": False, "minExtent": 20, "maxExtent": 20,
        }  # fmt: skip

    def ticks(self) -> list[date]:
        """Days, weeks, fortnights, months, quarters or years: the finest step whose labels have room."""
        room = max(2, self.width // 64)
        days = [self.first + timedelta(days=number) for number in range((self.end - self.first).days)]
        steps = (
            days,
            [day for day in days if day.weekday() == 0],
            [day for day in days if day.day in (1, 15)],
            [day for day in days if day.day == 1],
            [day for day in days if day.day == 1 and day.month in (1, 4, 7, 10)],
            [day for day in days if day.day == 1 and day.month == 1],
        )
        fitting = [step for step in steps if 0 < len(step) <= room]
        if fitting:
            return fitting[0]
        coarsest = next(step for step in reversed(steps) if step)
        return coarsest[:: -(-len(coarsest) // room)]


def _header(axis: _Days, phases: Sequence[Period], moments: Sequence[Moment], synthetic: bool) -> dict[str, Any]:
    """The strip above the panels: SYNTHETIC, the phases' numerals, the milestones' letters right above the first."""
    marks: list[dict[str, Any]] = []
    if synthetic:
        style = {"align": "right", "fontWeight": "bold", "fontSize": 12, "fill": WARNING}
        marks.append(_written("SYNTHETIC", axis.width, 6, **style))
    for number, phase in enumerate(phases, start=1):
        last = phase.last or axis.end
        if phase.first < axis.end and last >= axis.first:
            middle = (max(0.0, axis.pixels(phase.first)) + min(axis.width, axis.pixels(last) + 1)) / 2
            marks.append(_written(roman(number), round(middle, 1), 28, fontSize=11))
    taken = [-99.0, -99.0]
    for position, moment in enumerate(moments):
        place = round(axis.pixels(moment.day), 1)
        row = 0 if place - taken[0] >= 12 else 1
        taken[row] = place
        marks.append(_written(letter(position), place, HEADER + (22, 11)[row], fontSize=11, fontWeight="bold"))
    marks = marks or [_written("", 0, 0)]
    return {"width": axis.width, "height": HEADER, "layer": marks}


def _written(text: str, x: float, y: float, **style: Any) -> dict[str, Any]:
    mark = {"type": "text", "text": text, "x": x, "y": y, "align": "center", "fill": INK, **style}
    return {"data": {"values": [{}]}, "mark": mark}


def _background(axis: _Days, phases: Sequence[Period], moments: Sequence[Moment]) -> list[dict[str, Any]]:
    shaded = [
        {"from": axis.at(phase.first), "to": axis.at((phase.last or axis.end) + timedelta(days=1)),
         "shade": 0.05 if number % 2 else 0.11}
        for number, phase in enumerate(phases, start=1)
        if phase.first < axis.end and (phase.last is None or phase.last >= axis.first)
    ]  # fmt: skip
    layers: list[dict[str, Any]] = []
    if shaded:
        layers.append({
            "data": {"values": shaded},
            "mark": {"type": "rect", "fill": INK, "y": 0, "y2": PANEL},
            "encoding": {
                "x": {"field": "from"},
                "x2": {"field": "to"},
                "fillOpacity": {"field": "shade", "type": "quantitative", "scale": None, "legend": None},
            },
        })  # fmt: skip
    if moments:
        layers.append({
            "data": {"values": [{"at": axis.at(moment.day)} for moment in moments]},
            "mark": {"type": "rule", "stroke": INK, "strokeDash": [3, 3], "strokeOpacity": 0.7, "y": 0, "y2": PANEL},
            "encoding": {"x": {"field": "at"}},
        })  # fmt: skip
    return layers


def _bars(axis: _Days, rows: Sequence[DayCount], top: int, root: bool) -> dict[str, Any]:
    y_axis = {
        **AXIS_INK, "values": [0, top / 4 if root else top / 2, top], "title": None, "domain": False, "ticks": False,
        "gridColor": INK, "gridOpacity": 0.15, "format": ",d", "minExtent": 30, "maxExtent": 30,
    }  # fmt: skip
    values = [
        {"from": axis.at(row.day), "to": axis.at(row.day + timedelta(days=1)), "items": row.items, "zero": 0}
        for row in sorted(rows, key=lambda row: row.day)
        if row.items
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "fill": PALETTE[0], "stroke": PALETTE[0], "strokeWidth": 0.5},
        "encoding": {
            "x": {"field": "from"},
            "x2": {"field": "to"},
            "y": {"field": "items", "type": "quantitative", "axis": y_axis,
                  "scale": {"type": "sqrt" if root else "linear", "domain": [0, top], "nice": False}},
            "y2": {"field": "zero"},
        },
    }  # fmt: skip


def _title(hashtag: str, total: int, unit: str, raised: bool) -> dict[str, Any]:
    noun = unit.removesuffix("s") if total == 1 else unit
    text = f"{hashtag} · {tables.count(total)} {noun}"
    return _written(text, 0, -33 if raised else -9, align="left", fontWeight="bold")


def _ceiling(value: int) -> int:
    """The next number of the form 4, 8, 10, 12, 20, 40, 80, 100, ... so that its quarter or half is readable."""
    size: int = 10 ** max(0, math.floor(math.log10(max(value, 1))) - 1)
    return next(step * size for step in (2, 4, 8, 12, 16, 20, 24, 32, 40, 60, 80, 100, 120) if step * size >= value)

