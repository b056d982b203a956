"""What number do English words name: two thousand, half a million, twenty-five, a couple hundred, hundreds?

"A few", "several" and "hundreds of" are taken as the Chinese 几: more than one and less than ten of the unit.
"""

from __future__ import annotations

import re
from decimal import Decimal

from resilens.measures.money.chinese import SEVERAL, Spoken

_WORDS_TO_19 = ("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
                "seventeen eighteen nineteen")  # fmt: skip
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(re.findall("[a-z]+", _WORDS_TO_19), start=1)} | {
    word: 10 * value for value, word in enumerate(re.findall("[a-z]+", _TENS), start=2)
}
SCALES = {"hundred": 100, "thousand": 1_000, "grand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_VAGUE = ("few", "several", "couple")
_WORD = "|".join([*sorted(_SMALL, key=len, reverse=True), *SCALES, "hundreds", "thousands", "millions", *_VAGUE])
WORDS = (
    rf"(?<![a-z])(?:half an? (?:hundred|thousand|grand|million|billion)"
    rf"|(?:an? (?=few|couple|hundred|thousand|grand|million|billion))?(?:{_WORD})(?![a-z])"
    rf"(?:(?:-| and | of | a | )(?:{_WORD})(?![a-z])){{0,6}})"
)
"""A pattern of number words on plain text."""


def spoken(words: str) -> Spoken | None:
    """What the words are worth; None where they name no number."""
    if words.startswith("half a"):
        scale = Decimal(SCALES[words.split()[-1]])
        return Spoken(scale / 2, scale / 2, False, scale)
    done = part = Decimal(0)
    spread, scale, vague, last = Decimal(0), Decimal(1), False, ""
    for word in re.findall(r"[a-z]+", words):
        if word in _SMALL:
            value = Decimal(_SMALL[word])
            if last == "small" and not (part % 100 >= 20 and part % 10 == 0 and value < 10):
                return None
            part, last, scale = part + value, "small", Decimal(1)
        elif word.rstrip("s") in SCALES:
            scale = Decimal(SCALES[word.rstrip("s")])
            if word.endswith("s"):
                part, spread, vague = SEVERAL[0], SEVERAL[1] - SEVERAL[0], True
            part, spread = (part or Decimal(1)) * scale, spread * scale
            last = "scale"
            if scale > 100:
                done, part = done + part, Decimal(0)
        elif word == "couple":
            part, vague = Decimal(2), True
        elif word in _VAGUE:
            part, spread, vague = SEVERAL[0], SEVERAL[1] - SEVERAL[0], True
    low = done + part
    return Spoken(low, low + spread, vague, scale) if low else None
