"""Pictures and recordings: measured, alike where they are alike, bare where they are shown."""

from __future__ import annotations

import io
import struct
import wave
import zlib
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from resilens.capture.pictures import (
    ALIKE,
    covered,
    difference_hash,
    distance,
    kind_of,
    measure,
    served,
    size_of,
    type_of,
)
from resilens.errors import InputError


def picture(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A few shapes in colours of their own."""
    draw = Random(seed)
    image = Image.new("RGB", size, tuple(draw.choices(range(256), k=3)))
    pen = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = draw.randrange(size[0]), draw.randrange(size[1])
        box = (x, y, x + draw.randrange(20, 160), y + draw.randrange(20, 160))
        (pen.ellipse if draw.random() < 0.5 else pen.rectangle)(box, fill=tuple(draw.choices(range(256), k=3)))
    return image


def film(duration: int, scale: int, long: bool = False) -> bytes:
    """The boxes of an MP4 file that say how long it is."""
    times = struct.pack(">QQIQ" if long else ">IIII", 0, 0, scale, duration)
    header = bytes([long, 0, 0, 0]) + times + bytes(80)
    inner = struct.pack(">I4s", 8 + len(header), b"mvhd") + header
    return (struct.pack(">I4s4s", 12, b"ftyp", b"isom") + struct.pack(">I4sQ", 1, b"mdat", 16 + 100) + bytes(100)
            + struct.pack(">I4s", 8 + len(inner), b"moov") + inner)  # fmt: skip


def test_copies_are_alike_and_others_are_not() -> None:
    originals = [picture(seed) for seed in range(8)]
    hashes = [difference_hash(image) for image in originals]
    for image, own in zip(originals, hashes, strict=True):
        poor = io.BytesIO()
        image.save(poor, "JPEG", quality=20)
        copies = (image.resize((97, 71)), image.convert("L"), Image.open(poor),
                  ImageEnhance.Brightness(image).enhance(0.8))  # fmt: skip
        assert max(distance(own, difference_hash(copy)) for copy in copies) <= ALIKE
    apart = [distance(first, second) for place, first in enumerate(hashes) for second in hashes[place + 1 :]]
    assert min(apart) > 2 * ALIKE
    assert 24 < sum(apart) / len(apart) < 40


def test_a_turned_photograph_is_measured_and_served_as_shown_without_what_it_knows(tmp_path: Path) -> None:
    path = tmp_path / "photo"
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    picture(1).save(path, "JPEG", exif=exif, comment=b"SecretComment")
    assert b"SecretCamera" in path.read_bytes()
    found = measure(path)
    assert (found.kind, found.width, found.height, found.duration) == ("image", 240, 320, None)
    bare = served(path)
    assert b"Secret" not in bare
    with Image.open(io.BytesIO(bare)) as shown:
        assert shown.size == (240, 320)
        assert not shown.getexif()
        assert distance(difference_hash(shown), str(found.perceptual_hash)) <= 2


def test_a_picture_with_transparency_keeps_it_and_loses_its_texts(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Author", "SecretName")
    picture(2).convert("RGBA").save(tmp_path / "p", "PNG", pnginfo=texts)
    bare = served(tmp_path / "p")
    assert b"SecretName" not in bare
    assert Image.open(io.BytesIO(bare)).mode == "RGBA"


def test_recordings_say_how_long_they_are_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "clip"
    for content, seconds in ((film(90_500, 1000), 90.5), (film(3 << 33, 1 << 10, long=True), 3 * 2.0**23),
                             (film(0xFFFFFFFF, 1000), None), (film(5, 1000)[:130], None),
                             (b"\x1aE\xdf\xa3" + bytes(50), None)):  # fmt: skip
        path.write_bytes(content)
        assert (measure(path).kind, measure(path).duration) == ("video", seconds)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(2 * 12_000))
    assert (measure(path).kind, measure(path).duration) == ("audio", 1.5)


def test_an_animation_plays_once(tmp_path: Path) -> None:
    frames = [picture(seed, (60, 40)) for seed in range(3)]
    frames[0].save(tmp_path / "a", "GIF", save_all=True, append_images=frames[1:], duration=500)
    assert measure(tmp_path / "a").duration == 1.5


def test_a_decompression_bomb_is_refused_in_words(tmp_path: Path) -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    (tmp_path / "bomb").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")))
    for asked in (measure, served):
        with pytest.raises(InputError, match="unfold into more than 100,000,000 pixels"):
            asked(tmp_path / "bomb")


def test_damaged_pictures_are_refused_in_words(tmp_path: Path) -> None:
    whole = io.BytesIO()
    picture(3).save(whole, "PNG")
    draw = Random(4)
    refused = []
    for place in range(60):
        content = bytearray(whole.getvalue())
        for _ in range(3):
            content[draw.randrange(8, len(content))] = draw.randrange(256)
        (tmp_path / "p").write_bytes(bytes(content[: draw.randrange(20, len(content))] if place % 2 else content))
        try:
            measure(tmp_path / "p")
        except InputError as error:
            refused.append(str(error))
    assert len(refused) > 20
    assert all("this picture" in words for words in refused)


def test_texts_are_no_media(tmp_path: Path) -> None:
    for content in (b"", b"id,text\n", b"GIF8ted people", b"ID3,text\n", b"BM,text\n", b"Og", b'{"a": 1}'):
        (tmp_path / "f").write_bytes(content)
        assert kind_of(tmp_path / "f") == ""


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("turned", range(1, 9))
def test_the_size_in_the_header_is_the_size_as_shown(tmp_path: Path, format: str, turned: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turned
    picture(1, (64, 32)).save(tmp_path / "p", format, exif=exif)
    with Image.open(io.BytesIO(served(tmp_path / "p"))) as shown:
        assert shown.size == size_of(tmp_path / "p") == ((32, 64) if turned > 4 else (64, 32))


def test_a_smaller_picture_keeps_its_shape(tmp_path: Path) -> None:
    for name, format in (("photo", "JPEG"), ("drawn", "PNG")):
        picture(1, (1600, 800)).save(tmp_path / name, format)
        small = served(tmp_path / name, side=320)
        with Image.open(io.BytesIO(small)) as shown:
            assert shown.size == (320, 160)
        assert type_of(small) == ("image/jpeg" if format == "JPEG" else "image/png")
        with Image.open(io.BytesIO(served(tmp_path / name, side=4000))) as shown:
            assert shown.size == (1600, 800)


def test_what_is_under_a_box_is_gone_and_nothing_moves(tmp_path: Path) -> None:
    path = tmp_path / "p"
    picture(3, (200, 100)).save(path, "PNG")
    before = Image.open(io.BytesIO(served(path))).convert("RGB")
    after = Image.open(io.BytesIO(covered(path, [(10, 20, 30, 40), (190, 90, 50, 50)])))
    assert after.size == (200, 100)
    pixels, were = after.load(), before.load()
    assert pixels is not None
    assert were is not None
    for x in range(200):
        for y in range(100):
            hidden = (10 <= x < 40 and 20 <= y < 60) or (x >= 190 and y >= 90)
            assert pixels[x, y] == ((0, 0, 0) if hidden else were[x, y])


def test_a_transparent_pixel_takes_no_colour_along(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (200, 30, 40, 0)).save(tmp_path / "p", "PNG")
    shown = Image.open(io.BytesIO(covered(tmp_path / "p", [])))
    assert shown.mode == "RGB"
    assert shown.getcolors() == [(64, (255, 255, 255))]


def test_boxes_of_a_turned_photograph_are_where_it_is_seen(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (64, 32), "white").save(tmp_path / "p", "JPEG", exif=exif)
    shown = Image.open(io.BytesIO(covered(tmp_path / "p", [(0, 0, 16, 16)]))).convert("L")
    assert shown.size == (32, 64)
    assert shown.getpixel((5, 5)) == 0
    assert shown.getpixel((28, 60)) == 255
