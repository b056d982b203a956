"""How does screening done in a spreadsheet come onto the record? A table of decisions on posts and comments.

One row a decision: `item`, `decision`, and where it applies `reason`, `duplicate_of` and `screener`. A post is
`include`, `exclude` or `duplicate`; a comment that the researchers judged significant is `choose`, one they judged
not to be is `leave`. Choices by hand empty inclusion probabilities: `sampling.comments` sees to that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from resilens.coding.decisions import Columns, Decisions, Found, Row, one_item, read_decisions, same, write_decisions
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.study.words import did_you_mean

OF_POSTS = ("include", "exclude", "duplicate")
OF_COMMENTS = ("choose", "leave")
COLUMNS = Columns(("item", "decision"), ("reason", "duplicate_of", "screener"), ("item", "duplicate_of"), "screener")


class Screening(Decisions):
    """What a table of screening decisions would change."""

    __slots__ = ()

    def __str__(self) -> str:
        decided = Counter(_decision(draft) for draft in self.drafts)
        new = ", ".join(f"{count:,} {name}" for name, count in sorted(decided.items()))
        said = [f"{self.name}: {new or 'no new decisions'}; {self.unchanged:,} decided so before"]
        reasons = Counter(draft.body["reason"] for draft in self.drafts if draft.body.get("decision") == "exclude")
        said += [f"  excluded, {reason}: {count:,}" for reason, count in sorted(reasons.items())]
        return "\n".join(said + [f"  refused: {fault}" for fault in self.refused])

    def to_dict(self) -> dict[str, Any]:
        decided = dict(sorted(Counter(map(_decision, self.drafts)).items()))
        return Decisions.to_dict(self) | {"decisions": decided}


def propose_screening(
    path: Path, record: Record, corpus: Corpus, reasons: Sequence[str] = (), screener: str | None = None
) -> Screening:
    """What a table of screening decisions would change; see `decisions.read_decisions`.

    Parameters
    ----------
    reasons
        The reasons an exclusion may give (`sample.exclusion_reasons`); any where empty.
    screener
        Who decided, where the table has no column of that name.
    """
    posts: dict[str, str] | None = None

    def draft_of(row: Row, found: Found) -> Draft:
        nonlocal posts
        if posts is None:
            posts = _posts_of(corpus, [item for ids in found.values() for item in ids if ":c:" in item])
        return _draft(row, found, posts, reasons)

    read = read_decisions(path, COLUMNS, corpus, screener, draft_of, lambda draft: _holds(record, draft))
    return Screening(read.name, read.drafts, read.unchanged, read.refused)


def import_screening(record: Record, screening: Screening) -> int:
    """Write the decisions to the record, all or none; how many. See `decisions.write_decisions`."""
    return write_decisions(record, screening)


def _decision(draft: Draft) -> str:
    return str(draft.body["decision"]) if "decision" in draft.body else OF_COMMENTS[not draft.body["chosen"]]


def _draft(row: Row, found: Found, posts: dict[str, str], reasons: Sequence[str]) -> Draft:
    item, actor = one_item(row["item"], found, "item"), row["screener"]
    decision = row["decision"].casefold()
    allowed = OF_POSTS if ":p:" in item else OF_COMMENTS
    if decision not in allowed:
        kind = "post" if ":p:" in item else "comment"
        hint = did_you_mean(decision, allowed) or f"; one of {', '.join(allowed)}"
        raise InputError(Fault(f"{row['decision']!r} is no decision on a {kind}{hint}", "decision"))
    if decision in OF_COMMENTS:
        body: dict[str, Any] = {"comment_id": item, "post_id": posts[item], "chosen": decision == "choose",
                                "reason": row["reason"]}  # fmt: skip
        return Draft("comment.chosen", item, body, actor, "import")
    if decision == "exclude" and reasons and row["reason"] not in reasons:
        hint = did_you_mean(row["reason"], reasons) or f"; one of {', '.join(reasons)}"
        raise InputError(Fault(f"{row['reason']!r} is not among the study's reasons{hint}", "reason"))
    original = one_item(row["duplicate_of"], found, "duplicate_of") if decision == "duplicate" else ""
    body = {"item_id": item, "decision": decision, "reason": row["reason"], "duplicate_of": original}
    return Draft("screening.decided", item, body, actor, "import")


def _posts_of(corpus: Corpus, comments: Sequence[str]) -> dict[str, str]:
    """The post of each comment."""
    wanted = ibis.memtable(pa.table({"wanted": pa.array(sorted(set(comments)), pa.string())}))
    rows = corpus.table("comments").semi_join(wanted, [("comment_id", "wanted")]).select("comment_id", "post_id")
    return {row["comment_id"]: row["post_id"] for row in corpus.frame(rows).to_pylist()}


def _holds(record: Record, draft: Draft) -> bool:
    """Whether the record's current state is what the draft would make it."""
    view, key = ("screening", "item_id") if draft.kind == "screening.decided" else ("comment_choices", "comment_id")
    rows = record.view(view, **{key: draft.subject})
    return bool(rows) and same(rows[0], draft.body)
