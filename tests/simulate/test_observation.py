"""A capture sees what is there on its day, in the order that its searches give, and never changes what happened."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import stats
from tests.simulate.worlds import Everything, changed, everything, replaced

from resilens.simulate import observation
from resilens.simulate.streams import Streams
from resilens.simulate.threads import Chunk
from resilens.simulate.world import world

WORLD = changed("tiktok-refugees", users=10_000, items=8000, rates={"psi": 0.2},
                observation={"accounts_deleted": 0.05})  # fmt: skip
LATE = 112.5


@cache
def run() -> Everything:
    return everything(WORLD, seed=6)


def seen(day: float) -> tuple[np.ndarray, np.ndarray]:
    return observation.seen(run().chunk, run().simulation.users, day)


def test_what_is_there_is_published_not_removed_and_its_account_not_deleted() -> None:
    posts, users = run().chunk.posts, run().simulation.users
    for day in (5.0, 13.4, 30.0, LATE):
        visible, _ = seen(day)
        expected = [time < day < removed and not users.deleted[author]
                    for time, removed, author in zip(posts.time, posts.removed, posts.author, strict=True)]  # fmt: skip
        assert visible.tolist() == expected
        assert 0 < visible.sum() < posts.size
    deleted = users.deleted[posts.author]
    assert deleted.any()
    assert not (seen(LATE)[0] & deleted).any()


def test_at_the_moment_of_removal_an_item_is_gone() -> None:
    comments, users = run().chunk.comments, run().simulation.users
    (row,) = np.flatnonzero(np.isfinite(comments.removed) & ~users.deleted[comments.author])[:1]
    one = comments.taken(np.array([row]))
    assert observation.there(one, users, float(np.nextafter(one.removed[0], 0)))[0]
    assert not observation.there(one, users, float(one.removed[0]))[0]
    assert not observation.there(one, users, float(one.time[0]))[0]


def test_a_comment_is_seen_where_it_and_everything_above_it_is() -> None:
    comments, users = run().chunk.comments, run().simulation.users
    for day in (13.4, LATE):
        posts, visible = seen(day)
        alone = observation.there(comments, users, day)
        for row in range(comments.size):
            above, chain = row, bool(posts[comments.post[row]])
            while above >= 0:
                chain &= bool(alone[above])
                above = comments.parent[above]
            assert visible[row] == chain
        assert (alone & ~visible).any()


def test_removing_a_comment_takes_its_answers_and_nothing_else() -> None:
    comments = run().chunk.comments
    _, before = seen(LATE)
    answered = np.flatnonzero(before & (np.bincount(comments.parent[comments.parent >= 0],
                                                    minlength=comments.size) > 0))[0]  # fmt: skip
    removed = comments.removed.copy()
    removed[answered] = 0.0
    gone = Chunk(run().chunk.posts, replaced(comments, removed=removed))
    _, after = observation.seen(gone, run().simulation.users, LATE)
    below = {int(answered)}
    for row in range(comments.size):
        if comments.parent[row] in below:
            below.add(row)
    assert len(below) > 1
    assert set(np.flatnonzero(before != after)) == {row for row in below if before[row]}


def test_the_earlier_capture_holds_what_the_later_lacks() -> None:
    """Whatever is missing later was removed, or answers what was removed; deleted accounts are in neither."""
    day = 13.4
    posts, comments = run().chunk.posts, run().chunk.comments
    (posts_then, comments_then), (posts_now, comments_now) = seen(day), seen(LATE)
    lost = comments_then & ~comments_now
    assert lost.any()
    assert np.isfinite(posts.removed[posts_then & ~posts_now]).all()
    gone = ~np.isfinite(posts.removed)[comments.post]
    for row in np.flatnonzero(lost):
        above, removed = row, not gone[row]
        while above >= 0:
            removed |= bool(comments.removed[above] <= LATE)
            above = comments.parent[above]
        assert removed
    assert (posts.time[posts_now & ~posts_then] >= day).all()


def test_shown_counts_are_those_of_visible_comments() -> None:
    posts, visible = seen(LATE)
    shown = observation.shown(run().chunk, visible, run().simulation.streams)
    comments = run().chunk.comments
    assert shown.comments.sum() == visible.sum()
    for post in range(0, posts.size, 37):
        assert shown.comments[post] == (visible & (comments.post == post)).sum()
    replies = observation.replies(run().chunk, visible)
    answers = visible & (comments.parent >= 0)
    assert replies.sum() == answers.sum()
    assert not replies[~visible].any()
    for name in ("likes", "bookmarks", "shares", "views"):
        assert (getattr(shown, name) >= 0).all()
    assert (shown.views >= shown.likes).all()
    assert stats.spearmanr(shown.likes, shown.comments).statistic > 0.3
    likes = observation.comment_likes(comments, run().simulation.streams)
    assert (likes >= 0).all()
    assert likes.max() > 20 * np.median(likes[likes > 0])


@pytest.mark.parametrize("many", [1, 3])
def test_top_comments_keep_those_above_them(many: int) -> None:
    comments = run().chunk.comments
    _, visible = seen(LATE)
    likes = observation.comment_likes(comments, run().simulation.streams)
    kept = observation.top(run().chunk, visible, likes, many)
    assert not (kept & ~visible).any()
    replies = kept & (comments.parent >= 0)
    assert replies.any()
    assert kept[comments.parent[replies]].all()
    for post in np.unique(comments.post)[::29]:
        own = np.flatnonzero(visible & (comments.post == post))
        best = set(np.sort(likes[own])[::-1][:many].tolist())
        chosen = np.flatnonzero(kept & (comments.post == post))
        assert min(many, own.size) <= chosen.size <= many * int(comments.depth.max())
        leaves = set(chosen) - set(comments.parent[chosen])
        assert {int(likes[row]) for row in leaves} <= best


def test_all_comments_are_kept_where_no_number_is_named() -> None:
    _, visible = seen(LATE)
    likes = observation.comment_likes(run().chunk.comments, run().simulation.streams)
    assert observation.top(run().chunk, visible, likes, 0) is visible
    assert (observation.top(run().chunk, visible, likes, 10**6) == visible).all()


def found(bias: float, depth: int = 10**6) -> tuple[list[observation.Ranked], dict[str, np.ndarray], np.ndarray]:
    own = changed(WORLD, observation={"popularity_bias": bias, "depth": depth})
    posts, visible = seen(LATE)
    shown = observation.shown(run().chunk, visible, run().simulation.streams)
    ids, masks = run().chunk.posts.id[posts], run().masks[posts]
    counts = {name: getattr(shown, name)[posts] for name in own.observation.rankings}
    return observation.searches(own, ids, masks, counts, run().simulation.streams), counts, masks


def test_a_search_finds_every_post_of_its_hashtag_once_in_the_order_of_the_count() -> None:
    searches, counts, masks = found(1.0)
    tags = [tag.name for tag in WORLD.hashtags]
    assert [(one.query, one.ranking) for one in searches] == [
        (tag, ranking) for tag in tags for ranking in WORLD.observation.rankings]  # fmt: skip
    for one in searches:
        carrying = np.flatnonzero(masks >> tags.index(one.query) & 1)
        assert sorted(one.posts) == carrying.tolist()
        assert one.ranks.tolist() == list(range(1, one.posts.size + 1))
        assert (np.diff(counts[one.ranking][one.posts]) <= 0).all()


def test_without_bias_the_order_says_nothing_and_between_a_little() -> None:
    ranks = []
    for bias in (0.0, 0.5, 1.0):
        searches, counts, _ = found(bias)
        (one,) = [ranked for ranked in searches if (ranked.query, ranked.ranking) == ("tiktokrefugees", "likes")]
        ranks.append(-stats.spearmanr(one.ranks, counts["likes"][one.posts]).statistic)
    assert abs(ranks[0]) < 4 / np.sqrt(one.posts.size)
    assert 0.5 < ranks[1] < 0.95
    assert ranks[2] > 0.99  # 1 but for ties


def test_the_depth_of_a_search_is_respected() -> None:
    whole, *_ = found(1.0)
    some, *_ = found(1.0, depth=7)
    for one, all_of_it in zip(some, whole, strict=True):
        assert one.posts.tolist() == all_of_it.posts[:7].tolist()
    none, *_ = found(1.0, depth=0)
    assert all(one.posts.size == 0 for one in none)


def test_times_are_shown_as_days_in_their_share() -> None:
    posts = run().chunk.posts
    own = changed(WORLD, observation={"day_times": 0.3})
    time, as_day = observation.shown_times(own, posts.id, posts.time, run().simulation.streams)
    assert as_day.mean() == pytest.approx(0.3, abs=4.5 * np.sqrt(0.21 / posts.size))
    assert (time[as_day] == np.floor(posts.time[as_day])).all()
    assert (time[~as_day] == posts.time[~as_day]).all()
    time, as_day = observation.shown_times(WORLD, posts.id, posts.time, run().simulation.streams)
    assert not as_day.any()


def test_hashtags_are_drawn_by_weight() -> None:
    """Each post has one by weight; each other joins with half its share."""
    own = world("tiktok-refugees")
    vocabulary, posts = run().simulation.vocabulary, run().chunk.posts
    plain = posts.taken(np.resize(np.flatnonzero(posts.practice < 0), 20_000))
    plain = replaced(plain, id=np.arange(plain.size, dtype=np.uint64))
    masks = observation.tag_masks(own, vocabulary, plain, Streams(2))
    weights = np.array([tag.weight for tag in own.hashtags])
    share = weights / weights.sum()
    for place in range(weights.size):
        expected = share[place] + (1 - share[place]) * 0.5 * share[place]
        assert (masks >> place & 1).mean() == pytest.approx(expected, abs=4.5 * np.sqrt(0.25 / plain.size))
    assert not observation.tag_masks(own.expect(hashtag=[]), vocabulary, plain, Streams(2)).any()


def test_all_sets_of_hashtags_have_their_words() -> None:
    words, lists = observation.tag_words(WORLD)
    assert len(words) == len(lists) == 2 ** len(WORLD.hashtags)
    assert words[0].as_py() is None
    assert words[3].as_py() == "#猫税[话题]# #tiktokrefugees[话题]#"
    assert lists[3] == ["猫税", "tiktokrefugees"]
    assert observation.tag_words(world("twitter-mastodon"))[0][1].as_py().count("#") == 1
