"""Where are things in the tables that 4CAT and Zeeschuimer write (CSV, also with `;`)?

Their NDJSON is read as Zeeschuimer's. 4CAT's `timestamp` is a local time of its server without a zone; `unix_timestamp`
is what is read.
"""

from __future__ import annotations

from collections.abc import Callable

from resilens.capture import douyin, instagram, rednote, values
from resilens.capture.files import Record, Source
from resilens.capture.layouts import Layout, Tables, layout, read
from resilens.capture.records import Broken, Captured, CapturedComment, CapturedPost

_COMMON = {"id": "id", "text": "body", "time": "unix_timestamp", "hashtags": "hashtags",
           "page": "collected_from_url", "missing": "missing_fields"}  # fmt: skip
_FLAGS = {"text_not_captured": "missing_fields=body"}

LAYOUTS = (
    layout(
        "RedNote comments", "rednote", "id thread_id body author ip_location likes replies unix_timestamp",
        comments=True, flags=_FLAGS,
        fields={**_COMMON, "post": "thread_id", "author_name": "author", "likes": "likes", "replies": "replies",
                "location": "ip_location"},
    ),
    layout(
        "RedNote posts", "rednote", "id title body author author_avatar_url likes unix_timestamp", separator=",",
        fields={**_COMMON, "title": "title", "author_name": "author", "likes": "likes",
                "media": "image_urls|image_url + video_url"},
        flags=_FLAGS, address=rednote.POST_ADDRESS + "{}",
    ),
    layout(
        "TikTok comments", "tiktok", "id thread_id post_id body author likes replies is_comment_on_comment",
        comments=True,
        fields={**_COMMON, "post": "post_id", "parent": "thread_id", "handle": "author", "likes": "likes",
                "replies": "replies"},
        flags={**_FLAGS, "pinned_by_author": "is_sticky"},
    ),
    layout(
        "TikTok posts", "tiktok", "id body author is_duet tiktok_url likes comments shares plays", separator=",",
        fields={**_COMMON, "handle": "author", "likes": "likes", "comments": "comments", "shares": "shares",
                "views": "plays", "location": "location_created", "media": "thumbnail_url", "url": "tiktok_url"},
        flags={**_FLAGS, "advertisement": "is_ad", "duet": "is_duet", "paid_partnership": "is_paid_partnership",
               "sensitive": "is_sensitive"},
        without="video",
    ),
    layout(
        "Instagram posts and comments", "instagram", "id thread_id body author num_likes num_comments", separator=",",
        fields={**_COMMON, "post": "thread_id", "parent": "parent_id", "author": "author_id", "handle": "author",
                "likes": "num_likes", "comments": "num_comments", "views": "play_count", "location": "location_name",
                "media": "image_urls|image_url + media_urls|media_url", "type": "media_type|type", "slug": "id",
                "time": "unix_timestamp|timestamp"},  # until 2021 4CAT's `timestamp` was the number
        native=instagram.media_id, kinds={"photo": "image", "picture": "image", "video": "video", "mixed": "image"},
        flags={**_FLAGS, "likes_hidden": "likes_hidden", "partial": "partial_item"},
        address="https://www.instagram.com/p/{}/",
    ),
    layout(
        "Bluesky posts and replies", "bluesky", "id thread_id body author author_id replied_to_post like_count",
        separator=",",
        fields={**_COMMON, "post": "thread_id", "parent": "replied_to_post", "time": "created_at|timestamp",
                "author": "author_id", "handle": "author", "hashtags": "tags", "likes": "like_count",
                "comments": "reply_count", "shares": "repost_count", "url": "link", "query": "query", "rank": "rank",
                "collected_at": "collected_at"},
        flags={**_FLAGS, "quotes_another": "quoted_post=*", "sensitive": "labels=porn"}, without="text",
    ),
    layout(
        "Douyin posts", "douyin", "post_url body digg_count author_user_id author_nickname unix_timestamp",
        separator=",",
        fields={**_COMMON, "id": "id|post_url", "author": "author_user_id", "author_name": "author_nickname",
                "likes": "digg_count", "comments": "comment_count", "bookmarks": "collect_count",
                "shares": "share_count", "location": "region", "media": "image_urls"},
        native=lambda found: _last(found), flags=_FLAGS, address=douyin.ADDRESS, without="video",
    ),
    layout(
        "X posts and replies", "x", "id thread_id body author author_id retweet_count is_retweet impression_count",
        separator=",",
        fields={**_COMMON, "post": "thread_id", "author": "author_id", "handle": "author", "likes": "like_count",
                "comments": "reply_count", "shares": "retweet_count", "views": "impression_count",
                "location": "place_name", "media": "images + videos"},
        flags={**_FLAGS, "repost": "is_retweet", "quotes_another": "is_quote_tweet", "sensitive": "possibly_sensitive",
               "parent_not_named": "is_reply"},
        address="https://x.com/i/web/status/{}", unescape=True,
    ),
    layout(
        "Threads posts", "threads", "id body author author_is_verified reposts quotes replies likes",
        separator=",",
        fields={**_COMMON, "handle": "author", "likes": "likes", "comments": "replies", "shares": "reposts",
                "media": "image_url + video_url + audio_url", "slug": "id"},
        native=instagram.media_id, flags={**_FLAGS, "paid_partnership": "is_paid_partnership"},
        address="https://www.threads.com/t/{}",
    ),
)  # fmt: skip


class FourCat(Tables):
    """4CAT's CSV files. Bluesky's name the post answered by its author's current name: it is found by its last part."""

    def reading(self, source: Source) -> Callable[[Layout, Record], Captured]:
        """Rows by their layout; the posts that Bluesky's replies answer by their ids in the same file."""
        known: dict[str, str] = {}
        if "replied_to_post" in source.head.columns:
            natives = (one.values.get("id") for one in source.records() if isinstance(one, Record))
            known = {_last(native): native for native in natives if isinstance(native, str) and "/" in native}

        def captured(where: Layout, record: Record) -> Captured:
            row = record.values
            if where.platform == "douyin" and row.get("subject") == "Stream":
                native = values.identifier(row.get("id"))
                return Broken(record.line, "a live stream, not a post", native or "")  # its time may be the capture's
            found = read(where, record.line, row)
            if where.platform == "bluesky" and isinstance(found, CapturedComment) and found.parent is not None:
                at_top = _last(found.parent) == _last(found.post)
                found.parent = None if at_top else known.get(_last(found.parent), found.parent)
            if isinstance(found, CapturedPost) and "partial" in found.flags:
                found.published = None  # of such items 4CAT gave the time of capture as theirs
            return found

        return captured


def _last(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


FOURCAT = FourCat(
    "4cat", "4CAT", LAYOUTS,
    recognised="CSV (also with `;`, as Zeeschuimer writes it) with the columns of 4CAT's RedNote, TikTok, Instagram, "
    "Bluesky, Douyin, X or Threads posts, or its RedNote or TikTok comments",
    reads="what 4CAT keeps: ids, texts, `unix_timestamp` (`created_at` of Bluesky), counts, hashtags, pictures; "
    "replies on X, Bluesky and Instagram as comments on the post that begins their thread; `query` and `rank` of "
    "Bluesky, elsewhere the query from the page's address (`collected_from_url`) with the rank by order in the file; "
    "what `missing_fields` names as not captured, whatever stands in its cell",
    drops="`timestamp` (a local time of its server), avatars, signatures, music, the text of the post beside a "
    "comment, links, likes that an account hides; live streams on Douyin are no posts. 4CAT itself has dropped "
    "RedNote's bookmarks, comment and share counts and account ids (so there are no authors) and TikTok's account ids "
    "and bookmarks (so authors go by their unique names, and have other pseudonyms than in captures with ids)",
    infers="a partial Instagram item has no time (4CAT gave that of its capture), but that of its id; "
    "Instagram's and Threads' short codes are the numbers that they stand for, as in other captures; a reply on "
    "X does not name what it answers: it stands at top level and is flagged",
)
