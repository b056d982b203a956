"""What must not change a coefficient, and what must."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resilens.agreement import krippendorff_alpha, read_patterns
from resilens.agreement.coefficients.recipes import Recipe
from resilens.agreement.coefficients.registry import COEFFICIENTS, at_level

Rows = list[list[Any]]
NAMES = [name for name, coefficient in COEFFICIENTS.items() if not coefficient.binary]


def compute(name: str, rows: Rows, level: str = "nominal", **reading: Any) -> float | None:
    """The coefficient, None where it is undefined."""
    patterns = read_patterns(rows, **reading)
    recipe = at_level(name, level)(patterns)
    if not isinstance(recipe, Recipe):
        return None
    value = float(recipe.value(np.asarray(patterns.units @ recipe.sums).reshape(1, -1))[0])
    return value if np.isfinite(value) else None


def same(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return first == pytest.approx(second, abs=1e-9)


def two_coders(name: str, rows: Rows) -> Rows:
    return [row[:2] for row in rows] if COEFFICIENTS[name].coders == "2" else rows


tables = st.lists(st.lists(st.sampled_from([None, 0, 1, 2]), min_size=3, max_size=3), min_size=2, max_size=15)


@pytest.mark.parametrize("name", NAMES)
@given(rows=tables, randomness=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_the_order_of_units_and_of_coders_does_not_matter(name: str, rows: Rows, randomness: Any) -> None:
    rows = two_coders(name, rows)
    value = compute(name, rows)
    shuffled = list(rows)
    randomness.shuffle(shuffled)
    assert same(value, compute(name, shuffled))
    assert same(value, compute(name, [row[::-1] for row in rows]))


@pytest.mark.parametrize("name", NAMES)
@given(rows=tables)
@settings(deadline=None, max_examples=25)
def test_what_nominal_values_are_called_does_not_matter(name: str, rows: Rows) -> None:
    rows = two_coders(name, rows)
    called = {None: None, 0: "zebra", 1: "ant", 2: "猫"}
    assert same(compute(name, rows), compute(name, [[called[value] for value in row] for row in rows]))


@pytest.mark.parametrize("name", NAMES)
@given(rows=tables)
@settings(deadline=None, max_examples=25)
def test_duplicating_units_changes_alpha_alone(name: str, rows: Rows) -> None:
    """Alpha corrects for small samples, so twice the same units is not the same; all else is a function of shares."""
    rows = two_coders(name, rows)
    once, twice = compute(name, rows), compute(name, rows * 2)
    if name != "alpha" or once is None or once == pytest.approx(1):
        assert same(once, twice)
    else:
        assert twice is not None
        n = sum(len(there) for row in rows if len(there := [value for value in row if value is not None]) > 1)
        assert (1 - twice) / (1 - once) == pytest.approx((2 * n - 1) / (2 * n - 2))


@given(rows=tables, times=st.integers(1, 9), plus=st.integers(-9, 9))
@settings(deadline=None)
def test_interval_alpha_has_no_zero_and_no_unit_ratio_alpha_has_a_zero(rows: Rows, times: int, plus: int) -> None:
    moved = [[None if value is None else value * times + plus for value in row] for row in rows]
    assert same(compute("alpha", rows, "interval"), compute("alpha", moved, "interval"))
    scaled = [[None if value is None else value * times for value in row] for row in rows]
    assert same(compute("alpha", rows, "ratio"), compute("alpha", scaled, "ratio"))


@given(rows=tables)
@settings(deadline=None)
def test_ordinal_alpha_only_feels_the_order(rows: Rows) -> None:
    stretched = [[None if value is None else 10**value for value in row] for row in rows]
    assert same(compute("alpha", rows, "ordinal"), compute("alpha", stretched, "ordinal"))


@given(rows=tables)
@settings(deadline=None)
def test_with_two_values_all_levels_but_ratio_are_one(rows: Rows) -> None:
    rows = [[min(value, 1) if value is not None else None for value in row] for row in rows]
    nominal = compute("alpha", rows)
    assert same(nominal, compute("alpha", rows, "ordinal"))
    assert same(nominal, compute("alpha", rows, "interval"))
    assert same(nominal, compute("alpha", rows, "masi"))


@pytest.mark.parametrize("name", NAMES)
def test_perfect_agreement_is_one(name: str) -> None:
    assert compute(name, [[value, value] for value in (0, 1, 2, 1)]) == pytest.approx(1)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "percent"])
def test_coding_by_chance_is_nought(name: str) -> None:
    generator = np.random.default_rng(7)
    rows = generator.integers(3, size=(20_000, 2)).tolist()
    level = "ordinal" if name == "ac2" else "nominal"
    assert compute(name, rows, level) == pytest.approx(0, abs=0.03)


def test_units_coded_once_do_not_change_alpha() -> None:
    rows: Rows = [[0, 1, None], [1, 1, 1], [2, 2, None]]
    assert krippendorff_alpha(rows, interval=False) == krippendorff_alpha([*rows], interval=False)
    assert same(compute("alpha", rows), compute("alpha", [*rows, [None, 0, None], [None, None, None]]))
