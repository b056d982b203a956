"""Which currency do the signs and words beside a number name?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

YUAN = "CNY"
_CODES = re.findall(
    "[a-z]+",
    "usd cny rmb eur gbp jpy hkd twd ntd aud cad sgd nzd krw inr rub thb vnd idr myr mxn brl chf sek nok dkk pln zar "
    "uah ils aed egp ngn",
)
_OF_CODE = {code: code.upper() for code in _CODES} | {"rmb": YUAN, "ntd": "TWD"}
_SIGNS = {
    "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD",
    "nz$": "NZD", "r$": "BRL", "mx$": "MXN", "$": "USD", "¥": YUAN, "£": "GBP", "€": "EUR", "₩": "KRW", "₹": "INR",
    "₽": "RUB", "฿": "THB", "₫": "VND", "₱": "PHP", "₺": "TRY", "₴": "UAH", "₪": "ILS",
}  # fmt: skip
_CHINESE = {
    "人民币": YUAN, "软妹币": YUAN, "美元": "USD", "美金": "USD", "美刀": "USD", "刀乐": "USD", "欧元": "EUR",
    "英镑": "GBP", "日元": "JPY", "日币": "JPY", "円": "JPY", "港币": "HKD", "港元": "HKD", "港纸": "HKD",
    "新台币": "TWD", "台币": "TWD", "澳元": "AUD", "澳币": "AUD", "澳刀": "AUD", "加元": "CAD",
    "加币": "CAD", "加刀": "CAD", "新加坡元": "SGD", "新币": "SGD", "韩元": "KRW", "韩币": "KRW", "卢布": "RUB",
    "泰铢": "THB", "越南盾": "VND", "马币": "MYR", "令吉": "MYR", "瑞郎": "CHF", "卢比": "", "比索": "",
}  # fmt: skip
_ENGLISH = {
    "us dollars?": "USD", "american dollars?": "USD", "australian dollars?": "AUD", "canadian dollars?": "CAD",
    "hong kong dollars?": "HKD", "dollars?": "USD", "bucks?": "USD", "chinese yuan": YUAN, "yuan": YUAN,
    "kuai": YUAN, "renminbi": YUAN, "euros?": "EUR", "pounds sterling": "GBP", "british pounds?": "GBP",
    "quid": "GBP", "yen": "JPY", "korean won": "KRW", "rubles?": "RUB", "roubles?": "RUB", "baht": "THB",
    "ringgits?": "MYR", "swiss francs?": "CHF", "pesos?": "", "rupees?": "", "kroner": "", "kronor": "",
}  # fmt: skip
_DOLLARS = frozenset({"USD", "AUD", "CAD", "HKD", "TWD", "SGD", "NZD"})
_SHARED = {"$": _DOLLARS, "dollar": _DOLLARS, "buck": _DOLLARS, "¥": frozenset({YUAN, "JPY"})}
_YEN = re.compile(r"日元|日币|円|\byen\b|jpy")

_SIGN = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_NAME = "|".join(sorted(_CHINESE, key=len, reverse=True))
_CODE = "|".join(_CODES)
_BEFORE = re.compile(
    rf"(?:(?<![a-z0-9_])({_CODE})[ :：]?({_SIGN})?|({_NAME})[ :：]?|(?<![a-z])({_SIGN})|({_SIGN}))[ ]?$"
)
_SIGN_AFTER = re.compile(rf"[ ]?({_SIGN})(?![ ]?\d)")
_WORD_AFTER = re.compile(rf"(?:(?:[ -]|[ ]of[ ])?((?:{_CODE})(?![a-z0-9_])|{'|'.join(_ENGLISH)})(?![a-z]))")
_NOT_WORD = re.compile(r" ?(?:store|tree|general|shop|menu|bill|sign)s?(?![a-z])")
_NAME_AFTER = re.compile(rf"[ ]?({_NAME})")
_CENTS = re.compile(r"[ -]?(?:cents?(?![a-z])|¢)|[ -]?(?:美分)")
_OPINION = re.compile(r"\b(?:my|his|her|your|their|our) (?:two|2)$")
_DAO = re.compile(r"[ ]?刀(?![切片剪口法叉具子客锋刃塔下])")
_OU = re.compile(r"[ ]?欧(?![洲美元盟式皇巴气派若])")
_BANG = re.compile(r"[ ]?镑")
_POUNDS = re.compile(r"[ -]?pounds?(?![a-z])(?! of)")
_PAID = re.compile(r"£|\b(?:cost|costs|paid|pay|price|rent|quid|wage|salary|fee|pence|sterling|london|uk)\b")
_HEAVY = re.compile(r"\b(?:lost|lose|gain|gained|weigh|weighs|weight|heavy|heavier|lighter|lbs?)\b")


@dataclass(frozen=True, slots=True)
class Currency:
    """What a sign or word says: the code, whether it is a guess, what one of it is of a whole unit, where it ends or
    begins, and the sign as written."""

    code: str
    assumed: bool
    at: int
    sign: str
    part: Decimal = Decimal(1)


def before(text: str, start: int, default: str) -> Currency | None:
    """The currency named right before a number that begins at `start`."""
    window = max(0, start - 12)
    found = _BEFORE.search(text[window:start])
    if found is None:
        return None
    code, sign_too, name, *signs = found.groups()
    at = window + found.start()
    if code:
        return Currency(_OF_CODE[code], False, at, code)
    if name:
        return Currency(_CHINESE[name], False, at, name)
    sign = next(filter(None, signs))
    return _shared(text, sign, at, default)


def after(text: str, end: int, value: Decimal, form: str, default: str) -> Currency | None:
    """The currency named right after a number that ends at `end`; yuan by 块 and 元 are read by `yuan`."""
    if found := _NAME_AFTER.match(text, end):
        return Currency(_CHINESE[found[1]], False, found.end(), found[1])
    if (found := _WORD_AFTER.match(text, end)) and not _NOT_WORD.match(text, found.end()):
        return _worded(text, found, default)
    if found := _SIGN_AFTER.match(text, end):
        return _shared(text, found[1], found.end(), default)
    if (found := _CENTS.match(text, end)) and not _OPINION.search(text[max(0, end - 12) : end]):
        return Currency(default if default in _DOLLARS | {"EUR"} else "USD", False, found.end(), "¢", Decimal("0.01"))
    many = form == "digits" or value >= 10
    if many and (found := _DAO.match(text, end)):
        return Currency("USD", False, found.end(), "刀")
    if many and (found := _OU.match(text, end)):
        return Currency("EUR", False, found.end(), "欧")
    if found := _BANG.match(text, end):
        return Currency("GBP", False, found.end(), "镑")
    if (found := _POUNDS.match(text, end)) and _means_money(text, end):
        return Currency("GBP", False, found.end(), "pound")
    return None


def named(word: str) -> str:
    """The code of a currency's Chinese name; empty where it names several."""
    return _CHINESE[word]


def _worded(text: str, found: re.Match[str], default: str) -> Currency:
    word = found[1]
    if word in _OF_CODE:
        return Currency(_OF_CODE[word], False, found.end(), word)
    code = next(code for name, code in _ENGLISH.items() if re.fullmatch(name, word))
    if word.rstrip("s") in _SHARED:
        return _shared(text, word.rstrip("s"), found.end(), default, code)
    return Currency(code, False, found.end(), word)


def _shared(text: str, sign: str, at: int, default: str, code: str = "") -> Currency:
    """The currency of a sign that several share: the default where it is one of them; ¥ is yen where yen are named."""
    code = code or _SIGNS[sign]
    if default in _SHARED.get(sign, ()):
        return Currency(default, default != code or sign == "¥", at, sign)
    if sign == "¥":
        yen = _YEN.search(text) is not None
        return Currency("JPY" if yen else YUAN, not yen, at, sign)
    return Currency(code, False, at, sign)


def _means_money(text: str, end: int) -> bool:
    """Whether pounds are money here and not weight: something is paid nearby, nothing is heavy."""
    near = text[max(0, end - 60) : end + 60]
    return _PAID.search(near) is not None and _HEAVY.search(near) is None
