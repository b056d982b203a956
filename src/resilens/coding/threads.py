"""What does a person read: posts and comments as they were captured, each thread in the order of its conversation?

Only the items asked for are ever read; a sample fits in memory, a corpus does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import ibis
import pyarrow as pa

from resilens.capture.media import hash_in
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import COUNTS
from resilens.record.store import Record

UNKNOWN = "unknown"
_SHOWN_OF_COMMENTS = ("likes",)
_PLAIN = ("platform", "author", "published_at", "time_basis", "time_precision", "text", "script", "language",
          "location", "media", "flags")  # fmt: skip
_OF_POSTS = ("kind", "title", "hashtags", "url")
_OF_COMMENTS = ("parent_id", "root_id", "depth", "replies")


@dataclass(frozen=True, slots=True)
class Item:
    """A post or comment as a reader sees it.

    Parameters
    ----------
    item_id, post_id
        The item, and the post of its thread (itself for a post).
    kind
        `post` or `comment`.
    parent_id, root_id, depth
        Of a comment: what it answers, the head of its branch, 1 at top level; None where the chain is broken.
    author, group, actor_type
        A pseudonym; its community and kind, by the study's rules unless a person overruled them.
    published_at, time_basis, time_precision
        UTC, or None; see `corpus.schema`.
    counts
        By name, the number (None where not shown) and how sure it is.
    media
        Hashes of the pictures and recordings that are here.
    elsewhere
        How many others it had that were not captured.
    """

    item_id: str
    kind: str
    post_id: str
    platform: str = ""
    parent_id: str = ""
    root_id: str = ""
    depth: int | None = None
    author: str = ""
    group: str = UNKNOWN
    actor_type: str = UNKNOWN
    published_at: datetime | None = None
    time_basis: str = UNKNOWN
    time_precision: str = UNKNOWN
    title: str = ""
    text: str = ""
    hashtags: tuple[str, ...] = ()
    script: str = ""
    language: str = ""
    counts: Mapping[str, tuple[int | None, str]] = field(default_factory=dict)
    location: str = ""
    url: str = ""
    media: tuple[str, ...] = ()
    elsewhere: int = 0
    flags: tuple[str, ...] = ()

    @property
    def is_post(self) -> bool:
        return self.kind == "post"

    @property
    def fields(self) -> dict[str, str]:
        """Its stored texts by field: `title` and `text` of a post, `text` of a comment."""
        return {"title": self.title, "text": self.text} if self.is_post else {"text": self.text}


class Threads:
    """Items in the order of their conversations.

    Parameters
    ----------
    items
        Posts and comments; a comment whose post is not among them still has its thread.
    order
        The posts in the order in which they are read; others follow by their ids.
    """

    def __init__(self, items: Iterable[Item], order: Sequence[str] = ()) -> None:
        self._items = {item.item_id: item for item in items}
        gathered: dict[str, list[Item]] = {}
        for item in self._items.values():
            gathered.setdefault(item.post_id, []).append(item)
        ranked = [post for post in dict.fromkeys(order) if post in gathered]
        self.posts = (*ranked, *sorted(gathered.keys() - set(ranked)))
        self._threads = {post: tuple(conversation(gathered[post])) for post in self.posts}

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._items

    def item(self, item_id: str) -> Item | None:
        """The item of that id, or None."""
        return self._items.get(item_id)

    def thread(self, post_id: str) -> tuple[Item, ...]:
        """The post and its comments as they are read; empty where there is no such thread."""
        return self._threads.get(post_id, ())

    def in_order(self) -> list[Item]:
        """Every item, thread by thread."""
        return [item for post in self.posts for item in self._threads[post]]


def conversation(items: Iterable[Item]) -> list[Item]:
    """A post, then its comments: branches by the time of their first comment, each comment under what it answers.

    Comments of unknown time come last, equal times go by id; a comment whose parent is not here stands at the end of
    its branch.
    """
    found = list(items)
    here = {item.item_id for item in found}
    children: dict[str, list[Item]] = {}
    for item in found:
        if not item.is_post:
            above = item.parent_id if item.parent_id in here else item.root_id if item.root_id in here else ""
            children.setdefault(above if above != item.item_id else "", []).append(item)
    ordered = [item for item in found if item.is_post]
    waiting = sorted(children.pop("", []), key=_time, reverse=True)
    while waiting:
        item = waiting.pop()
        ordered.append(item)
        waiting += sorted(children.pop(item.item_id, []), key=_time, reverse=True)
    return ordered + [item for rest in children.values() for item in rest]  # answers that go round in a circle


def _time(item: Item) -> tuple[bool, datetime, str]:
    return item.published_at is None, item.published_at or datetime.min.replace(tzinfo=UTC), item.item_id


def read_items(corpus: Corpus, ids: Collection[str]) -> dict[str, Item]:
    """The captured items of these ids, in one pass over posts and one over comments; unknown ids are left out."""
    wanted = ibis.memtable(pa.table({"wanted": pa.array(sorted(set(ids)), pa.string())}))
    posts = corpus.table("posts").semi_join(wanted, [("post_id", "wanted")])
    comments = corpus.table("comments").semi_join(wanted, [("comment_id", "wanted")])
    return _read(corpus, posts, comments)


def read_threads(corpus: Corpus, post_ids: Collection[str]) -> Threads:
    """These posts with all their captured comments."""
    order = list(dict.fromkeys(post_ids))
    wanted = ibis.memtable(pa.table({"wanted": pa.array(sorted(order), pa.string())}))
    posts = corpus.table("posts").semi_join(wanted, [("post_id", "wanted")])
    comments = corpus.table("comments").semi_join(wanted, [("post_id", "wanted")])
    return Threads(_read(corpus, posts, comments).values(), order)


def _read(corpus: Corpus, posts: Any, comments: Any) -> dict[str, Item]:
    found: dict[str, Item] = {}
    authors = corpus.table("authors").select("author", "group", "actor_type")
    for rows, names, counts, kind in (
        (posts, ("post_id", *_OF_POSTS), COUNTS, "post"),
        (comments, ("comment_id", "post_id", *_OF_COMMENTS), _SHOWN_OF_COMMENTS, "comment"),
    ):
        shown = [column for name in counts for column in (name, f"{name}_bound")]
        joined = rows.select(*names, *_PLAIN, *shown).left_join(authors, "author").drop("author_right")
        for row in corpus.frame(joined).to_pylist():
            item = _item(row, kind, counts)
            found[item.item_id] = item
    return found


def _item(row: Mapping[str, Any], kind: str, counts: Sequence[str]) -> Item:
    references = row["media"] or ()
    here = tuple(dict.fromkeys(name for one in references if (name := hash_in(one))))
    return Item(
        row[f"{kind}_id"], kind, row["post_id"], row["platform"] or "", row.get("parent_id") or "",
        row.get("root_id") or "", row.get("depth"), row["author"] or "", row["group"] or UNKNOWN,
        row["actor_type"] or UNKNOWN, row["published_at"], row["time_basis"] or UNKNOWN,
        row["time_precision"] or UNKNOWN, row.get("title") or "", row["text"] or "", tuple(row.get("hashtags") or ()),
        row["script"] or "", row["language"] or "",
        {name: (row[name], row[f"{name}_bound"] or UNKNOWN) for name in counts}, row["location"] or "",
        row.get("url") or "", here, len(references) - len(here), tuple(row["flags"] or ()),
    )  # fmt: skip


def overruled(items: Iterable[Item], record: Record) -> list[Item]:
    """The items with the groups and actor types that persons decided on the record."""
    decided = {row["author"]: row for row in record.view("groups")}

    def of(item: Item) -> Item:
        row = decided.get(item.author)
        if row is None:
            return item
        return replace(item, group=row["group"] or item.group, actor_type=row["actor_type"] or item.actor_type)

    return [of(item) for item in items]
