"""How is the report written? Gather the facts, let every section in the list speak, render, and swap the folder in.

This module alone writes `index.html`, `report.docx`, `report.pdf` and what lies beside them.

To add a section, write one file with a function from facts to a Section (or None where it has nothing to say) and
name it in `SECTIONS`.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from resilens.report import docx, html, pdf
from resilens.report.appendix import appendix_section
from resilens.report.brief import brief_section
from resilens.report.captured import captured_section
from resilens.report.checklists import checklists_section
from resilens.report.claims import claims_section
from resilens.report.codebook import codebook_section
from resilens.report.codings import codings_section
from resilens.report.facts import gather
from resilens.report.findings import conditions_section, process_section, stages_section, values_section
from resilens.report.method import method_section
from resilens.report.method_facts import MethodFacts
from resilens.report.model import Report, Section, on_paper
from resilens.report.pictures import draw
from resilens.report.reliability import reliability_section
from resilens.report.unseen import unseen_section
from resilens.results.tables import day

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus
    from resilens.record.store import Record
    from resilens.study.folder import Folder
    from resilens.study.model import Study

SECTIONS: tuple[Callable[[MethodFacts], Section | None], ...] = (
    brief_section, method_section, captured_section, codings_section, reliability_section, process_section,
    stages_section, conditions_section, unseen_section, claims_section, codebook_section, values_section,
    checklists_section, appendix_section,
)  # fmt: skip
"""The sections of the report, in reading order."""


def build(folder: Folder, study: Study, corpus: Corpus, record: Record) -> Path:
    """Write the report of a study into its `report/` folder, replacing what is there in one step.

    Parameters
    ----------
    folder, study, corpus, record
        The study.

    Returns
    -------
    Path
        The page, `report/index.html`; `report.docx` and `report.pdf` lie beside it. Their bytes depend on the study
        alone, not on the clock or the place.
    """
    write(folder.report, render(report_of(gather(folder, study, corpus, record))))
    return folder.report / "index.html"


def render(report: Report) -> dict[str, bytes]:
    """All files of a report's folder by path: the page, the document, the PDF, and what lies beside them."""
    pictures = draw(report)
    paper = on_paper(report)
    return {**html.render(report, pictures), "report.docx": docx.render(paper, pictures),
            "report.pdf": pdf.render(paper, pictures)}  # fmt: skip


def report_of(facts: MethodFacts) -> Report:
    """The report that the facts make."""
    sections = tuple(section for make in SECTIONS if (section := make(facts)))
    dated = f"As of {day(facts.dated)}, the latest event or capture." if facts.dated else ""
    return Report(facts.title, ", ".join(facts.authors), facts.synthetic, sections, dated, facts.dated)


def write(target: Path, content: Mapping[str, bytes]) -> None:
    """Write the files of a folder beside it, then swap it in whole; a failure leaves the previous one.

    Parameters
    ----------
    target
        The folder.
    content
        Bytes by path inside the folder.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh, old = (target.with_name(f".{target.name}.{kind}.{secrets.token_hex(4)}") for kind in ("new", "old"))
    try:
        for name, bytes_ in content.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes_)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
