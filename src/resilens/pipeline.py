"""In which order do the steps go, what is out of date, and why?

`OpenStudy` is what `resilens.open` gives: every step of a study as one call, the same from Python, the command line
and the browser. It holds no logic of its own beyond that order.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from resilens import __version__, files
from resilens.capture import account_archives, adding, archives, building, media, recaptures, transcribing
from resilens.capture.declared import group_rules, hashtag_volumes
from resilens.capture.groups import check_rules, registered_on
from resilens.capture.mapping import parse_map
from resilens.capture.reader import Options
from resilens.capture.staging import is_staged
from resilens.capture.status import Status, capture_line, status
from resilens.coding import codebook, quoting, screening, tables
from resilens.coding.codes import Codebook
from resilens.coding.items import CorpusItems
from resilens.coding.sight import still_blind
from resilens.corpus import vault
from resilens.corpus.engine import Corpus
from resilens.corpus.vault import Vault
from resilens.errors import Fault, InputError
from resilens.made_from import MadeFrom, digest
from resilens.outcomes import AddOutcome, StepOutcome, measures_outcome
from resilens.pipeline_exchange import ExchangeSteps
from resilens.pipeline_workbench import WorkbenchSteps
from resilens.record.clock import Ticking, seeded_identifiers
from resilens.record.store import Record
from resilens.sampling import draw as drawing
from resilens.sampling.draw import DrawResult
from resilens.sampling.drawfile import read_draw
from resilens.sampling.quota_table import QuotaTable
from resilens.sampling.quotas import read_volumes
from resilens.study import reading
from resilens.study.folder import Folder, find
from resilens.study.frameworks import framework
from resilens.study.model import Study
from resilens.study.typed import moment
from resilens.study.zones import zone

if TYPE_CHECKING:
    from resilens.agreement.judgements import Universe
    from resilens.agreement.saturation.meaning import Statement
    from resilens.agreement.saturation.study import StudySaturation
    from resilens.agreement.study_results import StudyAgreement
    from resilens.claims.ledger import Ledger
    from resilens.measures.computing import Measured

Progress = Callable[[str, int, int | None], None]
"""Told a step, how much of it is done, and of how much (None: not known)."""

PASSPHRASE_VARIABLE = "RESILENS_VAULT_PASSPHRASE"


def quota_table(total: int, volumes: Iterable[str]) -> QuotaTable:
    """The quotas of volumes written as `#hashtag=1.454M`; see `sampling.quotas`."""
    return QuotaTable.of(total, read_volumes(list(volumes)))


def open_study(path: Path) -> OpenStudy:
    """The study in `path` or in the nearest folder above it; see `resilens.open`."""
    folder = find(path)
    return OpenStudy(folder, reading.read(folder.study_file))


class OpenStudy(ExchangeSteps, WorkbenchSteps):
    """An open study: every step as one call. Use it in a `with` block, or call `close`.

    Parameters
    ----------
    folder
        Where it lies.
    study
        Its declared design, as read from `study.toml`.
    """

    def __init__(self, folder: Folder, study: Study) -> None:
        self.folder = folder
        self.study = study
        self._open = ExitStack()
        self._made_from = MadeFrom(folder.results)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the record's file."""
        self._open.close()
        self.__dict__.pop("record", None)

    def __repr__(self) -> str:
        return f"<study {self.study.study.title!r} in {self.folder.root.name}>"

    def _repr_html_(self) -> str:
        lines = "".join(f"<li>{line}</li>" for line in self.status_lines(self.status()))
        return f"<b>{self.study.study.title}</b><ul>{lines}</ul>"

    # --- what a study consists of ---------------------------------------------------------------------------------

    @cached_property
    def record(self) -> Record:
        """The record of decisions. A synthetic study's clock and identifiers follow from its design and seed."""
        about = self.study.study
        if self.folder.packed:
            return self._open.enter_context(Record.open(self.folder.record, always_whole=True))
        if about.synthetic:
            return self._open.enter_context(
                Record.open(self.folder.record, Ticking(self._synthetic_start()), seeded_identifiers(about.seed))
            )
        return self._open.enter_context(Record.open(self.folder.record))

    def _synthetic_start(self) -> datetime:
        """Noon of the latest day the design names: the clock of a synthetic study must not be the wall's."""
        days = [volume.as_of for hashtag in self.study.hashtags for volume in hashtag.volumes]
        days += [phase.start for phase in self.study.phases]
        return datetime.combine(max(days, default=datetime(2000, 1, 1).date()), time(12), tzinfo=UTC)

    def vault(self, passphrase: str | None = None) -> Vault:
        """The vault, made on first use; a locked one opens with the passphrase (or RESILENS_VAULT_PASSPHRASE)."""
        if vault.is_locked(self.folder.vault):
            return Vault.open(self.folder.vault, passphrase or os.environ.get(PASSPHRASE_VARIABLE))
        about = self.study.study
        if self.folder.captures.is_dir() and any(self.folder.captures.glob("[!.]*")):
            return Vault.open(self.folder.vault)
        return Vault.create(self.folder.vault, about.seed if about.synthetic else None)

    def lock_vault(self, passphrase: str) -> None:
        """Encrypt the vault."""
        vault.lock(self.folder.vault, passphrase)

    def unlock_vault(self, passphrase: str) -> None:
        """Decrypt the vault."""
        vault.unlock(self.folder.vault, passphrase)

    def corpus(self) -> Corpus:
        """The canonical tables, for reading; use it in a `with` block."""
        building.recover(self.folder.corpus)
        return Corpus(self.folder.corpus)

    def codebook(self) -> Codebook:
        """The codebook, begun from the study's framework on first use; a hand edit of codebook.toml is taken in."""
        return codebook.synchronise(
            self.folder.root, self.record, framework(self.study.framework, self.folder.root)
        )

    # --- the steps ------------------------------------------------------------------------------------------------

    def check(self) -> list[Fault]:
        """What deserves a second look in the design; faults of study.toml have stopped `resilens.open` already.

        Raises
        ------
        InputError
            If codebook.toml has faults.
        """
        if self.folder.codebook_file.exists():
            self.codebook()
        from resilens.claims import studying

        return [*reading.warnings(self.study), *studying.check(self)]

    def add(
        self, paths: Iterable[str | Path], *, confirm: adding.Confirm | None = None, progress: Progress | None = None,
        rebuild: bool = True, reader: str | None = None, mapping: str | None = None, platform: str | None = None,
        time_zone: str | None = None, query: str | None = None, ranking: str | None = None, complete: bool = False,
        collected_at: str | None = None, account: str | None = None, locale: str | None = None,
    ) -> AddOutcome:  # fmt: skip
        """Add captured files and folders to the study.

        Parameters
        ----------
        paths
            Files and folders; each file's reader is recognised from its content.
        confirm
            Asked with a name and a guessed column mapping; None takes unambiguous guesses.
        progress
            Told how far it is.
        rebuild
            Whether to make the corpus anew afterwards; `run` does it otherwise.
        reader, mapping, platform, time_zone, query, ranking, complete, collected_at, account, locale
            What the scholar declares for these files; see `capture.reader.Options`. `mapping` is
            `text=content,id=post_id,...`; `collected_at` is `2025-01-14 20:00` in `time_zone`, else in the study's.

        Returns
        -------
        AddOutcome
            What became of each file; files that could not be read are in `refused`, the others were added.
        """
        options = Options(reader=reader, mapping=parse_map(mapping) if mapping else None, platform=platform,
                          zone=time_zone, query=query, ranking=ranking, complete=complete, account=account,
                          locale=locale, collected_at=self._collected(collected_at, time_zone))  # fmt: skip
        with archives.opened(adding.captured_files(map(Path, paths)), self.folder.staging) as (given, refused):
            given, left_out = account_archives.told_apart(given) if not (reader or mapping) else (given, [])
            found, opened = media.parted(given), self.vault()  # the vault first: it begins with the first capture
            kept, refused_media = media.add_media(found, self.folder.media, self.record,
                                                  synthetic=self.study.study.synthetic)
            additions, refused_files = adding.add_files(
                found.rest, self.folder.captures, self.record, opened, options=options, told=progress,
                staging=self.folder.staging, confirm=confirm, synthetic=self.study.study.synthetic,
            )  # fmt: skip
        refused += refused_media + refused_files
        if rebuild:
            self.rebuild_corpus(progress)
        return AddOutcome(tuple(self.captures()) if rebuild else (), tuple(additions), tuple(refused),
                          tuple(kept), tuple(left_out))  # fmt: skip

    def _collected(self, typed: str | None, time_zone: str | None) -> str | None:
        """When files were captured, with its zone: words such as `昨天` count from there, so that it needs an hour."""
        if not typed:
            return None
        found = moment(typed, time_zone or self.study.study.zone, "collected")
        if "T" not in found:
            raise InputError(Fault("needs an hour, too, as in 2025-01-14 20:00", "collected"))
        return found

    def rebuild_corpus(self, progress: Progress | None = None) -> None:
        """Stage what is not staged, and make the corpus anew from what is."""
        captures = self.record.view("captures")
        corrected = transcribing.superseded(captures)
        captures = [row for row in captures if not row["erased_whole"] and row["capture_id"] not in corrected]
        missing = [row["capture_id"] for row in captures if not is_staged(self.folder.staging, row["capture_id"])]
        if missing:
            opened = self.vault()
            for done, capture_id in enumerate(missing):
                if progress:
                    progress("reading captures again", done, len(missing))
                adding.restage(capture_id, self.folder.captures, self.folder.staging, self.record, opened)
        rules = group_rules(self.study)
        check_rules(rules, self.study.privacy.account_cohorts)
        by_age = any(rule.uses_registration for rule in rules)
        building.build(
            self.folder.corpus, self.folder.staging, [row["capture_id"] for row in captures], rules=rules,
            volumes=hashtag_volumes(self.study),
            registered=registered_on(self.vault(), zone(self.study.study.zone)) if by_age else None,
            media_folder=self.folder.media, media_links=media.links(self.record),
            recaptured=recaptures.declared(captures),
        )  # fmt: skip
        self._made_from.remember("corpus", self.corpus_inputs())

    def captures(self) -> list[dict[str, Any]]:
        """The rows of the canonical table of captures, in the order in which they were added."""
        with self.corpus() as corpus:
            return list(corpus.frame(corpus.table("captures")).to_pylist())

    def capture_lines(self) -> list[str]:
        """A line a capture."""
        return [capture_line(row) for row in self.captures()]

    def status(self) -> Status:
        """What was captured, what is missing, how sure it is."""
        with self.corpus() as corpus:
            return status(corpus, self.study.study.zone)

    def status_lines(self, state: Status) -> list[str]:
        """The status as text, ending with what comes next."""
        return [*state.lines(), f"next: {self._next(state)}"]

    def _next(self, state: Status) -> str:
        if not state.captures:
            return "`resilens add FILES-OR-FOLDERS` with what you captured"
        if not self.record.view("draws"):
            return "`resilens sample` draws the sample study.toml asks for"
        if not self.record.view("codings"):
            return "`resilens serve` opens the workbench for coding; `resilens import codings FILE` takes a table"
        if self.report_stale():
            return "`resilens run` brings the report up to date"
        return "the report is up to date: report/index.html; `resilens serve` goes on with the work"

    def quotas(self) -> QuotaTable:
        """How the posts are shared out among the hashtags of the study, and how sure that is.

        Raises
        ------
        InputError
            If a hashtag has no volume of the kind that `sample.quota_by` names.
        """
        volumes = self.study.quota_volumes()
        missing = [Fault(f"has no {self.study.sample.quota_by} to be proportional to; give its volume", f"#{name}")
                   for name, volume in volumes.items() if volume is None]  # fmt: skip
        if missing or not volumes:
            raise InputError(missing or Fault("no hashtag is declared; add [[hashtag]] with its volumes", "study.toml"))
        known = {name: volume for name, volume in volumes.items() if volume is not None}
        return QuotaTable.of(self.study.sample.posts, known, reading.warnings(self.study))

    def draw(self, redraw: bool = False) -> DrawResult:
        """Draw the sample; the same inputs give the same bytes, other inputs change nothing without `redraw`."""
        with self.corpus() as corpus:
            return drawing.draw(corpus, self.study, self.record, self.folder.sample, redraw=redraw)

    def propose_screening(self, path: str | Path, *, coder: str | None = None) -> screening.Screening:
        """What a table of screening decisions and chosen comments would change; `import_screening` writes it."""
        with self.corpus() as corpus:
            return screening.propose_screening(
                Path(path), self.record, corpus, self.study.sample.exclusion_reasons, coder
            )

    def import_screening(self, proposal: screening.Screening) -> int:
        """Write screening decisions to the record, all or none; how many."""
        return screening.import_screening(self.record, proposal)

    def propose_quoting(self, path: str | Path, *, coder: str | None = None) -> quoting.Quoting:
        """What a table of decisions on quoting would change; `import_quoting` writes it."""
        with self.corpus() as corpus:
            return quoting.propose_quoting(Path(path), self.record, corpus, coder)

    def import_quoting(self, proposal: quoting.Quoting) -> int:
        """Write decisions on quoting to the record, all or none; how many."""
        return quoting.import_quoting(self.record, proposal)

    def sampled_items(self, draw: str = "") -> list[str]:
        """The item ids of a draw, of the current one unless it is named, posts first; empty before there is one."""
        draws = [draw] if draw else [row["draw"] for row in self.record.view("draws")]
        return [item.item_id for item in read_draw(self.folder.sample / f"{draws[-1]}.parquet").items] if draws else []

    def propose_codings(
        self, path: str | Path, *, coder: str = "", round_id: str = "round-1", replace: bool = False
    ) -> tables.Proposal:
        """What a table of codings would change; `import_codings` writes it. See `coding.tables.Options`."""
        self.codebook()
        declared = [coder.name for coder in self.study.coders]
        options = tables.Options(coder, round_id, replace, declared)
        with self.corpus() as corpus:
            return tables.read_codings(Path(path), self.record, CorpusItems(corpus), options)

    def import_codings(self, proposal: tables.Proposal) -> int:
        """Write a proposal to the record, all of it or none; how many events that took."""
        return len(tables.import_codings(self.record, proposal))

    def export_codings(
        self, path: str | Path, *, coder: str = "", round_id: str = "", layout: Literal["long", "wide"] = "long",
        faithful: bool = False,
    ) -> int:  # fmt: skip
        """Write codings to a .csv, .xlsx or .parquet file; how many rows. A CSV is safe to open in a spreadsheet
        unless it is to be `faithful`."""
        with self.corpus() as corpus:
            items = CorpusItems(corpus)
            return tables.export_codings(Path(path), self.record, items, layout, round_id, coder, faithful)

    def agreement(
        self, *, round_id: str = "", universe: Universe = "read", coefficients: Sequence[str] = (),
        by: Sequence[str] = (), interval: bool = True,
    ) -> StudyAgreement:  # fmt: skip
        """How far coders agree in independent rounds, before consensus; see `agreement_of`."""
        from resilens.agreement.study_agreement import agreement_of

        book = self.codebook()
        with self.corpus() as corpus:
            return agreement_of(self.record, corpus, book, round_id=round_id, universe=universe, by=by,
                                coefficients=coefficients, interval=interval, seed=self.study.study.seed)  # fmt: skip

    def saturation(
        self, *, round_id: str = "", coder: str = "", base: int = 4, run: int = 2, threshold: float = 0.05
    ) -> StudySaturation:
        """Whether new codes still appear in the threads coded; see `saturation_of`."""
        from resilens.agreement.saturation.growth import Settings
        from resilens.agreement.saturation.study import of_study

        self.codebook()
        settings = Settings(base, run, threshold, seed=self.study.study.seed)
        with self.corpus() as corpus:
            return of_study(self.folder, self.study, self.record, corpus, round_id=round_id, coder=coder,
                            settings=settings)  # fmt: skip

    def state_saturation(self, about: str, grounds: str, coder: str) -> Statement:
        """Put on the record that a coder holds a code or facet to be saturated in meaning, and on what grounds."""
        from resilens.agreement.saturation.meaning import state_meaning_saturation

        self.codebook()
        return state_meaning_saturation(self.record, about, grounds, coder)

    def measure(
        self, *names: str, coder: str = "", again: bool = False, progress: Progress | None = None
    ) -> list[Measured]:
        """The findings of these measures, or of all; only what is out of date is computed.

        Parameters
        ----------
        names
            Which measures; all unless given.
        coder
            Compute from this coder's codings as they are, before consensus; such findings are returned, not kept.
        again
            Compute even what is up to date.
        progress
            Told which measure is being computed.
        """
        from resilens.measures.computing import findings

        book = self.codebook()
        with self.corpus() as corpus:
            return findings(self.folder, self.study, corpus, self.record, book, self.corpus_inputs(), names,
                            coder=coder, again=again, progress=progress)  # fmt: skip

    def claims(self) -> Ledger:
        """The claims of the study, a hand edit of claims.toml taken in; the file is begun where there is none."""
        from resilens.claims.studying import ledger_of

        return ledger_of(self, begin=True)

    def _take_in_claims(self) -> None:
        """Take in a hand edit of claims.toml, and note what newly computed findings say of what claims cite."""
        from resilens.claims.findings import read_findings
        from resilens.claims.studying import take_in

        take_in(self, read_findings(self.folder.results))

    def report(self) -> Path:
        """Write the report, with measures and claims as they stand now; its page."""
        from resilens.report.build import build

        self.measure()
        self._take_in_claims()
        with self.corpus() as corpus:
            page = build(self.folder, self.study, corpus, self.record)
        self._made_from.remember("report", self._report_inputs())
        return page

    def run(self, progress: Progress | None = None) -> list[StepOutcome]:
        """Bring everything up to date; rebuild only what is stale, and say why."""
        outcomes = []
        why = self.corpus_stale()
        if why:
            self.rebuild_corpus(progress)
        outcomes.append(StepOutcome("corpus", bool(why), why or "nothing it depends on has changed"))
        drawn = self.draw()
        outcomes.append(StepOutcome("sample", drawn.written, drawn.why))
        version = self.codebook()
        outcomes.append(StepOutcome("codebook", False, f"{len(version.codes)} codes"))
        measured = self.measure(progress=progress)
        outcomes.append(measures_outcome(measured))
        self._take_in_claims()
        why = self.report_stale()
        if why:
            self.report()
        outcomes.append(StepOutcome("report", bool(why), why or "nothing it depends on has changed"))
        return outcomes

    # --- what is out of date --------------------------------------------------------------------------------------

    def corpus_stale(self) -> str:
        """Why the corpus is out of date, in words; empty where it is not."""
        return self._made_from.stale("corpus", self.corpus_inputs(), self.folder.corpus)

    def report_stale(self) -> str:
        """Why the report is out of date, in words; empty where it is not."""
        return self._made_from.stale("report", self._report_inputs(), self.folder.report / "index.html")

    def corpus_inputs(self) -> dict[str, str]:
        """What the corpus is made from, by the words in which a change of it is said."""
        design = self.study.model_dump(mode="json", include={"study", "groups", "hashtags", "privacy"})
        return {
            "the captures": digest(
                [[row["capture_id"], row["sha256"], row["seq"]] for row in self.record.view("captures")]
            ),
            "pictures and recordings": digest(
                [*media.media_ids(self.folder.media), *sorted(media.links(self.record))]
            ),
            "the groups, hashtags or zone in study.toml": digest(design),
            "the version of resilens": __version__,
        }

    def _told_record(self) -> str:
        """What the report may tell of the record: all of it, but for rounds that are still blind."""
        number, last = self.record.outside(still_blind(self.record))
        return digest([number, str(last.event_id) if last else ""])

    def _report_inputs(self) -> dict[str, str]:
        return {
            **self.corpus_inputs(),
            "study.toml": files.sha256_of(self.folder.study_file),
            "the record": self._told_record(),
            "the findings": digest([files.sha256_of(path) for path in sorted(self.folder.measures.glob("*"))]),
        }
