"""A result is told no surer than it is: with its interval, or of a few items as a count of them."""

from __future__ import annotations

import pytest

from resilens.results.told import in_brief, told_share
from resilens.results.types import Description, Estimate, Result, Undefined, in_unit

SURE = Estimate(0.625, 0.5, 0.75, 0.95, 56, 56, "coding", "the posts coded", "d")


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (SURE, "62.5% of the 56 posts read (95% interval 50.0% to 75.0%)"),
        (Description(1.0, 3, "posts"), "all of the three posts read"),
        (Description(0.0, 3, "posts"), "none of the three posts read"),
        (Description(5 / 6, 6, "posts"), "five of the six posts read"),
        (Description(12 / 13, 13, "posts"), "12 of the 13 posts read"),
        (Description(1.0, 1, "posts"), "one of the one post read"),
        (Description(0.0, 1, "posts"), "none of the one post read"),
        (Description(0.31, 6, "posts"), "31.0% of the six posts read (no interval)"),
        (Description(0.25, 400, "posts"), "25.0% of the 400 posts read (no interval)"),
    ],
)
def test_a_share_is_told_with_its_interval_or_as_a_count(result: Result, told: str) -> None:
    assert told_share(result, "post", "read") == told


def test_in_a_list_the_interval_stands_in_brackets() -> None:
    assert in_brief(SURE, "post") == "62.5% [50.0%, 75.0%]"
    assert in_brief(Description(0.5, 2, "posts"), "post") == "one of the two posts"


def test_nothing_is_told_of_what_has_no_value() -> None:
    with pytest.raises(TypeError, match="no code has the role"):
        told_share(Undefined("no code has the role"), "post")


def test_a_measure_says_the_unit_of_every_value() -> None:
    named = in_unit({"a": SURE, "b": Description(3, 4, "posts"), "c": Undefined("no")}, "days")
    assert [getattr(one, "unit", "") for one in named.values()] == ["days", "days", ""]
    assert named["a"] != SURE
    assert SURE.unit == ""
