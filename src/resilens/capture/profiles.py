"""What do the values of a column look like: ids, times, counts, addresses, text?"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from resilens.capture import values

_HEX_ID = re.compile(r"[0-9a-f]{24}")
_SNOWFLAKE = re.compile(r"\d{15,20}")
_COUNT = re.compile(r"-?\d[\d,]*(?:\.\d+)?\s*[万千亿wkm]?\+?|赞|none", re.IGNORECASE)
_TIME = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}.*|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.*|\d{10}(?:\.\d+)?|\d{13}|1\.\d+E\+(?:9|0?9|12)|"
    r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2} .*|\d{1,2}月\d{1,2}日.*|\d{1,2}-\d{1,2}(?: .*)?|(?:昨天|今天|前天).*|"
    r"\d+ ?(?:秒|分钟|小时|天|周)前.*|编辑于.*|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}.*|\d{1,2} [A-Z][a-z]{2,8}\.? \d{4}.*"
)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_PROFILE = re.compile(
    r"https?://[^/]*(?:/user/profile/|/user/|/u/|/people/|/profile/)[^/\s]+/?(?:\?.*)?$|https?://[^/]*tiktok\.com/@[^/]+/?$"
)
_POST_IN_ADDRESS = re.compile(
    r"xiaohongshu\.com/(?:explore|discovery/item|search_result|note)/([0-9a-f]{24})|rednote\.com/(?:explore|discovery/item)/"
    r"([0-9a-f]{24})|tiktok\.com/@[^/]*/(?:video|photo)/(\d+)|(?:twitter|x)\.com/[^/]+/status/(\d+)|"
    r"weibo\.com/\d+/(\w+)|douyin\.com/(?:video|note)/(\d+)|reddit\.com/r/[^/]+/comments/(\w+)|"
    r"bilibili\.com/video/(\w+)"
)
_HOSTS = {
    "rednote": ("xiaohongshu.com", "xhslink.com", "rednote.com", "xhscdn.com"), "tiktok": ("tiktok.com", "tiktokcdn"),
    "x": ("//twitter.com", "//x.com", "twimg.com"), "bluesky": ("bsky.app", "at://did:"),
    "weibo": ("weibo.com", "weibo.cn"), "douyin": ("douyin.com",),
    "reddit": ("reddit.com",), "instagram": ("instagram.com",), "bilibili": ("bilibili.com",),
    "youtube": ("youtube.com", "youtu.be"), "facebook": ("facebook.com",), "zhihu": ("zhihu.com",),
    "threads": ("threads.net", "threads.com"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares (0 to 1) of a column's filled values that look like something; `filled` counts them."""

    filled: int
    distinct: float
    native: float
    time: float
    count: float
    address: float
    account_page: float
    post_address: float
    length: float
    row_numbers: bool

    @property
    def blank(self) -> bool:
        return self.filled == 0


def post_in(address: str) -> str | None:
    """The post's own id in its address, None where there is none."""
    found = _POST_IN_ADDRESS.search(address)
    return next((group for group in found.groups() if group), None) if found else None


def _share(cells: list[str], fits: Callable[[str], object]) -> float:
    return sum(fits(cell) is not None for cell in cells) / len(cells) if cells else 0.0


def profile(column: Iterable[Any]) -> Profile:
    """Look at the values of one column."""
    kept = [value for value in column if value is not None and str(value).strip().lower() not in values.NOTHING]
    cells = [str(value).strip() for value in kept]
    dates = sum(isinstance(value, datetime.date) for value in kept)
    return Profile(
        filled=len(cells),
        distinct=len(set(cells)) / len(cells) if cells else 0.0,
        native=_share(cells, lambda cell: _HEX_ID.fullmatch(cell) or _SNOWFLAKE.fullmatch(cell)),
        time=dates / len(cells) if dates else _share(cells, _TIME.fullmatch),
        count=_share(cells, _COUNT.fullmatch),
        address=_share(cells, _ADDRESS.match),
        account_page=_share(cells, _PROFILE.match),
        post_address=_share(cells, post_in),
        length=sum(map(len, cells)) / len(cells) if cells else 0.0,
        row_numbers=bool(cells) and all(cell.isdigit() and len(cell) < 7 for cell in cells),
    )


def platform_of(samples: Iterable[Mapping[str, Any]]) -> tuple[str, str] | None:
    """The platform that most addresses name, or that the ids look like, and why; None where nothing tells."""
    hosts: Counter[str] = Counter()
    hexadecimal = 0
    for sample in samples:
        for value in sample.values():
            if not isinstance(value, str):
                continue
            if "://" in value:
                hosts.update(name for name, marks in _HOSTS.items() if any(mark in value for mark in marks))
            hexadecimal += _HEX_ID.fullmatch(value.strip()) is not None
    if hosts:
        name = min(hosts, key=lambda one: (-hosts[one], one))
        return name, f"addresses of {name} in its cells"
    return ("rednote", "ids of 24 hexadecimal digits") if hexadecimal else None
