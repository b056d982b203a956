"""Which records does an SQLite database hold? The rows of its tables, read only, one table after the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from resilens.capture.delimited import Record
from resilens.errors import Fault, InputError

MAGIC = b"SQLite format 3\0"


@contextmanager
def connected(path: Path, title: str) -> Iterator[sqlite3.Connection]:
    """A database that nothing can change; broken characters in its texts become U+FFFD.

    Raises
    ------
    InputError
        If it is damaged, now or while it is read.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)) as opened:
            opened.text_factory = lambda raw: raw.decode("utf-8", "replace")
            yield opened
    except sqlite3.Error as error:
        raise InputError(Fault(f"this SQLite database is damaged ({error}); export its tables as CSV", title)) from None


def tables(opened: sqlite3.Connection) -> list[str]:
    """The names of the tables that hold any row, in order."""
    names = [name for (name,) in opened.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )]  # fmt: skip
    return [name for name in names if opened.execute(f"SELECT 1 FROM {quoted(name)} LIMIT 1").fetchone()]


def quoted(name: str) -> str:
    """A table's or column's name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def records(path: Path, title: str, most: int = -1) -> Iterator[Record]:
    """Every row of every table, numbered through from 1; bytes that are no text are left out.

    Parameters
    ----------
    path, title
        The database, and what its user calls it.
    most
        Rows read of each table at most; all where negative.
    """
    number = 0
    with connected(path, title) as opened:
        for name in tables(opened):
            rows = opened.execute(f"SELECT * FROM {quoted(name)} LIMIT ?", (most,))
            columns = [column[0] for column in rows.description]
            for row in rows:
                number += 1
                yield Record(number, dict(zip(columns, map(_plain, row), strict=True)))


def _plain(value: Any) -> Any:
    return None if isinstance(value, bytes) else value
