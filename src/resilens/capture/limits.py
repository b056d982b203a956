"""How long and how deep may one record be, so that no file, however hostile, takes more memory than a computer has?

Real items nest a dozen levels, threads of Bluesky a hundred, and both are shorter than a megabyte. What goes beyond the
limits is quarantined in one line that says so, and reading goes on behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

LONGEST_LINE = 1 << 24
"""Characters of one line of text; the rest of a longer one is passed over in pieces."""

LONGEST_ELEMENT = 1 << 26
"""Characters of one element of a JSON document."""

DEEPEST = 400
"""Levels of nesting in JSON: a chain of nearly 200 replies, each within the one it answers. Python itself stops at a
thousand, what called the reader counted, and what walks through an item may take two for a level."""

TOO_LONG = f"longer than {LONGEST_LINE:,} characters"
TOO_DEEP = f"nested more than {DEEPEST} levels deep"

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")


def lines_of(stream: TextIO) -> Iterator[str]:
    """The lines of a text; of one that is too long the first `LONGEST_LINE` characters, which tells it from others."""
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            rest = line
            while rest and not rest.endswith("\n"):
                rest = stream.readline(LONGEST_LINE)
        yield line


def too_long(line: str) -> bool:
    """Whether a line is, or was cut to, `LONGEST_LINE` characters."""
    return len(line) >= LONGEST_LINE


def too_deep(json_text: str) -> bool:
    """Whether JSON nests more than `DEEPEST` levels."""
    if json_text.count("[") + json_text.count("{") <= DEEPEST:
        return False
    depth = 0
    for mark in _BRACKET.finditer(_STRING.sub("", json_text)):
        depth += 1 if mark[0] in "[{" else -1
        if depth > DEEPEST:
            return True
    return False
