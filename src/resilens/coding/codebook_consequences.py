"""What will a change of the codebook touch? Said before it is made, and only of what the viewer may be told.

Claims cite codes too, but stand on a higher floor: they say themselves when a code they cite is retired.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from resilens.coding.code_tree import below
from resilens.coding.codes import Codebook, diff
from resilens.coding.rounds import CONSENSUS, Round, rounds
from resilens.record.store import Record


@dataclass(frozen=True, slots=True)
class Held:
    """How many codings (or decisions, of the coder `consensus`) hold a code in a round."""

    code_id: str
    round_id: str
    coder: str
    n: int


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change touches.

    Parameters
    ----------
    codes
        Ids of codes that were there and are changed in meaning, status or place, in the order of the codebook.
    codings, decisions
        What holds them, of what the viewer may see; a decision that a code does not apply counts too.
    unseen
        Rounds of which the viewer is not told what others coded, whether they did or not.
    nested
        Ids of active codes nested in those that are retired or merged.
    roles_idle
        Roles that an active code had and none will have: what measures look for is found in earlier codings alone.
    roles_lost
        Roles that a code had and none will have at all: measures that look for them will have no answer.
    """

    codes: tuple[str, ...]
    codings: tuple[Held, ...]
    decisions: tuple[Held, ...]
    unseen: tuple[str, ...]
    nested: tuple[str, ...]
    roles_idle: tuple[str, ...]
    roles_lost: tuple[str, ...]

    @property
    def n_codings(self) -> int:
        return sum(held.n for held in self.codings)

    @property
    def n_decisions(self) -> int:
        return sum(held.n for held in self.decisions)


def touched(record: Record, viewer: str, before: Codebook, after: Codebook) -> Touched:
    """What the change from one codebook to another touches, for the eyes of a viewer.

    Parameters
    ----------
    record
        The study's record; only counts are read.
    viewer
        The coder who asks: of others in rounds that are blind for the viewer nothing is told.
    before, after
        The codebook in force, and as it would be.
    """
    felt = {change.id for change in diff(before, after)
            if change.of_meaning or change.field in ("status", "merged_into", "parent", "second_item")}  # fmt: skip
    codes = tuple(code.id for code in before.codes if code.id in felt)
    closing = [code for code in codes if before.code(code).active and code in after and not after.code(code).active]
    nested = {one for code in closing for one in below(before, code) if before.code(one).active}
    opened = rounds(record)
    return Touched(
        codes,
        held(record, opened, viewer, "codings", codes),
        held(record, opened, viewer, "consensus", codes),
        tuple(one.id for one in opened if _hides(one, viewer)),
        tuple(code.id for code in before.codes if code.id in nested and code.id not in closing),
        tuple(sorted(_roles(before, active=True) - _roles(after, active=True) - _lost(before, after))),
        tuple(sorted(_lost(before, after))),
    )


def held(record: Record, opened: Collection[Round], viewer: str, view: str, codes: Collection[str]) -> tuple[Held, ...]:
    """What holds these codes in `codings` or `consensus`, as far as the viewer may be told, by code, round and coder.

    Parameters
    ----------
    opened
        The rounds of the record, as `rounds.rounds` gives them, in their order.
    """
    by_round = {one.id: (place, one) for place, one in enumerate(opened)}
    columns = ("code_id", "round_id", *(("coder",) if view == "codings" else ()))
    one_code = {"code_id": next(iter(codes))} if len(codes) == 1 else {}
    counts = record.tally(view, *columns, **one_code)
    order = {code: place for place, code in enumerate(codes)}
    found = []
    for (code, round_id, *coder), n in counts.items():
        one = Held(code, round_id, coder[0] if coder else CONSENSUS, n)
        if code in order and (round_id not in by_round or by_round[round_id][1].may_see(viewer, one.coder)):
            found.append(one)
    return tuple(sorted(found, key=lambda one: (order[one.code_id], by_round.get(one.round_id, (-1,))[0], one.coder)))


def _hides(opened: Round, viewer: str) -> bool:
    """Whether anybody's codings in a round are not for the viewer to see; a matter of the round, not of codings."""
    return any(not opened.may_see(viewer, coder) for coder in opened.coders)


def _roles(codebook: Codebook, active: bool) -> set[str]:
    return {code.role for code in codebook.codes if code.role and (code.active or not active)}


def _lost(before: Codebook, after: Codebook) -> set[str]:
    return _roles(before, active=False) - _roles(after, active=False)
