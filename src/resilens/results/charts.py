"""How do values with intervals become a figure? As dots with whiskers, one row a thing, or as curves over time.

Each label stands above its row, so that one layout serves a page and a telephone. Series are told apart by shape,
dash and place as well as by colour; positions are fixed here (see `time_axis`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from resilens.results.plotted import plotted
from resilens.results.tables import Column, Kind
from resilens.results.time_axis import (
    AXIS_INK,
    BOTTOM,
    DASHES,
    FONT,
    HEADER,
    INK,
    LABEL_LINE,
    LEFT,
    PALETTE,
    RIGHT,
    SHAPES,
    WARNING,
    WIDE,
    Days,
    Moment,
    Period,
    background,
    header,
    label,
    visible,
    wrapped,
    written,
)

LABEL, LANE, SIDE, KEY = 20, 14, 12, 20
"""Pixels: a row's label, each series beneath it, the margins at left and right, a line of the key."""

CURVE = 190


@dataclass(frozen=True, slots=True)
class Dot:
    """A value under a row's label, in a series; `low` and `high` are None where there is no interval."""

    label: str
    series: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a series on a day; `low` and `high` are None where there is no interval."""

    series: str
    day: date
    value: float
    low: float | None = None
    high: float | None = None


def dots(
    rows: Sequence[Dot], *, title: str, kind: Kind = "share", line: float | None = None, synthetic: bool = False,
    width: int = WIDE,
) -> dict[str, Any]:  # fmt: skip
    """Values with their intervals, one row a label, one lane a series.

    Parameters
    ----------
    rows
        Labels and series stand in the order in which they first appear.
    title
        Of the axis.
    kind
        How its numbers are written.
    line
        A value that means something, such as 0 for a difference; drawn across.
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
        raise ValueError("a figure of dots needs at least one")
    labels, series = list(dict.fromkeys(row.label for row in rows)), list(dict.fromkeys(row.series for row in rows))
    inner, lanes = width - 2 * SIDE, len(series) * LANE
    key = _key(series, inner, synthetic, shapes=True)
    heads = [LABEL + (len(wrapped(name, inner, fontWeight="bold")) - 1) * LABEL_LINE for name in labels]
    tops = list(accumulate((head + lanes + 6 for head in heads), initial=0))
    first = {name: tops[place] + heads[place] for place, name in enumerate(labels)}
    height = tops[-1]
    low, high = _domain([value for row in rows for value in (row.value, row.low, row.high, line) if value is not None])
    ticks = _ticks(low, high, max(3, inner // 110))
    values = [
        {"y": first[row.label] + series.index(row.series) * LANE + LANE / 2, "value": row.value,
         "low": row.value if row.low is None else row.low, "high": row.value if row.high is None else row.high,
         "series": row.series} for row in rows
    ]  # fmt: skip
    scale = {"type": "linear", "domain": [ticks[0], ticks[-1]], "nice": False, "range": [0, inner]}
    axis = {**AXIS_INK, "values": ticks, "format": _format(ticks, kind), "grid": True, "gridColor": INK,
            "gridOpacity": 0.12, "ticks": False, "domain": False, "title": title, "titleFontWeight": "normal",
            "titleFontSize": 11, "minExtent": 20, "maxExtent": 20, "labelFlush": True}  # fmt: skip
    x = {"field": "value", "type": "quantitative", "scale": scale, "axis": axis}
    y = {"field": "y", "type": "quantitative", "scale": None}
    colour, shape = _told_apart(series)
    layers: list[dict[str, Any]] = [
        {"data": {"values": values}, "mark": {"type": "rule", "strokeWidth": 2},
         "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, "color": colour}},
        {"data": {"values": values}, "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
         "encoding": {"x": x, "y": y, "color": colour, "shape": shape}},
    ]  # fmt: skip
    if line is not None:
        layers.insert(0, {"data": {"values": [{"value": line}]}, "mark": {"type": "rule", "stroke": INK,
                          "strokeDash": [4, 3]}, "encoding": {"x": x}})  # fmt: skip
    layers += [line for place, name in enumerate(labels)
               for line in label(name, 0, tops[place] + LABEL / 2 + 2, inner, align="left", fontWeight="bold")]
    panel = {"width": inner, "height": height, "layer": layers}
    columns = (Column("what", "What"), Column("series", "Series"), *_ends(kind))
    data = plotted(columns, [(row.label, row.series or None, row.value, row.low, row.high) for row in rows])
    return _whole([key, panel], width, key["height"] + height + BOTTOM + 8, SIDE, SIDE, data)


def curves(
    points: Sequence[Point], *, title: str, kind: Kind = "share", phases: Sequence[Period] = (),
    moments: Sequence[Moment] = (), synthetic: bool = False, width: int = WIDE, lines: bool = True,
    span: Sequence[date] = (),
) -> dict[str, Any]:  # fmt: skip
    """Values over the study's days, intervals as bars; phases shaded, moments lettered as `time_axis.visible` has them.

    Parameters
    ----------
    points
        Series stand in the order in which they first appear.
    title
        Of the vertical axis.
    kind, synthetic, width
        As for `dots`.
    phases, moments
        What is drawn behind; the caption tells what it stands for.
    lines
        Whether the points of a series are joined.
    span
        Days that the axis holds beside those of the points, so that figures under each other have one axis.

    Raises
    ------
    ValueError
        If there are no points.
    """
    if not points:
        raise ValueError("a figure of curves needs at least one point")
    days = [*(point.day for point in points), *span]
    axis = Days(min(days), max(days) + timedelta(days=1), width - LEFT - RIGHT)
    series = list(dict.fromkeys(point.series for point in points))
    seen = visible(days, moments)
    values = [
        {"at": axis.at(point.day), "value": point.value, "series": point.series,
         "low": point.value if point.low is None else point.low,
         "high": point.value if point.high is None else point.high}
        for point in sorted(points, key=lambda point: (series.index(point.series), point.day))
    ]  # fmt: skip
    x = {"field": "at", "type": "temporal", "scale": axis.scale(), "axis": axis.drawn(labelled=True)}
    layers = [_tall(layer) for layer in background(axis, phases, seen)]
    on_axis = {name: x[name] for name in ("type", "scale", "axis")}
    for layer in layers:
        layer["encoding"] = {**layer["encoding"], "x": {**layer["encoding"]["x"], **on_axis}}
    drawn = _series(values, series, x, _heights(points, kind), lines)
    named = written(title, 0, -33 if seen else -9, align="left", fontWeight="bold", limit=axis.width)
    panel = {"width": axis.width, "height": CURVE, "layer": [*layers, *drawn, named]}
    top = header(axis, phases, seen, synthetic)
    key = _key(series, axis.width, False, shapes=True) if len(series) > 1 else None
    parts = [top, panel] if key is None else [key, top, panel]
    height = (key["height"] if key else 0) + HEADER + 28 + CURVE + BOTTOM + 4
    columns = (Column("series", "Series"), Column("day", "Day", "date"), *_ends(kind))
    data = plotted(columns, [(one.series or None, one.day, one.value, one.low, one.high) for one in points], title)
    return _whole(parts, width, height, LEFT, RIGHT, data, spacing=[28] if key is None else [0, 28])


def _ends(kind: Kind) -> tuple[Column, ...]:
    """The columns of a value and its interval."""
    return Column("value", "Value", kind), Column("low", "From", kind), Column("high", "To", kind)


def _heights(points: Sequence[Point], kind: Kind) -> dict[str, Any]:
    """The vertical axis on which the values and the ends of their intervals stand."""
    low, high = _domain([value for point in points for value in (0.0, point.value, point.low, point.high)
                         if value is not None])  # fmt: skip
    ticks = _ticks(low, high, 4)
    y_axis = {**AXIS_INK, "values": ticks, "format": _format(ticks, kind), "title": None, "domain": False,
              "ticks": False, "gridColor": INK, "gridOpacity": 0.15, "minExtent": 30, "maxExtent": 30}  # fmt: skip
    return {"field": "value", "type": "quantitative", "axis": y_axis,
            "scale": {"domain": [ticks[0], ticks[-1]], "nice": False}}  # fmt: skip


def _series(
    values: list[dict[str, Any]], series: list[str], x: dict[str, Any], y: dict[str, Any], lines: bool
) -> list[dict[str, Any]]:
    """The layers that draw each series: intervals, a line where it is wanted, points."""
    colour, shape = _told_apart(series)
    dash = {"field": "series", "type": "nominal", "legend": None,
            "scale": {"domain": series, "range": [list(one) for one in _cycled(DASHES, len(series))]}}  # fmt: skip
    drawn: list[dict[str, Any]] = [
        {"data": {"values": values}, "mark": {"type": "rule", "strokeWidth": 1.5, "strokeOpacity": 0.6},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour}},
        {"data": {"values": values}, "mark": {"type": "point", "filled": True, "size": 40, "opacity": 1},
         "encoding": {"x": x, "y": y, "color": colour, "shape": shape}},
    ]  # fmt: skip
    if lines:
        drawn.insert(1, {"data": {"values": values}, "mark": {"type": "line", "strokeWidth": 1.5},
                         "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash}})  # fmt: skip
    return drawn


def _tall(layer: dict[str, Any]) -> dict[str, Any]:
    """A layer of the background, as high as a panel of curves."""
    return {**layer, "mark": {**layer["mark"], "y2": CURVE}}


def _whole(
    parts: list[dict[str, Any]], width: int, height: float, left: int, right: int, data: Mapping[str, Any],
    spacing: list[int] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The specification of panels under each other, laid out by hand; what is spaced unevenly is padded by heights."""
    gaps = spacing or [4]
    padded = []
    for place, part in enumerate(parts):
        gap = gaps[place] if place < len(gaps) else 0
        padded.append({**part, "height": part["height"] + gap} if place < len(parts) - 1 and "layer" in part else part)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "usermeta": {"width": width, "height": math.ceil(height), **data},
        "background": None,
        "padding": {"left": left, "right": right, "top": 4, "bottom": BOTTOM},
        "autosize": {"type": "none"},
        "bounds": "flush",
        "spacing": 0,
        "vconcat": padded,
        "config": {"aria": False, "font": FONT, "view": {"stroke": None}, "text": {"fontSize": 12}},
    }


def _key(series: Sequence[str], width: int, synthetic: bool, shapes: bool) -> dict[str, Any]:
    """The names of the series with their shapes, line by line as they fit; SYNTHETIC at the right above them."""
    marks: list[dict[str, Any]] = []
    top = 0
    if synthetic:
        marks.append(written("SYNTHETIC", width, 8, align="right", fontWeight="bold", fontSize=12, fill=WARNING))
        top = KEY
    x, line = 0.0, 0
    named = [name for name in series if name] if len(series) > 1 else []
    for place, name in enumerate(named):
        room = 22 + _wide(name)
        if x and x + room > width:
            x, line = 0.0, line + 1
        y = top + line * KEY + KEY / 2
        mark = {"type": "point", "filled": True, "size": 60, "opacity": 1, "shape": SHAPES[place % len(SHAPES)],
                "fill": PALETTE[place % len(PALETTE)], "x": x + 5, "y": y}  # fmt: skip
        marks.append({"data": {"values": [{}]}, "mark": mark})
        marks.append(written(name, x + 14, y, align="left", baseline="middle", fontSize=11, limit=width - 14))
        x += room
    height = top + (line + 1) * KEY if named else top
    return {"width": width, "height": max(height, 1), "layer": marks or [written("", 0, 0)]}


def _wide(text: str) -> float:
    """About how many pixels a text of 11 pixels takes; Chinese characters are square."""
    return sum(11.0 if ord(character) > 0x2E80 else 6.0 for character in text)


def _told_apart(series: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    colour = {"field": "series", "type": "nominal", "legend": None,
              "scale": {"domain": list(series), "range": _cycled(PALETTE, len(series))}}  # fmt: skip
    shape = {"field": "series", "type": "nominal", "legend": None,
             "scale": {"domain": list(series), "range": _cycled(SHAPES, len(series))}}  # fmt: skip
    return colour, shape


def _cycled(values: Sequence[Any], number: int) -> list[Any]:
    return [values[place % len(values)] for place in range(number)]


def _domain(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    if high - low < 1e-9:
        return low - (abs(low) or 1) / 2, high + (abs(high) or 1) / 2
    return low, high


def _ticks(low: float, high: float, about: int) -> list[float]:
    """Round numbers that hold all values between the first and the last, about as many as asked."""
    raw = (high - low) / about
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(place * step, 12) for place in range(first, last + 1)]


def _format(ticks: Sequence[float], kind: Kind) -> str:
    """The d3 format that writes each tick without decimals that say nothing."""
    digits = max(len(f"{tick:.6f}".rstrip("0").split(".")[1]) for tick in ticks)
    if max(map(abs, ticks)) < 1e-4:
        return ".2g"
    if kind == "share":
        return f".{max(0, digits - 2)}%"
    return ",d" if kind == "count" else f",.{digits}f"
