"""Which posts are likely the same as this one, by their words or by their pictures?

Two texts are as alike as the pieces of four characters that they share: 2 |A ∩ B| / (|A| + |B|) over the different
pieces of each (Dice 1945, *Measures of the amount of ecologic association between species*). Only letters and digits
count, of any script, without regard to case and width; hashtags do not, since all candidates share them. Two pictures
are alike where few bits of their perceptual hashes differ. A proposal says why it is made; a person decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus

PIECE = 4
"""Characters in a piece of text."""

SHORTEST = 30
"""Bytes of UTF-8 that a text needs, which are 30 Latin letters or 10 Chinese characters: two short ones are alike by
accident, as all who only write that they are TikTok refugees."""

LONGEST = 5_000
"""Letters and digits of a text that are compared, from its beginning."""

ALIKE_TEXT = 0.7
"""How alike two texts must be to be proposed."""

ALIKE_BITS = 6
"""In how many bits the hashes of a picture and of its copy may differ; the same as `capture.pictures.ALIKE`."""

FLAT_BITS = 3
"""A hash with so few bits set, or so few unset, is of a flat picture, which is like every other flat one."""

_BUCKETS = 1 << 22
_SPREAD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64)
_HASHTAG = re.compile(r"[#＃][^\s#＃]+[#＃]?")
_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Alike:
    """A post that is likely the same as another.

    Parameters
    ----------
    post_id
        The post.
    text
        The share of pieces of text in common, 0 to 1; None where the texts are not alike.
    bits
        In how many of 64 bits the nearest pictures differ; None where no pictures are alike.
    same_file
        Whether they have the very same picture file.
    """

    post_id: str
    text: float | None = None
    bits: int | None = None
    same_file: bool = False

    @property
    def strength(self) -> float:
        """What the proposals are ordered by: the better of both likenesses."""
        return max(self.text or 0.0, 0.0 if self.bits is None else 1 - self.bits / 64)

    @property
    def why(self) -> str:
        """Why it is proposed, in words."""
        said = [] if self.text is None else [f"text {self.text:.0%} alike"]
        if self.bits is not None:
            said.append("the same picture" if self.same_file else f"a like picture ({self.bits} of 64 bits differ)")
        return ", ".join(said)


class Likeness:
    """Posts ready to be compared: `Likeness.of(corpus, post_ids).alike(post_id)`.

    Parameters
    ----------
    post_ids
        The posts.
    texts
        What each says, title and text together.
    pictures
        Of each picture: its post, its file, and its perceptual hash.
    """

    def __init__(
        self, post_ids: Sequence[str], texts: Sequence[str], pictures: Sequence[tuple[str, str, str]] = ()
    ) -> None:
        self._ids = list(post_ids)
        self._place = {post_id: place for place, post_id in enumerate(self._ids)}
        self._begin, self._pieces, self._holders, self._first = _index([plain(text) for text in texts])
        here = [row for row in pictures if row[0] in self._place]
        self._shown_by = np.array([self._place[post] for post, _, _ in here], np.int64)
        self._files = np.array([file for _, file, _ in here], object)
        self._hashes = np.array([int(bits, 16) for _, _, bits in here], np.uint64)

    @classmethod
    def of(cls, corpus: Corpus, post_ids: Collection[str]) -> Self:
        """These posts of a corpus, with the hashes of their pictures that are here; one pass over each table."""
        wanted = ibis.memtable(pa.table({"post_id": pa.array(sorted(post_ids), pa.string())}))
        posts = corpus.table("posts").semi_join(wanted, "post_id").select("post_id", "title", "text", "media")
        rows = corpus.frame(posts.order_by("post_id")).to_pylist()
        media = corpus.table("media")
        hashes = corpus.frame(media.filter(media.perceptual_hash.notnull()).select("media_id", "perceptual_hash"))
        known = dict(zip(*(hashes[name].to_pylist() for name in ("media_id", "perceptual_hash")), strict=True))
        pictures = [(row["post_id"], name, known[name]) for row in rows for name in row["media"] or () if name in known]
        said = [f"{row['title'] or ''}\n{row['text'] or ''}" for row in rows]
        return cls([row["post_id"] for row in rows], said, pictures)

    def alike(self, post_id: str, most: int = 8) -> list[Alike]:
        """The posts most like one, the likest first, at most so many; none where the post is not among these."""
        place = self._place.get(post_id)
        if place is None:
            return []
        texts, pictures = self._alike_texts(place), self._alike_pictures(place)
        found = [Alike(self._ids[other], texts.get(other), *pictures.get(other, (None, False)))
                 for other in texts.keys() | pictures.keys()]  # fmt: skip
        return sorted(found, key=lambda one: (-one.strength, one.post_id))[:most]

    def _alike_texts(self, place: int) -> dict[int, float]:
        own = self._pieces[self._begin[place] : self._begin[place + 1]]
        if not own.size:
            return {}
        holders = [self._holders[self._first[piece] : self._first[piece + 1]] for piece in own]
        shared = np.bincount(np.concatenate(holders), minlength=len(self._ids))
        sizes = np.diff(self._begin)
        share = 2 * shared / np.maximum(1, sizes + own.size)
        share[place] = 0
        return {int(other): float(share[other]) for other in np.flatnonzero(share >= ALIKE_TEXT)}

    def _alike_pictures(self, place: int) -> dict[int, tuple[int, bool]]:
        nearest: dict[int, tuple[int, bool]] = {}
        for own in np.flatnonzero(self._shown_by == place):
            same = self._files == self._files[own]
            bits = np.where(same, 0, np.bitwise_count(self._hashes ^ self._hashes[own]).astype(np.int64))
            flat = not FLAT_BITS < int(self._hashes[own]).bit_count() < 64 - FLAT_BITS
            near = same if flat else bits <= ALIKE_BITS
            for other in np.flatnonzero(near & (self._shown_by != place)):
                post, found = int(self._shown_by[other]), (int(bits[other]), bool(same[other]))
                best = nearest.get(post, found)
                nearest[post] = min(best, found, key=lambda pair: (not pair[1], pair[0]))
        return nearest


def plain(text: str) -> str:
    """What of a text is compared: letters and digits, in one form of each, without hashtags; empty if too little."""
    bare = unicodedata.normalize("NFKC", _HASHTAG.sub(" ", text[: 4 * LONGEST])).casefold()
    bare = _NEITHER_LETTER_NOR_DIGIT.sub("", bare)[:LONGEST]
    return bare if len(bare.encode("utf-8", "surrogatepass")) >= SHORTEST else ""


def _index(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Where each text's pieces begin, the different pieces text by text; the texts piece by piece, and where each
    piece's begin. Pieces are numbers below 2**22: two different ones seldom have the same, and then hardly matter."""
    from scipy import sparse

    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    lengths = np.array([len(text) for text in texts], np.int64)
    text_of = np.repeat(np.arange(len(texts)), lengths)
    many = max(0, points.size - PIECE + 1)
    hashed = np.zeros(many, np.uint64)
    for step in range(PIECE):
        hashed = (hashed ^ points[step : step + many]) * _SPREAD[step]
        hashed ^= hashed >> np.uint64(29)
    whole = text_of[:many] == text_of[PIECE - 1 :][:many]
    keys = (text_of[:many][whole] << 22) | (hashed[whole] % np.uint64(_BUCKETS)).astype(np.int64)
    keys.sort()  # and then each once; np.unique takes twenty times as long
    keys = keys[np.diff(keys, prepend=-1) > 0]
    texts_of, pieces = (keys >> 22).astype(np.int32), (keys & (_BUCKETS - 1)).astype(np.int32)
    begin = np.searchsorted(texts_of, np.arange(len(texts) + 1)).astype(np.int64)
    rows: Any = sparse.csr_array((np.ones(keys.size, np.int8), pieces, begin), shape=(len(texts), _BUCKETS))
    by_piece = rows.tocsc()
    return begin, pieces, by_piece.indices, by_piece.indptr
