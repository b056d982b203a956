"""How must a project be written so that a program reads every position as it was meant?

Programs differ in what they take a position to count and in the text file they expect beside it; one table says it.
What is known is measured on files of the program, or read in the code of one that reads or writes for it; none of it
was tried in the program itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from resilens.errors import InputError
from resilens.exchange.positions import BOM, DIALECTS, PROGRAMS, Dialect, Ruler
from resilens.exchange.project_tree import ProjectTree, Selection, Source
from resilens.study.words import did_you_mean

Basis: TypeAlias = Literal["standard", "measured", "read in code", "uncertain"]

_STATED = re.compile(r"Resilens .*\(([a-z0-9-]+)\)")


@dataclass(frozen=True, slots=True)
class Target:
    """What a program wants.

    Parameters
    ----------
    name
        The program, for readers.
    positions
        What a position counts.
    newline
        How a newline is written in the text files.
    bom
        Whether they begin with a byte order mark, which no position counts.
    basis
        How that is known.
    """

    name: str
    positions: Dialect
    newline: Literal["\n", "\r\n"]
    bom: bool
    basis: Basis

    def file_text(self, text: str) -> str:
        """A text with `\\n` newlines as the program's file has it. One that begins with a U+FEFF of its own gets a
        byte order mark in any case: readers take the first for one."""
        mark = BOM if self.bom or text.startswith(BOM) else ""
        return mark + text.replace("\n", self.newline)


TARGETS = {
    "standard": Target("REFI-QDA 1.0 to the letter", PROGRAMS["standard"], "\n", False, "standard"),
    "nvivo": Target("NVivo for Windows", PROGRAMS["nvivo"], "\r\n", True, "measured"),
    "atlasti": Target("ATLAS.ti", PROGRAMS["atlasti"], "\r\n", False, "read in code"),
    "maxqda": Target("MAXQDA", PROGRAMS["maxqda"], "\r\n", False, "uncertain"),
    "qualcoder": Target("QualCoder", PROGRAMS["qualcoder"], "\n", False, "read in code"),
}
"""The programs a project can be written for. QualCoder writes a byte order mark, but reads one as a character of the
text, which moves every code by one; so it gets none. Of MAXQDA it is said that a newline counts two there, yet
QualCoder writes texts with CRLF for it, and positions in which a newline counts one."""


def target_named(name: str) -> Target:
    """The program of that name.

    Raises
    ------
    InputError
        If there is none.
    """
    if name not in TARGETS:
        raise InputError(f"no project is written for {name!r}{did_you_mean(name, TARGETS)}; there are "
                         f"{', '.join(TARGETS)}")  # fmt: skip
    return TARGETS[name]


def rendered(tree: ProjectTree, target: Target) -> ProjectTree:
    """The tree as a program wants it: texts as its files have them, and what their positions then are; its origin says
    what they count.

    Parameters
    ----------
    tree
        Texts have `\\n` newlines, positions count their code points, the end excluded.
    target
        The program.
    """
    codes = replace(tree.codes, origin=f"{tree.codes.origin} ({target.positions.id})")
    return replace(tree, codes=codes, sources=tuple(_rendered(source, target) for source in tree.sources))


def stated_in(origin: str) -> Dialect | None:
    """What positions count in a project that we wrote and no other program has written since, by its origin."""
    found = _STATED.fullmatch(origin)
    return next((one for one in DIALECTS if found and one.id == found[1]), None)


def _rendered(source: Source, target: Target) -> Source:
    if source.text is None:
        return source
    text = target.file_text(source.text)
    return replace(source, text=text, selections=_moved(source.selections, Ruler(text), target.positions))


def _moved(selections: Sequence[Selection], ruler: Ruler, dialect: Dialect) -> tuple[Selection, ...]:
    starts = ruler.positions(dialect, [one.place.start or 0 for one in selections]).tolist()
    ends = ruler.positions(dialect, [one.place.end or 0 for one in selections]).tolist()
    return tuple(replace(one, place=replace(one.place, start=start, end=end))
                 for one, start, end in zip(selections, starts, ends, strict=True))  # fmt: skip
