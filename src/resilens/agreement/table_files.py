"""Which judgements does a file hold? CSV, Excel and Parquet from anywhere, told by their content."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from resilens.agreement.columns import NAMED
from resilens.capture.files import Source
from resilens.coding.cells import Cell, Damaged, Sheet, read_sheet
from resilens.errors import Fault, InputError


def read_table(path: Path, missing: Collection[str] = ("",)) -> tuple[pd.DataFrame | pa.Table, Sheet | None]:
    """A file's table, its cells as text, and the sheet it came from where rows have numbers a person can look up.

    Parameters
    ----------
    path
        The file.
    missing
        What stands for no judgement; a blank cell unless given.

    Raises
    ------
    InputError
        If it is no table, or a row or a cell cannot be read.
    """
    if Source(path).format == "parquet":
        return _parquet(path), None
    sheet = read_sheet(path)
    damaged = [Fault(cell.reason, sheet.where(row, name)) for row, cells in sheet.rows
               for name, cell in cells.items() if isinstance(cell, Damaged)]  # fmt: skip
    if faults := [*sheet.broken, *damaged]:
        raise InputError(faults)
    rows = [{name: _text(cell, missing) for name, cell in cells.items()} for _, cells in sheet.rows]
    return pd.DataFrame(rows, columns=list(sheet.columns), dtype=object), sheet


def _parquet(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(Fault("this Parquet file is damaged; write it anew", path.name)) from error


def _text(cell: Cell, missing: Collection[str]) -> str | None:
    text = str(cell).strip()
    return None if not text or text in missing else text


def check_repeats(frame: Any, sheet: Sheet | None, unit: str, coder: str, value: str) -> None:
    """Refuse a coder's second judgement of a unit, naming both rows.

    Raises
    ------
    InputError
        Naming some of them.
    """
    if sheet is None or any(name not in frame.columns for name in (unit, coder, value)):
        return
    seen: dict[tuple[Any, Any], int] = {}
    faults: list[Fault] = []
    for (row, _), key, given in zip(sheet.rows, zip(frame[unit], frame[coder], strict=True), frame[value], strict=True):
        if pd.isna(given):
            continue
        if (first := seen.setdefault(key, row)) != row:
            words = f"coder {key[1]} judged unit {key[0]} in {sheet.unit} {first} already; keep one of the two"
            faults.append(Fault(words, sheet.where(row)))
    if faults:
        more = [Fault(f"and {len(faults) - NAMED} more such rows", sheet.name)] if len(faults) > NAMED else []
        raise InputError(faults[:NAMED] + more)


def check_wide(frame: Any, unit: str) -> None:
    """Refuse a column of ids taken for a coder: where every row has a value of its own that no other column holds.

    Raises
    ------
    InputError
        Naming the column.
    """
    names = [str(name) for name in (frame.columns if isinstance(frame, pd.DataFrame) else frame.column_names)]
    if unit in names or len(frame) < 10:
        return
    columns = {name: set(_values(frame, name)) for name in names}
    for name in names:
        others = set().union(*(columns[other] for other in names if other != name))
        if len(columns[name]) == len(frame) and not columns[name] & others:
            raise InputError(
                f"column {name!r} has a value of its own in every row, so it looks like the units' ids and not like a"
                " coder: name it as the unit, or name the coders"
            )


def _values(frame: Any, name: str) -> list[Any]:
    if isinstance(frame, pd.DataFrame):
        return list(frame.iloc[:, [str(column) for column in frame.columns].index(name)])
    return list(frame.column(name).to_pylist())
