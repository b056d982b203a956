"""The transcription desk: screenshots and recordings are typed into posts and comments, and checked by another."""

from __future__ import annotations

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, UploadFile
from pydantic import BaseModel
from starlette.responses import Response

from resilens.capture import transcribing, transcription_drafts
from resilens.capture.attaching import attach, shown_as
from resilens.capture.counts import parse_count
from resilens.capture.transcription import OF_COMMENTS, Transcription, Typed
from resilens.corpus.schema import COUNTS, PLATFORMS, item_id
from resilens.errors import InputError
from resilens.web.visit import Coder, EventId, Visit

router = APIRouter()

SHOWN = 60
"""Pictures that wait to be transcribed, on one page."""

_TAGS = re.compile(r"[#,，、;；\n]+|\s+(?=#)")
Several = Annotated[list[str], Form()]
Files = list[UploadFile]


class Sheet(BaseModel):
    """What the desk's form holds; the fields of the comments stand side by side, one of each for a comment."""

    event: UUID
    do: str = "keep"
    platform: str = ""
    zone: str = ""
    captured_at: str = ""
    sources: list[str] = []
    corrects: str = ""
    last: int = 0
    id: str = ""
    url: str = ""
    author: str = ""
    time: str = ""
    location: str = ""
    title: str = ""
    text: str = ""
    hashtags: str = ""
    media: str = ""
    likes: str = ""
    comments: str = ""
    bookmarks: str = ""
    shares: str = ""
    views: str = ""
    entry: list[int] = []
    answers: list[int] = []
    comment_id: list[str] = []
    comment_author: list[str] = []
    comment_time: list[str] = []
    comment_location: list[str] = []
    comment_text: list[str] = []
    comment_likes: list[str] = []
    comment_replies: list[str] = []
    comment_media: list[str] = []

    def typed(self, key: str, coder: str) -> Transcription:
        """The transcription that the form holds.

        Raises
        ------
        InputError
            If fields of comments are missing.
        """
        columns = (self.entry, self.answers, self.comment_id, self.comment_author, self.comment_time,
                   self.comment_location, self.comment_text, self.comment_likes, self.comment_replies,
                   self.comment_media)  # fmt: skip
        if len({len(column) for column in columns}) > 1:
            raise InputError("a part of the form is missing, so nothing was changed; reload the page")
        comments = tuple(
            Typed(entry, id_, author, time, location, text=text, answers=answers, media=_lines(media),
                  counts=dict(zip(OF_COMMENTS, (likes, replies), strict=True)))
            for entry, answers, id_, author, time, location, text, likes, replies, media in zip(*columns, strict=True)
        )  # fmt: skip
        post = Typed(
            0, self.id, self.author, self.time, self.location, self.title, self.text, _listed(self.hashtags),
            {name: getattr(self, name) for name in COUNTS}, self.url, _lines(self.media),
        )  # fmt: skip
        return Transcription(key, self.platform, self.zone, self.captured_at, tuple(self.sources), coder, self.corrects,
                             post, comments, self.last)  # fmt: skip


@router.get("/transcription")
def index(visit: Coder) -> Response:
    """What was transcribed, what is being typed, and what waits."""
    folder, waiting = visit.study.folder, transcribing.waiting(visit.study)
    return visit.page(
        "transcription/index.html", kept=transcribing.transcriptions(visit.study), waiting=len(waiting),
        pictures=[(one, shown_as(folder, one)) for one in waiting[:SHOWN]], platforms=PLATFORMS,
        drafts=transcription_drafts.drafts(folder, actor=visit.coder),
    )  # fmt: skip


@router.post("/transcription")
def begin(
    visit: Coder, event: EventId, platform: Annotated[str, Form()] = "rednote", sources: Several = [],  # noqa: B006
    files: Files = [],  # noqa: B006
) -> Response:  # fmt: skip
    """Begin to type what pictures show."""
    begun = transcription_drafts.begin(
        visit.study.folder, actor=visit.coder, zone=visit.study.study.study.zone, platform=platform,
        sources=(*sources, *_attached(visit, files)), event_id=event,
    )  # fmt: skip
    return visit.to(f"/transcription/drafts/{begun.key}")


@router.get("/transcription/drafts/{draft_id}")
def desk(visit: Coder, draft_id: str, at: int = -1) -> Response:
    """The pictures at the left, what they show typed at the right."""
    held = transcription_drafts.draft_of(visit.study.folder, draft_id, actor=visit.coder)
    return visit.page("transcription/desk.html", typed=held, at=at, platforms=PLATFORMS, counts=COUNTS,
                      of_comments=OF_COMMENTS, **_seen(visit, held))  # fmt: skip


@router.post("/transcription/drafts/{draft_id}")
def write(visit: Coder, draft_id: str, sheet: Annotated[Sheet, Form()]) -> Response:
    """Keep what is typed, add or take out a comment, or save it all as a capture."""
    typed, folder = sheet.typed(draft_id, visit.coder), visit.study.folder
    if sheet.do == "save":
        typed = transcription_drafts.merged(folder, typed)
        kept = transcribing.save(visit.study, typed, actor=visit.coder, event_id=sheet.event)
        return visit.to(f"/transcription/{kept.capture_id}")
    transcription_drafts.draft_of(folder, draft_id, actor=visit.coder)
    act, _, number = sheet.do.partition("-")
    entry = int(number) if number.isdecimal() else 0
    if act == "add":
        typed = typed.with_comment(entry)
    elif act == "remove":
        typed = typed.without_comment(entry)
    transcription_drafts.write(folder, typed)
    if sheet.do == "autosave":
        return Response(status_code=204)
    return visit.to(f"/transcription/drafts/{draft_id}" + (f"?at={typed.last}" if act == "add" else ""))


@router.post("/transcription/drafts/{draft_id}/pictures")
def pictures(
    visit: Coder, draft_id: str, event: EventId, files: Files = [],  # noqa: B006
    out: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Lay more pictures beside a draft, or take one away."""
    more = _attached(visit, files)
    transcription_drafts.lay(visit.study.folder, draft_id, actor=visit.coder, pictures=more, away=out)
    return visit.to(f"/transcription/drafts/{draft_id}")


@router.post("/transcription/drafts/{draft_id}/discard")
def discard(visit: Coder, draft_id: str, event: EventId) -> Response:
    """Throw a draft away."""
    transcription_drafts.draft_of(visit.study.folder, draft_id, actor=visit.coder)
    transcription_drafts.discard(visit.study.folder, draft_id)
    return visit.to("/transcription")


@router.get("/transcription/{capture_id}")
def one(visit: Coder, capture_id: str) -> Response:
    """A transcription beside its pictures, to be compared."""
    kept = transcribing.transcription_of(visit.study, capture_id)
    return visit.page("transcription/one.html", kept=kept, typed=kept.content, counts=COUNTS, of_comments=OF_COMMENTS,
                      **_seen(visit, kept.content))  # fmt: skip


@router.post("/transcription/{capture_id}/check")
def check(
    visit: Coder, capture_id: str, event: EventId, verdict: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Say that it agrees with its pictures, or where it differs."""
    transcribing.check(visit.study, capture_id, verdict, note, actor=visit.coder, event_id=event)
    return visit.to(f"/transcription/{capture_id}")


@router.post("/transcription/{capture_id}/correct")
def correct(visit: Coder, capture_id: str, event: EventId) -> Response:
    """Begin a correction with all that was typed."""
    begun = transcribing.correction(visit.study, capture_id, actor=visit.coder)
    return visit.to(f"/transcription/drafts/{begun.key}")


def _attached(visit: Visit, files: Files) -> list[str]:
    return [attach(visit.study, file.file, file.filename, visit.coder) for file in files if file.filename]


def _listed(written: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, _TAGS.split(written))))


def _lines(written: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, written.split("\n"))))


def _seen(visit: Visit, typed: Transcription) -> dict[str, Any]:
    """What both pages show of a transcription: its pictures by kind, counts as they are read, ids in the study."""
    return {
        "pictures": [(one, shown_as(visit.study.folder, one)) for one in typed.sources], "read": parse_count,
        "item_id": lambda entry: item_id(typed.platform, "c" if entry else "p", typed.native(entry)),
    }  # fmt: skip
