"""How is a text shown with what several people marked in it? Cut at every edge, each piece with the marks upon it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Span = tuple[int, int, str]
"""From, up to, and whose or what mark it is; code points of stored text, half-open."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and the labels of all marks that cover it."""

    text: str
    labels: tuple[str, ...] = ()


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The text in pieces; joined they are the text again, whatever the spans.

    Parameters
    ----------
    text
        Stored text.
    spans
        The marks; what lies beyond the text is cut off, and what is empty then is left out.
    """
    kept = [(max(start, 0), min(end, len(text)), label) for start, end, label in spans]
    kept = [span for span in kept if span[0] < span[1]]
    edges = sorted({0, len(text), *(edge for start, end, _ in kept for edge in (start, end))})
    return [
        Piece(text[low:high], tuple(dict.fromkeys(label for start, end, label in kept if start <= low and high <= end)))
        for low, high in zip(edges, edges[1:], strict=False)
    ]


def quoted(text: str, start: int | None, end: int | None) -> str:
    """The words of a span; all of the text where there is none."""
    return text if start is None or end is None else text[start:end]
