"""How wide is each column of a table on paper? As its words ask; on a narrow page text gives way to numbers."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

from resilens.results.tables import Column

LONGEST = 46
"""Letters beyond which a column of text asks for no more width."""
WORD = 24
"""Letters beyond which a word may be broken."""
BOLD, FIXED = 1.15, 1.25
"""How much wider letters of headings, and of exact characters, are than others."""
PADDING = 1.7


def column_widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: float) -> tuple[list[float], bool]:
    """Widths of columns in letters, padding included.

    Parameters
    ----------
    columns, rows
        The columns, and what their cells show.
    room
        How many letters the page is wide.

    Returns
    -------
    widths, fits
        They sum to `room` at most; `fits` where every text has the width it asks for.
    """
    cells = [[letters(row[place]) * (FIXED if column.kind == "code" else 1) for row in rows]
             for place, column in enumerate(columns)]  # fmt: skip
    least = [_least(column, place, rows) + PADDING for place, column in enumerate(columns)]
    asked = [
        max(least[place], (longest if column.kind == "code" else min(LONGEST, longest)) + PADDING)
        for place, column in enumerate(columns) for longest in [max(cells[place], default=0)]
    ]  # fmt: skip
    if sum(asked) <= room:
        return asked, True
    if sum(least) >= room:
        return [room * one / sum(least) for one in least], False
    # A column with one long cell among short ones asks for less than one whose cells are all long.
    wished = [
        max(0.1, (one + PADDING + sum(cells[place]) / max(1, len(rows))) / 2 - least[place])
        for place, one in enumerate(asked)
    ]
    spare = (room - sum(least)) / sum(wished)
    return [low + spare * wish for low, wish in zip(least, wished, strict=True)], False


def letters(text: str) -> int:
    """How many letters wide a text is; those of East Asia count twice."""
    return len(text) + sum(east_asian_width(character) in "WF" for character in text)


def _least(column: Column, place: int, rows: Sequence[Sequence[str]]) -> float:
    """The width without which a word would be broken, or a number or day."""
    texts = [row[place] for row in rows]
    if column.kind in ("text", "code"):
        texts = [word for text in texts for word in text.split()]
    heading = BOLD * max(map(letters, column.title.split()), default=0)
    return max(heading, min(WORD, max(map(letters, texts), default=0)))
