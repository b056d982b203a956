"""Which units did which coders give which values? Any table, turned into patterns of codes.

Long tables hold a judgement a row (unit, coder, value, perhaps the thread); wide tables a unit a row and a coder a
column; arrays are units x coders (the package `krippendorff` wants coders x units). pandas, Arrow, numpy and nested
lists come out alike. None, NaN and blank text are missing judgements.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias, TypedDict

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from resilens.agreement.columns import NAMED, Content, Labels, combined, indices
from resilens.agreement.patterns import PIVOTED, Patterns, Places, compact
from resilens.errors import Fault, InputError
from resilens.study.words import did_you_mean

Table: TypeAlias = Any
"""A pandas DataFrame, an Arrow table, a 2-D numpy array, a list of lists, or `Patterns` already counted."""


class Reading(TypedDict, total=False):
    """How a table is read; each may be left out.

    Parameters
    ----------
    unit, coder, value
        Names of a long table's columns; `unit`, `coder`, `value` unless said otherwise.
    cluster
        The column that says which thread a unit belongs to (for an array: one label a unit). None: no threads.
    wide
        Whether a row is a unit and a column a coder. Arrays always are.
    coders
        The coders to compare; all of them unless given. In a wide table, their columns.
    values
        All values there are, lowest first: gives ordinal data their order, and says how many categories coders chose
        among where some were never used.
    separator
        Makes each value a set of codes: `a;b` with `;` is {a, b}, and blank text, or the separator alone, the empty
        set. Values that are sets already need none.
    """

    unit: str
    coder: str
    value: str
    cluster: str | Sequence[Any] | None
    wide: bool
    coders: Sequence[Any] | None
    values: Sequence[Any] | None
    separator: str


def read_patterns(
    table: Table, *, unit: str = "unit", coder: str = "coder", value: str = "value",
    cluster: str | Sequence[Any] | None = None, wide: bool = False, coders: Sequence[Any] | None = None,
    values: Sequence[Any] | None = None, separator: str = "",
) -> Patterns:  # fmt: skip
    """The patterns of codes in a table.

    Parameters
    ----------
    table
        See `Table`. `Patterns` are returned as they are, save for `coders`.
    unit, coder, value, cluster, wide, coders, values, separator
        See `Reading`.

    Raises
    ------
    InputError
        If a column is missing, a coder judged a unit twice, a unit is in two threads or in none, a value is not among
        `values`, or the table has no row.
    """
    if isinstance(table, Patterns):
        return table if coders is None else table.only(coders)
    labels = Labels(values, separator)
    if isinstance(table, pd.DataFrame | pa.Table):
        content = Content(table, labels)
        if wide:
            return _wide(content, unit, cluster, coders)
        return _long(content, unit, coder, value, cluster, coders)
    array, threads = _array(table), None if cluster is None or isinstance(cluster, str) else list(cluster)
    frame = pd.DataFrame({str(place): array[:, place] for place in range(array.shape[1])})
    if threads is not None:
        if len(threads) != len(frame):
            raise InputError(f"there are {len(frame)} units and {len(threads)} threads: give one thread a unit")
        frame["thread"] = threads
    elif isinstance(cluster, str):
        raise InputError("an array has no columns: give the threads as a list, one a unit")
    chosen = [str(place) for place in (coders if coders is not None else range(array.shape[1]))]
    return _wide(Content(frame, labels), "", "thread" if threads is not None else None, chosen)


def _array(table: Any) -> np.ndarray[Any, Any]:
    """Units x coders."""
    if not isinstance(table, np.ndarray):
        rows = [list(row) for row in table]
        if len({len(row) for row in rows}) > 1:
            raise InputError("every unit needs an entry for every coder; write None where a coder gave none")
        array = np.empty((len(rows), len(rows[0]) if rows else 0), dtype=object)
        for place, row in enumerate(rows):
            array[place, :] = row
        table = array
    if table.ndim != 2:
        raise InputError(f"an array of judgements is units x coders, two dimensions, not {table.ndim}")
    if not table.shape[0]:
        raise InputError("there is no unit in this table")
    return np.asarray(table)


def _engine() -> Any:
    """A connection of its own to the one engine of this process: opening an engine takes longer than a small table."""
    return _opened().cursor()


@cache
def _opened() -> Any:
    settings = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    return duckdb.connect(":memory:", config=settings)


def _wide(content: Content, unit: str, cluster: Any, coders: Sequence[Any] | None) -> Patterns:
    """A row a unit, a column a coder."""
    if cluster is not None and not isinstance(cluster, str):
        raise InputError("name the column of the threads")
    aside = {unit, cluster}
    names = [str(name) for name in coders] if coders is not None else [n for n in content.names if n not in aside]
    if not names:
        raise InputError(f"there is no coder's column in this table; its columns are {', '.join(content.names)}")
    columns = content.judgements(names)
    threads = None if cluster is None else content.column(cluster, "thread")
    if threads is not None and threads.null_count:
        raise InputError(f"{threads.null_count} units have no thread in {cluster!r}; give each unit its thread")
    if len(names) > PIVOTED:
        return _uncounted_wide(content, columns, tuple(names), threads)
    arrow = pa.table({f"c{place}": column for place, column in enumerate(columns)}
                     | ({} if threads is None else {"thread": threads}))  # fmt: skip
    with _engine() as engine:
        engine.register("judgements", arrow)
        counted = engine.sql("SELECT *, count(*) AS units FROM judgements GROUP BY ALL").to_arrow_table()
    return _counted(content, counted, tuple(names))


def _counted(content: Content, counted: pa.Table, coders: tuple[Any, ...]) -> Patterns:
    """Patterns from the engine's counts: columns c0, c1, ..., perhaps `thread`, and `units`."""
    values, ordered, columns = content.settle([counted.column(f"c{place}") for place in range(len(coders))])
    number = counted.column("units").to_numpy().astype(np.float64)
    thread, threads = _threads(counted.column("thread")) if "thread" in counted.column_names else (None, ())
    return compact(np.column_stack(columns), number, values, ordered, coders, thread, threads)


def _threads(column: Any) -> tuple[Places, tuple[Any, ...]]:
    """The place of each row's thread, and the threads' labels in an order that depends on nothing else."""
    encoded = combined(column).dictionary_encode()
    labels = encoded.dictionary.to_pylist()
    order = sorted(range(len(labels)), key=lambda place: (str(type(labels[place])), labels[place]))
    rank = np.empty(len(labels) + 1, dtype=np.int64)
    rank[order] = np.arange(len(labels))
    return rank[indices(encoded)], tuple(labels[place] for place in order)


def _uncounted_wide(content: Content, columns: Sequence[Any], coders: tuple[Any, ...], threads: Any) -> Patterns:
    values, ordered, codes = content.settle(columns)
    matrix = np.column_stack(codes)
    unit, coder = np.nonzero(matrix >= 0)
    thread, labels = (None, ()) if threads is None else _threads(threads)
    return _each_unit(values, ordered, coders, (unit, coder, matrix[unit, coder]), len(matrix), thread, labels)


def _each_unit(
    values: tuple[Any, ...], ordered: bool, coders: tuple[Any, ...], judgements: tuple[Places, Places, Places],
    n_units: int, thread: Places | None, threads: tuple[Any, ...],
) -> Patterns:  # fmt: skip
    """Each unit as a pattern of its own; judgements are (unit, coder, value)."""
    unit, coder, value = judgements
    ones = np.ones(n_units)
    membership = None
    if thread is not None:
        membership = sparse.csr_array((ones, (thread, np.arange(n_units))), shape=(len(threads), n_units))
    return Patterns(values, ordered, coders, unit, coder, value, ones, threads, membership)


def _long(
    content: Content, unit: str, coder: str, value: str, cluster: Any, coders: Sequence[Any] | None
) -> Patterns:
    """A row a judgement."""
    if cluster is not None and not isinstance(cluster, str):
        raise InputError("name the column of the threads")
    columns = {"unit": content.column(unit, "unit"), "coder": content.column(coder, "coder")}
    content.check(value, "value")
    columns["value"] = content.judgements([value])[0]
    if cluster is not None:
        columns["thread"] = content.column(cluster, "thread")
    for name, called in (("unit", unit), ("coder", coder), ("thread", cluster)):
        if name in columns and columns[name].null_count:
            missing = columns[name].null_count
            raise InputError(f"{missing} rows have nothing in {called!r}; every judgement needs its {name}")
    names = sorted(pc.unique(columns["coder"]).to_pylist(), key=lambda name: (str(type(name)), name))
    if coders is not None:
        names = _chosen(coders, names)
    with _engine() as engine:
        engine.register("judgements", pa.table(columns))
        if cluster is not None:
            _one_thread_a_unit(engine)
        if len(names) <= PIVOTED:
            patterns = _counted(content, _pivot(engine, names, cluster is not None), tuple(names))
            repeated = _judgements(engine, names) != int(patterns.units @ patterns.judgements)
        else:
            patterns = _uncounted_long(content, columns, names)
            repeated = _twice(patterns)
        if repeated:
            _name_repeats(engine)
    return patterns


def _chosen(coders: Sequence[Any], there: Sequence[Any]) -> list[Any]:
    known = {str(name): name for name in there}
    for name in coders:
        if str(name) not in known:
            near = did_you_mean(str(name), known) or f"; the coders are {', '.join(known)}"
            raise InputError(f"there is no coder {name!r}{near}")
    return [known[str(name)] for name in coders]


def _judgements(engine: Any, coders: Sequence[Any]) -> int:
    """How many judgements these coders gave: more than the patterns hold where one gave a unit two."""
    sql = "SELECT count(value) FROM judgements WHERE list_contains($1, coder)"
    return int(engine.execute(sql, [list(coders)]).fetchone()[0])


def _twice(patterns: Patterns) -> bool:
    """Whether a coder stands twice in a pattern, as can be where units were not counted."""
    key = patterns.pattern * len(patterns.coders) + patterns.coder
    if len(patterns.units) * len(patterns.coders) <= 32 * len(key):
        return bool(len(key)) and int(np.bincount(key).max()) > 1
    return len(np.unique(key)) < len(key)


def _name_repeats(engine: Any) -> None:
    """Refuse a coder's second judgement of a unit, naming some."""
    found = engine.sql(
        "SELECT unit, coder, count(*) AS times FROM judgements WHERE value IS NOT NULL GROUP BY unit, coder"
        " HAVING count(*) > 1 ORDER BY ALL"
    ).fetchmany(NAMED + 1)
    if found:
        faults = [Fault(f"coder {coder} judged this unit {times} times; keep one row", f"unit {unit}")
                  for unit, coder, times in found[:NAMED]]  # fmt: skip
        raise InputError(faults + ([Fault("and there are more such units")] if len(found) > NAMED else []))


def _one_thread_a_unit(engine: Any) -> None:
    """Refuse a unit in two threads, naming some."""
    found = engine.sql(
        "SELECT unit, min(thread), max(thread) FROM judgements GROUP BY unit HAVING min(thread) <> max(thread)"
        " ORDER BY 1"
    ).fetchmany(NAMED)
    if found:
        raise InputError([Fault(f"this unit is in two threads, {first} and {second}; a unit belongs to one",
                                f"unit {unit}") for unit, first, second in found])  # fmt: skip


def _pivot(engine: Any, coders: Sequence[Any], threads: bool) -> pa.Table:
    """The engine's counts of patterns in the long table."""
    thread = ", any_value(thread) AS thread" if threads else ""
    places = ", ".join(f"any_value(value) FILTER (WHERE coder = ${n + 1}) AS c{n}" for n in range(len(coders)))
    units = f"SELECT unit{thread}, {places} FROM judgements GROUP BY unit"
    counted = engine.execute(f"SELECT * EXCLUDE unit, count(*) AS units FROM ({units}) GROUP BY ALL", list(coders))
    return counted.to_arrow_table()


def _uncounted_long(content: Content, columns: dict[str, Any], coders: Sequence[Any]) -> Patterns:
    values, ordered, (value,) = content.settle([columns["value"]])
    unit_of = combined(columns["unit"]).dictionary_encode()
    coder_of = combined(columns["coder"]).dictionary_encode()
    unit = indices(unit_of)
    place = {name: number for number, name in enumerate(coders)}
    coder = np.array([place.get(name, -1) for name in coder_of.dictionary.to_pylist()])[indices(coder_of)]
    n_units = len(unit_of.dictionary)
    thread, threads = None, ()
    if "thread" in columns:
        of_row, threads = _threads(columns["thread"])
        thread = np.empty(n_units, dtype=np.int64)
        thread[unit] = of_row
    kept = (value >= 0) & (coder >= 0)
    return _each_unit(values, ordered, tuple(coders), (unit[kept], coder[kept], value[kept]), n_units, thread, threads)
