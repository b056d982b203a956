"""Which amounts of money does a text name? The one way in: numbers found once, then read with what stands around them.

`$`, dollars and bucks are US dollars unless the sign says otherwise (A$, HK$) or the default is another dollar; ¥ is
yuan unless the text speaks of yen; 块 and 元 are yuan unless another currency follows (20块美金).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from resilens.measures.money import bare, bounds, currencies, digits, units, yuan
from resilens.measures.money.amount import Amount, Bound
from resilens.measures.money.numbers import ABOUT, Number, numbers
from resilens.measures.money.plain import plain

_WORTH_READING = re.compile(r"[\d一二两三四五六七八九十百千万亿几块０-９壹贰叁肆伍陆柒捌玖拾佰仟萬億幾兩]"
                            r"|(?i:dollar|buck|cent|quid|grand|euro|yuan|pound|usd|rmb)", re.ASCII)  # fmt: skip
_TO = re.compile(r"[ ]?(?:-|~|to|到|至)[ ]?")
_OR = re.compile(r"[ ]?(?:or|或者?)[ ]?")
_AND = re.compile(r"[ ](?:and|&)[ ]")
_BETWEEN = re.compile(r"(?<![a-z])(?:between|from)[ ]$")
_AND_CENTS = re.compile(r"[ ](?:and[ ])?(\d{1,2})[ ]cents?(?![a-z])", re.ASCII)
_ONE = re.compile(r"(?<![a-z])(?:an?|one)[ ](?=(dollar|buck|euro|quid|yuan)"
                  r"(?![a-z]|[ ](?:store|tree|general|sign|amount|shop)))"
                  r"|(?<![a-z])half[ ]an?[ ](?=(dollar|euro)(?![a-z]))")  # fmt: skip
_GLUED = re.compile("[a-z_]")
_EURO_ROUND = {"EUR", "BRL", "IDR", "VND", "TRY", "DKK", "CHF"}


@dataclass(frozen=True, slots=True)
class _Valued:
    """A number with its currency: the money, before the words around it are read."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    vague: bool
    code: str
    assumed: bool
    number: Number | None = None


def amounts(text: str, *, default_currency: str | None = None) -> tuple[Amount, ...]:
    """The amounts of money a text names, in order, none overlapping another.

    Parameters
    ----------
    text
        English or Chinese, or both, as stored.
    default_currency
        An ISO 4217 code: what a shared sign means where it may mean it ($ with `AUD`, ¥ with `JPY`), and the currency
        of amounts that name none.

    Returns
    -------
    tuple of Amount
        Positions are code points of `text`.
    """
    if _WORTH_READING.search(text) is None:
        return ()
    content = plain(text)
    default = default_currency or ""
    found: list[Amount] = []
    floor = 0
    for money in _valued(content, default):
        if money.start < floor:
            continue
        amount = _worded(text, content, money, floor, default)
        found.append(amount)
        floor = amount.end
    return tuple(found)


def _valued(text: str, default: str) -> list[_Valued]:
    """The moneys of a plain text in order, ranges joined."""
    found = list(numbers(text))
    read: list[_Valued] = []
    place = floor = 0
    while place < len(found):
        number = found[place]
        place += 1
        if number.start < floor:
            continue
        other = found[place] if place < len(found) else None
        joined = _range(text, number, other, floor, default) if other else None
        money = joined or _single(text, number, floor, default)
        if money is not None:
            read.append(money)
            floor = money.end
    own = [_Valued(start, one.end, one.low, one.high, True, one.code, False) for start, one in yuan.about_one(text)]
    own += _ones(text, default)
    return sorted([*own, *read], key=lambda one: one.start) if own else read


def _ones(text: str, default: str) -> list[_Valued]:
    """`a dollar`, `a buck`, `half a euro`."""
    read = []
    for found in _ONE.finditer(text):
        value = Decimal("0.5") if found[0].startswith("half") else Decimal(1)
        currency = currencies.after(text, found.end(), value, "english", default)
        if currency:
            read.append(_Valued(found.start(), currency.at, value, value, False, currency.code, currency.assumed))
    return read


def _single(text: str, number: Number, floor: int, default: str) -> _Valued | None:
    """A number with a currency beside it, or alone where it is money all the same."""
    money = _with_currency(text, number, floor, default)
    if money is not None:
        return money
    if bare.is_money(text, number, floor):
        return _Valued(number.start, number.end, number.low, number.high, number.vague, default, bool(default), number)
    return None


def _with_currency(text: str, number: Number, floor: int, default: str) -> _Valued | None:
    before = currencies.before(text, number.start, default)
    if before and before.at < floor:
        before = None
    if before is None and _GLUED.match(text[number.start - 1 : number.start]):
        return None
    if before is None and (own := yuan.after(text, number)):
        return _Valued(number.start, own.end, own.low, own.high, number.vague or own.vague, own.code, False, number)
    after = currencies.after(text, number.end, number.low, number.form, default)
    if before is None and after is None or (after is None and _GLUED.match(text[number.end : number.end + 1])):
        return None
    start, end = before.at if before else number.start, after.at if after else number.end
    if before and (tail := re.match(r"[ ]?[元块]钱?", text[end:])):
        end += tail.end()
    named = after if after and (before is None or before.sign in "$¥") else before
    assert named
    part = after.part if after else Decimal(1)
    low, high = number.low * part, number.high * part
    if named.code in _EURO_ROUND and (value := digits.thousands_by_points(number.raw)):
        low = high = value
    if cents := _AND_CENTS.match(text, end):
        low, high, end = low + Decimal(cents[1]) / 100, high + Decimal(cents[1]) / 100, cents.end()
    return _Valued(start, end, low, high, number.vague, named.code, named.assumed, number)


def _range(text: str, first: Number, second: Number, floor: int, default: str) -> _Valued | None:
    """Two numbers as one amount: `15-20 dollars`, `$5 to $7`, `3到5千块`; None where they are no range of money."""
    if second.start - first.end > 12:
        return None
    low, high = _with_currency(text, first, floor, default), _with_currency(text, second, first.end, default)
    ends = low.end if low else first.end
    begins = high.start if high else second.start
    separator = text[ends:begins] if begins >= ends else ""
    if not _parts_range(text, separator, low.start if low else first.start):
        return None
    if low is None and high is None:
        joined = _joined(first, second)
        if joined is None or not bare.is_money(text, joined, floor):
            return None
        return _Valued(joined.start, joined.end, joined.low, joined.high, joined.vague, default, bool(default), joined)
    if low and high and low.code != high.code and not low.assumed:
        return None
    shared = _share_scale(low.low if low else first.low, first, second)
    bottom = (low.low if low else first.low * _part(high, second)) * shared
    top = high.high if high else second.high
    named = high or low
    assert named
    if bottom > top:
        return None
    return _Valued(low.start if low else first.start, high.end if high else second.end, bottom, top,
                   first.vague or second.vague, named.code, named.assumed, second)  # fmt: skip


def _parts_range(text: str, separator: str, start: int) -> bool:
    if _TO.fullmatch(separator) or _OR.fullmatch(separator):
        return True
    return bool(_AND.fullmatch(separator) and _BETWEEN.search(text[max(0, start - 9) : start]))


def _share_scale(low: Decimal, first: Number, second: Number) -> Decimal:
    """What the first number of `3-5k` and 三到五千 shares of the second one's unit."""
    if first.scale == 1 and second.scale > 1 and low * second.scale <= second.high and first.low < 100:
        return second.scale
    return Decimal(1)


def _part(money: _Valued | None, number: Number) -> Decimal:
    """What one of the currency's word is of a whole unit: 0.01 for cents, 0.1 for 毛."""
    if money is None or not number.low or money.low >= number.low:
        return Decimal(1)
    return Decimal("0.1") if money.low / number.low > Decimal("0.05") else Decimal("0.01")


def _joined(first: Number, second: Number) -> Number | None:
    shared = _share_scale(first.low, first, second)
    if first.low * shared > second.high:
        return None
    return replace(second, start=first.start, low=first.low * shared, vague=first.vague or second.vague)


def _worded(original: str, text: str, money: _Valued, floor: int, default: str) -> Amount:
    """The amount with the words around it: bounds, and what it is paid for each of."""
    number = money.number
    unit_alone = number is not None and number.start == money.start and text[number.start] in "百千万亿"
    near = bounds.around(text, money.start, money.end, floor, unit_alone)
    begin, end, said = near.start, near.end, near.said
    between = _BETWEEN.search(text[max(floor, begin - 9) : begin])
    if between and money.low != money.high:
        begin -= len(between[0])
    per = ""
    if after := units.after(text, end):
        per, end = after
        later = bounds.around(text, begin, end, begin, False)
        said, end = said | later.said, later.end
    elif before := units.before(text, begin, floor):
        per = before
    low, high, vague = money.low, money.high, money.vague
    if "about" in said and not vague:
        low, high, vague = low * (1 - ABOUT), high * (1 + ABOUT), True
    elif "nearly" in said:
        low, vague = low * (1 - ABOUT), True
    at_least, at_most = "at_least" in said, "at_most" in said
    bound: Bound = "" if at_least == at_most else "at_least" if at_least else "at_most"
    return Amount(begin, end, original[begin:end], low, high, money.code or default, money.assumed, vague, bound, per)
