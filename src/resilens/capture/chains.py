"""To which thread does a reply belong, where a capture names only what it answers?

The answers of a whole file are followed upwards to the first item that answers nothing; where the file does not hold
it, the earliest item that is named stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable

UNNAMED = "thread_start_not_captured"
"""Flag of a reply whose thread begins with an item that the capture does not hold."""


class Chains:
    """The answers of one capture.

    Parameters
    ----------
    answers
        Every item with the one it answers, None where it answers none.
    """

    def __init__(self, answers: Iterable[tuple[str, str | None]]) -> None:
        self._parents = dict(answers)

    def start(self, item: str) -> tuple[str, bool]:
        """The first item of the thread, and whether the capture holds it.

        Items that answer each other in a circle belong to the one of them that comes first in the alphabet.
        """
        path = [item]
        while (parent := self._parents.get(path[-1])) is not None:
            if parent in path:
                return min(path[path.index(parent) :]), False
            path.append(parent)
        return path[-1], path[-1] in self._parents
