"""Which difference should be talked over first, which are looked at, and how many are left?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resilens.coding.codes import Codebook
from resilens.coding.codings import Unit
from resilens.coding.differences import Difference, state
from resilens.coding.threads import UNKNOWN, Item


def by_consequence(
    found: Iterable[Difference], codebook: Codebook, items: Mapping[str, Item], cited: Collection[str] = ()
) -> list[Difference]:
    """The units in which coders differ, settled or not, the most consequential first.

    What a difference changes if it is settled one way or the other decides; in this order:

    1. differences of presence before those of place: a place changes no count;
    2. what a claim leans on (the item or the code) before what none does: a conclusion may turn;
    3. codes with a role, which measures count, before others: a finding may turn;
    4. codes given to fewer items of the round before those given to more: one item is a larger part of a rare code;
    5. posts before comments, then items with more likes before those with fewer: more people saw them;
    6. by item and code, so that the order is the same for everybody.

    Parameters
    ----------
    found
        All units of one round.
    codebook
        Says which codes have a role.
    items
        The items as they are read; one that is missing counts as unseen.
    cited
        Ids of items and codes that claims lean on.
    """
    listed = list(found)
    given = Counter(code for _, code in {(one.item_id, one.code_id) for one in listed if one.given_by})
    roles = {code.id for code in codebook.codes if code.role}

    def key(one: Difference) -> tuple[Any, ...]:
        item = items.get(one.item_id)
        likes = item.counts.get("likes", (None, ""))[0] if item else None
        leans = one.item_id in cited or one.code_id in cited
        return (one.kind != "presence", not leans, one.code_id not in roles, given[one.code_id],
                item is None or not item.is_post, -(likes or 0), one.unit)  # fmt: skip

    return sorted((one for one in listed if one.kind != "none"), key=key)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which differences are shown; what is empty does not matter. `state`: waiting, decided or open (left open)."""

    code: str = ""
    facet: str = ""
    pair: tuple[str, ...] = ()
    language: str = ""
    group: str = ""
    state: str = ""

    def of(self, found: Iterable[Difference], codebook: Codebook, items: Mapping[str, Item]) -> list[Difference]:
        """The differences that pass, in their order; those of a pair are the ones in which these two differ."""
        facets = {code.id: code.facet for code in codebook.codes}
        return [one for one in found
                if self.code in ("", one.code_id) and self.facet in ("", facets.get(one.code_id, ""))
                and self._by_pair(one) and self.state in ("", state(one))
                and self.language in ("", _fact(items, one, "language"))
                and self.group in ("", _fact(items, one, "group"))]  # fmt: skip

    def _by_pair(self, one: Difference) -> bool:
        marks = [frozenset(mark.key for mark in reading.marks) for reading in one.readings
                 if reading.coder in self.pair]  # fmt: skip
        return not self.pair or (len(marks) == len(self.pair) and len(set(marks)) > 1)


def _fact(items: Mapping[str, Item], one: Difference, name: str) -> str:
    item = items.get(one.item_id)
    return (getattr(item, name) if item else "") or UNKNOWN


@dataclass(frozen=True, slots=True)
class Bar:
    """How many differences were settled and what is left, those of presence and those of place apart."""

    decided: int
    left_open: int
    waiting: int
    places_decided: int
    places_waiting: int

    @property
    def total(self) -> int:
        return self.decided + self.left_open + self.waiting


def bar(found: Iterable[Difference]) -> Bar:
    """Count differences by where they stand; a place that was left open is decided: no count waits for it."""
    tally = Counter((one.kind, state(one)) for one in found)
    return Bar(tally["presence", "decided"], tally["presence", "open"], tally["presence", "waiting"],
               tally["place", "decided"] + tally["place", "open"], tally["place", "waiting"])  # fmt: skip


def around(
    ordered: Sequence[Difference], passing: Collection[Difference], unit: Unit
) -> tuple[Difference | None, Difference | None]:  # fmt: skip
    """The difference before a unit and the one after it, of those that pass; behind the last comes the first again.

    Parameters
    ----------
    ordered
        All differences in their order.
    passing
        Those of them that are looked at; the unit itself need not be one, once it is decided.
    unit
        Where one is; anything else stands before the first.
    """
    place = {one.unit: number for number, one in enumerate(ordered)}
    here = place.get(unit, -1)
    others = [one for one in passing if one.unit != unit]
    after = [one for one in others if place[one.unit] > here]
    before = [one for one in others if place[one.unit] < here]
    return next(iter((before or after)[-1:]), None), next(iter(after or before), None)
