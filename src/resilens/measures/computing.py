"""Which measures are out of date, and how are findings kept? One JSON, one CSV and one SVG a measure in `results/`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resilens.coding.rounds import CONSENSUS
from resilens.coding.sight import still_blind
from resilens.files import sha256_of, write_bytes, write_text
from resilens.made_from import changed, digest
from resilens.measures.material import material_of
from resilens.measures.registry import Measure, chosen, measures_of
from resilens.results.figures import svg
from resilens.results.findings import finding_from_dict, finding_to_dict
from resilens.results.tables import to_csv
from resilens.results.types import Finding

if TYPE_CHECKING:
    from resilens.coding.codes import Codebook
    from resilens.corpus.engine import Corpus
    from resilens.record.store import Record
    from resilens.study.folder import Folder
    from resilens.study.model import Study

Progress = Callable[[str, int, int | None], None]

VIEWS = {
    "codings": ("codings", "consensus", "rounds", "codebooks", "draws", "screening", "comment_choices"),
    "groups": ("groups",),
}
"""The views of the record that a measure's `uses` stand for."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A finding, and whether and why it was computed just now."""

    measure: Measure
    finding: Finding
    done: bool
    why: str

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; figures stay in their files."""
        content = finding_to_dict(self.finding) | {"title": self.measure.title, "question": self.measure.question}
        return {name: value for name, value in content.items() if name not in ("figure", "narrow")}


@dataclass(frozen=True, slots=True)
class Kept:
    """A measure as it was last computed.

    Parameters
    ----------
    measure
        The measure.
    finding
        What it found; None where it was not computed, or its file cannot be read.
    stale
        Why it is out of date, in words; empty where it is not.
    """

    measure: Measure
    finding: Finding | None
    stale: str


def kept(folder: Folder, study: Study, record: Record, made_from: Mapping[str, str]) -> list[Kept]:
    """Every measure as it was last computed, and whether that still holds; nothing is computed.

    Parameters
    ----------
    folder, study, record, made_from
        As of `findings`.
    """
    last = {measure.name: finding for measure, finding in kept_findings(folder, study)}
    marks = _marks(study, record, made_from)
    found = []
    for measure in measures_of(study, folder.root).values():
        _, why = _kept(folder, measure, _inputs(measure, marks, study, folder))
        found.append(Kept(measure, last.get(measure.name), why))
    return found


def _inputs(measure: Measure, marks: Mapping[str, str], study: Study, folder: Folder) -> dict[str, str]:
    """What a measure is made from: a digest of each by its words."""
    used = {words: value for words, value in marks.items() if words not in VIEWS or words in measure.uses}
    return used | _own(study, folder, measure)


def findings(
    folder: Folder, study: Study, corpus: Corpus, record: Record, codebook: Codebook, made_from: Mapping[str, str],
    names: tuple[str, ...] = (), *, coder: str = "", again: bool = False, progress: Progress | None = None,
) -> list[Measured]:  # fmt: skip
    """The findings of the measures named, or of all; what is up to date is read, not computed.

    Parameters
    ----------
    folder, study, corpus, record, codebook
        The study; the corpus is open.
    made_from
        A digest of each thing the corpus is made from, by the words in which a change of it is said.
    names
        Which measures; all unless given.
    coder
        Compute from this coder's codings, before consensus, and keep nothing.
    again
        Compute even what is up to date.

    Raises
    ------
    InputError
        If there is no such measure, or nobody of that name coded.
    """
    measures = chosen(measures_of(study, folder.root), names)
    marks = _marks(study, record, made_from)
    material = cache(lambda: material_of(folder, study, corpus, record, codebook, coder or CONSENSUS))
    found = []
    for number, measure in enumerate(measures):
        inputs = _inputs(measure, marks, study, folder)
        finding, why = _kept(folder, measure, inputs)
        if coder or again or finding is None:
            if progress:
                progress(f"measuring {measure.name}", number, len(measures))
            finding = measure.compute(material())
            why = f"codings of {coder}" if coder else why or "asked for"
            if not coder:
                _keep(folder, finding, inputs)
            found.append(Measured(measure, finding, True, why))
        else:
            found.append(Measured(measure, finding, False, "nothing it depends on has changed"))
    if progress:
        progress("measuring", len(measures), len(measures))
    return found


def kept_findings(folder: Folder, study: Study) -> Iterator[tuple[Measure, Finding]]:
    """The findings that are kept, in the order of the measures, as they were last computed."""
    for measure in measures_of(study, folder.root).values():
        content = _read(_file(folder, measure.name))
        with suppress(ValueError, KeyError):
            if content is not None:
                yield measure, finding_from_dict(content["finding"])


def _marks(study: Study, record: Record, made_from: Mapping[str, str]) -> dict[str, str]:
    """What every measure, and what some of them, are made from: a digest of each by its words."""
    views = {words: digest([_extent(record, view) for view in names]) for words, names in VIEWS.items()}
    # What is declared, not the file: a comment in it is no change.
    design = study.model_dump(mode="json", exclude={"measures", "ethics", "coders"})
    return {**made_from, "study.toml": digest(design), **views}


def _extent(record: Record, view: str) -> list[tuple[str, int, int]]:
    """How many rows a view has and the last event that wrote one: it changes with the view.

    Codings round by round, those of blind rounds left out: no finding is made from them, and nobody is to learn of them
    by what is out of date.
    """
    if view != "codings":
        return [("", record.count(view), record.last_of(view))]
    told = [name for name in record.distinct(view, "round_id") if name not in still_blind(record)]
    return [(name, record.count(view, round_id=name), record.last_of(view, round_id=name)) for name in told]


def _own(study: Study, folder: Folder, measure: Measure) -> dict[str, str]:
    """The file of a measure of the study's own: edited, it is computed again."""
    module = measure.compute.__module__
    for own in study.measures:
        if module == f"resilens_own_{Path(own.file).stem}":
            return {own.file: sha256_of(folder.root / own.file)}
    return {}


def _file(folder: Folder, name: str) -> Path:
    return folder.measures / f"{name}.json"


def _read(path: Path) -> dict[str, Any] | None:
    with suppress(FileNotFoundError, ValueError):
        return dict(json.loads(path.read_bytes()))
    return None


def _kept(folder: Folder, measure: Measure, inputs: Mapping[str, str]) -> tuple[Finding | None, str]:
    """The finding that is kept and still holds, or None and why not."""
    content = _read(_file(folder, measure.name))
    if content is None:
        return None, "not made yet"
    if why := changed(content.get("made_from", {}), inputs):
        return None, why
    with suppress(ValueError, KeyError):
        return finding_from_dict(content["finding"]), ""
    return None, "its file cannot be read"


def _keep(folder: Folder, finding: Finding, inputs: Mapping[str, str]) -> None:
    """Write the figure and the table first: a finding that is kept has both."""
    path = _file(folder, finding.name)
    for suffix, content in ((".svg", svg(finding.figure).encode() if finding.figure else None),
                            (".csv", to_csv(finding.table) if finding.table else None)):  # fmt: skip
        if content is None:
            path.with_suffix(suffix).unlink(missing_ok=True)
        else:
            write_bytes(path.with_suffix(suffix), content)
    for name, table in finding.tables.items():
        write_bytes(path.with_name(f"{finding.name}-{name}.csv"), to_csv(table))
    whole = {"made_from": dict(inputs), "finding": finding_to_dict(finding)}
    write_text(path, json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
