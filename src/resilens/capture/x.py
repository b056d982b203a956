"""Where are things in what X (Twitter) answers? Posts and replies, as Zeeschuimer keeps them, in both their shapes."""

from __future__ import annotations

from typing import Any

from resilens.capture import values
from resilens.capture.layouts import at, layout, read
from resilens.capture.records import Broken, CapturedComment, CapturedPost

_REPOSTED = "legacy.retweeted_status_result.result"
_USER = "core.user_results.result"

POST = layout(
    "posts and replies", "x",
    fields={
        "id": "rest_id|legacy.id_str|id_str|id",
        "post": "legacy.conversation_id_str",
        "parent": "legacy.in_reply_to_status_id_str",
        "author": f"{_USER}.rest_id|legacy.user_id_str|user.id_str|user.id",
        "handle": f"{_USER}.core.screen_name|{_USER}.legacy.screen_name|user.screen_name|user.unique_id",
        # The text of a repost is cut short; that of the post it passes on is whole.
        "text": f"{_REPOSTED}.note_tweet.note_tweet_results.result.text|{_REPOSTED}.tweet.legacy.full_text|"
                f"{_REPOSTED}.legacy.full_text|note_tweet.note_tweet_results.result.text|legacy.full_text|legacy.text",
        "time": "legacy.created_at",
        "hashtags": "legacy.entities.hashtags.*.text",
        "likes": "legacy.favorite_count", "comments": "legacy.reply_count", "bookmarks": "legacy.bookmark_count",
        "shares": "legacy.retweet_count", "views": "views.count|ext_views.count",
        "location": "legacy.place.full_name",
        "media": "legacy.extended_entities.media.*.media_url_https|legacy.entities.media.*.media_url_https",
        "type": "legacy.extended_entities.media.0.type|legacy.entities.media.0.type",
        "mentions": "legacy.entities.user_mentions",
    },
    mentioned=("id_str", "screen_name"),
    kinds={"photo": "image", "video": "video", "animated_gif": "video"}, without="text",
    flags={
        "repost": f"{_REPOSTED}=*", "quotes_another": "quoted_status_result=*",
        "sensitive": "legacy.possibly_sensitive|possibly_sensitive", "advertisement": "promoted",
        "not_public": f"{_USER}.legacy.protected|{_USER}.privacy.protected|user.protected",
    },
    address="https://x.com/i/web/status/{}", unescape=True,
)  # fmt: skip


def item(line: int, found: dict[str, Any]) -> CapturedPost | CapturedComment | Broken:
    """A post, or a comment where it belongs to a conversation that another post began."""
    inner = found.get("tweet")
    if isinstance(inner, dict) and "legacy" not in found:  # shown behind a notice, and so one level deeper
        found = {**inner, "id": inner.get("rest_id")}
    if not isinstance(found.get("legacy"), dict) and found.get("resilens") != "erased":
        native_id = values.identifier(at(found, "rest_id|id")) or ""
        said = values.text(found.get("__typename")) or "a reference"
        return Broken(line, f"not a post but {said}: it holds no content", native_id)
    return read(POST, line, found)
