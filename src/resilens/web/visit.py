"""What does a route know of its request: the study, the coder, the language; and how does it answer?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from resilens.pipeline import OpenStudy
from resilens.web.catalogue import language_for, say
from resilens.web.desk import Desk
from resilens.web.pages import render

LANGUAGE_COOKIE = "resilens-language"

EventId = Annotated[UUID, Form()]
"""The field `event`: the id of the event a form makes, made with the form, so that sending it twice does it once."""


class NotSignedIn(Exception):
    """Nobody is signed in on this browser."""


class NotAllowed(Exception):
    """The coder may not do or see this; the argument is an entry of the catalogue, with its values."""

    def __init__(self, name: str, **values: Any) -> None:
        super().__init__(name)
        self.name, self.values = name, values


@dataclass(frozen=True, slots=True)
class Visit:
    """A request by a coder.

    Parameters
    ----------
    request
        The request.
    desk, study
        The server's desk, and the open study on it.
    coder
        Who is signed in.
    """

    request: Request
    desk: Desk
    study: OpenStudy
    coder: str

    @property
    def lead(self) -> bool:
        """Whether the coder leads the study; all do where it declares no lead."""
        leads = [coder.name for coder in self.study.study.coders if coder.lead]
        return not leads or self.coder in leads

    @property
    def language(self) -> str:
        return language_of(self.request)

    def t(self, name: str, **values: Any) -> str:
        """An entry of the catalogue in the visitor's language."""
        return say(name, self.language, **values)

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page made from a template."""
        return HTMLResponse(render(template, self.language, visit=self, **context), status)

    def to(self, path: str) -> Response:
        """Go on to another page of the workbench after a write."""
        return RedirectResponse(path, 303)


def local(back: str) -> str:
    """A path of this workbench to lead back to; empty for any other address."""
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else ""


def language_of(request: Request) -> str:
    return language_for(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))


def coder_visit(request: Request) -> Visit:
    """The visit of a signed-in coder of the study."""
    state = request.app.state
    coder, study = state.sessions.coder(request.cookies), state.desk.study
    if coder is None or coder not in [declared.name for declared in study.study.coders]:
        raise NotSignedIn
    return Visit(request, state.desk, study, coder)


Coder = Annotated[Visit, Depends(coder_visit)]
"""Any coder of the study."""


def lead_visit(visit: Coder) -> Visit:
    """The visit of the coder who leads the study."""
    if not visit.lead:
        raise NotAllowed("common.only_lead")
    return visit


Lead = Annotated[Visit, Depends(lead_visit)]
"""The coder who leads the study."""
