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
    """The job that runs, or how the last one ended; the page asks again by itself while it runs."""
    found = background(visit).job
    answer = visit.page("jobs/job.html", job=found, back=local(back) or "/")
    if found and found.running:
        answer.headers["Refresh"] = "1"
    return answer


@router.post("/jobs/stop")
def stop(visit: Coder, back: Annotated[str, Form()] = "/") -> Response:
    """Stop it at its next step."""
    background(visit).stop()
    return visit.to(f"/jobs?back={back}")
