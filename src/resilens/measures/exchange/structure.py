"""Who answered whom, how fast, in the threads that were read? Counted by the engine, a few numbers a thread.

All captured items of these threads count, coded or not: a reply needs no code. A thread is whole where the post shows
an exact number of comments and at least as many were captured; only there does the absence of a reply mean anything.
Answers to oneself are no replies.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa

from resilens.measures import periods
from resilens.measures.items import UNKNOWN, Flags, Items, Places, day_number, items_of
from resilens.results.tables import count
from resilens.results.types import Undefined
from resilens.study.zones import offset_minutes

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from resilens.corpus.engine import Corpus
    from resilens.measures.material import Material

POSTS, COMMENTS = 0, 1
UNITS = ("posts", "comments")

MOST_THREADS = 20_000
"""So many captured threads are looked at where nothing was coded and nothing drawn."""

COARSE = ("day", "unknown")
"""Precisions of a time from which no delay can be told."""

DAY, MINUTE, MONDAY = 86_400, 60, -3
"""Seconds of a day and a minute; a Monday (29 December 1969) as days since 1970."""


@dataclass(frozen=True, eq=False)
class Delays:
    """How long items waited for the first reply of a group, alike ones counted together; arrays of shape (k,).

    Parameters
    ----------
    thread, unit, asked, by
        The place of the thread, the unit of the items that waited, their group, the group that answers.
    minutes
        Until the reply, or until the capture where none came.
    came
        Whether it came.
    items
        How many items are so.
    """

    thread: Places
    unit: Places
    asked: Places
    by: Places
    minutes: Places
    came: Flags
    items: Places


@dataclass(frozen=True, eq=False)
class Ties:
    """Who answered whom within a thread, each two once a direction.

    Parameters
    ----------
    source, target
        Shape (ties,): places in the arrays below.
    thread, group
        Shape (people,): a person once in each thread.
    week
        Shape (people,): the Monday of their first comment in it, -1 where its time is unknown.
    began
        Shape (people,): whether the thread's post is theirs.
    """

    source: Places
    target: Places
    thread: Places
    group: Places
    week: Places
    began: Flags


@dataclass(frozen=True, eq=False)
class Structure:
    """The replies of T threads; G groups with `unknown` the last; P periods, then what lies in none.

    Parameters
    ----------
    posts
        The threads' posts, which give every thread its place and its weight.
    whole
        Shape (T,): whether all declared comments were captured.
    items
        Shape (T, 2, G, P + 1): items by unit, group and period.
    answered
        Shape (T, 2, G, P + 1, G): those of them with at least one direct reply of the group on the last axis.
    given
        Shape (T, G, P + 1, G): direct replies by the first group, by their period, to the last.
    heads
        Shape (T, G, P + 2): people who wrote, by group and period; the last place: in any.
    delays, ties
        See there.
    """

    posts: Items
    whole: Flags
    items: Places
    answered: Places
    given: Places
    heads: Places
    delays: Delays
    ties: Ties

    @property
    def captured(self) -> Places:
        """How many comments of each thread were captured, shape (T,)."""
        return np.asarray(self.items[:, COMMENTS].sum(axis=(1, 2)))


@lru_cache(maxsize=1)
def structure_of(material: Material) -> Structure | Undefined:
    """The replies of the sample's threads; without a sample of those read; without codes of all, if not too many."""
    wanted = _wanted(material)
    if isinstance(wanted, Undefined):
        return wanted
    names = tuple(group.name for group in material.study.groups)
    posts = items_of(material.corpus, wanted, material.zone, material.decided, names,
                     lambda days: periods.places(material.periods, days))  # fmt: skip
    posts = posts.select(posts.is_post)
    if not len(posts):
        return Undefined("no post of the threads read was captured")
    with _items(material, posts).cache() as items, _replies(items).cache() as replies:
        return _counted(material, posts, items, replies)


def _wanted(material: Material) -> tuple[str, ...] | Undefined:
    read = material.items.threads
    drawn = tuple(post.item_id for post in material.draw.posts) if material.draw else ()
    if drawn and set(read) <= set(drawn):
        return drawn
    if read:
        return read
    posts = material.corpus.table("posts")
    captured = int(material.corpus.frame(posts.count().name("posts")).column(0)[0].as_py())
    if not captured:
        return Undefined("no post was captured")
    if captured > MOST_THREADS:
        return Undefined(f"{count(captured)} threads were captured and none was drawn or coded; draw a sample with "
                         "`resilens sample`")  # fmt: skip
    return tuple(material.corpus.frame(posts.select("post_id")).column(0).to_pylist())


def _items(material: Material, posts: Items) -> ir.Table:
    """All captured items of the threads: place of thread, unit, group, period and week, times in seconds."""
    corpus = material.corpus
    threads = ibis.memtable(pa.table({"post_id": pa.array(posts.item_id.tolist(), pa.string()),
                                      "thread": pa.array(range(len(posts)), pa.int64())}))  # fmt: skip
    kept = ("thread", "item", "parent", "unit", "author", "published_at", "time_precision")
    own = threads.join(corpus.table("posts"), "post_id").mutate(
        item=ibis._.post_id, parent=ibis.literal(""), unit=ibis.literal(POSTS, "int64"))  # fmt: skip
    below = threads.join(corpus.table("comments"), "post_id").mutate(
        item=ibis._.comment_id, parent=ibis.coalesce(ibis._.parent_id.nullif(""), ibis._.post_id),
        unit=ibis.literal(COMMENTS, "int64"))  # fmt: skip
    every = own.select(*kept).union(below.select(*kept))
    every = every.mutate(author=ibis.coalesce(every.author, ""), second=every.published_at.epoch_seconds(),
                         precise=ibis.coalesce(every.time_precision, "").notin(COARSE))  # fmt: skip
    every = every.left_join(_groups(material, posts.groups), "author")
    day = ((every.second + offset_minutes(material.zone) * MINUTE) / DAY).floor().cast("int64")
    return every.select(
        "thread", "item", "parent", "unit", "author", "second", "precise",
        group=ibis.coalesce(every.place, len(posts.groups) - 1),
        period=_period(material, day), week=ibis.coalesce(day - (day - MONDAY) % 7, -1),
    )  # fmt: skip


def _groups(material: Material, names: tuple[str, ...]) -> ir.Table:
    """The place of each author's group; a person's decision comes before the rules."""
    authors = material.corpus.table("authors").select("author", "group")
    decided = ibis.memtable(pa.table({"author": pa.array(list(material.decided), pa.string()),
                                      "by_eye": pa.array(list(material.decided.values()), pa.string())}))  # fmt: skip
    both = authors.left_join(decided, "author")
    name = ibis.coalesce(both.by_eye, both.group, UNKNOWN)
    places = [(one, ibis.literal(place, "int64")) for place, one in enumerate(names)]
    return both.select("author", place=name.cases(*places, else_=ibis.literal(len(names) - 1, "int64")))


def _period(material: Material, day: ir.IntegerValue) -> ir.IntegerValue:
    branches = []
    for place, period in enumerate(material.periods):
        inside = day >= day_number(period.first)
        if period.last is not None:
            inside &= day <= day_number(period.last)
        branches.append((inside, ibis.literal(place, "int64")))
    none = ibis.literal(len(material.periods), "int64")
    return ibis.cases(*branches, else_=none) if branches else none


def _replies(items: ir.Table) -> ir.Table:
    """Direct replies of somebody else: who answered, and what of whose."""
    reply = items.filter(items.unit == COMMENTS).select(
        "thread", "period", "precise", "second", answers="parent", by="group", by_author="author")  # fmt: skip
    target = items.select("item", to="group", to_author="author")
    joined = reply.join(target, reply.answers == target.item)
    return joined.filter((joined.by_author != joined.to_author) | (joined.by_author == ""))


def _counted(material: Material, posts: Items, items: ir.Table, replies: ir.Table) -> Structure:
    corpus, threads, groups, spans = material.corpus, len(posts), len(posts.groups), len(material.periods)
    firsts = {f"first_{by}": replies.second.min(where=(replies.by == by) & replies.precise) for by in range(groups)}
    any_of = {f"by_{by}": (replies.by == by).sum() for by in range(groups)}
    asked = items.left_join(replies.group_by("item").agg(**any_of, **firsts), "item")
    answered = {f"by_{by}": (ibis.coalesce(asked[f"by_{by}"], 0) > 0).sum() for by in range(groups)}
    key = ("thread", "unit", "group", "period")
    of_items = _columns(corpus, asked.group_by(*key).agg(items=asked.count(), **answered))
    at, shape = tuple(of_items[name] for name in key), (threads, 2, groups, spans + 1)
    answers = np.stack([_filled(shape, at, of_items[f"by_{by}"]) for by in range(groups)], axis=-1)
    key = ("thread", "by", "period", "to")
    given = _columns(corpus, replies.group_by(*key).agg(replies=replies.count()))
    people = items.filter(items.author != "")
    in_period = people.group_by("thread", "group", "period").agg(heads=people.author.nunique())
    in_any = people.group_by("thread", "group").agg(heads=people.author.nunique())
    heads = [_columns(corpus, in_period), _columns(corpus, in_any)]
    heads[1]["period"] = np.full(len(heads[1]["thread"]), spans + 1)
    writers = sum(_filled((threads, groups, spans + 2), (one["thread"], one["group"], one["period"]), one["heads"])
                  for one in heads)  # fmt: skip
    counted = _filled(shape, at, of_items["items"])
    return Structure(
        posts, _whole(corpus, posts, counted[:, COMMENTS].sum(axis=(1, 2))), counted, answers,
        _filled((threads, groups, spans + 1, groups), tuple(given[name] for name in key), given["replies"]),
        np.asarray(writers), _delays(corpus, items, asked, groups - 1), _ties(corpus, people, replies),
    )  # fmt: skip


def _whole(corpus: Corpus, posts: Items, captured: Places) -> Flags:
    """Whether at least as many comments were captured as the post shows exactly; not where it shows none."""
    ids = ibis.memtable(pa.table({"post_id": pa.array(posts.item_id.tolist(), pa.string())}))
    shown = ids.join(corpus.table("posts"), "post_id").filter(ibis._.comments_bound == "exact")
    rows = corpus.frame(shown.select("post_id", "comments")).to_pylist()
    declared = {row["post_id"]: row["comments"] for row in rows if row["comments"] is not None}
    return np.array([have >= declared[post] if post in declared else False
                     for post, have in zip(posts.item_id, captured.tolist(), strict=True)], dtype=np.bool_)  # fmt: skip


def _delays(corpus: Corpus, items: ir.Table, asked: ir.Table, groups: int) -> Delays:
    """Of the groups that are known; items and replies without a time finer than the day are left out."""
    observed = corpus.table("observations").select(item="item_id", looked="collected_at")
    seen = items.join(observed, "item")
    looked = seen.group_by("thread").agg(until=seen.looked.max().epoch_seconds())
    latest = items.aggregate(latest=items.second.max())
    every = asked.filter(asked.precise & asked.second.notnull() & (asked.group < groups))
    every = every.left_join(looked, "thread").cross_join(latest)
    tables = []
    for by in range(groups):
        first, any_of = every[f"first_{by}"], ibis.coalesce(every[f"by_{by}"], 0) > 0
        waited = every.mutate(by=ibis.literal(by, "int64"), came=any_of, until=ibis.ifelse(
            any_of, first, ibis.coalesce(every.until, every.latest)) - every.second)  # fmt: skip
        waited = waited.filter((waited.until >= 0) & (waited.group != by))
        tables.append(waited.select("thread", "unit", "group", "by", "came",
                                    minutes=(waited.until / MINUTE).floor().cast("int64")))  # fmt: skip
    names = ("thread", "unit", "group", "by", "minutes", "came")
    if not tables:
        none = np.zeros(0, dtype=np.int64)
        return Delays(none, none, none, none, none, none.astype(bool), none)
    together = reduce(lambda one, other: one.union(other), tables)
    found = _columns(corpus, together.group_by(*names).agg(items=together.count()).order_by(*names))
    return Delays(found["thread"], found["unit"], found["group"], found["by"], found["minutes"],
                  found["came"].astype(bool), found["items"])  # fmt: skip


def _ties(corpus: Corpus, people: ir.Table, replies: ir.Table) -> Ties:
    comment = people.unit == COMMENTS
    written = people.mutate(written=ibis.ifelse(comment & (people.week != -1), people.week, ibis.null("int64")))
    persons = written.group_by("thread", "author").agg(
        group=written.group.max(), week=ibis.coalesce(written.written.min(), -1), began=(written.unit == POSTS).any()
    )  # fmt: skip
    numbered = persons.mutate(place=ibis.row_number().over(order_by=[persons.thread, persons.author]))
    pairs = replies.filter((replies.by_author != "") & (replies.to_author != ""))
    pairs = pairs.select("thread", "by_author", "to_author").distinct()
    with numbered.cache() as kept:
        source = kept.select("thread", by_author="author", source="place")
        target = kept.select("thread", to_author="author", target="place")
        tied = pairs.join(source, ["thread", "by_author"]).join(target, ["thread", "to_author"])
        found = _columns(corpus, tied.select("source", "target").order_by("source", "target"))
        own = _columns(corpus, kept.order_by("place").select("thread", "group", "week", "began"))
    return Ties(found["source"], found["target"], own["thread"], own["group"], own["week"], own["began"].astype(bool))


def _columns(corpus: Corpus, table: ir.Table) -> dict[str, Places]:
    found = corpus.frame(table)
    return {name: found[name].to_numpy().astype(np.int64) for name in found.column_names}


def _filled(shape: tuple[int, ...], at: tuple[Places, ...], values: Places) -> Places:
    array = np.zeros(shape, dtype=np.int64)
    array[at] = values
    return array
