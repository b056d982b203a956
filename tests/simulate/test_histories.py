"""Histories of accounts follow the macro path, in order, with labels as wrong as declared."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats
from tests.simulate.worlds import changed

from resilens.simulate.histories import MARK_SHAPE, Users, histories
from resilens.simulate.macro import HOSTS, NEWCOMERS, RESIDENTS, VISITORS, Path, mean_field
from resilens.simulate.streams import Streams
from resilens.simulate.world import CLASSES, GROUPS, STATES

MANY = changed("tiktok-refugees", users=200_000)


@cache
def path() -> Path:
    return mean_field(MANY)


@cache
def users() -> Users:
    return histories(MANY, path(), Streams(9))


def counted(drawn: Users, day: float, group: int, kind: int) -> npt.NDArray[np.int64]:
    """How many accounts of a group and class are in P, R, A, C, X."""
    own = np.flatnonzero((drawn.group == group) & (drawn.kind == kind))
    state = drawn.state(own, np.full(own.size, day))
    return np.bincount(np.where(state >= 0, state + 1, np.where(day >= drawn.left[own], 4, 0)), minlength=len(STATES))


@pytest.mark.parametrize("day", [3.0, 8.0, 10.0, 11.5, 13.0, 20.0, 45.0, 111.9])
def test_shares_by_group_class_and_state_are_those_of_the_macro_path(day: float) -> None:
    """Counts are binomial with the path's shares; 1 % is allowed for its steps."""
    for group, kind in itertools.product(range(len(GROUPS)), range(len(CLASSES))):
        found = counted(users(), day, group, kind)
        if not found.sum():
            assert (group, kind) == (HOSTS, VISITORS)
            continue
        people = np.array([np.interp(day, path().times, row) for row in path().counts[:, group, kind].T])
        low, high = (np.clip(people / people.sum() * factor, 0, 1) for factor in (0.99, 1.01))
        assert (stats.binom.cdf(found, found.sum(), low) > 1e-5).all(), (group, kind, found)
        assert (stats.binom.sf(found - 1, found.sum(), high) > 1e-5).all(), (group, kind, found)


def test_groups_and_classes_have_their_shares() -> None:
    drawn = users()
    assert (drawn.group == NEWCOMERS).mean() == pytest.approx(MANY.newcomer_share, abs=0.005)
    for group, community in enumerate(MANY.groups):
        kinds = np.bincount(drawn.kind[drawn.group == group], minlength=3) / (drawn.group == group).sum()
        wanted = [1 - community.visitors - community.residents, community.visitors, community.residents]
        assert kinds == pytest.approx(wanted, abs=0.006)


def test_times_are_in_order_and_nothing_happens_after_leaving() -> None:
    drawn = users()
    joined = np.isfinite(drawn.joined)
    assert (drawn.joined[joined] >= 0).all()
    for earlier, later in ((drawn.joined, drawn.adapted), (drawn.adapted, drawn.cosmopolitan)):
        reached = np.isfinite(later)
        assert reached.any()
        assert (earlier[reached] <= later[reached]).all()
    gone = np.isfinite(drawn.left)
    for times in (drawn.joined, drawn.adapted, drawn.cosmopolitan):
        happened = gone & np.isfinite(times)
        assert (times[happened] <= drawn.left[happened]).all()
    assert joined[gone].all()
    every = np.concatenate([drawn.joined, drawn.adapted, drawn.cosmopolitan, drawn.left])
    assert every[np.isfinite(every)].max() <= MANY.days


def test_visitors_look_in_and_never_advance() -> None:
    drawn = users()
    visitors = drawn.kind == VISITORS
    assert np.isfinite(drawn.joined[visitors]).any()
    assert not np.isfinite(drawn.adapted[visitors]).any()
    assert not np.isfinite(drawn.cosmopolitan[visitors]).any()
    assert not (visitors & (drawn.group == HOSTS)).any()
    postponed = MANY.day(MANY.event.postponed) or 0.0
    there = visitors & (drawn.joined < postponed) & (drawn.left > postponed)
    soon = drawn.left[there] < postponed + 2
    assert soon.mean() == pytest.approx(1 - np.exp(-2 * MANY.newcomers.visitor_exit), abs=0.02)


def test_residents_stay() -> None:
    drawn = users()
    own = (drawn.group == NEWCOMERS) & np.isfinite(drawn.joined)
    stays = [(~np.isfinite(drawn.left[own & (drawn.kind == kind)])).mean() for kind in (0, RESIDENTS)]
    assert stays[1] > 0.8 > 0.3 > stays[0]


def test_state_changes_at_the_very_moment() -> None:
    """An account is in a state from the moment it enters, and away from the moment it leaves."""
    drawn = users()
    cosmopolitan = np.isfinite(drawn.cosmopolitan) & (drawn.joined < drawn.adapted)
    own = np.flatnonzero(cosmopolitan & (drawn.adapted < drawn.cosmopolitan) & np.isfinite(drawn.left))
    assert own.size > 100
    for state, times in enumerate((drawn.joined, drawn.adapted, drawn.cosmopolitan)):
        assert (drawn.state(own, times[own]) == state).all()
        assert (drawn.state(own, np.nextafter(times[own], -np.inf)) == state - 1).all()
    assert (drawn.state(own, drawn.left[own]) == -1).all()
    assert (drawn.state(own, np.nextafter(drawn.left[own], -np.inf)) == 2).all()
    never = np.flatnonzero(~np.isfinite(drawn.joined))
    assert (drawn.state(never, np.full(never.size, 1e9)) == -1).all()


def test_labels_err_and_are_missing_as_declared() -> None:
    world = changed(MANY, newcomers={"label_error": 0.1, "location_missing": 0.2},
                    hosts={"label_error": 0.05, "location_missing": 0.3})  # fmt: skip
    drawn = histories(world, path(), Streams(9))
    for group, community in enumerate(world.groups):
        own = drawn.group == group
        assert drawn.mislabelled[own].mean() == pytest.approx(community.label_error, abs=0.004)
        assert (drawn.location[own] < 0).mean() == pytest.approx(community.location_missing, abs=0.006)
        right = own & ~drawn.mislabelled & (drawn.location >= 0)
        found = np.bincount(drawn.location[right], minlength=len(community.locations)) / right.sum()
        weights = np.array(list(community.locations.values()))
        assert found == pytest.approx(weights / weights.sum(), abs=0.01)
        wrong = own & drawn.mislabelled & (drawn.location >= 0)
        assert drawn.location[wrong].max() < len(world.groups[1 - group].locations)


def test_labels_do_not_touch_histories() -> None:
    """Switches of labels and observation leave every other column as it was, bit for bit."""
    world = changed(MANY, newcomers={"label_error": 0.5, "location_missing": 0.5},
                    observation={"accounts_deleted": 0.5, "location_shown": False})  # fmt: skip
    drawn = histories(world, path(), Streams(9))
    assert (drawn.location == -1).all()
    for name in ("group", "kind", "mark", "joined", "adapted", "cosmopolitan", "left", "zone", "hours"):
        assert np.array_equal(getattr(drawn, name), getattr(users(), name)), name


def test_accounts_are_deleted_at_their_rate_and_marks_are_gamma() -> None:
    world = changed(MANY, observation={"accounts_deleted": 0.07})
    drawn = histories(world, path(), Streams(9))
    assert drawn.deleted.mean() == pytest.approx(0.07, abs=0.003)
    assert drawn.mark.mean() == pytest.approx(1, abs=0.015)
    assert drawn.mark.var() == pytest.approx(1 / MARK_SHAPE, rel=0.05)


def test_zones_have_their_weights_and_their_hours() -> None:
    drawn = users()
    for group, community in enumerate(MANY.groups):
        own = drawn.group == group
        weights = np.array(list(community.zones.values()))
        found = np.bincount(drawn.zone[own], minlength=weights.size) / own.sum()
        assert found == pytest.approx(weights / weights.sum(), abs=0.006)
    assert set(drawn.hours[drawn.group == HOSTS].tolist()) == {0.0}
    assert set(drawn.hours[drawn.group == NEWCOMERS].tolist()) == {-13.0, -14.0, -16.0, -8.0}


def test_a_smaller_pool_is_the_beginning_of_a_larger_one() -> None:
    """Histories are keyed by account: whoever is there in both has the same one."""
    fewer = histories(changed(MANY, users=1000), path(), Streams(9))
    assert np.array_equal(fewer.joined, users().joined[:1000])
    assert np.array_equal(fewer.left, users().left[:1000])


def test_nobody_comes_by_a_rate_of_zero() -> None:
    world = changed("tiktok-refugees", users=2000, rates={"p": 0.0, "q": 0.0})
    drawn = histories(world, mean_field(world), Streams(1))
    assert not np.isfinite(drawn.joined).any()
    assert not np.isfinite(drawn.left).any()
