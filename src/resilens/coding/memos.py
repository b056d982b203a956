"""What do the researchers think while they read: memos, theory, where they stand, arguments, changes of mind?

A memo is about items, codes, claims (`claim:ID`) or rounds. It is shared with everybody at once, or kept in a round:
then others are told of it once that round is revealed, as they are of codings. Where it was kept it stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from resilens.coding.rounds import round_of
from resilens.coding.sight import seen
from resilens.errors import Fault, InputError
from resilens.record.clock import uuid7
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.study.words import did_you_mean

SHARED = ("memo", "theory", "positionality")
"""Types that anybody writes at any time."""

IN_ROUND = ("argument", "change_of_mind")
"""Types that belong to the reading of a round: why a code, and what changed one's mind."""

_ITEM = re.compile(r"[^\W\d_]+:[pc]:\S+")

TYPES = (*SHARED, *IN_ROUND, "saturation")
"""Every type in the order in which they are listed; `saturation` is stated in `agreement.saturation.meaning`."""


@dataclass(frozen=True, slots=True)
class Memo:
    """A memo as it stands.

    Parameters
    ----------
    id
        What it is cited by, `memo:ID`.
    type
        One of `TYPES`.
    title, text
        Its words; the title may be empty.
    about
        Ids of items, codes, rounds, and `claim:ID`.
    round_id
        The round it is kept in; empty where it is shared.
    actor, at
        Who wrote it last, and when (UTC in ISO 8601).
    """

    id: str
    type: str
    title: str
    text: str
    about: tuple[str, ...]
    round_id: str
    actor: str
    at: str


def memos(record: Record, viewer: str, **equal: Any) -> list[Memo]:
    """The memos that `viewer` may be told of, the latest first.

    Parameters
    ----------
    viewer
        The name of a coder; see `sight.visible`.
    **equal
        Only those with this `type`, `round_id`, `actor` or `memo_id`.
    """
    return [_memo(row) for row in reversed(seen(record, viewer, record.view("memos", **equal)))]


def per_item(found: Iterable[Memo]) -> dict[str, list[Memo]]:
    """Memos under each item they are about, the first written first; those about no item under an empty id, last."""
    listed: dict[str, list[Memo]] = {}
    for memo in sorted(found, key=lambda memo: (memo.at, memo.id)):
        for name in [name for name in memo.about if _ITEM.fullmatch(name)] or [""]:
            listed.setdefault(name, []).append(memo)
    return dict(sorted(listed.items(), key=lambda entry: entry[0] == ""))


def memo_of(record: Record, memo_id: str, viewer: str) -> Memo:
    """One memo.

    Raises
    ------
    InputError
        If there is none that `viewer` may be told of; the words are the same where there is one.
    """
    found = memos(record, viewer, memo_id=memo_id)
    if not found:
        known = [memo.id for memo in memos(record, viewer)]
        raise InputError(f"there is no memo {memo_id!r} that you may read{did_you_mean(memo_id, known)}")
    return found[0]


def _memo(row: Mapping[str, Any]) -> Memo:
    return Memo(row["memo_id"], row["type"], row["title"] or "", row["text"], tuple(row["about"] or ()),
                row["round_id"] or "", row["actor"], row["at"])  # fmt: skip


def write(
    record: Record, text: str, actor: str, *, type: str = "memo", title: str = "", about: Sequence[str] = (),
    round_id: str = "", memo_id: str = "", event_id: UUID | None = None,
) -> Memo:  # fmt: skip
    """Write a memo, or change one of one's own.

    Parameters
    ----------
    text, title, about
        What it says, and about what.
    actor
        Who writes it.
    type
        One of `SHARED` or `IN_ROUND`; of a memo that is changed, its type stays.
    round_id
        The round it is kept in; needed for an argument and a change of mind. Of a memo that is changed, it stays.
    memo_id
        The memo to change; empty for a new one, whose id is made from `event_id`.
    event_id
        Made by the client, so that it may ask again after a failure.

    Raises
    ------
    InputError
        If there is no text, the type is none of these, the round is not there or not the actor's, or the memo is
        somebody else's.
    """
    before = own_memo(record, memo_id, actor) if memo_id else None
    type, round_id = (before.type, before.round_id) if before else (type, round_id)  # noqa: A001
    faults = []
    if not text.strip():
        faults.append(Fault("a memo needs words; write some", "text"))
    if type not in (*SHARED, *IN_ROUND):
        hint = did_you_mean(type, (*SHARED, *IN_ROUND)) or f"; one of {', '.join((*SHARED, *IN_ROUND))}"
        faults.append(Fault(f"{type!r} is no type of memo{hint}", "type"))
    if type in IN_ROUND and not round_id:
        faults.append(Fault("an argument or a change of mind belongs to a round; say which", "round"))
    if faults:
        raise InputError(faults)
    if round_id and not before and actor not in round_of(record, round_id).coders:
        raise InputError(Fault(f"{actor} does not read in {round_id}, so no memo is kept in it", "round"))
    made = event_id or uuid7(datetime.now(UTC))
    name = memo_id or f"m{made.hex[-12:]}"
    body = {"memo_id": name, "text": text, "title": title.strip(), "type": type,
            "about": list(dict.fromkeys(filter(None, (one.strip() for one in about))))}  # fmt: skip
    record.append(Draft("memo.written", name, body, actor, "human", round_id, event_id=event_id))
    return memo_of(record, name, actor)


def remove(record: Record, memo_id: str, actor: str, reason: str = "", event_id: UUID | None = None) -> None:
    """Take one of one's own memos back; it stays in the record's history.

    Raises
    ------
    InputError
        If there is none, or it is somebody else's.
    """
    if event_id is not None and record.event(event_id):
        return
    memo = own_memo(record, memo_id, actor)
    record.append(Draft("memo.removed", memo_id, {"memo_id": memo_id, "reason": reason}, actor, "human", memo.round_id,
                        event_id=event_id))  # fmt: skip


def own_memo(record: Record, memo_id: str, actor: str) -> Memo:
    """A memo that the actor may change.

    Raises
    ------
    InputError
        If there is none, it is somebody else's, or a statement of saturation.
    """
    memo = memo_of(record, memo_id, actor)
    if memo.actor != actor:
        raise InputError(f"{memo.actor} wrote this memo, and only {memo.actor} changes it; write one of your own")
    if memo.type == "saturation":
        raise InputError("a statement of saturation is made with `study.state_saturation`; make it anew there")
    return memo
