"""Distances between values and the weights of kappas, on the tables their papers print."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics import jaccard_distance, masi_distance

from resilens.agreement.coefficients.distances import matrix, middle_ranks, spread, weights

Sets = st.frozensets(st.sampled_from("abcd"))


def test_krippendorff_2004_ordinal_distances() -> None:
    """Content Analysis, 2nd ed., p. 236: totals 9, 13, 10, 5, 0, 3, and an empty value between the fourth and sixth."""
    totals = np.array([9.0, 13, 10, 5, 0, 3])
    gap = np.abs(middle_ranks(totals)[:, None] - middle_ranks(totals)) * totals.sum()
    assert gap[0].tolist() == pytest.approx([0, 11, 22.5, 30, 32.5, 34])
    assert gap[3].tolist() == pytest.approx([30, 19, 7.5, 0, 2.5, 4])


def test_krippendorff_2004_ratio_distances() -> None:
    """Content Analysis, 2nd ed., p. 233: ((c - k) / (c + k))², nought between two noughts."""
    distance = matrix("ratio", [0, 1, 2, 5])
    assert distance[0].tolist() == [0, 1, 1, 1]
    assert distance[1, 3] == pytest.approx((4 / 6) ** 2)


@given(Sets, Sets)
def test_masi_and_jaccard_are_nltks(first: frozenset[str], second: frozenset[str]) -> None:
    if first or second:  # nltk divides by zero on two empty sets
        assert matrix("masi", [first, second])[0, 1] == pytest.approx(masi_distance(first, second))
        assert matrix("jaccard", [first, second])[0, 1] == pytest.approx(jaccard_distance(first, second))
    else:
        assert matrix("masi", [first, second])[0, 1] == matrix("jaccard", [first, second])[0, 1] == 0


@given(st.lists(st.integers(0, 9), min_size=2, max_size=8))
def test_spread_sums_squared_differences(totals: list[int]) -> None:
    number = np.arange(len(totals), dtype=float) ** 1.5
    weight = np.array(totals, dtype=float)
    expected = (np.square(number[:, None] - number) * weight[:, None] * weight).sum()
    assert spread(number, weight) == pytest.approx(expected, abs=1e-6)


def test_gwet_2014_weights() -> None:
    """As irrCAC prints them for three categories."""
    assert weights("linear", [1, 2, 3], True).tolist() == [[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]]
    assert weights("quadratic", [1, 2, 3], True)[0].tolist() == [1, 0.75, 0]
    assert weights("ordinal", [1, 2, 3], True)[0].tolist() == pytest.approx([1, 2 / 3, 0])
    assert weights("linear", ["low", "middle", "high"], True)[0].tolist() == [1, 0.5, 0]
