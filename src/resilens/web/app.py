"""What does the workbench answer, and what does it say when something is wrong?

Every screen is a module of `screens/` with a `router`; here they are put together, behind `protection`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from resilens.errors import InputError
from resilens.web.background import Background
from resilens.web.build import build
from resilens.web.catalogue import LANGUAGES, say
from resilens.web.desk import Desk
from resilens.web.pages import render
from resilens.web.protection import Application, Protection
from resilens.web.sessions import DAYS, Sessions
from resilens.web.visit import LANGUAGE_COOKIE, NotAllowed, NotSignedIn, Visit, coder_visit, language_of, local

SCREENS = ("study", "leads", "transcription", "screening", "coding", "rounds", "consensus", "codebook", "translations",
           "memos", "measures", "agreement", "claims", "search", "report", "quoting", "redaction", "media",
           "items", "looks", "jobs")  # fmt: skip
"""The modules of `screens/`, each with a `router`."""

OF_A_PACKET = ("packet", "coding", "media", "looks")
"""The screens of a packet: its coder codes there, and does nothing else."""

STATIC = Path(__file__).parent / "static"


def application(desk: Desk, sessions: Sessions, port: int) -> Application:
    """The workbench of one study.

    Parameters
    ----------
    desk
        The open study.
    sessions
        Who is signed in.
    port
        Where it listens: it answers as `127.0.0.1`, `localhost` and `[::1]` with this port, and as nothing else.
    """
    screens = OF_A_PACKET if desk.study.folder.packed else SCREENS
    app = FastAPI(routes=_routes(screens), docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk, app.state.sessions, app.state.background = desk, sessions, Background()
    for kind, handler in ((InputError, _at_fault), (NotSignedIn, _not_signed_in), (NotAllowed, _not_allowed),
                          (RequestValidationError, _misread), (HTTPException, _not_there),
                          (Exception, _own_failure)):  # fmt: skip
        app.add_exception_handler(kind, handler)
    return Protection(app, [f"{host}:{port}" for host in ("127.0.0.1", "localhost", "[::1]")], build())


@cache
def _routes(screens: tuple[str, ...]) -> list[BaseRoute]:
    """What may be asked, put together once in a process: that takes longer than any page, and knows no study."""
    together = APIRouter()
    for name in filter(_there, screens):
        together.include_router(import_module(f"resilens.web.screens.{name}").router)
    together.add_api_route("/enter/{token}", enter, methods=["GET"])
    together.add_api_route("/language/{language}", choose_language, methods=["GET"])
    together.mount("/static", StaticFiles(directory=STATIC))
    return together.routes


def _there(name: str) -> bool:
    return find_spec(f"resilens.web.screens.{name}") is not None


def enter(request: Request, token: str) -> Response:
    """Exchange a link that works once for a cookie."""
    sessions: Sessions = request.app.state.sessions
    coder = sessions.enter(token)
    if coder is None:
        if sessions.coder(request.cookies):
            return RedirectResponse("/", 303)  # the link was used before, by this browser perhaps
        return _problem(request, 403, "common.link_used")
    answer = RedirectResponse("/", 303)
    answer.set_cookie(sessions.cookie, sessions.signed(coder), max_age=DAYS * 24 * 3600, httponly=True,
                      samesite="strict", path="/")  # fmt: skip
    return answer


def choose_language(request: Request, language: str, back: str = "/") -> Response:
    """Show the interface in another language from now on."""
    answer = RedirectResponse(local(back) or "/", 303)
    if language in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=365 * 24 * 3600, samesite="strict", path="/")
    return answer


def _problem(request: Request, status: int, name: str, **values: Any) -> Response:
    """Something is not as it should be, said by an entry of the catalogue."""
    return _faults(request, status, [{"message": say(name, language_of(request), **values), "where": ""}])


def _faults(request: Request, status: int, faults: list[dict[str, str]]) -> Response:
    if "x-resilens-script" in request.headers or request.url.path.startswith("/api/"):
        return JSONResponse({"faults": faults}, status)
    visit = None if status in (401, 500) else _visitor(request)
    sent = request.method != "GET"
    page = render("error.html", language_of(request), visit, faults=faults, status=status, sent=sent)
    return HTMLResponse(page, status)


def _visitor(request: Request) -> Visit | None:
    """Whoever is signed in, so that an error page has the way back to all others."""
    try:
        return coder_visit(request)
    except (NotSignedIn, InputError):
        return None


def _at_fault(request: Request, error: Any) -> Response:
    faults = [{"message": fault.message, "where": fault.where} for fault in error.faults]
    return _faults(request, 422, faults)


def _not_signed_in(request: Request, _error: Exception) -> Response:
    return _problem(request, 401, "common.not_signed_in")


def _not_allowed(request: Request, error: Any) -> Response:
    return _problem(request, 403, error.name, **error.values)


def _misread(request: Request, error: Any) -> Response:
    faults = [{"message": str(one["msg"]), "where": ".".join(map(str, one["loc"][1:]))} for one in error.errors()]
    return _faults(request, 422, faults)


def _not_there(request: Request, error: Any) -> Response:
    name = "common.not_there" if error.status_code == 404 else "common.not_answered"
    return _problem(request, error.status_code, name)


def _own_failure(request: Request, _error: Exception) -> Response:
    return _problem(request, 500, "common.own_failure")
