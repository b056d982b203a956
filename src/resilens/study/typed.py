"""What is kept of what a person types: a text without what breaks it, a time in ISO 8601?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from resilens.errors import Fault, InputError
from resilens.study.zones import zone

_TYPED = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]\s*(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?(?:\.\d+)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_HALF = re.compile("[\ud800-\udfff\0]")


def plain(text: str) -> str:
    """A typed text as it is kept: newlines as `\\n`, NUL and half characters as U+FFFD, no blanks around it."""
    return _HALF.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def moment(typed: str, zone_text: str, where: str = "") -> str:
    """A time typed by hand: `2025-01-14` for a day, `2025-01-14T20:00+08:00` for a day and a clock, empty for nothing.

    Parameters
    ----------
    typed
        `2025-01-14`, `2025-01-14 20:00`, `2025/1/14 20:00:05`, `2025年1月14日 20:00`, also with a zone behind it.
    zone_text
        The zone of a clock that says none, `UTC+08:00`.
    where
        The field, for the message.

    Raises
    ------
    InputError
        If it is no such time, or no such day or hour exists.
    """
    written = " ".join(typed.split())
    if not written:
        return ""
    found = _TYPED.fullmatch(written)
    try:
        if found is None:
            raise ValueError
        year, month, day, hour, minute, second, said = found.groups()
        on = date(int(year), int(month), int(day))
        if hour is None:
            return on.isoformat()
        at = datetime(on.year, on.month, on.day, int(hour), int(minute), int(second or 0), tzinfo=zone(_zone(said)
                      or zone_text))  # fmt: skip
    except ValueError:
        words = f"{written[:40]!r} is no time that exists; write 2025-01-14 or 2025-01-14 20:00"
        raise InputError(Fault(words, where)) from None
    return at.isoformat(timespec="seconds" if second else "minutes")


def instant(kept: str, zone_text: str = "UTC") -> datetime:
    """When a time that is kept was, to sort by; a day begins at midnight of the zone."""
    at = datetime.fromisoformat(kept)
    return (at if at.tzinfo else at.replace(tzinfo=zone(zone_text))).astimezone(UTC)


def _zone(said: str | None) -> str:
    """A zone as it stands behind a clock, as zones are written in a study; empty where none is said."""
    if not said or said in ("Z", "UTC"):
        return "UTC" if said else ""
    return f"UTC{said[:3]}:{said[-2:]}"
