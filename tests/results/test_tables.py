"""Numbers look the same everywhere, and CSV files hold what was meant."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.results import tables
from resilens.results.tables import Column, Table, to_csv


@pytest.mark.parametrize(("value", "shown"), [(0, "0.0%"), (1, "100.0%"), (0.877435, "87.7%"), (0.0001, "<0.1%"),
                                              (0.99999, ">99.9%"), (0.0005, "0.1%")])  # fmt: skip
def test_a_share_never_rounds_to_none_or_all(value: float, shown: str) -> None:
    assert tables.share(value) == shown


def test_a_share_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        tables.share(float("nan"))


def test_numbers_have_commas_and_no_negative_zero() -> None:
    assert tables.count(46_225_000) == "46,225,000"
    assert tables.decimal(-0.001) == "0.00"
    assert tables.decimal(1234.5) == "1,234.50"


@pytest.mark.parametrize(("number", "words"), [(0, "no posts"), (1, "one post"), (9, "nine posts"), (10, "10 posts"),
                                               (4021, "4,021 posts")])  # fmt: skip
def test_small_numbers_are_words_and_one_is_singular(number: int, words: str) -> None:
    assert tables.counted(number, "post") == words


def test_irregular_plurals() -> None:
    assert tables.counted(2, "person", "people") == "two people"


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b, and c")]
)
def test_listing(words: list[str], text: str) -> None:
    assert tables.listing(words) == text


def test_a_span_repeats_neither_month_nor_year() -> None:
    first = date(2025, 1, 9)
    assert tables.span(first, first) == "9 January 2025"
    assert tables.span(first, date(2025, 1, 11)) == "9 to 11 January 2025"
    assert tables.span(first, date(2025, 3, 8)) == "9 January to 8 March 2025"
    assert tables.span(date(2024, 12, 31), first) == "31 December 2024 to 9 January 2025"


@given(st.dates(), st.integers(0, 4000))
def test_a_span_names_both_days(first: date, length: int) -> None:
    if date.max - first < timedelta(days=length):
        return
    last = first + timedelta(days=length)
    said = tables.span(first, last)
    assert said.endswith(tables.day(last))
    assert said.startswith(str(first.day))


CELLS = st.one_of(st.none(), st.integers(), st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r")))


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_csv_is_faithful(rows: list[tuple[int | str | None, int | str | None]]) -> None:
    written = to_csv(Table("", (Column("a", "A"), Column("b", "B")), rows))
    assert not written.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(written.decode(), newline="")))
    assert read == [["a", "b"], *([("" if cell is None else str(cell)) for cell in row] for row in rows)]


def test_csv_keeps_what_the_page_rounds() -> None:
    columns = (Column("share", "Share", "share"), Column("day", "Day", "date"), Column("whole", "Whole"))
    table = Table("t", columns, [(1 / 3, date(2025, 5, 1), True)])
    assert to_csv(table) == b"share,day,whole\n0.3333333333333333,2025-05-01,true\n"
    assert [tables.shown(value, column.kind) for value, column in zip(table.rows[0], columns, strict=True)] == [
        "33.3%", "1 May 2025", "yes",
    ]  # fmt: skip


def test_nothing_is_a_dash_on_the_page() -> None:
    assert tables.shown(None, "count") == tables.shown("", "text") == "–"
    assert tables.shown(0, "count") == "0"


def test_columns_without_any_value_are_left_out_but_never_the_first() -> None:
    columns = (Column("a", "A"), Column("b", "B"), Column("c", "C"))
    kept, rows = tables.without_empty(columns, [(None, None, 0), (None, None, None)])
    assert [column.name for column in kept] == ["a", "c"]
    assert rows == [(None, 0), (None, None)]


def test_a_ragged_table_is_refused() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 values for 2 columns"):
        Table("t", (Column("a", "A"), Column("b", "B")), [(1, 2), (1,)])
    with pytest.raises(ValueError, match="needs a column"):
        Table("t", (), [])
