"""Functions of time have the limits their formulas say, and the clock of activity can be read both ways."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulate.worlds import changed

from resilens.simulate import rates
from resilens.simulate.world import world

WORLD = world("tiktok-refugees")
DEADLINE = WORLD.day(WORLD.event.deadline) or 0.0
POSTPONED = WORLD.day(WORLD.event.postponed) or 0.0
DAYS = np.linspace(0.0, 112.0, 1000)


def at(day: float) -> np.ndarray:
    return np.array([day])


def test_salience_rises_to_one_at_the_deadline_and_falls() -> None:
    own = WORLD.rates
    assert rates.salience(WORLD, at(DEADLINE))[0] == pytest.approx(1.0)
    assert rates.salience(WORLD, at(DEADLINE - own.tau_up))[0] == pytest.approx(np.exp(-1))
    assert rates.salience(WORLD, at(DEADLINE + own.tau_dn))[0] == pytest.approx(np.exp(-1))


def test_salience_lasts_where_nothing_is_postponed() -> None:
    due = changed(WORLD, event={"postponed": None})
    after = DEADLINE + rates.AFTERMATH * WORLD.rates.tau_dn
    assert rates.salience(due, at(after))[0] == pytest.approx(np.exp(-1))
    assert rates.postponed_leaving(due, DAYS) == pytest.approx(1.0)


def test_leaving_jumps_at_the_postponement_and_comes_back() -> None:
    leaving = rates.postponed_leaving(WORLD, np.array([POSTPONED, POSTPONED + 1e-9, POSTPONED + 1000.0]))
    assert leaving == pytest.approx([1.0, 1.0 + WORLD.rates.omega, 1.0])
    assert rates.once_postponed(WORLD, np.array([POSTPONED, POSTPONED + 1e-9])).tolist() == [False, True]


def test_novelty_falls_from_one_to_what_lasts() -> None:
    novelty = rates.novelty(WORLD, DAYS)
    assert novelty[0] == pytest.approx(1.0)
    assert (np.diff(novelty) <= 0).all()
    assert rates.novelty(WORLD, at(1e4))[0] == pytest.approx(WORLD.rates.lasting)


def test_mixing_goes_from_m0_to_m1_with_translation() -> None:
    own, arrival = WORLD.rates, WORLD.day(WORLD.event.translation) or 0.0
    mixing = rates.mixing(WORLD, np.array([0.0, arrival, 112.0]))
    assert mixing == pytest.approx([own.m0, (own.m0 + own.m1) / 2, own.m1])
    never = changed(WORLD, event={"translation": None})
    assert rates.mixing(never, DAYS) == pytest.approx(own.m0)


def test_moderation_hides_part_of_hostility() -> None:
    assert rates.visible_share(changed(WORLD, rates={"nu": 3.0})) == 0.25
    assert rates.visible_share(changed(WORLD, moderation={"on": False})) == 1.0


def test_nothing_changes_in_a_quiet_world() -> None:
    quiet = world("quiet")
    assert (rates.salience(quiet, DAYS) == 0).all()
    for function in (rates.novelty, rates.mixing, rates.postponed_leaving):
        assert np.ptp(function(quiet, DAYS)) == 0


@given(
    st.floats(0.01, 1.0), st.sampled_from([-13.0, -5.5, 0.0, 8.0]),
    st.lists(st.floats(0.0, 112.0), min_size=1, max_size=30),
)  # fmt: skip
def test_the_clock_of_activity_reads_both_ways(night: float, hours: float, written: list[float]) -> None:
    day = np.array(written)
    wound = rates.wound(night, hours, day)
    assert np.floor(wound) == pytest.approx(np.floor(day), abs=1)
    assert rates.unwound(night, hours, wound) == pytest.approx(day, abs=1e-9)
    assert rates.wound(night, hours, rates.unwound(night, hours, day)) == pytest.approx(day, abs=1e-9)


def test_activity_peaks_in_the_evening_where_people_live() -> None:
    hours = np.arange(25) / 24
    for ahead in (0.0, -13.0):
        an_hour = np.diff(rates.wound(0.08, ahead, hours))
        busiest = (rates.PEAK_HOUR - ahead) % 24
        assert int(np.argmax(an_hour)) in {int(busiest), (int(busiest) - 1) % 24}
        assert an_hour.sum() == pytest.approx(1.0)
