"""Which measures are there? Those that ship, those of installed packages, and those of the study's own files."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from resilens.errors import Fault, InputError
from resilens.results.types import Finding
from resilens.study.words import did_you_mean

if TYPE_CHECKING:
    from resilens.measures.material import Material
    from resilens.study.model import Study

MODULES = ("attention", "practices", "ritual", "variety", "exchange", "affect", "politics", "moderation", "ledger",
           "conditions", "resilience")  # fmt: skip
"""The measures that ship, in the order in which they are computed and shown; a module each, or a folder of parts."""

ENTRY_POINTS = "resilens.measures"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure.

    Parameters
    ----------
    name
        What it is called on the command line and in files: one word.
    title
        Its heading in the report.
    question
        What it answers, as a question.
    compute
        From what is known of the study to the finding.
    stage
        The id of the framework's stage that the report shows it under; empty where it belongs to the whole process.
    uses
        What of the record it depends on: `codings`, `groups`. The corpus and study.toml it always does.
    """

    name: str
    title: str
    question: str
    compute: Callable[[Material], Finding]
    stage: str = ""
    uses: tuple[str, ...] = ("codings",)


def measures_of(study: Study, folder: Path) -> dict[str, Measure]:
    """Every measure of a study by its name: those that ship, then those of installed packages, then the study's own.

    Parameters
    ----------
    folder
        The study's folder, from which the files of its own measures are named.

    Raises
    ------
    InputError
        If a measure of the study's own, or of an installed package, cannot be loaded or takes a name that is taken.
    """
    found = {}
    for name in MODULES:
        module = importlib.import_module(f"resilens.measures.{name}")
        found[name] = module.MEASURE
    for entry in sorted(metadata.entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        _take(found, _of_package(entry), f"entry point {entry.name}")
    for own in study.measures:
        _take(found, _of_file(folder / own.file), f"study.toml: measure.file {own.file}")
    return found


def chosen(known: dict[str, Measure], names: tuple[str, ...]) -> list[Measure]:
    """The measures of these names, in the order in which they are computed; all of them where none is named.

    Raises
    ------
    InputError
        With a fault for each name that no measure has.
    """
    unknown = [Fault(f"no measure is called so{did_you_mean(name, list(known))}; there are {', '.join(known)}", name)
               for name in names if name not in known]  # fmt: skip
    if unknown:
        raise InputError(unknown)
    return [measure for name, measure in known.items() if not names or name in names]


def _take(found: dict[str, Measure], measure: object, where: str) -> None:
    if not isinstance(measure, Measure):
        raise InputError(Fault("has no MEASURE, or it is not a resilens.measures.Measure", where))
    if measure.name in found:
        raise InputError(Fault(f"its name {measure.name!r} is taken; give it another", where))
    found[measure.name] = measure


def _of_package(entry: metadata.EntryPoint) -> object:
    try:
        return entry.load()
    except (ImportError, AttributeError) as error:
        raise InputError(Fault(f"cannot be loaded: {error}", f"entry point {entry.name}")) from error


def _of_file(path: Path) -> object:
    """The MEASURE of a Python file. It is run as a program is: a study's own file is trusted like its scholar."""
    if not path.is_file():
        raise InputError(Fault("there is no such file; a measure of your own is a Python file", str(path.name)))
    spec = importlib.util.spec_from_file_location(f"resilens_own_{path.stem}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (ImportError, SyntaxError, NameError, AttributeError, TypeError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise InputError(Fault(f"cannot be run: {error}", f"{path.name}:{line}" if line else path.name)) from error
    return getattr(module, "MEASURE", None)
