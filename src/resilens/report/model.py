"""What is a report, whatever it is rendered to? Sections of paragraphs, tables, figures, lists and margin notes.

HTML, DOCX and PDF are rendered from these objects alone. A thing that can be pointed at has a stable id, made
from its name; a number in the prose is a `Link` to the table it was counted from.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, TypeAlias

from resilens.results.tables import Table, count
from resilens.results.tables import day as written_day


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words to be stressed."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Exact characters: a file hash, a key of the study file."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A number, or a claim's words, that opens what it was counted from: a table, a figure, a section, an item.

    Parameters
    ----------
    text
        What is read.
    to
        The id of a section or block of the same report.
    """

    text: str
    to: str


@dataclass(frozen=True, slots=True)
class Reference:
    """`Table 2` or `Figure 1`, the number being the block's in this report."""

    to: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something the study does not say, shown as `not stated in study.toml: ethics.approval`."""

    key: str
    source: str = "study.toml"

    @property
    def text(self) -> str:
        return f"not stated in {self.source}: {self.key}"


Inline: TypeAlias = str | Emphasis | Code | Link | Reference | Missing
Words: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Prose."""

    words: Words


@dataclass(frozen=True, slots=True)
class ListBlock:
    """Short paragraphs in a row, numbered where their order matters."""

    entries: tuple[Words, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A remark beside the text; a caution is one the reader must not miss."""

    words: Words
    caution: bool = False


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A numbered table.

    Parameters
    ----------
    name
        Its name in file names, lower case with dashes; its id is `table-NAME`.
    table
        What is shown.
    whole
        What its CSV file holds where that is more than is shown: exact values, ids of codes, every row.
    """

    name: str
    table: Table
    whole: Table | None = None

    @property
    def id(self) -> str:
        return f"table-{self.name}"


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A numbered figure with the data behind it.

    Parameters
    ----------
    name
        Its name in file names, lower case with dashes; its id is `figure-NAME`.
    caption
        What it shows and what may be concluded from it.
    description
        What a reader who cannot see it should know.
    specification
        Its Vega-Lite specification for a page.
    data
        The data behind it; its caption is not shown.
    narrow
        Its specification for a telephone, None where the other serves.
    """

    name: str
    caption: Words
    description: str
    specification: Mapping[str, Any]
    data: Table
    narrow: Mapping[str, Any] | None = None

    @property
    def id(self) -> str:
        return f"figure-{self.name}"


@dataclass(frozen=True, slots=True)
class EvidencePlate:
    """A captured item as evidence, shown as far as it may be.

    Parameters
    ----------
    name
        Its name in this report, lower case with dashes and no id of a platform; its id is `item-NAME`.
    label
        What a reader calls it: `E3`.
    kind, group, day
        What it is (`post`), who wrote it, and when; empty or None where not known.
    quoting
        What may be done with its words. `quote`: `words` are its own; `paraphrase`: they are somebody's retelling;
        `not quoted`: there are none; `not shown`: there might be a retelling, and nobody has written one.
    words
        The quotation or the paraphrase; lines end with `\\n`.
    translation, translated_by
        The accepted translation of a quotation, and by whom or what it was made.
    picture, picture_description
        A PNG or JPEG with what must not be seen already made unrecognisable, and what a reader who cannot see it
        should know.
    about
        Where it counts: the claims that cite it, the codes it carries.

    Raises
    ------
    ValueError
        If there are words or a picture where nothing may be quoted, a translation without a quotation, or a picture
        without a description or of another format.
    """

    name: str
    label: str
    kind: str
    quoting: Literal["quote", "paraphrase", "not quoted", "not shown"]
    group: str = ""
    day: date | None = None
    words: str = ""
    translation: str = ""
    translated_by: str = ""
    picture: bytes | None = None
    picture_description: str = ""
    about: Words = ()

    def __post_init__(self) -> None:
        if self.quoting.startswith("not") and (self.words or self.translation or self.picture):
            raise ValueError(f"{self.label} must not be quoted")
        if self.translation and self.quoting != "quote":
            raise ValueError(f"{self.label} is translated but not quoted")
        if self.picture is not None and not (self.picture_description and self.picture_kind):
            raise ValueError(f"the picture of {self.label} needs a description and to be PNG or JPEG")

    @property
    def id(self) -> str:
        return f"item-{self.name}"

    @property
    def facts(self) -> str:
        """What it is, in a line: `post, natives, 14 January 2025`."""
        return ", ".join(filter(None, (self.kind, self.group, written_day(self.day) if self.day else "")))

    @property
    def status(self) -> str:
        """Whose the words are, as a sentence; empty where they are the item's own."""
        return {
            "quote": "", "paraphrase": "Paraphrased: these are not the author's words.",
            "not quoted": "Not quoted: its words may be neither quoted nor paraphrased.",
            "not shown": "Not shown: its words may be paraphrased, and nobody has done so yet.",
        }[self.quoting]  # fmt: skip

    @property
    def translated(self) -> str:
        """By whom or what the translation was made, as a sentence."""
        if not self.translation:
            return ""
        return f"Translation: {self.translated_by}." if self.translated_by else "Translation."

    @property
    def picture_kind(self) -> str:
        """`png` or `jpeg` as the picture's first bytes tell; empty where it is neither."""
        first = (self.picture or b"")[:8]
        return "png" if first == b"\x89PNG\r\n\x1a\n" else "jpeg" if first.startswith(b"\xff\xd8\xff") else ""


Block: TypeAlias = Paragraph | ListBlock | Note | TableBlock | FigureBlock | EvidencePlate


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report with its heading."""

    id: str
    title: str
    blocks: Sequence[Block] = ()
    subsections: Sequence[Section] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report.

    Parameters
    ----------
    title, subtitle
        What stands above it.
    synthetic
        Whether the study is: then every page and figure says so.
    sections
        In reading order.
    dated
        The day of the latest event or capture, in words; never the wall clock's.
    day
        That day, for the properties of a document; None where there is none.
    """

    title: str
    subtitle: str
    synthetic: bool
    sections: Sequence[Section]
    dated: str = ""
    day: date | None = None
    _numbers: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        counts = {"Table": 0, "Figure": 0}
        for section in walk(self.sections):
            for name in (section.id, *(block.id for block in section.blocks if isinstance(block, _NUMBERED))):
                if name in self._numbers:
                    raise ValueError(f"two parts of the report have the id {name!r}")
                self._numbers[name] = ""
            for block in section.blocks:
                if isinstance(block, EvidencePlate):
                    self._numbers[block.id] = block.label
                elif isinstance(block, _NUMBERED):
                    kind = "Table" if isinstance(block, TableBlock) else "Figure"
                    counts[kind] += 1
                    self._numbers[block.id] = f"{kind} {counts[kind]}"
        missing = sorted({target for target in _targets(self.sections) if target not in self._numbers})
        if missing:
            raise ValueError(f"the report points at what it does not hold: {', '.join(missing)}")

    def number(self, name: str) -> str:
        """`Table 2` for the id of a table, `Figure 1` for that of a figure, `E3` for that of an item."""
        return self._numbers[name]


_NUMBERED = (TableBlock, FigureBlock, EvidencePlate)


PAPER_ROWS = 80
"""Rows of a table that stand on paper; a longer one is whole on the page and in its CSV file."""


def on_paper(report: Report) -> Report:
    """The report for a document of pages: of a long table its first rows, and where the others are."""
    return replace(report, sections=tuple(map(_section_on_paper, report.sections)))


def _section_on_paper(section: Section) -> Section:
    blocks = [_shortened(block) if isinstance(block, TableBlock) else block for block in section.blocks]
    return replace(section, blocks=blocks, subsections=tuple(map(_section_on_paper, section.subsections)))


def _shortened(block: TableBlock) -> TableBlock:
    table, rows = block.table, len(block.table.rows)
    if rows <= PAPER_ROWS:
        return block
    note = (f"The first {PAPER_ROWS} of {count(rows)} rows; all of them are on the page, index.html, and in "
            f"tables/{block.name}.csv.")  # fmt: skip
    return replace(block, table=replace(table, rows=table.rows[:PAPER_ROWS], notes=(*table.notes, note)))


def walk(sections: Sequence[Section]) -> Iterator[Section]:
    """Every section in reading order, each before its subsections."""
    for section in sections:
        yield section
        yield from walk(section.subsections)


def say(sentence: str, **parts: Inline | Words) -> Words:
    """Prose with its parts in place: `say("{n} of 200", n=Link("175", "table-quotas"))`.

    Raises
    ------
    KeyError
        If a part is not given.
    """
    words: list[Inline] = []
    for text, name, _, _ in string.Formatter().parse(sentence):
        if text:
            words.append(text)
        if name is not None:
            part = parts[name]
            words.extend(part if isinstance(part, tuple) else (part,))
    return tuple(words)


def join(*passages: Words) -> Words:
    """Passages one after the other with a space between; empty ones leave no trace."""
    words: list[Inline] = []
    for passage in filter(None, passages):
        words.extend((" ", *passage) if words else passage)
    return tuple(words)


def listed(entries: Sequence[Words]) -> Words:
    """Passages as a reader lists them: `a and b`, `a, b, and c`."""
    words: list[Inline] = []
    for position, entry in enumerate(entries):
        if position:
            comma = "," if len(entries) > 2 else ""
            words.append(f"{comma} and " if position == len(entries) - 1 else ", ")
        words.extend(entry)
    return tuple(words)


def plain(words: Words) -> str:
    """The words without their links and marks; a `Reference` shows its id."""
    return "".join(word if isinstance(word, str) else word.to if isinstance(word, Reference) else word.text
                   for word in words)  # fmt: skip


def _passages(section: Section) -> Iterator[Words]:
    for block in section.blocks:
        if isinstance(block, (Paragraph, Note)):
            yield block.words
        elif isinstance(block, ListBlock):
            yield from block.entries
        elif isinstance(block, FigureBlock):
            yield block.caption
        elif isinstance(block, EvidencePlate):
            yield block.about


def _targets(sections: Sequence[Section]) -> Iterator[str]:
    for section in walk(sections):
        for words in _passages(section):
            yield from (word.to for word in words if isinstance(word, (Link, Reference)))
