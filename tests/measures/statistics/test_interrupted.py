"""Interrupted series against statsmodels, against a jump that was put in, and against none."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from resilens.measures.statistics.interrupted import EACH_SIDE, interrupted, placebos


@given(st.integers(0, 10_000), st.integers(EACH_SIDE, 40), st.integers(EACH_SIDE, 40), st.integers(0, 7))
def test_estimates_and_errors_are_statsmodels(seed: int, before: int, after: int, lag: int) -> None:
    values = np.random.default_rng(seed).normal(size=before + after).cumsum()
    days = np.arange(before + after) - before
    later = (days >= 0).astype(float)
    design = np.column_stack([np.ones(len(days)), days, later, days * later])
    theirs = sm.OLS(values, design).fit(cov_type="HAC", cov_kwds={"maxlags": lag, "use_correction": True}, use_t=True)
    ours = interrupted(values, before, lag)
    assert (ours.jump, ours.slope) == pytest.approx(tuple(theirs.params[2:]))
    assert (ours.jump_error, ours.slope_error) == pytest.approx(tuple(theirs.bse[2:]))
    assert ours.interval(ours.jump, ours.jump_error) == pytest.approx(tuple(theirs.conf_int()[2]))


def test_a_jump_and_a_turn_without_noise_are_exact() -> None:
    days = np.arange(-20, 30)
    found = interrupted(np.where(days < 0, 10 + 0.5 * days, 16 - 0.25 * days), 20)
    assert (found.jump, found.slope) == pytest.approx((6, -0.75))
    assert (found.before, found.after, found.lag) == (20, 30, 3)


def test_a_jump_stands_out_of_its_placebos_and_noise_does_not() -> None:
    generator = np.random.default_rng(7)
    noise = generator.normal(size=100)
    jumped = noise + np.where(np.arange(100) >= 50, 8.0, 0.0)
    others = placebos(jumped, range(100), 20, 20)
    assert (min(others), max(others)) == (20, 80)
    assert others[40] == interrupted(jumped[20:60], 20)
    quiet = [abs(shift.jump) for place, shift in others.items() if abs(place - 50) >= 20]
    assert interrupted(jumped[30:70], 20).jump > max(quiet)
    assert placebos(noise[:39], range(39), 20, 20) == {}


def test_under_14_days_on_a_side_there_is_no_answer() -> None:
    for start in (13, 27):
        with pytest.raises(ValueError, match="14 are needed on each side"):
            interrupted(np.zeros(40), start)
    with pytest.raises(ValueError, match="no value"):
        interrupted([np.nan] * 40, 20)
