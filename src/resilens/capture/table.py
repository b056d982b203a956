"""How is any other table read: CSV, Excel, Parquet or JSON lines with columns of its own?

Through a mapping (`capture.mapping`), guessed or declared. Tables of transcribed screenshots have no ids of their own:
each row gets one made from transcriber, screenshot and content, so that adding the file again gives the same ids.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from resilens.capture import values
from resilens.capture.fields import COMMENT_WORDS, COMMENTS, COUNT_FIELDS, MADE, POST_WORDS, POSTS
from resilens.capture.files import Head, Record, Source
from resilens.capture.mapping import Mapping, guess, refusal
from resilens.capture.people import hashed_person, person
from resilens.capture.profiles import post_in
from resilens.capture.reader import Options, Recognition
from resilens.capture.records import Broken, Captured, CapturedComment, CapturedPost, Person, Retrieval
from resilens.capture.rednote import broken_id, profile_id
from resilens.capture.traces import ERASED
from resilens.corpus import schema
from resilens.errors import Fault, InputError

KINDS = {"normal": "image", "image": "image", "图文": "image", "图集": "image", "photo": "image", "picture": "image",
         "video": "video", "视频": "video", "text": "text", "文字": "text"}  # fmt: skip
_MARKER = re.compile(r"\[(?:话题|topic)\]", re.IGNORECASE)
_AROUND = re.compile(r"^[\s,|;，、；]+|[\s,|;，、；]+$")
_PYTHON_LIST = re.compile(r"\s*\[['\"].*\]\s*", re.DOTALL)
_LIST_MARKS = str.maketrans("", "", "[]'\"")
_ADDRESSES = re.compile(r"[\n|;]+|,(?=\s*https?:)|\s+(?=https?:)")


def tags(value: Any) -> tuple[str, ...]:
    """The members of a tag list, however joined: `#`, `|`, comma, blank or line; markers such as `[话题]` removed."""
    if isinstance(value, str):
        if value.lstrip().startswith("["):
            try:
                return values.listed(json.loads(value))
            except (ValueError, RecursionError):
                if _PYTHON_LIST.fullmatch(value):  # as tables made with pandas hold them
                    value = value.translate(_LIST_MARKS)
        value = _MARKER.sub("", value)
        for separator in ("#", "|", "\n", ",，、;；"):
            if any(mark in value for mark in separator):
                return tuple(filter(None, (_AROUND.sub("", tag) for tag in values.listed(value, separator))))
        value = value.split()
    return tuple(dict.fromkeys(tag.strip("# ") for tag in values.listed(value) if tag.strip("# ")))


def flattened(row: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """The values of nested objects under dotted names; members of lists by their name, title or address."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            found.update(flattened(value, f"{prefix}{key}."))
        elif isinstance(value, list):
            found[prefix + key] = [
                values.first(member, "name", "title", "url") if isinstance(member, dict) else member for member in value
            ]
        else:
            found[prefix + key] = value
    return found


class Table:
    """Any table, through a column mapping."""

    name = "table"
    title = "any table"
    recognised = "CSV (comma, semicolon or tab), Excel, Parquet or JSON objects with at least two columns; tried last"
    reads = (
        "posts or comments, by columns guessed from English and Chinese names and values, or named with `--map`; "
        "transcribed screenshots with who transcribed and who checked"
    )
    drops = "columns mapped to nothing; addresses of profiles (an account's id is taken from them where no other is)"
    infers = (
        "kind and platform, from names, addresses and ids; a post's id from its address; for transcribed screenshots "
        "an id made from transcriber, screenshot and content"
    )

    def recognise(self, head: Head) -> Recognition | None:
        """At least two columns and a record."""
        if len(head.columns) < 2 or not head.records:
            return None
        return Recognition(f"a table with {len(head.columns)} columns that no other reader knows")

    def mapping(self, source: Source, options: Options) -> Mapping:
        """The mapping by which a table is read: the one declared, completed by guesses.

        Raises
        ------
        InputError
            If a declared column is not there, or id, text or time is not clear.
        """
        kinds = {frozenset(record) for record in source.head.records}
        if source.format == "sqlite" and len(kinds) > 1:
            raise InputError(Fault("this database holds several tables; export the one to read as CSV", source.title))
        samples = [flattened(record) for record in source.head.records]
        columns = list(dict.fromkeys(key for sample in samples for key in sample)) or list(source.head.columns)
        declared = options.mapping or Mapping(partial=True)
        faults = [
            Fault(
                f"{name}={column}: there is no such column{' and no such platform' if name == 'platform' else ''}; "
                f"there are {', '.join(columns[:40])}",
                source.title,
            )
            for name, column in declared.columns.items()
            if column and column not in columns and not (name == "id" and column == MADE)
        ]
        if faults:
            raise InputError(faults)
        found = guess(columns, samples, declared) if declared.partial else declared
        if found.problems:
            raise refusal(found, columns, source.title)
        if options.platform:
            found = _with_platform(found, schema.platform(options.platform))
        return found

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """Every row by the mapping of the options, or by the guessed one."""
        mapping = options.mapping
        if mapping is None or mapping.partial:
            mapping = self.mapping(source, options)
        rows = _Rows(mapping)
        for record in source.records():
            if isinstance(record, Record):
                yield rows.captured(record)
            else:
                yield replace(record, raw="") if record.reason == ERASED else record


def _with_platform(mapping: Mapping, platform: str) -> Mapping:
    return Mapping(mapping.kind, platform, mapping.columns, mapping.guessed, mapping.partial, mapping.guesses,
                   mapping.problems)  # fmt: skip


class _Rows:
    """Rows to records, by one mapping; remembers which ids it made and which ranks it gave."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._columns = mapping.columns
        self._made: Counter[str] = Counter()
        self._transcribed = "transcriber" in mapping.columns or "screenshot" in mapping.columns

    def captured(self, record: Record) -> Captured:
        row = flattened(record.values)
        cells = {name: row.get(column) for name, column in self._columns.items()}
        platform = self._mapping.platform
        named = values.known_text(cells.get("platform"))
        if named:
            try:
                platform = schema.platform(named)
            except ValueError as error:
                return Broken(record.line, str(error))
        kind = self._kind(cells)
        if not any(
            values.known_text(_plain(cells.get(name))) for name in ("id", "title", "text", "media", "screenshot")
        ):
            return Broken(record.line, "the row has neither an id nor any content")
        native_id = self._native_id(platform, kind, cells)
        broken = broken_id(record.line, "id" if kind == POSTS else "id of the comment", native_id)
        if broken or native_id is None:
            return broken or Broken(record.line, "no id")
        make = self._post if kind == POSTS else self._comment
        return make(record.line, platform, native_id, cells)

    def _kind(self, cells: dict[str, Any]) -> str:
        said = (values.known_text(cells.get("item")) or "").strip().lower()
        return POSTS if said in POST_WORDS else COMMENTS if said in COMMENT_WORDS else self._mapping.kind

    def _native_id(self, platform: str, kind: str, cells: dict[str, Any]) -> str | None:
        if self._columns.get("id") != MADE:
            found = _reference(cells.get("id"))
            if found or not self._transcribed:
                return found
        if kind == POSTS and (found := _reference(cells.get("url")) or _reference(cells.get("post"))):
            return found
        named = ("transcriber", "screenshot", "post", "author", "author_name", "time", "title", "text")
        content = [platform, kind, *(values.text(_plain(cells.get(name))) or "" for name in named)]
        digest = hashlib.sha256("\x1f".join(content).encode("utf-8", "surrogatepass")).hexdigest()[:24]
        self._made[digest] += 1
        repeat = self._made[digest]
        return f"made-{digest}" + (f"-{repeat}" if repeat > 1 else "")

    def _common(self, cells: dict[str, Any]) -> tuple[Person | None, tuple[str, ...], tuple[str, ...]]:
        """Author, flags and media, alike for posts and comments."""
        author, flags = _author(cells, self._columns)
        media = _references(cells.get("media"))
        if self._transcribed:
            checked = values.known_text(_plain(cells.get("checked_by")))
            flags += ("transcribed", "second_check" if checked else "unchecked")
            media = tuple(dict.fromkeys(media + _references(cells.get("screenshot"))))
        return author, flags, media

    def _post(self, line: int, platform: str, native_id: str, cells: dict[str, Any]) -> Captured:
        author, flags, media = self._common(cells)
        kind = KINDS.get((values.known_text(cells.get("type")) or "").strip().lower(), "unknown")
        title, text = values.text(_plain(cells.get("title"))), values.text(_plain(cells.get("text")))
        query = values.known_text(_plain(cells.get("query")))
        rank = values.identifier(cells.get("rank"))
        return CapturedPost(
            line, platform, native_id, author, values.shown(cells.get("time")), kind, title, text,
            tags(cells.get("hashtags")),
            counts={name: values.shown(cells.get(name)) for name in COUNT_FIELDS if name in schema.COUNTS},
            location=values.known_text(cells.get("location")), url=_own_address(cells.get("url")), media=media,
            flags=flags, collected_at=values.shown(cells.get("collected_at")),
            retrieval=Retrieval(query.strip(), values.known_text(cells.get("ranking")),
                                int(rank) if rank and rank.isdecimal() else None) if query else None,
        )  # fmt: skip

    def _comment(self, line: int, platform: str, native_id: str, cells: dict[str, Any]) -> Captured:
        post = _reference(cells.get("post")) or post_in(values.text(cells.get("url")) or "")
        broken = broken_id(line, "id of the post", post, native_id)
        if broken or post is None:
            return broken or Broken(line, "no id of the post")
        author, flags, media = self._common(cells)
        parent = values.no_zero(_plain(cells.get("parent")))
        if values.damaged(parent):
            flags += ("parent_id_damaged",)
        if parent in (post, native_id):  # some exports repeat the post, or the comment itself, where there is no parent
            parent = None
        return CapturedComment(
            line, platform, native_id, post, parent, author,
            published=values.shown(cells.get("time")), text=values.text(_plain(cells.get("text"))),
            likes=values.shown(cells.get("likes")), replies=values.shown(cells.get("replies")),
            location=values.known_text(cells.get("location")), media=media, flags=flags,
            collected_at=values.shown(cells.get("collected_at")),
        )  # fmt: skip


def _plain(value: Any) -> Any:
    """A cell as text or number: dates of spreadsheets in ISO form, lists joined."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _reference(value: Any) -> str | None:
    """An id, or the id in an address."""
    found = values.identifier(_plain(value))
    if found and "://" in found:
        return post_in(found)
    return found


def _own_address(value: Any) -> str | None:
    """An address, unless it is the page of an account."""
    found = values.known_text(value)
    return None if found is None or profile_id(found) else found.strip()


def _references(value: Any) -> tuple[str, ...]:
    members = value if isinstance(value, list) else _ADDRESSES.split(value) if isinstance(value, str) else ()
    return values.listed(members if isinstance(members, list) else ())


def _author(cells: dict[str, Any], columns: Any) -> tuple[Person | None, tuple[str, ...]]:
    """The account: by its id, by the id in its page's address, or by name where the table has nothing else."""
    native_id, name = _plain(cells.get("author")), _plain(cells.get("author_name"))
    if columns.get("author", "").rsplit(".", 1)[-1].lower() == "creator_hash" and values.identifier(native_id):
        return hashed_person(native_id, name)
    if not values.identifier(native_id):
        native_id = profile_id(cells.get("author_page"))
    author, flags = person(native_id, name)
    if author and author.native_id is None and not {"author", "author_page"} & set(columns):
        author.name_is_identity = True
    return author, flags
