"""E-I by hand, its null against the expectation of random labels, and that labels stay in their strata."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.measures.statistics.ties import ei_index, ei_permutation, permuted_labels, two_sided


def test_the_index_by_hand() -> None:
    assert ei_index(0, 5) == -1
    assert ei_index(5, 0) == 1
    assert ei_index(3, 1) == 0.5
    for wrong in ((0, 0), (-1, 2)):
        with pytest.raises(ValueError, match="at least one tie"):
            ei_index(*wrong)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=40), st.integers(0, 9))
def test_labels_stay_in_their_strata(people: list[tuple[int, int]], seed: int) -> None:
    labels, strata = (np.array(part) for part in zip(*people, strict=True))
    for block in permuted_labels(labels, strata, 5, seed):
        assert block.shape == (5, len(people))
        for row in block:
            for stratum in set(strata):
                assert sorted(row[strata == stratum]) == sorted(labels[strata == stratum])


def test_a_stratum_of_three_is_permuted_evenly() -> None:
    rows = np.concatenate(list(permuted_labels([7, 8, 9], [0, 0, 0], 6000, 1)))
    _, times = np.unique(rows, axis=0, return_counts=True)
    assert len(times) == 6
    assert times.min() > 850


def test_the_null_has_the_expectation_of_random_labels() -> None:
    """With a and b people, two at random differ with chance 2 a b / ((a + b)(a + b - 1))."""
    labels = np.repeat([0, 1], [30, 10])
    generator = np.random.default_rng(3)
    ties = np.array([generator.choice(40, 2, replace=False) for _ in range(60)])
    found = ei_permutation(ties[:, 0], ties[:, 1], labels, np.zeros(40), draws=4000, seed=2)
    assert found.null.mean() == pytest.approx(2 * (2 * 30 * 10 / (40 * 39)) - 1, abs=0.01)
    assert found.p > 0.01


def test_homophily_is_seen_and_a_single_stratum_each_can_show_nothing() -> None:
    labels = np.repeat([0, 1], 20)
    sources, targets = np.arange(40), np.r_[np.roll(np.arange(20), 1), 20 + np.roll(np.arange(20), 1)]
    found = ei_permutation(sources, targets, labels, np.zeros(40), draws=999, seed=1)
    assert (found.observed, found.p) == (-1, 0.001)
    frozen = ei_permutation(sources, targets, labels, np.arange(40), draws=99, seed=1)
    assert (set(frozen.null), frozen.p) == ({-1.0}, 1.0)


def test_the_same_seed_gives_the_same_null() -> None:
    draw = [ei_permutation([0, 1], [2, 3], [0, 1, 1, 0], [0, 0, 0, 0], draws=50, seed=4).null for _ in range(2)]
    assert (draw[0] == draw[1]).all()
    assert two_sided(0.0, np.array([-1.0, 1.0])) == 1.0
    with pytest.raises(ValueError, match="at least one tie"):
        ei_permutation([], [], [0], [0])
