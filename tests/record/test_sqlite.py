"""Which SQLite has the fix of the WAL-reset bug, what a file must be, and what is said where it is not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.record.sqlite import SCHEMA_VERSION, sqlite_wal_reset_fixed, sqlite_wal_reset_words
from resilens.record.store import Record

MEMO = Draft("memo.written", "m", {"memo_id": "m", "text": "seen"}, "mei")


@pytest.mark.parametrize(
    ("version", "fixed"),
    [((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False),
     ((3, 50, 7), True), ((3, 51, 0), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 53, 0), True)],
)  # fmt: skip
def test_the_wal_reset_fix_is_in_3_51_3_and_two_older_lines(version: tuple[int, int, int], fixed: bool) -> None:
    assert sqlite_wal_reset_fixed(version) is fixed
    assert ("has the fix" in sqlite_wal_reset_words(version)) is fixed
    assert ".".join(map(str, version)) in sqlite_wal_reset_words(version)


def test_this_sqlite_is_spoken_of() -> None:
    assert sqlite3.sqlite_version in sqlite_wal_reset_words()
    assert sqlite_wal_reset_fixed() is sqlite_wal_reset_fixed(sqlite3.sqlite_version_info[:3])


def test_the_file_is_durable_and_logs_ahead(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite"
    with Record.open(path) as record, record._engine.connect() as connection:
        settings = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in
                    ("journal_mode", "synchronous", "secure_delete", "busy_timeout", "wal_autocheckpoint")}  # fmt: skip
    assert settings == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "busy_timeout": 30000,
                        "wal_autocheckpoint": 0}  # fmt: skip


def test_the_log_is_cut_once_it_is_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "work.sqlite"
    with Record.open(path) as record:
        record._log_limit = 100_000
        monkeypatch.setattr("resilens.record.sqlite.LARGE_LOG_BYTES", 100_000)
        for _ in range(50):
            record.append(MEMO)
            assert (tmp_path / "work.sqlite-wal").stat().st_size < 200_000
        assert record.verify().sound


def test_the_log_grows_while_a_reader_is_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resilens.record.sqlite.CHECKPOINT_WAIT_SECONDS", 0)
    path = tmp_path / "work.sqlite"
    with Record.open(path) as record:
        record.append(MEMO)
        reader = sqlite3.connect(path)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        record._log_limit = 1000
        record.append(MEMO)
        assert record._log_limit == 2000
        reader.close()
        assert record.append(MEMO).seq == 3
        assert (tmp_path / "work.sqlite-wal").stat().st_size == 0


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        Record.open(path)
    (fault,) = caught.value.faults
    assert fault.where == path.name
    return fault.message


def test_what_is_not_a_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite"
    path.write_bytes(b"seq,event_id,at\n" * 400)
    assert "nor any SQLite file" in refused(path)


def test_another_programmes_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE places (name)")
    other.close()
    before = path.read_bytes()
    assert "no record of Resilens" in refused(path)
    assert path.read_bytes() == before


def test_a_newer_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite"
    Record.open(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    newer.close()
    assert "newer Resilens" in refused(path)


def test_an_older_record_gets_the_views_of_this_version(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite"
    claim = {"claim_id": "k", "statement": "Cats open doors", "stage": "stage.absorption"}
    with Record.open(path) as record:
        record.append_all([MEMO, Draft("claim.changed", "k", claim, "mei")])
        before = (record.view("claims"), record.view("memos"))
    with sqlite3.connect(path) as older:  # as version 1 wrote it
        older.execute("ALTER TABLE claims DROP COLUMN stage")
        older.execute("ALTER TABLE claims DROP COLUMN findings")
        older.execute("PRAGMA user_version=1")
    older.close()
    for _ in range(2):
        with Record.open(path) as record:
            assert (record.view("claims"), record.view("memos")) == before
            assert record.verify(views=True).sound


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert "cannot be opened" in refused(tmp_path / "nowhere" / "work.sqlite")


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite"
    with Record.open(path) as record:
        record.append_all([MEMO] * 500)
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    path.write_bytes(content)
    with pytest.raises(InputError, match="is damaged"), Record.open(path) as record:
        record.verify()


def test_an_empty_file_becomes_a_record(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite"
    path.touch()
    with Record.open(path) as record:
        assert record.append(MEMO).seq == 1
