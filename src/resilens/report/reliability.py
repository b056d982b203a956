"""How reliable are the codes, and was enough read? Agreement before consensus, saturation, the limits of each."""

from __future__ import annotations

from dataclasses import replace

from resilens.agreement.disagreements import confusion_table
from resilens.agreement.saturation.figure import growth_data, growth_figure
from resilens.agreement.saturation.sentences import saturation_parts
from resilens.agreement.saturation.study import StudySaturation
from resilens.agreement.sentences import sentences
from resilens.agreement.study_results import StudyAgreement
from resilens.agreement.study_tables import by_table, code_table, facet_table, machine_table, pair_table
from resilens.report.method_facts import MethodFacts
from resilens.report.model import (
    Block,
    Emphasis,
    FigureBlock,
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
from resilens.results import time_axis
from resilens.results.tables import Table, count

CONFUSIONS = 10
"""How many pairs of confused codes the report shows."""


SATURATION = {
    "lists": "coverage and expected numbers",
    "rules": "the rule with its customary numbers",
    "batches": "what each batch of threads brought",
    "parts": "the same by stage, hashtag, language, and group",
    "codes": "every code in use with the last edit of its meaning",
}
"""What each table of saturation shows."""


def reliability_section(facts: MethodFacts) -> Section | None:
    """Agreement and saturation; None where nothing was coded, or all of it came from machines."""
    parts = []
    if facts.agreement and (facts.agreement.judged.given or facts.agreement.judged.blind):
        parts.append(_agreement(facts.agreement))
    if facts.saturation and facts.saturation.reading.threads:
        parts.append(_saturation(facts.saturation, facts.synthetic))
    return Section("reliability", "Reliability and saturation", (), tuple(parts)) if parts else None


def _agreement(found: StudyAgreement) -> Section:
    blocks: list[Block] = []
    if found.codes:
        mark = Emphasis("Before consensus.")
        blocks.append(Note(say("{mark} Only codings of independent rounds count, as they were before anything was "
                               "settled. A coefficient grades nothing by itself: read it with what stands beside it.",
                               mark=mark)))  # fmt: skip
    tables, struck = _agreement_tables(found), found.paradoxes
    said = [sentence for sentence in sentences(found) if sentence not in struck]
    blocks.append(Paragraph(join((" ".join(said),), _where(tables))))
    if struck:
        blocks.append(Paragraph((" ".join(struck),)))
    return Section("reliability-agreement", "Agreement between coders", (*blocks, *tables.values()))


def _agreement_tables(found: StudyAgreement) -> dict[str, TableBlock]:
    """The tables that there are, each by what it shows."""
    tables = {"each code": TableBlock("agreement-codes", _arranged(code_table(found))),
              "each facet": TableBlock("agreement-facets", _arranged(facet_table(found)))}  # fmt: skip
    if found.pairs:
        tables["each two coders"] = TableBlock("agreement-pairs", _arranged(pair_table(found)))
    for name, lines in found.by.items():
        if len({line.label for line in lines}) > 1:
            tables[f"agreement by {name}"] = TableBlock(f"agreement-by-{name}", _arranged(by_table(found, name)))
    if found.confusions:
        confusions = confusion_table(found.confusions, lambda name: found.names.get(name, name), CONFUSIONS, False)
        tables["codes overlooked or taken for each other"] = TableBlock("confusions", confusions)
    if found.machines:
        table = _arranged(machine_table(found))
        tables["machines, apart from everything else"] = TableBlock("agreement-machines", table)
    return {name: block for name, block in tables.items() if block.table.rows}


def _arranged(table: Table) -> Table:
    """What must be seen beside alpha stands next to it; how often the draws fell below the lines comes after."""
    later = [place for place, column in enumerate(table.columns) if column.name.startswith("below_")]
    later += [place for place, column in enumerate(table.columns) if column.name in ("items", "threads")]
    order = [place for place in range(len(table.columns)) if place not in later] + later
    return replace(table, columns=[table.columns[place] for place in order],
                   rows=[[row[place] for place in order] for row in table.rows])  # fmt: skip


def _where(tables: dict[str, TableBlock]) -> Words:
    """Which table shows what."""
    if not tables:
        return ()
    entries = [say("{table} shows {what}", table=Reference(block.id), what=name) for name, block in tables.items()]
    return (*listed(entries), ".")


def _saturation(found: StudySaturation, synthetic: bool) -> Section:
    tables = {SATURATION[name]: TableBlock(f"saturation-{name}", table) for name, table in found.tables().items()}
    shown = join(say("{figure} shows the growth.", figure=Reference("figure-saturation")), _where(tables))
    blocks: list[Block] = []
    if found.caution and found.emergent:
        mark = Emphasis("Of the threads coded only.")
        blocks.append(Note(say("{mark} Nothing here is claimed of a wider frame: {why}.", mark=mark,
                               why=found.caution), caution=True))  # fmt: skip
    blocks += [Paragraph((" ".join(part),)) for part in saturation_parts(found)]
    blocks += [Paragraph(shown), _figure(found, synthetic), *tables.values()]
    return Section("reliability-saturation", "Saturation", tuple(blocks))


def _figure(found: StudySaturation, synthetic: bool) -> FigureBlock:
    """The growth of the two lists, with the numbers behind it."""
    codes, pairs = found.shown
    what = "Emergent codes" if found.emergent else "Codes of the framework, by first use,"
    orders = f"{count(codes.curve.orders)} random orders of the threads (seed {codes.curve.seed})"
    limits = "It describes the threads coded."
    if not found.emergent:
        limits = "It describes first use: codes that were there before the first thread tell nothing of saturation."
    caption = (f"{what} and code-stage pairs found by the time so many threads were read. Solid: in coding order; "
               f"dashed: the mean of {orders}; shaded: what the middle {codes.curve.level:.0%} of them keep to. "
               f"{limits}",)  # fmt: skip
    described = (f"Two rising curves over {len(found.reading.threads)} threads: {len(codes.incidence.codes)} codes, "
                 f"the last in thread {codes.last_new_at}, and {len(pairs.incidence.codes)} pairs, the last in thread "
                 f"{pairs.last_new_at}.")  # fmt: skip
    wide, narrow = (growth_figure(found.shown, synthetic=synthetic, width=width)
                    for width in (time_axis.WIDE, time_axis.NARROW))  # fmt: skip
    return FigureBlock("saturation", caption, described, wide, growth_data(found.shown), narrow)
