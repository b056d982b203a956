"""Zeeschuimer's JSON lines: the envelope, the query of the page, the four shapes of RedNote posts, damage."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.capture.reading import (
    COMMENT_ID,
    POST_ID,
    USER_ID,
    broken,
    card,
    comments,
    envelope,
    posts,
    read,
    thread,
    tiktok_comment,
    tiktok_post,
)

from resilens.capture.reader import Options
from resilens.capture.records import Person, Retrieval
from resilens.capture.retrieval import query_of

SEARCH = "https://www.xiaohongshu.com/search_result?keyword=%25E7%258C%25AB%25E7%25A8%258E&source=web_explore_feed"


def test_shape_one_note_card(tmp_path: Path) -> None:
    (found,) = posts(read(tmp_path, [envelope("xiaohongshu.com", card())]))
    assert (found.line, found.platform, found.native_id, found.kind) == (1, "rednote", POST_ID, "image")
    assert (found.title, found.text, found.published) == ("猫税", None, None)
    assert found.author == Person(USER_ID, "momo")
    assert found.counts == {"likes": "1.2万", "comments": "3", "bookmarks": "10+", "shares": "0"}
    assert found.media == ("https://pictures/1",)
    assert found.flags == ("text_not_captured",)
    assert found.collected_at == 1737000000000
    assert found.retrieval is None


def test_shape_two_user_page(tmp_path: Path) -> None:
    item = {
        "id": POST_ID,
        "note_id": POST_ID,
        "type": "video",
        "display_title": "t",
        "desc": "d",
        "time": 1736835000000,
        "user": {"user_id": USER_ID, "nickname": "momo"},
        "interact_info": {"liked_count": "7"},
        "video": {"media": {"stream": {"h264": [{"master_url": "https://videos/1"}]}}},
    }
    (found,) = posts(read(tmp_path, [envelope("xiaohongshu.com", item)]))
    assert (found.kind, found.text, found.published, found.counts["likes"]) == ("video", "d", 1736835000000, "7")
    assert found.media == ("https://videos/1",)


def test_shape_three_embedded_state_in_camel_case(tmp_path: Path) -> None:
    note = {
        "title": "they said null",
        "desc": "欢迎",
        "time": 1736835000000,
        "type": "normal",
        "user": {"userId": USER_ID, "nickName": "momo"},
        "imageList": [{"urlDefault": "https://pictures/2"}],
        "interactInfo": {"likedCount": "1千+", "collectedCount": "2", "commentCount": "3", "shareCount": "4"},
        "tagList": [{"name": "猫税", "type": "topic"}, {"name": "A shop", "type": "brand_page"}],
        "ipLocation": "美国",
        "atUserList": [{"userId": "67800000000000000000dddd", "nickname": "阿猫"}],
        "xsecToken": "SECRET",
    }
    (found,) = posts(read(tmp_path, [envelope("xiaohongshu.com", {"id": POST_ID, "note": note})]))
    assert found.counts == {"likes": "1千+", "comments": "3", "bookmarks": "2", "shares": "4"}
    assert (found.native_id, found.author, found.location) == (POST_ID, Person(USER_ID, "momo"), "美国")
    assert found.hashtags == ("猫税",)
    assert found.mentions == (Person("67800000000000000000dddd", "阿猫"),)
    assert found.flags == ("undefined_became_null",)


def test_shape_four_scraped_from_the_page(tmp_path: Path) -> None:
    item = {
        "_zs-origin": "html",
        "id": POST_ID,
        "url": f"/explore/{POST_ID}?xsec_token=SECRET",
        "author_name": "momo",
        "author_url": f"/user/profile/{USER_ID}?xsec_token=SECRET",
        "likes": "1万+",
        "title": "猫税",
        "thumbnail_url": "https://pictures/3",
    }
    (found,) = posts(read(tmp_path, [envelope("xiaohongshu.com", item)]))
    assert (found.author, found.counts, found.title) == (Person(USER_ID, "momo"), {"likes": "1万+"}, "猫税")
    assert found.url == f"https://www.xiaohongshu.com/explore/{POST_ID}"


def test_a_tile_without_content_is_broken_in_words(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [envelope("xiaohongshu.com", {"id": POST_ID, "model_type": "note"}), envelope("tiktok.com", tiktok_post())],
    )
    assert broken(found)[0].reason.startswith("a tile of an overview page")
    assert broken(found)[0].line == 1
    assert len(posts(found)) == 1


def test_quirk_18_nested_replies_are_unfolded(tmp_path: Path) -> None:
    found = comments(read(tmp_path, [envelope("xiaohongshu-comments", thread())]))
    assert [(one.native_id[-4:], one.parent and one.parent[-4:], one.line) for one in found] == [
        ("bbbb", None, 1),
        ("bbb1", "bbbb", 1),
        ("bbb2", "bbb1", 1),
    ]
    assert {one.post for one in found} == {POST_ID}
    assert (found[0].likes, found[0].replies, found[0].collected_at) == ("12", "9", 1737000000000)
    assert found[0].mentions == (Person("67800000000000000000dddd", "阿猫"),)
    assert [one.flags for one in found] == [(), ("by_post_author",), ("platform_status_3",)]


def test_quirk_17_missing_user_info_and_status(tmp_path: Path) -> None:
    item = {**thread(), "sub_comments": [], "status": -2}
    del item["user_info"]
    (found,) = comments(read(tmp_path, [envelope("xiaohongshu-comments", item)]))
    assert found.author is None
    assert found.flags == ("platform_status_-2",)


def test_a_nested_reply_without_target_answers_the_comment_it_is_nested_in(tmp_path: Path) -> None:
    item = thread()
    for reply in item["sub_comments"]:
        reply.pop("target_comment")
        reply.pop("note_id")
    found = comments(read(tmp_path, [envelope("xiaohongshu-comments", item)]))
    assert [one.parent for one in found] == [None, COMMENT_ID, COMMENT_ID]
    assert {one.post for one in found} == {POST_ID}


def test_quirk_6_several_platforms_data_null_and_a_truncated_last_line(tmp_path: Path) -> None:
    lines = [
        envelope("xiaohongshu.com", card()),
        envelope("tiktok.com", None),
        envelope("tiktok.com", tiktok_post(), nav_index="1:4:NaN"),
        envelope("9gag.com", {"id": "1"}),
        envelope("tiktok-comments", tiktok_comment()),
    ]
    import json

    content = "\n".join(json.dumps(line) for line in lines) + "\n\0\n" + json.dumps(lines[0])[:200]
    found = read(tmp_path, content)
    assert [one.platform for one in posts(found)] == ["rednote", "tiktok"]
    assert [one.platform for one in comments(found)] == ["tiktok"]
    assert [(one.line, one.reason.split(" are ")[0]) for one in broken(found)] == [
        (2, "the item's `data` is null"),
        (4, "items of 9gag.com"),
        (6, "the line holds NUL characters only"),
        (7, "the last line is cut short"),
    ]


def test_nan_literals_and_a_missing_last_updated_are_survived(tmp_path: Path) -> None:
    import json

    line = json.dumps(envelope("tiktok.com", tiktok_post(), timestamp_collected=float("nan"), nav_index=float("nan")))
    assert "NaN" in line
    (found,) = posts(read(tmp_path, line + "\n"))
    assert found.collected_at is None


def test_quirk_20_secrets_never_pass(tmp_path: Path) -> None:
    lines = [
        envelope("xiaohongshu.com", card()),
        envelope("xiaohongshu-comments", thread()),
        envelope("tiktok.com", None),
        envelope("xiaohongshu.com", {"id": POST_ID}),
        envelope("tiktok.com", tiktok_post()),
    ]
    everything = repr(read(tmp_path, lines))
    assert not any(secret in everything for secret in ("SECRET", "DEVICE", "AGENT", "msToken", "xsec_token"))


@pytest.mark.parametrize(
    ("address", "query"),
    [
        (SEARCH, "猫税"),
        ("https://www.xiaohongshu.com/search_result/?keyword=tiktok%20refugee", "tiktok refugee"),
        ("https://www.xiaohongshu.com/search_result?keyword=%2523%E7%8C%AB%E7%A8%8E", "#猫税"),
        ("https://www.xiaohongshu.com/search_result?keyword=100%25", "100%"),
        ("https://www.tiktok.com/search/video?q=cat+tax&t=1", "cat tax"),
        ("https://www.tiktok.com/tag/CatTax?lang=en", "#CatTax"),
        ("https://www.instagram.com/explore/tags/cattax/", "#cattax"),
        ("https://www.xiaohongshu.com/explore", None),
        ("https://www.xiaohongshu.com/user/profile/678", None),
        ("http://[broken", None),
        (None, None),
        (7, None),
    ],
)
def test_the_query_is_read_from_the_page(address: object, query: str | None) -> None:
    assert query_of(address) == query


def test_ranks_follow_the_order_within_a_navigation_and_query(tmp_path: Path) -> None:
    def item(number: int, page: str, navigation: str) -> object:
        data = {**card(), "id": f"6785e350000000000200{number:04}"}
        return envelope("xiaohongshu.com", data, page, nav_index=navigation)

    lines = [
        item(1, SEARCH, "1:1:0"),
        item(2, SEARCH, "1:1:0"),
        item(1, SEARCH, "1:1:0"),
        item(3, SEARCH, "1:1:0"),
        item(3, SEARCH, "1:2:0"),
        item(4, "https://www.xiaohongshu.com/explore", "1:2:0"),
    ]
    found = [one.retrieval for one in posts(read(tmp_path, lines))]
    assert [one and one.rank for one in found] == [1, 2, 1, 3, 1, None]
    assert found[0] == Retrieval("猫税", None, 1)


def test_a_declared_query_and_ranking_make_every_post_a_retrieval(tmp_path: Path) -> None:
    lines = [
        envelope("xiaohongshu.com", card()),
        envelope("tiktok.com", tiktok_post()),
        envelope("xiaohongshu.com", card()),
    ]
    options = Options(query="#猫税", ranking="likes", account="me", locale="zh-CN")
    found = [one.retrieval for one in posts(read(tmp_path, lines, options))]
    assert found == [Retrieval("#猫税", "likes", rank, "me", "zh-CN") for rank in (1, 2, 1)]
    lines = [envelope("xiaohongshu.com", card(), SEARCH), envelope("tiktok.com", tiktok_post())]
    found = [one.retrieval for one in posts(read(tmp_path, lines, Options(ranking="comments")))]
    assert found == [Retrieval("猫税", "comments", 1), None]
