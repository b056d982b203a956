"""Where are things in an ActivityPub outbox, as the archive of a Mastodon account holds it?

An activity is a post of its own (`Create`) or passes another's on (`Announce`). Ids are addresses; where they end in
Mastodon's number, that number is the id, so that an archive and what was captured at the same server meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from resilens.capture import values
from resilens.capture.chains import UNNAMED, Chains
from resilens.capture.files import Head, Record, Source
from resilens.capture.layouts import layout, read
from resilens.capture.markup import text_of
from resilens.capture.mastodon import HIDDEN, PLATFORM, QUOTED, account_name, with_warning
from resilens.capture.reader import Options, Recognition
from resilens.capture.records import Broken, Captured, CapturedComment, Person
from resilens.capture.traces import ERASED

PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
WRITTEN = frozenset({"Note", "Question", "Article", "Page"})
_NUMBER = re.compile(r"/(\d{15,20})(?:/activity)?/?$")
_ACTOR = re.compile(r"^https?://([^/]+)/(?:users/|@)([^/]+)/?$")

NOTE = layout(
    "posts and replies", PLATFORM,
    fields={
        "id": "native", "post": "start", "parent": "answered", "author": "account", "author_name": "called",
        "title": "summary", "text": "said", "time": "published", "hashtags": "topics", "likes": "likes.totalItems",
        "shares": "shares.totalItems", "comments": "replies.totalItems", "media": "attachment.*.url",
        "type": "attachment.0.mediaType", "url": "url|id",
    },
    without="text",
    flags={"sensitive": "sensitive", "repost": "passed_on", "unlisted": "unlisted",
           "quotes_another": "quote|quoteUri|quoteUrl|_misskey_quote=*"},
)  # fmt: skip


def native(address: Any) -> str | None:
    """Mastodon's number at the end of an address, or the address."""
    found = values.identifier(address)
    number = _NUMBER.search(found) if found else None
    return number[1] if number else found


def _account(actor: Any) -> str | None:
    """`name@server` of an account's address; the address itself where it holds no name."""
    if isinstance(actor, dict):
        actor = actor.get("id")
    found = values.identifier(actor)
    named = _ACTOR.match(found) if found else None
    return account_name(f"{named[2]}@{named[1]}", None) if named else found


def _addressed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [one for one in value or () if isinstance(one, str)]


def visibility(activity: dict[str, Any]) -> str:
    """Who may read it, in Mastodon's words: `public`, `unlisted`, `private` or `direct`."""
    to, copied = _addressed(activity.get("to")), _addressed(activity.get("cc"))
    if PUBLIC & set(to):
        return "public"
    if PUBLIC & set(copied):
        return "unlisted"
    return "private" if any(one.rstrip("/").endswith("/followers") for one in (*to, *copied)) else "direct"


def activities(found: Any) -> list[Any] | None:
    """The activities of an outbox, or the one that it is; None where it is neither."""
    if not isinstance(found, dict):
        return None
    for name in ("orderedItems", "items"):
        if isinstance(found.get(name), list):
            return list(found[name])
    return [found] if "actor" in found and "object" in found else None


def _flat(activity: dict[str, Any]) -> dict[str, Any] | str:
    """What a layout reads of an activity, or why it cannot be kept."""
    kind, written = activity.get("type"), activity.get("object")
    note = written if isinstance(written, dict) else {}
    if kind == "Announce":
        note = {"id": activity.get("id"), "published": activity.get("published"), "passed_on": True}
    elif kind != "Create" or note.get("type") not in WRITTEN:
        what = note.get("type") if kind == "Create" else kind
        return f"an activity of type {values.text(what) or 'unknown'}: no post"
    seen = visibility(activity if activity.get("to") else note)
    if seen in HIDDEN:
        return f"not public: {HIDDEN[seen]}; its content is not kept"
    actor = values.first(note, "attributedTo") or activity.get("actor")
    account = _account(actor)
    return {
        **note, "native": native(note.get("id")), "answered": native(note.get("inReplyTo")), "account": account,
        "called": account.partition("@")[0] if account and "://" not in account else None,
        "said": text_of(values.text(note.get("content")) or "", QUOTED), "unlisted": seen == "unlisted",
        "topics": [one.get("name") for one in values.objects(note.get("tag")) if one.get("type") == "Hashtag"],
    }  # fmt: skip


def activity(line: int, found: Any, answers: Chains) -> Captured:
    """A post, a reply, or the passing on of another's."""
    if not isinstance(found, dict):
        return Broken(line, "this is no activity: not an object")
    if "erased" in (found.get("resilens"), values.inner(found, "object", "resilens")):
        return Broken(line, ERASED)
    flat = _flat(found)
    if isinstance(flat, str):
        return Broken(line, flat)
    own = flat["native"]
    flat["start"], held = answers.start(own) if own else (None, True)
    captured = read(NOTE, line, flat)
    if isinstance(captured, Broken):
        return captured
    if isinstance(captured, CapturedComment):
        captured.text = with_warning(flat.get("summary"), captured.text)
        if not held:
            captured.flags += (UNNAMED,)
    else:
        captured.kind = _kind(flat)
    captured.mentions = _mentions(flat)
    return captured


def _kind(note: dict[str, Any]) -> str:
    if note.get("passed_on"):
        return "unknown"
    said = values.text(values.inner(note, "attachment", 0, "mediaType")) or "text"
    kind = said.partition("/")[0]
    return kind if kind in ("text", "image", "video") else "unknown"


def _mentions(note: dict[str, Any]) -> tuple[Person, ...]:
    found = []
    for one in values.objects(note.get("tag")):
        name, account = values.known_text(one.get("name")), _account(one.get("href"))
        if one.get("type") == "Mention" and name and account:
            found.append(Person(account, name.strip().lstrip("@").partition("@")[0]))
    return tuple(found)


def chains(source: Source) -> Chains:
    """Which post answers which, through the whole file."""
    answers: dict[str, str | None] = {}
    for record in source.records():
        for one in (activities(record.values) or ()) if isinstance(record, Record) else ():
            note = values.inner(one, "object")
            if isinstance(note, dict) and (own := native(note.get("id"))):
                answers[own] = native(note.get("inReplyTo"))
    return Chains(answers.items())


class ActivityPub:
    """An outbox, whole, by pages, or one activity a line."""

    name = "activitypub"
    title = "ActivityPub outbox (archive of a Mastodon account)"
    recognised = "JSON with `orderedItems[]` of activities (`type`, `actor`, `object`), or such activities one by one"
    reads = (
        "posts and replies with text out of HTML, content warnings as titles (before the text of a reply), hashtags, "
        "pictures, counts where the server adds them; what the account passed on, as reposts without text"
    )
    drops = (
        "the content of everything not addressed to the public (quarantined with the reason), answers of polls, "
        "descriptions of pictures, edits, signatures; the archive's other files (the profile with its pictures, likes, "
        "bookmarks) are left out, which is said"
    )
    infers = (
        "who may read it, from `to` and `cc`; the beginning of a thread, through the answers of the whole file: an "
        "outbox holds one account's posts only, so a reply to another's stands in a thread that begins with what it "
        "answers"
    )

    def recognise(self, head: Head) -> Recognition | None:
        """JSON in which a `Create` or `Announce` is found."""
        if head.format not in ("json", "json-lines"):
            return None
        for record in head.records:
            for one in activities(record) or ():
                if isinstance(one, dict) and one.get("type") in ("Create", "Announce") and "actor" in one:
                    return Recognition("an ActivityPub outbox: activities with `actor` and `object`")
        return None

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """Every activity."""
        answers = chains(source)
        for record in source.records():
            if not isinstance(record, Record):
                yield record
                continue
            inside = activities(record.values)
            for one in [record.values] if inside is None else inside:
                yield activity(record.line, one, answers)
