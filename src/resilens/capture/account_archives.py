"""Which files of an account's archive are no captures, and what are they instead?

The archive that Mastodon gives to the owner of an account holds its posts in `outbox.json`. Beside it lie its profile
with the pictures of it, and lists of addresses of others' posts. They are told by their content, left where they are,
and said in a line: nothing is wrong with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from resilens.capture import jsontext, values
from resilens.capture.limits import too_deep

LARGEST = 1 << 26
"""Bytes of a file that is looked at: a list of a million addresses. What is larger is a capture, or refused as one."""

BEGINNING = 1 << 16
VOCABULARY = b"activitystreams"
ACTORS = frozenset({"Person", "Service", "Group", "Organization", "Application"})
LISTS = {
    "likes": "the addresses of posts that the account liked; it holds no texts",
    "bookmarks": "the addresses of posts that the account bookmarked; it holds no texts",
    "outbox": "an outbox without posts",
}
"""What a list without posts is, by the name that it gives itself."""


def told_apart(paths: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """The files that may be captures, and a line for each of the others."""
    given = list(paths)
    whats = {path: what for path, found in _archived(given) if (what := _what(found))}
    for path, found in _archived(list(whats)):
        own = [values.text(values.inner(found, name, "url")) for name in ("icon", "image")]
        beside = {path.parent / name: name for name in own if name and "/" not in name}
        whats |= dict.fromkeys(beside.keys() & set(given), "a picture of the account's profile")
    lines = [f"{path.name}: left out: {whats[path]}" for path in given if path in whats]
    return [path for path in given if path not in whats], lines


def _archived(paths: Iterable[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Those that hold one object in the words of ActivityPub."""
    for path in paths:
        if path.suffix.lower() not in (".json", "") or path.stat().st_size > LARGEST:
            continue
        with path.open("rb") as opened:
            beginning = opened.read(BEGINNING)
            if not beginning.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") or VOCABULARY not in beginning:
                continue
            text = (beginning + opened.read()).decode("utf-8", "replace").lstrip("\ufeff")
        try:
            found = None if too_deep(text) else jsontext.parse(text)
        except ValueError:
            continue  # damaged, or one object a line: for a reader to say
        if isinstance(found, dict):
            yield path, found


def _what(found: dict[str, Any]) -> str:
    """What an object is that holds no posts; empty where it may hold some."""
    if found.get("type") in ACTORS and "inbox" in found:
        return "the profile of the account; its posts are in outbox.json"
    listed = found.get("orderedItems")
    if found.get("type") != "OrderedCollection" or not isinstance(listed, list) or "first" in found:
        return ""
    if not all(isinstance(one, str) for one in listed):
        return ""
    called = (values.text(found.get("id")) or "").rpartition("/")[2].removesuffix(".json")
    return LISTS.get(called, "a list of addresses; it holds no texts")
