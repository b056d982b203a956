"""Widths of columns: they fill no more than the page, break no number, and give room to what has most to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.report.table_widths import PADDING, column_widths, letters
from resilens.results.tables import Column

NAME, COUNT, NOTE = Column("a", "Name"), Column("b", "N", "count"), Column("c", "Note")


def test_a_table_that_fits_gets_what_it_asks_for() -> None:
    widths, fits = column_widths((NAME, COUNT), [("cattax", "12,345")], 80)
    assert fits
    assert widths == [6 + PADDING, 6 + PADDING]


def test_numbers_are_whole_and_text_gives_way() -> None:
    rows = [("a long name of a practice " * 3, "1,234,567,890", "a note that is long " * 9)] * 4
    widths, fits = column_widths((NAME, COUNT, NOTE), rows, 60)
    assert not fits
    assert widths[1] >= len("1,234,567,890") + PADDING
    assert sum(widths) == pytest.approx(60)


def test_one_long_cell_does_not_take_the_room_of_many() -> None:
    rows = [("a name of forty letters or so, every time", "")] * 50 + [("x", "one long note among the empty " * 3)]
    widths, _ = column_widths((NAME, NOTE), rows, 60)
    assert widths[0] > widths[1]


def test_chinese_is_twice_as_wide() -> None:
    assert letters("#猫税") == 5


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=5), st.floats(10, 200))
def test_no_table_is_wider_than_the_page(rows: list[tuple[str, str, str]], room: float) -> None:
    widths, _ = column_widths((NAME, COUNT, NOTE), rows, room)
    assert sum(widths) <= room + 1e-6
    assert all(width > 0 for width in widths)
