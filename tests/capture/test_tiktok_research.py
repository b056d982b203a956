"""TikTok's Research API: answers and tables, favourites as bookmarks, parents that are the video."""

from __future__ import annotations

from pathlib import Path

from tests.capture.reading import broken, comments, posts, read
from tests.capture.samples import (
    FOURCAT_TIKTOK_COMMENT,
    FOURCAT_TIKTOK_ID,
    NAME,
    RESEARCH_COMMENTS,
    RESEARCH_VIDEO,
    table,
)

from resilens.capture.records import Person

ANSWER = {"data": {"videos": [RESEARCH_VIDEO, 7], "has_more": False}, "error": {"code": "ok"}}


def test_videos(tmp_path: Path) -> None:
    found = read(tmp_path, [ANSWER])
    (post,) = posts(found)
    assert (post.native_id, post.author) == (FOURCAT_TIKTOK_ID, Person(None, NAME, name_is_identity=True))
    assert post.counts == {"likes": 1, "comments": 2, "bookmarks": 5, "shares": 3, "views": 4}
    assert (post.hashtags, post.location) == (("cattax", "foryou"), "US")
    assert len(broken(found)) == 1


def test_a_comment_at_top_level_names_the_video_as_parent(tmp_path: Path) -> None:
    top, answer = comments(read(tmp_path, [{"data": {"comments": RESEARCH_COMMENTS}}]))
    assert (top.post, top.parent, top.author) == (FOURCAT_TIKTOK_ID, None, None)
    assert answer.parent == FOURCAT_TIKTOK_COMMENT


def test_hashtags_in_a_table_made_with_pandas(tmp_path: Path) -> None:
    (found,) = posts(read(tmp_path, table({**RESEARCH_VIDEO, "hashtag_names": "['cattax', 'foryou']"})))
    assert found.hashtags == ("cattax", "foryou")
