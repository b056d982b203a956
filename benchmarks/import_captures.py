"""What captures does `benchmarks/import.py` read? Comments made up in the shapes of real exports, as many as asked for.

The shares were counted in real RedNote comments: up to seven in ten answer another one, six in a hundred mention
somebody, most hold a sticker code, some are long. Three in ten thousand rows are damaged and one in fifty comes twice.
All of it is SYNTHETIC and says so, as every made-up capture must.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BEGIN = 1_736_700_000  # 12 January 2025
DAMAGED, REPEATED, MENTIONING, ANSWERING = 0.0003, 0.02, 0.06, 0.7
COMMENTS_A_POST = 150
PHRASES = (
    "欢迎来到小红书", "哈哈哈哈", "谢谢你的猫税", "你好呀朋友", "welcome to our app", "thank you so much",
    "这也太可爱了吧", "今天学了一句英语", "my cat says hi", "求问这是哪里", "真的很温暖", "let me pay the cat tax",
    "为什么要道歉呢", "第一次和外国人聊天", "love from Texas", "记得喝热水", "作业可以帮我看看吗",
    "the food looks amazing",
)  # fmt: skip
STICKERS = ("[笑哭R]", "[哭惹R]", "[飞吻R]", "[doge]", "[赞R]", "[偷笑R]", "")
COLUMNS = ("comment_id", "create_time", "ip_location", "note_id", "content", "user_id", "nickname", "avatar",
           "sub_comment_count", "pictures", "parent_comment_id", "last_modify_ts", "like_count")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, as both formats are written from it."""

    native: str
    post: str
    parent: str
    user: str
    name: str
    seconds: int
    text: str
    likes: str
    replies: str
    mentioned: tuple[str, str] | None


def comments(number: int, seed: int = 7) -> Iterator[Comment]:
    """That many comments, the same ones for the same seed."""
    draw = random.Random(seed)
    accounts = max(100, number // 3)
    post, thread = "", [""]
    last: Comment | None = None
    for place in range(number):
        if place % COMMENTS_A_POST == 0:
            post, thread = f"{BEGIN - draw.randrange(86_400):08x}{place:016x}", []
        if last is not None and draw.random() < REPEATED:
            yield last
            continue
        seconds = BEGIN + draw.randrange(60 * 86_400)
        native = f"{seconds:08x}{place:016x}"
        user, name = _account(draw.randrange(accounts))
        mentioned = _account(draw.randrange(accounts)) if draw.random() < MENTIONING else None
        text = "，".join(draw.choices(PHRASES, k=draw.choice((1, 1, 2, 2, 3, 8)))) + draw.choice(STICKERS)
        if mentioned:
            text = f"@{mentioned[1]} {text}"
        parent = draw.choice(thread) if thread and draw.random() < ANSWERING else ""
        likes = draw.choice(("0", "1", "2", "7", "12", "834", "1.2万", "10+")) if draw.random() < 0.5 else "0"
        thread.append(native)
        last = Comment(native, post, parent, user, name, seconds, text, likes, draw.choice(("0", "0", "2")), mentioned)
        yield last


def _account(number: int) -> tuple[str, str]:
    return f"{1_500_000_000 + number * 7:08x}{number:016x}", "momo" if number % 20 == 0 else f"user_{number:x}"


def write_zeeschuimer(path: Path, number: int) -> None:
    """Comments as Zeeschuimer exports them: an envelope a line around RedNote's own object."""
    with path.open("w", encoding="utf-8") as out:
        draw = random.Random(11)
        for place, one in enumerate(comments(number)):
            line = json.dumps(_envelope(place, one), ensure_ascii=False)
            out.write((line[: len(line) // 2] if draw.random() < DAMAGED else line) + "\n")


def _envelope(place: int, one: Comment) -> dict[str, object]:
    captured = (BEGIN + 90 * 86_400) * 1000 + place * 37
    data = {
        "id": one.native, "note_id": one.post, "status": 0, "content": one.text, "liked": False,
        "at_users": [{"user_id": one.mentioned[0], "nickname": one.mentioned[1]}] if one.mentioned else [],
        "like_count": one.likes, "show_tags": [], "create_time": one.seconds * 1000,
        "user_info": {"user_id": one.user, "nickname": one.name, "image": f"https://example.org/{one.user[:8]}"},
        "sub_comments": [], "sub_comment_count": one.replies, "sub_comment_cursor": "", "sub_comment_has_more": False,
    } | ({"target_comment": {"id": one.parent, "user_info": {"user_id": one.user}}} if one.parent else {})  # fmt: skip
    return {
        "id": place, "nav_index": "3:12:0", "item_id": one.native, "timestamp_collected": captured,
        "last_updated": captured, "source_platform": "xiaohongshu-comments",
        "source_platform_url": f"https://www.xiaohongshu.com/explore/{one.post}",
        "source_url": "https://edith.xiaohongshu.com/api/sns/web/v2/comment/page?device_id=000&msToken=SYNTHETIC",
        "user_agent": "SYNTHETIC", "data": data,
    }  # fmt: skip


def write_mediacrawler(path: Path, number: int) -> None:
    """Comments as MediaCrawler appends them to a CSV file; a damaged row lost its cells, or its id to a spreadsheet."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        draw, writer = random.Random(11), csv.writer(out)
        writer.writerow((*COLUMNS, "xsec_token"))
        for place, one in enumerate(comments(number)):
            row = [one.native, one.seconds * 1000, "", one.post, one.text, one.user, one.name,
                   f"https://example.org/{one.user[:8]}", one.replies, "", one.parent or "0",
                   (BEGIN + 90 * 86_400) * 1000 + place * 37, one.likes, "SYNTHETIC"]  # fmt: skip
            if draw.random() < DAMAGED:
                row = row[:5] if place % 2 else ["6.85E+278", *row[1:]]
            writer.writerow(row)
