"""A small hand-made capture of every source, shaped like the real ones, for what must hold whatever the source.

In all of them the author is called `zorblatt` (ids begin with `zorblatt` or are `ACCOUNT`), tokens are `SECRET`, and
texts that are erased say `forgettable`.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

from tests.capture.reading import envelope

ACCOUNT = "1444555666777888999"
NAME = "zorblatt"
SECOND = 1736827728
"""14 January 2025, 04:08:48 UTC."""


@dataclass(frozen=True)
class Sample:
    """A capture and what must come out of it.

    Parameters
    ----------
    reader
        The reader that takes it.
    content
        The file.
    posts, comments
        How many items it holds.
    platform
        Where they are from.
    forget
        The native id of an item in it whose text says `forgettable`; empty where none does.
    """

    reader: str
    content: bytes
    posts: int
    comments: int
    platform: str
    forget: str = ""


def lines(*records: Any) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def array(*records: Any) -> bytes:
    return json.dumps(list(records), ensure_ascii=False, indent=1).encode()


def table(*rows: dict[str, Any], separator: str = ",") -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(dict.fromkeys(key for row in rows for key in row)), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


# --- X ----------------------------------------------------------------------------------------------------------------

X_POST = str((SECOND * 1000 - 1288834974657) << 22)
X_REPLY = str((SECOND * 1000 + 60_000 - 1288834974657) << 22)
X_DEEPER = str((SECOND * 1000 + 120_000 - 1288834974657) << 22)
WEEKDAY_TIME = "Tue Jan 14 04:08:48 +0000 2025"


def x_item(native: str = X_POST, text: str = "Hello &amp; welcome @other #CatTax https://t.co/a", **legacy: Any) -> Any:
    """A post as X's GraphQL answers it."""
    return {
        "__typename": "Tweet",
        "rest_id": native,
        "id": native,
        "core": {"user_results": {"result": {
            "rest_id": ACCOUNT, "core": {"screen_name": NAME, "name": "Zorb L."},
            "legacy": {"description": "bio", "profile_image_url_https": f"https://pbs.twimg.com/{NAME}.jpg"},
        }}},
        "views": {"count": "1234", "state": "EnabledWithCount"},
        "legacy": {
            "id_str": native, "user_id_str": ACCOUNT, "full_text": text, "created_at": WEEKDAY_TIME,
            "conversation_id_str": X_POST, "favorite_count": 5, "retweet_count": 4, "reply_count": 3, "quote_count": 2,
            "bookmark_count": 1, "lang": "en", "possibly_sensitive": False,
            "entities": {
                "hashtags": [{"text": "CatTax", "indices": [22, 29]}],
                "user_mentions": [{"id_str": "77", "screen_name": "other", "name": "Other"}], "urls": [],
                "media": [{"type": "photo", "media_url_https": "https://pbs.twimg.com/media/A.jpg"}],
            },
            **legacy,
        },
    }  # fmt: skip


def x_reply(native: str, parent: str, text: str = "a reply", **legacy: Any) -> Any:
    return x_item(native, text, in_reply_to_status_id_str=parent, in_reply_to_screen_name=NAME,
                  entities={"hashtags": [], "user_mentions": [], "urls": []}, **legacy)  # fmt: skip


# --- Instagram and Threads --------------------------------------------------------------------------------------------

PK = str((SECOND * 1000 - 1314220021721) << 23)
CODE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def code_of(number: str) -> str:
    rest, code = int(number), ""
    while rest:
        rest, letter = divmod(rest, 64)
        code = CODE_LETTERS[letter] + code
    return code


def instagram_post(**more: Any) -> dict[str, Any]:
    """A post in a list of items."""
    return {
        "pk": PK, "id": f"{PK}_{ACCOUNT}", "code": code_of(PK), "taken_at": SECOND, "media_type": 8,
        "user": {"pk": ACCOUNT, "id": ACCOUNT, "username": NAME, "full_name": "Zorb L.", "is_private": False},
        "caption": {"text": "forgettable 猫税 @friend #CatTax"}, "like_count": 12, "comment_count": 3,
        "carousel_media": [
            {"media_type": 1, "image_versions2": {"candidates": [{"url": "https://scontent/1.jpg?oh=SECRET&x=1"}]}},
            {"media_type": 2, "image_versions2": {"candidates": [{"url": "https://scontent/2.jpg"}]},
             "video_versions": [{"url": "https://scontent/2.mp4?oe=SECRET"}]},
        ],
        "location": {"name": "Shanghai", "lat": 1, "lng": 2}, **more,
    }  # fmt: skip


def instagram_comment(native: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "pk": native, "id": native, "comment_id": native, "text": "nice @zorblatt", "created_at": SECOND + 60,
        "user": {"id": "990", "unique_id": "commenter", "nickname": "C", "is_private": False}, "post_id": PK,
        "post_url": "https://www.instagram.com/p/x/", "parent_comment_id": parent, "comment_like_count": 2,
        "child_comment_count": 1, **more,
    }  # fmt: skip


def threads_post(**more: Any) -> dict[str, Any]:
    post = instagram_post(carousel_media=None, media_type=19, location=None, comment_count=None)
    info = {"direct_reply_count": 7, "repost_count": 6, "quote_count": 5, "is_reply": False, "share_info": {}}
    return {**post, "text_post_app_info": info, **more}


# --- Douyin -----------------------------------------------------------------------------------------------------------

AWEME = str(SECOND << 32 | 77)


def douyin_post(**more: Any) -> dict[str, Any]:
    return {
        "aweme_id": AWEME, "id": AWEME, "desc": "forgettable 小红书 #猫税", "create_time": SECOND, "group_id": AWEME,
        "author_user_id": int(ACCOUNT),
        "author": {"uid": ACCOUNT, "nickname": NAME, "sec_uid": "zorblatt-sec", "avatar_thumb": {}},
        "text_extra": [{"hashtag_name": "猫税", "start": 15, "end": 18}, {"sec_uid": "x", "user_id": "5"}],
        "statistics": {"digg_count": 9, "comment_count": 8, "collect_count": 7, "share_count": 6, "play_count": 0},
        "video": {"cover": {"url_list": ["https://p3-pc.douyinpic.com/a.jpeg?x-expires=1&x-signature=SECRET"]}},
        "images": None, "status": {"private_status": 0}, **more,
    }  # fmt: skip


SAMPLES: dict[str, Sample] = {
    "zeeschuimer x": Sample("zeeschuimer", lines(
        envelope("twitter.com", x_item(), "https://x.com/search?q=%23CatTax&src=typed_query"),
        envelope("twitter.com", x_reply(X_REPLY, X_POST, "forgettable")),
        envelope("twitter-comments", x_reply(X_DEEPER, X_REPLY)),
    ), 1, 2, "x", X_REPLY),
    "zeeschuimer instagram": Sample("zeeschuimer", lines(
        envelope("instagram.com", instagram_post(), "https://www.instagram.com/explore/tags/cattax/"),
        envelope("instagram-comments", instagram_comment("17900000000000001")),
        envelope("instagram-comments", instagram_comment("17900000000000002", "17900000000000001")),
    ), 1, 2, "instagram", PK),
    "zeeschuimer threads": Sample("zeeschuimer", lines(
        envelope("threads.net", threads_post(), "https://www.threads.com/search?q=rednote")
    ), 1, 0, "threads", PK),
    "zeeschuimer douyin": Sample("zeeschuimer", lines(
        envelope("douyin.com", douyin_post(), "https://www.douyin.com/search/%E7%8C%AB%E7%A8%8E")
    ), 1, 0, "douyin", AWEME),
}  # fmt: skip


def _imported(line: bytes) -> Any:
    """An item as 4CAT keeps it: the envelope inside the item."""
    kept = json.loads(line)
    return {**kept["data"], "__import_meta": {key: value for key, value in kept.items() if key != "data"}}


SAMPLES["4cat ndjson"] = Sample(
    "zeeschuimer", lines(*map(_imported, SAMPLES["zeeschuimer x"].content.splitlines())), 1, 2, "x", X_REPLY
)


# --- 4CAT -------------------------------------------------------------------------------------------------------------

REDNOTE_ID = f"{SECOND:08x}000000000200aaaa"
BLUESKY_DID = "did:plc:zorblatt2345"


def tid(second: int) -> str:
    """A Bluesky record's name, which holds its time."""
    number, letters = second * 1_000_000 << 10 | 7, ""
    for _ in range(13):
        letters = "234567abcdefghijklmnopqrstuvwxyz"[number & 31] + letters
        number >>= 5
    return letters


def bluesky_uri(after: int = 0, did: str = BLUESKY_DID) -> str:
    return f"at://{did}/app.bsky.feed.post/{tid(SECOND + after)}"


SERVER_TIME = {"timestamp": "2025-01-14 05:08:48", "unix_timestamp": SECOND, "missing_fields": ""}
FOURCAT_TIKTOK_ID = str(SECOND << 32 | 5)
FOURCAT_TIKTOK_COMMENT = str(SECOND + 60 << 32 | 5)

FOURCAT_REDNOTE = {
    "collected_from_url": "https://www.xiaohongshu.com/search_result?keyword=x", "id": REDNOTE_ID,
    "thread_id": REDNOTE_ID, "url": f"https://www.xiaohongshu.com/explore/{REDNOTE_ID}?xsec_token=SECRET",
    "title": "猫税", "body": "forgettable 交猫税", "hashtags": "猫税,cattax", "author": NAME,
    "author_avatar_url": "https://a", "image_url": "https://p/1,https://p/2", "video_url": "", "likes": "1.2万",
    **SERVER_TIME,
}  # fmt: skip
FOURCAT_REDNOTE_COMMENT = {
    "collected_from_url": "", "id": REDNOTE_ID[:-1] + "b", "thread_id": REDNOTE_ID, "url": "", "body": "欢迎",
    "author": NAME, "author_avatar_url": "https://a", "ip_location": "广东", "likes": "3", "replies": "1",
    **SERVER_TIME,
}  # fmt: skip
FOURCAT_TIKTOK = {
    "id": FOURCAT_TIKTOK_ID, "thread_id": FOURCAT_TIKTOK_ID, "author": NAME, "author_full": "Zorb",
    "body": "hi #CatTax", "is_duet": "False", "is_ad": "True",
    "tiktok_url": f"https://www.tiktok.com/@{NAME}/video/{FOURCAT_TIKTOK_ID}",
    "thumbnail_url": "https://p16/t.jpg?x-expires=1&x-signature=SECRET", "likes": 5, "comments": 4, "shares": 3,
    "plays": 200, "hashtags": "CatTax", "location_created": "US", **SERVER_TIME,
}  # fmt: skip
FOURCAT_TIKTOK_COMMENTS = [
    {"id": native, "thread_id": thread, "author": NAME, "author_full": "Zorb", "body": "a comment", **SERVER_TIME,
     "likes": 1, "replies": 2, "post_id": FOURCAT_TIKTOK_ID, "post_url": f"https://www.tiktok.com/@{NAME}/video/1",
     "post_body": "hi", "comment_url": "", "is_sticky": "yes", "is_comment_on_comment": answers}
    for native, thread, answers in (
        (FOURCAT_TIKTOK_COMMENT, FOURCAT_TIKTOK_ID, "no"),
        (str(int(FOURCAT_TIKTOK_COMMENT) + 1), FOURCAT_TIKTOK_COMMENT, "yes"),
    )
]  # fmt: skip
FOURCAT_INSTAGRAM = {
    "id": code_of(PK), "thread_id": code_of(PK), "parent_id": code_of(PK), "url": "", "body": "hello",
    "author_id": ACCOUNT, "author": NAME, "author_fullname": "Zorb", "media_type": "photo", "num_media": 1,
    "image_urls": "https://scontent/1.jpg?oh=SECRET", "media_urls": "", "hashtags": "cattax", "num_likes": 3,
    "num_comments": 1, "likes_hidden": "no", "partial_item": "no", **SERVER_TIME,
}  # fmt: skip
FOURCAT_BLUESKY = [
    {"collected_at": "2025-01-20T10:00:00", "query": "cattax", "rank": rank, "id": uri, "thread_id": bluesky_uri(),
     "created_at": "2025-01-14T04:08:48+00:00", "author": f"{NAME}.bsky.social", "author_id": BLUESKY_DID,
     "body": "hello", "link": f"https://bsky.app/profile/{NAME}.bsky.social/post/1", "tags": "cattax", "like_count": 1,
     "quote_count": 0, "reply_count": 2, "repost_count": 3, "quoted_post": "", "replied_to_post": answered,
     "replied_to_user": "", "labels": "", "timestamp": SECOND}
    for rank, (uri, answered) in enumerate((
        (bluesky_uri(), ""),
        (bluesky_uri(60), f"https://bsky.app/profile/{NAME}.bsky.social/post/{tid(SECOND)}"),
        (bluesky_uri(120), f"https://bsky.app/profile/{NAME}.bsky.social/post/{tid(SECOND + 60)}"),
    ))
]  # fmt: skip
FOURCAT_DOUYIN = {
    "id": AWEME, "thread_id": AWEME, "subject": "Post", "body": "小红书",
    "post_url": f"https://www.douyin.com/video/{AWEME}",
    "region": "CN", "hashtags": "猫税", "video_url": "", "image_urls": "", "collect_count": 7, "comment_count": 6,
    "digg_count": 5, "share_count": 4, "play_count": "", "author_user_id": ACCOUNT, "author_nickname": NAME,
    "author_profile_url": f"https://www.douyin.com/user/{NAME}", **SERVER_TIME,
}  # fmt: skip
FOURCAT_X = [
    {"id": native, "thread_id": X_POST, **SERVER_TIME, "link": f"https://x.com/{NAME}/status/{native}",
     "body": "a &lt;3 text", "author": NAME, "author_fullname": "Zorb", "author_id": ACCOUNT, "retweet_count": 1,
     "reply_count": 2, "like_count": 3, "quote_count": 0, "impression_count": 400, "is_retweet": "no",
     "is_quote_tweet": "no", "is_reply": reply, "hashtags": "cattax", "images": "https://pbs.twimg.com/media/A.jpg",
     "videos": "", "place_name": ""}
    for native, reply in ((X_POST, "no"), (X_REPLY, "yes"))
]  # fmt: skip
FOURCAT_THREADS = {
    "id": code_of(PK), "thread_id": code_of(PK), "url": f"https://www.threads.com/@{NAME}/post/{code_of(PK)}",
    "body": "hello", "author": NAME, "author_is_verified": "no", "image_url": "", "video_url": "", "audio_url": "",
    "is_paid_partnership": "no", "likes": 4, "reposts": 3, "replies": 2, "quotes": 1, "hashtags": "", **SERVER_TIME,
}  # fmt: skip

# --- minet, XHS-Downloader, TikTok Research API -----------------------------------------------------------------------

MINET_TWEETS = [
    {"id": native, "local_time": "2025-01-14T05:08:48", "timestamp_utc": SECOND, "text": text, "user_id": ACCOUNT,
     "url": f"https://twitter.com/{NAME}/status/{native}", "user_screen_name": NAME, "retweet_count": 1,
     "like_count": 2, "reply_count": 3, "impression_count": 4, "hashtags": "cattax|rednote", "media_urls": "https://m/1|https://m/2",
     "to_tweetid": answered, "retweeted_id": "", "quoted_id": "", "match_query": "1", "collection_time": ""}
    for native, text, answered in ((X_POST, "forgettable", ""), (X_REPLY, "b", X_POST), (X_DEEPER, "c", X_REPLY))
]  # fmt: skip
MINET_BLUESKY = [
    {"cid": "bafy", "did": tid(SECOND + after), "uri": bluesky_uri(after),
     "url": f"https://bsky.app/profile/{NAME}/post/1",
     "timestamp_utc": SECOND + after, "user_did": BLUESKY_DID, "user_handle": NAME, "text": "hi", "original_text": "hi",
     "repost_count": 1, "like_count": 2, "reply_count": 3, "quote_count": 0, "bookmark_count": 4,
     "to_post_uri": answered, "to_root_post_uri": bluesky_uri() if answered else "", "quoted_uri": "",
     "hashtags": "cattax", "media_urls": "", "match_query": "1"}
    for after, answered in ((0, ""), (60, bluesky_uri()), (120, bluesky_uri(60)))
]  # fmt: skip
MINET_TIKTOK = {
    "id": FOURCAT_TIKTOK_ID, "description": "hi", "timestamp": SECOND, "utc_time": "2025-01-14T04:08:48",
    "author_id": ACCOUNT, "author_unique_id": NAME, "author_nickname": "Zorb", "author_secret": "false",
    "digg_count": 1, "share_count": 2, "comment_count": 3, "play_count": 4, "challenges_titles": "cattax|foryou",
    "duet_from_video_id": "", "is_ad": "false", "video_cover": "https://p/1?x-signature=SECRET",
}  # fmt: skip
MINET_REDDIT = {
    "title": "TikTok refugees", "url": "https://old.reddit.com/r/technology/comments/1i0abcd/tiktok_refugees/",
    "author": NAME, "author_text": "a text", "points": "score hidden", "raw_number_comments": "3 comments",
    "number_comments": 3, "published_date": "2025-01-14T04:08:48+00:00", "edited_date": "", "external_link": "",
    "error": "",
}  # fmt: skip
MINET_REDDIT_COMMENTS = [
    {"comment_url": f"https://old.reddit.com/r/technology/comments/1i0abcd/x/{native}/", "author": author, "id": native,
     "parent": parent, "points": "7", "published_date": "2025-01-14T04:09:48+00:00", "edited_date": "",
     "comment": "a comment", "error": ""}
    for native, author, parent in (("m7aaaaa", NAME, ""), ("m7bbbbb", "[Deleted]", "m7aaaaa"))
]  # fmt: skip
MINET_INSTAGRAM = [
    {"post": f"https://www.instagram.com/p/{code_of(PK)}/", "id": native, "index": 0, "parent_id": parent,
     "child_index": "", "text": "hi", "hashtags": "", "mentioned_names": "", "comment_like_count": 1,
     "child_comment_count": 1, "created_at_utc": "2025-01-14T04:09:48Z", "username": NAME}
    for native, parent in (("17900000000000001", ""), ("17900000000000002", "17900000000000001"))
]  # fmt: skip
MINET_INSTAGRAM_POST = {
    "username": NAME, "full_name": "Zorb", "is_verified": "", "id": PK, "media_type": "GraphSidecar",
    "shortcode": code_of(PK), "url": f"https://www.instagram.com/p/{code_of(PK)}/", "caption": "forgettable #cattax",
    "hashtags": "cattax", "mentioned_names": "", "like_and_view_counts_disabled": "", "like_count": 3,
    "comment_count": 1, "main_thumbnail_url": "", "medias_type": "GraphImage|GraphVideo",
    "medias_url": "https://scontent/1.jpg?oh=SECRET|https://scontent/2.mp4", "usertags_medias": "",
    "taken_at_timestamp": SECOND, "utc_time": "2025-01-14T04:08:48", "coauthor_usernames": "",
}  # fmt: skip
MINET_INSTAGRAM_HASHTAG = {
    "id": PK, "media_type": "GraphVideo", "shortcode": code_of(PK), "caption": "hello", "hashtags": "",
    "mentioned_names": "", "liked_by_count": 3, "comments_disabled": "", "comment_count": 1, "preview_like_count": 3,
    "video_view_count": 9, "owner_id": ACCOUNT, "taken_at_timestamp": SECOND, "utc_time": "2025-01-14T04:08:48",
    "accessibility_caption": "", "display_url": "https://www.instagram.com/p/x/media/?size=l",
}  # fmt: skip
XHS_DOWNLOADER = [
    {"采集时间": "2025-01-20_10:00:00", "作品ID": f"{SECOND + after:08x}000000000200aaaa", "作品类型": "图文",
     "作品标题": "猫税", "作品描述": "forgettable" if after == 0 else "文字", "作品标签": "猫税 cattax",
     "发布时间": f"2025-01-14_12:0{8 + after // 60}:48", "最后更新时间": "", "收藏数量": "10+", "评论数量": "3",
     "分享数量": "-1", "点赞数量": "1.2万", "作者昵称": "momo", "作者ID": f"5f{ACCOUNT}abc", "作者链接": "",
     "作品链接": "https://www.xiaohongshu.com/explore/1?xsec_token=SECRET", "下载地址": "https://p/1 https://p/2"}
    for after in (0, 60)
]  # fmt: skip
RESEARCH_VIDEO = {
    "id": int(FOURCAT_TIKTOK_ID), "video_description": "forgettable", "create_time": SECOND, "region_code": "US",
    "username": NAME, "like_count": 1, "comment_count": 2, "share_count": 3, "view_count": 4, "favourites_count": 5,
    "hashtag_names": ["cattax", "foryou"], "music_id": 1,
}  # fmt: skip
RESEARCH_COMMENTS = [
    {"id": int(FOURCAT_TIKTOK_COMMENT) + number, "video_id": int(FOURCAT_TIKTOK_ID), "parent_comment_id": parent,
     "text": "a comment", "create_time": SECOND + 60, "like_count": 1, "reply_count": 1}
    for number, parent in enumerate((int(FOURCAT_TIKTOK_ID), int(FOURCAT_TIKTOK_COMMENT)))
]  # fmt: skip

SAMPLES |= {
    "4cat rednote": Sample("4cat", table(FOURCAT_REDNOTE), 1, 0, "rednote", REDNOTE_ID),
    "4cat rednote ;": Sample("4cat", table(FOURCAT_REDNOTE, separator=";"), 1, 0, "rednote", REDNOTE_ID),
    "4cat rednote comments": Sample("4cat", table(FOURCAT_REDNOTE_COMMENT), 0, 1, "rednote"),
    "4cat tiktok": Sample("4cat", table(FOURCAT_TIKTOK), 1, 0, "tiktok"),
    "4cat tiktok comments": Sample("4cat", table(*FOURCAT_TIKTOK_COMMENTS), 0, 2, "tiktok"),
    "4cat instagram": Sample("4cat", table(FOURCAT_INSTAGRAM), 1, 0, "instagram"),
    "4cat bluesky": Sample("4cat", table(*FOURCAT_BLUESKY), 1, 2, "bluesky"),
    "4cat douyin": Sample("4cat", table(FOURCAT_DOUYIN), 1, 0, "douyin"),
    "zeeschuimer douyin csv": Sample("4cat", table(FOURCAT_DOUYIN, separator=";"), 1, 0, "douyin"),
    "4cat x": Sample("4cat", table(*FOURCAT_X), 1, 1, "x"),
    "4cat threads": Sample("4cat", table(FOURCAT_THREADS), 1, 0, "threads"),
    "minet tweets": Sample("minet", table(*MINET_TWEETS), 1, 2, "x", X_POST),
    "minet bluesky": Sample("minet", table(*MINET_BLUESKY), 1, 2, "bluesky"),
    "minet tiktok": Sample("minet", table(MINET_TIKTOK), 1, 0, "tiktok"),
    "minet reddit posts": Sample("minet", table(MINET_REDDIT), 1, 0, "reddit"),
    "minet reddit comments": Sample("minet", table(*MINET_REDDIT_COMMENTS), 0, 2, "reddit"),
    "minet instagram comments": Sample("minet", table(*MINET_INSTAGRAM), 0, 2, "instagram"),
    "minet instagram posts": Sample("minet", table(MINET_INSTAGRAM_POST), 1, 0, "instagram", PK),
    "minet instagram hashtag": Sample("minet", table(MINET_INSTAGRAM_HASHTAG), 1, 0, "instagram"),
    "xhs-downloader": Sample(
        "xhs-downloader", table(*XHS_DOWNLOADER), 2, 0, "rednote", f"{SECOND:08x}000000000200aaaa"
    ),
    "tiktok research answer": Sample("tiktok-research", lines(
        {"data": {"videos": [RESEARCH_VIDEO], "cursor": 100, "has_more": False, "search_id": "7"}, "error": {}},
        {"data": {"comments": RESEARCH_COMMENTS, "cursor": 2, "has_more": False}, "error": {"code": "ok"}},
    ), 1, 2, "tiktok", FOURCAT_TIKTOK_ID),
    "tiktok research list": Sample("tiktok-research", array(RESEARCH_VIDEO), 1, 0, "tiktok", FOURCAT_TIKTOK_ID),
    "tiktok research csv": Sample("tiktok-research", table(*RESEARCH_COMMENTS), 0, 2, "tiktok"),
}  # fmt: skip
