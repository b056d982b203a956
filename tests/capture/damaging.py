"""How do files break? Seeded mutations of bytes, of rows and lines, and of the values in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

SPLINTERS = (
    b"\x00", b"\x00" * 50, b"\xff\xfe", b"\xe5\x8f", b"\xed\xa0\x80", b'"', b"'", b"{", b"}", b"[", b"]", b"[" * 5000,
    b'{"a":' * 3000, b"\n", b"\r", b"\r\n\r\n", b",", b";", b"\t", b"=1+1", b'\\"', b"\\ud83d", b"NaN", b"1e999", b"-",
    b"9" * 400, "\ufeff".encode(), "\u2028".encode(), "１".encode(), b"null", b"9999-99-99 99:99:99",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, [], {}, [[]], [None], [1, "a", {}], {"a": {}}, "", " ", "0", "-1", 0, -1, 1.5, 1e300, 2**63, 2**70,
    "6.85E+278", "1.2万", "９９９万+", "昨天 99:99", "13/13/2025", "@", "回复 :", "https://[", "at://", "\ud83d",
    "\x00", "x" * 5000, 10**30, "0000-00-00", "-99999-01-01", "5e324天前", 10**17 - 1, "²", "٣天前", "99999999999天前",
)  # fmt: skip
CHANCES = 8
"""How much of a file one damage touches, at most."""


def damaged(content: bytes, draw: Random) -> bytes:
    """The content with one to four damages of any kind."""
    for _ in range(draw.randint(1, 4)):
        content = draw.choice(DAMAGES)(content, draw)
    return content


def _splintered(content: bytes, draw: Random) -> bytes:
    place = draw.randint(0, len(content))
    return content[:place] + draw.choice(SPLINTERS) + content[place:]


def _flipped(content: bytes, draw: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(min(len(changed), draw.randint(1, CHANCES))):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def _cut(content: bytes, draw: Random) -> bytes:
    begin = draw.randint(0, len(content))
    return content[:begin] + (content[begin + draw.randint(0, 200) :] if draw.random() < 0.8 else b"")


def _shuffled(content: bytes, draw: Random) -> bytes:
    """A line twice, gone, or in another place: headers in the middle, tails at the beginning."""
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    line = lines.pop(draw.randrange(len(lines))) if draw.random() < 0.5 else draw.choice(lines)
    for _ in range(draw.choice((0, 1, 1, 2))):
        lines.insert(draw.randint(0, len(lines)), line)
    return b"".join(lines)


def _odd(content: bytes, draw: Random) -> bytes:
    """Values of another type in one JSON line, or an odd cell in a row."""
    lines = content.split(b"\n")
    place = draw.randrange(len(lines))
    try:
        value = json.loads(lines[place])
    except (ValueError, RecursionError):
        cells = lines[place].split(b",")
        cells[draw.randrange(len(cells))] = str(draw.choice(ODD)).encode("utf-8", "surrogatepass")
        lines[place] = b",".join(cells)
    else:
        lines[place] = json.dumps(_with_odd(value, draw)).encode()
    return b"\n".join(lines)


def _with_odd(value: Any, draw: Random) -> Any:
    if draw.random() < 0.15 or not value or not isinstance(value, dict | list):
        return draw.choice(ODD)
    key = draw.choice(list(value) if isinstance(value, dict) else range(len(value)))
    value[key] = _with_odd(value[key], draw)
    return value


DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (_splintered, _flipped, _cut, _shuffled, _odd, _odd)
