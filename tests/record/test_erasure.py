"""What is erased is gone: from the record, from the views, and from every byte of its files."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from resilens.errors import InputError
from resilens.record.store import Draft, Record
from resilens.record.views import VIEWS

SECRET = "rednote:p:67853501-secret"
MARK = "KITTENS-OF-REDNOTE"


def memo(name: str, text: str) -> Draft:
    return Draft("memo.written", name, {"memo_id": name, "text": text}, "mei")


def on_disk(path: Path) -> bytes:
    """All bytes of the record's files."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


def test_no_byte_of_an_erased_event_stays_in_any_file(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite"
    with Record.open(path) as record, Record.open(path) as other:
        record.append_all([memo(f"memo {n}", f"text {n}") for n in range(300)])
        events = [
            record.append(Draft("screening.decided", SECRET, {"item_id": SECRET, "decision": "include"}, "mei")),
            record.append(Draft("quoting.set", SECRET, {"item_id": SECRET, "status": "free"}, "mei")),
            record.append(Draft("quoting.set", SECRET, {"item_id": SECRET, "status": "paraphrase"}, "mei")),
            record.append(memo("short", MARK)),
            record.append(memo("long", (MARK + " ") * 3000)),
        ]
        other.append_all([memo(f"memo {n}", "changed") for n in range(0, 300, 2)])
        assert other.view("quoting", item_id=SECRET)
        salts = [
            salt for (salt,) in sqlite3.connect(path).execute("SELECT salt FROM events WHERE seq > 300 AND seq < 306")
        ]
        before = on_disk(path)
        assert SECRET.encode() in before
        assert MARK.encode() in before
        assert all(salt.encode() in before for salt in salts)

        said = record.erase([event.event_id for event in events], "jon", "the author asked")

        after = on_disk(path)
        assert SECRET.encode() not in after
        assert MARK.encode() not in after
        assert not any(salt.encode() in after for salt in salts)
        assert said.kind == "event.erased"
        assert said.actor == "jon"
        found = other.verify(views=True)
        assert found.sound
        assert (found.events, found.erased) == (456, 5)
        assert other.view("quoting") == other.view("screening") == []
        assert not [row for row in other.view("memos") if row["memo_id"] in ("short", "long")]
        assert [(row["events"], row["reason"]) for row in other.view("erasures")] == [(5, "the author asked")]
        assert other.mentioning(SECRET) == []
    assert SECRET.encode() not in on_disk(path)


def test_an_erased_event_keeps_its_place_and_says_nothing(tmp_path: Path) -> None:
    with Record.open(tmp_path / "work.sqlite") as record:
        before = record.append(memo("m", "text"))
        record.erase([str(before.event_id)], "mei", "asked")
        after = record.event(before.event_id)
        assert after is not None
        assert (after.body, after.subject) == (None, "")
        assert (after.seq, after.kind, after.at, after.hash) == (before.seq, before.kind, before.at, before.hash)


def test_erasing_again_changes_nothing(tmp_path: Path) -> None:
    with Record.open(tmp_path / "work.sqlite") as record:
        first, second = record.append(memo("m", "text")), record.append(memo("n", "text"))
        said = record.erase([first.event_id], "mei", "asked")
        assert record.erase([first.event_id], "mei", "asked again") == said
        again = record.erase([first.event_id, second.event_id], "mei", "asked again")
        assert again.body is not None
        assert again.body["event_ids"] == [str(second.event_id)]
        assert record.verify(views=True).erased == 2


def test_what_cannot_be_erased_is_refused_as_a_whole(tmp_path: Path) -> None:
    with Record.open(tmp_path / "work.sqlite") as record:
        first, second = record.append(memo("m", "text")), record.append(memo("n", "text"))
        said = record.erase([first.event_id], "mei", "asked")
        with pytest.raises(InputError) as caught:
            record.erase([second.event_id, said.event_id, "01968924-9c00-7dd8-bd65-08bc89848c45"], "mei", "asked")
        assert {fault.where for fault in caught.value.faults} == {
            str(said.event_id),
            "01968924-9c00-7dd8-bd65-08bc89848c45",
        }
        with pytest.raises(InputError, match="event_ids"):
            record.erase([], "mei", "asked")
        with pytest.raises(InputError, match="event_ids"):
            record.erase(["not an id"], "mei", "asked")
        assert record.view("memos", memo_id="n")


def test_a_reader_in_the_way_is_named_and_the_same_call_finishes_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resilens.record.sqlite.CHECKPOINT_WAIT_SECONDS", 0)
    path = tmp_path / "work.sqlite"
    with Record.open(path) as record:
        event = record.append(memo("m", MARK))
        reader = sqlite3.connect(path)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        with pytest.raises(InputError, match="close that program and erase again"):
            record.erase([event.event_id], "mei", "asked")
        reader.close()
        said = record.erase([event.event_id], "mei", "asked")
        assert said.seq == 2
        assert MARK.encode() not in on_disk(path)
        assert record.verify(views=True).sound


def test_every_view_can_be_searched_for_what_was_erased(tmp_path: Path) -> None:
    """No view keeps a column outside the events' reach: an emptied record has empty views, erasures apart."""
    with Record.open(tmp_path / "work.sqlite") as record:
        capture = "11" * 32
        events = record.append_all([
            memo("m", "text"),
            Draft("lead.noted", "l", {"lead_id": "l", "text": "seen"}, "mei"),
            Draft("capture.added", capture, {"capture_id": capture, "name": "a", "reader": "x"}, "mei"),
            Draft("group.assigned", "u-1", {"author": "u-1", "group": "natives"}, "mei"),
        ])  # fmt: skip
        record.erase([event.event_id for event in events], "mei", "asked")
        assert [name for name in VIEWS.tables if record.view(name)] == ["erasures"]
