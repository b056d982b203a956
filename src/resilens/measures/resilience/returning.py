"""Is an author seen again? On a later day, within so many, among all that was captured."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa

from resilens.measures.items import Items, Marks, Places
from resilens.measures.material import Material
from resilens.study.zones import offset_minutes

DAYS = 28
"""How long an author has to come back."""

A_LOT = 1_000_000
"""More days than there are, so that author and day are one number."""


def returns(material: Material, items: Items) -> Marks:
    """For each item, whether its author has another captured post or comment on a later of the study's days, within
    `DAYS`; not known without author or time, or where those days reach beyond the last capture."""
    authors, number = np.unique(items.author.astype(str), return_inverse=True)
    days, last = _active(material, authors.tolist())
    known = items.dated & (items.author != "") & (items.day <= last - DAYS)
    now = np.where(known, items.day, 0)
    later = np.searchsorted(days, number * A_LOT + now + 1)
    following = np.append(days, np.iinfo(np.int64).max)[later]
    there = known & (following <= number * A_LOT + now + DAYS)
    return Marks(np.asarray(there, dtype=bool), np.asarray(known, dtype=bool))


def _active(material: Material, authors: list[str]) -> tuple[Places, int]:
    """On which days which author (by place) wrote anything, sorted, as one number each; and the corpus's last day."""
    corpus, shift = material.corpus, 60 * offset_minutes(material.zone)
    names = ibis.memtable(pa.table({"author": pa.array(authors, pa.string()),
                                    "place": pa.array(range(len(authors)), pa.int64())}))  # fmt: skip
    posts, comments = (corpus.table(name).select("author", "published_at") for name in ("posts", "comments"))
    written = posts.union(comments).filter(ibis._.published_at.notnull())
    written = written.select("author", day=(written.published_at.epoch_seconds() + shift) // 86_400)
    own = written.inner_join(names, "author").select("place", "day").distinct()
    table = corpus.frame(own)
    days = table["place"].to_numpy().astype(np.int64) * A_LOT + table["day"].to_numpy().astype(np.int64)
    looks = corpus.table("observations").filter(ibis._.state == "seen", ibis._.collected_at.notnull())
    seen = looks.aggregate(last=((looks.collected_at.epoch_seconds() + shift) // 86_400).max())
    latest = corpus.frame(seen).to_pylist()[0]["last"]
    if latest is None:
        latest = corpus.frame(written.aggregate(last=written.day.max())).to_pylist()[0]["last"]
    return np.sort(days), int(latest or 0)
