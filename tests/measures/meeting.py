"""Two communities made by hand: accounts named r... are refugees, n... natives, o... a third group, others unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.measures import made

from resilens.measures.material import Material

GROUPS = ({"name": "refugees", "label": "Refugees", "role": "newcomer", "rules": [{"self_label": ["refugee"]}]},
          {"name": "natives", "label": "Natives", "role": "host", "rules": [{"self_label": ["native"]}]})  # fmt: skip
OTHERS = {"name": "others", "role": "other", "rules": [{"self_label": ["other"]}]}
NAMES = {"r": "refugees", "n": "natives", "o": "others"}

Comment = tuple[str, str, str, float]
"""Its name, its author, the comment it answers (empty: the post), hours after the post."""


@dataclass(frozen=True)
class Thread:
    """A post and its comments; declared None: the post shows no number."""

    name: str
    by: str
    comments: Sequence[Comment] = ()
    day: int = 0
    declared: int | None = -1
    bound: str = "exact"


def rows(threads: Sequence[Thread]) -> dict[str, list[dict[str, Any]]]:
    """The canonical rows of threads, captured on day 100."""
    posts, comments, people = [], [], set()
    for one in threads:
        declared = len(one.comments) if one.declared == -1 else one.declared
        posts.append(made.post(one.name, one.day, author=one.by, comments=declared, comments_bound=one.bound))
        people.add(one.by)
        for name, author, parent, hours in one.comments:
            at = made.FIRST + timedelta(days=one.day, hours=hours)
            row = made.comment(name, one.name, None, author=author, parent_id=f"rednote:c:{parent}" if parent else None)
            comments.append(row | {"published_at": at})
            people.add(author)
    authors = [{"author": name, "group": NAMES.get(name[:1], "unknown")} for name in sorted(people - {""})]
    looked = [made.seen(one.name, 100) for one in threads]
    return {"posts": posts, "comments": comments, "authors": authors, "observations": looked}


def meeting(
    folder: Path, threads: Sequence[Thread], codes: Mapping[str, Sequence[str]] | None = None,
    groups: Sequence[Mapping[str, Any]] = GROUPS, **sections: Any,
) -> Material:  # fmt: skip
    """What a measure gets of these threads; every item is read, those named in `codes` (`p:t1`, `c:c1`) with codes."""
    tables = rows(threads)
    read: dict[str, Sequence[str]] = {row["post_id"]: () for row in tables["posts"]}
    read |= {row["comment_id"]: () for row in tables["comments"]}
    read |= {f"rednote:{item}": own for item, own in (codes or {}).items()}
    study = made.study_of(group=list(groups), **sections)
    return made.material(folder, read, study=study, **{name: own for name, own in tables.items() if own})
