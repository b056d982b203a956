"""In which order do the steps go that exchange work with other programs?

`OpenStudy` has them; they stand here because they are many. Each loads what it needs when it is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resilens.coding.codes import Codebook
    from resilens.coding.translations_in import Translations
    from resilens.corpus.engine import Corpus
    from resilens.corpus.vault import Vault
    from resilens.exchange.codebook_in import CodebookProposal
    from resilens.exchange.project_in import ProjectProposal
    from resilens.exchange.project_out import ProjectExport
    from resilens.exchange.quotes import QuotesWritten
    from resilens.record.store import Record
    from resilens.study.folder import Folder
    from resilens.study.model import Study


class ExchangeSteps:
    """Codebooks, projects, translations and quotes, in and out."""

    if TYPE_CHECKING:  # what the open study brings along
        folder: Folder
        study: Study

        @property
        def record(self) -> Record: ...
        def vault(self, passphrase: str | None = None) -> Vault: ...
        def corpus(self) -> Corpus: ...
        def codebook(self) -> Codebook: ...
        def sampled_items(self) -> list[str]: ...
        def rebuild_corpus(self) -> None: ...

    def propose_codebook(self, path: str | Path) -> CodebookProposal:
        """What a codebook of another program (.qdc) would change; `import_codebook` writes it."""
        from resilens.exchange.codebook_in import propose_codebook

        return propose_codebook(Path(path), self.codebook(), self.study.study.title)

    def import_codebook(self, proposal: CodebookProposal) -> int:
        """Write a proposal as a new version of the codebook; how many changes that took."""
        from resilens.exchange.codebook_in import import_codebook

        return len(proposal.changes) if import_codebook(self.folder.root, self.record, proposal) else 0

    def export_codebook(self, path: str | Path, *, dry_run: bool = False) -> tuple[str, ...]:
        """Write the codebook to a .qdc, .md, .csv or .xlsx file; what could not be carried."""
        from resilens.exchange.codebook_tables import export_codebook

        return export_codebook(Path(path), self.codebook(), self.record, self.study.study.title, dry_run)

    def propose_translations(self, path: str | Path, *, coder: str | None = None) -> Translations:
        """What a table of translations would add; `import_translations` writes it."""
        from resilens.coding.translations_in import propose_translations

        with self.corpus() as corpus:
            return propose_translations(Path(path), self.record, corpus, coder)

    def import_translations(self, proposal: Translations) -> int:
        """Write translations to the record, all or none; how many."""
        from resilens.coding.translations_in import import_translations

        return import_translations(self.record, proposal)

    def export_quotes(self, path: str | Path, **wanted: Any) -> QuotesWritten:
        """Write the words under each code to a .csv, .xlsx or .parquet file; see `exchange.quotes.Wanted`."""
        from resilens.exchange.quotes import Rules, Wanted, export_quotes

        rules = Rules(self.vault().pseudonyms, self.study.study.zone, self.study.privacy.quoting)
        with self.corpus() as corpus:
            return export_quotes(Path(path), self.record, corpus, self.codebook(), rules, Wanted(**wanted))

    def propose_project(self, path: str | Path, *, dialect: str = "") -> ProjectProposal:
        """What a project of another program (.qdpx) would bring; `import_project` writes it.

        `dialect` says what positions count, where the evidence in the file is not clear; see `exchange.positions`.
        """
        from resilens.coding.items import CorpusItems
        from resilens.exchange.project_in import Study, propose_project
        from resilens.exchange.project_ours import local_ids

        about = self.study.study
        with self.corpus() as corpus:
            pseudonyms = self.vault().pseudonyms
            against = Study(self.record, CorpusItems(corpus), self.codebook(), about.title, pseudonyms,
                            lambda: local_ids(corpus, pseudonyms), about.synthetic,
                            [coder.name for coder in self.study.coders])  # fmt: skip
            return propose_project(Path(path), against, dialect)

    def import_project(self, proposal: ProjectProposal) -> int:
        """Write codebook, documents, codings and memos of a project; how many changes that took."""
        from resilens.exchange.project_in import import_project

        return import_project(proposal, self.folder, self.record, self.vault(), self.rebuild_corpus,
                              self.study.study.synthetic)  # fmt: skip

    def project(self, **wanted: Any) -> ProjectExport:
        """The study as a project of another program (.qdpx), to be looked at and written; see `project_out.Wanted`."""
        from resilens.exchange.project_out import Study, Wanted, project_of

        about = self.study.study
        with self.corpus() as corpus:
            leaving = Study(self.record, corpus, self.codebook(), self.sampled_items(), self.vault().pseudonyms,
                            self.folder.captures, about.title, about.zone, self.study.privacy.quoting,
                            about.synthetic)  # fmt: skip
            return project_of(leaving, Wanted(**wanted))
