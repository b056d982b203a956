"""Which leads speak of a post?

A lead says it outright (the post or one of its comments is among its items), gives its address or platform id in its
link or its words, or names one of the post's hashtags. The first two point to this very post, the last to many.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from resilens.sampling.quotas import comparison_key

Because: TypeAlias = Literal["item", "address", "hashtag"]
ORDER: tuple[Because, ...] = ("item", "address", "hashtag")

SHORTEST_ID = 6
"""Characters of a platform's id; a shorter one would be found in any number."""

_HASHTAG = re.compile(r"[#＃]([^\s#＃]+)")
_SHOWN = re.compile(r"\[[^\]]*\]$")


@dataclass(frozen=True, slots=True)
class Match:
    """A lead that speaks of a post: its row of the view `leads`, and by what it does; `named` are hashtags."""

    lead: Mapping[str, Any]
    because: Because
    named: tuple[str, ...] = ()


def matching_leads(
    leads: Iterable[Mapping[str, Any]], post_id: str, url: str = "", hashtags: Collection[str] = (),
    comments: Collection[str] = (),
) -> list[Match]:  # fmt: skip
    """The leads that speak of a post, those that mean it surest first, each in the order in which they were noted.

    Parameters
    ----------
    leads
        Rows of the view `leads`.
    post_id, url, hashtags, comments
        The post, its address, its hashtags, and its comments.
    """
    items = {post_id, *comments}
    native = post_id.split(":", 2)[-1]
    mentions = [_whole(native)] if len(native) >= SHORTEST_ID else []
    mentions += [_whole(bare)] if (bare := _bare(url)) else []
    wanted = {comparison_key(name): name for name in hashtags}
    found = []
    for lead in leads:
        words = "\n".join(lead[name] or "" for name in ("text", "link", "pasted"))
        named = tuple(dict.fromkeys(wanted[key] for key in _named(lead["tags"] or (), words) if key in wanted))
        if items & set(lead["items"] or ()):
            found.append(Match(lead, "item"))
        elif any(mention.search(words) for mention in mentions):
            found.append(Match(lead, "address"))
        elif named:
            found.append(Match(lead, "hashtag", named))
    return sorted(found, key=lambda match: ORDER.index(match.because))


def _whole(text: str) -> re.Pattern[str]:
    """The text where it is not a part of a longer id."""
    return re.compile(rf"(?<![0-9A-Za-z_-]){re.escape(text)}(?![0-9A-Za-z_-])")


def _bare(url: str) -> str:
    """An address without its scheme and what follows a question mark, so that shared links are found too; empty where
    that leaves no more than a host."""
    bare = re.sub(r"^https?://(www\.)?", "", url.strip()).split("?")[0].split("#")[0].rstrip("/")
    return bare if "/" in bare else ""


def _named(tags: Iterable[str], words: str) -> list[str]:
    """The hashtags among a lead's tags and words, as they are compared; `#猫税[话题]#` is 猫税."""
    written = [_SHOWN.sub("", found) for found in _HASHTAG.findall(words)]
    return [comparison_key(name) for name in (*tags, *written)]
