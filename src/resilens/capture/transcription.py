"""What does somebody read off a screenshot or recording, how is it kept, and how is it read?

A transcription is one post with comments, as they are shown. It is kept as a capture like any other: JSON lines, the
post first, each record whole by itself, so that one can be erased without the others. Whoever has no id on the platform
gets one of its own here, which a correction keeps.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from resilens.capture import values
from resilens.capture.files import Head, Record, Source
from resilens.capture.profiles import post_in
from resilens.capture.reader import Options, Recognition
from resilens.capture.records import Broken, Captured, CapturedComment, CapturedPost, Person
from resilens.capture.traces import MARK
from resilens.corpus.schema import COUNTS

VERSION = 1
MARKS = frozenset({"transcription", "entry", "kind", "transcriber"})
"""Keys of every record."""

OF_COMMENTS = ("likes", "replies")
OPTIONS = ("key", "corrects", "transcriber")
"""What the record keeps of a transcription besides: which it is, the capture it corrects, and who typed it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A post or a comment as shown; everything may be empty.

    Parameters
    ----------
    entry
        0 for the post; comments have numbers from 1, which corrections keep.
    id
        Its id on the platform, or its address.
    author, time, location, title, text
        As shown; comments have no title.
    hashtags
        Those of a post that stand outside its text.
    counts
        As shown (`1.2万`), by name: `corpus.schema.COUNTS` of a post, `likes` and `replies` of a comment.
    url
        The address of a post.
    media
        Addresses of pictures.
    answers
        The number of the comment that a comment answers; 0 for the post.
    """

    entry: int = 0
    id: str = ""
    author: str = ""
    time: str = ""
    location: str = ""
    title: str = ""
    text: str = ""
    hashtags: tuple[str, ...] = ()
    counts: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    media: tuple[str, ...] = ()
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Transcription:
    """A post with its comments, read off screenshots or recordings.

    Parameters
    ----------
    key
        Twelve hexadecimal digits that name it, also after a correction.
    platform
        Where it was seen.
    zone
        The zone of the times shown, `UTC+08:00`.
    captured_at
        When the screenshot was made, in ISO 8601 with a zone: times such as `昨天 12:08` count from there.
    sources
        Hashes of the screenshots and recordings in `captures/media`.
    transcriber
        Who typed it.
    corrects
        The capture whose place it takes.
    post, comments
        What is shown.
    last
        The highest number that a comment ever had, so that none is given twice.
    """

    key: str
    platform: str = "rednote"
    zone: str = ""
    captured_at: str = ""
    sources: tuple[str, ...] = ()
    transcriber: str = ""
    corrects: str = ""
    post: Typed = field(default_factory=Typed)
    comments: tuple[Typed, ...] = ()
    last: int = 0

    def with_comment(self, answers: int = 0) -> Transcription:
        """With one more comment, empty, under a number that was never used."""
        number = max(self.last, *(one.entry for one in self.entries)) + 1
        return replace(self, comments=(*self.comments, Typed(number, answers=answers)), last=number)

    def without_comment(self, entry: int) -> Transcription:
        """Without a comment; what answered it answers what it answered itself."""
        gone = next((one for one in self.comments if one.entry == entry), None)
        if gone is None:
            return self
        left = (replace(one, answers=gone.answers) if one.answers == entry else one for one in self.comments)
        return replace(self, comments=tuple(one for one in left if one.entry != entry),
                       last=max(self.last, entry))  # fmt: skip

    @property
    def entries(self) -> tuple[Typed, ...]:
        """The post, then the comments."""
        return (self.post, *self.comments)

    def native(self, entry: int) -> str:
        """The id under which an entry is kept: the platform's where it is known, else one of its own."""
        one = next(found for found in self.entries if found.entry == entry)
        known = one.id.strip() or ("" if entry else post_in(one.url) or "")
        return post_in(known) or known or own_id(self.key, entry)


def own_id(key: str, entry: int) -> str:
    """The id of an entry that has none on the platform: it follows from the transcription, not from what was typed."""
    return f"desk-{hashlib.sha256(f'{key}/{entry}'.encode()).hexdigest()[:16]}"


def content(transcription: Transcription) -> bytes:
    """The file in which a transcription is kept; the same content gives the same bytes."""
    said = transcription
    shared = {"transcription": VERSION, "key": said.key, "platform": said.platform, "time_zone": said.zone,
              "collected_at": said.captured_at, "transcriber": said.transcriber, "corrects": said.corrects,
              "last": max(said.last, *(one.entry for one in said.entries))}  # fmt: skip
    lines = []
    for one in said.entries:
        about: dict[str, Any] = {"entry": one.entry, "kind": "comment" if one.entry else "post",
                                 "id": said.native(one.entry)}  # fmt: skip
        if one.entry:
            about |= {"post_id": said.native(0), "parent_id": said.native(one.answers) if one.answers else ""}
        about |= {"author": one.author, "time": one.time, "location": one.location}
        about |= {"text": one.text} if one.entry else {"title": one.title, "text": one.text}
        about |= {name: one.counts.get(name, "") for name in (OF_COMMENTS if one.entry else COUNTS)}
        about |= {"media": list(one.media)}
        if not one.entry:
            about |= {"hashtags": list(one.hashtags), "url": one.url, "sources": list(said.sources)}
        lines.append(json.dumps(about | shared, ensure_ascii=False) + "\n")
    return "".join(lines).encode()


def read_back(path: Path) -> tuple[Transcription, int]:
    """A kept transcription as it was typed, and how many of its entries were erased since.

    Where the post itself was erased, `sources` is empty and the post has no content.
    """
    records = [json.loads(line) for line in path.read_bytes().split(b"\n") if line.strip()]
    left = [one for one in records if _whole(one)]
    if not left:
        return Transcription(""), len(records)
    first = left[0]
    numbers = {one["id"]: one["entry"] for one in left if one["entry"]}
    entries = [_typed(one, numbers, first["key"]) for one in left]
    post = next((one for one in entries if one.entry == 0), Typed())
    sources = tuple(first.get("sources", ())) if first["entry"] == 0 else ()
    made = Transcription(first["key"], first["platform"], first["time_zone"], first["collected_at"], sources,
                         first["transcriber"], first["corrects"], post,
                         tuple(one for one in entries if one.entry), first["last"])  # fmt: skip
    return made, len(records) - len(left)


def _whole(record: Mapping[str, Any]) -> bool:
    return record.get("resilens") != "erased" and record.get("id") != MARK


def _typed(record: Mapping[str, Any], numbers: Mapping[str, int], key: str) -> Typed:
    native, entry = record["id"], record["entry"]
    return Typed(
        entry, "" if native == own_id(key, entry) else native, record["author"], record["time"], record["location"],
        record.get("title") or "", record["text"], tuple(record.get("hashtags") or ()),
        {name: record[name] for name in (OF_COMMENTS if entry else COUNTS) if record.get(name)},
        record.get("url") or "", tuple(record["media"] or ()), numbers.get(record.get("parent_id") or "", 0),
    )  # fmt: skip


class TranscriptionReader:
    """What the transcription desk keeps."""

    name = "transcription"
    title = "transcription desk"
    recognised = "JSON lines with `transcription`, `entry`, `kind`, `transcriber`, as the transcription desk keeps them"
    reads = (
        "a post and its comments as somebody typed them from screenshots or recordings, replies linked by hand, counts "
        "as shown; the zone of the times and when it was captured, as the transcriber said; which screenshots of "
        "`captures/media` it was read off"
    )
    drops = (
        "nothing; but of a transcription that was corrected all: it stays in `captures/` and on the record, and the "
        "corpus is made from the correction"
    )
    infers = (
        "a post's id from its address; an id of its own for whatever has none, kept by corrections. An author goes by "
        "the name shown, so those who share a name are one author"
    )

    def recognise(self, head: Head) -> Recognition | None:
        """Its own keys."""
        if head.format in ("json-lines", "json") and set(head.columns) >= MARKS:
            return Recognition("the keys of a transcription")
        return None

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """The post and its comments, in the order in which they were typed."""
        for record in source.records():
            if isinstance(record, Broken):
                yield replace(record, raw="")
            elif not set(record.values) >= MARKS:
                yield Broken(record.line, "no record of a transcription")
            else:
                yield _post(record) if record.values["kind"] == "post" else _comment(record)

    def stated(self, source: Source, options: Options) -> tuple[Options, dict[str, Any]]:
        """The zone that the transcriber said, and what the record keeps besides."""
        first = next((record for record in source.head.records if set(record) >= MARKS and record["transcriber"]), {})
        own = {name: first[name] for name in OPTIONS if first.get(name)}
        return replace(options, zone=options.zone or values.known_text(first.get("time_zone"))), own


def _post(record: Record) -> CapturedPost:
    row = record.values
    return CapturedPost(
        record.line, values.text(row.get("platform")) or "", values.identifier(row.get("id")) or "", _author(row),
        _shown(row.get("time")), title=values.text(row.get("title")), text=values.text(row.get("text")),
        hashtags=values.listed(row.get("hashtags")), counts={name: _shown(row.get(name)) for name in COUNTS},
        location=values.text(row.get("location")), url=values.text(row.get("url")),
        media=values.listed(row.get("media")) + values.listed(row.get("sources")), flags=("transcribed",),
        collected_at=_shown(row.get("collected_at")),
    )  # fmt: skip


def _comment(record: Record) -> CapturedComment:
    row = record.values
    return CapturedComment(
        record.line, values.text(row.get("platform")) or "", values.identifier(row.get("id")) or "",
        values.identifier(row.get("post_id")) or "", values.identifier(row.get("parent_id")), _author(row),
        _shown(row.get("time")), values.text(row.get("text")), _shown(row.get("likes")), _shown(row.get("replies")),
        values.text(row.get("location")), values.listed(row.get("media")), ("transcribed",),
        collected_at=_shown(row.get("collected_at")),
    )  # fmt: skip


def _author(row: Mapping[str, Any]) -> Person | None:
    """The account by the name shown: a screenshot holds nothing else of it."""
    name = values.known_text(row.get("author"))
    return Person(None, name.strip(), name_is_identity=True) if name and name.strip() else None


def _shown(value: Any) -> Any:
    """A raw value; None where nothing was typed."""
    return values.shown(value) or None
