"""What is a coded project to any program that speaks REFI-QDA: users, codes, sources, selections, notes?

The tree is what files of all programs have in common, with positions as the file states them or, once the dialect is
known, in code points of the text as it is kept here. `qde_reading` and `qde_writing` know the XML, `archive_reading`
and `archive_writing` the zip around it, `project_in` and `project_out` what Resilens makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from resilens.exchange.code_tree import CodeTree

SourceKind: TypeAlias = Literal["text", "picture", "pdf", "audio", "video"]
VariableType: TypeAlias = Literal["Text", "Boolean", "Integer", "Float", "Date", "DateTime"]
Direction: TypeAlias = Literal["Associative", "OneWay", "Bidirectional"]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who worked on the project; `short` is what programs call the user's id (initials)."""

    guid: str
    name: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class CodeUse:
    """A code given to a selection or a whole source: one element `Coding`.

    Parameters
    ----------
    guid
        Its GUID.
    code
        The GUID of the code.
    user, at
        The GUID of the user who gave it and when, ISO 8601 as written; empty where the file does not say.
    notes
        GUIDs of notes about it.
    """

    guid: str
    code: str
    user: str = ""
    at: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a source a selection lies; only the fields of the source's kind are set.

    `start`, `end` half-open positions in a text; `x1`, `y1` upper left and `x2`, `y2` lower right in pixels of a
    picture, or points of a PDF page counted as the file counts them; `page` of a PDF; `begin`, `finish` milliseconds.
    """

    start: int | None = None
    end: int | None = None
    x1: int | None = None
    y1: int | None = None
    x2: int | None = None
    y2: int | None = None
    page: int | None = None
    begin: int | None = None
    finish: int | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of a source, with the codes given to it; without any it may still carry a description or notes."""

    guid: str
    place: Place
    name: str = ""
    description: str = ""
    user: str = ""
    at: str = ""
    uses: tuple[CodeUse, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A text, picture, PDF, recording.

    Parameters
    ----------
    kind, guid, name
        What it is; `name` may be empty.
    text
        Its plain text, None for a source that is none (or whose text is missing).
    file
        The name of its file inside `sources/`, empty where it has none; for a text that of the plain text.
    rich_file
        The name of a text's styled form, empty where there is none.
    selections
        Its parts.
    uses
        Codes given to the whole of it.
    values
        Values of variables, as text, by the variable's GUID.
    transcripts
        Texts that belong to a recording, with their own selections.
    """

    kind: SourceKind
    guid: str
    name: str = ""
    text: str | None = None
    file: str = ""
    rich_file: str = ""
    description: str = ""
    user: str = ""
    at: str = ""
    selections: tuple[Selection, ...] = ()
    uses: tuple[CodeUse, ...] = ()
    notes: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    transcripts: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectNote:
    """A memo."""

    guid: str
    name: str = ""
    text: str = ""
    user: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """An attribute that sources and cases have values of."""

    guid: str
    name: str
    type: VariableType = "Text"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A person, place or thing that sources and selections speak of."""

    guid: str
    name: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link between any two things of the project, by GUID."""

    guid: str
    origin: str
    target: str
    name: str = ""
    direction: Direction = "Associative"


@dataclass(frozen=True, slots=True)
class ProjectSet:
    """A set of codes, sources and notes, by GUID."""

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectTree:
    """A project; `codes.origin` is the program that wrote it, `at` its date as written."""

    name: str
    codes: CodeTree = CodeTree()
    users: tuple[User, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[ProjectNote, ...] = ()
    links: tuple[Link, ...] = ()
    sets: tuple[ProjectSet, ...] = ()
    description: str = ""
    user: str = ""
    at: str = ""
    about: tuple[str, ...] = ()
    """GUIDs of notes about the project as a whole."""
    code_notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """GUIDs of notes about a code, by the code's GUID."""

    def texts(self) -> Iterator[Source]:
        """Every text, transcripts of recordings included, in the file's order."""
        for source in self.sources:
            yield from (one for one in (source, *source.transcripts) if one.text is not None)
