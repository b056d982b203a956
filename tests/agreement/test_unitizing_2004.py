"""alpha_U of 1995 and 2004 against the values their author printed."""

from __future__ import annotations

import pytest

from resilens.agreement.coefficients.unitizing_2004 import alpha_u_2004
from resilens.results.types import Description, Undefined

Span = tuple[int, int, str]


def value(result: object) -> float:
    assert isinstance(result, Description)
    return result.value


def test_krippendorff_2004_page_254() -> None:
    """Two observers of 300 characters from 150: c .7286 (Do .0144, De .0532), k 1, overall .8591."""
    k: list[Span] = [(30, 90, "k"), (150, 200, "k")]
    first: list[Span] = [(75, 145, "c"), (220, 250, "c"), *k]
    second: list[Span] = [(70, 150, "c"), (205, 225, "c"), (250, 270, "c"), *k]
    assert value(alpha_u_2004([first, second], 300, "c")) == pytest.approx(0.7286, abs=5e-5)
    assert value(alpha_u_2004([first, second], 300, "k")) == 1
    assert value(alpha_u_2004([first, second], 300)) == pytest.approx(0.8591, abs=5e-4)
    assert value(alpha_u_2004([second, first], 300)) == value(alpha_u_2004([first, second], 300))


@pytest.mark.parametrize(("first", "second", "expected"), [
    ([(2, 10), (14, 20)], [(4, 8), (15, 17)], 0.553),
    ([(0, 18)], [(0, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 9), (9, 10)], -0.926),
    ([(2, 8), (10, 12), (14, 18), (20, 22)], [(0, 2), (4, 8), (10, 14), (16, 18), (20, 22)], 0.679),
    ([(0, 2), (2, 10), (10, 14), (14, 20), (20, 24)], [(0, 4), (4, 8), (8, 15), (15, 17), (17, 24)], 0.066),
], ids=["Bertha and Bill", "John and Jill", "Gerret and Gill", "Heather and Hill"])  # fmt: skip
def test_krippendorff_1995_page_57(
    first: list[tuple[int, int]], second: list[tuple[int, int]], expected: float
) -> None:
    """His values are the limit for ever finer units of length (and their De has a slip of .02 at most, corrected in
    2004); so the 24 units of the page are stretched."""
    stretch = 50_000
    coders = [[(start * stretch, end * stretch, "x") for start, end in spans] for spans in (first, second)]
    assert value(alpha_u_2004(coders, 24 * stretch)) == pytest.approx(expected, abs=0.02)


def test_what_has_no_alpha_says_why() -> None:
    assert isinstance(alpha_u_2004([[(0, 2, "a")]], 9), Undefined)
    assert isinstance(alpha_u_2004([[], []], 9), Undefined)
    with pytest.raises(ValueError, match="overlap or lie outside"):
        alpha_u_2004([[(0, 3, "a"), (2, 4, "a")], []], 9)
    with pytest.raises(ValueError, match="overlap or lie outside"):
        alpha_u_2004([[(0, 30, "a")], []], 9)
