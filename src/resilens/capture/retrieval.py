"""Under which query was a post captured? Read from the address of the page the researcher was on."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

from resilens.capture.records import Retrieval

QUERY_KEYS = ("keyword", "q", "query", "search_query")
TAG_FOLDERS = ("tag", "tags", "hashtag", "hashtags", "topic", "topics")


def decoded(text: str) -> str:
    """Undo percent-encoding as often as it was applied (RedNote encodes keywords twice), at most three times."""
    for _ in range(3):
        once = unquote(text)
        if once == text or "\ufffd" in once:
            break
        text = once
    return text.strip()


def query_of(address: object) -> str | None:
    """The search words, or `#` and the hashtag of a tag page; None for a page that is neither.

    Parameters
    ----------
    address
        `https://www.xiaohongshu.com/search_result?keyword=…`, `https://www.tiktok.com/search?q=…`,
        `https://www.tiktok.com/tag/NAME`, and their like.
    """
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address)
        asked = parse_qs(parts.query)
    except ValueError:
        return None
    for key in QUERY_KEYS:
        for value in asked.get(key, ()):
            if decoded(value):
                return decoded(value)
    folders = [folder for folder in parts.path.split("/") if folder]
    for folder, name in zip(folders, folders[1:], strict=False):
        if folder.lower() in TAG_FOLDERS and decoded(name):
            return "#" + decoded(name).lstrip("#")
    return None


class Ranks:
    """The order of appearance of posts within each navigation and query; a post seen again keeps its rank."""

    def __init__(self) -> None:
        self._ranks: dict[tuple[str, str], dict[str, int]] = {}

    def retrieval(self, navigation: object, address: object, native_id: str) -> Retrieval | None:
        """The retrieval of a post on a page, or None where the page shows no query."""
        query = query_of(address)
        return self.under(query, native_id, str(navigation)) if query else None

    def under(self, query: str, native_id: str, navigation: str = "") -> Retrieval:
        """The retrieval of a post under a query that the capture names."""
        seen = self._ranks.setdefault((navigation, query), {})
        return Retrieval(query, None, seen.setdefault(native_id, len(seen) + 1))
