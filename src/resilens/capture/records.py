"""What does a reader hand on? Captured posts and comments with their values still raw.

A reader only knows where things are in its format. What a value means (a count such as `1.2万`, a time without a
zone, a mention, a pseudonym) is decided once, for all readers, in `capture.normalise`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(slots=True)
class Person:
    """An account as a capture names it. `native_id` decides identity; a nickname never does, unless nothing else is
    there (`name_is_identity`, for tables that hold handles alone)."""

    native_id: str | None = None
    name: str | None = None
    name_is_identity: bool = False


@dataclass(slots=True)
class Retrieval:
    """The query, ranking and rank under which a post was captured."""

    query: str
    ranking: str | None = None
    rank: int | None = None
    account: str | None = None
    locale: str | None = None


@dataclass(slots=True)
class CapturedPost:
    """A post as captured once. Counts and the time are raw: text, number or None (not shown, not captured)."""

    line: int
    platform: str
    native_id: str
    author: Person | None = None
    published: Any = None
    kind: str = "unknown"
    title: str | None = None
    text: str | None = None
    hashtags: tuple[str, ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)  # keys of corpus.schema.COUNTS
    location: str | None = None
    url: str | None = None
    media: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    mentions: tuple[Person, ...] = ()
    collected_at: Any = None  # raw, like `published`
    retrieval: Retrieval | None = None


@dataclass(slots=True)
class CapturedComment:
    """A comment as captured once; `parent` is the comment answered, None at top level."""

    line: int
    platform: str
    native_id: str
    post: str
    parent: str | None = None
    author: Person | None = None
    published: Any = None
    text: str | None = None
    likes: Any = None
    replies: Any = None
    location: str | None = None
    media: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    mentions: tuple[Person, ...] = ()
    collected_at: Any = None


@dataclass(slots=True)
class Broken:
    """A record that could not be read: where, why, and what could be read of it."""

    line: int
    reason: str
    raw: str = ""


Captured: TypeAlias = CapturedPost | CapturedComment | Broken
