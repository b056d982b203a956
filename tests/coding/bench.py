"""A coder's work over the items in memory, for tests of what a person does in a round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from resilens.coding.codes import Codebook
from resilens.coding.rounds import open_round, round_of
from resilens.coding.threads import Item
from resilens.coding.working import MARK, Work
from resilens.record.store import Record

PICTURE = "a" * 64
SIZE = (240, 160)


def items_of(texts: Mapping[str, Mapping[str, str]]) -> dict[str, Item]:
    """The items, all in the thread of the first; each post has one picture."""
    first = next(iter(texts))
    return {name: Item(name, "post" if ":p:" in name else "comment", first, title=fields.get("title", ""),
                       text=fields["text"], media=(PICTURE,) if ":p:" in name else ())
            for name, fields in texts.items()}  # fmt: skip


def work_of(
    record: Record, book: Codebook, texts: Mapping[str, Mapping[str, str]], coder: str = "mei",
    mode: Any = "independent", round_id: str = "round-1", coders: Sequence[str] = ("mei", "jon"),
) -> Work:  # fmt: skip
    """`coder` at work in a round over these items, which is opened where it is not yet."""
    if not record.count("rounds", round_id=round_id):
        open_round(record, round_id, mode, coders, "mei")
    items = items_of(texts)
    return Work(record, round_of(record, round_id), coder, book, 1, items.__contains__,
                lambda ids: {name: items[name] for name in ids if name in items},
                lambda media_id: SIZE if media_id == PICTURE else None)  # fmt: skip


def standing(work: Work) -> dict[str, dict[tuple[Any, ...], str]]:
    """The coder's codings by item: mark and memo."""
    found: dict[str, dict[tuple[Any, ...], str]] = {}
    for row in work.record.view("codings", round_id=work.round.id, coder=work.coder):
        found.setdefault(row["item_id"], {})[tuple(row[name] for name in MARK)] = row["memo"]
    return found
