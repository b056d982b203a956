"""What would a round be about, and who would read how much? Looked at before the round is opened.

A round reads the whole draw, or as many threads of it as one likes, in the order of the draw. A thread is never
divided. Whether threads of earlier rounds are passed over depends on what those rounds were about, not on what anybody
coded in them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from resilens.coding.assignments import propose
from resilens.errors import Fault, InputError


@dataclass(frozen=True, slots=True)
class Load:
    """How many threads and items a coder would read."""

    coder: str
    threads: int
    items: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A round to be.

    Parameters
    ----------
    items
        What it is about, in reading order; empty: the whole draw.
    assignments
        Coder to items, where not all read all; for `rounds.open_round`.
    threads, shared
        How many threads it has, and how many of them all coders read.
    n_items
        How many items it has.
    loads
        What each coder would read, in the order given.
    """

    items: tuple[str, ...]
    assignments: Mapping[str, Sequence[str]]
    threads: int
    shared: int
    n_items: int
    loads: tuple[Load, ...]


def plan(
    threads: Mapping[str, Sequence[str]], coders: Sequence[str], *, only: int = 0, before: Collection[str] = (),
    overlap: float = 1.0, seed: int | str = 0,
) -> Plan:  # fmt: skip
    """A round over these threads.

    Parameters
    ----------
    threads
        Items by thread, in the order of the draw; see `assignments.by_thread`.
    coders
        Who codes.
    only
        Only so many threads; 0: all.
    before
        Items that earlier rounds were about: threads with one of them are passed over.
    overlap, seed
        The share of threads that all read, and what decides which; see `assignments.propose`.

    Raises
    ------
    InputError
        If there is no thread (left), fewer than `only`, nobody codes, or the overlap is no share.
    """
    left = {post: items for post, items in threads.items() if not set(items) & set(before)}
    if not threads:
        raise InputError(Fault("there is no sample yet; draw one, then open a round on it", "threads"))
    if not left:
        raise InputError(Fault("every thread was in an earlier round; begin from the top of the draw", "threads"))
    if not 0 <= only <= len(left):
        raise InputError(Fault(f"choose from 1 to {len(left)} threads, or all of them", "threads"))
    chosen = dict(list(left.items())[: only or None])
    assignments = propose(chosen, coders, overlap, seed)
    items = tuple(item for group in chosen.values() for item in group)
    post_of = {item: post for post, group in chosen.items() for item in group}
    own = {coder: assignments.get(coder, items) for coder in coders}
    read = {coder: {post_of[item] for item in given} for coder, given in own.items()}
    shared = len(set.intersection(*read.values())) if read else 0
    loads = tuple(Load(coder, len(read[coder]), len(own[coder])) for coder in coders)
    return Plan(() if len(chosen) == len(threads) else items, assignments, len(chosen), shared, len(items), loads)
