"""Threads hold together, their numbers have the moments of their laws, and nothing depends on chunks or on switches."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.simulate.worlds import Everything, changed, differing, everything

from resilens.simulate import rates
from resilens.simulate.simulation import Simulation
from resilens.simulate.threads import GENERATIONS
from resilens.simulate.world import World, presets, world

SMALL = changed("tiktok-refugees", users=10_000, items=8000)
EVEN = changed("quiet", users=4000, items=40_000, moderation={"on": False})
"""Nothing changes with time or group: every post has the same expected comments."""
LAST = 80.0
"""Posts before this day have had all their comments by the last one, but for a few in a million."""


@cache
def small() -> Everything:
    return everything(SMALL)


@cache
def even() -> Everything:
    return everything(EVEN, seed=5)


# --- threads hold together -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", presets())
def test_every_answer_belongs_where_it_is(name: str) -> None:
    run = everything(changed(name, users=6000, items=5000))
    posts, comments = run.chunk.posts, run.chunk.comments
    assert np.array_equal(posts.post, np.arange(posts.size))
    assert (posts.parent == -1).all()
    assert (posts.depth == 0).all()
    assert comments.post.min() >= 0
    assert comments.post.max() < posts.size
    top, replies = comments.parent < 0, comments.parent >= 0
    assert top.any()
    assert replies.any()
    above = comments.parent[replies]
    assert above.max() < comments.size
    assert (comments.post[above] == comments.post[replies]).all()
    assert (comments.time[above] < comments.time[replies]).all()
    assert (posts.time[comments.post] < comments.time).all()
    assert (comments.depth[top] == 1).all()
    assert (comments.depth[replies] == comments.depth[above] + 1).all()
    assert 1 < comments.depth.max() < GENERATIONS
    assert comments.time.max() < run.simulation.world.days
    assert np.unique(np.concatenate([posts.id, comments.id])).size == posts.size + comments.size


def test_the_root_of_a_branch_is_constant() -> None:
    """Going up from any comment leads to one top-level comment, in as many steps as its depth says."""
    comments = small().chunk.comments
    root, steps = np.arange(comments.size), np.ones(comments.size, int)
    for _ in range(int(comments.depth.max())):
        climbs = comments.parent[root] >= 0
        root, steps = np.where(climbs, comments.parent[root], root), steps + climbs
    assert (comments.depth[root] == 1).all()
    assert (steps == comments.depth).all()
    replies = comments.parent >= 0
    assert (root[replies] == root[comments.parent[replies]]).all()


def test_posts_are_in_the_order_of_accounts_and_comments_of_post_and_time() -> None:
    posts, comments = small().chunk.posts, small().chunk.comments
    assert (np.diff(posts.author) >= 0).all()
    assert (np.diff(comments.post) >= 0).all()
    assert (np.diff(comments.time)[np.diff(comments.post) == 0] >= 0).all()


def test_whoever_writes_is_there() -> None:
    run = small()
    for items in (run.chunk.posts, run.chunk.comments):
        assert (run.simulation.users.state(items.author, items.time) >= 0).all()
        assert (items.group == run.simulation.users.group[items.author]).all()
        assert not (run.simulation.users.kind[items.author] == 1).any()  # visitors look in and do not write


def test_the_posts_author_returns_in_the_declared_share() -> None:
    """Of replies to others, `author_returns` by the post's author (who in this world is always there)."""
    posts, comments = even().chunk.posts, even().chunk.comments
    replies = np.flatnonzero(comments.parent >= 0)
    owner = posts.author[comments.post[replies]]
    to_others = owner != comments.author[comments.parent[replies]]
    returned = (comments.author[replies] == owner)[to_others]
    assert returned.mean() == pytest.approx(EVEN.threads.author_returns, abs=0.02)
    assert (comments.author[replies] == owner)[~to_others].mean() < 0.02


# --- counts ----------------------------------------------------------------------------------------------------------


def test_counts_are_conserved() -> None:
    run = small()
    comments, posts = run.chunk.comments, run.chunk.posts
    batches = list(run.simulation.batches(700))
    assert sum(one.chunk.posts.size for one in batches) == posts.size
    assert sum(one.chunk.comments.size for one in batches) == comments.size
    per_post = np.bincount(comments.post, minlength=posts.size)
    top = np.bincount(comments.post[comments.parent < 0], minlength=posts.size)
    replies = np.bincount(comments.parent[comments.parent >= 0], minlength=comments.size)
    below = np.bincount(comments.post, weights=replies, minlength=posts.size)
    assert per_post.sum() + posts.size == posts.size + comments.size
    assert (per_post == top + below).all()


@pytest.mark.parametrize("name", presets())
def test_about_as_many_items_come_as_were_asked_for(name: str) -> None:
    """At 20,000 within 8 % (two standard deviations: threads are heavy-tailed), and right on average."""
    found = []
    for seed in range(1, 4):
        conversations = Simulation(changed(name, users=20_000, items=20_000), seed).conversations
        chunk = conversations.chunk(0, 20_000)
        found.append(chunk.posts.size + chunk.comments.size)
        assert chunk.posts.size == pytest.approx(conversations.expected_posts, rel=0.06)
    assert found == pytest.approx([20_000] * len(found), rel=0.08)
    assert np.mean(found) == pytest.approx(20_000, rel=0.04)


# --- moments against closed forms ------------------------------------------------------------------------------


def test_top_level_comments_are_negative_binomial() -> None:
    """Mean m, variance m + m^2 / size, and the whole distribution, where every post has the same mean m."""
    posts, comments, threads = even().chunk.posts, even().chunk.comments, EVEN.threads
    early = posts.time < LAST
    many = np.bincount(comments.post[comments.parent < 0], minlength=posts.size)[early]
    mean, size = threads.comments, threads.dispersion
    law = stats.nbinom(size, size / (size + mean))
    assert law.var() == pytest.approx(mean + mean**2 / size)
    kurtosis = float(law.stats("k"))
    assert abs(many.mean() - mean) < 4 * np.sqrt(law.var() / many.size)
    assert abs(many.var() - law.var()) < 4 * law.var() * np.sqrt((kurtosis + 2) / many.size)
    bounds = np.array([0, 1, 2, 3, 5, 8, 13, 21, 34])  # the last cell is open
    observed = np.bincount(np.searchsorted(bounds, many, side="right") - 1, minlength=bounds.size)
    below = law.cdf(bounds - 1)
    expected = np.diff(np.append(below, 1.0)) * many.size
    assert stats.chisquare(observed, expected).pvalue > 1e-4


def test_given_its_appeal_a_posts_comments_are_poisson() -> None:
    posts, comments = even().chunk.posts, even().chunk.comments
    early = posts.time < LAST
    many = np.bincount(comments.post[comments.parent < 0], minlength=posts.size)[early]
    rate = EVEN.threads.comments * posts.appeal[early]
    assert abs((many - rate).sum()) < 4 * np.sqrt(rate.sum())
    seen = rate > 0.05
    dispersion = ((many - rate)[seen] ** 2 / rate[seen]).mean()
    spread = np.sqrt((2 + 1 / rate[seen]).mean() / seen.sum())
    assert abs(dispersion - 1) < 4 * spread
    assert (comments.appeal == 0).all()


def test_replies_are_negative_binomial() -> None:
    comments, threads = even().chunk.comments, EVEN.threads
    early = comments.time < LAST
    many = np.bincount(comments.parent[comments.parent >= 0], minlength=comments.size)[early]
    mean, size = threads.replies, threads.reply_dispersion
    law = stats.nbinom(size, size / (size + mean))
    assert abs(many.mean() - mean) < 4 * law.std() / np.sqrt(many.size)
    observed = np.bincount(np.minimum(many, 6), minlength=7)
    expected = np.append(law.pmf(np.arange(6)), law.sf(5)) * many.size
    assert stats.chisquare(observed, expected).pvalue > 1e-4


def test_a_branch_has_the_progeny_of_a_galton_watson_tree() -> None:
    """1 / (1 - m) comments a top-level comment, itself counted; m^(d - 1) at depth d."""
    posts, comments, mean = even().chunk.posts, even().chunk.comments, EVEN.threads.replies
    early = posts.time[comments.post] < LAST
    at = np.bincount(comments.depth[early], minlength=6)
    variance = (mean + mean**2 / EVEN.threads.reply_dispersion) / (1 - mean) ** 3
    assert abs(at.sum() / at[1] - 1 / (1 - mean)) < 4 * np.sqrt(variance / at[1])
    for depth in (2, 3, 4):
        assert at[depth] / at[1] == pytest.approx(mean ** (depth - 1), rel=0.12)


def test_answers_are_lognormally_late() -> None:
    """With no night the delay is as declared: median and spread of its logarithm."""
    flat = everything(changed(EVEN, items=20_000, threads={"night": 1.0}), seed=2)
    posts, comments = flat.chunk.posts, flat.chunk.comments
    since = np.where(comments.parent < 0, posts.time[comments.post], comments.time[comments.parent])
    late = np.log(24 * (comments.time - since)[since < LAST])
    assert (comments.time > since).all()
    assert late.mean() == pytest.approx(np.log(EVEN.threads.delay_hours), abs=0.05)
    assert late.std() == pytest.approx(EVEN.threads.delay_spread, rel=0.03)


def test_replies_cross_groups_by_mixing() -> None:
    """The quiet world: two groups of one size, so the chance is m itself where the author is drawn."""
    for share in (0.2, 0.5):
        flat = everything(changed(EVEN, items=20_000, rates={"m0": share, "m1": share}, threads={"author_returns": 0}))
        across = flat.chunk.comments.across
        assert across.mean() == pytest.approx(share, abs=4.5 * np.sqrt(0.25 / across.size))


def test_posts_follow_activity_and_states() -> None:
    """Expected posts of an account are its mark times the posts a day of its states times the attention that passes."""
    posts, users = even().chunk.posts, even().simulation.users
    many = np.bincount(posts.author, minlength=users.size)
    share = many.sum() / users.mark.sum()
    expected = share * users.mark
    quartile = np.searchsorted(np.quantile(users.mark, [0.25, 0.5, 0.75]), users.mark)
    for one in range(4):
        own = quartile == one
        assert abs(many[own].sum() - expected[own].sum()) < 4 * np.sqrt(expected[own].sum())


def test_days_of_a_quiet_world_are_alike() -> None:
    days = np.bincount(even().chunk.posts.time.astype(int), minlength=EVEN.days)
    assert stats.chisquare(days).pvalue > 1e-4


# --- hours of the day ----------------------------------------------------------------------------------------------


def test_people_write_by_the_hours_of_their_zone() -> None:
    own = changed(EVEN, items=30_000, newcomers={"zones": {"UTC-05:00": 1, "UTC-08:00": 1}})
    run = everything(own)
    posts, users = run.chunk.posts, run.simulation.users
    assert set(users.hours.tolist()) == {0.0, -13.0, -16.0}
    for offset in (0.0, -13.0, -16.0):
        time = posts.time[users.hours[posts.author] == offset]
        # a post of the first or last day may fall outside of the simulated time in activity time
        time = time[(time > 1) & (time < own.days - 1)]
        observed = np.bincount(((time % 1) * 24).astype(int), minlength=24)
        passed = np.diff(rates.wound(own.threads.night, offset, np.arange(25) / 24))
        assert stats.chisquare(observed, passed / passed.sum() * time.size).pvalue > 1e-4
        local = (np.argmax(np.convolve(np.tile(observed, 3), np.ones(5), "same")[24:48]) + offset) % 24
        assert 18 <= local <= 22


def test_a_night_as_busy_as_the_day_shows_no_hours() -> None:
    run = everything(changed(EVEN, items=20_000, threads={"night": 1.0}))
    hours = np.bincount(((run.chunk.posts.time % 1) * 24).astype(int), minlength=24)
    assert stats.chisquare(hours).pvalue > 1e-4


# --- identities -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("posts_a_chunk", [100, 777, 1_000_000])
def test_the_size_of_chunks_changes_no_bit(posts_a_chunk: int) -> None:
    again = everything(SMALL, posts_a_chunk=posts_a_chunk)
    assert differing(again.chunk.posts, small().chunk.posts) == []
    assert differing(again.chunk.comments, small().chunk.comments) == []
    assert differing(again.post_texts, small().post_texts) == []
    assert differing(again.comment_texts, small().comment_texts) == []
    assert np.array_equal(again.masks, small().masks)


def test_another_seed_is_another_corpus() -> None:
    other = everything(SMALL, seed=2)
    assert other.chunk.posts.size != small().chunk.posts.size
    assert not set(other.chunk.posts.id.tolist()) <= set(small().chunk.posts.id.tolist())


OBSERVED: dict[str, Any] = {
    "observation": {"earlier": None, "capture": "search", "rankings": ["likes"], "depth": 10, "popularity_bias": 0.1,
                    "top_comments": 3, "day_times": 0.5, "location_shown": False, "accounts_deleted": 0.3},
    "coders": {"sensitivity": [0.1, 0.2], "false_share": [0.3, 0.1], "threads": 5},
}  # fmt: skip
READ = {"cue_share": 0.1, "confuser_rate": 0.5, "typos": 0.5, "emoji": 0.9, "initials": 0.4, "mixed": 0.4,
        "doubled": 0.4, "wordless": 0.3}  # fmt: skip


@pytest.mark.parametrize("switch", ["observation", "coders", "labels"])
def test_switches_of_the_observation_change_no_bit_of_what_happened(switch: str) -> None:
    labels = {"newcomers": {"label_error": 0.5, "location_missing": 0.4}, "hosts": {"label_error": 0.3}}
    tables = labels if switch == "labels" else {switch: OBSERVED[switch]}
    again = everything(changed(SMALL, **tables))
    for (items, texts), (those, written) in zip(again.both, small().both, strict=True):
        assert differing(items, those) == []
        assert differing(texts, written) == []


@pytest.mark.parametrize("knob", READ)
def test_knobs_of_the_text_change_nothing_but_text(knob: str) -> None:
    again = everything(changed(SMALL, text={knob: READ[knob]}))
    for (items, texts), (those, written) in zip(again.both, small().both, strict=True):
        assert differing(items, those) == []
        allowed = {
            "cue_share": {"text", "title", "script", "cues", "thing", "low", "high", "currency"},
            "confuser_rate": {"text", "script", "confuser"},
            "wordless": {"text", "title", "script", "cues", "confuser", "wordless", "thing", "low", "high", "currency"},
            "doubled": {"text", "script", "thing", "low", "high", "currency"},
        }.get(knob, {"text", "script"})
        assert "text" in differing(texts, written)
        assert set(differing(texts, written)) <= allowed


def test_moderation_of_nobody_changes_no_bit() -> None:
    """Without hostility, moderation touches removals and nothing else."""
    civil = changed(SMALL, rates={"psi": 0.0})
    on, off = everything(civil), everything(changed(civil, moderation={"on": False}))
    for (items, texts), (those, written) in zip(on.both, off.both, strict=True):
        assert set(differing(items, those)) <= {"removed", "reported"}
        assert differing(texts, written) == []
    assert not np.isfinite(off.chunk.comments.removed).any()
    assert not off.chunk.comments.reported.any()
    kept = everything(changed(civil, moderation={"other_removed": 0.0}))
    assert differing(kept.chunk.comments, off.chunk.comments) == []


def test_removal_changes_nothing_but_removals() -> None:
    again = everything(changed(SMALL, moderation={"removal_hours": 50.0, "reported": 0.9, "other_removed": 0.1}))
    for (items, texts), (those, written) in zip(again.both, small().both, strict=True):
        assert set(differing(items, those)) == {"removed", "reported"}
        assert differing(texts, written) == []


def test_a_key_at_its_default_is_the_key_left_out(tmp_path: Path) -> None:
    """Bit for bit, for every flag and for whole tables of defaults."""
    text = "start = 2025-01-09\nusers = 2000\nitems = 1500\n[event]\ndeadline = 2025-01-19T13:00:00\n{event}"
    text += "[observation]\ncollected = 2025-05-01T10:00:00\n{observation}{tables}" + "".join(
        f'\n[[practice]]\ncode = "none"\nto = "{to}"\nby = "{by}"\nweights = [1, 1, 1]\n'
        for to in ("post", "none") for by in ("newcomers", "hosts"))  # fmt: skip
    parts = []
    for name, filling in (
        ("without", {"event": "", "observation": "", "tables": ""}),
        ("with", {"event": "quiet = false\n",
                  "observation": 'capture = "all"\nlocation_shown = true\ntop_comments = 0\n',
                  "tables": "[moderation]\non = true\n[text]\ncue_share = 0.7\n[threads]\nnight = 0.08\n"}),
    ):  # fmt: skip
        file = tmp_path / f"{name}.toml"
        file.write_text(text.format(**filling), encoding="utf-8")
        parts.append(everything(world(str(file))))
    one, other = parts
    assert one.simulation.world == other.simulation.world
    for (items, texts), (those, written) in zip(one.both, other.both, strict=True):
        assert items.size
        assert differing(items, those) == []
        assert differing(texts, written) == []


# --- edges -----------------------------------------------------------------------------------------------------------


def test_a_world_in_which_nobody_comes_or_nothing_is_asked_for_is_empty() -> None:
    empty: World = changed(SMALL, rates={"p": 0.0, "q": 0.0})
    for own in (empty, changed(SMALL, items=0)):
        run = everything(own)
        assert run.chunk.posts.size == run.chunk.comments.size == 0


def test_hostile_comments_are_removed_as_declared() -> None:
    comments, own = even_hostile().chunk.comments, even_hostile().simulation.world
    hostile = comments.family("affect") == even_hostile().simulation.vocabulary.place("affect.hostility")
    removed = np.isfinite(comments.removed)
    share, many = own.rates.nu / (1 + own.rates.nu), hostile.sum()
    assert removed[hostile].mean() == pytest.approx(share, abs=4.5 * np.sqrt(share * (1 - share) / many))
    assert removed[~hostile].mean() == pytest.approx(own.moderation.other_removed, abs=0.003)
    delay = (comments.removed - comments.time)[removed] * 24
    assert delay.min() > 0
    assert delay.mean() == pytest.approx(own.moderation.removal_hours, rel=0.1)
    assert comments.reported[removed].mean() == pytest.approx(own.moderation.reported, abs=0.05)
    assert not comments.reported[~removed].any()


@cache
def even_hostile() -> Everything:
    return everything(changed(EVEN, items=15_000, rates={"psi": 0.3}, moderation={"on": True, "other_removed": 0.01}))


def test_results_can_be_taken_apart() -> None:
    posts = small().chunk.posts
    assert differing(posts.taken(np.arange(posts.size)), posts) == []
    assert replace(small().chunk, posts=posts.taken(np.arange(3))).posts.size == 3
