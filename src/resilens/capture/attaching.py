"""How does a picture or recording that somebody drops into the workbench come into `captures/media`?

Copied, measured and kept by its hash, read-only, as `capture.media` keeps them all. It is told by its content; its name
is not kept, and nothing in it is ever run.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import BinaryIO, Protocol

from resilens import files
from resilens.capture.media import Found, add_media, media_file
from resilens.capture.pictures import kind_of
from resilens.corpus.vault import Vault
from resilens.errors import Fault, InputError
from resilens.record.store import Record
from resilens.study.folder import Folder
from resilens.study.model import Study

MOST_BYTES = 200 << 20
_PIECE = 1 << 20
ENDINGS = {
    "image": (".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".avif"),
    "video": (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".flv"),
    "audio": (".mp3", ".m4a", ".wav", ".ogg", ".oga", ".flac"),
}
"""The endings under which files of a kind are kept; any other one becomes the first."""


class Opened(Protocol):
    """An open study, as far as files need it; `pipeline.OpenStudy` is one."""

    @property
    def folder(self) -> Folder: ...
    @property
    def study(self) -> Study: ...
    @property
    def record(self) -> Record: ...
    def vault(self, passphrase: str | None = None) -> Vault: ...


def attach(study: Opened, stream: BinaryIO, name: str, actor: str, *, most: int = MOST_BYTES) -> str:
    """Keep a picture or recording, on the record; its hash.

    Parameters
    ----------
    study
        The open study.
    stream
        Its bytes, read piece by piece.
    name
        What it was called, for messages.
    actor
        Who adds it.
    most
        Bytes that it may have.

    Raises
    ------
    InputError
        If it is empty, too large, damaged, or no picture or recording.
    """
    called = Path(name.replace("\\", "/").replace("\0", "")).name[-80:] or "file"
    folder = study.folder
    if not any(folder.captures.glob("[!.]*")):
        study.vault()  # it begins with the first capture
    folder.staging.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.staging) as place:
        copied = Path(place) / "given"
        _copy(stream, copied, most, called)
        kind = kind_of(copied)
        if kind not in ENDINGS:
            words = "is no picture or recording that can be shown here; save it as PNG, JPEG or MP4, or paste its text"
            raise InputError(Fault(words, called))
        ending = Path(called).suffix.lower()
        given = copied.rename(copied.with_suffix(ending if ending in ENDINGS[kind] else ENDINGS[kind][0]))
        _, refused = add_media(Found({given: frozenset()}), folder.media, study.record,
                               synthetic=study.study.study.synthetic, actor=actor)
        if refused:
            raise InputError([Fault(fault.message, called) for fault in refused])
        return files.sha256_of(given)


def _copy(stream: BinaryIO, into: Path, most: int, called: str) -> None:
    size = 0
    with into.open("wb") as out:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > most:
                words = f"is larger than {most >> 20} MB; add it with `resilens add` on the command line"
                raise InputError(Fault(words, called))
            out.write(piece)
    if not size:
        raise InputError(Fault("is empty", called))


def shown_as(folder: Folder, media_id: str) -> str:
    """How a kept file is shown: `image`, `video` or `audio`; empty where it is gone or none of these."""
    path = media_file(folder.media, media_id)
    kind = kind_of(path) if path is not None else ""
    return kind if kind in ENDINGS else ""
