"""Which captures does an archive or compressed file hold, whoever packed it, and whatever it was packed to do?

Every member is a capture of its own, as if it lay in a folder. Nothing is written outside the folder given: members'
names lead downwards only, links and devices are passed over, and an archive that would swell beyond
reason, or fill the disk, is refused.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from resilens.errors import Fault, InputError

DEEPEST = 4
"""Archives within archives: `captures.tar.gz` counts as two."""

MOST_MEMBERS = 100_000
SWELLING = 200
"""Times by which a member may be larger than it was packed, once it is larger than `HARMLESS` bytes. Real captures
shrink to a tenth or a thirtieth."""

HARMLESS = 1 << 28
SPARE = 1 << 30
"""Bytes that stay free on the disk."""

PIECE = 1 << 20
LARGEST_WINDOW = 1 << 31
"""Reddit's dumps are packed with windows of up to two gigabytes."""

_PASSED_OVER = ("__MACOSX",)


class Plain(Protocol):
    """What was packed, as it was."""

    def read(self, size: int = ..., /) -> bytes: ...

    def close(self) -> None: ...


class _Zstandard:
    """A stream of zstandard, whose damage is an error like that of other packings."""

    def __init__(self, packed: IO[bytes]) -> None:
        import zstandard

        self._damage = zstandard.ZstdError
        decompressor = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW)
        self._stream: Any = decompressor.stream_reader(packed, read_across_frames=True)

    def read(self, size: int = -1, /) -> bytes:
        try:
            return bytes(self._stream.read(size))
        except self._damage as error:
            raise zlib.error(str(error)) from None

    def close(self) -> None:
        self._stream.close()


def _gzip(packed: IO[bytes]) -> Plain:
    return gzip.GzipFile(fileobj=packed)


_COMPRESSED: tuple[tuple[bytes, tuple[str, ...], Callable[[IO[bytes]], Plain]], ...] = (
    (b"\x1f\x8b", (".gz", ".tgz"), _gzip),
    (b"\x28\xb5\x2f\xfd", (".zst", ".zstd"), _Zstandard),
    (b"BZh", (".bz2",), bz2.BZ2File),
    (b"\xfd7zXZ\0", (".xz",), lzma.LZMAFile),
)
"""First bytes, endings that go, and what unpacks."""


@contextmanager
def opened(paths: Iterable[Path], beside: Path) -> Iterator[tuple[list[Path], list[Fault]]]:
    """`unpacked` into a folder made in `beside`, on whose disk there is room for captures, and gone afterwards."""
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="unpacked-", dir=beside) as scratch:
        yield unpacked(paths, Path(scratch))


def unpacked(paths: Iterable[Path], scratch: Path) -> tuple[list[Path], list[Fault]]:
    """The files, with the members of archives and compressed files in place of those.

    Parameters
    ----------
    paths
        The files, as `adding.captured_files` gives them.
    scratch
        An empty folder for what is unpacked; its owner removes it.

    Returns
    -------
    files, faults
        The files in order, and why archives could not be unpacked. What came out of one until then is left out.
    """
    found: list[Path] = []
    faults: list[Fault] = []
    unpacking = _Unpacking(scratch)
    for path in paths:
        try:
            found += unpacking.files(path)
        except InputError as error:
            faults += error.faults
    return found, faults


def is_packed(path: Path) -> bool:
    """Whether a file is an archive or compressed that `unpacked` opens, going by its content."""
    with path.open("rb") as opened:
        start = opened.read(512)
    if start.startswith(b"PK\x03\x04"):
        return not _is_office(path)
    return start[257:262] == b"ustar" or any(start.startswith(magic) for magic, _, _ in _COMPRESSED)


def _is_office(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except zipfile.BadZipFile:
        return True  # damaged: let the message speak of what it is


class _Unpacking:
    """Unpacks each archive into a numbered folder, in which members lie beside one another as they were packed."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._number = 0

    def files(self, path: Path, depth: int = 0) -> list[Path]:
        """The file itself, or what it holds, archives within it unpacked as well."""
        try:
            if not is_packed(path):
                return [path]
        except OSError:
            return [path]  # whoever reads it says why it cannot be read
        if depth >= DEEPEST:
            raise _refused(path, f"archives lie more than {DEEPEST} deep in one another")
        found = []
        with _in_words(path):
            for member in self._members(path):
                found += self.files(member, depth + 1)
        if not found:
            raise _refused(path, "this archive holds no files")
        return found

    def _members(self, path: Path) -> Iterator[Path]:
        self._number += 1
        folder = self._scratch / f"{self._number:06}"
        with path.open("rb") as packed:
            start = packed.read(512)
            packed.seek(0)
            if start.startswith(b"PK\x03\x04"):
                yield from self._zip(path, folder)
                return
            for magic, endings, opener in _COMPRESSED:
                if start.startswith(magic):
                    ended = [path.name[: -len(end)] for end in endings if path.name.lower().endswith(end)]
                    with closing(opener(packed)) as plain:
                        yield _written(path, folder, ended[0] if ended else path.name, plain, path.stat().st_size)
                    return
        with tarfile.open(path) as archive:
            for number, member in enumerate(archive, start=1):
                plain_member = archive.extractfile(member) if member.isreg() else None
                if number > MOST_MEMBERS:
                    raise _refused(path, f"this archive has more than {MOST_MEMBERS:,} members")
                if plain_member is not None and _wanted(member.name):
                    yield _written(path, folder, member.name, plain_member, path.stat().st_size)

    def _zip(self, path: Path, folder: Path) -> Iterator[Path]:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_MEMBERS:
                raise _refused(path, f"this archive has more than {MOST_MEMBERS:,} members")
            for member in members:
                name = _decoded(member)
                if not _wanted(name):
                    continue
                if member.flag_bits & 0x1:
                    raise _refused(path, "this archive is locked with a password; unpack it first")
                with archive.open(member) as plain:
                    yield _written(path, folder, name, plain, member.compress_size)


def _written(path: Path, folder: Path, name: str, plain: Plain | IO[bytes], packed: int) -> Path:
    """Write one member; in pieces, so that neither memory nor disk overflows."""
    target = folder.joinpath(*_safe_parts(name) or ("member",))
    if target.exists():  # two members of one name
        target = target.with_name(f"{len(list(target.parent.iterdir()))} {target.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with target.open("wb") as out:
        while piece := plain.read(PIECE):
            size += len(piece)
            if size > HARMLESS and size > SWELLING * packed:
                raise _refused(path, f"a member swells to more than {SWELLING} times its size; unpack it first, if you "
                                     "trust it")  # fmt: skip
            if size % (64 * PIECE) < PIECE and shutil.disk_usage(folder).free < SPARE:
                raise _refused(path, "the disk has no room for what this archive holds")
            out.write(piece)
    return target


def _safe_parts(name: str) -> list[str]:
    """The folders and name of a member that lead nowhere but down."""
    parts = PurePosixPath(name.replace("\\", "/").replace("\0", "")).parts
    return [part for part in parts if part.strip("/. ") and not part.endswith(":")]


def _wanted(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return bool(parts) and not any(part.startswith(".") and part != ".." or part in _PASSED_OVER for part in parts)


def _decoded(member: zipfile.ZipInfo) -> str:
    """A member's name; where the archive does not say that it is UTF-8, it may be, or GB18030 (Chinese Windows)."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return member.filename


def _refused(path: Path, why: str) -> InputError:
    return InputError(Fault(why, path.name))


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Damage of an archive as a fault that names it."""
    try:
        yield
    except (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, NotImplementedError) as error:
        raise _refused(path, f"this archive is damaged or packed in an unknown way ({error}); pack it anew") from None
    except OSError as error:  # gzip and bz2 speak of damage so, and the disk of having no room
        raise _refused(path, f"this archive cannot be unpacked: {error.strerror or error}") from None
