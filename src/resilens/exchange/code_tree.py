"""What is a codebook to any program that speaks REFI-QDA: codes in codes, and sets of codes?

The tree is what files of all programs have in common. `qdc_reading` and `qdc_writing` know the file, `codebook_in` and
`codebook_out` know what Resilens makes of it; projects (.qdpx) hold the same tree.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from resilens.exchange.safe_xml import writable

DEEPEST = 200
"""Levels of nesting; readers built on libxml2 stop at 256."""

_GUID = re.compile(r"\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?", re.IGNORECASE)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:resilens:exchange")


@dataclass(frozen=True, slots=True)
class CodeNode:
    """A code as programs exchange it.

    Parameters
    ----------
    guid
        Lower case, without braces; unique in its tree.
    name, description
        As the file has them, newlines included.
    codable
        False for a folder: it holds codes and is not given to anything.
    colour
        `#rrggbb`, or empty.
    children
        The codes nested in it.
    """

    guid: str
    name: str
    description: str = ""
    codable: bool = True
    colour: str = ""
    children: tuple[CodeNode, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A set of codes; `members` are the GUIDs of codes."""

    guid: str
    name: str
    description: str = ""
    members: tuple[str, ...] = ()


def set_name(written: str) -> str:
    """What a set is called: on one line, without what XML cannot hold."""
    return " ".join(writable(written).split()) or "unnamed"


@dataclass(frozen=True, slots=True)
class CodeTree:
    """A codebook; `origin` is the program that wrote it."""

    origin: str = ""
    codes: tuple[CodeNode, ...] = ()
    sets: tuple[CodeSet, ...] = ()

    def walk(self) -> Iterator[tuple[CodeNode, tuple[CodeNode, ...]]]:
        """Every code with those above it, the outermost first; a code comes before those nested in it."""
        waiting: list[tuple[CodeNode, tuple[CodeNode, ...]]] = [(code, ()) for code in reversed(self.codes)]
        while waiting:
            code, above = waiting.pop()
            yield code, above
            waiting += [(child, (*above, code)) for child in reversed(code.children)]


def guid_from(*parts: str) -> str:
    """The GUID (UUID version 5) that always stands for these parts, in this order."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(parts).encode("utf-8", "replace").decode()))


def plain_guid(written: str) -> str:
    """A GUID in lower case without braces; empty where it is none."""
    match = _GUID.fullmatch(written.strip())
    return match[1].lower() if match else ""


def plain_colour(written: str) -> tuple[str, bool]:
    """`#rrggbb` of a colour as programs write it, and whether the standard allows that spelling.

    `#rgb` and `#rrggbb` are the standard's. `rrggbb` and `rgb(1, 2, 3)` are understood. Eight digits are not, since
    nobody can tell which two are the transparency: the colour is then empty.
    """
    text = written.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{6}", text):
        return text, True
    if re.fullmatch(r"#[0-9a-f]{3}", text):
        return "#" + "".join(digit * 2 for digit in text[1:]), True
    if re.fullmatch(r"[0-9a-f]{6}", text):
        return f"#{text}", False
    parts = re.fullmatch(r"(?:rgb)?\(?\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)?", text)
    if parts and all(int(part) < 256 for part in parts.groups()):
        return "#" + "".join(f"{int(part):02x}" for part in parts.groups()), False
    return "", False
