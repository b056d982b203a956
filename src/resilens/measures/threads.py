"""On how few threads do the comments lie, and which part of the declared ones was captured?

The engine counts how many threads have how many comments; ten million comments are a short table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import numpy as np

from resilens.capture.status import thread_coverage
from resilens.measures.items import Places
from resilens.measures.statistics.concentration import gini, top_share
from resilens.results.tables import counted
from resilens.results.types import Description, Result, Undefined

if TYPE_CHECKING:
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
    return {names[0]: Description(gini(values, posts), n, frame),
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
