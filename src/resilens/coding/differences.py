"""Where do the coders of a round differ, and how far is each difference settled?

A difference is about one *unit*: an item, a code, a second item where the code relates two. It is one of *presence*
where a coder who read the item gave the code and another did not; one of *place* where all gave it, but not to the same
spans or regions. Only presence leaves an item without an answer; `codings.final` takes the item as a whole where only
places differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from resilens.coding.codes import Codebook
from resilens.coding.codings import TARGET, Unit, missing_units
from resilens.coding.rounds import Round, round_of
from resilens.errors import InputError
from resilens.record.store import Record


@dataclass(frozen=True, slots=True)
class Mark:
    """One coding of a unit: where on the item (the keys of `codings.TARGET`), the hash of the text its offsets count
    in, its memo, and its event."""

    target: Mapping[str, Any]
    text_sha256: str
    memo: str
    event_id: str

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(self.target[name] for name in TARGET)

    @property
    def whole(self) -> bool:
        """Whether the code is given to the item as a whole."""
        return not any(self.target[name] not in ("", None) for name in TARGET)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one coder made of a unit: nothing, where there is no mark. `instead`: then, the codes of the same facet that
    this coder gave the item and not all others did."""

    coder: str
    marks: tuple[Mark, ...] = ()
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on a unit as it stands: `applies` is None where it was left open on purpose; `codes` are those that
    it gave in place of the unit's own."""

    applies: bool | None
    reason: str
    note: str
    changed_minds: Mapping[str, str]
    actor: str
    at: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What the coders of an item made of one code; `kind` is `none` where they all did the same.

    Parameters
    ----------
    round_id, item_id, code_id, second_item
        The unit.
    readings
        Of every coder who read the item, in the order of the round's coders.
    open
        Whether `codings.final` misses the answer: the coders differ and nothing is decided, or it was left open.
    decided
        The decision, if there is one.
    """

    round_id: str
    item_id: str
    code_id: str
    second_item: str
    readings: tuple[Reading, ...]
    open: bool
    decided: Decided | None = None

    @property
    def unit(self) -> Unit:
        return self.item_id, self.code_id, self.second_item

    @property
    def given_by(self) -> tuple[str, ...]:
        return tuple(reading.coder for reading in self.readings if reading.marks)

    @property
    def kind(self) -> Literal["presence", "place", "none"]:
        if 0 < len(self.given_by) < len(self.readings):
            return "presence"
        places = {frozenset(mark.key for mark in reading.marks) for reading in self.readings}
        return "place" if len(places) > 1 else "none"


def settling(record: Record, round_id: str) -> Round:
    """The round, once its coders may be told of each other's codings.

    Raises
    ------
    InputError
        If there is none, or it is independent and not revealed.
    """
    found = round_of(record, round_id)
    if found.mode == "independent" and found.state != "revealed":
        need = "reveal it first" if found.state == "frozen" else "freeze and reveal it first"
        raise InputError(f"{round_id} is blind: what its coders differ in is told once it is revealed; {need}")
    return found


def units(record: Record, round_id: str, codebook: Codebook, item_id: str = "") -> list[Difference]:
    """Everything that was coded in a round, unit by unit, with who gave it and what was decided.

    Parameters
    ----------
    round_id
        A round that is revealed, or read together.
    codebook
        Says which codes are of one facet.
    item_id
        Only of this item.

    Returns
    -------
    list of Difference
        In the order of items and codes; what consensus gave and no coder did is among them. Codings of machines are
        none: a machine is no coder to agree with.

    Raises
    ------
    InputError
        See `settling`.
    """
    only = {"item_id": item_id} if item_id else {}
    decisions = record.view("consensus", round_id=round_id, **only)
    return decided(undecided(record, round_id, codebook, item_id, decisions), decisions)


def undecided(
    record: Record, round_id: str, codebook: Codebook, item_id: str = "", also: Iterable[Mapping[str, Any]] = ()
) -> list[Difference]:  # fmt: skip
    """The units of a round as they were coded: what does not change any more once the round is frozen.

    Parameters
    ----------
    record, round_id, codebook, item_id
        As for `units`.
    also
        Rows of the view `consensus`: units that they name are there, whether anybody gave them or not.

    Raises
    ------
    InputError
        See `settling`.
    """
    found = settling(record, round_id)
    only = {"item_id": item_id} if item_id else {}
    by_item: dict[str, list[dict[str, Any]]] = {}
    for row in record.view("codings", round_id=round_id, **only):
        if row["actor_kind"] != "machine":
            by_item.setdefault(row["item_id"], []).append(row)
    named: dict[str, set[Unit]] = {}
    for decision in also:
        if not decision["nothing_applies"]:
            named.setdefault(decision["item_id"], set()).add(_unit(decision))
    facets = {code.id: code.facet for code in codebook.codes}
    order = {coder: place for place, coder in enumerate(found.coders)}
    listed: list[Difference] = []
    for item in sorted(by_item):
        listed += _of_item(round_id, by_item[item], named.get(item, set()), facets, order)
    return listed


def decided(found: Iterable[Difference], decisions: Sequence[Mapping[str, Any]]) -> list[Difference]:
    """The same units with what was decided of them.

    Parameters
    ----------
    found
        Units as they were coded, see `undecided`; some of an item's are enough.
    decisions
        Rows of the view `consensus` of this round.
    """
    listed = list(found)
    touched = {row["item_id"] for row in decisions}
    here = [one for one in listed if one.item_id in touched]
    said = _said(here, decisions)
    missing = missing_units(_as_rows(here), decisions)
    return [replace(one, open=one.unit in missing, decided=said.get(one.unit)) if one.item_id in touched else one
            for one in listed]  # fmt: skip


def on_item(record: Record, round_id: str, codebook: Codebook, item_id: str) -> list[Difference]:
    """The units of one item; see `units`.

    Raises
    ------
    InputError
        As `units`; if nobody coded the item in the round.
    """
    here = units(record, round_id, codebook, item_id)
    if not here:
        raise InputError(f"nobody gave {item_id or 'an item without an id'} a code in {round_id}")
    return here


def _of_item(
    round_id: str, rows: Sequence[Mapping[str, Any]], named: Collection[Unit], facets: Mapping[str, str],
    order: Mapping[str, int],
) -> Iterable[Difference]:  # fmt: skip
    readers = sorted({row["coder"] for row in rows}, key=lambda coder: (order.get(coder, len(order)), coder))
    marks: dict[Unit, dict[str, list[Mark]]] = {unit: {} for unit in named}
    for row in rows:
        if not row["nothing_applies"]:
            mark = Mark({name: row[name] for name in TARGET}, row["text_sha256"] or "", row["memo"] or "",
                        row["event_id"])  # fmt: skip
            marks.setdefault(_unit(row), {}).setdefault(row["coder"], []).append(mark)
    shared = {unit[1] for unit, by in marks.items() if len(by) == len(readers)}
    given = {coder: sorted({unit[1] for unit, by in marks.items() if coder in by} - shared) for coder in readers}
    for unit, by in sorted(marks.items()):
        facet = facets.get(unit[1], "")
        readings = [
            Reading(coder, tuple(sorted(by[coder], key=_place) if len(by.get(coder, ())) > 1 else by.get(coder, ())),
                    () if coder in by else tuple(code for code in given[coder] if facets.get(code, "") == facet))
            for coder in readers
        ]  # fmt: skip
        yield Difference(round_id, *unit, tuple(readings), 0 < len(by) < len(readers))


def _unit(row: Mapping[str, Any]) -> Unit:
    return row["item_id"], row["code_id"], row["second_item"] or ""


def _place(mark: Mark) -> tuple[Any, ...]:
    return tuple(-1 if part is None else part for part in mark.key)


def _as_rows(found: Iterable[Difference]) -> Iterator[dict[str, Any]]:
    """The units as rows of codings again, each reader of an item among them."""
    for one in found:
        named = {"item_id": one.item_id, "round_id": one.round_id, "code_id": one.code_id,
                 "second_item": one.second_item}  # fmt: skip
        for reading in one.readings:
            yield {**named, "coder": reading.coder, "nothing_applies": True}
            for mark in reading.marks:
                yield {**named, **mark.target, "coder": reading.coder, "nothing_applies": False}


def _said(found: Sequence[Difference], decisions: Iterable[Mapping[str, Any]]) -> dict[Unit, Decided]:
    """What stands of each unit: the last word on it, and codes given in its place. One word on a whole item (nothing
    applies) is one on each unit that was coded there."""
    of_event = {mark.event_id: one.unit for one in found for reading in one.readings for mark in reading.marks}
    coded: dict[str, set[Unit]] = {}
    for unit in of_event.values():
        coded.setdefault(unit[0], set()).add(unit)
    last: dict[Unit, Mapping[str, Any]] = {}
    instead: dict[Unit, set[str]] = {}
    for row in decisions:
        if row["nothing_applies"]:
            about = coded.get(row["item_id"], set()) if row["applies"] else set()
            for unit in about:
                last[unit] = {**row, "applies": False}
            continue
        last[_unit(row)] = row
        for other in {of_event[event] for event in row["codings"] or () if event in of_event} - {_unit(row)}:
            instead.setdefault(other, set()).add(row["code_id"])
    return {unit: Decided(row["applies"], row["reason"] or "", row["note"] or "", row["changed_minds"] or {},
                          row["actor"], row["at"], tuple(sorted(instead.get(unit, ()))))
            for unit, row in last.items()}  # fmt: skip


def state(one: Difference) -> Literal["waiting", "decided", "open"]:
    """Where a difference stands: to be talked over, decided, or left open on purpose."""
    if one.decided is None:
        return "waiting"
    return "open" if one.decided.applies is None else "decided"
