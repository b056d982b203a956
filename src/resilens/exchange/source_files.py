"""Where is the file that a source of a project names, and what does its text say?"""

from __future__ import annotations

from lxml import etree

from resilens.exchange.archive_reading import Archive
from resilens.exchange.oddities import Oddities

INTERNAL = "internal://"
OUTSIDE = ("relative://", "absolute://", "file:", "http:", "https:")
_SHOWN = 5


class Files:
    """The files of one project, as its sources ask for them.

    Parameters
    ----------
    archive
        The open project.
    """

    def __init__(self, archive: Archive) -> None:
        self.notes = Oddities()
        self._archive = archive
        self._missing: dict[str, list[str]] = {}
        self._rich = 0
        self._used: set[str] = set()

    def losses(self) -> list[str]:
        """What could not be had, in words."""
        said = [f"{words} ({len(names):,}): {', '.join(map(repr, names[:_SHOWN]))}"
                + (", ..." if len(names) > _SHOWN else "") for words, names in self._missing.items()]  # fmt: skip
        if self._rich:
            said.append(f"the styled form of texts; their plain text is read ({self._rich:,})")
        unused = self._archive.unused(self._used)
        if unused:
            more = ", ..." if len(unused) > _SHOWN else ""
            said.append(f"files in the zip that no source names ({len(unused):,}): {', '.join(unused[:_SHOWN])}{more}")
        return said

    def text_of(self, element: etree._Element, name: str) -> tuple[str | None, str]:
        """The plain text of an element and the name of its file; None where it is not to be had.

        A file comes before a text in the XML, whose newlines the XML has levelled.
        """
        inside = next(("".join(map(str, child.itertext())) for child in element
                       if isinstance(child.tag, str) and child.tag.endswith("PlainTextContent")), None)  # fmt: skip
        path = element.get("plainTextPath") or ""
        file = self._file(path, name, quiet=inside is not None) if path else ""
        if inside is not None:
            if file:
                self.notes.add("a text stands both in the XML and in a file; the file is read", name)
            else:
                return inside, ""
        if not file:
            if not path:
                self._lack("texts that are not in the project", name)
            return None, ""
        text = _decoded(self._archive.text(file))
        if text is None:
            self._lack("texts that are neither UTF-8 nor UTF-16, and could not be read", name)
        return text, file

    def media_of(self, element: etree._Element, name: str) -> str:
        """The name of the file of a picture, PDF or recording; empty where it is not in the project."""
        path = element.get("path") or ""
        if not path.startswith(INTERNAL) and (element.get("currentPath") or "").startswith(INTERNAL):
            path = element.get("currentPath") or ""
        path = path or element.get("currentPath") or ""
        if not path:
            self._lack("sources that name no file", name)
        return self._file(path, name) if path else ""

    def rich_of(self, element: etree._Element) -> str:
        """The name of a text's styled form, which is counted as not read; empty where there is none."""
        path = element.get("richTextPath") or ""
        self._rich += bool(path)
        return self._file(path, "", quiet=True) if path else ""

    def name_of(self, element: etree._Element) -> str:
        """What a source without a name is called: its file, without the ending."""
        paths = (element.get(name) or "" for name in ("plainTextPath", "path", "currentPath", "richTextPath"))
        own = next((path for path in paths if path), "").replace("\\", "/").rpartition("/")[2]
        return own.rpartition(".")[0] or own

    def _file(self, path: str, name: str, quiet: bool = False) -> str:
        """The name of a file inside `sources/`, if it is there."""
        start = path[: len(INTERNAL)].lower()
        if start != INTERNAL and path.lower().startswith(OUTSIDE):
            if not quiet:
                self._lack("files that lie outside the project", f"{name} at {path}")
            return ""
        file = path[len(INTERNAL) :] if start == INTERNAL else path
        file = file.replace("\\", "/").lstrip("/").removeprefix("sources/")
        if not self._archive.has(file):
            if not quiet:
                self._lack("files that are not in the zip", f"{name} at {path}")
            return ""
        if start != INTERNAL:
            self.notes.add("the path of a file does not begin with internal://; found in the zip all the same", path)
        self._used.add(file)
        return file

    def _lack(self, words: str, name: str) -> None:
        self._missing.setdefault(words, []).append(name[:120])


def _decoded(raw: bytes) -> str | None:
    """A text, its byte order mark kept; None where its encoding is not known."""
    encoding = "utf-8"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if raw.startswith(b"\xff\xfe") else "utf-16-be"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None
