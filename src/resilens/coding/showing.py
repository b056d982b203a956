"""How do the marks that several coders gave one code look on the item: words in its texts, boxes on its pictures?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from resilens.coding.differences import Difference, Mark
from resilens.coding.passages import Piece, Span, pieces, quoted
from resilens.coding.spans import digest
from resilens.coding.threads import Item
from resilens.record.store import Record


@dataclass(frozen=True, slots=True)
class Box:
    """A region of a picture in original pixels, and whose it is."""

    coder: str
    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An item with the marks of one code.

    Parameters
    ----------
    texts
        Its texts by field, in pieces labelled by coder; translations among them where one was marked.
    quotes
        The words of each mark, by its event; marks on texts only.
    boxes
        Regions by picture.
    moved
        Whether a mark is on a text that is not stored any more, so that its words cannot be shown.
    """

    texts: Mapping[str, list[Piece]]
    quotes: Mapping[str, str]
    boxes: Mapping[str, list[Box]]
    moved: bool = False


def texts_of(record: Record, item: Item | None) -> dict[str, str]:
    """The texts of an item that spans may be in, by field: its own, then its translations."""
    if item is None:
        return {}
    rows = record.view("translations", item_id=item.item_id)
    return item.fields | {f"translation:{row['translation_id']}": row["text"] for row in rows}


def shown(one: Difference, texts: Mapping[str, str]) -> Shown:
    """The marks of a unit on its item.

    Parameters
    ----------
    one
        The unit.
    texts
        The item's texts by field, see `texts_of`.
    """
    marks = [(reading.coder, mark) for reading in one.readings for mark in reading.marks]
    digests = {field: digest(text) for field, text in texts.items()}
    words = [(coder, mark) for coder, mark in marks if _field(mark)]
    standing = [(coder, mark) for coder, mark in words if mark.text_sha256 == digests.get(_field(mark))]
    spans: dict[str, list[Span]] = {field: [] for field in texts if not field.startswith("translation:")}
    for coder, mark in standing:
        spans.setdefault(_field(mark), []).append((mark.target["start"], mark.target["end"], coder))
    boxes: dict[str, list[Box]] = {}
    for coder, mark in marks:
        if mark.target["x"] is not None:
            box = Box(coder, *(mark.target[name] for name in "xywh"))
            boxes.setdefault(mark.target["media_id"], []).append(box)
    return Shown(
        {field: pieces(texts[field], found) for field, found in spans.items()},
        {mark.event_id: quoted(texts[_field(mark)], mark.target["start"], mark.target["end"])
         for _, mark in standing},
        boxes, len(standing) < len(words),
    )  # fmt: skip


def _field(mark: Mark) -> str:
    return str(mark.target["field"] or "")
