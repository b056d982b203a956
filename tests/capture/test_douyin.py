"""Douyin's answers and its page's state; streams are no posts, and 0 plays are not shown plays."""

from __future__ import annotations

from tests.capture.samples import ACCOUNT, AWEME, NAME, SECOND, douyin_post

from resilens.capture import douyin
from resilens.capture.records import Broken, CapturedPost, Person


def post(item: dict[str, object]) -> CapturedPost:
    found = douyin.post(1, item)
    assert isinstance(found, CapturedPost)
    return found


def test_a_post() -> None:
    found = post(douyin_post())
    assert (found.native_id, found.published, found.kind) == (AWEME, SECOND, "video")
    assert found.author == Person(ACCOUNT, NAME)
    assert found.counts == {"likes": 9, "comments": 8, "bookmarks": 7, "shares": 6, "views": None}
    assert found.hashtags == ("猫税",)
    assert found.url == f"https://www.douyin.com/video/{AWEME}"


def test_the_state_of_a_page_in_camel_case() -> None:
    item = {
        "awemeId": AWEME, "desc": "d", "createTime": SECOND, "authorInfo": {"uid": ACCOUNT, "nickname": NAME},
        "textExtra": [{"hashtagName": "猫税"}], "stats": {"diggCount": 1, "commentCount": "$undefined"},
        "images": [{"urlList": ["https://p/1"]}], "cellRoom": "$undefined", "ZS_collected_from_embed": True,
    }  # fmt: skip
    found = post(item)
    assert (found.native_id, found.kind, found.media) == (AWEME, "image", ("https://p/1",))
    assert (found.counts["likes"], found.counts["comments"]) == (1, None)


def test_private_items_are_flagged() -> None:
    assert post(douyin_post(status={"private_status": 2})).flags == ("not_public",)


def test_a_stream_is_no_post() -> None:
    assert douyin.post(3, {"aweme_id": AWEME, "rawdata": "{}"}) == Broken(3, "a live stream, not a post", AWEME)
