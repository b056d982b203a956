"""The page of one item: in its thread, with what was coded, written, decided and concluded of it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from resilens.claims.about_item import about_item
from resilens.claims.leaning import sides
from resilens.coding.passages import quoted
from resilens.coding.rounds import rounds
from resilens.web.visit import Coder

router = APIRouter()


@router.get("/items/{item_id:path}")
def item(visit: Coder, item_id: str, whole: bool = False) -> Response:
    """An item as far as the visitor may be told of it; of a long thread all with `whole`."""
    study = visit.study
    with visit.desk.corpus() as corpus:
        about = about_item(study.record, corpus, item_id, visit.coder, study.study.privacy.quoting)
    sample = study.sampled_items()
    own = [found for found in rounds(study.record) if found.reads(visit.coder, item_id, sample)]
    return visit.page("items/item.html", about=about, thread=about.thread if whole else about.near(),
                      codebook=visit.desk.codebook(), rounds=own, quoted=quoted, sides=sides)  # fmt: skip
