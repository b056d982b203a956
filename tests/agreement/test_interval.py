"""Intervals by drawing threads: what they are, when there is none, and that they cover what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.agreement_coverage import WORLDS, world

from resilens.agreement import krippendorff_alpha, percent_agreement, read_patterns
from resilens.agreement.assessing import assess
from resilens.agreement.coefficients.krippendorff import recipe
from resilens.agreement.coefficients.recipes import Recipe
from resilens.agreement.interval import resample
from resilens.errors import InputError
from resilens.results.types import Description, Estimate

GENERATOR = np.random.default_rng(3)
TRUE = GENERATOR.integers(2, size=300)
ROWS = np.column_stack([np.where(GENERATOR.random(300) < 0.2, 1 - TRUE, TRUE) for _ in range(2)])
POSTS = [f"post {number}" for number in np.arange(300) // 10]


def test_an_interval_says_what_it_rests_on() -> None:
    result = krippendorff_alpha(ROWS, cluster=POSTS, seed=5, confidence=0.9)
    assert isinstance(result, Estimate)
    assert result.low < result.value < result.high
    assert (result.level, result.n_items, result.n_threads, result.basis) == (0.9, 300, 30, "coding")
    assert (result.design, result.seed) == ("bootstrap of threads, percentile, 2,000 draws", 5)
    assert result.frame == "300 units, two coders"


def test_without_threads_units_are_drawn_and_it_says_so() -> None:
    result = krippendorff_alpha(ROWS)
    assert isinstance(result, Estimate)
    assert "units, each taken as a thread of its own" in result.design
    assert result.n_threads == 300


def test_the_seed_decides() -> None:
    assert krippendorff_alpha(ROWS, cluster=POSTS) == krippendorff_alpha(ROWS, cluster=POSTS)
    assert krippendorff_alpha(ROWS, cluster=POSTS) != krippendorff_alpha(ROWS, cluster=POSTS, seed=2)


def test_draws_are_those_of_a_table_of_threads_drawn_row_by_row() -> None:
    """The matrix product gives what recomputing alpha on each drawn table would, ordinal distances and all."""
    rows = np.random.default_rng(1).integers(4, size=(120, 3))
    posts = np.arange(120) // 5
    for level in ("nominal", "ordinal", "interval"):
        patterns = read_patterns(rows, cluster=list(posts))
        cooked = recipe(patterns, level)
        assert isinstance(cooked, Recipe)
        fast = resample(cooked, patterns, draws=5, seed=9)
        chosen = np.random.default_rng(9).integers(24, size=(5, 24))
        for draw, threads in enumerate(chosen):
            drawn = np.concatenate([rows[posts == thread] for thread in threads])
            slow = krippendorff_alpha(drawn, level, interval=False)
            assert isinstance(slow, Description)
            assert fast[draw] == pytest.approx(slow.value)


def test_under_twenty_threads_there_is_a_value_and_a_reason() -> None:
    threads = [f"post {number}" for number in np.arange(300) % 19]
    found = assess(ROWS, recipe, {"cluster": threads})
    assert isinstance(found.result, Description)
    assert found.no_interval == "19 threads, and an interval needs 20"
    assert found.result.frame.endswith("; no interval: 19 threads, and an interval needs 20")
    assert found.result == krippendorff_alpha(ROWS, cluster=threads)
    assert not found.below


def test_a_coefficient_that_seldom_exists_has_no_interval() -> None:
    one_rare_unit = [[0, 0]] * 40 + [[1, 0]]
    found = assess(one_rare_unit, recipe, {})
    assert isinstance(found.result, Description)
    assert "of 2,000 draws of units the coefficient does not exist" in found.no_interval


def test_the_same_value_in_all_draws_is_no_interval() -> None:
    found = assess([[0, 0], [1, 1]] * 20, recipe, {})
    assert found.result == krippendorff_alpha([[0, 0], [1, 1]] * 20)
    assert "the same in all draws" in found.no_interval


def test_draws_cannot_show_agreements_that_never_were() -> None:
    """Five slips in 400 units and no agreement on the rare value: alpha is just below 0 in each draw."""
    rows = [[int(unit % 100 == 0), int(unit == 50)] for unit in range(400)]
    found = assess(rows, recipe, {})
    assert isinstance(found.result, Description)
    assert found.no_interval == (
        "coders never agreed on more than one value, so draws of units cannot show how unsure it is"
    )
    assert isinstance(percent_agreement(rows), Estimate), "how often they differ is seen well enough"


def test_the_chance_of_being_below_the_customary_lines() -> None:
    found = assess(ROWS, recipe, {"cluster": POSTS})
    assert isinstance(found.result, Estimate)
    assert found.below.keys() == {0.667, 0.800}
    assert 0 <= found.below[0.667] <= found.below[0.800] <= 1
    certain = assess(ROWS, recipe, {"cluster": POSTS, "draws": 500})
    assert certain.below[0.800] == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("how", "message"), [({"confidence": 95}, "0.95 means 95 %"), ({"draws": 10}, "too few")])
def test_options_at_fault_are_named(how: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        percent_agreement(ROWS, **how)  # type: ignore[arg-type]


def test_an_unknown_argument_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="unexpected argument 'clusters'"):
        percent_agreement(ROWS, clusters=POSTS)  # type: ignore[call-arg]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["usual", "rare"])
def test_drawing_threads_covers_what_drawing_units_does_not(name: str) -> None:
    """Sixty worlds of 200 threads: nominal 95 % (`benchmarks/agreement_coverage.py` has 300 and narrower bounds)."""
    made = WORLDS[name]
    alpha, covered = made.alpha, {"threads": 0, "units": 0}
    for seed in range(60):
        rows, posts = world(made, np.random.default_rng(seed))
        for what, cluster in (("threads", list(posts)), ("units", None)):
            result = krippendorff_alpha(rows, cluster=cluster, draws=500, seed=seed)
            assert isinstance(result, Estimate)
            covered[what] += result.low <= alpha <= result.high
    assert covered["threads"] >= 0.88 * 60
    assert covered["units"] <= 0.85 * 60
