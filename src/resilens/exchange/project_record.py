"""Which of a project's codings and memos does the record lack, and as which events do they enter it?

When somebody coded is carried by the event's identifier: one of version 7 holds a time (`made_at`), and the rest of it
follows from the coding and its round, so that the same coding makes the same event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from resilens.coding.codings import TARGET, final
from resilens.coding.rounds import blind, opening, rounds
from resilens.exchange.codebook_in import IMPORTER
from resilens.exchange.links import shown
from resilens.exchange.project_sources import Placed, moment
from resilens.exchange.project_work import Given, Key, Memo, Work
from resilens.exchange.source_layout import memo_guid
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
        Codings, and what consensus decided to apply; none where no coding is new.
    memos
        Memos that are new or say something else than before.
    notes, losses
        What must be said of that.
    """

    round_id: str = ""
    codings: tuple[Given, ...] = ()
    decisions: tuple[Given, ...] = ()
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
    if _stands(work, record, placed.every_item):
        return Plan(memos=memos)
    decisions, notes, losses = _decisions(work)
    codings = tuple(work.codings.values())
    return Plan(_free(name, record), codings, decisions, memos, notes, losses)


def _stands(work: Work, record: Record, items: set[str]) -> bool:
    """Whether the record has just these codings of these items: in one of its rounds, or each item in the last one in
    which the coder read it; and everything that consensus holds."""
    said = {(one.coder, *one.unit, shown(one.memo)) for one in work.codings.values()}
    coders = {one.coder for one in work.codings.values()}
    agreed = {one.unit for one in work.consensus.values()}
    rows = [row for row in record.view("codings") if row["coder"] in coders and row["item_id"] in items]
    known = [opened.id for opened in rounds(record) if not blind(record, opened)]
    rows = [row for row in rows if row["round_id"] in known]
    for round_id in ["", *known]:
        here = [row for row in rows if row["round_id"] == round_id] if round_id else _last(rows, known)
        held = {(row["coder"], *_unit(row), shown(row["memo"] or "")) for row in here if not row["nothing_applies"]}
        if held == said and (not agreed or agreed <= _settled(record, round_id)):
            return True
    return False


def _last(rows: Sequence[Mapping[str, Any]], order: Sequence[str]) -> list[Mapping[str, Any]]:
    """Of each coder and item, the codings of the last round."""
    place = {round_id: number for number, round_id in enumerate(order)}
    last: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row["coder"], row["item_id"])
        last[key] = max(last.get(key, -1), place[row["round_id"]])
    return [row for row in rows if place[row["round_id"]] == last[row["coder"], row["item_id"]]]


def _unit(row: Mapping[str, Any]) -> Key:
    return (row["item_id"], row["code_id"], *(row[name] for name in TARGET), row["second_item"] or "")


def _settled(record: Record, round_id: str) -> set[Key]:
    """What consensus holds."""
    return {_unit(row) for row in final(record, round_id=round_id).table.to_pylist()}


def _free(name: str, record: Record) -> str:
    taken = {opened.id for opened in rounds(record)}
    plain, number = name.strip()[:_LONGEST] or "import", 1
    name = plain
    while name in taken:
        number += 1
        name = f"{plain}-{number}"
    return name


def _decisions(work: Work) -> tuple[tuple[Given, ...], tuple[str, ...], tuple[str, ...]]:
    """The decisions that bring about what the user `consensus` coded, what is left open, and what is lost.

    A code that every coder of the item gave alike settles by itself. That consensus does not have a code decides
    nothing: nobody can tell whether it was decided against, or not yet.
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
            decisions.append(one)
    lacking = [(unit, set(by) == readers[unit[0]]) for unit, by in given.items() if unit not in wanted]
    notes = {
        "codes that not all gave, and consensus does not have: left open": sum(not agreed for _, agreed in lacking),
        "codes that all gave, and consensus does not have: they count as agreed": sum(agreed for _, agreed in lacking),
    }
    losses = (f"consensus on items that no coder coded ({unread:,})",) if unread else ()
    return tuple(decisions), tuple(f"{words} ({many:,})" for words, many in notes.items() if many), losses


def _new_memos(memos: Iterable[Memo], record: Record) -> tuple[Memo, ...]:
    """Memos that the record does not have as they are; one that left the study as a note is the memo it was, and is
    about what it was about as well: a project has no place for claims and rounds."""
    rows = record.view("memos")
    same = {(shown(row["title"] or ""), shown(row["text"]), tuple(sorted(row["about"] or ()))) for row in rows}
    ours = {memo_guid(row["memo_id"]): row for row in rows}
    found = []
    for one in memos:
        before = ours.get(one.memo_id)
        if before is not None:
            about = tuple(dict.fromkeys([*(before["about"] or ()), *one.about]))
            one = replace(one, memo_id=before["memo_id"], about=about)  # noqa: PLW2901
        if (shown(one.title), shown(one.text), tuple(sorted(one.about))) not in same:
            found.append(one)
    return tuple(found)


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
        for one in plan.decisions:
            body = {name: value for name, value in one.body.items() if name != "memo"}
            body |= {"applies": True, "reason": one.memo or reason}
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

