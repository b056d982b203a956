"""What would a project of another program (.qdpx) bring into the study, and how does it get there?

The proposal says everything before anything is written: codebook, items, codings, memos, what is lost. Codings go to an
independent round named after the file, which is frozen at once, so that agreement can be computed; what a user called
`consensus` coded becomes decisions on that round. A file whose codings stand on the record already changes nothing; one
that differs becomes a further round, whole (`FILE-2`), and the latest round of an item is what counts.

The three parts (codebook, documents, work) are written one after the other, each whole or not at all; each is
recognised when it is there, so after an interruption the same import goes on.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resilens.capture import adding
from resilens.capture.media import hash_in, put_on_record
from resilens.capture.synthetic import WORD
from resilens.coding.codebook import latest
from resilens.coding.codes import Codebook
from resilens.coding.items import Items
from resilens.coding.rounds import CONSENSUS
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.corpus.vault import Vault
from resilens.errors import Fault, InputError
from resilens.exchange.archive_reading import open_archive
from resilens.exchange.codebook_in import IMPORTER, CodebookProposal, import_codebook, proposal_of
from resilens.exchange.dialects import stated_in
from resilens.exchange.position_evidence import Evidence, evidence_of
from resilens.exchange.positions import PROGRAMS, Dialect, dialect_named
from resilens.exchange.project_codings import Working
from resilens.exchange.project_ours import ours_in
from resilens.exchange.project_record import Plan, drafts_of, plan_of
from resilens.exchange.project_sources import Placed, Placing, capture_of, keep_media
from resilens.exchange.project_tree import ProjectTree
from resilens.exchange.project_work import Work, coders_of
from resilens.exchange.qde_reading import read_project
from resilens.files import sha256_of
from resilens.record.store import Record
from resilens.results.tables import counted
from resilens.study.folder import Folder

NAMED = 8
"""Changes of the codebook that are said one by one."""


class UnclearDialect(InputError):
    """No dialect clearly fits the positions of a project; `evidence` says how well each does."""

    def __init__(self, evidence: Evidence, name: str, origin: str) -> None:
        self.evidence = evidence
        usual = next((program for program in PROGRAMS if program in origin.lower().replace(".", "")), "")
        hint = f" ({origin} usually writes {PROGRAMS[usual].id})" if usual else ""
        words = f"{evidence}; say which it is with --dialect{hint}. The evidence:\n{evidence.table()}"
        super().__init__(Fault(words, name))


@dataclass(frozen=True)
class Study:
    """What of the study a proposal is made against.

    Parameters
    ----------
    record, items, codebook
        The record, the items of the corpus, the codebook in force.
    title, synthetic, coders
        As study.toml says them.
    pseudonyms
        The study's.
    local_ids
        Gives the item of every local id (`Pseudonyms.of_address`).
    """

    record: Record
    items: Items
    codebook: Codebook
    title: str
    pseudonyms: Pseudonyms
    local_ids: Callable[[], Mapping[str, str]]
    synthetic: bool = False
    coders: Collection[str] = ()


@dataclass(frozen=True)
class ProjectProposal:
    """What a project would bring; nothing of it is written yet.

    Parameters
    ----------
    path, sha256
        The file, and what it held.
    tree
        The project.
    codebook
        What it would change in the codebook.
    evidence
        What its positions count, and how that is known.
    placed, work, plan
        Where its sources are, what its users did, and what of that is new.
    notes, losses
        What was odd, and what has no place here.
    refused
        Why it cannot be imported; empty where it can.
    """

    path: Path
    sha256: str
    tree: ProjectTree = field(repr=False)
    codebook: CodebookProposal
    evidence: Evidence
    placed: Placed = field(repr=False)
    work: Work = field(repr=False)
    plan: Plan
    notes: tuple[str, ...]
    losses: tuple[str, ...]
    refused: tuple[Fault, ...]

    @property
    def changes(self) -> bool:
        """Whether importing it would change anything."""
        return bool(self.codebook.changes or self.placed.new or self.plan.changes)

    def __str__(self) -> str:
        by = f", written by {self.tree.codes.origin}" if self.tree.codes.origin else ""
        lines = [f"{self.path.name}: the project {self.tree.name!r}{by}", f"  {self._sources()}"]
        lines += [f"  {self.evidence}"] if self.evidence.tried else []
        read = f"a codebook of {counted(self.codebook.read, 'code')}"
        book = self.codebook.change_lines(NAMED)
        lines += [f"  {read}: {book[0]}", *(f"    {line}" for line in book[1:])] if book else [
            f"  {read}: nothing in it is new"
        ]
        lines += [f"  {line}" for line in self._work()]
        lines += [f"  note: {line}" for line in (*self.codebook.notes, *self.notes)]
        lines += [f"  not carried: {line}" for line in (*self.codebook.losses, *self.losses)]
        lines += [f"  refused: {fault}" for fault in self.refused]
        return "\n".join(lines if self.changes or self.refused else [*lines, "  nothing would change"])

    def _sources(self) -> str:
        placed = self.placed
        parts = [f"would be {counted(len(placed.new), 'new document')}"] if placed.new else []
        parts += [f"{counted(placed.known, 'document')} the study has"] if placed.known else []
        parts += [f"{counted(placed.ours, 'item')} of the study"] if placed.ours else []
        return counted(len(self.tree.sources), "source") + (f": {', '.join(parts)}" if parts else "")

    def _work(self) -> list[str]:
        plan, lines = self.plan, []
        where = f"would go to the round {plan.round_id!r} (independent, frozen)"
        state = where if plan.round_id else "on the record already"
        for coder, (codings, items) in self.work.coders().items():
            lines.append(f"{coder}: {counted(codings, 'coding')} on {counted(items, 'item')}, {state}")
        idle = [name for name in self.work.users if name not in self.work.coders() and name != CONSENSUS]
        lines += [f"coded nothing: {', '.join(idle)}"] if idle else []
        if self.work.consensus:
            lines.append(f"consensus: {counted(len(self.work.consensus), 'code')}, of which "
                         f"{counted(len(plan.decisions), 'decision')} would be written")  # fmt: skip
        if self.work.memos:
            lines.append(f"{counted(len(self.work.memos), 'memo')}: {len(plan.memos):,} new or changed")
        return lines

    def to_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "file": self.path.name, "project": self.tree.name, "origin": self.tree.codes.origin,
            "users": [user.name for user in self.tree.users], "sources": len(self.tree.sources),
            "new_documents": len(self.placed.new), "known_documents": self.placed.known, "own_items": self.placed.ours,
            "positions": self.evidence.to_dict(), "codebook": self.codebook.to_dict(), "round": self.plan.round_id,
            "coders": {coder: {"codings": codings, "items": items}
                       for coder, (codings, items) in self.work.coders().items()},
            "consensus": len(self.work.consensus), "decisions": len(self.plan.decisions),
            "memos": len(self.work.memos), "new_memos": len(self.plan.memos), "changes": self.changes,
            "notes": list(self.notes), "losses": list(self.losses), "refused": [str(one) for one in self.refused],
        }  # fmt: skip


def propose_project(path: Path, study: Study, dialect: str = "") -> ProjectProposal:
    """What a project would bring into a study.

    Parameters
    ----------
    path
        A .qdpx file.
    study
        The study as it stands.
    dialect
        What positions count (`positions.dialect_named`), where the scholar declares it; otherwise a file of ours says
        it, and the evidence decides on any other.

    Raises
    ------
    UnclearDialect
        If no dialect clearly fits.
    InputError
        If the file is no project or not to be trusted, or the dialect is unknown.
    """
    declared = dialect_named(dialect) if dialect else None
    with open_archive(path) as archive:
        read = read_project(archive)
        declared = declared or stated_in(read.tree.codes.origin)
        evidence = evidence_of(read.tree, declared)
        if evidence.chosen is None:
            raise UnclearDialect(evidence, path.name, read.tree.codes.origin)
        ours = ours_in(read.tree, study.items, study.local_ids)
        placed = Placing(archive, study.pseudonyms).place(ours.tree, study.items, ours)
    book = proposal_of(read.tree.codes, study.codebook, study.title, path.name)
    work = _work(ours.tree, placed, book, study, evidence.chosen)
    plan = plan_of(work, placed, study.record, path.stem)
    notes = [*read.notes, *ours.notes, *_counted(work.notes.items()), *plan.notes, *_of_study(placed, work, study)]
    undated = ("when notes were written: here they count from their import", sum(bool(one.at) for one in plan.memos))
    losses = [*read.losses, *_no_place(read.tree), *_counted([*work.losses.items(), undated]), *plan.losses]
    refused = (*book.refused, *_made_up(read.tree, path.name, study.synthetic))
    return ProjectProposal(path, sha256_of(path), read.tree, book, evidence, placed, work, plan, tuple(notes),
                           tuple(losses), refused)  # fmt: skip


def _made_up(tree: ProjectTree, name: str, synthetic: bool) -> list[Fault]:
    """Why a project that says it is synthetic stays out of a study that is not."""
    if synthetic or not (WORD in tree.codes.origin or tree.description.lstrip().startswith(WORD)):
        return []
    words = "and this study is not: what is made up would pass for what people wrote; import it into a synthetic study"
    return [Fault(f"this project is {WORD}, {words}", name)]


def _work(tree: ProjectTree, placed: Placed, book: CodebookProposal, study: Study, dialect: Dialect) -> Work:
    known = [*study.coders, *(row["coder"] for row in study.record.view("codings"))]
    return Working(tree, placed, book.ids, coders_of(tree.users, known), dialect).all()


def _counted(pairs: Any) -> list[str]:
    return [f"{words} ({times:,})" for words, times in pairs if times]


def _of_study(placed: Placed, work: Work, study: Study) -> list[str]:
    notes = []
    if placed.names:
        notes.append(f"{counted(placed.names, 'name')} mentioned with @ or 回复 would be pseudonyms, as in every text "
                     f"here")  # fmt: skip
    strangers = sorted(set(work.coders()) - set(study.coders)) if study.coders else []
    if strangers:
        notes.append(f"study.toml declares no coder {', '.join(map(repr, strangers))}")
    return notes


def _no_place(tree: ProjectTree) -> list[str]:
    """Parts that Resilens has nothing like, with how many there are."""
    values = sum(len(one.values) for one in tree.sources) + sum(len(one.values) for one in tree.cases)
    parts = {
        "variables": (len(tree.variables), f", with {values:,} values" if values else ""),
        "cases": (len(tree.cases), ""),
        "sets of sources and notes": (sum(bool(one.sources or one.notes) for one in tree.sets), ""),
    }  # fmt: skip
    return [f"{name}, for which there is no place ({many:,}{more})" for name, (many, more) in parts.items() if many]


def import_project(
    proposal: ProjectProposal, folder: Folder, record: Record, vault: Vault, rebuild: Callable[[], None],
    synthetic: bool = False,
) -> int:  # fmt: skip
    """Write what was proposed: the codebook, then the documents, then codings and memos; how many events that took.

    Parameters
    ----------
    proposal
        What `propose_project` gave.
    folder, record, vault, synthetic
        The study's.
    rebuild
        Makes the corpus anew.

    Raises
    ------
    InputError
        If the proposal is refused, or the file or the codebook has changed since it was made.
    """
    if proposal.refused:
        raise InputError(proposal.refused)
    if sha256_of(proposal.path) != proposal.sha256:
        raise InputError(Fault("the file has changed since this was proposed; import it again", proposal.path.name))
    changed = import_codebook(folder.root, record, proposal.codebook) is not None
    if proposal.placed.new:
        _take_documents(proposal, folder, record, vault, synthetic)
        rebuild()
    version = latest(record)
    drafts = drafts_of(proposal.plan, proposal.path.name, version.number if version else 0)
    return len(record.append_all(drafts)) + len(proposal.placed.new) + changed


def _take_documents(
    proposal: ProjectProposal, folder: Folder, record: Record, vault: Vault, synthetic: bool
) -> None:  # fmt: skip
    import pyarrow.parquet as pq

    documents: Sequence[Any] = proposal.placed.new
    with open_archive(proposal.path) as archive:
        keep_media(list(documents), archive, folder.captures)
    kept = {hash_in(one.media): () for one in documents if one.media}
    put_on_record(kept, folder.media, record, IMPORTER, "import")
    with tempfile.TemporaryDirectory() as temporary:
        capture = Path(temporary) / f"{proposal.path.stem}.parquet"
        pq.write_table(capture_of(list(documents)), capture, compression="zstd")
        adding.add_file(capture, folder.captures, record, vault, staging=folder.staging, actor=IMPORTER,
                        actor_kind="import", synthetic=synthetic)  # fmt: skip
