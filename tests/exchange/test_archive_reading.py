"""Hostile and damaged zips are refused in words and in bounded memory; odd ones are read with a note."""

from __future__ import annotations

import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from resilens.errors import InputError
from resilens.exchange.archive_reading import open_archive

XML = b'<Project xmlns="urn:QDA-XML:project:1.0" name="p"/>'


def write(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes], packed: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packed) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of names given twice
        for name, content in entries:
            archive.writestr(name, content)
    return path


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


def raw_name(name: str) -> zipfile.ZipInfo:
    """An entry with a name that `zipfile` would tidy up."""
    info = zipfile.ZipInfo("x")
    info.filename = name
    return info


@pytest.mark.parametrize(("entry", "words"), [
    (("../evil.txt", b""), "leads out of the archive"),
    (("sources/../../evil.txt", b""), "leads out"),
    (("/etc/evil", b""), "leads out"),
    ((raw_name("sources\\evil.txt"), b""), "leads out"),
    ((raw_name("C:evil.txt"), b""), "leads out"),
    ((raw_name("a\x07b"), b""), "leads out"),
    ((link("sources/a.txt"), b"/etc/passwd"), "a link"),
    (("PROJECT.QDE", XML), "has the name of another entry"),
    (("Project.qde/", b""), "has the name of another entry"),
    (("sources/inner.bin", b"PK\x03\x04more"), "archive inside the archive"),
    (("other.qde", XML), "several projects"),
    (("sources/bomb.txt", b"0" * (2**20 * 40)), "250 times its size"),
])  # fmt: skip
def test_what_is_hostile_is_refused_in_words(tmp_path: Path, entry: tuple[str, bytes], words: str) -> None:
    path = write(tmp_path / "p.qdpx", ("project.qde", XML), entry)
    tracemalloc.start()
    with pytest.raises(InputError, match=words) as refused:
        open_archive(path)
    assert tracemalloc.get_traced_memory()[1] < 5 * 2**20
    tracemalloc.stop()
    assert str(refused.value).startswith("p.qdpx")


def test_names_that_differ_in_how_an_accent_is_written_collide(tmp_path: Path) -> None:
    path = write(tmp_path / "p.qdpx", ("project.qde", XML), ("sources/é.txt", b""), ("sources/e\u0301.txt", b""))
    with pytest.raises(InputError, match="has the name of another entry"):
        open_archive(path)


def test_encrypted_entries_and_unusual_packing_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "p.qdpx", ("project.qde", XML))
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 8] |= 1
    path.write_bytes(raw)
    with pytest.raises(InputError, match="encrypted"):
        open_archive(path)
    with pytest.raises(InputError, match="packed in a way"):
        open_archive(write(tmp_path / "b.qdpx", ("project.qde", XML), packed=zipfile.ZIP_BZIP2))


def test_sizes_that_are_declared_and_not_there(tmp_path: Path) -> None:
    """A stored entry says that it holds 4 GB; a packed one holds more than it says."""
    path = write(tmp_path / "p.qdpx", ("project.qde", XML), ("sources/a.txt", b"x" * 100))
    raw = bytearray(path.read_bytes())
    second = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
    raw[second + 24 : second + 28] = struct.pack("<I", 0xFFFFFFF0)
    path.write_bytes(raw)
    with pytest.raises(InputError, match="250 times"):
        open_archive(path)
    raw[second + 24 : second + 28] = struct.pack("<I", 10)
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"p.qdpx: sources/a.txt: is damaged"):
        open_archive(path)


@pytest.mark.parametrize("declared", [0xFFFF, 30_000])
def test_very_many_entries_are_refused_before_they_are_read(tmp_path: Path, declared: int) -> None:
    path = write(tmp_path / "p.qdpx", ("project.qde", XML))
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\x05\x06")
    raw[at + 8 : at + 12] = struct.pack("<HH", declared, declared)
    path.write_bytes(raw)
    with pytest.raises(InputError, match="20,000 entries"):
        open_archive(path)


def test_many_bombs_together_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "p.qdpx", ("project.qde", XML), *((f"sources/{n}.bin", b"x") for n in range(4)))
    raw = bytearray(path.read_bytes())
    at = 0
    for _ in range(5):
        at = raw.index(b"PK\x01\x02", at + 1)
        raw[at + 20 : at + 28] = struct.pack("<II", 0x7FFFFFFF, 0x7FFFFFFF)
    path.write_bytes(raw)
    with pytest.raises(InputError, match="unpacks to 10 GB"):
        open_archive(path)


def test_what_is_no_project_is_said(tmp_path: Path) -> None:
    whole = write(tmp_path / "p.qdpx", ("project.qde", XML), ("sources/a.txt", b"x" * 5000)).read_bytes()
    for content, words in (
        (whole[: len(whole) // 2], "damaged or cut off"), (whole[:-5], "damaged or cut off"),
        (b"", "no project"), (b"<CodeBook/>", "import codebook"), (b"hello" * 100, "no project"),
    ):  # fmt: skip
        (tmp_path / "x.qdpx").write_bytes(content)
        with pytest.raises(InputError, match=words):
            open_archive(tmp_path / "x.qdpx")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        open_archive(tmp_path)
    with pytest.raises(InputError, match="holds no project.qde"):
        open_archive(write(tmp_path / "y.qdpx", ("sources/a.txt", b"x")))


def test_odd_zips_are_read_with_a_note(tmp_path: Path, qdpx: Callable[..., Path]) -> None:
    path = qdpx("", {"Sources/A.TXT": b"hello", "Sources/.root": b"", "__MACOSX/._Trial.qde": b"x"}, inside="Trial.qde")
    with open_archive(path) as archive:
        assert archive.project_file == "Trial.qde"
        assert archive.text("a.txt") == b"hello"
        assert not archive.has("b.txt")
        assert archive.unused(set()) == ["Sources/A.TXT"]
        assert "'Trial.qde' and not 'project.qde'" in archive.notes[0]
        assert "'Sources' and not 'sources'" in archive.notes[1]
    with open_archive(qdpx("", {"P/sources/a.txt": b"hello"}, inside="P/project.qde")) as archive:
        assert archive.text("a.txt") == b"hello"
        assert "folder of the zip" in archive.notes[0]
