"""How does a report become a PDF: tagged, outlined, the same bytes every time, and nothing lost for want of a font?

The report goes to typst as data; `template.typ` says how it looks. Nothing that anyone wrote is read as markup.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from importlib.resources import files
from typing import Any

from resilens.report.characters import legible, name, printable, rightwards, runs
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
)
from resilens.report.pictures import Pictures
from resilens.report.table_widths import column_widths
from resilens.report.typesetting import typeset
from resilens.results.tables import shown

LONG = 24
"""Characters in a row without a space beyond which they may be broken, by a space of no width."""
SHORT = 14
"""Rows, of a hundred letters each, that are kept on one page."""
SIZES = ((6, 8.0), (9, 7.2), (99, 6.6))
"""Up to how many columns a table is set in how many points."""
TEXT_WIDTH = 436.5
"""Points between the margins of `template.typ`."""
LETTER = 0.53
"""How wide a letter is on average, by the points it is set in."""

Pieces = list[tuple[str, bool]]
"""Text in pieces, each with whether it is Chinese."""


def render(report: Report, pictures: Pictures) -> bytes:
    """The report as a PDF for A4 paper.

    Parameters
    ----------
    report
        The report.
    pictures
        Its figures, drawn.

    Returns
    -------
    bytes
        The same for the same report. Characters that no shipped font draws are named, and listed at the end.

    Raises
    ------
    typst.TypstError
        If typst refuses the document.
    """
    described = _Describing(report, set(pictures.missing))
    content = described.document()
    data = {"report.json": json.dumps(content, ensure_ascii=False, sort_keys=True).encode(), **described.pictures}
    data |= {f"{figure}.svg": svg.encode() for figure, svg in pictures.printed.items()}
    moment = datetime.combine(report.day, time(12), tzinfo=UTC) if report.day else datetime(2000, 1, 1, tzinfo=UTC)
    template = files("resilens.report").joinpath("template.typ").read_bytes()
    return typeset(template, data, int(moment.timestamp()))[0]


@dataclass
class _Describing:
    """A report as JSON values; `missing` takes up characters that no font draws, `pictures` the files of plates."""

    report: Report
    missing: set[str]
    pictures: dict[str, bytes] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Everything that the template reads."""
        report = self.report
        sections = [one for section in report.sections for one in self.section(section, 1)]
        sections += self.unseen()
        title = self.plain(report.title)
        return {
            "title": f"{'SYNTHETIC: ' if report.synthetic else ''}{title}",
            "authors": self.plain(report.subtitle) or [],
            "heading": self.text(report.title), "short": self.text(_shortened(report.title)),
            "subtitle": self.text(report.subtitle), "dated": self.text(report.dated), "synthetic": report.synthetic,
            "day": [report.day.year, report.day.month, report.day.day] if report.day else None, "sections": sections,
        }  # fmt: skip

    def plain(self, text: str) -> str:
        """Text as it can be printed."""
        return printable(legible(text), self.missing)

    def text(self, text: str) -> Pieces:
        """Text as it can be printed, in pieces."""
        return list(runs(self.plain(text)))

    def section(self, section: Section, level: int) -> list[dict[str, Any]]:
        """A section and those inside it, one after the other."""
        here = {"id": section.id, "level": level, "title": self.text(section.title),
                "blocks": [self.block(block) for block in section.blocks]}  # fmt: skip
        return [here, *(one for inside in section.subsections for one in self.section(inside, level + 1))]

    def unseen(self) -> list[dict[str, Any]]:
        """The section that lists what no font draws; none where there is nothing to list."""
        if not self.missing:
            return []
        told = ("No font shipped with Resilens draws the following characters where they stand; they are printed by "
                "their names. They are whole in the page, the document and the tables.")
        names = [f"{name(one)} {unicodedata.name(one, 'without a name').lower()}" for one in sorted(self.missing)]
        blocks = [_paragraph([_word("text", self.text(told))]),
                  {"kind": "list", "numbered": False, "entries": [[_word("text", self.text(one))] for one in names]}]
        return [{"id": "characters-without-a-glyph", "level": 1, "blocks": blocks,
                 "title": self.text("Characters that could not be printed")}]  # fmt: skip

    def words(self, passage: Words) -> list[dict[str, Any]]:
        """A passage."""
        return [self.inline(word) for word in passage]

    def inline(self, word: Inline) -> dict[str, Any]:
        """A part of a passage."""
        match word:
            case str():
                return _word("text", self.text(word))
            case Emphasis():
                return _word("strong", self.text(word.text))
            case Code():
                return _word("code", self.text(_breakable(word.text)))
            case Missing():
                return _word("missing", self.text(word.text))
            case Link():
                return _word("number", self.text(word.text), word.to)
            case Reference():
                return _word("reference", self.text(self.report.number(word.to).replace(" ", "\u00a0")), word.to)

    def block(self, block: Block) -> dict[str, Any]:
        """A block."""
        match block:
            case Paragraph():
                return _paragraph(self.words(block.words))
            case Note():
                return {"kind": "note", "caution": block.caution, "words": self.words(block.words)}
            case ListBlock():
                entries = [self.words(entry) for entry in block.entries]
                return {"kind": "list", "numbered": block.numbered, "entries": entries}
            case TableBlock():
                return self.table(block)
            case FigureBlock():
                return {"kind": "figure", "id": block.id, "number": self.report.number(block.id),
                        "caption": self.words(block.caption), "file": f"/{block.id}.svg",
                        "description": self.plain(block.description)}  # fmt: skip
            case EvidencePlate():
                return self.plate(block)

    def table(self, block: TableBlock) -> dict[str, Any]:
        """A table."""
        table = block.table
        said = [[shown(value, column.kind) for column, value in zip(table.columns, row, strict=True)]
                for row in table.rows] or [["no rows", *[""] * (len(table.columns) - 1)]]  # fmt: skip
        rows = [[self.text(_breakable(cell)) for cell in row] for row in said]
        size = next(size for most, size in SIZES if len(table.columns) <= most)
        widths, fits = column_widths(table.columns, said, TEXT_WIDTH / (LETTER * size))
        columns = [{"title": self.text(column.title), "right": column.right, "code": column.kind == "code"}
                   for column in table.columns]  # fmt: skip
        notes = " ".join(table.notes)
        letters = sum(len(piece) for row in rows for cell in row for piece, _ in cell)
        return {"kind": "table", "id": block.id, "number": self.report.number(block.id), "columns": columns,
                "long": len(rows) > SHORT or letters > SHORT * 100,
                "caption": self.text(table.caption), "rows": rows,
                "size": size, "widths": None if fits else [round(one, 2) for one in widths],
                "notes": self.text(notes) if notes else []}  # fmt: skip

    def plate(self, block: EvidencePlate) -> dict[str, Any]:
        """An item as evidence."""
        picture = None
        if block.picture is not None:
            picture = f"{block.id}.{block.picture_kind}"
            self.pictures[picture] = block.picture
        return {
            "kind": "plate", "id": block.id, "label": self.text(block.label), "facts": self.text(block.facts),
            "words": self.lines(block.words), "status": self.text(block.status),
            "translation": self.lines(block.translation), "translated": self.text(block.translated),
            "picture": f"/{picture}" if picture else None, "description": self.plain(block.picture_description),
            "about": self.words(block.about), "long": len(block.words) > SHORT * 100,
        }  # fmt: skip

    def lines(self, text: str) -> Mapping[str, Any] | None:
        """What was written, line by line; None where nothing was."""
        if not text.strip():
            return None
        return {"lines": [self.text(_breakable(line)) for line in text.splitlines()], "rightwards": rightwards(text)}


def _word(kind: str, text: Pieces, to: str = "") -> dict[str, Any]:
    return {"kind": kind, "text": text, "to": to}


def _paragraph(words: list[dict[str, Any]]) -> dict[str, Any]:
    return {"kind": "paragraph", "words": words}


def _shortened(title: str, most: int = 70) -> str:
    return title if len(title) <= most else title[:most].rsplit(" ", 1)[0] + " …"


def _breakable(text: str) -> str:
    """Long unspaced Latin, such as a file hash, may break every eight characters."""
    if len(text) <= LONG or max(map(len, text.split()), default=0) <= LONG:
        return text
    return " ".join(
        "\u200b".join(word[start : start + 8] for start in range(0, len(word), 8))
        if len(word) > LONG and word.isascii() else word
        for word in text.split(" ")
    )  # fmt: skip
