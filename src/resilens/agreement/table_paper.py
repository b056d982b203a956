"""How does agreement in a table from anywhere read: as a table for a paper, and as lines for a terminal?"""

from __future__ import annotations

from collections.abc import Sequence

from resilens.agreement.apa import grid, unit
from resilens.agreement.assessing import LINES, Agreement
from resilens.agreement.coefficients.registry import SHARES, heading, title
from resilens.agreement.table_agreement import AgreementTable, Part
from resilens.results.tables import Column, Kind, Table, Value, count, decimal, listing, share
from resilens.results.types import Estimate, Undefined

NAMED = 4
"""How many values a note names."""


def lines(found: AgreementTable) -> list[str]:
    """All judgements, each coefficient with its interval; then value by value and pair by pair; then the paradox."""
    said = [found.heading(), found.method(), ""]
    said += [f"{title(name):<30} {_told(name, one)}" for name, one in found.overall.results.items()]
    captions = {"value": "Each value against all others", "pair": "Two by two"}
    for scope, caption in captions.items():
        if parts := found.of(scope):
            columns, rows = _cells_of(found, parts, "Value" if scope == "value" else "Coders")
            said += ["", caption, *grid(Table(caption, columns, rows)), *_reasons(parts, columns[1].name)]
    return [*said, "", *found.paradoxes] if found.paradoxes else said


def _told(name: str, found: Agreement) -> str:
    """One result with its interval, or the reason why there is none."""
    result = found.result
    if isinstance(result, Undefined):
        return str(result)
    words = _written(name, result.value)
    if isinstance(result, Estimate):
        below = ", ".join(f"Pr(<{decimal(line, 3)[1:]}) {share(chance)}" for line, chance in found.below.items())
        interval = f"[{_written(name, result.low)}, {_written(name, result.high)}]"
        return f"{words}  {interval}" + (f"  {below}" if name == "alpha" else "")
    return f"{words}  no interval: {found.no_interval}" if found.no_interval else words


def _written(name: str, value: float) -> str:
    return share(value) if name in SHARES else unit(value, 3)


def paper_table(found: AgreementTable) -> Table:
    """A row for all judgements, then for each value and each pair of coders; reasons for what is not there beneath."""
    columns, rows = _cells_of(found, found.parts, "Value or coders")
    opening = found.heading().removeprefix(f"{found.name}: ")
    notes = [opening[:1].upper() + opening[1:], found.method(), *_reasons(found.parts, columns[1].name)]
    return Table(f"Agreement{f' in {found.name}' if found.name else ''}", columns, rows, notes)


def _cells_of(
    found: AgreementTable, parts: Sequence[Part], rows_are: str
) -> tuple[list[Column], list[list[Value]]]:
    """The columns that these parts need, and their rows; the first coefficient has an interval."""
    names = list(dict.fromkeys(name for part in parts for name in part.results))
    first = names[0]
    columns = [Column("of", rows_are)]
    for name in names:
        kind: Kind = "share" if name in SHARES else "decimal"
        columns.append(Column(name, heading(name), kind))
        if name == first:
            columns += [Column(f"{name}_low", f"{share(found.confidence, 0)} CI from", kind),
                        Column(f"{name}_high", "to", kind)]  # fmt: skip
            columns += [Column(f"below_{line:.3f}", f"Pr(<{f'{line:.3f}'[1:]})", "share") for line in LINES]
    rows = [[_named(part), *(value for name in names for value in _cells(part.results.get(name), name == first))]
            for part in parts]  # fmt: skip
    sure = any(isinstance(part.results[first].result, Estimate) for part in parts if first in part.results)
    return (columns, rows) if sure else (columns[:2] + columns[6:], [row[:2] + row[6:] for row in rows])


def _named(part: Part) -> str:
    return part.label or "All judgements"


def _cells(found: Agreement | None, first: bool) -> list[Value]:
    """A coefficient's value; of the first one its interval and Pr(below) too."""
    result = found.result if found else None
    values: list[Value] = [None if result is None or isinstance(result, Undefined) else result.value]
    if first:
        values += [result.low, result.high] if isinstance(result, Estimate) else [None, None]
        values += [found.below.get(line) if found else None for line in LINES]
    return values


def _reasons(parts: Sequence[Part], first: str) -> list[str]:
    """Why something is undefined or has no interval, each reason once with all it holds of."""
    why: dict[str, dict[str, list[str]]] = {}
    for part in parts:
        for name, found in part.results.items():
            reason = f"no interval: {found.no_interval}" if found.no_interval and name == first else ""
            if isinstance(found.result, Undefined):
                reason = f"undefined: {found.result.reason}"
            if reason:
                why.setdefault(reason, {}).setdefault(part.label or "all judgements", []).append(heading(name))
    told = []
    for reason, named in why.items():
        alike: dict[tuple[str, ...], list[str]] = {}
        for label, headings in named.items():
            alike.setdefault(tuple(headings), []).append(label)
        told += [f"{listing(headings)} of {_several(labels)}: {reason}." for headings, labels in alike.items()]
    return told


def _several(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return listing(names) if more <= 0 else f"{', '.join(names[:NAMED])}, and {count(more)} more"
