"""How far the coders of a round agreed before consensus, and whether enough was read."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resilens.agreement.sentences import sentences
from resilens.agreement.study_tables import code_table, facet_table, pair_table
from resilens.coding.rounds import rounds
from resilens.results.tables import shown
from resilens.web.access import FrozenRound
from resilens.web.visit import Coder

router = APIRouter()


@router.get("/agreement")
def index(visit: Coder) -> Response:
    """The rounds whose agreement may be seen."""
    independent = [one for one in rounds(visit.study.record) if one.mode == "independent"]
    seen = [one for one in independent if one.state == "revealed" or (one.state == "frozen" and visit.lead)]
    return visit.page("agreement/index.html", seen=seen, blind=[one for one in independent if one not in seen])


@router.get("/agreement/{round_id}")
def of_round(visit: Coder, asked: FrozenRound) -> Response:
    """The agreement of one round: paragraph, tables, saturation."""
    found = visit.desk.agreement(asked.id)
    tables = [made(found) for made in (facet_table, code_table, pair_table)] if found.codes else []
    return visit.page("agreement/round.html", round=asked, found=found, tables=tables, paragraph=sentences(found),
                      saturation=visit.desk.saturation(asked.id), shown=shown)  # fmt: skip
