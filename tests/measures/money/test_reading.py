"""What holds of amounts in any text, and how long the worst text takes."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.measures.money import amounts, chinese, english
from resilens.measures.money.plain import plain

PIECES = [*"$¥€万千百块元毛钱一二两三几多十亿点零半-到/k .,#％２@\n刀+第", "20", "3.5", "1,200", "to ", "about ",
          "an hour", "一个月", "dollars", "bucks", "grand", "half a million", "two ", "hundred ", "月薪", "rent ",
          "cents", "usd", "以上", "[doge]", "u-abcdefgh234567ab", "https://x.y/20", "八毛", "左右", "no. ", "a ",
          "大概"]  # fmt: skip
TEXTS = st.text() | st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
DIGITS = "零一二三四五六七八九"


@given(TEXTS, st.sampled_from([None, "USD", "CNY", "AUD", "JPY"]))
def test_any_text_gives_amounts_inside_it_in_order_and_bounded(text: str, default: str | None) -> None:
    before = 0
    for amount in amounts(text, default_currency=default):
        assert before <= amount.start < amount.end <= len(text)
        assert amount.words == text[amount.start : amount.end]
        assert amount.low.is_finite()
        assert Decimal(0) <= amount.low <= amount.high
        assert len(amount.currency) in (0, 3)
        assert not (amount.assumed and not amount.currency)
        before = amount.end


@given(TEXTS)
def test_the_plain_text_is_as_long_as_the_text(text: str) -> None:
    assert len(plain(text)) == len(text)


@given(st.lists(st.sampled_from(["，", "。", " ", "啊", "[doge]", "𠮷"]), max_size=6).map("".join))
def test_positions_are_code_points_of_the_text(before: str) -> None:
    (amount,) = amounts(f"{before}。$1,200")
    assert amount.start == len(before) + 1
    assert amount.low == amount.high == 1200


@given(st.integers(1, 10**9 - 1), st.integers(0, 99))
def test_a_number_written_with_a_sign_is_read_back(whole: int, cents: int) -> None:
    point = f"{cents:02}"
    for text in (f"${whole:,}.{point}", f"USD {whole}.{point}", f"{whole:,}.{point} dollars", f"€{whole},{point}"):
        (amount,) = amounts(text)
        assert amount.low == amount.high == whole + Decimal(cents) / 100
        assert amount.words == text


def written(number: int) -> str:
    """A number up to 99,999,999 in Chinese, in full: 10,050 is 一万零五十."""
    high, low = divmod(number, 10_000)
    if high:
        gap = "零" if 0 < low < 1000 else ""
        return written(high) + "万" + (gap + written(low) if low else "")
    text, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + unit
        gap = digit == 0
    return text


@given(st.integers(1, 99_999_999))
def test_a_number_in_full_chinese_is_read_back(number: int) -> None:
    read = chinese.spoken(written(number))
    assert read is not None
    assert read.low == read.high == number
    if number > 1:  # 一块 alone is "together"
        (amount,) = amounts(f"花了{written(number)}块钱")
        assert amount.low == number


@given(st.integers(2, 9), st.sampled_from([("百", 100), ("千", 1000), ("万", 10_000)]), st.integers(1, 9))
def test_a_last_digit_counts_tenths_of_the_unit_before_it(lead: int, unit: tuple[str, int], rest: int) -> None:
    name, size = unit
    read = chinese.spoken(f"{DIGITS[lead]}{name}{DIGITS[rest]}")
    assert read is not None
    assert read.low == read.high == lead * size + rest * size // 10


@pytest.mark.parametrize("numeral", ["一二三", "二零二五", "九五", "三点", "点五", "千百", "数", "一" * 40, ""])
def test_what_is_no_number_is_none(numeral: str) -> None:
    assert chinese.spoken(numeral) is None or numeral == "千百"


LARGE = [("two hundred thousand", 200_000), ("one thousand two hundred and fifty", 1250), ("ninety-nine", 99),
         ("half a billion", 500_000_000)]  # fmt: skip


@pytest.mark.parametrize(("words", "value"), LARGE)
def test_english_words_are_numbers(words: str, value: int) -> None:
    read = english.spoken(words)
    assert read is not None
    assert read.low == value


def test_a_default_currency_stands_for_what_is_not_said() -> None:
    assert [one.currency for one in amounts("月薪8000", default_currency="CNY")] == ["CNY"]
    assert amounts("月薪8000", default_currency="CNY")[0].assumed
    dollars = amounts("$20, 20 bucks, US$5", default_currency="AUD")
    assert [one.currency for one in dollars] == ["AUD", "AUD", "USD"]
    assert [one.currency for one in amounts("¥500", default_currency="JPY")] == ["JPY"]


HOSTILE = {
    "digits": "1" * 100_000, "commas": "1," * 50_000, "groups": "1,000" + ",000" * 25_000, "points": "1." * 50_000,
    "spaced": "1 000" + " 000" * 25_000, "signs": "$" * 100_000, "numerals": "一万" * 50_000, "ranges": "1-" * 50_000,
    "words": "two hundred and " * 6_000, "units": "20块一斤" * 10_000, "months": "一个月" * 30_000,
    "blanks": "20 " * 20_000, "about": "about " * 16_000, "vague": "几多" * 20_000, "dozens": "$5 a dozen " * 5_000,
    "hashtags": "#" * 100_000, "pieces": "块八" * 20_000, "nothing": " " * 100_000, "mixed": "万1" * 50_000,
    "rents": "rent is is is " * 7_000, "sticker": ":" + "a" * 100_000, "address": "a@" * 50_000,
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_is_linear_in_the_text(text: str) -> None:
    """A hundred thousand characters take seconds at the very most; something quadratic would take minutes."""
    started = time.process_time()
    amounts(text)
    whole = time.process_time() - started
    assert whole < 8, f"{whole:.1f} s"
