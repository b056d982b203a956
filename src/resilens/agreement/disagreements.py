"""Where do coders disagree: which codes do they take for each other, who with whom, and in which items?

Two coders who read an item and gave it different codes of a facet *confuse* every code that only the first gave with
every code that only the second gave. Where one of them gave nothing that the other did not, each code too many is
confused with `NOTHING`: it was overlooked by one, or seen where there is none by the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from resilens.agreement.judgements import NOTHING, Judgements
from resilens.results.tables import Column, Table, counted

SHOWN = 3
"""How many items a sentence names."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two codes of a facet taken for each other (`first` before `second`, `NOTHING` last), and in which items."""

    facet: str
    first: str
    second: str
    items: tuple[str, ...]

    @property
    def omission(self) -> bool:
        """Whether one coder gave a code and the other nothing in its place."""
        return self.second == NOTHING

    def __str__(self) -> str:
        what = f"{self.first} or nothing" if self.omission else f"{self.first} and {self.second}"
        return f"{what}: {len(self.items)} item{'' if len(self.items) == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What two coders made of one item in one facet, where it was not the same: the codes only one of them gave."""

    item: str
    facet: str
    coders: tuple[str, str]
    only_first: frozenset[str]
    only_second: frozenset[str]


def differences(judged: Judgements, facets: Mapping[str, Collection[str]]) -> tuple[Difference, ...]:
    """Every item, facet and pair of coders with different codes.

    Parameters
    ----------
    judged
        The judgements.
    facets
        The codes of each facet.

    Returns
    -------
    tuple of Difference
        In the order of items, facets, coders.
    """
    found = []
    for item, by in judged.given.items():
        for facet, codes in facets.items():
            for one, other in combinations(sorted(by), 2):
                mine, theirs = by[one] & frozenset(codes), by[other] & frozenset(codes)
                if mine != theirs:
                    found.append(Difference(item, facet, (one, other), mine - theirs, theirs - mine))
    return tuple(found)


def confusions(found: Iterable[Difference]) -> tuple[Confusion, ...]:
    """Codes taken for each other, those with the most items first, then by facet and code."""
    items: dict[tuple[str, str, str], dict[str, None]] = {}
    for one in found:
        for first in sorted(one.only_first or {NOTHING}):
            for second in sorted(one.only_second or {NOTHING}):
                low, high = sorted((first, second), key=lambda code: (code == NOTHING, code))
                items.setdefault((one.facet, low, high), {}).setdefault(one.item)
    made = [Confusion(*key, tuple(of)) for key, of in items.items()]
    return tuple(sorted(made, key=lambda one: (-len(one.items), one.facet, one.first, one.second)))


def confusion_table(
    found: Sequence[Confusion], name: Callable[[str], str] = str, most: int | None = None, examples: bool = True
) -> Table:
    """The confusions as a table.

    Parameters
    ----------
    found
        The confusions.
    name
        What facets and codes are called.
    most
        How many to show; None: all.
    examples
        Whether to name one of the items; a report that is shared names no platform id.
    """
    columns = [Column("facet", "Facet"), Column("code", "Code"), Column("taken_for", "Taken for"),
               Column("items", "Items", "count"), Column("examples", "Such as", "code")]  # fmt: skip
    rows = [(name(one.facet), name(one.first), name(one.second), len(one.items), one.items[0])
            for one in found[:most]]  # fmt: skip
    notes = ["An item counts once for each two codes that any two coders put in each other's place; nothing: one "
             "coder gave the code, the other none of its facet in its place."]  # fmt: skip
    if more := len(found) - len(rows):
        notes.append(f"{counted(more, 'pair').capitalize()} with fewer items not shown.")
    shown = len(columns) if examples else -1
    return Table("Codes most often overlooked or taken for each other", columns[:shown],
                 [row[:shown] for row in rows], notes)  # fmt: skip


def coder_table(judged: Judgements, found: Iterable[Difference]) -> Table:
    """For each pair of coders: the items both read, and how many of them they coded differently."""
    differing: dict[tuple[str, str], set[str]] = {}
    only: dict[tuple[str, str], list[int]] = {}
    for one in found:
        differing.setdefault(one.coders, set()).add(one.item)
        count = only.setdefault(one.coders, [0, 0])
        count[0] += len(one.only_first)
        count[1] += len(one.only_second)
    columns = (Column("coder", "Coder"), Column("other", "Other coder"), Column("items", "Items both read", "count"),
               Column("differ", "Coded differently", "count"), Column("share", "Share", "share"),
               Column("only_coder", "Codes only the first gave", "count"),
               Column("only_other", "Codes only the other gave", "count"))  # fmt: skip
    rows = []
    for pair in judged.pairs:
        both = sum(set(pair) <= by.keys() for by in judged.given.values())
        differ = len(differing.get(pair, ()))
        rows.append((*pair, both, differ, differ / both, *only.get(pair, (0, 0))))
    return Table("Coders who differ", columns, rows)


def label_table(
    judged: Judgements, found: Iterable[Difference], label_of: Mapping[str, str], title: str, order: Sequence[str] = ()
) -> Table:
    """Where items are coded differently: by language, group, round, version of the codebook, length, ...

    Parameters
    ----------
    judged, found
        The judgements and their differences.
    label_of
        The language, group, ... of each item.
    title
        What the labels are.
    order
        Labels that come first, in this order.
    """
    differing: dict[str, set[str]] = {}
    for one in found:
        differing.setdefault(label_of[one.item], set()).add(one.item)
    read: dict[str, int] = {}
    for item in judged.pairable:
        read[label_of[item]] = read.get(label_of[item], 0) + 1
    rows = [(label, read[label], len(differing.get(label, ())), len(differing.get(label, ())) / read[label])
            for label in in_order(read, order)]  # fmt: skip
    columns = (Column("label", title), Column("items", "Items two coders read", "count"),
               Column("differ", "Coded differently", "count"), Column("share", "Share", "share"))  # fmt: skip
    return Table(f"Items coded differently, by {title[0].lower()}{title[1:]}", columns, rows)


def in_order(labels: Collection[str], order: Sequence[str] = ()) -> list[str]:
    """Labels in their own order, those that have none after them by the alphabet."""
    return sorted(labels, key=lambda label: (order.index(label) if label in order else len(order), label))
