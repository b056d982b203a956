"""A packet's own page: whose it is, how far one is, and how it goes home."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resilens.coding.packets import about_packet
from resilens.web.visit import Coder

router = APIRouter()


@router.get("/")
def home(visit: Coder) -> Response:
    """What this packet is."""
    path = visit.study.folder.record
    about = about_packet(path)
    read = visit.study.record.count("codings", "item_id", round_id=about.round_id, coder=about.coder)
    return visit.page("packet/index.html", about=about, name=path.name, read=read)
