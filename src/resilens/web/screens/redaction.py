"""Pictures of the sample: what of each must not be seen, and which may leave."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import Response

from resilens.capture.media import media_file
from resilens.capture.pictures import size_of, type_of
from resilens.coding.quotable import standings
from resilens.coding.redaction import (
    COVERS,
    Pictured,
    boxes_of,
    pictures_of,
    redaction_of,
    set_redaction,
    undo_redaction,
    with_boxes,
)
from resilens.coding.sight import visible
from resilens.web.visit import Coder, EventId, Visit

router = APIRouter()

STATES = ("unseen", "begun", "complete", "withheld")
WAITING = ("unseen", "begun")

Numbers = Annotated[list[int], Form(default_factory=list)]
Kinds = Annotated[list[str], Form(default_factory=list)]


def _pictures(visit: Visit) -> list[Pictured]:
    return pictures_of(visit.study.record, visit.study.folder.media, visit.desk.threads().in_order())


@router.get("/redaction")
def index(visit: Coder, state: str = "") -> Response:
    """The pictures of the sample, or those of one state."""
    found = _pictures(visit)
    counts = {name: sum(one.redaction.state == name for one in found) for name in STATES}
    shown = [one for one in found if state in ("", one.redaction.state)]
    return visit.page("redaction/index.html", pictures=shown, counts=counts, total=len(found), state=state)


@router.get("/redaction/{media_id}")
def one(visit: Coder, media_id: str) -> Response:
    """One picture with its boxes."""
    path = media_file(visit.study.folder.media, media_id)
    if path is None:
        raise HTTPException(404)
    width, height = size_of(path, visit.t("common.picture"))
    found = _pictures(visit)
    names = [one.media_id for one in found]
    here = names.index(media_id) if media_id in names else -1
    items = visit.desk.read(found[here].items if here >= 0 else ())
    with visit.desk.corpus() as corpus:
        standing = standings(visit.study.record, corpus, items, visit.study.study.privacy.quoting,
                             visible(visit.study.record, visit.coder))  # fmt: skip
    return visit.page(
        "redaction/picture.html", media_id=media_id, width=width, height=height, items=items, standing=standing,
        redaction=redaction_of(visit.study.record, media_id), covers=COVERS, place=here + 1, total=len(names),
        before=names[here - 1] if here > 0 else "", after=names[here + 1] if 0 <= here < len(names) - 1 else "",
        waiting=sum(one.redaction.state in WAITING for one in found),
    )  # fmt: skip


@router.get("/redaction/{media_id}/picture")
def redacted(visit: Coder, media_id: str) -> Response:
    """The picture with its boxes burned in, as it would leave; never kept by the browser."""
    path = media_file(visit.study.folder.media, media_id)
    if path is None:
        raise HTTPException(404)
    content = with_boxes(redaction_of(visit.study.record, media_id), path)
    return Response(content, media_type=type_of(content))


@router.post("/redaction/{media_id}")
def decide(
    visit: Coder, media_id: str, event: EventId, x: Numbers, y: Numbers, w: Numbers, h: Numbers, covers: Kinds,
    decision: Annotated[str, Form()] = "save", reason: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Keep the boxes; say that they are all (`complete`), withhold the picture, or no longer."""
    boxes = boxes_of(zip(x, y, w, h, covers, strict=False))
    study = visit.study
    set_redaction(study.record, study.folder.media, media_id, boxes, complete=decision == "complete",
                  withheld=decision == "withhold", reason=reason, actor=visit.coder, event_id=event)  # fmt: skip
    return visit.to(f"/redaction/{media_id}" if decision in ("save", "lift") else _next(visit, media_id))


@router.post("/redaction/{media_id}/undo")
def undo(visit: Coder, media_id: str, event: EventId, reason: Annotated[str, Form()] = "") -> Response:
    """Take back the last decision about a picture."""
    undo_redaction(visit.study.record, media_id, reason=reason, actor=visit.coder, event_id=event)
    return visit.to(f"/redaction/{media_id}")


def _next(visit: Visit, media_id: str) -> str:
    """The next picture that nobody has finished looking at; the list where none is left."""
    found = _pictures(visit)
    names = [one.media_id for one in found]
    here = names.index(media_id) + 1 if media_id in names else 0
    waiting = [one.media_id for one in found[here:] + found[:here] if one.redaction.state in WAITING]
    return f"/redaction/{waiting[0]}" if waiting else "/redaction"
