"""Which item of the study is a source of a project, and with which capture does a new one enter it?

A source that is one of ours (`project_marks`) is the item it was. Any other is a document that stands alone: a post of
the platform `other`, known by its kind, its name and what it holds, so that the same document is the same item from
whichever export it comes. New documents enter as a capture, a canonical table, from which the corpus is derived like
from any other; files of pictures, PDFs and recordings lie beside it in `captures/media/`, named by their SHA-256.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from resilens.coding.items import Items
from resilens.coding.spans import digest
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.corpus.schema import item_id
from resilens.exchange.archive_reading import Archive
from resilens.exchange.code_tree import guid_from
from resilens.exchange.positions import BOM
from resilens.exchange.project_ours import Ours
from resilens.exchange.project_tree import ProjectTree, Source
from resilens.exchange.stored_positions import Laid, Piece, levelled, stored
from resilens.files import replacing

if TYPE_CHECKING:
    import pyarrow as pa

PLATFORM, DOCUMENT = "other", "doc-"
"""The platform of documents, and how their ids on it begin."""

MEDIA = "media"
"""The folder in `captures/`."""

_ENDING = re.compile(r"\.[a-z0-9]{1,8}$")
_KINDS = {"picture": "image", "video": "video", "text": "text"}


@dataclass(frozen=True)
class Document:
    """A source that stands alone, as the item it becomes.

    Parameters
    ----------
    item_id, title, text
        The item; mentions of names are pseudonyms already.
    kind
        As in the table of posts.
    at
        When the source was made, by the project; None where it does not say.
    file, media
        Its file in the project, and `SHA256.ending`, under which that is kept; empty for a text.
    flags
        What was noticed in the text.
    """

    item_id: str
    title: str
    text: str
    kind: str
    at: datetime | None
    file: str = ""
    media: str = ""
    flags: tuple[str, ...] = ()


@dataclass
class Placed:
    """Where the sources of a project are in the study.

    Parameters
    ----------
    items
        The item of every source, by the source's GUID.
    laid
        What each text is made of, by the GUID of its source or transcript.
    media
        The SHA-256 of the file of a picture, PDF or recording, by the GUID.
    new, known
        Documents that would be new, and how many the study has.
    ours
        How many sources are items of the study that come back.
    names
        How many names were replaced by pseudonyms.
    """

    items: dict[str, str] = field(default_factory=dict)
    laid: dict[str, Laid] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    new: list[Document] = field(default_factory=list)
    known: int = 0
    ours: int = 0
    names: int = 0

    @property
    def every_item(self) -> set[str]:
        """Every item that a source is, or whose words it holds."""
        within = {piece.item_id for laid in self.laid.values() for piece in laid.pieces}
        return within | set(self.items.values())


class Placing:
    """Sources on their way into the study.

    Parameters
    ----------
    archive
        The open project.
    pseudonyms
        The study's: a name mentioned in a text is replaced as in any capture.
    """

    def __init__(self, archive: Archive, pseudonyms: Pseudonyms) -> None:
        self._archive, self._pseudonyms = archive, pseudonyms
        self._times: Counter[tuple[str, ...]] = Counter()
        self._placed = Placed()

    def place(self, tree: ProjectTree, items: Items, ours: Ours) -> Placed:
        """Where every source is.

        Parameters
        ----------
        tree
            The project.
        items
            The items that the study has.
        ours
            Which of its sources are items of the study.
        """
        documents: list[Document] = []
        for source in tree.sources:
            if source.guid in ours.sources:
                self._come_back(source, ours)
            else:
                documents += self._stand_alone(source)
        known = items.texts([one.item_id for one in documents])
        self._placed.new = [one for one in documents if one.item_id not in known]
        self._placed.known = len(documents) - len(self._placed.new)
        return self._placed

    def _come_back(self, source: Source, ours: Ours) -> None:
        item, pieces = ours.sources[source.guid]
        self._placed.ours += 1
        self._placed.items[source.guid] = item
        if source.guid in ours.media:
            self._placed.media[source.guid] = ours.media[source.guid]
        else:
            self._hash(source)
        for one in (source, *source.transcripts):
            if one.text is not None:
                self._placed.laid[one.guid] = Laid(one.text, pieces)

    def _hash(self, source: Source) -> str:
        """The SHA-256 of a source's file; empty for a text, and where there is no file."""
        if source.kind == "text" or not source.file:
            return ""
        found = self._placed.media[source.guid] = self._archive.sha256(source.file)
        return found

    def _stand_alone(self, source: Source) -> list[Document]:
        """A document for the source, and one for each of its texts beyond the first."""
        texts = [one for one in (source, *source.transcripts) if one.text is not None]
        media = self._hash(source)
        first = self._document(source, texts[0] if texts else None, media)
        self._placed.items[source.guid] = first.item_id
        if texts:
            self._placed.items[texts[0].guid] = first.item_id
        others = []
        for text in texts[1:]:
            others.append(self._document(text, text, ""))
            self._placed.items[text.guid] = others[-1].item_id
        return [first, *others]

    def _document(self, source: Source, text: Source | None, media: str) -> Document:
        words = text.text if text is not None and text.text is not None else ""
        told = stored(levelled(words.removeprefix(BOM)), self._pseudonym)
        title = stored(levelled(source.name), self._pseudonym)
        self._placed.names += told.names
        what = (source.kind, source.name, digest(told.text), media)
        self._times[what] += 1
        native = DOCUMENT + guid_from("document", *what, str(self._times[what])).replace("-", "")[:24]
        item = item_id(PLATFORM, "p", native)
        if text is not None:
            self._placed.laid[text.guid] = Laid(words, (Piece(item, "text", 0, told.text),), told)
        ending = _ENDING.search(source.file.lower())
        return Document(item, title.text, told.text, _KINDS.get(source.kind, "unknown"), moment(source.at),
                        source.file if media else "", f"{media}{ending[0] if ending else '.bin'}" if media else "",
                        tuple(sorted({*told.flags, *title.flags})))  # fmt: skip

    def _pseudonym(self, name: str) -> str:
        return self._pseudonyms.of_name(PLATFORM, name)


def moment(written: str) -> datetime | None:
    """A time as projects write it, in UTC; one without a zone is taken for UTC, as the standard asks for it.

    None where there is none that a corpus may hold (1990 to 2100).
    """
    try:
        found = datetime.fromisoformat(written.strip())
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if 1990 <= found.year < 2100 else None


def capture_of(documents: list[Document]) -> pa.Table:
    """New documents as a canonical table of posts, sorted by id: the same documents are always the same table."""
    import pyarrow as pa

    from resilens.corpus.schema import STRINGS, TIME

    rows = sorted(documents, key=lambda one: one.item_id)
    return pa.table({
        "post_id": [one.item_id for one in rows], "platform": [PLATFORM] * len(rows),
        "author": pa.nulls(len(rows), pa.string()), "published_at": pa.array([one.at for one in rows], TIME),
        "kind": [one.kind for one in rows], "title": [one.title for one in rows], "text": [one.text for one in rows],
        "hashtags": pa.array([[]] * len(rows), STRINGS),
        "media": pa.array([[one.media] if one.media else [] for one in rows], STRINGS),
        "flags": pa.array([list(one.flags) for one in rows], STRINGS),
    })  # fmt: skip


def keep_media(documents: list[Document], archive: Archive, captures: Path) -> None:
    """Copy the files of documents to `captures/media/`, read-only, those that are there left alone."""
    for one in documents:
        kept = captures / MEDIA / one.media
        if one.media and not kept.exists():
            with replacing(kept, mode=0o444) as temporary, temporary.open("wb") as out:
                for part in archive.parts(one.file):
                    out.write(part)
