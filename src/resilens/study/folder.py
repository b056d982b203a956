"""Where does each thing of a study lie on disk?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from resilens.errors import InputError


@dataclass(frozen=True)
class Folder:
    """The folder of one study.

    Parameters
    ----------
    root
        The folder that holds `study.toml`.
    """

    root: Path

    packed = False
    """Whether it is what a packet holds: one coder's part of a study, see `coding.packets`."""

    @property
    def study_file(self) -> Path:
        return self.root / "study.toml"

    @property
    def codebook_file(self) -> Path:
        return self.root / "codebook.toml"

    @property
    def claims_file(self) -> Path:
        return self.root / "claims.toml"

    @property
    def captures(self) -> Path:
        """Raw captured files, read-only, named by hash; never in an export."""
        return self.root / "captures"

    @property
    def media(self) -> Path:
        """Captured pictures and recordings, named by hash, and what belongs to which item."""
        return self.captures / "media"

    @property
    def corpus(self) -> Path:
        """The canonical tables, derived from the captures."""
        return self.root / "corpus"

    @property
    def staging(self) -> Path:
        """What was read from each capture, one folder a capture; derived, and made anew when it is missing."""
        return self.root / ".staging"

    @property
    def sample(self) -> Path:
        return self.root / "sample"

    @property
    def record(self) -> Path:
        """The record of human decisions, an SQLite file."""
        return self.root / "work.sqlite"

    @property
    def vault(self) -> Path:
        """The pseudonym key and the identities behind pseudonyms; never in an export."""
        return self.root / "vault"

    @property
    def results(self) -> Path:
        return self.root / "results"

    @property
    def measures(self) -> Path:
        """A finding a measure, with its table and figure; derived."""
        return self.results / "measures"

    @property
    def report(self) -> Path:
        return self.root / "report"


def find(start: Path) -> Folder:
    """The study whose `study.toml` is in `start` or in the nearest folder above it.

    Raises
    ------
    InputError
        If there is none.
    """
    resolved = start.resolve()
    for folder in (resolved, *resolved.parents):
        if (folder / "study.toml").is_file():
            return Folder(folder)
    raise InputError(
        f"no study.toml in {start} or any folder above it; go to the study's folder, name it with --study DIR, "
        "or begin one with `resilens init my-study`"
    )
