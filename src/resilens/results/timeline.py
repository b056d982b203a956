"""What held when? Bars over days, one row each, under phases and milestones: conditions, campaigns, rules.

A bar without a first or last day runs to the edge and ends in an arrow; one without any day is a dashed line, for what
held throughout or nobody dated. What it is stands above the bar, so that colour says nothing alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from resilens.results.plotted import plotted
from resilens.results.tables import Column
from resilens.results.time_axis import (
    BOTTOM,
    FONT,
    HEADER,
    INK,
    LABEL_LINE,
    LEFT,
    PALETTE,
    RIGHT,
    WIDE,
    Days,
    Moment,
    Period,
    background,
    header,
    label,
    visible,
    wrapped,
)

ROW, BAR = 36, 8
"""Pixels of a row and of the bar in it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that held from a day to a day, both included; None where that is open or unknown."""

    label: str
    first: date | None
    last: date | None


def timeline(
    bars: Sequence[Bar], first: date, last: date, *, phases: Sequence[Period] = (), moments: Sequence[Moment] = (),
    synthetic: bool = False, width: int = WIDE,
) -> dict[str, Any]:  # fmt: skip
    """Bars over the days from `first` to `last`.

    Parameters
    ----------
    bars
        Top to bottom.
    phases, moments
        What is shaded and lettered; the caption tells what it stands for.
    synthetic
        Whether SYNTHETIC is drawn into the figure.
    width
        Pixels of the whole figure.

    Raises
    ------
    ValueError
        If there is no bar.
    """
    if not bars:
        raise ValueError("a timeline needs at least one bar")
    axis = Days(first, last + timedelta(days=1), width - LEFT - RIGHT)
    lines = [len(wrapped(bar.label, axis.width, fontWeight="bold")) for bar in bars]
    ends = list(accumulate(ROW + (number - 1) * LABEL_LINE for number in lines))
    height = ends[-1]
    seen = visible([first, last], moments)
    x = {"type": "temporal", "scale": axis.scale(), "axis": axis.drawn(labelled=True)}
    layers = [{**layer, "mark": {**layer["mark"], "y2": height}} for layer in background(axis, phases, seen)]
    layers += [layer for end, bar in zip(ends, bars, strict=True) for layer in _bar(bar, axis, end - BAR - 4)]
    for layer in layers:
        if "encoding" in layer:
            layer["encoding"] = {**layer["encoding"], "x": {**layer["encoding"]["x"], **x}}
    layers += [line for end, number, bar in zip(ends, lines, bars, strict=True)
               for line in label(bar.label, 0, end - BAR - 12 - (number - 1) * LABEL_LINE, axis.width, align="left",
                                 fontWeight="bold")]  # fmt: skip
    columns = (Column("what", "What"), Column("first", "From", "date"), Column("last", "To", "date"))
    data = plotted(columns, [(bar.label, bar.first, bar.last) for bar in bars])
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "usermeta": {"width": width, "height": HEADER + 28 + height + BOTTOM + 4, **data},
        "background": None,
        "padding": {"left": LEFT, "right": RIGHT, "top": 4, "bottom": BOTTOM},
        "autosize": {"type": "none"},
        "bounds": "flush",
        "spacing": 28,
        "vconcat": [header(axis, phases, seen, synthetic), {"width": axis.width, "height": height, "layer": layers}],
        "config": {"aria": False, "font": FONT, "view": {"stroke": None}, "text": {"fontSize": 12}},
    }


def _bar(bar: Bar, axis: Days, y: float) -> list[dict[str, Any]]:
    """The bar and the arrows where it goes on beyond what is shown."""
    if bar.first is None and bar.last is None:
        ends = {"from": axis.at(axis.first), "to": axis.at(axis.end)}
        mark = {"type": "rule", "stroke": INK, "strokeDash": [2, 4], "strokeOpacity": 0.7, "y": y + BAR / 2}
        return [{"data": {"values": [ends]}, "mark": mark, "encoding": {"x": {"field": "from"}, "x2": {"field": "to"}}}]
    first, last = bar.first or axis.first, bar.last or axis.end
    drawn: list[dict[str, Any]] = []
    if first < axis.end and last >= axis.first:
        ends = {"from": axis.at(first), "to": axis.at(min(last, axis.end - timedelta(days=1)) + timedelta(days=1))}
        drawn.append({"data": {"values": [ends]}, "mark": {"type": "rect", "fill": PALETTE[0], "y": y, "y2": y + BAR},
                      "encoding": {"x": {"field": "from"}, "x2": {"field": "to"}}})  # fmt: skip
    if bar.first is None or first < axis.first:
        drawn.append(_arrow(axis.first, axis, y, -90))
    if bar.last is None or last >= axis.end:
        drawn.append(_arrow(axis.end, axis, y, 90))
    return drawn


def _arrow(at: date, axis: Days, y: float, angle: int) -> dict[str, Any]:
    mark = {"type": "point", "shape": "triangle-up", "angle": angle, "filled": True, "size": 70, "opacity": 1,
            "fill": PALETTE[0], "y": y + BAR / 2, "clip": False}  # fmt: skip
    return {"data": {"values": [{"at": axis.at(at)}]}, "mark": mark, "encoding": {"x": {"field": "at"}}}
