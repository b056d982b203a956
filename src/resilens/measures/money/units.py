"""What is an amount paid for each of: an hour, a month, a dozen, a jin, a person, a visit?"""

from __future__ import annotations

import re

_ENGLISH = {
    "hour": "hours?|hrs?|h", "day": "days?", "night": "nights?", "week": "weeks?|wk", "month": "months?|mo|mth",
    "semester": "semesters?|terms?", "year": "years?|yrs?|annum",
    "person": "person|people|head|pp|pax|kid|child|student",
    "visit": "visits?|time|trip|ride|session|appointment", "dozen": "dozen|doz", "kg": "kgs?|kilos?|kilogram",
    "lb": "lbs?|pound", "gallon": "gallons?|gal", "litre": "lit(?:er|re)s?|l", "bottle": "bottle",
    "box": "box|pack|carton", "cup": "cup", "portion": "portion|plate|serving", "meal": "meal", "vial": "vial",
    "pill": "pill|tablet", "item": "each|piece|pc|unit|apiece|item|one", "mile": "mile", "km": "km",
}  # fmt: skip
_CHINESE = {
    "hour": "小时|个小时|个钟|钟头|个钟头", "day": "天|日", "night": "晚|晚上|夜", "week": "周|星期|个星期|礼拜|个礼拜",
    "month": "个月|月", "semester": "学期|个学期", "year": "年", "person": "个人|人|位|个孩子", "visit": "次|趟|回",
    "dozen": "打", "kg": "公斤|千克|kg", "jin": "斤|市斤", "bottle": "瓶", "box": "盒|包", "cup": "杯",
    "箱 (case, tank)": "箱", "portion": "份|碗|盘|例", "meal": "顿|餐", "pill": "粒|片|颗药", "vial": "支|针",
    "m2": "平|平米|平方|平方米|㎡", "litre": "升", "km": "公里",
    "item": "个|只|颗|张|条|件|本|双|套|台|部|枚|棵|头|把",
}  # fmt: skip
_ADJECTIVES = {
    "hour": "hourly|时薪", "day": "daily|日薪|日结", "week": "weekly|周薪|周租",
    "year": "yearly|annual|annually|年薪|年收入|年租",
    "month": "monthly|月薪|月租|月供|月入|月收入|月费|月工资|月均|底薪", "person": "人均|per capita",
}  # fmt: skip
UNITS = tuple(dict.fromkeys([*_ENGLISH, *_CHINESE]))
"""The closed list of what amounts are paid for each of; a Chinese word without one English
word for it stands first."""


def _named(table: dict[str, str], tag: str) -> str:
    return "|".join(f"(?P<{tag}{unit}>{pattern})" for unit, pattern in table.items())


_OF_WORD = {word: unit for unit, words in _CHINESE.items() for word in words.split("|")}
_HAN_UNIT = "|".join(sorted(_OF_WORD, key=len, reverse=True))  # the longest first, so that 个月 is not read as 个
_PERIODS = "小时|个小时|个钟|天|晚|周|星期|个星期|个月|月|学期|年|次|斤|公斤|打|人|个人"
_AFTER_EN = re.compile(
    rf"[ ]?(?:/ ?|an? |per (?:a )?|every |for an? |a single |the )(?:{_named(_ENGLISH, 'e')})(?![a-z])"
    r"|[ ](?P<each>each|apiece|pp)(?![a-z])"
    r"|[ ](?P<adjective>hourly|daily|weekly|monthly|yearly|annually)(?![a-z])"
)
_AFTER_ZH = re.compile(rf"[ ]?(?:(?:[一每]|/ ?)(?P<unit>{_HAN_UNIT})|/ ?(?P<jin>500g))")
_BEFORE_ZH = re.compile(rf"(?:[一每]|(?<![\d一二两三四五六七八九十几本上下这那同当年个]))(?P<unit>{_PERIODS})"
                        r"(?:[均大概约要才就能挣赚到手拿只有得花是差不多也：: ,，]{0,6}|[^\w\s]?)$")  # fmt: skip
_GOODS_ZH = re.compile(r"[一每](?P<unit>打|公斤|斤|杯|盒|瓶|箱|份|碗|支)[\u4e00-\u9fff]{0,6}$")
_ADJECTIVE = re.compile("|".join(rf"(?P<{unit}>(?<![a-z])(?:{words})(?![a-z]))" for unit, words in _ADJECTIVES.items()))
_SENTENCE = re.compile(r"[.!?。！？\n；;](?!\d)")
_NEAR = 24


def after(text: str, end: int) -> tuple[str, int] | None:
    """The unit named right after an amount, and where it ends: `an hour`, `/mo`, `each`, `一斤`, `每月`."""
    if found := _AFTER_EN.match(text, end):
        if found["each"]:
            return ("person" if found["each"] == "pp" else "item"), found.end()
        if found["adjective"]:
            return _adjective(found["adjective"]), found.end()
        unit = next(name[1:] for name, word in found.groupdict().items() if name[0] == "e" and name != "each" and word)
        return unit, found.end()
    if found := _AFTER_ZH.match(text, end):
        return ("jin" if found["jin"] else _OF_WORD[found["unit"]]), found.end()
    return None


def before(text: str, start: int, floor: int) -> str:
    """The unit named before an amount, empty where none is: `一个月`, `月薪`, `hourly`, in the same sentence."""
    begin = max(floor, start - _NEAR)
    window = text[begin:start]
    ends = [found.end() for found in _SENTENCE.finditer(window)]
    window = window[ends[-1] :] if ends else window
    if found := _BEFORE_ZH.search(window) or _GOODS_ZH.search(window):
        return _OF_WORD[found["unit"]]
    last = ""
    for found in _ADJECTIVE.finditer(window):
        last = str(found.lastgroup)
    return last


def _adjective(word: str) -> str:
    return next(unit for unit, words in _ADJECTIVES.items() if word in words.split("|"))
