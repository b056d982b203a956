"""Worlds that tests change a little, and everything that is written in one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa

from resilens.simulate.simulation import Simulation
from resilens.simulate.text import Texts
from resilens.simulate.threads import POSTS_A_CHUNK, Chunk, Items
from resilens.simulate.world import World, world


def changed(base: World | str, **tables: Any) -> World:
    """A world, or a preset by name, with some keys changed; a table's other keys stay as they are.

    `changed("quiet", days=28, rates={"q": 0})`.
    """
    whole = base if isinstance(base, World) else world(base)
    new = {}
    for key, value in tables.items():
        old = getattr(whole, key)
        new[key] = {**old.model_dump(by_alias=True), **value} if isinstance(value, dict) else value
    return whole.expect(**new)


@dataclass(frozen=True)
class Everything:
    """All threads of a simulation in one piece, whatever the chunks they were made in."""

    simulation: Simulation
    chunk: Chunk
    post_texts: Texts
    comment_texts: Texts
    masks: np.ndarray[Any, Any]

    @property
    def both(self) -> tuple[tuple[Items, Texts], tuple[Items, Texts]]:
        """Posts and comments, each with their texts."""
        return (self.chunk.posts, self.post_texts), (self.chunk.comments, self.comment_texts)


def everything(world: World, seed: int = 1, posts_a_chunk: int = POSTS_A_CHUNK) -> Everything:
    """Run a world and put its chunks together; rows of posts and parents count through all of them."""
    simulation = Simulation(world, seed)
    batches = list(simulation.batches(posts_a_chunk))
    posts, comments, before = [], [], [0, 0]
    for batch in batches:
        own, answers = batch.chunk.posts, batch.chunk.comments
        parent = np.where(answers.parent >= 0, answers.parent + before[1], -1)
        posts.append(replaced(own, post=own.post + before[0]))
        comments.append(replaced(answers, post=answers.post + before[0], parent=parent))
        before = [before[0] + own.size, before[1] + answers.size]
    return Everything(
        simulation, Chunk(together(posts), together(comments)), together([batch.post_texts for batch in batches]),
        together([batch.comment_texts for batch in batches]), np.concatenate([batch.masks for batch in batches]),
    )  # fmt: skip


def replaced(items: Items, **columns: Any) -> Items:
    """Items with some columns replaced."""
    return Items(**{field.name: columns.get(field.name, getattr(items, field.name)) for field in fields(items)})


def together(parts: list[Any]) -> Any:
    """Items, or texts, one after the other."""
    kind = type(parts[0])
    return kind(**{field.name: _joined([getattr(part, field.name) for part in parts]) for field in fields(kind)})


def _joined(columns: list[Any]) -> Any:
    if isinstance(columns[0], np.ndarray):
        return np.concatenate(columns)
    arrays = [part for one in columns for part in (one.chunks if isinstance(one, pa.ChunkedArray) else [one])]
    return pa.concat_arrays(arrays)


def differing(one: Any, other: Any) -> list[str]:
    """The columns in which two sets of items, or of texts, are not the same bit for bit."""
    names = [field.name for field in fields(one)]
    return [name for name in names if not _same(getattr(one, name), getattr(other, name))]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    return bool(one.equals(other))
