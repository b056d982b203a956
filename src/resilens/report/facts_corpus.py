"""What do the captured tables say of themselves? Small counts by Ibis; no row of the corpus is read one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from resilens.capture.status import status
from resilens.corpus.schema import COUNTS, TIME_BASES
from resilens.report.method_facts import Basis, Bounds, Capture, Coverage, Daily, Extent, Pairs, Pictures, Retrieval
from resilens.sampling.quotas import comparison_key
from resilens.study.zones import day_of, offset_minutes

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus

MOST_REASONS = 20
"""Reasons for quarantine that are listed each; the rest are summed."""


def _rows(corpus: Corpus, expression: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = corpus.frame(expression).to_pylist()
    return rows


def _tally(corpus: Corpus, table: str, column: str) -> Pairs:
    """How often each value of a column occurs, the most frequent first, equal ones by name."""
    rows = _rows(corpus, corpus.table(table).group_by(value=ibis._[column]).agg(number=ibis._.count()))
    named = [(row["value"] or "", row["number"]) for row in rows]
    return tuple(sorted(named, key=lambda pair: (-pair[1], pair[0])))


def extent(corpus: Corpus, zone: str) -> Extent:
    """How much was captured, and of which days."""
    seen: dict[str, dict[str, Any]] = {}
    for name in ("posts", "comments"):
        published = corpus.table(name).published_at
        totals = corpus.table(name).aggregate(
            n=ibis._.count(), undated=published.isnull().sum(), first=published.min(), last=published.max()
        )
        (seen[name],) = _rows(corpus, totals)
    moments = [row[end] for row in seen.values() for end in ("first", "last") if row[end]]
    (authors,) = _rows(corpus, corpus.table("authors").aggregate(n=ibis._.count()))
    comments, posts = corpus.table("comments"), corpus.table("posts")
    (lone,) = _rows(corpus, comments.anti_join(posts, "post_id").aggregate(n=ibis._.count()))
    return Extent(
        seen["posts"]["n"], seen["comments"]["n"], authors["n"],
        day_of(min(moments), zone) if moments else None, day_of(max(moments), zone) if moments else None,
        sum(int(row["undated"] or 0) for row in seen.values()),
        _tally(corpus, "posts", "platform"), _tally(corpus, "posts", "script"), _tally(corpus, "posts", "language"),
        _tally(corpus, "comments", "script"), _tally(corpus, "comments", "language"), lone["n"],
    )  # fmt: skip


def last_day(corpus: Corpus, zone: str) -> date | None:
    """The day of the latest capture that states when it was made."""
    (row,) = _rows(corpus, corpus.table("observations").aggregate(last=ibis._.collected_at.max()))
    return day_of(row["last"], zone) if row["last"] else None


def coverage(corpus: Corpus) -> Coverage | None:
    """Captured comments against declared ones; None where there are no posts."""
    found = status(corpus).thread_coverage
    if not found.threads:
        return None
    return Coverage(found.threads, found.threads_with_count, found.declared, found.captured, found.complete,
                    found.without_comments, found.declared_is_bound)  # fmt: skip


def pictures(corpus: Corpus) -> Pictures:
    """How many posts and comments name pictures or recordings."""
    with_media = []
    for name in ("posts", "comments"):
        named = corpus.table(name).media.length() > 0
        (row,) = _rows(corpus, corpus.table(name).aggregate(n=named.sum()))
        with_media.append(int(row["n"] or 0))
    return Pictures(*with_media)


def _under(corpus: Corpus, hashtags: Sequence[str]) -> Any:
    """Which post stands under which of the study's hashtags: it carries it, or a search for it returned it."""
    posts, searches = corpus.table("posts"), corpus.table("retrievals")
    carried = posts.select("post_id", tag=posts.hashtags.unnest())
    pairs = carried.union(searches.select("post_id", tag=searches.query), distinct=True)
    by_key = {comparison_key(name): name for name in hashtags}
    tags = [row["tag"] for row in _rows(corpus, pairs.select("tag").distinct()) if row["tag"]]
    known = [(tag, by_key[key]) for tag in sorted(tags) if (key := comparison_key(tag)) in by_key]
    if not known:
        return None
    names = ibis.memtable(pa.table({"tag": [tag for tag, _ in known], "hashtag": [name for _, name in known]}))
    return pairs.join(names, "tag").select("post_id", "hashtag").distinct()


def daily(corpus: Corpus, hashtags: Sequence[str], zone: str) -> tuple[Daily, ...]:
    """Posts and comments captured of each day, by hashtag in the study's order; those under none of them last.

    A post with several of the hashtags counts under each; a comment counts where its post does.
    """
    under = _under(corpus, hashtags)
    shift = ibis.interval(minutes=offset_minutes(zone))
    counts: Counter[tuple[str, date, str]] = Counter()
    for name in ("posts", "comments"):
        items = corpus.table(name)
        dated = items.filter(items.published_at.notnull()).select(
            "post_id", day=(items.published_at.cast("timestamp") + shift).date()
        )
        if under is None:
            named = dated.mutate(hashtag=ibis.literal(""))
        else:
            named = dated.left_join(under, "post_id")
            named = named.select("day", hashtag=named.hashtag.fill_null(""))
        for row in _rows(corpus, named.group_by("hashtag", "day").agg(number=ibis._.count())):
            counts[row["hashtag"], row["day"], name] += row["number"]
    order = {name: place for place, name in enumerate([*hashtags, ""])}
    keys = sorted({(order[hashtag], day, hashtag) for hashtag, day, _ in counts})
    return tuple(
        Daily(hashtag, day, counts[hashtag, day, "posts"], counts[hashtag, day, "comments"]) for _, day, hashtag in keys
    )


def time_bases(corpus: Corpus) -> tuple[Basis, ...]:
    """What the times of posts and comments rest on, in the order of the schema."""
    posts, comments = (dict(_tally(corpus, name, "time_basis")) for name in ("posts", "comments"))
    return tuple(Basis(name, posts.get(name, 0), comments.get(name, 0)) for name in TIME_BASES
                 if name in posts or name in comments)  # fmt: skip


def bounds(corpus: Corpus) -> tuple[Bounds, ...]:
    """How sure each kind of count is."""
    found = []
    for table, names in (("posts", COUNTS), ("comments", ("likes",))):
        for name in names:
            tally = dict(_tally(corpus, table, f"{name}_bound"))
            unknown = sum(tally.values()) - sum(tally.get(bound, 0) for bound in ("exact", "rounded", "at_least"))
            if sum(tally.values()):
                found.append(Bounds(f"{name} of {table}", tally.get("exact", 0), tally.get("rounded", 0),
                                    tally.get("at_least", 0), unknown))  # fmt: skip
    return tuple(found)


def quarantine(corpus: Corpus) -> Pairs:
    """Records that could not be read, by reason."""
    reasons = _tally(corpus, "quarantine", "reason")
    rest = sum(number for _, number in reasons[MOST_REASONS:])
    return (*reasons[:MOST_REASONS], ("other reasons", rest)) if rest else reasons


def noticed(corpus: Corpus) -> Pairs:
    """Flags of posts and comments with how many have each, by name."""
    tally: Counter[str] = Counter()
    for name in ("posts", "comments"):
        flags = corpus.table(name).select(flag=ibis._.flags.unnest())
        for row in _rows(corpus, flags.group_by("flag").agg(number=ibis._.count())):
            tally[row["flag"]] += row["number"]
    return tuple(sorted(tally.items()))


def media(corpus: Corpus) -> Pairs:
    """Captured pictures and recordings by what they are."""
    called = {"image": "picture", "video": "film", "audio": "recording", "other": "other file"}
    return tuple((called.get(kind, kind), number) for kind, number in _tally(corpus, "media", "kind"))


def captures(corpus: Corpus) -> tuple[Capture, ...]:
    """The captures by name."""
    rows = _rows(corpus, corpus.table("captures").order_by("name", "capture_id"))
    return tuple(
        Capture(row["name"], row["reader"], row["capture_id"], row["read"], row["new"], row["repeated"],
                row["quarantined"], row["time_zone"] or "", row["time_zone_basis"] or "", bool(row["guessed"]))
        for row in rows
    )  # fmt: skip


def retrievals(corpus: Corpus, zone: str) -> tuple[Retrieval, ...]:
    """What each query returned under each ranking."""
    kept = ("query", "ranking", "account", "locale")
    table = corpus.table("retrievals")
    table = table.mutate(**{name: table[name].fill_null("") for name in kept})
    rows = _rows(corpus, table.group_by(*kept).agg(
        posts=ibis._.post_id.nunique(), first=ibis._.collected_at.min(), last=ibis._.collected_at.max()
    ).order_by(*kept))  # fmt: skip
    return tuple(
        Retrieval(row["query"], row["ranking"], row["posts"], day_of(row["first"], zone) if row["first"] else None,
                  day_of(row["last"], zone) if row["last"] else None, row["account"], row["locale"])
        for row in rows
    )  # fmt: skip


def group_sizes(corpus: Corpus, decided: Mapping[str, str]) -> tuple[Counter[str], Counter[str]]:
    """Captured authors in each group, and how many of them a person put there.

    Parameters
    ----------
    decided
        Decisions by people, group by author; they overrule the rules.
    """
    authors = corpus.table("authors")
    sizes = Counter(dict(_tally(corpus, "authors", "group")))
    by_hand: Counter[str] = Counter()
    if decided:
        overruled = authors.filter(authors.author.isin(sorted(decided))).select("author", "group")
        for row in _rows(corpus, overruled):
            sizes[row["group"] or ""] -= 1
            sizes[decided[row["author"]]] += 1
            by_hand[decided[row["author"]]] += 1
    return sizes, by_hand
