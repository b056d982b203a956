"""How are two cores used? Pieces are made side by side in threads, and come out in order.

numpy and Arrow let go of Python's lock while they compute, so threads suffice and nothing is copied. Every random
number depends on its key alone, so it makes no difference who draws it, and when.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")
Made = TypeVar("Made")

WORKERS = 2
AHEAD = 2 * WORKERS
"""Pieces that are made before they are asked for, so that nobody waits while one is written."""


def in_order(make: Callable[[Piece], Made], pieces: Iterable[Piece]) -> Iterator[Made]:
    """What `make` gives for each piece, in order; a few are made ahead, so memory stays bounded."""
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque[Future[Made]] = deque()
        for piece in pieces:
            waiting.append(pool.submit(make, piece))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
