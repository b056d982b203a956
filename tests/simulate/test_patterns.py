"""The default world behaves as the event did, and a pattern that is not there is not found."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from tests.simulate.worlds import changed

from resilens.simulate import patterns
from resilens.simulate.macro import Path, mean_field
from resilens.simulate.patterns import WHAT, Pattern, check, judged
from resilens.simulate.targets import Reached, reached, targets
from resilens.simulate.world import presets, world

OF_PEOPLE = ("P1", "P2", "P3", "P4", "P8", "P10", "P12")


@cache
def default() -> Path:
    return mean_field(world("tiktok-refugees"))


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_the_default_world_shows_every_pattern_of_people(name: str) -> None:
    (pattern,) = [one for one in check(default()) if one.name == name]
    assert pattern.passed, str(pattern) + pattern.reason


def test_all_patterns_come_in_order_with_what_is_still_missing() -> None:
    further = [judged("P9", "half", "half", True), judged("P8", "0.1 against 0.2", "less", True)]
    found = check(default(), further)
    assert [one.name for one in found] == sorted([*WHAT, "P8"], key=list(WHAT).index)
    assert {one.name for one in found if one.passed is None} == set(WHAT) - set(OF_PEOPLE) - {"P9"}
    assert all(one.reason for one in found if not one.passed)


def test_a_quiet_world_shows_none() -> None:
    found = check(mean_field(world("quiet")))
    assert [one.name for one in found] == list(WHAT)
    assert all(one.passed is None and one.reason == "a quiet world has no event" for one in found)


def test_every_preset_can_be_judged() -> None:
    for name in presets():
        for one in check(mean_field(world(name))):
            assert one.passed in (True, False, None)
            assert "nan" not in one.value
            assert str(one)


@pytest.mark.parametrize(
    ("judge", "tables"),
    [
        (patterns.explosive_rise, {"rates": {"p": 0.5, "tau_up": 50.0}}),
        (patterns.shallower_attention, {"rates": {"cdec": -0.0, "alpha1": 0.0}, "newcomers": {"visitors": 0.0}}),
        (patterns.lasting_remainder, {"newcomers": {"residents": 0.0}}),
        (patterns.moderation_retains, {"rates": {"psi": 0.0}}),
        (patterns.growing_balance, {"newcomers": {"talk": [1.0, 0.8, 0.3]}}),
        (patterns.public_figures, {"rates": {"v0": 1.0}}),
    ],
)
def test_a_pattern_taken_away_fails(judge: patterns.Check, tables: dict[str, object]) -> None:
    found = judge(mean_field(changed("tiktok-refugees", **tables)))
    assert found.passed is False
    assert found.reason


def test_without_novelty_attention_does_not_come_first() -> None:
    lasting = mean_field(changed("tiktok-refugees", rates={"lasting": 1.0, "cdec": 0.0, "mu": 0.0}))
    assert patterns.attention_first(lasting).passed is False


def test_a_remainder_is_not_judged_on_a_short_path() -> None:
    short = patterns.lasting_remainder(mean_field(changed("tiktok-refugees", days=40)))
    assert short.passed is None


def test_two_exponentials_are_found_where_they_are() -> None:
    day = np.arange(0.0, 90.0)
    one, two = patterns._misfit(day, np.log(np.exp(-day / 3) + 0.1 * np.exp(-day / 60)))
    assert two < 1e-3 < one


def test_public_figures_name_their_sources() -> None:
    figures = targets("tiktok-refugees")
    assert {one.metric for one in figures if one.use} == {"views", "discussions", "share_of_peak_day"}
    assert all(one.source and (one.use or one.reason) for one in figures)
    assert targets("quiet") == ()


def test_a_figure_is_met_on_its_side() -> None:
    for figure in targets("tiktok-refugees"):
        near, above, below = (Reached(figure, figure.value * factor) for factor in (1.1, 1.3, 0.7))
        assert above.met == (figure.bound == "at_least")
        assert below.met == (figure.bound == "at_most")
        assert near.met == (figure.bound != "at_most")
        assert near.error == pytest.approx(0.1)


def test_the_default_world_meets_every_figure_in_use() -> None:
    found = [reached(default(), one) for one in targets("tiktok-refugees") if one.use]
    assert [str(one) for one in found if not one.met] == []


def test_a_pattern_says_its_verdict() -> None:
    assert str(Pattern("P1", "a", "b", "c", True)).startswith("pass")
    assert str(Pattern("P1", "a", "b", "c", False, "d")).startswith("FAIL")


@pytest.mark.parametrize("changes", [{"days": 7}, {"days": 15}, {"rates": {"p": 0.0}}])
def test_a_world_that_ends_early_or_stays_empty_is_judged_in_numbers_or_not_at_all(changes: dict[str, Any]) -> None:
    found = check(mean_field(changed("tiktok-refugees", **changes)))
    assert {one.name for one in found} == set(WHAT)
    assert not [str(one) for one in found if "nan" in one.value or "inf" in one.value]
    assert all(one.reason for one in found if not one.passed)
