"""Paths of layouts: members of lists, one way or another, and conditions for flags."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.capture.chains import Chains
from resilens.capture.layouts import at, layout, read
from resilens.capture.records import Broken, CapturedComment, CapturedPost


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a", "x"), ("b.c", 1), ("b.none", None), ("b.none|a", "x"), ("empty|a", "x"), ("list.0.n", "p"),
        ("list.9.n", None), ("list.*.n", ["p", "q"]), ("list.*.deep.*", [1, 2, 3]), ("a.*", None),
        ("list.*.none|a", "x"),
    ],
)  # fmt: skip
def test_paths(path: str, found: Any) -> None:
    item = {"a": "x", "b": {"c": 1}, "empty": "", "list": [{"n": "p", "deep": [1, 2]}, {"n": "q", "deep": [3]}, 7]}
    assert at(item, path) == found


FLAGGED = layout("f", "x", fields={"id": "id"}, flags={"f": "flag", "w": "word=this", "any": "object=*"})


@pytest.mark.parametrize(
    ("value", "flags"),
    [({"flag": True}, ("f",)), ({"flag": "yes"}, ("f",)), ({"flag": 2}, ("f",)), ({"flag": "no"}, ()),
     ({"flag": 0}, ()),
     ({"word": "this"}, ("w",)), ({"word": ["that", "this"]}, ("w",)), ({"word": "that"}, ()),
     ({"object": {"a": 1}}, ("any",)), ({"object": None}, ())],
)  # fmt: skip
def test_conditions(value: dict[str, Any], flags: tuple[str, ...]) -> None:
    found = read(FLAGGED, 1, {"id": "1", **value})
    assert isinstance(found, CapturedPost)
    assert found.flags == flags


def test_a_layout_names_known_fields_only() -> None:
    with pytest.raises(AssertionError, match="there are no fields"):
        layout("f", "x", fields={"colour": "id"})


THREADED = layout("f", "x", fields={"id": "id", "post": "post", "parent": "parent"})


def test_another_beginning_makes_a_comment_and_damage_is_flagged() -> None:
    assert isinstance(read(THREADED, 1, {"id": "1", "post": "1"}), CapturedPost)
    comment = read(THREADED, 1, {"id": "2", "post": "1", "parent": "1.88E+18"})
    assert isinstance(comment, CapturedComment)
    assert (comment.parent, comment.flags) == ("1.88E+18", ("parent_id_damaged",))
    assert isinstance(read(THREADED, 1, {"id": "2", "post": "1.88E+18"}), Broken)


ids = st.sampled_from("abcdef")


@given(st.dictionaries(ids, st.none() | ids), ids)
def test_chains_end_wherever_they_lead(answers: dict[str, str | None], item: str) -> None:
    start, held = Chains(answers.items()).start(item)
    if held:
        assert answers[start] is None
    else:
        assert start not in answers or answers[start] is not None
