"""How does a table of decisions about items come onto the record? One row a decision, all of them or none.

`screening`, `quoting` and `translations_in` say what a row may hold; reading, finding the items, refusing row by row
and leaving out what the record holds already are the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resilens.coding.cells import Damaged, Sheet, read_sheet
from resilens.coding.items import CorpusItems
from resilens.coding.layout import text_of
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.record.events import Draft
from resilens.record.store import Record

Row = dict[str, str]
Found = dict[str, list[str]]
"""For each mention of an item, the ids that it may mean."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a table of decisions would change.

    Parameters
    ----------
    name
        The table's file name.
    drafts
        The decisions that the record does not hold yet.
    unchanged
        How many it holds already.
    refused
        What is wrong with the others, row by row; nothing is written while there is any.
    """

    name: str
    drafts: tuple[Draft, ...]
    unchanged: int
    refused: tuple[Fault, ...]

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "new": len(self.drafts), "unchanged": self.unchanged,
                "refused": [str(fault) for fault in self.refused]}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: those it must have, those it may, which name items, which says who decided, and which
    hold days, so that a spreadsheet's date is one."""

    required: Sequence[str]
    optional: Sequence[str]
    items: Sequence[str]
    who: str
    days: Sequence[str] = ()


def read_decisions(
    path: Path, columns: Columns, corpus: Corpus, coder: str | None,
    draft_of: Callable[[Row, Found], Draft], holds: Callable[[Draft], bool],
) -> Decisions:  # fmt: skip
    """Read a table of decisions and compare it with the record; nothing is written.

    Parameters
    ----------
    path
        CSV, Excel or Parquet.
    coder
        Who decided, where the table has no column that says so.
    draft_of
        The decision of a row; it raises InputError with the column as `where`.
    holds
        Whether the record's current state is what a draft would make it.

    Raises
    ------
    InputError
        If the table cannot be read or lacks a column.
    """
    sheet = read_sheet(path)
    missing = [Fault(f"has no column {name!r}; it has {', '.join(sheet.columns)}", sheet.name)
               for name in columns.required if name not in sheet.columns]  # fmt: skip
    if coder is None and columns.who not in sheet.columns:
        missing.append(
            Fault(f"does not say who decided; add a column {columns.who!r} or say --coder NAME", sheet.name)
        )
    if missing:
        raise InputError(missing)
    names = (*columns.required, *columns.optional)
    rows, refused = _rows(sheet, names, columns.days)
    found = CorpusItems(corpus).find({row[name] for _, row in rows for name in columns.items if row[name]})
    drafts: dict[str, Draft] = {}
    for number, row in rows:
        row[columns.who] = row[columns.who] or coder or ""
        try:
            if not row[columns.who]:
                raise InputError(Fault("does not say who decided", columns.who))
            draft = draft_of(row, found)
        except InputError as error:
            refused += [Fault(fault.message, sheet.where(number, fault.where)) for fault in error.faults]
            continue
        if draft.subject in drafts and drafts[draft.subject].body != draft.body:
            refused.append(Fault("this item is decided twice, and not alike", sheet.where(number, "item")))
        drafts[draft.subject] = draft
    new = [draft for draft in drafts.values() if not holds(draft)]
    return Decisions(sheet.name, tuple(new), len(drafts) - len(new), tuple(refused))


def _rows(sheet: Sheet, names: Sequence[str], days: Sequence[str]) -> tuple[list[tuple[int, Row]], list[Fault]]:
    """The rows as texts, and those that a spreadsheet damaged."""
    rows: list[tuple[int, Row]] = []
    refused: list[Fault] = list(sheet.broken)
    for number, cells in sheet.rows:
        damaged = [Fault(f"{cell.shown}: {cell.reason}", sheet.where(number, name)) for name in names
                   if isinstance(cell := cells.get(name, ""), Damaged) and name not in days]  # fmt: skip
        refused += damaged
        if not damaged:
            rows.append((number, {name: text_of(cells.get(name, "")) for name in names}))
    return rows, refused


def write_decisions(record: Record, decisions: Decisions) -> int:
    """Write the decisions to the record, all or none; how many.

    Raises
    ------
    InputError
        If rows were refused.
    """
    if decisions.refused:
        raise InputError(decisions.refused)
    return len(record.append_all(decisions.drafts))


def one_item(mention: str, found: Found, where: str) -> str:
    """The one item that is meant.

    Raises
    ------
    InputError
        If it is none, or more than one.
    """
    candidates = found.get(mention, [])
    if len(candidates) == 1:
        return candidates[0]
    if not mention:
        raise InputError(Fault("is empty", where))
    words = f"may be {' or '.join(candidates)}; write which" if candidates else "is no captured item"
    raise InputError(Fault(f"{mention!r} {words}", where))


def same(held: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Whether a row of a view holds all that a body says."""
    return all(held.get(name) == value for name, value in body.items())
