"""The estimated assemblage adds up, keeps the coverage, and covers better than the sample drawn again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.measures.statistics.assemblage import assemblage
from resilens.measures.statistics.coverage import coverage_at
from resilens.measures.statistics.diversity import hill_at

TRUTH = np.array([0.55, 0.2, 0.08, 0.07, 0.04, 0.03, 0.02, 0.01])

samples = st.lists(st.integers(0, 30), min_size=1, max_size=12).filter(lambda counts: sum(counts) >= 2)


@given(samples)
def test_shares_add_up_and_the_seen_ones_hold_the_coverage(counts: list[int]) -> None:
    found = assemblage(counts)
    seen = sum(count > 0 for count in counts)
    assert found.sum() == pytest.approx(1)
    assert found.min() > -1e-12
    assert found[:seen].sum() == pytest.approx(coverage_at(counts, sum(counts)))


def test_chao1_says_how_many_kinds_are_unseen() -> None:
    """12 seen once and 4 twice of 168: 17.9 are missed, so 18."""
    girdled = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4, 2, 2, 2, 2, *[1] * 12]
    assert len(assemblage(girdled)) == 26 + 18


def test_intervals_of_the_number_of_kinds_cover_better_than_from_the_sample_alone() -> None:
    generator = np.random.default_rng(5)
    size, hits = 40, np.zeros(2)
    truth = float((1 - (1 - TRUTH) ** size).sum())
    for _ in range(150):
        counts = generator.multinomial(60, TRUTH)
        value = hill_at(counts, 0, size)
        spread = np.std([hill_at(one, 0, size) for one in generator.multinomial(60, assemblage(counts), size=60)])
        ends = np.quantile([hill_at(one, 0, size) for one in generator.multinomial(60, counts / 60, size=60)],
                           [0.025, 0.975])  # fmt: skip
        hits += [abs(value - truth) <= 1.96 * spread, ends[0] <= truth <= ends[1]]
    print(f"covered: assemblage {hits[0] / 150:.2f}, percentiles of the sample {hits[1] / 150:.2f}")
    assert hits[0] > hits[1]
    assert hits[0] / 150 > 0.85
