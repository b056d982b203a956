"""What is or would be quoted, and what may be done with its words."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from starlette.responses import Response

from resilens.coding.quotable import standings
from resilens.coding.quoting import set_quoting, unset_quoting
from resilens.coding.sight import visible
from resilens.coding.translations import accepted_translations
from resilens.errors import Fault, InputError
from resilens.report.quoted import Quoted, quoted_items
from resilens.web.visit import Coder, EventId, Visit

router = APIRouter()

STATES = ("undecided", "unsaid", "paraphrase", "free", "do_not_quote")
WAITING = ("undecided", "unsaid")


def _quoted(visit: Visit) -> list[Quoted]:
    study = visit.study
    with visit.desk.corpus() as corpus:
        return quoted_items(study.folder, study.study, study.record, corpus, visit.desk.codebook(), visit.coder)


@router.get("/quoting")
def index(visit: Coder, item: str = "", state: str = "") -> Response:
    """The items that are or would be quoted, with one of them to be decided about; any captured item by its id."""
    found = _quoted(visit)
    counts = {name: sum(one.state == name for one in found) for name in STATES}
    shown = [one for one in found if state in ("", one.state)]
    names = [one.item_id for one in shown]
    current = item or _next(shown, "") or (names[0] if names else "")
    items = visit.desk.read([*names, *([current] if current else [])])
    place = names.index(current) if current in names else -1
    return visit.page(
        "quoting/index.html", shown=shown, items=items, counts=counts, total=len(found), state=state,
        current=_current(visit, found, current), accepted=_accepted(visit, current), words=items.get(current),
        before=names[place - 1] if place > 0 else "", after=names[place + 1] if 0 <= place < len(names) - 1 else "",
        query=lambda **more: urlencode({name: value for name, value in ({"state": state} | more).items() if value}),
    )  # fmt: skip


def _current(visit: Visit, found: list[Quoted], item: str) -> Quoted | None:
    """The item on the page; one that nothing quotes is looked up by itself."""
    known = next((one for one in found if one.item_id == item), None)
    if known is not None or not item:
        return known
    if not visit.desk.read([item]):
        raise InputError(Fault(f"{item!r} is no captured item", "item"))
    record = visit.study.record
    with visit.desk.corpus() as corpus:
        standing = standings(record, corpus, [item], visit.study.study.privacy.quoting, visible(record, visit.coder))
    return Quoted(item, (), standing[item])


def _accepted(visit: Visit, item: str) -> dict[str, str]:
    """The accepted translations of an item, by field."""
    texts = {one.item_id: one.fields for one in visit.desk.read([item] if item else []).values()}
    return {field: one.text for (_, field), one in accepted_translations(visit.study.record, texts).items()}


def _next(found: list[Quoted], item: str) -> str:
    """The next item behind this one that waits for a decision; empty where none does."""
    names = [one.item_id for one in found]
    here = names.index(item) + 1 if item in names else 0
    return next((one.item_id for one in found[here:] + found[:here] if one.state in WAITING), "")


@router.post("/quoting")
def decide(
    visit: Coder, event: EventId, item: Annotated[str, Form()], status: Annotated[str, Form()] = "",
    paraphrase: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = "", state: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Decide about an item, or take the decision back (`undecided`)."""
    study = visit.study
    with visit.desk.corpus() as corpus:
        if status == "undecided":
            unset_quoting(study.record, corpus, item, study.study.privacy.quoting, reason=reason, actor=visit.coder,
                          event_id=event)  # fmt: skip
        else:
            retold = paraphrase if status == "paraphrase" else ""
            set_quoting(study.record, corpus, item, status, paraphrase=retold, reason=reason, actor=visit.coder,
                        event_id=event)  # fmt: skip
    following = item if status == "undecided" else _next(_quoted(visit), item) or item
    return visit.to(f"/quoting?{urlencode({'item': following} | ({'state': state} if state else {}))}")
