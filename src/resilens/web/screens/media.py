"""Pictures and recordings as they were captured, for those who work in the study; pictures as bare pixels."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from starlette.responses import FileResponse, Response

from resilens.capture.media import media_file
from resilens.capture.pictures import kind_of, served, type_of
from resilens.web.visit import Coder

router = APIRouter()

KEPT = {"cache-control": "private, max-age=86400, immutable"}
"""A name is the hash of what it names, so that nothing is asked for twice; a day, so that what is forgotten goes."""

TYPES = {
    ".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/mp4", ".webm": "video/webm", ".mkv": "video/webm",
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".wav": "audio/wav", ".ogg": "audio/ogg", ".flac": "audio/flac",
}  # fmt: skip
"""What a recording is played as, by its ending; the browser is never asked to guess."""


@router.get("/media/{media_id}")
def media(visit: Coder, media_id: str, side: Annotated[int | None, Query(ge=16, le=4000)] = None) -> Response:
    """A picture, its longer side at most `side` pixels; or a recording, in parts where they are asked for."""
    path = media_file(visit.study.folder.media, media_id)
    kind = kind_of(path) if path else ""
    if path is None or kind not in ("image", "audio", "video"):
        raise HTTPException(404)
    if kind == "image":
        content = served(path, visit.t("common.picture"), side)
        return Response(content, media_type=type_of(content), headers=KEPT)
    known = TYPES.get(path.suffix.lower())
    return FileResponse(path, media_type=known or "application/octet-stream", headers=KEPT,
                        content_disposition_type="inline" if known else "attachment", filename=path.name)  # fmt: skip
