"""Leads and the diary of observation: what was seen without taking part, where, when, and by whom."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, UploadFile
from starlette.responses import Response

from resilens.capture.attaching import attach, shown_as
from resilens.coding import diary
from resilens.coding import leads as noted
from resilens.coding.diary import Observation
from resilens.coding.leads import Lead, Seen
from resilens.coding.threads import Item
from resilens.web.visit import Coder, EventId, Visit

router = APIRouter()

Typed = Annotated[str, Form()]
Several = Annotated[list[str], Form()]
_LISTED = re.compile(r"[\s,，、;；]+")
_TAGS = re.compile(r"[,，、;；\n]+|\s+(?=#)")


def seen(
    visit: Coder, box: Typed = "", text: Typed = "", where: Typed = "", seen_at: Typed = "", link: Typed = "",
    pasted: Typed = "", kept: Typed = "", tags: Typed = "", items: Typed = "", codes: Several = [],  # noqa: B006
    file: UploadFile | None = None,
) -> Seen:  # fmt: skip
    """The lead that a form states; a file that came with it is kept first."""
    found, copied = noted.told_apart(box)
    if file is not None and file.filename:
        kept = attach(visit.study, file.file, file.filename, visit.coder)
    return Seen(text, where, seen_at, link or found, pasted or copied, kept, _TAGS.split(tags), _LISTED.split(items),
                codes)  # fmt: skip


def observed(
    text: Typed = "", began_at: Typed = "", ended_at: Typed = "", observer: Typed = "", account: Typed = "",
    channel: Typed = "", query: Typed = "", leads: Typed = "",
) -> Observation:  # fmt: skip
    """The entry of the diary that a form states."""
    return Observation(text, began_at, ended_at, observer, account, channel, query, _LISTED.split(leads))


Stated = Annotated[Seen, Depends(seen)]
Observed = Annotated[Observation, Depends(observed)]


@router.get("/leads")
def index(visit: Coder, tag: str = "", where: str = "", by: str = "") -> Response:
    """The leads, and the diary beside them."""
    every = noted.leads_of(visit.study.record)
    entries = diary.diary_of(visit.study.record)
    found = noted.leads_of(visit.study.record, tag=tag, where=where, by=by)
    narrow = [one for one in entries if where in ("", one.channel) and by in ("", one.observer)]
    return visit.page(
        "leads/index.html", leads=found, total=len(every), entries=narrow, tag=tag, where=where, by=by,
        tags=sorted({name for lead in every for name in lead.tags}),
        channels=sorted({lead.where for lead in every} | {one.channel for one in entries} - {""}),
        people=sorted({lead.noted_by for lead in every} | {one.observer for one in entries}),
        codebook=visit.desk.codebook(), **_beside(visit, found),
    )  # fmt: skip


@router.post("/leads")
def note(visit: Coder, event: EventId, stated: Stated) -> Response:
    """Note a lead."""
    noted.note_lead(visit.study, stated, actor=visit.coder, event_id=event)
    return visit.to("/leads")


@router.post("/leads/diary")
def note_entry(visit: Coder, event: EventId, stated: Observed) -> Response:
    """Put an entry into the diary."""
    diary.note_entry(visit.study.record, stated, _zone(visit), actor=visit.coder, event_id=event)
    return visit.to("/leads")


@router.get("/leads/diary/{entry_id}")
def entry(visit: Coder, entry_id: str) -> Response:
    """One entry of the diary, to be changed or taken back."""
    return visit.page("leads/entry.html", entry=diary.entry_of(visit.study.record, entry_id),
                      channels=_channels(visit))  # fmt: skip


@router.post("/leads/diary/{entry_id}")
def change_entry(visit: Coder, entry_id: str, event: EventId, stated: Observed) -> Response:
    """State an entry of the diary anew."""
    diary.change_entry(visit.study.record, entry_id, stated, _zone(visit), actor=visit.coder, event_id=event)
    return visit.to("/leads")


@router.post("/leads/diary/{entry_id}/remove")
def remove_entry(visit: Coder, entry_id: str, event: EventId, reason: Typed = "") -> Response:
    """Take an entry of the diary back."""
    diary.remove_entry(visit.study.record, entry_id, actor=visit.coder, reason=reason, event_id=event)
    return visit.to("/leads")


@router.get("/leads/{lead_id}")
def lead(visit: Coder, lead_id: str) -> Response:
    """One lead, to be changed or taken back."""
    found = noted.lead_of(visit.study.record, lead_id)
    return visit.page("leads/lead.html", lead=found, channels=_channels(visit), codebook=visit.desk.codebook(),
                      entries=[one for one in diary.diary_of(visit.study.record) if lead_id in one.leads],
                      **_beside(visit, [found]))  # fmt: skip


@router.post("/leads/{lead_id}")
def change(visit: Coder, lead_id: str, event: EventId, stated: Stated) -> Response:
    """State a lead anew."""
    noted.change_lead(visit.study, lead_id, stated, actor=visit.coder, event_id=event)
    return visit.to("/leads")


@router.post("/leads/{lead_id}/remove")
def remove(visit: Coder, lead_id: str, event: EventId, reason: Typed = "") -> Response:
    """Take a lead back."""
    noted.remove_lead(visit.study.record, lead_id, actor=visit.coder, reason=reason, event_id=event)
    return visit.to("/leads")


def _beside(visit: Visit, leads: list[Lead]) -> dict[str, Any]:
    """What stands at the side of leads: the linked items, the items of the sample they speak of, kinds of files."""
    linked = visit.desk.read({name for lead in leads for name in lead.items})
    sample = visit.desk.threads()
    matched: dict[str, list[Item]] = {}
    for item_id, matching in noted.matching(leads, sample.in_order()).items():
        for one in matching:
            if item_id not in one.items and (item := sample.item(item_id)):
                matched.setdefault(one.lead_id, []).append(item)
    kinds = {lead.file: shown_as(visit.study.folder, lead.file) for lead in leads if lead.file}
    return {"linked": linked, "matched": matched, "kinds": kinds}


def _channels(visit: Visit) -> list[str]:
    record = visit.study.record
    return sorted({*record.distinct("leads", "where"), *record.distinct("diary", "channel")} - {"", None})


def _zone(visit: Visit) -> str:
    return visit.study.study.study.zone
