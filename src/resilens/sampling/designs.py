"""Which posts does a design draw, with what chance, and what if one of them turns out not to belong?

| design | the posts of a stratum are examined | inclusion probability |
|---|---|---|
| `ranked` | as the interleaved rankings have them | unknown: the most visible posts, only described |
| `random` | by U | equal |
| `mixed` | by U / (½ + ½ (c + 1) / mean(c + 1)), c the captured comments | known, mixed |
| `ranked+audit` | first `ranked`, then the rest as `mixed` | 1 for the ranked, known for the audit |

A post found ineligible at the screening desk was examined all the same: it is replaced by the next in the order, and
the chances are those of being among all examined, ineligible ones included.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from resilens.errors import InputError
from resilens.sampling.chance import examination_order, inclusion_probabilities, mixed_sizes
from resilens.sampling.frame import Frame, FramePost

Design: TypeAlias = Literal["ranked", "random", "mixed", "ranked+audit"]
DESIGNS: tuple[Design, ...] = ("ranked", "random", "mixed", "ranked+audit")


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


def draw_posts(
    frame: Frame,
    quotas: Mapping[str, int],
    design: Design,
    seed: int,
    ineligible: Mapping[str, str] | None = None,
    audit: float = 0.25,
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

    Returns
    -------
    (list of DrawnPost, list of Stratum, list of str)
        The sample by stratum and rank; what happened in each stratum; the ineligible posts examined, by post_id.

    Raises
    ------
    InputError
        If the design is unknown, or the audit's share is not between 0 and 1.
    """
    if design not in DESIGNS:
        raise InputError(f"unknown design {design!r}; one of {', '.join(DESIGNS)}")
    if not 0 < audit < 1:
        raise InputError(f"the share of the audit must be between 0 and 1, not {audit}")
    out = ineligible or {}
    drawn: list[DrawnPost] = []
    strata: list[Stratum] = []
    passed_over: list[str] = []
    for hashtag, quota in quotas.items():
        posts = frame.stratum(hashtag)
        if design == "ranked+audit":
            audited = min(quota, max(1, int(quota * audit + 0.5))) if quota else 0
            steps = [(f"{hashtag}: ranked", quota - audited, True), (f"{hashtag}: audit", audited, False)]
        else:
            steps = [(hashtag, quota, design == "ranked")]
        for stratum, wanted, by_rank in steps:
            taken, summary, rest = _draw_stratum(stratum, hashtag, posts, wanted, by_rank, design, seed, out)
            drawn += taken
            strata.append(summary)
            gone = {post.post_id for post in taken} | {post.post_id for post in rest}
            passed_over += [post.post_id for post in posts if post.post_id not in gone]
            posts = rest
    return drawn, strata, sorted(passed_over)


def _draw_stratum(
    stratum: str, hashtag: str, posts: Sequence[FramePost], wanted: int, by_rank: bool, design: Design, seed: int,
    ineligible: Mapping[str, str],
) -> tuple[list[DrawnPost], Stratum, list[FramePost]]:  # fmt: skip
    """The posts drawn, the summary, and the posts that were not examined."""
    ids = [post.post_id for post in posts]
    sizes = [1.0] * len(posts) if design == "random" else list(mixed_sizes([post.comments for post in posts]))
    order = list(range(len(posts))) if by_rank else examination_order(ids, sizes, seed)
    examined: list[int] = []
    eligible = 0
    for position in order:
        if eligible == wanted:
            break
        examined.append(position)
        eligible += ids[position] not in ineligible
    chances: list[float | None] = [None] * len(posts)
    if not by_rank:
        chances = list(map(float, inclusion_probabilities(sizes, len(examined))))
    elif design == "ranked+audit":
        chances = [1.0] * len(posts)
    how = "ranked" if by_rank else "random" if design == "random" else "mixed"
    drawn = []
    refills = iter([ineligible[ids[position]] for position in examined if ids[position] in ineligible])
    for rank, position in enumerate(examined, 1):
        if ids[position] in ineligible:
            continue
        place = f"{how}, {posts[position].best or 'rank unknown'}" if by_rank else how
        reason = f"refill, {place}; replaces one left out: {next(refills)}" if rank > wanted else place
        drawn.append(DrawnPost(ids[position], hashtag, stratum, chances[position], rank, reason))
    left_out = tuple((ineligible[ids[place]], chances[place]) for place in examined if ids[place] in ineligible)
    summary = Stratum(stratum, hashtag, wanted, len(drawn), len(posts), len(examined), left_out,
                      _heaviest(posts, chances))  # fmt: skip
    seen = set(examined)
    return drawn, summary, [post for place, post in enumerate(posts) if place not in seen]


def _heaviest(posts: Sequence[FramePost], chances: Sequence[float | None]) -> float:
    """See `Stratum.heaviest`; the mean is over draws, that is weighted by chance."""
    pairs = [(post.comments, chance) for post, chance in zip(posts, chances, strict=True) if chance and chance < 1]
    comments = sum(count for count, _ in pairs)
    if not comments:
        return 0.0
    drawn = math.fsum(chance for _, chance in pairs)
    return max(count / chance for count, chance in pairs) * drawn / comments
