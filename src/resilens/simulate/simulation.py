"""How does a world run? Macro path, histories, threads, texts: one after the other, chunk by chunk, always the same."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from resilens.simulate.bank import bank
from resilens.simulate.content import Vocabulary
from resilens.simulate.histories import Users, histories
from resilens.simulate.macro import Path, mean_field
from resilens.simulate.observation import tag_masks, tag_words
from resilens.simulate.streams import Streams
from resilens.simulate.text import Texts, Writer
from resilens.simulate.threads import POSTS_A_CHUNK, Chunk, Conversations
from resilens.simulate.world import World

WORKERS = 2
"""Chunks made at once: numpy and Arrow let go of Python's lock. It changes no number."""


@dataclass(frozen=True)
class Batch:
    """The threads of some accounts with their texts, and the bits of the posts' hashtags."""

    chunk: Chunk
    post_texts: Texts
    comment_texts: Texts
    masks: npt.NDArray[np.uint8]


class Simulation:
    """A world with a seed.

    Parameters
    ----------
    world
        The world.
    seed
        Any integer; the same world and seed give the same bytes.
    """

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.seed = world, seed
        self.streams = Streams(seed)

    @cached_property
    def path(self) -> Path:
        """The macro path."""
        return mean_field(self.world)

    @cached_property
    def users(self) -> Users:
        """Every account's history."""
        return histories(self.world, self.path, self.streams)

    @cached_property
    def conversations(self) -> Conversations:
        """The threads, made when asked for."""
        return Conversations(self.world, self.path, self.users, self.streams)

    @property
    def vocabulary(self) -> Vocabulary:
        """The world's codes."""
        return self.conversations.vocabulary

    def batches(self, posts_a_chunk: int = POSTS_A_CHUNK) -> Iterator[Batch]:
        """Everything that is written, in the order of the posts' authors.

        Parameters
        ----------
        posts_a_chunk
            About how many posts are in memory at once, times a few; it changes no number.
        """
        bank()  # before there are two threads
        writer = Writer(self.world, self.vocabulary, self.streams)
        words, _ = tag_words(self.world)

        def made(accounts: tuple[int, int]) -> Batch:
            chunk = self.conversations.chunk(*accounts)
            masks = tag_masks(self.world, self.vocabulary, chunk.posts, self.streams)
            post_texts = writer.texts(chunk.posts, words.take(masks))
            return Batch(chunk, post_texts, writer.texts(chunk.comments), masks)

        yield from _in_order(made, self.conversations.ranges(posts_a_chunk))


def _in_order(make: Callable[[tuple[int, int]], Batch], pieces: list[tuple[int, int]]) -> Iterator[Batch]:
    """What `make` gives for each piece, in order, a few made ahead."""
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque[Future[Batch]] = deque()
        for piece in pieces:
            waiting.append(pool.submit(make, piece))
            if len(waiting) > WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
