"""How is WordprocessingML written? The few elements a report needs, each as one call; text is escaped by lxml."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from resilens.report.characters import legible, runs

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def element(tag: str, *children: Any, **attributes: str | int) -> Any:
    """An element of the `w` namespace: `element("jc", val="right")` is `<w:jc w:val="right"/>`."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def text_runs(text: str, *properties: tuple[str, dict[str, str]], style: str = "") -> list[Any]:
    """Text as runs, Chinese in runs of their own with the East Asian font and language.

    Parameters
    ----------
    text
        What is to be read; what no document can show is named.
    properties
        Tags with attributes that mark the runs, in the order in which the standard has them.
    style
        A character style.
    """
    return [_run(piece, chinese, properties, style) for piece, chinese in runs(legible(text))]


def _run(text: str, chinese: bool, properties: Iterable[tuple[str, dict[str, str]]], style: str) -> Any:
    marks = [element("rStyle", val=style)] if style else []
    if chinese:
        marks.append(element("rFonts", hint="eastAsia"))
    marks += [element(tag, **attributes) for tag, attributes in properties]
    if chinese:
        marks.append(element("lang", val="zh-CN", eastAsia="zh-CN"))
    written = element("t")
    written.text = text
    written.set(XML_SPACE, "preserve")
    return element("r", *([element("rPr", *marks)] if marks else []), written)


def paragraph(style: str, *children: Any, **properties: Any) -> Any:
    """A paragraph in a style (by id); `properties` are elements of `w:pPr`, given in the standard's order."""
    return element("p", element("pPr", element("pStyle", val=style), *properties.values()), *children)


def field(instruction: str, result: Iterable[Any]) -> list[Any]:
    """A field with what it shows until it is updated: `SEQ Table \\* ARABIC`, `REF table_quotas \\h`."""
    code = element("instrText")
    code.text = f" {instruction} "
    code.set(XML_SPACE, "preserve")
    return [element("r", element("fldChar", fldCharType="begin")), element("r", code),
            element("r", element("fldChar", fldCharType="separate")), *result,
            element("r", element("fldChar", fldCharType="end"))]  # fmt: skip


def bookmark(name: str, number: int, inside: Iterable[Any]) -> list[Any]:
    """What a link or a field points at."""
    return [element("bookmarkStart", id=number, name=name), *inside, element("bookmarkEnd", id=number)]


def hyperlink(anchor: str, inside: Iterable[Any]) -> Any:
    """Runs that lead to a bookmark."""
    return element("hyperlink", *inside, anchor=anchor, history=1)


def line_break() -> Any:
    """A new line in the same paragraph."""
    return element("r", element("br"))
