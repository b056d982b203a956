"""Where are things in MediaCrawler's tables of the platforms other than RedNote? In both its schemas, as data.

Until June 2026 a row held the account (`user_id`) and the displayed location; since then `creator_hash` and a masked
nickname.
"""

from __future__ import annotations

from resilens.capture import douyin
from resilens.capture.layouts import Layout, layout

_ROW = {"author": "user_id", "author_hash": "creator_hash", "author_name": "nickname|user_nickname",
        "collected_at": "last_modify_ts", "location": "ip_location"}  # fmt: skip
_POST = {**_ROW, "title": "title", "text": "desc", "time": "create_time", "likes": "liked_count",
         "query": "source_keyword"}  # fmt: skip
_COMMENT = {**_ROW, "id": "comment_id", "text": "content", "time": "create_time", "parent": "parent_comment_id",
            "likes": "like_count", "replies": "sub_comment_count", "media": "pictures"}  # fmt: skip

LAYOUTS: tuple[Layout, ...] = (
    layout(
        "Weibo posts", "weibo", "note_id content create_date_time comments_count shared_count", separator=",",
        fields={**_POST, "id": "note_id", "title": "", "text": "content", "comments": "comments_count",
                "shares": "shared_count", "media": "image_list"},
        address="https://m.weibo.cn/detail/{}",
    ),
    layout(
        "Weibo comments", "weibo", "comment_id note_id content create_date_time comment_like_count", comments=True,
        fields={**_COMMENT, "post": "note_id", "likes": "comment_like_count"}, separator=",",
    ),
    layout(
        "Douyin posts", "douyin", "aweme_id aweme_type desc create_time liked_count", separator=",",
        # The title is the text once more.
        fields={**_POST, "id": "aweme_id", "title": "", "comments": "comment_count", "bookmarks": "collected_count",
                "shares": "share_count", "media": "cover_url + note_download_url", "type": "aweme_type"},
        kinds={"0": "video", "4": "video", "68": "image"}, address=douyin.ADDRESS,
    ),
    layout(
        "Douyin comments", "douyin", "comment_id aweme_id content create_time", comments=True, separator=",",
        fields={**_COMMENT, "post": "aweme_id"},
    ),
    layout(
        "Bilibili posts", "bilibili", "video_id title desc create_time video_play_count video_danmaku",
        fields={**_POST, "id": "video_id", "comments": "video_comment", "bookmarks": "video_favorite_count",
                "shares": "video_share_count", "views": "video_play_count", "media": "video_cover_url"},
        address="https://www.bilibili.com/video/av{}", without="video",
    ),
    layout(
        "Bilibili comments", "bilibili", "comment_id video_id content create_time parent_comment_id", comments=True,
        fields={**_COMMENT, "post": "video_id"},
    ),
    layout(
        "Kuaishou posts", "kuaishou", "video_id video_type title create_time viewd_count",
        fields={**_POST, "id": "video_id", "views": "viewd_count", "media": "video_cover_url"},
        address="https://www.kuaishou.com/short-video/{}", without="video",
    ),
    layout(
        "Kuaishou comments", "kuaishou", "comment_id video_id content create_time sub_comment_count", comments=True,
        lacks="parent_comment_id", fields={**_COMMENT, "post": "video_id"},
    ),
    layout(
        "Zhihu posts", "zhihu", "content_id content_type content_text voteup_count created_time",
        fields={**_POST, "id": "content_id", "text": "content_text|desc", "time": "created_time",
                "likes": "voteup_count", "comments": "comment_count", "url": "content_url", "type": "content_type"},
        kinds={"answer": "text", "article": "text", "zvideo": "video"},
    ),
    layout(
        "Zhihu comments", "zhihu", "comment_id content_id content publish_time", comments=True,
        fields={**_COMMENT, "post": "content_id", "time": "publish_time"},
    ),
    layout(
        "Tieba posts", "tieba", "note_id title desc tieba_name publish_time", lacks="comment_id",
        fields={**_POST, "id": "note_id", "time": "publish_time", "comments": "total_replay_num", "likes": ""},
        address="https://tieba.baidu.com/p/{}",
    ),
    layout(
        "Tieba comments", "tieba", "comment_id note_id content tieba_name publish_time", comments=True,
        fields={**_COMMENT, "post": "note_id", "time": "publish_time"},
    ),
)  # fmt: skip
