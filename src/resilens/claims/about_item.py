"""What does a study know of one item: its thread, who coded it how, what was written of it and concluded from it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from resilens.claims.leaning import claims_on
from resilens.claims.ledger import Claim
from resilens.coding.quotable import Standing, standings
from resilens.coding.rounds import CONSENSUS
from resilens.coding.sight import visible
from resilens.coding.threads import Item, overruled, read_items, read_threads
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import COUNTS
from resilens.errors import Fault, InputError
from resilens.record.store import Record

Row = Mapping[str, Any]


MOST = 40
"""Items of a long thread that stand on the page of one of them."""


@dataclass(frozen=True, slots=True)
class Observation:
    """An item as it was seen once: when, in which capture, in which state, and its counts exactly as captured."""

    collected_at: Any
    capture: str
    state: str
    counts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AboutItem:
    """What a person may be told of an item.

    Parameters
    ----------
    item
        The item itself.
    thread
        Its post and all captured comments, in the order of their conversation; the item is one of them.
    codings, decisions
        Rows of the record's views `codings` and `consensus` that are about it, in the order of their events.
    memos, leads
        Rows of these views that name it.
    claims
        The claims that lean on it.
    quoting
        What may be done with its words, and why.
    observations
        Each time it was seen, or was looked for and absent, the first first.
    """

    item: Item
    thread: tuple[Item, ...]
    codings: Sequence[Row]
    decisions: Sequence[Row]
    memos: Sequence[Row]
    leads: Sequence[Row]
    claims: Sequence[Claim]
    quoting: Standing
    observations: Sequence[Observation]

    def near(self, most: int = MOST) -> tuple[Item, ...]:
        """Of a long thread: the post, what the item answers up to it, and what stands around the item."""
        if len(self.thread) <= most:
            return self.thread
        by_id, above, at = {one.item_id: one for one in self.thread}, set(), self.item
        while at.item_id not in above:
            above.add(at.item_id)
            at = by_id.get(at.parent_id or at.post_id, at)
        place = self.thread.index(self.item)
        begin = max(0, min(place - most // 4, len(self.thread) - most))
        around = range(begin, begin + most)
        return tuple(one for number, one in enumerate(self.thread) if number in around or one.item_id in above)

    @property
    def shown_counts(self) -> tuple[str, ...]:
        """The counts that any observation has."""
        return tuple(name for name in COUNTS if any(one.counts[name] for one in self.observations))


def about_item(record: Record, corpus: Corpus, item_id: str, viewer: str, quoting: str) -> AboutItem:
    """What a study knows of an item, as far as `viewer` may be told; see `coding.sight`.

    Parameters
    ----------
    record, corpus
        The study's.
    item_id
        A post or a comment.
    viewer
        The coder who asks.
    quoting
        The quoting status of an item for which none was decided, `study.privacy.quoting`.

    Raises
    ------
    InputError
        If the corpus has no such item.
    """
    item = read_items(corpus, [item_id]).get(item_id)
    if item is None:
        raise InputError(Fault("the corpus has no such item; it was not captured, or was erased", item_id))
    thread = read_threads(corpus, [item.post_id]).thread(item.post_id)
    sees = visible(record, viewer)
    people = {one.item_id: one for one in overruled([item, *thread], record)}
    return AboutItem(
        people[item_id], tuple(people[one.item_id] for one in thread),
        [row for row in record.view("codings", item_id=item_id) if sees(row)],
        [row for row in record.view("consensus", item_id=item_id) if sees({**row, "coder": CONSENSUS})],
        [row for row in record.view("memos") if item_id in (row["about"] or ()) and sees(row)],
        [row for row in record.view("leads") if item_id in (row["items"] or ())],
        claims_on(record, [item_id]).get(item_id, ()), standings(record, corpus, [item_id], quoting, sees)[item_id],
        observations(corpus, item_id),
    )  # fmt: skip


def observations(corpus: Corpus, item_id: str) -> list[Observation]:
    """Each time an item was seen, or was looked for and was absent, the first first."""
    seen = corpus.table("observations").filter(ibis._.item_id == item_id)
    names = corpus.table("captures").select("capture_id", "name")
    rows = seen.left_join(names, "capture_id").order_by("collected_at", "capture_id", "line")
    return [
        Observation(row["collected_at"], row["name"] or "", row["state"] or "",
                    {name: row[f"{name}_raw"] or "" for name in COUNTS})
        for row in corpus.frame(rows).to_pylist()
    ]  # fmt: skip
