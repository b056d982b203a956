"""Which of a project's codings and memos does the record lack, and as which events do they enter it?

When somebody coded is carried by the event's identifier: one of version 7 holds a time (`made_at`), and the rest of it
follows from the coding and its round, so that the same coding makes the same event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from resilens.coding.codings import TARGET, WHOLE, final
from resilens.coding.rounds import opening, rounds
from resilens.exchange.codebook_in import IMPORTER
from resilens.exchange.project_sources import Placed, moment
from resilens.exchange.project_work import Given, Key, Memo, Work
from resilens.record.clock import uuid7
from resilens.record.events import Draft
from resilens.record.store import Record

_LONGEST = 60


@dataclass(frozen=True)
class Plan:
    """What would be written.

    Parameters
    ----------
    round_id
        The round to be opened; empty where no coding is new.
    codings, decisions
        Codings, and decisions of consensus (a coding, and whether it applies); none where no coding is new.
    memos
        Memos that are new or say something else than before.
    notes, losses
        What must be said of that.
    """

    round_id: str = ""
    codings: tuple[Given, ...] = ()
    decisions: tuple[tuple[Given, bool], ...] = ()
    memos: tuple[Memo, ...] = ()
    notes: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether anything would be written."""
        return bool(self.codings or self.memos)


def plan_of(work: Work, placed: Placed, record: Record, name: str) -> Plan:
    """What of the work in a project is new to the record.

    Parameters
    ----------
    work, placed
        The work, and where the project's sources are.
    record
        The study's.
    name
        What the round is to be called; a number is added where a round is called so.
    """
    memos = _new_memos(work.memos.values(), record)
    if not work.codings:
        lone = len(work.consensus)
        lost = (f"what the user 'consensus' coded: nobody else coded ({lone:,})",) if lone else ()
        return Plan(memos=memos, losses=lost)
    items = set(placed.items.values())
    if _standing(record, {one.coder for one in work.codings.values()}, items) == _said(work.codings.values()) and (
        not work.consensus or _settled(record, items) == {one.unit for one in work.consensus.values()}
    ):
        return Plan(memos=memos)
    decisions, notes, losses = _decisions(work)
    codings = tuple(work.codings.values())
    return Plan(_free(name, record), codings, decisions, memos, notes, losses)


def _said(codings: Iterable[Given]) -> set[Key]:
    return {(one.coder, *one.unit, one.memo) for one in codings}


def _standing(record: Record, coders: set[str], items: set[str]) -> set[Key]:
    """What these coders coded on these items, each item in the last round in which the coder read it."""
    order = {opened.id: place for place, opened in enumerate(rounds(record))}
    last: dict[tuple[str, str], int] = {}
    rows = [row for row in record.view("codings") if row["coder"] in coders and row["item_id"] in items]
    for row in rows:
        key = (row["coder"], row["item_id"])
        last[key] = max(last.get(key, -1), order.get(row["round_id"], -1))
    return {
        (row["coder"], *_unit(row), row["memo"] or "") for row in rows
        if order.get(row["round_id"], -1) == last[row["coder"], row["item_id"]] and not row["nothing_applies"]
    }  # fmt: skip


def _unit(row: Mapping[str, Any]) -> Key:
    return (row["item_id"], row["code_id"], *(row[name] for name in TARGET))


def _settled(record: Record, items: set[str]) -> set[Key]:
    """What consensus holds of these items."""
    return {_unit(row) for row in final(record).table.to_pylist() if row["item_id"] in items}


def _free(name: str, record: Record) -> str:
    taken = {opened.id for opened in rounds(record)}
    plain, number = name.strip()[:_LONGEST] or "import", 1
    name = plain
    while name in taken:
        number += 1
        name = f"{plain}-{number}"
    return name


def _decisions(work: Work) -> tuple[tuple[tuple[Given, bool], ...], tuple[str, ...], tuple[str, ...]]:
    """The decisions that bring about what the user `consensus` coded, what is left open, and what is lost.

    A code that every coder of the item gave alike settles by itself.
    """
    if not work.consensus:
        return (), (), ()
    readers: dict[str, set[str]] = {}
    given: dict[Key, dict[str, set[Key]]] = {}
    for one in work.codings.values():
        readers.setdefault(one.item_id, set()).add(one.coder)
        given.setdefault(one.unit[:2], {}).setdefault(one.coder, set()).add(one.unit[2:])
    wanted: dict[Key, set[Key]] = {}
    decisions, unread = [], 0
    for one in work.consensus.values():
        if one.item_id not in readers:
            unread += 1
            continue
        wanted.setdefault(one.unit[:2], set()).add(one.unit[2:])
        by = given.get(one.unit[:2], {})
        if not all(one.unit[2:] in by.get(coder, set()) for coder in readers[one.item_id]):
            decisions.append((one, True))
    open_units = [unit for unit, by in given.items() if unit not in wanted and set(by) != readers[unit[0]]]
    against = [unit for unit, by in given.items() if unit not in wanted and set(by) == readers[unit[0]]]
    decisions += [(Given("", str(unit[0]), str(unit[1]), WHOLE), False) for unit in against]
    notes = [f"codes that not all gave, and consensus does not have: left open ({len(open_units):,})"]
    losses = [f"consensus on items that no coder coded ({unread:,})"]
    return tuple(decisions), tuple(notes if open_units else ()), tuple(losses if unread else ())


def _new_memos(memos: Iterable[Memo], record: Record) -> tuple[Memo, ...]:
    rows = record.view("memos")
    same = {(row["title"], row["text"], tuple(sorted(row["about"] or ()))) for row in rows}
    return tuple(one for one in memos if (one.title, one.text, tuple(sorted(one.about))) not in same)


def drafts_of(plan: Plan, file: str, version: int) -> list[Draft]:
    """The events of a plan: the round, its codings, its freezing, consensus, memos.

    Parameters
    ----------
    plan
        What is to be written.
    file
        The project's file, for readers.
    version
        The version of the codebook in force.
    """
    drafts: list[Draft] = []
    if plan.codings:
        coders = sorted({one.coder for one in plan.codings})
        drafts.append(opening(plan.round_id, "independent", coders, IMPORTER, "import", title=f"imported from {file}",
                              codebook_version=version))  # fmt: skip
        drafts += [
            Draft("coding.set", one.item_id, one.body, one.coder, "import", plan.round_id, version,
                  _identifier(one.at, plan.round_id, one.coder, one.guid, repr(one.unit)))
            for one in plan.codings
        ]  # fmt: skip
        reason = f"as it was in {file}"
        drafts.append(Draft("round.frozen", plan.round_id, {"reason": reason}, IMPORTER, "import", plan.round_id))
        for one, applies in plan.decisions:
            body = {name: value for name, value in one.body.items() if name != "memo"}
            body |= {"applies": applies, "reason": one.memo or reason}
            drafts.append(Draft("consensus.decided", one.item_id, body, IMPORTER, "import", plan.round_id, version))
    for memo in plan.memos:
        body = {"memo_id": memo.memo_id, "title": memo.title, "text": memo.text, "about": list(memo.about)}
        drafts.append(Draft("memo.written", memo.memo_id, body, memo.actor, "import"))
    return drafts


def _identifier(at: str, *parts: str) -> UUID | None:
    """The identifier of an event that carries when the coding was made; None where the project does not say."""
    found = moment(at)
    if found is None:
        return None
    key = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).digest()
    return uuid7(found, lambda length: key[:length])


def made_at(event_id: str, recorded: datetime) -> datetime:
    """When an imported coding was made: the time its identifier carries, if that is before it was recorded."""
    one = UUID(event_id)
    carried = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=one.int >> 80)
    return min(carried, recorded) if one.version == 7 else recorded

