"""Counts as platforms write them are read exactly or refused in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.study.volumes import UNITS, parse_volume


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (110_000_000, 110_000_000),
        ("46.225M", 46_225_000),
        ("1.454M", 1_454_000),
        ("3.284 M", 3_284_000),
        ("110 million", 110_000_000),
        ("4.2bn", 4_200_000_000),
        ("4.2 billion", 4_200_000_000),
        ("1.18B", 1_180_000_000),
        ("7.6万", 76_000),
        ("7.6w", 76_000),
        ("1.2亿", 120_000_000),
        ("2千", 2_000),
        ("12k", 12_000),
        ("1,454,000", 1_454_000),
        ("1,454", 1_454),
        ("4622.5万", 46_225_000),
        ("１２３", 123),
        (" 0 ", 0),
    ],
)
def test_reads(written: int | str, meant: int) -> None:
    assert parse_volume(written) == meant


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("1,5M", "two things"),
        ("1.454.000", "two things"),
        ("1万+", "lower bound"),
        ("-3", "negative"),
        (-3, "negative"),
        ("1.2345k", "1234.5, not a whole number"),
        ("many", "not a count"),
        ("", "not a count"),
        ("3 lakh", "unknown unit 'lakh'"),
        (4.2e9, "quoted text"),
        (True, "not a count"),
        ("1e6", "not a count"),
    ],
)
def test_refuses_in_words(written: int | str, word: str) -> None:
    with pytest.raises(ValueError, match=word.replace("+", r"\+")):
        parse_volume(written)


@given(st.integers(0, 10**7), st.integers(0, 3), st.sampled_from(sorted(UNITS)))
def test_is_exact_in_decimal_arithmetic(digits: int, places: int, unit: str) -> None:
    number = Decimal(digits).scaleb(-places)
    meant = number * UNITS[unit]
    written = f"{number:f}{unit.upper()}"
    if meant == meant.to_integral_value():
        assert parse_volume(written) == int(meant)
    else:
        with pytest.raises(ValueError, match="not a whole number"):
            parse_volume(written)
