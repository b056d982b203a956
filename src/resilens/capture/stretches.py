"""How does a text pass by in stretches (lines, rows, elements), so that what is not changed is handed on as it was?

A stretch has any length: what is longer than a reader takes for a record waits on the disk, in a file without a name
beside the raw one, and is looked through in pieces.
"""

from __future__ import annotations

import io
import tempfile
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from resilens.capture import delimited, jsontext, limits

PIECE = 1 << 20
EDGE = 1 << 13
"""Characters of a piece that are looked at again with the next one: longer than an id or a name, however encoded."""


class Stretch:
    """A stretch of text.

    Parameters
    ----------
    folder
        Where what is too long for memory waits.
    text
        Its beginning.

    Attributes
    ----------
    head
        Its beginning, as a reader sees it where it is too long for one.
    length
        Its characters.
    """

    __slots__ = ("__weakref__", "_file", "_folder", "_parts", "head", "length")

    def __init__(self, folder: Path, text: str = "") -> None:
        self._folder, self._parts, self.head, self.length = folder, [text], text, len(text)
        self._file: IO[str] | None = None

    def add(self, text: str) -> None:
        """What follows."""
        self._parts.append(text)
        self.length += len(text)
        if self._file is not None or self.length > limits.LONGEST_ELEMENT:
            self._put_away()

    def join(self, other: Stretch) -> None:
        """What follows, as another stretch."""
        for piece in other.pieces():
            self.add(piece)

    def _put_away(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(  # noqa: SIM115 - goes with the stretch
                "w+", encoding="utf-8", errors="surrogatepass", newline="", dir=self._folder
            )
            weakref.finalize(self, self._file.close)
        self._file.seek(0, io.SEEK_END)
        self._file.writelines(self._parts)
        self._parts.clear()

    @property
    def too_long(self) -> bool:
        """Whether no reader takes it for a line."""
        return self.length >= limits.LONGEST_LINE

    def pieces(self) -> Iterator[str]:
        """All of it, whole where it is in memory."""
        if self._file is None:
            yield "".join(self._parts)
            return
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield piece

    @property
    def text(self) -> str:
        """All of it at once; for one that a reader takes."""
        return "".join(self.pieces())

    @property
    def line_end(self) -> str:
        """The line end with which it ends, if it does."""
        end = ""
        for piece in self.pieces():
            end = (end + piece)[-2:]
        return end if end == "\r\n" else end[-1:] if end[-1:] in ("\n", "\r") else ""

    def holds(self, trace: Callable[[str], bool]) -> bool:
        """Whether a trace may be anywhere in it."""
        edge = ""
        for piece in self.pieces():
            if trace(edge + piece):
                return True
            edge = piece[-EDGE:]
        return False


def lines(text: io.TextIOWrapper, folder: Path) -> Iterator[Stretch]:
    """Every line."""
    while begun := text.readline(limits.LONGEST_LINE):
        line = Stretch(folder, begun)
        while len(begun) == limits.LONGEST_LINE and not begun.endswith("\n"):
            begun = text.readline(limits.LONGEST_LINE)
            line.add(begun)
        yield line


def regions(
    text: io.TextIOWrapper, separator: str, folder: Path
) -> Iterator[tuple[int, Stretch, list[str] | str]]:
    """Every row of a table with its first line, all its lines, and its cells (or why it has none)."""
    kept: deque[Stretch] = deque()

    def heads() -> Iterator[str]:
        for line in lines(text, folder):
            kept.append(line)
            yield line.head.replace("\0", "")

    def region(count: int) -> Stretch:
        whole = kept.popleft()
        for _ in range(count - 1):
            whole.join(kept.popleft())
        return whole

    before: tuple[int, list[str] | str] | None = None
    for number, row in delimited._rows(delimited.Feed(heads()), separator):
        if before is not None:
            yield before[0], region(number - before[0]), before[1]
        before = number, row
    if before is not None:
        yield before[0], region(len(kept)), before[1]


class Tape(jsontext._Window):
    """A window over a JSON document that hands out all it passes."""

    def __init__(self, text: io.TextIOWrapper, folder: Path) -> None:
        super().__init__(text)
        self._folder = folder
        self._passed = Stretch(folder)
        self._done = 0

    def more(self) -> bool:
        self._pass()
        self._done = 0
        return super().more()

    def _pass(self) -> None:
        self._passed.add(self.text[self._done : self.position])
        self._done = self.position

    def taken(self) -> Stretch:
        """What was passed since the last call."""
        self._pass()
        taken, self._passed = self._passed, Stretch(self._folder)
        return taken

    def rest(self) -> Stretch:
        """All that is left."""
        while True:
            self.position = len(self.text)
            if not self.more():
                return self.taken()
