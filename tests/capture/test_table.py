"""Any table: columns guessed from names and values, or declared; transcribed screenshots; tag lists however joined."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture.reading import COMMENT_ID, POST_ID, USER_ID, broken, comments, opened, posts, read

from resilens.capture import registry
from resilens.capture.mapping import Mapping, guess, parse_map
from resilens.capture.reader import Options
from resilens.capture.records import Person, Retrieval
from resilens.capture.table import tags
from resilens.errors import InputError

TABLE = (
    "\ufefftitle,content,address,label,user_name,user_id,like_count,collect_count,comment_count,share_count,create_time,"
    "post_id,ip_localtion,post_image,post_type\n"
    f'猫税,"hello\nfriends",https://www.xiaohongshu.com/user/profile/{USER_ID}?xsec_token=SECRET,Tiktok#indie#猫税,momo,'
    f"{USER_ID},7.6万,3829,1千+,10+,1/14/2025 12:08,{POST_ID},U.S.,https://pictures/1,normal\n"
)


def test_a_table_like_those_scholars_publish_needs_no_help(tmp_path: Path) -> None:
    capture = opened(tmp_path, TABLE)
    assert capture.reader.name == "table"
    assert capture.guessed
    (found,) = posts(list(capture.read()))
    assert (found.line, found.platform, found.native_id, found.kind) == (2, "rednote", POST_ID, "image")
    assert (found.title, found.text, found.published) == ("猫税", "hello\nfriends", "1/14/2025 12:08")
    assert found.author == Person(USER_ID, "momo")
    assert found.hashtags == ("Tiktok", "indie", "猫税")
    assert found.counts == {"likes": "7.6万", "comments": "1千+", "bookmarks": "3829", "shares": "10+", "views": None}
    assert (found.location, found.url, found.media) == ("U.S.", None, ("https://pictures/1",))
    assert "SECRET" not in repr(found)


def test_every_guess_has_a_confidence_and_a_reason(tmp_path: Path) -> None:
    mapping = opened(tmp_path, TABLE).mapping
    assert set(mapping.guesses) == set(mapping.columns)
    assert all(0 < one.confidence <= 1 and one.reason for one in mapping.guesses.values())
    assert mapping.guesses["author_page"].reason == "its values"
    assert "text = content (0.95, its name)" in mapping.describe().splitlines()


def test_quirk_10_chinese_names_of_comment_tables(tmp_path: Path) -> None:
    content = "评论ID,笔记链接,评论内容,评论时间,点赞数,IP属地,用户昵称\n"
    content += (
        f"{COMMENT_ID},https://www.xiaohongshu.com/explore/{POST_ID}?xsec_token=S,欢迎,2025-01-14 12:08,赞,广东,momo\n"
    )
    capture = opened(tmp_path, content)
    assert (capture.mapping.kind, capture.mapping.platform) == ("comments", "rednote")
    (found,) = comments(list(capture.read()))
    assert (found.native_id, found.post, found.text, found.likes, found.location) == (
        COMMENT_ID,
        POST_ID,
        "欢迎",
        "赞",
        "广东",
    )
    assert found.author == Person(None, "momo", name_is_identity=True)


def test_comments_without_any_id_are_refused_until_ids_may_be_made(tmp_path: Path) -> None:
    content = "笔记链接,评论内容,评论时间,点赞数,IP属地\n"
    content += f"https://www.xiaohongshu.com/explore/{POST_ID},欢迎,2025-01-14 12:08,1,广东\n"
    with pytest.raises(InputError, match=r"no column for id\. Columns seen: 笔记链接, 评论内容.*--map.*`id=made`"):
        opened(tmp_path, content)
    found = comments(read(tmp_path, content, Options(mapping=parse_map("id=made"))))
    assert found[0].native_id.startswith("made-")
    assert found[0].post == POST_ID


def test_quirk_10_chinese_names_of_post_tables_with_the_id_in_the_address(tmp_path: Path) -> None:
    content = (
        "笔记链接,标题,喜欢数,收藏数,评论数,时间,笔记图片,用户主页,头像图片,用户昵称,标签,文本\n"
        f"https://www.xiaohongshu.com/explore/{POST_ID}?xsec_token=S,猫税,1.2万,3,4,2025-01-14,https://p/1 https://p/2,"
        f"https://www.xiaohongshu.com/user/profile/{USER_ID},https://a,momo,#猫税 #tiktok难民,交猫税\n"
    )
    (found,) = posts(read(tmp_path, content))
    assert (found.native_id, found.author) == (POST_ID, Person(USER_ID, "momo"))
    assert found.hashtags == ("猫税", "tiktok难民")
    assert found.media == ("https://p/1", "https://p/2")
    assert (found.counts["likes"], found.counts["bookmarks"], found.counts["comments"]) == ("1.2万", "3", "4")


def test_values_speak_where_names_say_nothing(tmp_path: Path) -> None:
    rows = "".join(
        f"https://www.tiktok.com/@a/video/72889956343281779{number},A long enough sentence {number},2025-01-{number}\n"
        for number in range(10, 13)
    )
    capture = opened(tmp_path, "a,b,c\n" + rows)
    assert capture.mapping.columns == {"url": "a", "id": "a", "text": "b", "time": "c"}
    assert capture.mapping.platform == "tiktok"
    assert posts(list(capture.read()))[0].native_id == "7288995634328177910"


def test_unclear_columns_are_refused_with_what_was_seen_and_what_to_say(tmp_path: Path) -> None:
    content = "id,text,content,time\n1,one,two,2025-01-14\n"
    with pytest.raises(
        InputError, match=r"text could be text or content.*Columns seen: id, text, content, time.*--map"
    ):
        opened(tmp_path, content)
    (found,) = posts(read(tmp_path, content, Options(mapping=parse_map("text=content,platform=weibo"))))
    assert (found.text, found.platform) == ("two", "weibo")


def test_a_declared_mapping_is_kept_and_applied_again(tmp_path: Path) -> None:
    content = 'key,"words, all",when,n\np1,hello,2025-01-14,3\n'
    options = Options(mapping=parse_map('id=key,"text=words, all",time=when,likes=n,kind=posts,platform=xhs'))
    capture = opened(tmp_path, content, options)
    assert not capture.guessed
    kept = json.loads(json.dumps(capture.options.mapping.to_dict()))
    assert kept["columns"] == {"id": "key", "text": "words, all", "time": "when", "likes": "n"}
    again = opened(tmp_path, content, Options(reader="table", mapping=Mapping.from_dict(kept)))
    assert list(again.read()) == list(capture.read())
    assert posts(list(again.read()))[0].platform == "rednote"


def test_an_empty_column_leaves_a_field_out(tmp_path: Path) -> None:
    (found,) = posts(read(tmp_path, TABLE, Options(mapping=parse_map("likes=,author_name="))))
    assert found.counts["likes"] is None
    assert found.author == Person(USER_ID, None)


def test_a_declared_column_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="text=body: there is no such column; there are title, content"):
        opened(tmp_path, TABLE, Options(mapping=parse_map("text=body,id=post_id")))


def test_every_fault_of_a_mapping_is_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_map("txt=content,id,kind=note,text=content")
    messages = [fault.message for fault in caught.value.faults]
    assert messages[0] == "unknown field 'txt'; did you mean 'text'?"
    assert messages[1:] == ["'id' is not field=column", "kind is posts or comments, not 'note'"]


def test_a_platform_is_one_of_the_list_or_a_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="platform=myspace: there is no such column and no such platform"):
        opened(tmp_path, TABLE, Options(mapping=parse_map("platform=myspace")))


def test_quirk_6_tables_with_semicolons_and_threads(tmp_path: Path) -> None:
    content = "collected_from_url;id;thread_id;url;body;timestamp;author;likes;replies;unix_timestamp\n"
    content += f"x;{COMMENT_ID};{POST_ID};https://www.xiaohongshu.com/explore/{POST_ID};欢迎;2025-01-14;momo;2;0;1736835000\n"
    capture = opened(tmp_path, content)
    (found,) = comments(list(capture.read()))
    assert (found.native_id, found.post, found.text, found.published) == (COMMENT_ID, POST_ID, "欢迎", "1736835000")
    posts_table = content.replace(COMMENT_ID, POST_ID)
    assert posts(read(tmp_path, posts_table))[0].native_id == POST_ID


SCREENSHOTS = (
    "kind,screenshot,transcriber,checked_by,user_name,time,text,post_url\n"
    f"post,IMG_01.png,An,Bo,momo,1月14日,交猫税,https://www.xiaohongshu.com/explore/{POST_ID}\n"
    f"comment,IMG_01.png,An,,momo,昨天 12:08,哈哈哈哈,https://www.xiaohongshu.com/explore/{POST_ID}\n"
    f"comment,IMG_01.png,An,,momo,昨天 12:08,哈哈哈哈,https://www.xiaohongshu.com/explore/{POST_ID}\n"
)


@pytest.mark.parametrize("column", ["post_url", "note"])
def test_transcribed_screenshots(tmp_path: Path, column: str) -> None:
    capture = opened(tmp_path, SCREENSHOTS.replace("post_url", column))
    found = list(capture.read())
    (post,), (one, two) = posts(found), comments(found)
    assert (post.platform, post.native_id) == ("rednote", POST_ID)
    assert post.flags == ("transcribed", "second_check")
    assert one.flags == ("transcribed", "unchecked")
    assert post.media == ("IMG_01.png",)
    assert one.native_id.startswith("made-")
    assert two.native_id == one.native_id + "-2"  # people do write the same twice
    assert one.post == POST_ID
    assert [record.native_id for record in capture.read()] == [record.native_id for record in found]


def test_made_ids_depend_on_content_not_on_place(tmp_path: Path) -> None:
    head, *rows = SCREENSHOTS.replace("post_url", "note").splitlines()
    forward = {one.text: one.native_id for one in comments(read(tmp_path, "\n".join([head, *rows[:2]])))}
    backward = {one.text: one.native_id for one in comments(read(tmp_path, "\n".join([head, rows[1], rows[0]])))}
    assert forward == backward


@pytest.mark.parametrize(
    ("joined", "expected"),
    [
        ("Tiktok#indie#猫税", ("Tiktok", "indie", "猫税")),
        ("#猫税[话题]# #小红书[话题]#", ("猫税", "小红书")),
        ("猫税,tiktok refugee，小红书", ("猫税", "tiktok refugee", "小红书")),
        ("a|b c|d", ("a", "b c", "d")),
        ("猫税 小红书", ("猫税", "小红书")),
        ("a\nb", ("a", "b")),
        ('["a", "b"]', ("a", "b")),
        (["#a", "b", None, 7], ("a", "b", "7")),
        ("a#a#A", ("a", "A")),
        ("", ()),
        (None, ()),
    ],
)
def test_quirk_13_tag_lists_however_joined(joined: Any, expected: tuple[str, ...]) -> None:
    assert tags(joined) == expected


@given(st.text())
def test_tag_lists_never_fail(joined: str) -> None:
    assert all(tag == tag.strip() and tag for tag in tags(joined))


def test_excel_tables_with_dates_and_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["post_id", "text", "published_at", "likes", "author"])
    book.active.append([7288995634328177, "hello", datetime.datetime(2025, 1, 14, 12, 8), 12, "momo"])
    book.active.append([6.85e278, "lost", datetime.datetime(2025, 1, 14), None, None])
    path = tmp_path / "table.xlsx"
    book.save(path)
    found = list(registry.opened(path).read())
    (post,) = posts(found)
    assert (post.native_id, post.published, post.counts["likes"]) == (
        "7288995634328177",
        datetime.datetime(2025, 1, 14, 12, 8),
        12,
    )
    assert "destroyed by a spreadsheet" in broken(found)[0].reason
    assert broken(found)[0].line == 3


def test_parquet_tables(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    time = pa.array([datetime.datetime(2025, 1, 14, 12, 8, tzinfo=datetime.UTC)], pa.timestamp("ms", tz="UTC"))
    pq.write_table(pa.table({"id": ["a1"], "body": ["hello"], "created_at": time, "hashtags": [["x", "y"]]}), path)
    (post,) = posts(list(registry.opened(path).read()))
    assert (post.hashtags, post.text) == (("x", "y"), "hello")
    assert post.published == datetime.datetime(2025, 1, 14, 12, 8, tzinfo=datetime.UTC)


def test_json_lines_with_nested_objects(tmp_path: Path) -> None:
    row = {
        "id": "1",
        "text": "hi",
        "created_at": "2025-01-14T12:00:00Z",
        "user": {"id": "u1"},
        "stats": {"likes": 3},
        "tags": [{"name": "x"}],
        "keyword": "猫税",
        "rank": 4,
        "platform": "Mastodon",
    }
    found = read(tmp_path, [row, {**row, "platform": "myspace"}])
    (post,) = posts(found)
    assert (post.platform, post.hashtags, post.counts["likes"]) == ("mastodon", ("x",), 3)
    assert post.retrieval == Retrieval("猫税", None, 4)


def test_row_numbers_are_no_ids(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column for text"):
        opened(tmp_path, "id,time,likes\n1,2025-01-14,3\n2,2025-01-14,4\n")
    mapping = guess(["id", "note_id"], [{"id": "1", "note_id": POST_ID}, {"id": "2", "note_id": POST_ID[:-1] + "b"}])
    assert mapping.columns["id"] == "note_id"


def test_rows_without_id_or_content_are_quarantined_with_their_line(tmp_path: Path) -> None:
    content = f"post_id,text,time,likes\n{POST_ID},a,2025-01-14,1\n"
    content += ",b,2025-01-14,1\n,,2025-01-14,1\n6.85E+278,c,2025-01-14,2\n"
    found = read(tmp_path, content)
    assert [(one.line, one.reason.split(":")[0]) for one in broken(found)] == [
        (3, "no id"),
        (4, "the row has neither an id nor any content"),
        (5, "the id was destroyed by a spreadsheet and cannot be rebuilt"),
    ]


def test_weibo_as_bazhuayu_exports_it(tmp_path: Path) -> None:
    """Its times have no year: they count from when it was captured, which is to be declared."""
    row = "猫税,#小红书# 欢迎大家来这里玩,https://wx1.sinaimg.cn/a.jpg,{},momo,https://weibo.com/1/OA1B2C3D{}\n"
    content = "标题,txt,图片,from1,发布者,链接\n" + row.format("01月14日 12:08", 4) + row.format("昨天 12:08", 5)
    found = posts(read(tmp_path, content, Options(collected_at="2025-01-15T09:00+08:00", zone="UTC+08:00")))
    assert [(one.platform, one.title, one.text, one.published) for one in found] == [
        ("weibo", "猫税", "#小红书# 欢迎大家来这里玩", time) for time in ("01月14日 12:08", "昨天 12:08")]  # fmt: skip
    assert {one.collected_at for one in found} == {"2025-01-15T09:00+08:00"}
    assert [one.author and one.author.name for one in found] == ["momo", "momo"]


def test_comments_of_one_post_are_told_how_to_name_it(tmp_path: Path) -> None:
    rows = "1,hello there everyone,2025-01-14 10:00\n2,hi back to you all,2025-01-14 11:00\n"
    with pytest.raises(InputError, match="give the table a column `post` with its id or address in every row"):
        opened(tmp_path, "comment_id,content,time\n" + rows)
    named = "".join(f"{row},{POST_ID}\n" for row in rows.splitlines())
    found = comments(read(tmp_path, "comment_id,content,time,post\n" + named))
    assert [one.post for one in found] == [POST_ID, POST_ID]
