"""What do the words around an amount make of it: about, at least, at most, nearly?

"About" is taken for 10 % either way, "nearly" for 10 % below: conventions, as nobody measured what writers meant.
"At least" and "at most" name one end and leave the other open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LEFT = {
    "about": r"\b(?:about|around|approximately|approx\.?|roughly|maybe|circa|ca\.?|some)|[~≈]"
             r"|(?<!wage )(?<!rent )(?<!price )(?<!salary )(?<!bill )(?<!number )(?<!a )\blike"
             r"|大概也?就?|大约|差不多|(?<![预签特节制违])约|大致|估计|也就",
    "at_least": r"\b(?:at least|over|more than|above|upwards of|no less than|not less than|minimum"
                r"|starting (?:at|from))|>=?|≥|至少|起码|最少|超过|不止|不低于|不少于|大于|多于|高于",
    "at_most": r"\b(?:under|below|less than|up to|at most|no more than|not more than|maximum|max)|<=?|≤"
               r"|不到|不足|最多|顶多|至多|不超过|低于|少于|小于|不高于",
    "nearly": r"\b(?:nearly|almost|close to|just under)|(?<![最附远])近|将近|接近|(?<![很尽赶飞])快",
}  # fmt: skip
_UNIT_LEFT = re.compile(r"(?:(?<![早晚以])上|(?<![不超])过|破)$")  # 上万, 过千: only before a unit alone
_RIGHT = {
    "about": r"-?ish\b|,? or so\b|,? give or take\b|,? approximately\b|左右|上下|的样子",
    "at_least": r"\+|以上|往上|起步|起(?!来|码|床|飞|点)| or more\b| and up\b| plus\b(?! \w)| minimum\b",
    "at_most": r"以下|以内|之内|封顶|不到| or less\b| or under\b| max\b| tops\b",
}  # fmt: skip
_BEFORE = {kind: re.compile(rf"(?:{pattern})[ ]?(?:要|是|a )?$") for kind, pattern in _LEFT.items()}
_AFTER = {kind: re.compile(rf"[ ]?(?:{pattern})") for kind, pattern in _RIGHT.items()}
_WINDOW = 20
_MOST = 3


@dataclass(slots=True)
class Bounds:
    """Which of `about`, `at_least`, `at_most`, `nearly` are said, and how far the words reach."""

    start: int
    end: int
    said: set[str] = field(default_factory=set)


def around(text: str, start: int, end: int, floor: int, unit_alone: bool) -> Bounds:
    """The bounding words beside the amount at `start` to `end`.

    Parameters
    ----------
    floor
        Where the amount before ends: nothing before it is looked at.
    unit_alone
        Whether the number is a bare 百, 千 or 万, before which 上 and 过 mean "at least".
    """
    bounds = Bounds(start, end)
    if unit_alone and (found := _UNIT_LEFT.search(text[max(floor, start - 2) : start])):
        bounds.said.add("at_least")
        bounds.start -= len(found[0])
    for _ in range(_MOST):
        if not (_step_left(text, bounds, floor) | _step_right(text, bounds)):
            break
    if text.startswith("好", bounds.start - 1) and bounds.start > floor and text.startswith(("几", "多"), bounds.start):
        bounds.start -= 1
    return bounds


def _step_left(text: str, bounds: Bounds, floor: int) -> bool:
    begin = max(floor, bounds.start - _WINDOW)
    window = text[begin : bounds.start]
    longest = None
    for kind, pattern in _BEFORE.items():
        found = pattern.search(window)
        if found and (longest is None or found.start() < longest[0]):
            longest = found.start(), kind
    if longest is None:
        return False
    bounds.said.add(longest[1])
    bounds.start = begin + longest[0]
    return True


def _step_right(text: str, bounds: Bounds) -> bool:
    for kind, pattern in _AFTER.items():
        if found := pattern.match(text, bounds.end):
            bounds.said.add(kind)
            bounds.end = found.end()
            return True
    return False
