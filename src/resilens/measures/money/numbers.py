"""Where does a text name a number, in digits or words of either language, and what is it worth?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from resilens.capture.counts import UNITS
from resilens.measures.money import chinese, digits, english

_RUN = r"\d+(?:[.,]\d+)*"
_SCAN = re.compile(
    r"(?P<none>\d+(?P<mark>[-/:.])\d+(?:(?P=mark)\d+)+|\d{1,2}:\d{2}(?!\d))"  # dates, addresses, telephones, times
    rf"|(?P<chinese>(?:{_RUN} ?(?=[百千万亿])|{_RUN}(?=[多来余几]?[百千万亿])|(?<=[百千万亿]){_RUN}"
    rf"|一(?![个年天日斤打盒瓶箱杯份碗次晚周支针平顿])|[{chinese.NUMERALS.replace('一', '')}]"
    r"|(?<=[一二两三四五六七八九])点(?=[零一二三四五六七八九]{1,4}[千万亿块元美欧刀]))+)"
    rf"|(?P<spaced>(?<![\d.,])\d{{1,3}}(?: \d{{3}})+(?![\d,])(?:\.\d+)?)"
    rf"|(?P<digits>{_RUN})"
    rf"|(?P<english>{english.WORDS})",
    re.ASCII,
)
_MULTIPLIER = re.compile(
    r"(?:[ -]?(hundred|thousand|million|billion|mil|grand)s?|(k|w|mm|m|bn|b))(?![a-z0-9])", re.ASCII
)
_SIZES = {**english.SCALES, "mil": 1_000_000, "mm": 1_000_000, "bn": 1_000_000_000,
          **{letter: UNITS[letter] for letter in "kwmb"}}  # fmt: skip
_MORE = re.compile(r"([多来余几把])([百千万亿]?)(?![零一二两三四五六七八九])")
_ORDINAL = re.compile(r"(?:第|no\. ?|№ ?|#)$")
ABOUT = Decimal("0.1")
"""How far "about" reaches either way, as a share: a convention, stated wherever amounts are shown."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Parameters
    ----------
    start, end
        Where it stands.
    low, high, vague
        Its bounds, and whether a vague word made them.
    scale
        The unit it ends with (千, k, million), 1 for none.
    form
        `digits`, `chinese` or `english`.
    raw
        The digits as written, empty for words.
    grand
        Whether it is counted in grands, which are money.
    """

    start: int
    end: int
    low: Decimal
    high: Decimal
    vague: bool
    scale: Decimal
    form: str
    raw: str = ""
    grand: bool = False

    def times(self, factor: Decimal) -> Number:
        """The number times a factor."""
        return replace(self, low=self.low * factor, high=self.high * factor)


def numbers(text: str) -> Iterator[Number]:
    """The numbers of a plain text in order; years, dates and counts among them, for what they count is not known."""
    for found in _SCAN.finditer(text):
        kind = "digits" if found.lastgroup == "spaced" else str(found.lastgroup)
        if kind in ("none", "mark") or _ORDINAL.search(text[max(0, found.start() - 4) : found.start()]):
            continue
        number = _number(text, found.start(), found.end(), kind, found[0])
        if number is not None:
            yield number


def _number(text: str, start: int, end: int, kind: str, words: str) -> Number | None:
    if kind == "digits":
        value = digits.number(words)
        if value is None:
            return None
        read = chinese.Spoken(value, value, False, Decimal(1))
    else:
        named = chinese.spoken(words) if kind == "chinese" else english.spoken(words)
        if named is None:
            return None
        read = named
    number = Number(start, end, read.low, read.high, read.vague, read.scale, kind, words if kind == "digits" else "",
                    words.endswith("grand"))  # fmt: skip
    number = _with_more(text, number) if kind != "english" else number
    return _multiplied(text, number)


def _with_more(text: str, number: Number) -> Number:
    """With 多, 来, 余 or 把 after it: 20多 is 20 to 30, 三千多 3,000 to 4,000, 十来 about 10."""
    found = _MORE.match(text, number.end)
    if found is None:
        return number
    word, unit = found.groups()
    factor = Decimal(UNITS[unit])
    low, high = number.low, number.high
    if word in "多余":
        high = high + _last_place(high)
    elif word in "来把":
        low, high = low * (1 - ABOUT), high * (1 + ABOUT)
    elif word == "几" and number.low == number.high and number.low % 10 == 0:
        low, high = low + 1, high + 9
    else:
        return number
    return replace(number, end=found.end(), low=low * factor, high=high * factor, vague=True,
                   scale=factor if unit else number.scale)  # fmt: skip


def _last_place(value: Decimal) -> Decimal:
    """The size of a number's last digit that is not zero: 10 for 120, 0.1 for 1.2."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent)


def _multiplied(text: str, number: Number) -> Number:
    found = _MULTIPLIER.match(text, number.end)
    if found is None or (number.form == "chinese"):
        return number
    word = found[1] or found[2]
    if found[2] and number.form == "english":
        return number
    factor = Decimal(_SIZES[word])
    return replace(number.times(factor), end=found.end(), scale=factor, grand=word == "grand")
