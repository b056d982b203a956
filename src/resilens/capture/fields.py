"""By which names do tables call the things Resilens reads?

English and Chinese names seen in the wild, misspellings included (`ip_localtion`). Names are compared in lower case
without blanks, underscores, dashes and dots. The earlier a tuple, the more telling its names.
"""

from __future__ import annotations

import re

POSTS, COMMENTS = "posts", "comments"
MIXED = "mixed"  # a column says of each row which it is

Names = tuple[tuple[str, ...], ...]

_NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        "noteid postid videoid awemeid tweetid statusid itemid 笔记id 作品id 帖子id 微博id",
        "id uri pk 编号",
    ),
    "post": ("noteid postid videoid awemeid threadid 笔记id 作品id 帖子id linkid note post",),
    "parent": (
        "parentcommentid parentid parent replytocommentid replyto inreplytoid 父评论id 上级评论id targetcommentid",
        "replyid",
    ),
    "author": (
        "userid authorid creatorhash authoruserid uid 用户id 作者id accountid did",
        "authoruniqueid userhandle handle",
    ),
    "author_name": (
        "username nickname author authorname user screenname displayname 用户名 昵称 用户昵称 作者 "
        "作者昵称 authornickname 博主 评论者 发布者",
    ),
    "author_page": ("userurl authorurl profileurl userpage 用户主页 作者链接 作者主页 主页链接 userlink",),
    "title": ("title 标题 笔记标题 作品标题 notetitle posttitle displaytitle headline",),
    "text": (
        "text content desc description body caption message txt fulltext selftext posttext postcontent "
        "notecontent videodescription 正文 文本 内容 笔记内容 帖子内容 作品描述 笔记正文 transcription "
        "转录 转录文本 文字",
        "评论内容 评论 commentcontent commenttext comment commentbody 回复内容",
    ),
    "time": (
        "unixtimestamp createdutc timestamputc utctime",
        "createtime createdat publishtime publishedat created posttime 发布时间 "
        "评论时间 发表时间 timestamp time datetime 时间 createdtime publishedtime "
        "posted postedat pubtime",
        "date 日期 发布日期 day",
    ),
    "hashtags": (
        "hashtags taglist tags label labels hashtag 标签 话题 作品标签 hashtagnames topics challengestitles tag",
    ),
    "likes": (
        "likecount likedcount likes like diggcount favouritescount favoritecount numlikes 点赞数 "
        "点赞数量 点赞 喜欢数 赞 获赞数 upvotes score",
    ),
    "comments": (
        "commentcount commentscount comments numcomments 评论数 评论数量 评论量 repliescount replycount",
        "comment 评论",
    ),
    "bookmarks": (
        "collectedcount collectcount collects bookmarkcount bookmarks favorites favouritescount 收藏数 "
        "收藏数量 收藏 saves savecount",
    ),
    "shares": ("sharecount sharedcount shares repostcount retweetcount reblogscount 转发数 分享数 分享数量 分享 转发",),
    "views": ("viewcount views playcount plays viewdcount impressioncount 浏览量 播放量 阅读量 阅读数",),
    "replies": ("subcommentcount replycount replies replycommenttotal repliescount 回复数 子评论数",),
    "location": (
        "iplocation iplocaltion location ip属地 ip位置 ip地址 属地 地区 region regioncode locationcreated 发布地",
    ),
    "url": (
        "url link noteurl posturl permalink 笔记链接 作品链接 链接 帖子链接 awemeurl tiktokurl address "
        "commenturl 原文链接",
    ),
    "media": (
        "media mediaurls images imageurls imageurl imagelist postimage pictures image 图片 笔记图片 "
        "videourl 下载地址 thumbnailurl photo",
    ),
    "type": ("posttype notetype type 作品类型 笔记类型 类型 mediatype videotype awemetype",),
    "item": ("item itemtype itemkind kind recordtype 类别",),
    "platform": ("platform 平台 sourceplatform",),
    "query": ("query sourcekeyword keyword searchterm 关键词 搜索词 检索词",),
    "rank": ("rank 排名 序号 position",),
    "ranking": ("ranking sortedby sort orderby 排序 排序方式",),
    "collected_at": (
        "collectedat collectiontime lastmodifyts retrievedon retrievedutc 采集时间 抓取时间 captured "
        "capturedat screenshottime 截图时间 timestampcollected accessed",
    ),
    "screenshot": (
        "screenshot screenshotfile screenshotname 截图 截图文件 截图文件名 screenshots imagefile "
        "filename file recording",
    ),
    "transcriber": ("transcriber transcribedby 转录者 转录人 转写者 录入者 录入人 enteredby",),
    "checked_by": (
        "checkedby secondcheck verifiedby checker 复核 复核者 复核人 校对 校对者 核对者 reviewedby doublecheckedby",
    ),
}
"""Names of columns by field, most telling first; several strings are tiers."""

SYNONYMS: dict[str, Names] = {field: tuple(tuple(tier.split()) for tier in tiers) for field, tiers in _NAMES.items()}

COMMENT_IDS = frozenset({"commentid", "cid", "评论id", "replyid", "rpid"})
COMMENT_TEXTS = frozenset({"评论内容", "commentcontent", "commenttext", "commentbody", "回复内容"})
COUNT_FIELDS = ("likes", "comments", "bookmarks", "shares", "views", "replies")
FIELDS = tuple(SYNONYMS)

MADE = "made"
"""What `id` is mapped to where a table has no ids of its own and each row is to get one made from its content."""

POST_WORDS = frozenset({"post", "note", "video", "帖子", "笔记", "帖", "作品"})
COMMENT_WORDS = frozenset({"comment", "reply", "评论", "回复"})


def normal(name: str) -> str:
    """A column's name as it is compared."""
    return re.sub(r"[\s_\-./:：()（）#]+", "", name).lower()


def names_of(field: str, kind: str) -> Names:
    """The names of a field in a table of posts, of comments, or of both."""
    if field == "id" and kind in (COMMENTS, MIXED):
        return (tuple(sorted(COMMENT_IDS)), ("id", "uri", "pk", "编号", "itemid"))
    if field == "text" and kind == COMMENTS:
        return SYNONYMS["text"][::-1]
    if field == "post" and kind == POSTS:
        return ()
    if field in ("parent", "replies") and kind == POSTS:
        return ()
    if field in ("comments", "bookmarks", "views", "title") and kind == COMMENTS:
        return ()
    return SYNONYMS[field]
