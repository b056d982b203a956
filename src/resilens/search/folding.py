"""When are two ways of writing the same word, and where in the stored text does a match stand?

Texts are compared in their folded form: compatibility forms made plain (NFKC: `ＴＡＸ` is `TAX`, `…` is `...`), then
case folded. Folding changes lengths, so a match is brought back, outwards, to the code points of stored text that it
came from: what is found in the middle of `㎡` or of `e` with a combining accent is the whole of it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import ibis
import pyarrow as pa

from resilens.corpus.text import LATIN

WORD = f"{LATIN}0-9_\u0250-\u02bc\u0300-\u036f\u2c60-\u2c7f"
"""What makes a Latin word longer: letters, those of phonetic writing too, digits, accents. A class that means the same
in Python's re and in RE2."""

_LATIN = re.compile(f"[{WORD}]")


def fold(text: str) -> str:
    """The text as it is compared: NFKC, case folded, NFKC again, for folding may undo it. NUL is stored as U+FFFD."""
    plain = text.replace("\x00", "\ufffd")
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())


@ibis.udf.scalar.pyarrow(name="resilens_folded", signature=((str,), str))
def folded(text):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201 - Ibis reads the types from the signature
    """`fold` of a column, for the engine."""
    return pa.array([None if value is None else fold(value) for value in text.to_pylist()], pa.string())


def pattern(word: str, whole_word: bool = False) -> str:
    """What to look for in folded text, as a regular expression for Python's re.

    Parameters
    ----------
    word
        The word or phrase as somebody wrote it. Blanks around it count for nothing.
    whole_word
        Whether a Latin letter, digit or accent must not stand beside it where it begins, or ends, with one. Chinese is
        written without borders: `cat` is a whole word in `我的cat很`.
    """
    plain = fold(word.strip())
    before = f"(?<![{WORD}])" if whole_word and _LATIN.match(plain) else ""
    after = f"(?![{WORD}])" if whole_word and _LATIN.match(plain[-1:]) else ""
    return f"{before}{re.escape(plain)}{after}"


def engine_pattern(word: str) -> str:
    """The same with borders, for RE2, which cannot look around: whether there is a match, not where."""
    plain = fold(word.strip())
    before = f"(?:^|[^{WORD}])" if _LATIN.match(plain) else ""
    after = f"(?:$|[^{WORD}])" if _LATIN.match(plain[-1:]) else ""
    return f"(?s){before}{_escaped(plain)}{after}"


def _escaped(plain: str) -> str:
    """RE2 knows no escape before a character that is not ASCII."""
    return re.sub(r"[!-/:-@\[-`{-~]", r"\\\g<0>", plain)


def places(text: str, word: str, whole_word: bool = False) -> Iterator[tuple[int, int]]:
    """Where the word stands: half-open, in code points of `text`, from the left, none overlapping another.

    Parameters
    ----------
    text
        Stored text.
    word, whole_word
        See `pattern`.
    """
    plain = fold(text)
    matches = list(re.finditer(pattern(word, whole_word), plain))
    if not matches or not fold(word.strip()):
        return
    starts, origins = _origins(text)
    reached = 0
    for match in matches:
        start = origins[bisect_right(starts, match.start()) - 1]
        end = origins[bisect_left(starts, match.end())]
        if start >= reached:
            yield start, end
            reached = end


def _origins(text: str) -> tuple[list[int], list[int]]:
    """Where each segment that folds by itself begins, in folded and in stored text, and last the end of both."""
    starts, origins, at = [], [], 0
    for start, end in _segments(text):
        plain = fold(text[start:end])
        if plain:  # what folds to nothing belongs to what stands before it
            starts.append(at)
            origins.append(start)
            at += len(plain)
    return [*starts, at], [*origins, len(text)]


def _segments(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for place in range(1, len(text)):
        if not _joins(text[place]):
            yield start, place
            start = place
    if text:
        yield start, len(text)


def _joins(character: str) -> bool:
    """Whether a character may melt into what stands before it: marks, and the vowels and finals of Hangul."""
    if character < "\u0300":
        return False
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"
