"""Which judgements did people make independently of each other, over which universe of items?

Only codings of independent rounds count, as they stood before any consensus; rounds that are still blind are left out
and named, joint rounds have no agreement, and machines are never among the coders. An item read in several independent
rounds counts as it was read in the latest of them.

A judgement is about an item: did the coder give it the code (wherever on it, and to whatever second item)? Who read an
item and gave it nothing judged that nothing applies; who did not read it judged nothing: missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import Any, Literal, TypeAlias

import numpy as np

from resilens.agreement.patterns import Patterns, Places, compact
from resilens.coding.codings import codings
from resilens.coding.rounds import blind, round_of, rounds
from resilens.errors import InputError
from resilens.record.store import Record

Finder: TypeAlias = Callable[[Collection[str]], Mapping[str, str]]
"""Finds the thread of each item; see `item_facts.facts_of`."""

Universe: TypeAlias = Literal["read", "touched", "characters"]

UNIVERSES: dict[str, str] = {
    "read": "all items that two coders or more read, those without a code among them",
    "touched": "items to which any of the coders gave any code",
    "characters": "characters of the texts that two coders or more read, marked or not",
}
"""What agreement is computed over. `touched` leaves out the easiest agreement, that nothing applies."""

NOTHING = "nothing"
"""What a coder judged who read an item and gave it no code of a facet."""


@dataclass(frozen=True)
class Judgements:
    """What coders judged, item by item.

    Parameters
    ----------
    given
        For each item read, in a stable order, what each coder who read it gave: the codes, perhaps none.
    thread
        The thread of each item.
    coders
        Who read them, sorted.
    rounds
        The rounds that count, the one opened first first.
    round_of, version_of
        The round that counts for each item; the versions of the codebook it was coded under, as `1` or `1 and 2`.
    blind, joint
        Rounds left out: still blind; read together.
    marks
        The codings themselves, rows of the long table of codings, for the places they name.
    """

    given: Mapping[str, Mapping[str, frozenset[str]]]
    thread: Mapping[str, str]
    coders: tuple[str, ...]
    rounds: tuple[str, ...] = ()
    round_of: Mapping[str, str] = field(default_factory=dict)
    version_of: Mapping[str, str] = field(default_factory=dict)
    blind: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    marks: tuple[Mapping[str, Any], ...] = ()

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code that anybody gave, sorted."""
        return tuple(sorted({code for by in self.given.values() for codes in by.values() for code in codes}))

    @cached_property
    def pairable(self) -> tuple[str, ...]:
        """Items that two coders or more read."""
        return tuple(item for item, by in self.given.items() if len(by) > 1)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Pairs of coders that read an item in common."""
        met = {pair for by in self.given.values() for pair in combinations(sorted(by), 2)}
        return sorted(met)

    def touched(self) -> Judgements:
        """Only items to which a coder gave any code."""
        return self.where(lambda item: any(self.given[item].values()))

    def where(self, wanted: Callable[[str], bool]) -> Judgements:
        """Only the items that are wanted."""
        given = {item: by for item, by in self.given.items() if wanted(item)}
        return replace(self, given=given, marks=tuple(row for row in self.marks if row["item_id"] in given))

    def of(self, coders: Collection[str]) -> Judgements:
        """Only what these coders judged."""
        chosen = ((item, {coder: by[coder] for coder in by if coder in coders}) for item, by in self.given.items())
        given = {item: by for item, by in chosen if by}
        marks = tuple(row for row in self.marks if row["coder"] in coders)
        return replace(self, given=given, coders=tuple(sorted(coders)), marks=marks)

    def code(self, code: str) -> Patterns:
        """Who gave the code: False or True, missing where the item was not read; threads as clusters."""
        return self._patterns((False, True), lambda codes: code in codes)

    def sets(self, codes: Collection[str]) -> Patterns:
        """Which of these codes each coder gave, as a set."""
        wanted = frozenset(codes)
        found = {given & wanted for by in self.given.values() for given in by.values()}
        values = sorted(found, key=lambda one: (len(one), sorted(one)))
        return self._patterns(tuple(values), lambda given: given & wanted)

    def choices(self, codes: Collection[str]) -> Patterns | None:
        """Which one of these codes each coder gave, or `NOTHING`; None where anybody ever gave two to one item."""
        wanted = frozenset(codes)
        if any(len(given & wanted) > 1 for by in self.given.values() for given in by.values()):
            return None
        values = (NOTHING, *(code for code in sorted(wanted) if code in self.codes))
        return self._patterns(values, lambda given: next(iter(given & wanted), NOTHING))

    def _patterns(self, values: Sequence[Any], judgement: Callable[[frozenset[str]], Any]) -> Patterns:
        place = {value: number for number, value in enumerate(values)}
        table, given, cluster, threads = self._readings
        lookup = np.array([*(place[judgement(codes)] for codes in given), -1], np.int64)
        return compact(lookup[table], np.ones(len(table)), tuple(values), False, self.coders, cluster, threads)

    @cached_property
    def _readings(self) -> tuple[Places, list[frozenset[str]], Places, tuple[str, ...]]:
        """Items by coders, each cell the number of what was given there, -1 where the item was not read; what these
        numbers mean; the number of each item's thread, and the threads."""
        column = {coder: number for number, coder in enumerate(self.coders)}
        number_of: dict[frozenset[str], int] = {}
        table = np.full((len(self.given), len(self.coders)), -1, np.int64)
        for row, by in enumerate(self.given.values()):
            for coder, codes in by.items():
                table[row, column[coder]] = number_of.setdefault(codes, len(number_of))
        threads = tuple(sorted({self.thread[item] for item in self.given}))
        row_of = {thread: number for number, thread in enumerate(threads)}
        return table, list(number_of), np.array([row_of[self.thread[item]] for item in self.given], np.int64), threads


def judgements(record: Record, thread_of: Finder, round_id: str = "") -> Judgements:
    """The independent judgements on the record.

    Parameters
    ----------
    record
        The study's record.
    thread_of
        Finds the threads of items; see `item_facts.facts_of`.
    round_id
        Only of this round. Empty: each item as it was read in the latest independent round that is not blind and in
        which two coders or more read it.

    Raises
    ------
    InputError
        If there is no such round, it is still blind, or it is joint: then nobody read independently.
    """
    return _gathered(record, thread_of, round_id, lambda row: row["actor_kind"] != "machine")


def machine_judgements(record: Record, people: Judgements) -> dict[str, Judgements]:
    """What each machine judged of the items that people did, beside what they judged; never part of their agreement.

    Returns
    -------
    dict
        For each machine, the people's judgements of the items it read with its own added under its name.
    """
    shown = {opened.id for opened in rounds(record) if not blind(record, opened)}
    rows = [row for row in record.view("codings", actor_kind="machine") if row["round_id"] in shown]
    found: dict[str, Judgements] = {}
    for machine in sorted({row["coder"] for row in rows}):
        own, _ = _by_item(record, [row for row in rows if row["coder"] == machine])
        given = {item: {**by, machine: own[item][machine]} for item, by in people.given.items() if item in own}
        if given:
            found[machine] = replace(people, given=given, coders=tuple(sorted({*people.coders, machine})))
    return found


def _gathered(
    record: Record, thread_of: Finder, round_id: str, wanted: Callable[[Mapping[str, Any]], bool]
) -> Judgements:
    opened = rounds(record)
    closed = tuple(one.id for one in opened if blind(record, one))
    joint = tuple(one.id for one in opened if one.mode == "joint")
    if round_id:
        check_independent(record, round_id)
    kept = {one.id for one in opened if one.id not in (*closed, *joint) and round_id in ("", one.id)}
    rows = [row for row in codings(record, round_id).to_pylist() if row["round_id"] in kept and wanted(row)]
    given, rows = _by_item(record, rows)
    used = {row["round_id"] for row in rows}
    versions: dict[str, set[int]] = {}
    for row in rows:
        versions.setdefault(row["item_id"], set()).add(row["codebook_version"] or 0)
    return Judgements(
        given, {item: thread for item, thread in thread_of(list(given)).items() if item in given},
        tuple(sorted({coder for by in given.values() for coder in by})),
        tuple(one.id for one in opened if one.id in used), {row["item_id"]: row["round_id"] for row in rows},
        {item: " and ".join(map(str, sorted(found))) for item, found in versions.items()},
        () if round_id else closed, () if round_id else joint, tuple(rows),
    )  # fmt: skip


def check_independent(record: Record, round_id: str) -> None:
    """Whether there is independent agreement to speak of in a round.

    Raises
    ------
    InputError
        If there is no such round, it is still blind, or it is joint.
    """
    asked = round_of(record, round_id)
    if blind(record, asked):
        raise InputError(f"{round_id} is independent and still open, so its codings are not shown; freeze it first")
    if asked.mode == "joint":
        raise InputError(f"{round_id} is joint: its coders read together, so there is no independent agreement in it")


def _by_item(
    record: Record, rows: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, dict[str, frozenset[str]]], list[Mapping[str, Any]]]:
    """What each coder gave each item in the round that counts, items sorted; and the codings that say so."""
    order = {opened.id: place for place, opened in enumerate(rounds(record))}
    rows = list(rows)
    readers: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        readers.setdefault((row["item_id"], row["round_id"]), set()).add(row["coder"])
    latest: dict[str, tuple[bool, int]] = {}
    for (item, name), coders in readers.items():
        latest[item] = max(latest.get(item, (False, -1)), (len(coders) > 1, order.get(name, -1)))
    kept = [row for row in rows if order.get(row["round_id"], -1) == latest[row["item_id"]][1]]
    codes: dict[str, dict[str, set[str]]] = {item: {} for item in sorted(latest)}
    for row in kept:
        own = codes[row["item_id"]].setdefault(row["coder"], set())
        if not row["nothing_applies"]:
            own.add(row["code_id"])
    given = {item: {coder: frozenset(own) for coder, own in by.items()} for item, by in codes.items()}
    return given, kept
