"""RedNote's own answers: one in a file, an array of them, one a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.capture.reading import COMMENT_ID, POST_ID, USER_ID, broken, card, comments, opened, posts, read, thread

from resilens.capture.records import Broken, Person


def answer(**data: Any) -> dict[str, Any]:
    return {"code": 0, "success": True, "msg": "成功", "data": data}


FEED = answer(
    items=[card(desc="#猫税[话题]#", time=1736835000000, tag_list=[{"name": "猫税", "type": "topic"}])],
    current_time=1737000000000,
)
THREAD = answer(comments=[thread()], cursor="", has_more=False, time=1737000000001, user_id="6780000000000000000f0000")
PAGE = answer(comments=thread()["sub_comments"], time=1737000000002)


@pytest.mark.parametrize("shape", ["one", "array", "lines", "pretty"])
def test_answers_in_every_arrangement(tmp_path: Path, shape: str) -> None:
    answers = [FEED, THREAD, PAGE]
    content = {
        "one": json.dumps(FEED),
        "array": json.dumps(answers, indent=1),
        "lines": "\n".join(map(json.dumps, answers)),
        "pretty": json.dumps(FEED, indent=2),
    }[shape]
    capture = opened(tmp_path, content)
    assert capture.reader.name == "rednote-api"
    found = list(capture.read())
    (post,) = posts(found)
    assert (post.text, post.hashtags, post.published) == ("#猫税[话题]#", ("猫税",), 1736835000000)
    assert (post.collected_at, post.flags) == (1737000000000, ())
    assert len(comments(found)) == (5 if shape in ("array", "lines") else 0)
    assert broken(found) == []


def test_replies_nested_and_on_pages_name_the_comment_they_answer(tmp_path: Path) -> None:
    found = comments(read(tmp_path, [THREAD, PAGE]))
    assert [one.parent for one in found] == [
        None,
        COMMENT_ID,
        "67860000000000001200bbb1",
        COMMENT_ID,
        "67860000000000001200bbb1",
    ]
    assert [one.collected_at for one in found] == [1737000000001] * 3 + [1737000000002] * 2
    assert found[0].author == Person(USER_ID, "momo")
    assert found[0].replies == "9"
    assert found[1].replies is None


def test_the_account_that_captured_is_not_passed_on(tmp_path: Path) -> None:
    assert "6780000000000000000f0000" not in repr(read(tmp_path, [THREAD]))


def test_empty_and_foreign_answers_are_accounted_for(tmp_path: Path) -> None:
    other = answer(items=[{"model_type": "rec_query", "id": "x"}, "?", {"model_type": "note", "id": POST_ID}])
    found = read(
        tmp_path, [FEED, {"code": -100, "success": False, "data": {}}, other, answer(comments=["?", {"id": "1"}])]
    )
    assert [(one.line, one.reason) for one in broken(found)] == [
        (2, "this answer holds neither posts nor comments (code -100)"),
        (3, "not a post but rec_query, shown among the results"),
        (3, "a post is not an object"),
        (3, "a tile of an overview page: it holds no content, only a reference"),
        (4, "a comment is not an object"),
        (4, "no id of the post"),
    ]


def test_a_nested_reply_that_is_no_object_is_broken(tmp_path: Path) -> None:
    found = read(tmp_path, [answer(comments=[{**thread(), "sub_comments": [None, 3]}])])
    assert broken(found) == [Broken(1, "a nested reply is not an object")] * 2


def test_items_without_the_answer_around_them(tmp_path: Path) -> None:
    found = read(tmp_path, [card(desc="x"), thread()])
    assert (len(posts(found)), len(comments(found))) == (1, 3)
