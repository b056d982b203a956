"""A round takes whole threads, the same ones each time, and every thread is read by somebody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.coding.round_plan import plan
from resilens.coding.threads import Item
from resilens.errors import InputError


def sample(threads: int, comments: int) -> list[Item]:
    items = []
    for number in range(threads):
        post = f"rednote:p:{number}"
        items.append(Item(post, "post", post))
        items += [Item(f"rednote:c:{number}-{place}", "comment", post) for place in range(comments)]
    return items


@given(st.integers(1, 12), st.integers(0, 4), st.integers(1, 4), st.floats(0, 1), st.data())
def test_every_item_is_read_and_threads_stay_whole(
    threads: int, comments: int, coders: int, overlap: float, data: st.DataObject
) -> None:
    items, names = sample(threads, comments), [f"coder {number}" for number in range(coders)]
    wanted = data.draw(st.none() | st.integers(1, threads))
    made = plan(items, "round-1", names, 7, wanted, overlap)
    assert made == plan(items, "round-1", names, 7, wanted, overlap)
    assert made.threads == (wanted or threads)
    assert made.all_items == made.threads * (comments + 1)
    read = {name: set(made.assignments.get(name, made.items or [item.item_id for item in items])) for name in names}
    assert set.union(*read.values()) == set(made.items or [item.item_id for item in items])
    assert made.shared == len(set.intersection(*read.values()))
    assert made.by_coder == {name: len(own) for name, own in read.items()}
    for own in read.values():
        whole = {item.post_id for item in items if item.item_id in own}
        assert own == {item.item_id for item in items if item.post_id in whole}


def test_another_round_takes_other_threads() -> None:
    items = sample(40, 0)
    first, second = (plan(items, name, ["mei", "jon"], 7, 10).items for name in ("round-1", "round-2"))
    assert set(first) != set(second)


def test_what_there_is_not_is_said() -> None:
    with pytest.raises(InputError, match="has 3 threads; choose 1 to 3"):
        plan(sample(3, 1), "round-1", ["mei"], 7, 4)
    with pytest.raises(InputError, match="no sample"):
        plan([], "round-1", ["mei"], 7)
    with pytest.raises(InputError, match="share from 0 to 1"):
        plan(sample(3, 1), "round-1", ["mei", "jon"], 7, None, 1.5)
