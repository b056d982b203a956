"""Which practices were there, how often, when, and in which order?

Shares are of the items read, posts and comments apart: sum w y / sum w, w = 1 / π where known. Onset, centre and spread
(see `weeks`) are in days after the event. Order of a before b is P(t_a < t_b) + ½ P(t_a = t_b). Concentration is the
part of a practice's weighted occurrences that falls in a period, beside the same part of all items read.
"""

from __future__ import annotations

from collections.abc import Mapping

from resilens.measures.items import Items, Marks
from resilens.measures.material import Material, nothing_coded
from resilens.measures.registry import Measure
from resilens.measures.shares import ALL, Share, estimates, evidence, share_figure, share_table, shares
from resilens.measures.weeks import COARSE, DATING, before, codes_first, origin_of, timing, weeks_table
from resilens.results.tables import Column, Table, Value
from resilens.results.told import told_share
from resilens.results.types import Estimate, Finding, Result, Undefined, in_unit

FACET = "practice"
MINIMUM = 5
"""Items that a practice needs before its time or its place in an order is computed."""


def compute(material: Material) -> Finding:
    """The finding; see the module."""
    codes = [code for code in material.codes_of_facet(FACET) if not code.parent]
    reason = nothing_coded(material)
    if not codes:
        reason = Undefined(f"the codebook has no facet {FACET!r}; practices are its codes")
    if reason:
        return Finding("practices", {"practices": reason}, sentence=f"Practices: {reason.reason}.")
    wanted = {code.id: (code.name, material.with_nested(code.id)) for code in codes}
    variants = {code.id: (code.name, material.with_nested(code.id)) for code in material.codes_of_facet(FACET)
                if code.parent}  # fmt: skip
    found = shares(material, wanted | variants)
    top = [one for one in found if one.key in wanted]
    unit = material.units()[0][0]
    timed, rows = _timed(material, wanted)
    origin = origin_of(material)[1]
    tables = {"timing": _timing_table(rows, origin), "weeks": weeks_table(material)} if rows else {}
    wide, narrow = share_figure([one for one in top if one.part != ALL or not material.periods], unit,
                                material.study.study.synthetic)  # fmt: skip
    return Finding(
        "practices", estimates(found) | timed, share_table("Practices by period", found), wide,
        evidence(material, [codes for _, codes in wanted.values()]), _method(origin), _sentence(top, unit),
        f"Share of {unit} that show a practice, by period. {material.design_caption}".strip(),
        cautions=(COARSE,) if rows else (), tables=tables, narrow=narrow,
    )  # fmt: skip


def _timed(
    material: Material, wanted: Mapping[str, tuple[str, tuple[str, ...]]]
) -> tuple[dict[str, Result], list[list[Value]]]:
    """When each practice was, which came before which, and how it is concentrated; posts and comments apart."""
    results: dict[str, Result] = {}
    rows: list[list[Value]] = []
    origin, _ = origin_of(material)
    for unit, items in material.units():
        dated = items.select(items.dated)
        marks = {key: material.marks(dated, codes) for key, (_, codes) in wanted.items()}
        often = [key for key in wanted if marks[key].there.sum() >= MINIMUM]
        for key in often:
            when = timing(material, dated, marks[key], origin, wanted[key][0])
            results |= when.named(key, unit)
            rows.append([wanted[key][0], unit, *_days(when.onset), *_days(when.centre), *_days(when.spread)])
            results |= in_unit(_concentration(material, dated, marks[key], key, unit), "share")
        for one, other in codes_first(often):
            words = f"{wanted[one][0]} and {wanted[other][0]}"
            order = before(material, dated, marks[one], marks[other], words)
            results |= in_unit({f"{one} before {other}, {unit}": order}, "chance")
    return results, rows


def _concentration(material: Material, items: Items, marks: Marks, key: str, unit: str) -> dict[str, Result]:
    """Which part of a practice's occurrences falls into each period, beside the same of all dated items read."""
    found: dict[str, Result] = {}
    own = items.select(marks.there)
    for place, period in enumerate(material.periods):
        found[f"{key}: part of its {unit} in {period.name}"] = material.estimating.share(own, own.period == place)
        found[f"all {unit}: part in {period.name}"] = material.estimating.share(items, items.period == place)
    return found


def _days(result: Result) -> list[Value]:
    if isinstance(result, Undefined):
        return [None, None, None]
    ends = (result.low, result.high) if isinstance(result, Estimate) else (None, None)
    return [result.value, *ends]


def _timing_table(rows: list[list[Value]], origin: str) -> Table:
    columns = [Column("practice", "Practice"), Column("unit", "Of")]
    for what in ("Onset", "Centre", "Spread"):
        columns += [Column(what.lower(), what, "decimal"), Column(f"{what.lower()}_low", "From", "decimal"),
                    Column(f"{what.lower()}_high", "To", "decimal")]  # fmt: skip
    return Table(f"When practices were, in days after {origin}", columns, rows)


def _method(origin: str) -> str:
    return (
        "A practice's share is that of the items read which show it, posts and comments apart. Its onset, centre and "
        "spread are the days by which 5%, half, and the middle half of its weekly shares had accumulated (shares, not "
        f"counts, which would only retell the surge), counted from {origin}. {DATING}."
    )


def _sentence(found: list[Share], unit: str) -> str:
    """The commonest practices among one unit, with their intervals where there are any."""
    ranked = sorted((one for one in found if one.unit == unit and one.part == ALL
                     and not isinstance(one.result, Undefined) and one.result.value > 0),
                    key=lambda one: (-_value(one.result), one.key))[:3]  # fmt: skip
    if not ranked:
        return f"No practice was found in the {unit} read."
    parts = [f"{one.label} in {told_share(one.result, unit.removesuffix('s'))}" for one in ranked]
    return f"Among the {unit} read, the commonest practices were {'; '.join(parts)}."


def _value(result: Result) -> float:
    return 0.0 if isinstance(result, Undefined) else result.value


MEASURE = Measure("practices", "Practices", "Which practices were there, how often, when, and in which order?", compute)
