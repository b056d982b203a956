"""What must a reader be able to do, and what may the user decide for it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from resilens.capture.files import Head, Source
    from resilens.capture.mapping import Mapping
    from resilens.capture.plain import Block
    from resilens.capture.records import Captured
    from resilens.capture.staging import Counts

FLAGS = {
    "advertisement": "the platform marks it as an advertisement",
    "answers_another": "a reply whose capture does not name the post it answers: it stays a post",
    "author_id_damaged": "a spreadsheet destroyed the author's id",
    "by_post_author": "a comment by the author of the post, as the platform marks it",
    "duet": "a duet with another video",
    "likes_hidden": "the account hides its likes; what the platform then shows is no number of them",
    "not_public": "not public: the account is private, or the item is for followers, friends or a closed group only",
    "opted_out": "the account asks not to be shown to people who are not logged in, or not to be searched or collected",
    "paid_partnership": "the platform marks it as a paid partnership",
    "parent_id_damaged": "a spreadsheet destroyed the id of the comment it answers",
    "parent_not_named": "a reply whose capture does not name what it answers: it stands at top level",
    "partial": "a partial item: Zeeschuimer saw it on a page that shows no time and few counts",
    "pinned_by_author": "the author of the post pinned this comment",
    "platform_status_N": "the platform gave the comment a status other than 0 (3 and -2 were seen; not documented)",
    "quotes_another": "it quotes another post",
    "repost": "it passes on another's post: the text is the other's, and counts are left out",
    "second_check": "transcribed, and checked by a second person",
    "sensitive": "its author or the platform marks it as sensitive",
    "text_not_captured": "the text was not in the capture: an overview page shows titles only, or the tool says so",
    "text_removed": "the platform shows a word in place of the text: taken back by its author or by moderators",
    "thread_start_not_captured": "the beginning of its thread was not captured: the earliest item named stands for it",
    "transcribed": "typed from a screenshot or recording",
    "unchecked": "transcribed, and not yet checked by a second person",
    "undefined_became_null": "the text holds `null`, which may have been `undefined` on the page",
    "unlisted": "public, but its author keeps it out of timelines and searches",
}
"""What readers note about a record; `capture.normalise` adds its own."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user declares for a file; everything may be left out.

    Parameters
    ----------
    reader
        The reader to use, by name, whatever the content looks like.
    mapping
        The columns of a table.
    platform
        The platform of a table that does not say; one of `corpus.schema.PLATFORMS`.
    zone
        The zone of times that state none, as `UTC+08:00`.
    query, ranking
        The search or hashtag, and the order (`likes`, `comments`, ...), under which the posts were found. Every post of
        the file then becomes a retrieval whose rank is its place in the file. A ranking alone is added to the queries
        that the capture itself holds.
    account, locale
        The account the search was made with, and its language or region.
    collected_at
        When it was captured, for records that do not say; raw, like any time.
    complete
        Whether the files added together hold all comments shown of every thread of which they hold any
        (`capture.recaptures`).
    """

    reader: str | None = None
    mapping: Mapping | None = None
    platform: str | None = None
    zone: str | None = None
    query: str | None = None
    ranking: str | None = None
    account: str | None = None
    locale: str | None = None
    collected_at: Any = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Recognition:
    """That a reader fits a file, and why, in words."""

    why: str


class Reader(Protocol):
    """One source format. `name` is what `--reader` takes; the texts feed docs/sources.md."""

    name: str
    title: str
    recognised: str
    reads: str
    drops: str
    infers: str

    def recognise(self, head: Head) -> Recognition | None:
        """Whether the file's content fits; extra columns or keys never count against it."""

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """Every record of the file, in order: posts, comments, and what is broken."""


@runtime_checkable
class InBlocks(Protocol):
    """A reader that hands on plain comments in blocks, where one by one would be too slow; the rest is the same."""

    def read_in_blocks(self, source: Source, options: Options) -> Iterator[Captured | Block]:
        """What `read` gives, in the same order."""


@runtime_checkable
class Adopting(Protocol):
    """A reader whose files hold canonical rows already: it stages whole batches, where one by one would be too slow."""

    def check(self, source: Source) -> None:
        """Refuse a file that cannot be adopted, before anything of it is kept.

        Raises
        ------
        InputError
            With everything that is wrong with its columns.
        """

    def stage(
        self, source: Source, options: Options, folder: Path, progress: Callable[[int], None] | None = None
    ) -> Counts:
        """Write posts.parquet, comments.parquet and quarantine.parquet, schemas as in `capture.staging`, into a folder.

        Every row is in one of the three, `seq` and `line` being its number from 1.
        """


@runtime_checkable
class Stating(Protocol):
    """A reader whose files say themselves what must be declared for others."""

    def stated(self, source: Source, options: Options) -> tuple[Options, dict[str, Any]]:
        """The options with what the file says and nobody declared, and what the record is to keep besides."""
