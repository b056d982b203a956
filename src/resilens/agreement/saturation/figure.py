"""How does growth look? The curve in coding order over the mean and the band of random orders, a panel a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resilens.agreement.saturation.growth import Growth
from resilens.results.figures import Specification
from resilens.results.tables import Column, Table, count
from resilens.results.time_axis import AXIS_INK, BOTTOM, DASHES, FONT, INK, LEFT, PALETTE, RIGHT, WARNING, WIDE

PANEL, GAP, AXIS, LINE = 130, 34, 24, 18
OBSERVED, ORDERS = PALETTE[1], PALETTE[0]


def growth_figure(growths: Sequence[Growth], *, synthetic: bool = False, width: int = WIDE) -> Specification:
    """A panel a list: solid steps in coding order, dashed the mean of random orders, shaded their middle band.

    Parameters
    ----------
    growths
        The lists, top to bottom; each with its own axis of threads unless they are of the same ones.
    synthetic
        Whether SYNTHETIC is drawn into the figure.
    width
        Pixels of the whole figure.

    Raises
    ------
    ValueError
        If there is no list, or no thread.
    """
    lengths = {len(growth.incidence.threads) for growth in growths}
    if not lengths or 0 in lengths:
        raise ValueError("a figure of growth needs at least one thread")
    shared, inner = len(lengths) == 1, width - LEFT - RIGHT
    gap = GAP if shared else GAP + AXIS
    key = _key(growths[0], inner, synthetic)
    panels = [_panel(growth, inner, labelled=growth is growths[-1] or not shared) for growth in growths]
    height = key["height"] + len(growths) * (gap + PANEL) + BOTTOM + 4
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "usermeta": {"width": width, "height": height},
        "background": None,
        "padding": {"left": LEFT, "right": RIGHT, "top": 4, "bottom": BOTTOM},
        "autosize": {"type": "none"},
        "bounds": "flush",
        "spacing": gap,
        "vconcat": [key, *panels],
        "config": {"aria": False, "font": FONT, "view": {"stroke": None}, "text": {"fontSize": 12}},
    }


def growth_data(growths: Sequence[Growth]) -> Table:
    """The numbers behind `growth_figure`: a row a list and thread read."""
    columns = (
        Column("list", "List"), Column("threads", "Threads read", "count"),
        Column("coding_order", "In coding order", "count"), Column("mean", "Mean of random orders", "decimal"),
        Column("low", "Band from", "decimal"), Column("high", "Band to", "decimal"),
    )  # fmt: skip
    rows = [
        (growth.of, number, int(observed), float(mean), float(low), float(high))
        for growth in growths
        for number, (observed, mean, low, high) in enumerate(
            zip(growth.curve.observed, growth.curve.mean, growth.curve.low, growth.curve.high, strict=True), start=1
        )
    ]
    return Table("Growth of the lists, thread by thread", columns, rows)


def _key(growth: Growth, width: int, synthetic: bool) -> dict[str, Any]:
    """What the marks mean, in as many lines as the width needs; SYNTHETIC above."""
    words = (
        "in coding order",
        f"mean of {count(growth.curve.orders)} random orders",
        f"the middle {growth.curve.level:.0%} of them",
    )
    marks, x, y, top = [], 0.0, LINE if synthetic else 0, LINE if synthetic else 0
    for number, text in enumerate(words):
        needed = 40 + 6.6 * len(text)
        if x and x + needed > width:
            x, y = 0.0, y + LINE
        marks += [_sample(number, x, y + 8), _written(text, x + 28, y + 8, align="left", baseline="middle")]
        x += needed
    if synthetic:
        marks.append(_written("SYNTHETIC", width, top - 10, align="right", fontWeight="bold", fill=WARNING))
    return {"width": width, "height": y + LINE, "layer": marks}


def _sample(number: int, x: float, y: float) -> dict[str, Any]:
    if number == 2:
        return {"data": {"values": [{}]}, "mark": {"type": "rect", "x": x, "x2": x + 22, "y": y - 5, "y2": y + 5,
                                                   "fill": ORDERS, "fillOpacity": 0.2}}  # fmt: skip
    style = {"stroke": ORDERS, "strokeDash": list(DASHES[1])} if number else {"stroke": OBSERVED, "strokeWidth": 2}
    return {
        "data": {"values": [{"from": x, "to": x + 22}]},
        "mark": {"type": "rule", **style},
        "encoding": {"x": {"field": "from", "type": "quantitative", "scale": None, "axis": None},
                     "x2": {"field": "to"}, "y": {"value": y}},
    }  # fmt: skip


def _written(text: str, x: float, y: float, **style: Any) -> dict[str, Any]:
    return {"data": {"values": [{}]}, "mark": {"type": "text", "text": text, "x": x, "y": y, "fill": INK, **style}}


def _panel(growth: Growth, width: int, *, labelled: bool) -> dict[str, Any]:
    threads, codes = len(growth.incidence.threads), len(growth.incidence.codes)
    grown = growth.curve
    top = max(codes, 1)
    x = {
        "field": "threads", "type": "quantitative",
        "scale": {"domain": [0, threads], "nice": False},
        "axis": {**AXIS_INK, "values": _ticks(threads), "grid": False, "format": ",d", "labels": labelled,
                 "ticks": labelled, "title": "threads read" if labelled else None, "titleFontSize": 11,
                 "titleFontWeight": "normal", "minExtent": 20, "maxExtent": 20},
    }  # fmt: skip
    axis = {**AXIS_INK, "values": [0, top], "title": None, "domain": False, "ticks": False, "gridColor": INK,
            "gridOpacity": 0.15, "format": ",d", "minExtent": 30, "maxExtent": 30}  # fmt: skip

    def y(field: str) -> dict[str, Any]:
        scale = {"domain": [0, top], "nice": False}
        return {"field": field, "type": "quantitative", "axis": axis, "scale": scale}

    ends = zip(grown.observed, grown.mean, grown.low, grown.high, strict=True)
    rows = [dict.fromkeys(("threads", "observed", "mean", "low", "high"), 0.0)]
    rows += [
        {"threads": number, "observed": int(observed)}
        | {name: round(float(value), 3) for name, value in (("mean", mean), ("low", low), ("high", high))}
        for number, (observed, mean, low, high) in enumerate(ends, start=1)
    ]
    layers = [
        {"mark": {"type": "area", "fill": ORDERS, "fillOpacity": 0.2},
         "encoding": {"x": x, "y": y("low"), "y2": {"field": "high"}}},
        {"mark": {"type": "line", "stroke": ORDERS, "strokeDash": list(DASHES[1]), "strokeWidth": 1.5},
         "encoding": {"x": x, "y": y("mean")}},
        {"mark": {"type": "line", "stroke": OBSERVED, "strokeWidth": 2, "interpolate": "step-after"},
         "encoding": {"x": x, "y": y("observed")}},
        _written(f"{growth.of} · {count(codes)}", 0, -9, align="left", fontWeight="bold"),
    ]  # fmt: skip
    return {"width": width, "height": PANEL, "data": {"values": rows}, "layer": layers}


def _ticks(threads: int) -> list[int]:
    """0 and some five round numbers up to the number of threads, which is always among them."""
    step = next(size for power in range(12) for size in (10**power, 2 * 10**power, 5 * 10**power)
                if threads / size <= 6)  # fmt: skip
    ticks = list(range(0, threads + 1, step))
    return ticks if ticks[-1] == threads else [tick for tick in ticks if threads - tick >= step / 2] + [threads]
