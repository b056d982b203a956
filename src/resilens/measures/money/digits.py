"""What number is a run of Western digits, points and commas?"""

from __future__ import annotations

import re
from decimal import Decimal

LONGEST = 15
"""Digits of the longest number that is one; longer runs are identifiers."""

_PLAIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_SPACED = re.compile(r"\d{1,3}(?: \d{3})+(?:\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"\d+,\d{2}", re.ASCII)
_CONTINENTAL = re.compile(r"\d{1,3}(?:\.\d{3})+,\d{1,2}", re.ASCII)
_POINTED = re.compile(r"\d{1,3}(?:\.\d{3})+", re.ASCII)


def number(run: str) -> Decimal | None:
    """The number, None where the run is none: `1,200.50`, `3 500`, `3,50`, `1.200,50`.

    A comma before exactly two digits is a decimal comma; one before three parts thousands. A point is a decimal point,
    except with a decimal comma after it. What begins with 0 and another digit is an identifier.
    """
    if len(run) > 2 * LONGEST or sum(map(str.isdigit, run)) > LONGEST:
        return None
    if run[0] == "0" and run[1:2].isdigit():
        return None  # an identifier
    if _PLAIN.fullmatch(run):
        return Decimal(run)
    if _ENGLISH.fullmatch(run) or _SPACED.fullmatch(run):
        return Decimal(run.replace(",", "").replace(" ", ""))
    if _DECIMAL_COMMA.fullmatch(run) or _CONTINENTAL.fullmatch(run):
        return Decimal(run.replace(".", "").replace(",", "."))
    return None


def thousands_by_points(run: str) -> Decimal | None:
    """The number in a currency that is written with points between thousands (`1.200` is 1200); None if it is not."""
    return Decimal(run.replace(".", "")) if _POINTED.fullmatch(run) and not run.startswith("0") else None
