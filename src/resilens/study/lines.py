"""On which line of a TOML file does each key stand? `tomllib` reads values and forgets their lines; this finds them."""

from __future__ import annotations

import re
import tomllib
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]\}\n#]+")


def lines_of(source: str) -> dict[Path, int]:
    """The line, from 1, of every key, table and array element of a TOML text, by its path.

    Parameters
    ----------
    source
        A text that `tomllib` reads. Elements of arrays stand in the path as indices from 0, whether they are
        written as `[[table]]` or between brackets; `()` is line 1.

    Raises
    ------
    tomllib.TOMLDecodeError
        If the text is not TOML.
    """
    tomllib.loads(source)
    return _Scanner(source).scan()


class _Scanner:
    """Walks a valid TOML text once, keeping the path of where it is."""

    def __init__(self, source: str) -> None:
        self.source = source.replace("\r\n", "\n")
        self.at = 0
        self.counted_to, self.line = 0, 1
        self.lines: dict[Path, int] = {(): 1}
        self.elements: dict[Path, int] = {}  # tables so far of each [[array of tables]]

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        self._skip(_BLANK)
        while self.at < len(self.source):
            if self._peek("["):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self.lines

    def _peek(self, text: str) -> bool:
        return self.source.startswith(text, self.at)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.source, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]

    def _note(self, path: Path) -> None:
        """Remember the current line for a path, unless an earlier line brought it into being."""
        self.line += self.source.count("\n", self.counted_to, self.at)
        self.counted_to = self.at
        self.lines.setdefault(path, self.line)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip(_SPACE)
            written = self._skip(_KEY)
            keys.append(tomllib.loads(f"key = {written}")["key"] if written[0] in "\"'" else written)
            self._skip(_SPACE)
            if not self._peek("."):
                return keys
            self.at += 1

    def _header(self) -> Path:
        double = self._peek("[[")
        self.at += 2 if double else 1
        keys = self._keys()
        path: Path = ()
        for depth, key in enumerate(keys):
            path = (*path, key)
            if double and depth == len(keys) - 1:
                self._note(path)
                self.elements[path] = self.elements.get(path, -1) + 1
            else:
                self._note(path)
            if path in self.elements:
                path = (*path, self.elements[path])
        self._note(path)
        self.at += 2 if double else 1
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for key in self._keys():
            path = (*path, key)
            self._note(path)
        self.at += 1  # the equals sign
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip(_SPACE)
        if self._peek("["):
            self._array(path)
        elif self._peek("{"):
            self._inline_table(path)
        elif not self._skip(_STRING):
            self._skip(_PLAIN)

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        self._skip(_BLANK)
        while not self._peek("]"):
            self._note((*path, index))
            self._value((*path, index))
            index += 1
            self._skip(_BLANK)
            if self._peek(","):
                self.at += 1
                self._skip(_BLANK)
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        self._skip(_BLANK)
        while not self._peek("}"):
            self._pair(path)
            self._skip(_BLANK)
            if self._peek(","):
                self.at += 1
                self._skip(_BLANK)
        self.at += 1
