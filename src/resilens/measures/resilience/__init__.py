"""How was resilience built: when was each stage, what went with it, and how did welcome, civility, reciprocity, return
move?

Stages are codes, judged by a person (`stages`): onset, centre and spread of their weekly shares, their order, and the
share of each practice's and each group's items that are of each stage. Components (`components`) stand side by side,
early, late and change. There is no index.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from resilens.measures.happenings import moments, phases
from resilens.measures.items import day_of_number
from resilens.measures.material import Material, nothing_coded
from resilens.measures.registry import Measure
from resilens.measures.resilience.components import Component, components
from resilens.measures.resilience.stages import FACET, Wanted, times, top_codes, with_groups, with_practices
from resilens.measures.resilience.words import (
    cautions,
    component_table,
    cross_table,
    definitions_table,
    method,
    sentence,
    stage_table,
)
from resilens.measures.shares import ends_of, estimates, evidence, share_table, shares
from resilens.measures.weeks import origin_of, weekly_points, weeks_table
from resilens.results import charts, time_axis
from resilens.results.figures import DayCount, caption_key
from resilens.results.stacked import stacked
from resilens.results.types import Finding, Result, Undefined


def compute(material: Material) -> Finding:
    """The finding; see the module."""
    if reason := nothing_coded(material):
        return Finding("resilience", {"resilience": reason}, sentence=f"{reason.reason[0].upper()}{reason.reason[1:]}.")
    wanted, origin = top_codes(material, FACET), origin_of(material)[1]
    when, order = times(material, wanted)
    parts, practices, groups = shares(material, wanted), with_practices(material, wanted), with_groups(material, wanted)
    moved = components(material)
    found: dict[str, Result] = {} if wanted else {
        "stages": Undefined(f"the codebook has no facet {FACET!r}; stages are its codes")}  # fmt: skip
    for one in when:
        found |= one.when.named(one.key, one.unit)
    found |= order | estimates([*parts, *practices, *groups])
    for component in moved:
        found |= component.named()
    tables = {"components": component_table(material, moved)}
    if wanted:
        tables |= {
            "practices": cross_table(material, wanted, practices, "practice"),
            "groups_by_stage": cross_table(material, wanted, groups, "group"),
            "definitions": definitions_table(material, wanted, practices),
            "periods": share_table("Stages by period", parts),
            "weeks": weeks_table(material),
        }
    wide, narrow = (_figure(material, wanted, moved, width) for width in (time_axis.WIDE, time_axis.NARROW))
    return Finding(
        "resilience", found, stage_table(material, wanted, when, origin) if wanted else tables.pop("components"), wide,
        evidence(material, [codes for _, codes in wanted.values()]), method(origin),
        sentence(wanted, when, order, moved, origin),
        _caption(material, wanted), cautions(material), {**tables, "groups": material.group_check}, narrow,
    )  # fmt: skip


def _figure(material: Material, wanted: Wanted, moved: Sequence[Component], width: int) -> dict[str, Any] | None:
    """Weekly shares of the stages, and under them the components."""
    look: dict[str, Any] = {"phases": phases(material.study), "moments": moments(material.study), "width": width,
                            "span": _span(material)}  # fmt: skip
    unit, _ = material.units()[-1]
    series = dict(_stage_points(material, wanted))
    own = [(f"Share of {unit} by stage", series), ("Components", {one.label: list(one.weekly) for one in moved})]
    figures: list[dict[str, Any]] = []
    for title, lines in own:
        points = [charts.Point(label, day_of_number(day), *ends) for label, weekly in lines.items()
                  for day, result in weekly if (ends := ends_of(result)) is not None]  # fmt: skip
        if points:
            synthetic = material.study.study.synthetic and not figures
            figures.append(charts.curves(points, title=title, synthetic=synthetic, **look))
    return stacked(figures) if figures else None


def _span(material: Material) -> list[date]:
    """The first and the last day of the items shown."""
    _, items = material.units()[-1]
    known = items.day[items.dated]
    return [day_of_number(int(day)) for day in (known.min(), known.max())] if len(known) else []


def _stage_points(material: Material, wanted: Wanted) -> list[tuple[str, list[tuple[int, Result]]]]:
    """The share of each stage in spans of weeks, of comments, or of posts where no comment was read."""
    _, items = material.units()[-1]
    return [(label, weekly_points(material, items, material.marks(items, codes)))
            for label, codes in wanted.values()]  # fmt: skip


def _caption(material: Material, wanted: Wanted) -> str:
    unit, _ = material.units()[-1]
    said = []
    if wanted:
        said.append(f"Above, the share of the {unit} read that are of each stage; below, ")
    said.append("each component of resilience on its own: a tribute welcomed within 24 hours, an item that is not "
                "hostile, reciprocity of replies a head, and an author seen again within 28 days. By weeks, taken "
                "together where a week has under ten threads.")  # fmt: skip
    days = [DayCount("", day, 0) for day in _span(material)]
    key = caption_key(days, phases(material.study), moments(material.study))
    words = "".join(said)
    return " ".join(part for part in (words[0].upper() + words[1:], key, material.design_caption) if part)


MEASURE = Measure(
    "resilience", "The stage profile",
    "How was resilience built: when was each stage, what went with it, and how did its components move?", compute,
    uses=("codings", "groups"),
)  # fmt: skip
