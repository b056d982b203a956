"""Kaplan-Meier against the leukaemia trial and statsmodels; hazards between looks against their closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from resilens.measures.statistics.survival import hazard_between, life_table

TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
"""Weeks of remission, 6-mercaptopurine against placebo: Freireich et al. 1963, *Blood* 21, 699-716."""

cases = st.lists(st.tuples(st.integers(0, 15), st.booleans(), st.integers(0, 4)), min_size=1, max_size=40)


def test_the_leukaemia_trial_has_its_published_curve_and_medians() -> None:
    table = life_table(TREATED, RELAPSED)
    curve = table.survival()
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {int(time): round(float(curve[0, place]), 3) for place, time in enumerate(table.times)
            if time in published} == published  # fmt: skip
    assert table.median(curve)[0] == 23
    assert table.by(curve, 10)[0] == pytest.approx(1 - 0.7529, abs=1e-4)
    placebo = life_table(PLACEBO, [True] * 21)
    assert placebo.median(placebo.survival())[0] == 8


@given(cases)
def test_it_is_statsmodels_curve(watched: list[tuple[int, bool, int]]) -> None:
    times, happened = [one[0] for one in watched], [one[1] for one in watched]
    table = life_table(times, happened)
    curve = table.survival()[0]
    if not any(happened):
        assert curve == pytest.approx(np.ones(len(table.times)))
        return
    theirs = SurvfuncRight(np.array(times, float) + 1, np.array(happened, int))
    for time, survival in zip(theirs.surv_times, theirs.surv_prob, strict=True):
        assert curve[list(table.times).index(time - 1)] == pytest.approx(survival)


@given(cases, st.lists(st.integers(0, 3), min_size=5, max_size=5))
def test_a_draw_of_threads_is_the_curve_of_their_cases_written_out(
    watched: list[tuple[int, bool, int]], drawn: list[int]
) -> None:
    times, happened, threads = (np.array(part) for part in zip(*watched, strict=True))
    table = life_table([*times, 99.0], [*happened, False], [*threads, 4])
    curve = table.survival([drawn])[0]
    written = [(time, event) for time, event, thread in zip([*times, 99.0], [*happened, False], [*threads, 4],
                                                            strict=True) for _ in range(drawn[thread])]  # fmt: skip
    if not written:
        assert np.isnan(curve).all()
        return
    plain = life_table(*zip(*written, strict=True))
    by_hand = dict(zip(plain.times, plain.survival()[0], strict=True))
    assert all(curve[place] == pytest.approx(by_hand[time])
               for place, time in enumerate(table.times) if time in by_hand)  # fmt: skip


def test_what_was_watched_too_briefly_is_not_known() -> None:
    table = life_table([1, 2, 5], [True, False, False])
    curve = table.survival()
    assert table.by(curve, 5)[0] == pytest.approx(1 / 3)
    assert np.isnan(table.by(curve, 6)[0])
    assert np.isnan(table.median(curve)[0])
    assert table.by(curve, 0.5)[0] == 0
    certain = life_table([1, 2], [True, True])
    assert certain.by(certain.survival(), 9)[0] == 1


@pytest.mark.parametrize(
    ("times", "happened"), [([], []), ([1.0], [True, False]), ([-1.0], [True]), ([np.inf], [True])]
)
def test_what_is_no_life_table_is_refused(times: list[float], happened: list[bool]) -> None:
    with pytest.raises(ValueError, match="at least one case|finite"):
        life_table(times, happened)


@given(st.floats(0.1, 50), st.integers(1, 500), st.data())
def test_with_one_gap_the_hazard_has_its_closed_form(gap: float, there: int, data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, there))
    found = float(hazard_between([gap], [there], [gone]))
    if gone == there:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(-np.log(1 - gone / there) / gap)


def test_the_hazard_maximises_the_likelihood_of_unequal_gaps() -> None:
    gaps, there, gone = np.array([1.0, 3, 10]), np.array([50, 40, 30]), np.array([4, 9, 15])
    found = float(hazard_between(gaps, there, gone))
    grid = np.linspace(0.3, 3, 4001)[:, None] * found
    likelihood = (gone * np.log(-np.expm1(-grid * gaps)) - (there - gone) * grid * gaps).sum(axis=1)
    assert grid[likelihood.argmax(), 0] == pytest.approx(found, rel=1e-3)


def test_simulated_removals_are_recovered_and_draws_are_rows() -> None:
    generator = np.random.default_rng(1)
    gaps = np.array([1.0, 2, 5])
    there = np.full((400, 3), 200)
    gone = generator.binomial(there, 1 - np.exp(-0.05 * gaps))
    found = hazard_between(gaps, there, gone)
    assert found.shape == (400,)
    assert found.mean() == pytest.approx(0.05, rel=0.02)
    assert np.isnan(hazard_between(gaps, np.zeros(3), np.zeros(3)))
    with pytest.raises(ValueError, match="no more can go"):
        hazard_between([1.0], [1], [2])
