"""Where are things in the tables of minet (and of twitwi, which it uses)? Lists are joined by `|`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from resilens.capture import instagram
from resilens.capture.chains import UNNAMED, Chains
from resilens.capture.files import Record, Source
from resilens.capture.layouts import Layout, Tables, layout, read, without_prefix
from resilens.capture.profiles import post_in
from resilens.capture.records import Captured, CapturedComment
from resilens.capture.values import identifier, no_zero

_INSTAGRAM_ADDRESS = re.compile(r"/(?:p|reels?|tv)/([\w-]+)")


def _media_id(found: str) -> str | None:
    address = _INSTAGRAM_ADDRESS.search(found)
    return instagram.media_id(address[1] if address else found)


def _reddit_id(found: str) -> str | None:
    return post_in(found) if "://" in found else without_prefix(found)


TWEET = layout(
    "tweets", "x", "id timestamp_utc text user_id user_screen_name retweet_count to_tweetid", separator="|",
    fields={"id": "id", "parent": "to_tweetid", "text": "text", "time": "timestamp_utc", "author": "user_id",
            "handle": "user_screen_name",
            "hashtags": "hashtags", "likes": "like_count", "comments": "reply_count", "shares": "retweet_count",
            "views": "impression_count", "media": "media_urls", "collected_at": "collection_time",
            "location": "place_name"},
    flags={"repost": "retweeted_id=*", "quotes_another": "quoted_id=*", "sensitive": "possibly_sensitive"},
    address="https://x.com/i/web/status/{}", without="text",
)  # fmt: skip
REPLY = layout(
    "replies", "x", comments=True,
    fields={**TWEET.fields, "post": "start"}, separator="|", flags=TWEET.flags,
)  # fmt: skip

LAYOUTS = (
    TWEET,
    layout(
        "Bluesky posts and replies", "bluesky", "cid uri timestamp_utc text user_handle like_count", separator="|",
        fields={"id": "uri", "post": "to_root_post_uri", "parent": "to_post_uri", "text": "original_text|text",
                "time": "timestamp_utc", "author": "user_did|did", "handle": "user_handle", "hashtags": "hashtags",
                "likes": "like_count", "comments": "reply_count", "bookmarks": "bookmark_count",
                "shares": "repost_count", "media": "media_urls", "url": "url", "collected_at": "collection_time"},
        flags={"quotes_another": "quoted_uri=*"}, without="text",
    ),
    layout(
        "TikTok posts", "tiktok", "id description author_unique_id digg_count play_count challenges_titles",
        separator="|",
        fields={"id": "id", "text": "description", "time": "timestamp|utc_time|create_time", "author": "author_id",
                "handle": "author_unique_id", "hashtags": "challenges_titles", "likes": "digg_count",
                "comments": "comment_count", "bookmarks": "collect_count", "shares": "share_count",
                "views": "play_count", "media": "video_cover", "collected_at": "collection_time"},
        flags={"advertisement": "is_ad", "duet": "duet_from_video_id=*", "not_public": "author_secret"},
        without="video",
    ),
    layout(
        "Reddit posts", "reddit", "title url author points number_comments published_date",
        fields={"id": "url", "title": "title", "text": "author_text", "time": "published_date", "handle": "author",
                "likes": "points", "comments": "number_comments", "url": "url", "media": "external_link"},
        native=_reddit_id, without="text",
    ),
    layout(
        "Reddit comments", "reddit", "comment_url id author parent points comment published_date", comments=True,
        fields={"id": "id", "post": "comment_url", "parent": "parent", "text": "comment", "time": "published_date",
                "handle": "author", "likes": "points"},
        native=_reddit_id,
    ),
    layout(
        "Instagram comments", "instagram", "id text username comment_like_count created_at_utc child_index",
        comments=True,
        fields={"id": "id", "post": "post_id|media_id|shortcode|post_url|post|url|code", "parent": "parent_id",
                "text": "text", "time": "created_at_utc", "author": "user_id|user_pk", "handle": "username",
                "likes": "comment_like_count", "replies": "child_comment_count"},
        native=_media_id, flags={"not_public": "user_is_private"},
    ),
    layout(
        # Of users, hashtags and places: these name no account but its number, and call likes otherwise.
        "Instagram posts", "instagram", "id shortcode caption comment_count taken_at_timestamp", separator="|",
        fields={"id": "id|shortcode", "slug": "shortcode", "text": "caption", "time": "taken_at_timestamp|utc_time",
                "author": "owner_id", "handle": "username", "hashtags": "hashtags",
                "likes": "like_count|liked_by_count", "comments": "comment_count", "views": "video_view_count",
                "media": "medias_url|display_url", "type": "media_type|is_video"},
        native=_media_id, kinds={**instagram.POST.kinds, "true": "video", "false": "image"},
        flags={"likes_hidden": "like_and_view_counts_disabled"}, address="https://www.instagram.com/p/{}/",
    ),
)  # fmt: skip


class Minet(Tables):
    """minet's CSV files. A tweet names the one it answers only: its thread is found by following the file's answers."""

    def reading(self, source: Source) -> Callable[[Layout, Record], Captured]:
        """Rows by their layout; a tweet that answers another as a comment on the one that begins its thread."""
        chains = Chains(_answers(source) if TWEET.fits(frozenset(source.head.columns)) else ())

        def captured(where: Layout, record: Record) -> Captured:
            row = record.values
            native, answered = identifier(row.get("id")), no_zero(row.get("to_tweetid"))
            if where is not TWEET or native is None or answered is None:
                return read(where, record.line, row)
            start, held = chains.start(native)
            found = read(REPLY, record.line, {**row, "start": start})
            if isinstance(found, CapturedComment) and not held:
                found.flags += (UNNAMED,)
            return found

        return captured


def _answers(source: Source) -> Iterator[tuple[str, str | None]]:
    for record in source.records():
        native = identifier(record.values.get("id")) if isinstance(record, Record) else None
        if isinstance(record, Record) and native is not None:
            yield native, no_zero(record.values.get("to_tweetid"))


MINET = Minet(
    "minet", "minet", LAYOUTS,
    recognised="CSV with the columns of minet's tweets, Bluesky posts, TikTok posts, Reddit posts and comments, "
    "Instagram posts and comments",
    reads="posts, replies and comments with counts, hashtags, media; `collection_time` as the time of capture",
    drops="profiles, addresses of accounts, links, local times (where one in UTC stands beside them), descriptions of "
    "media; `match_query`, which says whether an item answered the search, not what was searched for",
    infers="no query: declare it with `--query` when the file is added; the thread of a reply on X, by following the "
    "answers within the file: where it begins outside, the earliest tweet named stands for it, flagged; a Reddit "
    "post's id from its address; an Instagram comment's post from a column that minet carried over (`post_id`, "
    "`shortcode`, `url` ...), without which comments are quarantined",
)
