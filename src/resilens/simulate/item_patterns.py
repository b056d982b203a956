"""Do posts and comments behave as the event's did? The patterns that need them: P5 to P11, from a world's truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from resilens.simulate.content import Vocabulary
from resilens.simulate.histories import Users
from resilens.simulate.macro import HOSTS, NEWCOMERS, VISITORS
from resilens.simulate.patterns import Pattern, judged, not_judged
from resilens.simulate.simulation import Batch, Simulation
from resilens.simulate.world import World

Floats: TypeAlias = npt.NDArray[np.float64]

STEP = 5.0
"""Days on each side of a change that are compared."""
RISING = ("practice.duizhang", "practice.art", "practice.letter")
"""What rises after the ritual, in this order."""


@dataclass(frozen=True)
class Seen:
    """What the patterns look at, over all batches.

    Parameters
    ----------
    post_time, post_practice, post_group, thread_size
        Of posts: day, code (place), group, comments.
    answered_across
        Of posts: whether the other group answered directly.
    time, across, hostile, removed, depth, group, answers
        Of comments: day, whether across groups, hostile, removed ever, depth, group, number of direct replies.
    """

    post_time: Floats
    post_practice: npt.NDArray[np.int16]
    post_group: npt.NDArray[np.int8]
    thread_size: npt.NDArray[np.int64]
    answered_across: npt.NDArray[np.bool_]
    time: Floats
    across: npt.NDArray[np.bool_]
    hostile: npt.NDArray[np.bool_]
    removed: npt.NDArray[np.bool_]
    depth: npt.NDArray[np.int16]
    group: npt.NDArray[np.int8]
    answers: npt.NDArray[np.int64]
    comment_answered_across: npt.NDArray[np.bool_]


def gather(batches: Iterable[Batch], vocabulary: Vocabulary) -> Seen:
    """What the patterns look at, from a world's batches."""
    hostile = vocabulary.place("affect.hostility")
    parts = []
    for batch in batches:
        posts, comments = batch.chunk.posts, batch.chunk.comments
        replied = comments.parent[comments.parent >= 0]
        crossing = comments.parent[(comments.parent >= 0) & comments.across]
        first = comments.post[(comments.parent < 0) & comments.across]
        parts.append((
            posts.time, posts.practice, posts.group, np.bincount(comments.post, minlength=posts.size),
            np.bincount(first, minlength=posts.size) > 0, comments.time, comments.across,
            comments.family("affect") == hostile, np.isfinite(comments.removed), comments.depth, comments.group,
            np.bincount(replied, minlength=comments.size), np.bincount(crossing, minlength=comments.size) > 0,
        ))  # fmt: skip
    return Seen(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def of_items(simulation: Simulation, seen: Seen) -> list[Pattern]:
    """All patterns of posts and comments."""
    world = simulation.world
    checks: tuple[Callable[[], Pattern], ...] = (
        lambda: order_of_stages(simulation.users),
        lambda: order_of_practices(seen, simulation.vocabulary),
        lambda: step_of_crossing(world, seen),
        lambda: less_hostility(seen),
        lambda: sizes_of_threads(world, seen),
        lambda: growing_symmetry(world, seen),
        lambda: early_joiners(simulation.users, world.days),
    )
    return [one() for one in checks]


def order_of_stages(users: Users) -> Pattern:
    """P5: the median account reaches R, then A, then C."""
    medians = [float(np.median(times[np.isfinite(times)])) if np.isfinite(times).any() else np.inf
               for times in (users.joined, users.adapted, users.cosmopolitan)]  # fmt: skip
    if not np.isfinite(medians).all():
        return not_judged("P5", "nobody gets to C")
    value = "days " + ", ".join(f"{one:.1f}" for one in medians)
    return judged("P5", value, "in this order", medians[0] < medians[1] < medians[2])


def order_of_practices(seen: Seen, vocabulary: Vocabulary) -> Pattern:
    """P6: the share of tributes falls from the first to the last quarter of the posts, and the days by which half of
    each later practice's cumulated weekly shares is reached follow one another."""
    if not seen.post_time.size:
        return not_judged("P6", "there are no posts")
    codes = np.array([*vocabulary.codes, "none"])[seen.post_practice]
    ritual = np.char.startswith(codes, "practice.tribute")
    order = np.argsort(seen.post_time)
    quarter = max(1, order.size // 4)
    early, late = (float(ritual[rows].mean()) for rows in (order[:quarter], order[-quarter:]))
    centres = [_centre(seen.post_time, np.char.startswith(codes, name)) for name in ("practice.tribute", *RISING)]
    if not all(np.isfinite(centres)):
        return not_judged("P6", "one of the practices does not occur")
    value = f"tributes {early:.0%} -> {late:.0%}; centres on days {', '.join(f'{one:.0f}' for one in centres)}"
    rises = all(before < after for before, after in zip(centres, centres[1:], strict=False))
    return judged("P6", value, "half as many tributes, and centres in this order", late < early / 2 and rises)


def _centre(time: Floats, these: npt.NDArray[np.bool_]) -> float:
    """The day by which half of the cumulated weekly shares of some posts is reached."""
    weeks = np.arange(0.0, time.max() + 7.0, 7.0)
    every, own = np.histogram(time, weeks)[0], np.histogram(time[these], weeks)[0]
    share = np.divide(own, every, out=np.zeros(every.size), where=every > 0)
    cumulated = np.concatenate([[0.0], np.cumsum(share)])
    return float(np.interp(cumulated[-1] / 2, cumulated, weeks)) if cumulated[-1] > 0 else float("inf")


def step_of_crossing(world: World, seen: Seen) -> Pattern:
    """P7: of the answers to newcomers and hosts, the share that crosses groups in the days after translation arrives is
    at least one and a half times that in the days before."""
    arrival = world.day(world.event.translation)
    if arrival is None:
        return not_judged("P7", "translation never arrives in this world")
    before = seen.across[(seen.time >= arrival - STEP) & (seen.time < arrival - 0.5)]
    after = seen.across[(seen.time >= arrival + 0.5) & (seen.time < arrival + STEP)]
    if min(before.size, after.size) < 50:
        return not_judged("P7", f"only {min(before.size, after.size)} comments on one side of its arrival")
    value = f"{before.mean():.0%} before, {after.mean():.0%} after"
    return judged("P7", value, "1.5 times as many", bool(after.mean() > 1.5 * before.mean()))


def less_hostility(seen: Seen) -> Pattern:
    """P8, of comments: the visible share of hostile comments is less than half of what was written."""
    if not seen.removed.any():
        return not_judged("P8", "nothing is removed in this world")
    written, visible = seen.hostile.mean(), (seen.hostile & ~seen.removed).sum() / (~seen.removed).sum()
    return judged("P8", f"{written:.1%} written, {visible:.1%} visible", "less than half", bool(visible < written / 2))


def sizes_of_threads(world: World, seen: Seen) -> Pattern:
    """P9: at least 40 % of the posts stay silent, the largest 1 % of threads hold at least 8 % of the comments, and a
    comment draws less than one reply."""
    if not seen.thread_size.sum():
        return not_judged("P9", "there are no comments")
    silent = float((seen.thread_size == 0).mean())
    largest = np.sort(seen.thread_size)[::-1][: max(1, seen.thread_size.size // 100)].sum() / seen.thread_size.sum()
    offspring = float(seen.answers.mean())
    value = (f"{silent:.0%} silent, the largest 1 % hold {largest:.0%}, {offspring:.2f} replies a comment, "
             f"depth {seen.depth.max()}")  # fmt: skip
    return judged("P9", value, "40 %, 8 %, below 1", silent >= 0.4 and largest >= 0.08 and offspring < 1)


def growing_symmetry(world: World, seen: Seen) -> Pattern:
    """P10, of items: the asymmetry |r_nh - r_hn| / (r_nh + r_hn) falls from the time up to a week after the deadline to
    the rest; r_ab is the share of items of a that b answers directly."""
    if not seen.time.size:
        return not_judged("P10", "there are no comments")
    early_until = (world.day(world.event.deadline) or 0.0) + 7.0
    time = np.concatenate([seen.post_time, seen.time])
    group = np.concatenate([seen.post_group, seen.group])
    answered = np.concatenate([seen.answered_across, seen.comment_answered_across])
    values = []
    for period in (time < early_until, time >= early_until):
        shares = [answered[period & (group == own)].mean() if (period & (group == own)).any() else 0.0
                  for own in (NEWCOMERS, HOSTS)]  # fmt: skip
        values.append(abs(shares[0] - shares[1]) / max(1e-9, sum(shares)))
    return judged("P10", f"asymmetry {values[0]:.2f} early, {values[1]:.2f} late", "lower", bool(values[1] < values[0]))


def early_joiners(users: Users, days: int) -> Pattern:
    """P11: how long the earlier and the later half of the newcomers who join stay, in the median; a question."""
    own = np.flatnonzero(np.isfinite(users.joined) & (users.group == NEWCOMERS) & (users.kind != VISITORS))
    if own.size < 20:
        return not_judged("P11", "fewer than 20 newcomers join")
    stayed = np.minimum(users.left[own], days) - users.joined[own]
    early = users.joined[own] <= np.median(users.joined[own])
    value = f"the earlier half stays {np.median(stayed[early]):.1f} days, the later {np.median(stayed[~early]):.1f}"
    return judged("P11", value, "any answer", True)
