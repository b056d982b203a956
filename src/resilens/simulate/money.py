"""How do people write an amount of money, and how much is it? A text and the bounds of what it claims.

Amounts are written as people write them: with a sign or a word, in Western or Chinese numerals, in 万, as a range, or
after "about". The truth of each is its low and high bound and its currency, so that a measure that reads amounts can be
checked against it.
"""

from __future__ import annotations

from dataclasses import dataclass

CURRENCIES = ("USD", "CNY")
COUNTRIES = ("us", "cn")
STYLES = ("sign", "word", "about", "range", "numeral")

_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as written. `about` amounts claim 10 % either way."""

    text: str
    low: float
    high: float
    currency: str


def written(value: int, upper: int, style: str, country: str, language: str) -> Amount:
    """An amount of a country's money in a language.

    Parameters
    ----------
    value, upper
        What is claimed; `upper` is the end of a range and is used by the style `range` alone.
    style
        One of `STYLES`; `numeral` is Chinese numerals or 万 in Chinese and plain digits in English.
    country
        `us` or `cn`.
    """
    currency = CURRENCIES[COUNTRIES.index(country)]
    number = f"{value:,}" if language == "en" else str(value)
    if style == "range" and upper > value:
        return Amount(_ranged(value, upper, country, language), value, upper, currency)
    if style == "sign":
        return Amount(f"{'$' if country == 'us' else '¥'}{number}", value, value, currency)
    if style == "about":
        about = "about " if language == "en" else "大概"
        low, high = round(value * 0.9, 2), round(value * 1.1, 2)
        return Amount(about + _worded(number, country, language), low, high, currency)
    if style == "numeral" and language == "zh":
        return Amount(_worded(chinese(value), country, language), value, value, currency)
    return Amount(_worded(number, country, language), value, value, currency)


def rounded(value: float) -> int:
    """A number as people say it: two leading digits from a hundred on."""
    whole = max(1, round(value))
    step = 10 ** max(0, len(str(whole)) - 2)
    return whole if whole < 100 else round(whole / step) * step


def chinese(value: int) -> str:
    """A whole number with at most two leading digits in Chinese numerals: 12 十二, 350 三百五, 15000 1.5万."""
    if value >= 10_000:
        return f"{value / 10_000:g}万"
    for size, sign in ((1000, "千"), (100, "百")):
        if value >= size:
            lead, rest = divmod(value, size)
            tail = _DIGITS[rest * 10 // size] if rest else ""
            return ("两" if lead == 2 else _DIGITS[lead]) + sign + tail
    if value >= 10:
        tens, ones = divmod(value, 10)
        return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
    return "两" if value == 2 else _DIGITS[value]


def _worded(number: str, country: str, language: str) -> str:
    if language == "en":
        return f"{number} {'dollars' if country == 'us' else 'yuan'}"
    return f"{number}{'美元' if country == 'us' else '块'}"


def _ranged(low: int, high: int, country: str, language: str) -> str:
    if language == "en":
        return f"${low:,}-{high:,}" if country == "us" else f"{low:,}-{high:,} yuan"
    return f"{low}到{high}{'美元' if country == 'us' else '块'}"
