"""What was found, how surely, and what stands behind it? Each finding with its figure, table, method and evidence."""

from __future__ import annotations

from dataclasses import replace

from resilens.report.claims import cited_by
from resilens.report.evidence import plate
from resilens.report.facts_record import readable
from resilens.report.finding_values import values_block
from resilens.report.findings_facts import Found, StageWords
from resilens.report.method_facts import MethodFacts
from resilens.report.model import (
    Block,
    Emphasis,
    FigureBlock,
    Link,
    Note,
    Paragraph,
    Reference,
    Section,
    TableBlock,
    Words,
    join,
    listed,
    say,
)
from resilens.report.naming import for_readers, in_words
from resilens.results.plotted import data_of
from resilens.results.tables import Column, Table, Value, count, counted, without_empty
from resilens.results.types import Estimate

LONG = 16
"""Rows over which a table stands in the appendix, not beside its finding."""


def process_section(facts: MethodFacts) -> Section | None:
    """The findings that belong to the process as a whole; None where nothing was measured."""
    if not facts.findings.whole:
        return None
    words = ("These findings speak of the whole process. Posts and comments are never pooled; every interval goes over "
             f"threads, and what has none says why. {facts.findings.codes}".strip(),)  # fmt: skip
    parts = tuple(_finding(facts, one) for one in facts.findings.whole)
    return Section("process", "The process as a whole", (Paragraph(words),), parts)


def stages_section(facts: MethodFacts) -> Section | None:
    """The stages, each with where it lies in time, the findings told under it, evidence and claims."""
    told = facts.findings
    if not told.found or not told.stages:
        return None
    words = ("Stages were judged item by item; neither a date nor a practice decides one. Findings stand under the "
             "stage for which the framework's authors tell them, and are computed from all items.",)  # fmt: skip
    return Section("stages", "The stages", (Paragraph(words),), tuple(_stage(facts, stage) for stage in told.stages))


def conditions_section(facts: MethodFacts) -> Section | None:
    """The enabling conditions and the actors behind them, with what could be measured of them."""
    own = [one for one in facts.findings.found if one.measure.name == "conditions"]
    if not own:
        return None
    return replace(_finding(facts, own[0]), id="conditions", title="Conditions and actors")


def values_section(facts: MethodFacts) -> Section | None:
    """Appendix: every value of every finding, and the tables too long to stand beside it."""
    if not facts.findings.found:
        return None
    parts = []
    for one in facts.findings.found:
        blocks: list[Block] = [values_block(f"{one.measure.name}-values", f"{one.measure.title}: every value",
                                            "Value of", one.finding.estimates, facts.names)]  # fmt: skip
        blocks += [block for block in _tables(facts, one) if len(block.table.rows) > LONG]
        parts.append(Section(f"values-{one.measure.name}", one.measure.title, tuple(blocks)))
    words = ("Every value that was computed. Basis: design speaks of the frame, coding of the items coded, permutation "
             "of a null, model under its assumption. From and to are the ends of the 95% interval. The CSV files hold "
             "the names by which claims cite values, all digits, and what each value speaks of.",)  # fmt: skip
    return Section("values", "Appendix: every finding's values", (Paragraph(words),), tuple(parts))


def _stage(facts: MethodFacts, stage: StageWords) -> Section:
    blocks: list[Block] = [Paragraph((stage.definition,))] if stage.definition else []
    block = _stage_profile(facts, stage)
    if block:
        blocks += [Paragraph(say("{table} says how often it was and when.", table=Reference(block.id))), block]
    claims = [claim for claim in (facts.claims.claims if facts.claims else ())
              if claim.stage == stage.id or claim.stage in stage.nested]  # fmt: skip
    if claims:
        links = listed([(Link(" ".join(claim.text.split()).rstrip("."), f"claim-{claim.id}"),) for claim in claims])
        blocks.append(Paragraph(say("Claims about it: {links}.", links=links)))
    parts = tuple(_finding(facts, one) for one in facts.findings.of_stage(stage.id))
    return Section(f"stage-{stage.id.replace('.', '-')}", stage.name, tuple(blocks), parts)


def _speaks_of(one: Found) -> Words:
    """What its values with an interval speak of: the frame only where every chance of being drawn is known."""
    estimates = [result for result in one.finding.estimates.values() if isinstance(result, Estimate)]
    frames = dict.fromkeys(result.frame.removesuffix(".") for result in estimates if result.basis == "design")
    if frames:
        return (f"Values of the basis design speak of the frame: {readable(next(iter(frames)))}.",)
    return ("These values speak of the items coded, and of no wider frame.",) if estimates else ()


def _stage_profile(facts: MethodFacts, stage: StageWords) -> TableBlock | None:
    """How often the stage was, by period, and when: from the measure of resilience, without its crossings."""
    others = {"unknown", *(group.name for group in facts.groups)}
    own = {
        name.removeprefix(f"{stage.id}: "): result
        for one in facts.findings.found if one.measure.name == "resilience"
        for name, result in one.finding.estimates.items()
        if name.startswith(f"{stage.id}: ") and "." not in (part := name.rpartition(", ")[2]) and part not in others
        or name.startswith(f"{stage.id}: ") and ", " not in name
    }  # fmt: skip
    name = f"stage-{stage.id.replace('.', '-')}"
    caption = f"{stage.name}: how often and when"
    return values_block(name, caption, "Of this stage", own, facts.names) if own else None


def _finding(facts: MethodFacts, one: Found) -> Section:
    """A finding: what it says, figure, tables, how it was made, what must not be concluded, what is behind it."""
    finding = one.finding
    mark, values = Emphasis(one.measure.question), Reference(f"table-{one.measure.name}-values")
    told = say("{question} {found} ({values})", question=mark, found=for_readers(finding.sentence), values=values)
    blocks: list[Block] = [Paragraph(join(told, _speaks_of(one)))]
    blocks += _figure(facts, one)
    if one.measure.name == "conditions" and facts.conditions:
        blocks.append(Paragraph(say("{table} lists the conditions.", table=Reference("table-conditions"))))
    tables = _tables(facts, one)
    blocks += [block for block in tables if len(block.table.rows) <= LONG]
    longer = [Reference(block.id) for block in tables if len(block.table.rows) > LONG]
    if longer:
        blocks.append(Paragraph((*listed([(reference,) for reference in longer]), ", in the appendix, shows it whole."
                                if len(longer) == 1 else ", in the appendix, show it whole.")))
    if finding.method:
        blocks.append(Paragraph((Emphasis("How: "), finding.method)))
    if finding.cautions:
        blocks.append(Note((Emphasis("Read with care. "), " ".join(finding.cautions)), caution=True))
    blocks += _plates(facts, one)
    return Section(one.id, one.measure.title, tuple(blocks))


def _plates(facts: MethodFacts, one: Found) -> list[Block]:
    """Links to the items behind a finding, and the plates of those that no earlier finding showed."""
    evidence = facts.findings.evidence
    links = evidence.links(one.shown)
    if not links:
        return []
    first = _first_shown(facts)
    own = [item for item in one.shown if first.get(item) == one.measure.name]
    more = len(one.finding.evidence) - len(one.shown)
    rest = f", and {counted(more, 'more item')}" if more > 0 else ""
    blocks: list[Block] = [Paragraph(say("{mark}{links}{rest}.", mark=Emphasis("Evidence: "), links=links, rest=rest))]
    return blocks + [plate(evidence.items[item], cited_by(facts, item)) for item in own if item in evidence.items]


def _first_shown(facts: MethodFacts) -> dict[str, str]:
    """Under which finding each item has its plate: the first that shows it."""
    first: dict[str, str] = {}
    for one in facts.findings.found:
        for item in one.shown:
            first.setdefault(item, one.measure.name)
    return first


def _figure(facts: MethodFacts, one: Found) -> list[Block]:
    finding = one.finding
    if finding.figure is None or finding.table is None:
        return []
    shown = finding.caption or f"{one.measure.title}."
    data = data_of(finding.figure) or _shown_table(facts, finding.table)
    lines = any(column.name == "low" for column in data.columns)
    caption: Words = (f"{shown} Where a mark has a line through it, the line is its 95% interval." if lines else shown,)
    described = f"{one.measure.title}: {finding.sentence}"
    return [FigureBlock(f"finding-{one.measure.name}", caption, described, finding.figure, data, finding.narrow)]


def _tables(facts: MethodFacts, one: Found) -> list[TableBlock]:
    """The finding's tables as a report may show them: items by the numbers of their plates, nobody's own words."""
    named = ([("", one.finding.table)] if one.finding.table else []) + [(f"-{name}", table) for name, table in
                                                                        one.finding.tables.items()]  # fmt: skip
    if one.measure.name == "conditions" and facts.conditions:
        named = [(name, table) for name, table in named if name]  # what is declared stands in the section on method
    return [_telling(f"finding-{one.measure.name}{name}".replace(" ", "-").replace("_", "-"), _shown_table(
                facts, _without_small(table, facts.privacy.minimum_cell) if name == "-groups" else table), table)
            for name, table in named if table.rows and not (name == "-groups" and _says_nothing(table))]  # fmt: skip


def _telling(name: str, shown: Table, own: Table) -> TableBlock:
    """A table; where a report may not show half of most rows, for they list items, only the others; the file has all.
    """
    if not any(column.kind == "item" for column in own.columns):
        return TableBlock(name, shown)
    rows = [row for row in shown.rows if 2 * sum(value is not None for value in row) >= len(row)]
    left = len(shown.rows) - len(rows)
    if 2 * left <= len(shown.rows):
        return TableBlock(name, shown)
    note = (f"{counted(left, 'row').capitalize()} of {count(len(shown.rows))} {'is' if left == 1 else 'are'} left out: "
            f"of the items in them a report shows too little. tables/{name}.csv has every row.")  # fmt: skip
    return TableBlock(name, replace(shown, rows=rows, notes=(*shown.notes, note)), shown)


def _says_nothing(table: Table) -> bool:
    """Whether a table counts nothing at all."""
    return not any(value for row in table.rows for value in row[1:])


def _without_small(table: Table, least: int) -> Table:
    """A table that counts accounts, without the cells that count too few of them."""
    rows = [tuple(None if isinstance(value, int) and 0 < value < least else value for value in row)
            for row in table.rows]  # fmt: skip
    if rows == [tuple(row) for row in table.rows]:
        return table
    return replace(table, rows=rows, notes=(*table.notes, f"Cells of fewer than {counted(least, 'account')} are left "
                                            "out."))  # fmt: skip


def _shown_table(facts: MethodFacts, table: Table) -> Table:
    kept = [place for place, column in enumerate(table.columns) if column.kind != "quoted"]
    items = facts.findings.evidence.items

    def cell(value: Value, column: Column) -> Value:
        if column.kind != "item":
            return in_words(value, facts.names) if isinstance(value, str) and column.kind == "text" else value
        return items[value].label if isinstance(value, str) and value in items else None

    rows = [tuple(cell(row[place], table.columns[place]) for place in kept) for row in table.rows]
    columns, rows = without_empty([table.columns[place] for place in kept], rows)
    return replace(table, columns=columns, rows=rows)


