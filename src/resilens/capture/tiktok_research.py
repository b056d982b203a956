"""Where are things in what TikTok's Research API answers? Videos and comments, one by one or as whole answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from resilens.capture import values
from resilens.capture.files import Head, Record, Source
from resilens.capture.layouts import Layout, layout, read
from resilens.capture.reader import Options, Recognition
from resilens.capture.records import Broken, Captured

VIDEO = layout(
    "videos", "tiktok", "id video_description create_time", lacks="source_platform",
    fields={"id": "id|video_id", "text": "video_description", "time": "create_time", "handle": "username",
            "hashtags": "hashtag_names", "likes": "like_count", "comments": "comment_count",
            "bookmarks": "favourites_count|favorites_count", "shares": "share_count", "views": "view_count",
            "location": "region_code"},
    without="video",
)  # fmt: skip
COMMENT = layout(
    "comments", "tiktok", "id video_id parent_comment_id text create_time", comments=True,
    fields={"id": "id", "post": "video_id", "parent": "parent_comment_id", "text": "text", "time": "create_time",
            "handle": "username", "likes": "like_count", "replies": "reply_count"},
)  # fmt: skip


def _items(found: dict[str, Any]) -> list[Any]:
    """The videos or comments of an answer, or the one thing that is none."""
    for name in ("videos", "comments"):
        inside = values.inner(found, "data", name)
        if isinstance(inside, list):
            return inside
    return [found]


def _layout(item: Any) -> Layout | None:
    columns = frozenset(item) if isinstance(item, dict) else frozenset()
    return next((one for one in (COMMENT, VIDEO) if one.fits(columns)), None)


class TikTokResearch:
    """Answers of TikTok's Research API, and tables made of them."""

    name = "tiktok-research"
    layouts = (VIDEO, COMMENT)
    title = "TikTok Research API"
    recognised = (
        "JSON with `data.videos[]` or `data.comments[]`, or a table or objects with `id`, `video_description`, "
        "`create_time` (videos) or `id`, `video_id`, `parent_comment_id`, `text`, `create_time` (comments)"
    )
    reads = "videos with all counts (favourites as bookmarks) and hashtags; comments with what they answer"
    drops = "music, effects, playlists, labels, descriptions of hashtags, `voice_to_text`"
    infers = (
        "a video's author goes by the unique name, which is all the API gives (other captures know the id: another "
        "pseudonym); comments have no authors; `region_code` stands as location, and is where the account was "
        "registered; a parent that is the video is none"
    )

    def recognise(self, head: Head) -> Recognition | None:
        """Answers or records with the keys of videos or comments."""
        for record in head.records:
            for item in _items(record):
                if (found := _layout(item)) is not None:
                    return Recognition(f"the fields of TikTok's Research API: {found.name}")
        return None

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """Every video and comment."""
        for record in source.records():
            if not isinstance(record, Record):
                yield record
                continue
            for item in _items(record.values):
                where = _layout(item)
                if isinstance(item, dict) and item.get("resilens") == "erased":
                    where = VIDEO
                if where is None:
                    yield Broken(record.line, "neither a video nor a comment of TikTok's Research API")
                else:
                    yield read(where, record.line, item)
