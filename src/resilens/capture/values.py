"""How are values taken out of captured records whose types drift and which may be damaged?

Ids come as text or number, objects as text, lists as joined text; anything may be missing. These helpers never fail:
what has no usable value is None.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

NOTHING = frozenset({"", "none", "null", "nan", "undefined", "n/a", "<na>"})
"""Texts that stand for no value at all (lower case)."""

_INITIALS_OF_NOTHING = frozenset("nNuU")

SPREADSHEET = r"\d(?:[.,]\d+)?[eE]\+\d{2,3}|\d[.,]\d+[eE]\d{2,3}|inf|#+|#(?:NAME|VALUE|REF|NUM)[!?]"
"""What a spreadsheet makes of an id, as a pattern for any engine."""

_SPREADSHEET = re.compile(SPREADSHEET)


def inner(value: Any, *path: str | int) -> Any:
    """What lies at a path of keys and positions, or None where any step is missing or of another type."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, dict) else None
        else:
            value = value[step] if isinstance(value, list) and len(value) > step else None
    return value


def first(value: Any, *keys: str) -> Any:
    """The first of these keys whose value is not None."""
    if type(value) is dict:
        for key in keys:
            if (found := value.get(key)) is not None:
                return found
    return None


def text(value: Any) -> str | None:
    """A text as it is, a number as text; None for everything else and for an empty text."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return str(value)


def known_text(value: Any) -> str | None:
    """Like `text`, and None also for blanks and for words that stand for no value (`None`, `null`, `nan`)."""
    found = value if isinstance(value, str) else text(value)
    if not found:
        return None
    if found[0].isalnum() and found[0] not in _INITIALS_OF_NOTHING:
        return found
    return None if len(found) < 100 and found.strip().lower() in NOTHING else found


def identifier(value: Any) -> str | None:
    """An id as text, blanks trimmed; whole numbers in floats lose their `.0`; None where there is none."""
    if type(value) is str and value.isalnum() and value[0] not in _INITIALS_OF_NOTHING:
        return value  # nearly every id: nothing to trim
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
    found = known_text(value)
    return (found.strip().strip("\ufeff").strip("'`") or None) if found else None


def no_zero(value: Any) -> str | None:
    """An id that is `0` where there is none, such as the parent of a comment at top level."""
    found = identifier(value)
    return None if found in (None, "0", "0.0", "-1") else found


def damaged(value: str | None) -> bool:
    """Whether a spreadsheet turned an id into a number: `6.85E+278`, `1.75E+12`, `inf`, `#####`."""
    return value is not None and len(value) < 20 and _SPREADSHEET.fullmatch(value) is not None


def listed(value: Any, separators: str = ",") -> tuple[str, ...]:
    """The members of a list, or of a text that joins them; blanks trimmed, empty ones left out, each once."""
    if not value:
        return ()
    if isinstance(value, str):
        members: Iterable[Any] = re.split(f"[{re.escape(separators)}]", value)
    elif isinstance(value, list | tuple):
        members = value
    else:
        return ()
    found = (known_text(member) for member in members)
    return tuple(dict.fromkeys(member.strip() for member in found if member))


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; empty where it is none."""
    return [member for member in value if isinstance(member, dict)] if isinstance(value, list) else []


def shown(value: Any) -> Any:
    """A raw count or time as it may pass on: text, number, date or None, never an object, a list or NaN."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list | bool) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value
