"""Where are things in what TikTok's web interface answers? Posts and comments, as Zeeschuimer keeps them."""

from __future__ import annotations

from typing import Any

from resilens.capture import values
from resilens.capture.people import person
from resilens.capture.records import Broken, CapturedComment, CapturedPost, Person
from resilens.capture.rednote import broken_id
from resilens.capture.traces import ERASED

PLATFORM = "tiktok"
COUNTS = {"likes": "diggCount", "comments": "commentCount", "bookmarks": "collectCount", "shares": "shareCount",
          "views": "playCount"}  # fmt: skip


def post(line: int, item: dict[str, Any]) -> CapturedPost | Broken:
    """A post; its author is an object or, in older captures, a plain text beside `nickname`."""
    if item.get("resilens") == "erased":
        return Broken(line, ERASED)
    native_id = values.identifier(item.get("id"))
    broken = broken_id(line, "id of the post", native_id)
    if broken or native_id is None:
        return broken or Broken(line, "no id of the post")
    if not ({"desc", "stats", "statsV2", "author", "createTime"} & set(item)):
        return Broken(line, "a reference to a post without its content", native_id)
    account = item.get("author")
    if isinstance(account, dict):
        author, flags = person(account.get("id"), values.first(account, "uniqueId", "nickname"))
    else:
        author, flags = person(item.get("authorId"), account)
        if author and author.native_id is None and author.name:
            # A plain text is the handle, which is unique on TikTok.
            author.name_is_identity = True
    stats = values.first(item, "stats", "statsV2")
    text = values.text(item.get("desc"))
    images = _images(item)
    return CapturedPost(
        line, PLATFORM, native_id, author, values.shown(item.get("createTime")),
        "image" if images or isinstance(item.get("imagePost"), dict) else "video" if item.get("video") else "unknown",
        text=text, hashtags=_tags(item),
        counts={name: values.shown(values.first(stats, key)) for name, key in COUNTS.items()},
        location=values.known_text(item.get("locationCreated")), media=images or _video(item),
        flags=flags + _post_flags(item), mentions=_mentions(item, text),
    )  # fmt: skip


def _tags(item: dict[str, Any]) -> tuple[str, ...]:
    """Hashtags in the order of the text, then those that the list of challenges adds."""
    names = [tag.get("hashtagName") for tag in values.objects(item.get("textExtra"))]
    names += [challenge.get("title") for challenge in values.objects(item.get("challenges"))]
    return values.listed(names)


def _mentions(item: dict[str, Any], text: str | None) -> tuple[Person, ...]:
    """Accounts mentioned, by the name that the text shows (its positions count UTF-16 units)."""
    units = (text or "").encode("utf-16-le", "surrogatepass")
    found: list[Person] = []
    for extra in values.objects(item.get("textExtra")):
        native_id = values.no_zero(extra.get("userId"))
        if native_id is None:
            continue
        begin, end = extra.get("start"), extra.get("end")
        name = values.known_text(extra.get("userUniqueId"))
        if isinstance(begin, int) and isinstance(end, int) and 0 <= begin < end:
            written = units[2 * begin : 2 * end].decode("utf-16-le", "replace")
            name = written[1:] if written.startswith("@") and len(written) > 1 else name
        found.append(Person(native_id, name))
    return tuple(found)


def _images(item: dict[str, Any]) -> tuple[str, ...]:
    images = values.objects(values.inner(item, "imagePost", "images"))
    return values.listed([values.inner(image, "imageURL", "urlList", 0) for image in images])


def _video(item: dict[str, Any]) -> tuple[str, ...]:
    return values.listed([values.inner(item, "video", "cover")])


def _post_flags(item: dict[str, Any]) -> tuple[str, ...]:
    duet = values.no_zero(values.inner(item, "duetInfo", "duetFromId"))
    hidden = any(item.get(key) is True for key in ("privateItem", "secret", "forFriend"))
    hidden = hidden or values.inner(item, "author", "privateAccount") is True
    flags = {"advertisement": item.get("isAd") is True, "duet": duet is not None, "not_public": hidden}
    return tuple(flag for flag, is_set in flags.items() if is_set)


def comment(line: int, item: dict[str, Any]) -> CapturedComment | Broken:
    """A comment; `reply_id` is `0` at top level, and the comment answered is `reply_to_reply_id` where it is given."""
    if item.get("resilens") == "erased":
        return Broken(line, ERASED)
    native_id = values.identifier(values.first(item, "cid", "id"))
    post_id = values.identifier(item.get("aweme_id"))
    broken = broken_id(line, "id of the comment", native_id) or broken_id(
        line, "id of the post", post_id, native_id or ""
    )
    if broken or native_id is None or post_id is None:
        return broken or Broken(line, "no id")
    user = item.get("user")
    author, flags = person(values.first(user, "uid", "id"), values.first(user, "unique_id", "uniqueId", "nickname"))
    if item.get("author_pin") is True:
        flags += ("pinned_by_author",)
    parent = values.no_zero(item.get("reply_to_reply_id")) or values.no_zero(item.get("reply_id"))
    return CapturedComment(
        line, PLATFORM, native_id, post_id, parent, author,
        published=values.shown(item.get("create_time")), text=values.text(item.get("text")),
        likes=values.shown(item.get("digg_count")), replies=values.shown(item.get("reply_comment_total")),
        media=values.listed([values.inner(image, "origin_url", "url_list", 0)
                             for image in values.objects(item.get("image_list"))]),
        flags=flags,
    )  # fmt: skip
