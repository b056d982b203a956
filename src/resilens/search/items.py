"""In which posts and comments does a word stand? The engine looks; only what it finds comes to Python."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from resilens.coding.sight import Sees
from resilens.corpus.engine import Corpus
from resilens.corpus.text import hashtag_key
from resilens.record.store import Record
from resilens.search.folding import engine_pattern, fold, folded
from resilens.search.query import Query
from resilens.study.zones import start_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

UNKNOWN = "unknown"
FOUND = ("item_id", "kind", "field", "post_id", "author", "group", "language", "platform", "published_at")
"""What is kept of each text in which the word stands; the text itself is read a page at a time."""

_ORDER = (ibis._.kind.desc(), ibis._.published_at.asc(nulls_first=False), ibis._.item_id, ibis._.field.desc())
"""Posts before comments, the first published first, those of unknown time last; a title before its text."""


def texts(corpus: Corpus, record: Record, sees: Sees, query: Query, zone: str) -> ir.Table:
    """The texts that a query is about, a row a text: `FOUND` and `text`; nothing is looked for yet.

    Parameters
    ----------
    corpus, record
        The study's.
    sees
        Which codings may be told of, where the query asks for a code or a coder.
    query
        Its filters.
    zone
        Of the study, which decides on which day an item was published.
    """
    return _filtered(corpus, record, sees, query, zone, _written(corpus))


def _written(corpus: Corpus) -> ir.Table:
    """Every title and text of posts and comments, a row each."""
    posts, comments = corpus.table("posts"), corpus.table("comments")
    shared = ("post_id", "author", "language", "platform", "published_at", "text")
    of_posts = posts.select(*shared, "title", item_id=posts.post_id).mutate(kind=ibis.literal("post"))
    rows = ibis.union(
        of_posts.mutate(field=ibis.literal("title"), text=of_posts.title).drop("title"),
        of_posts.mutate(field=ibis.literal("text")).drop("title"),
        comments.select(*shared, item_id=comments.comment_id).mutate(
            kind=ibis.literal("comment"), field=ibis.literal("text")).relocate("text", after="published_at"),
    )  # fmt: skip
    return rows.filter(rows.text != "")


def _filtered(corpus: Corpus, record: Record, sees: Sees, query: Query, zone: str, rows: ir.Table) -> ir.Table:
    rows = _with_group(corpus, record, rows)
    if query.group:
        rows = rows.filter(rows.group == query.group)
    if query.language:
        rows = rows.filter(rows.language.fill_null("").isin(["", UNKNOWN] if query.language == UNKNOWN
                                                            else [query.language]))  # fmt: skip
    if query.platform:
        rows = rows.filter(rows.platform == query.platform)
    if query.since:
        rows = rows.filter(rows.published_at >= ibis.literal(start_of(query.since, zone)))
    if query.until:
        rows = rows.filter(rows.published_at < ibis.literal(start_of(query.until + timedelta(days=1), zone)))
    if query.hashtag:
        rows = rows.semi_join(_tagged(corpus, query.hashtag), "post_id")
    if query.code or query.coder:
        rows = rows.semi_join(_named(coded(record, sees, query.code, query.coder)), "item_id")
    return rows.select(*FOUND, "text")


def _with_group(corpus: Corpus, record: Record, rows: ir.Table) -> ir.Table:
    """Each row with its author's group: a person's decision, else the study's rules, else unknown."""
    ruled = corpus.table("authors").select("author", ruled=ibis._.group)
    rows = rows.left_join(ruled, "author").drop("author_right")
    decided = [row for row in record.view("groups") if row["group"]]
    if not decided:
        return rows.mutate(group=ibis.coalesce(rows.ruled, UNKNOWN))
    chosen = ibis.memtable(pa.table({"author": pa.array([row["author"] for row in decided], pa.string()),
                                     "chosen": pa.array([row["group"] for row in decided], pa.string())}))  # fmt: skip
    joined = rows.left_join(chosen, "author").drop("author_right")
    return joined.mutate(group=ibis.coalesce(joined.chosen, joined.ruled, UNKNOWN))


def _tagged(corpus: Corpus, hashtag: str) -> ir.Table:
    """The posts under a hashtag, however it is spelled."""
    posts = corpus.table("posts")
    tags = posts.select("post_id", tag=posts.hashtags.unnest())
    spelled = corpus.frame(tags.select("tag").distinct())["tag"].to_pylist()
    key = hashtag_key(hashtag.strip().lstrip("#＃"))
    return tags.filter(tags.tag.isin([tag for tag in spelled if hashtag_key(tag) == key] or [""])).select("post_id")


def coded(record: Record, sees: Sees, code: str = "", coder: str = "") -> set[str]:
    """The items to which this code was given, by this coder, as far as it may be told; an empty one counts for all."""
    equal = {name: value for name, value in (("code_id", code), ("coder", coder)) if value}
    return {row["item_id"] for row in record.view("codings", **equal) if sees(row)}


def _named(items: Iterable[str]) -> ir.Table:
    return ibis.memtable(pa.table({"item_id": pa.array(sorted(items), pa.string())}))


def matching(rows: ir.Table, query: Query) -> ir.Table:
    """Of rows with a `text`, those in which the word stands."""
    there = folded(rows.text)
    if query.whole_word:
        return rows.filter(there.re_search(engine_pattern(query.word)))
    return rows.filter(there.contains(fold(query.word.strip())))


class FoundTexts:
    """The texts in which a word stands, found in one pass and kept by the engine; the corpus must stay open.

    Parameters
    ----------
    corpus
        An open corpus.
    rows
        From `texts`.
    query
        What is sought.
    """

    def __init__(self, corpus: Corpus, rows: ir.Table, query: Query) -> None:
        self._corpus = corpus
        there = matching(rows, query).select(*FOUND)
        self._found = there.filter(there.kind.isin(query.searched)).cache()
        counted = corpus.frame(self._found.group_by("kind").agg(n=ibis._.count())).to_pylist()
        self.counts: dict[str, int] = {row["kind"]: row["n"] for row in counted}

    def __len__(self) -> int:
        return sum(self.counts.values())

    def page(self, offset: int, limit: int | None) -> list[dict[str, Any]]:
        """These of them, in order, with their texts."""
        wanted = self._found.order_by(*_ORDER).limit(limit, offset=offset)
        whole = wanted.join(_written(self._corpus).select("item_id", "field", "text"), ["item_id", "field"])
        return list(self._corpus.frame(whole.order_by(*_ORDER)).to_pylist())


