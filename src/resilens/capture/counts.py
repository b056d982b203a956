"""What number does a count such as `1.2万` stand for, and how sure is it?

A count is shown exactly, rounded (`7.6万` is 75,500 to 76,499), as a lower bound (`1万+`), or not at all. The raw
value stays in the observations; rounded values and bounds must not be summed silently, so each carries its bound.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

UNITS = {"": 1, "十": 10, "百": 100, "千": 1_000, "k": 1_000, "万": 10_000, "萬": 10_000, "w": 10_000,
         "m": 1_000_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000, "億": 100_000_000,
         "b": 1_000_000_000}  # fmt: skip

_NUMBER = re.compile(r"([0-9][0-9,，]*(?:\.[0-9]+)?)\s*(百万|千万|[十百千万萬亿億kKwWmMbB])?\s*([+＋])?", re.ASCII)
_LARGEST = 2**63 - 1


def parse_count(raw: Any) -> tuple[int | None, str]:
    """The number and how sure it is: `exact`, `rounded`, `at_least` or `unknown`.

    Parameters
    ----------
    raw
        Text or number as captured: `834`, `"1,234"`, `834.0`, `"1.2万"`, `"28k"`, `"1千+"`, `"10+"`, ...

    Returns
    -------
    count, bound
        `(None, "unknown")` where none is shown: empty, `None`, `-1` and other negative numbers, and words such as `赞`
        (which the platform shows in place of a number; that may be zero or hidden).
    """
    if raw is None or raw is True or raw is False:
        return None, "unknown"
    if type(raw) is int:
        return (raw, "exact") if 0 <= raw <= _LARGEST else (None, "unknown")
    if type(raw) is str and raw.isascii() and raw.isdigit() and len(raw) < 19:
        return int(raw), "exact"
    return _parse_text(str(raw))


def _parse_text(raw: str) -> tuple[int | None, str]:
    found = _NUMBER.fullmatch(raw.strip())
    if found is None:
        return None, "unknown"
    digits, unit, more = found[1].replace(",", "").replace("，", ""), (found[2] or "").lower(), found[3]
    value = Decimal(digits) * UNITS[unit]
    if value > _LARGEST or (value != value.to_integral_value() and not unit):
        return None, "unknown"
    return int(value), "at_least" if more else "rounded" if unit else "exact"
