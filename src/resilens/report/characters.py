"""Which characters can a report show, which are shown by their names instead, and in which script do they run?

Three kinds have no place in a document: those that no format can hold (NUL and other controls, halves of surrogate
pairs, non-characters), those that reorder the words around them (bidirectional controls: words would not be read in
the order in which they were written), and, in the PDF alone, those that no shipped font draws. Each is shown as
`[U+202E]`: visible, and not silently left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from resilens.results.tables import MONTHS

_UNSHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)) + "]"
)  # fmt: skip
_SPACES = re.compile("[\t\r\n\x85\u2028\u2029]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that are seen only in what they do to their neighbours: joiners, variation selectors, tags of flags."""
_JOINER = "\u200d"
_CHINESE = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    "(?:[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff ]*"
    "[\u3001-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff])?"
)
_DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})\b")
_KANA = re.compile("[\u3040-\u30ff]")


def name(character: str) -> str:
    """How a character that cannot be shown is named: `[U+1F9FF]`."""
    return f"[U+{ord(character):04X}]"


def named(text: str) -> str:
    """The text with what no document can show named instead."""
    return _UNSHOWN.sub(lambda found: name(found.group()), text)


def legible(text: str) -> str:
    """The text on one line, what no document can show named instead, a day not parted from its month."""
    return _DATE.sub("\\1\u00a0\\2", _SPACES.sub(" ", named(text)))


def printable(text: str, missing: set[str]) -> str:
    """The text with what no shipped font draws named instead.

    Parameters
    ----------
    text
        Text that is `legible`.
    missing
        Takes up the characters that no font draws.
    """
    if text.isascii():
        return text
    shown: list[str] = []
    fonts, joined = 0, False
    for character in text.replace("\ufeff", "\u2060"):  # PDF/UA-1 forbids the first; both mean: no break here
        own = _fonts_of().get(character, 0)
        if _INVISIBLE.match(character) or character in "\n\t":
            joined = character == _JOINER
            shown.append(character)
            continue
        # A mark is drawn by the font of what it stands on, and so is an emoji that is joined to another.
        fonts = fonts & own if shown and (joined or _leans(character)) else own
        joined = False
        if not fonts:
            missing.add(character)
        shown.append(character if fonts else name(character))
        fonts = fonts or _fonts_of()["]"]
    return "".join(shown)


def drawn(character: str) -> bool:
    """Whether one of the shipped fonts draws this character."""
    return character in _fonts_of()


def _leans(character: str) -> bool:
    """Whether a character is part of the one before it: an accent, a vowel sign, a skin tone."""
    return unicodedata.category(character)[0] == "M" or "\U0001f3fb" <= character <= "\U0001f3ff"


@cache
def _fonts_of() -> dict[str, int]:
    """For each character the fonts that draw it, one bit a font."""
    fonts: dict[str, int] = {}
    bit = 0
    lines = files("resilens.report").joinpath("fonts", "coverage.txt").read_text(encoding="ascii").splitlines()
    for line in lines[1:]:
        if line.startswith("="):
            bit = bit << 1 or 1
            continue
        first, last = line.split()
        for point in range(int(first, 16), int(last, 16) + 1):
            fonts[chr(point)] = fonts.get(chr(point), 0) | bit
    return fonts


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is Chinese (nothing is beside kana: it would be Japanese)."""
    position = 0
    for run in () if _KANA.search(text) else _CHINESE.finditer(text):
        if run.start() > position:
            yield text[position : run.start()], False
        yield run.group(), True
        position = run.end()
    if position < len(text):
        yield text[position:], False


def rightwards(text: str) -> bool:
    """Whether a paragraph of this text is read from left to right: so says its first letter that has a direction."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction == "L"
    return True
