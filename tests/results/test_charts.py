"""Dots and curves: they show every value, tell series apart without colour, fit a telephone, and are the same bytes."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from resilens.results import charts
from resilens.results.figures import svg
from resilens.results.time_axis import NARROW, WIDE, Moment, Period, cut

ROWS = [charts.Dot(label, series, value, value - 0.04, value + 0.05)
        for label, value in (("Tribute 猫税", 0.3), ("Welcome", 0.2)) for series in ("early", "late")]  # fmt: skip
POINTS = [charts.Point(series, date(2025, 1, 6) + timedelta(weeks=week), 0.5 - 0.01 * week, 0.4, 0.6)
          for series in ("early", "late") for week in range(5)]  # fmt: skip


def texts(drawn: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawn)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_label_and_the_key_are_there_at_either_width(width: int) -> None:
    drawn = svg(charts.dots(ROWS, title="Share of posts", synthetic=True, width=width))
    assert {"Tribute 猫税", "Welcome", "early", "late", "SYNTHETIC", "Share of posts"} <= set(texts(drawn))
    assert f'width="{width}"' in drawn
    curve = svg(charts.curves(POINTS, title="Share of posts", width=width,
                              phases=[Period("I", date(2025, 1, 1), None)],
                              moments=[Moment("ban", date(2025, 1, 19))]))  # fmt: skip
    assert {"early", "late", "A", "Share of posts"} <= set(texts(curve))


def test_ticks_are_round_hold_every_value_and_are_written_below_zero_too() -> None:
    rows = [charts.Dot("difference", "all", -0.13, -0.31, 0.08)]
    drawn = svg(charts.dots(rows, title="Difference", kind="decimal", line=0.0))
    ticks = [float(text.replace("−", "-")) for text in texts(drawn) if re.fullmatch(r"−?\d+\.?\d*", text)]
    assert min(ticks) <= -0.31
    assert max(ticks) >= 0.08
    assert 0.0 in ticks
    assert all(text for text in texts(drawn))


def test_series_differ_in_shape_and_dash_as_well_as_colour() -> None:
    drawn = svg(charts.curves(POINTS, title="Share"))
    assert "stroke-dasharray" in drawn
    assert len(set(re.findall(r'<path[^>]*d="(M[^"]*)"[^>]*fill="#', drawn))) >= 2


@pytest.mark.parametrize("value", [0.0, 1.0, 1e-9, 1e9, -3.0])
def test_one_value_alone_has_an_axis(value: float) -> None:
    assert texts(svg(charts.dots([charts.Dot("x", "all", value)], title="t", kind="decimal")))


def test_the_same_bytes_and_nothing_without_values() -> None:
    assert svg(charts.dots(ROWS, title="t")) == svg(charts.dots(ROWS, title="t"))
    with pytest.raises(ValueError, match="at least one"):
        charts.dots([], title="t")
    with pytest.raises(ValueError, match="at least one"):
        charts.curves([], title="t")


@pytest.mark.parametrize(
    ("text", "letters", "shown"),
    [("in full", 7, "in full"), ("too long by far", 9, "too long…"), ("猫税猫税", 8, "猫税猫税"),
     ("猫税猫税", 6, "猫税…"), ("", 3, "")],
)  # fmt: skip
def test_a_long_text_is_cut_without_asking_a_font(text: str, letters: float, shown: str) -> None:
    assert cut(text, letters) == shown
