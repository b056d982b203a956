"""Which of what was found may be taken away as a table, and how does it look?

What is found is inside the study; a table leaves it. So it follows the rules of quotes: an item has an id of this
study, its time is a day, links and ids are covered, and there are no words of an item that must not be quoted, nor,
unless the table is restricted, of one that may only be paraphrased. What the researchers wrote has its words.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from resilens.coding.exporting import CELL, SUFFIXES, Value, csv_bytes, write_rows
from resilens.coding.quotable import standings
from resilens.corpus.engine import Corpus
from resilens.errors import Fault, InputError
from resilens.exchange.links import covered
from resilens.exchange.quotes import QUOTING, QuotesWritten, Rules
from resilens.record.store import Record
from resilens.results.tables import Table, counted
from resilens.search.hits import Hit, Line
from resilens.search.searching import Results
from resilens.study.zones import day_of

COLUMNS = ("kind", "item", "field", "left", "word", "right", "start", "end", "code_id", "coder", "round", "group",
           "language", "platform", "day", "author", "quoting")  # fmt: skip
Leaving: TypeAlias = tuple[list[str], list[list[Value]], tuple[str, ...]]
"""Columns, rows, and notes for whoever reads the table."""

RESTRICTED = ("item_id", "published_at")
"""Columns that find the item on its platform."""


def rows(results: Results, record: Record, corpus: Corpus, rules: Rules, restricted: bool = False) -> Leaving:
    """A table of what was found, a row a place of the word: its columns, its rows, and what its reader must know.

    Parameters
    ----------
    results
        What was found; all of it, not a page.
    record, corpus
        The study's.
    rules
        Of the study: the key of its pseudonyms, its zone, its default for quoting.
    restricted
        With words that may only be paraphrased, links, and ids of the platform: a table to keep inside the study.
    """
    items = sorted({hit.item_id for hit in results.hits if hit.item_id})
    status = {name: one.status for name, one in standings(record, corpus, items, rules.quoting).items()}
    header = [*COLUMNS, *(RESTRICTED if restricted else ())]
    cells: list[list[Value]] = []
    withheld = 0
    for hit in results.hits:
        may = status.get(hit.item_id, rules.quoting) if hit.said else ""
        silent = may == "do_not_quote" or (may == "paraphrase" and not restricted)
        withheld += silent
        shown = hit if restricted else _covered(hit)
        for line in shown.lines():
            row = _row(hit, line, rules) | {"quoting": QUOTING.get(may, "")}
            cells.append([None if silent and name in ("left", "word", "right") else row[name] for name in header])
    notes = []
    if withheld:
        notes.append(f"{counted(withheld, 'text')} without words: not to be quoted, or only to be paraphrased")
    if restricted:
        notes.append("RESTRICTED: item_id, published_at and words find the items on their platform; keep it inside")
    return header, cells, tuple(notes)


def write(path: Path, table: Leaving) -> QuotesWritten:
    """Write a table from `rows` as .csv, .xlsx or .parquet.

    Raises
    ------
    InputError
        If the ending is another.
    """
    if path.suffix.lower() not in SUFFIXES:
        words = f"a table is written as {', '.join(SUFFIXES)}; end the name with one of them"
        raise InputError(Fault(words, path.name))
    header, cells, notes = table
    cut = write_rows(path, header, cells, "search")
    more = (f"{counted(cut, 'cell')} cut at the {CELL:,} characters of a cell in Excel; .csv has all",) if cut else ()
    return QuotesWritten(len(cells), (*notes, *more))


def as_csv(table: Leaving) -> bytes:
    """A table from `rows` as CSV that a spreadsheet opens rightly."""
    return csv_bytes(table[0], table[1])


def rows_of(table: Table) -> Leaving:
    """A table of results, such as that of codes that go together, to be written alike."""
    cells: list[list[Value]] = [[round(value, 6) if isinstance(value, float) else value for value in row]  # type: ignore[misc]
                                for row in table.rows]  # fmt: skip
    return [column.name for column in table.columns], cells, tuple(table.notes)


def _covered(hit: Hit) -> Hit:
    """The text with links and ids covered; no position moves."""
    return replace(hit, text=covered(hit.text)[0])


def _row(hit: Hit, line: Line, rules: Rules) -> dict[str, Value]:
    moment = hit.published_at
    return {
        "kind": hit.kind, "item": rules.pseudonyms.of_address("item", hit.item_id) if hit.item_id else hit.id,
        "field": hit.field, "left": line.left, "word": line.word, "right": line.right, "start": line.start,
        "end": line.end, "code_id": hit.code_id, "coder": hit.coder, "round": hit.round_id, "group": hit.group,
        "language": hit.language, "platform": hit.platform, "day": str(day_of(moment, rules.zone)) if moment else "",
        "author": hit.author, "item_id": hit.item_id, "published_at": moment.isoformat() if moment else "",
    }  # fmt: skip
