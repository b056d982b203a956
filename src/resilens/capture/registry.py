"""Which reader reads this file?

From its content, never from its name. To add a source format, write its reader and name it in `READERS`; the order is
the order of trying, and the generic table, which takes any table, stays last.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from resilens.capture.activitypub import ActivityPub
from resilens.capture.bluesky import Bluesky
from resilens.capture.canonical import Canonical
from resilens.capture.files import FORMATS, Source
from resilens.capture.fourcat import FOURCAT
from resilens.capture.mapping import Mapping
from resilens.capture.mastodon import Mastodon
from resilens.capture.mediacrawler import MediaCrawler
from resilens.capture.minet import MINET
from resilens.capture.plain import Block
from resilens.capture.reader import Adopting, InBlocks, Options, Reader, Stating
from resilens.capture.records import Broken, Captured, CapturedPost, Retrieval
from resilens.capture.reddit import REDDIT
from resilens.capture.rednote import RednoteApi
from resilens.capture.table import Table
from resilens.capture.tiktok_research import TikTokResearch
from resilens.capture.traces import ERASED
from resilens.capture.transcription import TranscriptionReader
from resilens.capture.xhs_downloader import XHS_DOWNLOADER
from resilens.capture.zeeschuimer import Zeeschuimer
from resilens.errors import Fault, InputError

READERS: dict[str, Reader] = {
    reader.name: reader
    for reader in (
        Canonical(),
        TranscriptionReader(),
        Zeeschuimer(),
        RednoteApi(),
        MediaCrawler(),
        FOURCAT,
        MINET,
        XHS_DOWNLOADER,
        TikTokResearch(),
        Bluesky(),
        Mastodon(),
        ActivityPub(),
        REDDIT,
        Table(),
    )
}
"""Every reader by name, in the order of trying."""


_Given = TypeVar("_Given", Captured, Captured | Block)


@dataclass(frozen=True, slots=True)
class Opened:
    """A capture with its reader: what `resilens add` says about it, and its records.

    Parameters
    ----------
    source
        The file; `source.encoding` says how its text was decoded.
    reader
        The reader.
    why
        Why this one, in words.
    options
        The options with the mapping filled in, as they must be kept to read the file again in the same way.
    mapping
        The column mapping of a table, None for readers that need none.
    own
        What the record keeps of the file besides, by its reader's names.
    """

    source: Source
    reader: Reader
    why: str
    options: Options
    mapping: Mapping | None = None
    own: AnyMapping[str, Any] = field(default_factory=dict)

    @property
    def guessed(self) -> bool:
        """Whether the mapping was guessed, not declared."""
        return self.mapping is not None and self.mapping.guessed

    def read(self) -> Iterator[Captured]:
        """Every record of the file, with what the user declared."""
        return declared(self.reader.read(self.source, self.options), self.options)

    def read_in_blocks(self) -> Iterator[Captured | Block]:
        """The same, plain comments in blocks where the reader can (`capture.plain`)."""
        if not isinstance(self.reader, InBlocks):
            return self.read()
        return declared(self.reader.read_in_blocks(self.source, self.options), self.options)


def reader(name: str) -> Reader:
    """The reader of that name.

    Raises
    ------
    InputError
        If there is none, with the nearest name.
    """
    if name in READERS:
        return READERS[name]
    near = difflib.get_close_matches(name.lower(), READERS, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise InputError(f"there is no reader {name!r}{hint} (there are {', '.join(READERS)})")


def recognise(path: Path, name: str = "") -> tuple[Reader, str]:
    """The reader that fits the file's content, and why.

    Parameters
    ----------
    path
        The file.
    name
        What its user calls it, for messages.

    Raises
    ------
    InputError
        If no reader fits, with what was looked for.
    """
    return _recognise(Source(path, name))


def _recognise(source: Source) -> tuple[Reader, str]:
    head = source.head
    for candidate in READERS.values():
        recognition = candidate.recognise(head)
        if recognition:
            return candidate, recognition.why
    shown = ", ".join(head.columns[:12]) or "none"
    looked_for = ", ".join(candidate.title for candidate in READERS.values())
    raise InputError(
        Fault(
            f"no reader fits: this is {FORMATS[head.format]} with these columns or keys: {shown}. "
            f"Looked for: {looked_for} (docs/sources.md says by what each is recognised). Name a reader with --reader, "
            "or the columns of a table with --map",
            source.title,
        )
    )


def opened(path: Path, options: Options | None = None, name: str = "") -> Opened:
    """Open a capture: recognise it (or take the reader that the options name) and settle the mapping of a table.

    Raises
    ------
    InputError
        If it cannot be opened, no reader fits, or the columns of a table are not clear enough to be read unasked.
    """
    options = options or Options()
    source = Source(path, name)
    if options.reader:
        chosen, why = reader(options.reader), "named with --reader"
    elif options.mapping:
        chosen, why = READERS["table"], "its columns were named with --map"
    else:
        chosen, why = _recognise(source)
    if isinstance(chosen, Adopting):
        chosen.check(source)
    if isinstance(chosen, Stating):
        options, own = chosen.stated(source, options)
        return Opened(source, chosen, why, options, own=own)
    if not isinstance(chosen, Table):
        return Opened(source, chosen, why, options)
    mapping = chosen.mapping(source, options)
    return Opened(source, chosen, why, replace(options, mapping=mapping), mapping)


def declared(captured: Iterable[_Given], options: Options) -> Iterator[_Given]:
    """Add what the user declared for a whole file: the query and ranking with ranks in the file's order, the time.

    Plain comments know when they were captured, and have no query.
    """
    ranks: dict[str, int] = {}
    for given in captured:
        for record in (one for _, one in given.others) if isinstance(given, Block) else (given,):
            _declare(record, options, ranks)
        yield given


def _declare(record: Captured, options: Options, ranks: dict[str, int]) -> None:
    if options.collected_at is not None and not isinstance(record, Broken) and record.collected_at is None:
        record.collected_at = options.collected_at
    if options.query and isinstance(record, Broken) and record.reason == ERASED:
        ranks.setdefault(f"erased {record.line}", len(ranks) + 1)  # its rank stays taken
    if isinstance(record, CapturedPost):
        rank = ranks.setdefault(record.native_id, len(ranks) + 1) if options.query else None
        _declare_retrieval(record, options, rank)


def _declare_retrieval(post: CapturedPost, options: Options, rank: int | None) -> None:
    if options.query:
        post.retrieval = Retrieval(options.query, options.ranking, rank)
    if post.retrieval is not None:
        post.retrieval.ranking = options.ranking or post.retrieval.ranking
        post.retrieval.account = options.account or post.retrieval.account
        post.retrieval.locale = options.locale or post.retrieval.locale
