"""How is an account called without being named?

A pseudonym is a keyed hash: the same account is the same pseudonym in every capture of a study, no two studies share
pseudonyms, and without the key (`corpus.vault`) nobody gets from one to the other, not even by trying all ids.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode

HASHED_IDS = frozenset({"rednote", "weibo"})
"""Platforms where MediaCrawler's `creator_hash` (16 hex digits) cannot be mistaken for an account id."""

_CREATOR_HASH = re.compile(r"[0-9a-f]{16}")


class Pseudonyms:
    """Pseudonyms under one key.

    Parameters
    ----------
    key
        At least 16 secret bytes.

    Notes
    -----
    A pseudonym is the first 80 bits of HMAC-SHA256(key, kind, platform, identity) in lower-case base32; among 50
    million accounts two collide with a probability of 1e-9.

    Since July 2026 MediaCrawler gives the first 16 hex digits of sha256(user id) in place of the id. On the platforms
    in `HASHED_IDS` that hash is what identifies an account, so an account known by its id in an old export and by its
    hash in a new one is one account.
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("the key of pseudonyms needs at least 16 bytes")
        self._key = key

    def of(self, platform: str, native_id: str) -> str:
        """`u-` and 16 base32 characters: the pseudonym of the account with this id."""
        if platform in HASHED_IDS and not _CREATOR_HASH.fullmatch(native_id):
            native_id = hashlib.sha256(native_id.encode()).hexdigest()[:16]
        return "u-" + self._digest("account", platform, native_id)

    def of_name(self, platform: str, name: str) -> str:
        """`n-` and 16 base32 characters: the pseudonym of a name, which may be many accounts."""
        return "n-" + self._digest("name", platform, name.strip().lstrip("@").casefold())

    def of_address(self, platform: str, address: str) -> str:
        """`a-` and 16 base32 characters: in place of an item's id or an address that names an account."""
        return "a-" + self._digest("address", platform, address)

    def of_file(self, reference: str) -> str:
        """`m-` and 16 base32 characters: in place of a reference to a file that names an account."""
        return "m-" + self._digest("file", "", reference)

    def _digest(self, kind: str, platform: str, identity: str) -> str:
        message = f"{kind}\x1f{platform}\x1f{identity}".encode("utf-8", "surrogatepass")
        return b32encode(hmac.digest(self._key, message, "sha256")[:10]).decode().lower()
