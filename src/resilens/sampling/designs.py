"""Which posts does a design draw, with what chance, and what if one of them turns out not to belong?

| design | the posts of a stratum are examined | inclusion probability |
|---|---|---|
| `ranked` | as the interleaved rankings have them | unknown: the most visible posts, only described |
| `random` | by U | equal |
| `mixed` | by U / (½ + ½ (c + 1) / mean(c + 1)), c the captured comments | known, mixed |
| `ranked+audit` | first `ranked`, then the rest as `mixed` | 1 for the ranked, known for the audit |

A post found ineligible at the screening desk was examined all the same: it is replaced by the next in the order, and
the chances are those of being among all examined, ineligible ones included. A post that a lead brought in takes a place
of its hashtag's quota, the last to be filled, and is not examined by the design.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from resilens.errors import InputError
from resilens.sampling.chance import examination_order, inclusion_probabilities, mixed_sizes
from resilens.sampling.frame import Frame, FramePost

Design: TypeAlias = Literal["ranked", "random", "mixed", "ranked+audit"]
DESIGNS: tuple[Design, ...] = ("ranked", "random", "mixed", "ranked+audit")

REFILL = "refill"
"""How the reason of a post begins that took the place of an ineligible one."""


@dataclass(frozen=True, slots=True)
class DrawnPost:
    """A post of the sample.

    Parameters
    ----------
    post_id, hashtag, stratum
        The post, the hashtag whose quota it fills, and its stratum: the hashtag, or `hashtag: ranked` and
        `hashtag: audit` where a hashtag is drawn in two ways.
    chance
        Its inclusion probability; None where unknown.
    rank
        Its place in the order of examination of its stratum, from 1; ineligible posts hold places too.
    reason
        How it came into the sample, in words.
    """

    post_id: str
    hashtag: str
    stratum: str
    chance: float | None
    rank: int
    reason: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """What happened in one stratum.

    Parameters
    ----------
    stratum, hashtag
        Its name and its hashtag.
    wanted, drawn
        Posts wanted and posts drawn; what is missing is the shortfall, and no other stratum makes up for it.
    in_frame, examined
        Posts that could have been drawn, and posts looked at.
    ineligible
        Reason and chance of each post examined and found ineligible, in the order of examination.
    heaviest
        By how much a single thread left to chance could outweigh its fellows where comments are estimated: the
        largest (captured comments / chance) over its mean, among posts whose chance is below 1. 0 where there is
        none; with `mixed` it is hardly above 2 whatever the frame, with `random` it is the longest thread over the
        mean one.
    """

    stratum: str
    hashtag: str
    wanted: int
    drawn: int
    in_frame: int
    examined: int
    ineligible: tuple[tuple[str, float | None], ...]
    heaviest: float = 0.0

    @property
    def shortfall(self) -> int:
        return self.wanted - self.drawn

    @property
    def exhausted(self) -> bool:
        """Whether every post was examined, so that nothing was left to chance."""
        return self.examined == self.in_frame


@dataclass(frozen=True, slots=True)
class Place:
    """A post's place in the order in which a design examines the posts of a hashtag.

    Parameters
    ----------
    post
        The post.
    stratum, rank
        Its stratum, and its place there, from 1.
    examined
        Whether the design comes to it, as decided so far; posts it does not come to would be next, in this order.
    """

    post: FramePost
    stratum: str
    rank: int
    examined: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A stratum to be: its name, the posts wanted, those left to the design, and whether it goes by rank."""

    stratum: str
    wanted: int
    left: int
    by_rank: bool


def draw_posts(
    frame: Frame,
    quotas: Mapping[str, int],
    design: Design,
    seed: int,
    ineligible: Mapping[str, str] | None = None,
    audit: float = 0.25,
    brought: Mapping[str, str] | None = None,
) -> tuple[list[DrawnPost], list[Stratum], list[str]]:
    """Draw the posts of every stratum.

    Parameters
    ----------
    frame
        What could be drawn.
    quotas
        Posts wanted for each hashtag, in the order in which strata are given back.
    design, seed
        The design and the seed.
    ineligible
        Why posts are ineligible, by post_id, as decided at the screening desk.
    audit
        With `ranked+audit`: the share of each quota that is drawn from the posts the rankings left out, rounded half
        up, at least one post.
    brought
        The hashtag of each post that a lead brought in, by post_id. They take the last places of its quota, those of
        the audit first, and the design passes them over.

    Returns
    -------
    (list of DrawnPost, list of Stratum, list of str)
        The sample by stratum and rank, without the posts brought in; what happened in each stratum; the ineligible
        posts examined, by post_id.

    Raises
    ------
    InputError
        If the design is unknown, or the audit's share is not between 0 and 1.
    """
    out, aside = ineligible or {}, brought or {}
    drawn: list[DrawnPost] = []
    strata: list[Stratum] = []
    passed_over: list[str] = []
    for hashtag, quota in quotas.items():
        posts = frame.stratum(hashtag)
        for step in _steps(hashtag, quota, design, audit, list(aside.values()).count(hashtag)):
            order = _order(posts, step.by_rank, design, seed)
            examined = _examined(posts, order, step.left, out, aside)
            taken, summary = _drawn(step, hashtag, posts, examined, design, out)
            drawn += taken
            strata.append(summary)
            passed_over += [posts[place].post_id for place in examined if posts[place].post_id in out]
            seen = set(examined)
            posts = [post for place, post in enumerate(posts) if place not in seen]
    return drawn, strata, sorted(passed_over)


def design_order(
    frame: Frame,
    hashtag: str,
    quota: int,
    design: Design,
    seed: int,
    ineligible: Mapping[str, str] | None = None,
    audit: float = 0.25,
    brought: Mapping[str, str] | None = None,
    first: Sequence[int] | None = None,
) -> list[Place]:
    """Every post of a hashtag in the order in which the design examines them, without those brought in.

    The posts that are `examined` and not ineligible are those that `draw_posts` draws from the same arguments. `first`
    is `first_order` of the same hashtag, where it is at hand.
    """
    out, aside = ineligible or {}, brought or {}
    posts = frame.stratum(hashtag)
    steps = _steps(hashtag, quota, design, audit, list(aside.values()).count(hashtag))
    places: list[Place] = []
    for step in steps:
        kept = first if step is steps[0] else None
        order = _order(posts, step.by_rank, design, seed) if kept is None else kept
        seen = _examined(posts, order, step.left, out, aside)
        reached = set(seen)
        if step is steps[-1]:
            seen += [place for place in order if place not in reached and posts[place].post_id not in aside]
        places += [Place(posts[place], step.stratum, rank, place in reached) for rank, place in enumerate(seen, 1)]
        posts = [post for place, post in enumerate(posts) if place not in reached]
    return places


def first_order(frame: Frame, hashtag: str, design: Design, seed: int) -> list[int]:
    """The order in which a hashtag's posts are examined at first, as places in its stratum; no decision changes it."""
    return _order(frame.stratum(hashtag), design in ("ranked", "ranked+audit"), design, seed)


def _steps(hashtag: str, quota: int, design: Design, audit: float, brought: int) -> list[Step]:
    """The strata of a hashtag; posts that leads `brought` in take the last places."""
    if design not in DESIGNS:
        raise InputError(f"unknown design {design!r}; one of {', '.join(DESIGNS)}")
    if not 0 < audit < 1:
        raise InputError(f"the share of the audit must be between 0 and 1, not {audit}")
    left = max(0, quota - brought)
    if design != "ranked+audit":
        return [Step(hashtag, quota, left, design == "ranked")]
    audited = min(quota, max(1, int(quota * audit + 0.5))) if quota else 0
    ranked = quota - audited
    return [
        Step(f"{hashtag}: ranked", ranked, min(ranked, left), True),
        Step(f"{hashtag}: audit", audited, max(0, left - ranked), False),
    ]


def _sizes(posts: Sequence[FramePost], design: Design) -> Sequence[float]:
    return [1.0] * len(posts) if design == "random" else list(mixed_sizes([post.comments for post in posts]))


def _order(posts: Sequence[FramePost], by_rank: bool, design: Design, seed: int) -> list[int]:
    """The places of the posts in the order of examination."""
    if by_rank:
        return list(range(len(posts)))
    return examination_order([post.post_id for post in posts], _sizes(posts, design), seed)


def _examined(
    posts: Sequence[FramePost], order: Sequence[int], left: int, ineligible: Collection[str], aside: Collection[str]
) -> list[int]:
    """The places of the posts that are looked at until as many eligible ones are found as are `left` to find."""
    examined: list[int] = []
    eligible = 0
    for place in order:
        if eligible == left:
            break
        if posts[place].post_id in aside:
            continue
        examined.append(place)
        eligible += posts[place].post_id not in ineligible
    return examined


def _drawn(
    step: Step, hashtag: str, posts: Sequence[FramePost], examined: Sequence[int], design: Design,
    ineligible: Mapping[str, str],
) -> tuple[list[DrawnPost], Stratum]:  # fmt: skip
    """The posts drawn in a stratum, and the summary."""
    ids = [post.post_id for post in posts]
    chances: list[float | None] = [None] * len(posts)
    if not step.by_rank:
        chances = list(map(float, inclusion_probabilities(_sizes(posts, design), len(examined))))
    elif design == "ranked+audit":
        chances = [1.0] * len(posts)
    how = "ranked" if step.by_rank else "random" if design == "random" else "mixed"
    drawn = []
    refills = iter([ineligible[ids[position]] for position in examined if ids[position] in ineligible])
    for rank, position in enumerate(examined, 1):
        if ids[position] in ineligible:
            continue
        place = f"{how}, {posts[position].best or 'rank unknown'}" if step.by_rank else how
        reason = f"{REFILL}, {place}; replaces one left out: {next(refills)}" if rank > step.left else place
        drawn.append(DrawnPost(ids[position], hashtag, step.stratum, chances[position], rank, reason))
    left_out = tuple((ineligible[ids[place]], chances[place]) for place in examined if ids[place] in ineligible)
    return drawn, Stratum(step.stratum, hashtag, step.wanted, len(drawn), len(posts), len(examined), left_out,
                          _heaviest(posts, chances))  # fmt: skip


def _heaviest(posts: Sequence[FramePost], chances: Sequence[float | None]) -> float:
    """See `Stratum.heaviest`; the mean is over draws, that is weighted by chance."""
    pairs = [(post.comments, chance) for post, chance in zip(posts, chances, strict=True) if chance and chance < 1]
    comments = sum(count for count, _ in pairs)
    if not comments:
        return 0.0
    drawn = math.fsum(chance for _, chance in pairs)
    return max(count / chance for count, chance in pairs) * drawn / comments
