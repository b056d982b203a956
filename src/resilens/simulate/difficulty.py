"""How hard is the text to read? What each code's lexicon should find, beside what it finds in texts that were read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from resilens.simulate.inventory import lexicon
from resilens.simulate.looking import Look
from resilens.simulate.text import Texts, expected
from resilens.simulate.threads import Items

Chosen: TypeAlias = npt.NDArray[np.bool_]

MOST_ITEMS = 20_000
HASHTAG = r"#\S+"
"""A lexicon reads title and text; which hashtags a post carries is a column of its own."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the lexicon of a code finds.

    Parameters
    ----------
    code, items
        The code, and how many of the items read carry it.
    recall, precision
        Measured; None where no item carries the code, or the lexicon finds nothing.
    expected_recall, expected_precision
        In closed form, for as many items: `text.expected`.
    """

    code: str
    items: int
    expected_recall: float
    recall: float | None
    expected_precision: float | None
    precision: float | None


def lexica(look: Look, most: int = MOST_ITEMS) -> tuple[list[Lexicon], int]:
    """What the lexicon of every code finds, the most frequent codes first, and among how many items.

    Parameters
    ----------
    most
        Items that are searched at most.
    """
    world, codes = look.simulation.world, look.simulation.vocabulary.codes
    texts, carried = _read(look, most)
    carrying = {code: int(carried[place].sum()) for place, code in enumerate(codes)}
    found = []
    for one in expected(world, {code: many for code, many in carrying.items() if many}, len(texts)):
        own = carried[codes.index(one.code)]
        hits = pc.match_substring_regex(texts, lexicon(one.code).pattern).to_numpy(zero_copy_only=False)
        right = int((hits & own).sum())
        precision = right / int(hits.sum()) if hits.any() else None
        found.append(Lexicon(one.code, one.items, one.recall, right / one.items, one.precision, precision))
    return sorted(found, key=lambda lexicon: (-lexicon.items, lexicon.code)), len(texts)


def _read(look: Look, most: int) -> tuple[pa.Array, list[Chosen]]:
    """Titles and texts without hashtags, and for each code of the world which of them carry it."""
    texts: list[pa.Array] = [pa.array([], pa.string())]
    codes: list[npt.NDArray[np.int16]] = [np.empty((0, 1), np.int16)]
    for batch in look.batches:
        for items, words in ((batch.chunk.posts, batch.post_texts), (batch.chunk.comments, batch.comment_texts)):
            texts.append(_words(words))
            codes.append(_codes(items))
    width = max(one.shape[1] for one in codes)
    every = np.concatenate([one.reshape(-1, width) for one in codes])[:most]
    carried = [(every == place).any(axis=1) for place in range(len(look.simulation.vocabulary.codes))]
    return pa.concat_arrays(texts)[:most], carried


def _words(texts: Texts) -> pa.Array:
    bare = pc.replace_substring_regex(texts.text, HASHTAG, "")
    return _whole(pc.binary_join_element_wise(texts.title.fill_null(""), bare, "\n"))


def _codes(items: Items) -> npt.NDArray[np.int16]:
    """(N, 1 + families) the codes of items for which there are phrases."""
    return np.column_stack([items.practice, items.marks])


def _whole(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
