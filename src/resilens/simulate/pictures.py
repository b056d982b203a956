"""Which placeholder picture goes with a post? One of a few families for each practice, drawn when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from resilens.simulate.simulation import Simulation
    from resilens.simulate.threads import Items

FAMILIES_EACH = 12
"""Pictures of each practice."""


def names(code: str) -> list[str]:
    """The file names of a practice's pictures."""
    return [f"{code.removeprefix('practice.').replace('.', '-')}-{number:02d}.png" for number in range(FAMILIES_EACH)]


def pictures_of(simulation: Simulation, posts: Items) -> pa.DictionaryArray:
    """The file name of each post's picture. All names are in its dictionary, whatever the posts, in one order."""
    codes = simulation.vocabulary.codes
    every = [name for code in (*codes, "none") for name in names(code)]
    place = np.where(posts.practice < 0, len(codes), posts.practice).astype(np.int64)
    number = simulation.streams.below("post.picture", posts.id, FAMILIES_EACH)
    indices = pa.array((place * FAMILIES_EACH + number).astype(np.int16))
    return pa.DictionaryArray.from_arrays(indices, pa.array(every, pa.string()))
