"""How is a simulated world drawn? Curves and bars over its days, as Vega-Lite specifications that all say SYNTHETIC.

As in `results.figures`: colour never stands alone (dashes and hollow bars say the same), ink follows the page, and
positions are fixed here, so that the bytes depend on no font. Clock times are those of the world's zone.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from resilens.results.figures import skewed
from resilens.results.time_axis import AXIS_INK, DASHES, FONT, INK, PALETTE, WARNING, letter
from resilens.simulate.looking import Floats
from resilens.simulate.world import World

LEFT, RIGHT, TOP, BOTTOM, GAP = 46, 12, 4, 40, 32
LETTER_ROW, LETTER_WIDTH, KEY_ROW, KEY_CHARACTER, KEY_MARK = 11, 11, 18, 6.6, 30
TICKS = (1, 2, 7, 14, 28, 56, 91, 182, 364)
"""Days between ticks of the time axis."""
DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Moment:
    """A dated happening, drawn as a dashed line with a letter."""

    name: str
    day: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A line: values at days, in the style of a place in the palette."""

    name: str
    days: Floats
    values: Floats
    style: int = 0


@dataclass(frozen=True, slots=True)
class Bars:
    """Values over spans of days, `edges` one longer than `values`; those that are not finite are left out."""

    name: str
    edges: Floats
    values: Floats
    style: int = 0
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One strip over time, from 0 to `top`.

    Parameters
    ----------
    title
        What is shown, and in what unit.
    marks
        Curves and bars, the first at the back.
    share
        Whether values are shares of one, written as per cent.
    height
        Pixels.
    top
        The end of the scale, where panels are to share one; else the next round number above the largest value.
    """

    title: str
    marks: tuple[Curve | Bars, ...]
    share: bool = False
    height: int = 96
    top: float | None = None

    @property
    def largest(self) -> float:
        """The largest value shown."""
        every = [mark.values[np.isfinite(mark.values)] for mark in self.marks]
        return max((float(values.max()) for values in every if values.size), default=0.0)

    @property
    def ceiling(self) -> float:
        """The end of the scale."""
        return self.top or ceiling(self.largest, 0.01 if self.share else 4.0)

    @property
    def root(self) -> bool:
        """Whether the scale is that of the square root: where the largest value is far above the usual one."""
        values = np.concatenate([mark.values[np.isfinite(mark.values)] for mark in self.marks])
        return not self.share and skewed(np.ceil(values).astype(np.int64).tolist())


def moments(world: World) -> list[Moment]:
    """What happens in a world within its days, in the order in which it does: lettered A, B, ... in every figure."""
    event = world.event
    dated = [(event.deadline, "the deadline"), (event.postponed, "the postponement"),
             (event.translation, "translation arrives"), *((one.at, one.name) for one in event.milestones)]  # fmt: skip
    if event.quiet:
        dated = dated[2:]
    found = [Moment(name, day) for at, name in dated if (day := world.day(at)) is not None and 0 <= day <= world.days]
    return sorted(found, key=lambda one: (one.day, one.name))


def over_time(world: World, panels: Sequence[Panel], width: int) -> dict[str, Any]:
    """Panels one above the other on one axis of days, with the world's moments as lettered dashed lines.

    Parameters
    ----------
    panels
        At least one.
    width
        Pixels of the whole figure.
    """
    axis = _Axis(world, width - LEFT - RIGHT)
    happened = moments(world)
    key = list(_key(panels, width - LEFT - RIGHT))
    lettered = _lettered(axis, happened)
    raised = LETTER_ROW * (1 + max((row for row, *_ in lettered), default=-1))
    header = KEY_ROW * (1 + max((row for row, *_ in key), default=0)) + raised + 10
    strips = [_header(axis, lettered, key, header)]
    for place, panel in enumerate(panels):
        last = place == len(panels) - 1
        strips.append(_strip(axis, panel, happened, labelled=last, raised=raised if place == 0 else 0))
    height = TOP + header + sum(GAP + panel.height for panel in panels) + BOTTOM
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "usermeta": {"width": width, "height": height},
        "background": None,
        "padding": {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM},
        "autosize": {"type": "none"},
        "bounds": "flush",
        "spacing": GAP,
        "vconcat": strips,
        "config": {"aria": False, "font": FONT, "view": {"stroke": None}, "text": {"fontSize": 12}},
    }


def ceiling(value: float, least: float) -> float:
    """The next number of the form 1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10 times a power of ten, at least `least`."""
    value = max(value, least)
    size = 10.0 ** math.floor(math.log10(value))
    steps = (1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0)
    return float(f"{next(step * size for step in steps if step * size >= value * (1 - 1e-9)):.6g}")


class _Axis:
    """The days of a world over `width` pixels, as milliseconds that no time zone can move."""

    def __init__(self, world: World, width: int) -> None:
        self.width, self.days = width, world.days
        self._first = calendar.timegm(world.start.timetuple()) * 1000
        self._start: dt.date = world.start

    def at(self, day: float) -> int:
        return self._first + round(day * DAY)

    def pixels(self, day: float) -> float:
        return day / self.days * self.width

    def x(self, labelled: bool) -> dict[str, Any]:
        room = max(2, self.width // 58)
        step = next((step for step in TICKS if self.days / step <= room), TICKS[-1] * math.ceil(self.days / 364 / room))
        years = {(self._start + dt.timedelta(days=day)).year for day in (0, self.days - 1)}
        return {
            "type": "temporal", "scale": {"type": "utc", "domain": [self.at(0), self.at(self.days)], "nice": False},
            "axis": {**AXIS_INK, "values": [self.at(day) for day in range(0, self.days + 1, step)], "grid": False,
                     "labels": labelled, "ticks": labelled, "format": "%-d %b" if self.days <= 370 else "%b %Y",
                     "title": " and ".join(map(str, sorted(years))) if labelled else None, "titleFontSize": 11,
                     "titleFontWeight": "normal", "labelOverlap": False, "minExtent": 20, "maxExtent": 20},
        }  # fmt: skip


def _key(panels: Sequence[Panel], width: int) -> Iterator[tuple[int, float, Curve | Bars]]:
    """The row and the place of each name in the key; none where one kind of mark is all there is."""
    named = {mark.name: mark for panel in panels for mark in panel.marks if mark.name}
    row, x = 0, 0.0
    for name, mark in named.items():
        needs = KEY_MARK + KEY_CHARACTER * len(name) + 12
        room = width - 90 if row == 0 else width  # SYNTHETIC stands at the right of the first row
        if x and x + needs > room:
            row, x = row + 1, 0.0
        yield row, x, mark
        x += needs


def _lettered(axis: _Axis, happened: Sequence[Moment]) -> list[tuple[int, float, str]]:
    """The row above the first panel, the place and the letter of each moment: the lowest row with room for it."""
    taken: list[float] = []
    found = []
    for place, moment in enumerate(happened):
        x = round(axis.pixels(moment.day), 1)
        row = next((row for row, last in enumerate(taken) if x - last >= LETTER_WIDTH), len(taken))
        taken[row:row + 1] = [x]
        found.append((row, x, letter(place)))
    return found


def _header(axis: _Axis, lettered: Sequence[Any], key: Sequence[Any], height: int) -> dict[str, Any]:
    marks: list[dict[str, Any]] = [_written("SYNTHETIC", axis.width, 8, align="right", fontWeight="bold", fill=WARNING)]
    for row, x, mark in key:
        y = 8 + row * KEY_ROW
        marks.append(_sample(mark, x, y))
        marks.append(_written(mark.name, x + KEY_MARK, y, align="left", fontSize=11))
    for row, x, name in lettered:
        marks.append(_written(name, x, height + GAP - 8 - row * LETTER_ROW, fontSize=11, fontWeight="bold"))
    return {"width": axis.width, "height": height, "layer": marks}


def _sample(mark: Curve | Bars, x: float, y: float) -> dict[str, Any]:
    """How a curve or a bar looks, for the key."""
    if isinstance(mark, Curve):
        places, shown = {"x": x, "x2": x + KEY_MARK - 6, "y": y}, {"type": "rule", **_stroke(mark.style)}
    else:
        places, shown = {"x": x + 6, "x2": x + KEY_MARK - 8, "y": y - 5, "y2": y + 5}, {"type": "rect", **_fill(mark)}
    encoded = {channel: {"value": place} for channel, place in places.items()}
    return {"data": {"values": [{}]}, "mark": shown, "encoding": encoded}


def _written(text: str, x: float, y: float, **style: Any) -> dict[str, Any]:
    mark = {"type": "text", "text": text, "x": x, "y": y, "align": "center", "baseline": "middle", "fill": INK, **style}
    return {"data": {"values": [{}]}, "mark": mark, "encoding": {}}


def _stroke(style: int) -> dict[str, Any]:
    return {"stroke": PALETTE[style], "strokeDash": list(DASHES[style]), "strokeWidth": 1.8}


def _fill(mark: Bars) -> dict[str, Any]:
    colour = PALETTE[mark.style]
    if mark.hollow:
        return {"fill": colour, "fillOpacity": 0.12, "stroke": colour, "strokeWidth": 1}
    return {"fill": colour, "stroke": colour, "strokeWidth": 0.5}


def _strip(axis: _Axis, panel: Panel, happened: Sequence[Moment], *, labelled: bool, raised: int) -> dict[str, Any]:
    x, top = axis.x(labelled), panel.ceiling
    ticks = [0, top / 4 if panel.root else top / 2, top]
    label = "format(datum.value, '~%')" if panel.share else "replace(format(datum.value, '~s'), 'G', ' bn')"
    y = {"type": "quantitative", "scale": {"type": "sqrt" if panel.root else "linear", "domain": [0, top],
                                           "nice": False},
         "axis": {**AXIS_INK, "values": ticks, "labelExpr": label, "title": None, "domain": False, "ticks": False,
                  "gridColor": INK, "gridOpacity": 0.15, "minExtent": 36, "maxExtent": 36}}  # fmt: skip
    layers: list[dict[str, Any]] = []
    if happened:
        layers.append({
            "data": {"values": [{"at": axis.at(one.day)} for one in happened]},
            "mark": {"type": "rule", "stroke": INK, "strokeDash": [3, 3], "strokeOpacity": 0.6, "y": 0,
                     "y2": panel.height},
            "encoding": {"x": {"field": "at", **x}},
        })  # fmt: skip
    layers += [_layer(axis, mark, x, y) for mark in panel.marks]
    layers.append(_written(panel.title, 0, -12 - raised, align="left", fontWeight="bold"))
    return {"width": axis.width, "height": panel.height, "layer": layers}


def _layer(axis: _Axis, mark: Curve | Bars, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    if isinstance(mark, Curve):
        values = [{"at": axis.at(day), "value": float(f"{value:.4g}")}
                  for day, value in zip(mark.days.tolist(), mark.values.tolist(), strict=True)]  # fmt: skip
        return {"data": {"values": values}, "mark": {"type": "line", **_stroke(mark.style)},
                "encoding": {"x": {"field": "at", **x}, "y": {"field": "value", **y}}}  # fmt: skip
    spans = zip(mark.edges[:-1].tolist(), mark.edges[1:].tolist(), mark.values.tolist(), strict=True)
    values = [{"from": axis.at(first), "to": axis.at(last), "value": float(f"{value:.4g}"), "zero": 0}
              for first, last, value in spans if math.isfinite(value) and value]  # fmt: skip
    return {"data": {"values": values}, "mark": {"type": "rect", **_fill(mark)},
            "encoding": {"x": {"field": "from", **x}, "x2": {"field": "to"}, "y": {"field": "value", **y},
                         "y2": {"field": "zero"}}}  # fmt: skip
