"""Where are things in what RedNote (Xiaohongshu) answers?

The items of its web interface, as Zeeschuimer and scripts keep them: posts in four shapes, comments with replies nested
or apart. Also the reader of raw answers: one in a file, an array of them, or one a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from resilens.capture import values
from resilens.capture.files import Head, Record, Source
from resilens.capture.people import person
from resilens.capture.plain import MENTIONS
from resilens.capture.reader import Options, Recognition
from resilens.capture.records import Broken, Captured, CapturedComment, CapturedPost, Person
from resilens.capture.traces import ERASED

PLATFORM = "rednote"
POST_ADDRESS = "https://www.xiaohongshu.com/explore/"
KINDS = {"normal": "image", "video": "video", "image": "image", "multi": "image"}
COUNTS = {
    "likes": ("liked_count", "likedCount", "like_count"),
    "comments": ("comment_count", "commentCount", "comments_count"),
    "bookmarks": ("collected_count", "collectedCount", "collect_count"),
    "shares": ("share_count", "shareCount", "shared_count"),
}


def address(native_id: str) -> str:
    """The address of a post without session tokens."""
    return POST_ADDRESS + native_id


def broken_id(line: int, what: str, value: str | None, raw: str = "") -> Broken | None:
    """`Broken` where an id is missing or was destroyed by a spreadsheet; None where it is sound."""
    if value is None:
        return Broken(line, f"no {what}", raw)
    if values.damaged(value):
        return Broken(line, f"the {what} was destroyed by a spreadsheet and cannot be rebuilt: {value}", raw)
    return None


def post(line: int, item: dict[str, Any]) -> CapturedPost | Broken:
    """A post in any of the shapes that Zeeschuimer keeps.

    `note_card` (explore, search, feed), the card itself (user page), `note` in camelCase (the state embedded in a
    page), or the few fields of a tile in the page (`_zs-origin: html`). A tile without content is `Broken`.
    """
    if item.get("resilens") == "erased":
        return Broken(line, ERASED)
    card, state = item.get("note_card"), values.first(item, "note", "noteCard")
    if isinstance(card, dict):
        return _card(line, item, card)
    if isinstance(state, dict) and isinstance(values.first(state, "interactInfo", "interact_info"), dict):
        return _card(line, item, state, embedded="interactInfo" in state)
    if item.get("_zs-origin") == "html":
        return _scraped(line, item)
    if isinstance(values.first(item, "interact_info", "interactInfo"), dict):
        return _card(line, item, item)
    native_id = values.identifier(values.first(item, "id", "note_id"))
    return Broken(line, "a tile of an overview page: it holds no content, only a reference", native_id or "")


def _card(line: int, item: dict[str, Any], card: dict[str, Any], embedded: bool = False) -> CapturedPost | Broken:
    native_id = values.identifier(
        values.first(card, "note_id", "noteId") or values.first(item, "id", "note_id", "noteId")
    )
    broken = broken_id(line, "id of the post", native_id)
    if broken or native_id is None:
        return broken or Broken(line, "no id of the post")
    user = values.first(card, "user", "user_info")
    author, flags = person(values.first(user, "user_id", "userId", "userid"),
                           values.first(user, "nickname", "nick_name", "nickName"))  # fmt: skip
    interact = values.first(card, "interact_info", "interactInfo")
    title = values.text(values.first(card, "title", "display_title", "displayTitle"))
    text = values.text(card.get("desc"))
    return CapturedPost(
        line, PLATFORM, native_id, author, values.shown(card.get("time")), _kind(card), title, text,
        hashtags=_tags(values.first(card, "tag_list", "tagList")),
        counts={name: values.shown(values.first(interact, *keys)) for name, keys in COUNTS.items()},
        location=values.known_text(values.first(card, "ip_location", "ipLocation")),
        url=address(native_id), media=_pictures(values.first(card, "image_list", "imageList"), card),
        flags=flags + _post_flags(card, title, text, embedded),
        mentions=mentioned(values.first(card, "at_user_list", "atUserList")),
    )  # fmt: skip


def _post_flags(card: dict[str, Any], title: str | None, text: str | None, embedded: bool) -> tuple[str, ...]:
    flags: list[str] = []
    if "desc" not in card:
        flags.append("text_not_captured")
    # The page's state is JavaScript: Zeeschuimer turns `undefined` into `null` everywhere, inside people's texts too.
    if embedded and any("null" in (written or "") for written in (title, text)):
        flags.append("undefined_became_null")
    return tuple(flags)


def _kind(card: dict[str, Any]) -> str:
    kind = card.get("type")
    return KINDS.get(kind, "unknown") if isinstance(kind, str) else "unknown"


def _tags(tags: Any) -> tuple[str, ...]:
    """Names of the topics; a list of names as well as of objects, and other types of tags (places, brands) left out."""
    names = [
        tag.get("name") if isinstance(tag, dict) else tag
        for tag in (tags if isinstance(tags, list) else ())
        if not isinstance(tag, dict) or tag.get("type") in (None, "", "topic")
    ]
    return values.listed(names)


def _pictures(images: Any, card: dict[str, Any]) -> tuple[str, ...]:
    found = [_picture(image) for image in values.objects(images)]
    if not any(found):
        found = [_picture(values.inner(card, "cover"))]
    found += [
        values.known_text(values.first(stream, "master_url", "masterUrl"))
        for stream in values.objects(values.inner(card, "video", "media", "stream", "h264"))[:1]
    ]
    return tuple(dict.fromkeys(filter(None, found)))


def _picture(image: Any) -> str | None:
    for key in ("url_default", "urlDefault", "url", "url_pre", "urlPre"):
        if values.known_text(values.inner(image, key)):
            return values.known_text(image[key])
    return None


def _scraped(line: int, item: dict[str, Any]) -> CapturedPost | Broken:
    """A tile scraped from the page: author's name and page, likes, title."""
    native_id = values.identifier(item.get("id"))
    broken = broken_id(line, "id of the post", native_id)
    if broken or native_id is None:
        return broken or Broken(line, "no id of the post")
    author, flags = person(profile_id(item.get("author_url")), item.get("author_name"))
    thumbnail = values.known_text(item.get("thumbnail_url"))
    return CapturedPost(
        line, PLATFORM, native_id, author, title=values.text(item.get("title")),
        counts={"likes": values.shown(item.get("likes"))}, url=address(native_id),
        media=(thumbnail,) if thumbnail else (), flags=(*flags, "text_not_captured"),
    )  # fmt: skip


def profile_id(url: Any) -> str | None:
    """The account id in the address of a profile, `/user/profile/ID?xsec_token=…`."""
    if not isinstance(url, str) or "/user/profile/" not in url:
        return None
    return url.split("/user/profile/", 1)[1].split("?")[0].split("/")[0] or None


def mentioned(users: Any) -> tuple[Person, ...]:
    """The accounts that a text mentions."""
    if not users:
        return ()
    found = [
        Person(values.no_zero(values.first(user, "user_id", "userId", "userid")),
               values.known_text(values.first(user, "nickname", "nick_name", "nickName")))
        for user in values.objects(users)
    ]  # fmt: skip
    return tuple(one for one in found if one.native_id or one.name)


def comments(
    line: int, item: dict[str, Any], post_id: str | None = None, root: str | None = None
) -> Iterator[Captured]:
    """A comment and, behind it, each reply nested in it as a record of its own.

    Parameters
    ----------
    line
        Where the item stands; nested replies stand on the same line.
    item
        The comment as RedNote answers it.
    post_id
        The post, where the item does not name it.
    root
        The comment in which it is nested: the parent of a reply that does not name the comment it answers.
    """
    native_id = values.identifier(values.first(item, "id", "comment_id"))
    post_id = values.identifier(values.first(item, "note_id", "noteId")) or post_id
    broken = broken_id(line, "id of the comment", native_id) or broken_id(
        line, "id of the post", post_id, native_id or ""
    )
    if item.get("resilens") == "erased":
        yield Broken(line, ERASED)
    elif broken or native_id is None or post_id is None:
        yield broken or Broken(line, "no id")
    else:
        yield _comment(line, item, native_id, post_id, root)
    nested = values.first(item, "sub_comments", "subComments")
    for reply in nested if isinstance(nested, list) else ():
        if isinstance(reply, dict):
            yield from _reply(line, reply, post_id, native_id)
        else:
            yield Broken(line, "a nested reply is not an object")


def _reply(line: int, reply: dict[str, Any], post_id: str | None, root: str | None) -> Iterator[Captured]:
    for record in comments(line, reply, post_id, root):
        yield replace(record, parent=root) if isinstance(record, CapturedComment) and record.parent is None else record


def _comment(line: int, item: dict[str, Any], native_id: str, post_id: str, root: str | None) -> CapturedComment:
    user = values.first(item, "user_info", "userInfo", "user")
    author, flags = person(
        values.first(user, "user_id", "userId"), values.first(user, "nickname", "nick_name", "nickName")
    )
    target = values.first(item, "target_comment", "targetComment")
    parent = values.no_zero(values.inner(target, "id")) or root
    tags = values.first(item, "show_tags", "showTags")
    state = item.get("status")
    if isinstance(tags, list) and "is_author" in tags:
        flags += ("by_post_author",)
    if isinstance(state, int) and not isinstance(state, bool) and state != 0:
        flags += (f"platform_status_{state}",)
    pictures = [_picture(picture) for picture in values.objects(item.get("pictures"))]
    return CapturedComment(
        line, PLATFORM, native_id, post_id, parent, author,
        published=values.shown(values.first(item, "create_time", "createTime")), text=values.text(item.get("content")),
        likes=values.shown(values.first(item, "like_count", "likeCount", "liked_count")),
        replies=values.shown(values.first(item, "sub_comment_count", "subCommentCount")),
        location=values.known_text(values.first(item, "ip_location", "ipLocation")),
        media=tuple(filter(None, pictures)), flags=flags,
        mentions=mentioned(values.first(item, "at_users", "atUsers"))
        + (mentioned([values.first(target, "user_info", "userInfo")]) if target else ()),
    )  # fmt: skip


_TEXT, _OTHERS = pa.string(), pa.list_(pa.struct([]))
_PERSON = pa.struct([("user_id", _TEXT), ("nickname", _TEXT)])
ITEM = pa.struct([
    ("id", _TEXT), ("note_id", _TEXT), ("status", pa.int64()), ("content", _TEXT), ("create_time", pa.int64()),
    ("user_info", _PERSON), ("target_comment", pa.struct([("id", _TEXT), ("user_info", _PERSON)])),
    ("like_count", _TEXT), ("sub_comment_count", _TEXT), ("ip_location", _TEXT), ("show_tags", pa.list_(_TEXT)),
    ("at_users", MENTIONS), ("pictures", _OTHERS), ("sub_comments", _OTHERS),
    *((name, pa.null()) for name in ("resilens", "ipLocation", "showTags", "targetComment", "atUsers", "subComments")),
])  # fmt: skip
"""A comment whose replies stand apart, as RedNote answers it; its other spellings have to be empty."""


def plain_comments(items: pa.StructArray) -> tuple[dict[str, pa.Array], pa.Array]:
    """The same as `comments`, of many items (`ITEM`) at once: columns of `plain.COMMENTS`, and which are usual."""
    item = _fields(items)
    user, target = _fields(item["user_info"]), _fields(item["target_comment"])
    answered = _fields(target["user_info"])
    usual = pc.fill_null(pc.equal(item["status"], 0), True)
    for name in ("pictures", "sub_comments"):
        usual = pc.and_(usual, pc.fill_null(pc.equal(pc.list_value_length(item[name]), 0), True))
    for needed in (user["nickname"], item["like_count"], item["sub_comment_count"]):
        usual = pc.and_(usual, pc.is_valid(needed))
    return {
        "native_id": item["id"], "post": item["note_id"], "parent": target["id"], "author": user["user_id"],
        "name": user["nickname"], "answered": answered["user_id"], "answered_name": answered["nickname"],
        "published": item["create_time"], "text": item["content"], "likes": item["like_count"],
        "replies": item["sub_comment_count"], "location": item["ip_location"], "mentions": item["at_users"],
        "by_post_author": _holding(item["show_tags"], "is_author"),
    }, usual  # fmt: skip


def _fields(objects: pa.StructArray) -> dict[str, pa.Array]:
    return {field.name: pc.struct_field(objects, field.name) for field in objects.type}


def _holding(lists: pa.ListArray, wanted: str) -> pa.Array:
    """Which of the lists hold it."""
    holding = np.zeros(len(lists), dtype=bool)
    holding[pc.list_parent_indices(lists).filter(pc.equal(pc.list_flatten(lists), wanted))] = True
    return pa.array(holding)


def _answers(value: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """The posts and comments of one answer, or the value itself where it is a single item."""
    data = value.get("data") if isinstance(value.get("data"), dict) else value
    items, thread = values.inner(data, "items"), values.inner(data, "comments")
    posts = items if isinstance(items, list) else values.inner(data, "notes")
    posts = posts if isinstance(posts, list) else []
    thread = thread if isinstance(thread, list) else []
    if not posts and not thread and isinstance(value.get("note_card"), dict):
        posts = [value]
    elif not posts and not thread and (value.get("resilens") == "erased" or _is_comment(value)):
        thread = [value]
    return posts, thread


def _is_post(value: Any) -> bool:
    return isinstance(values.inner(value, "note_card"), dict) or isinstance(values.inner(value, "interact_info"), dict)


def _is_comment(value: Any) -> bool:
    return isinstance(value, dict) and {"note_id", "content", "user_info"} <= set(value)


class RednoteApi:
    """Raw answers of RedNote's web interface."""

    name = "rednote-api"
    title = "RedNote's own answers"
    recognised = "JSON with `data.items[].note_card` (posts) or `data.comments[]` with `user_info` (comments)"
    reads = (
        "posts with title, text, topics, counts, pictures; comments and the replies nested in them, each as a record; "
        "pages of replies; one answer in a file, an array of answers, or one answer a line"
    )
    drops = "cursors, tokens, avatars, whether the account that captured had liked or followed"
    infers = (
        "a reply's parent is the comment it answers (`target_comment`), not the thread; the answer's own `time` is "
        "when it was captured"
    )

    def recognise(self, head: Head) -> Recognition | None:
        """JSON whose first answers hold posts or comments of RedNote."""
        if head.format not in ("json", "json-lines"):
            return None
        for record in head.records:
            posts, thread = _answers(record)
            if any(map(_is_post, posts)):
                return Recognition("posts with `note_card`, as RedNote's web interface answers them")
            if any(map(_is_comment, thread)):
                return Recognition("comments with `note_id` and `user_info`, as RedNote's web interface answers them")
        return None

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """Every post and comment of every answer; an answer without any is `Broken`."""
        for record in source.records():
            yield from _of_answer(record) if isinstance(record, Record) else (record,)


def _of_answer(record: Record) -> Iterator[Captured]:
    posts, thread = _answers(record.values)
    captured = values.shown(
        values.first(record.values.get("data"), "time", "current_time") or values.first(record.values, "current_time")
    )
    if not posts and not thread:
        code = values.text(record.values.get("code"))
        yield Broken(record.line, "this answer holds neither posts nor comments" + (f" (code {code})" if code else ""))
    for item in posts:
        if not isinstance(item, dict):
            yield Broken(record.line, "a post is not an object")
        elif item.get("model_type") in (None, "note"):
            found = post(record.line, item)
            if isinstance(found, CapturedPost):
                found.collected_at = captured
            yield found
        else:
            yield Broken(record.line, f"not a post but {values.text(item.get('model_type'))}, shown among the results")
    for item in thread:
        if not isinstance(item, dict):
            yield Broken(record.line, "a comment is not an object")
            continue
        for comment in comments(record.line, item):
            if isinstance(comment, CapturedComment):
                comment.collected_at = captured
            yield comment
