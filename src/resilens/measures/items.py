"""What does a measure compute with? The items that were read, as arrays: whose, when, in which thread, answering what.

Only the items read are ever brought into Python; everything else of the corpus is counted by the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from resilens.study.zones import offset_minutes

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus

Numbers: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

UNKNOWN = "unknown"
"""The group of those whom no rule and no person places."""

NEVER = -(2**63)
"""Stands for the time of an item whose time is not known; never computed with: ask `dated` first."""

EPOCH = date(1970, 1, 1)
MONDAY = date(1969, 12, 29)
MILLISECONDS_A_DAY = 86_400_000


@dataclass(frozen=True, eq=False)
class Marks:
    """Which items have a code; arrays of shape (items,).

    Parameters
    ----------
    there
        Whether it applies; False where that is unresolved.
    known
        Whether that is settled. What is unresolved is missing, neither with the code nor without it.
    """

    there: Flags
    known: Flags


@dataclass(frozen=True, eq=False)
class Items:
    """Items in one order, posts and comments; all arrays have the shape (items,).

    Parameters
    ----------
    item_id, author
        The item, and its author's pseudonym (empty where the capture names none).
    is_post
        Post or comment.
    thread
        The place of its thread in `threads`.
    threads
        The posts whose threads these are, sorted; shared by every selection.
    parent
        What it answers: the comment, or the post for a comment at top level; empty for a post.
    at
        When it was published, milliseconds since 1970 in UTC; `NEVER` where unknown.
    day
        The study's day of it, days since 1970; `NEVER` where unknown.
    group
        The place of its author's group in `groups`.
    groups
        The study's groups in its order, then `unknown`.
    period
        The place of its period in the study's periods, -1 where it lies in none.
    """

    item_id: NDArray[np.object_]
    author: NDArray[np.object_]
    is_post: Flags
    thread: Places
    threads: tuple[str, ...]
    parent: NDArray[np.object_]
    at: Places
    day: Places
    group: Places
    groups: tuple[str, ...]
    period: Places

    def __len__(self) -> int:
        return int(self.item_id.size)

    def __repr__(self) -> str:
        posts = int(self.is_post.sum())
        return f"<{posts} posts and {len(self) - posts} comments of {self.n_threads} threads>"

    @cached_property
    def place(self) -> dict[str, int]:
        """The place of each item by its id."""
        return {item: place for place, item in enumerate(self.item_id)}

    @property
    def dated(self) -> Flags:
        """Whether the time is known."""
        return np.asarray(self.at != NEVER, dtype=bool)

    @cached_property
    def week(self) -> Places:
        """The Monday of the study's week, days since 1970; `NEVER` where unknown."""
        monday = (MONDAY - EPOCH).days
        return np.where(self.dated, self.day - (np.where(self.dated, self.day, 0) - monday) % 7, NEVER)

    @cached_property
    def answered(self) -> Places:
        """The place of the item it answers, -1 where that is not among these or there is none."""
        return np.array([self.place.get(parent, -1) for parent in self.parent], dtype=np.int64)

    @property
    def n_threads(self) -> int:
        """In how many threads these items lie."""
        return int(np.unique(self.thread).size)

    def of_group(self, name: str) -> Flags:
        """Which items are by authors of a group; none where the study has no such group."""
        if name not in self.groups:
            return np.zeros(len(self), dtype=np.bool_)
        return np.asarray(self.group == self.groups.index(name), dtype=bool)

    def select(self, which: Flags) -> Items:
        """Some of the items; `threads` and `groups` stay as they are."""
        return Items(
            self.item_id[which], self.author[which], self.is_post[which], self.thread[which], self.threads,
            self.parent[which], self.at[which], self.day[which], self.group[which], self.groups, self.period[which],
        )  # fmt: skip

    def marks(self, presence: Mapping[str, bool | None]) -> Marks:
        """Which items have a code, by what `coding.Final.presence` says of each; an item it does not name is unread
        and so neither known nor there."""
        said = [presence.get(item) for item in self.item_id]
        known = np.array([one is not None for one in said], dtype=np.bool_)
        return Marks(np.array([one is True for one in said], dtype=np.bool_), known)


def day_number(day: date) -> int:
    """A day as days since 1970."""
    return (day - EPOCH).days


def day_of_number(number: int) -> date:
    """The day of a number of days since 1970."""
    return EPOCH + timedelta(days=int(number))


def items_of(
    corpus: Corpus, wanted: Collection[str], zone: str, decided: Mapping[str, str], groups: tuple[str, ...],
    period_of: Callable[[Places], Places],
) -> Items:  # fmt: skip
    """These items of the corpus, sorted by thread, posts first, then by time and id; those it has not are left out.

    Parameters
    ----------
    corpus
        An open corpus.
    wanted
        Item ids.
    zone
        The study's zone, for days.
    decided
        Groups decided by a person, by author; they come before the study's rules.
    groups
        The study's groups in its order, without `unknown`.
    period_of
        The place of each day's period, -1 for none; it is given days since 1970, `NEVER` among them.
    """
    rows = sorted(_rows(corpus, wanted), key=lambda row: (row["thread"], not row["is_post"], _time(row), row["item"]))
    threads = tuple(sorted({row["thread"] for row in rows}))
    thread = {name: place for place, name in enumerate(threads)}
    names = (*groups, UNKNOWN)
    group = {name: place for place, name in enumerate(names)}
    at = np.array([NEVER if row["at"] is None else row["at"] for row in rows], dtype=np.int64)
    local = np.where(at == NEVER, 0, at) + offset_minutes(zone) * 60_000
    day = np.where(at == NEVER, NEVER, local // MILLISECONDS_A_DAY)
    placed = [group.get(decided.get(row["author"]) or row["group"] or UNKNOWN, len(groups)) for row in rows]
    return Items(
        _objects(rows, "item"), _objects(rows, "author"),
        np.array([row["is_post"] for row in rows], dtype=np.bool_),
        np.array([thread[row["thread"]] for row in rows], dtype=np.int64), threads, _objects(rows, "parent"), at, day,
        np.array(placed, dtype=np.int64), names, period_of(day),
    )  # fmt: skip


def _time(row: Mapping[str, Any]) -> int:
    return NEVER if row["at"] is None else int(row["at"])


def _objects(rows: list[dict[str, Any]], name: str) -> NDArray[np.object_]:
    column = np.empty(len(rows), dtype=object)
    column[:] = [row[name] or "" for row in rows]
    return column


def _rows(corpus: Corpus, wanted: Collection[str]) -> list[dict[str, Any]]:
    ids = ibis.memtable(pa.table({"item": pa.array(sorted(set(wanted)), pa.string())}))
    authors = corpus.table("authors").select("author", "group")
    posts, comments = corpus.table("posts"), corpus.table("comments")
    rows: list[dict[str, Any]] = []
    for is_post, own in (
        (True, posts.select("author", "published_at", item=posts.post_id, thread=posts.post_id,
                            parent=ibis.literal(""))),
        (False, comments.select("author", "published_at", item=comments.comment_id, thread=comments.post_id,
                                parent=comments.parent_id)),
    ):  # fmt: skip
        joined = ids.join(own, "item").left_join(authors, "author")
        at = joined.published_at.epoch_seconds() * 1000
        milliseconds = (at + joined.published_at.millisecond().cast("int64")).name("at")
        found = corpus.frame(joined.select("item", "thread", "author", "parent", "group", milliseconds)).to_pylist()
        for row in found:
            row["is_post"] = is_post
            if not is_post and not row["parent"]:
                row["parent"] = row["thread"]
        rows += found
    return rows
