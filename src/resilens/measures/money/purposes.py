"""What is an amount for, and in which country is it paid? Words of two closed lists, in the same sentence."""

from __future__ import annotations

import re

from resilens.measures.money.plain import plain

_PURPOSES = {
    "rent": "rent|mortgage|landlord|房租|租金|月租|房贷|房东",
    "salary": "salary|salaries|wages?|paycheck|my pay|take-home|minimum wage|income|工资|月薪|年薪|时薪|薪水|收入|到手"
              "|底薪|月入",
    "hours of work": "overtime|second job|shifts?|加班|超时|第二份工|兼职",
    "eggs": "eggs?|鸡蛋",
    "groceries": "groceries|grocery|food shopping|supermarket|vegetables|milk|bread|meat"
    "|买菜|菜价|超市|蔬菜|猪肉|牛奶|西红柿",
    "meals": "lunch|dinner|breakfast|restaurant|takeout|coffee"
    "|午饭|晚饭|早饭|外卖|食堂|奶茶|咖啡|吃饭",
    "petrol": "petrol|gas|gasoline|tank|加油|汽油|油价|一箱油",
    "transport": "bus|subway|metro|train|uber|taxi|flight|公交|地铁|高铁|打车|机票|车票",
    "ambulance": "ambulances?|救护车",
    "insulin": "insulin|胰岛素",
    "health": "hospital|doctor|copay|deductible|health insurance|medical|mri|dentist|filling|surgery|prescription"
              "|medicine|er visit|医院|看病|挂号|医保|医药费|药|核磁|补牙|补一颗牙|牙医|手术|住院",
    "tuition": "tuition|college|university|student loans?|school fees?|学费|大学|助学贷款|补习",
    "childcare": "daycare|childcare|nursery|kindergarten|托儿所|幼儿园|带娃",
    "housing": "house|apartment|flat price|condo|房价|房子|买房|首付",
    "utilities": "electricity|electric bill|water bill|internet|phone bill|heating"
    "|电费|水费|网费|话费|物业费|暖气费|水电",
    "taxes": "tax|taxes|个税|税",
    "pets": "vet|cat food|litter|dog food|猫粮|猫砂|宠物医院|狗粮",
    "clothes": "clothes|shoes|dress|衣服|鞋|裙子",
    "phone": "iphone|phone|laptop|手机|电脑",
}  # fmt: skip
_COUNTRIES = {
    "US": r"america|the us|in us|usa|u\.s\.a?\.?|the states|united states|美国|老美|美利坚",
    "CN": "china|mainland|beijing|shanghai|guangzhou|shenzhen|chengdu|中国|国内|北京|上海|广州|深圳|成都",
    "GB": "the uk|britain|england|scotland|london|英国|伦敦",
    "CA": "canada|toronto|vancouver|加拿大|多伦多|温哥华",
    "AU": "australia|sydney|melbourne|澳洲|澳大利亚|悉尼|墨尔本",
    "DE": "germany|berlin|德国|柏林",
    "FR": "france|paris|法国|巴黎",
    "JP": "japan|tokyo|日本|东京",
    "KR": "korea|seoul|韩国|首尔",
    "TW": "taiwan|taipei|台湾|台北",
    "HK": "hong kong|香港",
    "SG": "singapore|新加坡",
    "MX": "mexico|墨西哥",
    "IN": "india|印度",
    "RU": "russia|moscow|俄罗斯|莫斯科",
    "BR": "brazil|巴西",
    "NL": "netherlands|holland|荷兰",
    "NZ": "new zealand|新西兰",
}
PURPOSES = tuple(_PURPOSES)
"""The closed list of what an amount can be for, besides nothing said."""

_SENTENCE = re.compile(r"[!?。！？\n；;]|\.(?!\d)")


def _compiled(table: dict[str, str]) -> re.Pattern[str]:
    """One pattern, a group for each entry; Latin words stand alone, Chinese ones anywhere."""
    parts = []
    for place, words in enumerate(table.values()):
        latin = "|".join(word for word in words.split("|") if word.isascii())
        chinese = "|".join(word for word in words.split("|") if not word.isascii())
        parts.append(f"(?P<p{place}>" + "|".join(filter(None, [f"(?<![a-z])(?:{latin})(?![a-z])", chinese])) + ")")
    return re.compile("|".join(parts))


_PURPOSE, _COUNTRY = _compiled(_PURPOSES), _compiled(_COUNTRIES)


def purpose(text: str, start: int, end: int) -> str:
    """What the amount at `start` to `end` is for, one of `PURPOSES`: the word nearest to it in its sentence, the one
    before it of two as near; empty where there is none."""
    content, begin, stop = _sentence(text, start, end)
    best: tuple[int, int, str] | None = None
    for found in _PURPOSE.finditer(content, begin, stop):
        before = found.end() <= start
        away = start - found.end() if before else max(0, found.start() - end)
        one = (away, not before, PURPOSES[int(str(found.lastgroup)[1:])])
        best = min(best, one) if best else one
    return best[2] if best else ""


def country(text: str, start: int, end: int) -> str:
    """The ISO 3166 code of the one country named in the amount's sentence; empty where none or several are."""
    content, begin, stop = _sentence(text, start, end)
    codes = list(_COUNTRIES)
    named = {codes[int(str(found.lastgroup)[1:])] for found in _COUNTRY.finditer(content, begin, stop)}
    return named.pop() if len(named) == 1 else ""


def _sentence(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The plain text, and where the sentence around a place begins and ends in it."""
    content = plain(text)
    before = [found.end() for found in _SENTENCE.finditer(content, 0, start)]
    after = _SENTENCE.search(content, end)
    return content, before[-1] if before else 0, after.start() if after else len(content)
