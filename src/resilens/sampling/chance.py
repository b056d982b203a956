"""In what order are the posts of a stratum examined, and with what chance was each?

Order sampling: every post gets a number U from the seed and its id, evenly spread over (0, 1), and the posts are
examined by U / size, smallest first. The order never changes, so a post found ineligible is replaced by the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]


def uniform(seed: int, item_id: str) -> float:
    """U of an item: the first 53 bits of `sha256(f"{seed}:{item_id}")` over 2**53, and never 0.

    Any engine that can hash draws the same sample.
    """
    digest = hashlib.sha256(f"{seed}:{item_id}".encode()).digest()
    return ((int.from_bytes(digest[:8]) >> 11) or 0.5) / 2.0**53


def mixed_sizes(comments: Sequence[int] | Numbers) -> Numbers:
    """½ + ½ (c + 1) / mean(c + 1) for posts of one stratum with `c` captured comments each; their mean is 1.

    The mean is the stratum's own: a hashtag with long threads is not drawn differently from one with short threads,
    since the quota has already decided how many posts each gets.
    """
    shifted = np.asarray(comments, dtype=np.float64) + 1
    if not shifted.size:
        return shifted
    sizes: Numbers = 0.5 + 0.5 * shifted / shifted.mean()
    return sizes


def examination_order(ids: Sequence[str], sizes: Sequence[float] | Numbers, seed: int) -> list[int]:
    """Positions of the posts in the order in which they are examined: smallest U / size first, then by id."""
    keys = [uniform(seed, item_id) / size for item_id, size in zip(ids, sizes, strict=True)]
    return sorted(range(len(ids)), key=lambda position: (keys[position], ids[position]))


def inclusion_probabilities(sizes: Sequence[float] | Numbers, examined: int) -> Numbers:
    """Each post's chance to be among the `examined` of a stratum: examined * size / sum, by certainty iteration.

    A post whose chance would pass 1 is certain; the rest share what is left, until none passes 1. The chances sum to
    `examined`.

    Parameters
    ----------
    sizes
        The size of every post of the stratum, shape (posts,), each above 0.
    examined
        How many were examined, ineligible ones included; at most the number of posts.

    Raises
    ------
    ValueError
        If more are examined than there are, or a size is not above 0.

    Notes
    -----
    For order sampling these are the target chances; the true ones differ by a term that vanishes with the sample
    (Rosén 1997, *On sampling with probability proportional to size*); `benchmarks/sampling.py` shows by how much here.
    """
    remaining = np.asarray(sizes, dtype=np.float64)
    if examined < 0 or examined > remaining.size or not (remaining > 0).all():
        raise ValueError(f"cannot examine {examined} of {remaining.size} posts with these sizes")
    chances = np.ones(remaining.size)
    certain = np.zeros(remaining.size, dtype=bool)
    while not certain.all():
        chances[~certain] = (examined - certain.sum()) * remaining[~certain] / remaining[~certain].sum()
        passing = ~certain & (chances >= 1)
        if not passing.any():
            break
        chances[passing] = 1.0
        certain |= passing
    return chances
