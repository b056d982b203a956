"""How many is "46.225M"? Numbers as platforms and papers write them, read exactly."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

UNITS = {
    "": 1,
    "k": 10**3, "thousand": 10**3, "千": 10**3,
    "w": 10**4, "万": 10**4, "萬": 10**4,
    "m": 10**6, "mn": 10**6, "million": 10**6, "百万": 10**6, "百萬": 10**6,
    "千万": 10**7, "千萬": 10**7,
    "亿": 10**8, "億": 10**8,
    "b": 10**9, "bn": 10**9, "billion": 10**9, "十亿": 10**9, "十億": 10**9,
}  # fmt: skip
"""The units that are understood, in lower case."""

_NUMBER = re.compile(r"(?P<digits>\d+|\d{1,3}(?:,\d{3})+)(?P<fraction>\.\d+)?\s*(?P<unit>[^\d\s.,+]*)")


def parse_volume(written: int | str) -> int:
    """The whole number that a count such as `"46.225M"`, `"1.2万"` or `"1,454,000"` stands for.

    Computed in decimal arithmetic, so 46.225M is exactly 46,225,000. Full-width digits are understood; a comma is
    read only as a separator of thousands.

    Parameters
    ----------
    written
        A whole number, or text: digits, optional fraction, optional unit (`UNITS`, in either case).

    Returns
    -------
    int
        The number, not negative.

    Raises
    ------
    ValueError
        In words, where it is not a number, not whole, negative, a lower bound (`1万+`) or could mean two things
        (`1,5M`).
    """
    if isinstance(written, bool) or not isinstance(written, int | str):
        raise ValueError(f"{written!r} is not a count; write a whole number or quoted text such as '46.225M'")
    if isinstance(written, int):
        if written < 0:
            raise ValueError(f"{written} is negative; a count starts at 0")
        return written
    text = unicodedata.normalize("NFKC", written).strip()
    if text.endswith("+"):
        raise ValueError(f"{written!r} is a lower bound, not a count; write the number meant")
    if text.startswith(("-", "−")):
        raise ValueError(f"{written!r} is negative; a count starts at 0")
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(_why_not(written, text))
    unit = match["unit"].lower()
    if unit not in UNITS:
        raise ValueError(f"{written!r} has the unknown unit {match['unit']!r}; the units are k, 万, M, 亿 and bn")
    value = Decimal(match["digits"].replace(",", "") + (match["fraction"] or "")) * UNITS[unit]
    if value != value.to_integral_value():
        raise ValueError(f"{written!r} is {value.normalize():f}, not a whole number")
    return int(value)


def _why_not(written: str, text: str) -> str:
    if re.search(r"\d,\d{1,2}(\D|$)|\d\.\d{3}\.", text):
        return f"{written!r} could mean two things; use a point for the fraction ('1.5M'), commas for thousands"
    return f"{written!r} is not a count; write a whole number or one with a unit: 46225000, '46.225M' or '1.2万'"
