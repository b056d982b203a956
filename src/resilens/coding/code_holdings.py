"""What holds a code: which codings and decisions, of whom, in which round, as far as a person may be told?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from resilens.coding.rounds import CONSENSUS, round_of, rounds
from resilens.errors import InputError
from resilens.record.store import Record


@dataclass(frozen=True, slots=True)
class Held:
    """How many codings (or decisions, of the coder `consensus`) hold a code in a round."""

    code_id: str
    round_id: str
    coder: str
    n: int


def held(record: Record, viewer: str, codes: Collection[str], decisions: bool = False) -> tuple[Held, ...]:
    """The codings, or the decisions, that hold these codes and that the viewer may be told of, counted by code, round
    and coder, in the order of the codes, of the rounds, of the alphabet; only counts are read."""
    opened = rounds(record)
    by_round = {one.id: (place, one) for place, one in enumerate(opened)}
    columns = ("code_id", "round_id", *(() if decisions else ("coder",)))
    one_code = {"code_id": next(iter(codes))} if len(codes) == 1 else {}
    counts = record.tally("consensus" if decisions else "codings", *columns, **one_code)
    order = {code: place for place, code in enumerate(codes)}
    found = []
    for (code, round_id, *coder), n in counts.items():
        one = Held(code, round_id, coder[0] if coder else CONSENSUS, n)
        if code in order and (round_id not in by_round or by_round[round_id][1].may_see(viewer, one.coder)):
            found.append(one)
    return tuple(sorted(found, key=lambda one: (order[one.code_id], by_round.get(one.round_id, (-1,))[0], one.coder)))


def hidden_rounds(record: Record, viewer: str) -> tuple[str, ...]:
    """The rounds in which somebody else codes, or may, without the viewer being told: a matter of rounds alone."""
    return tuple(one.id for one in rounds(record) if any(not one.may_see(viewer, coder) for coder in one.coders))


def items_holding(
    record: Record, viewer: str, code_id: str, round_id: str, coder: str, versions: Collection[int] = ()
) -> list[str]:
    """The items to which a coder gave a code in a round, each once, in the order in which they were coded.

    Parameters
    ----------
    versions
        Only codings made under these versions of the codebook; empty: all.

    Raises
    ------
    InputError
        If there is no such round, or it is blind for the viewer.
    """
    if not round_of(record, round_id).may_see(viewer, coder):
        raise InputError(f"{round_id} is blind: what {coder} coded in it is told once the round is revealed")
    rows = record.view("codings", code_id=code_id, round_id=round_id, coder=coder)
    return list(dict.fromkeys(row["item_id"] for row in rows if not versions or row["codebook_version"] in versions))
