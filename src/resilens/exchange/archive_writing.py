"""How is the zip of a project (.qdpx) written so that the same project is always the same bytes?

`project.qde` comes first, then the files of its sources, sorted; every entry has the same date and rights. Texts are
packed, pictures and recordings, which are packed already, are not, and are copied part by part.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from resilens.files import replacing

Content: TypeAlias = Path | Callable[[], bytes]
"""Where a file is, or what makes its bytes when they are written."""

PROJECT = "project.qde"
SOURCES = "sources/"
LARGEST = 2**31 - 1
"""Bytes of a file inside a project, by the standard."""

_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX, _RIGHTS = 3, 0o100644 << 16


def write_archive(path: Path, project: bytes, texts: Mapping[str, bytes], media: Mapping[str, Content]) -> None:
    """Write a project; an existing file is replaced at once.

    Parameters
    ----------
    path
        Where to.
    project
        The XML.
    texts, media
        Files of sources by name.
    """
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        archive.writestr(_entry(PROJECT, zipfile.ZIP_DEFLATED), project)
        for name in sorted({*texts, *media}):
            if name in texts:
                archive.writestr(_entry(SOURCES + name, zipfile.ZIP_DEFLATED), texts[name])
                continue
            entry, content = _entry(SOURCES + name, zipfile.ZIP_STORED), media[name]
            if not isinstance(content, Path):
                archive.writestr(entry, content())
                continue
            entry.file_size = content.stat().st_size
            with content.open("rb") as source, archive.open(entry, "w") as out:
                shutil.copyfileobj(source, out, 2**20)


def _entry(name: str, packed: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type, entry.create_system, entry.external_attr = packed, _UNIX, _RIGHTS
    return entry
