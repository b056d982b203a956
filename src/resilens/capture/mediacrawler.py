"""Where are things in the files of MediaCrawler? RedNote posts ("contents") and comments, in both its schemas.

The other platforms' tables are data, in `capture.mediacrawler_layouts`; a database holds tables of several. Until June
2026 a row held the account (`user_id`) and the displayed location; since then `creator_hash` and a masked nickname.
Both lead to the same pseudonym, see `capture.people`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from resilens.capture import blocks, rednote, values
from resilens.capture.files import Head, Record, Source, unless_erased
from resilens.capture.layouts import Layout, ranked, read
from resilens.capture.mediacrawler_layouts import LAYOUTS
from resilens.capture.people import hashed_person, person
from resilens.capture.plain import Block, block, chosen
from resilens.capture.reader import Options, Recognition
from resilens.capture.records import Broken, Captured, CapturedComment, CapturedPost, Person
from resilens.capture.retrieval import Ranks
from resilens.capture.traces import ERASED
from resilens.corpus.pseudonyms import HASHED

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
COMMENT_COLUMNS = frozenset(("comment_id", "note_id"))
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
    if columns >= COMMENT_COLUMNS and columns & {"content", "comment_content"}:
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
        return map(_Rows().read, source.records(every_sheet=True))

    def read_in_blocks(self, source: Source, options: Options) -> Iterator[Captured | Block]:
        """The same, RedNote's plain comments of a text table in blocks."""
        columns = frozenset(source.head.columns)
        of_comments = source.format == "csv" and columns >= COMMENT_COLUMNS and _layout(columns) is None
        text = source.pieces() if of_comments else None
        if text is None:
            yield from self.read(source, options)
            return
        one_by_one = _Rows()
        for found in blocks.rows(text, source.separator):
            if isinstance(found, blocks.Cells):
                yield _block(found, one_by_one)
            else:
                yield one_by_one.read(unless_erased(found))


class _Rows:
    """What rows one by one hold."""

    def __init__(self) -> None:
        self._ranks = Ranks()
        self._layout = lru_cache(100)(lambda columns: _layout(frozenset(columns)))

    def read(self, record: Record | Broken) -> Captured:
        """The post or comment of a row."""
        if isinstance(record, Broken):
            if record.reason == ERASED and record.raw:  # its rank stays taken, so that the others keep theirs
                self._ranks.under(record.raw, f"erased {record.line}")
                record.raw = ""
            return record
        if (where := self._layout(tuple(record.values))) is not None:
            return ranked(read(where, record.line, record.values), self._ranks)
        return _comment(record) if "comment_id" in record.values else _post(record, self._ranks)


def _block(cells: blocks.Cells, one_by_one: _Rows) -> Block:
    """The comments of many rows, those that are not plain one by one."""
    table, lines = cells.table, cells.lines
    raw, usual = _plain(table, lines)
    plain, which = chosen(raw, usual)
    taken, rest = np.flatnonzero(which), np.flatnonzero(~which)
    others = {place: [one_by_one.read(unless_erased(Record(int(lines[place]), row)))]
              for place, row in zip(rest.tolist(), table.take(rest).to_pylist(), strict=True)}  # fmt: skip
    return block(plain, taken, others, table.num_rows)


def _plain(table: pa.Table, lines: Any) -> tuple[dict[str, Any], pa.Array]:
    """The same as `_comment`, of many rows at once: columns of `plain.COMMENTS`, and which are usual."""
    def cells(name: str) -> pa.Array:
        found = [alias for alias in ALIASES.get(name, (name,)) if alias in table.column_names]
        return table.column(found[0]).combine_chunks() if found else pa.nulls(table.num_rows, pa.string())

    usual = pc.fill_null(pc.equal(cells("pictures"), ""), True)
    native, hashed = pc.fill_null(cells("user_id"), ""), cells("creator_hash")
    author = pc.if_else(pc.equal(native, ""), pc.binary_join_element_wise(HASHED, pc.utf8_lower(hashed), ""), native)
    return {
        "line": pa.array(lines), "native_id": cells("comment_id"), "post": cells("note_id"),
        "parent": cells("parent_comment_id"), "author": author, "name": cells("nickname"),
        "published": cells("create_time"), "text": cells("content"), "likes": cells("like_count"),
        "replies": cells("sub_comment_count"), "location": cells("ip_location"),
        "collected_at": cells("last_modify_ts"),
    }, usual  # fmt: skip


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
