"""Interrupted series against statsmodels, against a jump that was put in, against none, and whether intervals cover."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import toeplitz

from resilens.measures.statistics.interrupted import COEFFICIENTS, EACH_SIDE, interrupted, placebos


def design(before: int, after: int) -> np.ndarray:
    days = np.arange(before + after) - before
    later = (days >= 0).astype(float)
    return np.column_stack([np.ones(len(days)), days, later, days * later])


def wandering(r: float, n: int, rows: int, seed: int) -> np.ndarray:
    """First-order autoregressive series."""
    steps = np.random.default_rng(seed).normal(size=(rows, n + 60))
    for place in range(1, n + 60):
        steps[:, place] += r * steps[:, place - 1]
    return steps[:, 60:]


@given(st.integers(0, 10_000), st.integers(EACH_SIDE, 40), st.integers(EACH_SIDE, 40), st.integers(0, 77))
def test_for_every_autocorrelation_it_is_statsmodels_gls(seed: int, before: int, after: int, place: int) -> None:
    values = np.random.default_rng(seed).normal(size=before + after).cumsum()
    sigma = toeplitz(COEFFICIENTS[place] ** np.arange(before + after))
    theirs = sm.GLS(values, design(before, after), sigma=sigma).fit()
    ours = interrupted(values, before)
    assert (ours.jump.at[place], ours.slope.at[place]) == pytest.approx(tuple(theirs.params[2:]), rel=1e-5)
    assert (ours.jump.error[place], ours.slope.error[place]) == pytest.approx(tuple(theirs.bse[2:]), rel=1e-5)
    assert ours.jump.weight.sum() == pytest.approx(1)


def test_a_jump_and_a_turn_without_noise_are_exact() -> None:
    days = np.arange(-20, 30)
    found = interrupted(np.where(days < 0, 10 + 0.5 * days, 16 - 0.25 * days), 20)
    assert (found.jump.value, found.slope.value) == pytest.approx((6, -0.75))
    assert found.jump.interval() == pytest.approx((6, 6), abs=1e-6)
    assert (found.before, found.after) == (20, 30)


def test_the_interval_is_the_middle_of_the_mixture_and_grows_with_the_level() -> None:
    jump = interrupted(wandering(0.3, 40, 1, 2)[0], 20).jump
    low, high = jump.interval(0.95)
    assert (jump._below(low), jump._below(high)) == pytest.approx((0.025, 0.975))
    wide = jump.interval(0.99)
    assert wide[0] < low < jump.value < high < wide[1]


def test_the_wandering_is_seen() -> None:
    means = [np.mean([interrupted(row, 28).autocorrelation for row in wandering(r, 56, 40, 3)]) for r in (0.0, 0.6)]
    assert means[1] - means[0] > 0.3


@pytest.mark.parametrize("r", [0.0, 0.5, 0.8])
def test_intervals_cover_where_newey_west_does_not(r: float) -> None:
    rows, x = wandering(r, 28, 200, 4), design(14, 14)
    ends = [interrupted(row, 14).jump.interval() for row in rows]
    errors = {"cov_type": "HAC", "cov_kwds": {"maxlags": 3, "use_correction": True}, "use_t": True}
    usual = [sm.OLS(row, x).fit(**errors).conf_int()[2] for row in rows]
    covered, theirs = (np.mean([low <= 0 <= high for low, high in one]) for one in (ends, usual))
    print(f"r = {r}: covered {covered:.2f}, Newey-West {theirs:.2f}")
    assert covered > 0.9
    assert theirs < covered


def test_a_jump_stands_out_of_its_placebos() -> None:
    noise = np.random.default_rng(7).normal(size=100)
    jumped = noise + np.where(np.arange(100) >= 50, 8.0, 0.0)
    others = placebos(jumped, range(100), 20, 20)
    assert (min(others), max(others)) == (20, 80)
    assert others[40].jump.value == interrupted(jumped[20:60], 20).jump.value
    quiet = [abs(shift.jump.value) for place, shift in others.items() if abs(place - 50) >= 20]
    assert interrupted(jumped[30:70], 20).jump.value > max(quiet)
    assert placebos(noise[:39], range(39), 20, 20) == {}


def test_under_14_days_on_a_side_there_is_no_answer() -> None:
    for start in (13, 27):
        with pytest.raises(ValueError, match="14 are needed on each side"):
            interrupted(np.zeros(40), start)
    with pytest.raises(ValueError, match="no value"):
        interrupted([np.nan] * 40, 20)
