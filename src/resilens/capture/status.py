"""What was captured, what is missing, how sure are the times, and which counts are bounds?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import ibis

from resilens.capture.recaptures import Grown, Recapture, grown, recaptures
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import BOUNDS, COUNTS
from resilens.study.zones import day_of

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class Coverage:
    """Declared against captured comments, over the threads whose post shows a count.

    Parameters
    ----------
    threads
        Posts captured.
    threads_with_count
        Of these, posts that show how many comments they have.
    declared
        The comments these show together; a lower bound where `declared_is_bound`.
    captured
        The comments captured of these posts.
    complete
        Posts of which at least as many were captured as declared.
    without_comments
        Posts that declare comments and of which none were captured.
    posts_missing
        Posts that have captured comments but were not captured themselves.
    comments_without_post
        The comments of those.
    """

    threads: int
    threads_with_count: int
    declared: int
    declared_is_bound: bool
    captured: int
    complete: int
    without_comments: int
    posts_missing: int
    comments_without_post: int

    @property
    def share(self) -> float | None:
        """Captured as a share of declared comments; None where none are declared."""
        return self.captured / self.declared if self.declared else None

    def lines(self) -> list[str]:
        """The same as text."""
        lines = []
        if self.share is not None:
            bound = "at least " if self.declared_is_bound else ""
            lines.append(f"threads: {self.captured:,} of {bound}{self.declared:,} declared comments captured "
                         f"({self.share:.1%}), over the {self.threads_with_count:,} posts that show a count; "
                         f"{self.complete:,} complete, {self.without_comments:,} without any")  # fmt: skip
        if self.posts_missing:
            lines.append(f"{self.comments_without_post:,} comments belong to {self.posts_missing:,} posts not captured")
        return lines


@dataclass(frozen=True, slots=True)
class Status:
    """The corpus at a glance; every table of counts is sorted by its key.

    Parameters
    ----------
    captures
        One entry per capture, in the order of adding, columns as the table `captures`.
    posts, comments, authors
        How many.
    span
        `first` and `last` time of publication (ISO 8601 in UTC), their days in the study's `zone`; empty where no time
        is known.
    groups, platforms
        Authors by group, items by platform.
    scripts, languages
        Items by script and by inferred language (empty language as `unknown`).
    time_bases, bounds
        Items by the basis of their time; for each count, posts by how sure it is.
    flags
        Items by flag.
    depths
        Comments by depth; `unknown` where the chain of answers is broken.
    thread_coverage
        Declared against captured comments.
    recaptures
        What became of comments when their threads were captured again.
    grown
        How counts grew, of items captured at two times or more.
    """

    captures: list[dict[str, Any]]
    posts: int
    comments: int
    authors: int
    span: dict[str, str]
    groups: dict[str, int]
    platforms: dict[str, int]
    scripts: dict[str, int]
    languages: dict[str, int]
    time_bases: dict[str, int]
    bounds: dict[str, dict[str, int]]
    flags: dict[str, int]
    depths: dict[str, int]
    thread_coverage: Coverage
    recaptures: list[Recapture]
    grown: list[Grown]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain = asdict(self)
        plain["thread_coverage"]["share"] = self.thread_coverage.share
        plain["recaptures"] = [one.to_dict() for one in self.recaptures]
        return plain

    def lines(self) -> list[str]:
        """The same as text, a line a fact."""
        lines = [capture_line(capture) for capture in self.captures]
        lines.append(f"{self.posts:,} posts, {self.comments:,} comments, {self.authors:,} authors")
        if self.span["first"]:
            lines.append(f"from {self.span['first_day']} to {self.span['last_day']} ({self.span['zone']})")
        shown = (("groups", self.groups), ("scripts", self.scripts), ("languages", self.languages),
                 ("times", self.time_bases), ("noticed", self.flags))  # fmt: skip
        lines.extend(f"{what}: " + ", ".join(f"{key} {number:,}" for key, number in counts.items())
                     for what, counts in shown if counts)  # fmt: skip
        bounds = [f"{name} {bound.replace('_', ' ')} {number:,}" for name, counts in self.bounds.items()
                  for bound, number in counts.items() if bound in {"rounded", "at_least"}]  # fmt: skip
        if bounds:
            lines.append("counts of posts that are not exact: " + ", ".join(bounds))
        return [*lines, *self.thread_coverage.lines(), *(one.line for one in self.recaptures),
                *(one.line for one in self.grown)]  # fmt: skip


def status(corpus: Corpus, zone: str = "UTC") -> Status:
    """Describe the corpus.

    Parameters
    ----------
    corpus
        An opened corpus; an empty one gives zeros.
    zone
        The study's zone, as `UTC+08:00`.
    """
    posts, comments = corpus.table("posts"), corpus.table("comments")
    shared = ("platform", "script", "language", "time_basis", "published_at", "flags")
    items = posts.select(*shared).union(comments.select(*shared))
    span = corpus.frame(items.aggregate(first=items.published_at.min(), last=items.published_at.max())).to_pylist()[0]
    return Status(
        captures=corpus.frame(corpus.table("captures")).to_pylist(),
        posts=_number(corpus, posts), comments=_number(corpus, comments),
        authors=_number(corpus, corpus.table("authors")),
        span=_span(span["first"], span["last"], zone),
        groups=_counted(corpus, corpus.table("authors"), "group"),
        platforms=_counted(corpus, items, "platform"), scripts=_counted(corpus, items, "script"),
        languages=_counted(corpus, items, "language"), time_bases=_counted(corpus, items, "time_basis"),
        bounds=_bounds(corpus, posts),
        flags=_counted(corpus, items.select(flag=items.flags.unnest()), "flag"),
        depths=_counted(corpus, comments.select(depth=comments.depth.cast("string")), "depth"),
        thread_coverage=_coverage(corpus), recaptures=recaptures(corpus), grown=grown(corpus),
    )  # fmt: skip


def thread_coverage(corpus: Corpus) -> ir.Table:
    """Per thread: post_id, declared (empty where not shown), declared_bound, captured, post_captured."""
    posts, comments = corpus.table("posts"), corpus.table("comments")
    captured = comments.group_by("post_id").agg(captured=comments.count())
    declared = posts.select("post_id", declared=posts.comments, declared_bound=posts.comments_bound)
    joined = declared.outer_join(captured, "post_id")
    return joined.select(
        post_id=ibis.coalesce(joined.post_id, joined.post_id_right),
        declared=joined.declared,
        declared_bound=joined.declared_bound,
        captured=ibis.coalesce(joined.captured, 0),
        post_captured=joined.post_id.notnull(),
    )


def _coverage(corpus: Corpus) -> Coverage:
    threads = thread_coverage(corpus)
    counted = threads.declared.notnull() & threads.post_captured
    inexact = threads.declared_bound.isin(["rounded", "at_least"])
    sums = threads.aggregate(
        threads=threads.post_captured.sum(),
        threads_with_count=counted.sum(),
        declared=threads.declared.sum(where=counted),
        declared_is_bound=inexact.any(),
        captured=threads.captured.sum(where=counted),
        complete=(counted & (threads.captured >= threads.declared)).sum(),
        without_comments=(counted & (threads.declared > 0) & (threads.captured == 0)).sum(),
        posts_missing=(~threads.post_captured).sum(),
        comments_without_post=threads.captured.sum(where=~threads.post_captured),
    )
    found = corpus.frame(sums).to_pylist()[0]
    bound = bool(found.pop("declared_is_bound"))
    return Coverage(declared_is_bound=bound, **{name: int(value or 0) for name, value in found.items()})


def _span(first: datetime | None, last: datetime | None, zone: str) -> dict[str, str]:
    if first is None or last is None:
        return {"first": "", "last": "", "first_day": "", "last_day": "", "zone": zone}
    return {"first": first.astimezone(UTC).isoformat(), "last": last.astimezone(UTC).isoformat(),
            "first_day": day_of(first, zone).isoformat(), "last_day": day_of(last, zone).isoformat(),
            "zone": zone}  # fmt: skip


def capture_line(capture: Mapping[str, Any]) -> str:
    """The capture's equation and how its times are read."""
    zone = f"{capture['time_zone']}, " if capture["time_zone"] else ""
    return (
        f"{capture['name']} ({capture['reader']}{', mapping guessed' if capture['guessed'] else ''}): "
        f"read {capture['read']:,} = {capture['new']:,} new + {capture['repeated']:,} repeated + "
        f"{capture['quarantined']:,} quarantined; times: {zone}{capture['time_zone_basis']}"
    )


def _number(corpus: Corpus, table: ir.Table) -> int:
    return int(corpus.frame(table.aggregate(items=table.count())).column("items")[0].as_py())


def _counted(corpus: Corpus, table: ir.Table, column: str) -> dict[str, int]:
    """Rows by the values of a column, sorted; empty and missing values as `unknown`."""
    rows = corpus.frame(table.group_by(value=table[column]).agg(items=table.count())).to_pylist()
    found: dict[str, int] = {}
    for row in rows:
        key = row["value"] or "unknown"
        found[key] = found.get(key, 0) + row["items"]
    return dict(sorted(found.items(), key=lambda entry: (entry[0] == "unknown", len(entry[0]), entry[0])
                       if column == "depth" else (entry[0] == "unknown", 0, entry[0])))  # fmt: skip


def _bounds(corpus: Corpus, posts: ir.Table) -> dict[str, dict[str, int]]:
    found = {}
    for name in COUNTS:
        by_bound = _counted(corpus, posts, f"{name}_bound")
        found[name] = {bound: by_bound[bound] for bound in BOUNDS if bound in by_bound}
    return found
