"""Where are things in what Instagram and Threads answer? Posts and comments, as Zeeschuimer keeps them.

Instagram answers posts in three shapes: lists of items, the older graph, and a page's state without times. The number
behind a post (`pk`) holds its time; the short code in its address is the same number, written in 64 letters.
"""

from __future__ import annotations

import string
from typing import Any

from resilens.capture import values
from resilens.capture.layouts import at, layout, read
from resilens.capture.records import Broken, CapturedComment, CapturedPost

_LETTERS = {letter: value for value, letter in enumerate(
    string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_")}  # fmt: skip
_LONGEST_CODE = 11
"""Letters of a code that hold the number; posts of private accounts have more, which hold a key."""


def media_id(found: str) -> str | None:
    """The number behind a post: `3141_7` without its account, a short code as the number it stands for."""
    number = found.partition("_")[0]
    if number.isdecimal() and number.isascii() and len(number) > _LONGEST_CODE:
        return number
    total = 0
    for letter in found[:_LONGEST_CODE]:
        if letter not in _LETTERS:
            return number or None
        total = total * 64 + _LETTERS[letter]
    return str(total) if len(found) >= _LONGEST_CODE - 1 else number or None


_MEDIA = (
    "carousel_media.*.image_versions2.candidates.0.url|image_versions2.candidates.0.url|"
    "edge_sidecar_to_children.edges.*.node.display_url|display_url|display_uri + "
    "carousel_media.*.video_versions.0.url|video_versions.0.url|video_url"
)
_FLAGS = {
    "not_public": "user.is_private|owner.is_private", "paid_partnership": "is_paid_partnership",
    "advertisement": "product_type=ad", "likes_hidden": "like_and_view_counts_disabled",
}  # fmt: skip

_CONTENT = frozenset({"user", "owner", "caption", "taken_at", "taken_at_timestamp", "media_type", "like_count"})

POST = layout(
    "posts", "instagram",
    fields={
        "id": "pk|id|code|shortcode", "slug": "code|shortcode",
        "author": "user.pk|user.id|user.pk_id|owner.pk|owner.id", "handle": "user.username|owner.username",
        "text": "caption.text|edge_media_to_caption.edges.0.node.text|caption",
        "time": "taken_at|taken_at_timestamp",
        "likes": "like_count|edge_media_preview_like.count|edge_liked_by.count",
        "comments": "comment_count|edge_media_preview_comment.count|edge_media_to_comment.count",
        "views": "play_count|view_count|video_play_count|video_view_count",
        "location": "location.name", "media": _MEDIA, "type": "media_type|__typename",
    },
    native=media_id,
    kinds={"1": "image", "2": "video", "8": "image", "graphimage": "image", "graphvideo": "video",
           "graphsidecar": "image", "xdtgraphimage": "image", "xdtgraphvideo": "video", "xdtgraphsidecar": "image"},
    flags=_FLAGS, address="https://www.instagram.com/p/{}/",
)  # fmt: skip

COMMENT = layout(
    "comments", "instagram", comments=True,
    fields={
        "id": "pk|comment_id|id", "post": "post_id|media_id|media_pk",
        "parent": "replied_to_comment_id|parent_comment_id", "author": "user.id|user.pk|owner.id|owner.pk",
        "handle": "user.unique_id|user.username|owner.username", "text": "text",
        "time": "created_at_utc|created_at", "likes": "comment_like_count|like_count|edge_liked_by.count",
        "replies": "child_comment_count|edge_threaded_comments.count",
    },
    native=media_id, flags={"not_public": "user.is_private"},
)  # fmt: skip

THREAD = layout(
    "posts", "threads",
    fields={
        **POST.fields, "likes": "like_count", "comments": "text_post_app_info.direct_reply_count",
        "shares": "text_post_app_info.repost_count", "media": f"{_MEDIA} + audio.audio_src",
    },
    native=media_id, kinds={"1": "image", "2": "video", "8": "image", "19": "text"},
    flags={
        **_FLAGS, "answers_another": "text_post_app_info.is_reply|text_post_app_info.reply_to_author=*",
        "quotes_another": "text_post_app_info.share_info.quoted_post=*",
        "repost": "text_post_app_info.share_info.reposted_post=*",
    },
    address="https://www.threads.com/t/{}",
)  # fmt: skip


def post(line: int, found: dict[str, Any]) -> CapturedPost | CapturedComment | Broken:
    """An Instagram post in any of the three shapes."""
    if found.get("resilens") != "erased" and not _CONTENT & found.keys():
        return Broken(line, "a reference to a post without its content", values.identifier(found.get("id")) or "")
    one = read(POST, line, found)
    if isinstance(one, CapturedPost) and not any(key in found for key in ("caption", "edge_media_to_caption")):
        one.flags += ("text_not_captured",)
    return one


def comment(line: int, found: dict[str, Any]) -> CapturedPost | CapturedComment | Broken:
    """An Instagram comment; replies are items of their own, and name the comment they are shown under."""
    return read(COMMENT, line, found)


def thread(line: int, found: dict[str, Any]) -> CapturedPost | CapturedComment | Broken:
    """A Threads post. A reply does not name what it answers; it stays a post and is flagged."""
    if found.get("resilens") != "erased" and values.identifier(at(found, "pk|id|code")) is None:
        return Broken(line, "no id of the post")
    return read(THREAD, line, found)
