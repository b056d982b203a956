"""Which pictures and recordings leave with a project?

Those of its items whose files the study keeps (`captures/media/`, named by their SHA-256). A picture leaves redacted:
its pixels encoded anew with what must not be seen painted over, at its size, so that regions stay where they are; one
that nobody has looked at, or that is withheld, stays, and so does one of an item that must not be quoted. Recordings
cannot be redacted and leave only with `--restricted`, unless they are withheld.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from resilens.capture.media import hash_in, media_ids
from resilens.capture.pictures import keeps_as, kind_of
from resilens.capture.transcripts import ENDINGS
from resilens.coding.redaction import Redaction, leaving
from resilens.errors import InputError
from resilens.exchange.archive_writing import LARGEST, Content
from resilens.exchange.project_sources import MEDIA
from resilens.exchange.project_sources_out import Item
from resilens.exchange.project_tree import SourceKind

KINDS: dict[str, SourceKind] = {
    ".pdf": "pdf", ".mp3": "audio", ".wav": "audio", ".m4a": "audio", ".mp4": "video", ".mov": "video",
    ".avi": "video",
}  # fmt: skip
"""What is no picture, by ending."""

PICTURE: SourceKind = "picture"
STAYS = "pictures stay, {why}"
NAMED = 3
"""Files that a loss names by the beginning of their hash."""


class Kept(NamedTuple):
    """A file that leaves: its SHA-256, the item it belongs to, its ending, and its bytes, where they are or how they
    are made."""

    media_id: str
    item: str
    kind: SourceKind
    ending: str
    content: Content


@dataclass
class Media:
    """Files that leave, by item and SHA-256, and what stays, with the files by the reason; how many have none, and how
    many recordings leave without the subtitles beside them."""

    kept: dict[tuple[str, str], Kept] = field(default_factory=dict)
    stays: dict[str, list[str]] = field(default_factory=dict)
    missing: int = 0
    silent: int = 0

    def stay(self, why: str, media_id: str) -> None:
        self.stays.setdefault(why, []).append(media_id)

    @property
    def losses(self) -> Counter[str]:
        """How many files stay, by the reason, which names the first of them."""
        lost = Counter({"pictures and recordings of which the study has no file": self.missing,
                        "subtitles of recordings": self.silent})  # fmt: skip
        for why, names in self.stays.items():
            shown = ", ".join(name[:8] for name in names[:NAMED]) + (", ..." if len(names) > NAMED else "")
            lost[f"{why}: {shown}"] = len(names)
        return lost


@dataclass(frozen=True)
class MediaRules:
    """Which files may leave.

    Parameters
    ----------
    captures
        The study's captures.
    redactions
        What was decided about pictures, by their hashes.
    withheld
        Items of which nothing leaves.
    restricted
        Whether recordings leave.
    """

    captures: Path
    redactions: Mapping[str, Redaction]
    withheld: Collection[str]
    restricted: bool


def media_of(items: Iterable[Item], coded: Collection[tuple[str, str]], rules: MediaRules) -> Media:
    """The files of items.

    Parameters
    ----------
    items
        The items of the project.
    coded
        Items with the SHA-256 of a file of theirs that has a code.
    """
    found = Media()
    there = media_ids(rules.captures / MEDIA)
    wanted = set(coded)
    for item in items:
        for name in item.media:
            if hash_in(name) in there:
                wanted.add((item.id, hash_in(name)))
            else:
                found.missing += 1
    for item_id, media_id in sorted(wanted):
        if media_id in there:
            _take(found, item_id, media_id, there[media_id], rules)
    return found


def _take(found: Media, item_id: str, media_id: str, path: Path, rules: MediaRules) -> None:
    redaction = rules.redactions.get(media_id, Redaction())
    if kind_of(path) == "image":
        why = redaction.stays or ("their items must not be quoted" if item_id in rules.withheld else "")
        ending = "" if why else _ending(path)
        if why or not ending:
            found.stay(STAYS.format(why=why or "they are damaged"), media_id)
            return
        found.kept[item_id, media_id] = Kept(media_id, item_id, PICTURE, ending, lambda: _made(redaction, path))
        return
    kind = KINDS.get(path.suffix.lower())
    if redaction.withheld:
        found.stay(f"recordings and files stay, {redaction.stays}", media_id)
    elif not rules.restricted:
        found.stay("recordings and files cannot be redacted; --restricted has them", media_id)
    elif kind is None:
        found.stay(f"files of a kind that a project does not hold ({path.suffix})", media_id)
    elif path.stat().st_size > LARGEST:
        found.stay("files over 2 GB", media_id)
    else:
        found.kept[item_id, media_id] = Kept(media_id, item_id, kind, path.suffix.lower(), path)
        found.silent += any(path.with_suffix(one).exists() for one in ENDINGS)


def _ending(path: Path) -> str:
    """`.jpg` or `.png`, as the redacted picture will be; empty where the file is damaged."""
    try:
        return keeps_as(path)
    except InputError:
        return ""


def _made(redaction: Redaction, path: Path) -> bytes:
    content = leaving(redaction, path)
    assert content is not None, "only what leaves is kept"
    return content
