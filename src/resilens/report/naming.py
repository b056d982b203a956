"""How does a reader see what the study calls by an id? Codes by their names, values with their units."""

from __future__ import annotations

import re
from collections.abc import Mapping

from resilens.results.tables import decimal, share

UNITS = {"points": "percentage points", "p": "p", "": ""}
"""What a unit is called where its own name does not say it."""

PER_CENT = ("share", "of the peak")


def in_words(name: str, names: Mapping[str, str]) -> str:
    """A value's name with every code's id replaced by the code's name: `Cat tax: share of posts, all`.

    Parameters
    ----------
    names
        Of codes and facets by their ids. A facet stands for any of its codes, at the head of a name only.
    """
    found = [code for code in names if code in name]
    for code in sorted(found, key=len, reverse=True):
        start, end = (r"(?<![\w.-])", r"(?![\w-]|\.\w)") if "." in code else ("^", "(?=:)")
        name = re.sub(f"{start}{re.escape(code)}{end}", lambda _, code=code: names[code], name)  # type: ignore[misc]
    return name


_COMMAND = re.compile(r"; (?:import|write|run|give|nest) [^;]*?(?=\.(?:\s|$)|$)")


def for_readers(text: str) -> str:
    """What was said without what the researchers might do about it: commands and keys of the study file."""
    return _COMMAND.sub("", text)


def value_in_words(value: float, unit: str) -> str:
    """A value as it is read beside its unit: a share as per cent, a difference of shares as points, all else plain."""
    if unit in PER_CENT:
        return share(value)
    if unit == "points":
        return decimal(100 * value, 1)
    if unit == "p":
        return "<0.001" if value < 0.001 else decimal(value, 3)
    if unit in ("chance", "index"):
        return decimal(value, 2)
    return short(value)


def unit_in_words(unit: str) -> str:
    """The unit as a table says it."""
    return UNITS.get(unit, unit)


def with_unit(value: float, low: float | None, high: float | None, unit: str) -> str:
    """A value with its interval and unit, in a sentence: `62.5% [50.0%, 75.0%]`, `4.74 days`."""
    told = value_in_words(value, unit)
    if low is not None and high is not None:
        told += f" [{value_in_words(low, unit)}, {value_in_words(high, unit)}]"
    said = "" if unit == "share" else unit_in_words(unit)
    return f"{told} {said}".strip()


def short(value: float) -> str:
    """Three figures, never in powers of ten: what a value of any unit can be read by."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{float(f'{value:.3g}'):.10g}"
