"""What lies before the coders of a round: its items in their threads, and the pictures that belong to them?

A sample fits in memory; what was captured beyond it is looked up in the corpus when somebody points at it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import ibis
import pyarrow as pa

from resilens.coding.threads import Item, Threads, read_items
from resilens.corpus.engine import Corpus


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture or recording: image, audio, video or other; its size in pixels where it has one."""

    kind: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Material:
    """What a round is about.

    Parameters
    ----------
    threads
        Its items, and what they answer, in the order in which they are read.
    items
        Those of them that are to be coded.
    pictures
        Pictures and recordings of these threads, by their ids.
    """

    threads: Threads
    items: frozenset[str]
    pictures: Mapping[str, Picture]

    def size(self, media_id: str) -> tuple[int, int] | None:
        """Width and height of a picture; None where it is none, or not known."""
        found = self.pictures.get(media_id)
        return (found.width, found.height) if found and found.width and found.height else None

    def in_order(self) -> list[Item]:
        """The items to be coded, thread by thread."""
        return [item for item in self.threads.in_order() if item.item_id in self.items]


def read_material(corpus: Corpus, items: Sequence[str]) -> Material:
    """These items, with the posts they belong to and what they answer.

    Parameters
    ----------
    corpus
        Open.
    items
        Posts and comments, in the order in which the threads are to be read.
    """
    found = read_items(corpus, items)
    above = {name for item in found.values() for name in (item.post_id, item.parent_id) if name} - found.keys()
    found |= read_items(corpus, above) if above else {}
    order = [found[name].post_id for name in items if name in found]
    threads = Threads(found.values(), order)
    return Material(threads, frozenset(items) & found.keys(), pictures_of(corpus, threads))


def pictures_of(corpus: Corpus, threads: Threads) -> dict[str, Picture]:
    """The pictures and recordings of all items of these threads, in one pass over the table of media."""
    names = sorted({name for item in threads.in_order() for name in item.media})
    return pictures(corpus, names) if names else {}


def pictures(corpus: Corpus, media_ids: Collection[str]) -> dict[str, Picture]:
    """Pictures and recordings by their ids; those the corpus does not have are left out."""
    wanted = ibis.memtable(pa.table({"wanted": pa.array(sorted(set(media_ids)), pa.string())}))
    rows = corpus.table("media").semi_join(wanted, [("media_id", "wanted")])
    found = corpus.frame(rows.select("media_id", "kind", "width", "height")).to_pylist()
    return {row["media_id"]: Picture(row["kind"] or "other", row["width"], row["height"]) for row in found}
