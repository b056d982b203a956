"""Which codings, decisions and memos leave with a project, and which must or can not?

Nothing of a round that is still blind leaves. Of each coder and item the last round counts, unless one round is asked
for; `consensus` has what `coding.codings.final` gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from resilens.coding.codings import TARGET, codings, final
from resilens.coding.rounds import CONSENSUS, blind, round_of, rounds
from resilens.errors import InputError
from resilens.exchange.project_record import made_at
from resilens.record.store import Record

Row: TypeAlias = Mapping[str, Any]
ITEM = (":p:", ":c:")

NO_PLACE = {
    "claims": "claims", "leads": "leads", "diary": "entries of the diary", "draws": "how the sample was drawn",
    "screening": "screening decisions", "comment_choices": "choices of comments", "groups": "groups of authors",
    "quoting": "what may be done with the words of an item",
    "translations": "translations; `resilens export quotes` has those accepted",
    "redactions": "why a picture is covered or withheld",
}  # fmt: skip
"""Views of the record that a project has nothing like."""


@dataclass
class Leaving:
    """The work that leaves.

    Parameters
    ----------
    codings
        Rows with the columns of `coding.codings.CODINGS`, consensus among them as a coder.
    items
        Items that were read.
    memos
        Rows of the view.
    blind
        Rounds that are left out since they are still blind.
    machines
        Coders that are machines.
    losses
        What has no place in a project, with how many there are.
    """

    codings: list[Row] = field(default_factory=list)
    items: set[str] = field(default_factory=set)
    memos: list[Row] = field(default_factory=list)
    blind: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    losses: Counter[str] = field(default_factory=Counter)

    def coders(self) -> list[str]:
        """Who coded, sorted; consensus last."""
        return sorted({row["coder"] for row in self.codings}, key=lambda name: (name == CONSENSUS, name))


def leaving(record: Record, round_id: str = "") -> Leaving:
    """The work that leaves.

    Raises
    ------
    InputError
        If the round asked for is unknown or still blind.
    """
    closed = tuple(opened.id for opened in rounds(record) if blind(record, opened))
    if round_id and round_of(record, round_id).id in closed:
        raise InputError(f"{round_id} is independent and still open, so its codings do not leave; freeze it first")
    found = Leaving(blind=() if round_id else closed)
    rows = [row for row in codings(record, round_id).to_pylist() if row["round_id"] not in closed]
    kept = rows if round_id else _last(rows, [opened.id for opened in rounds(record)])
    found.losses["codings of an earlier round: a later one of the same coder and item counts"] = len(rows) - len(kept)
    found.losses["that nothing applies to an item"] = sum(row["nothing_applies"] for row in kept)
    found.items = {row["item_id"] for row in kept}
    found.machines = tuple(sorted({row["coder"] for row in kept if row["actor_kind"] == "machine"}))
    given = [row for row in kept if row["code_id"]]
    found.codings = [row | {"at": _moment(row)} for row in given]
    places = {row["round_id"] for row in given}
    found.losses["which of several rounds a coding belongs to"] = len(given) if len(places) > 1 else 0
    _consensus(record, round_id, given, found)
    _memos(record, closed, round_id, found)
    for view, words in NO_PLACE.items():
        found.losses[words] = len(record.view(view))
    found.losses["earlier versions of the codebook"] = max(len(record.view("codebooks")) - 1, 0)
    return found


def _last(rows: Collection[dict[str, Any]], order: list[str]) -> list[dict[str, Any]]:
    """Of each coder and item, the codings of the last round."""
    place = {name: number for number, name in enumerate(order)}
    last: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row["coder"], row["item_id"])
        last[key] = max(last.get(key, -1), place.get(row["round_id"], -1))
    return [row for row in rows if place.get(row["round_id"], -1) == last[row["coder"], row["item_id"]]]


def _moment(row: Row) -> str:
    """When a coding was made, to the second: an imported one carries it in its identifier."""
    recorded = datetime.fromisoformat(row["at"])
    made = made_at(row["event_id"], recorded) if row["actor_kind"] == "import" else recorded
    return made.strftime("%Y-%m-%dT%H:%M:%SZ")


def _key(row: Row) -> tuple[Any, ...]:
    return (row["item_id"], row["code_id"], row["second_item"] or "", *(row[name] for name in TARGET))


def _consensus(record: Record, round_id: str, given: list[dict[str, Any]], found: Leaving) -> None:
    """What coders agree on and what was decided; what the only coder of an item gave is no consensus."""
    agreed = final(record, round_id=round_id)
    digests = {(row["item_id"], row["field"]): row["text_sha256"] for row in given if row["text_sha256"]}
    decisions = {(row["round_id"], *_key(row)): row for row in record.view("consensus")}
    applied = set()
    for row in agreed.table.to_pylist():
        key = (row["round_id"], *_key(row))
        decided = decisions.get(key, {})
        applied.add(key)
        if row["settled"] == "single":
            continue
        sha256 = digests.get((row["item_id"], row["field"])) or decided.get("text_sha256") or ""
        found.codings.append({**row, "coder": CONSENSUS, "text_sha256": sha256, "memo": decided.get("reason") or "",
                              "at": f"{decided['at'][:19]}Z" if decided else ""})  # fmt: skip
    found.losses["decisions of consensus that a code does not apply, or is left open"] = sum(
        key not in applied and key[0] not in found.blind for key in decisions
    )
    found.losses["whose mind changed, and why"] = sum(bool(row["changed_minds"]) for row in decisions.values())
    found.losses["consensus where coders differ and nothing is decided: each coder's own codes leave"] = (
        agreed.unresolved.num_rows
    )


def _memos(record: Record, closed: tuple[str, ...], round_id: str, found: Leaving) -> None:
    memos = record.view("memos")
    found.memos = [row for row in memos if row["round_id"] not in closed
                   and (not round_id or row["round_id"] in ("", None, round_id))]  # fmt: skip
    found.losses["memos of rounds that are not in the file"] = len(memos) - len(found.memos)
    kinds = Counter(row["type"] for row in found.memos)
    kinds.pop("memo", 0)
    kinds.pop(None, 0)
    for kind, times in kinds.items():
        found.losses[f"that a memo is of the type {kind}"] = times
