"""How do coders settle what they differ in? Decisions beside the codings, which stay as they were made for ever.

`codings.final` gives everything downstream what was decided; `differences` says what is left to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from resilens.coding.codebook import latest
from resilens.coding.codes import Codebook
from resilens.coding.codings import WHOLE
from resilens.coding.differences import Difference, Mark, on_item, settling, units
from resilens.errors import Fault, InputError
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.study.words import did_you_mean

REASONS: dict[str, str] = {
    "misread": "a coder misread the item, or slipped",
    "definition_unclear": "the definition does not settle it",
    "both_valid": "both readings hold",
    "context_missed": "the thread, the picture or the translation was not taken in",
    "new_code": "no code of the codebook says it",
    "other": "another reason; the note says which",
}
"""The closed list of reasons, each with its meaning."""

OF = "of:"
VERDICTS: dict[str, str] = {
    "of:NAME": "as this coder has it: given where this coder gave it, or not given",
    "both": "the code applies, wherever any of them marked it",
    "neither": "the code does not apply",
    "open": "left open: missing and counted",
    "new_code": "the code does not apply and another one does, or will: left open until that code is named",
}
"""What may be decided of a unit."""


@dataclass(frozen=True, slots=True)
class Words:
    """Why: a reason of `REASONS`, a note, and for each coder who changed their mind, why."""

    reason: str
    note: str = ""
    changed_minds: Mapping[str, str] | None = None


def decide(
    record: Record, round_id: str, item_id: str, code_id: str, verdict: str, why: Words, actor: str, *,
    second_item: str = "", instead: str = "", leads: Collection[str] = (), event_id: UUID | None = None,
) -> Difference:  # fmt: skip
    """Decide a unit; what was decided of it before gives way.

    Parameters
    ----------
    round_id, item_id, code_id, second_item
        The unit; somebody must have given the code there.
    verdict
        One of `VERDICTS`.
    why
        A reason of the closed list, in words where it is `other`.
    actor, leads
        Who decides: a coder of the round, or the lead of the study.
    instead
        With the verdict `new_code`, the code that applies in its place, where it was marked.
    event_id
        Made by the client, so that it may ask again after a failure.

    Returns
    -------
    Difference
        The unit as it stands now.

    Raises
    ------
    InputError
        If the round is blind or the actor no coder of it, the unit was not coded, or verdict, reason or code are none.
    """
    codebook, number = _codebook(record)
    _may_decide(record, round_id, actor, leads)

    def drafts() -> list[Draft]:
        found = _unit(record, round_id, item_id, code_id, second_item, codebook)
        _check(why, [reading.coder for reading in found.readings])
        decided = [(found, _decided(found, verdict, instead, codebook))]
        return _events(record, decided, why, actor, number)

    _append(record, drafts, event_id)
    return _unit(record, round_id, item_id, code_id, second_item, codebook)


def take(
    record: Record, round_id: str, item_id: str, coder: str, why: Words, actor: str, *,
    leads: Collection[str] = (), event_id: UUID | None = None,
) -> list[Difference]:  # fmt: skip
    """Decide every difference on an item as one coder has it, those decided before included.

    Parameters
    ----------
    coder
        Whose codes are taken.
    round_id, item_id, why, actor, leads, event_id
        As for `decide`.

    Returns
    -------
    list of Difference
        The units of the item as they stand now.

    Raises
    ------
    InputError
        As `decide`; if the coders do not differ on the item.
    """
    codebook, number = _codebook(record)
    _may_decide(record, round_id, actor, leads)

    def drafts() -> list[Draft]:
        differing = [one for one in units(record, round_id, codebook, item_id) if one.kind != "none"]
        if not differing:
            raise InputError(f"there is nothing to settle on {item_id} in {round_id}: its coders do not differ")
        _check(why, [reading.coder for reading in differing[0].readings])
        decided = [(one, _decided(one, f"{OF}{coder}", "", codebook)) for one in differing]
        return _events(record, decided, why, actor, number)

    _append(record, drafts, event_id)
    return units(record, round_id, codebook, item_id)


def undo(
    record: Record, round_id: str, item_id: str, code_id: str, actor: str, *, second_item: str = "", reason: str = "",
    leads: Collection[str] = (), event_id: UUID | None = None,
) -> list[Difference]:  # fmt: skip
    """Take back what was decided of a unit, with the code that was given in its place; it is open again.

    Parameters
    ----------
    round_id, item_id, code_id, second_item, actor, leads, event_id
        As for `decide`.
    reason
        Why, in words.

    Returns
    -------
    list of Difference
        The units of the item as they stand now; a code that only consensus had given is not among them any more.

    Raises
    ------
    InputError
        As `decide`; if nothing was decided of it.
    """
    codebook, number = _codebook(record)
    _may_decide(record, round_id, actor, leads)

    def drafts() -> list[Draft]:
        found = _unit(record, round_id, item_id, code_id, second_item, codebook)
        standing = _standing(record, found) or _taken_back(record, found, event_id)
        if not standing:
            raise InputError(f"nothing was decided of {code_id} on {item_id} in {round_id}")
        return [_removal(row, actor, number, reason) for row in standing]

    _append(record, drafts, event_id)
    return units(record, round_id, codebook, item_id)


def _codebook(record: Record) -> tuple[Codebook, int]:
    version = latest(record)
    return (version.codebook, version.number) if version else (Codebook(), 0)


def _may_decide(record: Record, round_id: str, actor: str, leads: Collection[str]) -> None:
    coders = settling(record, round_id).coders
    if actor not in (*coders, *leads):
        raise InputError(f"{actor} did not code in {round_id}; {' and '.join(sorted({*coders, *leads}))} decide there")


def _unit(
    record: Record, round_id: str, item_id: str, code_id: str, second_item: str, codebook: Codebook
) -> Difference:  # fmt: skip
    here = on_item(record, round_id, codebook, item_id)
    for one in here:
        if one.unit == (item_id, code_id, second_item):
            return one
    hint = did_you_mean(code_id, [one.code_id for one in here])
    raise InputError(f"nobody gave {code_id!r} to {item_id} in {round_id}{hint}")


def _check(why: Words, readers: Collection[str]) -> None:
    faults = []
    if why.reason not in REASONS:
        hint = did_you_mean(why.reason, REASONS) or f"; one of {', '.join(REASONS)}"
        faults.append(Fault(f"{why.reason!r} is no reason{hint}" if why.reason else f"say why{hint}", "reason"))
    elif why.reason == "other" and not why.note.strip():
        faults.append(Fault("another reason needs a note that says which", "note"))
    faults += [Fault(f"{coder} did not read this item; {' and '.join(readers)} did", "changed_minds")
               for coder in why.changed_minds or {} if coder not in readers]  # fmt: skip
    if faults:
        raise InputError(faults)


Answer = tuple[str, bool | None, Mapping[str, Any], str]
"""A code, whether it applies, where, and the hash of the text the place counts in."""


def _decided(found: Difference, verdict: str, instead: str, codebook: Codebook) -> list[Answer]:
    """What a verdict says of a unit, place by place."""
    if instead and verdict != "new_code":
        raise InputError(Fault("another code goes with the verdict new_code, and only with it", "instead"))
    marks = {reading.coder: reading.marks for reading in found.readings}
    everywhere = _places(mark for one in marks.values() for mark in one)
    if verdict.startswith(OF):
        coder = verdict.removeprefix(OF)
        if coder not in marks:
            raise InputError(Fault(f"{coder!r} did not read this item; {' and '.join(marks)} did", "verdict"))
        return _given(found.code_id, _places(marks[coder])) or [(found.code_id, False, WHOLE, "")]
    if verdict == "both":
        return _given(found.code_id, everywhere)
    if verdict == "neither":
        return [(found.code_id, False, WHOLE, "")]
    if verdict == "new_code" and instead:
        _check_code(instead, found, codebook)
        return [(found.code_id, False, WHOLE, ""), *_given(instead, everywhere)]
    if verdict in ("open", "new_code"):
        return [(found.code_id, None, WHOLE, "")]
    raise InputError(Fault(f"{verdict!r} is no decision; one of {', '.join(VERDICTS)}", "verdict"))


def _places(marks: Iterable[Mark]) -> list[Mark]:
    """Each place once; the item as a whole only where no place on it is named."""
    by_place = {mark.key: mark for mark in marks}
    parts = [mark for mark in by_place.values() if not mark.whole]
    return parts or list(by_place.values())


def _given(code_id: str, places: Sequence[Mark]) -> list[Answer]:
    return [(code_id, True, mark.target, mark.text_sha256) for mark in places]


def _check_code(code_id: str, found: Difference, codebook: Codebook) -> None:
    active = {code.id: code for code in codebook.codes if code.active}
    if code_id not in active:
        hint = did_you_mean(code_id, active) or "; make it in the codebook first"
        raise InputError(Fault(f"the codebook has no code {code_id!r} in use{hint}", "instead"))
    if code_id == found.code_id:
        raise InputError(Fault(f"{code_id} is the code that is in question; name another", "instead"))
    if active[code_id].second_item != bool(found.second_item):
        needs = "needs" if active[code_id].second_item else "has no"
        raise InputError(Fault(f"{code_id} {needs} second item, so it cannot take this one's place", "instead"))


def _events(
    record: Record, decided: Sequence[tuple[Difference, list[Answer]]], why: Words, actor: str, version: int
) -> list[Draft]:
    """What goes on the record: the decisions, then what stood before of each unit is taken back."""
    said, gone = [], []
    for found, answers in decided:
        fresh = [_decision(found, answer, why, actor, version) for answer in answers]
        again = {_key(draft.body) for draft in fresh}
        said += fresh
        gone += [_removal(row, actor, version, "decided anew") for row in _standing(record, found)
                 if _key(row) not in again]  # fmt: skip
    return said + gone


def _decision(found: Difference, answer: Answer, why: Words, actor: str, version: int) -> Draft:
    code_id, applies, target, digest = answer
    body = {
        "item_id": found.item_id, "code_id": code_id, "second_item": found.second_item, **target,
        "text_sha256": digest, "applies": applies, "reason": why.reason, "note": why.note.strip(),
        "codings": [mark.event_id for reading in found.readings for mark in reading.marks],
        "changed_minds": dict(why.changed_minds or {}),
    }  # fmt: skip
    return Draft("consensus.decided", found.item_id, body, actor, "human", found.round_id, version)


_IDENTITY = ("item_id", "code_id", "nothing_applies", "second_item", *WHOLE)


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) or False if name == "nothing_applies" else row[name] for name in _IDENTITY)


def _standing(record: Record, found: Difference) -> list[Mapping[str, Any]]:
    """The decisions that stand of a unit: its own, and those that settle the same codings with another code."""
    settled = {mark.event_id for reading in found.readings for mark in reading.marks}
    rows = record.view("consensus", round_id=found.round_id, item_id=found.item_id)
    return [row for row in rows
            if (row["item_id"], row["code_id"], row["second_item"] or "") == found.unit
            or (settled and set(row["codings"] or ()) == settled)]  # fmt: skip


def _taken_back(record: Record, found: Difference, event_id: UUID | None) -> list[Mapping[str, Any]]:
    """What an undo that is asked again took back the first time."""
    stored = record.event(event_id) if event_id else None
    body = stored.body if stored and stored.kind == "consensus.removed" else None
    same = body and (body["item_id"], body["code_id"], body["second_item"]) == found.unit
    return [{**body, "round_id": found.round_id}] if body and same else []


def _removal(row: Mapping[str, Any], actor: str, version: int, reason: str) -> Draft:
    body = {name: row[name] for name in _IDENTITY} | {"reason": reason}
    return Draft("consensus.removed", row["item_id"], body, actor, "human", row["round_id"], version)


def _append(record: Record, decide: Callable[[], list[Draft]], event_id: UUID | None) -> None:
    """Store what `decide` makes of the state: the first event has the client's identifier, the others are counted from
    it. Asked again, only the first is handed in, for the record to compare."""

    def drafts() -> list[Draft]:
        made = decide()
        if event_id is None:
            return made
        named = [replace(draft, event_id=uuid5(event_id, str(place)) if place else event_id)
                 for place, draft in enumerate(made)]  # fmt: skip
        return named[:1] if record.event(event_id) else named

    record.append_decided(drafts)
