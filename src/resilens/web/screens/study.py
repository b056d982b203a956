"""The study's own page: the chain of steps, each with its state in words, and the one next thing to do."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resilens.standing import standing
from resilens.web.visit import Coder

router = APIRouter()


@router.get("/")
def home(visit: Coder) -> Response:
    """Where the study stands."""
    return visit.page("study/index.html", standing=standing(visit.study, visit.coder, visit.desk.unsettled()))
