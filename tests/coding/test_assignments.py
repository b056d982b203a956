"""Who reads what: threads stay whole, the share read by all is as asked, the rest is dealt out evenly."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resilens.coding.assignments import (
    Progress,
    ReadSoFar,
    by_thread,
    may_read,
    next_unread,
    progress,
    propose,
    read_of,
    reading,
)
from resilens.coding.material import Material
from resilens.coding.rounds import open_round
from resilens.coding.threads import Item, Threads
from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.record.store import Record

CODERS = ["mei", "jon", "kim"]


def threads_of(count: int, comments: int = 2) -> dict[str, list[str]]:
    return {f"p{n}": [f"p{n}", *(f"c{n}-{m}" for m in range(comments))] for n in range(count)}


def material_of(threads: dict[str, list[str]]) -> Material:
    items = [Item(name, "post" if name == post else "comment", post) for post, names in threads.items()
             for name in names]  # fmt: skip
    return Material(Threads(items, list(threads)), frozenset(item.item_id for item in items), {})


@given(count=st.integers(0, 40), overlap=st.floats(0, 1), seed=st.integers(), coders=st.integers(2, 5))
def test_a_share_of_threads_is_read_by_all_and_the_rest_once(
    count: int, overlap: float, seed: int, coders: int
) -> None:
    threads, names = threads_of(count), [f"coder {n}" for n in range(coders)]
    given = propose(threads, names, overlap, seed)
    shared = math.ceil(round(overlap * count, 9))
    assert given == propose(threads, names, overlap, seed)
    if shared == count:
        assert given == {}
        return
    readers = {post: [name for name in names if post in given[name]] for post in threads}
    assert sum(len(found) == coders for found in readers.values()) == shared
    assert sum(len(found) == 1 for found in readers.values()) == count - shared
    sizes = [sum(post in given[name] for post in threads) for name in names]
    assert max(sizes) - min(sizes) <= 1
    order = [item for items in threads.values() for item in items]
    for name in names:
        assert given[name] == [item for item in order if item in set(given[name])]
        assert all(set(items) <= set(given[name]) for post, items in threads.items() if name in readers[post])


def test_the_seed_decides_and_the_order_of_the_threads_does_not() -> None:
    threads = threads_of(50, 0)
    one, other = propose(threads, CODERS, 0.2, 1), propose(threads, CODERS, 0.2, 2)
    assert one != other
    turned = propose(dict(reversed(threads.items())), CODERS, 0.2, 1)
    assert {name: sorted(items) for name, items in turned.items()} == {n: sorted(items) for n, items in one.items()}


def test_what_cannot_be_dealt_out_is_said() -> None:
    with pytest.raises(InputError, match=r"a share from 0 to 1, such as 0.2; not 20"):
        propose(threads_of(3), CODERS, 20)
    with pytest.raises(InputError, match="name the coders first"):
        propose(threads_of(3), [])
    assert propose(threads_of(3), ["mei"], 0.5) == {}


def test_each_reads_what_is_assigned_in_the_order_of_the_threads(record: Record) -> None:
    threads = threads_of(3)
    material = material_of(threads)
    given = {"mei": ["c2-0", "p0", "gone"], "jon": []}
    asked = open_round(record, "round-1", "independent", CODERS, "mei", assignments=given)
    assert [item.item_id for item in reading(asked, "mei", material)] == ["p0", "c2-0"]
    assert reading(asked, "jon", material) == []
    assert len(reading(asked, "kim", material)) == 9
    assert by_thread(reading(asked, "kim", material)) == threads
    assert [may_read(asked, name, material)("c2-0") for name in CODERS] == [True, False, True]
    assert not may_read(asked, "mei", material)("gone")


def test_progress_counts_items_once_and_only_ones_own(record: Record) -> None:
    material = material_of(threads_of(2, 1))
    asked = open_round(record, "round-1", "independent", CODERS, "mei")
    for coder, item, code in (("mei", "p0", "a"), ("mei", "p0", "b"), ("mei", "c1-0", "a"), ("jon", "p1", "a")):
        record.append(Draft("coding.set", item, {"item_id": item, "code_id": code}, coder, round_id="round-1"))
    assert progress(record, asked, "mei", material) == Progress(2, 4, False)
    assert progress(record, asked, "kim", material) == Progress(0, 4, False)
    items, read = [item.item_id for item in reading(asked, "mei", material)], read_of(record, asked, "mei")
    assert (next_unread(items, read), next_unread(items, read, "p1")) == ("c0-0", "c0-0")
    assert next_unread(items, read, "c0-0") == "p1"
    assert next_unread(items, set(items)) is None


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(["set", "removed", "erase"]), st.integers(0, 3), st.integers(1, 30)),
                      max_size=12))  # fmt: skip
def test_what_was_read_so_far_is_what_a_count_of_all_gives(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, Record.open(Path(folder) / "work.sqlite") as record:
        asked, so_far = open_round(record, "round-1", "independent", CODERS, "mei"), ReadSoFar(record)
        for kind, item, times in steps:
            if kind == "erase":
                events = [event.event_id for event in record.events(subject=f"p{item}") if event.body]
                if events:
                    record.erase(events, "mei", "asked to")
            else:
                names = [f"p{item + more}" for more in range(times)]
                record.append_all(Draft(f"coding.{kind}", name, {"item_id": name, "code_id": "a"}, "mei",
                                        round_id="round-1") for name in names)  # fmt: skip
            assert so_far.count(asked, "mei") == len(read_of(record, asked, "mei"))
        assert so_far.count(asked, "jon") == 0
