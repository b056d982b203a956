"""How do the record and `claims.toml` stay one, and how does a claim get on the record?

The record holds every version of every claim; `claims.toml` is its projection, readable in git. The file carries a
digest of the claims it was written from. So a file that nobody edited, but that the record has left behind, is told
from an edit by hand; the edit goes on the record with the actor `file`, claim by claim.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from pydantic import ValidationError

from resilens.claims.claims_file import NAME, ClaimsFile, read, state_of, to_toml
from resilens.claims.findings import completed
from resilens.claims.ledger import Claim, body_of, claim_from, in_order
from resilens.claims.references import Reference
from resilens.errors import Fault, InputError
from resilens.files import write_text
from resilens.record.events import ActorKind, Draft, Event
from resilens.record.store import Record
from resilens.results.types import Finding
from resilens.study.words import did_you_mean

Resolve: TypeAlias = Callable[[Collection[str]], Mapping[str, str]]
"""For ids of items in this study (`a-...`), the items' ids; those that are not known are left out."""

RESILENS = "resilens"
"""The actor of what nobody decided: what a finding was, filled in once it is known."""


def claims_of(record: Record) -> tuple[Claim, ...]:
    """The claims that stand, in the order of their ids.

    Raises
    ------
    InputError
        If the record holds what is no claim; only another program can have written it.
    """
    return in_order([_read(row) for row in record.view("claims")])


def _read(row: Mapping[str, Any]) -> Claim:
    try:
        return claim_from(row)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        words = f"the record holds a claim that cannot be read ({key}: {first['msg'].removeprefix('Value error, ')})"
        raise InputError(Fault(words, f"claim {row['claim_id']}")) from error


def begin(root: Path, record: Record) -> None:
    """Write `claims.toml` where there is none: the claims of the record, or an example in comments."""
    if not (root / NAME).exists():
        project(root, record)


def project(root: Path, record: Record) -> None:
    """Write `claims.toml` from the record, whatever it holds now."""
    write_text(root / NAME, to_toml(claims_of(record)))


def synchronise(
    root: Path, record: Record, findings: Mapping[str, Finding] | None = None, resolve: Resolve | None = None
) -> tuple[Claim, ...]:
    """Bring the record and `claims.toml` to the same claims, and return them.

    A stale file, and a missing one where there are claims, is written from the record; what was edited by hand goes on
    the record with the actor `file`; a file that says the same in other words is left as it is. Where a claim cites a
    finding and does not say yet what it was, that is filled in, once it is known.

    Parameters
    ----------
    root, record
        The study's folder and its record.
    findings
        What was measured, by name.
    resolve
        Tells which items ids of this study stand for; the record holds items by their ids, so that `forget` finds them.

    Raises
    ------
    InputError
        With every fault of the file and its line; if it was edited from other claims than the record's; if its line
        `state` is gone, for then what is missing may have been lost.
    """
    held = claims_of(record)
    file = root / NAME
    said = read(file) if file.exists() else None
    edited = _edited(said, held, resolve) if said else held
    whole = tuple(completed(claim, findings or {}) for claim in edited)
    drafts = list(_drafts(held, edited, whole))
    record.append_all(drafts)
    if drafts or (held and said is None) or (said and said.state != state_of(held)):
        project(root, record)
    return whole


def _edited(said: ClaimsFile, held: tuple[Claim, ...], resolve: Resolve | None) -> tuple[Claim, ...]:
    """The claims of the file; those of the record where nobody edited the file since the record left it behind."""
    now = state_of(held)
    if said.state == state_of(said.claims):
        return held
    edited = in_order(_resolved(said.claims, resolve))
    if held and edited != held and said.state != now:
        why = "was edited from other claims than the record now has" if said.state else "has lost its line `state`"
        words = f'the file {why}; to take it as it is, write state = "{now}" in it; to drop the edit, delete the file'
        raise InputError(Fault(words, NAME))
    return edited


def _drafts(held: Sequence[Claim], edited: Sequence[Claim], whole: Sequence[Claim]) -> Iterator[Draft]:
    """What must go on the record: claims taken out, claims changed by hand, claims only filled in."""
    before = {claim.id: claim for claim in held}
    for gone in sorted(before.keys() - {claim.id for claim in edited}):
        body = {"claim_id": gone, "reason": f"taken out of {NAME}"}
        yield Draft("claim.removed", gone, body, "file", "file")
    for by_hand, claim in zip(edited, whole, strict=True):
        if by_hand != before.get(claim.id):
            yield Draft("claim.changed", claim.id, body_of(claim), "file", "file")
        elif claim != by_hand:
            yield Draft("claim.changed", claim.id, body_of(claim), RESILENS, "machine")


def _resolved(claims: Sequence[Claim], resolve: Resolve | None) -> list[Claim]:
    """The claims with items by their ids instead of their ids in this study, as far as those are known."""
    local = {one.name for claim in claims for one in claim.evidence if one.kind == "local"}
    known = resolve(local) if local and resolve else {}

    def of(cited: tuple[Reference, ...]) -> tuple[Reference, ...]:
        return tuple(replace(one, kind="item", name=known[one.name]) if one.name in known else one for one in cited)

    return [claim.model_copy(update={"evidence_for": of(claim.evidence_for),
                                     "evidence_against": of(claim.evidence_against)}) for claim in claims]  # fmt: skip


def change(
    root: Path, record: Record, claim: Claim, actor: str, actor_kind: ActorKind = "human",
    findings: Mapping[str, Finding] | None = None, since: str | None = None, event_id: UUID | None = None,
) -> Claim:  # fmt: skip
    """Put a claim on the record, new or changed, and write `claims.toml`; an equal one changes nothing.

    Parameters
    ----------
    root, record
        The study's folder and its record; an edit of the file by hand is taken in first.
    claim
        The claim as a whole.
    actor, actor_kind
        Who says so.
    findings
        What was measured, to keep what the cited findings were.
    since
        The `state_of` the claim that this one was written from, empty for a new one; None: whatever there is.
    event_id
        Made by the client, so that it may ask again after a failure.

    Raises
    ------
    InputError
        If the file has faults, or the claim is not any more what `since` says.
    """
    synchronise(root, record, findings)
    whole = completed(claim, findings or {})

    def drafts() -> list[Draft]:
        draft = Draft("claim.changed", claim.id, body_of(whole), actor, actor_kind, event_id=event_id)
        if event_id and record.event(event_id):
            return [draft]
        before = next((one for one in claims_of(record) if one.id == claim.id), None)
        now = state_of([before]) if before else ""
        if since is not None and since != now:
            raise InputError(Fault(_overtaken(record, claim.id, since, now), "id"))
        return [] if before == whole else [draft]

    if record.append_decided(drafts):
        project(root, record)
    return whole


def _overtaken(record: Record, claim_id: str, since: str, now: str) -> str:
    if not since:
        return f"there is a claim {claim_id!r} already; give this one another id"
    if not now:
        return f"the claim {claim_id!r} was taken back meanwhile; open the ledger again"
    who = history(record, claim_id)[-1].actor
    return f"{who} changed this claim meanwhile; open it again and put in what you wrote"


def remove(
    root: Path, record: Record, claim_id: str, actor: str, reason: str = "", event_id: UUID | None = None
) -> None:  # fmt: skip
    """Take a claim back; it stays in the record's history.

    Raises
    ------
    InputError
        If there is no such claim, or the file has faults.
    """
    known = [claim.id for claim in synchronise(root, record)]
    draft = Draft("claim.removed", claim_id, {"claim_id": claim_id, "reason": reason}, actor, event_id=event_id)
    if claim_id not in known and not (event_id and record.event(event_id)):
        raise InputError(Fault(f"there is no claim {claim_id!r}{did_you_mean(claim_id, known)}", NAME))
    record.append(draft)
    project(root, record)


def history(record: Record, claim_id: str) -> list[Event]:
    """What became of a claim, the oldest first: who changed it when, and what it said then."""
    return [event for event in record.events(subject=claim_id) if event.kind in ("claim.changed", "claim.removed")]
