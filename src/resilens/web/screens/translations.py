"""Titles and texts with their translations: side by side, one accepted with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, HTTPException
from starlette.responses import Response

from resilens.coding.translations import (
    FIELDS,
    Field,
    accept_translation,
    add_translation,
    fields,
    remove_translation,
    unaccept_translation,
)
from resilens.web.visit import Coder, EventId, Visit

router = APIRouter()

STATES = ("untranslated", "unaccepted", "outdated", "accepted")
REASONS = ("meaning", "tone", "wordplay", "reads", "only")
A_PAGE = 100

Typed = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which titles and texts are looked at; empty: all."""

    state: str = ""
    language: str = ""

    def of(self, every: list[Field]) -> list[Field]:
        return [one for one in every
                if self.state in ("", one.state) and self.language in ("", one.item.language or "?")]  # fmt: skip

    def query(self, **more: str) -> str:
        kept = {"state": self.state, "language": self.language} | more
        return urlencode({name: value for name, value in kept.items() if value})


def address(one: Field, looked: Filter) -> str:
    """The page of a title or text."""
    query = looked.query()
    return f"/translations/{one.field}/{quote(one.item.item_id, safe='')}" + (f"?{query}" if query else "")


def _filter(state: str = "", language: str = "") -> Filter:
    return Filter(state, language)


def _posted_filter(state: Typed = "", language_filter: Typed = "") -> Filter:
    return Filter(state, language_filter)


Looking = Annotated[Filter, Depends(_filter)]
Looked = Annotated[Filter, Depends(_posted_filter)]


def _fields(visit: Visit) -> list[Field]:
    return fields(visit.study.record, visit.desk.threads().in_order())


@router.get("/translations")
def index(visit: Coder, looked: Looking, page: int = 1) -> Response:
    """The titles and texts of the sample, by what is done about their translations and by their languages."""
    every = _fields(visit)
    shown = looked.of(every)
    pages = max((len(shown) - 1) // A_PAGE + 1, 1)
    page = min(max(page, 1), pages)
    counts = {name: sum(one.state == name for one in every) for name in STATES}
    spoken = sorted({one.item.language or "?" for one in every})
    return visit.page("translations/index.html", shown=shown[(page - 1) * A_PAGE : page * A_PAGE], n=len(shown),
                      page=page, pages=pages, counts=counts, spoken=spoken, total=len(every), looked=looked,
                      address=address)  # fmt: skip


@router.get("/translations/{field}/{item_id:path}")
def one(visit: Coder, field: str, item_id: str, looked: Looking) -> Response:
    """One title or text with its translations."""
    here, around = _here(visit, field, item_id), looked.of(_fields(visit))
    places = [(other.item.item_id, other.field) for other in around]
    place = places.index((item_id, field)) if (item_id, field) in places else -1
    return visit.page(
        "translations/field.html", here=here, marked=here.marked(), looked=looked, address=address, reasons=REASONS,
        engines=visit.study.record.distinct("translations", "engine"),
        before=around[place - 1] if place > 0 else None,
        after=around[place + 1] if 0 <= place < len(around) - 1 else None,
    )  # fmt: skip


def _here(visit: Visit, field: str, item_id: str) -> Field:
    items = visit.desk.read([item_id])
    found = fields(visit.study.record, items.values())
    known = next((one for one in found if one.field == field), None)
    if known is None and item_id in items and field in FIELDS and field in items[item_id].fields:
        return Field(items[item_id], field)
    if known is None:
        raise HTTPException(404)
    return known


@router.post("/translations/accept")
def accept(
    visit: Coder, event: EventId, looked: Looked, item: Typed, field: Typed, translation: Typed, usual: Typed = "",
    reason: Typed = "",
) -> Response:  # fmt: skip
    """Take one translation, for the reason that was written, or the usual one that was chosen; then on to the next."""
    with visit.desk.corpus() as corpus:
        accept_translation(visit.study.record, corpus, translation, reason.strip() or usual, actor=visit.coder,
                           event_id=event)  # fmt: skip
    return visit.to(_next(visit, item, field, looked))


def _next(visit: Visit, item: str, field: str, looked: Filter) -> str:
    """The next title or text that has translations and none accepted; this one where there is none."""
    every = _fields(visit)
    here = next((at for at, one in enumerate(every) if (one.item.item_id, one.field) == (item, field)), -1)
    waiting = [one for one in every[here + 1 :] + every[: here + 1] if one.state == "unaccepted"]
    same = Filter(looked.state, looked.language)
    found = Filter(language=looked.language).of(waiting)
    if found:
        return address(found[0], same)
    return f"/translations/{field}/{quote(item, safe='')}"


@router.post("/translations/unaccept")
def unaccept(visit: Coder, event: EventId, item: Typed, field: Typed) -> Response:
    """Take back which translation is accepted."""
    unaccept_translation(visit.study.record, item, field, actor=visit.coder, event_id=event)
    return visit.to(f"/translations/{field}/{quote(item, safe='')}")


@router.post("/translations/add")
def add(
    visit: Coder, event: EventId, item: Typed, field: Typed, text: Typed = "", engine: Typed = "", version: Typed = "",
    made_on: Typed = "", language: Typed = "",
) -> Response:  # fmt: skip
    """Enter a translation by hand."""
    with visit.desk.corpus() as corpus:
        add_translation(visit.study.record, corpus, item, field, text, engine=engine, version=version, made_on=made_on,
                        language=language, actor=visit.coder, event_id=event)  # fmt: skip
    return visit.to(f"/translations/{field}/{quote(item, safe='')}")


@router.post("/translations/remove")
def remove(visit: Coder, event: EventId, item: Typed, field: Typed, translation: Typed) -> Response:
    """Take a translation back."""
    remove_translation(visit.study.record, translation, actor=visit.coder, event_id=event)
    return visit.to(f"/translations/{field}/{quote(item, safe='')}")
