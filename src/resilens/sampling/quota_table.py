"""What is said about quotas: the table, how they came about, and what a wrong volume would change."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from resilens.errors import Fault
from resilens.sampling.quotas import Quota, Sensitivity, quotas, sensitivity


def shown_width(text: str) -> int:
    """How many columns of a terminal a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


@dataclass(frozen=True, slots=True)
class QuotaTable:
    """The quotas of a sample with their sensitivity; shows itself in a notebook."""

    total: int
    quotas: tuple[Quota, ...]
    sensitivity: tuple[Sensitivity, ...]
    notes: tuple[Fault, ...] = ()

    @classmethod
    def of(cls, total: int, volumes: Mapping[str, int], notes: Sequence[Fault] = ()) -> Self:
        """Share `total` posts out in proportion to `volumes`; see `quotas.quotas`."""
        return cls(total, tuple(quotas(total, volumes)), tuple(sensitivity(total, volumes)), tuple(notes))

    def lines(self) -> list[str]:
        """The same as text, a line a hashtag."""
        width = max(shown_width(row.hashtag) for row in self.quotas)
        rows = [
            f"{row.hashtag}{' ' * (width - shown_width(row.hashtag))}  {row.volume:>14,}  {row.share:7.2%}  "
            f"{row.quota:>5}   {row.explanation}"
            for row in self.quotas
        ]
        total = f"{' ' * width}  {sum(row.volume for row in self.quotas):>14,}  {'':7}  {self.total:>5}"
        doubts = [f"  {row.explanation}" for row in self.sensitivity]
        return [*rows, total, "", "If a volume were wrong:", *doubts, *(f"note: {note}" for note in self.notes)]

    def to_dict(self) -> dict[str, Any]:
        return {
            "quotas": [
                {"hashtag": row.hashtag, "volume": row.volume, "share": row.share, "quota": row.quota,
                 "explanation": row.explanation} for row in self.quotas
            ],
            "sensitivity": [asdict(row) for row in self.sensitivity],
            "notes": [str(note) for note in self.notes],
        }  # fmt: skip

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{row.hashtag}<td>{row.volume:,}<td>{row.share:.2%}<td><b>{row.quota}</b><td>{row.explanation}"
            for row in self.quotas
        )
        return f"<table><tr><th>hashtag<th>volume<th>share<th>quota<th>{rows}</table>"
