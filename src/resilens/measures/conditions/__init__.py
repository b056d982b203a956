"""Under which conditions did it happen, and did what was captured shift when one began?

Conditions are declared in the study file: who is behind each, of what kind it is, from when to when, from which source.
Where one has a first day, captured posts a day before and after it are compared (`shifts`): by a model where nothing
else is known to have happened around, else as a description. A jump is of whatever happened on that day: the condition
is not thereby its cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from resilens.measures.attention.daily import Series, captured
from resilens.measures.conditions import shifts
from resilens.measures.happenings import phases, turning_days
from resilens.measures.material import Material
from resilens.measures.registry import Measure
from resilens.results.figures import DayCount, caption_key
from resilens.results.tables import Column, Table, Value, counted, day, decimal, listing
from resilens.results.time_axis import NARROW, WIDE, Moment
from resilens.results.timeline import Bar, timeline
from resilens.results.types import Description, Estimate, Finding, Result, Undefined


def compute(material: Material) -> Finding:
    """The finding; see the module."""
    declared = material.study.conditions
    if not declared:
        reason = Undefined("the study declares no condition; write [[condition]] entries in study.toml")
        return Finding("conditions", {"conditions": reason}, sentence=f"Conditions: {reason.reason}.")
    series = {one.name: one for one in captured(material)}
    found = {one.name: shifts.results(material.study, one.start, series) for one in declared}
    estimates = {f"{name}: {what}": result for name, own in found.items() for what, result in own.items()}
    shown = _days_shown(material, list(series.values()))
    wide, narrow = (_figure(material, shown, width) if shown else None for width in (WIDE, NARROW))
    return Finding(
        "conditions", estimates, _table(material), wide, (), _method(), _sentence(material, found),
        _caption(material, shown),
        ("That something shifted on the day a condition began does not show that the condition shifted it.",
         "Conditions are those the researchers declared; others may have been at work."),
        {"shifts": _shift_table(found)}, narrow,
    )  # fmt: skip


def _table(material: Material) -> Table:
    columns = (
        Column("condition", "Condition"), Column("actor", "Actor"), Column("kind", "Kind"),
        Column("start", "From", "date"), Column("end", "To", "date"), Column("stage", "Stage"),
        Column("sources", "Sources"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (one.name, one.actor, one.kind, one.start, one.end, material.name(one.stage) if one.stage else None,
         "; ".join(one.sources) or None) for one in material.study.conditions
    ]  # fmt: skip
    return Table("Conditions, as the study declares them", columns, rows)


def _shift_table(found: Mapping[str, Mapping[str, Result]]) -> Table:
    """What is known of shifts, a row each; of what is not known, why, said once beneath."""
    columns = (
        Column("condition", "Condition"), Column("what", "What"), Column("value", "Value", "decimal"),
        Column("low", "95% CI from", "decimal"), Column("high", "to", "decimal"), Column("posts", "Items", "count"),
        Column("of", "Of"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    reasons: dict[str, dict[str, None]] = {}
    for name, own in found.items():
        for what, result in own.items():
            if isinstance(result, Undefined):
                reasons.setdefault(result.reason, {})[name] = None
            elif isinstance(result, Description):
                rows.append((name, what, result.value, None, None, result.n, result.frame))
            else:
                rows.append((name, what, result.value, result.low, result.high, result.n_items, result.design))
    notes = [f"No value of {listing(list(names))}: {reason}." for reason, names in reasons.items()]
    return Table("What was captured before and after conditions began", columns, rows, notes)


def _days_shown(material: Material, series: Sequence[Series]) -> tuple[date, date] | None:
    """The days of the series; without any, those of milestones and conditions."""
    days = [when for one in series for when in (one.first, one.last)] or list(turning_days(material.study))
    if not days:
        return None
    first, last = min(days), max(days)
    return first, max(last, first + timedelta(days=1))


def _milestones(material: Material) -> list[Moment]:
    event = material.study.event
    return [Moment(one.name, one.date) for one in (event.milestones if event else ())]


def _figure(material: Material, shown: tuple[date, date], width: int) -> dict[str, Any]:
    bars = [Bar(one.name if width == NARROW else f"{one.name} ({one.actor}, {one.kind})", one.start, one.end)
            for one in material.study.conditions]  # fmt: skip
    return timeline(bars, *shown, phases=phases(material.study), moments=_milestones(material), width=width,
                    synthetic=material.study.study.synthetic)  # fmt: skip


def _caption(material: Material, shown: tuple[date, date] | None) -> str:
    if shown is None:
        return ""
    key = caption_key([DayCount("", when, 0) for when in shown], phases(material.study), _milestones(material))
    words = "Conditions as the study declares them; an arrow: it goes on beyond; dashed: not dated."
    return f"{words} {key}".strip()


def _method() -> str:
    return (
        "Where a declared condition has a first day and at least 14 days on each side hold no other milestone or "
        "condition, captured posts a day were modelled by segmented regression with autoregressive errors, averaged "
        "over their autocorrelation (up to 28 days a side), and the jump compared with placebo dates of equal length; "
        "else the means of up to seven days before and after are described. Comments of one thread come together, so "
        "comments are only described."
    )


def _sentence(material: Material, found: Mapping[str, Mapping[str, Result]]) -> str:
    declared = material.study.conditions
    actors = [one.actor for one in declared]
    by_actor = listing([f"{actor} ({actors.count(actor)})" for actor in dict.fromkeys(actors)])
    number = counted(len(declared), "condition")
    said = [f"{number[0].upper()}{number[1:]} {'is' if len(declared) == 1 else 'are'} declared, by actor: {by_actor}."]
    for one in declared:
        jump = found[one.name][shifts.JUMP]
        if isinstance(jump, Estimate) and one.start:
            ends = f"{jump.level:.0%} interval {decimal(jump.low, 1)} to {decimal(jump.high, 1)}"
            said.append(f"When {one.name} began ({day(one.start)}), captured posts a day jumped by "
                        f"{decimal(jump.value, 1)} ({ends}).")  # fmt: skip
    if len(said) == 1:
        undated = sum(one.start is None for one in declared)
        unknown = f": of {counted(undated, 'condition')} no first day is known" if undated else ""
        said.append(f"None began on a day with enough undisturbed days around it for a model{unknown}.")
    return " ".join(said)


MEASURE = Measure(
    "conditions", "Conditions",
    "Under which conditions did it happen, and did what was captured shift when one began?", compute,
)  # fmt: skip
