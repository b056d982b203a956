"""How do several figures laid out by hand stand under each other as one?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from resilens.results.plotted import together
from resilens.results.time_axis import BOTTOM, written

GAP = 10
"""Pixels between a figure's axis and the next figure."""


def stacked(figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures under each other, all as wide as the first; each keeps its axes, and its colours and shapes.

    Raises
    ------
    ValueError
        If there are none.
    """
    if not figures:
        raise ValueError("nothing to stack")
    first, parts, height = figures[0], [], 0
    for place, figure in enumerate(figures):
        if place:
            room = BOTTOM + GAP
            parts.append({"width": figure["vconcat"][0]["width"], "height": room, "layer": [written("", 0, 0)]})
            height += GAP
        parts += figure["vconcat"]
        height += figure["usermeta"]["height"]
    own = {"scale": dict.fromkeys(("color", "shape", "strokeDash"), "independent")}
    about = {**first["usermeta"], "height": height, **together(figures)}
    return {**first, "usermeta": about, "vconcat": parts, "resolve": own}
