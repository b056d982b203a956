"""What is said of exchange: names, tables, figure, the sentence for the paper, and what must not be concluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from resilens.measures.directions import change_name, figure, found_of, label
from resilens.measures.exchange.replies import HEADS, pairs
from resilens.measures.exchange.structure import UNITS, structure_of
from resilens.measures.exchange.ties import INDEX, PERMUTATIONS, RANDOM
from resilens.measures.material import Material
from resilens.measures.shares import ALL, Share
from resilens.results.tables import count, counted, decimal, listing, share
from resilens.results.told import in_brief, told_share
from resilens.results.types import Description, Estimate, Result, Undefined

EARLY, LATE, CHANGE, AT_LEAST = "early", "late", "change", "at least"

DIFFERENCES = "Norms one way minus the other, and late minus early, in percentage points"
REPLIES = "Replies across groups"


def answered_name(unit: str, asked: str, by: str, part: str) -> str:
    return f"{unit} of {asked} answered by {by}, {part}"


def asymmetry_name(unit: str, a: str, b: str, part: str) -> str:
    of = "replies a head" if unit == HEADS else f"answered {unit}"
    return f"asymmetry of {of}, {a} over {b}: {part}"


def delay_name(unit: str, asked: str, by: str, *, came: bool = False) -> str:
    which = "answered " if came else ""
    return f"median hours until {by} answer: {which}{unit} of {asked}"


def difference_name(code: str, a: str, b: str, part: str) -> str:
    return f"{code}: {b} to {a} minus {a} to {b}, {part}"


def starts_name(group: str) -> str:
    return f"who starts: share of threads begun by {group}"


def norms_figure(material: Material, found: Sequence[Share]) -> tuple[Any, Any]:
    """Each norm in each period, one series for each way across groups; of comments, else of posts by group."""
    results, rows = found_of(found), []
    units = [unit for unit, _ in material.units()]
    unit = units[-1] if units else "comments"
    if unit == "comments":
        ways = [(f"{one} to {other}", f"{label(material, one)} to {label(material, other)}")
                for a, b in pairs(material) for one, other in ((b, a), (a, b))]  # fmt: skip
    else:
        ways = [(f"by {one}", label(material, one)) for one in dict.fromkeys(sum(pairs(material), ()))]
    spans = [one.name for one in material.periods] or [""]
    for code, name in dict.fromkeys((one.key, one.label) for one in found):
        for span in spans:
            for part, series in ways:
                result = results.get((code, unit, f"{part}, {span}" if span else part))
                if result is not None:
                    rows.append((f"{name}, {span}" if span else name, series, result))
    return figure(material, rows, f"Share of {unit}")


def method(material: Material) -> str:
    """How it was computed."""
    return (
        "Norms are shares of the comments read by who speaks to whom: the group of the comment's author and that of "
        "the author it answers. Replies were counted among all captured items of the threads read, coded or not. An "
        "item counts as answered by a group if one of its direct replies is by somebody of that group; only threads of "
        "which as many comments were captured as their post shows are used. Asymmetry is (r_ab - r_ba) / (r_ab + "
        "r_ba), with r_ab the share of a's items that b answers, posts and comments apart: above 0 where a is answered "
        "more; a head, it compares the replies that each group gives the other by each of its authors active in a "
        "thread. Median delays are by Kaplan-Meier, items watched until their thread was captured. "
        f"{_spans(material)}E-I is (external - internal) / (external + internal) over who answered whom, each two of a "
        f"thread once, against up to {PERMUTATIONS} permutations of groups among the commenters of a thread and week."
    )


def _spans(material: Material) -> str:
    if len(material.periods) < 2:
        return ""
    first, last = material.periods[0].name, material.periods[-1].name
    return f"Early is the period {first}, late {last}; an item belongs to the period in which it was published. "


def caption(material: Material) -> str:
    """What the figure shows."""
    return ("Share of comments that speak of an obligation, ask permission, keep the gate or address a peer, by who "
            f"speaks to whom and by period. {material.design_caption}").strip()  # fmt: skip


def cautions(material: Material) -> list[str]:
    """What the numbers do not say."""
    said = ["Who answers is seen only where both the item and the reply were still there when the thread was captured; "
            "who read without writing is not seen."]  # fmt: skip
    found = structure_of(material)
    if isinstance(found, Undefined):
        return said
    partly = int((~found.whole).sum())
    if partly:
        which = f"{counted(partly, 'thread').capitalize()} of {len(found.posts)} {'was' if partly == 1 else 'were'}"
        said.append(f"{which} not captured whole (fewer comments than the post shows, or no exact number shown); they "
                    "say nothing of items without a reply.")  # fmt: skip
    if partly and found.captured[found.whole].any():
        one, other = (float(np.median(found.captured[which])) for which in (found.whole, ~found.whole))
        said.append("Threads captured whole are not like the others: the median holds "
                    f"{count(round(one))} captured comments, that of the others {count(round(other))}.")  # fmt: skip
    return said


def sentence(material: Material, found: Sequence[Share], results: Mapping[str, Result]) -> str:
    """The norms across groups and what changed in them, then who is answered how often, early and late, and ties."""
    parts = (_norms(material, found), _changes(material, found, results), _replies(material, results), _ties(results))
    if said := " ".join(part for part in parts if part):
        return said
    answers = (results[answered_name(unit, *pairs(material)[0], ALL)] for unit in UNITS)
    reason = next((result.reason for result in answers if isinstance(result, Undefined)), "nothing was read")
    return f"Nothing can be said of exchange: {reason}."


def _norms(material: Material, found: Sequence[Share]) -> str:
    a, b = pairs(material)[0]
    results, said = found_of(found), []
    for code, name in dict.fromkeys((one.key, one.label) for one in found):
        down, up = (results.get((code, "comments", way)) for way in (f"{b} to {a}", f"{a} to {b}"))
        if down is not None and up is not None and not isinstance(down, Undefined) and not isinstance(up, Undefined):
            said.append(f"{name.lower()} in {in_brief(down, 'comment')} against {in_brief(up, 'comment')}")
    if not said:
        return ""
    return (f"Comments of {label(material, b)} to {label(material, a)}, against those the other way, showed, with 95% "
            f"intervals in brackets, {listing(said)}.")  # fmt: skip


def _changes(material: Material, found: Sequence[Share], results: Mapping[str, Result]) -> str:
    """The norms that changed beyond their interval."""
    if len(material.periods) < 2 or not found:
        return ""
    a, b = pairs(material)[0]
    shares, said, looked = found_of(found), [], False
    first, last = material.periods[0].name, material.periods[-1].name
    for code, name in dict.fromkeys((one.key, one.label) for one in found):
        for by, to in ((b, a), (a, b)):
            moved = results[change_name(code, "comments", f"{by} to {to}")]
            early, late = (shares.get((code, "comments", f"{by} to {to}, {span}")) for span in (first, last))
            if not isinstance(moved, Estimate) or not early or not late:
                continue
            looked = True
            if moved.low * moved.high > 0 and not isinstance(early, Undefined) and not isinstance(late, Undefined):
                verb = "rose" if moved.value > 0 else "fell"
                said.append(f"{name.lower()} from {label(material, by)} to {label(material, to)} {verb} from "
                            f"{share(early.value)} to {share(late.value)}")  # fmt: skip
    if not looked:
        return ""
    return f"Between {first} and {last}, {listing(said) or 'none of these changed beyond its interval'}."


def _replies(material: Material, results: Mapping[str, Result]) -> str:
    a, b = pairs(material)[0]
    one, other = label(material, a), label(material, b)
    said = []
    for unit in ("posts", "comments"):
        theirs, ours = (results[answered_name(unit, *way, ALL)] for way in ((a, b), (b, a)))
        if isinstance(theirs, Undefined) or isinstance(ours, Undefined):
            continue
        noun = unit.removesuffix("s")
        words = (f"{other} answered {told_share(theirs, noun, f'of {one}')}, {one} "
                 f"{told_share(ours, noun, f'of {other}')}")  # fmt: skip
        early, late = (results.get(asymmetry_name(unit, a, b, part)) for part in (EARLY, LATE))
        if early and late and not isinstance(early, Undefined) and not isinstance(late, Undefined):
            words += f" (asymmetry {_value(early)} early, {_value(late)} late)"
        said.append(words)
    return f"{'; '.join(said)}." if said else ""


def _ties(results: Mapping[str, Result]) -> str:
    ties, random = results[INDEX], results[RANDOM]
    if isinstance(ties, Undefined) or not isinstance(random, Estimate):
        return ""
    side = (
        "less often than"
        if ties.value < random.low
        else "more often than"
        if ties.value > random.high
        else "as often as"
    )
    return (f"Ties crossed groups {side} if groups fell at random among commenters (E-I {decimal(ties.value)}; at "
            f"random {decimal(random.low)} to {decimal(random.high)}).")  # fmt: skip


def _value(result: Estimate | Description) -> str:
    if isinstance(result, Description):
        return decimal(result.value)
    return f"{decimal(result.value)} [{decimal(result.low)}, {decimal(result.high)}]"
