"""Which posts are written when, and which comments answer them? Whole threads with times, authors, parents and content.

Posts of an account are a Poisson process in its own activity time, thinned by whole threads: each thread of the sample
is complete, so sizes, delays and trees are those of the whole (thinning whole clusters of a cluster process is exact,
thinning comments is not). Comments grow generation by generation: the number of top-level comments is negative binomial
(many posts stay silent, a few draw hundreds), that of replies negative binomial with a mean below one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from resilens.simulate import rates
from resilens.simulate.authors import NOBODY, Rosters, counting
from resilens.simulate.content import FAMILIES, PARENT, Answering, Content, Vocabulary
from resilens.simulate.histories import Users
from resilens.simulate.macro import HOSTS, NEWCOMERS, VISITORS, Path
from resilens.simulate.streams import Ids, Streams, combined
from resilens.simulate.world import GROUPS, PARENTS, World
from resilens.study.zones import offset_minutes

Floats: TypeAlias = npt.NDArray[np.float64]

GENERATIONS = 60
"""A bound on depth that a subcritical tree does not reach."""
POSTS_A_CHUNK = 24_576
PILOT = 4_000
"""Posts of a first look, which tells how long threads will be."""


@dataclass(frozen=True)
class Items:
    """Posts or comments, one a row; times in days since the opening.

    Parameters
    ----------
    id
        Key of every random number about the item.
    author
        The account.
    time
        When it was published.
    group, state
        The author's group, and what counted as its state.
    answering
        Place in `PARENTS` of what it answers.
    across
        Whether it answers the other group.
    practice, stage, marks
        Its content, as in `content.Content`.
    appeal
        The gamma number behind a post's comments: its popularity; 0 for comments.
    post, parent, depth
        The post's row in its own table; the parent's row among the comments, -1 at top level; 1 at top level. For posts
        its own row, -1, 0.
    removed
        When it was removed, infinite where never; `reported` says whether users' reports brought that about.
    """

    id: Ids
    author: npt.NDArray[np.int32]
    time: Floats
    group: npt.NDArray[np.int8]
    state: npt.NDArray[np.int8]
    answering: npt.NDArray[np.int8]
    across: npt.NDArray[np.bool_]
    practice: npt.NDArray[np.int16]
    stage: npt.NDArray[np.int16]
    marks: npt.NDArray[np.int16]
    appeal: Floats
    post: npt.NDArray[np.int64]
    parent: npt.NDArray[np.int64]
    depth: npt.NDArray[np.int16]
    removed: Floats
    reported: npt.NDArray[np.bool_]

    @property
    def size(self) -> int:
        """How many items there are."""
        return self.id.size

    def family(self, name: str) -> npt.NDArray[np.int16]:
        """The codes of one family of marks."""
        return self.marks[:, FAMILIES.index(name)]

    def taken(self, rows: npt.NDArray[Any]) -> Items:
        """Some of the rows, in that order."""
        return Items(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    @property
    def content(self) -> Content:
        """Its codes."""
        return Content(self.practice, self.stage, self.marks)


def joined(parts: list[Items]) -> Items:
    """Items one after the other."""
    return Items(**{field.name: np.concatenate([getattr(part, field.name) for part in parts])
                    for field in fields(Items)})  # fmt: skip


@dataclass(frozen=True)
class Chunk:
    """The threads of some accounts: posts, and their comments in the order of post, then of age of the branch."""

    posts: Items
    comments: Items

    @cached_property
    def thread_order(self) -> npt.NDArray[np.int64]:
        """The order in which each post stands before its own comments, of rows of all posts and then all comments."""
        return np.argsort(np.concatenate([self.posts.post, self.comments.post]), kind="stable")


class Conversations:
    """The threads of a world.

    Parameters
    ----------
    world, path, users, streams
        The world, its macro path, its accounts, and the random numbers.
    """

    def __init__(self, world: World, path: Path, users: Users, streams: Streams) -> None:
        self.world, self.path, self.users, self.streams = world, path, users, streams
        self.vocabulary = Vocabulary(world)
        self._rosters = Rosters(world, users)
        self._attention = _Attention(world)
        self._masses = _masses(world, users, self._attention)
        self._appeals = np.array([world.threads.appeal.get(name, 1.0) for name in PARENTS])
        expected = float(self._masses.sum(axis=1) @ users.mark.astype(np.float64))
        self.scale = PILOT / expected if expected > 0 else 0.0
        """Posts kept of those written: the share of threads in the sample."""
        self.scale *= world.items / (PILOT * self._mean_thread()) if expected > 0 else 0.0
        self.expected_posts = expected * self.scale
        """Posts of the sample to expect."""
        self._availability = np.stack([path.by_state(group) @ np.array(community.talk)
                                       for group, community in enumerate(world.groups)])  # fmt: skip

    def _mean_thread(self) -> float:
        """Expected items of a thread, its post included, over the posts of a pilot: 1 + comments / (1 - replies)."""
        posts = self._posts(np.arange(self.users.size))
        comments = self._mean_comments(posts).mean() if posts.size else 0.0
        return 1.0 + float(comments) / (1.0 - self.world.threads.replies)

    def _mean_comments(self, posts: Items) -> Floats:
        """Expected top-level comments of each post, its own popularity aside."""
        kinds = self.vocabulary.parent_kind(posts.content)
        level = self._attention.share(posts.time) * self._appeals[kinds]
        return np.asarray(self.world.threads.comments * level, np.float64)

    def ranges(self, posts_a_chunk: int = POSTS_A_CHUNK) -> list[tuple[int, int]]:
        """Ranges of accounts whose posts make about a chunk each; the size of a chunk changes no number."""
        expected = np.cumsum(self._masses.sum(axis=1) * self.users.mark) * self.scale
        total = float(expected[-1]) if expected.size else 0.0
        pieces = max(1, math.ceil(total / posts_a_chunk))
        bounds = np.searchsorted(expected, np.linspace(0.0, total, pieces + 1)[1:-1])
        limits = [0, *bounds.tolist(), self.users.size]
        return [(first, last) for first, last in pairwise(limits) if last > first]

    def chunk(self, first: int, last: int) -> Chunk:
        """The threads of the accounts `first` to `last` - 1, in the order of the accounts."""
        posts = self._posts(np.arange(first, last))
        return Chunk(posts, self._comments(posts))

    def _posts(self, accounts: npt.NDArray[np.int64]) -> Items:
        users, streams, world = self.users, self.streams, self.world
        masses = self._masses[accounts] * (users.mark[accounts] * self.scale)[:, None]
        many = streams.poisson("user.posts", accounts.astype(np.uint64), np.minimum(masses.sum(axis=1), 700.0))
        author = np.repeat(accounts, many)
        ids = combined(author.astype(np.uint64), counting(many))
        masses = np.repeat(masses, many, axis=0)
        cumulative = np.cumsum(masses, axis=1)
        at = streams.uniform("post.time", ids) * cumulative[:, -1]
        state = np.minimum((at[:, None] >= cumulative).sum(axis=1), masses.shape[1] - 1)
        row = np.arange(ids.size)
        inside = np.divide(at - (cumulative - masses)[row, state], masses[row, state],
                           out=np.zeros_like(at), where=masses[row, state] > 0)  # fmt: skip
        begins, ends = _stay(users, author, state, world.days)
        hours = users.hours[author]
        time = self._attention.between(begins, ends, np.clip(inside, 0.0, 1.0), hours)
        group = users.group[author]
        states = self.vocabulary.states(state.astype(np.int8), time)
        to, across = np.full(ids.size, PARENT["post"], np.int8), np.zeros(ids.size, np.bool_)
        answering = Answering(to, group, across, states, time)
        content = self.vocabulary.written(streams, ids, answering)
        appeal = streams.gamma("post.appeal", ids, world.threads.dispersion)
        removed, reported = self._removals(ids, time, content)
        return Items(ids, author.astype(np.int32), time, group, states, to, across, content.practice, content.stage,
                     content.marks, appeal, row, np.full(ids.size, -1), np.zeros(ids.size, np.int16),
                     removed, reported)  # fmt: skip

    def _comments(self, posts: Items) -> Items:
        threads = self.world.threads
        mean = self._mean_comments(posts) * posts.appeal
        many = self.streams.poisson("post.comments", posts.id, np.minimum(mean, 700.0))
        generation = self._answers(posts, posts, many, np.arange(posts.size))
        found = [generation]
        base = 0  # of the rows of the generation answered, among all comments so far
        for _ in range(GENERATIONS):
            many = self.streams.negative_binomial(
                "comment.replies", generation.id, np.full(generation.size, threads.replies), threads.reply_dispersion
            )
            answers = self._answers(posts, generation, many, generation.post, base)
            base += generation.size
            found.append(answers)
            generation = answers
            if not generation.size:
                break
        return _in_thread_order(joined(found))

    def _answers(
        self, posts: Items, parents: Items, many: npt.NDArray[np.int64], post: npt.NDArray[np.int64],
        base: int | None = None,
    ) -> Items:  # fmt: skip
        """Answers to posts (`base` None) or to comments whose rows begin at `base`; those beyond the end, or for whom
        nobody is there, are not written."""
        world, streams = self.world, self.streams
        above = np.repeat(np.arange(parents.size), many)
        ids = combined(parents.id[above], counting(many) + (0 if base is None else 1 << 20))
        group = self._answering_group(ids, parents.group[above], parents.time[above])
        time = self._answer_time(ids, parents.time[above], group)
        returning = self._returning(posts, parents, ids, above, post, time, base)
        author = np.where(returning >= 0, returning, NOBODY).astype(np.int32)
        asked = np.flatnonzero(author == NOBODY)
        author[asked] = self._rosters.drawn(streams, ids[asked], group[asked], time[asked])
        written = np.flatnonzero((author != NOBODY) & (time < world.days))
        ids, above, time, author = ids[written], above[written], time[written], author[written]
        group = self.users.group[author]
        across = group != parents.group[above]
        state = np.maximum(self.users.state(author, time), 0).astype(np.int8)
        kinds = self.vocabulary.parent_kind(parents.content)
        answering = Answering(kinds[above], group, across, self.vocabulary.states(state, time), time)
        content = self.vocabulary.written(streams, ids, answering)
        removed, reported = self._removals(ids, time, content)
        parent = np.full(ids.size, -1) if base is None else above + base
        depth = (parents.depth[above] + 1).astype(np.int16)
        return Items(ids, author, time, group, answering.state, answering.to, across, content.practice, content.stage,
                     content.marks, np.zeros(ids.size), post[above], parent, depth, removed, reported)  # fmt: skip

    def _answering_group(self, ids: Ids, of: npt.NDArray[np.int8], time: Floats) -> npt.NDArray[np.int8]:
        """The group that answers: the other one with odds m D_other : (1 - m) D_same, D how much each talks then."""
        crossing = rates.mixing(self.world, time)
        talk = np.stack([np.interp(time, self.path.times, row) for row in self._availability])
        row = np.arange(ids.size)
        other, same = crossing * talk[1 - of, row], (1.0 - crossing) * talk[of, row]
        total = other + same
        chance = np.divide(other, total, out=np.zeros_like(total), where=total > 0)
        crosses = self.streams.uniform("comment.across", ids) < chance
        return np.where(crosses, 1 - of, of).astype(np.int8)

    def _answer_time(self, ids: Ids, since: Floats, group: npt.NDArray[np.int8]) -> Floats:
        """A lognormal delay, in the activity time of the group's main zone: answers wait for the morning."""
        threads = self.world.threads
        delay = threads.delay_hours / 24.0 * np.exp(threads.delay_spread * self.streams.normal("comment.delay", ids))
        time = np.empty(ids.size)
        for place in (NEWCOMERS, HOSTS):
            own = np.flatnonzero(group == place)
            hours = self._attention.main_hours[place]
            activity = rates.wound(threads.night, hours, since[own]) + delay[own]
            time[own] = rates.unwound(threads.night, hours, activity)
        return np.maximum(time, since + 1.0 / 86_400)

    def _returning(
        self, posts: Items, parents: Items, ids: Ids, above: npt.NDArray[np.int64], post: npt.NDArray[np.int64],
        time: Floats, base: int | None,
    ) -> npt.NDArray[np.int64]:  # fmt: skip
        """Replies by the author of the post, where somebody else is answered; -1 for those written by others."""
        if base is None:
            return np.full(ids.size, -1)
        owner = posts.author[post[above]]
        returns = self.streams.uniform("comment.returns", ids) < self.world.threads.author_returns
        there = self.users.state(owner, time) >= 0
        return np.where(returns & there & (owner != parents.author[above]), owner, -1).astype(np.int64)

    def _removals(self, ids: Ids, time: Floats, content: Content) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """When items are removed: hostile ones with probability nu / (1 + nu), others rarely; and by reports or not."""
        moderation = self.world.moderation
        hostile = content.family("affect") == self.vocabulary.place("affect.hostility")
        chance = np.where(hostile, 1.0 - rates.visible_share(self.world), moderation.other_removed)
        goes = self.streams.uniform("item.removal", ids) < (chance if moderation.on else np.zeros_like(chance))
        delay = moderation.removal_hours / 24.0 * self.streams.exponential("item.removal.delay", ids)
        reported = goes & (self.streams.uniform("item.reported", ids) < moderation.reported)
        return np.where(goes, time + delay, np.inf), reported


class _Attention:
    """How attention runs: novelty over activity time, for posts and for comments alike.

    Discussions fall with nov(t); half of that (on the log scale) is posts written, half comments drawn by each.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._grid = np.linspace(0.0, world.days, world.days * 24 + 1)
        level = self.share(self._grid)
        self._cumulated = np.concatenate([[0.0], np.cumsum((level[1:] + level[:-1]) / 2 * np.diff(self._grid))])
        self.main_hours = [self._hours(max(community.zones, key=lambda name: community.zones[name]))
                           for community in world.groups]  # fmt: skip

    def _hours(self, zone: str) -> float:
        return (offset_minutes(zone) - offset_minutes(self._world.zone)) / 60.0

    def share(self, day: Floats) -> Floats:
        """sqrt(nov(t))."""
        return np.asarray(np.sqrt(rates.novelty(self._world, day)), np.float64)

    def clock(self, day: Floats) -> Floats:
        """Attention cumulated up to a day."""
        return np.asarray(np.interp(day, self._grid, self._cumulated), np.float64)

    def between(self, begins: Floats, ends: Floats, share: Floats, hours: npt.NDArray[np.float32]) -> Floats:
        """The time at which a share of the attention between two times has passed, by the author's hours of the day."""
        night, time = self._world.threads.night, np.empty_like(begins)
        for offset in np.unique(hours):
            own = np.flatnonzero(hours == offset)
            first, last = (rates.wound(night, float(offset), one[own]) for one in (begins, ends))
            low, high = self.clock(first), self.clock(last)
            activity = np.interp(low + share[own] * (high - low), self._cumulated, self._grid)
            time[own] = rates.unwound(night, float(offset), np.clip(activity, first, last))
        return np.clip(time, begins, np.nextafter(ends, begins))


def _stay(
    users: Users, author: npt.NDArray[np.int64], state: npt.NDArray[np.int64], days: int
) -> tuple[Floats, Floats]:
    """When an account entered a state and when it left it, within the simulated days."""
    entered = np.stack([users.joined[author], users.adapted[author], users.cosmopolitan[author]], axis=1)
    row = np.arange(author.size)
    after = np.concatenate([entered[:, 1:], np.full((author.size, 1), np.inf)], axis=1)[row, state]
    ends = np.minimum(np.minimum(after, users.left[author]), float(days))
    return np.minimum(entered[row, state], ends), ends


def _masses(world: World, users: Users, attention: _Attention) -> Floats:
    """(users, 3) posts an account of mark 1 writes in each state: posts a day times the attention that passes."""
    there = np.isfinite(users.joined) & (users.kind != VISITORS)
    masses = np.zeros((users.size, 3))
    rate = np.array([world.groups[group].posts for group in range(len(GROUPS))])
    accounts = np.flatnonzero(there)
    for state in range(3):
        entered = (users.joined, users.adapted, users.cosmopolitan)[state][accounts]
        reached = np.isfinite(entered)
        begins, ends = _stay(users, accounts, np.full(accounts.size, state), world.days)
        passed = attention.clock(ends) - attention.clock(np.where(reached, begins, ends))
        masses[accounts, state] = np.where(reached, passed, 0.0) * rate[users.group[accounts], state]
    return masses


def _in_thread_order(comments: Items) -> Items:
    """Comments sorted by post and then time, with parents renumbered."""
    order = np.lexsort((comments.time, comments.post))
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    sorted_ = comments.taken(order)
    parent = np.where(sorted_.parent >= 0, place[np.maximum(sorted_.parent, 0)], -1)
    return Items(**{**{field.name: getattr(sorted_, field.name) for field in fields(Items)}, "parent": parent})
