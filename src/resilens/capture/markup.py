"""What does a text say that was captured as HTML?

Paragraphs are kept apart by an empty line, line breaks kept, and nothing is added: links that a page shows shortened
stand whole, since their hidden parts are part of the text.
"""

from __future__ import annotations

import re

from lxml import etree

BLOCKS = frozenset({"p", "div", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table"})
LINES = frozenset({"br", "li", "tr"})
_BLANKS = re.compile(r"[ \t\r\n]+")
_UNFIT = re.compile("[\x00\ud800-\udfff]")


class _Lines:
    """Text gathered into paragraphs of lines."""

    def __init__(self) -> None:
        self._paragraphs: list[list[str]] = [[""]]

    def add(self, text: str | None, as_it_is: bool) -> None:
        if text:
            self._paragraphs[-1][-1] += text if as_it_is else _BLANKS.sub(" ", text)

    def line(self) -> None:
        self._paragraphs[-1].append("")

    def paragraph(self) -> None:
        if any(line.strip() for line in self._paragraphs[-1]):
            self._paragraphs.append([""])

    def text(self) -> str:
        joined = ("\n".join(line.strip(" ") for line in lines).strip("\n") for lines in self._paragraphs)
        return "\n\n".join(paragraph for paragraph in joined if paragraph)


def text_of(markup: str, without: str = "") -> str:
    """The text of a piece of HTML.

    Parameters
    ----------
    markup
        The HTML, broken or not; a plain text comes back as it is, its blanks joined.
    without
        A class of elements that are left out with all they hold.
    """
    if not markup.strip():
        return ""
    fit = _UNFIT.sub("\ufffd", markup.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    root = etree.fromstring(f"<div>{fit}</div>".encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    if root is None:
        return ""
    lines, verbatim = _Lines(), 0
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        opened = event == "start"
        if event in ("start", "end"):
            if element.tag in BLOCKS:
                lines.paragraph()
            verbatim += (element.tag == "pre") * (1 if opened else -1)
            if opened and element.tag in LINES:
                lines.line()
            if opened and without and without in (element.get("class") or "").split():
                walk.skip_subtree()
            elif opened:
                lines.add(element.text, verbatim > 0)
        if not opened:
            lines.add(element.tail, verbatim > 0)
    return lines.text()
