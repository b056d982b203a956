"""Do hostile comments go sooner than others of the same threads, how much hostility is visible, who answers it?

Absence hazard a day: of comments there at one look, those absent at the next complete one went at an unknown moment
between (interval-censored); the constant hazard h of greatest likelihood, each pair of looks d days apart having the
chance 1 - exp(-h d) (see `statistics.survival.hazard_between`). Absence is not removal: platform, reports and authors
cannot be told apart, and what was gone before the first capture was never seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from resilens.measures.directions import wanted
from resilens.measures.items import Flags, Items, Numbers
from resilens.measures.material import Material, missing_role, nothing_coded
from resilens.measures.moderation.recaptures import Looks, looks_at
from resilens.measures.registry import Measure
from resilens.measures.result_table import results_table
from resilens.measures.shares import ALL, Share, ends_of, estimates, evidence, share_figure, share_table, shares
from resilens.measures.statistics.survival import hazard_between
from resilens.results import charts, time_axis
from resilens.results.tables import Column, Table, count, counted, decimal
from resilens.results.told import told_share
from resilens.results.types import Description, Estimate, Finding, Result, Undefined, in_unit

HOSTILE, COUNTER = "hostile", "counter_speech"
HAZARD = "absence hazard a day"
KINDS = ("hostile comments", "other comments of the same threads")
DIFFERENCE = f"{HAZARD}: hostile minus other"
ANSWERED = "counter-speech: share of hostile comments with a reply read"


def compute(material: Material) -> Finding:
    """The finding; see the module."""
    reason = nothing_coded(material)
    hostile = material.codes_of_role(HOSTILE)
    if not hostile:
        reason = reason or missing_role(HOSTILE)
    if reason:
        return Finding("moderation", {"moderation": reason}, sentence=f"Moderation: {reason.reason}.")
    sought, missing = wanted(material, (HOSTILE, COUNTER))
    visible = shares(material, sought)
    hazards, looked = _absence(material)
    answered = in_unit({ANSWERED: _answered(material)}, "share")
    tables = {"visible": share_table("Visible hostility and counter-speech", visible)}
    if looked is not None:
        tables["looks"] = looked
    wide, narrow = _figure(material, hazards, visible)
    return Finding(
        "moderation", hazards | estimates(visible) | missing | answered,
        results_table("Absence between complete recaptures", hazards | answered), wide,
        evidence(material, [hostile, material.codes_of_role(COUNTER)]), METHOD, _sentence(material, hazards, visible),
        f"{_shown(hazards)} {material.design_caption}".strip(), _cautions(hazards), tables, narrow,
    )  # fmt: skip


def _absence(material: Material) -> tuple[dict[str, Result], Table | None]:
    """The hazards and how many comments they rest on; the looks themselves, None where there are none."""
    names = [*(f"{HAZARD}: {kind}" for kind in KINDS), DIFFERENCE]
    comments = material.comments
    marks = material.marks(comments, material.codes_of_role(HOSTILE))
    threads = np.unique(comments.thread[marks.there])
    if not threads.size:
        return dict.fromkeys(names, Undefined("no hostile comment was read")), None
    same = marks.known & np.isin(comments.thread, threads)
    items, hostile = comments.select(same), marks.there[same]
    looks = looks_at(material.corpus, items)
    if isinstance(looks, Undefined):
        return dict.fromkeys(names, looks), None
    found: dict[str, Result] = {}
    for kind, which in zip(KINDS, (hostile, ~hostile), strict=True):
        found[f"{HAZARD}: {kind}"] = _hazard(material, items, looks, which, kind)
    found[DIFFERENCE] = _difference(material, items, looks, hostile, [found[name] for name in names[:2]])
    found = in_unit(found, "a day")
    frame = "the comments looked for again in complete recaptures"
    for kind, which in zip(KINDS, (hostile, ~hostile), strict=True):
        own = which[looks.place]
        watched = int(np.unique(looks.place[own]).size)
        found[f"looked for again: {kind}"] = Description(watched, watched, frame, "comments")
        found[f"absent at a later look: {kind}"] = Description(int(looks.gone[own].sum()), watched, frame, "comments")
    found["absent and later seen again"] = Description(looks.returned, int(np.unique(looks.place).size), frame,
                                                       "comments")  # fmt: skip
    return found, _look_table(looks, hostile)


def _hazard(material: Material, items: Items, looks: Looks, which: Flags, kind: str) -> Result:
    watched = _watched(looks, which)
    if not watched.any():
        return Undefined(f"none of the {kind} was looked for again")
    gaps = looks.gaps
    there, gone = looks.totals(which, gaps)
    missing = f"all {kind} were gone at the next look, for which there is no hazard"

    def value(totals: Numbers) -> Numbers:
        return np.asarray(hazard_between(gaps, totals[:, : gaps.size], totals[:, gaps.size :]))

    return material.estimating.drawn(items.select(watched), np.hstack([there, gone])[watched], value, missing=missing,
                                     unit="a day")  # fmt: skip


def _difference(material: Material, items: Items, looks: Looks, hostile: Flags, sides: Sequence[Result]) -> Result:
    for side in sides:
        if isinstance(side, Undefined):
            return side
    gaps, watched = looks.gaps, _watched(looks, np.ones(len(items), dtype=bool))
    sums = np.hstack([*looks.totals(hostile, gaps), *looks.totals(~hostile, gaps)])[watched]

    def value(totals: Numbers) -> Numbers:
        parts = np.split(totals, 4, axis=1)
        return np.asarray(hazard_between(gaps, parts[0], parts[1]) - hazard_between(gaps, parts[2], parts[3]))

    missing = "threads were drawn in which nobody of one kind was at risk"
    return material.estimating.drawn(items.select(watched), sums, value, missing=missing, unit="a day")


def _watched(looks: Looks, which: Flags) -> Flags:
    """Which of these items were looked for again."""
    watched = np.zeros(which.size, dtype=bool)
    watched[looks.place] = True
    return watched & which


def _answered(material: Material) -> Result:
    """Of the hostile comments with a direct reply that was read, the share with one that speaks against hostility."""
    counter = material.codes_of_role(COUNTER)
    if not counter:
        return missing_role(COUNTER)
    items = material.items
    hostile = material.marks(items, material.codes_of_role(HOSTILE)).there & ~items.is_post
    marks = material.marks(items, counter)
    replies = (items.answered >= 0) & marks.known & ~items.is_post
    has, spoken = np.zeros(len(items), dtype=bool), np.zeros(len(items), dtype=bool)
    has[items.answered[replies]] = True
    spoken[items.answered[replies & marks.there]] = True
    which = hostile & has
    if not which.any():
        return Undefined("no hostile comment has a direct reply that was read")
    found = material.estimating.share(items.select(which), spoken[which])
    if isinstance(found, Estimate) and found.basis == "design":
        why = "replies that were not read do not count, so it is a lower bound"
        return Description(found.value, found.n_items, f"{found.frame} (no interval: {why})", "share")
    return found


def _look_table(looks: Looks, hostile: Flags) -> Table:
    """By the length between two looks: how many were there at the first, and how many of them absent at the second."""
    gaps = looks.gaps
    columns = [Column("days", "Days between looks", "decimal")]
    cells = []
    for kind, which in zip(("hostile", "other"), (hostile, ~hostile), strict=True):
        there, gone = looks.totals(which, gaps)
        columns += [Column(f"{kind}_there", f"{kind.capitalize()}, there", "count"),
                    Column(f"{kind}_gone", "then absent", "count")]  # fmt: skip
        cells += [there.sum(axis=0), gone.sum(axis=0)]
    rows = [[float(gap), *(int(cell[place]) for cell in cells)] for place, gap in enumerate(gaps)]
    note = f"{counted(looks.recaptures, 'recapture')} of threads are complete."
    return Table("Comments of the same threads between two looks", columns, rows, (note,))


def _figure(material: Material, hazards: Mapping[str, Result], visible: Sequence[Share]) -> tuple[Any, Any]:
    """The two hazards; where there are none, visible hostility and counter-speech by period."""
    dots = [charts.Dot("Absence hazard a day", kind, *ends) for kind in KINDS
            if (ends := ends_of(hazards[f"{HAZARD}: {kind}"])) is not None]  # fmt: skip
    synthetic = material.study.study.synthetic
    if dots:
        wide, narrow = (charts.dots(dots, title="A day", kind="decimal", synthetic=synthetic, width=width)
                        for width in (time_axis.WIDE, time_axis.NARROW))  # fmt: skip
        return wide, narrow
    unit = "comments" if len(material.comments) else "posts"
    return share_figure([one for one in visible if one.part != ALL or not material.periods], unit, synthetic)


def _shown(hazards: Mapping[str, Result]) -> str:
    if any(ends_of(hazards[f"{HAZARD}: {kind}"]) for kind in KINDS):
        return "How soon comments are absent, between recaptures declared complete."
    return "Visible hostility and counter-speech, after moderation before the capture."


METHOD = (
    "A comment is at risk of absence from its first capture and is looked for in recaptures declared complete for its "
    "thread; what is absent went at an unknown moment between two looks (interval-censored). The hazard is constant "
    "and of greatest likelihood; hostile comments are set against the others of the same threads. Visible hostility is "
    "its share of the items read."
)


def _sentence(material: Material, hazards: Mapping[str, Result], visible: Sequence[Share]) -> str:
    own, other = (hazards[f"{HAZARD}: {kind}"] for kind in KINDS)
    said = []
    if isinstance(own, Undefined):
        said.append(f"How soon hostile comments go cannot be told: {own.reason}.")
    else:
        words = f"Hostile comments were absent at a hazard of {_with_ends(own)} a day"
        if not isinstance(other, Undefined):
            words += f", other comments of the same threads of {_with_ends(other)}"
        said.append(f"{words}; absence is not removal.")
    hostile = set(material.codes_of_role(HOSTILE))
    for one in visible:
        if one.key in hostile and one.part == ALL and not isinstance(one.result, Undefined):
            told = told_share(one.result, one.unit.removesuffix("s"), "read")
            said.append(f"{one.label} was visible in {told}.")
    return " ".join(said)


def _with_ends(result: Result) -> str:
    assert not isinstance(result, Undefined)
    words = decimal(result.value, 3)
    if isinstance(result, Estimate):
        words += f" ({result.level:.0%} interval {decimal(result.low, 3)} to {decimal(result.high, 3)})"
    return words


def _cautions(hazards: Mapping[str, Result]) -> tuple[str, ...]:
    said = [
        "What was removed before the first capture was never seen: visible hostility is what was left.",
        "Absence is not removal, and whether the platform, a report or the author was the cause is not known.",
    ]
    back = hazards.get("absent and later seen again")
    if isinstance(back, Description) and back.value:
        said.append(f"{count(int(back.value))} of those absent were seen again later: they had not been removed.")
    return tuple(said)


QUESTION = "Do hostile comments go sooner than others, how much hostility is visible, and who answers it?"

MEASURE = Measure("moderation", "Moderation", QUESTION, compute)
