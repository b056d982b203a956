"""How does agreement in a table from anywhere stand in a paper's table: alpha, its interval, and what is beside it?"""

from __future__ import annotations

from collections.abc import Sequence

from resilens.agreement.assessing import LINES, Agreement
from resilens.agreement.coefficients.registry import COEFFICIENTS
from resilens.agreement.table_agreement import AgreementTable, Part
from resilens.results.tables import Column, Kind, Table, Value, count, listing, share
from resilens.results.types import Estimate, Undefined

SHARES = ("percent", "prevalence")
TITLES = {"percent": "Percent", "prevalence": "Prevalence", "positive": "Positive", "negative": "Negative"}
NAMED = 4
"""How many values a note names."""


def paper_table(found: AgreementTable) -> Table:
    """A row for all judgements, then for each value and each pair of coders; reasons for what is not there beneath."""
    names = list(dict.fromkeys(name for part in found.parts for name in part.results))
    first = names[0]
    columns = [Column("of", "Value or coders")]
    for name in names:
        kind: Kind = "share" if name in SHARES else "decimal"
        columns.append(Column(name, TITLES.get(name, COEFFICIENTS[name].symbol), kind))
        if name == first:
            columns += [Column(f"{name}_low", f"{share(found.confidence, 0)} CI from", kind),
                        Column(f"{name}_high", "to", kind)]  # fmt: skip
            columns += [Column(f"below_{line:.3f}", f"Pr(<{f'{line:.3f}'[1:]})", "share") for line in LINES]
    rows = [[_named(part), *(value for name in names for value in _cells(part.results.get(name), name == first))]
            for part in found.parts]  # fmt: skip
    opening = found.heading().removeprefix(f"{found.name}: ")
    notes = [opening[:1].upper() + opening[1:], found.method(), *_reasons(found.parts, first)]
    return Table(f"Agreement{f' in {found.name}' if found.name else ''}", columns, rows, notes)


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
    why: dict[str, list[str]] = {}
    for part in parts:
        for name, found in part.results.items():
            of = f"{TITLES.get(name, COEFFICIENTS[name].symbol)} of {_named(part).lower()}"
            if isinstance(found.result, Undefined):
                why.setdefault(f"undefined: {found.result.reason}", []).append(of)
            elif found.no_interval and name == first:
                why.setdefault(f"without an interval: {found.no_interval}", []).append(of)
    return [f"{_several(of)} {'is' if len(of) == 1 else 'are'} {reason}." for reason, of in why.items()]


def _several(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return listing(names) if more <= 0 else f"{', '.join(names[:NAMED])}, and {count(more)} more"
