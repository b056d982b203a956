"""Is this installation sound, and is this study? Said in words, each finding with what to do."""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from resilens import files
from resilens.capture import media
from resilens.capture.adding import raw_file
from resilens.corpus.vault import permission_faults
from resilens.errors import InputError
from resilens.pipeline import OpenStudy, open_study
from resilens.record.sqlite import sqlite_wal_reset_fixed, sqlite_wal_reset_words

LIBRARIES = ("duckdb", "ibis-framework", "pyarrow", "pandas", "numpy", "pydantic", "sqlalchemy", "altair",
             "vl-convert-python")  # fmt: skip
LITTLE_DISK_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at."""

    subject: str
    state: Literal["good", "note", "bad"]
    message: str

    @property
    def bad(self) -> bool:
        return self.state == "bad"

    def __str__(self) -> str:
        return f"{self.state:<4}  {self.subject}: {self.message}"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def examine(path: Path) -> list[Diagnosis]:
    """Look at the installation, and at the study in or above `path` where there is one."""
    found = [*_installation()]
    try:
        study = open_study(path)
    except InputError as error:
        return [*found, *(Diagnosis("study", "note", str(fault)) for fault in error.faults)]
    with study:
        return [*found, *_study(study)]


def _installation() -> Iterator[Diagnosis]:
    shown = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    yield Diagnosis("versions", "good", f"resilens {version('resilens')}, Python {platform.python_version()}, {shown}")
    yield Diagnosis("sqlite", "good" if sqlite_wal_reset_fixed() else "note", sqlite_wal_reset_words())
    yield _fonts()


def _fonts() -> Diagnosis:
    """Chinese in the report is drawn by the reader's browser, so what counts is what that browser finds."""
    lister = shutil.which("fc-list")
    if lister is None:
        return Diagnosis("fonts", "note", "not looked for (there is no fc-list); Windows and macOS bring Chinese fonts")
    listed = subprocess.run([lister, ":lang=zh-cn", "family"], capture_output=True, text=True, check=False).stdout
    families = sorted({line.split(",")[0].strip() for line in listed.splitlines() if line.strip()})
    if families:
        return Diagnosis("fonts", "good", f"Chinese is there ({families[0]})")
    return Diagnosis("fonts", "note", "no Chinese font on this system: Chinese shows as boxes in a browser here; "
                                      "install one, such as fonts-noto-cjk on Debian")  # fmt: skip


def _study(study: OpenStudy) -> Iterator[Diagnosis]:
    free = shutil.disk_usage(study.folder.root).free
    enough: Literal["good", "bad"] = "good" if free > LITTLE_DISK_BYTES else "bad"
    yield Diagnosis("disk", enough, f"{free / 1e9:,.1f} GB free where the study lies")
    faults = permission_faults(study.folder.vault)
    if faults:
        yield from (Diagnosis("vault", "bad", str(fault)) for fault in faults)
    else:
        yield Diagnosis("vault", "good", "only its owner can read it")
    verification = study.record.verify(views=True)
    yield Diagnosis("record", "good" if verification.sound else "bad", str(verification))
    yield from (Diagnosis("record", "bad", str(fault)) for fault in verification.faults)
    yield from _captures(study)
    yield from _media(study)


def _captures(study: OpenStudy) -> Iterator[Diagnosis]:
    """Whether every raw file is there and is what it was when it was added, or since it was last erased from."""
    captures = [row for row in study.record.view("captures") if not row["erased_whole"]]
    changed = 0
    for row in captures:
        try:
            kept = raw_file(study.folder.captures, row["capture_id"])
        except InputError as error:
            changed += 1
            yield Diagnosis("captures", "bad", str(error))
            continue
        if files.sha256_of(kept) != (row["sha256"] or row["capture_id"]):
            changed += 1
            words = "the raw file was changed after it was added; bring back the original"
            yield Diagnosis("captures", "bad", f"{row['name']}: {words}")
    if not changed:
        yield Diagnosis("captures", "good", f"{len(captures)} raw files, each as the record says it is")



def _media(study: OpenStudy) -> Iterator[Diagnosis]:
    """Whether every picture and recording is there, is what it was when it was added, and who added it is known."""
    added, folder = study.record.view("media"), study.folder.media
    wrong = list(media.damage(folder, study.record))
    yield from (Diagnosis("media", "bad", f"captures/media/{media_id}: {words}") for media_id, words in wrong)
    unknown = media.media_ids(folder).keys() - {row["media_id"] for row in added}
    if unknown and (added or study.record.view("captures")):  # a coder's packet has what its items need, and no more
        words = "nobody added them with `resilens add`; add them from where they came, or take them out"
        yield Diagnosis("media", "note", f"{len(unknown)} files in captures/media are not on the record: {words}")
    if added and not wrong:
        yield Diagnosis("media", "good", f"{len(added)} pictures and recordings, each as the record says it is")
