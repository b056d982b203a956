"""Where are things in what Bluesky answers? Posts, searches, feeds of accounts, and threads.

An answer is unfolded into its posts, in the order in which it shows them: what a post answers before the post, its
replies behind it. Ids and addresses of pictures name the account; `capture.normalise` keeps the first as hashes, and
for the second the name of the picture's content stands, which names nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from resilens.capture import values
from resilens.capture.files import Head, Record, Source
from resilens.capture.layouts import at, layout, read
from resilens.capture.people import person
from resilens.capture.reader import Options, Recognition
from resilens.capture.records import Broken, Captured, CapturedPost, Person
from resilens.capture.traces import ERASED

PLATFORM = "bluesky"
LISTS = ("posts", "feed", "thread")
_QUOTES = ("app.bsky.embed.record", "app.bsky.embed.recordWithMedia")
_SENSITIVE = frozenset({"porn", "sexual", "nudity", "graphic-media", "gore", "corpse", "self-harm"})

POST = layout(
    "posts and replies", PLATFORM,
    fields={
        "id": "uri", "post": "record.reply.root.uri", "parent": "record.reply.parent.uri",
        "author": "author.did", "handle": "author.handle", "text": "record.text",
        "time": "record.createdAt|record.created_at|indexedAt|indexed_at", "hashtags": "record.tags",
        "likes": "likeCount|like_count", "comments": "replyCount|reply_count", "shares": "repostCount|repost_count",
        "bookmarks": "bookmarkCount|bookmark_count",
        "media": "record.embed.images.*.image.ref.$link|record.embed.media.images.*.image.ref.$link"
                 " + record.embed.video.ref.$link|record.embed.media.video.ref.$link",
        "type": "record.embed.media.$type|record.embed.media.py_type|record.embed.$type|record.embed.py_type",
    },
    kinds={"app.bsky.embed.images": "image", "app.bsky.embed.video": "video", "app.bsky.embed.external": "text",
           "app.bsky.embed.record": "text"},
    without="text", flags={"opted_out": "author.labels.*.val=!no-unauthenticated"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Repost:
    """A post as an account passed it on."""

    view: dict[str, Any]
    reason: dict[str, Any]


def _type(node: dict[str, Any]) -> str:
    """What a node says it is, without the name of the schema: `threadViewPost`."""
    said = values.text(values.first(node, "$type", "py_type")) or ""
    return said.rpartition("#")[2] or said


def _is_view(node: Any) -> bool:
    return isinstance(node, dict) and isinstance(node.get("record"), dict) and isinstance(node.get("uri"), str)


def _inside(node: dict[str, Any]) -> list[Any] | None:
    """What a node of an answer holds, in order; None where it holds nothing further."""
    for name in LISTS:
        if name in node:
            return node[name] if isinstance(node[name], list) else [node[name]]
    if isinstance(node.get("value"), dict) and "record" not in node:  # an entry of the newer form of threads
        return [{"uri": node.get("uri"), **node["value"]}]
    view = node.get("post")
    if not isinstance(view, dict):
        return None
    replies = node.get("replies")
    before = [node["parent"]] if isinstance(node.get("parent"), dict) else []
    before += _answered(node.get("reply"), view)
    after: list[Any] = replies if isinstance(replies, list) else []
    reason = node.get("reason")
    if isinstance(reason, dict) and (_type(reason) == "reasonRepost" or reason.get("resilens") == "erased"):
        after = [_Repost(view, reason), *after]
    return [*before, view, *after]


def _answered(reply: Any, view: dict[str, Any]) -> list[Any]:
    """What a feed shows above a reply: the beginning of the thread and the post answered, each once."""
    shown = [one for one in (values.inner(reply, "root"), values.inner(reply, "parent")) if isinstance(one, dict)]
    return list({str(one.get("uri")): one for one in shown if one.get("uri") != view.get("uri")}.values())


def posts(line: int, answer: dict[str, Any]) -> Iterator[Captured]:
    """Every post of an answer, or of the one post that it is; what is no longer there is `Broken`."""
    pending: list[Any] = [answer]
    while pending:
        node = pending.pop()
        if isinstance(node, _Repost):
            yield _repost(line, node)
            continue
        if not isinstance(node, dict):
            yield Broken(line, "this is no post: not an object")
            continue
        inside = None if _is_view(node) else _inside(node)
        if inside is None:
            yield _post(line, node)
        else:
            pending.extend(reversed(inside))


def _post(line: int, view: dict[str, Any]) -> Captured:
    if view.get("resilens") == "erased":
        return Broken(line, ERASED)
    if not _is_view(view):
        return Broken(line, _missing(view))
    found = read(POST, line, view)
    if isinstance(found, Broken):
        return found
    if values.first(values.inner(view, "record", "embed"), "$type", "py_type") in _QUOTES:
        found.flags += ("quotes_another",)
    labels = [at(view, "labels.*.val"), at(view, "record.labels.values.*.val")]
    if _SENSITIVE & {label for one in labels if isinstance(one, list) for label in one if isinstance(label, str)}:
        found.flags += ("sensitive",)
    found.mentions = _mentions(view["record"])
    return found


def _missing(node: dict[str, Any]) -> str:
    said = _type(node)
    if node.get("notFound") is True or said.endswith("NotFound") or said == "notFoundPost":
        return "the post is gone: deleted, or its account closed"
    if node.get("blocked") is True or said.endswith("Blocked") or said == "blockedPost":
        return "the post is withheld: its author and the account that captured, or the one answered, block each other"
    if said == "threadItemNoUnauthenticated":
        return "the post is withheld: its author asks not to be shown to people who are not logged in"
    return "neither a post nor an answer with posts"


def _repost(line: int, repost: _Repost) -> Captured:
    """The act of passing on; its id is that of the act, which older answers do not give and which is then made."""
    if repost.reason.get("resilens") == "erased":
        return Broken(line, ERASED)
    original = _post(line, repost.view)
    if isinstance(original, Broken):
        return Broken(line, f"what was passed on cannot be read: {original.reason}")
    reason, by = repost.reason, repost.reason.get("by")
    did = values.identifier(values.inner(by, "did"))
    native_id = values.identifier(reason.get("uri")) or (f"{did}/repost/{original.native_id}/" if did else None)
    if native_id is None:
        return Broken(line, "passed on, but it does not say by whom")
    author, flags = person(did, values.inner(by, "handle"))
    if "!no-unauthenticated" in (at(reason, "by.labels.*.val") or ()):
        flags += ("opted_out",)
    return CapturedPost(
        line, PLATFORM, native_id, author, values.shown(values.first(reason, "indexedAt", "indexed_at")),
        original.kind if isinstance(original, CapturedPost) else "unknown",
        text=original.text, media=original.media, flags=(*flags, "repost"),
        mentions=original.mentions,
    )  # fmt: skip


def _mentions(record: dict[str, Any]) -> tuple[Person, ...]:
    """Accounts mentioned, by the name that the text shows (positions count bytes of UTF-8)."""
    written = (values.text(record.get("text")) or "").encode("utf-8", "surrogatepass")
    found = []
    for facet in values.objects(record.get("facets")):
        place = values.first(facet, "index")
        begin, end = values.first(place, "byteStart", "byte_start"), values.first(place, "byteEnd", "byte_end")
        if not (isinstance(begin, int) and isinstance(end, int) and 0 <= begin < end):
            continue
        name = written[begin:end].decode("utf-8", "replace").lstrip("@").strip()
        found += [
            Person(did, name)
            for feature in values.objects(facet.get("features"))
            if name and (did := values.identifier(feature.get("did")))
        ]
    return tuple(found)


class Bluesky:
    """Answers of Bluesky's public interface, or the posts in them one by one."""

    name = "bluesky"
    title = "Bluesky"
    recognised = (
        "JSON with `uri` (`at://…`), `author.did` and `record` (posts), alone or within `posts[]`, `feed[]` or `thread`"
    )
    reads = (
        "posts and replies of getPosts, searchPosts, feeds and threads (both forms), one answer in a file, an array of "
        "them, or one a line, also 4CAT's; a repost as an item of its own beside what it passes on; in feeds also the "
        "posts answered; posts that are gone, blocked or withheld are quarantined with the reason"
    )
    drops = (
        "avatars and names for display, addresses of pictures (they name the account; the name of the picture's "
        "content stands instead), the content of quoted posts (that it quotes is flagged), link cards, languages"
    )
    infers = (
        "the time is what the post says of itself; a repost without an id of its own gets one made from account and "
        "post; no query and no ranking: declare them when the file is added"
    )

    def recognise(self, head: Head) -> Recognition | None:
        """JSON in which a post of Bluesky is found."""
        if head.format not in ("json", "json-lines"):
            return None
        for record in head.records:
            if any(not isinstance(one, Broken) and one.native_id.startswith("at://") for one in posts(0, record)):
                return Recognition("posts of Bluesky (`uri`, `author`, `record`), alone or in answers")
        return None

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """Every post of every answer."""
        for record in source.records():
            yield from posts(record.line, record.values) if isinstance(record, Record) else (record,)
