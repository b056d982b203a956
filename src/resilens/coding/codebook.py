"""Which codebook is in force, how did it come to be, and how do the record and `codebook.toml` stay one?

The record holds every version whole; `codebook.toml` is its projection, readable in git. The file carries the number
of the version it was written from. So a stale file (a version the record has already left, unchanged) is told from an
edit by hand, which becomes the next version with the actor `file`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from resilens.coding.codebook_file import NAME, from_toml, to_toml
from resilens.coding.codes import (
    MEANING,
    Change,
    Code,
    Codebook,
    Facet,
    checked,
    codebook_from,
    diff,
    from_framework,
)
from resilens.errors import Fault, InputError
from resilens.files import write_text
from resilens.record.events import ActorKind, Draft
from resilens.record.store import Record
from resilens.study.frameworks import Framework

__all__ = ["Change", "ChangedMeanwhile", "Code", "Codebook", "Facet", "Version", "at_version", "begin", "change",
           "changed_since", "changed_since_each", "diff", "latest", "made_by", "synchronise", "versions"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the codebook as the record holds it; `at` is UTC in ISO 8601."""

    number: int
    codebook: Codebook
    at: str
    actor: str
    actor_kind: str
    reason: str

    def __str__(self) -> str:
        because = f": {self.reason}" if self.reason else ""
        return f"version {self.number}, {self.at[:10]}, by {self.actor}, {len(self.codebook.codes)} codes{because}"


def versions(record: Record) -> list[Version]:
    """Every version of the codebook, the oldest first."""
    rows = sorted(record.view("codebooks"), key=lambda row: int(row["codebook_version"]))
    return [_version(row) for row in rows]


def latest(record: Record) -> Version | None:
    """The version in force, or None where no codebook was begun."""
    number = _newest(record)
    return at_version(record, number) if number else None


def _newest(record: Record) -> int:
    """The number of the version in force, 0 before there is one; no codebook is read for it."""
    return max(record.distinct("codebooks", "codebook_version"), default=0)


def at_version(record: Record, number: int) -> Version:
    """One version.

    Raises
    ------
    InputError
        If the record has none of that number.
    """
    rows = record.view("codebooks", codebook_version=number)
    if not rows:
        raise InputError(f"the codebook has no version {number}; `resilens status` says which there are")
    return _version(rows[0])


def _version(row: dict[str, Any]) -> Version:
    codebook, _ = codebook_from(row["codebook"])
    return Version(row["codebook_version"], codebook, row["at"], row["actor"], row["actor_kind"], row["reason"])


def changed_since(record: Record, number: int) -> frozenset[str]:
    """Ids of codes whose meaning (facet, role, definition, use when, not when) changed after a version.

    Codings made under that version or an earlier one may need a second look.
    """
    current = latest(record)
    if current is None or number == current.number:
        return frozenset()
    changes = diff(at_version(record, number).codebook, current.codebook)
    return frozenset(change.id for change in changes if change.of_meaning)


def changed_since_each(record: Record) -> dict[int, frozenset[str]]:
    """For every version what `changed_since` says of it, all read at once."""
    meanings = {
        int(row["codebook_version"]): {table["id"]: [table.get(name) for name in sorted(MEANING)]
                                       for table in row["codebook"].get("code", ())}
        for row in record.view("codebooks")
    }  # fmt: skip
    now = meanings[max(meanings)] if meanings else {}
    return {number: frozenset(code for code in then.keys() & now.keys() if then[code] != now[code])
            for number, then in sorted(meanings.items())}  # fmt: skip


def begin(
    folder: Path, record: Record, framework: Framework, actor: str = "file", actor_kind: ActorKind = "file"
) -> Version:
    """Make the first version from a framework, and write `codebook.toml`.

    Raises
    ------
    InputError
        If there is a codebook already.
    """
    if latest(record) or (folder / NAME).exists():
        raise InputError(Fault("there is a codebook already; change that one", NAME))
    reason = f"begun from the framework {framework.name}"
    return _append(folder, record, from_framework(framework), 1, actor, actor_kind, reason)


def change(
    folder: Path, record: Record, codebook: Codebook, actor: str, actor_kind: ActorKind = "human", reason: str = "",
    *, based_on: int | None = None, event_id: UUID | None = None,
) -> Version:  # fmt: skip
    """Make `codebook` the version in force, and write `codebook.toml`; an equal one changes nothing.

    Parameters
    ----------
    folder
        The study's folder.
    actor, actor_kind, reason
        Who changes it, and why.
    based_on
        The version that `codebook` was made from; None: whichever is in force.
    event_id
        Made by the client: handed in again, it gives the version that it made before.

    Raises
    ------
    ChangedMeanwhile
        If another version than `based_on` is in force; nothing is written.
    InputError
        With every fault of the codebook; a code that codings hold must be retired, not left out.
    """
    checked(codebook)

    def decide() -> list[Draft]:
        if made_by(record, event_id):
            return []
        current = latest(record)
        if based_on is not None and current is not None and current.number != based_on:
            raise ChangedMeanwhile(at_version(record, based_on), current)
        faults = [Fault(words, f"codebook: {code_id}") for code_id, words in _lost(record, current, codebook)]
        if faults:
            raise InputError(faults)
        if current is not None and current.codebook.sha256 == codebook.sha256:
            return []
        number = current.number + 1 if current else 1
        return [_draft(codebook, number, actor, actor_kind, reason, event_id)]

    events = record.append_decided(decide)
    if not events:
        return made_by(record, event_id) or at_version(record, _newest(record))
    number = events[0].codebook_version
    write_text(folder / NAME, to_toml(codebook, number))
    return at_version(record, number)


class ChangedMeanwhile(InputError):
    """Somebody changed the codebook while a form was open: `base` is what the form was made from, `current` what is in
    force; the words say what changed."""

    def __init__(self, base: Version, current: Version) -> None:
        self.base, self.current = base, current
        changes = "; ".join(map(str, diff(base.codebook, current.codebook)))
        words = f"{current.actor} changed the codebook meanwhile, it is at version {current.number} now: {changes}"
        super().__init__(Fault(f"{words}; nothing of yours was saved yet, look and save again", "codebook"))


def made_by(record: Record, event_id: UUID | None) -> Version | None:
    """The version that the event of this identifier made, or None; how a form sent twice is recognised.

    Raises
    ------
    InputError
        If the identifier is that of an event of another kind.
    """
    event = record.done(event_id, lambda event: event.kind == "codebook.changed")
    return at_version(record, event.codebook_version) if event else None


def synchronise(folder: Path, record: Record, framework: Framework | None = None) -> Codebook:
    """Bring the record and `codebook.toml` to the same codebook, and return it.

    A missing or stale file is written from the record; a file edited by hand becomes a new version with the actor
    `file`; a file that says the same in other words (comments, order of keys) is left as it is. Where there is
    neither file nor version, the codebook is begun from `framework`.

    Parameters
    ----------
    folder
        The study's folder.
    record
        Its record.
    framework
        What a new codebook begins with.

    Raises
    ------
    InputError
        With every fault of the file and its line; if it was edited from an older version than the record's; if there
        is neither a codebook nor a framework to begin from.
    """
    file, current = folder / NAME, latest(record)
    if not file.exists():
        if current is None:
            if framework is None:
                raise InputError(Fault("there is no codebook yet, and no framework to begin it from", NAME))
            return begin(folder, record, framework).codebook
        write_text(file, to_toml(current.codebook, current.number))
        return current.codebook
    raw = file.read_bytes()
    if current is not None and _same(raw, current):
        return current.codebook
    edited, number = from_toml(raw)
    return _taken(folder, record, current, edited, number)


def _same(raw: bytes, version: Version) -> bool:
    """Whether a file is, byte for byte, what the record would write."""
    return raw == to_toml(version.codebook, version.number).encode()


def _taken(folder: Path, record: Record, current: Version | None, edited: Codebook, number: int) -> Codebook:
    """What becomes of a file that is not, byte for byte, what the record would write."""
    if current is None:
        return _append(folder, record, edited, 1, "file", "file", "found in codebook.toml").codebook
    if edited.sha256 == current.codebook.sha256:
        if number != current.number:
            write_text(folder / NAME, to_toml(current.codebook, current.number))
        return current.codebook
    if number and number != current.number:
        known = record.view("codebooks", codebook_version=number)
        if known and _version(known[0]).codebook.sha256 == edited.sha256:
            write_text(folder / NAME, to_toml(current.codebook, current.number))
            return current.codebook
        words = (
            f"the file was edited from version {number}, but the record is at version {current.number}; to take the "
            f"file as it is, write version = {current.number} in it; to drop the edit, delete the file"
        )
        raise InputError(Fault(words, NAME))
    faults = [Fault(words, f"{NAME}: {code_id}") for code_id, words in _lost(record, current, edited)]
    if faults:
        raise InputError(faults)
    changes = diff(current.codebook, edited)
    reason = "edited by hand: " + "; ".join(map(str, changes[:3])) + ("; ..." if len(changes) > 3 else "")
    return _append(folder, record, edited, current.number + 1, "file", "file", reason).codebook


def _lost(record: Record, current: Version | None, new: Codebook) -> list[tuple[str, str]]:
    """Codes of the current version that `new` leaves out although codings or decisions hold them."""
    lost = []
    for code in current.codebook.codes if current else ():
        if code.id not in new:
            held = record.count("codings", code_id=code.id) + record.count("consensus", code_id=code.id)
            if held:
                words = f"codings or decisions hold this code ({held}); keep it with status = \"retired\" instead"
                lost.append((code.id, words))
    return lost


def _append(
    folder: Path, record: Record, codebook: Codebook, number: int, actor: str, actor_kind: ActorKind, reason: str
) -> Version:
    """Make the version of this number, and write `codebook.toml`; another process may have been first."""

    def decide() -> list[Draft]:
        if record.count("codebooks", codebook_version=number):
            raise InputError(Fault("the codebook was changed at the same moment; look at it and try again", NAME))
        return [_draft(codebook, number, actor, actor_kind, reason)]

    record.append_decided(decide)
    write_text(folder / NAME, to_toml(codebook, number))
    return at_version(record, number)


def _draft(
    codebook: Codebook, number: int, actor: str, actor_kind: ActorKind, reason: str, event_id: UUID | None = None
) -> Draft:
    body = {"codebook": codebook.content, "sha256": codebook.sha256, "reason": reason}
    return Draft("codebook.changed", "codebook", body, actor, actor_kind, codebook_version=number, event_id=event_id)
