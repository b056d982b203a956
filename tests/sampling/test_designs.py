"""The designs: who is drawn, with what chance, and what refills do."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from resilens.errors import InputError
from resilens.sampling.chance import examination_order, inclusion_probabilities, mixed_sizes, uniform
from resilens.sampling.designs import draw_posts
from resilens.sampling.frame import Frame, FramePost


def a_frame(comments: dict[str, list[int]]) -> Frame:
    posts = [
        FramePost(f"{stratum}-{place}", stratum, (stratum,), place, f"likes {place}", count)
        for stratum, counts in comments.items() for place, count in enumerate(counts, 1)
    ]  # fmt: skip
    return Frame(tuple(posts), (), len(posts), 0, 0, "the test's frame", "f" * 64)


SKEWED = [int(count) for count in np.floor(np.random.default_rng(1).lognormal(2.5, 1.4, 80))]


def test_uniform_is_the_first_53_bits_of_the_hash() -> None:
    assert uniform(7, "rednote:p:1") == int(hashlib.sha256(b"7:rednote:p:1").hexdigest()[:16], 16) // 2**11 / 2**53
    drawn = [uniform(1, f"item {number}") for number in range(5000)]
    assert 0 < min(drawn) < max(drawn) < 1
    assert stats.kstest(drawn, "uniform").pvalue > 0.001


def test_sizes_are_half_equal_and_half_by_comments() -> None:
    assert mixed_sizes([0, 1, 8]).tolist() == pytest.approx([0.5 + 0.5 * part / 4 for part in (1, 2, 9)])
    assert mixed_sizes([]).size == 0


@given(st.lists(st.floats(0.01, 1000), min_size=1, max_size=40), st.data())
def test_chances_sum_to_the_examined_stay_in_bounds_and_follow_size(sizes: list[float], data: st.DataObject) -> None:
    examined = data.draw(st.integers(0, len(sizes)))
    chances = inclusion_probabilities(sizes, examined)
    assert chances.sum() == pytest.approx(examined)
    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances[np.argsort(sizes, kind="stable")]) >= -1e-12).all()
    below = chances < 1
    if below.any() and examined:
        ratio = chances[below] / np.asarray(sizes)[below]
        assert ratio == pytest.approx(ratio[0])


def test_impossible_chances_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot examine 3 of 2"):
        inclusion_probabilities([1.0, 1.0], 3)


def test_mixed_takes_the_smallest_u_over_size_first() -> None:
    drawn, (stratum,), _ = draw_posts(a_frame({"x": SKEWED}), {"x": 20}, "mixed", 5)
    sizes = mixed_sizes(SKEWED)
    keys = {f"x-{place}": uniform(5, f"x-{place}") / size for place, size in enumerate(sizes, 1)}
    assert [post.post_id for post in drawn] == sorted(keys, key=lambda name: keys[name])[:20]
    assert [post.rank for post in drawn] == list(range(1, 21))
    assert (stratum.drawn, stratum.examined, stratum.in_frame, stratum.shortfall) == (20, 20, 80, 0)
    target = inclusion_probabilities(sizes, 20)
    assert [post.chance for post in drawn] == [target[int(post.post_id[2:]) - 1] for post in drawn]


def test_an_ineligible_post_is_replaced_by_the_next_and_all_chances_are_those_of_being_examined() -> None:
    frame = a_frame({"x": SKEWED})
    before, _, _ = draw_posts(frame, {"x": 20}, "mixed", 5)
    following = examination_order([post.post_id for post in frame.posts], mixed_sizes(SKEWED), 5)[20]
    out = {before[3].post_id: "off topic"}
    after, (stratum,), passed_over = draw_posts(frame, {"x": 20}, "mixed", 5, out)
    assert [post.post_id for post in after[:-1]] == [post.post_id for post in before if post.post_id not in out]
    assert after[-1].post_id == frame.posts[following].post_id
    assert (after[-1].rank, after[-1].reason) == (21, "refill, mixed; replaces one left out: off topic")
    assert passed_over == [before[3].post_id]
    assert stratum.examined == 21
    target = inclusion_probabilities(mixed_sizes(SKEWED), 21)
    assert after[0].chance == target[int(after[0].post_id[2:]) - 1]
    assert stratum.ineligible == (("off topic", float(target[int(before[3].post_id[2:]) - 1])),)


def test_an_ineligible_post_that_nobody_reaches_changes_nothing() -> None:
    frame = a_frame({"x": SKEWED})
    before = draw_posts(frame, {"x": 20}, "mixed", 5)
    last = examination_order([post.post_id for post in frame.posts], mixed_sizes(SKEWED), 5)[-1]
    assert draw_posts(frame, {"x": 20}, "mixed", 5, {frame.posts[last].post_id: "late"}) == before


def test_a_shortfall_is_reported_and_no_other_stratum_makes_up_for_it() -> None:
    drawn, strata, _ = draw_posts(a_frame({"x": [1, 2, 3], "y": SKEWED}), {"x": 5, "y": 5}, "random", 1, {"x-2": "ad"})
    assert [(row.wanted, row.drawn, row.shortfall, row.exhausted) for row in strata] == [
        (5, 2, 3, True), (5, 5, 0, False),
    ]  # fmt: skip
    assert {post.chance for post in drawn if post.hashtag == "x"} == {1.0}
    assert {post.chance for post in drawn if post.hashtag == "y"} == {5 / 80}


def test_ranked_takes_the_interleaved_order_and_knows_no_chance() -> None:
    drawn, _, _ = draw_posts(a_frame({"x": SKEWED}), {"x": 3}, "ranked", 1, {"x-2": "duplicate"})
    assert [(post.post_id, post.chance) for post in drawn] == [("x-1", None), ("x-3", None), ("x-4", None)]
    assert drawn[0].reason == "ranked, likes 1"
    assert drawn[2].reason == "refill, ranked, likes 4; replaces one left out: duplicate"


def test_ranked_and_audit_make_two_strata_the_ranked_certain() -> None:
    drawn, strata, _ = draw_posts(a_frame({"x": SKEWED}), {"x": 40}, "ranked+audit", 1, {"x-5": "ad"}, audit=0.25)
    assert [(row.stratum, row.drawn, row.in_frame, row.examined) for row in strata] == [
        ("x: ranked", 30, 80, 31), ("x: audit", 10, 49, 10),
    ]  # fmt: skip
    ranked = [post for post in drawn if post.stratum == "x: ranked"]
    audit = [post for post in drawn if post.stratum == "x: audit"]
    assert [int(post.post_id[2:]) for post in ranked] == [*range(1, 5), *range(6, 32)]
    assert {post.chance for post in ranked} == {1.0}
    target = inclusion_probabilities(mixed_sizes(SKEWED[31:]), 10)
    assert [post.chance for post in audit] == [target[int(post.post_id[2:]) - 32] for post in audit]


def test_faults_in_words() -> None:
    with pytest.raises(InputError, match="unknown design 'best'; one of ranked, random"):
        draw_posts(a_frame({"x": [1]}), {"x": 1}, "best", 1)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="between 0 and 1"):
        draw_posts(a_frame({"x": [1]}), {"x": 1}, "ranked+audit", 1, audit=1.0)
