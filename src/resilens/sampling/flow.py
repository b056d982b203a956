"""What became of everything that was found? The flow table, a row a hashtag and one for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from resilens.sampling.designs import REFILL
from resilens.sampling.drawfile import Draw
from resilens.sampling.frame import Frame

COLUMNS = {
    "hashtag": "the hashtag; `all` for all of them",
    "source": "retrievals (captured searches) or hashtags (captured posts that carry it)",
    "found": "appearances: retrieval rows, or posts that carry the hashtag",
    "posts": "distinct posts among them",
    "outside_dates": "posts left out since they were published outside the study's dates",
    "undated": "posts of unknown date, kept",
    "duplicate": "posts that count under another hashtag",
    "in_frame": "posts that could have been drawn",
    "quota": "posts wanted",
    "examined": "posts looked at, in the order of the design",
    "ineligible": "of these, posts left out at the screening desk",
    "ineligible_because": "the reasons, with their counts",
    "refilled": "posts that took the place of ineligible ones",
    "by_hand": "posts that a person added or took out otherwise, added minus taken out",
    "drawn": "posts in the sample",
    "shortfall": "posts wanted and not there; never moved to another hashtag",
    "comments_captured": "captured comments of the posts in the sample",
    "comments_selected": "comments in the sample",
}
"""The columns and what they hold. In the row `all`, posts, outside_dates and undated count each post once."""


def flow(frame: Frame, draw: Draw, beside: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
    """The flow table as rows of plain values, with the keys of `COLUMNS`.

    Parameters
    ----------
    frame, draw
        What could be drawn, and what was.
    beside
        Captured comments of the posts in the sample that are not in the frame, by post_id.

    Notes
    -----

    In each hashtag's row `posts = outside_dates + duplicate + in_frame` and `drawn = examined - ineligible + by_hand`;
    `shortfall = max(0, quota - drawn)`, summed over hashtags in the row `all`.
    """
    captured = {post.post_id: post.comments for post in frame.posts} | dict(beside or {})
    rows = []
    for found in frame.found:
        after = _after(draw, found.hashtag, captured)
        rows.append({
            "hashtag": found.hashtag, "source": found.source, "found": found.rows, "posts": found.posts,
            "outside_dates": found.outside_dates, "undated": found.undated, "duplicate": found.elsewhere,
            "in_frame": found.in_frame, **after,
        })  # fmt: skip
    reasons = Counter(reason for stratum in draw.strata for reason, _ in stratum.ineligible)
    added = {key: sum(row[key] for row in rows) for key in COLUMNS if key not in _WORDS}
    return [*rows, {
        **dict.fromkeys(COLUMNS, ""), **added, "hashtag": "all",
        "source": " and ".join(sorted({row["source"] for row in rows}, reverse=True)),
        "posts": frame.distinct, "undated": frame.undated, "outside_dates": frame.distinct - len(frame.posts),
        "ineligible_because": _in_words(reasons),
    }]  # fmt: skip


_WORDS = ("hashtag", "source", "ineligible_because")


def _after(draw: Draw, hashtag: str, captured: Mapping[str, int]) -> dict[str, Any]:
    """What the draw did with a hashtag."""
    strata = [row for row in draw.strata if row.hashtag == hashtag]
    posts = [item for item in draw.items if item.is_post and item.hashtag == hashtag]
    reasons = Counter(reason for row in strata for reason, _ in row.ineligible)
    by_design = sum(row.drawn for row in strata)
    wanted = sum(row.wanted for row in strata)
    return {
        "quota": wanted,
        "examined": sum(row.examined for row in strata),
        "ineligible": sum(reasons.values()),
        "ineligible_because": _in_words(reasons),
        "refilled": sum(post.reason.startswith(f"{REFILL}, ") for post in posts),
        "by_hand": len(posts) - by_design,
        "drawn": len(posts),
        "shortfall": max(0, wanted - len(posts)),
        "comments_captured": sum(captured[post.item_id] for post in posts),
        "comments_selected": sum(item.hashtag == hashtag and not item.is_post for item in draw.items),
    }  # fmt: skip


def _in_words(reasons: Mapping[str, int]) -> str:
    """`off topic 3, duplicate 1`: the most frequent first."""
    ranked = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{reason} {number}" for reason, number in ranked)
