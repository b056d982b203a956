"""What does the zip of a project (.qdpx) hold, without letting it do anything but be read?

Nothing is unpacked onto the disk. Names, sizes and numbers are judged before a byte is decompressed, and what is
decompressed is bounded; a file that cannot be believed is refused in words.
"""

from __future__ import annotations

import hashlib
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

from resilens.errors import Fault, InputError

MOST_ENTRIES = 20_000
MOST_BYTES = 8 * 2**30
"""Of all entries together, unpacked: recordings are large."""

LARGEST_PROJECT = 128 * 2**20
LARGEST_TEXT = 16 * 2**20
"""Three million words."""

MOST_TEXT = 256 * 2**20
"""Of all texts of a project together; they are held in memory."""

RATIO, RATIO_FROM = 250, 2**20
"""How many times its packed size an entry of more than `RATIO_FROM` bytes may have."""

_DIRECTORY = 16 * 2**20
_CHUNK = 2**20
_ARCHIVES = (b"PK\x03\x04", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")
_OFFICE = (".docx", ".odt", ".xlsx", ".pptx", ".epub")
"""Zips that are documents; they are not opened."""

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, struct.error, RuntimeError)
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.DS_Store|\.root|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)


@dataclass
class Archive:
    """An open project file.

    Parameters
    ----------
    name
        What the file is called.
    project_file
        The name of the XML file in it.
    notes
        What was odd about the zip, a sentence each.
    """

    name: str
    project_file: str
    notes: tuple[str, ...]
    _zip: zipfile.ZipFile = field(repr=False)
    _entries: dict[str, zipfile.ZipInfo] = field(repr=False)
    _texts: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def project(self) -> bytes:
        """The bytes of the XML file."""
        return self._read(self._entries[_key(self.project_file)], LARGEST_PROJECT)

    def has(self, file: str) -> bool:
        """Whether the file of a source is there."""
        return self._found(file) is not None

    def text(self, file: str) -> bytes:
        """The bytes of a text; see `has`.

        Raises
        ------
        InputError
            If it is larger than `LARGEST_TEXT` or damaged, or all together are larger than `MOST_TEXT`.
        """
        entry = self._entry(file)
        self._texts += entry.file_size
        if self._texts > MOST_TEXT:
            words = f"the texts of this project are larger than {MOST_TEXT // 2**20} MB together; export it in parts"
            raise InputError(Fault(words, self.name))
        return self._read(entry, LARGEST_TEXT)

    def sha256(self, file: str) -> str:
        """The SHA-256 of the file of a source, in lower-case hexadecimal, read in bounded memory."""
        digest = hashlib.sha256()
        for part in self.parts(file):
            digest.update(part)
        return digest.hexdigest()

    def parts(self, file: str) -> Iterator[bytes]:
        """The bytes of the file of a source, part by part."""
        entry = self._entry(file)
        with self._opened(entry) as opened:
            left = entry.file_size
            while part := opened.read(min(_CHUNK, left)):
                left -= len(part)
                yield part

    def unused(self, used: set[str]) -> list[str]:
        """Files in the zip that are neither the project's XML nor among `used`."""
        known = {entry.filename for file in used if (entry := self._found(file))} | {self.project_file}
        return sorted(entry.filename for entry in self._entries.values()
                      if not entry.is_dir() and entry.filename not in known)  # fmt: skip

    def _found(self, file: str) -> zipfile.ZipInfo | None:
        folder = self.project_file.rpartition("/")[0]
        before = f"{folder}/" if folder else ""
        for candidate in (f"{before}sources/{file}", f"{before}{file}"):
            if entry := self._entries.get(_key(candidate)):
                return entry
        return None

    def _entry(self, file: str) -> zipfile.ZipInfo:
        entry = self._found(file)
        if entry is None:
            raise InputError(Fault("there is no such file in the project", f"{self.name}: {file}"))
        return entry

    def _read(self, entry: zipfile.ZipInfo, largest: int) -> bytes:
        if entry.file_size > largest:
            words = f"is larger than {largest // 2**20} MB; it was not read"
            raise InputError(Fault(words, f"{self.name}: {entry.filename}"))
        with self._opened(entry) as opened:
            return opened.read(entry.file_size)

    @contextmanager
    def _opened(self, entry: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
        try:
            with self._zip.open(entry) as opened:
                yield opened
        except _DAMAGED as error:
            words = "is damaged in the zip; export the project anew"
            raise InputError(Fault(words, f"{self.name}: {entry.filename}")) from error


def open_archive(path: Path) -> Archive:
    """Open a .qdpx file once it is found to be harmless.

    Raises
    ------
    InputError
        If it is no zip or a damaged one; holds no XML of a project, or several; or an entry is encrypted, leads out of
        the archive, is a link or another archive, is packed in an unusual way, unpacks to far more than it holds, or
        bears the name of another.
    """
    try:
        with path.open("rb") as opened:
            start = opened.read(512)
            _few_entries(opened, path.name)
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise InputError(Fault(f"cannot be read: {error.strerror}", path.name)) from error
    except _DAMAGED as error:
        raise InputError(Fault(_no_zip(start), path.name)) from error
    try:
        faults = _faults(archive)
        if faults:
            raise InputError([Fault(words, f"{path.name}: {where}" if where else path.name) for where, words in faults])
        return _with_project(archive, path.name)
    except BaseException:
        archive.close()
        raise


def _no_zip(start: bytes) -> str:
    """What a file is that is no whole zip, by its first bytes."""
    if start.startswith(b"PK"):
        return "the zip is damaged or cut off; copy or export the project anew"
    if b"CodeBook" in start:
        return "this is a codebook; `resilens import codebook` reads it"
    return "this is no project (.qdpx is a zip); in your program, export the project as REFI-QDA"


def _few_entries(opened: IO[bytes], name: str) -> None:
    """Refuse a zip whose table of contents alone would fill the memory: `zipfile` reads it whole."""
    opened.seek(0, 2)
    size = opened.tell()
    opened.seek(max(0, size - 22 - 2**16 - 76))
    tail = opened.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile("no end of the table of contents")
    entries, length = struct.unpack_from("<HI", tail, at + 10)
    if at >= 76 and tail[at - 20 : at - 16] == b"PK\x06\x07" and tail[at - 76 : at - 72] == b"PK\x06\x06":
        entries, length = struct.unpack_from("<QQ", tail, at - 76 + 32)
    if entries > MOST_ENTRIES or length > _DIRECTORY:
        raise InputError(Fault(f"the zip has more than {MOST_ENTRIES:,} entries, which no project has", name))


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _faults(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        return [("", f"the zip has more than {MOST_ENTRIES:,} entries, which no project has")]
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES:
        return [("", f"the zip says that it unpacks to {total / 2**30:,.0f} GB; nothing of it was read")]
    found = [(entry.filename[:80], words) for entry in entries if (words := _wrong(entry))]
    names: dict[str, str] = {}
    for entry in entries:
        first = names.setdefault(_key(entry.filename.rstrip("/")), entry.filename)
        if first is not entry.filename:
            found.append((entry.filename[:80], f"has the name of another entry ({first[:80]!r})"))
    return found or [(entry.filename[:80], words) for entry in entries if (words := _begins_wrong(archive, entry))]


def _wrong(entry: zipfile.ZipInfo) -> str:
    """Why an entry cannot be believed, from what the table of contents says of it; empty where it can."""
    name = entry.orig_filename
    mode = entry.external_attr >> 16
    parts = name.split("/")
    if entry.flag_bits & 0x1:
        return "is encrypted; export the project without a password"
    if ("\\" in name or name.startswith("/") or ".." in parts or re.match("[A-Za-z]:", name)
            or any(unicodedata.category(one) == "Cc" for one in name)):  # fmt: skip
        return "has a name that leads out of the archive"
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or not stat.S_IFMT(mode)):
        return "is a link or a device, not a file"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in a way that projects are not"
    if entry.file_size > RATIO_FROM and entry.file_size > RATIO * max(entry.compress_size, 1):
        return f"unpacks to more than {RATIO} times its size, as only a trap does"
    return ""


def _begins_wrong(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    """What is wrong with an entry, from its first bytes; empty where nothing is."""
    if entry.is_dir() or not entry.file_size or entry.filename.lower().endswith(_OFFICE):
        return ""
    try:
        with archive.open(entry) as opened:
            inner = opened.read(4).startswith(_ARCHIVES)
    except _DAMAGED:
        return "is damaged in the zip; export the project anew"
    return "is an archive inside the archive; nothing of it is read" if inner else ""


def _with_project(archive: zipfile.ZipFile, name: str) -> Archive:
    """The archive with its one XML file found, whatever that is called."""
    entries = {_key(entry.filename): entry for entry in archive.infolist() if not _LITTER.search(entry.filename)}
    found = [entry.filename for entry in entries.values() if entry.filename.lower().endswith(".qde")]
    if len(found) != 1:
        shown = ", ".join(found[:5])
        words = f"the zip holds several projects ({shown}); nobody can tell which is meant" if found else (
            "the zip holds no project.qde; in your program, export the project as REFI-QDA (.qdpx)"
        )  # fmt: skip
        raise InputError(Fault(words, name))
    notes = []
    folder, _, own = found[0].rpartition("/")
    if own != "project.qde":
        notes.append(f"the inner file is called {own[:60]!r} and not 'project.qde'")
    if folder:
        notes.append(f"the project lies in a folder of the zip, {folder[:60]!r}")
    if any(entry.filename.startswith(f"{folder}/Sources/" if folder else "Sources/") for entry in entries.values()):
        notes.append("the folder of the sources is called 'Sources' and not 'sources'")
    return Archive(name, found[0], tuple(notes), archive, entries)
