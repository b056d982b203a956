"""How does every value of a finding stand in a table? In words and units for a reader, whole in the file beside it."""

from __future__ import annotations

from collections.abc import Mapping

from resilens.report.model import TableBlock
from resilens.report.naming import for_readers, in_words, unit_in_words, value_in_words
from resilens.results.tables import Column, Table, Value, counted, without_empty
from resilens.results.types import Description, Estimate, Result, Undefined

NO_INTERVAL = "(no interval: "


def values_block(
    name: str, caption: str, first: str, results: Mapping[str, Result], names: Mapping[str, str]
) -> TableBlock:
    """Results, a row each; what models assume stands once beneath.

    Parameters
    ----------
    name, caption, first
        The table's name and caption, and the heading of its first column.
    results
        By the names by which claims cite them.
    names
        Of codes and facets, by their ids.
    """
    columns = (Column("name", first), Column("value", "Value", "number"), Column("low", "From", "number"),
               Column("high", "To", "number"), Column("unit", "Unit"), Column("n", "Items", "count"),
               Column("basis", "Basis"), Column("note", "Note"))  # fmt: skip
    rows = [(in_words(key, names), *_row(result)) for key, result in results.items()]
    assumed = dict.fromkeys(one.assumption for one in results.values() if isinstance(one, Estimate) and one.assumption)
    undefined = sum(isinstance(one, Undefined) for one in results.values())
    notes = [f"The model assumes that {assumption}." for assumption in assumed]
    if undefined == 1:
        notes.append("One value is undefined, with its reason.")
    elif undefined:
        notes.append(f"{counted(undefined, 'value').capitalize()} are undefined, each with its reason.")
    return TableBlock(name, Table(caption, *without_empty(columns, rows), notes), _whole(caption, results, names))


def _row(result: Result) -> tuple[Value, ...]:
    if isinstance(result, Undefined):
        return (None, None, None, None, None, "undefined", for_readers(result.reason))
    low, high = (result.low, result.high) if isinstance(result, Estimate) else (None, None)
    ends = [None if one is None else value_in_words(one, result.unit) for one in (result.value, low, high)]
    if isinstance(result, Estimate):
        return (*ends, unit_in_words(result.unit) or None, result.n_items, result.basis, None)
    why = result.frame.rpartition(NO_INTERVAL)[2].removesuffix(")") if NO_INTERVAL in result.frame else None
    return (*ends, unit_in_words(result.unit) or None, result.n, "description", why)


def _whole(caption: str, results: Mapping[str, Result], names: Mapping[str, str]) -> Table:
    """Every value with all its digits, under the name by which claims cite it."""
    columns = (
        Column("name", "Name", "code"), Column("in_words", "In words"), Column("value", "Value", "decimal"),
        Column("low", "From", "decimal"), Column("high", "To", "decimal"), Column("level", "Level", "decimal"),
        Column("unit", "Unit"), Column("items", "Items", "count"), Column("threads", "Threads", "count"),
        Column("basis", "Basis"), Column("frame", "Speaks of"), Column("how", "How"), Column("assumes", "Assumes"),
        Column("undefined", "Undefined because"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for key, one in results.items():
        told: tuple[Value, ...]
        if isinstance(one, Undefined):
            told = (*[None] * 7, "undefined", None, None, None, one.reason)
        elif isinstance(one, Description):
            told = (one.value, None, None, None, one.unit or None, one.n, None, "description", one.frame, None, None,
                    None)  # fmt: skip
        else:
            told = (one.value, one.low, one.high, one.level, one.unit or None, one.n_items, one.n_threads, one.basis,
                    one.frame, one.design, one.assumption or None, None)  # fmt: skip
        rows.append((key, in_words(key, names), *told))
    return Table(caption, columns, rows)
