"""What does the XML of a project say, in whichever way its program strayed from the standard?

Elements are found by name, in whatever order; every oddity is read as far as its meaning is plain, and noted. Positions
stay as the file states them (`positions` decides what they count), texts as the file has them: newlines and a leading
byte order mark included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import get_args

from lxml import etree

from resilens.errors import Fault, InputError
from resilens.exchange.archive_reading import Archive
from resilens.exchange.code_tree import CodeTree, plain_guid
from resilens.exchange.oddities import Oddities
from resilens.exchange.project_tree import (
    Case,
    CodeUse,
    Direction,
    Link,
    Place,
    ProjectNote,
    ProjectSet,
    ProjectTree,
    Selection,
    Source,
    SourceKind,
    User,
    Variable,
    VariableType,
)
from resilens.exchange.qdc_reading import codes_in, guid_of
from resilens.exchange.safe_xml import parse
from resilens.exchange.source_files import Files

NAMESPACE = "urn:QDA-XML:project:1.0"
MOST_TAGS = 2_000_000

KINDS: dict[str, SourceKind] = {
    "TextSource": "text", "PictureSource": "picture", "PDFSource": "pdf", "AudioSource": "audio",
    "VideoSource": "video",
}  # fmt: skip
SELECTIONS = ("PlainTextSelection", "PictureSelection", "PDFSelection", "AudioSelection", "VideoSelection",
              "TranscriptSelection")  # fmt: skip
TEXTS = ("TextDescription", "Representation", "Transcript")
"""Elements of a source that is no text, each of which holds one."""

ORDER = ("Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs", "Description",
         "NoteRef")  # fmt: skip
_VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")
_SOURCE_PARTS = ("Description", "PlainTextContent", "Coding", "NoteRef", "VariableValue", "SyncPoint", *TEXTS,
                 *SELECTIONS)  # fmt: skip
_DIGITS = 12


@dataclass(frozen=True)
class ReadProject:
    """A project as its file says it: the tree, what was odd, and what of the file has no place in the tree."""

    tree: ProjectTree
    notes: tuple[str, ...]
    losses: tuple[str, ...]


def read_project(archive: Archive) -> ReadProject:
    """The project in an archive.

    Raises
    ------
    InputError
        If its XML is none, no project, or not to be trusted (see `safe_xml.parse`).
    """
    where = f"{archive.name}: {archive.project_file}"
    root = parse(archive.project(), where, "project", MOST_TAGS)
    reading = _Reading(Files(archive))
    reading.check(root, where)
    tree = reading.project(root)
    notes = (*archive.notes, *reading.notes.lines(), *reading.files.notes.lines())
    return ReadProject(tree, notes, (*reading.said_losses(), *reading.files.losses()))


@dataclass
class _Reading:
    """Elements on their way into the tree."""

    files: Files
    notes: Oddities = field(default_factory=Oddities)
    lost: Counter[str] = field(default_factory=Counter)
    taken: set[str] = field(default_factory=set)
    code_notes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def check(self, root: etree._Element, where: str) -> None:
        """Refuse what is no project; note a draft, and parts that stand in another order than the schema's."""
        space, local = etree.QName(root).namespace or "", _local(root)
        if local != "Project" or (space and not space.startswith("urn:QDA-XML:")):
            words = f"this is not a REFI-QDA project: its outermost element is {local[:40]!r}"
            raise InputError(Fault(words, where))
        if space != NAMESPACE:
            self.notes.add(f"the namespace is {space[:60]!r} and not {NAMESPACE!r}; read as version 1.0")
        places = [ORDER.index(_local(child)) for child in root if _local(child) in ORDER]
        if places != sorted(places):
            self.notes.add("the parts of the project are not in the order of the schema")
        for child in root:
            if _local(child) not in ORDER:
                self.lost[f"element {_local(child)!r}"] += 1

    def said_losses(self) -> list[str]:
        """What has no place in the tree, with how many there are."""
        return [f"{words} ({times:,})" for words, times in self.lost.items()]

    def project(self, root: etree._Element) -> ProjectTree:
        """The whole tree."""
        codes = [one for book in _all(root, "CodeBook") for one in _all(book, "Codes")]
        taken: set[str] = set()
        nodes = codes_in(codes, self.notes, taken, ("NoteRef",))
        self.taken |= taken
        for code in (one for part in codes for one in part.iter() if _local(one) == "Code"):
            guid, found = plain_guid(code.get("guid") or ""), _targets(code, "NoteRef")
            if guid and found:
                self.code_notes[guid] = found
        self.lost["graphs"] += len(self._inside(root, "Graphs", "Graph"))
        self.lost["who changed what last, and when (modifyingUser, modifiedDateTime)"] += sum(
            "modifyingUser" in one.attrib or "modifiedDateTime" in one.attrib for one in root.iter(etree.Element)
        )
        users = tuple(self._user(one) for one in self._inside(root, "Users", "User"))
        variables = tuple(self._variable(one) for one in self._inside(root, "Variables", "Variable"))
        sources = tuple(self._source(one, KINDS[_local(one)])
                        for part in _all(root, "Sources") for one in part if self._known(one, KINDS))  # fmt: skip
        self.lost = +self.lost
        return ProjectTree(
            root.get("name", ""), CodeTree(root.get("origin", ""), nodes), users, variables,
            tuple(self._case(one) for one in self._inside(root, "Cases", "Case")), sources,
            tuple(self._note(one) for one in self._inside(root, "Notes", "Note")),
            tuple(self._link(one) for one in self._inside(root, "Links", "Link")),
            tuple(self._set(one) for one in self._sets(root)), _description(root),
            plain_guid(root.get("creatingUserGUID") or root.get("creatingUser") or ""),
            root.get("creationDateTime", ""), _targets(root, "NoteRef"), self.code_notes,
        )  # fmt: skip

    def _inside(self, root: etree._Element, part: str, wanted: str) -> list[etree._Element]:
        found = _all(root, part)
        inner = [child for one in found for child in one if self._known(child, (wanted,))]
        if found and not inner:
            self.notes.add(f"an empty <{part}/>, which the schema does not allow")
        return inner

    def _sets(self, root: etree._Element) -> list[etree._Element]:
        """Sets, those in the codebook too, where only a .qdc file has them."""
        within = [one for book in _all(root, "CodeBook") for one in self._inside(book, "Sets", "Set")]
        return self._inside(root, "Sets", "Set") + within

    def _known(self, element: etree._Element, names: Iterable[str]) -> bool:
        if _local(element) in names:
            return True
        self.lost[f"element {_local(element)!r} in {_local(element.getparent())!r}"] += 1
        return False

    def _guid(self, element: etree._Element, kind: str, *path: str) -> str:
        return guid_of(element, kind, path or (element.get("name") or "",), self.notes, self.taken)

    def _user(self, element: etree._Element) -> User:
        return User(self._guid(element, "user"), (element.get("name") or "").strip(), (element.get("id") or "").strip())

    def _variable(self, element: etree._Element) -> Variable:
        kind = next((one for one in get_args(VariableType) if one == element.get("typeOfVariable")), "Text")
        return Variable(self._guid(element, "variable"), element.get("name") or "", kind, _description(element))

    def _case(self, element: etree._Element) -> Case:
        return Case(
            self._guid(element, "case"), element.get("name") or "", _description(element), _targets(element, "CodeRef"),
            _values(element), _targets(element, "SourceRef"), _targets(element, "SelectionRef"),
        )  # fmt: skip

    def _note(self, element: etree._Element) -> ProjectNote:
        guid, name = self._guid(element, "note"), element.get("name") or ""
        text, _ = self.files.text_of(element, name or guid)
        words = "\n\n".join(part for part in (_description(element), (text or "").removeprefix("\ufeff")) if part)
        self.lost["codes given to notes, or to parts of them"] += sum(
            _local(one) == "Coding" for one in element.iter(etree.Element)
        )
        return ProjectNote(guid, name, words, *_by(element))

    def _link(self, element: etree._Element) -> Link:
        direction = next((one for one in get_args(Direction) if one == element.get("direction")), "Associative")
        origin, target = (plain_guid(element.get(name) or "") for name in ("originGUID", "targetGUID"))
        return Link(self._guid(element, "link"), origin, target, element.get("name") or "", direction)

    def _set(self, element: etree._Element) -> ProjectSet:
        return ProjectSet(
            self._guid(element, "set"), element.get("name") or "", _description(element),
            _targets(element, "MemberCode"), _targets(element, "MemberSource"), _targets(element, "MemberNote"),
        )  # fmt: skip

    # --- sources --------------------------------------------------------------------------------------------------

    def _source(self, element: etree._Element, kind: SourceKind) -> Source:
        guid, name = self._guid(element, "source"), (element.get("name") or "").strip()
        if not name:
            self.notes.add("a source has no name; it is called after its file")
        for child in element:
            if _local(child) not in _SOURCE_PARTS:
                self.lost[f"element {_local(child)!r} in {_local(element)!r}"] += 1
        text, file, rich = None, "", ""
        if kind == "text" or _local(element) in TEXTS:
            text, file = self.files.text_of(element, name or guid)
            rich = self.files.rich_of(element)
        else:
            file = self.files.media_of(element, name or guid)
        name = name or self.files.name_of(element)
        transcripts = tuple(self._source(one, "text") for one in element if _local(one) in TEXTS)
        return Source(
            kind, guid, name, text, file, rich, _description(element), *_by(element),
            tuple(self._selections(element, guid)), self._uses(element), _targets(element, "NoteRef"),
            _values(element), transcripts,
        )  # fmt: skip

    def _selections(self, element: etree._Element, source: str) -> Iterable[Selection]:
        points = {plain_guid(one.get("guid") or ""): one for one in _all(element, "SyncPoint")}
        for one in element:
            name = _local(one)
            if name not in SELECTIONS:
                continue
            place = _PLACES[name](one) if name in _PLACES else _between(one, points)
            self.lost["texts beside parts of PDFs (Representation)"] += len(_all(one, "Representation"))
            yield Selection(
                self._guid(one, "selection", source), place, one.get("name") or "", _description(one), *_by(one),
                self._uses(one), _targets(one, "NoteRef"),
            )  # fmt: skip

    def _uses(self, element: etree._Element) -> tuple[CodeUse, ...]:
        uses = []
        for one in _all(element, "Coding"):
            codes = _targets(one, "CodeRef")
            if not codes:
                self.lost["codings that name no code"] += 1
                continue
            use = CodeUse(self._guid(one, "coding"), codes[0], *_by(one), _targets(one, "NoteRef"))
            uses += [use, *(replace(use, code=other) for other in codes[1:])]
        return tuple(uses)


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _all(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element if _local(child) == name]


def _description(element: etree._Element) -> str:
    return "\n".join("".join(map(str, child.itertext())) for child in _all(element, "Description"))


def _targets(element: etree._Element, name: str) -> tuple[str, ...]:
    """What the references of this name lead to; some programs write guid in place of targetGUID."""
    found = (plain_guid(child.get("targetGUID") or child.get("guid") or "") for child in _all(element, name))
    return tuple(guid for guid in found if guid)


def _by(element: etree._Element) -> tuple[str, str]:
    return plain_guid(element.get("creatingUser") or ""), element.get("creationDateTime") or ""


def _values(element: etree._Element) -> dict[str, str]:
    found = {}
    for one in _all(element, "VariableValue"):
        said = [child.text or "" for child in one if _local(child) in _VALUES]
        found.update(dict.fromkeys(_targets(one, "VariableRef"), said[0] if said else ""))
    return found


def _number(element: etree._Element, name: str) -> int | None:
    """A whole number; None where there is none, or one that no position can be."""
    written = (element.get(name) or "").strip()
    whole, _, rest = written.removeprefix("-").partition(".")
    if not (whole.isascii() and whole.isdigit()) or len(whole) > _DIGITS or rest.strip("0"):
        return None
    return -int(whole) if written.startswith("-") else int(whole)


def _corners(element: etree._Element) -> dict[str, int | None]:
    x, y = (sorted((_number(element, f"first{axis}") or 0, _number(element, f"second{axis}") or 0)) for axis in "XY")
    return {"x1": x[0], "y1": y[0], "x2": x[1], "y2": y[1]}


def _interval(element: etree._Element) -> Place:
    return Place(begin=_number(element, "begin"), finish=_number(element, "end"))


_PLACES: dict[str, Callable[[etree._Element], Place]] = {
    "PlainTextSelection": lambda one: Place(_number(one, "startPosition"), _number(one, "endPosition")),
    "PictureSelection": lambda one: Place(**_corners(one)),
    "PDFSelection": lambda one: Place(page=_number(one, "page"), **_corners(one)),
    "AudioSelection": _interval,
    "VideoSelection": _interval,
}


def _between(element: etree._Element, points: dict[str, etree._Element]) -> Place:
    """The part of a transcript between two of its points, in its text and in time."""
    ends = [points.get(plain_guid(element.get(name) or "")) for name in ("fromSyncPoint", "toSyncPoint")]
    places = [None if one is None else _number(one, "position") for one in ends]
    times = [None if one is None else _number(one, "timeStamp") for one in ends]
    return Place(places[0], places[1], begin=times[0], finish=times[1])

