"""Where does the study stand: what is done at each step, what is out of date, and what comes next?

Facts alone, for whoever looks: a blind round says nothing of others' codings, only who said that they are done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from resilens.coding.codings import final
from resilens.coding.rounds import Round, rounds
from resilens.pipeline import OpenStudy


@dataclass(frozen=True, slots=True)
class RoundStanding:
    """A round as one coder may know it.

    Parameters
    ----------
    round
        The round.
    mine, read, items
        Whether the viewer codes in it; how many items the viewer has read, and of how many.
    finished
        The coders who said that they are done.
    """

    round: Round
    mine: bool
    read: int
    items: int
    finished: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The chain of a study, step by step.

    Parameters
    ----------
    captures
        Files imported.
    corpus_stale, report_stale
        Why the corpus or the report is out of date, in words; empty where it is not; `report_built` false before the
        first.
    draw
        The name of the current draw; empty before the first.
    posts, comments
        Items of the draw.
    screened
        Posts decided at the screening desk, and comments chosen by hand.
    rounds
        Every round, in order.
    decided, unsettled
        Decisions of consensus; what the coders of revealed rounds still differ in.
    findings
        Measures with a kept finding.
    claims, leads
        How many there are.
    next
        The one next thing: `add`, `draw`, `round`, `code`, `freeze`, `reveal`, `consensus`, `measure`, `claim` or
        `report`.
    """

    captures: int
    corpus_stale: str
    draw: str
    posts: int
    comments: int
    screened: tuple[int, int]
    rounds: tuple[RoundStanding, ...]
    decided: int
    unsettled: int
    findings: int
    claims: int
    leads: int
    report_built: bool
    report_stale: str
    next: str


def unsettled(study: OpenStudy) -> int:
    """How much the coders of revealed rounds still differ in: what is missing until they settle it."""
    revealed = [one.id for one in rounds(study.record) if one.mode == "independent" and one.state == "revealed"]
    return sum(final(study.record, round_id=name).unresolved.num_rows for name in revealed)


def standing(study: OpenStudy, viewer: str, left: int) -> Standing:
    """Where a study stands, as `viewer` may know it; `left` is what `unsettled` says, which takes longest."""
    record = study.record
    draws = record.view("draws")
    sampled = study.sampled_items()
    found = round_standing(study, viewer)
    built = (study.folder.report / "index.html").exists()
    state = Standing(
        captures=record.count("captures"), corpus_stale=study.corpus_stale(), draw=draws[-1]["draw"] if draws else "",
        posts=sum(":p:" in item for item in sampled), comments=sum(":c:" in item for item in sampled),
        screened=(record.count("screening"), record.count("comment_choices")), rounds=found,
        decided=record.count("consensus"), unsettled=left, findings=len(list(study.folder.measures.glob("*.json"))),
        claims=record.count("claims"), leads=record.count("leads"), report_built=built,
        report_stale=study.report_stale() if built else "", next="",
    )  # fmt: skip
    return _with_next(state, viewer)


def round_standing(study: OpenStudy, viewer: str) -> tuple[RoundStanding, ...]:
    """Every round in order, as `viewer` may know it."""
    sampled = study.sampled_items()
    return tuple(_round(study, opened, viewer, sampled) for opened in rounds(study.record))


def _round(study: OpenStudy, opened: Round, viewer: str, sampled: Sequence[str]) -> RoundStanding:
    mine = viewer in opened.coders
    read = study.record.count("codings", "item_id", round_id=opened.id, coder=viewer) if mine else 0
    items = opened.assignments.get(viewer) or opened.items or sampled
    finished = tuple(study.record.distinct("finished", "coder", round_id=opened.id))
    return RoundStanding(opened, mine, read, len(items) if mine else 0, finished)


def _with_next(state: Standing, viewer: str) -> Standing:
    open_ = [one for one in state.rounds if one.round.open]
    waiting = [one for one in open_ if one.mine and viewer not in one.finished and one.read < one.items]
    frozen = [one for one in state.rounds if one.round.state == "frozen"]
    if not state.captures:
        step = "add"
    elif not state.draw:
        step = "draw"
    elif not state.rounds:
        step = "round"
    elif waiting:
        step = "code"
    elif open_:
        step = "freeze"
    elif frozen:
        step = "reveal"
    elif state.unsettled:
        step = "consensus"
    elif not state.findings:
        step = "measure"
    elif not state.claims:
        step = "claim"
    else:
        step = "report"
    return replace(state, next=step)
