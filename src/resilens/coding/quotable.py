"""What may be done with the words of an item: what was decided, and what holds until somebody decides?

Until somebody decides the study's default holds, unless the item asks for more care: one that its author may have taken
back is not quoted, and one that is about politics is paraphrased at most. That a comment is absent in a complete
recapture is no proof that its author deleted it, but reason enough to ask before quoting it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import pyarrow as pa

from resilens.coding.codebook import latest
from resilens.coding.rounds import blind, rounds
from resilens.coding.sight import Sees
from resilens.corpus.engine import Corpus
from resilens.record.store import Record

STRICTEST_FIRST = ("do_not_quote", "paraphrase", "free")
POLITICS = "overt_politics"

CAUSES = {
    "absent": ("do_not_quote", "a complete recapture no longer shows it: its author may have deleted it"),
    "account_closed": ("do_not_quote", "its author's account is gone"),
    "politics": ("paraphrase", "it was coded as openly political"),
}
"""What asks for care: the most that may be done until somebody decides, and why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What may be done with an item's words.

    Parameters
    ----------
    status
        `free`, `paraphrase` or `do_not_quote`.
    paraphrase, reason, actor, at
        Of the decision; empty where there is none.
    causes
        Keys of `CAUSES` that ask for care, whatever was decided.
    """

    status: str
    paraphrase: str = ""
    reason: str = ""
    actor: str = ""
    at: str = ""
    causes: tuple[str, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether somebody decided; else the status follows from the study's default and the causes."""
        return bool(self.actor)

    @property
    def why(self) -> str:
        """What asks for care, in words."""
        return "; ".join(CAUSES[cause][1] for cause in self.causes)

    def redecided(self, row: Mapping[str, Any]) -> Standing:
        """The same item after a decision, a row of the view `quoting`."""
        return Standing(row["status"], row["paraphrase"] or "", row["reason"] or "", row["actor"], row["at"],
                        self.causes)  # fmt: skip

    def undecided(self, otherwise: str) -> Standing:
        """The same item where nobody decided and the study's default is `otherwise`."""
        limits = [otherwise, *(CAUSES[cause][0] for cause in self.causes)]
        return Standing(min(limits, key=STRICTEST_FIRST.index), causes=self.causes)

    def loosened_by(self, status: str) -> bool:
        """Whether a status would let words out that something speaks against."""
        looser = STRICTEST_FIRST.index(status) > STRICTEST_FIRST.index(self.status)
        against = self.status == "do_not_quote" or any(
            STRICTEST_FIRST.index(status) > STRICTEST_FIRST.index(CAUSES[cause][0]) for cause in self.causes
        )
        return looser and against


def standings(
    record: Record, corpus: Corpus, items: Collection[str], otherwise: str, sees: Sees | None = None
) -> dict[str, Standing]:
    """What may be done with the words of items.

    Parameters
    ----------
    otherwise
        The study's default, `privacy.quoting`.
    sees
        Which codings may be taken into account (`sight.visible`), for somebody who must not be told of others; by
        default those of rounds that are no longer blind.
    """
    decided = {row["item_id"]: row for row in record.view("quoting")}
    found = _causes(record, corpus, items, sees)
    known = {item: Standing(otherwise, causes=found.get(item, ())).undecided(otherwise) for item in items}
    return {item: standing.redecided(decided[item]) if item in decided else standing
            for item, standing in known.items()}  # fmt: skip


def _causes(
    record: Record, corpus: Corpus, items: Collection[str], sees: Sees | None
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for cause, named in (("absent", _absent(corpus, items)), ("account_closed", _closed(corpus, items)),
                         ("politics", _political(record, sees) & set(items))):  # fmt: skip
        for item in named:
            found.setdefault(item, []).append(cause)
    return {item: tuple(causes) for item, causes in found.items()}


def _absent(corpus: Corpus, items: Collection[str]) -> set[str]:
    """Items absent in a complete recapture and not seen since."""
    observed = corpus.table("observations").select("item_id", "state", "collected_at")
    gone = observed.filter(observed.state == "absent").semi_join(_wanted(items), "item_id").select("item_id").distinct()
    times: dict[str, dict[str, list[datetime | None]]] = {}
    for row in corpus.frame(observed.semi_join(gone, "item_id")).to_pylist():
        times.setdefault(row["item_id"], {}).setdefault(row["state"], []).append(row["collected_at"])
    return {item for item, of in times.items() if not _seen_later(of.get("seen", []), of["absent"])}


def _seen_later(seen: list[datetime | None], absent: list[datetime | None]) -> bool:
    """Whether it was seen after it was last absent; not, where times do not tell."""
    dated, gone = [at for at in seen if at], [at for at in absent if at]
    return bool(dated) and len(gone) == len(absent) and max(dated) > max(gone)


def _closed(corpus: Corpus, items: Collection[str]) -> set[str]:
    found: set[str] = set()
    for table, key in (("posts", "post_id"), ("comments", "comment_id")):
        rows = corpus.table(table)
        closed = rows.filter(rows.flags.contains("account_closed")).select(item_id=rows[key])
        found |= set(corpus.frame(closed.semi_join(_wanted(items), "item_id"))["item_id"].to_pylist())
    return found


def _wanted(items: Collection[str]) -> ibis.Table:
    return ibis.memtable(pa.table({"item_id": pa.array(sorted(set(items)), pa.string())}))


def _political(record: Record, sees: Sees | None) -> set[str]:
    """Items that anybody coded as openly political, as far as codings may be taken into account."""
    version = latest(record)
    codes = [code.id for code in version.codebook.with_role(POLITICS)] if version else []
    if not codes:
        return set()
    closed = {one.id for one in rounds(record) if blind(record, one)} if sees is None else set()
    rows = record.view("codings", code_id=codes)
    return {row["item_id"] for row in rows if (sees(row) if sees else row["round_id"] not in closed)}
