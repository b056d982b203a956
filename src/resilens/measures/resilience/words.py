"""What is said of the stage profile: its tables, the sentence for the paper, the method, what must not be concluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from resilens.measures.items import UNKNOWN
from resilens.measures.material import Material
from resilens.measures.resilience.components import Component
from resilens.measures.resilience.stages import ENOUGH, FACET, Stage, Wanted, any_of
from resilens.measures.shares import Share, ends_of, why_no_interval
from resilens.measures.weeks import COARSE, DATING, codes_first
from resilens.results.tables import Column, Table, Value, decimal, listing, share
from resilens.results.types import Description, Estimate, Result, Undefined

NONE = "no one stage"
UNORDERED = "The order of the stages is not established"
EVEN = 0.5
"""The chance that one comes before the other where neither does."""


def stage_table(material: Material, wanted: Wanted, when: Sequence[Stage], origin: str) -> Table:
    """When each stage was, posts and comments apart."""
    rows: list[list[Value]] = []
    for one in when:
        parts = (one.when.onset, one.when.centre, one.when.spread)
        rows.append([wanted[one.key][0], one.unit, one.items, *(end for part in parts for end in _ends(part)),
                     _why(parts)])  # fmt: skip
    columns = [Column("stage", "Stage"), Column("unit", "Of"), Column("items", "Items", "count")]
    for what in ("Onset", "Centre", "Spread"):
        columns += [Column(what.lower(), what, "decimal"), Column(f"{what.lower()}_low", "From", "decimal"),
                    Column(f"{what.lower()}_high", "To", "decimal")]  # fmt: skip
    return Table(f"When each stage was, in days after {origin}", [*columns, Column("note", "Note")], rows)


def component_table(material: Material, moved: Sequence[Component]) -> Table:
    """Each component early, late, and its change."""
    rows: list[list[Value]] = []
    for one in moved:
        parts = (one.early, one.late, one.change)
        rows.append([one.key, *(end for part in parts for end in _ends(part)), _why(parts)])
    names = [period.name for period in material.periods]
    columns = [Column("component", "Component")]
    for what in ("Early", "Late", "Change"):
        columns += [Column(what.lower(), what, "share"), Column(f"{what.lower()}_low", "From", "share"),
                    Column(f"{what.lower()}_high", "To", "share")]  # fmt: skip
    notes = [f"Early is {names[0]}, late is {names[-1]}. They are not added up."] if len(names) > 1 else []
    return Table("Components of resilience", [*columns, Column("note", "Note")], rows, notes)


def cross_table(material: Material, wanted: Wanted, found: Sequence[Share], what: str) -> Table:
    """For each practice or group, which share of its items is of each stage, and which stage it mostly goes with."""
    rows: list[list[Value]] = []
    for unit, part in dict.fromkeys((one.unit, one.part) for one in found):
        own = {one.key: one.result for one in found if (one.unit, one.part) == (unit, part)}
        values = [None if (ends := ends_of(own[key])) is None else ends[0] for key in any_of(wanted)]
        items = max((_size(result) for result in own.values()), default=0)
        rows.append([_name(material, part, what), unit, items, *values, _mostly(wanted, own)])
    columns = [Column(what, what.capitalize()), Column("unit", "Of"), Column("items", "Items", "count"),
               *(Column(key, label, "share") for key, (label, _) in any_of(wanted).items()),
               Column("mostly", "Mostly goes with")]  # fmt: skip
    return Table(f"Share of each {what}'s items that are of each stage", columns, rows,
                 ["An item may be of several stages, or of none. What mostly goes with a stage has that stage in more "
                  "than half of its items with any; intervals stand among the estimates."])  # fmt: skip


def definitions_table(material: Material, wanted: Wanted, found: Sequence[Share]) -> Table:
    """What the codebook says a stage is, beside the practices that mostly go with it."""
    rows: list[list[Value]] = []
    for key, (label, _) in wanted.items():
        code = material.codebook.code(key)
        row: list[Value] = [label, code.definition, code.use_when]
        for unit in ("posts", "comments"):
            parts = dict.fromkeys(one.part for one in found if one.unit == unit)
            going = [material.name(part) for part in parts
                     if _top(wanted, _of(found, unit, part))[0] == key]  # fmt: skip
            row.append(", ".join(going) or None)
        rows.append(row)
    columns = (Column("stage", "Stage"), Column("definition", "What the codebook says it is"),
               Column("use_when", "Given when"), Column("posts", "Practices mostly of it, posts"),
               Column("comments", "Practices mostly of it, comments"))  # fmt: skip
    note = "The framework ties no practice to a stage; what goes with what was found, not expected."
    return Table("Stages as the codebook defines them, and the practices mostly of them", columns, rows, [note])


def _of(found: Sequence[Share], unit: str, part: str) -> dict[str, Result]:
    return {one.key: one.result for one in found if (one.unit, one.part) == (unit, part)}


def _top(wanted: Wanted, own: dict[str, Result]) -> tuple[str, bool]:
    """The stage of more than half of the items that have any, empty where there is none; and whether its interval is
    above that half too."""
    values = {key: ends[0] for key in any_of(wanted) if (ends := ends_of(own[key])) is not None}
    best = max(wanted, key=lambda key: values.get(key, 0.0), default="")
    half = values.get(FACET, 0.0) / 2
    if not best or values.get(best, 0.0) <= half:
        return "", False
    result = own[best]
    return best, isinstance(result, Estimate) and result.low > half


def _mostly(wanted: Wanted, own: dict[str, Result]) -> str:
    key, sure = _top(wanted, own)
    return NONE if not key else wanted[key][0] if sure else f"{wanted[key][0]} (not surely)"


def _name(material: Material, part: str, what: str) -> str:
    if what == "practice":
        return material.name(part)
    return next((group.label or group.name for group in material.study.groups if group.name == part), UNKNOWN)


def _size(result: Result) -> int:
    if isinstance(result, Undefined):
        return 0
    return result.n_items if isinstance(result, Estimate) else result.n


def _ends(result: Result) -> list[Value]:
    return list(ends_of(result) or (None, None, None))


def _why(parts: Sequence[Result]) -> str | None:
    """Why a value or its interval is missing: the first reason."""
    for part in parts:
        if isinstance(part, Undefined):
            return part.reason
    return next((why for part in parts if isinstance(part, Description) and (why := why_no_interval(part))), None)


def method(origin: str) -> str:
    """How it was computed."""
    return (
        "Stages are coded from the item, neither from its date nor from its practice. Onset, centre and spread of a "
        "stage are the days by which 5%, half, and the middle half of its weekly shares had accumulated, counted from "
        f"{origin}; the order of two stages is the chance that an item of one comes before an item of the other, every "
        f"week weighing the same. {DATING}. "
        f"Where in {ENOUGH} items or more the stage follows from practice or date without exception, neither is "
        "computed. Components are computed for the first and the last period and stand side by "
        "side: completion of tributes by Kaplan-Meier, one minus the share of hostile items, one minus the asymmetry "
        "of replies a head, and the share of authors captured again on a later day within 28."
    )


def sentence(
    wanted: Wanted, when: Sequence[Stage], order: Mapping[str, Result], moved: Sequence[Component], origin: str
) -> str:
    """In which order the stages came, when they were, and what of the components moved."""
    said = []
    unit = "comments" if any(one.unit == "comments" for one in when) else "posts"
    timed = [f"{wanted[one.key][0]} on {_day(one.when.centre)}" for one in when
             if one.unit == unit and not isinstance(one.when.centre, Undefined)]  # fmt: skip
    if timed:
        said += _order(wanted, order, unit)
        said.append(f"Among {unit}, the stages were centred as follows, in days counted from {origin}: "
                    f"{listing(timed)}.")  # fmt: skip
    elif when:
        reason = next((one.when.centre.reason for one in when if isinstance(one.when.centre, Undefined)), "")
        said.append(f"{UNORDERED}, nor can it be told when they were: {reason}.")
    parts = [_moved(one) for one in moved if not isinstance(one.change, Undefined)]
    if parts:
        said.append(f"From the first period to the last, {listing(parts)}.")
    return " ".join(said)


def _order(wanted: Wanted, order: Mapping[str, Result], unit: str) -> list[str]:
    """Whether each two of the stages have an order beyond their interval, and which; nothing of a single stage."""
    doubts: list[str] = []
    earlier = dict.fromkeys(wanted, 0)
    for one, other in codes_first(list(wanted)):
        result, pair = order[f"{one} before {other}, {unit}"], f"{wanted[one][0]} and {wanted[other][0]}"
        if isinstance(result, Estimate) and (result.low > EVEN or result.high < EVEN):
            earlier[one if result.value > EVEN else other] += 1
        else:
            doubts.append(f"of {pair} ({_undecided(result)})")
    if doubts:
        return [f"{UNORDERED}: among {unit}, it cannot be told which came first {listing(doubts)}."]
    ranked = sorted(wanted, key=lambda key: -earlier[key])
    if len(ranked) < 2 or len(set(earlier.values())) < len(earlier):
        return [f"{UNORDERED}: among {unit}, they come before each other in a circle."] if len(ranked) > 1 else []
    names = [wanted[key][0] for key in ranked]
    return [f"Among {unit}, the stages came in this order, each two beyond their interval: {listing(names)}."]


def _undecided(result: Result) -> str:
    """Why an order is not established."""
    if isinstance(result, Undefined):
        return result.reason
    if isinstance(result, Description):
        return "too few threads for an interval"
    chance, low, high = (decimal(one) for one in (result.value, result.low, result.high))
    return f"chance that the first is earlier {chance}, {result.level:.0%} interval {low} to {high}"


def _day(result: Result) -> str:
    assert not isinstance(result, Undefined)
    words = f"day {decimal(result.value, 0)}"
    if isinstance(result, Estimate):
        words += f" ({result.level:.0%} interval {decimal(result.low, 0)} to {decimal(result.high, 0)})"
    return words


def _moved(one: Component) -> str:
    assert not isinstance(one.early, Undefined)
    assert not isinstance(one.late, Undefined)
    assert not isinstance(one.change, Undefined)
    words = f"{one.key} went from {share(one.early.value)} to {share(one.late.value)}"
    if isinstance(one.change, Description):
        return f"{words} (too few threads for an interval)"
    low, high = (decimal(100 * end, 1) for end in (one.change.low, one.change.high))
    return f"{words} (change {decimal(100 * one.change.value, 1)} points, interval {low} to {high})"


def cautions(material: Material) -> tuple[str, ...]:
    """What a reader must not miss."""
    said = [
        "The components are not added up to one number, and no component is resilience.",
        "Civility is visible civility: what was removed before the first capture, and what was not said, is not seen.",
        "An author is seen again only where another of their items was captured; who reads without writing is not. "
        "Change between periods may mean that other people came.",
    ]
    said.append(COARSE)
    if material.group_caution:
        said.append(material.group_caution)
    return tuple(said)
