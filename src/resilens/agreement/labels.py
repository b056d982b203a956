"""What are the values called, and in which order do they stand?

`1`, `1.0` and the text `1.0` are one value, so that a spreadsheet that writes a column with gaps as `1.0` does not make
coders disagree; `a;b` with a separator is the set {a, b}. Numbers have an order; words have one only where it is given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from resilens.errors import InputError

NAMED = 5
"""How many of the things at fault a message names."""

EXACT = 2.0**53
"""Below this every whole number is a number of the machine; above, two ids could become one."""


class Labels:
    """What values are called: the same label for `1` and `1.0`, sets for `a;b`, and their order."""

    def __init__(self, declared: Sequence[Any] | None, separator: str) -> None:
        self.separator = separator
        self.declared = None if declared is None else [self.canonical(label) for label in declared]

    def canonical(self, label: Any) -> Any:
        """The label in its one form."""
        if isinstance(label, np.generic):
            label = label.item()
        if isinstance(label, set | list | tuple):
            return frozenset(label)
        if isinstance(label, float) and label.is_integer():
            return int(label)
        if self.separator and isinstance(label, str):
            return frozenset(filter(None, (part.strip() for part in label.split(self.separator))))
        return label.strip() if isinstance(label, str) else label

    def _number(self, label: Any) -> Any:
        """A label that reads as a number as that number."""
        return self.canonical(float(label)) if isinstance(label, str) and _reads_as_number(label) else label

    def settle(self, raw: Iterable[Any]) -> tuple[tuple[Any, ...], bool, dict[Any, int]]:
        """All labels in order, whether the order means something, and the place of each raw label."""
        form = {label: self.canonical(label) for label in raw}
        declared = self.declared
        if form and all(map(_reads_as_number, form.values())):
            form = {label: self._number(shape) for label, shape in form.items()}
            declared = None if declared is None else [self._number(label) for label in declared]
        found = list(dict.fromkeys(form.values()))
        ordered = all(isinstance(label, int | float) for label in found)
        values = sorted(found, key=(lambda label: label) if ordered else _alphabetically)
        if declared is not None:
            values, ordered = list(dict.fromkeys(declared)), True
            if strange := [label for label in found if label not in values]:
                shown = ", ".join(map(repr, strange[:NAMED]))
                raise InputError(f"not among the values declared: {shown}; declare every value, or correct the table")
        place = {label: number for number, label in enumerate(values)}
        return tuple(values), ordered, {label: place[shape] for label, shape in form.items()}


def number_of(label: Any) -> float | None:
    """The label as a finite number, None where it is none."""
    try:
        number = float(label)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _reads_as_number(label: Any) -> bool:
    """Whether it is a number, or a text that a number can stand for without losing a digit."""
    number = number_of(label)
    return number is not None and (not isinstance(label, str) or abs(number) < EXACT)


def _alphabetically(label: Any) -> tuple[int, str]:
    if isinstance(label, frozenset):
        return len(label), " ".join(sorted(map(str, label)))
    return 0, str(label)
