"""Where do coders differ once a round is revealed, what is decided, and who changed their mind?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from resilens.claims.leaning import claims_on
from resilens.coding import consensus, memos
from resilens.coding.codings import Unit
from resilens.coding.consensus import REASONS, Words
from resilens.coding.consequence import Filter, around, bar
from resilens.coding.differences import Difference, decided, on_item, units
from resilens.coding.rounds import Round, rounds
from resilens.coding.showing import shown, texts_of
from resilens.coding.threads import Item
from resilens.web.access import RevealedRound
from resilens.web.visit import Coder, EventId, Visit

router = APIRouter()

A_PAGE = 100
KEYS = {"misread": "m", "definition_unclear": "d", "both_valid": "v", "context_missed": "x", "new_code": "w",
        "other": "r"}  # fmt: skip
"""Which key decides, and with which reason."""

assert KEYS.keys() == REASONS.keys()

Typed = Annotated[str, Form()]
Several = Annotated[list[str], Form()]


@dataclass(frozen=True, slots=True)
class Look:
    """What a page's address says: which differences are looked at, where one is, and what was decided last."""

    filter: Filter
    unit: str = ""
    second: str = ""
    last: str = ""

    def query(self, **more: str) -> str:
        """The filter for another address; what is given comes in its place."""
        one = self.filter
        kept = {"code": one.code, "facet": one.facet, "pair": " & ".join(one.pair), "language": one.language,
                "group": one.group, "state": one.state or "all"} | more  # fmt: skip
        return urlencode({name: value for name, value in kept.items() if value and value != "waiting"})

    def at(self, one: Difference, **more: str) -> str:
        """The address of a difference."""
        where = f"/consensus/{quote(one.round_id, safe='')}/{quote(one.item_id, safe='')}"
        return f"{where}?{self.query(unit=one.code_id, second=one.second_item, **more)}"


def _look(
    code: str = "", facet: str = "", pair: str = "", language: str = "", group: str = "", state: str = "waiting",
    unit: str = "", second: str = "", last: str = "",
) -> Look:  # fmt: skip
    two = tuple(pair.split(" & ")) if pair else ()
    return Look(Filter(code, facet, two, language, group, "" if state == "all" else state), unit, second, last)


Looking = Annotated[Look, Depends(_look)]


def _leads(visit: Visit) -> list[str]:
    return [coder.name for coder in visit.study.study.coders if coder.lead]


def _ordered(visit: Visit, opened: Round) -> tuple[list[Difference], dict[str, Item]]:
    """The differences of a round as they stand, the most consequential first, and the items of all that was coded."""
    ordered, items = visit.desk.differences(opened)
    return decided(ordered, visit.study.record.view("consensus", round_id=opened.id)), items


@router.get("/consensus")
def index(visit: Coder) -> Response:
    """The rounds whose differences may be told, each with what is left."""
    every = rounds(visit.study.record)
    told = [found for found in every if found.mode == "joint" or found.state == "revealed"]
    blind = [found for found in every if found not in told]
    bars = {found.id: bar(_ordered(visit, found)[0]) for found in told}
    return visit.page("consensus/index.html", told=told, bars=bars, blind=blind)


@router.get("/consensus/{round_id}")
def listed(visit: Coder, opened: RevealedRound, look: Looking, page: int = 1) -> Response:
    """The differences of a round with what is left of them, and the arguments that were made."""
    ordered, items = _ordered(visit, opened)
    passing = look.filter.of(ordered, visit.desk.codebook(), items)
    said = memos.per_item(_arguments(visit, opened))
    page = min(max(page, 1), max((len(passing) - 1) // A_PAGE + 1, 1))
    return visit.page(
        "consensus/list.html", round=opened, ordered=ordered, n=len(passing), page=page, look=look, items=items,
        passing=passing[(page - 1) * A_PAGE : page * A_PAGE], pages=(len(passing) - 1) // A_PAGE + 1,
        bar=bar(ordered), said=said, argued=visit.desk.read(said.keys() - {""}), codebook=visit.desk.codebook(),
        last=_last(visit, opened, look.last),
    )  # fmt: skip


@router.get("/consensus/{round_id}/next")
def onward(visit: Coder, opened: RevealedRound, look: Looking, item: str = "") -> Response:
    """Go on to the next difference behind this one; to the list where none is left."""
    ordered, items = _ordered(visit, opened)
    here: Unit = (item, look.unit, look.second)
    _, after = around(ordered, look.filter.of(ordered, visit.desk.codebook(), items), here)
    last = " ".join(here)
    if after is None:
        return visit.to(f"/consensus/{quote(opened.id, safe='')}?{look.query(last=last)}")
    return visit.to(look.at(after, last=last))


@router.get("/consensus/{round_id}/{item_id:path}")
def one_item(visit: Coder, opened: RevealedRound, item_id: str, look: Looking) -> Response:
    """One item with what each coder made of it, and the decision to be made."""
    record, codebook = visit.study.record, visit.desk.codebook()
    here = on_item(record, opened.id, codebook, item_id)
    ordered, items = _ordered(visit, opened)
    current = _current(here, ordered, (item_id, look.unit, look.second))
    before, after = around(ordered, look.filter.of(ordered, codebook, items), current.unit)
    item = items.get(item_id)
    above = visit.desk.read({item.post_id, item.parent_id} - {"", item_id}) if item else {}
    return visit.page(
        "consensus/item.html", round=opened, item=item, above=list(above.values()), here_units=here, current=current,
        shown=shown(current, texts_of(record, item)), size=visit.desk.material(opened).size, codebook=codebook,
        bar=bar(ordered), before=before, after=after, look=look, last=_last(visit, opened, look.last), keys=KEYS,
        said=[memo for memo in memos.memos(record, visit.coder, round_id=opened.id) if item_id in memo.about],
        claims=claims_on(record, [item_id]).get(item_id, ()), may=visit.coder in (*opened.coders, *_leads(visit)),
    )  # fmt: skip


def _current(here: Sequence[Difference], ordered: Sequence[Difference], asked: Unit) -> Difference:
    """The unit that is asked for; else the most consequential of the item that waits; else its first."""
    named = [one for one in here if one.unit == asked]
    waiting = [one for one in ordered if one.item_id == asked[0] and one.decided is None]
    return [*named, *waiting, *here][0]


def _last(visit: Visit, opened: Round, written: str) -> Difference | None:
    """What was decided last, by this coder in this browser, to be taken back with one key."""
    item_id, _, rest = written.partition(" ")
    code_id, _, second = rest.partition(" ")
    here = units(visit.study.record, opened.id, visit.desk.codebook(), item_id) if item_id else []
    return next((one for one in here if one.unit == (item_id, code_id, second) and one.decided), None)


def _arguments(visit: Visit, opened: Round) -> list[memos.Memo]:
    found = memos.memos(visit.study.record, visit.coder, round_id=opened.id)
    return [memo for memo in found if memo.type in memos.IN_ROUND]


@router.post("/consensus/{round_id}/decide")
def decide(
    visit: Coder, opened: RevealedRound, event: EventId, item: Typed, unit: Typed, verdict: Typed = "",
    second: Typed = "", reason: Typed = "", note: Typed = "", instead: Typed = "", minds: Several = [],  # noqa: B006
    whose: Several = [], query: Typed = "",  # noqa: B006
) -> Response:  # fmt: skip
    """Decide a unit, and go on to the next."""
    consensus.decide(visit.study.record, opened.id, item, unit, verdict, _why(reason, note, whose, minds), visit.coder,
                     second_item=second, instead=instead, leads=_leads(visit), event_id=event)  # fmt: skip
    return visit.to(_next(opened, query, item, unit, second))


@router.post("/consensus/{round_id}/take")
def take(
    visit: Coder, opened: RevealedRound, event: EventId, item: Typed, coder: Typed, reason: Typed = "",
    note: Typed = "", query: Typed = "",
) -> Response:  # fmt: skip
    """Take one coder's codes for the whole item, and go on to the next."""
    consensus.take(visit.study.record, opened.id, item, coder, Words(reason, note), visit.coder,
                   leads=_leads(visit), event_id=event)  # fmt: skip
    return visit.to(_next(opened, query, item, "", ""))


@router.post("/consensus/{round_id}/undo")
def undo(
    visit: Coder, opened: RevealedRound, event: EventId, item: Typed, unit: Typed, second: Typed = "",
    query: Typed = "",
) -> Response:  # fmt: skip
    """Take a decision back, and look at its unit again."""
    consensus.undo(visit.study.record, opened.id, item, unit, visit.coder, second_item=second, leads=_leads(visit),
                   event_id=event)  # fmt: skip
    where = f"/consensus/{quote(opened.id, safe='')}/{quote(item, safe='')}"
    return visit.to(f"{where}?{urlencode({'unit': unit, 'second': second})}{'&' if query else ''}{query}")


@router.post("/consensus/{round_id}/argue")
def argue(
    visit: Coder, opened: RevealedRound, event: EventId, item: Typed, unit: Typed = "", kind: Typed = "argument",
    text: Typed = "", back: Typed = "",
) -> Response:  # fmt: skip
    """Put an argument, or what changed one's mind, beside an item."""
    about = [name for name in (item, unit) if name]
    memos.write(visit.study.record, text, visit.coder, type=kind, about=about, round_id=opened.id, event_id=event)
    return visit.to(back if back.startswith("/consensus/") else f"/consensus/{quote(opened.id, safe='')}")


def _why(reason: str, note: str, whose: Sequence[str], minds: Sequence[str]) -> Words:
    changed = {coder: why.strip() for coder, why in zip(whose, minds, strict=False) if why.strip()}
    return Words(reason, note, changed)


def _next(opened: Round, query: str, item: str, unit: str, second: str) -> str:
    here = urlencode({"item": item, "unit": unit, "second": second})
    return f"/consensus/{quote(opened.id, safe='')}/next?{here}{'&' if query else ''}{query}"
