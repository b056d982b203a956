"""4CAT's tables: who answers what, short codes as numbers, and what 4CAT dropped itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.capture.reading import broken, comments, opened, posts, read
from tests.capture.samples import (
    ACCOUNT,
    AWEME,
    BLUESKY_DID,
    FOURCAT_BLUESKY,
    FOURCAT_DOUYIN,
    FOURCAT_INSTAGRAM,
    FOURCAT_REDNOTE,
    FOURCAT_REDNOTE_COMMENT,
    FOURCAT_THREADS,
    FOURCAT_TIKTOK,
    FOURCAT_TIKTOK_COMMENT,
    FOURCAT_TIKTOK_COMMENTS,
    FOURCAT_TIKTOK_ID,
    FOURCAT_X,
    NAME,
    PK,
    REDNOTE_ID,
    SECOND,
    X_POST,
    bluesky_uri,
    code_of,
    table,
)

from resilens.capture.records import Person, Retrieval


def test_rednote_posts_in_both_headers(tmp_path: Path) -> None:
    other = {**FOURCAT_REDNOTE, "image_urls": FOURCAT_REDNOTE["image_url"]}
    del other["image_url"]
    for row in (FOURCAT_REDNOTE, other):
        (found,) = posts(read(tmp_path, table(row)))
        assert (found.native_id, found.published) == (REDNOTE_ID, str(SECOND))
        assert found.url == f"https://www.xiaohongshu.com/explore/{REDNOTE_ID}"
        assert (found.media, found.hashtags) == (("https://p/1", "https://p/2"), ("猫税", "cattax"))
        assert found.counts["likes"] == "1.2万"
        assert found.author == Person(None, NAME), "a nickname is nobody's identity"


def test_rednote_comments(tmp_path: Path) -> None:
    (found,) = comments(read(tmp_path, table(FOURCAT_REDNOTE_COMMENT)))
    assert (found.post, found.parent, found.location) == (REDNOTE_ID, None, "广东")
    assert (found.likes, found.replies) == ("3", "1")


def test_tiktok_goes_by_unique_names(tmp_path: Path) -> None:
    (found,) = posts(read(tmp_path, table(FOURCAT_TIKTOK)))
    assert found.author == Person(None, NAME, name_is_identity=True)
    assert (found.counts["views"], found.location, found.flags) == ("200", "US", ("advertisement",))


def test_tiktok_comments_and_their_parents(tmp_path: Path) -> None:
    top, answer = comments(read(tmp_path, table(*FOURCAT_TIKTOK_COMMENTS)))
    assert (top.post, top.parent, top.flags) == (FOURCAT_TIKTOK_ID, None, ("pinned_by_author",))
    assert answer.parent == FOURCAT_TIKTOK_COMMENT


def test_short_codes_become_the_numbers_of_other_captures(tmp_path: Path) -> None:
    (found,) = posts(read(tmp_path, table(FOURCAT_INSTAGRAM)))
    assert (found.native_id, found.author) == (PK, Person(ACCOUNT, NAME))
    assert found.url == f"https://www.instagram.com/p/{code_of(PK)}/"
    (thread,) = posts(read(tmp_path, table(FOURCAT_THREADS)))
    assert (thread.native_id, thread.counts["shares"], thread.counts["comments"]) == (PK, "3", "2")


def test_bluesky_replies_find_what_they_answer_in_the_file(tmp_path: Path) -> None:
    found = read(tmp_path, table(*FOURCAT_BLUESKY))
    (post,) = posts(found)
    assert (post.author, post.retrieval) == (Person(BLUESKY_DID, f"{NAME}.bsky.social"), Retrieval("cattax", None, 0))
    assert [(one.post, one.parent) for one in comments(found)] == [
        (bluesky_uri(), None),
        (bluesky_uri(), bluesky_uri(60)),
    ]


@pytest.mark.parametrize("separator", [",", ";"])
def test_douyin_as_4cat_and_as_zeeschuimer_write_it(tmp_path: Path, separator: str) -> None:
    row = dict(FOURCAT_DOUYIN)
    for _ in range(2):
        (found,) = posts(read(tmp_path, table(row, separator=separator)))
        assert (found.native_id, found.text, found.author) == (AWEME, "小红书", Person(ACCOUNT, NAME))
        assert [found.counts[name] for name in ("likes", "comments", "bookmarks", "shares", "views")] == [
            "5", "6", "7", "4", None]  # fmt: skip
        row.pop("id", None)  # older tables have no id, but the address


def test_replies_on_x_stand_at_top_level_flagged(tmp_path: Path) -> None:
    found = read(tmp_path, table(*FOURCAT_X))
    assert [one.text for one in posts(found)] == ["a <3 text"]
    (reply,) = comments(found)
    assert (reply.post, reply.parent, reply.flags) == (X_POST, None, ("parent_not_named",))


def test_further_columns_in_any_order_and_what_fits_nothing(tmp_path: Path) -> None:
    row = {"mine": "x", **dict(reversed(FOURCAT_X[0].items()))}
    assert opened(tmp_path, table(row)).reader.name == "4cat"
    assert broken(read(tmp_path, table({**FOURCAT_X[0], "id": "1.88E+18"})))[0].reason.startswith("the id of the")


def test_a_live_stream_on_douyin_is_no_post(tmp_path: Path) -> None:
    (found,) = broken(read(tmp_path, table({**FOURCAT_DOUYIN, "subject": "Stream"})))
    assert (found.reason, found.raw) == ("a live stream, not a post", AWEME)


def test_hidden_likes_are_no_number(tmp_path: Path) -> None:
    (found,) = posts(read(tmp_path, table({**FOURCAT_INSTAGRAM, "likes_hidden": "yes"})))
    assert (found.counts["likes"], found.counts["comments"]) == (None, "1")


def test_a_repost_answers_nothing(tmp_path: Path) -> None:
    (found,) = posts(read(tmp_path, table({**FOURCAT_X[1], "is_retweet": "yes"})))
    assert (found.native_id, found.counts) == (FOURCAT_X[1]["id"], {})


def test_early_tables_of_instagram_have_their_time_under_another_name(tmp_path: Path) -> None:
    early = {key: value for key, value in FOURCAT_INSTAGRAM.items() if key != "unix_timestamp"}
    (found,) = posts(read(tmp_path, table({**early, "timestamp": SECOND})))
    assert found.published == str(SECOND)


def test_a_partial_item_has_the_time_of_its_id_not_of_its_capture(tmp_path: Path) -> None:
    (found,) = posts(read(tmp_path, table({**FOURCAT_INSTAGRAM, "partial_item": "True"})))
    assert (found.published, found.flags) == (None, ("partial",))


def test_what_4cat_says_is_missing_is_not_taken_for_a_value(tmp_path: Path) -> None:
    row = {**FOURCAT_REDNOTE, "body": "", "likes": "0", "missing_fields": "body, likes"}
    (found,) = posts(read(tmp_path, table(row)))
    assert (found.text, found.counts["likes"], found.flags) == (None, None, ("text_not_captured",))
    (plain,) = posts(read(tmp_path, table(FOURCAT_REDNOTE)))
    assert plain.flags == ()


def test_the_query_is_that_of_the_page(tmp_path: Path) -> None:
    second = {**FOURCAT_REDNOTE, "id": REDNOTE_ID[:-1] + "c"}
    found = posts(read(tmp_path, table(FOURCAT_REDNOTE, second, {**second, "collected_from_url": ""})))
    assert [one.retrieval for one in found] == [Retrieval("x", None, 1), Retrieval("x", None, 2), None]
