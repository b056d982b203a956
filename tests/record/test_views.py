"""Views kept event by event are what the whole record makes of itself, whatever was done, taken back or erased."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resilens.record.kinds import KINDS
from resilens.record.store import Draft, Record
from resilens.record.views import VIEWS

DIGEST = "ab" * 32
ITEMS = st.sampled_from(["rednote:p:1", "rednote:p:2", "tiktok:c:3"])
NAMES = st.sampled_from(["one", "two"])
TARGETS = st.sampled_from([
    {"code_id": "thanks"},
    {"nothing_applies": True},
    {"code_id": "thanks", "field": "text", "start": 0, "end": 4},
    {"code_id": "thanks", "media_id": DIGEST, "x": 0, "y": 0, "w": 5, "h": 5},
    {"code_id": "thanks", "media_id": DIGEST, "start_ms": 0, "end_ms": 900},
    {"code_id": "answers", "second_item": "tiktok:c:3"},
])  # fmt: skip


def bodies(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Right bodies of a kind, with few enough identities that events meet."""
    given_ = {
        "capture_id": st.sampled_from(["11" * 32, "22" * 32]), "item_id": ITEMS, "comment_id": ITEMS, "post_id": ITEMS,
        "reader": st.just("generic"), "mapping": st.just({"text": "content"}), "sha256": st.just(DIGEST),
        "inputs_sha256": st.just(DIGEST), "design": st.just("mixed"), "seed": st.integers(0, 5) | st.just("five"),
        "codebook": st.just({"codes": []}), "mode": st.sampled_from(["independent", "joint"]),
        "coders": st.just(["mei", "jon"]), "decision": st.sampled_from(["include", "exclude"]),
        "status": st.sampled_from(["free", "paraphrase", "do_not_quote"]), "what": st.just("item"),
        "applies": st.booleans() | st.none(), "event_ids": st.just(["01968924-9c00-7dd8-bd65-08bc89848c45"]),
        "text_sha256": st.just(DIGEST), "media_id": st.just(DIGEST), "size": st.integers(0, 9),
        "verdict": st.sampled_from(["agrees", "differs"]),
    }  # fmt: skip
    model = KINDS[kind].body
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    plain = st.fixed_dictionaries({name: given_.get(name, NAMES) for name in needed})
    if "code_id" not in model.model_fields:
        return plain
    targets = TARGETS if kind != "coding.set" else TARGETS.map(lambda target: target | {"text_sha256": DIGEST})
    return st.builds(lambda body, target: body | target, plain, targets)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    kind = draw(st.sampled_from([name for name in KINDS if name != "event.erased"]))
    return Draft(kind, draw(ITEMS), draw(bodies(kind)), draw(st.sampled_from(["mei", "jon"])),
                 round_id=draw(st.sampled_from(["", "round-1"])), codebook_version=draw(st.integers(0, 2)))  # fmt: skip


def state(record: Record) -> dict[str, list[dict[str, Any]]]:
    return {name: record.view(name) for name in VIEWS.tables}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(drafts(), max_size=25), st.data())
def test_incremental_views_equal_rebuilt_ones(made: list[Draft], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder, Record.open(Path(folder) / "work.sqlite") as record:
        cut = data.draw(st.integers(0, len(made)))
        events = record.append_all(made[:cut]) + [record.append(draft) for draft in made[cut:]]
        if events:
            record.erase(
                data.draw(st.lists(st.sampled_from([event.event_id for event in events]), min_size=1)), "mei", "asked"
            )
        kept = state(record)
        assert record.verify(views=True).sound
        record.rebuild_views()
        assert state(record) == kept


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(drafts(), min_size=1, max_size=15), st.data())
def test_views_after_an_erasure_are_those_of_a_record_that_never_held_it(
    made: list[Draft], data: st.DataObject
) -> None:
    gone = data.draw(st.integers(0, len(made) - 1))
    with tempfile.TemporaryDirectory() as folder:
        with Record.open(Path(folder) / "a.sqlite") as record:
            events = record.append_all(made)
            record.erase([events[gone].event_id], "mei", "asked")
            erased = {name: [_timeless(row) for row in rows] for name, rows in state(record).items()}
        with Record.open(Path(folder) / "b.sqlite") as record:
            record.append_all(made[:gone] + made[gone + 1 :])
            never = {name: [_timeless(row) for row in rows] for name, rows in state(record).items()}
    assert erased.pop("erasures")[:-1] == never.pop("erasures")
    assert erased == never


def _timeless(row: dict[str, Any]) -> dict[str, Any]:
    moving = ("seq", "at", "event_id", "frozen_at", "revealed_at")
    return {name: value for name, value in row.items() if name not in moving}


def test_a_changed_view_is_noticed_and_mended(tmp_path: Path) -> None:
    with Record.open(tmp_path / "work.sqlite") as record:
        record.append(Draft("quoting.set", "a", {"item_id": "a", "status": "do_not_quote"}, "mei"))
        with record._engine.begin() as connection:
            connection.exec_driver_sql("UPDATE quoting SET status = 'free'")
        assert record.verify().sound
        (fault,) = record.verify(views=True).faults
        assert fault.where == "view quoting"
        assert record.view("quoting")[0]["status"] == "free"  # asking changes nothing
        record.rebuild_views()
        assert record.verify(views=True).sound
        assert record.view("quoting")[0]["status"] == "do_not_quote"


def test_a_coding_is_one_act_of_a_coder_on_a_target_in_a_round(tmp_path: Path) -> None:
    span = {"item_id": "a", "code_id": "thanks", "field": "text", "start": 0, "end": 4, "text_sha256": DIGEST}
    with Record.open(tmp_path / "work.sqlite") as record:
        for coder, round_id, change in (("mei", "1", {}), ("mei", "1", {"memo": "again"}), ("mei", "2", {}),
                                        ("jon", "1", {}), ("mei", "1", {"end": 5}),
                                        ("mei", "1", {"second_item": "b"})):  # fmt: skip
            record.append(Draft("coding.set", "a", span | change, coder, round_id=round_id))
        rows = record.view("codings")
        assert [(row["coder"], row["round_id"], row["memo"], row["end"], row["second_item"]) for row in rows] == [
            ("mei", "1", "again", 4, ""), ("mei", "2", "", 4, ""), ("jon", "1", "", 4, ""), ("mei", "1", "", 5, ""),
            ("mei", "1", "", 4, "b")]  # fmt: skip
        target = {key: value for key, value in span.items() if key != "text_sha256"}
        record.append(Draft("coding.removed", "a", target, "mei", round_id="1"))
        assert [row["seq"] for row in record.view("codings")] == [3, 4, 5, 6]


def test_records_erased_from_a_capture_add_up(tmp_path: Path) -> None:
    capture = "11" * 32
    with Record.open(tmp_path / "work.sqlite") as record:
        record.append(Draft("capture.added", capture, {"capture_id": capture, "name": "a.csv", "reader": "x"}, "mei"))
        for count in (2, 3):
            body = {"capture_id": capture, "records": count, "sha256": DIGEST, "reason": "asked"}
            record.append(Draft("capture.erased", capture, body, "mei"))
        (row,) = record.view("captures", capture_id=capture)
        assert (row["erased_records"], row["sha256"], row["erased_whole"]) == (5, DIGEST, False)
        assert [row["records"] for row in record.view("erasures", what="capture")] == [2, 3]
