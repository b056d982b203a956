"""What do the researchers think while they read, and where do they stand themselves?"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from starlette.responses import Response

from resilens.claims.keeping import claims_of
from resilens.coding import memos
from resilens.coding.rounds import rounds
from resilens.web.visit import Coder, EventId, Visit

router = APIRouter()

Typed = Annotated[str, Form()]


@router.get("/memos")
def index(visit: Coder, type: str = "", about: str = "", by: str = "") -> Response:  # noqa: A002
    """The memos by type."""
    told = memos.memos(visit.study.record, visit.coder)
    shown = [memo for memo in told
             if type in ("", memo.type) and by in ("", memo.actor) and (not about or about in memo.about)]  # fmt: skip
    return visit.page("memos/index.html", told=told, shown=shown, types=memos.TYPES, type=type, about=about, by=by,
                      named=_named(visit))  # fmt: skip


@router.get("/memos/-/new")
def new(visit: Coder, type: str = "memo", about: str = "") -> Response:  # noqa: A002
    """A form for a new memo."""
    kind = type if type in (*memos.SHARED, *memos.IN_ROUND) else "memo"
    return _form(visit, None, kind, about.replace(",", "\n"))


@router.get("/memos/{memo_id}")
def one_memo(visit: Coder, memo_id: str) -> Response:
    """One memo."""
    memo = memos.memo_of(visit.study.record, memo_id, visit.coder)
    return visit.page("memos/memo.html", memo=memo, named=_named(visit))


@router.get("/memos/{memo_id}/edit")
def edit(visit: Coder, memo_id: str) -> Response:
    """A form for a memo of one's own."""
    memo = memos.own_memo(visit.study.record, memo_id, visit.coder)
    return _form(visit, memo, memo.type, "\n".join(memo.about))


def _form(visit: Visit, memo: memos.Memo | None, kind: str, about: str) -> Response:
    mine = [found for found in rounds(visit.study.record) if visit.coder in found.coders]
    return visit.page("memos/form.html", memo=memo, kind=kind, about=about, mine=mine, types=memos.SHARED,
                      in_round=memos.IN_ROUND, named=_named(visit))  # fmt: skip


@router.post("/memos")
def write(
    visit: Coder, event: EventId, text: Typed = "", title: Typed = "", about: Typed = "", memo: Typed = "",
    kind: Annotated[str, Form(alias="type")] = "memo", keep: Annotated[str, Form(alias="round")] = "",
) -> Response:  # fmt: skip
    """Write a memo, or change one's own."""
    found = memos.write(visit.study.record, text, visit.coder, type=kind, title=title, about=about.splitlines(),
                        round_id=keep, memo_id=memo, event_id=event)  # fmt: skip
    return visit.to(f"/memos/{quote(found.id, safe='')}")


@router.post("/memos/{memo_id}/remove")
def remove(visit: Coder, memo_id: str, event: EventId, reason: Typed = "") -> Response:
    """Take back a memo of one's own."""
    memos.remove(visit.study.record, memo_id, visit.coder, reason, event)
    return visit.to("/memos")


def _named(visit: Visit) -> dict[str, tuple[str, str]]:
    """What memos may be about besides items: by id, an address and a name."""
    chinese = visit.language == "zh"
    found = {code.id: (f"/codebook/{quote(code.id, safe='')}", (chinese and code.name_zh) or code.name)
             for code in visit.desk.codebook().codes}  # fmt: skip
    found |= {f"claim:{claim.id}": (f"/claims/{quote(claim.id, safe='')}", claim.text)
              for claim in claims_of(visit.study.record)}  # fmt: skip
    return found | {one.id: ("/rounds", one.title or one.id) for one in rounds(visit.study.record)}
