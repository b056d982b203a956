"""A timeline draws what is inside its days, and says what goes on beyond."""

from __future__ import annotations

from datetime import date

import pytest

from resilens.results.figures import svg
from resilens.results.time_axis import NARROW, Moment, Period
from resilens.results.timeline import Bar, timeline

FIRST, LAST = date(2025, 1, 1), date(2025, 3, 1)


def marks(bar: Bar) -> list[str]:
    panel = timeline([bar], FIRST, LAST)["vconcat"][1]
    return [layer["mark"]["type"] for layer in panel["layer"]]


@pytest.mark.parametrize(
    ("first", "last", "drawn"),
    [
        (date(2025, 1, 5), date(2025, 1, 9), ["rect", "text"]),
        (date(2024, 1, 5), date(2025, 1, 9), ["rect", "point", "text"]),
        (date(2025, 1, 5), None, ["rect", "point", "text"]),
        (date(2026, 1, 5), date(2026, 1, 9), ["point", "text"]),
        (date(2024, 1, 5), date(2024, 1, 9), ["point", "text"]),
        (None, None, ["rule", "text"]),
    ],
)
def test_a_bar_is_drawn_with_arrows_where_it_goes_on(first: date | None, last: date | None, drawn: list[str]) -> None:
    assert marks(Bar("Rule", first, last)) == drawn


def test_the_same_bytes_every_time_with_phases_milestones_and_its_label() -> None:
    bars = [Bar("翻译功能 (platform)", date(2025, 1, 19), None), Bar("Rivalry", None, None)]
    for width in (640, NARROW):
        figure = timeline(bars, FIRST, LAST, phases=[Period("early", FIRST, date(2025, 1, 20))],
                          moments=[Moment("Dark", date(2025, 1, 19))], synthetic=True, width=width)  # fmt: skip
        drawn = svg(figure)
        assert drawn == svg(figure)
        assert all(words in drawn for words in ("翻译功能", "Rivalry", "SYNTHETIC", ">A<", f'width="{width}"'))
    with pytest.raises(ValueError, match="at least one bar"):
        timeline([], FIRST, LAST)
