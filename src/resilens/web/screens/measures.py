"""What was found: every measure with its sentence, figure, values and evidence, or the reason why there is none."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from resilens.errors import InputError
from resilens.results.tables import shown
from resilens.results.types import Undefined
from resilens.web.access import Findings
from resilens.web.screens.jobs import background

router = APIRouter()


@router.get("/measures")
def index(visit: Findings) -> Response:
    """All measures, as they were last computed, and which are out of date."""
    return visit.page("measures/index.html", kept=visit.study.kept_measures(), job=background(visit).job)


@router.get("/measures/{measure}")
def one_measure(visit: Findings, measure: str) -> Response:
    """One measure in full."""
    found = {one.measure.name: one for one in visit.study.kept_measures()}
    if measure not in found:
        raise InputError(f"there is no measure {measure!r}; there is {', '.join(found)}")
    kept = found[measure]
    values = kept.finding.estimates if kept.finding else {}
    return visit.page(
        "measures/measure.html", kept=kept, shown=shown,
        values={name: one for name, one in values.items() if not isinstance(one, Undefined)},
        undefined={name: one for name, one in values.items() if isinstance(one, Undefined)},
    )  # fmt: skip


@router.get("/measures/{measure}/figure.svg")
def figure(visit: Findings, measure: str) -> Response:
    """The figure of a measure, as it is kept in results/."""
    paths = {path.stem: path for path in visit.study.folder.measures.glob("*.svg")}
    if measure not in paths:
        raise InputError(f"the measure {measure!r} has no figure")
    return FileResponse(paths[measure], media_type="image/svg+xml")


@router.post("/measures")
def compute(visit: Findings) -> Response:
    """Compute what is out of date."""
    background(visit).start("measures.computing", visit.coder, lambda told: visit.study.measure(progress=told))
    return visit.to("/jobs?back=/measures")
