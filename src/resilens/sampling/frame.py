"""What could have been drawn? The posts that the captured searches returned, each once, each in one stratum.

A frame is all that a sample may speak of. It is made before anything is drawn: a post found under several hashtags is
given to one of them, rankings are interleaved, posts outside the study's dates are left out and counted.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import ibis
import pyarrow as pa

from resilens.corpus.schema import COUNTS
from resilens.errors import InputError
from resilens.sampling.quotas import comparison_key
from resilens.study.zones import day_of

if TYPE_CHECKING:
    from resilens.corpus.engine import Corpus

Source: TypeAlias = Literal["auto", "retrievals", "hashtags"]
Duplicates: TypeAlias = Literal["smallest quota", "first"]


@dataclass(frozen=True, slots=True)
class FramePost:
    """A post that could be drawn.

    Parameters
    ----------
    post_id
        The post.
    stratum
        The one hashtag it counts under.
    hashtags
        All of the study's hashtags it was found under, in the order of the study file.
    position
        Its place in the stratum when the rankings are interleaved, from 1.
    best
        Where it stood highest, as `likes 3`; empty where no rank is known.
    comments
        How many of its comments are captured.
    """

    post_id: str
    stratum: str
    hashtags: tuple[str, ...]
    position: int
    best: str
    comments: int


@dataclass(frozen=True, slots=True)
class Found:
    """What was found under one hashtag.

    Parameters
    ----------
    hashtag
        The hashtag.
    source
        `retrievals` or `hashtags` (posts that carry it).
    rows
        Retrieval rows; for `hashtags` the posts.
    posts
        Distinct posts.
    outside_dates, undated
        Of these, posts outside the study's dates (left out), and posts of unknown date (kept).
    elsewhere
        Of the rest, posts that count under another hashtag.
    in_frame
        What is left: the stratum.
    """

    hashtag: str
    source: str
    rows: int
    posts: int
    outside_dates: int
    undated: int
    elsewhere: int
    in_frame: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What could have been drawn.

    Parameters
    ----------
    posts
        Every post once, by stratum in the order of the study file and by position.
    found
        The counts, a row a hashtag.
    distinct, undated
        Distinct posts found under any hashtag, and those of them whose date is unknown.
    several
        Posts of the frame that were found under more than one hashtag.
    description
        The frame in words, for captions.
    frame_id
        SHA-256 of the canonical content.
    """

    posts: tuple[FramePost, ...]
    found: tuple[Found, ...]
    distinct: int
    undated: int
    several: int
    description: str
    frame_id: str

    def stratum(self, hashtag: str) -> list[FramePost]:
        """The posts of one stratum, by position."""
        return [post for post in self.posts if post.stratum == hashtag]


@dataclass(slots=True)
class Candidates:
    """The posts found under one hashtag, with the best place of each: (rank, ranking's place, label)."""

    hashtag: str
    source: str
    rows: int = 0
    places: dict[str, tuple[float, int, str]] = field(default_factory=dict)
    captures: set[str] = field(default_factory=set)
    collected: list[datetime] = field(default_factory=list)

    def add(self, post_id: str, rank: float | None, ranking: str, rankings: Sequence[str]) -> None:
        """Note that the post stood at `rank` of `ranking`; it keeps its best place."""
        turn = rankings.index(ranking) if ranking in rankings else len(rankings)
        label = "" if rank is None else f"{ranking or 'unnamed ranking'} {rank}"
        place = (math.inf if rank is None else rank, turn, label)
        self.places[post_id] = min(place, self.places.get(post_id, (math.inf, len(rankings) + 1, "")))


def frame(
    corpus: Corpus,
    hashtags: Sequence[str],
    quotas: Mapping[str, int],
    rankings: Sequence[str] = ("likes", "comments", "bookmarks"),
    *,
    source: Source = "auto",
    duplicates: Duplicates = "smallest quota",
    zone: str = "UTC",
    start: date | None = None,
    end: date | None = None,
) -> Frame:
    """The frame of a study.

    Parameters
    ----------
    corpus
        The captured posts, comments and retrievals.
    hashtags
        The study's hashtags, in the order of its file.
    quotas
        Each hashtag's quota.
    rankings
        The rankings in the order in which they are interleaved; a post stands at its best place, by rank and then by
        this order. Rankings that were captured and are not named come after these.
    source
        `retrievals`: what captured searches returned; `hashtags`: captured posts that carry the hashtag, ranked by
        their captured counts; `auto`: for each hashtag the first, where there is a captured search, else the second.
    duplicates
        Where a post found under several hashtags counts: the smallest quota (equal quotas: the first in the study
        file), or the first in the study file.
    zone, start, end
        Posts published before the day `start` or after the day `end`, both in the study's zone, are not in the
        frame; posts of unknown date are.

    Raises
    ------
    InputError
        If there is no hashtag, or a hashtag has no captured search and `source` is `retrievals`.
    """
    if not hashtags:
        raise InputError("the study has no hashtag, so there is nothing to draw from; add a [[hashtag]] to study.toml")
    searched = {} if source == "hashtags" else _retrieved(corpus, hashtags, rankings)
    missing = [name for name in hashtags if name not in searched]
    if missing and source == "retrievals":
        raise InputError(
            f"no search for #{', #'.join(missing)} was captured; add its captures, or set sample.frame = 'auto' to use "
            "the posts that carry the hashtag"
        )
    found = searched | (_carrying(corpus, missing, rankings) if missing else {})
    published = _published(corpus, {post for rows in found.values() for post in rows.places})
    inside = {post for post, moment in published.items() if _within(moment, zone, start, end)}
    home = _strata([found[name] for name in hashtags], quotas, duplicates, inside)
    posts = _posts(corpus, [found[name] for name in hashtags], home)
    counts = tuple(_found(found[name], published, inside, home) for name in hashtags)
    description = _description([found[name] for name in hashtags], rankings, zone, start, end, duplicates)
    several = sum(len(post.hashtags) > 1 for post in posts)
    undated = sum(moment is None for moment in published.values())
    return Frame(posts, counts, len(published), undated, several, description, _digest(posts))


def _retrieved(corpus: Corpus, hashtags: Sequence[str], rankings: Sequence[str]) -> dict[str, Candidates]:
    """What captured searches returned, for the hashtags that were searched for."""
    retrievals = corpus.table("retrievals")
    queries = corpus.frame(retrievals.select("query").distinct())["query"].to_pylist()
    by_key = {comparison_key(name): name for name in hashtags}
    hashtag_of = {query: by_key[key] for query in queries if query and (key := comparison_key(query)) in by_key}
    if not hashtag_of:
        return {}
    captured = retrievals.filter(retrievals["query"].isin(sorted(hashtag_of)))
    captured = captured.semi_join(corpus.table("posts"), "post_id")
    rows = corpus.frame(
        captured.group_by("post_id", "query", "ranking", "capture_id").aggregate(
            rank=captured["rank"].min(), rows=captured.count(),
            first=captured["collected_at"].min(), last=captured["collected_at"].max(),
        ).order_by("post_id", "query", "ranking", "capture_id")
    )  # fmt: skip
    found: dict[str, Candidates] = {}
    for row in rows.to_pylist():
        name = hashtag_of[row["query"]]
        candidates = found.setdefault(name, Candidates(name, "retrievals"))
        candidates.rows += row["rows"]
        candidates.add(row["post_id"], row["rank"], row["ranking"] or "", rankings)
        candidates.captures.add(row["capture_id"])
        candidates.collected += [moment for moment in (row["first"], row["last"]) if moment is not None]
    return found


def _carrying(corpus: Corpus, hashtags: Sequence[str], rankings: Sequence[str]) -> dict[str, Candidates]:
    """The captured posts that carry each hashtag, ranked by what was captured of their counts and dates."""
    posts = corpus.table("posts")
    tagged = posts.select("post_id", "published_at", *COUNTS, tag=posts["hashtags"].unnest())
    tags = corpus.frame(tagged.select("tag").distinct())["tag"].to_pylist()
    by_key = {comparison_key(name): name for name in hashtags}
    hashtag_of = {tag: by_key[key] for tag in tags if tag and (key := comparison_key(tag)) in by_key}
    found = {name: Candidates(name, "hashtags") for name in hashtags}
    if not hashtag_of:
        return found
    rows = corpus.frame(tagged.filter(tagged["tag"].isin(sorted(hashtag_of))).order_by("post_id", "tag")).to_pylist()
    carried: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        carried[hashtag_of[row["tag"]]][row["post_id"]] = row
    for name, posts_of in carried.items():
        found[name].rows = len(posts_of)
        _rank_by_counts(found[name], posts_of, rankings)
        _note_collection(corpus, found[name])
    return found


def _rank_by_counts(
    candidates: Candidates, posts: Mapping[str, Mapping[str, Any]], rankings: Sequence[str]
) -> None:
    column = {name: "published_at" if name == "newest" else name for name in rankings if name in (*COUNTS, "newest")}
    for post_id in posts:
        candidates.add(post_id, None, "", rankings)
    for ranking, key in column.items():
        known = [row for row in posts.values() if row[key] is not None]
        known.sort(key=lambda row: row["post_id"])
        known.sort(key=lambda row: row[key], reverse=True)
        for rank, row in enumerate(known, 1):
            candidates.add(row["post_id"], rank, ranking, rankings)


def _note_collection(corpus: Corpus, candidates: Candidates) -> None:
    observations = corpus.table("observations")
    seen = observations.filter(observations.state == "seen").semi_join(_ids(candidates.places, "item_id"), "item_id")
    for row in corpus.frame(
        seen.group_by("capture_id").aggregate(first=seen["collected_at"].min(), last=seen["collected_at"].max())
    ).to_pylist():
        candidates.captures.add(row["capture_id"])
        candidates.collected += [moment for moment in (row["first"], row["last"]) if moment is not None]


def _ids(ids: Iterable[str], name: str) -> Any:
    return ibis.memtable(pa.table({name: pa.array(sorted(ids), pa.string())}))


def _published(corpus: Corpus, ids: set[str]) -> dict[str, datetime | None]:
    posts = corpus.table("posts").semi_join(_ids(ids, "post_id"), "post_id")
    rows = corpus.frame(posts.select("post_id", "published_at"))
    return dict(zip(rows["post_id"].to_pylist(), rows["published_at"].to_pylist(), strict=True))


def _within(moment: datetime | None, zone: str, start: date | None, end: date | None) -> bool:
    if moment is None:
        return True
    day = day_of(moment, zone)
    return (start is None or day >= start) and (end is None or day <= end)


def _strata(
    found: Sequence[Candidates], quotas: Mapping[str, int], duplicates: Duplicates, inside: set[str]
) -> dict[str, str]:
    """The one hashtag under which each post counts."""
    order = list(found)
    if duplicates == "smallest quota":
        order.sort(key=lambda rows: quotas.get(rows.hashtag, 0))
    home: dict[str, str] = {}
    for candidates in order:
        for post_id in candidates.places:
            if post_id in inside:
                home.setdefault(post_id, candidates.hashtag)
    return home


def _posts(corpus: Corpus, found: Sequence[Candidates], home: Mapping[str, str]) -> tuple[FramePost, ...]:
    captured = _counted(corpus, home)
    hashtags: dict[str, list[str]] = defaultdict(list)
    for candidates in found:
        for post_id in candidates.places:
            hashtags[post_id].append(candidates.hashtag)
    posts = []
    for candidates in found:
        own = [post_id for post_id in candidates.places if home.get(post_id) == candidates.hashtag]
        own.sort(key=lambda post_id: (candidates.places[post_id][:2], post_id))
        posts += [
            FramePost(post_id, candidates.hashtag, tuple(hashtags[post_id]), position, candidates.places[post_id][2],
                      captured.get(post_id, 0))
            for position, post_id in enumerate(own, 1)
        ]  # fmt: skip
    return tuple(posts)


def _counted(corpus: Corpus, ids: Iterable[str]) -> dict[str, int]:
    comments = corpus.table("comments").semi_join(_ids(ids, "post_id"), "post_id")
    counted = corpus.frame(comments.group_by("post_id").aggregate(captured=comments.count()))
    return dict(zip(counted["post_id"].to_pylist(), counted["captured"].to_pylist(), strict=True))


def captured_comments(corpus: Corpus, ids: Iterable[str]) -> dict[str, int]:
    """How many comments are captured of each of these posts; posts that are not captured are left out."""
    wanted = list(ids)
    posts = corpus.frame(corpus.table("posts").semi_join(_ids(wanted, "post_id"), "post_id").select("post_id"))
    return dict.fromkeys(posts["post_id"].to_pylist(), 0) | _counted(corpus, wanted)


def _found(
    candidates: Candidates, published: Mapping[str, datetime | None], inside: set[str], home: Mapping[str, str]
) -> Found:
    posts = candidates.places.keys()
    here = sum(home.get(post_id) == candidates.hashtag for post_id in posts)
    within = len(posts & inside)
    undated = sum(published[post_id] is None for post_id in posts)
    return Found(candidates.hashtag, candidates.source, candidates.rows, len(posts), len(posts) - within, undated,
                 within - here, here)  # fmt: skip


def _description(
    found: Sequence[Candidates], rankings: Sequence[str], zone: str, start: date | None, end: date | None,
    duplicates: Duplicates,
) -> str:  # fmt: skip
    parts = []
    searched = [rows for rows in found if rows.source == "retrievals"]
    carried = [rows for rows in found if rows.source == "hashtags"]
    if searched:
        parts.append(
            f"the posts that the captured searches for {_names(searched)} returned ({', '.join(rankings)}), "
            f"{_collection(searched, zone)}"
        )
    if carried:
        no_search = "for which no search was captured" if searched else "no search having been captured"
        parts.append(f"the captured posts that carry {_names(carried)}, {no_search}, {_collection(carried, zone)}")
    text = "; and ".join(parts)
    if start or end:
        span = (f"from {start} " if start else "") + (f"to {end} " if end else "")
        text += f"; published {span}({zone}) or of unknown date"
    rule = "the smallest quota" if duplicates == "smallest quota" else "the first place in the study file"
    return f"{text}; each post once, under the hashtag with {rule}"


def _names(found: Sequence[Candidates]) -> str:
    return ", ".join("#" + rows.hashtag.lstrip("#") for rows in found)


def _collection(found: Sequence[Candidates], zone: str) -> str:
    days = sorted({day_of(moment, zone) for rows in found for moment in rows.collected})
    captures = len(set().union(*(rows.captures for rows in found)))
    many = f"{captures} capture{'' if captures == 1 else 's'}"
    if not days:
        return f"in {many} that do not say when they were collected"
    span = str(days[0]) if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    return f"collected {span} ({zone}) in {many}"


def _digest(posts: Sequence[FramePost]) -> str:
    content = sorted([post.post_id, post.stratum, post.position, post.comments, *post.hashtags] for post in posts)
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
