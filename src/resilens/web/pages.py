"""How does a page come about? A template, the words of a language, and a few ways to show times, numbers and texts."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from resilens.record.clock import uuid7
from resilens.study.zones import zone
from resilens.web.build import build
from resilens.web.catalogue import LANGUAGES, say

if TYPE_CHECKING:
    from resilens.web.visit import Visit

TEMPLATES = Path(__file__).parent / "templates"

NAVIGATION = (
    ("collect", ("leads", "transcription", "screening")),
    ("code", ("coding", "rounds", "consensus", "codebook", "translations", "memos")),
    ("conclude", ("measures", "agreement", "claims", "search", "report")),
    ("protect", ("quoting", "redaction")),
)
"""The screens in the order of the work, by what is done there; the study itself comes first."""

OF_A_PACKET = (("code", ("coding",)),)


@cache
def environment() -> Environment:
    """The templates; what is captured is escaped, and a name that is missing is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"],
    )  # fmt: skip
    made.filters["number"] = number
    made.filters["path"] = partial(quote, safe="")
    made.globals |= {"to": to, "asset": asset, "once": once, "build": build, "languages": LANGUAGES}
    return made


def render(template: str, language: str, visit: Visit | None = None, **context: Any) -> str:
    """A template as a page in a language.

    Parameters
    ----------
    visit
        Whose page it is; None for pages that anybody may see.
    """
    here = zone(visit.study.study.study.zone) if visit else UTC
    packed = visit is not None and visit.study.folder.packed
    shared = {"t": partial(say, language=language), "language": language, "visit": visit,
              "when": partial(when, here=here), "navigation": OF_A_PACKET if packed else NAVIGATION}  # fmt: skip
    return environment().get_template(template).render(shared | context)


def to(path: str) -> str:
    """The address a form is sent to: it says which build the form is of."""
    return f"{path}{'&' if '?' in path else '?'}v={build()}"


def asset(name: str) -> str:
    """The address of a script or style."""
    return f"/static/{name}?v={build()}"


def once() -> Markup:
    """A hidden field with the id of the event that a form makes, so that sending it twice does it once."""
    return Markup('<input type="hidden" name="event" value="{}">').format(uuid7(datetime.now(UTC)))


def number(value: int | float | None) -> str:
    """`1,234`; a dash where there is none."""
    return "–" if value is None else f"{value:,}"


def when(moment: datetime | str | None, here: Any = UTC, precision: str = "minute") -> Markup:
    """A time in the study's zone, with UTC on hover; a day as it is; a dash where it is unknown."""
    if not moment:
        return Markup("–")
    if isinstance(moment, str) and len(moment) == len("2025-01-14"):
        return Markup('<time datetime="{0}">{0}</time>').format(moment)
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    shown = f"{at.astimezone(here):%Y-%m-%d}" if precision == "day" else f"{at.astimezone(here):%Y-%m-%d %H:%M}"
    universal = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(escape(universal), shown)
