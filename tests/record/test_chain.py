"""The chain verifies, and shows any row that was altered, taken out, moved or emptied."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resilens.record.clock import Ticking, seeded_identifiers
from resilens.record.events import EVENTS, FIRST_HASH, TRIGGERS, Draft, body_digest, hash_of
from resilens.record.store import Record
from resilens.record.verification import Verification

EVENT_COUNT = 10
ERASED = 4


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of ten events, the fourth of them erased by the last."""
    path = tmp_path_factory.mktemp("chain") / "work.sqlite"
    with Record.open(path, Ticking(datetime(2025, 1, 13, tzinfo=UTC)), seeded_identifiers(1)) as record:
        made = record.append_all(
            Draft("coding.set", f"rednote:p:{n}", {"item_id": f"rednote:p:{n}", "code_id": "thanks"}, "mei",
                  round_id="round-1", codebook_version=2)
            for n in range(EVENT_COUNT - 1)
        )  # fmt: skip
        record.erase([made[ERASED - 1].event_id], "mei", "asked")
        assert record.verify(views=True).sound
    return path


def tampered(stored: Path, tamper: Callable[[sqlite3.Connection], Any]) -> Verification:
    """What verify says of a copy that was changed behind the record's back, the triggers put back afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "work.sqlite"
        shutil.copy(stored, path)
        with sqlite3.connect(path) as connection:
            for name in TRIGGERS:
                connection.execute(f"DROP TRIGGER {name}")
            tamper(connection)
            for trigger in TRIGGERS.values():
                connection.execute(trigger)
        connection.close()
        with Record.open(path) as record:
            return record.verify()


def places(found: Verification) -> set[str]:
    return {fault.where for fault in found.faults}


def test_an_untouched_record_is_sound(stored: Path) -> None:
    found = tampered(stored, lambda _: None)
    assert found.sound
    assert (found.events, found.erased) == (EVENT_COUNT, 1)
    with Record.open(stored) as record:
        chain = list(record.events())
    assert found.head == chain[-1].hash
    assert [event.prev_hash for event in chain] == [FIRST_HASH, *(event.hash for event in chain[:-1])]


def test_an_empty_record_is_sound(tmp_path: Path) -> None:
    with Record.open(tmp_path / "work.sqlite") as record:
        assert record.verify() == Verification(0, 0, FIRST_HASH, ())


COLUMNS = st.sampled_from([column.name for column in EVENTS.columns if column.name != "seq"])
OTHERS = st.text(max_size=8) | st.integers(-5, 1 << 40) | st.binary(max_size=8) | st.none()


@settings(max_examples=100, deadline=None)
@given(data=st.data(), column=COLUMNS, seq=st.integers(1, EVENT_COUNT))
def test_any_altered_column_of_any_row_is_detected(stored: Path, data: st.DataObject, column: str, seq: int) -> None:
    with sqlite3.connect(stored) as connection:
        (value,) = connection.execute(f'SELECT "{column}" FROM events WHERE seq = ?', (seq,)).fetchone()
    connection.close()
    near = [value.swapcase(), value + " ", value[1:], value[:-1]] if isinstance(value, str) else [0, 1, 3, "", "{}"]
    other = data.draw((st.sampled_from(near) | OTHERS).filter(lambda new: new != value and str(new) != str(value)))
    refused: list[str] = []

    def alter(connection: sqlite3.Connection) -> None:
        try:
            connection.execute(f'UPDATE events SET "{column}" = ? WHERE seq = ?', (other, seq))
        except sqlite3.IntegrityError as error:  # NOT NULL, UNIQUE: the database itself refuses the alteration
            refused.append(str(error))

    found = tampered(stored, alter)
    assert found.sound == bool(refused)
    if not refused:
        # The hash of the row itself, or the link of the next one, or the record's end.
        assert places(found) & {f"event {seq}", f"event {seq + 1}"}


@settings(max_examples=30, deadline=None)
@given(seq=st.integers(1, EVENT_COUNT))
def test_a_missing_row_is_detected(stored: Path, seq: int) -> None:
    found = tampered(stored, lambda connection: connection.execute("DELETE FROM events WHERE seq = ?", (seq,)))
    assert not found.sound
    text = str([str(fault) for fault in found.faults])
    assert f"event {seq} missing" in text or seq == EVENT_COUNT
    assert "cut off" in text or seq < EVENT_COUNT


@settings(max_examples=30, deadline=None)
@given(st.tuples(st.integers(1, EVENT_COUNT), st.integers(1, EVENT_COUNT)).filter(lambda two: two[0] != two[1]))
def test_reordered_rows_are_detected(stored: Path, two: tuple[int, int]) -> None:
    first, second = two

    def swap(connection: sqlite3.Connection) -> None:
        for old, new in ((first, -1), (second, first), (-1, second)):
            connection.execute("UPDATE events SET seq = ? WHERE seq = ?", (new, old))

    assert {f"event {first}", f"event {second}"} <= places(tampered(stored, swap))


@pytest.mark.parametrize("seq", [seq for seq in range(1, EVENT_COUNT) if seq != ERASED])
def test_a_row_forged_with_its_own_hashes_breaks_the_link_after_it(stored: Path, seq: int) -> None:
    def forge(connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute("SELECT * FROM events WHERE seq = ?", (seq,)).fetchone())
        row["body"] = row["body"].replace("thanks", "hostile")
        row["body_digest"] = body_digest(row["salt"], row["subject"], row["body"])
        connection.execute("UPDATE events SET body = ?, body_digest = ?, hash = ? WHERE seq = ?",
                           (row["body"], row["body_digest"], hash_of(row), seq))  # fmt: skip

    assert places(tampered(stored, forge)) == {f"event {seq + 1}"}


def test_a_forged_last_event_is_detected(stored: Path) -> None:
    found = tampered(stored, lambda connection: connection.execute("UPDATE head SET hash = ?", ("f" * 64,)))
    assert "its end was cut off or changed" in str(found.faults)


def test_a_body_destroyed_without_saying_so_is_detected(stored: Path) -> None:
    found = tampered(
        stored, lambda connection: connection.execute("UPDATE events SET body=NULL, salt=NULL, subject='' WHERE seq=2")
    )
    assert [(fault.where, "no event.erased" in fault.message) for fault in found.faults] == [("event 2", True)]


def test_an_erased_event_given_a_body_again_is_detected(stored: Path) -> None:
    found = tampered(
        stored, lambda connection: connection.execute("UPDATE events SET body='{}', salt='00' WHERE seq=?", (ERASED,))
    )
    assert places(found) == {f"event {ERASED}"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor = 'someone' WHERE seq = 1",
        "UPDATE events SET body = '{}' WHERE seq = 1",
        "UPDATE events SET body = NULL WHERE seq = 1",
        "UPDATE events SET body = NULL, salt = NULL, subject = '', kind = 'x' WHERE seq = 1",
        "UPDATE events SET seq = 99 WHERE seq = 1",
        "DELETE FROM events WHERE seq = 10",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq = 10",
        "INSERT INTO events SELECT 12, 'new', at, actor, actor_kind, kind, subject, round_id, codebook_version, body, "
        "salt, body_digest, prev_hash, hash FROM events WHERE seq = 10",
        "INSERT OR REPLACE INTO events SELECT 11, event_id, at, actor, actor_kind, kind, subject, round_id, "
        "codebook_version, body, salt, body_digest, prev_hash, hash FROM events WHERE seq = 10",
    ],
)
def test_the_database_itself_refuses_changes(stored: Path, tmp_path: Path, statement: str) -> None:
    path = shutil.copy(stored, tmp_path / "work.sqlite")
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match=r"only appended|never deleted|never changed"):
        connection.execute(statement)
    connection.close()


def test_a_missing_trigger_is_noticed(stored: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(stored, tmp_path / "work.sqlite"))
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER events_are_never_deleted")
    connection.close()
    with Record.open(path) as record:
        assert places(record.verify()) == {"events_are_never_deleted"}
