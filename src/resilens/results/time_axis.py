"""How is time drawn? One axis of days for every figure, with phases shaded and milestones lettered.

Positions are fixed here, not measured from a font, so that the bytes do not depend on the fonts of the machine.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any
from unicodedata import east_asian_width

from resilens.results import tables

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

HALF_LABEL = 18
"""Pixels from the middle of a day's label to its end; one that would be cut at the right is not written."""

PANEL, GAP, HEADER, LEFT, RIGHT, BOTTOM = 62, 28, 62, 40, 10, 44


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


def visible(days: Sequence[date], moments: Sequence[Moment]) -> list[Moment]:
    """The moments between the first and the last of the days, by day then name: those a figure letters A, B, ..."""
    inside = [moment for moment in moments if days and min(days) <= moment.day <= max(days)]
    return sorted(inside, key=lambda moment: (moment.day, moment.name))


@dataclass(frozen=True, slots=True)
class Days:
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
        coarsest = next(step for step in reversed(steps) if step)
        found = fitting[0] if fitting else coarsest[:: -(-len(coarsest) // room)]
        inside = [day for day in found if self.pixels(day) + HALF_LABEL <= self.width + RIGHT]
        return inside or found


def header(axis: Days, phases: Sequence[Period], moments: Sequence[Moment], synthetic: bool) -> dict[str, Any]:
    """The strip above the panels: SYNTHETIC, the phases' numerals, the milestones' letters right above the first."""
    marks: list[dict[str, Any]] = []
    if synthetic:
        marks.append(written("SYNTHETIC", axis.width, 6, align="right", fontWeight="bold", fontSize=12, fill=WARNING))
    for number, phase in enumerate(phases, start=1):
        last = phase.last or axis.end
        if phase.first < axis.end and last >= axis.first:
            middle = (max(0.0, axis.pixels(phase.first)) + min(axis.width, axis.pixels(last) + 1)) / 2
            marks.append(written(roman(number), round(middle, 1), 28, fontSize=11))
    marks += [written(name, place, HEADER + (22, 11)[row], fontSize=11, fontWeight="bold")
              for name, place, row in _lettered(axis, moments)]  # fmt: skip
    marks = marks or [written("", 0, 0)]
    return {"width": axis.width, "height": HEADER, "layer": marks}


def _lettered(axis: Days, moments: Sequence[Moment]) -> list[tuple[str, float, int]]:
    """The moments' letters with their pixels, in two rows; where both are full, one joins the last: `B–C`."""
    found: list[tuple[int, int, float, float, int]] = []  # first and last letter, first and last pixel, row
    for position, moment in enumerate(moments):
        place = round(axis.pixels(moment.day), 1)
        free = [row for row in (0, 1) if all(place - one[3] >= _NEXT for one in found if one[4] == row)]
        if free:
            found.append((position, position, place, place, free[0]))
        else:
            first, _, begin, _, row = found.pop()
            found.append((first, position, begin, place + _NEXT, row))
    return [(letter(first) if first == last else f"{letter(first)}–{letter(last)}",
             begin if first == last else round((begin + end - _NEXT) / 2, 1), row)
            for first, last, begin, end, row in found]  # fmt: skip


_NEXT = 12
"""Pixels between the letters of two moments."""


def written(text: str, x: float, y: float, limit: float = 0, **style: Any) -> dict[str, Any]:
    """A text; one wider than `limit` pixels (0: none) is cut here, for Vega would measure the machine's fonts."""
    if limit:
        text = cut(text, _letters(limit, **style))
    mark = {"type": "text", "text": text, "x": x, "y": y, "align": "center", "fill": INK, **style}
    return {"data": {"values": [{}]}, "mark": mark}


def _letters(limit: float, **style: Any) -> float:
    """About how many letters stand in so many pixels."""
    size: float = style.get("fontSize", 12)
    return limit / (size * (0.6 if style.get("fontWeight") == "bold" else 0.56))


LABEL_LINE = 14
"""Pixels from one line of a label to the next."""


def label(text: str, x: float, y: float, limit: float, **style: Any) -> list[dict[str, Any]]:
    """A label over as many lines as it needs in so many pixels, `y` being that of the first."""
    return [written(line, x, y + place * LABEL_LINE, limit, **style)
            for place, line in enumerate(wrapped(text, limit, **style))]  # fmt: skip


def wrapped(text: str, limit: float, **style: Any) -> list[str]:
    """The text parted at blanks into lines of at most so many pixels; a word wider than that stands alone."""
    letters, lines = _letters(limit, **style), [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and _widths(longer)[-1] > letters:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _widths(text: str) -> list[int]:
    """How many letters wide the text is up to and with each of its characters, those of East Asia counted twice."""
    return list(accumulate(1 + (east_asian_width(character) in "WF") for character in text))


def cut(text: str, letters: float) -> str:
    """The text where it has at most so many letters, those of East Asia counted twice; else its beginning and `…`."""
    wide = _widths(text)
    if not wide or wide[-1] <= letters:
        return text
    return text[: sum(width <= letters - 1 for width in wide)].rstrip() + "…"


def background(axis: Days, phases: Sequence[Period], moments: Sequence[Moment]) -> list[dict[str, Any]]:
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


