"""How is the record's file opened, and what is said when it cannot be?

Settings, and why: WAL, so that readers never wait for a writer; `synchronous=FULL`, so that what was acknowledged is
on the disk; `isolation_level=None` with `BEGIN IMMEDIATE`, so that writers queue instead of failing half way;
`secure_delete`, so that what is erased is overwritten; and no automatic checkpoint, see `checkpoint_when_large`.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from resilens.errors import Fault, InputError
from resilens.record.events import EVENTS, FIRST_HASH, HEAD, METADATA, TRIGGERS
from resilens.record.views import VIEWS

SCHEMA_VERSION = 4
"""`PRAGMA user_version` of the files this version writes and reads. An older file's views are made anew from its events
(2: claims have a stage and what their findings were; 3: what the workbench decides; 4: packets that came home)."""

APPLICATION = 0x5273_6C6E
"""`PRAGMA application_id`: "Rsln", so that another SQLite file is not taken for a record."""

WAIT_SECONDS = 30
LARGE_LOG_BYTES = 4 << 20
CHECKPOINT_WAIT_SECONDS = 5
"""How long copying the log waits for those in its way; writers wait with it."""

_WORDS = {
    "SQLITE_NOTADB": "is not a record of Resilens, nor any SQLite file; put the right file there or restore a copy",
    "SQLITE_CORRUPT": "is damaged; keep it, restore a copy, and see `resilens doctor`",
    "SQLITE_CANTOPEN": "cannot be opened; see that its folder exists and may be written to",
    "SQLITE_READONLY": "may not be written to; mend its permissions or those of its folder",
    "SQLITE_PERM": "may not be opened; mend its permissions",
    "SQLITE_FULL": "cannot grow: the disk is full; make room and try again",
    "SQLITE_IOERR": "cannot be read or written: the disk fails or went away",
    "SQLITE_BUSY": f"is held by another program for over {WAIT_SECONDS} seconds; close that one and try again",
    "SQLITE_LOCKED": "is held by another program; close that one and try again",
}


def sqlite_wal_reset_fixed(version: tuple[int, int, int] | None = None) -> bool:
    """Whether this SQLite (or the `version` given) has the fix of the WAL-reset bug.

    The bug (SQLite 3.7.0 to 3.51.2): a checkpoint that starts while another connection restarts the log can mark
    pages as copied that were not, and committed changes are lost. Fixed in 3.51.3, and in 3.50.7 and 3.44.6. A
    distribution may have mended an older version without changing its number; the number cannot tell.

    Source
    ------
    https://sqlite.org/wal.html#walresetbug
    """
    number = version or sqlite3.sqlite_version_info[:3]
    return number >= (3, 51, 3) or (3, 50, 7) <= number < (3, 51) or (3, 44, 6) <= number < (3, 45)


def sqlite_wal_reset_words(version: tuple[int, int, int] | None = None) -> str:
    """One sentence for `resilens doctor`: is the fix there, and what follows where it is not."""
    number = version or sqlite3.sqlite_version_info[:3]
    name = "SQLite " + ".".join(map(str, number))
    if sqlite_wal_reset_fixed(number):
        return f"{name} has the fix of the WAL-reset bug"
    return (
        f"{name} is older than the fix of the WAL-reset bug (3.51.3, or 3.50.7 and 3.44.6 of their lines); Resilens "
        "copies the log into the record while it holds the writer's lock, which avoids the known way to trigger it; no "
        "other program should write to work.sqlite or checkpoint it"
    )


class StorageError(InputError):
    """The record's file is at fault and not what was asked: nothing of it was written, and it may be asked again."""


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a file into what the user can do about it."""
    try:
        yield
    except sql.exc.DBAPIError as error:
        _raise_in_words(path, error.orig, error)
    except sqlite3.Error as error:
        _raise_in_words(path, error, error)


def _raise_in_words(path: Path, original: BaseException | None, error: Exception) -> None:
    name = str(getattr(original, "sqlite_errorname", ""))
    for known, words in _WORDS.items():
        if name.startswith(known):
            raise StorageError(Fault(words, path.name)) from error
    raise error


def engine_for(path: Path) -> sql.Engine:
    """An engine whose transactions write at once (`BEGIN IMMEDIATE`), or, with the execution option `reading`, read."""
    engine = sql.create_engine(sql.URL.create("sqlite", database=str(path)), connect_args={"timeout": WAIT_SECONDS})

    @sql.event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for setting in ("synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY", "wal_autocheckpoint=0",
                        "recursive_triggers=ON"):  # fmt: skip
            connection.execute(f"PRAGMA {setting}")

    @sql.event.listens_for(engine, "begin")
    def begun(connection: sql.Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def prepare(engine: sql.Engine, path: Path) -> None:
    """Make the tables of a new file; refuse a file that is newer, or something else. See `outdated` for an older one.

    Raises
    ------
    InputError
        If it is no record, or one of a newer version.
    """
    with engine.connect().execution_options(reading=True) as connection:
        known = _recognised(connection, path)
    if not known:
        with engine.begin() as connection:
            if not _recognised(connection, path):
                _create(connection)
    _log_ahead(engine)


def _recognised(connection: sql.Connection, path: Path) -> bool:
    """True for a record this version can use, False for a file with nothing in it yet."""
    version, application = (
        connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("user_version", "application_id")
    )
    tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    if tables and application != APPLICATION:
        raise InputError(Fault("is an SQLite file, but no record of Resilens; put the right file there", path.name))
    if version > SCHEMA_VERSION:
        newer = f"record version {version}; this one knows {SCHEMA_VERSION}"
        raise InputError(Fault(f"was written by a newer Resilens ({newer}); install that version", path.name))
    return bool(tables)


def _create(connection: sql.Connection) -> None:
    for statement in (*_statements(), *TRIGGERS.values()):
        connection.exec_driver_sql(statement)
    connection.execute(sql.insert(HEAD).values(one=1, seq=0, hash=FIRST_HASH))
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}")
    connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")


@cache
def _statements() -> tuple[str, ...]:
    """What makes the tables and their indexes, put into words once in a process: that takes longer than making them."""
    said: list[str] = []

    def heard(statement: Any, *_: Any, **__: Any) -> None:
        said.append(str(statement.compile(dialect=listener.dialect)))

    listener = sql.create_mock_engine("sqlite://", heard)
    for tables in (METADATA, VIEWS):
        tables.create_all(listener, checkfirst=False)
    return tuple(said)


def outdated(connection: sql.Connection) -> bool:
    """Whether the file was written by an older version, so that its views may lack columns."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one()) < SCHEMA_VERSION


def renew_tables(connection: sql.Connection) -> None:
    """Drop an older version's views and make this one's, empty, within the caller's transaction."""
    VIEWS.drop_all(connection)
    VIEWS.create_all(connection)
    for index in EVENTS.indexes:
        index.create(connection, checkfirst=True)
    connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")


def _log_ahead(engine: sql.Engine) -> None:
    """Switch to write-ahead logging, once in a file's life; SQLite itself does not wait for others here, so we do."""
    with raw(engine) as connection:
        waited_until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > waited_until:
                    raise
                time.sleep(0.01)


@contextmanager
def raw(engine: sql.Engine) -> Iterator[sqlite3.Connection]:
    """A connection outside any transaction, for what SQLite only does there."""
    pooled = engine.raw_connection()
    try:
        driver = pooled.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        yield driver
    finally:
        pooled.close()


def checkpoint_when_large(engine: sql.Engine, path: Path, limit: int) -> int:
    """Copy the write-ahead log into the file once it exceeds `limit` bytes; returns the next limit.

    SQLite's own automatic checkpoint runs beside other writers, and that is where the WAL-reset bug lies. TRUNCATE
    takes the writer's lock before it looks at the log (`sqlite3WalCheckpoint` in wal.c), so no log can be restarted
    under it; only where that lock cannot be had within the wait does SQLite copy beside the writers. Where a reader
    is in the way the log is left to grow, and is tried again at twice the size.
    """
    log = path.with_name(path.name + "-wal")
    try:
        if log.stat().st_size <= limit:
            return limit
    except FileNotFoundError:
        return limit
    return LARGE_LOG_BYTES if truncate_log(engine) else limit * 2


def truncate_log(engine: sql.Engine) -> bool:
    """Copy the whole write-ahead log into the file and cut it to nothing; False where someone stays in the way."""
    with raw(engine) as connection:
        connection.execute(f"PRAGMA busy_timeout={CHECKPOINT_WAIT_SECONDS * 1000}")
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")
    return not busy


def scrub(engine: sql.Engine) -> bool:
    """Leave no trace of overwritten bytes: rebuild the file, then cut the log it was rebuilt through; False if in use.

    What a disk keeps of blocks that a file gave up is out of a program's reach.
    """
    with raw(engine) as connection:
        connection.execute("VACUUM")
    # A checkpoint by another process at the same instant is refused at once, hence more than one try.
    return any(truncate_log(engine) for _ in range(3))
