"""Small hand-made captures for the readers' tests, and what comes out of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from resilens.capture import registry
from resilens.capture.reader import Options
from resilens.capture.records import Broken, Captured, CapturedComment, CapturedPost

POST_ID = "6785e350000000000200aaaa"
COMMENT_ID = "67860000000000001200bbbb"
USER_ID = "6784c2120000000000cccc01"


def opened(
    folder: Path, content: str | bytes | list[Any], options: Options | None = None, name: str = "some file"
) -> Any:
    """Write a capture (a list becomes JSON lines) and open it."""
    if isinstance(content, list):
        content = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in content)
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return registry.opened(path, options)


def read(folder: Path, content: str | bytes | list[Any], options: Options | None = None) -> list[Captured]:
    return list(opened(folder, content, options).read())


def posts(found: list[Captured]) -> list[CapturedPost]:
    return [record for record in found if isinstance(record, CapturedPost)]


def comments(found: list[Captured]) -> list[CapturedComment]:
    return [record for record in found if isinstance(record, CapturedComment)]


def broken(found: list[Captured]) -> list[Broken]:
    return [record for record in found if isinstance(record, Broken)]


def envelope(
    platform: str, data: Any, page: str = "https://www.xiaohongshu.com/explore", **more: Any
) -> dict[str, Any]:
    """An item as Zeeschuimer exports it."""
    return {
        "nav_index": "1:4:0",
        "item_id": data.get("id") if isinstance(data, dict) else "1",
        "timestamp_collected": 1737000000000,
        "source_platform": platform,
        "source_platform_url": page,
        "source_url": "https://edith.xiaohongshu.com/api?device_id=DEVICE&msToken=SECRET",
        "user_agent": "AGENT",
        "data": data,
        **more,
        "id": 1,
    }


def card(**more: Any) -> dict[str, Any]:
    """A post as RedNote's search answers it."""
    return {
        "id": POST_ID,
        "model_type": "note",
        "xsec_token": "SECRET",
        "note_card": {
            "type": "normal",
            "display_title": "猫税",
            "user": {"user_id": USER_ID, "nick_name": "momo", "avatar": "a"},
            "interact_info": {
                "liked_count": "1.2万",
                "collected_count": "10+",
                "comment_count": "3",
                "share_count": "0",
            },
            "image_list": [{"url_default": "https://pictures/1"}],
            **more,
        },
    }


def thread() -> dict[str, Any]:
    """A comment with two replies nested in it, the second answering the first."""
    return {
        "id": COMMENT_ID,
        "note_id": POST_ID,
        "content": "欢迎[笑哭R]",
        "create_time": 1736835000000,
        "like_count": "12",
        "sub_comment_count": "9",
        "status": 0,
        "show_tags": [],
        "user_info": {"user_id": USER_ID, "nickname": "momo"},
        "at_users": [{"user_id": "67800000000000000000dddd", "nickname": "阿猫"}],
        "sub_comments": [
            {
                "id": "67860000000000001200bbb1",
                "note_id": POST_ID,
                "content": "谢谢",
                "create_time": 1736835060000,
                "like_count": "1",
                "show_tags": ["is_author"],
                "user_info": {"user_id": "67800000000000000000eeee"},
                "target_comment": {"id": COMMENT_ID, "user_info": {"user_id": USER_ID, "nickname": "momo"}},
            },
            {
                "id": "67860000000000001200bbb2",
                "note_id": POST_ID,
                "content": "不客气",
                "create_time": 1736835120000,
                "like_count": "0",
                "status": 3,
                "target_comment": {"id": "67860000000000001200bbb1"},
            },
        ],
    }


def tiktok_post(**more: Any) -> dict[str, Any]:
    return {
        "id": "7288995634328177926",
        "desc": "🐱 @cat.friend look #CatTax #rednote",
        "createTime": 1736835000,
        "author": {"id": "7158414720537232389", "uniqueId": "refugee.one", "nickname": "Refugee"},
        "stats": {"diggCount": 5, "shareCount": 4, "commentCount": 3, "playCount": 200, "collectCount": 2},
        "challenges": [{"id": "1", "title": "CatTax"}, {"id": "2", "title": "goodbye"}],
        "textExtra": [
            {"hashtagName": "CatTax", "start": 20, "end": 27, "userId": ""},
            {"hashtagName": "rednote", "start": 28, "end": 36, "userId": ""},
            {"hashtagName": "", "start": 3, "end": 14, "userId": "680", "userUniqueId": "other"},
        ],
        "video": {"cover": "https://pictures/cover"},
        "duetInfo": {"duetFromId": "0"},
        "isAd": False,
        **more,
    }


def tiktok_comment(**more: Any) -> dict[str, Any]:
    return {
        "cid": "7289000000000000001",
        "aweme_id": "7288995634328177926",
        "reply_id": "0",
        "text": "hi",
        "create_time": 1736835300,
        "digg_count": 7,
        "reply_comment_total": 2,
        "user": {"uid": "715", "unique_id": "someone", "nickname": "Some One"},
        **more,
    }
