"""Which words of a text were taken out, and which put in? A Chinese character counts as a word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

_Kind: TypeAlias = Literal["same", "out", "in"]
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|\s+|\w+|.", re.DOTALL)

LONGEST = 4000
"""Words of both texts together up to which they are compared word by word; beyond, only their beginnings and ends."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both, only in the earlier (`out`) or only in the later (`in`)."""

    kind: _Kind
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The two texts as one, piece by piece.

    The pieces that are not `in` make `before`, those that are not `out` make `after`. Blanks between two changed words
    count as changed, so that a sentence put in place of another reads as one.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    begin, end = "".join(old[:head]), "".join(old[len(old) - tail :])
    return _joined([("same", begin), *_compared(*middle), ("same", end)])


def _common(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    return next((place for place, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs),
                min(len(one), len(other)))  # fmt: skip


def _compared(old: list[str], new: list[str]) -> list[tuple[_Kind, str]]:
    if len(old) + len(new) > LONGEST:
        return [("out", "".join(old)), ("in", "".join(new))]
    pieces: list[tuple[_Kind, str]] = []
    for tag, start, end, from_, to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[start:end]), "".join(new[from_:to])
        pieces += [("same", gone)] if tag == "equal" else [("out", gone), ("in", come)]
    return pieces


def _joined(pieces: list[tuple[_Kind, str]]) -> list[Piece]:
    """Pieces without empty ones; between changes, blanks that stayed are taken as changed too."""
    found: list[Piece] = []
    out = come = ""
    told = [(kind, text) for kind, text in pieces if text]
    for place, (kind, text) in enumerate(told):
        blank = kind == "same" and text.isspace() and (out or come) and place + 1 < len(told)
        if kind == "same" and not blank:
            found += [*_changed(out, come), Piece("same", text)]
            out = come = ""
            continue
        out += text if kind == "out" or blank else ""
        come += text if kind == "in" or blank else ""
    return found + _changed(out, come)


def _changed(out: str, come: str) -> list[Piece]:
    if out == come:
        return [Piece("same", out)] if out else []
    return [piece for piece in (Piece("out", out), Piece("in", come)) if piece.text]
