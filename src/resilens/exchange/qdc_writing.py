"""How is a codebook written as REFI-QDA, valid against the schema and against what the schema cannot say?"""

from __future__ import annotations

from lxml import etree

from resilens.errors import InputError
from resilens.exchange.code_tree import DEEPEST, CodeNode, CodeTree
from resilens.exchange.qdc_reading import NAMESPACE
from resilens.exchange.safe_xml import writable

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LOCATION = f"{NAMESPACE} http://schema.qdasoftware.org/versions/Codebook/v1.0/Codebook.xsd"


def to_qdc(tree: CodeTree) -> bytes:
    """The bytes of a .qdc file: UTF-8, the same tree always the same bytes.

    Raises
    ------
    InputError
        If there is no code (the schema asks for one), two parts share a GUID, a set names a code that is not there, or
        codes are nested deeper than `DEEPEST`.
    """
    _checked(tree)
    root = etree.Element(_tag("CodeBook"), nsmap={None: NAMESPACE, "xsi": _XSI})
    if tree.origin:
        root.set("origin", writable(tree.origin))
    root.set(f"{{{_XSI}}}schemaLocation", _LOCATION)
    codes = etree.SubElement(root, _tag("Codes"))
    for code in tree.codes:
        _put(codes, code)
    sets = etree.SubElement(root, _tag("Sets")) if tree.sets else None
    for one in tree.sets if sets is not None else ():
        element = etree.SubElement(sets, _tag("Set"), guid=one.guid, name=writable(one.name))
        _describe(element, one.description)
        for member in one.members:
            etree.SubElement(element, _tag("MemberCode"), guid=member)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _put(above: etree._Element, code: CodeNode) -> None:
    element = etree.SubElement(above, _tag("Code"), guid=code.guid, name=writable(code.name))
    element.set("isCodable", "true" if code.codable else "false")
    if code.colour:
        element.set("color", code.colour)
    _describe(element, code.description)
    for child in code.children:
        _put(element, child)


def _describe(element: etree._Element, description: str) -> None:
    if description:
        etree.SubElement(element, _tag("Description")).text = writable(description)


def _checked(tree: CodeTree) -> None:
    if not tree.codes:
        raise InputError("the codebook has neither facet nor code, and a .qdc file needs one; add codes first")
    walked = list(tree.walk())
    if any(len(above) >= DEEPEST for _, above in walked):
        raise InputError(f"codes are nested deeper than {DEEPEST} levels, which other programs cannot read")
    codes = [code.guid for code, _ in walked]
    if len({*codes, *(one.guid for one in tree.sets)}) < len(codes) + len(tree.sets):
        raise InputError("two parts of the codebook have the same GUID, so that no program could tell them apart")
    if {member for one in tree.sets for member in one.members} - set(codes):
        raise InputError("a set of codes names a code that is not in the codebook")
