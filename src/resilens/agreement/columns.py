"""What does a column of a table hold, what are its values called, and in which order do they stand?

`1`, `1.0` and the text `1.0` are one value, so that a spreadsheet that writes a column with gaps as `1.0` does not make
coders disagree; `a;b` with a separator is the set {a, b}. Numbers have an order; words have one only where it is given.
For the engine to group, what is missing becomes null and sets become numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from resilens.agreement.patterns import Places
from resilens.errors import InputError
from resilens.study.words import did_you_mean

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
                raise InputError(f"not among the values declared: {shown}; declare them too, or name them as `missing`")
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


class Content:
    """A table's columns as Arrow arrays the engine can group, with values it cannot (sets) replaced by numbers."""

    def __init__(self, table: pd.DataFrame | pa.Table, labels: Labels) -> None:
        self.table, self.labels = table, labels
        self.names = [str(name) for name in (table.columns if isinstance(table, pd.DataFrame) else table.column_names)]
        self.coded: list[Any] | None = None
        if not len(table):
            raise InputError("there is no unit in this table")

    def column(self, name: str, what: str) -> Any:
        """A column, NaN and blank text as nulls.

        Raises
        ------
        InputError
            If it is not there.
        """
        self.check(name, what)
        column = self._arrow(name)
        if column is None:  # numbers beside text: all are names here
            series = self.table.iloc[:, self.names.index(name)]
            column = pa.array([None if pd.isna(label) else str(label) for label in series])
        return _without_nan(column)

    def _arrow(self, name: str) -> Any:
        """A column as Arrow holds it, None where it cannot."""
        if isinstance(self.table, pa.Table):
            column = self.table.column(name)
        else:
            try:
                column = pa.array(self.table.iloc[:, self.names.index(name)], from_pandas=True)
            except (pa.ArrowInvalid, pa.ArrowTypeError):
                return None
        return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column

    def check(self, name: str, what: str) -> None:
        """Refuse a column that is not there."""
        if name not in self.names:
            near = did_you_mean(name, self.names) or f"; the columns are {', '.join(self.names)}"
            hint = " (a table with a row for each unit and a column for each coder is wide)" if what == "unit" else ""
            raise InputError(f"there is no column {name!r} for the {what}{near}{hint}")

    def judgements(self, names: Sequence[str]) -> list[Any]:
        """Columns of values; all are numbered here where Arrow cannot hold one of them as text or numbers."""
        columns = [self._judgement(name) for name in names]
        if all(column is not None for column in columns):
            return columns
        number: dict[Any, int] = {}
        coded = []
        for name in names:
            if isinstance(self.table, pa.Table):
                raw = self.table.column(name).to_pylist()
            else:
                raw = list(self.table.iloc[:, self.names.index(name)])
            coded.append(pa.array([self._number(label, number) for label in raw], type=pa.int64()))
        self.coded = list(number)
        return coded

    def _judgement(self, name: str) -> Any:
        self.check(name, "value")
        column = self._arrow(name)
        if column is None:
            return None
        primitive = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_string,
                     pa.types.is_large_string, pa.types.is_null)  # fmt: skip
        if not any(test(column.type) for test in primitive):
            return None
        return _without_nan(column, blank=bool(self.labels.separator))

    def _number(self, label: Any, number: dict[Any, int]) -> int | None:
        if label is None or (isinstance(label, float) and math.isnan(label)) or label is pd.NA or label is pd.NaT:
            return None
        label = self.labels.canonical(label)
        return None if label == "" else number.setdefault(label, len(number))

    def settle(self, columns: Sequence[Any]) -> tuple[tuple[Any, ...], bool, list[Places]]:
        """All labels in order, whether it means something, and each column as places in them (-1: missing)."""
        encoded = [combined(column).dictionary_encode() for column in columns]
        raw = [column.dictionary.to_pylist() for column in encoded]
        if self.coded is not None:
            raw = [[self.coded[place] for place in labels] for labels in raw]
        values, ordered, places = self.labels.settle(dict.fromkeys(label for labels in raw for label in labels))
        found = []
        for column, labels in zip(encoded, raw, strict=True):
            lookup = np.array([places[label] for label in labels] + [-1], dtype=np.int64)
            found.append(lookup[indices(column)])
        return values, ordered, found


def _without_nan(column: Any, blank: bool = False) -> Any:
    """The column with NaN, and blank text unless `blank` is a value, as nulls."""
    if pa.types.is_floating(column.type):
        return pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    if (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)) and not blank:
        empty = pc.equal(pc.utf8_trim_whitespace(column), "")
        return pc.if_else(empty, pa.scalar(None, column.type), column)
    return column


def combined(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def indices(encoded: Any) -> Places:
    """The places of a dictionary-encoded array, -1 for nulls."""
    return np.asarray(pc.fill_null(encoded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False), dtype=np.int64)
