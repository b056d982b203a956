"""Bluesky's answers: unfolded in order, threads, reposts, what is withheld, who opted out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.capture.reading import broken, comments, posts, read
from tests.capture.samples import BLUESKY_DID, bluesky_uri
from tests.capture.samples_networks import (
    BLUESKY_FEED,
    BLUESKY_NEW_THREAD,
    BLUESKY_POSTS,
    BLUESKY_THREAD,
    OTHER_DID,
    bluesky_post,
    iso,
)

from resilens.capture.erasing import Erasing, erase_from
from resilens.capture.records import Person
from resilens.capture.traces import Traces
from resilens.corpus.pseudonyms import Pseudonyms


def test_a_post_and_a_reply(tmp_path: Path) -> None:
    found = read(tmp_path, [BLUESKY_POSTS])
    (post,), (reply,) = posts(found), comments(found)
    assert (post.native_id, post.text, post.kind, post.published) == (bluesky_uri(), "forgettable", "image", iso())
    assert post.author == Person(BLUESKY_DID, "zorblatt.bsky.social")
    assert post.counts == {"likes": 5, "comments": 2, "bookmarks": 3, "shares": 1, "views": None}
    assert post.media == ("bafkreicat",), "the picture's content, not its address, which names the account"
    assert (reply.post, reply.parent, reply.likes, reply.replies) == (bluesky_uri(), None, 5, 2)


def test_a_thread_in_the_order_in_which_it_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, json.dumps(BLUESKY_THREAD))
    assert [getattr(one, "native_id", None) for one in found] == [
        *(bluesky_uri(after) for after in (0, 60, 120, 180)), None, None
    ]  # fmt: skip
    assert [one.parent for one in comments(found)] == [None, bluesky_uri(60), bluesky_uri(120)]
    assert {one.post for one in comments(found)} == {bluesky_uri()}
    assert [one.reason.partition(":")[0] for one in broken(found)] == ["the post is gone", "the post is withheld"]


def test_the_newer_form_of_threads(tmp_path: Path) -> None:
    found = read(tmp_path, [BLUESKY_NEW_THREAD])
    assert (len(posts(found)), len(comments(found))) == (1, 1)
    assert "not logged in" in broken(found)[0].reason


def test_a_feed_has_reposts_and_what_replies_answer(tmp_path: Path) -> None:
    found = read(tmp_path, [BLUESKY_FEED])
    original, repost, again = posts(found)
    assert original.native_id == again.native_id == bluesky_uri()
    assert (repost.native_id, repost.text, repost.published) == (bluesky_uri(300, OTHER_DID), original.text, iso(300))
    assert (repost.author, repost.flags, repost.counts) == (
        Person(OTHER_DID, "commenter.bsky.social"), ("repost",), {}
    )  # fmt: skip
    assert [one.native_id for one in comments(found)] == [bluesky_uri(60), bluesky_uri(120)]


def test_a_repost_without_an_id_gets_one_that_stays(tmp_path: Path) -> None:
    feed: Any = json.loads(json.dumps(BLUESKY_FEED))
    del feed["feed"][0]["reason"]["uri"]
    first, second = (posts(read(tmp_path, [feed]))[1].native_id for _ in range(2))
    assert first == second != bluesky_uri()


def test_flags(tmp_path: Path) -> None:
    quoting = {"embed": {"$type": "app.bsky.embed.record", "record": {"uri": bluesky_uri(9), "cid": "c"}}}
    view = bluesky_post(record=quoting, labels=[{"val": "porn", "src": "did:plc:l"}])
    view["author"]["labels"] = [{"val": "!no-unauthenticated", "src": BLUESKY_DID}]
    (found,) = posts(read(tmp_path, [view]))
    assert set(found.flags) == {"quotes_another", "sensitive", "opted_out"}


def test_mentions_count_bytes(tmp_path: Path) -> None:
    facet = {"index": {"byteStart": 5, "byteEnd": 11},
             "features": [{"$type": "app.bsky.richtext.facet#mention", "did": OTHER_DID}]}  # fmt: skip
    (found,) = posts(read(tmp_path, [bluesky_post(text="🐱 @other hi", record={"facets": [facet]})]))
    assert found.mentions == (Person(OTHER_DID, "other"),)


def test_a_long_thread_is_unfolded(tmp_path: Path) -> None:
    thread: Any = {"post": bluesky_post(), "replies": []}
    for after in range(1, 60):
        thread = {"post": bluesky_post(after, reply=(0, 0)), "parent": thread}
    found = read(tmp_path, json.dumps({"thread": thread}))
    assert (len(posts(found)), len(comments(found))) == (1, 59)


def test_a_chain_of_nearly_two_hundred_replies_is_read_and_its_end_forgotten(tmp_path: Path) -> None:
    """Each reply lies within the one that it answers, two levels deeper."""
    node: dict[str, Any] = {"post": bluesky_post(199, "the last word", (198, 0))}
    for after in reversed(range(8, 199)):
        node = {"post": bluesky_post(after, "on", (after - 1, 0)), "replies": [node]}
    chain = json.dumps({"thread": {"post": bluesky_post(), "replies": [node]}})
    assert len(comments(read(tmp_path, chain))) == 192
    path = tmp_path / "raw.jsonl"
    path.write_text(chain + "\n", "utf-8")
    last = Traces(Pseudonyms(b"0" * 32), comments=frozenset({bluesky_uri(199)}))

    def called_from_afar(frames: int) -> Erasing:
        return called_from_afar(frames - 1) if frames else erase_from(path, last)

    assert called_from_afar(300) == Erasing(records=1)
    assert "the last word" not in path.read_text("utf-8")
    assert len(comments(read(tmp_path, path.read_bytes()))) == 191
