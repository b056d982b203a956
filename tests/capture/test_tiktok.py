"""TikTok's items: types that drift, mentions, parents."""

from __future__ import annotations

import pytest
from tests.capture.reading import tiktok_comment, tiktok_post

from resilens.capture import tiktok
from resilens.capture.records import Broken, CapturedComment, CapturedPost, Person


def post(**more: object) -> CapturedPost:
    found = tiktok.post(1, tiktok_post(**more))
    assert isinstance(found, CapturedPost)
    return found


def comment(**more: object) -> CapturedComment:
    found = tiktok.comment(1, tiktok_comment(**more))
    assert isinstance(found, CapturedComment)
    return found


def test_a_post_with_all_counts() -> None:
    found = post()
    assert found.counts == {"likes": 5, "comments": 3, "bookmarks": 2, "shares": 4, "views": 200}
    assert (found.native_id, found.published, found.kind) == ("7288995634328177926", 1736835000, "video")
    assert found.author == Person("7158414720537232389", "refugee.one")
    assert found.hashtags == ("CatTax", "rednote", "goodbye")
    assert found.url is None  # it would name the account
    assert found.flags == ()


def test_mentions_have_the_name_that_the_text_shows() -> None:
    assert post().mentions == (Person("680", "cat.friend"),)


@pytest.mark.parametrize("author", ["refugee.one", {"id": 7158414720537232389, "uniqueId": "refugee.one"}])
def test_quirk_10_the_author_is_text_or_object(author: object) -> None:
    found = post(author=author, nickname="Refugee").author
    assert found is not None
    assert found.name == "refugee.one"
    assert found.name_is_identity == isinstance(author, str)
    assert found.native_id == (None if isinstance(author, str) else "7158414720537232389")


def test_quirk_10_ids_and_times_are_numbers_or_texts() -> None:
    found = post(id=7288995634328177926, createTime="1736835000")
    assert (found.native_id, found.published) == ("7288995634328177926", "1736835000")
    assert comment(cid=7289000000000000001, aweme_id=7288995634328177926).post == "7288995634328177926"


def test_pictures_duets_and_advertisements() -> None:
    found = post(
        imagePost={"images": [{"imageURL": {"urlList": ["https://pictures/1"]}}]},
        isAd=True,
        duetInfo={"duetFromId": "12"},
    )
    assert (found.kind, found.media, found.flags) == ("image", ("https://pictures/1",), ("advertisement", "duet"))


def test_a_comment() -> None:
    found = comment(author_pin=True)
    assert (found.parent, found.likes, found.replies, found.text) == (None, 7, 2, "hi")
    assert found.author == Person("715", "someone")
    assert found.flags == ("pinned_by_author",)


@pytest.mark.parametrize(
    ("reply", "answered", "parent"),
    [("0", None, None), (0, None, None), ("", "0", None), (None, None, None), ("12", "0", "12"), ("12", "34", "34")],
)
def test_quirk_18_no_parent_is_zero_empty_or_null(reply: object, answered: object, parent: str | None) -> None:
    assert comment(reply_id=reply, reply_to_reply_id=answered).parent == parent


def test_items_without_ids_or_content_are_broken() -> None:
    assert tiktok.post(3, {"id": None, "desc": "x"}) == Broken(3, "no id of the post")
    assert tiktok.post(3, {"id": "12"}) == Broken(3, "a reference to a post without its content", "12")
    assert tiktok.comment(3, {"cid": "1", "text": "x"}) == Broken(3, "no id of the post", "1")
