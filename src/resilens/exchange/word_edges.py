"""Does a span begin and end where words do, and does its name repeat its words?"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np

from resilens.corpus.text import HAN, KANA
from resilens.exchange.positions import NOWHERE, Places, Ruler

_EDGE, _WORD, _SPACE, _NEWLINE, _UNSPACED, _MARK, _JOINER, _OTHER = range(8)
_NO_SPACES = re.compile(f"[{HAN}{KANA}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_BLANKS = re.compile(r"\s+")
_CUT = re.compile(r"(?:…|\.\.\.)$")
_CUT_FROM = 30


def around(ruler: Ruler, spans: Places) -> Any:
    """The characters before and at the begin, and before and at the end of spans of a text; 0 at its edges.

    Parameters
    ----------
    ruler
        The text.
    spans
        Begin and end, 2 by n, `NOWHERE` where there is none.

    Returns
    -------
    array of 4 by n
        Code points.
    """
    padded = np.concatenate([[0], ruler.points, [0]])
    places = np.maximum(spans, 0)
    return padded[np.stack([places[0], places[0] + 1, places[1], places[1] + 1])]


def word_edges(characters: Any, spans: Places) -> Any:
    """Points for begin and end of spans: 1 at the edge of a word, 0 inside one; half where a script has no spaces to
    tell by, and where the end takes the newline along.

    Parameters
    ----------
    characters
        What `around` gives.
    spans
        Begin and end, 2 by n.

    Returns
    -------
    array of 2 by n
    """
    before, first, last, after = _kinds(characters)
    starts = _edge(before, first) * ~np.isin(first, (_SPACE, _NEWLINE, _EDGE))
    ends = _edge(last, after) * ~np.isin(last, (_SPACE, _EDGE)) * np.where(last == _NEWLINE, 0.5, 1.0)
    return np.where(spans == NOWHERE, 0.0, np.stack([starts, ends]))


def _edge(left: Any, right: Any) -> Any:
    inside = ((left == _WORD) & (right == _WORD)) | (left == _JOINER) | np.isin(right, (_MARK, _JOINER))
    return np.where(inside, 0.0, np.where((left == _UNSPACED) & (right == _UNSPACED), 0.5, 1.0))


def _kinds(points: Any) -> Any:
    """The kind of each character."""
    distinct, places = np.unique(points, return_inverse=True)
    return np.array([_kind(int(one)) for one in distinct])[places].reshape(points.shape)


def _kind(point: int) -> int:
    if point == 0:
        return _EDGE
    if point in (10, 13, 0x2028, 0x2029):
        return _NEWLINE
    if point == 0x200D:
        return _JOINER
    character = chr(point)
    category = unicodedata.category(character)
    if character.isspace():
        return _SPACE
    if category[0] == "M" or 0x1F3FB <= point <= 0x1F3FF:
        return _MARK
    if _NO_SPACES.match(character):
        return _UNSPACED
    return _WORD if category[0] in "LN" else _OTHER


def repeats(said: str, words: str) -> bool:
    """Whether a name or description repeats the words selected: blanks do not matter, and it may be cut off."""
    if not said or said == words:
        return bool(said)
    if said.lstrip()[:1] != words.lstrip()[:1]:
        return False
    plain, text = (_BLANKS.sub(" ", one).strip() for one in (said, words[: 2 * len(said) + 80]))
    if plain == text:
        return True
    beginning = _CUT.sub("", plain).rstrip()
    return len(beginning) >= (_CUT_FROM if beginning == plain else 3) and text.startswith(beginning)
