"""Small hand-made captures of Bluesky, Mastodon and Reddit, as `tests.capture.samples` has those of other sources."""

from __future__ import annotations

import json
from typing import Any

from tests.capture.samples import BLUESKY_DID, NAME, SECOND, Sample, bluesky_uri, lines

OTHER_DID = "did:plc:zorblatt9999"

# --- Bluesky ----------------------------------------------------------------------------------------------------------


def iso(after: int = 0) -> str:
    return f"2025-01-14T04:{8 + after // 60:02}:48.000Z"


def bluesky_post(after: int = 0, text: str = "hi #CatTax", reply: tuple[int, int] | None = None, **more: Any) -> Any:
    """A post as Bluesky shows it; `reply` says at which seconds root and parent were written."""
    record: dict[str, Any] = {
        "$type": "app.bsky.feed.post", "createdAt": iso(after), "langs": ["en"], "text": text, **more.pop("record", {})
    }  # fmt: skip
    if reply is not None:
        record["reply"] = {"root": {"cid": "b", "uri": bluesky_uri(reply[0])},
                           "parent": {"cid": "b", "uri": bluesky_uri(reply[1])}}  # fmt: skip
    return {
        "uri": bluesky_uri(after), "cid": "bafyreia",
        "author": {"did": BLUESKY_DID, "handle": f"{NAME}.bsky.social", "displayName": "Zorb", "labels": [],
                   "avatar": f"https://cdn.bsky.app/img/avatar/plain/{BLUESKY_DID}/a@jpeg"},
        "record": record, "likeCount": 5, "replyCount": 2, "repostCount": 1, "quoteCount": 0, "bookmarkCount": 3,
        "indexedAt": iso(after), "labels": [], **more,
    }  # fmt: skip


PICTURES: dict[str, Any] = {
    "record": {"embed": {"$type": "app.bsky.embed.images", "images": [
        {"alt": "a cat", "image": {"$type": "blob", "ref": {"$link": "bafkreicat"}, "mimeType": "image/jpeg"}}]}},
    "embed": {"$type": "app.bsky.embed.images#view", "images": [
        {"fullsize": f"https://cdn.bsky.app/img/feed_fullsize/plain/{BLUESKY_DID}/bafkreicat@jpeg", "alt": "a cat"}]},
}  # fmt: skip
GONE = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": bluesky_uri(500), "notFound": True}
BLOCKED = {"$type": "app.bsky.feed.defs#blockedPost", "uri": bluesky_uri(501), "blocked": True,
           "author": {"did": OTHER_DID}}  # fmt: skip
BLUESKY_POSTS = {"posts": [bluesky_post(text="forgettable", **PICTURES), bluesky_post(60, reply=(0, 0))]}
BLUESKY_THREAD = {
    "thread": {
        "$type": "app.bsky.feed.defs#threadViewPost",
        "post": bluesky_post(60, reply=(0, 0)),
        "parent": {"$type": "app.bsky.feed.defs#threadViewPost", "post": bluesky_post()},
        "replies": [
            {"$type": "app.bsky.feed.defs#threadViewPost", "post": bluesky_post(120, reply=(0, 60)),
             "replies": [{"post": bluesky_post(180, reply=(0, 120)), "replies": []}]},
            GONE, BLOCKED,
        ],
    },
    "threadgate": None,
}  # fmt: skip
BLUESKY_NEW_THREAD = {"hasOtherReplies": False, "thread": [
    {"uri": bluesky_uri(), "depth": 0,
     "value": {"$type": "app.bsky.unspecced.defs#threadItemPost", "post": bluesky_post(), "moreReplies": 0}},
    {"uri": bluesky_uri(60), "depth": 1,
     "value": {"$type": "app.bsky.unspecced.defs#threadItemPost", "post": bluesky_post(60, reply=(0, 0))}},
    {"uri": bluesky_uri(90), "depth": 1, "value": {"$type": "app.bsky.unspecced.defs#threadItemNoUnauthenticated"}},
]}  # fmt: skip
BY_OTHER = {"did": OTHER_DID, "handle": "commenter.bsky.social"}
BLUESKY_FEED = {"cursor": "2025", "feed": [
    {"post": bluesky_post(), "reason": {"$type": "app.bsky.feed.defs#reasonRepost", "by": BY_OTHER,
                                        "uri": bluesky_uri(300, OTHER_DID), "indexedAt": iso(300)}},
    {"post": bluesky_post(120, reply=(0, 60)),
     "reply": {"root": bluesky_post(), "parent": bluesky_post(60, reply=(0, 0))}},
]}  # fmt: skip

# --- Mastodon ---------------------------------------------------------------------------------------------------------

SERVER = "https://server.example"


def status_id(after: int = 0) -> str:
    return str((SECOND + after) * 1000 << 16 | 7)


def mastodon_account(name: str = NAME, **more: Any) -> dict[str, Any]:
    return {
        "id": "109", "username": name, "acct": name, "display_name": "Zorb", "url": f"{SERVER}/@{name}",
        "uri": f"{SERVER}/users/{name}", "note": "<p>cats</p>", "bot": False, "locked": False, "noindex": False,
        "indexable": True, "discoverable": True, "fields": [], "avatar": f"{SERVER}/avatars/{name}.png", **more,
    }  # fmt: skip


def status(after: int = 0, answers: int | None = None, **more: Any) -> dict[str, Any]:
    """A status as Mastodon answers it; `answers` says at which second the one was written that it answers."""
    native = status_id(after)
    return {
        "id": native, "created_at": iso(after), "in_reply_to_id": None if answers is None else status_id(answers),
        "in_reply_to_account_id": None, "sensitive": False, "spoiler_text": "", "visibility": "public",
        "uri": f"{SERVER}/users/{NAME}/statuses/{native}", "url": f"{SERVER}/@{NAME}/{native}",
        "replies_count": 2, "reblogs_count": 1, "favourites_count": 5, "edited_at": None, "reblog": None,
        "content": f'<p>hi <span class="h-card"><a href="{SERVER}/@commenter" class="u-url mention">@<span>commenter'
                   '</span></a></span> #<span>CatTax</span></p>',
        "account": mastodon_account(), "media_attachments": [], "tags": [{"name": "cattax", "url": "https://t"}],
        "mentions": [{"id": "110", "username": "commenter", "acct": "commenter", "url": f"{SERVER}/@commenter"}],
        "emojis": [], "card": None, "poll": None, **more,
    }  # fmt: skip


CONTEXT = {"ancestors": [status()], "descendants": [status(120, 60), status(180, 120), status(240, 60)]}
BOOST = status(300, account=mastodon_account("commenter2"), reblog=status(content="<p>passed on</p>"), content="")
ARCHIVE_ACTOR = f"{SERVER}/users/{NAME}"
TO_ALL = "https://www.w3.org/ns/activitystreams#Public"


def note(after: int = 0, answers: int | None = None, **more: Any) -> dict[str, Any]:
    """A post in an outbox, in the activity by which it was made."""
    address = f"{ARCHIVE_ACTOR}/statuses/{status_id(after)}"
    seen = {"to": [TO_ALL], "cc": [f"{ARCHIVE_ACTOR}/followers"]} | {
        name: more.pop(name) for name in ("to", "cc") if name in more
    }
    return {
        "id": f"{address}/activity", "type": "Create", "actor": ARCHIVE_ACTOR, "published": iso(after), **seen,
        "object": {
            "id": address, "type": "Note", "summary": None, "published": iso(after), **seen,
            "inReplyTo": None if answers is None else f"{SERVER}/users/commenter/statuses/{status_id(answers)}",
            "url": f"{SERVER}/@{NAME}/{status_id(after)}", "attributedTo": ARCHIVE_ACTOR, "sensitive": False,
            "content": "<p>hi <a>@<span>commenter</span></a></p>", "attachment": [],
            "tag": [{"type": "Mention", "href": f"{SERVER}/users/commenter", "name": "@commenter@server.example"},
                    {"type": "Hashtag", "href": f"{SERVER}/tags/cattax", "name": "#cattax"}],
            "replies": {"type": "Collection", "first": {}}, **more,
        },
    }  # fmt: skip


ANNOUNCE = {
    "id": f"{ARCHIVE_ACTOR}/statuses/{status_id(400)}/activity", "type": "Announce", "actor": ARCHIVE_ACTOR,
    "published": iso(400), "to": [TO_ALL], "cc": [f"{ARCHIVE_ACTOR}/followers"],
    "object": f"{SERVER}/users/commenter/statuses/{status_id(1)}",
}  # fmt: skip
FOLLOWERS = {"to": [f"{ARCHIVE_ACTOR}/followers"], "cc": []}
OUTBOX = {
    "@context": TO_ALL, "id": "outbox.json", "type": "OrderedCollection", "totalItems": 4,
    "orderedItems": [note(content="<p>forgettable</p>"), note(60, 0), ANNOUNCE, note(90, **FOLLOWERS)],
}  # fmt: skip

# --- Reddit -----------------------------------------------------------------------------------------------------------


def submission(native: str = "1i10abc", **more: Any) -> dict[str, Any]:
    """A submission as Arctic Shift keeps it."""
    return {
        "id": native, "name": f"t3_{native}", "author": NAME, "author_fullname": f"t2_{NAME}", "subreddit": "rednote",
        "subreddit_id": "t5_1", "subreddit_type": "public", "title": "Cat &amp; tax", "selftext": "forgettable",
        "created_utc": SECOND, "retrieved_on": SECOND + 9999, "score": 12, "num_comments": 3, "is_self": True,
        "url": f"https://www.reddit.com/r/rednote/comments/{native}/cat_tax/", "over_18": False, "promoted": None,
        "permalink": f"/r/rednote/comments/{native}/cat_tax/", "crosspost_parent": None, **more,
    }  # fmt: skip


def remark(native: str, parent: str = "t3_1i10abc", **more: Any) -> dict[str, Any]:
    """A comment as Pushshift keeps it."""
    return {
        "id": native, "link_id": "t3_1i10abc", "parent_id": parent, "author": f"{NAME}2", "body": "&gt; welcome",
        "created_utc": str(SECOND + 60), "retrieved_on": SECOND + 9999, "score": 4, "subreddit": "rednote",
        "is_submitter": False, "permalink": f"/r/rednote/comments/1i10abc/cat_tax/{native}/", **more,
    }  # fmt: skip


REDDIT = (submission(), remark("m7aaaaa"), remark("m7bbbbb", "t1_m7aaaaa", author="[deleted]", body="[removed]"))

SAMPLES = {
    "bluesky posts": Sample("bluesky", lines(BLUESKY_POSTS), 1, 1, "bluesky", bluesky_uri()),
    "bluesky post a line": Sample("bluesky", lines(*BLUESKY_POSTS["posts"]), 1, 1, "bluesky", bluesky_uri()),
    "bluesky thread": Sample("bluesky", json.dumps(BLUESKY_THREAD, indent=1).encode(), 1, 3, "bluesky"),
    "bluesky newer thread": Sample("bluesky", lines(BLUESKY_NEW_THREAD), 1, 1, "bluesky"),
    "bluesky feed": Sample("bluesky", lines(BLUESKY_FEED), 2, 2, "bluesky"),
    "mastodon statuses": Sample(
        "mastodon", lines(status(content="<p>forgettable</p>"), status(60, 0)), 1, 1, "mastodon", status_id()
    ),
    "mastodon timeline": Sample("mastodon", json.dumps([status(60), status()]).encode(), 2, 0, "mastodon"),
    "mastodon context": Sample("mastodon", lines(CONTEXT), 1, 3, "mastodon"),
    "mastodon boost": Sample("mastodon", lines({"accounts": [], "statuses": [BOOST]}), 2, 0, "mastodon"),
    "activitypub": Sample("activitypub", json.dumps(OUTBOX, indent=1).encode(), 2, 1, "mastodon", status_id()),
    "activitypub lines": Sample("activitypub", lines(note(60, 0), note(120, 60)), 0, 2, "mastodon"),
    "reddit": Sample("reddit", lines(*REDDIT), 1, 2, "reddit", "1i10abc"),
    "reddit comments": Sample("reddit", lines(*REDDIT[1:]), 0, 2, "reddit"),
}  # fmt: skip
