"""Nobody is lost, steps are small enough, chance averages out to the mean field, switches touch what they should."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

import numpy as np
import pytest
from scipy import stats
from tests.simulate.worlds import changed

from resilens.simulate.macro import HOSTS, NEWCOMERS, RESIDENTS, VISITORS, Path, initial, mean_field, steps, stochastic
from resilens.simulate.world import presets, world

SMALL = changed("tiktok-refugees", days=28, rates={"M_n": 57_000.0, "M_h": 30_000.0})
RUNS = 200


@cache
def path(name: str = "tiktok-refugees") -> Path:
    return mean_field(world(name))


@cache
def runs() -> Path:
    return stochastic(SMALL, seed=3, runs=RUNS)


@pytest.mark.parametrize("name", presets())
def test_the_mean_field_loses_nobody(name: str) -> None:
    counts = path(name).counts
    assert counts.min() >= 0
    assert counts.sum(axis=-1) == pytest.approx(np.broadcast_to(counts[0].sum(axis=-1), counts.shape[:-1]), rel=1e-12)


def test_chance_loses_nobody() -> None:
    counts = runs().counts
    assert counts.shape == (RUNS, steps(SMALL).size, 2, 3, 5)
    assert counts.min() >= 0
    assert (counts == np.rint(counts)).all()
    assert (counts.sum(axis=-1) == initial(SMALL).sum(axis=-1)).all()


def test_the_mean_of_random_paths_is_the_mean_field() -> None:
    """Within standard errors where nobody acts on anybody; with contagion, early chance moves the whole rise."""
    alone = changed(SMALL, rates={"q": 0.0, "q_h": 0.0, "kappa": 0.0, "p": 0.3, "gamma": 0.5})
    drawn, expected = stochastic(alone, seed=5, runs=RUNS).counts, mean_field(alone).counts
    moment = [100, 250, 400, -1]
    error = drawn[:, moment].std(axis=0, ddof=1) / np.sqrt(RUNS)
    # Reciprocity is the one feedback left: it reaches C through A's hazard, and bends its mean by less than 1e-3.
    off = np.abs(drawn[:, moment].mean(axis=0) - expected[moment])
    assert (off <= 4.5 * error + 1e-3 * expected[moment] + 1e-9).all()


def test_contagion_bends_the_mean_only_a_little() -> None:
    """Early chance shifts a rise in time, so where the rise is convex the mean lies off the mean field."""
    drawn, expected = runs().active(NEWCOMERS), mean_field(SMALL).active(NEWCOMERS)
    error = drawn.std(axis=0, ddof=1) / np.sqrt(RUNS)
    for day in (5, 8, 10, 13, 20, 28):
        step = int(np.searchsorted(runs().times, day))
        assert abs(drawn[:, step].mean() - expected[step]) <= 4 * error[step] + 0.02 * expected[step]


def test_a_hundredfold_pool_varies_a_tenth_as_much() -> None:
    large = changed(SMALL, days=14, rates={"M_n": 5.7e6, "M_h": 3.0e6})
    little = changed(SMALL, days=14)
    spread = [stochastic(one, 1, 100).active(NEWCOMERS)[:, -1] for one in (little, large)]
    relative = [one.std() / one.mean() for one in spread]
    assert relative[0] / relative[1] == pytest.approx(10, rel=0.35)


def test_halving_the_steps_changes_little_and_by_the_square() -> None:
    counts = [mean_field(world("tiktok-refugees"), divide).counts[::divide] for divide in (1, 2, 4)]
    size = counts[-1].max(axis=0)
    once, twice = (np.abs(one - other).max(axis=0) for one, other in ((counts[0], counts[1]), (counts[1], counts[2])))
    seen = size > 1e-3 * size.max()
    assert (once[seen] / size[seen]).max() < 0.02
    assert once[seen].sum() / twice[seen].sum() > 3  # an error of first order would give 2


def test_a_seed_gives_one_path_and_another_seed_another() -> None:
    short = changed(SMALL, days=10)
    one, same, other = (stochastic(short, seed, 2).counts for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_path_of_one_run_looks_like_one_of_many() -> None:
    short = changed(SMALL, days=10)
    one, expected = stochastic(short, 1), mean_field(short)
    assert one.counts.shape == (1, *expected.counts.shape)
    assert one.discussions.shape == one.views.shape == (1, expected.times.size)
    for field in fields(Path):
        if field.name not in ("world", "counts"):
            assert getattr(one, field.name).shape == getattr(expected, field.name).shape
    assert one.by_state(HOSTS).shape == (1, expected.times.size, 3)


def test_moderation_without_effect_is_no_moderation() -> None:
    on = changed("tiktok-refugees", rates={"nu": 0.0})
    off = changed(on, moderation={"on": False})
    assert np.array_equal(mean_field(on).counts, mean_field(off).counts)
    assert np.array_equal(stochastic(changed(on, days=10), 1, 3).counts, stochastic(changed(off, days=10), 1, 3).counts)


def test_moderation_touches_nothing_where_nobody_is_hostile() -> None:
    on = changed("tiktok-refugees", rates={"psi": 0.0})
    assert np.array_equal(mean_field(on).counts, mean_field(changed(on, moderation={"on": False})).counts)


def test_moderation_does_not_touch_visitors_leaving_or_hosts_joining() -> None:
    on, off = path(), mean_field(changed("tiktok-refugees", moderation={"on": False}))
    assert np.array_equal(on.leaving[:, :, VISITORS], off.leaving[:, :, VISITORS])
    assert (on.leaving <= off.leaving).all()
    assert off.active(NEWCOMERS)[-1] < on.active(NEWCOMERS)[-1]


def test_visitors_are_not_met() -> None:
    """Whether they leave sooner or later changes nothing for anybody else."""
    here, gone = (mean_field(changed("tiktok-refugees", newcomers={"visitor_leave": rate})) for rate in (0.0, 5.0))
    others = [0, 2]
    assert np.array_equal(here.counts[:, :, others], gone.counts[:, :, others])
    assert np.array_equal(here.discussions, gone.discussions)
    assert here.active(NEWCOMERS).max() > 1.3 * gone.active(NEWCOMERS).max()


def test_visitors_leave_at_the_postponement() -> None:
    visitors = path().counts[:, NEWCOMERS, VISITORS, 1]
    times, postponed = path().times, path().world.day(path().world.event.postponed) or 0.0
    before, after = np.interp([postponed, postponed + 2], times, visitors)
    assert after < 0.1 * before


def test_a_remainder_lasts_because_of_residents() -> None:
    without = mean_field(changed("tiktok-refugees", newcomers={"residents": 0.0}))
    residents = path().counts[-1, NEWCOMERS, RESIDENTS, 1:4].sum()
    assert residents > 0.8 * path().counts[:, NEWCOMERS, RESIDENTS, 1:4].sum(axis=-1).max()
    assert without.active(NEWCOMERS)[-1] < 0.5 * path().active(NEWCOMERS)[-1]


def test_reciprocity_does_not_depend_on_how_many_hosts_there_are() -> None:
    few, many = (mean_field(changed("tiktok-refugees", rates={"M_h": size, "alpha1": 0.0})) for size in (1e6, 1e9))
    late = few.middles > 6
    assert few.balance[late] == pytest.approx(many.balance[late], abs=1e-3)
    assert few.balance.max() <= 1


def test_nothing_happens_in_a_quiet_world() -> None:
    quiet = path("quiet")
    assert np.array_equal(quiet.counts[:, NEWCOMERS], quiet.counts[:, HOSTS])
    first_hour = quiet.times >= 1 / 24
    assert np.ptp(quiet.active()[first_hour]) < 1e-6 * quiet.active()[-1]
    assert (quiet.counts[..., 2:] == 0).all()


def test_sums_over_time_are_exact_for_a_constant() -> None:
    one = np.ones(path().times.size)
    assert float(path().cumulated(one, 13.37)) == pytest.approx(13.37)
    assert float(path().cumulated(one, 1e6)) == pytest.approx(path().world.days)
    assert float(path().mean(one * 7, 3.3, 40.1)) == pytest.approx(7)


def test_waiting_alone_is_exponential() -> None:
    """One state, one rate: the stochastic count is binomial with the probability of the closed form."""
    alone = changed("quiet", days=7, rates={"M_n": 1000.0, "M_h": 1000.0, "p": 0.2})
    joined = stochastic(alone, 2, 400).active(NEWCOMERS)[:, -1]
    law = stats.binom(1000, 1 - np.exp(-0.2 * 7))
    assert abs(joined.mean() - law.mean()) < 4 * law.std() / 20
    assert joined.std() == pytest.approx(law.std(), rel=0.15)
