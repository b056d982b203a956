"""When is a number without a currency money?

Only beside a word for a price, a wage or a payment, or for so much an hour, a month or a jin, and only where nothing
else follows that it could count: "rent is 1500", 月薪8000, 一个月五六千, "15/hr". What stays unsure is left out.
"""

from __future__ import annotations

import re
from decimal import Decimal

from resilens.measures.money.numbers import Number

_PRICE_EN = (r"\b(?:rent|salary|wages?|income|tuition|fees?|prices?|priced at|priced|costs?|copay|deductible|mortgage"
             r"|paid|pays?|paying|charged?|charges|spent|spend|worth|bill|deposit|premium"
             r"|sells? for|sold for)")  # fmt: skip
_EARNS_EN = r"\b(?:makes?|making|made|earns?|earned|earning|gets?|got|job|work|overtime)"
_PRICE_ZH = ("月薪|年薪|时薪|日薪|周薪|底薪|工资|薪水|薪资|收入|月入|年入|房租|租金|月租|学费|房贷|月供|售价|价格|单价|"
             "票价|价钱|要价|原价|现价|房价|医药费|医疗费|药费|挂号费|电费|水费|物业费|补贴|奖金|退休金|养老金|保费|"
             "花了|花费|花掉|赚了?|挣了?|卖了?|付了?|交了?|收费|消费|成本|存款|欠了?|值|只要|"
             "到手|加班费|报销")  # fmt: skip
_LINK_EN = r"(?:[ :=]|is|was|are|were|about|around|of|just|only|over|under|me|us|like|at|for|roughly|nearly|almost|~)*"
_LINK_ZH = ("(?:是|要|才|就|都|有|到|大概|大约|差不多|也就|一个月|每个?月|一年|每年|一天|税[前后]|平均|在|为|[:：,， ]"
            "|不到|至少|最多|超过|近|过|上|了|得|还|只){0,5}")  # fmt: skip
_NAMED_EN = re.compile(_PRICE_EN + r"(?![a-z])" + _LINK_EN + "$")
_NAMED_ZH = re.compile(f"(?:{_PRICE_ZH}){_LINK_ZH}$")
_NEAR_EN = re.compile(f"(?:{_PRICE_EN}|{_EARNS_EN})(?![a-z])")
_NEAR_ZH = re.compile(_PRICE_ZH)
_PERIOD_ZH = re.compile(r"(?:一个月|每个?月|(?<![\d一二两三四五六七八九十本上下这个])月|一年|每年|一天|每天|一周|每周"
                        r"|一?小时|每晚|一晚)"
                        r"(?:大概|大约|差不多|也就|就|才|能|赚|挣|拿|到手|要|得|花|有|:|：| ){0,4}$")  # fmt: skip
_PER_HOUR = re.compile(r"[ ]?(?:/ ?(?:hrs?|hour)|an hour|per hour)(?![a-z])")
_PER_EN = re.compile(r"[ ]?(?:/ ?|an? |per )(?:hrs?|hour|day|night|week|wk|month|mo|year|yr|dozen|pound|lb|kg|gallon"
                     r"|visit|person|semester)(?![a-z])")  # fmt: skip
_PER_GOODS_ZH = re.compile("[ ]?一(?:斤|打|盒|瓶|箱|公斤|份|杯|碗|张票|晚上?)")
_PER_TIME_ZH = re.compile("[ ]?(?:一|每)(?:个月|年|天|周|个?小时|晚)")
_ENDS_EN = re.compile(r"[ ]?(?:$|[^\w\s%°/:\-\u4e00-\u9fff]|\n|\x00"
                      r"|(?:per|for|but|now|here|in|on|plus|after|before|with|and|tbh|lol|so|if|because"
                      r"|a month|a year)(?![a-z]))")  # fmt: skip
_ENDS_ZH = re.compile(r"[ ]?(?:$|[^\w\s%°/:\-]|\s|\x00|左右|多(?!个|人|天|条)|以[上下内]|起(?!来)"
                      r"|[的了吧呢啊呀哦嘛都就还才也够不](?!个)|一(?:个月|斤|打|盒|瓶|年|天|小时|晚|次|周)"
                      r"|每(?:个?月|年|天|人|晚|周)|到手|上下|出头|\+)")  # fmt: skip
_GRAND_WHAT = re.compile(" (?:piano|prix|slam|canyon|theft|opening|final|jury|total|child|kid|parent)")
_ASIDE = 32


def is_money(text: str, number: Number, floor: int) -> bool:
    """Whether a number with no currency beside it is an amount.

    Parameters
    ----------
    number
        The number, or a range of two taken together.
    floor
        Where the amount before ends.
    """
    before = text[max(floor, number.start - _ASIDE) : number.start]
    end = number.end
    if re.search(r"[a-z]$", before) or text.startswith(("%", "°", "℃"), end):
        return False
    if number.grand:
        return _GRAND_WHAT.match(text, end) is None
    if _PER_HOUR.match(text, end) and number.form == "digits":
        return True
    if number.form != "english" and (_ENDS_ZH.match(text, end) or _PER_TIME_ZH.match(text, end)):
        large = number.scale >= 100 and number.low >= 100
        if _NAMED_ZH.search(before) and number.high >= 5:
            return True
        if large and (_PERIOD_ZH.search(before) or _PER_TIME_ZH.match(text, end)):
            return True
    if _PER_GOODS_ZH.match(text, end) and number.form == "digits":
        return True
    return _english(text, number, before)


def _english(text: str, number: Number, before: str) -> bool:
    if number.low < Decimal(2):
        return False
    if _NAMED_EN.search(before) and (_ENDS_EN.match(text, number.end) or _PER_EN.match(text, number.end)):
        return True
    if not _PER_EN.match(text, number.end):
        return False
    near = _clause(before, text[number.end : number.end + _ASIDE])
    return _NEAR_EN.search(near) is not None or _NEAR_ZH.search(near) is not None


def _clause(before: str, after: str) -> str:
    """The sentence's words on both sides."""
    return re.split(r"[.!?。！？\n]", before)[-1] + " " + re.split(r"[.!?。！？\n]", after)[0]
