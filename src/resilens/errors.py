"""What is wrong with the user's input, said so that the user can mend it.

Every fault names what is wrong, where (file, line, key, row) and what to do. The command line prints the faults
and ends with exit code 1; anything else that escapes is the programme's own failure (exit code 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input.

    Parameters
    ----------
    message
        What is wrong and what to do about it, a sentence without a trailing full stop.
    where
        File, `file:line`, key or row; empty where the message says it.
    """

    message: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class InputError(Exception):
    """The input is at fault: carries every fault found, never only the first.

    Parameters
    ----------
    faults
        A message, a fault or several of them.
    """

    def __init__(self, faults: str | Fault | Iterable[Fault]) -> None:
        if isinstance(faults, str):
            faults = (Fault(faults),)
        elif isinstance(faults, Fault):
            faults = (faults,)
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
