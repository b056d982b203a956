"""What a round would be about: whole threads, in the order of the draw, dealt out as it is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.coding.round_plans import Load, plan
from resilens.errors import InputError

THREADS = {f"p{number}": [f"p{number}", *(f"c{number}.{place}" for place in range(number))] for number in range(1, 11)}


def test_all_read_all_of_the_draw_unless_it_is_said_otherwise() -> None:
    found = plan(THREADS, ["A", "B"])
    assert (found.items, found.assignments, found.threads, found.shared, found.n_items) == ((), {}, 10, 10, 65)
    assert found.loads == (Load("A", 10, 65), Load("B", 10, 65))


def test_a_few_threads_are_the_first_of_the_draw_that_no_earlier_round_had() -> None:
    assert plan(THREADS, ["A"], only=2).items == ("p1", "c1.0", "p2", "c2.0", "c2.1")
    later = plan(THREADS, ["A"], only=1, before={"p1", "c2.1"})
    assert later.items[0] == "p3"
    assert plan(THREADS, ["A"], before={"p1"}).threads == 9


@given(only=st.integers(0, 10), overlap=st.floats(0, 1), coders=st.integers(1, 4), seed=st.integers(0, 5))
def test_every_thread_is_read_whole_by_one_or_by_all(only: int, overlap: float, coders: int, seed: int) -> None:
    names = "ABCD"[:coders]
    found = plan(THREADS, names, only=only, overlap=overlap, seed=seed)
    chosen = found.items or [item for items in THREADS.values() for item in items]
    own = {coder: set(found.assignments.get(coder, chosen)) for coder in names}
    assert set().union(*own.values()) == set(chosen)
    for items in list(THREADS.values())[: found.threads]:
        readers = [coder for coder in names if own[coder] & set(items)]
        assert len(readers) in (1, coders)
        assert all(set(items) <= own[coder] for coder in readers)
    assert [load.items for load in found.loads] == [len(own[coder]) for coder in names]


def test_what_cannot_be_planned_says_why() -> None:
    for given_, words in (
        ({"threads": {}}, "no sample yet"), ({"only": 11}, "from 1 to 10 threads"), ({"only": -1}, "from 1 to 10"),
        ({"before": set(THREADS)}, "every thread was in an earlier round"),
        ({"coders": []}, "nobody codes"), ({"overlap": 1.5}, "a share from 0 to 1"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            plan(**({"threads": THREADS, "coders": ["A", "B"]} | given_))  # type: ignore[arg-type]
