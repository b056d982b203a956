"""How did a claim come to say what it says? Its versions, each with what changed in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resilens.claims import keeping
from resilens.coding.word_diff import Piece, word_diff
from resilens.record.store import Record

TEXTS = ("statement", "question", "stage", "status", "puzzle")
LISTS = ("rivals", "evidence_for", "evidence_against", "led_to")


@dataclass(frozen=True, slots=True)
class Change:
    """One key of a claim that changed: a text in `pieces`, or entries that came and went."""

    key: str
    pieces: Sequence[Piece] = ()
    came: Sequence[str] = ()
    went: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """A claim as somebody left it; `at` is UTC in ISO 8601. `removed`: it was taken back, for `reason`."""

    at: str
    actor: str
    actor_kind: str
    changes: Sequence[Change] = ()
    removed: bool = False
    reason: str = ""


def versions(record: Record, claim_id: str) -> list[Version]:
    """The versions of a claim, the latest first; those of which nothing a reader sees changed are left out.

    A version that was erased, because it named somebody who asked to be forgotten, is not among them.
    """
    found: list[Version] = []
    before: Mapping[str, Any] = {}
    for event in keeping.history(record, claim_id):
        body = event.body or {}
        at = event.at.isoformat()
        if event.kind == "claim.removed":
            found.append(Version(at, event.actor, event.actor_kind, removed=True, reason=body.get("reason", "")))
            before = {}
            continue
        changes = _changes(before, body)
        if changes:
            found.append(Version(at, event.actor, event.actor_kind, changes))
        before = body
    return found[::-1]


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    changes = []
    for key in TEXTS:
        old, new = before.get(key) or "", after.get(key) or ""
        if old != new:
            changes.append(Change(key, word_diff(old, new)))
    for key in LISTS:
        was, now = before.get(key) or [], after.get(key) or []
        if was != now:
            changes.append(Change(key, came=[one for one in now if one not in was],
                                  went=[one for one in was if one not in now]))  # fmt: skip
    return [change for change in changes if change.pieces or change.came or change.went]
