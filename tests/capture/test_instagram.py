"""Instagram and Threads: three shapes of posts, short codes, hidden likes, comments, replies that name no post."""

from __future__ import annotations

import pytest
from tests.capture.samples import ACCOUNT, NAME, PK, SECOND, code_of, instagram_comment, instagram_post, threads_post

from resilens.capture import instagram
from resilens.capture.records import Broken, CapturedComment, CapturedPost, Person


def post(**more: object) -> CapturedPost:
    found = instagram.post(1, instagram_post(**more))
    assert isinstance(found, CapturedPost)
    return found


def test_a_post_in_a_list_of_items() -> None:
    found = post()
    assert (found.native_id, found.published, found.kind) == (PK, SECOND, "image")
    assert found.author == Person(ACCOUNT, NAME)
    assert (found.counts["likes"], found.counts["comments"]) == (12, 3)
    assert found.media == ("https://scontent/1.jpg?oh=SECRET&x=1", "https://scontent/2.jpg",
                           "https://scontent/2.mp4?oe=SECRET")  # fmt: skip
    assert (found.location, found.url) == ("Shanghai", f"https://www.instagram.com/p/{code_of(PK)}/")
    assert found.flags == ()


def test_a_post_of_the_older_graph_is_the_same_post() -> None:
    item = {
        "__typename": "GraphVideo", "id": PK, "shortcode": code_of(PK), "taken_at_timestamp": SECOND,
        "edge_media_to_caption": {"edges": [{"node": {"text": "hi"}}]}, "owner": {"id": ACCOUNT, "username": NAME},
        "edge_media_preview_like": {"count": 4}, "edge_media_to_comment": {"count": 2}, "video_view_count": 9,
        "display_url": "https://scontent/1.jpg", "video_url": "https://scontent/1.mp4",
    }  # fmt: skip
    found = instagram.post(1, item)
    assert isinstance(found, CapturedPost)
    assert (found.native_id, found.kind, found.text) == (PK, "video", "hi")
    assert (found.counts["likes"], found.counts["comments"], found.counts["views"]) == (4, 2, 9)
    assert found.author == Person(ACCOUNT, NAME)
    assert len(found.media) == 2


def test_the_partial_shape_without_time_and_caption() -> None:
    item = {"pk": PK, "code": code_of(PK), "media_type": 1, "user": {"pk": ACCOUNT, "username": NAME}}
    found = instagram.post(1, item)
    assert isinstance(found, CapturedPost)
    assert (found.published, found.text, found.flags) == (None, None, ("text_not_captured",))


def test_no_caption_is_no_text() -> None:
    assert (post(caption=None).text, post(caption=None).flags) == (None, ())


def test_hidden_likes_are_not_a_number_of_likes() -> None:
    found = post(like_count=3, like_and_view_counts_disabled=True)
    assert (found.counts["likes"], found.flags) == (None, ("likes_hidden",))


def test_private_accounts_are_flagged() -> None:
    assert post(user={"pk": ACCOUNT, "username": NAME, "is_private": True}).flags == ("not_public",)


@pytest.mark.parametrize(
    ("found", "number"),
    [(PK, PK), (f"{PK}_12", PK), (code_of(PK), PK), (code_of(PK) + "k" * 28, PK), ("17900000000000001",) * 2,
     ("short", "short"), ("!?", "!?")],
)  # fmt: skip
def test_codes_and_numbers_are_one_id(found: str, number: str) -> None:
    assert instagram.media_id(found) == number


def test_comments_and_replies() -> None:
    top = instagram.comment(1, instagram_comment("17900000000000001"))
    reply = instagram.comment(2, instagram_comment("17900000000000002", "17900000000000001", post_id=f"{PK}_9"))
    assert isinstance(top, CapturedComment)
    assert isinstance(reply, CapturedComment)
    assert (top.post, top.parent, top.likes, top.replies) == (PK, None, 2, 1)
    assert (reply.post, reply.parent, reply.author) == (PK, "17900000000000001", Person("990", "commenter"))
    assert instagram.comment(3, {"pk": "17900000000000003", "text": "x"}) == Broken(
        3, "no id of the post", "17900000000000003"
    )


def test_threads() -> None:
    found = instagram.thread(1, threads_post())
    assert isinstance(found, CapturedPost)
    assert (found.platform, found.kind, found.native_id) == ("threads", "text", PK)
    assert (found.counts["likes"], found.counts["comments"], found.counts["shares"]) == (12, 7, 6)
    assert found.url == f"https://www.threads.com/t/{code_of(PK)}"
    info = {"is_reply": True, "share_info": {"quoted_post": {"pk": "1"}, "reposted_post": None}}
    reply = instagram.thread(1, threads_post(text_post_app_info=info))
    assert isinstance(reply, CapturedPost)
    assert set(reply.flags) == {"answers_another", "quotes_another"}
    early = {"reply_to_author": {"username": "other"}, "share_info": {}}  # 2023, without `is_reply`
    answer = instagram.thread(1, threads_post(text_post_app_info=early))
    assert isinstance(answer, CapturedPost)
    assert answer.flags == ("answers_another",)
    assert instagram.thread(4, {"caption": None}) == Broken(4, "no id of the post")
