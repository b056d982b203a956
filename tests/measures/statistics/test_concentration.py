"""Gini and the share of the largest, where the answer is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.measures.statistics.concentration import gini, top_share

sizes = st.lists(st.integers(0, 1000), min_size=1, max_size=60).filter(lambda values: sum(values) > 0)


@pytest.mark.parametrize("n", [1, 2, 9, 100])
def test_closed_forms(n: int) -> None:
    assert gini(np.arange(1, n + 1)) == pytest.approx((n - 1) / (3 * n))
    assert gini([0] * (n - 1) + [7]) == pytest.approx((n - 1) / n)
    assert gini([3] * n) == pytest.approx(0)
    assert top_share([3] * n, top=0.01) == pytest.approx(0.01)


def test_a_pareto_population_has_the_gini_and_top_share_of_its_formula() -> None:
    """With exponent a: Gini 1 / (2 a - 1), and the top share p holds p^(1 - 1/a)."""
    a, n = 3.0, 200_000
    values = ((np.arange(n) + 0.5) / n) ** (-1 / a)
    assert gini(values) == pytest.approx(1 / (2 * a - 1), abs=1e-3)
    assert top_share(values, top=0.01) == pytest.approx(0.01 ** (1 - 1 / a), abs=1e-3)


def test_half_of_the_largest_counts_where_one_per_cent_is_half_a_unit() -> None:
    assert top_share([1] * 49 + [51], top=0.01) == pytest.approx(0.5 * 51 / 100)


@given(sizes)
def test_gini_is_half_the_relative_mean_difference(values: list[int]) -> None:
    x = np.array(values, dtype=float)
    assert gini(values) == pytest.approx(np.abs(x[:, None] - x).mean() / (2 * x.mean()))


@given(sizes, st.floats(0.01, 1))
def test_a_table_of_sizes_says_the_same_as_the_sizes(values: list[int], top: float) -> None:
    distinct, times = np.unique(values, return_counts=True)
    assert gini(distinct, times) == pytest.approx(gini(values))
    assert top_share(distinct, times, top) == pytest.approx(top_share(values, top=top))
    assert top_share(values, top=top) >= top - 1e-9


def test_what_cannot_be_spread_is_refused() -> None:
    for wrong in ([], [0, 0], [-1, 2]):
        with pytest.raises(ValueError, match="negative|all sizes are 0"):
            gini(wrong)
    with pytest.raises(ValueError, match="not one list each"):
        gini([1, 2], [1])
    with pytest.raises(ValueError, match=r"\(0, 1\]"):
        top_share([1], top=0)
