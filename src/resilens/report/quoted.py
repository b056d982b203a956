"""Which items does the report quote, or would it quote, and on whose account?

Those that claims cite, the anchors of codes, and those that findings show as evidence. Findings rest on everybody's
codings, so what they show is told to a coder only once every independent round is revealed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resilens.claims.keeping import claims_of
from resilens.coding.codes import Codebook
from resilens.coding.quotable import Standing, standings
from resilens.coding.rounds import rounds
from resilens.coding.sight import visible
from resilens.corpus.engine import Corpus
from resilens.measures.computing import kept_findings
from resilens.record.store import Record
from resilens.report.findings_facts import Found
from resilens.study.folder import Folder
from resilens.study.model import Study


@dataclass(frozen=True, slots=True)
class Account:
    """On whose account an item is quoted: `claim`, `code` or `measure`, its id, and what it is called."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """An item that is or would be quoted; no accounts: only its status was decided."""

    item_id: str
    accounts: tuple[Account, ...]
    standing: Standing

    @property
    def state(self) -> str:
        """`undecided`, `unsaid` (to be paraphrased, and nobody has), or the status."""
        if not self.standing.decided:
            return "undecided"
        if self.standing.status == "paraphrase" and not self.standing.paraphrase:
            return "unsaid"
        return self.standing.status


def quoted_items(
    folder: Folder, study: Study, record: Record, corpus: Corpus, codebook: Codebook, viewer: str
) -> list[Quoted]:
    """The items that are or would be quoted, as far as `viewer` may be told, and those that were decided about.

    Items come in the order of claims, codes and findings, then of the decisions.
    """
    accounts: dict[str, list[Account]] = {}
    for item, account in _accounts(folder, study, record, codebook, viewer):
        accounts.setdefault(item, []).append(account)
    for row in record.view("quoting"):
        accounts.setdefault(row["item_id"], [])
    found = standings(record, corpus, accounts, study.privacy.quoting, visible(record, viewer))
    return [Quoted(item, tuple(dict.fromkeys(why)), found[item]) for item, why in accounts.items()]


def _accounts(
    folder: Folder, study: Study, record: Record, codebook: Codebook, viewer: str
) -> Iterator[tuple[str, Account]]:
    for claim in claims_of(record):
        for cited in claim.evidence:
            if cited.kind == "item":
                yield cited.name, Account("claim", claim.id, claim.text)
    for code in codebook.codes:
        for item in code.anchors:
            yield item, Account("code", code.id, code.name)
    every = rounds(record)
    if all(one.mode == "joint" or one.state == "revealed" for one in every):
        for measure, finding in kept_findings(folder, study):
            for item in Found(measure, finding).shown:
                yield item, Account("measure", measure.name, measure.title)
