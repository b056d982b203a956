"""How does a world run? Macro path, histories, threads, texts: one after the other, chunk by chunk, always the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from resilens.simulate.workers import Made, in_order
from resilens.simulate.world import World


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

    def get_ready(self) -> None:
        """Make what every batch needs, before several threads ask for it: sentences and conversations, side by side."""
        needed: tuple[Callable[[], object], ...] = (bank, lambda: self.conversations)
        list(in_order(lambda one: one(), needed))

    def batches(self, posts_a_chunk: int = POSTS_A_CHUNK) -> Iterator[Batch]:
        """Everything that is written, in the order of the posts' authors.

        Parameters
        ----------
        posts_a_chunk
            About how many posts are in memory at once, times a few; it changes no number.
        """
        return self.mapped(lambda batch: batch, posts_a_chunk)

    def mapped(self, turned: Callable[[Batch], Made], posts_a_chunk: int = POSTS_A_CHUNK) -> Iterator[Made]:
        """What a function makes of each batch, in order; it is called beside the simulation, in several threads."""
        self.get_ready()
        writer = Writer(self.world, self.vocabulary, self.streams)
        words, _ = tag_words(self.world)

        def made(accounts: tuple[int, int]) -> Made:
            chunk = self.conversations.chunk(*accounts)
            masks = tag_masks(self.world, self.vocabulary, chunk.posts, self.streams)
            post_texts = writer.texts(chunk.posts, words.take(masks))
            return turned(Batch(chunk, post_texts, writer.texts(chunk.comments), masks))

        return in_order(made, self.conversations.ranges(posts_a_chunk))
