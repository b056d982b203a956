"""Exact segmentation against trying every segmentation, and against changes that were put in."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.measures.statistics.changepoints import frequencies, penalty_path, segmented, stabilised, usual_penalty

series = st.lists(st.integers(0, 40), min_size=4, max_size=11)


def cost(values: np.ndarray, changes: tuple[int, ...]) -> float:
    return sum(((part - part.mean()) ** 2).sum() for part in np.split(values, changes))


def every(n: int, shortest: int) -> list[tuple[int, ...]]:
    """All segmentations of n values into levels of at least `shortest`."""
    return [changes for number in range(n // shortest) for changes in combinations(range(1, n), number)
            if min(np.diff([0, *changes, n])) >= shortest]  # fmt: skip


@given(series, st.floats(0.1, 20), st.integers(1, 3))
def test_no_other_segmentation_costs_less(counts: list[int], penalty: float, shortest: int) -> None:
    values = stabilised(counts)
    (found,) = segmented(values, penalty, shortest)
    least = min(cost(values, changes) + penalty * len(changes) for changes in every(len(values), shortest))
    assert cost(values, found) + penalty * len(found) == pytest.approx(least)


@given(series, st.floats(0.1, 20))
def test_the_path_holds_the_best_of_every_penalty(counts: list[int], penalty: float) -> None:
    values = stabilised(counts)
    path = penalty_path(values, most=len(values), shortest=1)
    assert path[0].changes == ()
    assert path[0].high == np.inf
    assert all(a.low == b.high for a, b in zip(path, path[1:], strict=False))
    (step,) = [step for step in path if step.low <= penalty < step.high]
    (found,) = segmented(values, penalty, 1)
    assert step.cost == pytest.approx(cost(values, step.changes), abs=1e-8)
    assert step.cost + penalty * len(step.changes) == pytest.approx(cost(values, found) + penalty * len(found))


def test_changes_that_were_put_in_are_found_and_sure() -> None:
    generator = np.random.default_rng(8)
    level = np.repeat([5.0, 60.0, 20.0], [30, 25, 45])
    values = stabilised(generator.poisson(level))
    penalty = usual_penalty(values)
    (found,) = segmented(values, penalty)
    assert found == (30, 55)
    assert (frequencies(values, found, penalty) > 0.95).all()
    assert found in [step.changes for step in penalty_path(values)]


@pytest.mark.parametrize("r", [0.0, 0.3])
def test_counts_without_a_change_show_one_seldom(r: float) -> None:
    """Poisson counts around a level of 12 that wanders by a quarter where r is above 0."""
    generator = np.random.default_rng(2)
    wandering = generator.normal(size=(200, 150))
    for day in range(1, 150):
        wandering[:, day] += r * wandering[:, day - 1]
    values = stabilised(generator.poisson(12 * np.exp(0.25 * (r > 0) * wandering[:, 60:])))
    found = [bool(segmented(row, usual_penalty(row))[0]) for row in values]
    print(f"r = {r}: {np.mean(found):.3f} of {len(found)}")
    assert np.mean(found) < 0.07


def test_a_level_twice_as_high_is_seldom_missed() -> None:
    values = stabilised(np.random.default_rng(3).poisson(np.repeat([6.0, 12.0], 45), size=(100, 90)))
    found = [segmented(row, usual_penalty(row))[0] for row in values]
    assert np.mean([any(abs(change - 45) <= 3 for change in one) for one in found]) > 0.8


def test_rows_are_segmented_as_each_alone_and_draws_repeat() -> None:
    rows = stabilised(np.random.default_rng(4).poisson(np.repeat([4.0, 9.0], 20), size=(6, 40)))
    assert segmented(rows, 5.0) == [segmented(row, 5.0)[0] for row in rows]
    twice = [frequencies(rows[0], (20,), 5.0, seed=3) for _ in range(2)]
    assert (twice[0] == twice[1]).all()
    assert frequencies(rows[0], (), 5.0).shape == (0,)


def test_stabilised_counts_scatter_alike_and_too_few_are_refused() -> None:
    generator = np.random.default_rng(6)
    spread = [stabilised(generator.poisson(mean, 20_000)).std() for mean in (4, 40, 400)]
    assert spread == pytest.approx([1, 1, 1], abs=0.06)
    with pytest.raises(ValueError, match="at least 3"):
        penalty_path([1.0, 2.0])
