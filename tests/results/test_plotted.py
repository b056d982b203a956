"""The data under a figure are the rows it draws, and nothing else."""

from __future__ import annotations

from datetime import date

from resilens.results.charts import Dot, Point, curves, dots
from resilens.results.figures import DayCount, captured_volume_figure
from resilens.results.plotted import data_of
from resilens.results.stacked import stacked
from resilens.results.tables import Table
from resilens.results.time_axis import NARROW, label, wrapped
from resilens.results.timeline import Bar, timeline

DAY = date(2025, 1, 14)


def data(figure: dict[str, object]) -> tuple[list[str], list[list[object]]]:
    table = data_of(figure)
    assert isinstance(table, Table)
    return [column.name for column in table.columns], [list(row) for row in table.rows]


def test_dots_keep_label_series_value_and_ends() -> None:
    names, rows = data(dots([Dot("Cat tax", "early", 0.4, 0.3, 0.5), Dot("Cat tax", "late", 0.2)], title="Share"))
    assert names == ["what", "series", "value", "low", "high"]
    assert rows == [["Cat tax", "early", 0.4, 0.3, 0.5], ["Cat tax", "late", 0.2, None, None]]


def test_figures_under_each_other_say_which_panel() -> None:
    figure = stacked([curves([Point("stage", DAY, 0.5)], title="Stages"), curves([Point("peace", DAY, 1.0, 0.9, 1.0)],
                      title="Components")])  # fmt: skip
    names, rows = data(figure)
    assert names == ["panel", "series", "day", "value", "low", "high"]
    assert rows == [["Stages", "stage", DAY, 0.5, None, None], ["Components", "peace", DAY, 1.0, 0.9, 1.0]]


def test_days_and_bars_are_kept_as_drawn() -> None:
    assert data(captured_volume_figure([DayCount("#cats", DAY, 3)], unit="views")) == (
        ["series", "day", "items"], [["#cats", DAY, 3]])  # fmt: skip
    assert data(timeline([Bar("Rule", DAY, None), Bar("Rivalry", None, None)], DAY, date(2025, 2, 1))) == (
        ["what", "first"], [["Rule", DAY], ["Rivalry", None]])  # fmt: skip


def test_a_figure_that_keeps_nothing_has_no_data() -> None:
    assert data_of({"mark": "point"}) is None


def test_a_long_label_takes_a_second_line_and_loses_nothing() -> None:
    words = "Tolerance and postponement by politicians of both houses"
    lines = wrapped(words, NARROW - 50, fontWeight="bold")
    assert len(lines) == 2
    assert " ".join(lines) == words
    assert [one["mark"]["text"] for one in label(words, 0, 0, NARROW - 50, fontWeight="bold")] == lines
    assert dots([Dot(words, "", 1.0)], title="x", width=NARROW)["usermeta"]["height"] > dots(
        [Dot("Short", "", 1.0)], title="x", width=NARROW)["usermeta"]["height"]  # fmt: skip
