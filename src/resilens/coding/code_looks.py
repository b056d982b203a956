"""Which colour and which key does a code get that has none?

Colours come from Okabe and Ito's set, which the colour-blind can tell apart, and are shared out facet by facet; as
there are more codes than colours, a code is always shown with its key or its name as well. A key is a letter of the
code's name where one is free, else any that is.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from resilens.coding.codes import Code, Codebook
from resilens.results.time_axis import PALETTE

RESERVED = frozenset("0?/jkvmgru")
"""Keys that the coding screen has other uses for: nothing applies, keys, filter, next and previous item, span, memo,
group, region, undo."""

_KEYS = (*string.ascii_lowercase, *"123456789", *string.ascii_uppercase)


def proposed_colour(codebook: Codebook, facet_id: str) -> str:
    """The colour that the fewest active codes of the facet have."""
    used = Counter(code.colour for code in codebook.codes if code.active and code.facet == facet_id)
    return min(PALETTE, key=lambda colour: used[colour])


def proposed_key(codebook: Codebook, code: Code) -> str:
    """A key that no other active code has: a letter that begins a word of the code's name, small or capital, else
    another letter of it, else any; empty where all are taken."""
    taken = RESERVED | {other.key for other in codebook.codes if other.active and other.id != code.id}
    return next((key for key in (*_letters(code), *_KEYS) if key not in taken), "")


def _letters(code: Code) -> Iterable[str]:
    """The Latin letters of the name and of the id's last part, those that begin a word first."""
    plain = unicodedata.normalize("NFKD", f"{code.name} {code.id.rpartition('.')[2]}").casefold()
    words = re.findall(r"[a-z]+", re.sub(r"\(.*?\)", "", plain))
    for letters in ([word[0] for word in words], [letter for word in words for letter in word]):
        yield from letters
        yield from map(str.upper, letters)


def completed(codebook: Codebook) -> Codebook:
    """The codebook with a colour and, as long as there are any, a key for every active code that has none; codes at
    the top of their facet choose first."""
    codes = {code.id: code for code in codebook.codes}
    for code in sorted(codebook.codes, key=lambda code: bool(code.parent)):
        if code.active and not (code.colour and code.key):
            now = replace(codebook, codes=tuple(codes.values()))
            colour = code.colour or proposed_colour(now, code.facet)
            codes[code.id] = replace(code, colour=colour, key=code.key or proposed_key(now, code))
    return replace(codebook, codes=tuple(codes.values()))
