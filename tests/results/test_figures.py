"""Figures are the same bytes every time, legible without colour, and say when they are made of synthetic data."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from datetime import date, timedelta

import pytest

from resilens.results import figures, time_axis
from resilens.results.figures import DayCount
from resilens.results.time_axis import Moment, Period

START = date(2025, 1, 9)
ROWS = [DayCount(tag, START + timedelta(days=number), 1 + number * height)
        for tag, height in (("#猫税", 1), ("#cattax", 9)) for number in range(30)]  # fmt: skip
PHASES = [Period("exploration", date(2025, 1, 1), date(2025, 1, 20)), Period("later", date(2025, 5, 1), None)]
MOMENTS = [
    Moment("dark", date(2025, 1, 19)),
    Moment("first in the store", date(2025, 1, 14)),
    Moment("late", date(2026, 1, 1)),
]


def drawn(**options: object) -> str:
    return figures.svg(figures.captured_volume_figure(ROWS, PHASES, MOMENTS, **options))  # type: ignore[arg-type]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_same_bytes_whatever_the_order_of_rows() -> None:
    shuffled = [
        row for tag in ("#猫税", "#cattax") for row in sorted(ROWS, key=lambda row: -row.items) if row.hashtag == tag
    ]
    again = figures.svg(figures.captured_volume_figure(shuffled, PHASES, MOMENTS))
    assert drawn() == again


def test_text_stays_text_so_that_chinese_shows_and_can_be_searched() -> None:
    said = texts(drawn())
    assert any(text.startswith("#猫税 · 465 posts") for text in said)
    assert "Noto Sans SC" in drawn()


def test_synthetic_is_drawn_into_the_figure() -> None:
    assert "SYNTHETIC" in texts(drawn(synthetic=True))
    assert "SYNTHETIC" not in texts(drawn())


def test_letters_and_numerals_say_what_shade_and_dash_stand_for() -> None:
    said = texts(drawn())
    assert {"A", "B", "I"} <= set(said)
    assert "C" not in said
    key = figures.caption_key(ROWS, PHASES, MOMENTS)
    assert "I, exploration" in key
    assert "later" not in key
    assert "A, first in the store (14 January 2025); B, dark (19 January 2025)" in key


def test_the_root_scale_is_used_where_counts_are_skewed() -> None:
    assert figures.skewed([1, 1, 2, 200])
    assert not figures.skewed([50, 60, 70])
    assert not figures.skewed([])


def test_nothing_in_a_figure_asks_for_anything_outside() -> None:
    outside = [address for address in re.findall(r'(?:href|src)="([^"]*)"|url\(([^)]*)\)', drawn())
               if not "".join(address).startswith("#")]  # fmt: skip
    assert outside == []


@pytest.mark.parametrize("width", [time_axis.WIDE, time_axis.NARROW])
def test_everything_written_lies_inside_the_drawing(width: int) -> None:
    root = ElementTree.fromstring(drawn(width=width))
    assert root.get("viewBox") == f"0 0 {width} {root.get('height')}"


@pytest.mark.parametrize("length", [1, 2, 10, 45, 300, 3000])
@pytest.mark.parametrize("width", [time_axis.WIDE, time_axis.NARROW])
def test_a_time_axis_of_any_length_has_a_few_labels(length: int, width: int) -> None:
    rows = [DayCount("#a", START, 3), DayCount("#a", START + timedelta(days=length - 1), 4)]
    labels = [text for text in texts(figures.svg(figures.captured_volume_figure(rows, width=width)))
              if re.fullmatch(r"\d+ [A-Z][a-z]{2}|[A-Z][a-z]{2} \d{4}", text)]  # fmt: skip
    assert 1 <= len(labels) <= width // 40


def test_one_item_is_a_post_not_posts() -> None:
    svg = figures.svg(figures.captured_volume_figure([DayCount("#a", START, 1)]))
    assert "#a · 1 post" in texts(svg)


def test_a_figure_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        figures.captured_volume_figure([])


def test_letters_and_numerals() -> None:
    assert [time_axis.letter(number) for number in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]
    assert [time_axis.roman(number) for number in (1, 4, 9, 14, 19)] == ["I", "IV", "IX", "XIV", "XIX"]


def test_the_palette_can_be_told_apart_in_grey_with_a_second_channel() -> None:
    channels = (time_axis.PALETTE, time_axis.DASHES, time_axis.SHAPES)
    assert {len(set(one)) for one in channels} == {len(time_axis.PALETTE)}


def test_letters_that_have_no_room_are_written_as_one() -> None:
    axis = time_axis.Days(date(2025, 1, 12), date(2025, 5, 2), 250)
    moments = [time_axis.Moment(name, date(2025, 1, day)) for name, day in zip("wxyz", (14, 17, 19, 20), strict=True)]
    drawn = time_axis.header(axis, (), moments, False)["layer"]
    texts = [layer["mark"]["text"] for layer in drawn]
    assert texts == ["A", "B–C", "D"]
    wide = time_axis.header(time_axis.Days(date(2025, 1, 12), date(2025, 2, 2), 590), (), moments, False)["layer"]
    assert [layer["mark"]["text"] for layer in wide] == ["A", "B", "C", "D"]


def test_a_day_whose_label_would_be_cut_at_the_edge_is_not_written() -> None:
    axis = time_axis.Days(date(2025, 1, 12), date(2025, 5, 2), 590)
    assert date(2025, 5, 1) not in axis.ticks()
    assert date(2025, 4, 15) in axis.ticks()
