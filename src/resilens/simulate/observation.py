"""What would somebody who captures see of it? Not everything: what is there on the day, what a search returns, the top.

Observing never changes what happened: it chooses rows and shows counts. The truth keeps everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from resilens.simulate.content import Vocabulary
from resilens.simulate.histories import Users
from resilens.simulate.streams import Ids, Streams
from resilens.simulate.threads import Chunk, Items
from resilens.simulate.world import World

Floats: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]
Chosen: TypeAlias = npt.NDArray[np.bool_]

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Shown:
    """The counts that a platform shows of posts; of comments only `likes` and `comments` (replies)."""

    likes: Counts
    comments: Counts
    bookmarks: Counts
    shares: Counts
    views: Counts


def there(items: Items, users: Users, day: float) -> Chosen:
    """Which items can be seen on a day: published, not removed, the account not deleted."""
    return (items.time < day) & (items.removed > day) & ~users.deleted[items.author]


def seen(chunk: Chunk, users: Users, day: float) -> tuple[Chosen, Chosen]:
    """Which posts and comments of a chunk can be seen: a comment needs its post and every comment above it."""
    posts = there(chunk.posts, users, day)
    comments = there(chunk.comments, users, day) & posts[chunk.comments.post]
    for depth in range(2, int(chunk.comments.depth.max(initial=1)) + 1):
        here = np.flatnonzero(chunk.comments.depth == depth)
        comments[here] &= comments[chunk.comments.parent[here]]
    return posts, comments


def shown(chunk: Chunk, visible: Chosen, streams: Streams) -> Shown:
    """The counts of posts: comments as many as can be seen; likes grow with the post's appeal, with a heavy tail."""
    posts = chunk.posts
    comments = np.bincount(chunk.comments.post[visible], minlength=posts.size)
    spread = np.exp(1.1 * streams.normal("post.likes", posts.id))
    likes = np.floor((2.0 + 14.0 * posts.appeal + 3.0 * comments) * spread).astype(np.int64)
    bookmarks = np.floor(likes * 0.02 * np.exp(1.6 * streams.uniform("post.bookmarks", posts.id))).astype(np.int64)
    shares = np.floor(likes * 0.06 * streams.uniform("post.shares", posts.id)).astype(np.int64)
    views = np.floor((likes + 1) * np.exp(2.6 + 0.5 * streams.normal("post.views", posts.id))).astype(np.int64)
    return Shown(likes, comments, bookmarks, shares, views)


def comment_likes(comments: Items, streams: Streams) -> Counts:
    """Likes of comments: most few or none, some many."""
    return np.floor(np.exp(1.5 * streams.normal("comment.likes", comments.id)) * 1.2 / comments.depth).astype(np.int64)


def replies(chunk: Chunk, visible: Chosen) -> Counts:
    """Direct replies to each comment that can be seen."""
    answered = chunk.comments.parent[visible]
    return np.bincount(answered[answered >= 0], minlength=chunk.comments.size)


def top(chunk: Chunk, visible: Chosen, likes: Counts, many: int) -> Chosen:
    """Of the visible comments of each post the `many` most liked, with those above them; all where many is 0."""
    if not many:
        return visible
    own = np.flatnonzero(visible)
    order = own[np.lexsort((chunk.comments.id[own], -likes[own], chunk.comments.post[own]))]
    post = chunk.comments.post[order]
    begins = np.searchsorted(post, post, side="left")
    kept = np.zeros_like(visible)
    kept[order[np.arange(order.size) - begins < many]] = True
    for depth in range(int(chunk.comments.depth.max(initial=1)), 1, -1):
        here = np.flatnonzero(kept & (chunk.comments.depth == depth))
        kept[chunk.comments.parent[here]] = True
    return kept


def tag_masks(world: World, vocabulary: Vocabulary, posts: Items, streams: Streams) -> npt.NDArray[np.uint8]:
    """Which of the world's hashtags each post carries, as bits: one drawn by weight, each other with a chance of its
    own that grows with its weight."""
    plain = np.array([tag.weight for tag in world.hashtags])
    tribute = np.array([tag.tribute_weight or tag.weight for tag in world.hashtags])
    if not plain.size:
        return np.zeros(posts.size, np.uint8)
    tributes = np.array([code.startswith("practice.tribute") for code in vocabulary.codes] + [False])
    is_tribute = tributes[posts.practice]
    first = np.where(is_tribute, streams.chosen("post.tag", posts.id, np.cumsum(tribute)),
                     streams.chosen("post.tag", posts.id, np.cumsum(plain)))  # fmt: skip
    masks = (1 << first).astype(np.uint8)
    for place, share in enumerate(0.5 * plain / plain.sum()):
        also = streams.uniform(f"post.tag.{place}", posts.id) < share
        masks |= np.where(also, 1 << place, 0).astype(np.uint8)
    return masks


def tag_words(world: World) -> tuple[pa.Array, list[list[str]]]:
    """For each set of hashtags, by its bits: the words that stand in the text, and the list of tags."""
    words, lists = [], []
    for mask in range(1 << len(world.hashtags)):
        tags = [tag.name for place, tag in enumerate(world.hashtags) if mask >> place & 1]
        marker = "[话题]#" if world.platform == "rednote" else ""
        words.append(" ".join(f"#{tag}{marker}" for tag in tags) or None)
        lists.append(tags)
    return pa.array(words, pa.string()), lists


def shown_times(world: World, ids: Ids, time: Floats, streams: Streams) -> tuple[Floats, Chosen]:
    """The times as shown, and which are shown as a day only."""
    as_day = streams.uniform("item.day_time", ids) < world.observation.day_times
    return np.where(as_day, np.floor(time), time), as_day


@dataclass(frozen=True)
class Ranked:
    """One retrieval: for posts by their place in the list given to `searches`, query, ranking and rank from 1."""

    posts: npt.NDArray[np.int64]
    query: str
    ranking: str
    ranks: npt.NDArray[np.int64]


def searches(
    world: World, ids: Ids, masks: npt.NDArray[np.uint8], counts: dict[str, Counts], streams: Streams
) -> list[Ranked]:
    """What searching each hashtag by each ranking returns.

    The key of the order is bias z(log(1 + count)) + (1 - bias) noise, z standardised over the posts of the hashtag.

    Parameters
    ----------
    ids, masks
        The posts that can be seen, and their hashtags.
    counts
        Their counts by the name of the ranking.
    """
    found, bias = [], world.observation.popularity_bias
    for place, tag in enumerate(world.hashtags):
        own = np.flatnonzero(masks >> place & 1)
        for ranking in world.observation.rankings:
            level = np.log1p(counts[ranking][own])
            spread = level.std() if own.size and level.std() > 0 else 1.0
            noise = streams.normal(f"search.{tag.name}.{ranking}", ids[own])
            key = bias * (level - level.mean() if own.size else level) / spread + (1.0 - bias) * noise
            order = own[np.lexsort((ids[own], -key))][: world.observation.depth]
            found.append(Ranked(order, tag.name, ranking, np.arange(1, order.size + 1)))
    return found
