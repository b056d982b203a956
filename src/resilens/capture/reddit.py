"""Where are things in the monthly dumps of Reddit (Pushshift, Arctic Shift)? One submission or comment a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from resilens.capture.files import Record, Source
from resilens.capture.layouts import Layout, Tables, layout, read, without_prefix
from resilens.capture.records import Broken, Captured

GONE = frozenset({"[removed]", "[deleted]"})
"""What stands in place of a text that its author or a moderator took back."""

_COMMON = {"id": "id", "time": "created_utc", "handle": "author", "likes": "score",
           "collected_at": "retrieved_on|retrieved_utc"}  # fmt: skip

LAYOUTS = (
    layout(
        "comments", "reddit", "id link_id body created_utc", comments=True, native=without_prefix, unescape=True,
        fields={**_COMMON, "post": "link_id", "parent": "parent_id", "text": "body"},
        flags={"by_post_author": "is_submitter", "sensitive": "over_18", "likes_hidden": "score_hidden"},
    ),
    layout(
        "submissions", "reddit", "id title subreddit created_utc", native=without_prefix, unescape=True,
        fields={**_COMMON, "title": "title", "text": "selftext", "comments": "num_comments",
                "media": "url_overridden_by_dest|url", "type": "post_hint|is_self"},
        kinds={"image": "image", "hosted:video": "video", "rich:video": "video", "self": "text", "true": "text"},
        flags={"sensitive": "over_18", "advertisement": "promoted", "quotes_another": "crosspost_parent=*",
               "likes_hidden": "hide_score"},
        address="https://www.reddit.com/comments/{}/",
    ),
)  # fmt: skip


def item(where: Layout, line: int, found: dict[str, Any]) -> Captured:
    """A submission or a comment; one from a private community is not kept."""
    if found.get("subreddit_type") in ("private", "employees_only", "gold_only"):
        return Broken(line, f"not public: its community is {found['subreddit_type']}; its content is not kept")
    if found.get("score_hidden") is True or found.get("hide_score") is True:
        found = {**found, "score": None}
    if found.get("is_self") is True:
        found = {**found, "url": None}  # its own address
    captured = read(where, line, found)
    if not isinstance(captured, Broken) and (captured.text or "").strip() in GONE:
        captured.flags += ("text_removed",)
    return captured


class Reddit(Tables):
    """Reddit's dumps, whose rows need a look of their own."""

    def reading(self, source: Source) -> Callable[[Layout, Record], Captured]:
        """Each row by its layout."""
        return lambda where, record: item(where, record.line, record.values)


REDDIT = Reddit(
    "reddit", "Reddit dumps", LAYOUTS,
    recognised=(
        "JSON lines (or a table) with `id`, `title`, `subreddit`, `created_utc` (submissions) or `id`, `link_id`, "
        "`body`, `created_utc` (comments), as Pushshift and Arctic Shift give them"
    ),
    reads=(
        "submissions and comments, also mixed, with parents, score as likes, number of comments, the address linked "
        "to as media, removed texts flagged; `retrieved_on` as the time of capture"
    ),
    drops=(
        "flairs, awards, community, crossposted originals, `author_fullname` (not all dumps have it: an account goes "
        "by its name, which is unique and never changes); scores that are hidden; items of private communities"
    ),
    infers=(
        "addresses, made from ids; likes are ups less downs; ids lose their type (`t3_abc` is `abc`), and a parent "
        "that is the submission is none"
    ),
)  # fmt: skip
"""The reader of Reddit's dumps."""
