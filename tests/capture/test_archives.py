"""Archives and compressed files: every member a capture, none outside its folder, bombs and damage refused in words."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard
from tests.capture.samples import SAMPLES
from tests.capture.test_sources import SAMPLES as EVERY

from resilens.capture import archives
from resilens.capture.archives import is_packed, unpacked
from resilens.pipeline import open_study
from resilens.study.beginning import begin

CSV = "id,text\n1,猫税\n"


def tarred(members: dict[str, bytes], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def opened(folder: Path, content: bytes, name: str = "packed") -> tuple[list[tuple[str, bytes]], list[str]]:
    """Names and contents of what came out, and faults."""
    (folder / name).write_bytes(content)
    (folder / "scratch").mkdir()
    found, faults = unpacked([folder / name], folder / "scratch")
    assert all((folder / "scratch") in path.resolve().parents or path == folder / name for path in found)
    return [(path.name, path.read_bytes()) for path in found], [str(fault) for fault in faults]


MEMBERS = {"微博/posts.csv": CSV.encode("gb18030"), "tiktok/a.ndjson": b'{"a": 1}\n', ".DS_Store": b"x",
           "__MACOSX/._a": b"x", "empty/": b""}  # fmt: skip
PLAIN = [("posts.csv", CSV.encode("gb18030")), ("a.ndjson", b'{"a": 1}\n')]


@pytest.mark.parametrize(
    "content",
    [zipped(MEMBERS), tarred({name: one for name, one in MEMBERS.items() if not name.endswith("/")}),
     tarred(dict(list(MEMBERS.items())[:3]), "w:gz"), zstandard.compress(tarred(dict(list(MEMBERS.items())[:3]))),
     zipped({"inner.zip": zipped(MEMBERS)})],
)  # fmt: skip
def test_members_are_captures_of_their_own(tmp_path: Path, content: bytes) -> None:
    assert opened(tmp_path, content) == (PLAIN, [])


@pytest.mark.parametrize(
    ("ending", "pack"),
    [("gz", gzip.compress), ("zst", zstandard.compress), ("bz2", bz2.compress), ("xz", lzma.compress)],
)
def test_a_compressed_file_is_one_capture_without_its_ending(tmp_path: Path, ending: str, pack: object) -> None:
    packed = pack(CSV.encode())  # type: ignore[operator]
    assert opened(tmp_path, packed, f"RC_2025-01.csv.{ending}") == ([("RC_2025-01.csv", CSV.encode())], [])


def test_frames_one_after_another_are_one_file(tmp_path: Path) -> None:
    packed = zstandard.compress(b"id,text\n") + zstandard.compress(b"1,a\n")
    assert opened(tmp_path, packed, "a.zst")[0] == [("a", b"id,text\n1,a\n")]


def test_what_is_not_packed_passes_and_so_do_workbooks(tmp_path: Path) -> None:
    workbook = zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""})
    for content in (CSV.encode(), workbook, b"PK\x03\x04 damaged", b""):
        (tmp_path / "plain").write_bytes(content)
        assert not is_packed(tmp_path / "plain")
    assert opened(tmp_path, CSV.encode())[0] == [("packed", CSV.encode())]


def test_names_that_lead_elsewhere_stay_inside(tmp_path: Path) -> None:
    names = {"../../evil.csv": b"1", "/etc/evil.csv": b"2", "C:\\evil\\x.csv": b"3", "..\\..\\y.csv": b"4"}
    found, faults = opened(tmp_path, zipped(names))
    assert (found, faults) == ([("evil.csv", b"1"), ("evil.csv", b"2"), ("x.csv", b"3"), ("y.csv", b"4")], [])


def test_two_members_of_one_name(tmp_path: Path) -> None:
    stream = io.BytesIO(tarred({"a.csv": b"1"}) [:1024] + tarred({"a.csv": b"2"}))
    assert opened(tmp_path, stream.getvalue()) == ([("a.csv", b"1"), ("1 a.csv", b"2")], [])


def test_links_are_passed_over(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        link = tarfile.TarInfo("passwd.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert opened(tmp_path, stream.getvalue()) == ([], ["packed: this archive holds no files"])


def test_chinese_names_without_a_flag(tmp_path: Path) -> None:
    content = zipped({"XXXX.csv": b"1"}).replace(b"XXXX", "笔记".encode("gb18030"))
    assert opened(tmp_path, content)[0] == [("笔记.csv", b"1")]


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "HARMLESS", 1 << 20)
    found, faults = opened(tmp_path, zipped({"a.csv": bytes(1 << 23), "b.csv": b"1"}))
    assert found == []
    assert "swells to more than 200 times its size" in faults[0]


def test_archives_in_archives_have_an_end(tmp_path: Path) -> None:
    content = CSV.encode()
    for _ in range(6):
        content = zipped({"a.zip": content})
    assert "deep in one another" in opened(tmp_path, content)[1][0]


@pytest.mark.parametrize(
    "content",
    [zipped(MEMBERS)[:60] + bytes(40), gzip.compress(CSV.encode() * 99)[:40], b"BZh9" + bytes(20),
     zstandard.compress(CSV.encode() * 99)[:20] + b"\xff" * 20, lzma.compress(CSV.encode() * 99)[:60]],
    ids=["zip", "gzip", "bzip2", "zstandard", "xz"],
)  # fmt: skip
def test_damage_is_told_in_words(tmp_path: Path, content: bytes) -> None:
    found, faults = opened(tmp_path, content)
    if not faults:  # cut short so early that it is no archive any more: whoever reads it says so
        assert found in ([("packed", content)], [("packed", b"")])
    assert all(fault.startswith("packed: this archive") for fault in faults)


def test_one_bad_archive_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.gz").write_bytes(b"\x1f\x8b damaged")
    (tmp_path / "good.csv").write_text(CSV, "utf-8")
    (tmp_path / "scratch").mkdir()
    found, faults = unpacked([tmp_path / "bad.gz", tmp_path / "good.csv"], tmp_path / "scratch")
    assert ([path.name for path in found], len(faults)) == (["good.csv"], 1)


def test_an_archive_is_added_as_the_captures_it_holds(tmp_path: Path) -> None:
    begin(tmp_path / "study")
    study = open_study(tmp_path / "study")
    posts, comments = (SAMPLES[name].content for name in ("4cat rednote", "4cat rednote comments"))
    (tmp_path / "captures.zip").write_bytes(zipped({"one/posts.csv": posts, "one/comments.csv": comments}))
    (tmp_path / "bad.gz").write_bytes(b"\x1f\x8b damaged")
    outcome = study.add([tmp_path / "captures.zip", tmp_path / "bad.gz"])
    assert sorted(one.name for one in outcome.additions) == ["comments.csv", "posts.csv"]
    assert len(outcome.refused) == 1
    assert [path.suffix for path in sorted(study.folder.captures.glob("*.csv"))] == [".csv", ".csv"]
    assert not list(study.folder.staging.glob("unpacked*"))
    again = study.add([tmp_path / "captures.zip"])
    assert all(one.already_there for one in again.additions)


ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")


def mixed_folder(folder: Path) -> int:
    """Every sample in one folder, tables in different encodings; how many items they hold."""
    folder.mkdir()
    items = 0
    for number, (name, sample) in enumerate(EVERY.items()):
        content = sample.content
        if content[:2] not in (b"PK", b"SQ"):
            content = content.decode().encode(ENCODINGS[number % len(ENCODINGS)])
        inner = folder / name.partition(" ")[0]
        inner.mkdir(exist_ok=True)
        (inner / f"{number}").write_bytes(content)
        items += sample.posts + sample.comments
    return items


def test_a_folder_of_many_platforms_and_encodings_is_the_same_packed(tmp_path: Path) -> None:
    items = mixed_folder(tmp_path / "given")
    packed = tmp_path / "given.tar.gz"
    with tarfile.open(packed, "w:gz") as archive:
        archive.add(tmp_path / "given", "given")
    found = []
    for number, path in enumerate((tmp_path / "given", packed)):
        begin(tmp_path / f"study {number}")
        study = open_study(tmp_path / f"study {number}")
        outcome = study.add([path])
        assert not outcome.refused
        read = {row["name"]: (row["reader"], row["read"], row["quarantined"]) for row in study.captures()}
        assert [read[str(number)][0] for number in range(len(EVERY))] == [one.reader for one in EVERY.values()]
        assert sum(row[1] - row[2] for row in read.values()) >= items
        found.append(read)
    assert found[0] == found[1]
