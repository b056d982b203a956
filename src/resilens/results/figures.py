"""How does a table become a figure: a Vega-Lite specification, and from it the same SVG bytes every time?

Colour never stands alone: panels, letters, dashes or shapes say the same. Text stays text, so that hashtags can be
searched and Chinese shows in the reader's font; ink is `currentColor`, so that a figure follows a dark page. Positions
are fixed here, not measured from a font, so that the bytes do not depend on the fonts of the machine.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

import vl_convert

from resilens.results import tables
from resilens.results.plotted import plotted
from resilens.results.time_axis import (
    AXIS_INK,
    BOTTOM,
    FONT,
    GAP,
    HEADER,
    INK,
    LEFT,
    PALETTE,
    PANEL,
    RIGHT,
    WIDE,
    Days,
    Moment,
    Period,
    background,
    header,
    letter,
    roman,
    visible,
    written,
)

Specification: TypeAlias = Mapping[str, Any]

LIGHT_INK = "#dcdcd6"
"""The ink of a page in the dark."""


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many items were captured of one day under one hashtag, written as it should show: `#cattax`."""

    hashtag: str
    day: date
    items: int


def skewed(values: Sequence[int]) -> bool:
    """Whether the largest value is more than ten times the median of those above zero: then a root scale is used."""
    above = [value for value in values if value > 0]
    return bool(above) and max(above) > 10 * statistics.median(above)


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
    axis = Days(min(row.day for row in rows), max(row.day for row in rows) + timedelta(days=1), width - LEFT - RIGHT)
    root = skewed([row.items for row in rows])
    top = _ceiling(max(row.items for row in rows))
    hashtags = list(dict.fromkeys(row.hashtag for row in rows))
    shown = visible([row.day for row in rows], milestones)
    panels = [header(axis, phases, shown, synthetic)]
    behind = background(axis, phases, shown)
    for position, hashtag in enumerate(hashtags):
        own = [row for row in rows if row.hashtag == hashtag]
        bars = _bars(axis, own, top, root)
        x_axis = axis.drawn(labelled=position == len(hashtags) - 1)
        layers: list[dict[str, Any]] = [*behind, bars]
        for layer in layers:
            x = {**layer["encoding"]["x"], "type": "temporal", "scale": axis.scale(), "axis": x_axis}
            layers[layers.index(layer)] = {**layer, "encoding": {**layer["encoding"], "x": x}}
        title = _title(hashtag, sum(row.items for row in own), unit, raised=position == 0 and bool(shown))
        panels.append({"width": axis.width, "height": PANEL, "layer": [*layers, title]})
    columns = (tables.Column("series", "Series"), tables.Column("day", "Day", "date"),
               tables.Column("items", unit.capitalize(), "count"))  # fmt: skip
    data = plotted(columns, [(row.hashtag, row.day, row.items) for row in rows])
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "usermeta": {"width": width, "height": HEADER + len(hashtags) * (GAP + PANEL) + BOTTOM + 4, **data},
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


def on_dark(drawn: str) -> str:
    """A figure from `svg` with light ink, for a dark page that shows it as a picture and so cannot lend it its own."""
    return drawn.replace("<svg ", f'<svg color="{LIGHT_INK}" ', 1)


def caption_key(rows: Sequence[DayCount], phases: Sequence[Period], milestones: Sequence[Moment]) -> str:
    """What the numerals and letters of `captured_volume_figure` stand for, as sentences; empty where it has none."""
    days = [row.day for row in rows]
    parts = [
        f"{roman(number)}, {phase.name}" for number, phase in enumerate(phases, start=1)
        if days and phase.first <= max(days) and (phase.last is None or phase.last >= min(days))
    ]  # fmt: skip
    happened = [
        f"{letter(position)}, {moment.name} ({tables.day(moment.day)})"
        for position, moment in enumerate(visible([row.day for row in rows], milestones))
    ]
    sentences = [f"Shaded, the phases of observation: {'; '.join(parts)}."] if parts else []
    if happened:
        sentences.append(f"Dashed, milestones of the event: {'; '.join(happened)}.")
    return " ".join(sentences)


def _bars(axis: Days, rows: Sequence[DayCount], top: int, root: bool) -> dict[str, Any]:
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
    return written(text, 0, -33 if raised else -9, align="left", fontWeight="bold")


def _ceiling(value: int) -> int:
    """The next number of the form 4, 8, 10, 12, 20, 40, 80, 100, ... so that its quarter or half is readable."""
    size: int = 10 ** max(0, math.floor(math.log10(max(value, 1))) - 1)
    return next(step * size for step in (2, 4, 8, 12, 16, 20, 24, 32, 40, 60, 80, 100, 120) if step * size >= value)

