"""How does a report become a document for a journal: headings, captions, cross references and APA tables that are real?

Headings and captions are the word processor's own, numbers are fields, and every link leads to a bookmark. Zipped with
fixed dates, so that the same report gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from itertools import count
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Emu, Mm

from resilens.report.characters import legible, rightwards
from resilens.report.docx_elements import bookmark, element, field, hyperlink, line_break, paragraph, text_runs
from resilens.report.docx_styles import QUIET, TEXT_WIDTH, WARNING, prepare
from resilens.report.docx_tables import side_by_side, table_element
from resilens.report.model import (
    Block,
    Code,
    Emphasis,
    EvidencePlate,
    FigureBlock,
    Inline,
    Link,
    ListBlock,
    Missing,
    Note,
    Paragraph,
    Reference,
    Report,
    Section,
    TableBlock,
    Words,
    walk,
)
from resilens.report.pictures import Pictures

PROPERTIES_LIMIT = 255
DEEPEST = 9
"""Levels of headings that a word processor knows."""
CONTENTS = 3
"""Levels of headings that the contents list: down to the findings of a stage and the claims under a question."""


def render(report: Report, pictures: Pictures) -> bytes:
    """The report as a DOCX file.

    Parameters
    ----------
    report
        The report.
    pictures
        Its figures, drawn.

    Returns
    -------
    bytes
        The same for the same report.
    """
    writer = _Writer(report, pictures)
    writer.write()
    written = io.BytesIO()
    writer.document.save(written)
    return _repacked(written.getvalue())


def _repacked(content: bytes) -> bytes:
    """The archive with its members in the order of their names and without the clock."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(fixed, "w") as new:
        for name in sorted(old.namelist()):
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(member, old.read(name))
    return fixed.getvalue()


class _Writer:
    """Writes one report into one document."""

    def __init__(self, report: Report, pictures: Pictures) -> None:
        self.report, self.pictures = report, pictures
        self.document: Any = docx.Document()
        self.names = dict(zip(_ids(report), map(_bookmark_name, _ids(report), count(1)), strict=True))
        self.numbers = {name: place for place, name in enumerate(self.names, start=1)}

    def write(self) -> None:
        """Everything, from its properties to its last table."""
        report = self.report
        prepare(self.document, _shortened(report.title), report.synthetic)
        self._properties()
        if report.synthetic:
            band = text_runs("made-up data; nothing here is a finding about people")
            self.add(paragraph("Caution", *text_runs("SYNTHETIC ", ("b", {})), *band))
        self.add(paragraph("Title", *text_runs(report.title)))
        for style, text in (("Subtitle", report.subtitle), ("Normal", report.dated)):
            if text:
                self.add(paragraph(style, *text_runs(text)))
        self._contents()
        for section in report.sections:
            self.section(section, 1)

    def add(self, *made: Any) -> None:
        """Put elements at the end of the text."""
        body = self.document.element.body
        for one in made:
            body.insert(len(body) - 1, one)

    def _properties(self) -> None:
        report, properties = self.report, self.document.core_properties
        moment = datetime.combine(report.day, time(12), UTC) if report.day else datetime(2000, 1, 1, tzinfo=UTC)
        title = f"{'SYNTHETIC: ' if report.synthetic else ''}{legible(report.title)}"
        properties.title, properties.author = title[:PROPERTIES_LIMIT], legible(report.subtitle)[:PROPERTIES_LIMIT]
        properties.created = properties.modified = moment.replace(tzinfo=None)
        properties.comments, properties.last_modified_by, properties.revision = "", "", 1
        properties.language = "en-GB"
        for key, relation in list(self.document.part.package.rels.items()):
            if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
                del self.document.part.package.rels[key]

    def _contents(self) -> None:
        """A table of contents whose entries are there before the word processor updates it; no page numbers."""
        entries = list(_down_to(self.report.sections, CONTENTS))
        lines = [hyperlink(self.names[section.id], text_runs(section.title)) for section, _ in entries]
        parts = field(f'TOC \\o "1-{CONTENTS}" \\h \\n', ())
        for place, ((_, level), line) in enumerate(zip(entries, lines, strict=True)):
            before = parts[:3] if place == 0 else []
            after = parts[3:] if place == len(entries) - 1 else []
            indent = element("ind", left=360 * (level - 1))
            self.add(paragraph("Normal", *before, line, *after, spacing=element("spacing", after=20), ind=indent))

    def section(self, section: Section, level: int) -> None:
        """A section with its heading, and those inside it."""
        heading = self.marked(section.id, text_runs(section.title))
        self.add(paragraph(f"Heading{min(level, DEEPEST)}", *heading))
        for block in section.blocks:
            self.block(block)
        for inside in section.subsections:
            self.section(inside, level + 1)

    def block(self, block: Block) -> None:
        """A block."""
        match block:
            case Paragraph():
                self.add(paragraph("Normal", *self.words(block.words)))
            case Note():
                self.add(paragraph("Caution" if block.caution else "MarginNote", *self.words(block.words)))
            case ListBlock():
                self._list(block)
            case TableBlock():
                self._table(block)
            case FigureBlock():
                self._figure(block)
            case EvidencePlate():
                self._plate(block)

    # --- words ----------------------------------------------------------------------------------------------------

    def words(self, passage: Words) -> list[Any]:
        """A passage as runs, links and fields."""
        return [made for word in passage for made in self.inline(word)]

    def inline(self, word: Inline) -> list[Any]:
        """A part of a passage."""
        match word:
            case str():
                return text_runs(word)
            case Emphasis():
                return text_runs(word.text, ("b", {}))
            case Code():
                return text_runs(word.text, style="ExactCharacters")
            case Missing():
                return text_runs(word.text, ("color", {"val": WARNING}))
            case Link():
                return [hyperlink(self.names[word.to], text_runs(word.text, ("u", {"val": "dotted"})))]
            case Reference():
                number = text_runs(self.report.number(word.to).replace(" ", "\u00a0"))
                return field(f"REF {self.names[word.to]} \\h", number)

    def marked(self, name: str, inside: list[Any]) -> list[Any]:
        """Runs that links to `name` lead to."""
        return bookmark(self.names[name], self.numbers[name], inside)

    # --- blocks ---------------------------------------------------------------------------------------------------

    def _list(self, block: ListBlock) -> None:
        style = "ListNumber" if block.numbered else "ListBullet"
        numbering = self._numbering() if block.numbered else None
        for entry in block.entries:
            properties = {}
            if numbering is not None:
                properties["numPr"] = element("numPr", element("ilvl", val=0), element("numId", val=numbering))
            self.add(paragraph(style, *self.words(entry), **properties))

    def _numbering(self) -> int:
        """A numbering that begins again at one."""
        numbering = self.document.part.numbering_part.element
        of_style = self.document.styles["List Number"].element.pPr.numPr.numId.val
        fresh = numbering.add_num(numbering.num_having_numId(of_style).abstractNumId.val)
        fresh.add_lvlOverride(0).add_startOverride(1)
        return int(fresh.numId)

    def _caption(self, name: str, after: list[Any], *, above: bool) -> Any:
        kind, number = self.report.number(name).split()
        label = [*text_runs(f"{kind}\u00a0", ("b", {})),
                 *field(f"SEQ {kind} \\* ARABIC", text_runs(number, ("b", {})))]  # fmt: skip
        keep = {"keepNext": element("keepNext")} if above else {}
        return paragraph("Caption", *self.marked(name, label), *after, **keep)

    def _table(self, block: TableBlock) -> None:
        title = [line_break(), *text_runs(block.table.caption, ("i", {}))]
        self.add(self._caption(block.id, title, above=True), table_element(block.table))
        notes = " ".join(block.table.notes)
        if notes:
            self.add(paragraph("TableNote", *text_runs("Note. ", ("i", {})), *text_runs(notes)))
        else:
            self.add(paragraph("TableNote", spacing=element("spacing", before=0, after=0)))

    def _figure(self, block: FigureBlock) -> None:
        described = f"{self.report.number(block.id)}. {block.description}"
        self._picture(self.pictures.png[block.id], described, TEXT_WIDTH, "Normal", keep=True)
        self.add(self._caption(block.id, [*text_runs(" "), *self.words(block.caption)], above=False))

    def _picture(self, content: bytes, described: str, widest: Emu, style: str, *, keep: bool) -> None:
        inline = self.document.part.new_pic_inline(io.BytesIO(content), width=widest)
        inline.docPr.set("descr", legible(described))
        held = {"keepNext": element("keepNext")} if keep else {}
        self.add(paragraph(style, element("r", element("drawing", inline)), **held))

    def _plate(self, block: EvidencePlate) -> None:
        label = self.marked(block.id, text_runs(block.label, ("b", {})))
        self.add(paragraph("Evidence", *label, *text_runs(f"  {block.facts}", ("color", {"val": QUIET})),
                           keepNext=element("keepNext")))  # fmt: skip
        if block.translation:
            made = paragraph("EvidenceText", *text_runs(block.translated, ("color", {"val": QUIET})))
            self.add(side_by_side([_lines("EvidenceText", block.words)],
                                  [_lines("EvidenceText", block.translation), made]))  # fmt: skip
        elif block.words:
            self.add(_lines("Evidence", block.words))
        if block.picture is not None:
            self._picture(block.picture, block.picture_description, Mm(80), "Evidence", keep=False)
        if block.status:
            self.add(paragraph("Evidence", *text_runs(block.status, ("color", {"val": QUIET}))))
        if block.about:
            self.add(paragraph("Evidence", *self.words(block.about)))
        self.add(paragraph("TableNote", spacing=element("spacing", before=0, after=0)))


def _lines(style: str, text: str) -> Any:
    """What was written, line by line, in the direction in which it is read."""
    made: list[Any] = []
    leftwards = not rightwards(text)
    for place, line in enumerate(text.splitlines()):
        made += [*([line_break()] if place else []), *text_runs(line, *([("rtl", {})] if leftwards else []))]
    return paragraph("EvidenceText", *made, bidi=element("bidi")) if leftwards else paragraph(style, *made)


def _down_to(sections: Sequence[Section], deepest: int, level: int = 1) -> Iterator[tuple[Section, int]]:
    """The sections in reading order, each with its level, down to the deepest."""
    for section in sections:
        yield section, level
        if level < deepest:
            yield from _down_to(section.subsections, deepest, level + 1)


def _ids(report: Report) -> Iterator[str]:
    for section in walk(report.sections):
        yield section.id
        yield from (block.id for block in section.blocks if isinstance(block, (TableBlock, FigureBlock, EvidencePlate)))


def _bookmark_name(name: str, number: int) -> str:
    """A bookmark's name: letters, digits and underscores, at most forty of them."""
    return f"_Ref{number}_{re.sub('[^0-9A-Za-z]+', '_', name)}"[:40]


def _shortened(title: str, most: int = 70) -> str:
    return title if len(title) <= most else title[:most].rsplit(" ", 1)[0] + " …"
