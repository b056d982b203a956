"""What is a round of coding, who may open, freeze and reveal it, and who sees whose codings meanwhile?

An independent round is blind while it is open: nobody is told of another's codings. Frozen, it changes no more and its
agreement may be computed; revealed, its coders see each other's codings. A joint round is read together: all see all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from resilens.errors import InputError
from resilens.record.events import ActorKind, Draft
from resilens.record.store import Record
from resilens.study.words import did_you_mean

CONSENSUS = "consensus"
"""The pseudo-coder; no person is called so."""


@dataclass(frozen=True, slots=True)
class Round:
    """A round as it stands. `items` empty: everything in the sample; `state`: open, frozen or revealed. `assignments`
    says which of the items a coder reads; who is not in it reads all."""

    id: str
    mode: Literal["independent", "joint"]
    coders: tuple[str, ...]
    state: str
    items: tuple[str, ...] = ()
    title: str = ""
    draw: str = ""
    note: str = ""
    assignments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        return self.state == "open"

    def reads(self, coder: str, item_id: str, sample: Collection[str]) -> bool:
        """Whether an item is a coder's to read here; a round without items of its own is about the `sample`."""
        mine = self.assignments.get(coder) or self.items or sample
        return coder in self.coders and item_id in mine

    def may_see(self, viewer: str, coder: str) -> bool:
        """Whether `viewer` may be told what `coder` coded in this round: always of oneself; of others in a joint
        round, or once the round is revealed."""
        return viewer == coder or self.mode == "joint" or self.state == "revealed"


def rounds(record: Record) -> list[Round]:
    """Every round, the one opened first first."""
    rows = {row["round_id"]: row for row in record.view("rounds")}
    order = dict.fromkeys(event.round_id for event in record.events("round.opened"))
    return [_round(rows[name]) for name in order if name in rows]


def round_of(record: Record, round_id: str) -> Round:
    """The round of this name.

    Raises
    ------
    InputError
        If it was never opened.
    """
    rows = record.view("rounds", round_id=round_id)
    if not rows:
        known = [found.id for found in rounds(record)]
        there = f"; there is {', '.join(known)}" if known else "; none was opened yet"
        raise InputError(f"there is no round {round_id!r}{did_you_mean(round_id, known) or there}")
    return _round(rows[0])


def _round(row: dict[str, Any]) -> Round:
    return Round(row["round_id"], row["mode"], tuple(row["coders"]), row["state"], tuple(row["items"] or ()),
                 row["title"] or "", row["draw"] or "", row["note"] or "",
                 {coder: tuple(items) for coder, items in (row["assignments"] or {}).items()})  # fmt: skip


def blind(record: Record, opened: Round) -> bool:
    """Whether what was coded in this round must not be shown to anybody but its coder.

    So it is while an independent round is open, whether or not anybody coded in it yet, so that this does not tell.
    Only one whose codings all came from tables is not: whoever imported them had them all in hand; nor from machines.
    """
    if opened.mode == "joint" or not opened.open:
        return False
    kinds = record.distinct("codings", "actor_kind", round_id=opened.id)
    return not kinds or not {"import", "machine"}.issuperset(kinds)


def opening(
    round_id: str, mode: Literal["independent", "joint"], coders: Sequence[str], actor: str,
    actor_kind: ActorKind = "human", *, items: Sequence[str] = (), title: str = "", draw: str = "", note: str = "",
    codebook_version: int = 0, assignments: Mapping[str, Sequence[str]] | None = None, event_id: UUID | None = None,
) -> Draft:  # fmt: skip
    """The event that opens a round, or states an open one anew; `open_round` checks the rules and appends it."""
    body = {"mode": mode, "coders": list(coders), "items": list(items), "title": title, "draw": draw, "note": note,
            "assignments": {coder: list(given) for coder, given in (assignments or {}).items()}}  # fmt: skip
    return Draft("round.opened", round_id, body, actor, actor_kind, round_id, codebook_version, event_id)


def open_round(
    record: Record, round_id: str, mode: Literal["independent", "joint"], coders: Sequence[str], actor: str,
    *, items: Sequence[str] = (), title: str = "", draw: str = "", note: str = "", codebook_version: int = 0,
    leads: Collection[str] = (), assignments: Mapping[str, Sequence[str]] | None = None, new: bool = False,
    event_id: UUID | None = None,
) -> Round:  # fmt: skip
    """Open a round; while it is open, opening it again states its coders and items anew.

    Parameters
    ----------
    round_id
        Its name, `round-2`.
    mode
        `independent` (blind until frozen) or `joint`.
    coders
        Who codes in it.
    actor, leads
        Who opens it; only a lead may, where the study declares any.
    items, draw
        What is to be coded: these items, or all of a draw.
    assignments
        Coder to the items that this one reads, where not all read all; see `coding.assignments`.
    title, note, codebook_version
        For readers; the version of the codebook in force.
    new
        Refuse a name that another round has.
    event_id
        Made by the client, so that doing it again after a failure does it once.

    Raises
    ------
    InputError
        If the actor is no lead, the name is taken, the round is frozen or revealed, its mode would change, a coder who
        has coded would be left out, or there is no coder or one twice.
    """
    _only_leads(actor, leads, "open")
    names = [name.strip() for name in coders]
    if not names or not all(names) or len(set(names)) < len(names) or CONSENSUS in names:
        raise InputError(f"a round needs coders, each named once and none called {CONSENSUS!r}; given: {names}")
    if not round_id.strip():
        raise InputError("a round needs a name, such as round-1")
    stranger = sorted(set(assignments or {}) - set(names))
    if stranger:
        raise InputError(f"{', '.join(stranger)} is assigned items but does not code in {round_id}; name its coders")

    def decide() -> list[Draft]:
        if record.done(event_id, lambda event: (event.kind, event.round_id) == ("round.opened", round_id)):
            return []
        _check_opening(record, round_id, mode, names, new)
        return [opening(round_id, mode, names, actor, items=items, title=title, draw=draw, note=note,
                        codebook_version=codebook_version, assignments=assignments, event_id=event_id)]  # fmt: skip

    record.append_decided(decide)
    return round_of(record, round_id)


def _check_opening(record: Record, round_id: str, mode: str, names: Collection[str], new: bool) -> None:
    """Whether a round may be opened, or stated anew, beside what is on the record."""
    if not record.view("rounds", round_id=round_id):
        return
    if new:
        raise InputError(f"there is a round {round_id} already; give this one another name")
    before = round_of(record, round_id)
    if not before.open:
        raise InputError(f"{round_id} is {before.state}; what was coded in it changes no more; open another round")
    if before.mode != mode:
        raise InputError(f"{round_id} is {before.mode} and stays so; open another round")
    left_out = sorted(set(record.distinct("codings", "coder", round_id=round_id)) - set(names))
    if left_out:
        raise InputError(f"{', '.join(left_out)} coded in {round_id} and cannot be left out of it")


def next_name(record: Record) -> str:
    """A name that no round has, `round-3` after two."""
    taken = set(record.distinct("rounds", "round_id"))
    number = len(taken) + 1
    while f"round-{number}" in taken:
        number += 1
    return f"round-{number}"


def freeze(
    record: Record, round_id: str, actor: str, reason: str = "", leads: Collection[str] = (),
    event_id: UUID | None = None,
) -> Round:  # fmt: skip
    """Freeze an open round: its codings are complete and change no more.

    Raises
    ------
    InputError
        If the actor is no lead where leads are declared, or the round is not open.
    """
    return _step(record, "round.frozen", round_id, "open", actor, reason, leads, event_id)


def reveal(
    record: Record, round_id: str, actor: str, reason: str = "", leads: Collection[str] = (),
    event_id: UUID | None = None,
) -> Round:  # fmt: skip
    """Reveal a frozen round: its coders see each other's codings.

    Raises
    ------
    InputError
        If the actor is no lead where leads are declared, or the round is not frozen.
    """
    return _step(record, "round.revealed", round_id, "frozen", actor, reason, leads, event_id)


def _step(
    record: Record, kind: str, round_id: str, needed: str, actor: str, reason: str, leads: Collection[str],
    event_id: UUID | None,
) -> Round:  # fmt: skip
    verb = {"round.frozen": "freeze", "round.revealed": "reveal"}[kind]
    _only_leads(actor, leads, verb)

    def decide() -> list[Draft]:
        if record.done(event_id, lambda event: (event.kind, event.round_id) == (kind, round_id)):
            return []
        before = round_of(record, round_id)
        if before.mode == "joint" and kind == "round.revealed":
            raise InputError(f"{round_id} is read together: its coders see each other's codings all along")
        if before.state != needed:
            raise InputError(f"{round_id} is {before.state}; only a round that is {needed} can be {kind.split('.')[1]}")
        return [Draft(kind, round_id, {"reason": reason}, actor, "human", round_id, event_id=event_id)]

    record.append_decided(decide)
    return round_of(record, round_id)


def _only_leads(actor: str, leads: Collection[str], verb: str) -> None:
    if leads and actor not in leads:
        may = " and ".join(sorted(leads))
        raise InputError(f"{actor} cannot {verb} a round: {may} may (`lead = true` in study.toml)")
