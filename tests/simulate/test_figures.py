"""Figures over time: round scales, letters that do not meet, and moments in their order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulate.worlds import changed

from resilens.results.figures import svg
from resilens.results.time_axis import NARROW, WIDE
from resilens.simulate.figures import (
    LETTER_WIDTH,
    Bars,
    Curve,
    Panel,
    _Axis,
    _lettered,
    ceiling,
    moments,
    over_time,
)
from resilens.simulate.world import world

WORLD = world("tiktok-refugees")


@given(st.floats(0.0, 1e12))
def test_the_end_of_a_scale_is_above_and_near(value: float) -> None:
    top = ceiling(value, 4.0)
    assert top >= value * (1 - 1e-6)
    assert top <= max(4.0, value * 1.51)


def test_moments_are_those_of_the_world_in_their_order() -> None:
    found = moments(WORLD)
    assert [one.name for one in found] == ["First among free apps", "translation arrives", "the deadline",
                                           "the postponement"]  # fmt: skip
    assert [one.day for one in found] == sorted(one.day for one in found)
    assert moments(changed(WORLD, event={"quiet": True, "translation": None, "milestone": []})) == []
    assert moments(changed(WORLD, days=10))[-1].name == "translation arrives"


@pytest.mark.parametrize("width", [120, NARROW, WIDE])
def test_letters_do_not_meet(width: int) -> None:
    placed = _lettered(_Axis(WORLD, width), moments(WORLD))
    assert [name for *_, name in placed] == ["A", "B", "C", "D"]
    for number, (row, x, _) in enumerate(placed):
        assert all(other != row or abs(x - at) >= LETTER_WIDTH for other, at, _ in placed[:number])


def test_weeks_without_a_share_are_left_out() -> None:
    bars = Bars("", np.array([0.0, 7.0, 14.0]), np.array([math.nan, 0.25]))
    panel = Panel("a share", (bars,), share=True)
    assert (panel.largest, panel.ceiling, panel.root) == (0.25, 0.32, False)
    drawn = svg(over_time(WORLD, [panel], WIDE))
    assert "NaN" not in drawn
    assert "32%" in drawn
    assert 'font-weight="bold"' in drawn


def test_a_far_peak_is_drawn_on_a_root_scale() -> None:
    days = np.arange(100.0)
    assert Panel("", (Curve("", days, np.exp(-days)),)).root is False  # nothing above zero but the peak
    assert Panel("", (Curve("", days, 1e6 * np.exp(-days / 10)),)).root is True
