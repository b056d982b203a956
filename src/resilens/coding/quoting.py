"""How does a decision on quoting come onto the record from a spreadsheet? What may be done with an item's words.

One row an item: `item`, `quoting` (free, paraphrase, do not quote), and where it applies `paraphrase`, `reason` and
`coder`. A paraphrase is what a report shows in place of words that may not be quoted.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from resilens.coding.decisions import Columns, Decisions, Found, Row, one_item, read_decisions, same, write_decisions
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.study.words import did_you_mean

STATUSES = {"free": "free", "paraphrase": "paraphrase", "do not quote": "do_not_quote", "do_not_quote": "do_not_quote"}
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


def propose_quoting(path: Path, record: Record, corpus: Corpus, coder: str | None = None) -> Quoting:
    """What a table of decisions on quoting would change; see `decisions.read_decisions`."""
    held = {row["item_id"]: row for row in record.view("quoting")}
    read = read_decisions(path, COLUMNS, corpus, coder, _draft,
                          lambda draft: same(held.get(draft.subject, {}), draft.body))  # fmt: skip
    return Quoting(read.name, read.drafts, read.unchanged, read.refused)


def import_quoting(record: Record, quoting: Quoting) -> int:
    """Write decisions on quoting to the record, all or none; how many. See `decisions.write_decisions`."""
    return write_decisions(record, quoting)


def _draft(row: Row, found: Found) -> Draft:
    item = one_item(row["item"], found, "item")
    status = STATUSES.get(row["quoting"].casefold())
    if status is None:
        hint = did_you_mean(row["quoting"], STATUSES) or "; one of free, paraphrase, do not quote"
        raise InputError(Fault(f"{row['quoting']!r} is no quoting status{hint}", "quoting"))
    if row["paraphrase"] and status != "paraphrase":
        words = f"an item that is {row['quoting']!r} is not shown by a paraphrase; leave it empty"
        raise InputError(Fault(words, "paraphrase"))
    body = {"item_id": item, "status": status, "paraphrase": row["paraphrase"], "reason": row["reason"]}
    return Draft("quoting.set", item, body, row["coder"], "import")
