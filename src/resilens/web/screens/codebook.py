"""The codebook: a tree of facets and codes, each code a page with what holds it, its history, and what is due."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from resilens.agreement.apa import unit
from resilens.agreement.assessing import Agreement
from resilens.agreement.code_agreement import agreement_on_code
from resilens.agreement.item_facts import facts_of
from resilens.coding.code_holdings import held, hidden_rounds, items_holding
from resilens.coding.code_looks import completed
from resilens.coding.code_tree import tree, walk
from resilens.coding.codebook import latest
from resilens.coding.codebook_editing import code_called
from resilens.coding.codebook_history import between, history, history_of
from resilens.coding.codes import Code
from resilens.coding.rounds import Round, rounds
from resilens.coding.word_diff import word_diff
from resilens.coding.worklist import worklist
from resilens.results.types import Description, Estimate
from resilens.web.screens import codebook_edits
from resilens.web.screens.codebook_pages import shown
from resilens.web.visit import Coder, Visit, local

router = APIRouter()

A_PAGE = 50
"""Items on a page of them."""


@router.get("/codebook")
def index(visit: Coder) -> Response:
    """The codebook as a whole."""
    book = visit.desk.codebook()
    plain = sum(one != other for one, other in zip(book.codes, completed(book).codes, strict=True))
    return shown(visit, "index", latest=latest(visit.study.record), due=_due(visit), plain=plain,
                 active=sum(code.active for code in book.codes))  # fmt: skip


@router.get("/codebook/-/history")
def versions(visit: Coder, earlier: int = 0, later: int = 0) -> Response:
    """Every version and what it changed, or what changed from one to another."""
    visit.desk.codebook()  # takes in a hand edit, which is a version too
    compared = between(visit.study.record, earlier, later) if earlier and later else None
    return shown(visit, "history", steps=history(visit.study.record), earlier=earlier, later=later,
                 compared=compared, word_diff=word_diff)  # fmt: skip


@router.get("/codebook/-/worklist")
def due(visit: Coder) -> Response:
    """Codings that need a second look."""
    visit.desk.codebook()  # takes in a hand edit, which may make codings due
    return shown(visit, "worklist", due=worklist(visit.study.record, visit.coder),
                 hidden=hidden_rounds(visit.study.record, visit.coder))  # fmt: skip


router.include_router(codebook_edits.router)


@router.get("/codebook/{code_id}")
def code(visit: Coder, code_id: str, back: str = "") -> Response:
    """One code."""
    book, record = visit.desk.codebook(), visit.study.record
    found = code_called(book, code_id)
    order = [node.code.id for facet in book.facets for node in walk(tree(book, facet.id))]
    place = order.index(code_id)
    counts = held(record, visit.coder, [code_id])
    return shown(
        visit, "code", code=found, back=local(back), above=_above(visit, found), anchors=visit.desk.read(found.anchors),
        before=order[place - 1] if place else "", after=order[place + 1] if place + 1 < len(order) else "",
        counts={round_id: [one for one in counts if one.round_id == round_id]
                for round_id in dict.fromkeys(one.round_id for one in counts)},
        decisions=held(record, visit.coder, [code_id], decisions=True), hidden=hidden_rounds(record, visit.coder),
        agreement=[(one, _agreement(visit, one, code_id)) for one in rounds(record) if _told(visit, one)],
        steps=history_of(record, code_id), due=worklist(record, visit.coder, code_id), word_diff=word_diff, apa=unit,
        estimate=Estimate, description=Description, nested=[one for one in book.codes if one.parent == code_id],
        heirs=[one for one in book.codes if one.merged_into == code_id],
    )  # fmt: skip


@router.get("/codebook/{code_id}/items")
def items(visit: Coder, code_id: str, round_id: str, coder: str, due: bool = False, page: int = 1) -> Response:
    """The items to which a coder gave the code in a round; of those that are due with `due`."""
    found, record = code_called(visit.desk.codebook(), code_id), visit.study.record
    waiting = [one for one in worklist(record, visit.coder, code_id) if (one.round_id, one.coder) == (round_id, coder)]
    since = waiting[0].since if due and waiting else ()
    ids = items_holding(record, visit.coder, code_id, round_id, coder, since)
    first = (max(page, 1) - 1) * A_PAGE
    read = visit.desk.read(ids[first : first + A_PAGE])
    return shown(visit, "items", code=found, round_id=round_id, coder=coder, ids=ids, first=first, due=due,
                 items=[read[one] for one in ids[first : first + A_PAGE] if one in read],
                 missing=[one for one in ids[first : first + A_PAGE] if one not in read],
                 more=first + A_PAGE < len(ids), page=max(page, 1))  # fmt: skip


def _due(visit: Visit) -> int:
    return sum(one.n for one in worklist(visit.study.record, visit.coder))


def _above(visit: Visit, found: Code) -> list[Code]:
    """The codes in which a code is nested, the outermost first."""
    book, above = visit.desk.codebook(), []
    while found.parent:
        found = book.code(found.parent)
        above.append(found)
    return above[::-1]


def _told(visit: Visit, one: Round) -> bool:
    """Whether the visitor may know the agreement in a round: of a frozen one the lead alone."""
    return one.mode == "independent" and (one.state == "revealed" or (one.state == "frozen" and visit.lead))


_kept: dict[tuple[Any, ...], Mapping[str, Agreement]] = {}
"""Agreement on codes in rounds that change no more; emptied when it has grown."""


def _agreement(visit: Visit, one: Round, code_id: str) -> Mapping[str, Agreement]:
    record, seed = visit.study.record, visit.study.study.study.seed
    key = (visit.study.folder.root, one.id, record.count("codings", round_id=one.id), code_id, seed)
    if key not in _kept:
        if len(_kept) > 1000:
            _kept.clear()
        with visit.desk.corpus() as corpus:

            def threads(items: Collection[str]) -> dict[str, str]:
                return {item: facts.thread for item, facts in facts_of(corpus, record, items).items()}

            _kept[key] = agreement_on_code(record, threads, code_id, one.id, seed=seed)
    return _kept[key]
