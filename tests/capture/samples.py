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
