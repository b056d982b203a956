"""The coding screen: the rounds in which one codes, and what its script asks for; see `coding_answers`."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from resilens.coding.acts import perform_all
from resilens.coding.undoing import undo
from resilens.record.sqlite import StorageError
from resilens.web.access import CodersRound
from resilens.web.catalogue import catalogue
from resilens.web.coding_answers import done, overrule_for, overview, own_rounds, thread, undone, work_of
from resilens.web.visit import Coder

router = APIRouter()

NO_ROOM = 507
"""Insufficient storage: the script keeps its acts and asks again later."""


class Acts(BaseModel):
    """Acts to be done in their order; see `coding.acts`."""

    model_config = ConfigDict(extra="forbid")

    acts: list[dict[str, Any]]


class Undo(BaseModel):
    """An undo, under the identifier that the client made."""

    model_config = ConfigDict(extra="forbid")

    act: UUID


@router.get("/coding")
def index(visit: Coder) -> Response:
    """One's own rounds and how far one is in each."""
    return visit.page("coding/index.html", rounds=own_rounds(visit))


@router.get("/coding/{round_id}")
def coding(visit: Coder, asked: CodersRound) -> Response:
    """The screen itself; its script does the rest."""
    study_id = visit.request.app.state.sessions.cookie
    return visit.page("coding/round.html", round=asked, words=_words(visit.language), study_id=study_id)


@router.get("/api/coding/{round_id}")
def told_round(visit: Coder, asked: CodersRound) -> Response:
    """The round, its codebook, and what one reads in it."""
    return _json(overview(visit, asked))


@router.get("/api/coding/{round_id}/threads/{post_id:path}")
def told_thread(visit: Coder, asked: CodersRound, post_id: str) -> Response:
    """A thread with all that is shown on it."""
    return _json(thread(visit, asked, post_id))


@router.post("/api/coding/{round_id}/acts")
def act(visit: Coder, asked: CodersRound, body: Acts) -> Response:
    """Do acts; each is saved or refused by itself."""
    work = work_of(visit, asked)
    try:
        return _json(done(visit, work, perform_all(work, body.acts, partial(overrule_for, visit, asked))))
    except StorageError as error:
        return _not_stored(error)


@router.post("/api/coding/{round_id}/undo")
def take_back(visit: Coder, asked: CodersRound, body: Undo) -> Response:
    """Undo one's latest act that is not undone yet."""
    work = work_of(visit, asked)
    try:
        return _json(undone(visit, work, undo(work, body.act)))
    except StorageError as error:
        return _not_stored(error)


def _words(language: str) -> dict[str, str]:
    """The screen's words in a language, by their names; those of one thing as `NAME_one`."""
    found = {}
    for name, entry in catalogue().items():
        screen, _, key = name.partition(".")
        if screen == "coding":
            found[key] = entry.get(language) or entry["en"]
            if language == "en" and "en_one" in entry:
                found[f"{key}_one"] = entry["en_one"]
    return found


def _json(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


def _not_stored(error: StorageError) -> Response:
    faults = [{"message": fault.message, "where": fault.where} for fault in error.faults]
    return _json({"faults": faults}, NO_ROOM)
