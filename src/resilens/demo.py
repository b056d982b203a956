"""What does Resilens do? `resilens demo` makes the shipped SYNTHETIC study, runs every step, and ends in a report."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
import time
import webbrowser
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

from resilens.errors import Fault, InputError
from resilens.files import write_text
from resilens.pipeline import OpenStudy, open_study
from resilens.study.beginning import begin

EXAMPLE = "tiktok-refugees"
MARK = ".resilens-demo"

Say = Callable[[str], None]


def make(directory: Path, say: Say = print) -> Path:
    """Make the example study in `directory` and run it to its report; returns the report's page.

    A demo made there before is replaced; anything else is left alone.

    Raises
    ------
    InputError
        If the directory holds something that is not a demo of ours.
    """
    started = time.monotonic()

    def step(number: int, words: str) -> None:
        say(f"[{number}/7] {words}  ({time.monotonic() - started:.0f} s)")

    with as_file(files("resilens.study") / "examples" / EXAMPLE) as example:
        step(1, f"a SYNTHETIC study begins in {directory}")
        with _begin(directory) as study:
            step(2, "captured files are imported")
            for line in _add(study, example / "captures"):
                say(f"      {line}")
            step(3, "a sample is drawn")
            for line in study.draw().lines():
                say(f"      {line}")
            step(4, "what was screened is imported, and the posts left out are replaced")
            screening = study.propose_screening(example / "screening.csv")
            say(indented(screening))
            study.import_screening(screening)
            for line in study.draw(redraw=True).lines():
                say(f"      {line}")
            step(5, "two coders' codings are imported")
            proposal = study.propose_codings(example / "codings.csv")
            say(indented(proposal))
            study.import_codings(proposal)
            step(6, "everything is brought up to date")
            for outcome in study.run():
                say(f"      {outcome}")
            step(7, "done")
            return study.folder.report / "index.html"


def indented(said: object) -> str:
    """Text set in under its step."""
    return textwrap.indent(str(said), "      ")


def _clear(directory: Path) -> None:
    if (directory / MARK).is_file():
        _force_remove(directory)
    elif directory.exists() and any(directory.iterdir()):
        raise InputError(Fault("there is something here that is not a demo; name another folder", str(directory)))


def _force_remove(directory: Path) -> None:
    for raw in (directory / "captures").glob("*"):
        raw.chmod(0o600)
    shutil.rmtree(directory)


def draw_example(directory: Path) -> OpenStudy:
    """The example study in `directory` up to its sample, as `tools/make_example.py` needs it."""
    with as_file(files("resilens.study") / "examples" / EXAMPLE) as example:
        study = _begin(directory)
        _add(study, example / "captures")
        study.draw()
        return study


def _begin(directory: Path) -> OpenStudy:
    _clear(directory)
    begin(directory, EXAMPLE, synthetic=True)
    write_text(directory / MARK, "Made by `resilens demo`, which replaces this folder when run again.\n")
    return open_study(directory)


def _add(study: OpenStudy, captures: Path) -> list[str]:
    """Add every capture with what its collector declares about it (captures.json)."""
    lines: list[str] = []
    for entry in json.loads((captures / "captures.json").read_text(encoding="utf-8")):
        options = {key: value for key, value in entry.items() if key != "name"}
        outcome = study.add([captures / entry["name"]], rebuild=False, **options)
        if outcome.refused:
            raise InputError(outcome.refused)
    study.rebuild_corpus()
    lines += study.capture_lines()
    return lines


def show(page: Path) -> bool:
    """Open a page in the browser where there is a desktop; says whether it did."""
    desktop = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(desktop) and webbrowser.open(page.resolve().as_uri())
