"""How is an account called without being named?

A pseudonym is a keyed hash: the same account is the same pseudonym in every capture of a study, no two studies share
pseudonyms, and without the key (`corpus.vault`) nobody gets from one to the other, not even by trying all ids.
"""

from __future__ import annotations

import hashlib
from typing import Any

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]  # base32, ten bits at once

_BLOCK = 64
"""Bytes that SHA-256 takes at once."""

HASHED = "hash:"
"""What stands before the 16 hexadecimal digits of a `creator_hash` where a capture holds no id."""


class Pseudonyms:
    """Pseudonyms under one key.

    Parameters
    ----------
    key
        At least 16 secret bytes.

    Notes
    -----
    A pseudonym is the first 80 bits of HMAC-SHA256(key, kind, platform, identity) in lower-case base32. The identity
    of an account is the first 16 hexadecimal digits of sha256(id): that is the `creator_hash` which MediaCrawler gives
    in place of the id since July 2026, so an account known by its id in an old export and by its hash in a new one is
    one account. Two of 50 million accounts share an identity with a probability of 7e-5.
    """

    __slots__ = ("_begun", "_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("the key of pseudonyms needs at least 16 bytes")
        padded = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
        self._inner, self._outer = (hashlib.sha256(bytes(one ^ pad for one in padded)) for pad in (0x36, 0x5C))
        self._begun: dict[tuple[str, str], Any] = {}

    def of(self, platform: str, native_id: str) -> str:
        """`u-` and 16 base32 characters: the pseudonym of the account with this id, or `hash:` and `creator_hash`."""
        if native_id.startswith(HASHED):
            identity = native_id[len(HASHED) :].lower()
        else:
            identity = hashlib.sha256(native_id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return "u-" + self._digest("account", platform, identity)

    def of_name(self, platform: str, name: str) -> str:
        """`n-` and 16 base32 characters: the pseudonym of a name, which may be many accounts."""
        return "n-" + self._digest("name", platform, name.strip().lstrip("@").casefold())

    def of_address(self, platform: str, address: str) -> str:
        """`a-` and 16 base32 characters: in place of an item's id or an address that names an account."""
        return "a-" + self._digest("address", platform, address)

    def _digest(self, kind: str, platform: str, identity: str) -> str:
        # HMAC as RFC 2104 defines it, the key taken in already: a third of the time of `hmac`, which starts anew.
        begun = self._begun.get((kind, platform))
        if begun is None:
            begun = self._begun[kind, platform] = self._inner.copy()
            begun.update(f"{kind}\x1f{platform}\x1f".encode())
        inner, outer = begun.copy(), self._outer.copy()
        inner.update(identity.encode("utf-8", "surrogatepass"))
        outer.update(inner.digest())
        digest = outer.digest()
        high, low = int.from_bytes(digest[:5], "big"), int.from_bytes(digest[5:10], "big")
        return "".join((
            _PAIRS[high >> 30], _PAIRS[high >> 20 & 1023], _PAIRS[high >> 10 & 1023], _PAIRS[high & 1023],
            _PAIRS[low >> 30], _PAIRS[low >> 20 & 1023], _PAIRS[low >> 10 & 1023], _PAIRS[low & 1023],
        ))  # fmt: skip
