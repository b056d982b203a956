"""How is it decided what may be done with an item's words: one by one, or from a spreadsheet?

In a spreadsheet, one row an item: `item`, `quoting` (free, paraphrase, do not quote), and where it applies
`paraphrase`, `reason` and `coder`. A paraphrase is what a report shows in place of words that may not be quoted. What
speaks against letting words out (`quotable`) is never overruled without a reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from resilens.coding.decisions import Columns, Decisions, Found, Row, one_item, read_decisions, same, write_decisions
from resilens.coding.items import CorpusItems
from resilens.coding.quotable import Standing, standings
from resilens.coding.sight import visible
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.events import Draft, Event
from resilens.record.store import Record
from resilens.study.words import did_you_mean

STATUSES = {"free": "free", "paraphrase": "paraphrase", "do not quote": "do_not_quote", "do_not_quote": "do_not_quote"}
UNDECIDED = "paraphrase"
"""Where nothing was decided, whether a reason is needed does not depend on the study's default."""

COLUMNS = Columns(("item", "quoting"), ("paraphrase", "reason", "coder"), ("item",), "coder")


class Quoting(Decisions):
    """What a table of decisions on quoting would change."""

    __slots__ = ()

    def __str__(self) -> str:
        decided = Counter(str(draft.body["status"]).replace("_", " ") for draft in self.drafts)
        new = ", ".join(f"{count:,} {name}" for name, count in sorted(decided.items()))
        retold = sum(bool(draft.body["paraphrase"]) for draft in self.drafts)
        said = [f"{self.name}: {new or 'nothing new'}; {retold:,} with a paraphrase; {self.unchanged:,} so before"]
        return "\n".join(said + [f"  refused: {fault}" for fault in self.refused])


def set_quoting(
    record: Record, corpus: Corpus, item_id: str, status: str, *, paraphrase: str = "", reason: str = "", actor: str,
    event_id: UUID | None = None,
) -> Event:  # fmt: skip
    """Decide what may be done with an item's words.

    Parameters
    ----------
    status
        `free`, `paraphrase` or `do_not_quote`.
    paraphrase
        What is shown in place of the words; only of an item that may be paraphrased.
    reason
        Why; needed to let out words that must not be quoted, or that something else speaks against, see `quotable`.

    Raises
    ------
    InputError
        If the item is not captured, there is no such status, a paraphrase is given where none is shown, or a reason is
        needed and not given.
    """
    status = _status(status)
    body = {"item_id": item_id, "status": status, "paraphrase": paraphrase.strip(), "reason": reason.strip()}
    _consistent(status, body["paraphrase"])
    before = _known(record, corpus, item_id, actor)

    def decided() -> list[Draft]:
        if event_id is None or record.event(event_id) is None:
            _reasoned(_now(record, before, item_id), status, body["reason"])
        return [Draft("quoting.set", item_id, body, actor, event_id=event_id)]

    return record.append_decided(decided)[0]


def unset_quoting(
    record: Record, corpus: Corpus, item_id: str, otherwise: str, *, reason: str = "", actor: str,
    event_id: UUID | None = None,
) -> Event:  # fmt: skip
    """Take a decision on quoting back: the study's default (`otherwise`) and what asks for care hold again.

    Raises
    ------
    InputError
        If nothing was decided, or a reason is needed and not given.
    """
    before = _known(record, corpus, item_id, actor)

    def decided() -> list[Draft]:
        if event_id is None or record.event(event_id) is None:
            standing = _now(record, before, item_id)
            if not standing.decided:
                raise InputError("nothing was decided about this item, so there is nothing to take back")
            _reasoned(standing, standing.undecided(otherwise).status, reason.strip())
        return [Draft("quoting.removed", item_id, {"item_id": item_id, "reason": reason.strip()}, actor,
                      event_id=event_id)]  # fmt: skip

    return record.append_decided(decided)[0]


def _known(record: Record, corpus: Corpus, item_id: str, actor: str) -> Standing:
    """What stands of a captured item, as far as the actor may be told."""
    if item_id not in CorpusItems(corpus).texts([item_id]):
        raise InputError(Fault(f"{item_id!r} is no captured item", "item"))
    return standings(record, corpus, [item_id], UNDECIDED, visible(record, actor))[item_id]


def _now(record: Record, before: Standing, item_id: str) -> Standing:
    """The same with what the record says of the item at this moment."""
    rows = record.view("quoting", item_id=item_id)
    return before.redecided(rows[0]) if rows else before.undecided(UNDECIDED)


def _status(written: str) -> str:
    status = STATUSES.get(written.casefold())
    if status is None:
        hint = did_you_mean(written, STATUSES) or "; one of free, paraphrase, do not quote"
        raise InputError(Fault(f"{written!r} is no quoting status{hint}", "quoting"))
    return status


def _consistent(status: str, paraphrase: str) -> None:
    if paraphrase and status != "paraphrase":
        words = f"an item that is {status.replace('_', ' ')!r} is not shown by a paraphrase; leave it empty"
        raise InputError(Fault(words, "paraphrase"))


def _reasoned(before: Standing, status: str, reason: str) -> None:
    if not reason and before.loosened_by(status):
        against = "; ".join(filter(None, (
            "it must not be quoted" + (f" ({before.reason})" if before.reason else "")
            if before.decided and before.status == "do_not_quote" else "", before.why)))  # fmt: skip
        raise InputError(Fault(f"say why its words may go out now: {against}", "reason"))


def propose_quoting(path: Path, record: Record, corpus: Corpus, coder: str | None = None) -> Quoting:
    """What a table of decisions on quoting would change; see `decisions.read_decisions`."""
    held = {row["item_id"]: row for row in record.view("quoting")}
    known: dict[str, dict[str, Standing]] = {}

    def standing(item: str, actor: str, found: Found) -> Standing:
        if actor not in known:
            meant = {one for ids in found.values() for one in ids}
            known[actor] = standings(record, corpus, meant, UNDECIDED, visible(record, actor))
        return known[actor][item]

    read = read_decisions(path, COLUMNS, corpus, coder, lambda row, found: _draft(row, found, standing),
                          lambda draft: same(held.get(draft.subject, {}), draft.body))  # fmt: skip
    return Quoting(read.name, read.drafts, read.unchanged, read.refused)


def import_quoting(record: Record, quoting: Quoting) -> int:
    """Write decisions on quoting to the record, all or none; how many. See `decisions.write_decisions`."""
    return write_decisions(record, quoting)


def _draft(row: Row, found: Found, standing: Callable[[str, str, Found], Standing]) -> Draft:
    item = one_item(row["item"], found, "item")
    status = _status(row["quoting"])
    _consistent(status, row["paraphrase"])
    _reasoned(standing(item, row["coder"], found), status, row["reason"])
    body = {"item_id": item, "status": status, "paraphrase": row["paraphrase"], "reason": row["reason"]}
    return Draft("quoting.set", item, body, row["coder"], "import")
