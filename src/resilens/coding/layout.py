"""Which columns of a table hold codings, and which marks does each row hold?

Long: one row a coding, with a column of codes. Wide: one row an item, with one column a code (1, x, yes or 0, no) or
one a facet (the codes themselves, several separated by `;`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from resilens.coding.cells import Cell, Damaged, Sheet, looks_like_date
from resilens.coding.codes import NOTHING, Code, Codebook, fold
from resilens.errors import Fault, InputError
from resilens.study.words import did_you_mean

COLUMNS: dict[str, tuple[str, ...]] = {
    "item": ("item_id", "item", "unit", "unit_id", "id", "条目", "编号"),
    "post": ("post_id", "note_id", "post", "帖子id", "笔记id"),
    "comment": ("comment_id", "评论id"),
    "coder": ("coder", "coder_id", "coder_name", "annotator", "rater", "编码者", "编码员"),
    "code": ("code_id", "code", "codes", "label", "labels", "编码", "代码"),
    "round": ("round_id", "round", "轮次"),
    "field": ("field", "字段"),
    "start": ("start", "start_offset", "begin", "起"),
    "end": ("end", "end_offset", "止"),
    "quote": ("quote", "quotation", "quoted_text", "引文"),
    "memo": ("memo", "note", "notes", "备注"),
    "second_item": ("second_item", "second_item_id", "related_item"),
    **{name: (name,) for name in ("media_id", "x", "y", "w", "h", "start_ms", "end_ms")},
}
"""What each column may be called; case, blanks, `_` and `-` do not matter. The first in a list wins."""

YES = frozenset({"1", "x", "yes", "y", "true", "✓", "✔", "√", "是"})
NO = frozenset({"0", "no", "n", "false", "-", "–", "否", "✗"})

_SEPARATED = re.compile(r"[;；\n]")
_NOTHING = frozenset(fold(word) for word in NOTHING)


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of a table: a coder gave a code to an item, or said that nothing applies (`code` None)."""

    row: int
    code: Code | None
    cells: dict[str, Cell] = field(repr=False)  # by what the column is, a key of `COLUMNS`


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out.

    Parameters
    ----------
    kind
        `long` or `wide`.
    named
        Column by what it is, a key of `COLUMNS`.
    codes, facets, nothing
        Of a wide table: columns that are a code, that are a facet, that say nothing applies.
    ignored
        Columns that are none of these.
    """

    kind: Literal["long", "wide"]
    named: dict[str, str]
    codes: dict[str, Code]
    facets: dict[str, str]
    nothing: tuple[str, ...]
    ignored: tuple[str, ...]


def text_of(cell: Cell) -> str:
    """A cell as text without blanks at its ends; a damaged one as it shows."""
    return cell.shown if isinstance(cell, Damaged) else str(cell).strip()


def layout_of(sheet: Sheet, codebook: Codebook, ignore: Sequence[str] = ()) -> Layout:
    """Recognise the columns of a table.

    Raises
    ------
    InputError
        If no column names items or codes, or a column may be several codes, or holds marks but is no code.
    """
    by_fold = {fold(name): name for name in reversed(sheet.columns) if name not in ignore}
    named: dict[str, str] = {}
    for role, calls in COLUMNS.items():
        found = [by_fold[fold(call)] for call in calls if fold(call) in by_fold]
        if found:
            named[role] = found[0]
    faults: list[Fault] = []
    if not named.keys() & {"item", "post", "comment"}:
        faults.append(Fault("no column names the items; call it item_id (or post_id, comment_id)", sheet.name))
    rest = [name for name in sheet.columns if name not in named.values() and name not in ignore]
    if "code" in named:
        layout = Layout("long", named, {}, {}, (), tuple(rest))
    else:
        layout = _wide(sheet, codebook, named, rest, faults)
    if faults:
        raise InputError(faults)
    return layout


def _wide(
    sheet: Sheet, codebook: Codebook, named: dict[str, str], rest: list[str], faults: list[Fault]
) -> Layout:  # fmt: skip
    called_so = [(call, facet.id) for facet in codebook.facets for call in (facet.id, facet.name, facet.name_zh)]
    facets = {fold(call): facet for call, facet in called_so if call}
    codes: dict[str, Code] = {}
    of_facet: dict[str, str] = {}
    nothing: list[str] = []
    ignored: list[str] = []
    for name in rest:
        called = codebook.called(name)
        marks = _holds_marks(sheet, name)
        if fold(name) in _NOTHING:
            nothing.append(name)
        elif fold(name) in facets and not (called and marks):
            of_facet[name] = facets[fold(name)]
        elif len(called) == 1:
            codes[name] = called[0]
        elif called:
            faults.append(Fault(_ambiguous(name, called), f"{sheet.name}, column {name!r}"))
        elif marks:
            hint = did_you_mean(name, [call for code in codebook.codes for call in (code.id, code.name)])
            words = f"it holds marks, but no code is called so{hint}; rename it, or delete it from the table"
            faults.append(Fault(words, f"{sheet.name}, column {name!r}"))
        else:
            ignored.append(name)
    if not codes and not of_facet and not faults:
        words = "no column is called code, and none is called as a code or facet of the codebook"
        faults.append(Fault(f"{words} (there are {', '.join(sheet.columns)})", sheet.name))
    return Layout("wide", named, codes, of_facet, tuple(nothing), tuple(ignored))


def _holds_marks(sheet: Sheet, column: str) -> bool:
    """Whether the cells of a column are all yes, no or blank, and not all blank."""
    written = {text_of(cells.get(column, "")).casefold() for _, cells in sheet.rows} - {""}
    return bool(written) and written <= YES | NO


def _ambiguous(name: str, codes: Sequence[Code]) -> str:
    return f"{name!r} may be {' or '.join(code.id for code in codes)}; write the code's id"


class Unfolding:
    """Turns the rows of a table into marks; `faults` are the rows that could not be, `unread` the blank ones."""

    def __init__(self, sheet: Sheet, layout: Layout, codebook: Codebook) -> None:
        self.faults: list[Fault] = []
        self.unread = 0
        self._sheet, self._layout, self._codebook = sheet, layout, codebook
        self._known: dict[tuple[str, str], Code | None | str] = {}

    def marks(self) -> list[Mark]:
        """Every mark of the table, row by row."""
        marks: list[Mark] = []
        for row, cells in self._sheet.rows:
            faults = len(self.faults)
            named = {role: cells.get(column, "") for role, column in self._layout.named.items()}
            found = self._long(row, named) if self._layout.kind == "long" else self._wide(row, cells)
            if len(self.faults) == faults:  # half a row says less than none: it might be taken for "nothing applies"
                marks += [Mark(row, code, named) for code in found]
                self.unread += not found
        return marks

    def _long(self, row: int, named: dict[str, Cell]) -> list[Code | None]:
        return self._codes_in(row, named["code"], self._layout.named["code"], "")[0]

    def _wide(self, row: int, cells: dict[str, Cell]) -> list[Code | None]:
        found: list[Code | None] = []
        read = False
        for column, code in self._layout.codes.items():
            mark = self._mark(row, cells.get(column, ""), column)
            read |= mark is not None
            found += [code] if mark else []
        for column, facet in self._layout.facets.items():
            codes, said = self._codes_in(row, cells.get(column, ""), column, facet)
            read |= said
            found += [code for code in codes if code is not None]
        nothing = any(self._mark(row, cells.get(column, ""), column) for column in self._layout.nothing)
        if nothing and found:
            self._fault(row, "the row has codes and says that nothing applies; take one of the two out", "")
        return list(dict.fromkeys(found)) or ([None] if read or nothing else [])

    def _mark(self, row: int, cell: Cell, column: str) -> bool | None:
        if isinstance(cell, Damaged):
            self._fault(row, f"{cell.shown}: {cell.reason}", column)
            return None
        written = text_of(cell).casefold()
        if not written:
            return None
        if written not in YES | NO:
            self._fault(row, f"{text_of(cell)!r} is neither yes (1, x, yes) nor no (0, no) nor blank", column)
        return written in YES

    def _codes_in(self, row: int, cell: Cell, column: str, facet: str) -> tuple[list[Code | None], bool]:
        """The codes a cell names, None for "nothing applies", and whether the cell says anything."""
        if isinstance(cell, Damaged):
            self._fault(row, f"{cell.shown}: {cell.reason}", column)
            return [], True
        words = [word.strip() for word in _SEPARATED.split(text_of(cell)) if word.strip()]
        found: list[Code | None] = []
        for word in words:
            known = self._code(word, facet)
            if isinstance(known, str):
                self._fault(row, known, column)
            elif known not in found:
                found.append(known)
        if None in found and len(found) > 1:
            words_ = "has codes and says that nothing applies; take one of the two out"
            self._fault(row, f"{text_of(cell)!r} {words_}", column)
            return [], True
        return found, bool(words)

    def _code(self, word: str, facet: str) -> Code | None | str:
        """The code a word means, None for "nothing applies", or what is wrong with it."""
        key = (word, facet)
        if key not in self._known:
            self._known[key] = self._meant(word, facet)
        return self._known[key]

    def _meant(self, word: str, facet: str) -> Code | None | str:
        codes = self._codebook.called(word, facet)
        if len(codes) == 1:
            return codes[0]
        if codes:
            return _ambiguous(word, codes)
        if fold(word) in _NOTHING:
            return None
        if looks_like_date(word):
            return (f"{word!r} is no code; it looks like a date that a spreadsheet made of one; format the column as "
                    "text and write the code again")  # fmt: skip
        of = [code for code in self._codebook.codes if not facet or code.facet == facet]
        hint = did_you_mean(word, [call for code in of for call in (code.id, code.name, code.name_zh) if call])
        return f"no code is called {word!r}{hint}" + (f" (in the facet {facet})" if facet else "")

    def _fault(self, row: int, words: str, column: str) -> None:
        self.faults.append(Fault(words, self._sheet.where(row, column)))
