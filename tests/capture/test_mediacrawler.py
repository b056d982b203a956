"""MediaCrawler's files for RedNote: both schemas, three formats, a spreadsheet's damage."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from tests.capture import samples_mediacrawler as crawled
from tests.capture.reading import COMMENT_ID, POST_ID, USER_ID, broken, comments, opened, posts, read
from tests.capture.samples import table
from tests.capture.samples_mediacrawler import rows_of

from resilens.capture.records import Person, Retrieval
from resilens.corpus.pseudonyms import Pseudonyms

OLD_POST = {
    "note_id": POST_ID,
    "type": "video",
    "title": "猫税",
    "desc": "交猫税 #猫税[话题]#",
    "video_url": "https://v/1,https://v/2",
    "time": 1736835000000,
    "last_update_time": 1736835000000,
    "user_id": USER_ID,
    "nickname": "momo",
    "avatar": "https://a",
    "liked_count": "1.2万",
    "collected_count": "10+",
    "comment_count": "3",
    "share_count": "",
    "ip_location": "美国",
    "image_list": "https://p/1,https://p/2",
    "tag_list": "猫税,tiktok难民",
    "last_modify_ts": 1737000000000,
    "note_url": f"https://www.xiaohongshu.com/explore/{POST_ID}?xsec_token=SECRET",
    "source_keyword": "猫税",
    "xsec_token": "SECRET",
}
OLD_COMMENT = {
    "comment_id": COMMENT_ID,
    "create_time": 1736835000000,
    "ip_location": "广东",
    "note_id": POST_ID,
    "content": "欢迎",
    "user_id": USER_ID,
    "nickname": "momo",
    "avatar": "https://a",
    "sub_comment_count": 2,
    "pictures": "",
    "parent_comment_id": 0,
    "last_modify_ts": 1737000000000,
    "like_count": "5",
}
GONE = ("user_id", "avatar", "ip_location")


def new(old: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The same row in the schema since July 2026."""
    hashed = hashlib.sha256(old["user_id"].encode()).hexdigest()[:16]
    return {
        **{key: value for key, value in old.items() if key not in GONE},
        "creator_hash": hashed,
        "nickname": "m***o",
        **more,
    }


def written(rows: list[dict[str, Any]], form: str = "csv") -> str:
    if form == "json":
        return json.dumps(rows, ensure_ascii=False, indent=4)
    if form == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return "\ufeff" + stream.getvalue()


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_posts_of_both_schemas(tmp_path: Path, form: str) -> None:
    for row, author, place in (
        (OLD_POST, Person(USER_ID, "momo"), "美国"),
        (new(OLD_POST), Person("hash:" + hashlib.sha256(USER_ID.encode()).hexdigest()[:16], "m***o"), None),
    ):
        capture = opened(tmp_path, written([row], form))
        assert capture.reader.name == "mediacrawler"
        (found,) = posts(list(capture.read()))
        assert (found.author, found.location) == (author, place)
        assert (found.native_id, found.kind, found.title) == (POST_ID, "video", "猫税")
        assert found.hashtags == ("猫税", "tiktok难民")
        assert found.counts["likes"] == "1.2万"
        assert found.counts["bookmarks"] == "10+"
        assert found.media == ("https://p/1", "https://p/2", "https://v/1", "https://v/2")
        assert found.retrieval == Retrieval("猫税", None, 1)
        assert str(found.published) == "1736835000000"
        assert str(found.collected_at) == "1737000000000"
        assert "SECRET" not in repr(found)


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_comments_of_both_schemas(tmp_path: Path, form: str) -> None:
    for row in (OLD_COMMENT, new(OLD_COMMENT, parent_comment_id="")):
        capture = opened(tmp_path, written([row], form))
        assert capture.reader.name == "mediacrawler"
        (found,) = comments(list(capture.read()))
        assert (found.native_id, found.post, found.parent, found.text) == (COMMENT_ID, POST_ID, None, "欢迎")
        assert (str(found.likes), str(found.replies)) == ("5", "2")


def test_an_account_is_the_same_in_old_and_new_exports() -> None:
    pseudonyms = Pseudonyms(b"0" * 32)
    hashed = "hash:" + new(OLD_POST)["creator_hash"]
    assert pseudonyms.of("rednote", USER_ID) == pseudonyms.of("rednote", hashed)


@pytest.mark.parametrize("parent", ["0", "", "null", "None", "0.0"])
def test_quirk_18_zero_empty_and_null_are_no_parent(tmp_path: Path, parent: str) -> None:
    (found,) = comments(read(tmp_path, written([{**OLD_COMMENT, "parent_comment_id": parent}])))
    assert found.parent is None


def test_quirk_3_ids_destroyed_by_a_spreadsheet(tmp_path: Path) -> None:
    rows = [
        {**OLD_COMMENT, "comment_id": "6.85E+278"},
        {**OLD_COMMENT, "note_id": "6.71E+23"},
        {**OLD_COMMENT, "create_time": "1.75E+12"},
        {**OLD_COMMENT, "parent_comment_id": "6.71E+23"},
        {**OLD_COMMENT, "user_id": "6.7E+23"},
        {**OLD_COMMENT, "comment_id": "685000000000000000123e45"},
    ]
    found = read(tmp_path, written(rows))
    assert [(one.line, one.reason) for one in broken(found)] == [
        (2, "the id of the comment was destroyed by a spreadsheet and cannot be rebuilt: 6.85E+278"),
        (3, "the id of the post was destroyed by a spreadsheet and cannot be rebuilt: 6.71E+23"),
    ]
    time, parent, author, sound = comments(found)
    assert time.published == "1.75E+12"  # rebuilt from the id, where values are normalised
    assert (parent.parent, parent.flags) == ("6.71E+23", ("parent_id_damaged",))
    assert (author.author, author.flags) == (Person(None, "momo"), ("author_id_damaged",))
    assert sound.native_id == "685000000000000000123e45"


def test_quirk_4_repeated_header_blank_rows_and_an_extra_column(tmp_path: Path) -> None:
    head, row = written([OLD_COMMENT]).removeprefix("\ufeff").splitlines()
    found = read(tmp_path, "\n".join([head + ",984", row, "", "," * 12, head + ",984", row, row + ",x,y"]))
    assert len(comments(found)) == 2
    assert [(one.line, one.reason) for one in broken(found)] == [
        (5, "repeated header"),
        (7, "the row has 15 cells, the header 14"),
    ]


def test_quirk_5_the_same_comment_twice_stays_two_records(tmp_path: Path) -> None:
    found = comments(read(tmp_path, written([OLD_COMMENT, {**OLD_COMMENT, "like_count": "9"}])))
    assert [one.likes for one in found] == ["5", "9"]


def test_quirk_10_renamed_columns(tmp_path: Path) -> None:
    row = {
        "comment_id": COMMENT_ID,
        "note_id": POST_ID,
        "comment_content": "欢迎",
        "like_count": "5",
        "sub_comment_count": "",
        "parent_comment_id": "",
        "nickname": "momo",
        "create_time": "2025-01-14 12:08:00",
    }
    (found,) = comments(read(tmp_path, written([row])))
    assert (found.text, found.author, found.published) == ("欢迎", Person(None, "momo"), "2025-01-14 12:08:00")


def test_ranks_follow_the_order_under_each_keyword(tmp_path: Path) -> None:
    other = POST_ID[:-1] + "b"
    rows = [
        OLD_POST,
        {**OLD_POST, "source_keyword": "cattax"},
        {**OLD_POST, "note_id": other},
        OLD_POST,
        {**OLD_POST, "source_keyword": ""},
    ]
    found = [one.retrieval for one in posts(read(tmp_path, written(rows)))]
    assert [one and (one.query, one.rank) for one in found] == [
        ("猫税", 1),
        ("cattax", 1),
        ("猫税", 2),
        ("猫税", 1),
        None,
    ]


def test_contents_and_comments_may_share_a_file(tmp_path: Path) -> None:
    found = read(tmp_path, written([OLD_POST, OLD_COMMENT, {**OLD_POST, "note_id": None}], "jsonl"))
    assert (len(posts(found)), len(comments(found))) == (1, 1)
    assert broken(found)[0].reason == "no id of the post"


@pytest.mark.parametrize("who", ["old", "new"])
@pytest.mark.parametrize("platform", ["weibo", "douyin", "bilibili", "kuaishou", "zhihu", "tieba"])
def test_the_other_platforms_in_both_schemas(tmp_path: Path, platform: str, who: str) -> None:
    contents, thread = rows_of(crawled.OLD if who == "old" else crawled.NEW)[platform]
    capture = opened(tmp_path, table(*contents))
    assert capture.reader.name == "mediacrawler"
    (post,) = posts(list(capture.read()))
    assert (post.platform, post.text) == (platform, "forgettable")
    account = crawled.ACCOUNT if who == "old" else f"hash:{crawled.HASH}"
    assert post.author is not None
    assert post.author.native_id == account
    assert post.location == ("广东" if who == "old" else None)
    assert post.retrieval == Retrieval("小红书", None, 1)
    assert str(post.collected_at) == str(crawled.CRAWLED)
    found = comments(read(tmp_path, table(*thread)))
    assert [one.post for one in found] == [post.native_id] * 2
    answers = {"kuaishou": [None, None]}.get(platform, [None, "501"])
    assert [one.parent for one in found] == answers
    assert [one.likes for one in found] == [None if platform in ("kuaishou", "tieba") else "3"] * 2


def test_counts_of_the_other_platforms(tmp_path: Path) -> None:
    shown = {}
    for platform, (contents, _) in rows_of(crawled.NEW).items():
        (post,) = posts(read(tmp_path, table(*contents)))
        shown[platform] = [post.counts[name] for name in ("likes", "comments", "bookmarks", "shares", "views")]
    assert shown == {
        "weibo": ["1.2万", "4", None, "5", None], "douyin": ["1.2万", "4", "6", "5", None],
        "bilibili": ["1.2万", "4", "6", "5", "9"], "kuaishou": ["1.2万", None, None, None, "9"],
        "zhihu": ["8", "4", None, None, None], "tieba": [None, "4", None, None, None],
    }  # fmt: skip


def test_a_database_holds_several_platforms_and_joined_lists_written_as_json(tmp_path: Path) -> None:
    weibo, weibo_thread = rows_of(crawled.NEW)["weibo"]
    content = crawled.database({
        "weibo_note": weibo, "weibo_note_comment": weibo_thread, "xhs_creator": [crawled.CREATOR],
        "xhs_note": [crawled.REDNOTE_POST], "xhs_note_comment": [crawled.REDNOTE_COMMENT],
    })  # fmt: skip
    capture = opened(tmp_path, content)
    assert (capture.reader.name, capture.source.encoding) == ("mediacrawler", "an SQLite database")
    found = list(capture.read())
    assert [one.line for one in found] == [1, 2, 3, 4, 5, 6]
    assert [one.platform for one in posts(found)] == ["weibo", "rednote"]
    assert len(comments(found)) == 3
    assert [(one.line, one.reason) for one in broken(found)] == [(4, "no id of the post")]
    rednote = posts(found)[1]
    assert (rednote.hashtags, rednote.media) == (("猫税", "cattax"), ("https://p/1", "https://p/2"))


def test_all_sheets_of_a_workbook_are_read_with_lines_of_their_own(tmp_path: Path) -> None:
    contents, thread = rows_of(crawled.OLD)["douyin"]
    content = crawled.workbook({"Contents": contents, "Comments": thread, "Creators": [crawled.CREATOR]})
    found = read(tmp_path, content)
    assert [one.line for one in found] == [2, 4, 5, 7]
    assert (len(posts(found)), len(comments(found)), len(broken(found))) == (1, 2, 1)
