"""What was odd about a file from another program, said once for each kind of oddity?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

_SHOWN = 3


@dataclass
class Oddities:
    """What was odd about a file: kinds of oddities, each with the first parts it was seen on, and on how many that have
    a name; and how many parts are known by the same place."""

    seen: dict[str, list[str]] = field(default_factory=dict)
    named: Counter[str] = field(default_factory=Counter)
    places: Counter[tuple[str, tuple[str, ...]]] = field(default_factory=Counter)

    def add(self, words: str, where: str = "") -> None:
        """Note an oddity, and the name of the part it was seen on."""
        first = self.seen.setdefault(words, [])
        self.named[words] += bool(where)
        if where and len(first) < _SHOWN:
            first.append(where)

    def lines(self) -> tuple[str, ...]:
        """A line for each kind, with the first parts it was seen on."""
        return tuple(self._line(words, names) for words, names in self.seen.items())

    def _line(self, words: str, names: list[str]) -> str:
        if not names:
            return words
        shown = ", ".join(repr(name[:40]) for name in names)
        more = f" and {self.named[words] - len(names):,} more" if self.named[words] > len(names) else ""
        return f"{words}: {shown}{more}"
