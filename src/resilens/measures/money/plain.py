"""How are the many ways to type one character made one, without moving any?

Every rule replaces a character by one character, so positions in the plain text are positions in the text.
"""

from __future__ import annotations

import re

from resilens.corpus.text import NOT_WRITTEN

BLANK = "\x00"
"""What stands where nothing was written: links, pseudonyms, hashtags, stickers. No pattern matches it as a word."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_PUNCTUATION = "，（）！？；"  # stays wide: a wide comma parts clauses, a narrow one may part thousands
_SAME = str.maketrans(
    "￥￡￠￦﹩$–—―−~〜" "壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億兩幾倆俩〇" "塊圓圆錢個餘點時週歐鎊幣鐘應每约約過將裡張",
    "¥£¢₩$$----~~" "一二二三三四五六六七八九十百千万亿两几两两零" "块元元钱个余点时周欧镑币钟应每约约过将里张",
)  # fmt: skip
_NARROW = (
    {code: narrow for code, narrow in _FULL_WIDTH.items() if chr(code) not in _PUNCTUATION}
    | {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
    | {code: code - 0xFEE0 + 32 for code in range(0xFF21, 0xFF3B)}
    | _SAME
)
_STICKERS = r"\[[^\[\]\s#@]{1,12}\]|:[a-z0-9_]{0,24}[a-z][a-z0-9_]{0,24}:"
_ADDRESSES = r"www\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.\w+"
_NOT_WORDS = re.compile(rf"{NOT_WRITTEN}|{_STICKERS}|#\w{{1,80}}#?(?!\w)|#\w{{1,80}}|{_ADDRESSES}")
"""Every repeat that may fail has a length, so that no text takes time that grows with its square."""


def plain(text: str) -> str:
    """The text with full-width, traditional and financial forms narrowed, small ASCII letters, and blanks in place of
    links, pseudonyms, hashtags and stickers; as long as the text."""
    narrowed = text.translate(_NARROW)
    return _NOT_WORDS.sub(lambda found: BLANK * len(found[0]), narrowed)
