"""The default world behaves as the event did, item by item; what is taken away fails, what cannot be seen is open."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.simulate.worlds import changed

from resilens.simulate import item_patterns
from resilens.simulate.item_patterns import Seen, gather, of_items
from resilens.simulate.patterns import WHAT, Pattern, check
from resilens.simulate.simulation import Simulation
from resilens.simulate.world import World, presets, world


def judged(own: World, seed: int = 1) -> list[Pattern]:
    """All patterns of a world, as `resilens simulate --patterns` judges them."""
    simulation = Simulation(own, seed)
    seen = gather(simulation.batches(), simulation.vocabulary)
    return check(simulation.path, of_items(simulation, seen))


def named(patterns: list[Pattern], name: str, what: str = "") -> Pattern:
    (found,) = [one for one in patterns if one.name == name and what in one.value + one.reason]
    return found


@cache
def default(seed: int) -> tuple[Pattern, ...]:
    return tuple(judged(world("tiktok-refugees"), seed))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", WHAT)
def test_the_default_world_shows_every_pattern_at_the_size_of_the_demo(name: str, seed: int) -> None:
    found = [one for one in default(seed) if one.name == name]
    assert found
    for one in found:
        assert one.passed, f"{one} {one.reason}"


def test_patterns_come_in_order_and_two_are_judged_of_people_and_of_items() -> None:
    names = [one.name for one in default(1)]
    assert names == sorted(names, key=list(WHAT).index)
    assert names.count("P8") == names.count("P10") == 2


def test_a_quiet_world_is_not_judged() -> None:
    found = judged(changed("quiet", users=2000, items=2000))
    assert all(one.passed is None and one.reason == "a quiet world has no event" for one in found)


@pytest.mark.parametrize("name", presets())
def test_every_verdict_has_its_reason_and_no_number_is_missing(name: str) -> None:
    for one in judged(changed(name, users=4000, items=3000)):
        assert one.passed or one.reason
        assert "nan" not in str(one) + one.reason


SMALL = changed("tiktok-refugees", users=15_000, items=12_000)


def test_without_translation_its_step_is_not_judged() -> None:
    found = named(judged(changed(SMALL, event={"translation": None})), "P7")
    assert (found.passed, found.reason) == (None, "translation never arrives in this world")


def test_translation_without_effect_fails() -> None:
    assert named(judged(changed(SMALL, rates={"m1": 0.16})), "P7").passed is False


def test_few_comments_about_the_arrival_are_not_judged() -> None:
    found = named(judged(changed(SMALL, items=300)), "P7")
    assert found.passed is None
    assert "comments on one side" in found.reason


def test_without_moderation_nothing_is_judged_of_it() -> None:
    found = [one for one in judged(changed(SMALL, moderation={"on": False})) if one.name == "P8"]
    assert [one.passed for one in found] == [None, None]


def test_weak_moderation_fails() -> None:
    assert named(judged(changed(SMALL, rates={"nu": 0.1})), "P8", "visible").passed is False


def test_threads_that_everybody_answers_alike_fail() -> None:
    assert named(judged(changed(SMALL, threads={"dispersion": 50.0})), "P9").passed is False


def test_a_ritual_that_does_not_fall_fails() -> None:
    """Everybody does in every state what newcomers and hosts did at first."""
    rows = [row.model_dump() | {"weights": (row.weights[0],) * 3} for row in SMALL.practices]
    assert named(judged(SMALL.expect(practice=rows)), "P6").passed is False


def test_a_world_without_letters_is_not_judged_on_the_order_of_practices() -> None:
    rows = [row.model_dump() for row in SMALL.practices if row.code != "practice.letter"]
    found = named(judged(SMALL.expect(practice=rows)), "P6")
    assert (found.passed, found.reason) == (None, "one of the practices does not occur")


def test_stages_out_of_order_fail() -> None:
    simulation = Simulation(SMALL, 1)
    users = simulation.users
    assert item_patterns.order_of_stages(users).passed
    users.adapted[:] = np.where(np.isfinite(users.adapted), 0.0, np.inf)
    assert item_patterns.order_of_stages(users).passed is False


def test_symmetry_from_the_start_is_no_growing_symmetry() -> None:
    """Early as late: half of each group's items are answered across."""
    half = np.tile([True, False], 500)
    group = np.repeat([0, 1], 500).astype(np.int8)
    time = np.tile(np.repeat([5.0, 50.0], 2), 250)
    none, zero = np.zeros(1000, bool), np.zeros(1000, np.int64)
    seen = Seen(time, np.zeros(1000, np.int16), group, zero + 1, half, time, half, none, none, np.ones(1000, np.int16),
                group, zero, half)  # fmt: skip
    found = item_patterns.growing_symmetry(SMALL, seen)
    assert found.passed is False
    assert found.value == "asymmetry 0.00 early, 0.00 late"


def test_early_joiners_are_a_question() -> None:
    """Any answer passes, and few newcomers give none."""
    assert default(1)[-2].name == "P11"
    assert default(1)[-2].passed
    few = Simulation(changed(SMALL, users=100, rates={"p": 0.0, "q": 0.0}), 1)
    assert item_patterns.early_joiners(few.users, 112).passed is None


def test_an_empty_corpus_is_not_judged() -> None:
    found = [one for one in judged(changed(SMALL, items=0)) if one.name in ("P6", "P7", "P9", "P10")]
    assert [(one.name, one.passed) for one in found if not one.passed] == [(name, None) for name in
                                                                           ("P6", "P7", "P9", "P10")]  # fmt: skip
