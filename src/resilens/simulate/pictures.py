"""Which placeholder picture goes with a post, and what does it show? A few for each practice, simple, said SYNTHETIC.

Each picture of a practice differs in colours, place and ground, so that perceptual hashes tell them apart; whatever
copies or re-encodes one stays near it.
"""

from __future__ import annotations

import colorsys
import hashlib
import io
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

    from resilens.simulate.simulation import Simulation
    from resilens.simulate.threads import Items

FAMILIES_EACH = 12
"""Pictures of each practice."""
FOLDER = "media"
"""Where they are drawn: beside the capture and not in it, as no reader makes posts of a picture."""
LARGE = 200_000
"""Items from which a world's pictures are not drawn: a speed run should not wait for files that all look alike."""
SIZE, SCALE, TILES = 240, 2, 6
OTHER = "ring"
MARK = b"SYNTHETIC: a placeholder drawn by resilens simulate"
"""Stands in each file as its comment."""
STROKE = 0.035

Colour: TypeAlias = tuple[int, int, int]


def names(code: str) -> list[str]:
    """The file names of a practice's pictures."""
    return [f"{code.removeprefix('practice.').replace('.', '-')}-{number:02d}.png" for number in range(FAMILIES_EACH)]


def pictures_of(simulation: Simulation, posts: Items) -> pa.DictionaryArray:
    """The file name of each post's picture. All names are in its dictionary, whatever the posts, in one order."""
    codes = simulation.vocabulary.codes
    every = [name for code in (*codes, "none") for name in names(code)]
    place = np.where(posts.practice < 0, len(codes), posts.practice).astype(np.int64)
    indices = pa.array((place * FAMILIES_EACH + numbers(simulation, posts)).astype(np.int16))
    return pa.DictionaryArray.from_arrays(indices, pa.array(every, pa.string()))


def numbers(simulation: Simulation, posts: Items) -> npt.NDArray[np.int64]:
    """Which of its practice's pictures each post shows."""
    return simulation.streams.below("post.picture", posts.id, FAMILIES_EACH)


def write_pictures(simulation: Simulation, folder: Path) -> None:
    """Draw the pictures that a world's posts name, where the world is not `LARGE`.

    Parameters
    ----------
    folder
        Of the simulation; pictures drawn into its `media` before are replaced, others left alone.
    """
    for old in sorted((folder / FOLDER).glob("*.png")):
        if MARK in old.read_bytes():
            old.unlink()
    if simulation.world.items < LARGE:
        draw(folder / FOLDER, [*(code for code in simulation.vocabulary.codes if code.startswith("practice.")), "none"])


def draw(folder: Path, codes: Iterable[str]) -> None:
    """Draw the pictures of some practices into a folder: PNG, the same bytes every time.

    They can be drawn again at any time, so they are not flushed to disk one by one as other files are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for code in codes:
        for number, name in enumerate(names(code)):
            (folder / name).write_bytes(picture(code, number))


def picture(code: str, number: int) -> bytes:
    """One picture as PNG: a practice's subject on a ground of tiles, all keyed by practice and number."""
    from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

    key = hashlib.sha256(f"{code} {number}".encode()).digest()
    hue = (number + key[0] / 256) / FAMILIES_EACH
    tiles = bytes(part for byte in _bits(key, TILES * TILES) for part in _colour(hue, (0.78, 0.93)[byte], 0.45))
    image = Image.frombytes("RGB", (TILES, TILES), tiles).resize((SIZE * SCALE,) * 2, Image.Resampling.NEAREST)
    inks = {"dark": _colour(hue + 0.5, 0.2, 0.4), "light": _colour(hue, 0.98, 0.3), "warm": _colour(0.04, 0.55, 0.7),
            "cool": _colour(0.57, 0.5, 0.5)}  # fmt: skip
    size = 0.56 + 0.2 * key[1] / 255
    left, top = ((0.94 - size) * key[place] / 255 + 0.03 for place in (2, 3))
    brush = ImageDraw.Draw(image)
    for shape in _shapes(code):
        _paint(brush, shape, inks, (left, top * 0.9, size), mirrored=key[4] % 2 == 1)
    small = image.reduce(SCALE)
    written = ImageDraw.Draw(small)
    written.rectangle((0, SIZE - 13, SIZE, SIZE), fill=inks["light"])
    written.text((SIZE // 2 - 27, SIZE - 12), "SYNTHETIC", fill=inks["dark"], font=ImageFont.load_default_imagefont())
    comment = PngImagePlugin.PngInfo()
    comment.add_text("Comment", MARK.decode())
    out = io.BytesIO()
    small.save(out, "PNG", compress_level=4, pnginfo=comment)
    return out.getvalue()


def _paint(
    brush: ImageDraw, shape: Sequence[Any], inks: dict[str, Colour], place: tuple[float, float, float], *,
    mirrored: bool,
) -> None:  # fmt: skip
    """Paint one shape of `pictures.toml` into the square at left, top, of a size."""
    kind, ink, *points = shape
    left, top, size = place
    across = [1.0 - x if mirrored else x for x in points[0::2]]
    pixels = [((left + size * x) * SIZE * SCALE, (top + size * y) * SIZE * SCALE)
              for x, y in zip(across, points[1::2], strict=True)]  # fmt: skip
    corners = [*map(min, *pixels), *map(max, *pixels)] if len(pixels) == 2 else []
    if kind == "ellipse":
        brush.ellipse(corners, fill=inks[ink])
    elif kind == "box":
        brush.rectangle(corners, fill=inks[ink])
    elif kind == "polygon":
        brush.polygon(pixels, fill=inks[ink])
    else:
        brush.line(pixels, fill=inks[ink], width=round(STROKE * size * SIZE * SCALE), joint="curve")


@cache
def _subjects() -> dict[str, Any]:
    return tomllib.loads(resources.files("resilens.simulate").joinpath("pictures.toml").read_text("utf-8"))


def _shapes(code: str) -> list[Sequence[Any]]:
    subjects = _subjects()
    found: list[Sequence[Any]] = subjects.get(code.removeprefix("practice."), subjects[OTHER])["shapes"]
    return found


def _bits(key: bytes, many: int) -> list[int]:
    whole = int.from_bytes(key[8:], "big")
    return [whole >> place & 1 for place in range(many)]


def _colour(hue: float, light: float, strength: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue % 1.0, light, strength)
    return round(255 * red), round(255 * green), round(255 * blue)
