"""Values with intervals: they agree with the sample's own arithmetic, keep their promise, and refuse in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from resilens.measures.estimating import Estimating
from resilens.measures.items import NEVER, Items, Numbers
from resilens.results.types import Description, Estimate, Undefined
from resilens.sampling.designs import Stratum, draw_posts
from resilens.sampling.drawfile import Draw, DrawnItem
from resilens.sampling.estimates import share as sample_share
from resilens.sampling.frame import Frame, FramePost


def items_of(threads: list[int], posts: bool = False) -> Items:
    """Comments of these threads, or the posts themselves."""
    names = tuple(f"p{number}" for number in range(max(threads, default=-1) + 1))
    ids = [names[thread] if posts else f"c{thread}-{place}" for place, thread in enumerate(threads)]
    n = len(ids)
    column = np.array([*ids, ""], dtype=object)[:-1]
    never = np.full(n, NEVER, dtype=np.int64)
    return Items(column, column, np.full(n, posts), np.array(threads, dtype=np.int64), names, column, never, never,
                 np.zeros(n, dtype=np.int64), ("unknown",), np.full(n, -1, dtype=np.int64))  # fmt: skip


def a_draw(chances: list[float], strata: list[str]) -> Draw:
    """Posts p0, p1, ... with these chances, each in its stratum; all posts examined were eligible."""
    drawn = [DrawnItem(f"p{n}", "f", name, name, f"p{n}", chance, n + 1, "mixed", 1)
             for n, (chance, name) in enumerate(zip(chances, strata, strict=True))]  # fmt: skip
    rows = tuple(Stratum(name, name, strata.count(name), strata.count(name), 10_000, strata.count(name), ())
                 for name in dict.fromkeys(strata))  # fmt: skip
    return Draw(tuple(drawn), rows, "mixed", 1, "random", 50, "f", "the test's frame", {})


def ratio(totals: Numbers) -> Numbers:
    return np.asarray(totals[:, 0] / totals[:, 1])


CHANCES = [0.1, 0.2, 0.4, 0.9] * 15
STRATA = ["a", "b"] * 30


def test_a_share_with_known_chances_is_the_samples_own_and_linearised_alike() -> None:
    draw = a_draw(CHANCES, STRATA)
    posts = items_of(list(range(60)), posts=True)
    there = np.arange(60) % 3 == 0
    estimating = Estimating(draw, 1)
    made = estimating.share(posts, there)
    own = sample_share(draw, dict(zip(posts.item_id, there.astype(float).tolist(), strict=True)))
    assert isinstance(made, Estimate)
    assert isinstance(own, Estimate)
    assert (made.value, made.low, made.high, made.basis, made.frame) == (
        own.value, own.low, own.high, "design", "the test's frame")  # fmt: skip
    linear = estimating.smooth(posts, np.stack([there, np.ones(60)], axis=1).astype(float), ratio, missing="nothing")
    assert isinstance(linear, Estimate)
    assert linear.value == pytest.approx(made.value)
    # The logit interval is the linear one bent: near the value both have the same width.
    slope = made.value * (1 - made.value)
    bent = np.log(made.high / (1 - made.high)) - np.log(made.value / (1 - made.value))
    assert (linear.high - linear.value) / slope == pytest.approx(bent, rel=1e-4)


def test_without_a_sample_it_speaks_of_the_coded_set() -> None:
    comments = items_of(sorted(list(range(30)) * 4))
    there = comments.thread % 3 == 0
    made = Estimating(None, 5).share(comments, there)
    assert isinstance(made, Estimate)
    assert made.value == pytest.approx(1 / 3)
    assert (made.basis, made.n_items, made.n_threads) == ("coding", 120, 30)
    assert made.frame == "the 120 comments coded in 30 threads, and no others"
    sums = np.stack([there, np.ones(120)], axis=1).astype(float)
    drawn = Estimating(None, 5).drawn(comments, sums, ratio, missing="")
    assert isinstance(drawn, Estimate)
    assert (drawn.seed, drawn.design) == (5, "bootstrap of threads, percentile, 2,000 draws")
    assert drawn.low == pytest.approx(made.low, abs=0.03)
    assert drawn.high == pytest.approx(made.high, abs=0.03)


def test_few_threads_give_a_value_and_the_reason_for_no_interval() -> None:
    comments = items_of([0, 0, 1, 2])
    made = Estimating(None, 1).share(comments, np.array([True, False, False, False]))
    assert made == Description(0.25, 4, "the four comments coded in three threads, and no others (no interval: three "
                               "threads, and an interval needs 20)", "share")  # fmt: skip


def test_nothing_is_undefined_and_posts_are_never_pooled_with_comments() -> None:
    nothing = items_of([])
    assert Estimating(None, 1).share(nothing, np.zeros(0, dtype=bool)) == Undefined("nothing was read")
    mixed = items_of(list(range(30)))
    mixed = replace(mixed, is_post=np.arange(30) % 2 == 0)
    with pytest.raises(ValueError, match="never pooled"):
        Estimating(None, 1).share(mixed, np.ones(30, dtype=bool))


def test_what_has_no_value_says_why() -> None:
    comments = items_of(sorted(list(range(30)) * 2))
    sums = np.zeros((60, 2))
    for way in (Estimating(None, 1).smooth, Estimating(None, 1).drawn):
        assert way(comments, sums, ratio, missing="no tribute was read") == Undefined("no tribute was read")
    sums[0] = 1  # in one thread only: in a third of the draws it is not there
    found = Estimating(None, 1).drawn(comments, sums, ratio, missing="no tribute was read")
    assert isinstance(found, Undefined)
    assert "% of 2,000 draws" in found.reason


def test_a_certain_thread_is_in_every_draw_and_all_count_one_on_average() -> None:
    chances = [1.0] * 10 + [0.2] * 30
    estimating = Estimating(a_draw(chances, ["a"] * 40), 3, 4000)
    times = estimating.replicates(items_of(list(range(40)), posts=True))
    assert (times[:, :10] == 1).all()
    assert times[:, 10:].mean() == pytest.approx(1, abs=0.01)
    assert times[:, 10:].std() == pytest.approx(np.sqrt(0.8), rel=0.03)


def test_where_comments_were_read_in_part_even_a_certain_thread_moves() -> None:
    draw = a_draw([1.0] * 30, ["a"] * 30)
    extra = [DrawnItem(f"c{n}-{n}", "f", "a", "a", f"p{n}", 0.5, 1, "random", 1) for n in range(30)]
    estimating = Estimating(replace(draw, items=(*draw.items, *extra)), 3)
    assert estimating.replicates(items_of(list(range(30)))).std() > 0.5


def test_what_is_compared_is_not_corrected_for_a_finite_frame() -> None:
    """Everything drawn: of the frame's own share there is no doubt, of what made it as much as of a coded set."""
    posts = items_of(list(range(60)), posts=True)
    there = np.arange(60) % 3 == 0
    estimating, coded = Estimating(a_draw([1.0] * 60, ["a"] * 60), 1), Estimating(None, 1).share(posts, there)
    own, beyond = estimating.share(posts, there), estimating.beyond.share(posts, there)
    assert isinstance(own, Estimate)
    assert isinstance(beyond, Estimate)
    assert isinstance(coded, Estimate)
    assert own.low == own.high == pytest.approx(1 / 3)
    assert (beyond.low, beyond.high) == pytest.approx((coded.low, coded.high))
    assert (beyond.basis, "no correction for a finite frame" in beyond.design) == ("design", True)
    assert (estimating.beyond.replicates(posts).std(axis=0) > 0.5).all()


@pytest.mark.parametrize("sampled", [True, False])
@pytest.mark.parametrize("every", [3, 15, 100])
def test_a_share_computed_as_any_function_has_a_shares_interval(sampled: bool, every: int) -> None:
    """Of 60 posts 20, 4 or (but for the first, left out) none."""
    estimating, posts = Estimating(a_draw(CHANCES, ["a"] * 60) if sampled else None, 1), items_of(list(range(60)), True)
    there = (np.arange(60) % every == 0) & (np.arange(60) > 0)
    sums = np.stack([there, np.ones(60)], axis=1).astype(float)
    own, made = estimating.share(posts, there), estimating.smooth(posts, sums, ratio, missing="", there=there)
    assert isinstance(own, Estimate)
    assert isinstance(made, Estimate)
    assert (made.value, made.low, made.high) == pytest.approx((own.value, own.low, own.high), rel=1e-5, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["share", "smooth", "drawn"])
@pytest.mark.parametrize("sampled", [True, False])
def test_intervals_keep_their_promise(way: str, sampled: bool) -> None:
    """Nominal 95 % in 300 samples of 80 from 400 posts by the design `mixed`, or in 300 coded sets of 80 threads."""
    generator = np.random.default_rng(11)
    size = generator.lognormal(1, 0.8, 400).astype(int)
    has = generator.random(400) < np.where(size > np.median(size), 0.5, 0.15)
    truth, covered = (has.mean() if sampled else 0.3), 0
    for world in range(300):
        if sampled:
            draw = _sample(size, world)
            posts = sorted(int(item.item_id[1:]) for item in draw.items)
            there, estimating = has[posts], Estimating(draw, world, 400)
            items = replace(items_of(posts, posts=True), threads=tuple(f"p{n}" for n in range(400)))
            items = replace(items, thread=np.array(posts, dtype=np.int64))
        else:
            items, there = items_of(list(range(80)), posts=True), generator.random(80) < 0.3
            estimating = Estimating(None, world, 400)
        sums = np.stack([there, np.ones(len(items))], axis=1).astype(float)
        made = (estimating.share(items, there) if way == "share"
                else getattr(estimating, way)(items, sums, ratio, missing="nothing"))  # fmt: skip
        assert isinstance(made, Estimate)
        assert made.basis == ("design" if sampled else "coding")
        covered += made.low <= truth <= made.high
    print(f"{way}, {'sampled' if sampled else 'coded'}: {covered / 300:.3f}")
    assert 0.915 <= covered / 300 <= 0.985


def _sample(size: Numbers, seed: int) -> Draw:
    posts = tuple(FramePost(f"p{n}", "x", ("x",), n + 1, "", int(count)) for n, count in enumerate(size))
    drawn, strata, _ = draw_posts(Frame(posts, (), 400, 0, 0, "the test's frame", "f"), {"x": 80}, "mixed", seed)
    items = [DrawnItem(post.post_id, "f", "x", post.stratum, post.post_id, post.chance, post.rank, "mixed", 1)
             for post in drawn]  # fmt: skip
    return Draw(tuple(items), tuple(strata), "mixed", seed, "random", 50, "f", "the test's frame", {})
