"""What does the XML of a project say, in whichever way its program strayed from the standard?

Elements are found by name, in whatever order; every oddity is read as far as its meaning is plain, and noted. Positions
stay as the file states them (`positions` decides what they count), texts as the file has them: newlines and a leading
byte order mark included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import get_args

from lxml import etree

from resilens.errors import Fault, InputError
from resilens.exchange.archive_reading import Archive
from resilens.exchange.code_tree import CodeNode, CodeSet, CodeTree, plain_guid
from resilens.exchange.oddities import Oddities
from resilens.exchange.project_tree import (
    Case,
    CodeUse,
    Direction,
    Link,
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
from resilens.exchange.qdc_reading import codes_in, guid_of, with_known_members
from resilens.exchange.qde_parts import PLACES, between, children, description, local, made_by, targets, values
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
_SOURCE_PARTS = ("Description", "PlainTextContent", "Coding", "NoteRef", "VariableValue", "SyncPoint", *TEXTS,
                 *SELECTIONS)  # fmt: skip


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
        space, outermost = etree.QName(root).namespace or "", local(root)
        if outermost != "Project" or (space and not space.startswith("urn:QDA-XML:")):
            of = f" of {space[:40]!r}" if outermost == "Project" else ""
            words = f"this is not a REFI-QDA project: its outermost element is {outermost[:40]!r}{of}"
            raise InputError(Fault(words, where))
        if space != NAMESPACE:
            self.notes.add(f"the namespace is {space[:60]!r} and not {NAMESPACE!r}; read as version 1.0")
        places = [ORDER.index(local(child)) for child in root if local(child) in ORDER]
        if places != sorted(places):
            self.notes.add("the parts of the project are not in the order of the schema")
        for child in root:
            if local(child) not in ORDER:
                self.lost[f"element {local(child)!r}"] += 1

    def said_losses(self) -> list[str]:
        """What has no place in the tree, with how many there are."""
        return [f"{words} ({times:,})" for words, times in self.lost.items() if times]

    def project(self, root: etree._Element) -> ProjectTree:
        """The whole tree."""
        codes = [one for book in children(root, "CodeBook") for one in children(book, "Codes")]
        taken: set[str] = set()
        nodes = codes_in(codes, self.notes, taken, ("NoteRef",))
        self.taken |= taken
        for code in (one for part in codes for one in part.iter() if local(one) == "Code"):
            guid, found = plain_guid(code.get("guid") or ""), targets(code, "NoteRef")
            if guid and found:
                self.code_notes[guid] = found
        self.lost["graphs"] += len(self._inside(root, "Graphs", "Graph"))
        self.lost["who changed what last, and when (modifyingUser, modifiedDateTime)"] += sum(
            "modifyingUser" in one.attrib or "modifiedDateTime" in one.attrib for one in root.iter(etree.Element)
        )
        sets = tuple(self._set(one) for one in self._sets(root))
        users = tuple(self._user(one) for one in self._inside(root, "Users", "User"))
        variables = tuple(self._variable(one) for one in self._inside(root, "Variables", "Variable"))
        sources = tuple(self._source(one, KINDS[local(one)])
                        for part in children(root, "Sources") for one in part if self._known(one, KINDS))  # fmt: skip
        book = CodeTree(root.get("origin", ""), nodes, self._code_sets(nodes, sets))
        return ProjectTree(
            root.get("name", ""), book, users, variables,
            tuple(self._case(one) for one in self._inside(root, "Cases", "Case")), sources,
            tuple(self._note(one) for one in self._inside(root, "Notes", "Note")),
            tuple(self._link(one) for one in self._inside(root, "Links", "Link")),
            sets, description(root),
            plain_guid(root.get("creatingUserGUID") or root.get("creatingUser") or ""),
            root.get("creationDateTime", ""), targets(root, "NoteRef"), self.code_notes,
        )  # fmt: skip

    def _inside(self, root: etree._Element, part: str, wanted: str) -> list[etree._Element]:
        found = children(root, part)
        inner = [child for one in found for child in one if self._known(child, (wanted,))]
        if found and not inner:
            self.notes.add(f"an empty <{part}/>, which the schema does not allow")
        return inner

    def _sets(self, root: etree._Element) -> list[etree._Element]:
        """Sets, those in the codebook too, where only a .qdc file has them."""
        within = [one for book in children(root, "CodeBook") for one in self._inside(book, "Sets", "Set")]
        return self._inside(root, "Sets", "Set") + within

    def _code_sets(self, nodes: tuple[CodeNode, ...], sets: Iterable[ProjectSet]) -> tuple[CodeSet, ...]:
        """Those of the sets that codes are in, or that hold nothing else."""
        found = (CodeSet(one.guid, one.name, one.description, one.codes)
                 for one in sets if one.codes or not (one.sources or one.notes))  # fmt: skip
        return with_known_members(nodes, tuple(found), self.notes)

    def _known(self, element: etree._Element, names: Iterable[str]) -> bool:
        if local(element) in names:
            return True
        self.lost[f"element {local(element)!r} in {local(element.getparent())!r}"] += 1
        return False

    def _guid(self, element: etree._Element, kind: str, *path: str) -> str:
        return guid_of(element, kind, path or (element.get("name") or "",), self.notes, self.taken)

    def _user(self, element: etree._Element) -> User:
        return User(self._guid(element, "user"), (element.get("name") or "").strip(), (element.get("id") or "").strip())

    def _variable(self, element: etree._Element) -> Variable:
        written = element.get("typeOfVariable")
        kind: VariableType = next((one for one in get_args(VariableType) if one == written), "Text")
        return Variable(self._guid(element, "variable"), element.get("name") or "", kind, description(element))

    def _case(self, element: etree._Element) -> Case:
        return Case(
            self._guid(element, "case"), element.get("name") or "", description(element), targets(element, "CodeRef"),
            values(element), targets(element, "SourceRef"), targets(element, "SelectionRef"),
        )  # fmt: skip

    def _note(self, element: etree._Element) -> ProjectNote:
        guid, name = self._guid(element, "note"), element.get("name") or ""
        text, _ = self.files.text_of(element, name or guid)
        words = "\n\n".join(part for part in (description(element), (text or "").removeprefix("\ufeff")) if part)
        self.lost["codes given to notes, or to parts of them"] += sum(
            local(one) == "Coding" for one in element.iter(etree.Element)
        )
        return ProjectNote(guid, name, words, *made_by(element))

    def _link(self, element: etree._Element) -> Link:
        written = element.get("direction")
        direction: Direction = next((one for one in get_args(Direction) if one == written), "Associative")
        origin, target = (plain_guid(element.get(name) or "") for name in ("originGUID", "targetGUID"))
        return Link(self._guid(element, "link"), origin, target, element.get("name") or "", direction)

    def _set(self, element: etree._Element) -> ProjectSet:
        return ProjectSet(
            self._guid(element, "set"), element.get("name") or "", description(element),
            targets(element, "MemberCode"), targets(element, "MemberSource"), targets(element, "MemberNote"),
        )  # fmt: skip

    # --- sources --------------------------------------------------------------------------------------------------

    def _source(self, element: etree._Element, kind: SourceKind) -> Source:
        guid, name = self._guid(element, "source"), (element.get("name") or "").strip()
        if not name and local(element) in KINDS:
            self.notes.add("a source has no name; it is called after its file")
        for child in element:
            if local(child) not in _SOURCE_PARTS:
                self.lost[f"element {local(child)!r} in {local(element)!r}"] += 1
        text, file, rich = None, "", ""
        if kind == "text" or local(element) in TEXTS:
            text, file = self.files.text_of(element, name or guid)
            rich = self.files.rich_of(element)
        else:
            file = self.files.media_of(element, name or guid)
        name = name or self.files.name_of(element)
        transcripts = tuple(self._source(one, "text") for one in element if local(one) in TEXTS)
        return Source(
            kind, guid, name, text, file, rich, description(element), *made_by(element),
            tuple(self._selections(element, guid)), self._uses(element), targets(element, "NoteRef"),
            values(element), transcripts,
        )  # fmt: skip

    def _selections(self, element: etree._Element, source: str) -> Iterable[Selection]:
        points = {plain_guid(one.get("guid") or ""): one for one in children(element, "SyncPoint")}
        for one in element:
            name = local(one)
            if name not in SELECTIONS:
                continue
            place = PLACES[name](one) if name in PLACES else between(one, points)
            self.lost["texts beside parts of PDFs (Representation)"] += len(children(one, "Representation"))
            yield Selection(
                self._guid(one, "selection", source), place, one.get("name") or "", description(one), *made_by(one),
                self._uses(one), targets(one, "NoteRef"),
            )  # fmt: skip

    def _uses(self, element: etree._Element) -> tuple[CodeUse, ...]:
        uses = []
        for one in children(element, "Coding"):
            codes = targets(one, "CodeRef")
            if not codes:
                self.lost["codings that name no code"] += 1
                continue
            use = CodeUse(self._guid(one, "coding"), codes[0], *made_by(one), targets(one, "NoteRef"))
            uses += [use, *(replace(use, code=other) for other in codes[1:])]
        return tuple(uses)
