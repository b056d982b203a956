"""Where are things in the tables of XHS-Downloader? RedNote posts, with Chinese column names."""

from __future__ import annotations

from resilens.capture import rednote
from resilens.capture.layouts import Tables, layout

XHS_DOWNLOADER = Tables(
    "xhs-downloader", "XHS-Downloader", (
        layout(
            "RedNote posts", "rednote", "作品ID 作品类型 作品标题 作品描述 发布时间 点赞数量", separator=" ,",
            fields={"id": "作品ID", "title": "作品标题", "text": "作品描述", "time": "发布时间", "hashtags": "作品标签",
                    "likes": "点赞数量", "comments": "评论数量", "bookmarks": "收藏数量", "shares": "分享数量",
                    "author": "作者ID", "author_name": "作者昵称", "type": "作品类型", "media": "下载地址",
                    "collected_at": "采集时间", "location": "IP归属地"},
            address=rednote.POST_ADDRESS + "{}",
        ),
    ),
    recognised="a table (CSV, Excel or the SQLite database `ExploreData.db`) with the columns `作品ID`, `作品类型`, "
    "`作品标题`, `作品描述`, `发布时间`, `点赞数量`",
    reads="posts with title, text, tags, counts, author and addresses of media; `采集时间` as the time of capture",
    drops="`最后更新时间`, `动图地址`, addresses of posts and accounts (the post's is made anew from its id). The "
    "tool keeps no comments",
    infers="the zone of its local times, from the id clock; a count of -1 is not shown",
)  # fmt: skip
