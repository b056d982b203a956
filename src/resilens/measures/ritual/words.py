"""What is said of the ritual: its tables, the sentence for the paper, the method, and what must not be concluded."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from resilens.measures.material import Material
from resilens.measures.ritual import lift, motifs
from resilens.measures.ritual.completion import HORIZONS
from resilens.measures.ritual.steps import Ritual, receptions
from resilens.measures.shares import ends_of, why_no_interval
from resilens.results.tables import Column, Table, Value, counted, decimal, share
from resilens.results.told import told_share
from resilens.results.types import Description, Estimate, Result, Undefined

TRIBUTES, OTHERS = "tribute threads", "other newcomer threads"
WHOLE, LIFT = "captured whole", "lift of welcome by tribute"
BY_CHANCE, ANY_ORDER = "if tributes fell on any of the posts", "if comments came in any order"

_ENDS = (Column("value", "Share", "share"), Column("low", "From", "share"), Column("high", "To", "share"))
_COUNTS = (Column("threads", "Threads", "count"), Column("basis", "Basis"), Column("note", "Note"))


def hours_words(hours: int) -> str:
    """`1 hour`, `24 hours`."""
    return f"{hours} hour{'s' if hours > 1 else ''}"


def completion_name(hours: int, which: str) -> str:
    """The name of a completion among the estimates."""
    return f"completion within {hours_words(hours)}: {which} {WHOLE}"


def bound_name(hours: int) -> str:
    """The name of the lower bound of all tribute threads."""
    return f"completion within {hours_words(hours)}, at least: all {TRIBUTES}"


def cells(result: Result) -> list[Value]:
    """Value, ends of the interval, number, basis, and why something of it is missing."""
    if isinstance(result, Estimate):
        return [result.value, result.low, result.high, result.n_threads, result.basis, None]
    if isinstance(result, Description):
        return [result.value, None, None, result.n, "description", why_no_interval(result)]
    return [None, None, None, None, "undefined", result.reason]


def completion_table(found: Mapping[str, Result]) -> Table:
    """How soon which posts were welcomed."""
    rows: list[list[Value]] = []
    for hours in HORIZONS:
        for which in (TRIBUTES, OTHERS):
            rows.append([hours, f"{which} {WHOLE}", *cells(found[completion_name(hours, which)])])
        rows.append([hours, f"all {TRIBUTES}, at least", *cells(found[bound_name(hours)])])
    columns = (Column("hours", "Within hours", "count"), Column("of", "Of"), *_ENDS, *_COUNTS)
    return Table("Share of newcomers' posts welcomed within so many hours", columns, rows)


def steps_table(found: Mapping[str, Result]) -> Table:
    """How often each step was reached, and what is expected where order or label are left to chance."""
    rows: list[list[Value]] = []
    for name, result in found.items():
        if name.endswith((f"share of {TRIBUTES}", "share of newcomer posts")) or name == LIFT:
            chance = found.get(f"{name}, {BY_CHANCE if name == LIFT else ANY_ORDER}")
            ends = ends_of(chance) if chance else None
            p = found.get(f"{name}: p")
            rows.append([name, *cells(result), *(ends or (None, None, None)),
                         f"{p.value:.4f}" if isinstance(p, Description) else None])  # fmt: skip
    chance_columns = (Column("chance", "By chance", "share"), Column("chance_low", "From", "share"),
                      Column("chance_high", "To", "share"), Column("p", "p"))  # fmt: skip
    return Table("Steps of the ritual, and what chance alone would give", (Column("what", "Step"), *_ENDS, *_COUNTS,
                 *chance_columns), rows)  # fmt: skip


def sentence(found: Mapping[str, Result]) -> str:
    """How soon tributes were welcomed, how much more often than others, and whether thanks followed."""
    said = []
    tributes, others = (found[completion_name(24, which)] for which in (TRIBUTES, OTHERS))
    if isinstance(tributes, Undefined):
        bound = found[bound_name(24)]
        if not isinstance(bound, Undefined):
            lead = "at least " if 0 < bound.value < 1 else ""
            words = f"{lead}{told_share(bound, 'tribute post', 'read')} had been welcomed by the other group"
            said.append(f"{words[0].upper()}{words[1:]} within 24 hours; in threads not read whole a welcome may be "
                        "missing.")  # fmt: skip
    else:
        whole = "whose threads were captured and read whole"
        words = f"Within 24 hours {told_share(tributes, 'tribute post', whole)} had been welcomed by the other group"
        if not isinstance(others, Undefined):
            words += f", and {told_share(others, 'other post', 'by newcomers')}"
        said.append(f"{words}.")
    more = "; ".join([*_lift_words(found), *_chain_words(found)])
    if more:
        said.append(f"{more[0].upper()}{more[1:]}.")
    return " ".join(said) or "How soon a tribute was welcomed cannot be told from what was captured and read."


def _lift_words(found: Mapping[str, Result]) -> list[str]:
    raised, p = found[LIFT], found[f"{LIFT}: p"]
    if isinstance(raised, Undefined) or not isinstance(p, Description):
        return []
    ends = ""
    if isinstance(raised, Estimate):
        ends = f"{raised.level:.0%} interval {_points(raised.low)} to {_points(raised.high)}; "
    beside = "set beside other posts by newcomers of the same day with about as many comments, a tribute was welcomed"
    told = f"{_points(raised.value)} percentage points ({ends}{_p(p.value)})"
    if p.value > 0.05:
        return [f"{beside} neither more nor less often than chance would have it: the difference is {told}"]
    return [f"{beside} {'more' if raised.value >= 0 else 'less'} often: the difference is {told}"]


def _chain_words(found: Mapping[str, Result]) -> list[str]:
    name = f"{motifs.CHAINS[3]}: share of {TRIBUTES}"
    chain, chance, p = found[name], found.get(f"{name}, {ANY_ORDER}"), found.get(f"{name}: p")
    if isinstance(chain, Undefined):
        return []
    words = f"thanks followed a welcome in {told_share(chain, 'tribute thread', 'read')}"
    if isinstance(chance, Estimate) and isinstance(p, Description):
        words += f", where comments in random order would give {share(chance.value)} ({_p(p.value)})"
    return [words]


def _points(value: float) -> str:
    return decimal(100 * value, 1)


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def method(given: lift.Compared) -> str:
    """How it was computed."""
    return (
        "A tribute is a newcomer's post; it is completed by the first captured comment of the other group coded "
        "welcome or receipt. The share completed within so many hours is one minus the Kaplan-Meier curve, a thread "
        "being watched until its last capture, or until the first comment that might be a welcome but on which coders "
        "did not agree, and only threads captured and read whole being used; of all threads it is a lower bound. "
        "The lift is the Mantel-Haenszel difference over cells of day and quartile of the number of comments read "
        f"({counted(len(given.posts), 'post')} could be compared, {given.left_out:,} could not); its null permutes the "
        "tribute labels within cells. A chain is tribute, welcome, thanks, welcome, in this order with anything "
        "between; its null permutes the comments of each thread, the post staying first."
    )


def cautions(material: Material, ritual: Ritual, given: lift.Compared) -> tuple[str, ...]:
    """What a reader must not miss."""
    tribute = ritual.tribute.there
    usable = tribute & ritual.whole & ritual.timed
    said = []
    if usable.sum() < tribute.sum():
        words = (f"{counted(int(usable.sum()), 'tribute thread')} of {int(tribute.sum())} were captured and read whole "
                 "with times known to the hour")  # fmt: skip
        rest = tribute & ~usable
        if usable.any():
            sizes = [decimal(float(np.median(ritual.comments[which])), 0) for which in (usable, rest)]
            words += f"; the median number of comments read is {sizes[0]} in these and {sizes[1]} in the others"
        said.append(f"{words}. In the others an earlier welcome may not have been read: their completion is a lower "
                    "bound.")  # fmt: skip
    open_ = int((~receptions(material, material.comments).known).sum())
    if open_:
        said.append(f"On {counted(open_, 'comment')} of the other group it is unresolved whether it is a welcome or "
                    "receipt; it does not count, so that completion is rather too low.")  # fmt: skip
    said.append(f"The lift compares the {counted(len(given.posts), 'post')} of {len(ritual.posts)} by newcomers that "
                "share day and number of comments with one of the other kind. Nobody was told by lot to pay a tribute, "
                "so it is no proof that the tribute brought the welcome.")  # fmt: skip
    said.append("A welcome by like carries no time and is not seen here, nor is what was removed before the first "
                "capture.")  # fmt: skip
    if material.group_caution:
        said.append(material.group_caution)
    return tuple(said)
