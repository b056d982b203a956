"""What the server is computing now, and how to stop it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from resilens.web.background import Background
from resilens.web.visit import Coder, Visit, local

router = APIRouter()


def background(visit: Visit) -> Background:
    """The server's one background."""
    found: Background = visit.request.app.state.background
    return found


@router.get("/jobs")
def job(visit: Coder, back: str = "/") -> Response:
    """The job that runs, or how the last one ended; the page's script asks again while it runs, then leads back."""
    return visit.page("jobs/job.html", job=background(visit).job, back=local(back) or "/")


@router.post("/jobs/stop")
def stop(visit: Coder, back: Annotated[str, Form()] = "/") -> Response:
    """Stop it at its next step."""
    background(visit).stop()
    return visit.to(f"/jobs?back={back}")
