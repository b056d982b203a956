"""What are the canonical tables? Their columns, types and meanings stand here and nowhere else.

Every captured platform comes out in these tables; docs/tables.md is generated from this file.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

PLATFORMS = ("bilibili", "bluesky", "douyin", "facebook", "instagram", "kuaishou", "lemmy", "mastodon", "reddit",
             "rednote", "threads", "tieba", "tiktok", "weibo", "x", "youtube", "zhihu", "other")  # fmt: skip
"""The closed list of platforms; `ALIASES` names the other spellings that are understood."""

ALIASES = {"xiaohongshu": "rednote", "xhs": "rednote", "小红书": "rednote", "twitter": "x", "bsky": "bluesky"}

BOUNDS = ("exact", "rounded", "at_least", "unknown")
"""How sure a count is: as shown (`exact`), rounded for display (`7.6万`), a lower bound (`1万+`), or not shown."""

TIME_BASES = ("field", "field_zone_inferred", "field_zone_declared", "id_exact", "id_lower_bound", "unknown")
"""Where a time comes from: a field that states its zone, a naive field with the zone inferred from the id clock or
declared by the user, the id clock itself (exact, or not later than), or nothing."""

TIME_PRECISIONS = ("millisecond", "second", "minute", "hour", "day", "unknown")

SCRIPTS = ("latin", "han", "mixed", "emoji", "none", "other")
"""What writing systems a text shows. `mixed`: Han and Latin; `emoji`: emoji or sticker codes alone; `none`: nothing."""

ACTOR_TYPES = ("ordinary", "creator", "fan account", "official", "media", "unknown")

STATES = ("seen", "absent", "not looked for")
"""An item's state in a capture: `absent` only in a recapture declared complete; absence is not removal. An item without
an observation in a recapture was not looked for there."""

FLAGS = {
    "account_closed": "the account is gone; the platform shows a word in place of its name",
    "author_by_name_only": "the capture gives a name without an id: no identity, so no author",
    "author_id_damaged": "a spreadsheet destroyed the author's id",
    "author_missing": "the capture names no author",
    "bom_in_text": "a byte order mark (U+FEFF) inside the text; kept",
    "broken_chain": "it answers, through others, a comment that was not captured: depth unknown",
    "broken_character": "half a surrogate pair; stored as U+FFFD",
    "lossy_encoding": "characters were lost: U+FFFD, or `??` and `?#` in a text saved as GBK; never repaired",
    "mention_by_name": "a mention whose account the capture does not tell; replaced by the pseudonym of the name",
    "nul_in_text": "a NUL character; stored as U+FFFD",
    "orphan": "the comment it answers was not captured: depth unknown",
    "parent_cycle": "its chain of answers leads back to itself: depth unknown",
    "parent_id_damaged": "a spreadsheet destroyed the id of the comment it answers",
    "time_rebuilt": "its time was damaged and is taken from the id clock",
    "time_unreadable": "its time cannot be read and no id clock tells it",
    "unusual_id": "the id does not look like this platform's ids",
    "zone_unknown": "its time states no zone and none could be established",
}
"""Flags that are set for every source; readers may set others of their own."""

COUNTS = ("likes", "comments", "bookmarks", "shares", "views")

TIME = pa.timestamp("ms", tz="UTC")
STRINGS = pa.list_(pa.string())


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table."""

    name: str
    type: pa.DataType
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table: a directory of Parquet files under `corpus/`."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([(column.name, column.type) for column in self.columns])


def _count_columns(names: tuple[str, ...], of: str) -> tuple[Column, ...]:
    shown = {"likes": "likes", "comments": "comments", "bookmarks": "bookmarks (collects, favourites)",
             "shares": "shares (reposts, forwards)", "views": "views (plays)"}  # fmt: skip
    return tuple(
        column
        for name in names
        for column in (
            Column(name, pa.int64(), f"{shown[name]} of the {of} as newest captured; empty where not shown"),
            Column(f"{name}_bound", pa.string(), "how sure that count is: " + ", ".join(BOUNDS)),
        )
    )


_TIME_COLUMNS = (
    Column("published_at", TIME, "when it was published, UTC; empty where unknown"),
    Column("time_basis", pa.string(), "where that time comes from: " + ", ".join(TIME_BASES)),
    Column("time_precision", pa.string(), "how finely it is known: " + ", ".join(TIME_PRECISIONS)),
)
_TEXT_COLUMNS = (
    Column("script", pa.string(), "writing systems the text shows: " + ", ".join(SCRIPTS)),
    Column("language", pa.string(), "inferred language (ISO 639-1), or empty; see the docs for the rule"),
)
_PLATFORM = Column("platform", pa.string(), "the platform, from a closed list")
_AUTHOR = Column("author", pa.string(), "pseudonym of the account; empty where the capture names none")
_MEDIA = Column("media", STRINGS, "references to pictures and recordings, session tokens removed; never fetched")
_FLAGS = Column("flags", STRINGS, "what was noticed while reading, sorted (see the docs for the list)")
_LOCATION = Column("location", pa.string(), "the location the platform displays, as captured: not residence")

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("posts", "a post", ("post_id",), (
            Column("post_id", pa.string(), "platform:p:native"), _PLATFORM, _AUTHOR, *_TIME_COLUMNS,
            Column("kind", pa.string(), "text, image, video or unknown"),
            Column("title", pa.string(), "title, newlines as \\n, mentions pseudonymised"),
            Column("text", pa.string(), "text, newlines as \\n, mentions pseudonymised; offsets count its code points"),
            Column("hashtags", STRINGS, "hashtags without # or markers, as written, in order, each once"),
            *_TEXT_COLUMNS, *_count_columns(COUNTS, "post"), _LOCATION,
            Column("url", pa.string(), "address without session tokens; empty where it would name an account"),
            _MEDIA, _FLAGS,
        )),
        Table("comments", "a comment", ("comment_id",), (
            Column("comment_id", pa.string(), "platform:c:native"),
            Column("post_id", pa.string(), "the post commented, captured or not"),
            Column("parent_id", pa.string(), "the comment answered; empty at top level"),
            Column("root_id", pa.string(), "the top-level comment of its branch (itself at top level)"),
            Column("depth", pa.int32(), "1 at top level, 2 for an answer to it, ...; empty where the chain is broken"),
            _PLATFORM, _AUTHOR, *_TIME_COLUMNS,
            Column("text", pa.string(), "text, newlines as \\n, mentions pseudonymised; offsets count its code points"),
            *_TEXT_COLUMNS, *_count_columns(("likes",), "comment"),
            Column("replies", pa.int64(), "replies the platform declares; empty where not shown"),
            _LOCATION, _MEDIA, _FLAGS,
        )),
        Table("authors", "an account", ("author",), (
            Column("author", pa.string(), "pseudonym"), _PLATFORM,
            Column("group", pa.string(), "community by the study's rules, before any decision by a person"),
            Column("group_basis", pa.string(), "the rule that decided, or unknown"),
            Column("actor_type", pa.string(), ", ".join(ACTOR_TYPES)),
            Column("first_seen", TIME, "publication time of the account's earliest captured item"),
        )),
        Table("retrievals", "a post under one query", ("post_id", "capture_id", "query", "ranking", "rank"), (
            Column("post_id", pa.string(), "the post"),
            Column("query", pa.string(), "the search or hashtag as captured or declared"),
            Column("ranking", pa.string(), "likes, comments, bookmarks, ...; empty where not known"),
            Column("rank", pa.int64(), "1 for the first"),
            Column("depth", pa.int64(), "how many results the retrieval holds"),
            Column("collected_at", TIME, "when it was captured"),
            Column("account", pa.string(), "account the search was made with, if declared, as a pseudonym"),
            Column("locale", pa.string(), "its language or region, if declared"),
            Column("capture_id", pa.string(), "the capture"),
        )),
        Table("observations", "an item as seen once", ("item_id", "capture_id", "line"), (
            Column("item_id", pa.string(), "the post or comment"),
            Column("collected_at", TIME, "when it was captured; empty where the capture does not say"),
            *(Column(f"{name}_raw", pa.string(), f"the {name} exactly as captured") for name in COUNTS),
            Column("state", pa.string(), ", ".join(STATES)),
            Column("capture_id", pa.string(), "the capture"),
            Column("line", pa.int64(), "the record's number in it, from 1; 0 where the item is absent"),
        )),
        Table("media", "a file", ("media_id",), (
            Column("media_id", pa.string(), "sha256 of the file"),
            Column("kind", pa.string(), "image, audio, video or other"),
            Column("width", pa.int32(), "pixels"), Column("height", pa.int32(), "pixels"),
            Column("duration", pa.float64(), "seconds"),
            Column("perceptual_hash", pa.string(), "for likeness, hexadecimal"),
            Column("transcript", pa.string(), "what is said, where a transcript was captured"),
        )),
        Table("volumes", "a hashtag at a date", ("hashtag", "as_of"), (
            Column("hashtag", pa.string(), "the hashtag without #"),
            Column("as_of", pa.date32(), "the date the platform showed it"),
            Column("views", pa.int64(), "views shown"), Column("discussions", pa.int64(), "discussions shown"),
        )),
        Table("captures", "an imported file", ("capture_id",), (
            Column("capture_id", pa.string(), "sha256 of the file as it was added"),
            Column("name", pa.string(), "its name when it was added"),
            Column("reader", pa.string(), "the reader"),
            Column("guessed", pa.bool_(), "whether a column mapping was guessed, not declared"),
            Column("read", pa.int64(), "records read, nested replies unfolded; read = new + repeated + quarantined"),
            Column("new", pa.int64(), "items never seen in this or an earlier capture"),
            Column("repeated", pa.int64(), "items seen before; they add an observation"),
            Column("quarantined", pa.int64(), "records that could not be read"),
            Column("time_zone", pa.string(), "the zone of its naive times, as UTC+08:00; empty where all state theirs"),
            Column("time_zone_basis", pa.string(), "how it was established, in words"),
            Column("encoding", pa.string(), "how its text was decoded, in words"),
            Column("recapture", pa.string(), "the recapture it belongs to, complete for every thread it holds"),
        )),
        Table("quarantine", "a record that could not be read", ("capture_id", "line"), (
            Column("capture_id", pa.string(), "the capture"),
            Column("line", pa.int64(), "line or row in the file, from 1; 0 where it has none"),
            Column("reason", pa.string(), "why, in words"),
            Column("raw", pa.string(), "what could be read of it, names of accounts removed, cut at 2,000 characters"),
        )),
    )
}  # fmt: skip
"""The canonical tables by name."""


def platform(name: str) -> str:
    """The platform's name in the closed list.

    Raises
    ------
    ValueError
        If it is not in the list, with the list.
    """
    known = ALIASES.get(name.strip().lower(), name.strip().lower())
    if known not in PLATFORMS:
        raise ValueError(f"unknown platform {name!r}; one of {', '.join(PLATFORMS)}")
    return known


def item_id(platform: str, kind: str, native: str) -> str:
    """`platform:p:native` for a post, `platform:c:native` for a comment (`kind` is `p` or `c`)."""
    return f"{platform}:{kind}:{native}"


def markdown(rules: str) -> str:
    """docs/tables.md: `rules` in words, then every table, column and meaning, and the flags."""
    parts = [
        "# The canonical tables\n\nGenerated by `python -m resilens.corpus.schema` from `src/resilens/corpus/schema.py`"
        f" and `tables_rules.md` beside it; do not edit.\n\n{rules.strip()}\n"
    ]
    for table in TABLES.values():
        key = ", ".join(f"`{name}`" for name in table.key)
        parts.append(f"\n## {table.name}\n\nOne row is {table.row}; key: {key}.\n\n"
                     "| column | type | meaning |\n|---|---|---|\n")  # fmt: skip
        parts.extend(f"| `{one.name}` | {one.type} | {one.meaning.replace('|', '/')} |\n" for one in table.columns)
    parts.append("\n## Flags\n\nReaders may set flags of their own, named where their source is described.\n\n"
                 "| flag | meaning |\n|---|---|\n")  # fmt: skip
    parts.extend(f"| `{flag}` | {FLAGS[flag]} |\n" for flag in sorted(FLAGS))
    return "".join(parts)


if __name__ == "__main__":
    from pathlib import Path

    from resilens.files import write_text

    said = Path(__file__).with_name("tables_rules.md").read_text("utf-8")
    write_text(Path(__file__).resolve().parents[3] / "docs" / "tables.md", markdown(said))
