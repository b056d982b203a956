"""Which codes were found in which threads, and when did each of them first appear?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Incidence:
    """The codes found in threads; a code counts once in a thread, however often it stands there.

    Parameters
    ----------
    threads
        The threads that were read, in the order of coding; those without any code too.
    codes
        The codes found, in the order in which they first appeared.
    code_of, thread_of
        One entry for each code found in a thread: places in `codes` and `threads`, sorted by code, then thread.
    first
        Shape (codes,): the place, in the order of coding, at which each code first appeared.
    """

    threads: tuple[str, ...]
    codes: tuple[str, ...]
    code_of: Whole
    thread_of: Whole
    first: Whole

    @classmethod
    def of(
        cls, threads: Sequence[str], found: Iterable[tuple[str, str]], not_before: Mapping[str, int] | None = None
    ) -> Incidence:
        """The incidence of pairs (thread, code).

        Parameters
        ----------
        threads
            The threads in the order of coding; pairs with other threads are left out.
        found
            Pairs of a thread and a code; repetitions do not matter.
        not_before
            For a code that appeared only when earlier threads were read again: the place in the order of coding that
            had been reached by then. Without it, a code first appears in the first of its threads.
        """
        place = {thread: number for number, thread in enumerate(threads)}
        within: dict[str, set[int]] = {}
        for thread, code in found:
            if thread in place:
                within.setdefault(code, set()).add(place[thread])
        reached = not_before or {}
        first = {code: max(min(places), reached.get(code, 0)) for code, places in within.items()}
        codes = sorted(within, key=lambda code: (first[code], code))
        lengths = [len(within[code]) for code in codes]
        return cls(
            tuple(threads), tuple(codes), np.repeat(np.arange(len(codes)), lengths),
            np.array([number for code in codes for number in sorted(within[code])], dtype=np.int64),
            np.array([first[code] for code in codes], dtype=np.int64),
        )  # fmt: skip

    @property
    def counts(self) -> Whole:
        """Shape (codes,): in how many threads each code was found, at least one."""
        return np.bincount(self.code_of, minlength=len(self.codes)).astype(np.int64)

    @property
    def new(self) -> Whole:
        """Shape (threads,): how many codes first appeared at each place in the order of coding."""
        return np.bincount(self.first, minlength=len(self.threads)).astype(np.int64)

    @property
    def starts(self) -> Whole:
        """Shape (codes,): where each code begins in `code_of` and `thread_of`."""
        return np.concatenate([[0], np.cumsum(self.counts)[:-1]]).astype(np.int64) if self.codes else self.counts
