"""When do two captures name the same account?

Older exports hold an account's id; MediaCrawler since July 2026 holds only `creator_hash`, the first 16 hexadecimal
digits of the SHA-256 of that id. A reader passes on what it has: the id, or the hash behind the prefix `hash:`. The one
key to which both lead is the hash, so `account_key` is what a pseudonym must be made from; the id itself stays with the
record, since it alone tells an account's age (used in aggregate only).
"""

from __future__ import annotations

import hashlib
from typing import Any

from resilens.capture import values
from resilens.capture.records import Person

HASHED = "hash:"
CLOSED = ("用户已注销", "账号已注销", "[deleted]")
"""What platforms show in place of the name of an account that is gone."""


def account_key(native_id: str) -> str:
    """What decides the identity of an account: equal for an id and for the `creator_hash` made from it.

    Parameters
    ----------
    native_id
        The id, or `hash:` and 16 hexadecimal digits.

    Returns
    -------
    str
        The 16 digits. Two of 50 million accounts share them with a probability of 7e-5.
    """
    if native_id.startswith(HASHED):
        return native_id[len(HASHED) :]
    return hashlib.sha256(native_id.encode()).hexdigest()[:16]


def person(native_id: Any, name: Any = None) -> tuple[Person | None, tuple[str, ...]]:
    """The account behind an id and a name, and what is to be flagged about it.

    A name alone is kept but is no identity: thousands of accounts are called momo.
    """
    known, called = values.no_zero(native_id), values.known_text(name)
    flags: list[str] = []
    if values.damaged(known):
        known = None
        flags.append("author_id_damaged")
    elif known is None:
        flags.append("author_missing")
    if called in CLOSED:
        flags.append("account_closed")
    return (Person(known, called) if known or called else None), tuple(flags)


def hashed_person(creator_hash: Any, name: Any) -> tuple[Person | None, tuple[str, ...]]:
    """The account behind a `creator_hash`; its name is masked (`首***尾`)."""
    known = values.identifier(creator_hash)
    return person(HASHED + known.lower() if known and not values.damaged(known) else known, name)
