"""Who owes whom what, who answers whom, and does it become more even?

First the norms: the shares of comments that speak of an obligation, ask permission, keep the gate, or address a peer,
by who speaks to whom and by period; the share one way minus the share the other; each way's change. Then the replies of
the threads read, coded or not (see `replies`): the share of each group's posts, and of its comments, that the other
answers; the asymmetry of both, early, late, and the change; the same a head; how long items wait for the other group;
E-I of ties against groups that fall at random.
"""

from __future__ import annotations

from resilens.measures.directions import Wanted, cautions, difference, frame_by_hashtag, shares_by, wanted
from resilens.measures.exchange import words
from resilens.measures.exchange.delays import delay, delay_of_answered
from resilens.measures.exchange.replies import (
    HEADS,
    answered,
    asymmetry,
    asymmetry_change,
    at_least_answered,
    no_pair,
    pairs,
)
from resilens.measures.exchange.structure import UNITS, structure_of
from resilens.measures.exchange.ties import crossing
from resilens.measures.material import Material, nothing_coded
from resilens.measures.registry import Measure
from resilens.measures.result_table import results_table
from resilens.measures.shares import Share, estimates, evidence, share_table
from resilens.results.types import Finding, Result, Undefined, in_unit

ROLES = ("obligation", "permission", "gatekeeping", "peer_address")


def compute(material: Material) -> Finding:
    """The finding; see the module."""
    if reason := no_pair(material):
        return Finding("exchange", {"exchange": reason}, sentence=f"Exchange: {reason.reason}.")
    sought, missing = wanted(material, ROLES)
    unread = nothing_coded(material)
    found: list[Share]
    found, changes = ([], {}) if unread else shares_by(material, sought)
    norms: dict[str, Result] = {"norms": unread} if unread else estimates(found) | missing
    apart = {} if unread else changes | _differences(material, sought)
    structure = _structure(material)
    wide, narrow = words.norms_figure(material, found)
    return Finding(
        "exchange", norms | apart | structure,
        share_table("Norms by who speaks to whom", found, "Who to whom") if found else None, wide,
        evidence(material, [codes for _, codes in sought.values()]) if found else (), words.method(material),
        words.sentence(material, found, apart | structure), words.caption(material),
        (*cautions(material), *words.cautions(material)),
        {"differences": results_table(words.DIFFERENCES, apart, "share"),
         "replies": results_table(words.REPLIES, structure), "groups": material.group_check}, narrow,
    )  # fmt: skip


def _differences(material: Material, sought: Wanted) -> dict[str, Result]:
    """Of each norm, the share from b to a minus that from a to b, in all time and by period."""
    found: dict[str, Result] = {}
    spans = [("all", None), *((one.name, place) for place, one in enumerate(material.periods))]
    for a, b in pairs(material):
        for code, (_, codes) in sought.items():
            for name, period in spans:
                found[words.difference_name(code, a, b, name)] = difference(material, codes, a, b, period)
    return in_unit(found, "points")


def _structure(material: Material) -> dict[str, Result]:
    """What the replies show, by name."""
    found: dict[str, Result] = {}
    for a, b in pairs(material):
        for unit in UNITS:
            found |= in_unit(_answers(material, unit, a, b), "share")
        for unit in (*UNITS, HEADS):
            found |= in_unit(_asymmetries(material, unit, a, b), "index")
        for unit in UNITS:
            found |= in_unit(_delays(material, unit, a, b), "hours")
    return found | crossing(material) | in_unit(_starting(material), "share")


def _delays(material: Material, unit: str, a: str, b: str) -> dict[str, Result]:
    found: dict[str, Result] = {}
    for asked, by in ((a, b), (b, a)):
        found[words.delay_name(unit, asked, by)] = delay(material, unit, asked, by)
        found[words.delay_name(unit, asked, by, came=True)] = delay_of_answered(material, unit, asked, by)
    return found


def _answers(material: Material, unit: str, a: str, b: str) -> dict[str, Result]:
    found: dict[str, Result] = {}
    structure = structure_of(material)
    for asked, by in ((a, b), (b, a)):
        found[words.answered_name(unit, asked, by, "all")] = answered(material, unit, asked, by)
        for place, period in enumerate(material.periods):
            found[words.answered_name(unit, asked, by, period.name)] = answered(material, unit, asked, by, place)
        if not isinstance(structure, Undefined) and not structure.whole.all():
            found[words.answered_name(unit, asked, by, words.AT_LEAST)] = at_least_answered(material, unit, asked, by)
    return found


def _asymmetries(material: Material, unit: str, a: str, b: str) -> dict[str, Result]:
    found = {words.asymmetry_name(unit, a, b, "all"): asymmetry(material, unit, a, b)}
    if len(material.periods) > 1:
        found[words.asymmetry_name(unit, a, b, words.EARLY)] = asymmetry(material, unit, a, b, 0)
        last = len(material.periods) - 1
        found[words.asymmetry_name(unit, a, b, words.LATE)] = asymmetry(material, unit, a, b, last)
    found[words.asymmetry_name(unit, a, b, words.CHANGE)] = asymmetry_change(material, unit, a, b)
    return found


def _starting(material: Material) -> dict[str, Result]:
    """The share of the threads read that each group began."""
    found: dict[str, Result] = {}
    structure, framed = structure_of(material), frame_by_hashtag(material)
    for group in material.items.groups:
        if isinstance(structure, Undefined) or framed:
            found[words.starts_name(group)] = framed or structure  # type: ignore[assignment]
        else:
            posts = structure.posts
            found[words.starts_name(group)] = material.estimating.share(posts, posts.of_group(group))
    return found


QUESTION = "Who owes whom what, who answers whom, and does it become more even?"

MEASURE = Measure("exchange", "Exchange", QUESTION, compute, stage="stage.adaptation", uses=("codings", "groups"))
