"""MediaCrawler's files of every platform, in both schemas, as CSV, Excel and SQLite, made by hand."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
from typing import Any

import openpyxl
from tests.capture.samples import ACCOUNT, AWEME, NAME, SECOND, Sample, lines, table

CRAWLED = SECOND * 1000 + 86_400_000
HASH = hashlib.sha256(ACCOUNT.encode()).hexdigest()[:16]
OLD = {"user_id": ACCOUNT, "nickname": NAME, "avatar": "https://a", "ip_location": "广东"}
NEW = {"creator_hash": HASH, "nickname": "z***h"}

Row = dict[str, Any]


BAR = {"tieba_id": "1", "tieba_name": "小红书吧", "tieba_link": "https://tieba.baidu.com/f?kw=x"}
TEXTS = {"create_time": SECOND, "liked_count": "1.2万", "source_keyword": "小红书"}
DATED = {"create_date_time": "2025-01-14 12:08:48"}


def rows_of(who: Row) -> dict[str, tuple[list[Row], list[Row]]]:
    """Posts and comments by platform; the first comment stands at top level, the second answers it."""
    comments = comments_of(who)
    return {platform: ([post], comments[platform]) for platform, post in posts_of(who).items()}


def posts_of(who: Row) -> dict[str, Row]:
    named = {("user_nickname" if key == "nickname" else key): value for key, value in who.items()}
    ends = {**who, "last_modify_ts": CRAWLED}
    return {
        "weibo": {
            "note_id": 5123456789012345, "content": "forgettable", **TEXTS, **DATED, "comments_count": 4,
            "shared_count": 5, "note_url": "https://m.weibo.cn/detail/5123456789012345", "image_list": "", **ends},
        "douyin": {
            "aweme_id": int(AWEME), "aweme_type": "0", "title": "forgettable", "desc": "forgettable", **TEXTS,
            "comment_count": "4", "share_count": "5", "collected_count": "6",
            "cover_url": "https://c?x-signature=SECRET",
            "aweme_url": f"https://www.douyin.com/video/{AWEME}", "note_download_url": "", **ends},
        "bilibili": {
            "video_id": 113, "video_type": "video", "title": "题", "desc": "forgettable", **TEXTS,
            "video_play_count": "9", "disliked_count": "0", "video_favorite_count": "6", "video_share_count": "5",
            "video_coin_count": "1", "video_danmaku": "2", "video_comment": "4",
            "video_url": "https://www.bilibili.com/video/av113", "video_cover_url": "https://c", **ends},
        "kuaishou": {
            "video_id": "3xabc", "video_type": "1", "title": "题", "desc": "forgettable", **TEXTS,
            "create_time": SECOND * 1000, "viewd_count": "9", "video_url": "u", "video_cover_url": "https://c", **ends},
        "zhihu": {
            "content_id": "901", "content_type": "answer", "content_text": "forgettable", "question_id": "7",
            "content_url": "https://www.zhihu.com/question/7/answer/901", "title": "问", "desc": "",
            "created_time": SECOND, "updated_time": SECOND, "voteup_count": 8, "comment_count": 4,
            "source_keyword": "小红书", **named, "last_modify_ts": CRAWLED},
        "tieba": {
            "note_id": "801", "title": "题", "desc": "forgettable", "note_url": "https://tieba.baidu.com/p/801",
            "publish_time": "2025-01-14 12:08", "total_replay_num": 4, "total_replay_page": 1,
            "source_keyword": "小红书", **BAR, **named, "last_modify_ts": CRAWLED},
    }  # fmt: skip


def comments_of(who: Row) -> dict[str, list[Row]]:
    """Two comments a platform."""

    def thread(post: Row, parents: tuple[Any, Any] = ("0", "501"), **more: Any) -> list[Row]:
        row = {"content": "欢迎", "sub_comment_count": 1, **post, "create_time": SECOND + 60, "like_count": 3}
        return [{"comment_id": native, "parent_comment_id": parent, **row, **who, "last_modify_ts": CRAWLED, **more}
                for native, parent in zip((501, 502), parents, strict=True)]  # fmt: skip

    def without(rows: list[Row], *names: str) -> list[Row]:
        return [{key: value for key, value in row.items() if key not in names} for row in rows]

    answers = thread({"content_id": "901", "content_type": "answer"}, publish_time=SECOND + 60)
    floor = thread({"note_id": "801", "note_url": "https://tieba.baidu.com/p/801"},
                   publish_time="2025-01-14 12:09", **BAR)  # fmt: skip
    # Weibo's roots name themselves.
    weibo = thread({"note_id": 5123456789012345}, ("501", "501"), comment_like_count=3, **DATED)
    return {
        "weibo": without(weibo, "like_count"),
        "douyin": thread({"aweme_id": int(AWEME), "pictures": "https://p/1,https://p/2"}),
        "bilibili": thread({"video_id": 113}),
        "kuaishou": without(thread({"video_id": "3xabc"}), "parent_comment_id", "like_count"),
        "zhihu": without(answers, "create_time"),
        "tieba": without(floor, "create_time", "like_count"),
    }


def database(tables: dict[str, list[Row]]) -> bytes:
    """An SQLite database as MediaCrawler keeps it, with a key of its own in each table."""
    opened = sqlite3.connect(":memory:")
    for name, rows in tables.items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        quoted = ", ".join(f'"{column}"' for column in columns)
        opened.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, {quoted})")
        for number, row in enumerate(rows, start=1):
            cells = [row.get(column) for column in columns]
            opened.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * (len(columns) + 1))})", (number, *cells))
    opened.commit()
    return opened.serialize()


def workbook(sheets: dict[str, list[Row]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        columns = list(dict.fromkeys(key for row in rows for key in row))
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column) for column in columns])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


REDNOTE_POST = {
    "note_id": f"{SECOND:08x}000000000200aaaa", "type": "normal", "title": "猫税", "desc": "forgettable",
    "video_url": "", "time": SECOND * 1000, "last_update_time": SECOND * 1000, **NEW, "liked_count": "1.2万",
    "collected_count": "10+", "comment_count": "3", "share_count": "1", "image_list": json.dumps("https://p/1,https://p/2"),
    "tag_list": json.dumps("猫税,cattax"), "last_modify_ts": CRAWLED, "source_keyword": "猫税", "xsec_token": "SECRET",
    "note_url": "https://www.xiaohongshu.com/explore/1?xsec_token=SECRET",
}  # fmt: skip
REDNOTE_COMMENT = {
    "comment_id": f"{SECOND + 60:08x}000000001200bbbb", "create_time": (SECOND + 60) * 1000, **NEW,
    "note_id": REDNOTE_POST["note_id"], "content": "欢迎", "sub_comment_count": 1, "pictures": "",
    "parent_comment_id": "", "last_modify_ts": CRAWLED, "like_count": "2",
}  # fmt: skip
CREATOR = {"user_id": "someone", "nickname": NAME, "gender": "f", "fans": 3}

SAMPLES: dict[str, Sample] = {}
for _platform, (_posts, _comments) in rows_of(NEW).items():
    if _platform != "tieba":  # its times have no zone, and no id tells it
        _forget = str(next(iter(_posts[0].values())))
        SAMPLES[f"mediacrawler {_platform}"] = Sample("mediacrawler", table(*_posts), 1, 0, _platform, _forget)
        SAMPLES[f"mediacrawler {_platform} comments"] = Sample("mediacrawler", table(*_comments), 0, 2, _platform)
        SAMPLES[f"mediacrawler {_platform} jsonl"] = Sample(
            "mediacrawler", lines(*_posts, *_comments), 1, 2, _platform, _forget
        )
_sheets = dict(zip(("Contents", "Comments"), rows_of(OLD)["douyin"], strict=True))
SAMPLES["mediacrawler xlsx"] = Sample("mediacrawler", workbook(_sheets), 1, 2, "douyin", AWEME)
SAMPLES["mediacrawler sqlite"] = Sample(
    "mediacrawler", database({"xhs_note": [REDNOTE_POST], "xhs_note_comment": [REDNOTE_COMMENT]}), 1, 1, "rednote",
    str(REDNOTE_POST["note_id"]),
)  # fmt: skip
SAMPLES["xhs-downloader sqlite"] = Sample(
    "xhs-downloader",
    database({"explore_data": [{
        "采集时间": "2025-01-20_10:00:00", "作品ID": REDNOTE_POST["note_id"], "作品类型": "视频", "作品标题": "t",
        "作品描述": "forgettable", "作品标签": "a b", "发布时间": "2025-01-14_12:08:48", "点赞数量": "5",
        "作者昵称": "momo", "作者ID": "5f0",
    }]}), 1, 0, "rednote", str(REDNOTE_POST["note_id"]),
)  # fmt: skip
