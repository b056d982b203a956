"""Which tables show saturation: the lists, the rule's numbers, batches of threads, parts of the corpus, categories?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from resilens.agreement.saturation.growth import Growth
from resilens.agreement.saturation.study import Split, StudySaturation
from resilens.results.tables import Column, Table, Value, without_empty
from resilens.results.types import Estimate, Result, Undefined


def lists_table(found: StudySaturation) -> Table:
    """The lists of codes and pairs with what was found rarely, coverage and Chao2; of emergent ones only."""
    columns = (
        Column("list", "List"), Column("found", "Found", "count"), Column("in_one", "In one thread", "count"),
        Column("in_two", "In two threads", "count"), Column("last_new", "Last new in thread", "count"),
        Column("coverage", "Coverage", "share"), Column("chao2", "Chao2", "decimal"),
        Column("low", "95% CI from", "decimal"), Column("high", "to", "decimal"),
    )  # fmt: skip
    rows = [(growth.of, len(growth.incidence.codes), *_rare(growth), growth.last_new_at or None,
             _value(growth.coverage), _value(growth.richness), *_ends(growth.richness))
            for growth in (found.codes, found.pairs) if isinstance(growth, Growth)]  # fmt: skip
    notes = ["Chao2 is a lower bound of how many there are."]
    if found.caution:
        notes.append(f"No interval: {found.caution}.")
    kept, values = without_empty(columns, rows) if rows else (columns, rows)
    return Table("Coverage and expected number of emergent codes", kept, values, notes)


def rules_table(found: StudySaturation) -> Table:
    """Guest, Namey & Chen's rule with each of its customary numbers."""
    columns = (
        Column("list", "List"), Column("base", "Base", "count"), Column("run", "Run", "count"),
        Column("threshold", "Threshold", "share"), Column("base_codes", "New in the base", "count"),
        Column("reached", "Reached at"), Column("why_not", "Why not"),
    )  # fmt: skip
    rows = [
        (growth.of, one.base, one.run, one.threshold, one.base_codes, one.label or None,
         one.reached.reason if isinstance(one.reached, Undefined) else None)
        for growth in (found.codes, found.pairs) if isinstance(growth, Growth) for one in growth.guest
    ]  # fmt: skip
    kept, values = without_empty(columns, rows) if rows else (columns, rows)
    return Table("Saturation by the rule of Guest, Namey and Chen (2020), in coding order", kept, values)


def batches_table(found: StudySaturation) -> Table:
    """What each batch of threads brought, in coding order."""
    new = "New codes" if found.emergent else "Codes first applied"
    columns = (
        Column("from", "From thread", "count"), Column("to", "To thread", "count"), Column("new_codes", new, "count"),
        Column("codes", "Codes so far", "count"), Column("new_pairs", "New code-stage pairs", "count"),
    )  # fmt: skip
    rows = [(row["first"], row["last"], row["new_codes"], row["codes"], row["new_pairs"]) for row in found.batches()]
    return Table(f"{new} by batch of {found.settings.batch} threads, in coding order", columns, rows)


def splits_table(found: StudySaturation) -> Table:
    """The growth by stage, hashtag, language and group."""
    columns = (
        Column("by", "By"), Column("part", "Part"), Column("threads", "Threads", "count"),
        Column("codes", "Codes", "count"), Column("in_one", "In one thread", "count"),
        Column("last_new", "Last new in thread", "count"),
        *([Column("reached", "Rule reached at"), Column("coverage", "Coverage", "share")] if found.emergent else []),
    )  # fmt: skip
    names = {one.code: one.name for one in found.categories}
    rows: list[tuple[Value, ...]] = []
    for one in found.splits:
        growth = one.growth
        own = (growth.guest[0].label or None, _value(growth.coverage)) if found.emergent else ()
        rows.append((one.by, _part(one, names),
                     len(growth.incidence.threads), len(growth.incidence.codes), _rare(growth)[0],
                     growth.last_new_at or None, *own))  # fmt: skip
    notes = ["A thread counts in every part that one of its items belongs to; threads are counted within the part."]
    return Table(f"{_what(found)} by part of what was coded", columns, rows, notes)


def categories_table(found: StudySaturation) -> Table:
    """Every code in use: when it appeared, when its meaning was last edited, and what the researchers state of it."""
    columns = (
        Column("code", "Code"), Column("origin", "Came with"),
        Column("threads", "Threads", "count"), Column("first", "First", "count"),
        Column("edited", "Edited", "count"), Column("since", "Since", "count"),
        Column("stated", "Stated saturated in meaning"), Column("facet", "Facet"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for one in found.categories:
        stated = [f"{statement.actor}, {datetime.fromisoformat(statement.at).date().isoformat()}"
                  for statement in one.statements]  # fmt: skip
        words = "; ".join(stated) + (" (edited since)" if one.overtaken else "")
        rows.append((one.name, f"version {one.created}" if one.emergent else "framework", one.threads,
                     one.first, one.edited, one.since, words or None, one.facet))  # fmt: skip
    kept, values = without_empty(columns, rows) if rows else (columns, rows)
    notes = ["First: the thread, in coding order, in which the code first appeared; Edited: the version of the "
             "codebook in which its meaning was last edited; Since: threads read since then.",
             "Whether a code's meaning is saturated is the researchers' judgement; counting cannot tell."]  # fmt: skip
    return Table("Codes in use, their first thread, and the last edit of their meaning", kept, values, notes)


def _part(one: Split, names: Mapping[str, str]) -> str:
    if one.by == "hashtag":
        return f"#{one.value}" if " " not in one.value else one.value
    return names.get(one.value, one.value) if one.by == "stage" else one.value


def _what(found: StudySaturation) -> str:
    return "Emergent codes" if found.emergent else "First use of codes"


def _rare(growth: Growth) -> tuple[int, int]:
    counts = growth.incidence.counts
    return int((counts == 1).sum()), int((counts == 2).sum())


def _value(result: Result) -> float | None:
    return None if isinstance(result, Undefined) else result.value


def _ends(result: Result) -> tuple[float | None, float | None]:
    return (result.low, result.high) if isinstance(result, Estimate) else (None, None)


__all__ = ["batches_table", "categories_table", "lists_table", "rules_table", "splits_table"]
