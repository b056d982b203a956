"""On how few threads do the comments lie, which part of the declared ones was captured, and which threads are whole?

The engine counts how many threads have how many comments; ten million comments are a short table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa

from resilens.capture.status import thread_coverage
from resilens.measures.items import NEVER, Flags, Items, Places
from resilens.measures.statistics.concentration import gini, top_share
from resilens.results.tables import counted
from resilens.results.types import Description, Result, Undefined

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from resilens.corpus.engine import Corpus


@dataclass(frozen=True, eq=False)
class ThreadSizes:
    """Captured posts by their comments; arrays of shape (k,).

    Parameters
    ----------
    captured, declared
        How many comments were captured, and how many the platform says there are (-1 where it does not).
    posts
        How many posts are so.
    """

    captured: Places
    declared: Places
    posts: Places


def thread_sizes(corpus: Corpus) -> ThreadSizes:
    """How many captured posts have how many comments captured and declared."""
    threads = thread_coverage(corpus)
    threads = threads.filter(threads.post_captured)
    sizes = threads.select("captured", declared=ibis.coalesce(threads.declared, -1))
    counted_posts = sizes.group_by("captured", "declared").agg(posts=ibis._.count())
    table = corpus.frame(counted_posts.order_by("captured", "declared"))
    return ThreadSizes(*(table[name].to_numpy().astype(np.int64) for name in ("captured", "declared", "posts")))


def concentration(sizes: ThreadSizes) -> dict[str, Result]:
    """Gini's coefficient and the share of the top 1 % of threads, of captured and of declared comments."""
    known = sizes.declared >= 0
    captured = _unequal("captured", sizes.captured, sizes.posts, "captured")
    shown = "captured with a count of comments"
    return captured | _unequal("declared", sizes.declared[known], sizes.posts[known], shown)


def _unequal(name: str, values: Places, posts: Places, which: str) -> dict[str, Result]:
    names = [f"{name} comments over threads: {what}" for what in ("Gini", "top 1%")]
    if not (values * posts).sum():
        return dict.fromkeys(names, Undefined(f"no comments are {name}"))
    n = int(posts.sum())
    frame = f"the {counted(n, 'post')} {which}"
    return {names[0]: Description(gini(values, posts), n, frame, "index"),
            names[1]: Description(top_share(values, posts), n, frame, "share")}  # fmt: skip


def coverage(sizes: ThreadSizes) -> dict[str, Result]:
    """Captured over declared comments: of all threads together, and of the thread in the middle.

    Only threads that declare comments count; what was captured beyond what is declared does not.
    """
    some = sizes.declared > 0
    said, posts = sizes.declared[some], sizes.posts[some]
    names = ("coverage: all threads", "coverage: median thread")
    if not len(said):
        return dict.fromkeys(names, Undefined("no captured post declares comments"))
    kept = np.minimum(sizes.captured[some], said)
    n = int(posts.sum())
    order = np.argsort(kept / said, kind="stable")
    middle = int(np.searchsorted(np.cumsum(posts[order]), n / 2))
    values = (float((kept * posts).sum() / (said * posts).sum()), float((kept / said)[order][middle]))
    frame = f"the {counted(n, 'thread')} that declare comments"
    return {name: Description(value, n, frame, "share") for name, value in zip(names, values, strict=True)}


FINE = ("millisecond", "second", "minute", "hour")
"""Precisions of a time that tell hours apart."""


@dataclass(frozen=True, eq=False)
class Watched:
    """How far each thread can be seen; arrays of shape (threads,), in the order of `Items.threads`.

    Parameters
    ----------
    whole
        Whether it was captured whole and read whole: at least as many comments captured as its post declares, that
        count exact, and every captured comment among the items.
    comments
        How many of its comments are among the items.
    timed
        Whether the times of its post and of all its captured comments are known to the hour.
    until
        When it was last captured, milliseconds since 1970 in UTC; where no capture says when, its last known item.
    """

    whole: Flags
    comments: Places
    timed: Flags
    until: Places

    @property
    def seen(self) -> Flags:
        """Whether anything can be said of what came to the post: a comment was read, or there was none to read."""
        return np.asarray(self.whole | (self.comments > 0))


def watched(corpus: Corpus, items: Items) -> Watched:
    """How far the threads of these items can be seen.

    Parameters
    ----------
    corpus
        An open corpus.
    items
        All items read, posts and comments.
    """
    wanted = ibis.memtable(pa.table({"thread": pa.array(list(items.threads), pa.string())}))
    place = {thread: number for number, thread in enumerate(items.threads)}
    read = np.bincount(items.thread[~items.is_post], minlength=len(place)).astype(np.int64)
    whole, timed = np.zeros(len(place), dtype=bool), np.ones(len(place), dtype=bool)
    sizes = thread_coverage(corpus).rename(thread="post_id").semi_join(wanted, "thread")
    for row in corpus.frame(sizes).to_pylist():
        exact = row["declared"] is not None and row["declared_bound"] == "exact"
        number = place[row["thread"]]
        whole[number] = exact and row["captured"] >= row["declared"] and read[number] >= row["captured"]
    posts, comments = corpus.table("posts"), corpus.table("comments")
    held = posts.select("time_precision", item_id=posts.post_id, thread=posts.post_id).union(
        comments.select("time_precision", item_id=comments.comment_id, thread=comments.post_id))  # fmt: skip
    held = held.semi_join(wanted, "thread")
    coarse = held.filter(~ibis.coalesce(held.time_precision, "unknown").isin(FINE)).select("thread").distinct()
    for row in corpus.frame(coarse).to_pylist():
        timed[place[row["thread"]]] = False
    return Watched(whole, read, timed, _until(corpus, items, held, place))


def _until(corpus: Corpus, items: Items, held: ir.Table, place: dict[str, int]) -> Places:
    """When each thread was last captured, or its last known item published."""
    until = np.full(len(place), NEVER, dtype=np.int64)
    np.maximum.at(until, items.thread, items.at)
    looks = corpus.table("observations")
    looks = looks.filter(looks.state == "seen", looks.collected_at.notnull())
    moments = held.inner_join(looks.select("item_id", at=looks.collected_at.epoch_seconds()), "item_id")
    for row in corpus.frame(moments.group_by("thread").agg(at=ibis._["at"].max())).to_pylist():
        number = place[row["thread"]]
        until[number] = max(until[number], row["at"] * 1000)
    return until
