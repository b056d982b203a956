"""Where is a transcription while somebody is still typing it?

In `drafts/` of the study, a file each, in no export and no version control; whoever began it goes on with it. A draft
is no capture: nothing is read from it, and it goes once it is saved.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from filelock import FileLock

from resilens import files
from resilens.capture.transcription import Transcription, Typed
from resilens.errors import InputError
from resilens.study.folder import Folder

_KEY = re.compile(r"[0-9a-f]{12}")


def begin(
    folder: Folder, *, actor: str, zone: str, platform: str = "rednote", sources: tuple[str, ...] = (),
    event_id: UUID,
) -> Transcription:  # fmt: skip
    """A new draft with an empty post; the same `event_id` gives the same, as it stands by then."""
    key = event_id.hex[-12:]
    begun = draft(folder, key)
    if begun is not None:
        owned(begun, actor)
        return begun
    made = Transcription(key, platform, zone, sources=sources, transcriber=actor)
    keep(folder, made)
    return made


def keep(folder: Folder, typed: Transcription) -> None:
    """Write a draft as it stands; the file is whole at any time."""
    place = folder.root / "drafts"
    if not (place / ".gitignore").exists():
        files.write_text(place / ".gitignore", "*\n")
    text = json.dumps(asdict(typed), ensure_ascii=False, indent=1)
    files.write_bytes(_path(folder, typed.key), text.encode("utf-8", "replace"), 0o600)


def write(folder: Folder, typed: Transcription) -> None:
    """Put what a form holds into its draft; pictures, and what it corrects, are the draft's own."""
    with _turn(folder):
        keep(folder, merged(folder, typed))


def lay(folder: Folder, key: str, *, actor: str, pictures: Sequence[str] = (), away: str = "") -> None:
    """Lay pictures beside a draft, or take one away.

    Raises
    ------
    InputError
        As `draft_of`.
    """
    with _turn(folder):
        held = draft_of(folder, key, actor=actor)
        sources = dict.fromkeys((*(one for one in held.sources if one != away), *pictures))
        keep(folder, replace(held, sources=tuple(sources)))


def merged(folder: Folder, typed: Transcription) -> Transcription:
    """What a form holds with what only the draft decides, where there is one: its pictures, and what it corrects."""
    held = draft(folder, typed.key)
    if held is None:
        return typed
    owned(held, typed.transcriber)
    return replace(typed, sources=held.sources, corrects=held.corrects, last=max(held.last, typed.last))


def draft(folder: Folder, key: str) -> Transcription | None:
    """The draft of this key, or None."""
    try:
        kept = json.loads(_path(folder, key).read_bytes())
    except FileNotFoundError:
        return None
    return Transcription(**kept | {"sources": tuple(kept["sources"]), "post": _typed(kept["post"]),
                                   "comments": tuple(map(_typed, kept["comments"]))})  # fmt: skip


def draft_of(folder: Folder, key: str, *, actor: str) -> Transcription:
    """A person's own draft.

    Raises
    ------
    InputError
        If there is none, or another person began it.
    """
    found = draft(folder, key)
    if found is None:
        raise InputError("there is no such draft; it was saved or thrown away")
    owned(found, actor)
    return found


def owned(found: Transcription, actor: str) -> None:
    """Refuse a draft to everybody but whoever began it.

    Raises
    ------
    InputError
        If another person began it.
    """
    if found.transcriber != actor:
        raise InputError(f"{found.transcriber} is typing this; it can be read once it is saved")


def drafts(folder: Folder, *, actor: str) -> list[Transcription]:
    """A person's own drafts, the one last written first."""
    return [one for one in every(folder) if one.transcriber == actor]


def every(folder: Folder) -> list[Transcription]:
    """Everybody's drafts, the one last written first."""
    paths = sorted((folder.root / "drafts").glob("transcription-*.json"), key=_written, reverse=True)
    found = (draft(folder, path.stem.rpartition("-")[2]) for path in paths)
    return [one for one in found if one is not None]


def discard(folder: Folder, key: str) -> None:
    """Throw a draft away; nothing where there is none."""
    _path(folder, key).unlink(missing_ok=True)


def _turn(folder: Folder) -> FileLock:
    """One writer of drafts at a time, for whoever reads one first and writes it then."""
    (folder.root / "drafts").mkdir(parents=True, exist_ok=True)
    return FileLock(folder.root / "drafts" / ".lock")


def _path(folder: Folder, key: str) -> Path:
    if not _KEY.fullmatch(key):
        raise InputError("there is no such draft")
    return folder.root / "drafts" / f"transcription-{key}.json"


def _written(path: Path) -> int:
    """When a file was written; 0 where it was saved or thrown away meanwhile."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _typed(kept: dict[str, Any]) -> Typed:
    return Typed(**kept | {"hashtags": tuple(kept["hashtags"]), "media": tuple(kept["media"])})

