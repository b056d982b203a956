"""What do the parts have in common of which the XML of a project is made: names, references, places?"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from resilens.exchange.code_tree import plain_guid
from resilens.exchange.project_tree import Place

_VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")
_DIGITS = 12


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """The children of this name."""
    return [child for child in element if local(child) == name]


def description(element: etree._Element) -> str:
    """What the element says of itself."""
    return "\n".join("".join(map(str, child.itertext())) for child in children(element, "Description"))


def targets(element: etree._Element, name: str) -> tuple[str, ...]:
    """What the references of this name lead to; some programs write guid in place of targetGUID."""
    found = (plain_guid(child.get("targetGUID") or child.get("guid") or "") for child in children(element, name))
    return tuple(guid for guid in found if guid)


def made_by(element: etree._Element) -> tuple[str, str]:
    """The GUID of who made it, and when, as written."""
    return plain_guid(element.get("creatingUser") or ""), element.get("creationDateTime") or ""


def values(element: etree._Element) -> dict[str, str]:
    """The values of variables, by the variable."""
    found = {}
    for one in children(element, "VariableValue"):
        said = [child.text or "" for child in one if local(child) in _VALUES]
        found.update(dict.fromkeys(targets(one, "VariableRef"), said[0] if said else ""))
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


PLACES: dict[str, Callable[[etree._Element], Place]] = {
    "PlainTextSelection": lambda one: Place(_number(one, "startPosition"), _number(one, "endPosition")),
    "PictureSelection": lambda one: Place(**_corners(one)),
    "PDFSelection": lambda one: Place(page=_number(one, "page"), **_corners(one)),
    "AudioSelection": _interval,
    "VideoSelection": _interval,
}


def between(element: etree._Element, points: dict[str, etree._Element]) -> Place:
    """The part of a transcript between two of its points, in its text and in time."""
    ends = [points.get(plain_guid(element.get(name) or "")) for name in ("fromSyncPoint", "toSyncPoint")]
    places = [None if one is None else _number(one, "position") for one in ends]
    times = [None if one is None else _number(one, "timeStamp") for one in ends]
    return Place(places[0], places[1], begin=times[0], finish=times[1])
