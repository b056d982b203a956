"""What was found: every measure with its sentence, figure, values and evidence, or the reason why there is none."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resilens.errors import InputError
from resilens.results.figures import on_dark
from resilens.results.tables import shown
from resilens.results.types import Undefined
from resilens.web.access import Findings
from resilens.web.screens.jobs import background

router = APIRouter()

PAGE = 10
"""Items of the evidence on a page."""


@router.get("/measures")
def index(visit: Findings) -> Response:
    """All measures, as they were last computed, and which are out of date."""
    return visit.page("measures/index.html", kept=visit.study.kept_measures(), job=background(visit).job)


@router.get("/measures/{measure}")
def one_measure(visit: Findings, measure: str, page: int = 0) -> Response:
    """One measure in full, with a page of its evidence."""
    found = {one.measure.name: one for one in visit.study.kept_measures()}
    if measure not in found:
        raise InputError(f"there is no measure {measure!r}; there is {', '.join(found)}")
    kept = found[measure]
    values = kept.finding.estimates if kept.finding else {}
    evidence = kept.finding.evidence if kept.finding else ()
    last = max(0, len(evidence) - 1) // PAGE
    page = min(max(0, page), last)
    shown_items = list(evidence[page * PAGE : (page + 1) * PAGE])
    return visit.page(
        "measures/measure.html", kept=kept, shown=shown, evidence=shown_items, items=visit.desk.read(shown_items),
        page=page, last=last, job=background(visit).job,
        values={name: one for name, one in values.items() if not isinstance(one, Undefined)},
        undefined={name: one for name, one in values.items() if isinstance(one, Undefined)},
    )  # fmt: skip


@router.get("/measures/{measure}/figure.svg")
def figure(visit: Findings, measure: str, dark: bool = False) -> Response:
    """The figure of a measure, as it is kept in results/; with light ink for a dark page."""
    paths = {path.stem: path for path in visit.study.folder.measures.glob("*.svg")}
    if measure not in paths:
        raise InputError(f"the measure {measure!r} has no figure")
    drawn = paths[measure].read_text("utf-8")
    return Response(on_dark(drawn) if dark else drawn, media_type="image/svg+xml")


@router.post("/measures")
def compute(visit: Findings) -> Response:
    """Compute what is out of date."""
    background(visit).start("measures.computing", visit.coder, lambda told: visit.study.measure(progress=told))
    return visit.to("/jobs?back=/measures")
