"""How does screening done in a spreadsheet come onto the record? A table of decisions on posts and comments.

One row a decision: `item`, `decision`, and where it applies `reason`, `duplicate_of` and `screener`. A post is
`include`, `exclude` or `duplicate`; a comment that the researchers judged significant is `choose`, one they judged
not to be is `leave`. Choices by hand empty inclusion probabilities: `sampling.comments` sees to that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from resilens.coding.cells import read_sheet
from resilens.coding.items import CorpusItems
from resilens.coding.layout import text_of
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.study.words import did_you_mean

OF_POSTS = ("include", "exclude", "duplicate")
OF_COMMENTS = ("choose", "leave")
REQUIRED = ("item", "decision")
OPTIONAL = ("reason", "duplicate_of", "screener")


@dataclass(frozen=True, slots=True)
class Screening:
    """What a table of screening decisions would change.

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
        decided = Counter(_decision(draft) for draft in self.drafts)
        new = ", ".join(f"{count:,} {name}" for name, count in sorted(decided.items()))
        said = [f"{self.name}: {new or 'no new decisions'}; {self.unchanged:,} decided so before"]
        reasons = Counter(draft.body["reason"] for draft in self.drafts if draft.body.get("decision") == "exclude")
        said += [f"  excluded, {reason}: {count:,}" for reason, count in sorted(reasons.items())]
        return "\n".join(said + [f"  refused: {fault}" for fault in self.refused])

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name, "new": len(self.drafts), "unchanged": self.unchanged,
            "decisions": dict(sorted(Counter(map(_decision, self.drafts)).items())),
            "refused": [str(fault) for fault in self.refused],
        }  # fmt: skip


def propose_screening(
    path: Path, record: Record, corpus: Corpus, reasons: Sequence[str] = (), screener: str | None = None
) -> Screening:
    """Read a table of decisions and compare it with the record; nothing is written.

    Parameters
    ----------
    path
        CSV, Excel or Parquet.
    record, corpus
        The study's.
    reasons
        The reasons an exclusion may give (`sample.exclusion_reasons`); any where empty.
    screener
        Who decided, where the table has no column of that name.

    Raises
    ------
    InputError
        If the table cannot be read or lacks a column.
    """
    sheet = read_sheet(path)
    missing = [Fault(f"has no column {name!r}; it has {', '.join(sheet.columns)}", sheet.name)
               for name in REQUIRED if name not in sheet.columns]  # fmt: skip
    if screener is None and "screener" not in sheet.columns:
        missing.append(Fault("does not say who decided; add a column 'screener' or say --coder NAME", sheet.name))
    if missing:
        raise InputError(missing)
    rows = [(number, {name: text_of(cells.get(name, "")) for name in (*REQUIRED, *OPTIONAL)})
            for number, cells in sheet.rows]  # fmt: skip
    found = CorpusItems(corpus).find({text for _, row in rows for text in (row["item"], row["duplicate_of"]) if text})
    posts = _posts_of(corpus, [item for candidates in found.values() for item in candidates if ":c:" in item])
    refused: list[Fault] = list(sheet.broken)
    drafts: dict[str, Draft] = {}
    for number, row in rows:
        try:
            draft = _draft(row, found, posts, reasons, screener)
        except InputError as error:
            refused += [Fault(fault.message, sheet.where(number, fault.where)) for fault in error.faults]
            continue
        if draft.subject in drafts and drafts[draft.subject].body != draft.body:
            refused.append(Fault("this item is decided twice, and not alike", sheet.where(number, "item")))
        drafts[draft.subject] = draft
    new = [draft for draft in drafts.values() if not _holds(record, draft)]
    return Screening(sheet.name, tuple(new), len(drafts) - len(new), tuple(refused))


def import_screening(record: Record, screening: Screening) -> int:
    """Write the decisions to the record, all or none; how many.

    Raises
    ------
    InputError
        If rows were refused.
    """
    if screening.refused:
        raise InputError(screening.refused)
    return len(record.append_all(screening.drafts))


def _decision(draft: Draft) -> str:
    return str(draft.body["decision"]) if "decision" in draft.body else OF_COMMENTS[not draft.body["chosen"]]


def _draft(
    row: dict[str, str], found: dict[str, list[str]], posts: dict[str, str], reasons: Sequence[str],
    screener: str | None,
) -> Draft:  # fmt: skip
    item = _one(row["item"], found, "item")
    decision = row["decision"].casefold()
    allowed = OF_POSTS if ":p:" in item else OF_COMMENTS
    if decision not in allowed:
        kind = "post" if ":p:" in item else "comment"
        hint = did_you_mean(decision, allowed) or f"; one of {', '.join(allowed)}"
        raise InputError(Fault(f"{row['decision']!r} is no decision on a {kind}{hint}", "decision"))
    actor = row["screener"] or screener or ""
    if not actor:
        raise InputError(Fault("does not say who decided", "screener"))
    if decision in OF_COMMENTS:
        body: dict[str, Any] = {"comment_id": item, "post_id": posts[item], "chosen": decision == "choose",
                                "reason": row["reason"]}  # fmt: skip
        return Draft("comment.chosen", item, body, actor, "import")
    if decision == "exclude" and reasons and row["reason"] not in reasons:
        hint = did_you_mean(row["reason"], reasons) or f"; one of {', '.join(reasons)}"
        raise InputError(Fault(f"{row['reason']!r} is not among the study's reasons{hint}", "reason"))
    original = _one(row["duplicate_of"], found, "duplicate_of") if decision == "duplicate" else ""
    body = {"item_id": item, "decision": decision, "reason": row["reason"], "duplicate_of": original}
    return Draft("screening.decided", item, body, actor, "import")


def _one(mention: str, found: dict[str, list[str]], where: str) -> str:
    candidates = found.get(mention, [])
    if len(candidates) == 1:
        return candidates[0]
    if not mention:
        raise InputError(Fault("is empty", where))
    words = f"may be {' or '.join(candidates)}; write which" if candidates else "is no captured item"
    raise InputError(Fault(f"{mention!r} {words}", where))


def _posts_of(corpus: Corpus, comments: Sequence[str]) -> dict[str, str]:
    """The post of each comment."""
    wanted = ibis.memtable(pa.table({"wanted": pa.array(sorted(set(comments)), pa.string())}))
    rows = corpus.table("comments").semi_join(wanted, [("comment_id", "wanted")]).select("comment_id", "post_id")
    return {row["comment_id"]: row["post_id"] for row in corpus.frame(rows).to_pylist()}


def _holds(record: Record, draft: Draft) -> bool:
    """Whether the record's current state is what the draft would make it."""
    view, key = ("screening", "item_id") if draft.kind == "screening.decided" else ("comment_choices", "comment_id")
    rows = record.view(view, **{key: draft.subject})
    return bool(rows) and all(rows[0][name] == value for name, value in draft.body.items())
