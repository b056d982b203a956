"""Was the tax ritual completed: how soon was a tribute welcomed, more than other posts, and did thanks follow?

*Completion* within h hours is P(T <= h), T the hours until the first comment of the other group coded welcome or
receipt (`completion`). *Lift* is how much more often a tribute is welcomed than another post by a newcomer, of the same
day and quartile of comments (`lift`). *Chains* are the steps in their order, against comments in random order
(`motifs`). Likes carry no time and are only counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from resilens.measures.items import Flags
from resilens.measures.material import Material, missing_role
from resilens.measures.registry import Measure
from resilens.measures.ritual import lift, motifs
from resilens.measures.ritual.completion import HORIZONS, Waiting, all_threads, completion, median_hours, whole_threads
from resilens.measures.ritual.steps import Ritual, missing, receptions, ritual_of
from resilens.measures.ritual.words import (
    ANY_ORDER,
    BY_CHANCE,
    LIFT,
    OTHERS,
    TRIBUTES,
    WHOLE,
    bound_name,
    cautions,
    completion_name,
    completion_table,
    hours_words,
    method,
    sentence,
    steps_table,
)
from resilens.measures.shares import LARGEST_EVIDENCE, ends_of
from resilens.measures.statistics.ties import Permuted
from resilens.results import charts, time_axis
from resilens.results.tables import counted
from resilens.results.types import Description, Estimate, Finding, Result, Undefined, in_unit


def compute(material: Material) -> Finding:
    """The finding; see the module."""
    if reason := missing(material):
        return Finding("ritual", {"ritual": reason}, sentence=f"The ritual cannot be looked at: {reason.reason}.")
    ritual = ritual_of(material)
    given = lift.compared(ritual)
    found = _completion(material, ritual) | _steps(material, ritual) | _lift(material, given) | _likes(material, ritual)
    wide, narrow = (_figure(material, found, width) for width in (time_axis.WIDE, time_axis.NARROW))
    return Finding(
        "ritual", found, completion_table(found), wide, _evidence(material, ritual), method(given), sentence(found),
        "Share of newcomers' posts that had been welcomed within so many hours: a comment of the other group coded "
        f"welcome or receipt, in threads captured and read whole. {material.design_caption}".strip(),
        cautions(material, ritual, given), {"steps": steps_table(found), "groups": material.group_check}, narrow,
    )  # fmt: skip


def _completion(material: Material, ritual: Ritual) -> dict[str, Result]:
    """Completion by each horizon and the median wait, in whole threads; in all tribute threads its lower bound."""
    known = ritual.tribute.known
    found: dict[str, Result] = {}
    for name, which in ((TRIBUTES, ritual.tribute.there), (OTHERS, known & ~ritual.tribute.there)):
        waiting = _those(whole_threads(ritual), ritual, which)
        what = f"{name.removesuffix('s')} captured and read whole, with times known to the hour,"
        found |= in_unit({completion_name(hours, name): completion(material, waiting, hours, what)
                          for hours in HORIZONS}, "share")  # fmt: skip
        median = median_hours(material, waiting, what)
        found |= in_unit({f"hours to welcome, median: {name} {WHOLE}": median}, "hours")
    waiting = _those(all_threads(ritual), ritual, ritual.tribute.there)
    every = "tribute thread of which a comment was read"
    bounds = {bound_name(hours): completion(material, waiting, hours, every) for hours in HORIZONS}
    return found | in_unit(bounds, "share")


def _those(waiting: Waiting, ritual: Ritual, which: Flags) -> Waiting:
    return waiting.select(np.isin(waiting.posts.thread, ritual.posts.thread[which]))


def _steps(material: Material, ritual: Ritual) -> dict[str, Result]:
    """How many newcomers' posts are tributes, which step came to how many, and the chains against chance."""
    estimating, posts, known = material.estimating, ritual.posts, ritual.tribute.known
    tribute = ritual.tribute.there
    found: dict[str, Result] = {
        "tribute: share of newcomer posts": estimating.share(posts.select(known), tribute[known])
    }
    roles = {"welcome": ("welcome or receipt", ritual.welcomed), "receipt": ("receipt", ritual.receipted),
             "thanks": ("thanks", ritual.thanked)}  # fmt: skip
    for role, (name, marks) in roles.items():
        which = tribute & marks.known
        result = estimating.share(posts.select(which), marks.there[which])
        if not which.any():
            result = Undefined("of no tribute thread is it known what came to it")
        elif role != "welcome" and not material.codes_of_role(role):
            result = missing_role(role)
        found[f"tribute, {name}: share of {TRIBUTES}"] = result
    return in_unit(found, "share") | _chains(material, ritual)


def _chains(material: Material, ritual: Ritual) -> dict[str, Result]:
    steps, among = motifs.steps_of(material, ritual), ritual.tribute.there & ritual.timed & ritual.seen
    posts = ritual.posts
    found: dict[str, Result] = {}
    for length, name in motifs.CHAINS.items():
        key = f"{name}: share of {TRIBUTES}"
        if not material.codes_of_role("thanks"):
            found[key] = missing_role("thanks")
            continue
        share = material.estimating.share(posts.select(among), motifs.reached(steps, len(posts), length)[among])
        found |= in_unit({key: share}, "share")
        null = motifs.against_chance(steps, int(among.sum()), length, material.estimating.seed)
        reason = "no tribute thread has both a welcome and thanks, so no order can be told from another"
        frame = f"the {counted(int(among.sum()), 'tribute thread')} read"
        how = f"comments permuted within threads, the post first, {motifs.PERMUTATIONS:,} draws"
        chance = _chance(material, f"{key}, {ANY_ORDER}", f"{key}: p", null, reason, int(among.sum()), frame, how)
        found |= in_unit({f"{key}, {ANY_ORDER}": chance.pop(f"{key}, {ANY_ORDER}")}, "share") | chance
    return found


def _lift(material: Material, given: lift.Compared) -> dict[str, Result]:
    null = lift.against_chance(given, material.estimating.seed) if len(given.posts) else None
    size = len(given.posts)
    frame = f"the {counted(size, 'post')} by newcomers that can be compared"
    how = f"tribute labels permuted within day and quartile of comments, {lift.PERMUTATIONS:,} draws"
    reason = "no day has both a tribute and another post by a newcomer with about as many comments"
    chance = _chance(material, f"{LIFT}, {BY_CHANCE}", f"{LIFT}: p", null, reason, size, frame, how)
    found = {LIFT: lift.lift(material, given), f"{LIFT}, {BY_CHANCE}": chance.pop(f"{LIFT}, {BY_CHANCE}")}
    return in_unit(found, "points") | chance


def _chance(
    material: Material, key: str, p: str, null: Permuted | None, reason: str, size: int, frame: str, how: str
) -> dict[str, Result]:
    """The middle 95 % of a null, and how seldom it reaches as far as what was found."""
    if null is None:
        return {key: Undefined(reason), p: Undefined(reason)}
    low, high = np.quantile(null.null, [0.025, 0.975])
    expected = Estimate(float(null.null.mean()), float(low), float(high), 0.95, size, size, "permutation", frame, how,
                        material.estimating.seed)  # fmt: skip
    return {key: expected, p: Description(null.p, size, f"{frame}; {how}", "p")}


def _likes(material: Material, ritual: Ritual) -> dict[str, Result]:
    """The median number of likes; when they were given is not known."""
    posts = material.corpus.table("posts")
    wanted = posts.filter(posts.likes.notnull(), posts.post_id.isin(ritual.posts.item_id.tolist()))
    rows = material.corpus.frame(wanted.select("post_id", "likes")).to_pylist()
    likes = {row["post_id"]: row["likes"] for row in rows}
    found: dict[str, Result] = {}
    for name, which in (("tributes", ritual.tribute.there), ("other newcomer posts",
                         ritual.tribute.known & ~ritual.tribute.there)):  # fmt: skip
        own = [likes[item] for item in ritual.posts.item_id[which] if item in likes]
        key = f"likes, median: {name}"
        found[key] = Description(float(np.median(own)), len(own), f"the {name} read that show likes", "likes") if own \
            else Undefined(f"none of the {name} shows its likes")  # fmt: skip
    return found


def _figure(material: Material, found: Mapping[str, Result], width: int) -> dict[str, Any] | None:
    rows = []
    for hours in HORIZONS:
        for name, series in ((TRIBUTES, "tributes"), (OTHERS, "other posts by newcomers")):
            if (ends := ends_of(found[completion_name(hours, name)])) is not None:
                rows.append(charts.Dot(f"within {hours_words(hours)}", series, *ends))
    title = "Share welcomed"
    return charts.dots(rows, title=title, synthetic=material.study.study.synthetic, width=width) if rows else None


def _evidence(material: Material, ritual: Ritual) -> tuple[str, ...]:
    """Threads with the completed ritual: those with the longest chain first, then the soonest welcomed, each with its
    first welcome; at last tributes that nobody welcomed."""
    steps, posts = motifs.steps_of(material, ritual), ritual.posts
    chained = sum(motifs.reached(steps, len(posts), length).astype(int) for length in motifs.CHAINS)
    done = np.flatnonzero(ritual.tribute.there & np.isfinite(ritual.reception))
    order = sorted(done, key=lambda place: (-int(np.asarray(chained)[place]), ritual.reception[place],
                                            posts.item_id[place]))  # fmt: skip
    found: list[str] = []
    for place in order[: LARGEST_EVIDENCE // 2]:
        found += [str(posts.item_id[place]), *_first_welcome(material, int(posts.thread[place]))]
    empty = np.flatnonzero(ritual.tribute.there & ritual.welcomed.known & ~ritual.welcomed.there)
    found += [str(posts.item_id[place]) for place in empty]
    return tuple(found[:LARGEST_EVIDENCE])


def _first_welcome(material: Material, thread: int) -> list[str]:
    comments = material.comments
    own = comments.select(comments.thread == thread)
    steps = np.flatnonzero(receptions(material, own).there & own.dated)
    return [str(own.item_id[place]) for place in steps[:1]]


MEASURE = Measure(
    "ritual", "The ritual of entry", "Was a tribute welcomed, how soon, more than other posts, and did thanks follow?",
    compute, stage="stage.absorption", uses=("codings", "groups"),
)  # fmt: skip
