"""Which codes go together, on items or in threads, and which items are behind each pair?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal, TypeAlias

import ibis
import pyarrow as pa

from resilens.coding.codes import Codebook
from resilens.coding.codings import final
from resilens.coding.rounds import CONSENSUS, blind, rounds
from resilens.coding.sight import Sees
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.store import Record
from resilens.results.tables import Column, Table
from resilens.study.words import did_you_mean

By: TypeAlias = Literal["item", "thread"]
BY: tuple[By, ...] = ("item", "thread")


@dataclass(frozen=True)
class Together:
    """Codes and the units (items, or threads by the id of their post) to which each applies.

    Parameters
    ----------
    by
        What counts as one unit.
    basis
        Whose codes: `consensus` or a coder.
    codes
        The codes that apply anywhere, in the codebook's order.
    units
        For each of them, the units.
    items
        For each of them, unit by unit, the items.
    read
        How many units were read.
    names
        The codes' names.
    """

    by: By
    basis: str
    codes: tuple[str, ...]
    units: Mapping[str, frozenset[str]]
    items: Mapping[str, Mapping[str, tuple[str, ...]]]
    read: int
    names: Mapping[str, str] = field(default_factory=dict)

    def both(self, one: str, other: str) -> frozenset[str]:
        """The units to which both apply."""
        return self.units.get(one, frozenset()) & self.units.get(other, frozenset())

    def count(self, one: str, other: str) -> int:
        """To how many units both apply; of a code with itself, to how many it applies."""
        return len(self.both(one, other))

    def jaccard(self, one: str, other: str) -> float | None:
        """Units with both by units with either, from 0 to 1; None where there is none with either."""
        either = self.units.get(one, frozenset()) | self.units.get(other, frozenset())
        return len(self.both(one, other)) / len(either) if either else None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The pairs that occur, the most frequent first."""
        found = [pair for pair in combinations(self.codes, 2) if self.count(*pair)]
        return sorted(found, key=lambda pair: -self.count(*pair))

    def behind(self, one: str, other: str) -> list[tuple[str, ...]]:
        """For each unit with both codes, sorted, its items that have either of them."""
        found = []
        for unit in sorted(self.both(one, other)):
            found.append(tuple(sorted({*self.items[one][unit], *self.items[other][unit]})))
        return found

    def table(self) -> Table:
        """A row a pair that occurs, the most frequent first: how many units, how many of each code, Jaccard."""
        rows = [(one, self.names.get(one, one), other, self.names.get(other, other), self.count(one, other),
                 len(self.units[one]), len(self.units[other]), self.jaccard(one, other))
                for one, other in self.pairs]  # fmt: skip
        columns = [
            Column("code", "Code", "code"), Column("name", "Name"), Column("other_code", "Other code", "code"),
            Column("other_name", "Name"), Column("both", f"{self.by.capitalize()}s with both", "count"),
            Column("with_code", "With the first", "count"), Column("with_other", "With the other", "count"),
            Column("jaccard", "Jaccard", "decimal"),
        ]  # fmt: skip
        note = f"Codes by {self.basis}; {self.read:,} {self.by}s read. Jaccard: those with both by those with either."
        return Table(f"Codes that occur together on {self.by}s", columns, rows, [note])

    def to_dict(self) -> dict[str, Any]:
        """In values JSON can hold."""
        names = [column.name for column in self.table().columns]
        return {"by": self.by, "basis": self.basis, "read": self.read,
                "pairs": [dict(zip(names, row, strict=True)) for row in self.table().rows]}  # fmt: skip


def together(
    record: Record, corpus: Corpus, codebook: Codebook, sees: Sees, basis: str = CONSENSUS, by: str = "item"
) -> Together:  # fmt: skip
    """Which codes apply to the same items, or occur in the same threads.

    Parameters
    ----------
    record, corpus, codebook
        The study's.
    sees
        Which codings may be told of.
    basis
        `consensus`: as `coding.final` has them, which everything downstream takes. A coder: that coder's codings as
        they are, of all rounds that may be told of.
    by
        `item` or `thread`.

    Raises
    ------
    InputError
        If `by` is another, or no coding of that coder may be told of.
    """
    if by not in BY:
        raise InputError(Fault(f"no unit {by!r}{did_you_mean(by, BY)}; one of {', '.join(BY)}", "by"))
    unit: By = "item" if by == "item" else "thread"
    codes = _consensus(record, sees) if basis == CONSENSUS else _own(record, sees, basis)
    of = {item: item for item in codes} if unit == "item" else threads_of(corpus, codes)
    items: dict[str, dict[str, set[str]]] = {}
    for item, own in codes.items():
        for code in own:
            items.setdefault(code, {}).setdefault(of[item], set()).add(item)
    order = [code.id for code in codebook.codes if code.id in items]
    order += sorted(items.keys() - set(order))
    return Together(
        unit, basis, tuple(order), {code: frozenset(own) for code, own in items.items()},
        {code: {name: tuple(sorted(some)) for name, some in own.items()} for code, own in items.items()},
        len(set(of.values())), {code.id: code.name for code in codebook.codes},
    )  # fmt: skip


def _consensus(record: Record, sees: Sees) -> dict[str, set[str]]:
    """For each item read the codes that apply, as its latest round that may be told of has them."""
    codes: dict[str, set[str]] = {}
    for found in rounds(record):
        if sees({"round_id": found.id, "coder": CONSENSUS}) and not blind(record, found):
            settled = final(record, round_id=found.id)
            codes |= {item: set() for item in settled.read}
            for row in settled.table.to_pylist():
                codes[row["item_id"]].add(row["code_id"])
    return codes


def _own(record: Record, sees: Sees, coder: str) -> dict[str, set[str]]:
    """For each item that a coder read the codes given to it."""
    codes: dict[str, set[str]] = {}
    for row in record.view("codings", coder=coder):
        if sees(row):
            codes.setdefault(row["item_id"], set()).update({row["code_id"] or ""} - {""})
    if not codes:
        raise InputError(Fault(f"nobody called {coder!r} has coded anything that may be shown here", "basis"))
    return codes


def bases(record: Record, sees: Sees) -> list[str]:
    """Whose codes can be asked for: `consensus`, and the coders of whose codings any may be told of."""
    kept = record.tally("codings", "coder", "round_id")
    told = {coder for coder, round_id in kept if sees({"coder": coder, "round_id": round_id})}
    return [CONSENSUS, *sorted(told)]


def threads_of(corpus: Corpus, items: Collection[str]) -> dict[str, str]:
    """The post in whose thread each item stands; an item that the corpus has not is a thread of its own."""
    wanted = ibis.memtable(pa.table({"item": pa.array(sorted(items), pa.string())}))
    comments = corpus.table("comments").select("post_id", item=ibis._.comment_id)
    rows = corpus.frame(wanted.join(comments, "item")).to_pylist()
    return {item: item for item in items} | {row["item"]: row["post_id"] for row in rows}
