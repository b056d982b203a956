"""Which codings need a second look, since what their code means has changed after they were made?

A coding is held against the version of the codebook under which it was made: it is on the list while the meaning of its
code (facet, role, definition, use when, not when) is another now, or its code is retired and no other stands for it.
Coding the item again under the new version takes it off; so does a change that gives the code its old meaning back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from resilens.coding.codebook import at_version, latest
from resilens.coding.codes import Codebook, diff
from resilens.coding.rounds import rounds
from resilens.record.store import Record


@dataclass(frozen=True, slots=True)
class Due:
    """Codings of one coder in one round that need a second look for one reason.

    Parameters
    ----------
    code_id, round_id, coder
        Whose they are.
    why
        `changed`: the code means something else now; `retired`: it is given to no new coding.
    since
        The versions under which they were made.
    n
        How many.
    open
        Whether the round is open, so that the coder can code them anew; else they stay as they are.
    """

    code_id: str
    round_id: str
    coder: str
    why: Literal["changed", "retired"]
    since: tuple[int, ...]
    n: int
    open: bool


def worklist(record: Record, viewer: str, code_id: str = "") -> list[Due]:
    """What needs a second look, as far as the viewer may be told: first the viewer's own in open rounds.

    Parameters
    ----------
    record
        The study's record; only counts are read.
    viewer
        The coder who asks.
    code_id
        Only of this code; empty: of all.
    """
    current = latest(record)
    if current is None:
        return []
    opened = {one.id: (place, one) for place, one in enumerate(rounds(record))}
    only = {"code_id": code_id} if code_id else {}
    counts = record.tally("codings", "code_id", "round_id", "coder", "codebook_version", **only)
    reasons = _reasons(record, current.codebook, {version for *_, version in counts} - {current.number, 0, None})
    found: dict[tuple[str, str, str, Literal["changed", "retired"]], dict[int, int]] = {}
    for (code, round_id, coder, version), n in counts.items():
        why = reasons.get((version, code))
        if why and (round_id not in opened or opened[round_id][1].may_see(viewer, coder)):
            found.setdefault((code, round_id, coder, why), {})[version] = n
    due = [Due(code, round_id, coder, why, tuple(sorted(made)), sum(made.values()),
               round_id in opened and opened[round_id][1].open)
           for (code, round_id, coder, why), made in found.items()]  # fmt: skip
    place = {code.id: number for number, code in enumerate(current.codebook.codes)}
    return sorted(due, key=lambda one: (not (one.open and one.coder == viewer), place.get(one.code_id, len(place)),
                                        opened.get(one.round_id, (-1,))[0], one.coder))  # fmt: skip


def _reasons(
    record: Record, now: Codebook, numbers: Collection[int]
) -> dict[tuple[int, str], Literal["changed", "retired"]]:
    """By version and code, why codings made under that version need a second look."""
    found: dict[tuple[int, str], Literal["changed", "retired"]] = {}
    for number in numbers:
        before = at_version(record, number).codebook
        for change in diff(before, now):
            if change.of_meaning:
                found[number, change.id] = "changed"
        for code in before.codes:
            if code.active and code.id in now and not now.code(code.id).active and code.id not in now.merges:
                found[number, code.id] = "retired"
    return found
