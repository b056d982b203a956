"""Where are things in the files of MediaCrawler? RedNote posts ("contents") and comments, in both its schemas.

The other platforms' tables are data, in `capture.mediacrawler_layouts`; a database holds tables of several. Until June
2026 a row held the account (`user_id`) and the displayed location; since then `creator_hash` and a masked nickname.
Both lead to the same pseudonym, see `capture.people`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from resilens.capture import rednote, values
from resilens.capture.files import Head, Record, Source
from resilens.capture.layouts import Layout, ranked, read
from resilens.capture.mediacrawler_layouts import LAYOUTS
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


def _layout(columns: frozenset[str]) -> Layout | None:
    """The layout of a table of another platform."""
    return next((one for one in LAYOUTS if one.fits(columns)), None)


def _numbered(records: list[dict[str, Any]]) -> bool:
    """Whether posts are numbered in decimal, as on Weibo and Tieba, whose files share many columns with RedNote's."""
    ids = [found for record in records if (found := values.identifier(record.get("note_id")))]
    return sum(found.isdigit() and len(found) < 24 for found in ids) * 2 > len(ids)


def _what(columns: frozenset[str], records: list[dict[str, Any]]) -> str | None:
    """What these records are, in words."""
    if (where := _layout(columns)) is not None:
        kind = where.name
    elif (found := _kind(columns)) and not _numbered(records):
        kind = f"RedNote {found}"
    else:
        return None
    schema = "new schema (creator_hash)" if "creator_hash" in columns else "old schema (user_id)"
    if not columns & {"creator_hash", "user_id"}:
        schema = "without account ids"
    return f"{kind}, {schema}"


class MediaCrawler:
    """MediaCrawler's CSV, JSON, JSON lines, Excel and SQLite, for all its platforms."""

    name = "mediacrawler"
    layouts = LAYOUTS
    title = "MediaCrawler"
    recognised = (
        "columns or keys `note_id`, `title`, `desc`, `liked_count` ... (RedNote's contents) or `comment_id`, "
        "`note_id`, `content`, `parent_comment_id` ... (its comments), or those of Weibo, Douyin, Bilibili, "
        "Kuaishou, Zhihu and Tieba, in any order, with any others; in CSV, JSON, Excel (all sheets) and SQLite (all "
        "tables)"
    )
    reads = (
        "posts and comments of the old schema (with `user_id`, `ip_location`) and the new one (`creator_hash`); the "
        "query from `source_keyword`, with the rank by order in the file; `last_modify_ts` as the time of capture"
    )
    drops = (
        "avatars, `xsec_token`, addresses with tokens (the post's address is made anew from its id), profiles, "
        "dislikes, coins and danmaku of Bilibili; tables and sheets of creators, articles and dynamics, whose rows are "
        "quarantined"
    )
    infers = (
        "a parent `0`, empty or null is none, and so is a comment's own id (Weibo's roots); an id that a spreadsheet "
        "turned into a number is quarantined; Tieba's times have no zone: declare it"
    )

    def recognise(self, head: Head) -> Recognition | None:
        """A table or JSON objects with the columns of contents or comments; in a database, any such table."""
        kinds: dict[frozenset[str], list[dict[str, Any]]] = {}
        for record in head.records:
            kinds.setdefault(frozenset(record), []).append(record)
        if head.format != "sqlite":
            kinds = {frozenset(head.columns): list(head.records)} | kinds
        for columns, records in kinds.items():
            if found := _what(columns, records):
                return Recognition(f"the columns of MediaCrawler's {found}")
        return None

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """Every row; contents and comments, also of several platforms, may share a file."""
        ranks = Ranks()
        layouts: dict[tuple[str, ...], Layout | None] = {}
        for record in source.records(every_sheet=True):
            if isinstance(record, Broken):
                if record.reason == ERASED and record.raw:  # its rank stays taken, so that the others keep theirs
                    ranks.under(record.raw, f"erased {record.line}")
                    record.raw = ""
                yield record
                continue
            columns = tuple(record.values)
            if columns not in layouts:
                layouts[columns] = _layout(frozenset(columns))
            if (where := layouts[columns]) is not None:
                yield ranked(read(where, record.line, record.values), ranks)
            elif "comment_id" in record.values:
                yield _comment(record)
            else:
                yield _post(record, ranks)


def _undumped(value: Any) -> Any:
    """A joined list as it was before it was once more written as JSON, as in MediaCrawler's databases."""
    if isinstance(value, str) and value.startswith('"'):
        try:
            return json.loads(value)
        except ValueError:
            return value.strip('"')
    return value


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
        values.text(row.get("title")), values.text(row.get("desc")), values.listed(_undumped(row.get("tag_list"))),
        counts={name: values.shown(values.first(row, *keys)) for name, keys in rednote.COUNTS.items()},
        location=values.known_text(_value(row, "ip_location")), url=rednote.address(native_id),
        media=values.listed(_undumped(row.get("image_list"))) + values.listed(row.get("video_url")), flags=flags,
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
