"""Whose codings, memos and arguments may a person be told of?

Everybody sees what they did themselves. Of others in an independent round nothing is told until it is revealed, not
even how much there is; in a joint round all see all. What belongs to no round is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from resilens.coding.rounds import blind, rounds
from resilens.record.store import Record

Sees = Callable[[Mapping[str, Any]], bool]
"""Whether a row (of codings, memos or finished rounds: `round_id`, and `coder` or `actor`) may be shown."""


def visible(record: Record, viewer: str) -> Sees:
    """What `viewer` may be told of.

    Parameters
    ----------
    record
        The record; its rounds are read once, so ask anew for every answer.
    viewer
        The name of a coder.

    Returns
    -------
    callable
        Given a row with `round_id` and `coder` (or `actor`), whether it may be shown.
    """
    opened = {found.id: found for found in rounds(record)}

    def sees(row: Mapping[str, Any]) -> bool:
        found = opened.get(row["round_id"] or "")
        return found is None or found.may_see(viewer, row["coder"] if "coder" in row else row["actor"])

    return sees


def seen(record: Record, viewer: str, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of these rows, those that `viewer` may be told of, in their order."""
    sees = visible(record, viewer)
    return [dict(row) for row in rows if sees(row)]


def still_blind(record: Record) -> tuple[str, ...]:
    """The rounds of which nobody but each coder may be told; nothing that is made for all may depend on them."""
    return tuple(found.id for found in rounds(record) if blind(record, found))


def unrevealed(record: Record) -> tuple[str, ...]:
    """The rounds that are frozen and not revealed: findings rest on them, which only a lead may read until then.

    Codings from tables and machines make no round such a one; see `rounds.blind`.
    """
    frozen = [found.id for found in rounds(record) if found.mode == "independent" and found.state == "frozen"]
    kinds = {name: record.distinct("codings", "actor_kind", round_id=name) for name in frozen}
    return tuple(name for name, found in kinds.items() if not {"import", "machine"}.issuperset(found))


def turned_blind(record: Record) -> tuple[str, ...]:
    """The blind rounds that hold codings from tables: findings may rest on these from before anybody coded there."""
    return tuple(name for name in still_blind(record)
                 if "import" in record.distinct("codings", "actor_kind", round_id=name))  # fmt: skip
