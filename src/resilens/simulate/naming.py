"""What are accounts, posts and comments called? Ids as the platform gives them, and pseudonyms, from keys alone."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from resilens.corpus.schema import item_id
from resilens.simulate.streams import Ids, Streams, combined, mixed
from resilens.simulate.threads import Items
from resilens.simulate.world import World

Floats: TypeAlias = npt.NDArray[np.float64]
Bytes: TypeAlias = npt.NDArray[np.uint8]

_HEX = np.frombuffer("".join(f"{number:04x}" for number in range(1 << 16)).encode(), np.uint8).reshape(-1, 4)
"""Four hexadecimal digits for every 16 bits."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_BASE32 = np.frombuffer("".join(a + b for a in _LETTERS for b in _LETTERS).encode(), np.uint8).reshape(-1, 2)
"""Two base32 letters for every ten bits."""
REDNOTE = "rednote"


def milliseconds(world: World, day: Floats) -> npt.NDArray[np.int64]:
    """Milliseconds since 1970 (UTC) of times in days since the world's opening, to the second."""
    opened = int(world.opens.astimezone(dt.UTC).timestamp())
    return (opened + np.floor(day * 86_400).astype(np.int64)) * 1000


def natives(world: World, items: Items) -> pa.Array:
    """The ids that the platform gives the items: on RedNote 24 hexadecimal digits that begin with the second; elsewhere
    `a-` and 16 base32 letters, as the ids of platforms whose own ids name the account are stored."""
    if world.platform == REDNOTE:
        seconds = (milliseconds(world, items.time) // 1000).astype(np.uint64)
        return _fixed(np.hstack([_hexadecimal(seconds, 8), _hexadecimal(items.id, 16)]))
    letters = np.hstack([np.broadcast_to(np.frombuffer(b"a-", np.uint8), (items.size, 2)), _base32(items.id)])
    return _fixed(letters)


def item_ids(world: World, native: pa.Array, kind: str) -> pa.Array:
    """The item ids of native ids: `platform:p:native`, `platform:c:native`."""
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(item_id(world.platform, kind, ""), native, "")


def pseudonyms(streams: Streams, accounts: npt.NDArray[np.int32]) -> pa.Array:
    """What the accounts are called in a canonical capture: `u-` and 16 base32 letters."""
    key = streams.words("user.name", accounts.astype(np.uint64))
    return _fixed(np.hstack([np.broadcast_to(np.frombuffer(b"u-", np.uint8), (accounts.size, 2)), _base32(key)]))


def account_ids(streams: Streams, accounts: npt.NDArray[np.int32]) -> pa.Array:
    """The ids that the platform gives the accounts: 24 hexadecimal digits."""
    key = streams.words("user.id", accounts.astype(np.uint64))
    return _fixed(np.hstack([_hexadecimal(mixed(key), 8), _hexadecimal(key, 16)]))


def _hexadecimal(words: Ids, digits: int) -> Bytes:
    shifts = np.arange(4 * digits - 16, -1, -16, dtype=np.uint64)
    return _HEX[(words[:, None] >> shifts).astype(np.uint16)].reshape(words.size, digits)


def _base32(key: Ids) -> Bytes:
    """16 letters, 80 bits: 60 of the key and 20 of a key made from it."""
    tens = [*((key, shift) for shift in range(0, 60, 10)), *((combined(key, 0), shift) for shift in (0, 10))]
    pairs = [_BASE32[((word >> np.uint64(shift)) & np.uint64(1023)).astype(np.uint16)] for word, shift in tens]
    return np.hstack(pairs)


def _fixed(letters: Bytes) -> pa.Array:
    """Rows of letters as strings, without a Python object for each."""
    letters = np.ascontiguousarray(letters)
    count, width = letters.shape
    ends = np.arange(count + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(letters))
