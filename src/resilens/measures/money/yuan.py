"""How much are 块, 元, 毛, 角 and 分: 三块五, 1块5, 两毛, 3元5角, 块八毛?

块 also counts pieces (三块肉) and means together (一块去), 毛 is hair, 角 a corner, 分 a minute: each is money only
where its neighbours allow no other reading, so a few real amounts are missed rather than invented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from resilens.measures.money import currencies
from resilens.measures.money.chinese import DIGITS
from resilens.measures.money.numbers import Number

_DIGIT = "一二两三四五六七八九"
_KUAI = re.compile(r"[ ]?块(?!儿)")
_MONEY_FOLLOWS = re.compile(r"钱|大洋|人民币|美|港|[\d一两二三四五六七八九半多几出每]|[的了吧呢啊哦呀嘛吗都就还才也够不"
                            r"左右以上下起到买卖给太很真贵便是在和跟]|[^\w\s]|\s|\x00|$")  # fmt: skip
_PIECES = re.compile(r"蛋糕|[小大]?(?:肉|糖|石|砖|布|饼|骨|木|板|冰|钢|铁|玉|地|田|屏|表|牌|姜|香皂|腹肌|豆腐|"
                     r"拼图|电池|面包|玻璃|披萨|排骨|鸡|牛|巧克力|橡皮|显卡|硬盘|"
                     r"手表|积木|饼干|瓷|皮|毛巾)")  # fmt: skip
_YUAN = re.compile(r"[ ]?元(?![旦素宵气首老件音论组宇凶勋]|年|月|化|方程|[一二三]次)")
_KIND = re.compile(r"(?:钱)?[的]?[ ]?"
                   r"(人民币|美元|美金|美刀|欧元|港币|港元|日元|英镑|澳币|澳元|加币|加元|"
                   r"台币|新台币|新币)")  # fmt: skip
_MAO_TAIL = re.compile(rf"[ ]?([\d{_DIGIT}])[毛角](?:[ ]?([\d{_DIGIT}])分)?(?:钱)?", re.ASCII)
_BARE_TAIL = re.compile(rf"([0-9]{{1,2}}|[{_DIGIT}])(?=钱|[一每](?!块)|[^\w.,]|[.,](?![0-9])|\x00|$)")
_HALF = re.compile(r"半(?![个天年月小夜路价数])")
_MORE = re.compile(r"多(?!少)(?:钱)?")
_MAO = re.compile(rf"[ ]?[毛角](?![孩绒发衣线病茸利色坯豆形星度落特的囡])"
                  rf"(?:([0-9{_DIGIT}])(?=钱|[一每]|[^\w]|\x00|$))?(?:钱)?")  # fmt: skip
_FEN = re.compile(r"[ ]?分钱")
_ABOUT_ONE = re.compile(r"(?<![一二两三四五六七八九十百千万\d])([块百千万])儿?八([毛十百千])(?:块)?(?:钱)?")
_SIZE = {"块": 1, "百": 100, "千": 1000, "万": 10_000}
_SHARE = Decimal("0.8")


@dataclass(frozen=True, slots=True)
class Yuan:
    """An amount in yuan, or in what is named after 块: its bounds, currency, and where it ends."""

    low: Decimal
    high: Decimal
    end: int
    code: str = currencies.YUAN
    vague: bool = False


def after(text: str, number: Number) -> Yuan | None:
    """The amount that a number and 块, 元, 毛, 角 or 分 after it make; None where they make none."""
    if found := _KUAI.match(text, number.end):
        return _in_kuai(text, number, found.end())
    if found := _YUAN.match(text, number.end):
        return _with_rest(text, number, found.end(), bare=False)
    if found := _MAO.match(text, number.end):
        return _in_mao(number, found)
    if found := _FEN.match(text, number.end):
        return Yuan(number.low / 100, number.high / 100, found.end())
    return None


def about_one(text: str) -> list[tuple[int, Yuan]]:
    """The amounts 块八毛, 百八十块, 千八百, 万八千 with their beginnings: one of the unit or a little less."""
    found = []
    for match in _ABOUT_ONE.finditer(text):
        unit, part = match.groups()
        fits = {"块": "毛", "百": "十", "千": "百", "万": "千"}[unit] == part
        if fits and (unit == "块" or "块" in match[0] or "钱" in match[0]):
            size = Decimal(_SIZE[unit])
            found.append((match.start(), Yuan(size * _SHARE, size, match.end(), vague=True)))
    return found


def _in_kuai(text: str, number: Number, end: int) -> Yuan | None:
    single = number.low == number.high == 1 and number.form == "chinese"
    rest = _with_rest(text, number, end, bare=True)
    said = rest.end > end
    if _PIECES.match(text, end) or (not said and number.low < 10 and not _MONEY_FOLLOWS.match(text, end)):
        return None
    if single and not said and not re.match(r"[一每](?!起|样|直|定)", text[end : end + 2]):
        return None  # 一块 alone is "together"
    return rest


def _with_rest(text: str, number: Number, end: int, bare: bool) -> Yuan:
    """With what follows the yuan: 毛 and 分, a bare digit after 块, 半, 多, 钱, and whose money it is."""
    low, high, vague, code = number.low, number.high, number.vague, currencies.YUAN
    if found := _MAO_TAIL.match(text, end):
        rest = _value(found[1]) / 10 + (_value(found[2]) / 100 if found[2] else 0)
        low, high, end = low + rest, high + rest, found.end()
    elif bare and (found := _BARE_TAIL.match(text, end)) and low == high:
        rest = _value(found[1]) / (100 if len(found[1]) == 2 else 10)
        low, high, end = low + rest, high + rest, found.end()
    elif bare and (found := _HALF.match(text, end)) and low == high:
        low, high, end = low + Decimal("0.5"), high + Decimal("0.5"), found.end()
    elif found := _MORE.match(text, end):
        high, vague, end = high + 1, True, found.end()
    if found := _KIND.match(text, end):
        code, end = currencies.named(found[1]), found.end()
    elif text.startswith("钱", end):
        end += 1
    elif text.startswith("大洋", end):
        end += 2
    return Yuan(low, high, end, code, vague)


def _in_mao(number: Number, found: re.Match[str]) -> Yuan | None:
    sure = number.form == "digits" or found[1] or found[0].endswith("钱") or number.low != number.high
    ends = "毛" in found[0] and not re.match(r"\w", found.string[found.end() : found.end() + 1])
    per = re.match(r"[一每]", found.string[found.end() : found.end() + 1])
    if number.low >= 100 or not (sure or ends or per):
        return None
    rest = _value(found[1]) / 100 if found[1] else Decimal(0)
    return Yuan(number.low / 10 + rest, number.high / 10 + rest, found.end(), vague=number.vague)


def _value(digit: str) -> Decimal:
    return DIGITS[digit] if digit in DIGITS else Decimal(digit)
