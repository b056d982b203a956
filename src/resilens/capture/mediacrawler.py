"""Where are things in the files of MediaCrawler? RedNote posts ("contents") and comments, in both its schemas.

Until June 2026 a row held the account (`user_id`) and the displayed location; since then `creator_hash` and a masked
nickname. Both lead to the same pseudonym, see `capture.people`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from resilens.capture import rednote, values
from resilens.capture.files import Head, Record, Source
from resilens.capture.people import hashed_person, person
from resilens.capture.reader import Options, Recognition
from resilens.capture.records import Broken, Captured, CapturedComment, CapturedPost, Person
from resilens.capture.retrieval import Ranks
from resilens.capture.traces import ERASED

ALIASES: dict[str, tuple[str, ...]] = {
    "content": ("content", "comment_content"),
    "like_count": ("like_count", "liked_count"),
    "collected_count": ("collected_count", "collect_count"),
    "ip_location": ("ip_location", "ip_localtion"),
    "time": ("time", "create_time"),
}
"""Names under which a column also occurs in files that were renamed."""

CONTENT_MARKS = frozenset(
    ("title", "desc", "liked_count", "collected_count", "comment_count", "share_count", "image_list", "tag_list",
     "last_update_time", "note_url", "video_url")
)  # fmt: skip
COMMENT_MARKS = frozenset(
    ("sub_comment_count", "parent_comment_id", "pictures", "last_modify_ts", "create_time", "creator_hash",
     "like_count", "nickname")
)  # fmt: skip


def _value(row: Mapping[str, Any], name: str) -> Any:
    for alias in ALIASES.get(name, (name,)):
        if row.get(alias) is not None:
            return row[alias]
    return None


def _kind(columns: frozenset[str]) -> str | None:
    """`comments`, `contents`, or None: by the columns that only these files have together."""
    if {"comment_id", "note_id"} <= columns and columns & {"content", "comment_content"}:
        return "comments" if len(columns & COMMENT_MARKS) >= 3 else None
    if "note_id" in columns and "desc" in columns and len(columns & CONTENT_MARKS) >= 5:
        return "contents"
    return None


def _numbered(head: Head) -> bool:
    """Whether posts are numbered in decimal, as on Weibo and Tieba, whose files share many columns with RedNote's."""
    ids = [found for record in head.records if (found := values.identifier(record.get("note_id")))]
    return sum(found.isdigit() and len(found) < 24 for found in ids) * 2 > len(ids)


class MediaCrawler:
    """MediaCrawler's CSV, JSON and JSON lines for RedNote."""

    name = "mediacrawler"
    title = "MediaCrawler (RedNote)"
    recognised = (
        "columns or keys `note_id`, `title`, `desc`, `liked_count` ... (contents) or `comment_id`, `note_id`, "
        "`content`, `parent_comment_id` ... (comments), in any order, with any others"
    )
    reads = (
        "posts and comments of the old schema (with `user_id`, `ip_location`) and the new one (`creator_hash`); the "
        "query from `source_keyword`, with the rank by order in the file; `last_modify_ts` as the time of capture"
    )
    drops = "avatars, `xsec_token`, addresses with tokens (the post's address is made anew from its id)"
    infers = "a parent `0`, empty or null is none; an id that a spreadsheet turned into a number is quarantined"

    def recognise(self, head: Head) -> Recognition | None:
        """A table or JSON objects with the columns of contents or comments."""
        columns = frozenset(head.columns)
        kind = _kind(columns)
        if kind is None or _numbered(head):
            return None
        schema = "new schema (creator_hash)" if "creator_hash" in columns else "old schema (user_id)"
        if not columns & {"creator_hash", "user_id"}:
            schema = "without account ids"
        return Recognition(f"the columns of MediaCrawler's RedNote {kind}, {schema}")

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """Every row; contents and comments may share a JSON file."""
        ranks = Ranks()
        for record in source.records():
            if isinstance(record, Broken):
                if record.reason == ERASED and record.raw:  # its rank stays taken, so that the others keep theirs
                    ranks.under(record.raw, f"erased {record.line}")
                    record.raw = ""
                yield record
            elif "comment_id" in record.values:
                yield _comment(record)
            else:
                yield _post(record, ranks)


def _author(row: Mapping[str, Any]) -> tuple[Person | None, tuple[str, ...]]:
    if values.known_text(row.get("user_id")):
        return person(row["user_id"], row.get("nickname"))
    if values.known_text(row.get("creator_hash")):
        return hashed_person(row["creator_hash"], row.get("nickname"))
    return person(None, row.get("nickname"))


def _post(record: Record, ranks: Ranks) -> CapturedPost | Broken:
    row = record.values
    native_id = values.identifier(row.get("note_id"))
    broken = rednote.broken_id(record.line, "id of the post", native_id)
    if broken or native_id is None:
        return broken or Broken(record.line, "no id of the post")
    author, flags = _author(row)
    keyword = values.known_text(row.get("source_keyword"))
    kind = row.get("type")
    return CapturedPost(
        record.line, rednote.PLATFORM, native_id, author, values.shown(_value(row, "time")),
        rednote.KINDS.get(kind, "unknown") if isinstance(kind, str) else "unknown",
        values.text(row.get("title")), values.text(row.get("desc")), values.listed(row.get("tag_list")),
        counts={name: values.shown(values.first(row, *keys)) for name, keys in rednote.COUNTS.items()},
        location=values.known_text(_value(row, "ip_location")), url=rednote.address(native_id),
        media=values.listed(row.get("image_list")) + values.listed(row.get("video_url")), flags=flags,
        collected_at=values.shown(row.get("last_modify_ts")),
        retrieval=ranks.under(keyword.strip(), native_id) if keyword else None,
    )  # fmt: skip


def _comment(record: Record) -> CapturedComment | Broken:
    row = record.values
    native_id, post_id = values.identifier(row.get("comment_id")), values.identifier(row.get("note_id"))
    broken = rednote.broken_id(record.line, "id of the comment", native_id) or rednote.broken_id(
        record.line, "id of the post", post_id, native_id or ""
    )
    if broken or native_id is None or post_id is None:
        return broken or Broken(record.line, "no id")
    author, flags = _author(row)
    parent = values.no_zero(row.get("parent_comment_id"))
    if values.damaged(parent):
        # It answers some comment, though it is lost which: kept as it is, so that it does not pass for top level.
        flags += ("parent_id_damaged",)
    return CapturedComment(
        record.line, rednote.PLATFORM, native_id, post_id, parent, author,
        published=values.shown(row.get("create_time")), text=values.text(_value(row, "content")),
        likes=values.shown(_value(row, "like_count")), replies=values.shown(row.get("sub_comment_count")),
        location=values.known_text(_value(row, "ip_location")), media=values.listed(row.get("pictures")), flags=flags,
        collected_at=values.shown(row.get("last_modify_ts")),
    )  # fmt: skip
