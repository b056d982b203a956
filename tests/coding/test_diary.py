"""The diary of observation: who watched what, when; named after its day, changed and taken back on the record."""

from __future__ import annotations

from uuid import uuid4

import pytest

from resilens.coding.diary import Observation, change_entry, diary_of, entry_of, note_entry, remove_entry
from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.record.store import Record

ZONE = "UTC+08:00"


def test_an_entry_is_named_after_its_day(record: Record) -> None:
    record.append(Draft("lead.noted", "lead-1", {"lead_id": "lead-1", "text": "x"}, "mei"))
    seen = Observation("Cat taxes everywhere", "2025-01-14 20:00", "2025-01-14 22:30", "", "observer_2", "RedNote",
                       "#猫税", ["lead-1", "lead-1"])  # fmt: skip
    event = uuid4()
    entry = note_entry(record, seen, ZONE, actor="mei", event_id=event)
    assert entry == note_entry(record, seen, ZONE, actor="mei", event_id=event)
    assert (entry.entry_id, entry.observer, entry.leads) == ("diary-2025-01-14-1", "mei", ("lead-1",))
    assert (entry.began_at, entry.ended_at) == ("2025-01-14T20:00+08:00", "2025-01-14T22:30+08:00")
    assert note_entry(record, Observation("again", "2025-01-14"), ZONE, actor="jon").entry_id == "diary-2025-01-14-2"
    assert note_entry(record, Observation("before", "2025-01-13"), ZONE, actor="jon").entry_id == "diary-2025-01-13-1"
    assert [one.text for one in diary_of(record)] == ["Cat taxes everywhere", "again", "before"]
    assert [one.text for one in diary_of(record, observer="jon")] == ["again", "before"]
    assert [one.text for one in diary_of(record, channel="RedNote")] == ["Cat taxes everywhere"]


def test_changing_and_taking_back(record: Record) -> None:
    entry = note_entry(record, Observation("draft", "2025-01-14"), ZONE, actor="mei")
    changed = change_entry(record, entry.entry_id, Observation("whole", "2025-01-15"), ZONE, actor="jon")
    assert (changed.entry_id, changed.text, changed.noted_by) == (entry.entry_id, "whole", "jon")
    event = uuid4()
    for _ in range(2):
        remove_entry(record, entry.entry_id, actor="mei", reason="wrong day", event_id=event)
    assert diary_of(record) == []
    with pytest.raises(InputError, match="no entry"):
        entry_of(record, entry.entry_id)
    assert note_entry(record, Observation("next", "2025-01-14"), ZONE, actor="mei").entry_id == "diary-2025-01-14-2"


@pytest.mark.parametrize(("seen", "where"), [
    (Observation("", "2025-01-14"), "text"), (Observation("x"), "began_at"), (Observation("x", "soon"), "began_at"),
    (Observation("x", "2025-01-14 20:00", "2025-01-14 19:00"), "ended_at"),
    (Observation("x", "2025-01-14 20:00", "2025-01-13"), "ended_at"),
    (Observation("x", "2025-01-14", leads=["lead-9"]), "leads"),
])  # fmt: skip
def test_what_is_wrong_is_said(record: Record, seen: Observation, where: str) -> None:
    with pytest.raises(InputError) as refused:
        note_entry(record, seen, ZONE, actor="mei")
    assert [fault.where for fault in refused.value.faults] == [where]


def test_an_evening_may_end_on_its_day(record: Record) -> None:
    assert note_entry(record, Observation("x", "2025-01-14 20:00", "2025-01-14"), ZONE, actor="mei").ended_at
