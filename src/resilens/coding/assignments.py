"""Which items does each coder read in a round, in which order, and how far is one?

All coders read all; or a share of the threads is read by all, so that agreement can be computed, and the others are
dealt out evenly. A thread is never divided: a comment is read in its conversation.

Which threads are shared follows from `sha256(f"overlap:{seed}:{post_id}")`. The word keeps this apart from the numbers
by which posts were drawn: a post drawn early must not be read by all the more often for it.
"""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from resilens.coding.codebook import changed_since, latest
from resilens.coding.codes import Codebook
from resilens.coding.material import Material, read_material
from resilens.coding.noting import is_finished
from resilens.coding.rounds import Round, round_of
from resilens.coding.threads import Item, read_items
from resilens.coding.working import MayRead, Work
from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.store import Record


class Opened(Protocol):
    """An open study, as far as coding in it needs; `pipeline.OpenStudy` is one."""

    @property
    def record(self) -> Record: ...
    def codebook(self) -> Codebook: ...
    def corpus(self) -> Corpus: ...
    def sampled_items(self, draw: str = "") -> list[str]: ...


def work_in(study: Opened, round_id: str, coder: str) -> Work:
    """A coder at work in a round of a study: what `working`, `undoing` and `noting` need.

    The round's items are read once; ask anew after the corpus, the codebook or the round have changed.

    Raises
    ------
    InputError
        If there is no such round.
    """
    asked, book = round_of(study.record, round_id), study.codebook()
    version = latest(study.record)
    with study.corpus() as corpus:
        material = read_material(corpus, asked.items or study.sampled_items(asked.draw))

    def find(ids: Collection[str]) -> dict[str, Item]:
        found = {name: item for name in ids if (item := material.threads.item(name))}
        if found.keys() >= set(ids):
            return found
        with study.corpus() as corpus:
            return found | read_items(corpus, set(ids) - found.keys())

    return Work(study.record, asked, coder, book, version.number if version else 0, may_read(asked, coder, material),
                find, material.size, partial(changed_since, study.record))  # fmt: skip


MANY = 20
"""Items coded since the last question from which on all are counted anew."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a coder is: items read, of how many, and whether the coder said to have finished."""

    read: int
    of: int
    finished: bool = False


def may_read(asked: Round, coder: str, material: Material) -> MayRead:
    """Whether an item is a coder's to read in a round, without making the whole list."""
    assigned = asked.assignments.get(coder)

    def readable(item_id: str) -> bool:
        return item_id in material.items and (assigned is None or item_id in assigned)

    return readable


def reading(asked: Round, coder: str, material: Material) -> list[Item]:
    """What a coder reads in a round, in this order: a post, then its comments as the conversation goes; the next post.

    Parameters
    ----------
    asked
        The round.
    coder
        One of its coders; one who is assigned nothing in particular reads all.
    material
        What the round is about.
    """
    assigned = asked.assignments.get(coder)
    mine = material.items if assigned is None else material.items & set(assigned)
    return [item for item in material.in_order() if item.item_id in mine]


def read_of(record: Record, asked: Round, coder: str) -> set[str]:
    """The items that a coder has read in a round: coded, or found that nothing applies."""
    return set(record.distinct("codings", "item_id", round_id=asked.id, coder=coder))


class ReadSoFar:
    """How many items coders have read, kept from one question to the next: only items coded since are looked at again.

    Parameters
    ----------
    record
        The record; whoever else writes to it is noticed, by the coder's latest event.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], tuple[int, int, set[str]]] = {}

    def count(self, asked: Round, coder: str) -> int:
        """How many items a coder has read in a round; see `read_of`."""
        erasures, newest = self._record.count("erasures"), self._record.latest(coder, asked.id)
        with self._lock:
            seq, then, items = self._kept.get((asked.id, coder), (0, -1, set()))
            touched: set[str] = set()
            event = newest
            while event and event.seq > seq and len(touched) < MANY:
                touched.add(event.subject)
                event = self._record.latest(coder, asked.id, event.seq)
            if then != erasures or len(touched) == MANY:
                items = read_of(self._record, asked, coder)
            elif touched:
                items -= touched
                items.update(self._record.distinct("codings", "item_id", round_id=asked.id, coder=coder,
                                                   item_id=touched))  # fmt: skip
            self._kept[asked.id, coder] = (newest.seq if newest else 0, erasures, items)
            return len(items)


def progress(record: Record, asked: Round, coder: str, material: Material) -> Progress:
    """How far a coder is in a round."""
    mine = {item.item_id for item in reading(asked, coder, material)}
    return Progress(len(mine & read_of(record, asked, coder)), len(mine), is_finished(record, asked.id, coder))


def next_unread(items: Sequence[str], read: Collection[str], after: str = "") -> str | None:
    """The first unread item behind `after`, or from the beginning where none is left behind it; None: all are read."""
    start = items.index(after) + 1 if after in items else 0
    return next((item for item in (*items[start:], *items[:start]) if item not in read), None)


def by_thread(items: Iterable[Item]) -> dict[str, list[str]]:
    """Item ids by the post of their thread, both in the order given: what `propose` deals out."""
    threads: dict[str, list[str]] = {}
    for item in items:
        threads.setdefault(item.post_id, []).append(item.item_id)
    return threads


def propose(
    threads: Mapping[str, Sequence[str]], coders: Sequence[str], overlap: float = 1.0, seed: int | str = 0
) -> dict[str, list[str]]:
    """Who reads what, for `rounds.open_round(assignments=...)`.

    Parameters
    ----------
    threads
        Items by thread, in reading order; see `by_thread`.
    coders
        Who codes.
    overlap
        The share of threads that all coders read, from 0 to 1: of T threads, the next whole number from `overlap` * T
        upwards. Of the others each is read by one coder; the numbers of threads differ by one at most.
    seed
        Decides which threads are shared, and who reads which of the others.

    Returns
    -------
    dict
        Coder to items in reading order; empty where all read all.

    Raises
    ------
    InputError
        If the overlap is no share, or there is no coder.
    """
    if not 0 <= overlap <= 1:
        raise InputError(f"the overlap is a share from 0 to 1, such as 0.2; not {overlap:g}")
    if not coders:
        raise InputError("nobody codes yet; name the coders first")
    shared = math.ceil(round(overlap * len(threads), 9))
    if shared == len(threads) or len(coders) == 1:
        return {}
    order = sorted(threads, key=lambda post: hashlib.sha256(f"overlap:{seed}:{post}".encode()).digest())
    reader = {post: coders[place % len(coders)] for place, post in enumerate(order[shared:])}
    return {coder: [item for post, items in threads.items() if reader.get(post, coder) == coder for item in items]
            for coder in coders}  # fmt: skip
