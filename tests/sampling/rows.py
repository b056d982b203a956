"""Rows of small corpora, as a capture would write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

COLLECTED = datetime(2025, 5, 1, 20, tzinfo=UTC)


def post_id(name: str) -> str:
    return f"rednote:p:{name}"


def comment_id(name: str) -> str:
    return f"rednote:c:{name}"


def a_post(name: str, hashtags: Sequence[str] = (), day: int | None = 15, **more: Any) -> dict[str, Any]:
    published = None if day is None else datetime(2025, 1, day, 12, tzinfo=UTC)
    return {"post_id": post_id(name), "hashtags": list(hashtags), "published_at": published, **more}


def a_comment(name: str, post: str, parent: str | None = None, root: str | None = None, **more: Any) -> dict[str, Any]:
    return {"comment_id": comment_id(name), "post_id": post_id(post), "parent_id": parent and comment_id(parent),
            "root_id": comment_id(root or name), **more}  # fmt: skip


def a_retrieval(post: str, query: str, ranking: str | None, rank: int | None, **more: Any) -> dict[str, Any]:
    return {"post_id": post_id(post), "query": query, "ranking": ranking, "rank": rank, "capture_id": "c1",
            "collected_at": COLLECTED, **more}  # fmt: skip
