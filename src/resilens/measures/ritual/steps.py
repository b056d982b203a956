"""Which threads did newcomers open, and which step of the ritual came to each of them when?

The steps are codes, found by their roles: a *tribute* is a newcomer's post, a *welcome* or *receipt* a comment by the
other group on it, *thanks* a newcomer's comment. Times are hours after the post.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilens.measures.items import NEVER, Flags, Items, Marks, Numbers
from resilens.measures.material import Material, missing_role, nothing_coded
from resilens.measures.threads import watched
from resilens.results.types import Undefined

RECEPTION = ("welcome", "receipt")
"""The roles either of which completes the ritual."""

MILLISECONDS_AN_HOUR = 3_600_000


@dataclass(frozen=True, eq=False)
class Ritual:
    """The threads that newcomers opened, one a post; all arrays have the shape (posts,).

    Parameters
    ----------
    posts
        The newcomers' posts read.
    tribute
        Which are tributes.
    welcomed, receipted, thanked
        To which came, at any time, a comment of the other group coded welcome or receipt; one coded receipt; one of a
        newcomer coded thanks. Not known where no comment was read though there are some, or only unresolved ones might
        be it.
    whole
        Whether the thread was captured and read whole; see `threads.Watched`.
    comments
        How many of its comments were read.
    timed
        Whether hours can be told: the times of the post and of its comments are known to the hour.
    reception
        Hours until the first comment of the other group coded welcome or receipt; infinite where there is none.
    until
        Hours until the thread was last captured.
    """

    posts: Items
    tribute: Marks
    welcomed: Marks
    receipted: Marks
    thanked: Marks
    whole: Flags
    comments: Numbers
    timed: Flags
    reception: Numbers
    until: Numbers

    @property
    def seen(self) -> Flags:
        """Whether anything can be said of what came to the post."""
        return np.asarray(self.whole | (self.comments > 0))


def missing(material: Material) -> Undefined | None:
    """Why there is no ritual to look for: nothing coded, a role no code has, a group the study does not name."""
    if reason := nothing_coded(material):
        return reason
    if not material.codes_of_role("tribute"):
        return missing_role("tribute")
    if not any(material.codes_of_role(role) for role in RECEPTION):
        return missing_role(*RECEPTION)
    for role, what in (("newcomer", "arrives"), ("host", "receives")):
        if not material.groups_of(role):
            return Undefined(f"study.toml names no group with the role `{role}`, so nobody can be told who {what}")
    if not of_role(material, material.posts, "newcomer").any():
        return Undefined("no post by a newcomer was read")
    if not len(material.comments):
        return Undefined("no comment was read, so what came to a post cannot be seen")
    return None


def of_role(material: Material, items: Items, role: str) -> Flags:
    """Which items are by authors of the groups with a role."""
    found = np.zeros(len(items), dtype=bool)
    for name in material.groups_of(role):
        found |= items.of_group(name)
    return found


def ritual_of(material: Material) -> Ritual:
    """The newcomers' threads and what came to them; ask `missing` first."""
    posts = material.posts.select(of_role(material, material.posts, "newcomer"))
    comments, far = material.comments, watched(material.corpus, material.items)
    reception, seen, dated = receptions(material, comments), far.seen[posts.thread], comments.dated

    def came(marks: Marks) -> Marks:
        there, open_ = (np.isin(posts.thread, comments.thread[which]) for which in (marks.there, ~marks.known))
        return Marks(there, seen & (there | ~open_))

    return Ritual(
        posts, material.marks(posts, material.codes_of_role("tribute")), came(reception),
        came(by_role(material, comments, ("receipt",), "host")), came(thanks(material, comments)),
        far.whole[posts.thread], far.comments[posts.thread].astype(np.float64),
        far.timed[posts.thread] & posts.dated, _first(comments, reception.there & dated, posts),
        _hours(far.until[posts.thread], posts),
    )  # fmt: skip


def by_role(material: Material, comments: Items, roles: tuple[str, ...], group: str) -> Marks:
    """Which comments are of the groups with a role and coded with any code of these roles; those of others are not."""
    own = of_role(material, comments, group)
    marks = material.marks(comments, [code for role in roles for code in material.codes_of_role(role)])
    return Marks(marks.there & own, marks.known | ~own)


def receptions(material: Material, comments: Items) -> Marks:
    """Which comments are welcomes or receipts of the other group."""
    return by_role(material, comments, RECEPTION, "host")


def thanks(material: Material, comments: Items) -> Marks:
    """Which comments are newcomers' thanks."""
    return by_role(material, comments, ("thanks",), "newcomer")


def _first(comments: Items, which: Flags, posts: Items) -> Numbers:
    """Hours from each post to the first of these comments on it; infinite where there is none."""
    first = np.full(len(comments.threads), np.iinfo(np.int64).max)
    np.minimum.at(first, comments.thread[which], comments.at[which])
    own = first[posts.thread]
    there = own < np.iinfo(np.int64).max
    return np.where(there, _hours(np.where(there, own, 0), posts), np.inf)


def _hours(at: np.ndarray, posts: Items) -> Numbers:
    """Hours from each post to a moment, 0 where it lies before it or the post has no time."""
    known = posts.dated & (at != NEVER)
    gap = np.where(known, at, 0) - np.where(known, posts.at, 0)
    return np.asarray(np.maximum(gap, 0) / MILLISECONDS_AN_HOUR, dtype=np.float64)
