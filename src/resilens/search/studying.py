"""What can be asked of an open study: where a word stands, which codes go together, and either as a table?"""

from __future__ import annotations

from typing import Protocol

from resilens.coding.codes import Codebook
from resilens.coding.rounds import CONSENSUS
from resilens.coding.sight import Sees
from resilens.corpus.engine import Corpus
from resilens.corpus.vault import Vault
from resilens.exchange.quotes import Rules
from resilens.record.store import Record
from resilens.search import leaving
from resilens.search.leaving import Leaving
from resilens.search.query import Query, outside
from resilens.search.searching import PAGE, Results, search
from resilens.search.together import Together, together
from resilens.study.model import Study


class Opened(Protocol):
    """An open study, as far as a search needs it; `pipeline.OpenStudy` is one."""

    @property
    def study(self) -> Study: ...
    @property
    def record(self) -> Record: ...
    def codebook(self) -> Codebook: ...
    def corpus(self) -> Corpus: ...
    def vault(self, passphrase: str | None = None) -> Vault: ...


def search_study(
    study: Opened, query: Query, sees: Sees | None = None, offset: int = 0, limit: int | None = PAGE
) -> Results:  # fmt: skip
    """Where a word stands; see `searching.search`.

    Parameters
    ----------
    sees
        Which codings and memos may be told of, `coding.sight.visible` of a viewer. None: all but those of rounds that
        are still blind, and those of the coder that the query names.
    """
    told = sees or outside(study.record, query.coder)
    with study.corpus() as corpus:
        return search(study.record, corpus, query, told, study.study.study.zone, offset, limit)


def table_of(study: Opened, query: Query, sees: Sees | None = None, restricted: bool = False) -> Leaving:
    """All that is found as a table that may leave the study; see `leaving.rows`."""
    results = search_study(study, query, sees, limit=None)
    rules = Rules(study.vault().pseudonyms, study.study.study.zone, study.study.privacy.quoting)
    with study.corpus() as corpus:
        return leaving.rows(results, study.record, corpus, rules, restricted)


def codes_together(study: Opened, basis: str = CONSENSUS, by: str = "item", sees: Sees | None = None) -> Together:
    """Which codes go together; see `together.together`. Without `sees`, a coder's own codings are told in any case."""
    told = sees or outside(study.record, "" if basis == CONSENSUS else basis)
    with study.corpus() as corpus:
        return together(study.record, corpus, study.codebook(), told, basis, by)
