"""What number is a Chinese numeral, as it is spoken: 三千五, 一万二, 两百五, 三四千, 几百, 十几万, 3万5?

A last digit without its unit counts tenths of the unit before it (一万二 is 12,000), unless 零 stands between. Two
digits side by side are a range (三四千 is 3,000 to 4,000). 几 is more than one and less than ten (Xiandai Hanyu
Cidian), so 几百 is 200 to 900, and 十几 is 11 to 19. Source of the forms: Lü Shuxiang, *Xiandai Hanyu Babai Ci*.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from resilens.capture.counts import UNITS
from resilens.measures.money import digits

DIGITS = {character: Decimal(value) for value, character in enumerate("零一二三四五六七八九")} | {"两": Decimal(2)}
NUMERALS = "零一二两三四五六七八九十百千万亿几数"
SEVERAL = Decimal(2), Decimal(9)
_MYRIADS = Decimal(UNITS["万"]), Decimal(UNITS["亿"])
_LONGEST = 24
_RANGES = {(a, a + 1) for a in range(1, 9)} | {(3, 5)}
_TOKEN = re.compile(r"(?P<arabic>\d[\d,.]*)|(?P<unit>[十百千万亿])|(?P<several>几|数(?=[十百千万亿]))|(?P<point>点)"
                    r"|(?P<digit>[零一二两三四五六七八九])| ", re.ASCII)  # fmt: skip


class Spoken(NamedTuple):
    """The bounds of a numeral, whether they are vague, and the unit it ends with (1 where it ends with none)."""

    low: Decimal
    high: Decimal
    vague: bool
    scale: Decimal


def spoken(numeral: str) -> Spoken | None:
    """What a numeral of Chinese and Western digits and Chinese units is worth; None where it is no number.

    Three and more bare digits (一二三, 二零二五) are a year or a telephone number, and 九五 is no range: None.
    """
    if len(numeral) > _LONGEST:
        return None
    sums = _Sums()
    tokens = list(_TOKEN.finditer(numeral))
    place = 0
    while place < len(tokens):
        kind, word = tokens[place].lastgroup, tokens[place][0]
        if kind == "unit":
            taken = sums.unit(Decimal(UNITS.get(word, 1)))
        elif kind == "several":
            taken = sums.digit(*((Decimal(1), Decimal(9)) if sums.section else SEVERAL))
            sums.vague = True
        elif kind == "arabic":
            value = digits.number(word)
            taken = value is not None and sums.digit(value, value, arabic=len(word))
        elif kind == "point":
            return None
        elif kind == "digit":
            run = _run(tokens, place)
            place += len(run) - 1
            taken = sums.zero(run) if run[0] == "零" and len(run) < 3 else sums.spoken_digits(run)
        else:
            taken = True
        if not taken:
            return None
        place += 1
    return sums.total()


def _run(tokens: list[re.Match[str]], place: int) -> str:
    """The digits from here on, with a point among them."""
    run = ""
    for token in tokens[place:]:
        if token.lastgroup == "point" and (not run or "点" in run):
            break
        if token.lastgroup not in ("digit", "point"):
            break
        run += token[0]
    return run


class _Sums:
    """What has been read of a numeral: both bounds side by side."""

    def __init__(self) -> None:
        self.done = [Decimal(0), Decimal(0)]
        self.part = [Decimal(0), Decimal(0)]
        self.waiting: tuple[Decimal, Decimal] | None = None
        self.tenths = False
        self.vague = False
        self.scale = self.last = Decimal(1)
        self.after_zero = False
        self.section = False

    def digit(self, low: Decimal, high: Decimal, arabic: int = 1) -> bool:
        if self.waiting is not None:
            return False
        self.waiting, self.tenths, self.scale = (low, high), arabic == 1, Decimal(1)
        return True

    def zero(self, run: str) -> bool:
        """A zero between units, and the digit after it."""
        self.after_zero = True
        return len(run) == 1 or self.spoken_digits(run[1:])

    def spoken_digits(self, run: str) -> bool:
        whole, point, after = run.partition("点")
        if point:
            if len(whole) != 1 or not after:
                return False
            value = DIGITS[whole] + sum(DIGITS[one] / 10 ** (place + 1) for place, one in enumerate(after))
            return self.digit(value, value, arabic=2)
        if len(run) == 1:
            return self.digit(DIGITS[run], DIGITS[run])
        if len(run) == 2 and (int(DIGITS[run[0]]), int(DIGITS[run[1]])) in _RANGES:
            self.vague = True
            return self.digit(DIGITS[run[0]], DIGITS[run[1]])
        return False

    def unit(self, unit: Decimal) -> bool:
        self.scale = self.last = unit
        self.section = True
        if unit in _MYRIADS:
            return self._myriad(unit)
        low, high = self.waiting or (Decimal(1), Decimal(1))
        if any(part and part < 10 * unit for part in self.part):
            return False
        self.part = [self.part[0] + low * unit, self.part[1] + high * unit]
        self.waiting, self.after_zero = None, False
        return True

    def _myriad(self, unit: Decimal) -> bool:
        for bound in (0, 1):
            part = self.part[bound] + (self.waiting[bound] if self.waiting else 0)
            if self.done[bound] and self.done[bound] < unit:
                self.done[bound], part = Decimal(0), part + self.done[bound]
            self.done[bound] += (part or 1) * unit
        self.part, self.waiting, self.after_zero, self.section = [Decimal(0), Decimal(0)], None, False, False
        return True

    def total(self) -> Spoken | None:
        low, high = self.waiting or (Decimal(0), Decimal(0))
        if self.waiting and self.tenths and self.last >= 100 and not self.after_zero:
            low, high, self.scale = low * self.last / 10, high * self.last / 10, self.last / 10
        low, high = self.done[0] + self.part[0] + low, self.done[1] + self.part[1] + high
        return Spoken(low, high, self.vague, self.scale) if Decimal(0) < low <= high else None
