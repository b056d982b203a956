"""Which items does somebody mean, and what are their texts? Only the items mentioned are ever looked up."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import ibis
import pyarrow as pa

from resilens.corpus.engine import Corpus


class Items(Protocol):
    """Where codings find their items."""

    def find(self, mentioned: Collection[str]) -> dict[str, list[str]]:
        """For each mention, the ids of the items it may mean, sorted: the item of that id, or those with that native
        id (the part behind the platform and `p` or `c`); none where there is none."""

    def texts(self, items: Collection[str]) -> dict[str, dict[str, str]]:
        """The stored texts of items by field: `title` and `text` of a post, `text` of a comment."""


class CorpusItems:
    """The items of a corpus; each call is one pass of the engine over the columns it needs.

    Parameters
    ----------
    corpus
        An open corpus.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def find(self, mentioned: Collection[str]) -> dict[str, list[str]]:
        """See `Items.find`."""
        found: dict[str, list[str]] = {name: [] for name in mentioned}
        wanted = ibis.memtable(pa.table({"mention": pa.array(sorted(found), pa.string())}))
        for table, key in (("posts", "post_id"), ("comments", "comment_id")):
            ids = self._corpus.table(table).select(item=ibis._[key])
            native = ids.mutate(native=ids.item.re_replace("^[^:]*:[^:]*:", ""))
            whole = wanted.join(ids, wanted.mention == ids.item)
            for joined in (whole, wanted.join(native, wanted.mention == native.native)):
                rows = self._corpus.frame(joined.select("mention", "item").distinct())
                for mention, item in zip(*(rows[name].to_pylist() for name in ("mention", "item")), strict=True):
                    found[mention].append(item)
        return {name: sorted(set(items)) for name, items in found.items()}

    def texts(self, items: Collection[str]) -> dict[str, dict[str, str]]:
        """See `Items.texts`."""
        texts: dict[str, dict[str, str]] = {}
        wanted = ibis.memtable(pa.table({"item": pa.array(sorted(set(items)), pa.string())}))
        for table, key, fields in (("posts", "post_id", ("title", "text")), ("comments", "comment_id", ("text",))):
            source = self._corpus.table(table)
            rows = self._corpus.frame(wanted.join(source, wanted.item == source[key]).select("item", *fields))
            for row in rows.to_pylist():
                texts[row["item"]] = {name: row[name] or "" for name in fields}
        return texts
