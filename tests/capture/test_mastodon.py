"""Mastodon: threads found through the file, boosts, opt-outs, what is not public; answers and outboxes alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.capture.reading import broken, comments, posts, read
from tests.capture.samples_networks import (
    ANNOUNCE,
    BOOST,
    CONTEXT,
    FOLLOWERS,
    NAME,
    OUTBOX,
    iso,
    mastodon_account,
    note,
    status,
    status_id,
)

from resilens.capture.mastodon import account_name
from resilens.capture.records import Person

ME, OTHER = f"{NAME}@server.example", "commenter@server.example"


def test_a_status(tmp_path: Path) -> None:
    picture = {"type": "image", "url": "https://files.example/1.png", "description": "a cat"}
    (found,) = posts(read(tmp_path, [status(spoiler_text="food", media_attachments=[picture])]))
    assert (found.native_id, found.published) == (status_id(), iso())
    assert (found.title, found.text) == ("food", "hi @commenter #CatTax")
    assert (found.author, found.mentions) == (Person(ME, NAME), (Person(OTHER, "commenter"),))
    assert (found.counts["likes"], found.counts["comments"], found.counts["shares"]) == (5, 2, 1)
    assert (found.kind, found.media, found.hashtags) == ("image", ("https://files.example/1.png",), ("cattax",))


def test_a_context_is_one_thread_though_it_lacks_its_own_status(tmp_path: Path) -> None:
    found = read(tmp_path, [CONTEXT])
    assert [one.native_id for one in posts(found)] == [status_id()]
    assert {one.post for one in comments(found)} == {status_id()}
    assert [one.parent for one in comments(found)] == [status_id(60), status_id(120), status_id(60)]
    assert [one.flags for one in comments(found)] == [(), (), ()]


def test_a_context_of_a_beginning_names_it(tmp_path: Path) -> None:
    found = comments(read(tmp_path, [{"ancestors": [], "descendants": [status(60, 0), status(120, 60)]}]))
    assert [(one.post, one.parent, one.flags) for one in found] == [
        (status_id(), None, ()),
        (status_id(), status_id(60), ()),
    ]


def test_a_context_beside_its_status(tmp_path: Path) -> None:
    together = {"status": status(), "context": {"ancestors": [], "descendants": [status(60, 0)]}}
    found = read(tmp_path, [together])
    assert (len(posts(found)), [one.post for one in comments(found)]) == (1, [status_id()])


def test_a_thread_whose_beginning_is_not_there(tmp_path: Path) -> None:
    first, second = comments(read(tmp_path, [status(120, 60), status(180, 120, spoiler_text="food")]))
    assert first.post == second.post == status_id(60)
    assert (first.parent, second.parent) == (None, status_id(120))
    assert first.flags == second.flags == ("thread_start_not_captured",)
    assert second.text == "food\n\nhi @commenter #CatTax"


def test_a_boost_is_two_items(tmp_path: Path) -> None:
    boost, original = posts(read(tmp_path, [BOOST]))
    assert (boost.native_id, boost.text, boost.flags) == (status_id(300), "passed on", ("repost",))
    assert (boost.author, boost.counts) == (Person("commenter2@server.example", "commenter2"), {})
    assert (original.native_id, original.text, original.flags) == (status_id(), "passed on", ())
    assert original.counts["likes"] == 5


@pytest.mark.parametrize(
    ("more", "flags"),
    [
        ({"visibility": "unlisted"}, ("unlisted",)),
        ({"sensitive": True}, ("sensitive",)),
        ({"quote": {"state": "accepted", "quoted_status": {}}}, ("quotes_another",)),
        ({"account": mastodon_account(noindex=True)}, ("opted_out",)),
        ({"account": mastodon_account(indexable=False)}, ("opted_out",)),
        ({"account": mastodon_account(note="<p>#<span>NoBot</span></p>")}, ("opted_out",)),
    ],
)
def test_flags(tmp_path: Path, more: dict[str, Any], flags: tuple[str, ...]) -> None:
    (found,) = posts(read(tmp_path, [status(**more)]))
    assert found.flags == flags


@pytest.mark.parametrize("seen", ["private", "direct", "limited"])
def test_what_is_not_public_is_quarantined_without_its_content(tmp_path: Path, seen: str) -> None:
    found = read(tmp_path, [status(), status(60, visibility=seen), status(90, reblog=status(30, visibility=seen))])
    assert len(posts(found)) == 1
    assert [(one.line, one.raw) for one in broken(found)] == [(2, ""), (3, ""), (3, "")]
    assert all(one.reason.startswith("not public: ") and seen in one.reason for one in broken(found))


def test_accounts_have_one_name_everywhere() -> None:
    assert account_name("Zorb", "https://Server.example/@Zorb") == "Zorb@server.example"
    assert account_name("zorb@server.example", "https://other.example/x") == "zorb@server.example"
    assert account_name("zorb", "https://[") == "zorb"
    assert account_name(None, "https://server.example") is None


def test_an_outbox(tmp_path: Path) -> None:
    found = read(tmp_path, json.dumps(OUTBOX))
    post, passed_on = posts(found)
    (reply,) = comments(found)
    assert (post.native_id, post.text, post.published, post.author) == (
        status_id(), "forgettable", iso(), Person(ME, NAME)
    )  # fmt: skip
    assert (post.hashtags, post.mentions, post.kind) == (("cattax",), (Person(OTHER, "commenter"),), "text")
    assert (passed_on.native_id, passed_on.text, passed_on.flags) == (status_id(400), None, ("repost",))
    assert (reply.post, reply.parent, reply.flags) == (status_id(), None, ())
    assert [(one.reason, one.raw) for one in broken(found)] == [
        ("not public: for followers only; its content is not kept", "")
    ]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (FOLLOWERS, "not public: for followers only"),
        ({"to": ["https://server.example/users/commenter"], "cc": []}, "not public: for those mentioned only"),
        ({"type": "Tombstone"}, "an activity of type Tombstone: no post"),
    ],
)
def test_what_an_outbox_holds_that_is_no_public_post(tmp_path: Path, more: dict[str, Any], reason: str) -> None:
    found = read(tmp_path, [note(**more), note(60)])
    assert broken(found)[0].reason.startswith(reason)


def test_unlisted_and_pictures_in_an_outbox(tmp_path: Path) -> None:
    public = "https://www.w3.org/ns/activitystreams#Public"
    picture = {"type": "Document", "mediaType": "image/png", "url": "/media_attachments/files/1/original/a.png"}
    (found,) = posts(read(tmp_path, [note(to=[], cc=[public], attachment=[picture], summary="food")]))
    assert (found.flags, found.kind, found.title) == (("unlisted",), "image", "food")
    assert found.media == ("/media_attachments/files/1/original/a.png",)


def test_an_archive_and_an_answer_of_the_same_server_meet(tmp_path: Path) -> None:
    (answered,) = posts(read(tmp_path, [status()]))
    (archived,) = posts(read(tmp_path, [note()]))
    assert (answered.native_id, answered.author) == (archived.native_id, archived.author)
    (other,) = posts(read(tmp_path, [ANNOUNCE]))
    assert other.author == archived.author
