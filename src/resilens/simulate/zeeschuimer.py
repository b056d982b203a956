"""What would a researcher's browser have kept of it? The capture as Zeeschuimer exports it, to exercise the readers.

    simulated/posts.ndjson                  posts as opened one by one
    simulated/comments.ndjson               comments, replies nested in their top-level comment
    simulated/by-LIKES/search-TAG-by-LIKES.ndjson   what a search by a ranking returned: tiles without text, by rank

RedNote's shapes, counts as the platform shows them (`1.2万`), native ids of accounts, and `SYNTHETIC` in every line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO, TypeAlias
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

Authors: TypeAlias = npt.NDArray[np.int32]
Accounts: TypeAlias = Callable[[Authors], pa.Array]

AGENT = "SYNTHETIC"
RANKINGS_ASIDE = "by-"
"""What the folders of search results begin with; the rest is the ranking, to be declared when they are added."""


class PostsExport:
    """The file of posts, and those of the searches that returned them, kept until all ranks are known.

    Parameters
    ----------
    path
        The file of posts; search results go into folders beside it.
    mark
        What follows SYNTHETIC in every line.
    accounts
        Gives the platform's ids of authors.
    """

    def __init__(self, path: Path, mark: str, accounts: Accounts) -> None:
        self._path, self._agent, self._accounts = path, f"{AGENT} {mark}", accounts
        self._file: TextIO = path.with_name(f".{path.name}.tmp").open("w", encoding="utf-8", newline="")
        self._found: dict[tuple[str, str], list[tuple[int, bytes]]] = defaultdict(list)

    def add(self, rows: pa.Table, authors: Authors) -> None:
        """Posts in canonical columns; several rows of one post are its appearances in searches."""
        written: set[str] = set()
        for post, account in zip(rows.to_pylist(), self._accounts(authors).to_pylist(), strict=True):
            if post["post_id"] not in written:
                written.add(post["post_id"])
                self._file.write(_line(_opened(post, account, self._agent)).decode())
            if post.get("query"):
                tile = _line(_tile(post, account, self._agent))
                self._found[post["query"], post["ranking"]].append((post["rank"], tile))

    def close(self, complete: bool) -> None:
        """Give the files their names, or take them away."""
        _close(self._file, self._path, complete)
        for (query, ranking), tiles in sorted(self._found.items()) if complete else ():
            folder = self._path.parent / f"{RANKINGS_ASIDE}{ranking}{self._path.stem.removeprefix('posts')}"
            folder.mkdir(exist_ok=True)
            (folder / f"search-{query}-by-{ranking}.ndjson").write_bytes(b"".join(tile for _, tile in sorted(tiles)))


class CommentsExport:
    """The file of comments."""

    def __init__(self, path: Path, mark: str, accounts: Accounts) -> None:
        self._path, self._agent, self._accounts = path, f"{AGENT} {mark}", accounts
        self._file: TextIO = path.with_name(f".{path.name}.tmp").open("w", encoding="utf-8", newline="")

    def add(self, rows: pa.Table, authors: Authors) -> None:
        """Comments in canonical columns, whole threads; replies go into the line of their top-level comment."""
        comments = rows.to_pylist()
        for comment, account in zip(comments, self._accounts(authors).to_pylist(), strict=True):
            comment["account"] = account
        for line in _nested(comments, self._agent):
            self._file.write(_line(line).decode())

    def close(self, complete: bool) -> None:
        """Give the file its name, or take it away."""
        _close(self._file, self._path, complete)


def _close(file: TextIO, path: Path, complete: bool) -> None:
    file.close()
    temporary = path.with_name(f".{path.name}.tmp")
    if complete:
        temporary.replace(path)
    else:
        temporary.unlink(missing_ok=True)


def shown(count: int) -> str:
    """A count as the platform shows it: from ten thousand on rounded to a tenth of a 万."""
    return str(count) if count < 10_000 else f"{count / 10_000:.1f}万"


def _line(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content) + b"\n"


def _native(item_id: str) -> str:
    return item_id.rpartition(":")[2]


def _envelope(native: str, collected: Any, platform: str, address: str, agent: str, data: Any) -> dict[str, Any]:
    return {"nav_index": "1:4:NaN", "item_id": native, "timestamp_collected": _milliseconds(collected),
            "source_platform": platform, "source_platform_url": address, "source_url": "", "user_agent": agent,
            "data": data}  # fmt: skip


def _milliseconds(moment: Any) -> int:
    return int(moment.timestamp() * 1000)


def _user(account: str) -> dict[str, str]:
    return {"user_id": account, "nickname": f"synthetic {account[-6:]}"}


def _counts(post: dict[str, Any]) -> dict[str, str]:
    return {"liked_count": shown(post["likes"]), "collected_count": shown(post["bookmarks"]),
            "comment_count": shown(post["comments"]), "share_count": shown(post["shares"])}  # fmt: skip


def _opened(post: dict[str, Any], account: str, agent: str) -> dict[str, Any]:
    """A post as its own page shows it."""
    native = _native(post["post_id"])
    card = {"note_id": native, "type": "normal", "title": post["title"] or "", "desc": post["text"],
            "time": _milliseconds(post["published_at"]), "ip_location": post["location"] or "", "user": _user(account),
            "interact_info": _counts(post), "tag_list": [{"type": "topic", "name": tag} for tag in post["hashtags"]],
            "image_list": [{"url_default": name} for name in post["media"]]}  # fmt: skip
    data = {"id": native, "model_type": "note", "note_card": card}
    return _envelope(native, post["collected_at"], "xiaohongshu.com", post["url"], agent, data)


def _tile(post: dict[str, Any], account: str, agent: str) -> dict[str, Any]:
    """A post as a search shows it: no text, no time."""
    native = _native(post["post_id"])
    address = f"https://www.xiaohongshu.com/search_result?keyword={quote(quote('#' + post['query']))}&type=51"
    card = {"type": "normal", "display_title": post["title"] or "", "user": _user(account),
            "interact_info": _counts(post)}  # fmt: skip
    data = {"id": native, "model_type": "note", "xsec_token": AGENT, "note_card": card}
    return _envelope(native, post["collected_at"], "xiaohongshu.com", address, agent, data)


def _nested(comments: list[dict[str, Any]], agent: str) -> Iterator[dict[str, Any]]:
    """A line for each top-level comment, with every answer below it."""
    by_id = {comment["comment_id"]: comment for comment in comments}
    below: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for comment in comments:
        root = comment
        while root["parent_id"] is not None:
            root = by_id[root["parent_id"]]
        if root is not comment:
            below[root["comment_id"]].append(comment)
    for comment in comments:
        if comment["parent_id"] is None:
            answers = below[comment["comment_id"]]
            data = {**_wire(comment), "sub_comment_count": str(len(answers)), "sub_comment_has_more": False,
                    "sub_comments": [_wire(answer) for answer in answers]}  # fmt: skip
            address = f"https://www.xiaohongshu.com/explore/{_native(comment['post_id'])}"
            yield _envelope(_native(comment["comment_id"]), comment["collected_at"], "xiaohongshu-comments", address,
                            agent, data)  # fmt: skip


def _wire(comment: dict[str, Any]) -> dict[str, Any]:
    answered = {"target_comment": {"id": _native(comment["parent_id"])}} if comment["parent_id"] else {}
    return {"id": _native(comment["comment_id"]), "note_id": _native(comment["post_id"]), "status": 0,
            "content": comment["text"], "create_time": _milliseconds(comment["published_at"]),
            "ip_location": comment["location"] or "", "like_count": shown(comment["likes"]), "show_tags": [],
            "user_info": _user(comment["account"]), **answered}  # fmt: skip
