"""How does a study's agreement read, as tables for the report and as lines for the terminal?

A cell without a value has its reason among the table's notes: nothing is zero or NaN because it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from resilens.agreement.apa import grid
from resilens.agreement.assessing import LINES, Agreement
from resilens.agreement.coefficients.registry import SHARES, heading, title
from resilens.agreement.disagreements import SHOWN, Confusion, coder_table, confusion_table, label_table
from resilens.agreement.judgements import NOTHING, UNIVERSES
from resilens.agreement.study_results import BY, OVERALL, Line, StudyAgreement, label_order
from resilens.results.tables import Column, Kind, Table, Value, counted, listing, without_empty
from resilens.results.types import Estimate, Undefined

WITH_INTERVAL = ("alpha", "u", "|u", "cu", "(k)cu")
"""Coefficients whose interval a table shows; every cell of `Line.cells` has its own."""

MOST_CONFUSIONS = 20
"""How many pairs of confused codes a terminal shows."""

MASI = ("Facets of which an item may have several codes are sets: alpha with the MASI distance, 1 - J M, J the "
        "Jaccard index, M 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 else (Passonneau "
        "2006); two empty sets agree.")  # fmt: skip


def code_table(found: StudyAgreement) -> Table:
    """Agreement on each code."""
    return _table(found, "Agreement on each code, before consensus", found.codes, "code", "Code")


def facet_table(found: StudyAgreement) -> Table:
    """Agreement on each facet and on all codes together."""
    lines = [*found.facets, *([found.overall] if found.overall else [])]
    return _table(found, "Agreement on each facet, before consensus", lines, "facet", "Facet")


def pair_table(found: StudyAgreement) -> Table:
    """Agreement of each two coders, overall and on each code."""
    return _table(found, "Agreement of each two coders, before consensus", found.pairs, "of", "On")


def machine_table(found: StudyAgreement) -> Table:
    """What machines gave beside what each person gave; no part of the agreement of people."""
    return _table(found, "Machines beside people, not part of any agreement above", found.machines, "of", "On")


def span_table(found: StudyAgreement) -> Table:
    """Unitizing alphas of the facets' spans."""
    return _table(found, "Agreement on which passages bear which code", found.spans, "facet", "Facet")


def by_table(found: StudyAgreement, name: str) -> Table:
    """Agreement apart for each language, group, ...

    Raises
    ------
    KeyError
        If it was not asked for.
    """
    caption = f"Agreement by {BY[name][0].lower()}{BY[name][1:]}, before consensus"
    return _table(found, caption, found.by[name], "of", "On", BY[name])


def _table(
    found: StudyAgreement, caption: str, lines: Sequence[Line], name: str, title: str, label: str = ""
) -> Table:
    """A row a line that has a coefficient, a column a coefficient; an interval beside alpha."""
    lines = [line for line in lines if line.cells]
    used = list(dict.fromkeys(cell for line in lines for cell in line.cells))
    columns = [Column(name, title)]
    if any(line.coders for line in lines):
        columns += [Column("coder", "Coder"), Column("other", "Other coder")]
    if label:
        columns.append(Column("label", label))
    for cell in used:
        columns += _columns(cell)
    columns += [Column("items", "Items", "count"), Column("threads", "Threads", "count")]
    rows = [_row(found, line, used, bool(label), any(other.coders for other in lines)) for line in lines]
    kept, values = without_empty(columns, rows)
    return Table(caption, kept, values, _notes(found, lines))


def _columns(cell: str) -> list[Column]:
    kind: Kind = "share" if cell in SHARES else "decimal"
    columns = [Column(cell, heading(cell), kind)]
    if cell in WITH_INTERVAL:
        columns += [Column(f"{cell}_low", "95% CI from", "decimal"), Column(f"{cell}_high", "to", "decimal")]
    if cell == "alpha":
        columns += [Column(f"below_{line:.3f}", f"Pr(<{f'{line:.3f}'[1:]})", "share") for line in LINES]
    return columns


def _row(found: StudyAgreement, line: Line, used: Sequence[str], label: bool, coders: bool) -> list[Value]:
    row: list[Value] = ["All codes" if line.of == OVERALL else found.names.get(line.of, line.of or "no facet")]
    if coders:
        row += list(line.coders) or [None, None]
    if label:
        row.append(line.label)
    for cell in used:
        row += _values(cell, line.cells.get(cell))
    return [*row, line.n_items, line.n_threads]


def _values(cell: str, given: Agreement | None) -> list[Value]:
    empty: list[Value] = [None] * len(_columns(cell))
    if given is None or isinstance(given.result, Undefined):
        return empty
    sure = isinstance(given.result, Estimate)
    values: list[Value] = [given.result.value]
    if len(empty) > 1:
        values += [given.result.low, given.result.high] if isinstance(given.result, Estimate) else [None, None]
    if cell == "alpha":
        values += [given.below.get(line) if sure else None for line in LINES]
    return values


def _notes(found: StudyAgreement, lines: Sequence[Line]) -> tuple[str, ...]:
    spans = any(line.level == "spans" for line in lines)
    notes = [f"Over {UNIVERSES['characters' if spans else found.universe]}."]
    if any(isinstance(cell.result, Estimate) for line in lines for cell in line.cells.values()):
        notes.append(f"Intervals: 95%, bootstrap of threads, {found.draws:,} draws, seed {found.seed}; Pr: the share "
                     "of draws below Krippendorff's customary lines.")  # fmt: skip
    if any(line.level == "masi" for line in lines):
        notes.append(MASI)
    return (*notes, *_reasons(found, lines))


def _reasons(found: StudyAgreement, lines: Sequence[Line]) -> list[str]:
    """Why a value or an interval is missing, each reason once with what it concerns; not again where alpha said it."""
    of: dict[str, dict[str, None]] = {}
    for line in lines:
        name = "all codes" if line.of == OVERALL else found.names.get(line.of, line.of)
        name += f" ({listing(line.coders)})" if line.coders else f" ({line.label})" if line.label else ""
        said: set[str] = set()
        for cell, given in line.cells.items():
            reason = _reason(cell, given)
            if reason and reason not in said:
                said.add(reason)
                of.setdefault(reason, {}).setdefault(name if cell == "alpha" else f"{title(cell)} on {name}")
    return [f"{listing(list(names))}: {reason}." for reason, names in of.items()]


def _reason(cell: str, given: Agreement) -> str:
    if isinstance(given.result, Undefined):
        return f"undefined: {given.result.reason}"
    return f"no interval: {given.no_interval}" if given.no_interval and cell in WITH_INTERVAL else ""


def disagreement_tables(found: StudyAgreement) -> list[Table]:
    """Which codes are taken for which, who differs from whom, and in which kinds of items; what there is of each."""
    tables = [confusion_table(found.confusions, lambda name: found.names.get(name, name), MOST_CONFUSIONS),
              coder_table(found.judged, found.differences)]  # fmt: skip
    parts = [label_table(found.judged, found.differences, label_of, BY[name], label_order(name, found.judged))
             for name, label_of in found.labels.items()]  # fmt: skip
    return [table for table in tables if table.rows] + [table for table in parts if len(table.rows) > 1]


def disagreement_lines(found: StudyAgreement) -> list[str]:
    """What a terminal shows of the disagreements."""
    said = [*_opening(found)]
    for table in disagreement_tables(found):
        said += ["", table.caption, *grid(table), *table.notes]
    return said


def lines(found: StudyAgreement) -> list[str]:
    """What a terminal shows: what was compared, the tables, the kappa paradox where it strikes, what is confused."""
    said = [*_opening(found)]
    tables = [code_table(found), facet_table(found), pair_table(found), span_table(found)]
    tables += [by_table(found, name) for name in found.by]
    tables = [table for table in (*tables, machine_table(found)) if table.rows]
    for table in tables:
        shorter = _without_constant(table, {"items": found.n_items, "threads": found.n_threads})
        said += ["", table.caption, *grid(shorter), *(note for note in table.notes if note not in said)]
    if found.judged.given and not tables:
        said.append("There is no coding to compute it from, so agreement is undefined.")
    if found.paradoxes:
        said += ["", *found.paradoxes]
    told = {"Most often taken for each other": found.most_confused,
            "Most often given by one coder only": found.most_overlooked}  # fmt: skip
    if any(told.values()):
        said += ["", *(f"{words}: {_confused(found, one)}." for words, one in told.items() if one)]
    return said


def _without_constant(table: Table, known: Mapping[str, Value]) -> Table:
    """Without the columns that say in each row what was said before."""
    kept = [place for place, column in enumerate(table.columns)
            if column.name not in known or any(row[place] != known[column.name] for row in table.rows)]  # fmt: skip
    return replace(table, columns=[table.columns[place] for place in kept],
                   rows=[[row[place] for place in kept] for row in table.rows])  # fmt: skip


def _confused(found: StudyAgreement, one: Confusion) -> str:
    """Two codes, or one that somebody overlooked, with the items."""
    names = [found.names.get(code, code) for code in (one.first, one.second) if code != NOTHING]
    more = f" and {counted(len(one.items) - SHOWN, 'more', 'more')}" if len(one.items) > SHOWN else ""
    return f"{listing(names)}, in {counted(len(one.items), 'item')}: {', '.join(one.items[:SHOWN])}{more}"


def _opening(found: StudyAgreement) -> Iterable[str]:
    judged = found.judged
    if judged.blind:
        yield f"Left out, still blind: {listing(judged.blind)}; freeze a round to see its agreement."
    if judged.joint:
        yield f"Left out, read jointly: {listing(judged.joint)}; there is no independent agreement in a joint round."
    if not judged.given:
        yield "No item was coded in an independent round that may be shown."
        return
    read = f"{counted(found.n_items, 'item').capitalize()} in {counted(found.n_threads, 'thread')}"
    yield (f"{read} read independently by two coders or more ({listing(judged.coders)}), {listing(judged.rounds)}, "
           "before consensus.")  # fmt: skip
    if found.n_single:
        yield f"{counted(found.n_single, 'item').capitalize()} read by one coder only: no agreement there."
    yield f"Over {UNIVERSES[found.universe]}."
    yield from (f"Left out: {words}." for words in found.left_out)
    if found.unused:
        yield f"Nobody gave {counted(len(found.unused), 'active code')}."
