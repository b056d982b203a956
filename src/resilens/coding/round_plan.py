"""What would a round hold: which threads, who reads which, and how much that is for each?

A part of the sample is chosen by `sha256(f"round:{seed}:{round_id}:{post_id}")`, so that which threads a round takes
follows from its name alone, and not from how visible they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resilens.coding.assignments import by_thread, propose
from resilens.coding.threads import Item
from resilens.errors import Fault, InputError


@dataclass(frozen=True)
class Plan:
    """What a round would hold.

    Parameters
    ----------
    items
        The items to be read, thread by thread; empty: the whole sample.
    assignments
        Coder to items; empty: all read all.
    threads, all_items
        How many threads and items that is.
    shared
        How many items are read by every coder: what agreement is computed from.
    by_coder
        How many items each coder reads.
    """

    items: tuple[str, ...]
    assignments: Mapping[str, Sequence[str]]
    threads: int
    all_items: int
    shared: int
    by_coder: Mapping[str, int]


def plan(
    sample: Sequence[Item], round_id: str, coders: Sequence[str], seed: int | str, threads: int | None = None,
    overlap: float = 1.0,
) -> Plan:  # fmt: skip
    """What a round over this sample would hold.

    Parameters
    ----------
    sample
        The items of the sample in reading order.
    round_id, coders, seed
        The round's name, who codes in it, the study's seed.
    threads
        How many threads; None: all.
    overlap
        The share of them that every coder reads; see `assignments.propose`.

    Raises
    ------
    InputError
        If there are no such number of threads, nobody codes, or the overlap is no share.
    """
    found = by_thread(sample)
    if not found:
        raise InputError("there is no sample to read; draw it first, with `resilens sample`")
    if threads is not None and not 0 < threads <= len(found):
        raise InputError(Fault(f"the sample has {len(found)} threads; choose 1 to {len(found)}", "threads"))
    chosen = set(_chosen(list(found), round_id, seed, len(found) if threads is None else threads))
    kept = {post: items for post, items in found.items() if post in chosen}
    items = [item for of in kept.values() for item in of]
    assignments = propose(kept, coders, overlap, seed)
    read = {coder: set(assignments.get(coder, items)) for coder in coders}
    shared = set.intersection(*read.values())
    part = () if len(kept) == len(found) else tuple(items)
    return Plan(part, assignments, len(kept), len(items), len(shared), {name: len(own) for name, own in read.items()})


def _chosen(posts: Sequence[str], round_id: str, seed: int | str, number: int) -> list[str]:
    return sorted(posts, key=lambda post: hashlib.sha256(f"round:{seed}:{round_id}:{post}".encode()).digest())[:number]
