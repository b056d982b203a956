"""What does a REFI-QDA codebook (.qdc) say, in whichever way its program strayed from the standard?

Every oddity is read as far as its meaning is plain, and noted; what cannot be believed is refused in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from resilens.errors import Fault, InputError
from resilens.exchange.code_tree import CodeNode, CodeSet, CodeTree, guid_from, plain_colour, plain_guid
from resilens.exchange.oddities import Oddities
from resilens.exchange.safe_xml import parse, read_bytes
from resilens.results.tables import counted

NAMESPACE = "urn:QDA-XML:codebook:1.0"
OLDER = ("urn:QDA-XML:codebook:0:4", "urn:QDA-XML:codebook:0.4")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def read_qdc(path: Path) -> tuple[CodeTree, tuple[str, ...]]:
    """The codebook in a .qdc file, and what was odd about the file, a sentence each.

    Raises
    ------
    InputError
        If it is no codebook, not well-formed, too large, nested too deep, or has a DOCTYPE.
    """
    raw = read_bytes(path)
    if raw.startswith(b"PK"):
        words = "this is a project (.qdpx); `resilens import project` reads it, its codebook included"
        raise InputError(Fault(words, path.name))
    return tree_from(raw, path.name)


def tree_from(raw: bytes, name: str = "codebook.qdc") -> tuple[CodeTree, tuple[str, ...]]:
    """The codebook that the bytes of a .qdc file hold, and what was odd about them; faults as `read_qdc`."""
    root = parse(raw, name)
    notes = Oddities()
    _root_checked(root, name, notes)
    parts: dict[str, list[etree._Element]] = {"Codes": [], "Sets": [], "": []}
    for element in root:
        parts[_local(element) if _local(element) in parts else ""].append(element)
    for element in parts[""]:
        notes.add(f"the element {_local(element)!r} is not part of a codebook and was passed over")
    taken: set[str] = set()
    codes = codes_in(parts["Codes"], notes, taken)
    if not codes:
        raise InputError(Fault("there is no code in this codebook", name))
    sets = tuple(_set(element, notes, taken) for part in parts["Sets"] for element in _inner(part, "Set", notes))
    if parts["Sets"] and not sets:
        notes.add("an empty <Sets/>, which the schema does not allow; there are no sets")
    return CodeTree(root.get("origin", ""), codes, with_known_members(codes, sets, notes)), notes.lines()


def codes_in(
    parts: Iterable[etree._Element], notes: Oddities, taken: set[str], passed: tuple[str, ...] = ()
) -> tuple[CodeNode, ...]:  # fmt: skip
    """The codes in elements `Codes`.

    Parameters
    ----------
    parts
        The elements.
    notes
        Told what is odd.
    taken
        GUIDs that are in use; those of the codes are added.
    passed
        Children of a code that somebody else reads.
    """
    outer = [element for part in parts for element in _inner(part, "Code", notes)]
    return tuple(_code(element, (), notes, taken, passed) for element in outer)


def _root_checked(root: etree._Element, name: str, notes: Oddities) -> None:
    space, local = etree.QName(root).namespace or "", _local(root)
    if local == "Project":
        words = "this is the inner file of a project; `resilens import project` reads the .qdpx it comes from"
        raise InputError(Fault(words, name))
    if local.lower() != "codebook" or (space and not space.startswith("urn:QDA-XML:")):
        words = f"this is not a REFI-QDA codebook: its outermost element is {local[:40]!r}"
        raise InputError(Fault(f"{words}. In your program, export the codebook as REFI-QDA (.qdc)", name))
    if space in OLDER:
        notes.add(f"written to a draft of the standard ({space}); read as version 1.0")
    elif space != NAMESPACE:
        notes.add(f"the namespace is {space[:60]!r} and not {NAMESPACE!r}; read as version 1.0")


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _inner(
    part: etree._Element, wanted: str, notes: Oddities, passed: tuple[str, ...] = ()
) -> list[etree._Element]:  # fmt: skip
    """The children of this name; others are noted."""
    for child in part:
        if _local(child) not in (wanted, "Description", *passed):
            words = f"the element {_local(child)!r} in {_local(part)!r} is not part of a codebook and was passed over"
            notes.add(words)
    return [child for child in part if _local(child) == wanted]


def _description(element: etree._Element) -> str:
    return "\n".join("".join(map(str, child.itertext())) for child in element if _local(child) == "Description")


def _code(
    element: etree._Element, above: tuple[str, ...], notes: Oddities, taken: set[str], passed: tuple[str, ...]
) -> CodeNode:
    name = element.get("name", "")
    if not name.strip():
        notes.add("a code without a name is called 'unnamed'")
        name = "unnamed"
    path = (*above, name)
    codable = _FLAGS.get((element.get("isCodable") or "").strip().lower())
    if codable is None:
        notes.add("isCodable is missing or neither true nor false; read as a code that can be given", name)
    return CodeNode(
        guid_of(element, "code", path, notes, taken), name, _description(element), codable is not False,
        _colour(element.get("color", ""), name, notes),
        tuple(_code(child, path, notes, taken, passed) for child in _inner(element, "Code", notes, passed)),
    )  # fmt: skip


def guid_of(element: etree._Element, kind: str, path: tuple[str, ...], notes: Oddities, taken: set[str]) -> str:
    """The element's GUID; where it has none of its own, one that follows from its place, so that it is stable."""
    written = element.get("guid") or ""
    guid = plain_guid(written)
    if not guid:
        what = "has a GUID that is none" if written.strip() else "has no GUID"
        notes.add(f"a {kind} {what}; it is known by its place in the tree", path[-1])
    elif guid in taken:
        notes.add(f"a {kind} has the GUID of another; it is known by its place in the tree", path[-1])
        guid = ""
    while not guid or guid in taken:
        number = notes.places[kind, path] = notes.places[kind, path] + 1
        guid = guid_from("place", kind, *path, str(number))
    taken.add(guid)
    return guid


def _colour(written: str, name: str, notes: Oddities) -> str:
    colour, standard = plain_colour(written) if written.strip() else ("", True)
    if not standard and colour:
        notes.add(f"the colour {written[:30]!r} is not written as the standard says; read as {colour}", name)
    elif not standard:
        notes.add(f"the colour {written[:30]!r} cannot be read and was left out", name)
    return colour


def _set(element: etree._Element, notes: Oddities, taken: set[str]) -> CodeSet:
    name = element.get("name") or "unnamed"
    members = [plain_guid(child.get("guid") or child.get("targetGUID") or "")
               for child in _inner(element, "MemberCode", notes)]  # fmt: skip
    return CodeSet(guid_of(element, "set", (name,), notes, taken), name, _description(element), tuple(members))


def with_known_members(codes: tuple[CodeNode, ...], sets: tuple[CodeSet, ...], notes: Oddities) -> tuple[CodeSet, ...]:
    """The sets without members that are not there, which are noted."""
    known = {code.guid for code, _ in CodeTree("", codes).walk()}
    unknown = Counter({one.name: sum(member not in known for member in one.members) for one in sets})
    for name, times in sorted((+unknown).items()):
        notes.add(f"a set names {counted(times, 'code')} that this file does not hold", name)
    return tuple(CodeSet(one.guid, one.name, one.description, tuple(guid for guid in one.members if guid in known))
                 for one in sets)  # fmt: skip
