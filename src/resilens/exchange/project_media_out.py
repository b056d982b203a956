"""Which pictures and recordings leave with a project?

Those of its items whose files the study keeps (`captures/media/`, named by their SHA-256), and only with
`--restricted`: a picture shows people, and none is redacted yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from resilens.exchange.archive_writing import LARGEST
from resilens.exchange.project_sources import MEDIA
from resilens.exchange.project_sources_out import Item
from resilens.exchange.project_tree import SourceKind

KINDS: dict[str, SourceKind] = {
    ".jpg": "picture", ".jpeg": "picture", ".png": "picture", ".pdf": "pdf",
    ".mp3": "audio", ".wav": "audio", ".m4a": "audio", ".mp4": "video", ".mov": "video", ".avi": "video",
}  # fmt: skip
"""By ending; the standard has pictures as JPEG and PNG alone."""


class Kept(NamedTuple):
    """A file that leaves: its SHA-256, the item it belongs to, and where it is."""

    media_id: str
    item: str
    kind: SourceKind
    path: Path


@dataclass
class Media:
    """Files that leave, by item and SHA-256, and what does not."""

    kept: dict[tuple[str, str], Kept] = field(default_factory=dict)
    losses: Counter[str] = field(default_factory=Counter)


def media_of(items: Iterable[Item], coded: Collection[tuple[str, str]], captures: Path, restricted: bool) -> Media:
    """The files of items.

    Parameters
    ----------
    items
        The items of the project.
    coded
        Items with the SHA-256 of a file of theirs that has a code.
    captures
        The study's captures.
    restricted
        Whether pictures leave.
    """
    found = Media()
    there = {path.stem: path for path in sorted((captures / MEDIA).glob("*.*"))}
    wanted = set(coded)
    for item in items:
        for name in item.media:
            stem = name.rpartition("/")[2].partition(".")[0]
            if stem in there:
                wanted.add((item.id, stem))
            else:
                found.losses["pictures and recordings of which the study has no file"] += 1
    for item_id, media_id in sorted(wanted):
        path = there.get(media_id)
        kind = KINDS.get(path.suffix.lower()) if path else None
        if path is None:
            continue
        if not restricted:
            found.losses["pictures and recordings: none is redacted; --restricted has them"] += 1
        elif kind is None:
            found.losses[f"files of a kind that a project does not hold ({path.suffix})"] += 1
        elif path.stat().st_size > LARGEST:
            found.losses["files over 2 GB"] += 1
        else:
            found.kept[item_id, media_id] = Kept(media_id, item_id, kind, path)
    return found
