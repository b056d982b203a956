"""What does the corpus say of the items that were coded: their thread, language, group and length?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import ibis
import pyarrow as pa

from resilens.corpus.engine import Corpus
from resilens.record.store import Record

UNKNOWN = "unknown"

LENGTHS = ((20, "up to 20 characters"), (100, "21 to 100 characters"), (500, "101 to 500 characters"))
LONGEST = "over 500 characters"
"""Classes of text length in code points; title and text of a post together."""

CLASSES = (*(name for _, name in LENGTHS), LONGEST, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an item: the post of its thread, its inferred language, its author's group (a person's decision
    before the study's rules), post or comment, and its length in code points (None: not in the corpus)."""

    thread: str
    language: str = UNKNOWN
    group: str = UNKNOWN
    kind: str = "post"
    length: int | None = None

    @property
    def length_class(self) -> str:
        """The class of its length, see `LENGTHS`."""
        if self.length is None:
            return UNKNOWN
        return next((name for most, name in LENGTHS if self.length <= most), LONGEST)


def facts_of(corpus: Corpus, record: Record, items: Collection[str]) -> dict[str, Facts]:
    """What is known of these items; one that the corpus has not (any more) is a thread of its own."""
    decided = {row["author"]: row["group"] for row in record.view("groups") if row["group"]}
    wanted = ibis.memtable(pa.table({"item": pa.array(sorted(set(items)), pa.string())}))
    groups = corpus.table("authors").select("author", "group")
    found = {item: Facts(item, kind=_kind(item)) for item in items}
    for name, key in (("posts", "post_id"), ("comments", "comment_id")):
        table = corpus.table(name)
        size = table.text.fill_null("").length()
        if name == "posts":
            size = size + table.title.fill_null("").length()
        own = table.select("language", "author", item=table[key], thread=table.post_id, size=size)
        rows = wanted.join(own, "item").left_join(groups, "author")
        for row in corpus.frame(rows.select("item", "thread", "language", "author", "group", "size")).to_pylist():
            group = decided.get(row["author"]) or row["group"] or UNKNOWN
            language = row["language"] or UNKNOWN
            found[row["item"]] = Facts(row["thread"], language, group, _kind(row["item"]), int(row["size"]))
    return found


def _kind(item: str) -> str:
    return "comment" if item.split(":", 2)[1:2] == ["c"] else "post"
