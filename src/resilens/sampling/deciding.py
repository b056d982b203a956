"""How is a post included, left out, called a duplicate, brought in by a lead, and how is that taken back?

Each is one event, with a client-made id so that handing it in again changes nothing. Nothing is forbidden that can be
said on the record, save what would let a post that was included vanish from the sample unseen, or give it a place that
the design did not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from resilens.errors import Fault, InputError
from resilens.record.events import Draft, Event
from resilens.record.store import Record
from resilens.sampling.desk import Material, Row, desks_with
from resilens.sampling.frame import captured_comments
from resilens.study.words import did_you_mean

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus

Rows: TypeAlias = Mapping[str, Row]
"""Decisions by item_id."""

DECIDED, REMOVED = "screening.decided", "screening.removed"
LONGEST_CHAIN = 1000


def include(
    corpus: Corpus, material: Material, record: Record, post_id: str, actor: str, reason: str = "",
    event_id: UUID | None = None,
) -> Event:  # fmt: skip
    """Confirm that a post belongs in the sample.

    Raises
    ------
    InputError
        If the design would not come to the post: then only a lead can bring it in.
    """

    def checked(_before: Rows, after: Rows) -> None:
        stand = desks_with(corpus, material, after)
        candidate = stand.find(post_id)
        if candidate is None:
            raise InputError(Fault("is not in the frame, so only a lead can bring it in", post_id))
        if not candidate.sampled:
            desk = stand.by_hashtag[candidate.hashtag]
            reached = max((one.place for one in desk.candidates if one.sampled), default=0)
            raise InputError(Fault(
                f"stands at place {candidate.place:,}, and the quota of {desk.quota:,} is filled by place {reached:,}; "
                "leave out posts before it, or bring it in by a lead, which empties inclusion probabilities", post_id
            ))  # fmt: skip

    body = {"item_id": post_id, "decision": "include", "reason": reason.strip()}
    return _decide(corpus, material, record, body, actor, event_id, checked)


def exclude(
    corpus: Corpus, material: Material, record: Record, post_id: str, actor: str, reason: str,
    event_id: UUID | None = None,
) -> Event:  # fmt: skip
    """Leave a post out of the sample; the next in the order of the design takes its place.

    Raises
    ------
    InputError
        If the post is not captured, or the reason is not among those of the study (`sample.exclusion_reasons`).
    """
    reasons, said = material.study.sample.exclusion_reasons, reason.strip()
    if not said or (reasons and said not in reasons):
        hint = (did_you_mean(said, reasons) if said else "") or f"; one of {', '.join(reasons) or 'your own words'}"
        raise InputError(Fault(f"{said!r} is not among the study's reasons for leaving a post out{hint}", "reason"))
    body = {"item_id": post_id, "decision": "exclude", "reason": said}
    return _decide(corpus, material, record, body, actor, event_id)


def mark_duplicate(
    corpus: Corpus, material: Material, record: Record, post_id: str, original: str, actor: str, reason: str = "",
    event_id: UUID | None = None,
) -> Event:  # fmt: skip
    """Leave a post out because it repeats another, which stays; where that one repeats a third, the third is meant.

    Raises
    ------
    InputError
        If either is not captured, they are the same, or the other is recorded as a duplicate of this one.
    """
    if not original.strip():
        raise InputError(Fault("say of which post this is a duplicate", "duplicate_of"))
    body = {"item_id": post_id, "decision": "duplicate", "reason": reason.strip(),
            "duplicate_of": _first(record, corpus, post_id, original.strip())}  # fmt: skip
    return _decide(corpus, material, record, body, actor, event_id)


def bring_in(
    corpus: Corpus, material: Material, record: Record, post_id: str, lead: str, hashtag: str, actor: str,
    reason: str = "", event_id: UUID | None = None,
) -> Event:  # fmt: skip
    """Bring a captured post in out of the design's order because a lead points to it; it fills a place of the quota.

    A post of the frame fills the quota of its own hashtag, any other post that of `hashtag`. Unless the design comes to
    it by itself, every inclusion probability of the next draw is empty.

    Raises
    ------
    InputError
        If the post is not captured, the lead or hashtag is unknown, or the quota is full of included posts.
    """
    if not record.view("leads", lead_id=lead):
        raise InputError(Fault("no such lead was noted; note it first, with what it says", f"lead {lead}"))
    home = material.homes.get(post_id) or material.hashtag(hashtag)

    def checked(before: Rows, after: Rows) -> None:
        candidates = desks_with(corpus, material, before).by_hashtag[home].candidates
        held = {one.post_id for one in candidates if one.state == "included"}
        if held - desks_with(corpus, material, after).posts:
            raise InputError(Fault(
                f"the quota of #{home} is full with {len(held):,} included posts; leave one out or undo one first, then"
                " this one takes its place", post_id
            ))  # fmt: skip

    body = {"item_id": post_id, "decision": "include", "reason": reason.strip(), "lead": lead, "hashtag": home}
    return _decide(corpus, material, record, body, actor, event_id, checked)


def undo(record: Record, actor: str, event_id: UUID | None = None) -> Event | None:
    """Take back the last decision of a person that they have not taken back yet; without limit.

    What was decided about the post before is said again, or, if nothing was, its decision is removed; both stay on the
    record. None where there is nothing to take back.

    Raises
    ------
    InputError
        If somebody else decided about that post since.
    """
    stored = record.event(event_id) if event_id else None
    if stored is not None:
        return stored

    def drafts() -> list[Draft]:
        last = _last(record, actor)
        return [] if last is None else [_reversal(record, last, actor, event_id)]

    events = record.append_decided(drafts)
    return events[0] if events else None


def _decide(
    corpus: Corpus, material: Material, record: Record, body: Mapping[str, Any], actor: str, event_id: UUID | None,
    checked: Callable[[Rows, Rows], None] | None = None,
) -> Event:  # fmt: skip
    """Put a decision on the record once it is found to be right against the state in that very moment."""
    stored = record.event(event_id) if event_id else None
    if stored is not None:
        return stored
    post_id = body["item_id"]
    if post_id not in material.homes and not captured_comments(corpus, [post_id]):
        raise InputError(Fault("is no captured post", post_id))

    def drafts() -> list[Draft]:
        if checked is not None:
            before: Rows = {row["item_id"]: row for row in record.view("screening")}
            said = dict.fromkeys(("lead", "hashtag", "duplicate_of", "actor", "at"), "") | dict(body)
            checked(before, {**before, post_id: said})
        draws = record.view("draws")
        drawn = draws[-1]["draw"] if draws else ""
        return [Draft(DECIDED, post_id, {**body, "draw": drawn}, actor, "human", event_id=event_id)]

    return record.append_decided(drafts)[0]


def _first(record: Record, corpus: Corpus, post_id: str, original: str) -> str:
    """The post at the beginning of a chain of duplicates."""
    if not captured_comments(corpus, [original]):
        raise InputError(Fault("is no captured post, so nothing can be a duplicate of it", original))
    repeats = {row["item_id"]: row["duplicate_of"] for row in record.view("screening", decision="duplicate")}
    found = original
    for _ in range(LONGEST_CHAIN):
        if found == post_id or found not in repeats:
            break
        found = repeats[found]
    if found == post_id:
        words = "a post is no duplicate of itself" if original == post_id else (
            "is recorded as a duplicate of this post; undo that first")  # fmt: skip
        raise InputError(Fault(words, original))
    return found


def _last(record: Record, actor: str) -> Event | None:
    """The last decision of a person in the workbench that they have not taken back."""
    taken_back: dict[str, int] = {}
    event = record.latest(actor, "")
    while event is not None:
        if event.kind in (DECIDED, REMOVED) and event.body is not None:
            if event.actor_kind != "human":
                return None
            item = event.subject
            if event.kind == REMOVED or event.body["undoes"]:
                taken_back[item] = taken_back.get(item, 0) + 1
            elif taken_back.get(item, 0):
                taken_back[item] -= 1
            else:
                return event
        event = record.latest(actor, "", before=event.seq)
    return None


def _reversal(record: Record, last: Event, actor: str, event_id: UUID | None) -> Draft:
    """The event that puts back what held before `last`."""
    post_id = last.subject
    decisions = [event for event in record.events(subject=post_id)
                 if event.kind in (DECIDED, REMOVED) and event.body is not None]  # fmt: skip
    others = [event.actor for event in decisions if event.seq > last.seq and event.actor != actor]
    if others:
        raise InputError(Fault(f"{others[-1]} decided about this post since; decide anew instead", post_id))
    earlier = [event for event in decisions if event.seq < last.seq]
    if earlier and earlier[-1].kind == DECIDED:
        body = {**(earlier[-1].body or {}), "undoes": str(last.event_id)}
        return Draft(DECIDED, post_id, body, actor, "human", event_id=event_id)
    body = {"item_id": post_id, "reason": "undone"}
    return Draft(REMOVED, post_id, body, actor, "human", event_id=event_id)
