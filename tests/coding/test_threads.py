"""A thread is read as it was spoken, whatever the order in which it was captured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from resilens.coding.threads import Item, Threads, conversation

START = datetime(2025, 1, 14, tzinfo=UTC)
POST = Item("rednote:p:1", "post", "rednote:p:1", title="Hi")


def comment(name: str, minute: int | None, parent: str = "", root: str = "") -> Item:
    moment = None if minute is None else START + timedelta(minutes=minute)
    return Item(f"rednote:c:{name}", "comment", "rednote:p:1", published_at=moment,
                parent_id=f"rednote:c:{parent}" if parent else "", root_id=f"rednote:c:{root or name}")  # fmt: skip


def names(items: list[Item]) -> str:
    return " ".join(item.item_id.rpartition(":")[2] for item in items)


def test_answers_follow_what_they_answer_and_branches_the_time() -> None:
    items = [comment("d", 9, "b", "a"), comment("c", 2), POST, comment("b", 5, "a", "a"), comment("a", 1),
             comment("late", None)]  # fmt: skip
    assert names(conversation(items)) == "1 a b d c late"


def test_an_answer_without_its_parent_stands_in_its_branch_or_at_the_top() -> None:
    items = [POST, comment("a", 1), comment("x", 3, "gone", "a"), comment("y", 2, "gone", "gone")]
    assert names(conversation(items)) == "1 a x y"


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9) | st.none(), st.integers(0, 9) | st.none()),
                max_size=12))  # fmt: skip
def test_no_item_is_lost_or_repeated_even_where_answers_go_in_circles(
    drawn: list[tuple[int, int | None, int | None]],
) -> None:
    made = {name: comment(str(name), minute, "" if parent is None else str(parent))
            for name, minute, parent in drawn}  # fmt: skip
    ordered = conversation([POST, *made.values()])
    assert sorted(item.item_id for item in ordered) == sorted(item.item_id for item in (POST, *made.values()))


def test_threads_keep_the_order_they_are_given() -> None:
    other = Item("rednote:p:2", "post", "rednote:p:2")
    threads = Threads([POST, comment("a", 1), other], ["rednote:p:2"])
    assert threads.posts == ("rednote:p:2", "rednote:p:1")
    assert [item.item_id for item in threads.in_order()] == ["rednote:p:2", "rednote:p:1", "rednote:c:a"]
    assert threads.thread("rednote:p:9") == ()
