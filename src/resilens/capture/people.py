"""When do two captures name the same account?

Older exports hold an account's id; MediaCrawler since July 2026 holds only `creator_hash`, the first 16 hexadecimal
digits of the SHA-256 of that id. A reader passes on what it has: the id, or the hash behind the prefix `hash:`.
`corpus.pseudonyms` makes the same pseudonym from both; the id itself stays with the record, since it alone tells an
account's age (used in aggregate only).
"""

from __future__ import annotations

from typing import Any

from resilens.capture import values
from resilens.capture.records import Person
from resilens.corpus.pseudonyms import HASHED

CLOSED = ("用户已注销", "账号已注销", "[deleted]", "[Deleted]")
"""What platforms show in place of the name of an account that is gone."""


def is_gone(name: str) -> bool:
    """Whether a platform shows this in place of the name of an account that is gone."""
    return name in CLOSED or name == "[removed]"


def person(native_id: Any, name: Any = None) -> tuple[Person | None, tuple[str, ...]]:
    """The account behind an id and a name, and what is to be flagged about it.

    A name alone is kept but is no identity: thousands of accounts are called momo. An id that a spreadsheet destroyed
    is none either: it may stand for many accounts.
    """
    known, called = values.no_zero(native_id), values.known_text(name)
    flags: tuple[str, ...] = ()
    if values.damaged(known):
        known, flags = None, ("author_id_damaged",)
    return (Person(known, called) if known or called else None), flags


def hashed_person(creator_hash: Any, name: Any) -> tuple[Person | None, tuple[str, ...]]:
    """The account behind a `creator_hash`; its name is masked (`首***尾`)."""
    known = values.identifier(creator_hash)
    return person(HASHED + known.lower() if known and not values.damaged(known) else known, name)
