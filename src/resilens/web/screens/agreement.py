"""How far the coders of a round agreed before consensus, where they differ, and whether enough was read."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resilens.agreement.saturation.figure import growth_figure
from resilens.agreement.sentences import apa_table, paragraph, sentences
from resilens.agreement.study_tables import (
    code_table,
    disagreement_tables,
    facet_table,
    machine_table,
    pair_table,
    span_table,
)
from resilens.coding.rounds import rounds
from resilens.errors import InputError
from resilens.results.figures import on_dark, svg
from resilens.results.tables import shown
from resilens.web.access import FrozenRound
from resilens.web.visit import Coder

router = APIRouter()

TABLES = (facet_table, code_table, pair_table, span_table, machine_table)


@router.get("/agreement")
def index(visit: Coder) -> Response:
    """The rounds whose agreement may be seen."""
    independent = [one for one in rounds(visit.study.record) if one.mode == "independent"]
    seen = [one for one in independent if one.state == "revealed" or (one.state == "frozen" and visit.lead)]
    return visit.page("agreement/index.html", seen=seen, blind=[one for one in independent if one not in seen])


@router.get("/agreement/{round_id}")
def of_round(visit: Coder, asked: FrozenRound) -> Response:
    """The agreement of one round: paragraph, tables, disagreements, saturation."""
    found, grown = visit.desk.agreement(asked.id), visit.desk.saturation(asked.id)
    tables = [made(found) for made in TABLES] if found.judged.given else []
    return visit.page(
        "agreement/round.html", round=asked, found=found, sentences=sentences(found), apa=apa_table(found), shown=shown,
        tables=[table for table in tables if table.rows],
        differences=disagreement_tables(found) if found.differences else [],
        growth=paragraph(grown), growth_tables=list(grown.tables().values()) if grown.reading.threads else [],
    )  # fmt: skip


@router.get("/agreement/{round_id}/growth.svg")
def growth(visit: Coder, asked: FrozenRound, dark: bool = False) -> Response:
    """How the codes grew with the threads read."""
    grown = visit.desk.saturation(asked.id)
    if not grown.reading.threads:
        raise InputError(f"nobody coded in {asked.id}, so nothing grew")
    drawn = svg(growth_figure(grown.shown, synthetic=visit.study.study.study.synthetic))
    return Response(on_dark(drawn) if dark else drawn, media_type="image/svg+xml")
