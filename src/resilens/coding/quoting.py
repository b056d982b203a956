"""How does a decision on quoting come onto the record from a spreadsheet? What may be done with an item's words.

One row an item: `item`, `quoting` (free, paraphrase, do not quote), and where it applies `paraphrase`, `reason` and
`coder`. A paraphrase is what a report shows in place of words that may not be quoted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resilens.coding.cells import read_sheet
from resilens.coding.items import CorpusItems
from resilens.coding.layout import text_of
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.study.words import did_you_mean

STATUSES = {"free": "free", "paraphrase": "paraphrase", "do not quote": "do_not_quote", "do_not_quote": "do_not_quote"}
REQUIRED, OPTIONAL = ("item", "quoting"), ("paraphrase", "reason", "coder")


@dataclass(frozen=True, slots=True)
class Quoting:
    """What a table of decisions on quoting would change.

    Parameters
    ----------
    name
        The table's file name.
    drafts
        The decisions that the record does not hold yet.
    unchanged
        How many it holds already.
    refused
        What is wrong with the others, row by row; nothing is written while there is any.
    """

    name: str
    drafts: tuple[Draft, ...]
    unchanged: int
    refused: tuple[Fault, ...]

    def __str__(self) -> str:
        decided = Counter(str(draft.body["status"]).replace("_", " ") for draft in self.drafts)
        new = ", ".join(f"{count:,} {name}" for name, count in sorted(decided.items()))
        retold = sum(bool(draft.body["paraphrase"]) for draft in self.drafts)
        said = [f"{self.name}: {new or 'nothing new'}; {retold:,} with a paraphrase; {self.unchanged:,} so before"]
        return "\n".join(said + [f"  refused: {fault}" for fault in self.refused])

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "new": len(self.drafts), "unchanged": self.unchanged,
                "refused": [str(fault) for fault in self.refused]}  # fmt: skip


def propose_quoting(path: Path, record: Record, corpus: Corpus, coder: str | None = None) -> Quoting:
    """Read a table of decisions on quoting and compare it with the record; nothing is written.

    Parameters
    ----------
    path
        CSV, Excel or Parquet.
    record, corpus
        The study's.
    coder
        Who decided, where the table has no column of that name.

    Raises
    ------
    InputError
        If the table cannot be read or lacks a column.
    """
    sheet = read_sheet(path)
    missing = [Fault(f"has no column {name!r}; it has {', '.join(sheet.columns)}", sheet.name)
               for name in REQUIRED if name not in sheet.columns]  # fmt: skip
    if coder is None and "coder" not in sheet.columns:
        missing.append(Fault("does not say who decided; add a column 'coder' or say --coder NAME", sheet.name))
    if missing:
        raise InputError(missing)
    rows = [(number, {name: text_of(cells.get(name, "")) for name in (*REQUIRED, *OPTIONAL)})
            for number, cells in sheet.rows]  # fmt: skip
    found = CorpusItems(corpus).find({row["item"] for _, row in rows if row["item"]})
    held = {row["item_id"]: row for row in record.view("quoting")}
    refused: list[Fault] = list(sheet.broken)
    drafts: dict[str, Draft] = {}
    for number, row in rows:
        try:
            draft = _draft(row, found, coder)
        except InputError as error:
            refused += [Fault(fault.message, sheet.where(number, fault.where)) for fault in error.faults]
            continue
        if draft.subject in drafts and drafts[draft.subject].body != draft.body:
            refused.append(Fault("this item is decided twice, and not alike", sheet.where(number, "item")))
        drafts[draft.subject] = draft
    new = [draft for draft in drafts.values()
           if any(held.get(draft.subject, {}).get(name) != value for name, value in draft.body.items())]  # fmt: skip
    return Quoting(sheet.name, tuple(new), len(drafts) - len(new), tuple(refused))


def import_quoting(record: Record, quoting: Quoting) -> int:
    """Write the decisions to the record, all or none; how many.

    Raises
    ------
    InputError
        If rows were refused.
    """
    if quoting.refused:
        raise InputError(quoting.refused)
    return len(record.append_all(quoting.drafts))


def _draft(row: dict[str, str], found: dict[str, list[str]], coder: str | None) -> Draft:
    candidates = found.get(row["item"], [])
    if len(candidates) != 1:
        words = f"may be {' or '.join(candidates)}; write which" if candidates else "is no captured item"
        raise InputError(Fault(f"{row['item']!r} {words}" if row["item"] else "is empty", "item"))
    status = STATUSES.get(row["quoting"].casefold())
    if status is None:
        hint = did_you_mean(row["quoting"], STATUSES) or "; one of free, paraphrase, do not quote"
        raise InputError(Fault(f"{row['quoting']!r} is no quoting status{hint}", "quoting"))
    if row["paraphrase"] and status != "paraphrase":
        raise InputError(Fault(f"an item that is {row['quoting']!r} is not shown by a paraphrase; leave it empty",
                               "paraphrase"))  # fmt: skip
    actor = row["coder"] or coder or ""
    if not actor:
        raise InputError(Fault("does not say who decided", "coder"))
    item = candidates[0]
    body = {"item_id": item, "status": status, "paraphrase": row["paraphrase"], "reason": row["reason"]}
    return Draft("quoting.set", item, body, actor, "import")
