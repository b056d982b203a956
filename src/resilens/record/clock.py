"""What time is it, and what identifies an event? Both are injected, so that a synthetic study repeats byte for byte.

Real studies take `wall` and `uuid7` with the operating system's randomness. Synthetic ones take `Ticking`, one second
an event from a fixed start, and `seeded_identifiers`, whose identifiers and salts follow from the seed alone.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID


def wall() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


class Ticking:
    """A clock that starts where it is told and advances one second each time it is asked.

    Parameters
    ----------
    start
        The first moment it tells, with a time zone.

    Raises
    ------
    ValueError
        If `start` has no time zone.
    """

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs a start with a time zone")
        self._next = start.astimezone(UTC)

    def __call__(self) -> datetime:
        now = self._next
        self._next = now + timedelta(seconds=1)
        return now

    def resume(self, last: datetime) -> None:
        """Go on one second after `last`, the time of a reopened record's last event; never backwards."""
        self._next = max(self._next, last.astimezone(UTC) + timedelta(seconds=1))


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970-01-01 UTC, without the rounding of floating point."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def uuid7(at: datetime, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> UUID:
    """An identifier of version 7: 48 bits of time in milliseconds, then 74 random bits.

    Parameters
    ----------
    at
        The time it carries, with a time zone, from 1970 on.
    random_bytes
        Given a length, that many random bytes.

    Source
    ------
    RFC 9562, section 5.7.
    """
    drawn = int.from_bytes(random_bytes(10), "big")
    rand_a, rand_b = (drawn >> 62) & 0xFFF, drawn & ((1 << 62) - 1)
    return UUID(int=milliseconds(at) << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)


class Seeded:
    """Identifiers and salts that follow from a seed, for synthetic studies only: who knows the seed knows the salts.

    Called with a time it gives an identifier of version 7; called twice with the same time, two different ones.
    """

    def __init__(self, seed: int | str) -> None:
        self._seed = str(seed)
        self._moment, self._repeats = -1, 0

    def __call__(self, at: datetime) -> UUID:
        moment = milliseconds(at)
        self._repeats = self._repeats + 1 if moment == self._moment else 0
        self._moment = moment
        key = f"identifier:{self._seed}:{moment}:{self._repeats}"
        return uuid7(at, lambda length: hashlib.sha256(key.encode()).digest()[:length])

    def salt(self, event_id: UUID) -> bytes:
        """The 16 bytes of salt of one event."""
        return hashlib.sha256(f"salt:{self._seed}:{event_id}".encode()).digest()[:16]


def seeded_identifiers(seed: int | str) -> Seeded:
    """Deterministic identifiers and salts for a synthetic study; see `Seeded`."""
    return Seeded(seed)
