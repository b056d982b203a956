"""What do threads of this world read like? One short thread for each kind wanted, where there are any."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from resilens.simulate import naming, pictures
from resilens.simulate.looking import Look
from resilens.simulate.simulation import Batch
from resilens.simulate.text import Texts
from resilens.simulate.threads import Items
from resilens.simulate.world import ACTIVE, GROUPS, practice_kind

WANTED = ("tribute", "ledger", "letter")
FEWEST, MOST, LIKED = 3, 9, 6
"""Comments of an example: at least, at most, and as a rule."""
NAME = 6
"""Letters of a pseudonym that are shown."""


@dataclass(frozen=True, slots=True)
class Said:
    """One post or comment as it is shown.

    Parameters
    ----------
    depth
        0 for the post.
    author, group, state
        Who: the beginning of the pseudonym, the group, the state as its letter.
    at
        When, in the world's zone.
    title, text
        The words; empty where there are none.
    codes
        What it truly does.
    removed
        How long after it was removed, and by whom; empty where never.
    picture
        A post's placeholder picture as PNG.
    """

    depth: int
    author: str
    group: str
    state: str
    at: dt.datetime
    title: str
    text: str
    codes: tuple[str, ...]
    removed: str = ""
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Example:
    """A thread: the kind of its post's practice, and what is said in it, each reply after what it answers."""

    kind: str
    said: tuple[Said, ...]


def examples(look: Look, wanted: Sequence[str] = WANTED) -> list[Example]:
    """A thread of each kind wanted that occurs, in that order."""
    found = []
    for kind in wanted:
        best = max((scored for batch in look.batches for scored in _scored(look, batch, kind)),
                   key=lambda scored: scored[0], default=None)  # fmt: skip
        if best is not None:
            found.append(Example(kind, tuple(_told(look, best[1], best[2]))))
    return found


def _scored(look: Look, batch: Batch, kind: str) -> Iterator[tuple[float, Batch, int]]:
    """The best post of a kind in a batch: a thread of a few comments, with both groups, replies and a removal."""
    codes = look.simulation.vocabulary.codes
    kinds = np.array([code.startswith("practice.") and practice_kind(code) == kind for code in codes] + [False])
    posts, comments = batch.chunk.posts, batch.chunk.comments
    size, across, deep, removed = (
        np.bincount(comments.post[these], minlength=posts.size)
        for these in (comments.depth > 0, comments.across, comments.depth > 1, np.isfinite(comments.removed))
    )
    score = (2.0 * (across > 0) + 1.0 * (deep > 0) + 1.5 * (removed > 0) - 0.2 * np.abs(size - LIKED)
             - 0.3 * (removed > 1) * removed)  # fmt: skip
    fits = kinds[posts.practice] & (size >= FEWEST) & (size <= MOST) & ~batch.post_texts.wordless
    fits &= ~np.isfinite(posts.removed)
    if fits.any():
        row = int(np.flatnonzero(fits)[np.argmax(score[fits])])
        yield float(score[row]), batch, row


def _told(look: Look, batch: Batch, post: int) -> Iterator[Said]:
    """The post, then its comments depth first, those that answer the same in the order of time."""
    comments = batch.chunk.comments
    below: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(comments.post == post).tolist():
        below[int(comments.parent[row])].append(row)
    yield replace(_said(look, batch.chunk.posts, batch.post_texts, post), picture=_picture(look, batch, post))
    waiting = below[-1][::-1]
    while waiting:
        row = waiting.pop()
        yield _said(look, comments, batch.comment_texts, row)
        waiting += below[row][::-1]


def _said(look: Look, items: Items, texts: Texts, row: int) -> Said:
    simulation = look.simulation
    codes = [items.practice[row], items.stage[row], *items.marks[row]]
    pseudonym = naming.pseudonyms(simulation.streams, items.author[row : row + 1])[0].as_py()
    day = float(items.time[row])
    return Said(
        int(items.depth[row]), pseudonym[: len("u-") + NAME], GROUPS[items.group[row]],
        ACTIVE[items.state[row]], simulation.world.opens + dt.timedelta(days=day), texts.title[row].as_py() or "",
        texts.text[row].as_py() or "", tuple(simulation.vocabulary.codes[place] for place in codes if place >= 0),
        _removal(items, row),
    )  # fmt: skip


def _picture(look: Look, batch: Batch, post: int) -> bytes:
    shown = batch.chunk.posts.taken(np.array([post]))
    code = look.simulation.vocabulary.codes[int(shown.practice[0])]
    return pictures.picture(code, int(pictures.numbers(look.simulation, shown)[0]))


def _removal(items: Items, row: int) -> str:
    if not np.isfinite(items.removed[row]):
        return ""
    hours = float(items.removed[row] - items.time[row]) * 24.0
    after = f"{hours:.0f} h" if hours >= 1.5 else f"{max(1.0, hours * 60):.0f} min"
    return f"removed {after} later, " + ("after reports" if items.reported[row] else "by the platform")
