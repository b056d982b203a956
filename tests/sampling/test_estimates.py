"""Estimates: Hajek by hand, refusals, edges; and that the intervals keep their promise."""

from __future__ import annotations

import importlib.util
import math
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy import stats

from resilens.results.types import Description, Estimate, Undefined
from resilens.sampling.designs import Stratum, draw_posts
from resilens.sampling.drawfile import Draw, DrawnItem
from resilens.sampling.estimates import refusal, share, stopping_correction, total, visibility_bias, wilson
from resilens.sampling.frame import Frame, FramePost


def a_draw(
    chances: list[float | None], design: str = "mixed", comments: dict[int, tuple[int, int]] | None = None,
    ineligible: tuple[tuple[str, float | None], ...] = (), stratum: str = "x", by_hand: bool = False,
) -> Draw:  # fmt: skip
    """Posts p0, p1, ... with these chances; `comments`: post to (read, captured)."""
    items = [DrawnItem(f"p{n}", "f", "x", stratum, f"p{n}", chance, n + 1, design, 1)
             for n, chance in enumerate(chances)]  # fmt: skip
    for post, (read, captured) in (comments or {}).items():
        chance = chances[post]
        joint = None if chance is None else chance * (read / captured)
        items += [DrawnItem(f"c{post}-{n}", "f", "x", stratum, f"p{post}", joint, n, "random", 1) for n in range(read)]
    strata = (Stratum(stratum, "x", len(chances), len(chances), 10_000, len(chances) + len(ineligible), ineligible),)
    return Draw(tuple(items), strata, design, 1, "random", 50, "f", "the test's frame", {}, by_hand)


def test_share_and_interval_by_hand() -> None:
    chances = [0.1, 0.2, 0.4, 1.0] * 10
    values = {f"p{n}": float(n % 3 == 0) for n in range(40)}
    weight = 1 / np.array(chances)
    y = np.array(list(values.values()))
    value = (weight * y).sum() / weight.sum()
    e = weight * (y - value) / weight.sum()
    left = 1 - np.array(chances)
    centre = (left * e).sum() / left.sum()
    variance = 30 / 29 * (left * (e - centre) ** 2).sum()  # 30 posts of 40 are not certain
    half = stats.t.ppf(0.975, 39) * math.sqrt(variance) / (value * (1 - value))
    made = share(a_draw(list(chances)), values)
    assert isinstance(made, Estimate)
    assert made.value == pytest.approx(value)
    assert math.log(made.high / (1 - made.high)) - math.log(value / (1 - value)) == pytest.approx(half)
    assert math.log(value / (1 - value)) - math.log(made.low / (1 - made.low)) == pytest.approx(half)
    assert (made.basis, made.frame, made.design, made.seed) == ("design", "the test's frame", "mixed, seed 1", None)
    assert (made.n_items, made.n_threads, made.level) == (40, 40, 0.95)


def test_comments_weigh_by_their_thread_and_the_second_stage_counts_even_in_certain_threads() -> None:
    draw = a_draw([1.0] * 25, comments=dict.fromkeys(range(25), (10, 100)))
    values = {item.item_id: float(item.rank % 2) for item in draw.items if not item.is_post}
    made = share(draw, values)
    assert isinstance(made, Estimate)
    assert made.value == pytest.approx(0.5)
    # M² (1 - m / M) s² / m a thread, 25 threads, over the square of 2,500 comments.
    error = math.sqrt(25 * 100**2 * 0.9 * (0.25 * 10 / 9) / 10) / 2500
    half = stats.t.ppf(0.975, 24) * error / 0.25
    assert math.log(made.high / (1 - made.high)) == pytest.approx(half)
    assert (made.n_items, made.n_threads) == (250, 25)
    assert made.design == "mixed, seed 1; comments random, at most 50 a post"


def test_everything_drawn_and_read_leaves_no_doubt() -> None:
    made = share(a_draw([1.0] * 30), {f"p{n}": float(n < 3) for n in range(30)})
    assert isinstance(made, Estimate)
    assert (made.low, made.value, made.high) == (0.1, 0.1, 0.1)
    none = share(a_draw([1.0] * 30), {f"p{n}": 0.0 for n in range(30)})
    assert isinstance(none, Estimate)
    assert none.high == 0


def test_nothing_found_has_an_upper_limit_by_clopper_and_pearson() -> None:
    made = share(a_draw([0.01] * 30), {f"p{n}": 0.0 for n in range(30)})
    assert isinstance(made, Estimate)
    assert (made.value, made.low) == (0, 0)
    assert made.high == pytest.approx(stats.beta.ppf(0.975, 1, 30))
    every = share(a_draw([0.01] * 30), {f"p{n}": 1.0 for n in range(30)})
    assert isinstance(every, Estimate)
    assert every.low == pytest.approx(stats.beta.ppf(0.025, 30, 1))


def test_wilson_as_published() -> None:
    """The values of Newcombe 1998, *Statistics in Medicine* 17, 857-872, table I, method 3."""
    for found, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
                                (1, 29, 0.0061, 0.1718)):  # fmt: skip
        assert wilson(found / n, n) == pytest.approx((low, high), abs=5e-5)


def test_ranked_refuses_intervals_and_says_why() -> None:
    draw = a_draw([None] * 30, "ranked")
    made = share(draw, {f"p{n}": float(n < 6) for n in range(30)})
    assert isinstance(made, Description)
    assert (made.value, made.n, made.unit) == (0.2, 30, "share")
    assert "the most visible ones" in made.frame
    assert "the most visible ones" in refusal(draw)
    assert isinstance(total(draw, {f"p{n}": 1.0 for n in range(30)}), Description)


def test_a_change_by_hand_and_top_comments_refuse_intervals() -> None:
    assert isinstance(share(a_draw([None] * 30, by_hand=True), {"p1": 1.0}), Description)
    mixed = a_draw([0.5] * 30)
    top = DrawnItem("c", "f", "x", "x", "p0", None, 1, "top", 1)
    draw = Draw((*mixed.items, top), mixed.strata, "mixed", 1, "top", 50, "f", "the test's frame", {})
    made = share(draw, {"c": 1.0})
    assert isinstance(made, Description)
    assert "comments chosen by the rule `top` have no known chance" in made.frame
    assert isinstance(share(draw, {f"p{n}": 1.0 for n in range(30)}), Estimate)


def test_fewer_than_twenty_threads_is_undefined() -> None:
    draw = a_draw([0.5] * 30, comments=dict.fromkeys(range(19), (9, 9)))
    assert isinstance(share(draw, {f"p{n}": 1.0 for n in range(19)}), Undefined)
    read = {item.item_id: 1.0 for item in draw.items if not item.is_post}
    assert share(draw, read) == Undefined("only 19 threads were read; an interval needs at least 20")
    assert isinstance(share(draw, {}), Undefined)


def test_comments_under_random_where_one_thread_could_outweigh_all_are_undefined() -> None:
    counts = [10] * 99 + [2000]
    frame = Frame(tuple(FramePost(f"p{n}", "x", ("x",), n + 1, "", count) for n, count in enumerate(counts)), (), 100,
                  0, 0, "the test's frame", "f")  # fmt: skip
    made = {}
    for design in ("random", "mixed"):
        posts, strata, _ = draw_posts(frame, {"x": 40}, design, 1)
        items = [DrawnItem(post.post_id, "f", "x", "x", post.post_id, post.chance, post.rank, "", 1) for post in posts]
        items += [replace(item, item_id=f"c-{item.item_id}") for item in items]
        draw = Draw(tuple(items), tuple(strata), design, 1, "random", 50, "f", "the test's frame", {})
        made[design] = share(draw, {item.item_id: item.rank % 2 for item in items if not item.is_post})
        assert isinstance(share(draw, {post.post_id: post.rank % 2 for post in posts}), Estimate)
    assert isinstance(made["mixed"], Estimate)
    assert isinstance(made["random"], Undefined)
    assert "could outweigh the others 67 times" in made["random"].reason  # 2,000 over a mean of 29.9


def test_a_total_with_unread_items_is_undefined_a_share_is_not() -> None:
    draw = a_draw([0.5] * 30)
    values = {f"p{n}": 1.0 for n in range(25)}
    assert total(draw, values) == Undefined("5 of the sample's items were not read, so a total would be too small")
    assert isinstance(share(draw, values), Estimate)
    whole = total(draw, {f"p{n}": 2.0 for n in range(30)})
    assert isinstance(whole, Estimate)
    assert whole.value == 120


def test_what_cannot_be_meant_is_refused() -> None:
    draw = a_draw([0.5] * 30, comments={0: (2, 4)})
    with pytest.raises(ValueError, match="never pooled"):
        share(draw, {"p1": 1.0, "c0-0": 1.0})
    with pytest.raises(ValueError, match="not in the sample: stranger"):
        share(draw, {"stranger": 1.0})
    with pytest.raises(ValueError, match="between 0 and 1"):
        share(draw, {"p1": 2.0})
    with pytest.raises(ValueError, match="finite"):
        total(draw, {"p1": math.nan})


def test_the_stopping_rule_s_bias_is_taken_out() -> None:
    """Examine until 5 of 100 posts are eligible, 60 of which are: the plain total is too high, the corrected is not."""
    rng = np.random.default_rng(3)
    found = (rng.permuted(np.tile(np.arange(100) < 60, (20_000, 1)), axis=1)).cumsum(axis=1)
    examined = (found >= 5).argmax(axis=1) + 1
    plain = 5 * 100 / examined
    corrected = plain * [stopping_correction(5, int(number)) for number in examined]
    assert plain.mean() > 63
    assert abs(corrected.mean() - 60) < 4 * corrected.std() / math.sqrt(20_000)


def test_visibility_bias_is_ranked_minus_combined() -> None:
    ranked = [DrawnItem(f"r{n}", "f", "x", "x: ranked", f"r{n}", 1.0, n + 1, "ranked", 1) for n in range(30)]
    audit = [DrawnItem(f"a{n}", "f", "x", "x: audit", f"a{n}", 0.1, n + 1, "mixed", 1) for n in range(30)]
    strata = (Stratum("x: ranked", "x", 30, 30, 330, 30, ()), Stratum("x: audit", "x", 30, 30, 300, 30, ()))
    draw = Draw((*ranked, *audit), strata, "ranked+audit", 1, "random", 50, "f", "the test's frame", {})
    values = {f"r{n}": float(n < 24) for n in range(30)} | {f"a{n}": float(n < 9) for n in range(30)}
    made = visibility_bias(draw, values)
    assert isinstance(made, Estimate)
    combined = (24 + 90) / 330
    assert made.value == pytest.approx(0.8 - combined)
    # The ranked are all read, so all doubt is the audit's.
    error = math.sqrt(30 / 29 * 30 * 0.9 * (10 / 330) ** 2 * 0.3 * 0.7)
    assert made.high - made.value == pytest.approx(stats.t.ppf(0.975, 58) * error, rel=0.02)
    assert isinstance(visibility_bias(a_draw([0.5] * 30), {"p1": 1.0}), Undefined)


@pytest.fixture(scope="module")
def simulation() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "sampling.py"
    specification = importlib.util.spec_from_file_location("benchmarks_sampling", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["benchmarks_sampling"] = module
    specification.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("world", ["skewed", "many ineligible"])
def test_intervals_of_mixed_cover_and_weighted_totals_are_unbiased(simulation: ModuleType, world: str) -> None:
    """4 frames of 250 draws: coverage within 93 to 97 % and the bias near 0, each give or take Monte Carlo error."""
    draws, frames = 250, 4
    noise = 3 * math.sqrt(0.95 * 0.05 / (draws * frames))
    for name, (coverage, _, bias, error) in simulation.pooled(simulation.WORLDS[world], "mixed", draws, frames).items():
        if name.startswith("share"):
            assert 0.93 - noise <= coverage <= 0.97 + noise, f"{name}: {coverage}"
        else:
            assert abs(bias) <= 4 * error, f"{name}: {bias} with Monte Carlo error {error}"


@pytest.mark.slow
def test_target_chances_sum_to_the_quota_and_are_nearly_the_true_ones(simulation: ModuleType) -> None:
    off, widest = simulation.chances_kept(simulation.WORLDS["skewed"], 2000, 1)
    assert off < 1e-9
    assert widest < 0.05
