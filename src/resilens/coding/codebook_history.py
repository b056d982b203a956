"""How did the codebook, and how did one code come to be what it is? Version by version, what changed and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from resilens.coding.codebook import Version, at_version, versions
from resilens.coding.codes import Change, Code, diff
from resilens.errors import InputError
from resilens.record.store import Record


@dataclass(frozen=True, slots=True)
class Step:
    """A version and what it changed; the first changed nothing, since there was nothing before."""

    number: int
    at: str
    actor: str
    actor_kind: str
    reason: str
    changes: tuple[Change, ...] = ()


def history(record: Record) -> list[Step]:
    """Every version with what it changed, the newest first."""
    found = versions(record)
    return [_step(now, diff(before.codebook, now.codebook) if before else [])
            for before, now in reversed(list(zip([None, *found], found, strict=False)))]  # fmt: skip


def between(record: Record, earlier: int, later: int) -> list[Change]:
    """What changed from one version to another.

    Raises
    ------
    InputError
        If the record lacks one of them, or they stand the other way round.
    """
    if earlier > later:
        raise InputError(f"version {earlier} is later than version {later}; compare them the other way round")
    return diff(at_version(record, earlier).codebook, at_version(record, later).codebook)


def history_of(record: Record, code_id: str) -> list[Step]:
    """The versions in which a code was added or changed, the newest first; the last of them added it."""
    steps: list[Step] = []
    before: dict[str, Any] | None = None
    for row in sorted(record.view("codebooks"), key=lambda row: int(row["codebook_version"])):
        tables = row["codebook"].get("code", ())
        now = next((table for table in tables if table["id"] == code_id), None)
        if now != before:
            changes = _changes(code_id, before, now)
            steps.append(Step(row["codebook_version"], row["at"], row["actor"], row["actor_kind"], row["reason"],
                              tuple(changes)))  # fmt: skip
        before = now
    return steps[::-1]


def _changes(code_id: str, before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> list[Change]:
    """What changed of one code, from the tables in which two versions hold it."""
    if before is None or now is None:
        return [Change("added" if before is None else "removed", "code", code_id)]
    pairs = [(field.name, *(_value(table, field.name, field.default) for table in (before, now)))
             for field in fields(Code)]  # fmt: skip
    return [Change("changed", "code", code_id, *pair) for pair in pairs if pair[1] != pair[2]]


def _value(table: Mapping[str, Any], name: str, default: Any) -> Any:
    value = table.get(name, default)
    return tuple(value) if isinstance(value, list) else value


def _step(version: Version, changes: list[Change]) -> Step:
    return Step(version.number, version.at, version.actor, version.actor_kind, version.reason, tuple(changes))
