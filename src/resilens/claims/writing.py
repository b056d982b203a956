"""How does a claim get written from a form, how does something become evidence for it, and what is said of a fault?

A form has a text for each key of a claim; lists have an entry a line. A fault is said at the key and line it is in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError

from resilens.claims.claims_file import state_of
from resilens.claims.keeping import change, claims_of, synchronise
from resilens.claims.ledger import Claim
from resilens.claims.references import Reference, parse
from resilens.errors import Fault, InputError
from resilens.record.store import Record
from resilens.results.types import Finding
from resilens.study.words import did_you_mean

LINES = ("rivals", "evidence_for", "evidence_against", "led_to")
"""Keys that hold a list."""

KEYS = ("id", "text", "question", "stage", "status", "puzzle", *LINES)


def claim_of(form: Mapping[str, str], before: Claim | None = None) -> Claim:
    """The claim that a form holds.

    Parameters
    ----------
    form
        A text for each of `KEYS`; what is missing is empty.
    before
        The claim as it was, to keep what its findings were.

    Raises
    ------
    InputError
        With every fault, each at its key: `evidence_for[2]` is the second entry.
    """
    content: dict[str, object] = {}
    rows: dict[str, list[int]] = {}
    for key in KEYS:
        written = form.get(key, "").replace("\r\n", "\n")
        if key in LINES:
            lines = [(number, line.strip()) for number, line in enumerate(written.split("\n"), 1) if line.strip()]
            content[key], rows[key] = [line for _, line in lines], [number for number, _ in lines]
        elif written.strip():
            content[key] = written.strip()
    try:
        claim = Claim.model_validate(content)
    except ValidationError as error:
        raise InputError([_fault(one["loc"], one["type"], one["msg"], rows) for one in error.errors()]) from error
    return claim.with_findings(before.findings) if before else claim


def _fault(where: Sequence[int | str], kind: str, message: str, rows: Mapping[str, list[int]]) -> Fault:
    key = str(where[0]) if where else ""
    words = "is empty; write it" if kind in ("missing", "string_too_short") else message.removeprefix("Value error, ")
    if len(where) > 1 and isinstance(where[1], int):
        return Fault(words, f"{key}[{rows[key][where[1]]}]")
    return Fault(words, key)


def form_of(claim: Claim | None) -> dict[str, str]:
    """A text for each of `KEYS`, as `claim_of` reads it."""
    if claim is None:
        return dict.fromkeys(KEYS, "") | {"status": "tentative"}
    return {key: "\n".join(map(str, getattr(claim, key))) if key in LINES else getattr(claim, key) for key in KEYS}


def free_id(record: Record) -> str:
    """An id for a new claim: `c` and the number after the highest there is."""
    numbers = [int(found[1]) for claim in claims_of(record) if (found := re.fullmatch(r"c([0-9]{1,9})", claim.id))]
    return f"c{max(numbers, default=0) + 1}"


def claim_called(record: Record, claim_id: str) -> Claim:
    """The claim of this id.

    Raises
    ------
    InputError
        If there is none.
    """
    claims = {claim.id: claim for claim in claims_of(record)}
    if claim_id not in claims:
        raise InputError(Fault(f"there is no claim {claim_id!r}{did_you_mean(claim_id, claims)}", "claim"))
    return claims[claim_id]


def cite(
    root: Path, record: Record, claim_id: str, written: str, side: str, actor: str,
    findings: Mapping[str, Finding] | None = None, event_id: UUID | None = None,
) -> Claim:  # fmt: skip
    """Make something evidence for or against a claim; what speaks on the other side goes over to this one.

    Parameters
    ----------
    root, record, actor, findings, event_id
        As for `keeping.change`.
    claim_id
        The claim.
    written
        A reference as `references.parse` reads it.
    side
        `for` or `against`.

    Raises
    ------
    InputError
        If there is no such claim, or the reference cannot be read or is no evidence.
    """
    claim, reference = _standing(root, record, claim_id, findings), parsed(written)
    if side not in ("for", "against"):
        raise InputError(Fault("say whether it speaks for or against the claim", "side"))
    sides = _without(claim, reference)
    sides[f"evidence_{side}"] = (*sides[f"evidence_{side}"], reference)
    changed = claim_of(form_of(claim.model_copy(update=sides)), claim)
    return change(root, record, changed, actor, findings=findings, since=since(claim), event_id=event_id)


def uncite(
    root: Path, record: Record, claim_id: str, written: str, actor: str,
    findings: Mapping[str, Finding] | None = None, event_id: UUID | None = None,
) -> Claim:  # fmt: skip
    """Take something out of the evidence of a claim, from either side; see `cite`."""
    claim = _standing(root, record, claim_id, findings)
    changed = claim.model_copy(update=_without(claim, parsed(written)))
    return change(root, record, changed, actor, findings=findings, since=since(claim), event_id=event_id)


def still_holds(
    root: Path, record: Record, claim_id: str, written: str, actor: str, findings: Mapping[str, Finding],
    event_id: UUID | None = None,
) -> Claim:  # fmt: skip
    """Say that a claim holds with what a finding is now: its new value is kept instead of the one it was written with.

    Raises
    ------
    InputError
        As `cite`.
    """
    claim, reference = _standing(root, record, claim_id, findings), parsed(written)
    changed = claim.with_findings([seen for seen in claim.findings if seen.of != reference])
    return change(root, record, changed, actor, findings=findings, since=since(claim), event_id=event_id)


def _standing(root: Path, record: Record, claim_id: str, findings: Mapping[str, Finding] | None) -> Claim:
    synchronise(root, record, findings)
    return claim_called(record, claim_id)


def parsed(written: str) -> Reference:
    """What a reference as written points at.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        return parse(written)
    except ValueError as error:
        raise InputError(Fault(str(error), "reference")) from error


def _without(claim: Claim, reference: Reference) -> dict[str, tuple[Reference, ...]]:
    return {key: tuple(one for one in getattr(claim, key) if one != reference)
            for key in ("evidence_for", "evidence_against")}  # fmt: skip


def since(claim: Claim | None) -> str:
    """What `keeping.change` takes as `since` for a claim that is written from this one."""
    return state_of([claim]) if claim else ""
