"""Which stored text, of which item, do the positions in the text of a source lie in?

Stored text has one newline for CRLF and pseudonyms in place of @mentions, as that of every capture; positions follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from resilens.coding.spans import digest
from resilens.corpus.text import stored_text
from resilens.exchange.positions import NOWHERE, Dialect, Places, Ruler
from resilens.exchange.project_tree import Selection

_ONE_FOR_ONE = {0x0D: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n", 0: "\ufffd"}
_SURROGATE = re.compile("[\ud800-\udfff]")


class Piece(NamedTuple):
    """A text of an item inside the text of a source: where it begins there, in code points with `\\n` newlines. Without
    a field it is what stands there in place of the item's texts, which are `hidden`."""

    item_id: str
    field: str
    at: int
    text: str
    hidden: Mapping[str, str] = {}


class Span(NamedTuple):
    """A span of an item's text; `text_sha256` is of the whole text."""

    item_id: str
    field: str
    start: int
    end: int
    text_sha256: str
    words: str


@dataclass(frozen=True)
class Stored:
    """A text as it is stored, and where its code points were before names were replaced.

    Parameters
    ----------
    text, flags
        See `corpus.text.stored_text`.
    before, after
        The edges of every replaced name, before and after: 2 values a name, in order.
    """

    text: str
    flags: tuple[str, ...]
    before: Places
    after: Places

    def places(self, indexes: Places) -> Places:
        """Where indexes of the text with `\\n` newlines lie; inside a replaced name, at its nearer outer edge."""
        if not len(self.before):
            return indexes
        edge = np.searchsorted(self.before, indexes, "right") - 1
        inside = (edge >= 0) & (edge % 2 == 0) & (self.before[np.maximum(edge, 0)] != indexes)
        moved = indexes + np.where(edge < 0, 0, (self.after - self.before)[np.maximum(edge, 0)])
        return np.where(inside, self.after[np.minimum(np.maximum(edge, 0), len(self.after) - 1)], moved)

    @property
    def names(self) -> int:
        """How many names were replaced."""
        return len(self.before) // 2


def levelled(text: str) -> str:
    """The text with `\\n` newlines and nothing that cannot be stored; a CRLF is one character, all else stays one."""
    level = text.replace("\r\n", "\n").translate(_ONE_FOR_ONE)
    return _SURROGATE.sub("\ufffd", level)


def stored(level: str, pseudonym_of_name: Callable[[str], str]) -> Stored:
    """A text that is `levelled` as it is stored.

    `stored_text` tells what it replaces: it is first given a mark in place of each pseudonym, between which the text
    stands unchanged.
    """
    names: list[str] = []
    mark = next(chr(point) for point in range(0xE000, 0xF8FF) if chr(point) not in level)

    def marked(name: str) -> str:
        names.append(name)
        return f"{mark}{len(names) - 1}{mark}"

    told, flags = stored_text(level, marked)
    edges: list[tuple[int, int]] = []
    text, at = "", 0
    for place, part in enumerate(re.split(f"{mark}([0-9]+){mark}", told)):
        if place % 2:
            name, instead = names[int(part)], pseudonym_of_name(names[int(part)])
            at = level.index(name, at)
            edges += [(at, len(text)), (at + len(name), len(text) + len(instead))]
            text, at = text + instead, at + len(name)
        else:
            at = level.index(part, at) + len(part)
            text += part
    before, after = np.array(edges, np.int64).reshape(-1, 2).T
    return Stored(text, flags, before, after)


@dataclass(frozen=True)
class Laid:
    """What the text of a source is made of.

    Parameters
    ----------
    text
        As the file has it.
    pieces
        Texts of items in it, in order.
    through
        How names were replaced; None where the source is made of texts that are stored already.
    """

    text: str
    pieces: tuple[Piece, ...]
    through: Stored | None = None

    def spans(self, selections: Sequence[Selection], dialect: Dialect) -> Iterator[tuple[Span, ...]]:
        """For each selection the spans of items it covers; none where it covers nothing, or lies nowhere."""
        known = [(one.place.start, one.place.end) for one in selections]
        starts, ends = ([NOWHERE if pair[side] is None else pair[side] for pair in known] for side in (0, 1))
        ruler = Ruler(self.text)
        raw = np.stack(ruler.spans(dialect, starts, ends)) if known else np.zeros((2, 0), np.int64)
        level = ruler.kept[np.maximum(raw, 0)]
        if self.through is not None:
            level = self.through.places(level)
        digests = [digest(piece.text) for piece in self.pieces]
        for start, end, there in zip(*level.tolist(), (raw[0] != NOWHERE).tolist(), strict=True):
            yield tuple(self._within(start, end, digests)) if there else ()

    def hidden(self, item_id: str, field: str, start: int, end: int) -> Span:
        """A span of a text of an item whose words are not in the source; the whole item where there is none."""
        for piece in self.pieces:
            text = piece.hidden.get(field, "") if piece.item_id == item_id else ""
            if 0 <= start < end <= len(text):
                return Span(item_id, field, start, end, digest(text), text[start:end])
        return Span(item_id, "", 0, 0, "", "")

    def _within(self, start: int, end: int, digests: Sequence[str]) -> Iterator[Span]:
        for piece, sha256 in zip(self.pieces, digests, strict=True):
            first, last = max(start - piece.at, 0), min(end - piece.at, len(piece.text))
            if first < last:
                yield Span(piece.item_id, piece.field, first, last, sha256, piece.text[first:last])
