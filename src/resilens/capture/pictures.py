"""How large is a picture, how long is a recording, which pictures look alike, and what of one may be shown?

Kinds are told by content, never by name. Pictures are measured with Pillow; of recordings the length alone is read, of
MP4 and MOV from their header and of WAV from theirs; of others it stays empty, as no decoder of video is shipped.
"""

from __future__ import annotations

import io
import struct
import warnings
import wave
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from resilens.errors import Fault, InputError

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 100_000_000
"""Pixels of a picture; a small file that would unfold into more is taken for a decompression bomb."""

HASH_SIDE = 8
_PHOTOGRAPHS = ("JPEG", "MPO")
_ORIENTATION = 0x0112
_ON_ITS_SIDE = (5, 6, 7, 8)
ALIKE = 6
"""Bits in which the hashes of a picture and of its copy (smaller, re-encoded, recoloured a little) may differ."""

_KINDS = (
    (0, b"\x89PNG\r\n", "image"), (0, b"\xff\xd8\xff", "image"), (0, b"GIF87a", "image"), (0, b"GIF89a", "image"),
    (8, b"WEBP", "image"), (0, b"II*\0", "image"), (0, b"MM\0*", "image"), (8, b"WAVE", "audio"),
    (0, b"ID3\2", "audio"), (0, b"ID3\3", "audio"), (0, b"ID3\4", "audio"), (0, b"\xff\xfb", "audio"),
    (0, b"OggS\0", "audio"), (0, b"fLaC\0", "audio"), (4, b"ftypM4A", "audio"), (4, b"ftypavif", "image"),
    (4, b"ftyphei", "other"), (4, b"ftyp", "video"), (0, b"\x1aE\xdf\xa3", "video"), (8, b"AVI ", "video"),
    (0, b"FLV\1", "video"),
)  # fmt: skip
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, OverflowError, struct.error, zlib.error)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a file shows of itself; None where it cannot be told.

    Parameters
    ----------
    kind
        image, audio, video or other.
    width, height
        Pixels, as shown (a photograph that is stored turned counts as turned back).
    duration
        Seconds.
    perceptual_hash
        64 bits in hexadecimal, see `difference_hash`; of pictures alone.
    """

    kind: str
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    perceptual_hash: str | None = None


def kind_of(path: Path) -> str:
    """image, audio, video or other, where the file begins like one; empty for everything else."""
    with path.open("rb") as opened:
        start = opened.read(32)
    return next((kind for place, mark, kind in _KINDS if start[place:].startswith(mark)), "")


def measure(path: Path, name: str = "") -> Measured:
    """Measure a picture or recording.

    Raises
    ------
    InputError
        If it is a damaged picture or one of more than `MOST_PIXELS`.
    """
    kind = kind_of(path)
    if kind == "image":
        return _measured_picture(path, name or path.name)
    return Measured(kind or "other", duration=_duration(path))


def _measured_picture(path: Path, name: str) -> Measured:
    from PIL import ImageOps

    with _picture(path, name) as image:
        frames = getattr(image, "n_frames", 1)
        duration = _played(image, min(frames, 10_000)) if frames > 1 else None
        shown = ImageOps.exif_transpose(image)
        return Measured("image", shown.width, shown.height, duration, difference_hash(shown))


@contextmanager
def _picture(source: Path | BinaryIO, name: str) -> Iterator[Image.Image]:
    """Open a picture; bombs and damage are refused in words."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of bombs, which are refused here by their size, and of odd metadata
            with Image.open(source) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                yield image
    except Image.DecompressionBombError:
        words = f"this picture would unfold into more than {MOST_PIXELS:,} pixels; save it smaller"
        raise InputError(Fault(words, name)) from None
    except _DAMAGED:
        raise InputError(Fault("this picture is damaged, or of a kind that is not read; save it anew", name)) from None


def _played(image: Image.Image, frames: int) -> float | None:
    """Seconds that an animation plays once."""
    total = 0.0
    for frame in range(frames):
        image.seek(frame)
        total += float(image.info.get("duration", 0))
    image.seek(0)
    return total / 1000 or None


def difference_hash(image: Image.Image) -> str:
    """A hash that is near for pictures that look alike: 64 bits in hexadecimal.

    The picture is made grey and 9 by 8 pixels; each bit says whether a pixel is brighter than the one to its left
    (N. Krawetz, "Kind of Like That", 2013). Two hashes differ in `distance` bits: up to `ALIKE` for copies of one
    picture, about 32 for unrelated ones.
    """
    grey = image.convert("RGB").convert("L").resize((HASH_SIDE + 1, HASH_SIDE))
    pixels = np.asarray(grey, np.int16)
    return np.packbits(pixels[:, 1:] > pixels[:, :-1]).tobytes().hex()


def distance(first: str, second: str) -> int:
    """In how many bits two perceptual hashes differ."""
    return (int(first, 16) ^ int(second, 16)).bit_count()


def served(path: Path, name: str = "", side: int | None = None) -> bytes:
    """A picture as it may be shown: its pixels alone, turned as meant, encoded anew as PNG or JPEG.

    Place, camera, time, comments, colour profiles and thumbnails, all of which a file may hold beside its pixels, are
    left behind.

    Parameters
    ----------
    side
        Pixels that its longer side has at most; None for all.

    Raises
    ------
    InputError
        If it is no picture, damaged or too large.
    """
    pixels, photograph = _pixels(path, name, side)
    return _encoded(pixels, photograph)


def covered(path: Path, boxes: Iterable[tuple[int, int, int, int]], name: str = "", side: int | None = None) -> bytes:
    """A picture with boxes painted over it, as PNG or JPEG; what was under a box is nowhere in the bytes.

    The boxes are filled before anything is encoded or made smaller; what is transparent becomes white, as a transparent
    pixel may still hold a colour.

    Parameters
    ----------
    boxes
        Each as x, y, width and height, in pixels of the picture as shown; what lies outside of it is ignored.
    side
        Pixels that its longer side has at most; None for all, so that places in it stay where they are.

    Raises
    ------
    InputError
        If it is no picture, damaged or too large.
    """
    from PIL import Image, ImageDraw

    pixels, photograph = _pixels(path, name, None)
    if pixels.mode == "RGBA":
        pixels = Image.alpha_composite(Image.new("RGBA", pixels.size, "white"), pixels).convert("RGB")
    brush = ImageDraw.Draw(pixels)
    for x, y, width, height in boxes:
        brush.rectangle((x, y, x + width - 1, y + height - 1), fill="black")
    _shrink(pixels, side)
    return _encoded(pixels, photograph)


def size_of(path: Path, name: str = "") -> tuple[int, int]:
    """Width and height of a picture as shown, from its header.

    Raises
    ------
    InputError
        If it is no picture, damaged or too large.
    """
    with _picture(path, name or path.name) as image:
        stated = 1 if image.format == "TIFF" else image.getexif().get(_ORIENTATION, 1)  # a TIFF says its turned size
        turned = stated in _ON_ITS_SIDE
        return (image.height, image.width) if turned else (image.width, image.height)


def keeps_as(path: Path, name: str = "") -> str:
    """`.jpg` or `.png`: as what `served` and `covered` encode a picture, from its header.

    Raises
    ------
    InputError
        If it is no picture, damaged or too large.
    """
    with _picture(path, name or path.name) as image:
        return ".jpg" if image.format in _PHOTOGRAPHS else ".png"


def type_of(content: bytes) -> str:
    """`image/jpeg` or `image/png`: which of the two `served` and `covered` made."""
    return "image/jpeg" if content.startswith(b"\xff\xd8\xff") else "image/png"


def _pixels(path: Path, name: str, side: int | None) -> tuple[Image.Image, bool]:
    """The pixels of a picture turned as meant, RGB or RGBA, and whether it is a photograph."""
    from PIL import Image, ImageOps

    with _picture(path, name or path.name) as image:
        photograph = image.format in _PHOTOGRAPHS
        if side is not None and photograph:
            image.draft("RGB", (side, side))  # a JPEG may be decoded at a half, a quarter, an eighth of its size
        pixels = ImageOps.exif_transpose(image).convert("RGB" if photograph else "RGBA")
        bare = Image.new(pixels.mode, pixels.size)
        bare.paste(pixels)
        _shrink(bare, side)
        return bare, photograph


def _shrink(pixels: Image.Image, side: int | None) -> None:
    if side is not None and max(pixels.size) > side:
        pixels.thumbnail((side, side))


def _encoded(pixels: Image.Image, photograph: bool) -> bytes:
    out = io.BytesIO()
    pixels.save(out, "JPEG", quality=90) if photograph else pixels.save(out, "PNG")
    return out.getvalue()


def _duration(path: Path) -> float | None:
    """Seconds that a recording lasts, by its header; None where that does not say."""
    try:
        with path.open("rb") as opened:
            if opened.read(12)[8:] == b"WAVE":
                with wave.open(str(path)) as sound:
                    return float(sound.getnframes() / sound.getframerate())
            opened.seek(0)
            return _film_duration(opened, path.stat().st_size)
    except (*_DAMAGED, wave.Error, ZeroDivisionError):
        return None


def _film_duration(opened: BinaryIO, end: int) -> float | None:
    """The length in the movie header (`moov/mvhd`) of an ISO base media file (ISO/IEC 14496-12, 8.2.2)."""
    place = 0
    while place + 8 <= end:
        opened.seek(place)
        size, name = struct.unpack(">I4s", opened.read(8))
        head = 8
        if size == 1:
            (size,), head = struct.unpack(">Q", opened.read(8)), 16
        if name == b"moov":
            place += head
            continue
        if name == b"mvhd":
            long = opened.read(4)[0] == 1
            opened.seek(16 if long else 8, 1)
            scale, duration = struct.unpack(">IQ" if long else ">II", opened.read(12 if long else 8))
            unknown = (1 << (64 if long else 32)) - 1
            return float(duration / scale) if scale and duration != unknown else None
        if size < head:
            return None
        place += size
    return None
