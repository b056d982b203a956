"""How is a project written as the XML of REFI-QDA, its parts in the order of the schema?

Positions and texts are written as the tree has them (`dialects.rendered`); a source's text stands in its file. The same
tree is always the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lxml import etree

from resilens.exchange.code_tree import CodeNode
from resilens.exchange.project_tree import CodeUse, Link, Place, ProjectNote, ProjectSet, ProjectTree, Selection, Source
from resilens.exchange.qde_reading import NAMESPACE
from resilens.exchange.safe_xml import writable
from resilens.exchange.source_files import INTERNAL

ELEMENTS = {"text": "TextSource", "picture": "PictureSource", "pdf": "PDFSource", "audio": "AudioSource",
            "video": "VideoSource"}  # fmt: skip
_SELECTIONS = {"text": "PlainTextSelection", "picture": "PictureSelection", "pdf": "PDFSelection",
               "audio": "AudioSelection", "video": "VideoSelection"}  # fmt: skip
_PLACES = {
    "start": "startPosition", "end": "endPosition", "page": "page", "x1": "firstX", "y1": "firstY", "x2": "secondX",
    "y2": "secondY", "begin": "begin", "finish": "end",
}  # fmt: skip
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LOCATION = f"{NAMESPACE} http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd"


def to_qde(tree: ProjectTree) -> bytes:
    """The bytes of `project.qde`, in UTF-8.

    Variables, cases and graphs are not written: a study has nothing that would be one.
    """
    root = etree.Element(_tag("Project"), nsmap={None: NAMESPACE, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", _LOCATION)
    _set(root, name=tree.name or "project", origin=tree.codes.origin, creatingUserGUID=tree.user,
         creationDateTime=tree.at)  # fmt: skip
    for user in tree.users:
        _add(_part(root, "Users"), "User", guid=user.guid, name=user.name, id=user.short)
    for code in tree.codes.codes:
        _code(_part(_part(root, "CodeBook"), "Codes"), code, tree.code_notes)
    for source in tree.sources:
        _source(_part(root, "Sources"), source)
    for note in tree.notes:
        _note(_part(root, "Notes"), note)
    for link in tree.links:
        _link(_part(root, "Links"), link)
    for one in tree.sets:
        _group(_part(root, "Sets"), one)
    _describe(root, tree.description)
    _refer(root, "NoteRef", tree.about)
    etree.indent(root, " ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _part(above: etree._Element, name: str) -> etree._Element:
    """The last child if it has this name, else a new one: lists that would be empty are not written."""
    last = above[-1] if len(above) else None
    return last if last is not None and last.tag == _tag(name) else _add(above, name)


def _set(element: etree._Element, /, **attributes: str) -> None:
    for name, value in attributes.items():
        if value:
            element.set(name, writable(value))


def _add(above: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    """A child; attributes that are empty are left out."""
    element = etree.SubElement(above, _tag(tag))
    _set(element, **attributes)
    return element


def _describe(element: etree._Element, description: str) -> None:
    if description:
        _add(element, "Description").text = writable(description)


def _refer(element: etree._Element, name: str, guids: Iterable[str]) -> None:
    for guid in guids:
        _add(element, name, targetGUID=guid)


def _code(above: etree._Element, code: CodeNode, notes: Mapping[str, tuple[str, ...]]) -> None:
    element = _add(above, "Code", guid=code.guid)
    element.set("name", writable(code.name))
    _set(element, isCodable="true" if code.codable else "false", color=code.colour)
    _describe(element, code.description)
    _refer(element, "NoteRef", notes.get(code.guid, ()))
    for child in code.children:
        _code(element, child, notes)


def _source(above: etree._Element, source: Source) -> None:
    path = "plainTextPath" if source.kind == "text" else "path"
    element = _add(above, ELEMENTS[source.kind], guid=source.guid, name=source.name,
                   **{path: f"{INTERNAL}{source.file}" if source.file else ""},
                   creatingUser=source.user, creationDateTime=source.at)  # fmt: skip
    _describe(element, source.description)
    for selection in source.selections:
        _selection(element, selection, _SELECTIONS[source.kind])
    _uses(element, source.uses)
    _refer(element, "NoteRef", source.notes)


def _selection(above: etree._Element, one: Selection, name: str) -> None:
    element = _add(above, name, guid=one.guid, name=one.name, **_placed(one.place), creatingUser=one.user,
                   creationDateTime=one.at)  # fmt: skip
    _describe(element, one.description)
    _uses(element, one.uses)
    _refer(element, "NoteRef", one.notes)


def _placed(place: Place) -> dict[str, str]:
    known = ((attribute, getattr(place, name)) for name, attribute in _PLACES.items())
    return {attribute: str(value) for attribute, value in known if value is not None}


def _uses(above: etree._Element, uses: Iterable[CodeUse]) -> None:
    for use in uses:
        element = _add(above, "Coding", guid=use.guid, creatingUser=use.user, creationDateTime=use.at)
        _refer(element, "CodeRef", (use.code,))
        _refer(element, "NoteRef", use.notes)


def _note(above: etree._Element, note: ProjectNote) -> None:
    element = _add(above, "Note", guid=note.guid, name=note.name, creatingUser=note.user, creationDateTime=note.at)
    _add(element, "PlainTextContent").text = writable(note.text)


def _link(above: etree._Element, link: Link) -> None:
    _add(above, "Link", guid=link.guid, name=link.name, direction=link.direction, originGUID=link.origin,
         targetGUID=link.target)  # fmt: skip


def _group(above: etree._Element, one: ProjectSet) -> None:
    element = _add(above, "Set", guid=one.guid)
    element.set("name", writable(one.name))
    _describe(element, one.description)
    for name, guids in (("MemberCode", one.codes), ("MemberSource", one.sources), ("MemberNote", one.notes)):
        _refer(element, name, guids)
