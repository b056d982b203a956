"""How varied were the tributes, period by period, and when did each variant appear?

Hill numbers of order 0 (how many variants), 1 (how many common ones) and 2 (how many dominant ones) of the variants of
the code with the role `tribute`, posts and comments apart. A period with more tributes shows more variants, so periods
are compared at the coverage that all of them reach at twice their size, rarefied or extrapolated. A variant is born
with its first captured occurrence.

Sources: `kinds`, `statistics.diversity`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from resilens.measures.items import day_of_number
from resilens.measures.material import Material, missing_role, nothing_coded
from resilens.measures.registry import Measure
from resilens.measures.statistics.diversity import ORDERS, Order, hill, hill_at_coverage
from resilens.measures.variety.kinds import Kinds, difference, kinds_of, level_of, spreads_of, variety
from resilens.measures.weeks import origin_of
from resilens.results import charts
from resilens.results.tables import Column, Table, Value, day, decimal, listing, share
from resilens.results.time_axis import NARROW, WIDE
from resilens.results.types import Description, Estimate, Finding, Result, Undefined, in_unit

ROLE = "tribute"


class Birth(NamedTuple):
    """A variant's code, the day of its first captured occurrence (days since 1970), that item, and how many have it."""

    code: str
    day: int
    item: str
    items: int


def compute(material: Material) -> Finding:
    """The finding; see the module."""
    tribute = material.codes_of_role(ROLE)
    variants = _variants(material, tribute)
    if refused := _refused(material, tribute, variants):
        return Finding("variety", {"tribute variants": refused}, sentence=f"Variety of tributes: {refused.reason}.")
    kinds = [one for unit, items in material.units() for one in kinds_of(material, unit, items, tribute, variants)]
    levels = {unit: level_of([one for one in kinds if one.unit == unit]) for unit, _ in material.units()}
    estimates = _estimates(kinds, levels, material.estimating.seed)
    births, born = _births(material, variants)
    unit = next((unit for unit, level in levels.items() if level), next(iter(levels)))
    shown, level = [one for one in kinds if one.unit == unit], levels[unit]
    at = f", at a coverage of {share(level)}" if level else ""
    return Finding(
        "variety", estimates | births, _table(kinds, levels, estimates), _figure(material, shown, estimates, WIDE),
        tuple(birth.item for birth in born), _method(levels), _sentence(material, shown, estimates, born),
        f"Effective number of tribute variants among {unit}, by period{at}. {material.design_caption}".strip(),
        ("The first captured occurrence of a variant is not its first: what was removed before the first capture, and "
         "what was not searched for, cannot be seen.",
         "Where a hashtag of the frame names a variant, the frame itself favours it.",
         "Intervals of variety are somewhat short: in simulation nominal 95% covered 87 to 95%."),
        {"counts": _counts_table(material, kinds, variants), "births": _births_table(material, born)},
        _figure(material, shown, estimates, NARROW),
    )  # fmt: skip


def _variants(material: Material, tribute: Sequence[str]) -> list[str]:
    """The codes directly beneath the topmost ones with the role."""
    parent = {code: material.codebook.code(code).parent for code in tribute}
    return [code for code in tribute if parent[code] in parent and parent[parent[code]] not in parent]


def _refused(material: Material, tribute: Sequence[str], variants: Sequence[str]) -> Undefined | None:
    if not tribute:
        return missing_role(ROLE)
    if not variants:
        return Undefined("the code of tributes has no variants; nest a code in it for each")
    if nothing := nothing_coded(material):
        return nothing
    if not material.periods:
        return Undefined("the items read are of one day or of unknown times, and the study declares no two phases, so "
                         "there are no periods to compare")  # fmt: skip
    return None


def _name(order: Order, of: str) -> str:
    return f"tribute variants: q = {order} of {of}"


def _estimates(kinds: Sequence[Kinds], levels: Mapping[str, float | None], seed: int) -> dict[str, Result]:
    """The variety of every period, and of the last that has enough minus the first."""
    found: dict[str, Result] = {}
    for unit, level in levels.items():
        own = [one for one in kinds if one.unit == unit]
        spreads = {one.name: spreads_of(one, level, seed) for one in own if one.enough and level}
        for one in own:
            for order in ORDERS:
                found[_name(order, one.name)] = variety(one, order, level, spreads.get(one.name, {}))
        ends = [one for one in own if one.enough]
        if len(ends) > 1 and level:
            first, last = ends[0], ends[-1]
            for order in ORDERS:
                both = (spreads[first.name], spreads[last.name])
                name = _name(order, f"{unit}, {last.period} minus {first.period}")
                found[name] = difference(first, last, order, level, both)
    return in_unit(found, "variants")


def _births(material: Material, variants: Sequence[str]) -> tuple[dict[str, Result], list[Birth]]:
    """The first captured occurrence of each variant, in days after the origin, and the births in their order."""
    origin, words = origin_of(material)
    items = material.items
    found: dict[str, Result] = {}
    born = []
    for code in variants:
        there = material.marks(items, material.with_nested(code)).there
        places = np.flatnonzero(there & items.dated)
        name = f"{code}: first captured"
        if not places.size:
            found[name] = Undefined(f"{material.name(code)} was found in no dated item")
            continue
        first = min(places, key=lambda place: (items.at[place], items.item_id[place]))
        birth = Birth(code, int(items.day[first]), str(items.item_id[first]), int(there.sum()))
        born.append(birth)
        found[name] = Description(float(birth.day - origin), birth.items, f"the items coded; from {words}", "days")
    return found, sorted(born, key=lambda birth: (birth.day, birth.item, birth.code))


def _births_table(material: Material, born: Sequence[Birth]) -> Table:
    columns = (Column("variant", "Variant"), Column("day", "First captured", "date"), Column("item", "Item", "item"),
               Column("items", "Items", "count"))  # fmt: skip
    rows = [(material.name(birth.code), day_of_number(birth.day), birth.item, birth.items) for birth in born]
    return Table("The first captured occurrence of each variant", columns, rows)


def _table(kinds: Sequence[Kinds], levels: Mapping[str, float | None], estimates: Mapping[str, Result]) -> Table:
    columns = (
        Column("unit", "Of"), Column("period", "Period"), Column("order", "q", "count"),
        Column("observed", "Observed", "decimal"), Column("value", "At equal coverage", "decimal"),
        Column("low", "From", "decimal"), Column("high", "To", "decimal"), Column("coverage", "Coverage", "share"),
        Column("size", "Size", "decimal"), Column("method", "Method"), Column("occurrences", "Occurrences", "count"),
        Column("threads", "Threads", "count"), Column("note", "Note"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for one in kinds:
        for order in ORDERS:
            result, level = estimates[_name(order, one.name)], levels[one.unit]
            observed = hill(one.counts, order) if one.n > 1 else None
            told: tuple[Value, ...] = (None,) * 6
            if level is not None and not isinstance(result, Undefined):
                at = hill_at_coverage(one.counts, order, level)
                ends = (result.low, result.high) if isinstance(result, Estimate) else (None, None)
                told = (result.value, *ends, level, at.size, at.method)
            note = result.reason if isinstance(result, Undefined) else None
            rows.append((one.unit, one.period, order, observed, *told, one.n, len(one.by_thread), note))
    return Table("Variety of tributes: Hill numbers of their variants", columns, rows)


def _counts_table(material: Material, kinds: Sequence[Kinds], variants: Sequence[str]) -> Table:
    columns = (Column("unit", "Of"), Column("period", "Period"),
               *(Column(code, material.name(code), "count") for code in variants),
               Column("tributes", "All tributes", "count"))  # fmt: skip
    rows = [(one.unit, one.period, *one.counts.tolist(), one.whole) for one in kinds]
    notes = ["An item with two variants counts under each; a tribute may have none."]
    return Table("How often each variant was coded", columns, rows, notes)


def _figure(material: Material, kinds: Sequence[Kinds], estimates: Mapping[str, Result], width: int) -> Any:
    rows = []
    for one in kinds:
        for order in ORDERS:
            result = estimates[_name(order, one.name)]
            if not isinstance(result, Undefined):
                ends = (result.low, result.high) if isinstance(result, Estimate) else (None, None)
                rows.append(charts.Dot(one.period, f"q = {order}", result.value, *ends))
    if not rows:
        return None
    return charts.dots(rows, title="Effective number of variants", kind="decimal", width=width,
                       synthetic=material.study.study.synthetic)  # fmt: skip


def _method(levels: Mapping[str, float | None]) -> str:
    at = listing([f"{share(level)} for {unit}" for unit, level in levels.items() if level])
    words = ("The variety of tributes is given by Hill numbers of order 0, 1 and 2 of their coded variants, unweighted,"
             " posts and comments apart.")  # fmt: skip
    if at:
        words += (f" Periods are compared at equal sample coverage ({at}), rarefied or extrapolated to at most twice "
                  "their size (Chao and Jost 2012; Chao et al. 2014).")  # fmt: skip
    return words


def _sentence(
    material: Material, kinds: Sequence[Kinds], estimates: Mapping[str, Result], born: Sequence[Birth]
) -> str:
    parts = []
    for one in kinds:
        result = estimates[_name(1, one.name)]
        if isinstance(result, Estimate):
            ends = f"{result.level:.0%} interval {decimal(result.low, 1)} to {decimal(result.high, 1)}"
            parts.append(f"{decimal(result.value, 1)} in {one.period} ({ends})")
        elif isinstance(result, Description):
            parts.append(f"{decimal(result.value, 1)} in {one.period} (too few threads for an interval)")
    said = ["Too few tributes with a variant were coded to compare periods."]
    if parts:
        said = [f"At equal coverage, tributes among {kinds[0].unit} were as varied as so many equally common variants: "
                f"{listing(parts)}."]  # fmt: skip
    if born:
        dated = [f"{material.name(birth.code)} on {day(day_of_number(birth.day))}" for birth in born[:3]]
        said.append(f"First captured: {listing(dated)}.")
    return " ".join(said)


MEASURE = Measure(
    "variety", "Variety of tributes",
    "How varied were the tributes, period by period, and when did each variant appear?", compute,
    stage="stage.absorption",
)  # fmt: skip
