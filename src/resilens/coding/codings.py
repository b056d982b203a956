"""Who coded what, what did each coder read, and which codes does everything downstream take?

`final` is the one answer to the last question. Where the coders who read an item agree, consensus settles by itself;
decisions on the record settle the rest; what is left is unresolved: missing, and counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pyarrow as pa

from resilens.coding.rounds import CONSENSUS, blind, round_of, rounds
from resilens.errors import InputError
from resilens.record.store import Record
from resilens.results.tables import counted, listing

TARGET = ("field", "start", "end", "media_id", "x", "y", "w", "h", "start_ms", "end_ms")
"""Where on an item a code is applied; all empty: the whole item."""

WHOLE: dict[str, Any] = {name: "" if name in ("field", "media_id") else None for name in TARGET}

_TARGET_TYPES = [(name, pa.string() if name in ("field", "media_id") else pa.int64()) for name in TARGET]

CODINGS = pa.schema([
    ("round_id", pa.string()), ("coder", pa.string()), ("item_id", pa.string()), ("code_id", pa.string()),
    ("nothing_applies", pa.bool_()), ("second_item", pa.string()), *_TARGET_TYPES, ("text_sha256", pa.string()),
    ("memo", pa.string()), ("codebook_version", pa.int64()), ("actor_kind", pa.string()), ("at", pa.string()),
    ("event_id", pa.string()),
])  # fmt: skip
"""The long table of codings: one row a coding."""

FINAL = pa.schema([
    ("item_id", pa.string()), ("code_id", pa.string()), ("second_item", pa.string()), *_TARGET_TYPES,
    ("settled", pa.string()), ("round_id", pa.string()),
])  # fmt: skip
"""Codes that apply: one row an item, code and target. `settled`: agreed, decided, or single (one coder read it)."""

UNRESOLVED = pa.schema([
    ("item_id", pa.string()), ("code_id", pa.string()), ("second_item", pa.string()), ("given_by", pa.string()),
    ("not_by", pa.string()), ("round_id", pa.string()),
])  # fmt: skip

Unit: TypeAlias = tuple[str, str, str]
"""What is agreed on: an item, a code, a second item (empty unless the code relates two)."""

Marks: TypeAlias = dict[Unit, set[tuple[Any, ...]]]
"""For each unit that a coder coded, the targets."""


def codings(record: Record, round_id: str = "", coder: str = "") -> pa.Table:
    """The codings that stand, as a long table.

    Parameters
    ----------
    round_id, coder
        Only of this round, of this coder; empty: of all. Nothing here asks whether a round is blind.

    Returns
    -------
    pyarrow.Table
        Columns `CODINGS`, sorted by round, coder, item, code and target.
    """
    rows = _rows(record, round_id, coder)
    return pa.Table.from_pylist([{name: row[name] for name in CODINGS.names} for row in rows], schema=CODINGS)


def read_items(record: Record, round_id: str, coder: str) -> list[str]:
    """The items a coder read in a round, sorted: those coded, and those to which the coder said nothing applies."""
    return sorted({row["item_id"] for row in record.view("codings", round_id=round_id, coder=coder)})


def _rows(record: Record, round_id: str = "", coder: str = "") -> list[dict[str, Any]]:
    equal = {"round_id": round_id, "coder": coder}
    rows = record.view("codings", **{name: value for name, value in equal.items() if value})
    return sorted(rows, key=lambda row: (row["round_id"], row["coder"], row["item_id"], row["code_id"],
                                         row["second_item"], _sortable(row)))  # fmt: skip


def _sortable(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(-1 if row[name] is None else row[name] for name in TARGET)


@dataclass(frozen=True)
class Final:
    """The codes that everything downstream takes.

    Parameters
    ----------
    table
        Columns `FINAL`: what applies. The target is kept where every coder marked the same one or a decision named it;
        coders who gave a code to different places of one item agree on the item.
    unresolved
        Columns `UNRESOLVED`: what is missing, since coders differ and nothing is decided.
    read
        Every item that was read, sorted; an item in it without a code was read and found without.
    agreed, decided, single
        How many units (item, code, second item) were settled by agreement, by decision, by the one coder who read the
        item; decisions that a code does not apply are counted among the decided.
    coders
        Whose codings these are, sorted; machines only where one was asked for by name.
    blind
        Rounds left out because they are still blind.
    """

    table: pa.Table
    unresolved: pa.Table
    read: tuple[str, ...]
    agreed: int
    decided: int
    single: int
    coders: tuple[str, ...]
    blind: tuple[str, ...] = ()
    _applied: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _missing: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def presence(self, codes: Collection[str]) -> dict[str, bool | None]:
        """For every item read, whether any of these codes applies; None where that is unresolved."""
        applied = frozenset().union(*(self._applied.get(code, frozenset()) for code in codes))
        missing = frozenset().union(*(self._missing.get(code, frozenset()) for code in codes))
        return {item: True if item in applied else None if item in missing else False for item in self.read}

    @property
    def sentence(self) -> str:
        """How these codes came about, for a reader."""
        if not self.read:
            return "No item was coded."
        items = counted(len(self.read), "item")
        if len(self.coders) == 1:
            return f"One coder ({self.coders[0]}) read {items}; there is no second coding to agree with."
        words = f"{counted(len(self.coders), 'coder').capitalize()} ({listing(self.coders)}) read {items}: "
        parts = [f"{counted(self.agreed, 'code')} agreed", f"{self.decided} decided"]
        if self.single:
            parts.append(f"{self.single} given by the only coder of the item")
        return words + listing([*parts, f"{self.unresolved.num_rows} unresolved and missing"]) + "."


def final(record: Record, basis: str = CONSENSUS, round_id: str = "") -> Final:
    """The codes that everything downstream takes.

    Parameters
    ----------
    record
        The study's record.
    basis
        `consensus`, or the name of a coder (a machine too) whose codings are taken as they are.
    round_id
        Only of this round. Empty: for each item, of the latest round in which it was read; rounds that are still
        blind are left out and named, whatever the basis.

    Raises
    ------
    InputError
        If the round is still blind, there is no such round, or nobody of that name coded.
    """
    closed = tuple(opened.id for opened in rounds(record) if blind(record, opened))
    if round_id and round_of(record, round_id).id in closed:
        raise InputError(f"{round_id} is independent and still open, so its codings are not shown; freeze it first")
    rows = [row for row in _rows(record, round_id) if _counts(row, basis, closed)]
    if basis != CONSENSUS and not rows:
        where = f" in {round_id}" if round_id else " in a round that is no longer blind" if closed else ""
        raise InputError(f"nobody called {basis!r} has coded{where}")
    rows = _latest_round_only(record, rows)
    decisions = record.view("consensus") if basis == CONSENSUS else []
    settled = _Settling(rows)
    settled.decide(decisions)
    return settled.result(() if round_id else closed)


def missing_units(rows: Iterable[Mapping[str, Any]], decisions: Iterable[Mapping[str, Any]]) -> frozenset[Unit]:
    """The units of one round that have no answer: coders differ and nothing is decided, or it was left open.

    Parameters
    ----------
    rows, decisions
        Rows of the record's views `codings` and `consensus`, of one round.
    """
    settling = _Settling(rows)
    settling.decide(decisions)
    return frozenset(unit for unit in settling.units if settling.missing(unit))


def _counts(row: Mapping[str, Any], basis: str, closed: Collection[str]) -> bool:
    wanted = row["actor_kind"] != "machine" if basis == CONSENSUS else row["coder"] == basis
    return wanted and row["round_id"] not in closed


def _latest_round_only(record: Record, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    order = {opened.id: place for place, opened in enumerate(rounds(record))}
    latest: dict[str, int] = {}
    for row in rows:
        place = order.get(row["round_id"], -1)
        latest[row["item_id"]] = max(latest.get(row["item_id"], -1), place)
    return [row for row in rows if order.get(row["round_id"], -1) == latest[row["item_id"]]]


class _Settling:
    """Codings of one round an item, on the way to one answer a unit."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self.readers: dict[str, set[str]] = {}
        self.marks: dict[str, Marks] = {}
        self.round_of: dict[str, str] = {}
        self.decided: dict[Unit, bool] = {}  # False: decided to be left open
        self.units: dict[Unit, None] = {}
        for row in rows:
            item, coder = row["item_id"], row["coder"]
            self.readers.setdefault(item, set()).add(coder)
            self.round_of[item] = row["round_id"]
            if not row["nothing_applies"]:
                unit = _unit(row)
                self.units[unit] = None
                self.marks.setdefault(coder, {}).setdefault(unit, set()).add(_target(row))

    def decide(self, decisions: Iterable[Mapping[str, Any]]) -> None:
        """Let each decision, in order, set or strike its target for every coder of the item."""
        for decision in decisions:
            item = decision["item_id"]
            if self.round_of.get(item) != decision["round_id"]:
                continue
            if decision["nothing_applies"]:
                if decision["applies"]:
                    for unit in [unit for unit in self.units if unit[0] == item]:
                        self._set(unit, _target(decision), False)
                continue
            self.units[_unit(decision)] = None
            self._set(_unit(decision), _target(decision), decision["applies"])

    def _set(self, unit: Unit, target: tuple[Any, ...], applies: bool | None) -> None:
        self.decided[unit] = applies is not None
        whole = target == _target(WHOLE)
        for coder in self.readers[unit[0]] if applies is not None else ():
            targets = self.marks.setdefault(coder, {}).setdefault(unit, set())
            if applies and not (whole and targets):
                targets.add(target)
            elif not applies and whole:
                targets.clear()
            elif not applies:
                targets.discard(target)

    def given_by(self, unit: Unit) -> list[str]:
        """Who of the item's readers has the unit, after the decisions."""
        return [coder for coder in sorted(self.readers[unit[0]]) if self.marks.get(coder, {}).get(unit)]

    def missing(self, unit: Unit) -> bool:
        """Whether the unit has no answer: left open, or given by some of the readers only."""
        return self.decided.get(unit) is False or 0 < len(self.given_by(unit)) < len(self.readers[unit[0]])

    def result(self, closed: tuple[str, ...]) -> Final:
        applied: list[dict[str, Any]] = []
        unresolved: list[dict[str, Any]] = []
        tally = {"agreed": 0, "decided": 0, "single": 0}
        for unit in sorted(self.units):
            readers = sorted(self.readers[unit[0]])
            targets = {coder: self.marks.get(coder, {}).get(unit, set()) for coder in readers}
            given_by = self.given_by(unit)
            named = {"item_id": unit[0], "code_id": unit[1], "second_item": unit[2], "round_id": self.round_of[unit[0]]}
            if self.missing(unit):
                not_by = [coder for coder in readers if coder not in given_by]
                unresolved.append(named | {"given_by": "; ".join(given_by), "not_by": "; ".join(not_by)})
                continue
            how = "decided" if unit in self.decided else "single" if len(readers) == 1 else "agreed"
            tally[how] += 1
            if given_by:
                shared = set.intersection(*targets.values()) or {_target(WHOLE)}
                for target in sorted(shared, key=lambda target: tuple(-1 if part is None else part for part in target)):
                    applied.append(named | dict(zip(TARGET, target, strict=True)) | {"settled": how})
        return Final(
            pa.Table.from_pylist(applied, schema=FINAL),
            pa.Table.from_pylist(unresolved, schema=UNRESOLVED),
            tuple(sorted(self.readers)),
            coders=tuple(sorted(set().union(*self.readers.values()))),
            blind=closed,
            **tally,
            _applied=_items_by_code(applied),
            _missing=_items_by_code(unresolved),
        )


def _unit(row: Mapping[str, Any]) -> Unit:
    return row["item_id"], row["code_id"], row["second_item"]


def _target(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in TARGET)


def _items_by_code(rows: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    items: dict[str, set[str]] = {}
    for row in rows:
        items.setdefault(row["code_id"], set()).add(row["item_id"])
    return {code: frozenset(found) for code, found in items.items()}
