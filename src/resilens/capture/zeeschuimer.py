"""What did a researcher's browser see? Zeeschuimer keeps it as JSON lines: an envelope around the platform's item."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from resilens.capture import blocks, douyin, instagram, jsontext, rednote, tiktok, values, x
from resilens.capture.files import Head, Record, Source, unless_erased
from resilens.capture.plain import Block, block, chosen
from resilens.capture.reader import Options, Recognition
from resilens.capture.records import Broken, Captured, CapturedPost
from resilens.capture.retrieval import Ranks
from resilens.capture.traces import ERASED

ENVELOPE = ("nav_index", "item_id", "timestamp_collected", "source_platform_url", "source_url", "user_agent")
RAW_KEYS = ("item_id", "source_platform", "nav_index", "timestamp_collected")

ItemReader = Callable[[int, dict[str, Any]], Iterator[Captured]]


def _posts_of(read: Callable[[int, dict[str, Any]], Captured]) -> ItemReader:
    def one(line: int, item: dict[str, Any]) -> Iterator[Captured]:
        yield read(line, item)

    return one


MODULES: dict[str, ItemReader] = {
    "xiaohongshu.com": _posts_of(rednote.post),
    "rednote.com": _posts_of(rednote.post),
    "xiaohongshu": _posts_of(rednote.post),
    "xiaohongshu-comments": rednote.comments,
    "rednote-comments": rednote.comments,
    "tiktok.com": _posts_of(tiktok.post),
    "tiktok": _posts_of(tiktok.post),
    "tiktok-comments": _posts_of(tiktok.comment),
    "twitter.com": _posts_of(x.item),
    "x.com": _posts_of(x.item),
    "twitter-comments": _posts_of(x.item),
    "instagram.com": _posts_of(instagram.post),
    "instagram": _posts_of(instagram.post),
    "instagram-comments": _posts_of(instagram.comment),
    "threads.net": _posts_of(instagram.thread),
    "threads.com": _posts_of(instagram.thread),
    "douyin.com": _posts_of(douyin.post),
}
"""How the items of each Zeeschuimer module are read."""

COMMENT_MODULES = [name for name, read in MODULES.items() if read is rednote.comments]
_COMMENT = pa.schema([("source_platform", pa.string()), ("timestamp_collected", pa.int64()), ("data", rednote.ITEM)])


IMPORTED = "__import_meta"
"""Where 4CAT keeps the envelope of an item that it imported."""


def _unwrapped(found: dict[str, Any]) -> dict[str, Any]:
    """The envelope around its item, as Zeeschuimer writes it, also where 4CAT turned the two inside out."""
    meta = found.get(IMPORTED)
    if not isinstance(meta, dict) or "data" in found:
        return found
    return {**meta, "data": {key: value for key, value in found.items() if key != IMPORTED}}


class Zeeschuimer:
    """JSON lines exported from Zeeschuimer; several platforms may share a file."""

    name = "zeeschuimer"
    layouts = (x.POST, instagram.POST, instagram.COMMENT, instagram.THREAD, douyin.POST)
    title = "Zeeschuimer"
    recognised = (
        "JSON objects with `source_platform`, `data` and the rest of Zeeschuimer's envelope, or items with "
        "`__import_meta`, as 4CAT keeps what it imported"
    )
    reads = (
        "RedNote posts (search and explore, user pages, the state embedded in pages, tiles of pages), RedNote comments "
        "with nested replies unfolded, TikTok posts and comments, X posts and replies (a reply is a comment on "
        "the post that began its conversation), Instagram posts (all three shapes) and comments, Threads posts, "
        "Douyin posts; the query from the page's address, with the rank by order of appearance in that navigation"
    )
    drops = (
        "`source_url` (it holds device ids and tokens), `user_agent`, avatars, signatures, music; the counts of a "
        "repost (they are those of the post it passes on), likes that an account hides, Douyin's 0 plays"
    )
    infers = (
        "no ranking: declare it (`likes`, `comments`, `bookmarks`) when the file is added; addresses of X, Instagram, "
        "Threads and Douyin posts, made from their ids; a reply on Threads does not name the post it answers and stays "
        "a post"
    )

    def recognise(self, head: Head) -> Recognition | None:
        """JSON with the envelope around at least one record."""
        if head.format not in ("json", "json-lines"):
            return None
        unwrapped = [_unwrapped(record) for record in head.records]
        for record in unwrapped:
            if "source_platform" in record and "data" in record and any(key in record for key in ENVELOPE):
                platforms = sorted({str(values.text(one.get("source_platform"))) for one in unwrapped})
                return Recognition(f"Zeeschuimer's envelope (`source_platform`, `data`) around {', '.join(platforms)}")
        return None

    def read(self, source: Source, options: Options) -> Iterator[Captured]:
        """Every item in the order of capture."""
        ranks = Ranks()
        for record in source.records():
            yield from _item(record, ranks) if isinstance(record, Record) else (record,)


    def read_in_blocks(self, source: Source, options: Options) -> Iterator[Captured | Block]:
        """The same, RedNote's plain comments in blocks."""
        text = source.pieces() if source.format == "json-lines" else None
        if text is None:
            yield from self.read(source, options)
            return
        ranks = Ranks()
        for lines in blocks.objects(text, _COMMENT):
            envelope = {name: lines.table.column(name).combine_chunks() for name in lines.table.column_names}
            comments, usual = rednote.plain_comments(envelope["data"])
            usual = pc.and_(usual, pc.is_in(envelope["source_platform"], pa.array(COMMENT_MODULES)))
            raw = {**comments, "line": pa.array(lines.where + lines.first),
                   "collected_at": envelope["timestamp_collected"]}  # fmt: skip
            plain, which = chosen(raw, usual)
            taken = lines.where[which]
            yield block(plain, taken, _others(lines, taken, ranks), len(lines))


def _others(lines: blocks.Objects, taken: blocks.Places, ranks: Ranks) -> dict[int, list[Captured]]:
    """What the lines hold that were not taken."""
    found: dict[int, list[Captured]] = {}
    for place in np.setdiff1d(np.arange(len(lines)), taken, assume_unique=True).tolist():
        if (record := jsontext.of_line(lines.first + place, lines.line(place))) is not None:
            record = unless_erased(record)
            found[place] = list(_item(record, ranks)) if isinstance(record, Record) else [record]
    return found


def _raw(envelope: dict[str, Any]) -> str:
    """What may be kept of an envelope that could not be read: no address, no agent, no content."""
    return ", ".join(f"{key}={envelope[key]}" for key in RAW_KEYS if values.text(envelope.get(key)))


def _item(record: Record, ranks: Ranks) -> Iterator[Captured]:
    envelope = _unwrapped(record.values)
    platform, item = values.text(envelope.get("source_platform")), envelope.get("data")
    if platform is None:
        yield Broken(record.line, "no `source_platform`: not an item of Zeeschuimer", _raw(envelope))
        return
    if not isinstance(item, dict):
        kind = "null" if item is None else "not an object"
        yield Broken(record.line, f"the item's `data` is {kind}", _raw(envelope))
        return
    if platform not in MODULES:
        known = ", ".join(sorted(MODULES))
        yield Broken(
            record.line, f"items of {platform} are not read by this version (it reads {known})", _raw(envelope)
        )
        return
    if "id" not in item and values.identifier(envelope.get("item_id")):
        item = {**item, "id": envelope["item_id"]}
    if item.get("resilens") == "erased":  # its rank stays taken, so that the others keep theirs
        ranks.retrieval(envelope.get("nav_index"), envelope.get("source_platform_url"), str(envelope.get("item_id")))
    for captured in MODULES[platform](record.line, item):
        if isinstance(captured, Broken):
            captured.raw = "" if captured.reason == ERASED else captured.raw or _raw(envelope)
        else:
            captured.collected_at = values.shown(envelope.get("timestamp_collected"))
        if isinstance(captured, CapturedPost):
            captured.retrieval = ranks.retrieval(
                envelope.get("nav_index"), envelope.get("source_platform_url"), captured.native_id
            )
        yield captured
