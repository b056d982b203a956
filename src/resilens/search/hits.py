"""What is a hit, and how does its word look in context?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

AROUND = 48
"""Characters shown on either side of a word."""

FEW = 10
"""Places shown of a word in one text; a table has all."""


@dataclass(frozen=True, slots=True)
class Line:
    """A word in context: where it stands in stored text (code points, half-open), and what stands beside it."""

    start: int
    end: int
    left: str
    word: str
    right: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A text in which the word stands.

    Parameters
    ----------
    kind, id
        One of `query.KINDS`, and the id of the item, memo, lead or claim; of a coding, its item's.
    field
        Which of its texts: of an item `title` or `text`, of a coding that field or `memo`, of others the key's name.
    text, places
        The text as stored, and where in it the word stands: half-open, in code points.
    said
        Whether these are words of captured people, which may have to be paraphrased, not of the researchers.
    item_id, post_id, author, group, language, platform, published_at
        Of the item, or of the item coded; empty for others.
    code_id, coder, round_id
        Of a coding; a memo's and a lead's author is its `coder`.
    """

    kind: str
    id: str
    field: str
    text: str
    places: tuple[tuple[int, int], ...]
    said: bool = False
    item_id: str = ""
    post_id: str = ""
    author: str = ""
    group: str = ""
    language: str = ""
    platform: str = ""
    published_at: datetime | None = None
    code_id: str = ""
    coder: str = ""
    round_id: str = ""

    def lines(self, around: int = AROUND, most: int | None = None) -> Iterator[Line]:
        """Each place of the word with what stands beside it, line breaks as blanks.

        Parameters
        ----------
        around
            How many characters on either side.
        most
            No more lines than this; None: all.
        """
        for start, end in self.places[:most]:
            before, after = max(0, start - around), min(len(self.text), end + around)
            left = ("…" if before else "") + _flat(self.text[before:start])
            right = _flat(self.text[end:after]) + ("…" if after < len(self.text) else "")
            yield Line(start, end, left, _flat(self.text[start:end]), right)

    def to_dict(self) -> dict[str, Any]:
        """In values JSON can hold."""
        names = ("kind", "id", "field", "item_id", "post_id", "author", "group", "language", "platform", "code_id",
                 "coder", "round_id")  # fmt: skip
        lines = [{"start": line.start, "end": line.end, "left": line.left, "word": line.word, "right": line.right}
                 for line in self.lines()]  # fmt: skip
        at = self.published_at.isoformat() if self.published_at else ""
        return {name: getattr(self, name) for name in names if getattr(self, name)} | (
            {"published_at": at} if at else {}) | {"lines": lines}  # fmt: skip


def _flat(text: str) -> str:
    return text.replace("\n", " ")
