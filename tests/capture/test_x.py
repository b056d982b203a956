"""X: posts, replies as comments on the post that began the conversation, reposts, and what is shown behind a notice."""

from __future__ import annotations

from typing import Any

from tests.capture.samples import ACCOUNT, NAME, X_DEEPER, X_POST, X_REPLY, x_item, x_reply

from resilens.capture import x
from resilens.capture.records import Broken, CapturedComment, CapturedPost, Person


def post(item: dict[str, Any]) -> CapturedPost:
    found = x.item(1, item)
    assert isinstance(found, CapturedPost)
    return found


def test_a_post() -> None:
    found = post(x_item())
    assert (found.native_id, found.platform, found.kind) == (X_POST, "x", "image")
    assert found.text == "Hello & welcome @other #CatTax https://t.co/a"
    assert found.author == Person(ACCOUNT, NAME)
    assert found.counts == {"likes": 5, "comments": 3, "bookmarks": 1, "shares": 4, "views": "1234"}
    assert found.hashtags == ("CatTax",)
    assert found.mentions == (Person("77", "other"),)
    assert found.url == f"https://x.com/i/web/status/{X_POST}"
    assert found.media == ("https://pbs.twimg.com/media/A.jpg",)
    assert found.flags == ()


def test_a_reply_is_a_comment_and_only_a_deeper_one_has_a_parent() -> None:
    top, deeper = x.item(1, x_reply(X_REPLY, X_POST)), x.item(2, x_reply(X_DEEPER, X_REPLY))
    assert isinstance(top, CapturedComment)
    assert isinstance(deeper, CapturedComment)
    assert (top.post, top.parent, deeper.post, deeper.parent) == (X_POST, None, X_POST, X_REPLY)
    assert (top.likes, top.replies) == (5, 3)


def test_a_long_text_is_whole() -> None:
    item = {**x_item(), "note_tweet": {"note_tweet_results": {"result": {"text": "the whole of it"}}}}
    assert post(item).text == "the whole of it"


def test_a_repost_has_the_text_of_the_other_and_no_counts() -> None:
    other = x_item("1", "the whole text of the other")
    item = x_item(text="RT @other: the whole text of th…", retweeted_status_result={"result": other})
    assert (post(item).text, post(item).counts, post(item).flags) == ("the whole text of the other", {}, ("repost",))
    deeper = x_item(text="RT", retweeted_status_result={"result": {"tweet": other}})
    assert post(deeper).text == "the whole text of the other"


def test_flags() -> None:
    item = {**x_item(possibly_sensitive=True), "promoted": True, "quoted_status_result": {"result": x_item("1")}}
    item["core"]["user_results"]["result"]["legacy"]["protected"] = True
    assert set(post(item).flags) == {"sensitive", "advertisement", "quotes_another", "not_public"}


def test_behind_a_notice_and_without_content() -> None:
    shown = x.item(1, {"__typename": "TweetWithVisibilityResults", "tweet": x_item(), "id": None})
    assert isinstance(shown, CapturedPost)
    gone = x.item(7, {"__typename": "TweetTombstone", "rest_id": "12", "tombstone": {}})
    assert gone == Broken(7, "not a post but TweetTombstone: it holds no content", "12")


def test_the_older_shape() -> None:
    legacy = {**x_item()["legacy"], "id_str": X_POST}
    item = {"id": int(X_POST), "type": "adaptive", "legacy": legacy, "user": {"id_str": ACCOUNT, "screen_name": NAME}}
    found = post(item)
    assert (found.native_id, found.author) == (X_POST, Person(ACCOUNT, NAME))
