"""What is the data behind a figure? Every chart keeps the rows it draws in its specification, where no drawer looks.

So the CSV file under a figure cannot differ from what is seen: it is written from the figure itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from resilens.results.tables import Column, Table, Value, without_empty

KEY = "plotted"


def plotted(columns: Sequence[Column], rows: Sequence[Sequence[Value]], title: str = "") -> dict[str, Any]:
    """What a chart adds to its `usermeta`: the rows it draws.

    Parameters
    ----------
    columns, rows
        The data; days are kept as such.
    title
        Of the panel, where a figure may have several.
    """
    plain = [[value.isoformat() if isinstance(value, date) else value for value in row] for row in rows]
    named = [{"name": one.name, "title": one.title, "kind": one.kind} for one in columns]
    return {KEY: [{"title": title, "columns": named, "rows": plain}]}


def together(figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What several figures under each other draw, for the `usermeta` of the whole."""
    return {KEY: [panel for figure in figures for panel in figure.get("usermeta", {}).get(KEY, ())]}


def data_of(figure: Mapping[str, Any]) -> Table | None:
    """The rows that a figure draws, a column for each thing that any panel tells; None where it does not keep them."""
    panels = figure.get("usermeta", {}).get(KEY)
    if not panels:
        return None
    columns = {one["name"]: Column(**one) for panel in panels for one in panel["columns"]}
    rows: list[list[Value]] = []
    for panel in panels:
        names = [one["name"] for one in panel["columns"]]
        for row in panel["rows"]:
            told = dict(zip(names, row, strict=True))
            rows.append([panel["title"] or None, *(_value(told.get(name), one) for name, one in columns.items())])
    if len({panel["title"] for panel in panels}) < 2:
        return Table("Data of the figure", *without_empty(list(columns.values()), [row[1:] for row in rows]))
    return Table("Data of the figure", *without_empty([Column("panel", "Panel"), *columns.values()], rows))


def _value(value: Value, column: Column) -> Value:
    return date.fromisoformat(value) if column.kind == "date" and isinstance(value, str) else value
