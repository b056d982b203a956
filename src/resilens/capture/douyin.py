"""Where are things in what Douyin answers? Posts as Zeeschuimer keeps them: answers (`aweme_id`) and a page's state
(`awemeId`)."""

from __future__ import annotations

from typing import Any

from resilens.capture import values
from resilens.capture.layouts import at, layout, read
from resilens.capture.records import Broken, CapturedComment, CapturedPost

ADDRESS = "https://www.douyin.com/video/{}"

POST = layout(
    "posts", "douyin",
    fields={
        "id": "aweme_id|awemeId|id", "text": "desc", "time": "create_time|createTime",
        "author": "author.uid|authorInfo.uid|author_user_id|authorUserId", "author_name": "author.nickname|"
        "authorInfo.nickname", "hashtags": "text_extra.*.hashtag_name|textExtra.*.hashtagName",
        "likes": "statistics.digg_count|stats.diggCount", "comments": "statistics.comment_count|stats.commentCount",
        "bookmarks": "statistics.collect_count|stats.collectCount",
        "shares": "statistics.share_count|stats.shareCount", "views": "statistics.play_count|stats.playCount",
        "location": "ip_label|ip_attribution|region",
        "media": "images.*.url_list.0|images.*.urlList.0|video.cover.url_list.0|video.cover.urlList.0|video.cover",
    },
    flags={
        "advertisement": "is_ads|isAds", "not_public": "status.private_status|status.privateStatus",
    },
    address=ADDRESS,
)  # fmt: skip


def post(line: int, found: dict[str, Any]) -> CapturedPost | CapturedComment | Broken:
    """A post; a stream is none. Douyin answers 0 plays for all: that is not shown, not none."""
    if at(found, "rawdata|cell_room.rawdata|cellRoom.rawdata") is not None:
        return Broken(line, "a live stream, not a post", values.identifier(at(found, "aweme_id|awemeId|id")) or "")
    one = read(POST, line, found)
    if isinstance(one, CapturedPost):
        one.kind = "image" if found.get("images") not in (None, [], "$undefined") else "video"
        if str(one.counts.get("views")) == "0":
            one.counts = {**one.counts, "views": None}
    return one
