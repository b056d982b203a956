"""Appending, retrying, reading back; a synthetic record repeats byte for byte."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from resilens.errors import InputError
from resilens.record.clock import Ticking, seeded_identifiers, uuid7, wall
from resilens.record.events import canonical, instant
from resilens.record.store import Draft, Record

START = datetime(2025, 1, 13, tzinfo=UTC)


def quoting(item: str, status: str = "paraphrase") -> Draft:
    return Draft("quoting.set", item, {"item_id": item, "status": status}, "mei")


def coding(item: str, code: str, coder: str = "mei", round_id: str = "round-1") -> Draft:
    return Draft("coding.set", item, {"item_id": item, "code_id": code}, coder, round_id=round_id, codebook_version=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "work.sqlite"


def test_an_event_comes_back_as_it_was_appended(path: Path) -> None:
    with Record.open(path) as record:
        event = record.append(coding("rednote:p:1", "thanks"))
        assert event.seq == 1
        assert (event.actor, event.actor_kind, event.round_id, event.codebook_version) == ("mei", "human", "round-1", 1)
        assert event.event_id.version == 7
        assert abs(event.at - wall()) < timedelta(minutes=1)
        assert record.event(event.event_id) == event
    with Record.open(path) as record:
        assert list(record.events()) == [event]
        assert event.body is not None
        assert event.body["code_id"] == "thanks"


def test_events_are_filtered_by_kind_subject_and_place(path: Path) -> None:
    with Record.open(path) as record:
        events = record.append_all([coding("a", "x"), quoting("a"), coding("b", "x"), quoting("b")])
        assert list(record.events(kind="quoting.set")) == [events[1], events[3]]
        assert list(record.events(subject="a")) == events[:2]
        assert list(record.events(subject="a", after=1)) == [events[1]]
        assert list(record.events(kind="coding.set", subject="b")) == [events[2]]
        assert record.event(uuid7(START)) is None


def test_many_events_are_read_page_by_page(path: Path) -> None:
    with Record.open(path) as record:
        record.append_all([quoting(f"item {n}") for n in range(2000)])
        reading = record.events()
        first = next(reading)
        record.append(quoting("while reading"))  # a reader that pauses holds nothing up
        assert [first.seq, *(event.seq for event in reading)] == list(range(1, 2002))


def test_a_retried_draft_gives_the_stored_event(path: Path) -> None:
    draft = replace(quoting("a"), event_id=uuid7(START))
    with Record.open(path) as record:
        event = record.append(draft)
        record.append(quoting("b"))
        assert record.append(draft) == event
        assert record.append_all([draft, draft]) == [event, event]
        assert [stored.seq for stored in record.events()] == [1, 2]
        other = replace(quoting("c"), event_id=uuid7(START + timedelta(seconds=1)))
        assert len({stored.seq for stored in record.append_all([other, other])}) == 1


def test_an_identifier_of_a_different_event_is_refused(path: Path) -> None:
    draft = replace(quoting("a"), event_id=uuid7(START))
    with Record.open(path) as record:
        record.append(draft)
        for other in (replace(draft, actor="jon"), replace(draft, subject="b"),
                      replace(draft, body={"item_id": "a", "status": "free"})):  # fmt: skip
            with pytest.raises(InputError, match="different event"):
                record.append(other)


def test_a_faulty_draft_names_every_key_and_nothing_of_its_batch_is_stored(path: Path) -> None:
    wrong = Draft("quoting.set", "a", {"statuss": "free", "status": "aloud"}, "", "robot")  # type: ignore[arg-type]
    with Record.open(path) as record:
        with pytest.raises(InputError) as caught:
            record.append_all([quoting("a"), wrong, Draft("coding.sett", "", {}, "mei")])
        said = [str(fault) for fault in caught.value.faults]
        assert list(record.events()) == []
        assert record.view("quoting") == []
    assert said[0].startswith("draft 2: quoting.set: actor: is empty")
    assert said[1].startswith("draft 2: quoting.set: actor_kind: is one of human, machine")
    assert "draft 2: quoting.set: item_id: is missing; give it" in said
    assert "draft 2: quoting.set: statuss: unknown key; did you mean 'status'?" in said
    assert any(fault.startswith("draft 2: quoting.set: status: ") for fault in said)
    assert "draft 3: unknown kind of event 'coding.sett'; did you mean 'coding.set'?" in said


def test_a_view_filters_by_coder_and_round_through_an_index(path: Path) -> None:
    with Record.open(path) as record:
        record.append_all(
            coding(item, code, coder, round_id)
            for round_id in ("round-1", "round-2") for coder in ("mei", "jon") for item in ("a", "b")
            for code in ("thanks", "welcome")
        )  # fmt: skip
        rows = record.view("codings", coder="mei", round_id="round-2")
        assert [(row["item_id"], row["code_id"]) for row in rows] == [("a", "thanks"), ("a", "welcome"),
                                                                      ("b", "thanks"), ("b", "welcome")]  # fmt: skip
        assert [row["seq"] for row in rows] == [9, 10, 11, 12]
    with sqlite3.connect(path) as connection:
        plan = connection.execute("EXPLAIN QUERY PLAN SELECT * FROM codings WHERE round_id = 'x' AND coder = 'y'")
        assert "USING INDEX codings_by_round_id_coder_item_id" in str(plan.fetchall())
    connection.close()


def test_an_unknown_view_or_column_is_refused_with_the_nearest(path: Path) -> None:
    with Record.open(path) as record:
        with pytest.raises(InputError, match="no view 'coding'; did you mean 'codings'"):
            record.view("coding")
        with pytest.raises(InputError, match="codings.cder: no such column; did you mean 'coder'"):
            record.view("codings", cder="mei")


def test_what_a_view_holds_is_what_was_last_said(path: Path) -> None:
    with Record.open(path) as record:
        record.append_all([quoting("a", "free"), quoting("b"), quoting("a", "do_not_quote")])
        rows = [(row["item_id"], row["status"]) for row in record.view("quoting")]
        assert rows == [("b", "paraphrase"), ("a", "do_not_quote")]
        record.append(Draft("quoting.removed", "a", {"item_id": "a"}, "mei"))
        assert [row["item_id"] for row in record.view("quoting")] == ["b"]


def test_a_round_opens_freezes_and_is_revealed(path: Path) -> None:
    clock = Ticking(START)
    with Record.open(path, clock) as record:
        opened = {"mode": "independent", "coders": ["mei", "jon"]}
        record.append(Draft("round.opened", "round-1", opened, "mei", round_id="round-1", codebook_version=3))
        record.append(Draft("round.frozen", "round-1", {}, "mei", round_id="round-1"))
        record.append(Draft("round.revealed", "round-1", {}, "mei", round_id="round-1"))
        record.append(Draft("round.frozen", "round-9", {}, "mei", round_id="round-9"))
        (row,) = record.view("rounds")
    assert (row["mode"], row["coders"], row["state"], row["codebook_version"]) == (
        "independent", ["mei", "jon"], "revealed", 3)  # fmt: skip
    assert (row["at"], row["frozen_at"], row["revealed_at"]) == tuple(
        instant(START + timedelta(seconds=second)) for second in range(3)
    )


def test_two_synthetic_records_are_the_same_bytes_and_a_reopened_one_goes_on(tmp_path: Path) -> None:
    def run(path: Path, parts: list[list[Draft]]) -> list[tuple[object, ...]]:
        for part in parts:
            with Record.open(path, Ticking(START), seeded_identifiers(7)) as record:
                record.append_all(part)
        connection = sqlite3.connect(path)
        rows = connection.execute("SELECT * FROM events ORDER BY seq").fetchall()
        connection.close()
        return rows

    drafts = [coding(f"item {n}", "thanks") for n in range(20)]
    whole = run(tmp_path / "a.sqlite", [drafts])
    assert run(tmp_path / "b.sqlite", [drafts]) == whole
    assert (tmp_path / "a.sqlite").read_bytes() == (tmp_path / "b.sqlite").read_bytes()
    assert run(tmp_path / "c.sqlite", [drafts[:7], drafts[7:9], drafts[9:]]) == whole
    assert len({row[1] for row in whole}) == len({row[10] for row in whole}) == 20


def test_real_records_draw_salts_anew(tmp_path: Path) -> None:
    salts = set()
    for name in ("a", "b"):
        with Record.open(tmp_path / name, Ticking(START)) as record:
            record.append_all([quoting("a")] * 3)
        connection = sqlite3.connect(tmp_path / name)
        salts |= {salt for (salt,) in connection.execute("SELECT salt FROM events")}
        connection.close()
    assert len(salts) == 6
    assert {len(salt) for salt in salts} == {32}


def test_five_threads_append_to_one_record_without_lock_errors(path: Path) -> None:
    with Record.open(path) as record, ThreadPoolExecutor(5) as threads:
        writers = [threads.submit(lambda n=n: [record.append(quoting(f"{n}-{m}")).seq for m in range(20)])
                   for n in range(5)]  # fmt: skip
        places = [place for writer in writers for place in writer.result()]
        assert sorted(places) == list(range(1, 101))
        assert record.verify(views=True).sound


def test_a_name_is_found_as_a_word_of_its_own(path: Path) -> None:
    def memo(text: str) -> Draft:
        return Draft("memo.written", "m", {"memo_id": "m", "text": text}, "mei")

    with Record.open(path) as record:
        found = record.append_all([
            quoting("rednote:p:12"),
            memo("见rednote:p:12、以及其他"),
            Draft("screening.decided", "rednote:p:9", {"item_id": "rednote:p:9", "decision": "duplicate",
                                                       "duplicate_of": "rednote:p:12"}, "mei"),
            quoting("rednote:p:123"),
            memo("xrednote:p:12 and rednote:p:12-a"),
        ])  # fmt: skip
        assert record.mentioning("rednote:p:12") == found[:3]
        assert record.mentioning('a "quoted" name') == []


def test_canonical_json_is_sorted_dense_and_unescaped() -> None:
    assert canonical({"b": [1, None, True], "a": '猫 \n"'}) == '{"a":"猫 \\n\\"","b":[1,null,true]}'
    for bad in (float("nan"), float("inf"), "\ud800", {1, 2}):
        with pytest.raises(InputError):
            canonical({"a": bad})


def test_times_are_utc_with_milliseconds_cut_off() -> None:
    assert instant(datetime(2025, 1, 13, 8, 0, 0, 999999, UTC)) == "2025-01-13T08:00:00.999Z"


def test_counting_and_the_latest_act_are_asked_of_the_file_not_of_all_rows(tmp_path: Path) -> None:
    with Record.open(tmp_path / "work.sqlite") as record:
        for coder, item, code in (("mei", "p:1", "a"), ("mei", "p:1", "b"), ("mei", "p:2", "a"), ("jon", "p:3", "a")):
            record.append(Draft("coding.set", item, {"item_id": item, "code_id": code}, coder, round_id="round-1"))
        assert record.distinct("codings", "item_id", coder="mei") == ["p:1", "p:2"]
        assert record.count("codings", coder="mei") == 3
        assert record.count("codings", coder="nobody") == 0
        assert record.tally("codings", "coder", "code_id") == {("jon", "a"): 1, ("mei", "a"): 2, ("mei", "b"): 1}
        assert list(record.tally("codings", "coder", coder="mei").items()) == [(("mei",), 3)]
        assert record.tally("codings", "coder", coder="nobody") == {}
        assert (record.last_of("codings"), record.last_of("codings", coder="mei"), record.last_of("memos")) == (4, 3, 0)
        assert record.outside(["round-1"]) == (0, None)
        number, event = record.outside([])
        assert (number, event and event.subject) == (4, "p:3")
        last = record.latest("mei", "round-1")
        assert last is not None
        assert last.body is not None
        assert last.body["item_id"] == "p:2"
        before = record.latest("mei", "round-1", last.seq)
        assert before is not None
        assert before.seq == 2
        assert record.latest("mei", "round-2") is None
        with pytest.raises(InputError, match="no such column"):
            record.distinct("codings", "itme_id")


def test_any_of_several_values_and_different_ones_are_asked_of_the_file(path: Path) -> None:
    with Record.open(path) as record:
        record.append_all(coding(item, code) for item in "abc" for code in ("x", "y"))
        assert [row["item_id"] for row in record.view("codings", item_id=["c", "a"], code_id="x")] == ["a", "c"]
        assert record.view("codings", item_id=[]) == []
        assert record.count("codings", "item_id", code_id=("x", "y")) == 3
        with pytest.raises(InputError, match="no such column"):
            record.count("codings", "itme_id")


def test_what_is_decided_upon_the_state_is_decided_by_one_at_a_time(path: Path) -> None:
    def next_item() -> list[Draft]:
        return [quoting(f"item {record.count('quoting')}")]

    with Record.open(path) as record, ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda _: record.append_decided(next_item), range(60)))
        assert sorted(row["item_id"] for row in record.view("quoting")) == sorted(f"item {n}" for n in range(60))
        assert record.append_decided(list) == []
        with pytest.raises(InputError, match="unknown kind"):
            record.append_decided(lambda: [quoting("x"), Draft("nothing", "", {}, "mei")])
        with pytest.raises(ZeroDivisionError):
            record.append_decided(lambda: [1 / 0])  # type: ignore[list-item]
        assert record.count("quoting") == 60
        assert record.verify(views=True).sound
