"""Counts keep what is known of them: number, and whether it is exact, rounded, a lower bound or unknown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.capture.counts import UNITS, parse_count
from resilens.corpus.schema import BOUNDS


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("834", (834, "exact")), (834, (834, "exact")), (834.0, (834, "exact")), ("834.0", (834, "exact")),
        ("1,234", (1234, "exact")), ("0", (0, "exact")), (0, (0, "exact")), (" 12 ", (12, "exact")),
        ("1.2万", (12_000, "rounded")), ("7.6万", (76_000, "rounded")), ("32万", (320_000, "rounded")),
        ("1.2亿", (120_000_000, "rounded")), ("28k", (28_000, "rounded")), ("3.5K", (3_500, "rounded")),
        ("1.1M", (1_100_000, "rounded")), ("2.1w", (21_000, "rounded")),
        ("1万+", (10_000, "at_least")), ("1千+", (1_000, "at_least")), ("10+", (10, "at_least")),
        ("100+", (100, "at_least")), ("1w+", (10_000, "at_least")), ("1k+", (1_000, "at_least")),
        ("10万＋", (100_000, "at_least")),
    ],
)  # fmt: skip
def test_quirk_7_counts_with_units_and_bounds(raw: Any, expected: tuple[int, str]) -> None:
    assert parse_count(raw) == expected


@pytest.mark.parametrize(
    "raw", ["", None, "赞", "收藏", "评论", "-1", -1, -5, -1.0, "None", "null", "nan", float("nan"), float("inf"), 1.5,
            "1.5", True, "abc", "1.75E+12", 2**63, "9" * 30, "٣"],
)  # fmt: skip
def test_quirk_7_what_shows_no_count_is_unknown(raw: Any) -> None:
    assert parse_count(raw) == (None, "unknown")


@given(st.integers(0, 2**63 - 1))
def test_numbers_come_back_from_every_way_of_writing_them(number: int) -> None:
    assert parse_count(number) == parse_count(str(number)) == parse_count(f"{number:,}") == (number, "exact")


@given(st.integers(0, 9999), st.integers(0, 9), st.sampled_from(sorted(unit for unit in UNITS if unit)), st.booleans())
def test_units_multiply_exactly(whole: int, tenth: int, unit: str, more: bool) -> None:
    number, bound = parse_count(f"{whole}.{tenth}{unit}{'+' if more else ''}")
    assert number == (whole * 10 + tenth) * UNITS[unit] // 10
    assert bound == ("at_least" if more else "rounded")


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none()))
def test_any_value_is_a_count_or_unknown(raw: Any) -> None:
    number, bound = parse_count(raw)
    assert bound in BOUNDS
    assert (number is None) == (bound == "unknown")
    assert number is None or 0 <= number < 2**63
