"""How do results of any kind stand in one table? A row each: value, interval, basis, what it rests on, or why not."""

from __future__ import annotations

from collections.abc import Mapping

from resilens.measures.shares import why_no_interval
from resilens.results.tables import Column, Kind, Table, Value
from resilens.results.types import Description, Estimate, Result, Undefined

CHANGES = "Change of each share in percentage points, last period minus first"

UNITS = {"share": "share of one", "points": "share of one", "": None}
"""What units are called beside decimals."""


def results_table(caption: str, found: Mapping[str, Result], kind: Kind = "decimal") -> Table:
    """Results by their names.

    Parameters
    ----------
    kind
        How values are shown: shares as per cent, all else as decimals, each with its unit where that is known.
    """
    columns = [Column("what", "What"), Column("value", "Value", kind), Column("low", "From", kind),
               Column("high", "To", kind), Column("basis", "Basis"), Column("n", "Number", "count"),
               Column("threads", "Threads", "count"), Column("note", "Note")]  # fmt: skip
    rows = [[name, *_cells(result)] for name, result in found.items()]
    units = [None if isinstance(one, Undefined) else UNITS.get(one.unit, one.unit) for one in found.values()]
    if kind == "decimal" and any(units):
        columns.insert(4, Column("unit", "Unit"))
        rows = [[*row[:4], unit, *row[4:]] for row, unit in zip(rows, units, strict=True)]
    return Table(caption, columns, rows)


def _cells(result: Result) -> list[Value]:
    if isinstance(result, Estimate):
        return [result.value, result.low, result.high, result.basis, result.n_items, result.n_threads, None]
    if isinstance(result, Description):
        return [result.value, None, None, "description", result.n, None, why_no_interval(result)]
    return [None, None, None, "undefined", None, None, result.reason]
