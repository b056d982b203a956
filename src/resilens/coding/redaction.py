"""What must not be seen of a picture, may it leave the study, and with which pixels?

Boxes lie over faces and names, in pixels of the picture as shown. A picture leaves only once somebody who looked at all
of it says so (`complete`), and never while it is withheld, as pictures of minors are. What leaves has the boxes burned
in; the bytes that were captured never leave. Recordings and other files cannot be redacted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from resilens.capture.media import hash_in, media_file, media_ids
from resilens.capture.pictures import covered, kind_of, size_of
from resilens.coding.threads import Item
from resilens.errors import Fault, InputError
from resilens.record.bodies import Box
from resilens.record.events import Draft, Event
from resilens.record.store import Record
from resilens.results.tables import counted, listing

__all__ = ["COVERS", "Box", "Pictured", "Redaction", "boxes_of", "leaving", "pictures_of", "redaction_of", "redactions",
           "set_redaction", "stays", "undo_redaction", "with_boxes"]  # fmt: skip

COVERS = ("face", "name", "other")
"""What a box may cover; `other` is whatever else would find somebody: words, a place, a child's clothes."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What was decided about a picture; as made without arguments: nobody looked at it yet.

    Parameters
    ----------
    boxes
        What is covered.
    complete
        Whether somebody looked at all of it, and the boxes are all that must be covered.
    withheld
        Whether it stays whatever is covered.
    reason
        Why it is withheld, or no longer is.
    actor, at
        Who decided, and when (UTC, ISO 8601).
    """

    boxes: tuple[Box, ...] = ()
    complete: bool = False
    withheld: bool = False
    reason: str = ""
    actor: str = ""
    at: str = ""

    @property
    def state(self) -> str:
        """`withheld`, `complete`, `begun` or `unseen`."""
        return ("withheld" if self.withheld else "complete" if self.complete
                else "begun" if self.boxes else "unseen")  # fmt: skip

    @property
    def stays(self) -> str:
        """Why the picture may not leave the study; empty where it may."""
        said = {
            "unseen": "nobody has looked at it for what must be covered",
            "begun": "nobody has said that all of it was looked at",
            "withheld": f"withheld: {self.reason}",
        }
        return said.get(self.state, "")

    @property
    def sentence(self) -> str:
        """What is covered: `two faces and one name covered`."""
        named = {"face": "face", "name": "name", "other": "other part"}
        counts = [counted(sum(box.covers == kind for box in self.boxes), words) for kind, words in named.items()
                  if any(box.covers == kind for box in self.boxes)]  # fmt: skip
        return f"{listing(counts)} covered" if counts else "nothing in it had to be covered"


def redactions(record: Record) -> dict[str, Redaction]:
    """What was decided, by the hashes of the pictures."""
    return {row["media_id"]: _of_row(row) for row in record.view("redactions")}


def redaction_of(record: Record, media_id: str) -> Redaction:
    """What was decided about one picture."""
    rows = record.view("redactions", media_id=media_id)
    return _of_row(rows[0]) if rows else Redaction()


def _of_row(row: Mapping[str, Any]) -> Redaction:
    boxes = tuple(map(Box.model_validate, row["boxes"] or ()))
    return Redaction(boxes, bool(row["complete"]), bool(row["withheld"]), row["reason"] or "", row["actor"], row["at"])


def stays(record: Record, media_id: str) -> str:
    """Why a picture may not leave the study; empty where it may, redacted."""
    return redaction_of(record, media_id).stays


def leaving(redaction: Redaction, path: Path, side: int | None = None) -> bytes | None:
    """The bytes with which a picture leaves the study; None where it stays.

    Parameters
    ----------
    redaction
        What was decided about it.
    path
        The captured file.
    side
        Pixels that its longer side has at most; None for all, so that places in it stay where they are.

    Raises
    ------
    InputError
        If the file is no picture, or damaged.
    """
    return None if redaction.stays else with_boxes(redaction, path, side)


def with_boxes(redaction: Redaction, path: Path, side: int | None = None) -> bytes:
    """The picture with what is covered so far burned in, to be looked at inside; `leaving` is what may go out."""
    return covered(path, [(box.x, box.y, box.w, box.h) for box in redaction.boxes], side=side)


def set_redaction(
    record: Record, folder: Path, media_id: str, boxes: Iterable[Box], *, complete: bool,
    withheld: bool = False, reason: str = "", actor: str, event_id: UUID | None = None,
) -> Event:  # fmt: skip
    """Decide, as a whole, what must not be seen of a picture.

    Parameters
    ----------
    folder
        The study's `captures/media/`.
    boxes
        All that is to be covered; they are cut at the picture's edges.
    complete, withheld, reason
        See `Redaction`.

    Raises
    ------
    InputError
        If there is no such picture, a box lies outside of it, or no reason is given for withholding the picture or for
        withholding it no longer.
    """
    fitted = _fitted(_picture(folder, media_id), boxes)
    after = Redaction(fitted, complete, withheld, reason.strip())

    def decided() -> list[Draft]:
        return [_draft(record, media_id, after, actor, event_id)]

    return record.append_decided(decided)[0]


def undo_redaction(
    record: Record, media_id: str, *, reason: str = "", actor: str, event_id: UUID | None = None
) -> Event:  # fmt: skip
    """Take back the last decision about a picture, then the one before it, and so on.

    Raises
    ------
    InputError
        If there is nothing to take back, or no reason is given though the picture would no longer be withheld.
    """

    def decided() -> list[Draft]:
        done = record.event(event_id) if event_id else None
        if done is not None and done.subject == media_id:  # handed in before: what it was then
            return [Draft(done.kind, done.subject, done.body or {}, done.actor, done.actor_kind, event_id=event_id)]
        before = _history(record, media_id)
        if len(before) < 2:
            raise InputError("there is nothing to take back: nobody has decided about this picture")
        back = before[-2]
        if back is None:
            _reasoned(redaction_of(record, media_id), Redaction(reason=reason.strip()))
            body = {"media_id": media_id, "reason": reason.strip()}
            return [Draft("redaction.removed", media_id, body, actor, event_id=event_id)]
        after = Redaction(*back, reason.strip() or _last_reason(record, media_id, back))
        return [_draft(record, media_id, after, actor, event_id)]

    return record.append_decided(decided)[0]


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture of the sample: its hash, the items it belongs to, and what was decided about it."""

    media_id: str
    items: tuple[str, ...]
    redaction: Redaction


def pictures_of(record: Record, folder: Path, items: Iterable[Item]) -> list[Pictured]:
    """The pictures of items that are here, each once, in the order of the items.

    Parameters
    ----------
    folder
        The study's `captures/media/`.
    """
    decided, there = redactions(record), media_ids(folder)
    belongs: dict[str, list[str]] = {}
    for item in items:
        for found in dict.fromkeys(map(hash_in, item.media)):
            if found in there and (found in belongs or kind_of(there[found]) == "image"):
                belongs.setdefault(found, []).append(item.item_id)
    return [Pictured(found, tuple(names), decided.get(found, Redaction())) for found, names in belongs.items()]


def boxes_of(rows: Iterable[tuple[int, int, int, int, str]]) -> list[Box]:
    """Boxes from what a form holds: x, y, width, height and what each covers; cut at the left and upper edge.

    Raises
    ------
    InputError
        If a box is empty, or covers something else than `COVERS`.
    """
    boxes = []
    for number, (x, y, width, height, covers) in enumerate(rows, 1):
        w, h = width + min(0, x), height + min(0, y)
        if w <= 0 or h <= 0:
            raise InputError(Fault("has no width or no height; draw it anew or take it out", f"box {number}"))
        if covers not in COVERS:
            raise InputError(Fault(f"covers {' or '.join(COVERS)}, not {covers!r}", f"box {number}"))
        boxes.append(Box.model_validate({"x": max(0, x), "y": max(0, y), "w": w, "h": h, "covers": covers}))
    return boxes


State: TypeAlias = tuple[tuple[Box, ...], bool, bool]
"""Boxes, complete, withheld."""


def _history(record: Record, media_id: str) -> list[State | None]:
    """The states that undoing goes back through; None: nothing was decided. Going back is no new state."""
    states: list[State | None] = [None]
    for event in record.events(subject=media_id):
        if event.kind not in ("redaction.set", "redaction.removed"):
            continue
        body = event.body or {}
        state = None
        if event.kind == "redaction.set":
            state = (tuple(map(Box.model_validate, body["boxes"])), bool(body["complete"]), bool(body["withheld"]))
        if len(states) > 1 and states[-2] == state:
            states.pop()
        elif states[-1] != state:
            states.append(state)
    return states


def _last_reason(record: Record, media_id: str, state: State) -> str:
    """The reason that was given when a picture came into a state."""
    reasons = [event.body["reason"] for event in record.events("redaction.set", media_id)
               if event.body and bool(event.body["withheld"]) == state[2]]  # fmt: skip
    return str(reasons[-1]) if reasons and state[2] else ""


def _draft(record: Record, media_id: str, after: Redaction, actor: str, event_id: UUID | None) -> Draft:
    if event_id is None or record.event(event_id) is None:
        _reasoned(redaction_of(record, media_id), after)
    body = {"media_id": media_id, "boxes": [box.model_dump() for box in after.boxes], "complete": after.complete,
            "withheld": after.withheld, "reason": after.reason}  # fmt: skip
    return Draft("redaction.set", media_id, body, actor, event_id=event_id)


def _reasoned(before: Redaction, after: Redaction) -> None:
    """What keeps a picture in is not set, and above all not lifted, without saying why."""
    if after.withheld and not after.reason:
        raise InputError(Fault("say why this picture is withheld, for example that a minor is in it", "reason"))
    if before.withheld and not after.withheld and not after.reason:
        words = f"this picture is withheld ({before.reason}); say why it no longer has to be"
        raise InputError(Fault(words, "reason"))


def _picture(folder: Path, media_id: str) -> Path:
    path = media_file(folder, media_id)
    if path is None:
        raise InputError("there is no such picture in captures/media; it may have been forgotten")
    if kind_of(path) != "image":
        raise InputError("this file is no picture; recordings and other files cannot be redacted and stay here")
    return path


def _fitted(path: Path, boxes: Iterable[Box]) -> tuple[Box, ...]:
    """The boxes, cut at the edges of the picture."""
    width, height = size_of(path)
    fitted = []
    for number, box in enumerate(boxes, 1):
        if box.x >= width or box.y >= height:
            words = f"lies outside of the picture, which has {width:,} by {height:,} pixels"
            raise InputError(Fault(words, f"box {number}"))
        cut = {"w": min(box.w, width - box.x), "h": min(box.h, height - box.y)}
        fitted.append(box.model_copy(update=cut))
    return tuple(fitted)
