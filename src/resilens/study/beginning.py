"""How does a study begin? With a folder, a study file, and a list of what must not be shared."""

from __future__ import annotations

import json
import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from resilens.errors import Fault, InputError
from resilens.files import write_text
from resilens.study.folder import Folder
from resilens.study.words import did_you_mean

IGNORED = ("vault/", "captures/", ".staging/", "corpus/", "work.sqlite-*", ".*.tmp")
"""What version control must not take: people's identities, what was captured, and what can be made anew."""


def examples() -> tuple[str, ...]:
    """The names of the example studies that ship with Resilens, sorted."""
    return tuple(sorted(entry.name for entry in _data("examples").iterdir() if (entry / "study.toml").is_file()))


def begin(root: Path, example: str | None = None, title: str | None = None, *, synthetic: bool = False) -> Folder:
    """Begin a study in a folder, which is made where there is none.

    Written are `study.toml`, the folders `captures`, `sample`, `results` and `report`, and a `.gitignore` (added to
    where there is one). Other files in the folder are left alone.

    Parameters
    ----------
    root
        The study's folder.
    example
        An example study (`examples()`) whose design is taken over; the commented template where None.
    title
        The study's title; the example's or template's where None.
    synthetic
        Whether the study is declared synthetic.

    Raises
    ------
    InputError
        If the folder holds a study or parts of one, the path is a file, the example is not known, the title is empty
        or has several lines, or the folder cannot be written.
    """
    folder = Folder(root)
    faults = [*_in_the_way(folder)]
    if example is not None and example not in examples():
        known = ", ".join(examples())
        faults.append(Fault(f"unknown example {example!r}{did_you_mean(example, examples()) or f'; there is {known}'}"))
    if title is not None and (not title.strip() or "\n" in title or "\r" in title):
        faults.append(Fault("the title must be one line that is not empty"))
    if faults:
        raise InputError(faults)
    source = _data("examples") / example if example else _data("templates")
    text = (source / "study.toml").read_text("utf-8")
    if title is not None:
        text = _with(text, "title", json.dumps(title.strip(), ensure_ascii=False))
    if synthetic:
        text = _with(text, "synthetic", "true")
    try:
        for made in (folder.captures, folder.sample, folder.results, folder.report):
            made.mkdir(parents=True, exist_ok=True)
        _ignore(root / ".gitignore")
        write_text(folder.study_file, text)
    except OSError as error:
        raise InputError(Fault(f"cannot be written: {error.strerror}", root.name)) from error
    return folder


def _data(name: str) -> Traversable:
    return resources.files("resilens.study") / name


def _in_the_way(folder: Folder) -> list[Fault]:
    if folder.root.exists() and not folder.root.is_dir():
        return [Fault("is a file; name a folder for the study", folder.root.name)]
    if folder.study_file.exists():
        return [Fault("a study is here already; change it, or choose another folder", folder.study_file.name)]
    parts = (folder.codebook_file, folder.claims_file, folder.captures, folder.corpus, folder.staging, folder.sample,
             folder.record, folder.vault, folder.results, folder.report)  # fmt: skip
    left = [part.name for part in parts if part.is_file() or (part.is_dir() and any(part.iterdir()))]
    if left:
        what = "parts of a study are here without its study.toml; choose an empty folder or put that file back"
        return [Fault(f"{what} ({', '.join(left)})", folder.root.name)]
    return []


def _with(text: str, key: str, value: str) -> str:
    """The study file with a key of [study] set: its line replaced, or one added after the title's."""
    replaced, times = re.subn(rf"^{key} = .*$", lambda _: f"{key} = {value}", text, count=1, flags=re.MULTILINE)
    if times:
        return replaced
    return re.sub(r"^(title = .*)$", lambda title: f"{title[1]}\n{key} = {value}", text, count=1, flags=re.MULTILINE)


def _ignore(file: Path) -> None:
    there = file.read_text("utf-8") if file.exists() else ""
    missing = [line for line in IGNORED if line not in there.splitlines()]
    if missing:
        separator = "" if not there or there.endswith("\n") else "\n"
        write_text(file, there + separator + "\n".join(missing) + "\n")
