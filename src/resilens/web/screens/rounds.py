"""Rounds of coding: which there are, and how the lead opens, freezes and reveals one."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from resilens.coding.round_plan import Plan, plan
from resilens.coding.rounds import freeze, next_name, open_round, reveal, round_of
from resilens.errors import Fault, InputError
from resilens.standing import round_standing
from resilens.web.visit import Coder, EventId, Lead, Visit

router = APIRouter()

Mode = Literal["independent", "joint"]
Typed = Annotated[str, Form()]
Names = Annotated[list[str], Form()]


@router.get("/rounds")
def index(visit: Coder) -> Response:
    """Every round with its state, as far as the visitor may know it."""
    sample = visit.study.sampled_items()
    return visit.page("rounds/index.html", rounds=round_standing(visit.study, visit.coder), sample=len(sample))


@router.get("/rounds/-/new")
def new(
    visit: Lead, round_id: str = "", mode: Mode = "independent", threads: str = "", overlap: str = "100",
    coders: Annotated[list[str] | None, Query()] = None, title: str = "", note: str = "",
) -> Response:  # fmt: skip
    """A form for a new round, with what the round would hold."""
    declared = [coder.name for coder in visit.study.study.coders]
    names = [name for name in coders if name in declared] if coders else declared
    asked = round_id or next_name(visit.study.record)
    planned, faults = None, list[Fault]()
    try:
        planned = _plan(visit, asked, names, threads, overlap)
    except InputError as error:
        faults += error.faults
    return visit.page("rounds/new.html", round_id=asked, mode=mode, threads=threads, overlap=overlap, names=names,
                      declared=declared, title=title, note=note, planned=planned, faults=faults)  # fmt: skip


@router.post("/rounds")
def open_(
    visit: Lead, event: EventId, round_id: Typed = "", mode: Annotated[Mode, Form()] = "independent",
    coders: Names = [], threads: Typed = "", overlap: Typed = "100", title: Typed = "", note: Typed = "",  # noqa: B006
) -> Response:  # fmt: skip
    """Open a round."""
    planned = _plan(visit, round_id, coders, threads, overlap)
    open_round(
        visit.study.record, round_id.strip(), mode, coders, visit.coder, items=planned.items, title=title, note=note,
        codebook_version=visit.desk.codebook_version(), assignments=planned.assignments, new=True, event_id=event,
    )  # fmt: skip
    return visit.to("/rounds")


@router.get("/rounds/{round_id}")
def one_round(visit: Coder, round_id: str) -> Response:
    """A round, and what freezing or revealing it would mean."""
    asked = round_of(visit.study.record, round_id)
    (standing,) = [one for one in round_standing(visit.study, visit.coder) if one.round.id == asked.id]
    return visit.page("rounds/round.html", standing=standing, sample=len(visit.study.sampled_items()))


@router.post("/rounds/{round_id}/freeze")
def freeze_(visit: Lead, round_id: str, event: EventId, reason: Typed = "") -> Response:
    """Freeze a round."""
    freeze(visit.study.record, round_id, visit.coder, reason, event_id=event)
    return visit.to(f"/rounds/{round_id}")


@router.post("/rounds/{round_id}/reveal")
def reveal_(visit: Lead, round_id: str, event: EventId, reason: Typed = "") -> Response:
    """Reveal a round."""
    reveal(visit.study.record, round_id, visit.coder, reason, event_id=event)
    return visit.to(f"/rounds/{round_id}")


def _plan(visit: Visit, round_id: str, coders: list[str], threads: str, overlap: str) -> Plan:
    """What the round would hold, by a form."""
    sample = set(visit.study.sampled_items())
    items = [item for item in visit.desk.threads().in_order() if item.item_id in sample]
    return plan(items, round_id.strip(), coders, visit.study.study.study.seed, *_numbers(threads, overlap))


def _numbers(threads: str, overlap: str) -> tuple[int | None, float]:
    """How many threads (None: all), and which share of them all read, as typed."""
    if threads.strip() and not threads.strip().isdecimal():
        raise InputError(f"{threads!r} is no number of threads; leave it empty for all")
    try:
        return int(threads) if threads.strip() else None, float(overlap.strip().rstrip("%") or 100) / 100
    except ValueError:
        raise InputError(f"{overlap!r} is no percentage; 100 lets all read all") from None
