"""Hill numbers against iNEXT's published output for its spiders, and what holds for any sample."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.measures.statistics.coverage import common_coverage, coverage_at, size_at
from resilens.measures.statistics.diversity import ORDERS, Order, asymptote, hill, hill_at, hill_at_coverage

GIRDLED = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4, 2, 2, 2, 2, *[1] * 12]
LOGGED = [88, 22, 16, 15, 13, 10, 8, 8, 7, 7, 7, 5, 4, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, *[1] * 14]
"""Ellison et al. 2010 as in iNEXT; the values below are those of iNEXT's vignette (Hsieh, Ma and Chao)."""

samples = st.lists(st.integers(0, 30), min_size=1, max_size=12).filter(lambda counts: sum(counts) >= 2)
orders = st.sampled_from(ORDERS)


@pytest.mark.parametrize(
    ("counts", "order", "observed", "limit"),
    [(GIRDLED, 0, 26, 43.893), (GIRDLED, 1, 12.060, 13.826), (GIRDLED, 2, 7.840, 8.175),
     (LOGGED, 0, 37, 61.403), (LOGGED, 1, 14.421, 16.337), (LOGGED, 2, 6.761, 6.920)],
)  # fmt: skip
def test_observed_and_asymptotic_as_inext_prints_them(
    counts: list[int], order: Order, observed: float, limit: float
) -> None:
    assert round(hill(counts, order), 3) == observed
    assert round(asymptote(counts, order), 3) == limit


@pytest.mark.parametrize(
    ("size", "kinds", "covered"),
    [(1, 1.000, 0.122), (84, 18.912, 0.900), (168, 26.000, 0.929), (248, 30.883, 0.948), (336, 34.731, 0.964)],
)
def test_rarefied_and_extrapolated_as_inext_prints_them(size: int, kinds: float, covered: float) -> None:
    assert round(hill_at(GIRDLED, 0, size), 3) == kinds
    assert round(coverage_at(GIRDLED, size), 3) == covered


def test_coverage_of_the_samples_themselves_as_inext_prints_it() -> None:
    assert (round(coverage_at(GIRDLED, 168), 4), round(coverage_at(LOGGED, 252), 4)) == (0.9289, 0.9446)


def test_samples_are_compared_at_the_coverage_all_reach_at_twice_their_size() -> None:
    common = common_coverage([GIRDLED, LOGGED])
    assert common == coverage_at(GIRDLED, 336)
    girdled, logged = hill_at_coverage(GIRDLED, 0, common), hill_at_coverage(LOGGED, 0, common)
    assert (girdled.method, logged.method) == ("extrapolated", "extrapolated")
    assert girdled.size == pytest.approx(336)
    assert 252 < logged.size < 504
    assert coverage_at(LOGGED, logged.size) == pytest.approx(common)
    own = hill_at_coverage(LOGGED, 1, coverage_at(LOGGED, 252))
    assert (own.method, own.value) == ("observed", pytest.approx(hill(LOGGED, 1)))


def test_every_small_sample_of_a_small_one_averages_to_its_rarefied_coverage_and_hill_numbers() -> None:
    """All samples of 3 of the 6 individuals aabbbc: mean kinds, mean entropy, mean of sum p² and of coverage."""
    people = [0, 0, 1, 1, 1, 2]
    chosen = [np.bincount([people[i], people[j], people[k]], minlength=3)
              for i in range(6) for j in range(i) for k in range(j)]  # fmt: skip
    assert hill_at([2, 3, 1], 0, 3) == pytest.approx(np.mean([(one > 0).sum() for one in chosen]))
    expected = np.mean([sum(-k / 3 * math.log(k / 3) for k in one if k) for one in chosen])
    assert hill_at([2, 3, 1], 1, 3) == pytest.approx(math.exp(expected))
    assert hill_at([2, 3, 1], 2, 3) == pytest.approx(1 / np.mean([((one / 3) ** 2).sum() for one in chosen]))
    unseen = [np.mean([one[people[left]] == 0 for left in range(6) if left not in members])
              for one, members in zip(chosen, [{i, j, k} for i in range(6) for j in range(i) for k in range(j)],
                                      strict=True)]  # fmt: skip
    assert coverage_at([2, 3, 1], 3) == pytest.approx(1 - np.mean(unseen))


def test_the_asymptote_of_entropy_equals_its_series_as_published() -> None:
    n, once, p = 168, 12, 2 * 4 / (167 * 12 + 2 * 4)
    series = -math.log(p) - sum((1 - p) ** r / r for r in range(1, n))
    counted = np.array(GIRDLED)
    harmonic = sum(x / n * sum(1 / k for k in range(x, n)) for x in counted)
    assert math.log(asymptote(GIRDLED, 1)) == pytest.approx(harmonic + once / n * (1 - p) ** (1 - n) * series)


@given(samples, orders)
def test_a_hill_number_is_between_one_and_the_kinds_and_falls_with_order(counts: list[int], order: Order) -> None:
    kinds = sum(count > 0 for count in counts)
    assert 1 - 1e-9 <= hill(counts, order) <= kinds + 1e-9
    assert hill(counts, 0) >= hill(counts, 1) - 1e-9 >= hill(counts, 2) - 2e-9


@given(samples, orders)
def test_curves_rise_with_size_and_pass_through_the_sample(counts: list[int], order: Order) -> None:
    n = sum(counts)
    sizes = np.linspace(1, 2 * n, 25)
    drawn = [hill_at(counts, order, size) for size in sizes]
    covered = [coverage_at(counts, size) for size in sizes]
    assert np.diff(drawn).min() > -1e-9
    assert np.diff(covered).min() > -1e-9
    assert hill_at(counts, order, n) == pytest.approx(hill(counts, order))


@given(samples, st.floats(0.05, 1))
def test_size_and_coverage_undo_each_other(counts: list[int], part: float) -> None:
    wanted = part * coverage_at(counts, 2 * sum(counts))
    assert coverage_at(counts, size_at(counts, wanted)) == pytest.approx(wanted)


@given(st.integers(1, 10), st.integers(2, 20), orders)
def test_equally_common_kinds_are_as_many_as_they_are(kinds: int, each: int, order: Order) -> None:
    assert hill([each] * kinds, order) == pytest.approx(kinds)


@pytest.mark.parametrize("counts", [[], [1], [0, 0], [1.5, 2], [-1, 4]])
def test_what_is_no_sample_is_refused(counts: list[float]) -> None:
    with pytest.raises(ValueError, match="individuals|whole numbers"):
        hill(counts, 0)


def test_more_than_twice_the_size_is_refused() -> None:
    with pytest.raises(ValueError, match="2 times 168"):
        hill_at(GIRDLED, 0, 337)
    with pytest.raises(ValueError, match="not reached"):
        hill_at_coverage(GIRDLED, 0, 0.999)
    with pytest.raises(ValueError, match="seen twice"):
        asymptote([1, 1, 1], 2)
