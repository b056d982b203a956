"""Captured pictures as bare pixels, recordings in parts, and nothing else of the folder."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient
from tests.capture.test_pictures import film, picture
from tests.web.making import MEI, client

from resilens.files import sha256_of
from resilens.pipeline import OpenStudy


@pytest.fixture
def workbench(study: OpenStudy) -> TestClient:
    return client(study, MEI)


def keep(study: OpenStudy, path: Path) -> str:
    media_id = sha256_of(path)
    path.rename(study.folder.media / f"{media_id}{path.suffix}")
    return media_id


def test_a_picture_is_pixels_alone_and_kept_for_a_day(study: OpenStudy, workbench: TestClient, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    picture(1, (1600, 800)).save(tmp_path / "p.jpg", "JPEG", exif=exif)
    name = keep(study, tmp_path / "p.jpg")
    for query, size in (("", (1600, 800)), ("?side=320", (320, 160))):
        answer = workbench.get(f"/media/{name}{query}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "private, max-age=86400, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert b"Secret" not in answer.content
        assert Image.open(io.BytesIO(answer.content)).size == size


def test_a_recording_comes_in_parts_under_a_safe_type(
    study: OpenStudy, workbench: TestClient, tmp_path: Path
) -> None:
    (tmp_path / "c.mp4").write_bytes(film(2000, 1000))
    (tmp_path / "c.html").write_bytes(film(3000, 1000))
    content = (tmp_path / "c.mp4").read_bytes()
    name, odd = keep(study, tmp_path / "c.mp4"), keep(study, tmp_path / "c.html")
    whole = workbench.get(f"/media/{name}")
    assert (whole.headers["content-type"], whole.content) == ("video/mp4", content)
    part = workbench.get(f"/media/{name}", headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.content) == (206, content[4:12])
    assert part.headers["content-range"] == f"bytes 4-11/{len(content)}"
    answer = workbench.get(f"/media/{odd}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_nothing_else_is_ever_found(study: OpenStudy, workbench: TestClient, tmp_path: Path) -> None:
    (tmp_path / "w.txt").write_text("words", "utf-8")
    other = keep(study, tmp_path / "w.txt")
    for name in (other, "0" * 64, "links.tsv", "..%2F..%2Fstudy.toml", "%2e%2e", "*"):
        answer = workbench.get(f"/media/{name}")
        assert answer.status_code == 404, name
        assert "words" not in answer.text
    (tmp_path / "d.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    damaged = workbench.get(f"/media/{keep(study, tmp_path / 'd.png')}")
    assert (damaged.status_code, "damaged" in damaged.text) == (422, True)
    assert client(study, signed_in=False).get(f"/media/{other}").status_code == 401
