"""minet's tables: lists joined by `|`, threads followed within the file, ids out of addresses."""

from __future__ import annotations

from pathlib import Path

from tests.capture.reading import broken, comments, posts, read
from tests.capture.samples import (
    ACCOUNT,
    BLUESKY_DID,
    MINET_BLUESKY,
    MINET_INSTAGRAM,
    MINET_INSTAGRAM_HASHTAG,
    MINET_INSTAGRAM_POST,
    MINET_REDDIT,
    MINET_REDDIT_COMMENTS,
    MINET_TIKTOK,
    MINET_TWEETS,
    NAME,
    PK,
    X_POST,
    X_REPLY,
    bluesky_uri,
    table,
)

from resilens.capture.records import Person


def test_a_tweet_belongs_to_the_thread_that_the_file_shows(tmp_path: Path) -> None:
    found = read(tmp_path, table(*MINET_TWEETS))
    (post,) = posts(found)
    assert (post.author, post.hashtags) == (Person(ACCOUNT, NAME), ("cattax", "rednote"))
    assert post.media == ("https://m/1", "https://m/2")
    assert post.retrieval is None, "`match_query` says yes or no, not which query"
    assert [(one.post, one.parent, one.flags) for one in comments(found)] == [(X_POST, None, ()), (X_POST, X_REPLY, ())]


def test_a_thread_that_begins_outside_is_flagged(tmp_path: Path) -> None:
    _, reply, deeper = MINET_TWEETS
    found = comments(read(tmp_path, table(deeper, reply)))
    assert {(one.post, one.flags) for one in found} == {(X_POST, ("thread_start_not_captured",))}


def test_bluesky(tmp_path: Path) -> None:
    found = read(tmp_path, table(*MINET_BLUESKY))
    (post,) = posts(found)
    assert (post.author, post.counts["bookmarks"]) == (Person(BLUESKY_DID, NAME), "4")
    assert [(one.post, one.parent) for one in comments(found)] == [
        (bluesky_uri(), None),
        (bluesky_uri(), bluesky_uri(60)),
    ]


def test_tiktok(tmp_path: Path) -> None:
    (found,) = posts(read(tmp_path, table({**MINET_TIKTOK, "author_secret": "true"})))
    assert (found.hashtags, found.author, found.flags) == (("cattax", "foryou"), Person(ACCOUNT, NAME), ("not_public",))


def test_reddit(tmp_path: Path) -> None:
    (post,) = posts(read(tmp_path, table(MINET_REDDIT)))
    assert (post.native_id, post.author, post.title) == ("1i0abcd", Person(None, NAME, True), "TikTok refugees")
    top, answer = comments(read(tmp_path, table(*MINET_REDDIT_COMMENTS)))
    assert (top.post, top.parent, answer.parent) == ("1i0abcd", None, "m7aaaaa")


def test_instagram_comments_take_their_post_from_a_column_carried_over(tmp_path: Path) -> None:
    top, answer = comments(read(tmp_path, table(*MINET_INSTAGRAM)))
    assert (top.post, top.parent, answer.parent) == (PK, None, "17900000000000001")
    rows = [{key: value for key, value in row.items() if key != "post"} for row in MINET_INSTAGRAM]
    assert [one.reason for one in broken(read(tmp_path, table(*rows)))] == ["no id of the post"] * 2


def test_instagram_posts_of_accounts_and_of_hashtags(tmp_path: Path) -> None:
    (found,) = posts(read(tmp_path, table(MINET_INSTAGRAM_POST)))
    assert (found.author, found.kind, found.counts["likes"]) == (Person(None, NAME, True), "image", "3")
    (hidden,) = posts(read(tmp_path, table({**MINET_INSTAGRAM_POST, "like_and_view_counts_disabled": "true"})))
    assert (hidden.flags, hidden.counts["likes"]) == (("likes_hidden",), None)
    (tagged,) = posts(read(tmp_path, table(MINET_INSTAGRAM_HASHTAG)))
    assert (tagged.author, tagged.kind) == (Person(ACCOUNT), "video")
    assert (tagged.counts["likes"], tagged.counts["views"], tagged.counts["comments"]) == ("3", "9", "1")
