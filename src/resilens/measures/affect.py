"""Which feelings go from whom to whom, and is a feeling answered with the same?

Shares of each affect are of the items read: comments by who speaks to whom, posts by their author's group, each by
period, with its change. Response is P(affect in a direct reply | affect in what it answers) - P(affect in a reply),
over replies of which both were read, across groups and within one: above 0 where a feeling calls up its like. Feelings
are those that people coded; no words are counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from resilens.measures.directions import (
    LEAST,
    Wanted,
    both_read,
    cautions,
    crossed,
    figure,
    found_of,
    label,
    shares_by,
    spoken_to,
    wanted,
)
from resilens.measures.exchange.replies import no_pair, pairs
from resilens.measures.items import Flags, Items, Numbers
from resilens.measures.material import Material, nothing_coded
from resilens.measures.registry import Measure
from resilens.measures.result_table import CHANGES, results_table
from resilens.measures.shares import Share, ends_of, estimates, evidence, share_table
from resilens.results.resampling import MINIMUM_THREADS
from resilens.results.tables import counted, decimal, listing
from resilens.results.told import in_brief
from resilens.results.types import Description, Estimate, Finding, Result, Undefined, in_unit

ROLES = ("solidarity", "empathy", "admiration", "humour", "gratitude", "irony", "hostile")

ACROSS, WITHIN = "across groups", "within a group"


def compute(material: Material) -> Finding:
    """The finding; see the module."""
    if reason := nothing_coded(material) or no_pair(material):
        return Finding("affect", {"affect": reason}, sentence=f"Affect: {reason.reason}.")
    sought, missing = wanted(material, ROLES)
    found, changes = shares_by(material, sought)
    response = _responses(material, sought)
    wide, narrow = _figure(material, found)
    caption = f"Share of comments that show each feeling, by who speaks to whom. {material.design_caption}".strip()
    tables = {"changes": results_table(CHANGES, changes, "share"),
              "response": results_table(RESPONSE, response, "share"), "groups": material.group_check}  # fmt: skip
    return Finding(
        "affect", estimates(found) | missing | changes | response,
        share_table("Affect by who speaks to whom", found, "Who to whom"), wide,
        evidence(material, [codes for _, codes in sought.values()]), METHOD, _sentence(material, found, response),
        caption, (*cautions(material), *CAUTIONS), tables, narrow,
    )  # fmt: skip


def response_name(code: str, where: str) -> str:
    """The name of a response among the estimates."""
    return f"{code}: response, {where}"


def _responses(material: Material, sought: Wanted) -> dict[str, Result]:
    items, spoken = material.items, spoken_to(material)
    unknown = len(items.groups) - 1
    both = ~items.is_post & (items.answered >= 0) & ~spoken.own & (items.group != unknown) & (spoken.to != unknown)
    cut = {ACROSS: both & (items.group != spoken.to), WITHIN: both & (items.group == spoken.to)}
    return in_unit({response_name(code, where): _response(material, codes, which)
                    for code, (_, codes) in sought.items() for where, which in cut.items()}, "points")  # fmt: skip


def _response(material: Material, codes: Sequence[str], which: Flags) -> Result:
    """P(there in the reply | there in what it answers) - P(there in the reply), over the replies chosen."""
    items = material.items
    marks = material.marks(items, codes)
    which = which & marks.known & marks.known[items.answered]
    if not which.any():
        return Undefined("no reply was read together with what it answers")
    replies, parent = items.select(which), marks.there[items.answered[which]]
    there = marks.there[which]
    if not parent.any():
        return Undefined("none of the items answered showed it")
    sums = np.stack([there & parent, parent, there, np.ones(len(replies))], axis=1).astype(np.float64)
    below = ~items.is_post[items.answered[which]]
    result = material.estimating.beyond.smooth(
        replies, sums * both_read(material, replies, below)[:, None], _excess, missing="no reply was read",
        within=(-1.0, 1.0), unit="share",
    )  # fmt: skip
    if isinstance(result, Estimate) and (why := _too_few(replies, parent, there)):
        return Description(result.value, result.n_items, f"{result.frame} (no interval: {why})", "share")
    return result


def _too_few(replies: Items, parent: Flags, there: Flags) -> str:
    """Why the replies to items that show it are too few, or too much alike, for an interval; empty where not."""
    threads = replies.select(parent).n_threads
    if threads < MINIMUM_THREADS:
        return f"items that show it were answered in {counted(threads, 'thread')}; an interval needs {MINIMUM_THREADS}"
    if min(int(there[parent].sum()), int((~there[parent]).sum())) < LEAST:
        return f"fewer than {LEAST} of the replies to items that show it do, or do not, show it too"
    return ""


def _excess(totals: Numbers) -> Numbers:
    return np.asarray(totals[:, 0] / totals[:, 1] - totals[:, 2] / totals[:, 3])


def _figure(material: Material, found: Sequence[Share]) -> tuple[Any, Any]:
    """Each feeling in all time, one series for each way, of comments; of posts by group where none was read."""
    results, names = found_of(found), crossed(material)
    unit = material.units()[-1][0]
    if unit == "comments":
        ways = [
            (f"{a} to {b}", f"{label(material, a)} to {label(material, b)}") for a in names for b in names if a != b
        ]
        ways += [(f"{a} to {a}", f"among {label(material, a)}") for a in names]
    else:
        ways = [(f"by {a}", label(material, a)) for a in names]
    rows = [(name, series, results[code, unit, way])
            for code, name in dict.fromkeys((one.key, one.label) for one in found) for way, series in ways]  # fmt: skip
    return figure(material, rows, f"Share of {unit}")


def _sentence(material: Material, found: Sequence[Share], response: Mapping[str, Result]) -> str:
    return " ".join(part for part in (_commonest(material, found), _answered(found, response)) if part)


def _commonest(material: Material, found: Sequence[Share]) -> str:
    """The commonest feelings each way across the first two groups."""
    a, b = pairs(material)[0]
    said = []
    for by, to in ((a, b), (b, a)):
        own = [(-ends[0], one.label, one.result) for one in found if one.unit == "comments"
               and one.part == f"{by} to {to}" and (ends := ends_of(one.result)) and ends[0] > 0]  # fmt: skip
        top = sorted(own, key=lambda each: each[:2])[:3]
        if top:
            words = listing([f"{name.lower()} ({in_brief(result, 'comment')})" for _, name, result in top])
            said.append(f"in comments of {label(material, by)} to {label(material, to)}, {words}")
    return (
        f"The commonest feelings were, with 95% intervals in brackets, {'; '.join(said)}."
        if said
        else "No feeling was found in comments across groups."
    )


def _answered(found: Sequence[Share], response: Mapping[str, Result]) -> str:
    """The feelings that called up their like across groups, beyond the interval."""
    said = []
    for code, name in dict.fromkeys((one.key, one.label) for one in found):
        result = response[response_name(code, ACROSS)]
        if isinstance(result, Estimate) and result.low > 0:
            ends = f"[{decimal(100 * result.low, 1)}, {decimal(100 * result.high, 1)}]"
            said.append(f"{name.lower()} (by {decimal(100 * result.value, 1)} percentage points, 95% interval {ends})")
    if not said:
        return ""
    return f"Replies across groups showed more often than other replies what they answered for {listing(said)}."


METHOD = (
    "Shares are of the comments read, by the group of their author and that of the author they answer, and of the "
    "posts read, by their author's group. Response is the share of replies that show a feeling among those to items "
    "that show it, minus the share among all replies of which both were read, across groups and within a group; "
    "answers to oneself are left out."
)

RESPONSE = "How much more often, in percentage points, a feeling is shown in reply to itself than in replies at large"

CAUTIONS = (
    "What is coded is the feeling shown, not the feeling had.",
    "A reply is like what it answers also because both belong to one topic; a response is not yet a contagion.",
)

MEASURE = Measure(
    "affect", "Affect", "Which feelings go from whom to whom, and is a feeling answered with the same?", compute,
    stage="stage.adaptation", uses=("codings", "groups"),
)  # fmt: skip
