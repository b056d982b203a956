"""Amounts are written as people write them, and say what their bounds say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.simulate.money import COUNTRIES, CURRENCIES, STYLES, Amount, chinese, rounded, written

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
SIZES = {"十": 10, "百": 100, "千": 1000}
VALUES = st.floats(1, 4e6).map(rounded)


@pytest.mark.parametrize(
    ("value", "numeral"),
    [(1, "一"), (2, "两"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (22, "二十二"), (35, "三十五"),
     (99, "九十九"), (100, "一百"), (200, "两百"), (350, "三百五"), (990, "九百九"), (1000, "一千"), (1200, "一千二"),
     (2200, "两千二"), (6500, "六千五"), (10_000, "1万"), (15_000, "1.5万"), (32_000, "3.2万"), (120_000, "12万"),
     (1_300_000, "130万")],
)  # fmt: skip
def test_chinese_numerals(value: int, numeral: str) -> None:
    assert chinese(value) == numeral


@pytest.mark.parametrize(("value", "said"), [(0.2, 1), (1.4, 1), (9.6, 10), (37.5, 38), (99.4, 99), (99.6, 100),
                                             (104, 100), (106.1, 110), (1234, 1200), (56_789, 57_000)])  # fmt: skip
def test_numbers_are_rounded_as_people_say_them(value: float, said: int) -> None:
    assert rounded(value) == said


def number(text: str) -> float:
    """What a numeral says, Western or Chinese."""
    if text.endswith("万"):
        return float(text[:-1]) * 10_000
    if text[0].isdigit():
        return float(text.replace(",", ""))
    total, size = 0, 10
    for place, sign in enumerate(text):
        if sign in SIZES:
            size = SIZES[sign]
            total += size * (DIGITS[text[place - 1]] if place else 1)
    last = text[-1]
    if last in DIGITS:  # 三百五 is 350, 三十五 is 35, 五 is 5
        total += DIGITS[last] * (size // 10 if len(text) > 1 else 1)
    return total


def parsed(text: str) -> tuple[float, float, str]:
    """Bounds and currency of an amount as written."""
    currency = "USD" if re.search(r"\$|dollars|美元", text) else "CNY"
    about = text.startswith(("about ", "大概"))
    bare = re.sub(r"about |大概|\$|¥| dollars| yuan|美元|块", "", text)
    ends = [number(part) for part in re.split("[-到]", bare)]
    if about:
        return round(ends[0] * 0.9, 2), round(ends[0] * 1.1, 2), currency
    return ends[0], ends[-1], currency


@given(value=VALUES)
def test_chinese_numerals_are_read_back(value: int) -> None:
    assert number(chinese(value)) == value


@given(value=VALUES, more=st.floats(1, 2), style=st.sampled_from(STYLES), country=st.sampled_from(COUNTRIES),
       language=st.sampled_from(("en", "zh")))  # fmt: skip
def test_every_amount_is_read_back(value: int, more: float, style: str, country: str, language: str) -> None:
    amount = written(value, rounded(value * more), style, country, language)
    assert parsed(amount.text) == (amount.low, amount.high, amount.currency)
    assert 0 < amount.low <= value <= amount.high
    assert amount.currency == CURRENCIES[COUNTRIES.index(country)]


@pytest.mark.parametrize(
    ("arguments", "amount"),
    [((12, 15, "sign", "us", "en"), Amount("$12", 12, 12, "USD")),
     ((1200, 1500, "sign", "us", "en"), Amount("$1,200", 1200, 1200, "USD")),
     ((1200, 1500, "range", "us", "en"), Amount("$1,200-1,500", 1200, 1500, "USD")),
     ((1200, 1500, "range", "cn", "zh"), Amount("1200到1500块", 1200, 1500, "CNY")),
     ((1200, 1200, "range", "cn", "zh"), Amount("1200块", 1200, 1200, "CNY")),
     ((12, 15, "about", "us", "zh"), Amount("大概12美元", 10.8, 13.2, "USD")),
     ((350, 400, "numeral", "cn", "zh"), Amount("三百五块", 350, 350, "CNY")),
     ((15_000, 18_000, "numeral", "us", "zh"), Amount("1.5万美元", 15_000, 15_000, "USD")),
     ((15_000, 18_000, "numeral", "cn", "en"), Amount("15,000 yuan", 15_000, 15_000, "CNY")),
     ((8, 9, "sign", "cn", "zh"), Amount("¥8", 8, 8, "CNY"))],
)  # fmt: skip
def test_how_an_amount_is_written(arguments: tuple[int, int, str, str, str], amount: Amount) -> None:
    assert written(*arguments) == amount
