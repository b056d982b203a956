"""What will a change of the codebook touch? Said before it is made, and only of what the viewer may be told.

Claims cite codes too, but stand on a higher floor: they say themselves when a code they cite is retired.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from resilens.coding.code_holdings import Held, held, hidden_rounds
from resilens.coding.code_tree import below
from resilens.coding.codes import Codebook, diff
from resilens.record.store import Record


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change touches.

    Parameters
    ----------
    codes
        Ids of codes that were there and are changed in meaning or status, in the order of the codebook.
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
            if change.of_meaning or change.field in ("status", "merged_into", "second_item")}  # fmt: skip
    codes = tuple(code.id for code in before.codes if code.id in felt)
    closing = [code for code in codes if before.code(code).active and code in after and not after.code(code).active]
    nested = {one for code in closing for one in below(before, code) if before.code(one).active}
    return Touched(
        codes,
        held(record, viewer, codes),
        held(record, viewer, codes, decisions=True),
        hidden_rounds(record, viewer),
        tuple(code.id for code in before.codes if code.id in nested and code.id not in closing),
        tuple(sorted(_roles(before, active=True) - _roles(after, active=True) - _lost(before, after))),
        tuple(sorted(_lost(before, after))),
    )


def if_redefined(record: Record, viewer: str, codebook: Codebook, code_id: str) -> Touched:
    """What another definition of one code would touch, whatever it will be; see `touched`."""
    codes = (replace(code, definition=f"{code.definition}\n") if code.id == code_id else code
             for code in codebook.codes)  # fmt: skip
    return touched(record, viewer, codebook, replace(codebook, codes=tuple(codes)))


def _roles(codebook: Codebook, active: bool) -> set[str]:
    return {code.role for code in codebook.codes if code.role and (code.active or not active)}


def _lost(before: Codebook, after: Codebook) -> set[str]:
    return _roles(before, active=False) - _roles(after, active=False)
