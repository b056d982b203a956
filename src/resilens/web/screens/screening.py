"""The screening desk: which posts of a hashtag are in the sample, which not and why, and which of their comments?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from starlette.responses import Response

from resilens.coding.lead_posts import bring_in_mentioned
from resilens.coding.leads import leads_of
from resilens.coding.rounds import rounds
from resilens.coding.screened_post import follows_the_draw, rounds_reading, screened_post, thread_of
from resilens.sampling import deciding
from resilens.sampling.choosing import change_comments, comments_of
from resilens.sampling.desk import STATES, Candidate, Desk, desks
from resilens.sampling.draw import as_it_stands
from resilens.sampling.flow import COLUMNS
from resilens.web.visit import Coder, EventId, Lead, Visit

router = APIRouter()

A_PAGE = 50
Typed = Annotated[str, Form()]
Several = Annotated[list[str], Form()]


def address(**query: str | int) -> str:
    """The address of the desk; what is empty is left out."""
    kept = urlencode({name: value for name, value in query.items() if value})
    return f"/screening?{kept}" if kept else "/screening"


@router.get("/screening")
def index(visit: Coder, hashtag: str = "", post: str = "", state: str = "", page: int = 0) -> Response:
    """The desk of a hashtag: its candidates, one of them open."""
    shelf, record = visit.desk.shelf(), visit.study.record
    with visit.desk.corpus() as corpus:
        stand = desks(corpus, shelf.material, record)
        desk = _desk(visit, stand.by_hashtag, hashtag, post)
        listed = desk.listed(state)
        opened = post or _first(desk, listed, state)
        screened = screened_post(corpus, record, shelf, opened) if opened else None
    place = next((number for number, one in enumerate(listed) if one.post_id == opened), 0)
    page = min(max(1, page or place // A_PAGE + 1), max(1, -(-len(listed) // A_PAGE)))
    reading = rounds_reading(record, opened, lambda one: visit.desk.material(one).items) if opened else []
    return visit.page(
        "screening/index.html", stand=stand, desk=desk, state=state, states=STATES, page=page, listed=listed,
        pages=-(-len(listed) // A_PAGE), shown=listed[(page - 1) * A_PAGE : page * A_PAGE], opened=opened,
        here=desk.candidate(opened) or stand.find(opened), screened=screened, labels=shelf.labels, at=address,
        before=listed[place - 1].post_id if listed and place else "", find=stand.find, rounds=reading,
        after=listed[place + 1].post_id if place + 1 < len(listed) else "",
        reasons=shelf.material.study.sample.exclusion_reasons,
    )  # fmt: skip


@router.get("/screening/comments")
def comments(visit: Coder, post: str, page: int = 1) -> Response:
    """All captured comments of a post, those that are in the sample ticked."""
    with visit.desk.corpus() as corpus:
        thread = thread_of(corpus, visit.study.record, post)
        found = comments_of(corpus, visit.study.study, visit.study.record, post)
    pages = max(1, -(-(len(thread) - 1) // A_PAGE))
    page = min(max(1, page), pages)
    shown = thread[1 + (page - 1) * A_PAGE : 1 + page * A_PAGE]
    return visit.page("screening/comments.html", post=thread[0], comments=found, shown=shown, page=page, pages=pages,
                      at=address)  # fmt: skip


@router.get("/screening/lead")
def lead(visit: Coder, hashtag: str = "", post: str = "", lead: str = "") -> Response:
    """Bring a post in that a lead points to."""
    shelf = visit.desk.shelf()
    with visit.desk.corpus() as corpus:
        stand = desks(corpus, shelf.material, visit.study.record)
    return visit.page("screening/lead.html", stand=stand, hashtag=hashtag or next(iter(stand.by_hashtag)), post=post,
                      lead=lead, leads=leads_of(visit.study.record), label=shelf.labels.get(post, ""),
                      at=address)  # fmt: skip


@router.get("/screening/flow")
def flow(visit: Coder) -> Response:
    """The flow table as it stands, and what drawing again would change."""
    study = visit.study
    with visit.desk.corpus() as corpus:
        standing = as_it_stands(corpus, study.study, study.record, study.folder.sample)
    following = [one for one in rounds(study.record) if follows_the_draw(one)]
    return visit.page("screening/flow.html", standing=standing, columns=list(COLUMNS), rounds=following,
                      labels=visit.desk.shelf().labels, at=address)  # fmt: skip


@router.post("/screening/include")
def include(visit: Coder, event: EventId, post: Typed) -> Response:
    material = visit.desk.shelf().material
    with visit.desk.corpus() as corpus:
        deciding.include(corpus, material, visit.study.record, post, visit.coder, event_id=event)
    return _onward(visit, post)


@router.post("/screening/exclude")
def exclude(visit: Coder, event: EventId, post: Typed, reason: Typed = "") -> Response:
    material = visit.desk.shelf().material
    with visit.desk.corpus() as corpus:
        deciding.exclude(corpus, material, visit.study.record, post, visit.coder, reason, event)
    return _onward(visit, post)


@router.post("/screening/duplicate")
def duplicate(
    visit: Coder, event: EventId, post: Typed, duplicate_of: Typed = "", other: Typed = ""
) -> Response:
    material = visit.desk.shelf().material
    with visit.desk.corpus() as corpus:
        deciding.mark_duplicate(corpus, material, visit.study.record, post, duplicate_of or other, visit.coder,
                                event_id=event)  # fmt: skip
    return _onward(visit, post)


@router.post("/screening/undo")
def undo(visit: Coder, event: EventId, post: Typed = "") -> Response:
    undone = deciding.undo(visit.study.record, visit.coder, event)
    return visit.to(address(post=undone.subject if undone else post))


@router.post("/screening/lead")
def bring_in(
    visit: Coder, event: EventId, post: Typed = "", lead: Typed = "", hashtag: Typed = "", reason: Typed = ""
) -> Response:
    material = visit.desk.shelf().material
    with visit.desk.corpus() as corpus:
        brought = bring_in_mentioned(corpus, material, visit.study.record, post, lead, hashtag, visit.coder, reason,
                                     event)  # fmt: skip
    return visit.to(address(post=brought.subject))


@router.post("/screening/comments")
def change(
    visit: Coder, event: EventId, post: Typed, shown: Several, ticked: Several | None = None, reason: Typed = "",
    back: Typed = "",
) -> Response:  # fmt: skip
    wanted = {name: name in (ticked or ()) for name in shown}
    with visit.desk.corpus() as corpus:
        change_comments(corpus, visit.study.study, visit.study.record, post, wanted, visit.coder, reason, event)
    return visit.to(f"/screening/comments?{urlencode({'post': post, 'page': back})}" if back else address(post=post))


@router.post("/screening/draw")
def draw(visit: Lead, event: EventId) -> Response:
    visit.study.draw(redraw=True)
    return visit.to("/screening/flow")


def _desk(visit: Visit, known: Mapping[str, Desk], hashtag: str, post: str) -> Desk:
    """The desk asked for: of the hashtag, else that of the post, else the first that has something open."""
    if hashtag:
        return known[visit.desk.shelf().material.hashtag(hashtag)]
    if post:
        holding = next((desk for desk in known.values() if desk.candidate(post)), None)
        if holding:
            return holding
    return next((desk for desk in known.values() if desk.next_after()), next(iter(known.values())))


def _first(desk: Desk, listed: Sequence[Candidate], state: str) -> str:
    """The post that is opened where none is asked for: the next one to decide, or the first listed."""
    following = None if state else desk.next_after()
    first = following or (listed[0] if listed else None)
    return first.post_id if first else ""


def _onward(visit: Visit, post: str) -> Response:
    """On to the next candidate of the same hashtag; to the post itself where none is open any more."""
    with visit.desk.corpus() as corpus:
        stand = desks(corpus, visit.desk.shelf().material, visit.study.record)
    found = stand.find(post)
    desk = stand.by_hashtag[found.hashtag] if found else None
    following = desk.next_after(post) if desk else None
    return visit.to(address(hashtag=desk.hashtag if desk else "", post=following.post_id if following else post))
