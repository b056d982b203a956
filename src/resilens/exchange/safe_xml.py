"""How is an XML file from elsewhere read without letting it do anything but be read?

No DOCTYPE, so no entity; nothing is fetched; size and depth are bounded before anything is built in memory.
"""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from resilens.errors import Fault, InputError

LARGEST = 16 * 2**20
"""Bytes. A codebook of 10,000 codes with a page of description each is about that."""

MOST_TAGS = 400_000
"""Tags; each becomes a node in memory."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read_bytes(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a file that is not larger than allowed.

    Raises
    ------
    InputError
        If it is larger or cannot be read.
    """
    try:
        with path.open("rb") as opened:
            raw = opened.read(largest + 1)
    except OSError as error:
        raise InputError(Fault(f"cannot be read: {error.strerror}", path.name)) from error
    if len(raw) > largest:
        words = f"the file is larger than {largest // 2**20} MB, which no codebook is; nothing of it was read"
        raise InputError(Fault(words, path.name))
    return raw


def parse(raw: bytes, name: str, what: str = "codebook", most_tags: int = MOST_TAGS) -> etree._Element:
    """The root element, comments and processing instructions left out.

    Parameters
    ----------
    raw
        The file's bytes, in UTF-8 or UTF-16.
    name
        What the file is called, for faults.
    what, most_tags
        What it is to hold, a codebook or a project, and how many tags that may have.

    Raises
    ------
    InputError
        If it is no XML or not well-formed, has a DOCTYPE or too many tags, is in another encoding, or nests deeper
        than libxml2 allows (256).
    """
    if not raw.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        ending = ".qdc" if what == "codebook" else ".qdpx"
        words = f"this is not XML; in your program, export the {what} as REFI-QDA ({ending})"
        raise InputError(Fault(words, name))
    if b"<!doctype" in raw.replace(b"\0", b"").lower():  # NULs: UTF-16
        words = f"the file has a DOCTYPE, with which a file can make its reader do things; no such {what} is read"
        raise InputError(Fault(f"{words}. Export it anew from the program it comes from", name))
    if raw.count(b"<") > most_tags:
        raise InputError(Fault(f"the file has more than {most_tags:,} tags, which no {what} has", name))
    declared = re.match(rb"[\xef\xbb\xbf\s]*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", raw)
    if declared and declared[1].decode("latin-1").lower() not in ("utf-8", "utf8", "utf-16", "us-ascii", "ascii"):
        words = f"the encoding {declared[1].decode('latin-1')[:20]!r} is not read; the standard is UTF-8"
        raise InputError(Fault(words, name))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
                             dtd_validation=False, remove_comments=True, remove_pis=True)  # fmt: skip
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        said = str(error.msg or error)
        if "depth" in said.lower():
            raise InputError(Fault("codes are nested deeper than 250 levels; no codebook is", name)) from error
        where = f"{name}:{error.lineno}" if error.lineno else name
        words = f"not well-formed XML: {said.splitlines()[0] if said else 'empty'}; export it anew"
        raise InputError(Fault(words, where)) from error


def writable(text: str) -> str:
    """The text with characters that no XML can hold (most control characters) as U+FFFD."""
    return _UNWRITABLE.sub("\ufffd", text)
