"""In which encoding is a captured text file written, and what of it could not be decoded?

Tried in this order: a byte order mark (UTF-8, UTF-16); UTF-8; GB18030, which spreadsheets in Chinese save. A file that
is one of them but for a few broken bytes is decoded with U+FFFD in their place, and the answer says where they are.
Everything else is refused in words: a wrong guess would silently put wrong characters into the corpus.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa

from resilens.errors import Fault, InputError

CHUNK = 1 << 20
TOLERATED = 0.1
"""The share of the characters beyond ASCII that may be broken; up to three always may, if more are sound."""

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16 (little endian) with a byte order mark"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16 (big endian) with a byte order mark"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a text file is decoded.

    Parameters
    ----------
    codec
        Python's name of it.
    skip
        Bytes of byte order mark to leave out at the beginning.
    words
        For people: `GB18030; 1 broken byte sequence replaced (byte 20,481, line 312)`.
    """

    codec: str
    skip: int
    words: str
    sound: bool = False
    """Whether every byte decodes and none is NUL."""


@dataclass(slots=True)
class _Scan:
    """What decoding a whole file in one codec found."""

    characters: int = 0  # beyond ASCII, the broken ones among them
    broken: int = 0
    nuls: int = 0
    high_bytes: int = 0

    @property
    def tolerable(self) -> bool:
        return self.broken <= max(3, TOLERATED * self.characters) and self.broken * 2 < max(2, self.characters)


def _chunks(path: Path, skip: int) -> Iterator[bytes]:
    with path.open("rb") as opened:
        opened.seek(skip)
        while chunk := opened.read(CHUNK):
            yield chunk


def _strict(path: Path, codec: str, skip: int) -> int | None:
    """The number of NUL characters, where the whole file decodes; None where it does not."""
    if codec == "utf-8":
        return _strict_utf8(path, skip)
    decoder = codecs.getincrementaldecoder(codec)()
    nuls = 0
    try:
        for chunk in _chunks(path, skip):
            nuls += decoder.decode(chunk).count("\0")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return nuls


def _strict_utf8(path: Path, skip: int) -> int | None:
    """`_strict`, of the bytes as they are: a file may be large, and nothing but whether it decodes is wanted."""
    nuls, left = 0, b""
    for chunk in chain(_chunks(path, skip), (b"",)):
        piece = left + chunk
        whole = _whole_characters(piece) if chunk else len(piece)
        edges = pa.py_buffer(np.array([0, whole], dtype=np.int32))
        try:
            pa.Array.from_buffers(pa.binary(), 1, [None, edges, pa.py_buffer(piece)]).cast(pa.string())
        except pa.ArrowInvalid:
            return None
        nuls, left = nuls + chunk.count(b"\0"), piece[whole:]
    return nuls


def _whole_characters(piece: bytes) -> int:
    """Bytes up to the last character, which may go on in the next piece."""
    back = next((back for back in range(1, min(4, len(piece)) + 1) if piece[-back] & 0xC0 != 0x80), 0)
    return len(piece) - back if back and piece[-back] >= 0xC0 else len(piece)


_ASCII = bytes(range(128))


def _scan(path: Path, codec: str, skip: int) -> _Scan:
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    scan = _Scan()
    for chunk in chain(_chunks(path, skip), (b"",)):
        text = decoder.decode(chunk, final=not chunk)
        scan.characters += len(text) - len(text.encode("ascii", "ignore"))
        scan.broken += text.count("\ufffd")
        scan.nuls += text.count("\0")
        scan.high_bytes += len(chunk.translate(None, _ASCII))
    return scan


def _broken_places(path: Path, codec: str, skip: int, most: int = 3) -> str:
    """Where the first broken bytes are, as `byte 20,481, line 312`; bytes count from 1, lines from 1."""
    decoder = codecs.getincrementaldecoder(codec)()
    places: list[str] = []
    offset, line = skip, 1
    for chunk in chain(_chunks(path, skip), (b"",)):
        left = chunk
        while True:
            begin = offset - len(decoder.getstate()[0])  # of what is decoded now: bytes may have waited for these
            try:
                line += decoder.decode(left, final=not chunk).count("\n")
            except UnicodeDecodeError as error:
                line += error.object[: error.start].decode(codec, "replace").count("\n")
                places.append(f"byte {begin + error.start + 1:,}, line {line:,}")
                if len(places) == most:
                    return "; ".join(places)
                left, offset = error.object[error.end :], begin + error.end
                decoder.reset()
            else:
                offset += len(left)
                break
    return "; ".join(places)


def _with_nuls(words: str, nuls: int) -> str:
    return f"{words}; {nuls:,} NUL character{'s' if nuls > 1 else ''} removed" if nuls else words


def _replacing(path: Path, codec: str, skip: int, title: str, scan: _Scan) -> Encoding:
    sequences = "1 broken byte sequence" if scan.broken == 1 else f"{scan.broken:,} broken byte sequences"
    words = f"{title}; {sequences} replaced ({_broken_places(path, codec, skip)})"
    return Encoding(codec, skip, _with_nuls(words, scan.nuls))


def encoding_of(path: Path, name: str) -> Encoding:
    """Find out how a text file is encoded, reading all of it once in bounded memory.

    Raises
    ------
    InputError
        If it is in none of the encodings tried, with the reason and what to do.
    """
    with path.open("rb") as opened:
        start = opened.read(4096)
    for mark, codec, title in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            nuls = _strict(path, codec, len(mark))
            if nuls is not None:
                return Encoding(codec, len(mark), _with_nuls(title, nuls), not nuls)
            scan = _scan(path, codec, len(mark))
            if scan.tolerable:
                return _replacing(path, codec, len(mark), title, scan)
            raise _refusal(name, f"it begins like {title}, but most of it cannot be decoded as that")
    nuls = _strict(path, "utf-8", 0)
    if nuls is not None:
        if start.count(b"\0") > len(start) // 4:
            raise _refusal(name, "a quarter of its first bytes is zero: UTF-16 without a byte order mark, or no text")
        return Encoding("utf-8", 0, _with_nuls("UTF-8", nuls), not nuls)
    return _not_utf8(path, name)


def _not_utf8(path: Path, name: str) -> Encoding:
    """UTF-8 with a few broken bytes, GB18030, GB18030 with a few broken bytes, or a refusal."""
    as_utf8 = _scan(path, "utf-8", 0)
    as_gb = _scan(path, "gb18030", 0)
    if as_utf8.tolerable:
        return _replacing(path, "utf-8", 0, "UTF-8", as_utf8)
    # In Chinese text nearly every character is two bytes above 127; in a Western file each such byte stands alone and
    # only happens to form a rare ideograph with the letter that follows.
    chinese = as_gb.high_bytes >= 1.5 * as_gb.characters
    if chinese and as_gb.broken == 0:
        return Encoding("gb18030", 0, _with_nuls("GB18030", as_gb.nuls))
    if chinese and as_gb.tolerable:
        return _replacing(path, "gb18030", 0, "GB18030", as_gb)
    raise _refusal(name, "it is neither UTF-8 nor GB18030 (perhaps a Western 8-bit encoding such as Windows-1252)")


def _refusal(name: str, reason: str) -> InputError:
    return InputError(
        Fault(
            f"the encoding of this file is not known: {reason}; open it where its text shows right, save it as UTF-8",
            name,
        )
    )
