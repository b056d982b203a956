"""What are the claims of an open study, and what is there for them to cite?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from resilens.claims import keeping
from resilens.claims.checking import World, faults, problems
from resilens.claims.claims_file import places
from resilens.claims.findings import read_findings
from resilens.claims.ledger import Claim, Ledger
from resilens.coding.codebook import Codebook
from resilens.coding.items import CorpusItems
from resilens.coding.sight import seen
from resilens.corpus.engine import Corpus
from resilens.corpus.vault import Vault
from resilens.errors import Fault
from resilens.measures.registry import measures_of
from resilens.record.store import Record
from resilens.results.types import Finding
from resilens.sampling.drawfile import read_draw
from resilens.study.folder import Folder
from resilens.study.model import Study


class Opened(Protocol):
    """An open study, as far as claims need it; `pipeline.OpenStudy` is one."""

    @property
    def folder(self) -> Folder: ...
    @property
    def study(self) -> Study: ...
    @property
    def record(self) -> Record: ...
    def codebook(self) -> Codebook: ...
    def corpus(self) -> Corpus: ...
    def vault(self, passphrase: str | None = None) -> Vault: ...


def ledger_of(study: Opened, begin: bool = False, viewer: str = "") -> Ledger:
    """The claims of a study, with what deserves a second look; an edit of `claims.toml` by hand is taken in.

    Parameters
    ----------
    study
        The open study.
    begin
        Whether to write `claims.toml` where there is none, with an explanation of its keys.
    viewer
        The coder who is told; memos that are kept from this coder count as not there. Empty: nobody in particular.

    Raises
    ------
    InputError
        With every fault of `claims.toml` and its line, or of what was measured.
    """
    claims = take_in(study, read_findings(study.folder.results))
    if begin:
        keeping.begin(study.folder.root, study.record)
    warnings: dict[str, list[str]] = {}
    for problem in problems(claims, world(study, claims, viewer)) if claims else ():
        warnings.setdefault(problem.claim, []).append(str(problem))
    return Ledger(claims, warnings)


def check(study: Opened) -> list[Fault]:
    """What deserves a second look in the claims, with the lines of `claims.toml`; nothing where there are none.

    Raises
    ------
    InputError
        As `ledger_of`.
    """
    if not study.folder.claims_file.exists() and not study.record.view("claims"):
        return []
    claims = take_in(study, read_findings(study.folder.results))
    return faults(claims, world(study, claims), places(study.folder.claims_file)) if claims else []


def take_in(study: Opened, findings: Mapping[str, Finding] | None = None) -> tuple[Claim, ...]:
    """Put an edit of `claims.toml` by hand on the record; the claims that stand then. See `keeping.synchronise`."""

    def resolve(local: Collection[str]) -> Mapping[str, str]:
        pseudonyms = study.vault().pseudonyms
        named = {pseudonyms.of_address("item", item): item for item in known_items(study.folder, study.record)}
        return {one: named[one] for one in local if one in named}

    return keeping.synchronise(study.folder.root, study.record, findings, resolve)


def world(study: Opened, claims: Sequence[Claim], viewer: str = "") -> World:
    """What there is to be cited in an open study, as far as `viewer` may be told; see `ledger_of`."""
    with study.corpus() as corpus:
        found = world_of(claims, study.folder, study.study, study.record, corpus, study.codebook())
    if not viewer:
        return found
    told = [row["memo_id"] for row in seen(study.record, viewer, study.record.view("memos"))]
    return replace(found, memos=told)


def known_items(folder: Folder, record: Record) -> list[str]:
    """Ids of the items that were drawn or coded: those that somebody may have read."""
    drawn = [row["draw"] for row in record.view("draws")][-1:]
    paths = [folder.sample / f"{name}.parquet" for name in drawn]
    items = {item.item_id for path in paths if path.exists() for item in read_draw(path).items}
    return sorted(items | {row["item_id"] for row in record.view("codings")})


def world_of(
    claims: Sequence[Claim], folder: Folder, study: Study, record: Record, corpus: Corpus, codebook: Codebook
) -> World:  # fmt: skip
    """What there is to be cited in a study.

    Parameters
    ----------
    claims
        Only items that these cite are looked up in the corpus.
    folder, study, record, corpus, codebook
        The study.

    Raises
    ------
    InputError
        If what was measured cannot be read, or a measure of the study's own cannot be loaded.
    """
    cited = {one.name for claim in claims for one in claim.evidence if one.kind == "item"}
    texts = CorpusItems(corpus).texts(cited) if cited else {}
    findings = read_findings(folder.results)
    measured = all(cited.name in findings for claim in claims for cited in claim.cited_findings)
    replaced = {one.replaces: one.id for one in study.questions if one.replaces}
    return World(
        items={item: {field: len(text) for field, text in fields.items()} for item, fields in texts.items()},
        near=known_items(folder, record) if cited - texts.keys() else (),
        questions=[one.id for one in study.current_questions()], replaced=replaced,
        stages=[code.id for code in codebook.codes if code.facet == "stage" and code.active],
        codes={code.id: code.active for code in codebook.codes}, merged=codebook.merges,
        conditions=[one.name for one in study.conditions],
        leads=[row["lead_id"] for row in record.view("leads")], memos=[row["memo_id"] for row in record.view("memos")],
        findings=findings, measures=() if measured else list(measures_of(study, folder.root)),
    )  # fmt: skip
