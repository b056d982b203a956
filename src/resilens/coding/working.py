"""How does a person code in a round: what may be set, on what, when; and what is refused, in which words?

Every step is an act: one or several events, stored together or not at all, under an identifier that the client made.
An act handed in again changes nothing; nor does one that asks for what is already so.

>>> work = Work(record, round_of(record, "round-1"), "mei", book, version, may_read, find, size)
>>> set_code(work, {"item_id": item, "code_id": "practice.tribute", "field": "text", "start": 3, "end": 10})
>>> nothing_applies(work, other)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from resilens.coding.codes import Codebook
from resilens.coding.codings import TARGET
from resilens.coding.rounds import Round
from resilens.coding.spans import digest
from resilens.coding.threads import Item
from resilens.errors import Fault, InputError
from resilens.record.clock import uuid7, wall
from resilens.record.events import Draft, Event
from resilens.record.kinds import checked_body
from resilens.record.reading import different
from resilens.record.store import Record
from resilens.study.words import did_you_mean

MARK = ("item_id", "code_id", "nothing_applies", "second_item", *TARGET)
"""What names a coding of one coder in one round: the item, the code, the place, and the item it is related to."""

KINDS = ("coding.set", "coding.removed")
NOTHING = {"code_id": "", "nothing_applies": True}

Mark: TypeAlias = Mapping[str, Any]
"""The keys of `MARK` that are not empty."""

Find: TypeAlias = Callable[[Collection[str]], Mapping[str, Item]]
"""Captured items by their ids; those that were not captured are left out."""

MayRead: TypeAlias = Callable[[str], bool]
"""Whether an item is the coder's to read in the round."""

Changed: TypeAlias = Callable[[int], Collection[str]]
"""The codes whose meaning is another now than under a version of the codebook; see `codebook.changed_since`."""

Size: TypeAlias = Callable[[str], tuple[int, int] | None]
"""Width and height of a picture in pixels; None where it is none, or not here."""


@dataclass(frozen=True)
class Work:
    """One coder at work in one round.

    Parameters
    ----------
    record
        Where it is written.
    round, coder
        The round, and who codes.
    book, version
        The codebook in force, and its number.
    may_read
        Which items are this coder's; see `coding.assignments`.
    find, size, changed
        How items are looked up, the sizes of pictures, and codes whose meaning has changed since a version.
    """

    record: Record
    round: Round
    coder: str
    book: Codebook
    version: int
    may_read: MayRead
    find: Find
    size: Size = lambda _: None
    changed: Changed = lambda _: ()

    def own(self, items: Collection[str]) -> list[dict[str, Any]]:
        """The coder's own codings of these items in this round, in the order in which they were made."""
        return self.record.view("codings", round_id=self.round.id, coder=self.coder, item_id=list(items))

    def outdated(self, row: Mark) -> bool:
        """Whether a coding was made while its code meant something else."""
        number = row["codebook_version"]
        return number != self.version and row["code_id"] in self.changed(number)


def set_code(work: Work, mark: Mark, memo: str | None = None, act: UUID | None = None) -> list[Event]:
    """Apply a code to an item, a span of its text, a region of a picture, or a relation to a second item.

    Where it was said that nothing applies, that is taken back in the same act. Setting again what was set while its
    code meant something else states it anew, under the codebook in force.

    Parameters
    ----------
    mark
        `item_id` and `code_id`; of a span also `field` (title, text or translation:ID), `start` and `end` in code
        points of the stored text, half-open; of a region `media_id`, `x`, `y`, `w`, `h` in pixels; `second_item` for
        a code that relates two.
    memo
        Why; None leaves the memo of a coding that stands as it is.
    act
        Made by the client, so that it may ask again.

    Returns
    -------
    list of Event
        What was stored, now or when the act was first handed in; empty where it was so already.

    Raises
    ------
    InputError
        If it lies outside the text or the picture, the code is not given any more or needs a second item, the item is
        not the coder's to read, the round is not open, or its consensus has begun.
    """
    target = mark_of(mark)
    item_id = target["item_id"]
    if target["nothing_applies"]:
        raise InputError(Fault("a code is set, or nothing applies; not both", "code_id"))

    def decide() -> list[Draft]:
        own = work.own([item_id])
        before = next((row for row in own if key_of(row) == key_of(target)), None)
        sha256 = _text_digest(work, target)
        if before and before["text_sha256"] == sha256 and memo in (None, before["memo"]) and not work.outdated(before):
            return []
        _check_code(work, target, new=before is None)
        kept = (before["memo"] if before else "") if memo is None else memo
        drafts = [_draft(work, "coding.set", {**target, "text_sha256": sha256, "memo": kept})]
        return drafts + [_removal(work, row) for row in own if row["nothing_applies"]]

    return perform(work, act, _same("coding.set", target, memo), _readable(work, item_id, decide))


def remove_code(work: Work, mark: Mark, act: UUID | None = None) -> list[Event]:
    """Take a coding of one's own back; see `set_code`."""
    target = mark_of(mark)

    def decide() -> list[Draft]:
        return [_removal(work, row) for row in work.own([target["item_id"]]) if key_of(row) == key_of(target)]

    return perform(work, act, _same("coding.removed", target), decide)


def nothing_applies(work: Work, item_id: str, act: UUID | None = None) -> list[Event]:
    """Say that an item was read and no code applies; see `set_code`.

    Raises
    ------
    InputError
        If own codings stand on the item, and for what `set_code` refuses.
    """
    target = mark_of({"item_id": item_id, **NOTHING})

    def decide() -> list[Draft]:
        own = work.own([item_id])
        if any(row["nothing_applies"] for row in own):
            return []
        if own:
            words = f"{_counted(len(own))} on this item; take them off first, or undo"
            raise InputError(Fault(f"nothing cannot apply where you have {words}", "item_id"))
        return [_draft(work, "coding.set", target)]

    return perform(work, act, _same("coding.set", target), _readable(work, item_id, decide))


def take_back_nothing(work: Work, item_id: str, act: UUID | None = None) -> list[Event]:
    """Leave an item unread again, of which it was said that nothing applies; see `set_code`."""
    return remove_code(work, {"item_id": item_id, **NOTHING}, act)


# --- an act -----------------------------------------------------------------------------------------------------------


def perform(work: Work, act: UUID | None, same: Callable[[Event], bool],
            decide: Callable[[], Sequence[Draft]]) -> list[Event]:  # fmt: skip
    """Store the events of one act, unless it was handed in before.

    Parameters
    ----------
    act
        Its identifier; None makes one.
    same
        Whether an event that bears this identifier is what this act would store.
    decide
        The drafts, from the state as it stands when nobody else writes; the first one bears the act's identifier.
    """
    act = act or uuid7(wall())

    def decided() -> list[Draft]:
        if work.record.event(act):
            return []  # the same act, handed in twice at once
        check_open(work)
        return [replace(draft, body={**draft.body, "act": str(act)}, event_id=_identifier(act, place))
                for place, draft in enumerate(decide())]  # fmt: skip

    return _stored(work, act, same) or work.record.append_decided(decided) or _stored(work, act, same)


def events_of(record: Record, act: UUID) -> list[Event]:
    """The events of an act, in their order; none where it is not stored."""
    found: list[Event] = []
    while event := record.event(_identifier(act, len(found))):
        found.append(event)
    return found


def _identifier(act: UUID, place: int) -> UUID:
    """The identifier of an act's event at that place: the client's own for the first, the others follow from it."""
    return uuid5(act, str(place)) if place else act


def _stored(work: Work, act: UUID, same: Callable[[Event], bool]) -> list[Event]:
    events = events_of(work.record, act)
    if events:
        first = events[0]
        ours = (first.actor, first.round_id) == (work.coder, work.round.id)
        if not ours or (first.body is not None and not same(first)):
            raise different(act, "act")
    return events


def _same(kind: str, target: Mark, memo: str | None = None) -> Callable[[Event], bool]:
    def same(event: Event) -> bool:
        body = event.body or {}
        alike = event.kind == kind and not body["undoes"] and key_of(body) == key_of(target)
        return alike and (memo is None or body["memo"] == memo)

    return same


# --- what is checked --------------------------------------------------------------------------------------------------


def mark_of(mark: Mark) -> dict[str, Any]:
    """The mark with every key of `MARK`.

    Raises
    ------
    InputError
        For each key that is unknown, missing or wrong; `where` is the key.
    """
    try:
        body = checked_body("coding.removed", mark)
    except InputError as error:
        prefix = "coding.removed"
        faults = [Fault(fault.message, fault.where.removeprefix(prefix).lstrip(": ")) for fault in error.faults]
        raise InputError(faults) from error
    return {name: body[name] for name in MARK}


def key_of(row: Mark) -> tuple[Any, ...]:
    """What tells one coding of a coder in a round from another."""
    return tuple(row[name] for name in MARK)


def check_open(work: Work) -> None:
    """See that the coder may code in the round.

    Raises
    ------
    InputError
        If the coder is none of the round's, the round is not open, or it is independent and its consensus has begun.
    """
    if work.coder not in work.round.coders:
        raise InputError(f"{work.coder} does not code in {work.round.id}; {', '.join(work.round.coders)} do")
    states = work.record.distinct("rounds", "state", round_id=work.round.id)
    if states != ["open"]:
        state = states[0] if states else "gone"
        raise InputError(f"{work.round.id} is {state}: what was coded in it changes no more; nothing was written")
    if work.round.mode == "independent" and work.record.count("consensus", round_id=work.round.id):
        raise InputError(f"consensus has begun on {work.round.id}; its codings stay as they are; nothing was written")


def _readable(work: Work, item_id: str, decide: Callable[[], list[Draft]]) -> Callable[[], list[Draft]]:
    """`decide`, once it is seen that the item is the coder's to read."""

    def checked() -> list[Draft]:
        if not work.may_read(item_id):
            raise InputError(Fault(f"{item_id} is not among the items you read in {work.round.id}", "item_id"))
        return decide()

    return checked


def _check_code(work: Work, target: Mark, new: bool) -> None:
    code_id, second = target["code_id"], target["second_item"]
    if code_id not in work.book:
        known = [code.id for code in work.book.codes if code.active]
        raise InputError(Fault(f"there is no code {code_id!r}{did_you_mean(code_id, known)}", "code_id"))
    code = work.book.code(code_id)
    if new and not code.active:
        raise InputError(Fault(f"{code.name} is retired and is not given any more", "code_id"))
    if code.second_item and not second:
        raise InputError(Fault(f"{code.name} relates two items; choose the other one", "second_item"))
    if second and not code.second_item:
        raise InputError(Fault(f"{code.name} is of one item and takes no second one", "second_item"))
    if second and (second == target["item_id"] or second not in work.find([second])):
        raise InputError(Fault(f"{second} is no other captured item", "second_item"))


def _text_digest(work: Work, target: Mark) -> str:
    """The SHA-256 of the text that a span lies in, once the mark is seen to lie in its text or picture."""
    field, media_id = target["field"], target["media_id"]
    if not field and not media_id:
        return ""
    item = work.find([target["item_id"]]).get(target["item_id"])
    if item is None:
        raise InputError(Fault("this item is not in the corpus, so no part of it can be coded", "item_id"))
    if field:
        text = _text(work, item, field)
        if target["end"] > len(text):
            words = f"the {field} has {len(text)} characters (code points); the span ends at {target['end']}"
            raise InputError(Fault(words, "end"))
        return digest(text)
    if media_id not in item.media:
        raise InputError(Fault("this picture or recording does not belong to the item, or is not here", "media_id"))
    size = work.size(media_id)
    if target["w"] is None:
        return ""
    if size is None:
        raise InputError(Fault("the size of this picture is not known, so no region of it can be coded", "media_id"))
    if target["x"] + target["w"] > size[0] or target["y"] + target["h"] > size[1]:
        raise InputError(Fault(f"the region leaves the picture, which is {size[0]} by {size[1]} pixels", "w"))
    return ""


def _text(work: Work, item: Item, field: str) -> str:
    if field in item.fields:
        return item.fields[field]
    rows = work.record.view("translations", translation_id=field.removeprefix("translation:"), item_id=item.item_id)
    if not rows:
        raise InputError(Fault(f"this {item.kind} has no {field}", "field"))
    return str(rows[0]["text"])


# --- drafts -----------------------------------------------------------------------------------------------------------


def _draft(work: Work, kind: str, body: Mark, version: int | None = None) -> Draft:
    number = work.version if version is None else version
    return Draft(kind, body["item_id"], body, work.coder, "human", work.round.id, number)


def _removal(work: Work, row: Mark) -> Draft:
    return _draft(work, "coding.removed", {name: row[name] for name in MARK})


def _counted(number: int) -> str:
    return "a coding" if number == 1 else f"{number} codings"
