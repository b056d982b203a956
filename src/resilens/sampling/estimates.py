"""What do the items read say about the frame, and how surely? Weighted shares and totals with design-based intervals.

An item stands for 1 / (inclusion probability) items of the frame. Intervals linearise over threads: what is summed up
is each post's own contribution, its comments together, never comments one by one.

Variance, per stratum, of the order sample (Hájek's approximation with Rosén's factor; Rosén 1997, *On sampling with
probability proportional to size*; Ohlsson 1998, *Sequential Poisson sampling*; see also Deville and Tillé 2005,
*Variance approximation under balanced sampling*):

    V_h = k / (k - 1) * sum (1 - π) (e / π - A)²,   A = sum (1 - π) (e / π) / sum (1 - π)

over the k posts examined whose π is below 1, e the post's linearised contribution, 0 for posts found ineligible or
not read. The factors 1 - π are the finite-population correction: certain posts add nothing. To this comes the second
stage, for the m of M comments read: sum over posts of M² (1 - m / M) s² / (m π), s² the variance within the thread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from resilens.results.resampling import MINIMUM_THREADS
from resilens.results.types import Description, Estimate, Result, Undefined
from resilens.sampling.chance import Numbers
from resilens.sampling.drawfile import Draw, DrawnItem

FEW_THREADS = 10
"""Where fewer threads show a code, or fewer do not, a share's interval is Korn and Graubard's."""

HEAVIEST_THREAD = 10.0
"""Where a single thread could outweigh its fellows more than so many times, intervals for comments are Undefined: the
sample cannot show a giant thread it happens to miss (`benchmarks/sampling.py`, design `random`)."""


@dataclass(frozen=True, slots=True)
class Threads:
    """The examined posts with what was read of each, ready for arithmetic; arrays of shape (posts examined,).

    Parameters
    ----------
    stratum
        Number of the stratum.
    chance
        π of the post.
    correction
        Factor on the weight for the stopping rule, see `stopping_correction`.
    read
        Items read in the thread, 0 for posts unread or found ineligible.
    up
        Captured items over read ones, M / m; 1 where nothing was read.
    sum
        Sum of the values read.
    spread
        Variance s² of the values read within the thread, 0 where M = m.
    """

    stratum: NDArray[np.int64]
    chance: Numbers
    correction: Numbers
    read: Numbers
    up: Numbers
    sum: Numbers
    spread: Numbers

    @property
    def weight(self) -> Numbers:
        """What one captured item of the thread stands for."""
        return self.correction / self.chance


def stopping_correction(drawn: int, examined: int) -> float:
    """(n - 1) / n * k / (k - 1): the weight's factor where posts are examined until n eligible ones are found.

    The last post examined is eligible by the rule that stops there, so k examined posts hold too many eligible ones;
    this takes it out, as in inverse sampling (Haldane 1945, *On a method of estimating frequencies*). 1 where no post
    was ineligible. Certain posts count in neither n nor k.
    """
    if drawn < 2 or examined == drawn:
        return 1.0
    return (drawn - 1) / drawn * examined / (examined - 1)


def share(draw: Draw, values: Mapping[str, float], level: float = 0.95, finite: bool = True) -> Result:
    """The share of posts, or of comments, of the frame that have a code: sum w y / sum w over items read (Hájek).

    Parameters
    ----------
    draw
        The sample.
    values
        For each item read 1 if it has the code, else 0 (or a share between): all posts, or all comments. Items not
        read are left out of `values`; to speak of a part of the frame, give the items of that part only.
    level
        Nominal coverage of the interval.
    finite
        Whether the interval is one of the frame's own share. Where shares are compared it is not: two parts of a frame
        are never quite alike, and what is asked is whether more than chance makes them differ; then nothing is
        corrected for the part of the frame that was drawn (Cochran 1977, *Sampling Techniques*, section 2.14).

    Returns
    -------
    Estimate, Description or Undefined
        Estimate, basis *design*: the interval is symmetric on the logit scale, t with (threads - strata) degrees of
        freedom; where every value is alike it is Clopper and Pearson's for Kish's effective number of threads.
        Description: the plain share of the items read, where a chance is unknown (`refusal` says why).
        Undefined: nothing was read, fewer than 20 threads, or comments where one thread could outweigh all others.

    Raises
    ------
    ValueError
        If values are outside [0, 1], posts and comments are pooled, or an item is not in the sample.
    """
    if any(not 0 <= value <= 1 for value in values.values()):
        raise ValueError("a share needs values between 0 and 1")
    items = _items(draw, values)
    if not items:
        return Undefined("no item of the sample was read")
    if refusal(draw, items):
        return _describe(draw, items, sum(values.values()) / len(items), "share")
    if undefined := doubtful(draw, items):
        return undefined
    threads = _threads(draw, items, [values[item.item_id] for item in items])
    return _estimate(draw, items, *share_of(threads, level, finite), level)


def total(draw: Draw, values: Mapping[str, float], level: float = 0.95) -> Result:
    """How many posts, or comments, of the frame have a code, or the total of any value: sum y / π (Horvitz-Thompson).

    Parameters
    ----------
    draw, level
        As for `share`.
    values
        A number for every post of the sample, or for every comment.

    Returns
    -------
    Estimate, Description or Undefined
        As `share`, the interval symmetric; Undefined also where items of the sample were not read.

    Raises
    ------
    ValueError
        As `share`, save that values may be any finite numbers.
    """
    if not all(map(math.isfinite, values.values())):
        raise ValueError("a total needs finite values")
    items = _items(draw, values)
    if not items:
        return Undefined("no item of the sample was read")
    if refusal(draw, items):
        return _describe(draw, items, sum(values.values()), "total of the items read")
    unread = sum(item.is_post == items[0].is_post for item in draw.items) - len(items)
    if unread:
        return Undefined(f"{unread} of the sample's items were not read, so a total would be too small")
    if undefined := doubtful(draw, items):
        return undefined
    threads = _threads(draw, items, [values[item.item_id] for item in items])
    return _estimate(draw, items, *total_of(threads, level), level)


def visibility_bias(draw: Draw, values: Mapping[str, float], level: float = 0.95) -> Result:
    """With `ranked+audit`: by how much the most visible posts overstate a share; ranked minus combined.

    Parameters
    ----------
    draw, values, level
        As for `share`.

    Returns
    -------
    Estimate or Undefined
        The share among the ranked minus that of the whole frame, linearised together, the interval symmetric.
    """
    if draw.design != "ranked+audit":
        return Undefined(f"the design {draw.design} has no audit to compare the ranked posts with")
    items = _items(draw, values)
    if not items:
        return Undefined("no item of the sample was read")
    if reason := refusal(draw, items):
        return Undefined(reason)
    if undefined := doubtful(draw, items):
        return undefined
    threads = _threads(draw, items, [values[item.item_id] for item in items])
    names = [row.stratum for row in draw.strata]
    ranked = np.isin(threads.stratum, [place for place, name in enumerate(names) if name.endswith(": ranked")])
    if not threads.read[ranked].sum() or not threads.read[~ranked].sum():
        return Undefined("ranked posts and audited posts must both have been read")
    return _estimate(draw, items, *difference_of(threads, ranked, level), level)


def weights(draw: Draw, items: Sequence[DrawnItem]) -> Numbers:
    """How many items of the frame each of these stands for: 1 / π, times the correction for the stopping rule.

    Raises
    ------
    ValueError
        If an inclusion probability is missing (`refusal` says so beforehand).
    """
    corrections = _corrections(draw, *_examined(draw))
    correction = dict(zip((post.item_id for post in draw.posts), corrections.tolist(), strict=False))
    return np.array([correction[item.cluster_id] / _known(item.inclusion_probability) for item in items])


def linearised(
    draw: Draw, items: Sequence[str], influence: Numbers, finite: bool = True
) -> tuple[Numbers, int]:  # fmt: skip
    """The variances of sums of values over π, for several values of the same items at once.

    Parameters
    ----------
    draw
        The sample; all chances known.
    items
        Ids of items of the sample, all posts or all comments. Those of the sample that are not named add nothing.
    influence
        Shape (items, k): what each item adds to each of k statistics when its weight grows by one, a statistic's
        derivative by the item's weight.
    finite
        As for `share`.

    Returns
    -------
    (ndarray, int)
        Shape (k,): the variance of each; and the degrees of freedom, threads that add anything - their strata (Korn
        and Graubard 1999, *Analysis of Health Surveys*, section 5.2).
    """
    posts = items[0] in {post.item_id for post in draw.posts}
    read = [item for item in draw.items if item.is_post == posts]
    place = {item.item_id: row for row, item in enumerate(read)}
    values = np.zeros((len(read), influence.shape[1]))
    values[[place[item] for item in items]] = influence
    threads, own = _threads(draw, read, values[:, 0]), _clusters(draw, read)
    found = []
    for column in values.T:
        threads = _valued(threads, own, column)
        found.append(_variance(threads, threads.weight * threads.up * threads.sum, threads.weight, finite))
    adding = np.bincount(own[(values != 0).any(axis=1)], minlength=threads.read.size) > 0
    return np.array(found), _freedom(threads, adding)


def share_of(threads: Threads, level: float = 0.95, finite: bool = True) -> tuple[float, float, float]:
    """The share and the ends of its interval, from examined threads; see `share`."""
    value, scale, residual = _ratio(threads, np.ones(threads.chance.size, dtype=bool))
    low, high = _share_interval(threads, value, _variance(threads, scale * residual, scale, finite), level)
    return value, low, high


def total_of(threads: Threads, level: float = 0.95) -> tuple[float, float, float]:
    """The total and the ends of its interval, from examined threads; see `total`."""
    contribution = threads.weight * threads.up * threads.sum
    value = float(contribution.sum())
    half = _quantile(threads, level) * math.sqrt(_variance(threads, contribution, threads.weight))
    return value, value - half, value + half


def difference_of(threads: Threads, part: NDArray[np.bool_], level: float = 0.95) -> tuple[float, float, float]:
    """The share in a part of the threads minus the share in all, linearised together, with its interval."""
    inside, inside_scale, inside_residual = _ratio(threads, part)
    overall, scale, residual = _ratio(threads, np.ones(part.size, dtype=bool))
    variance = _variance(threads, inside_scale * inside_residual - scale * residual, inside_scale - scale)
    half = _quantile(threads, level) * math.sqrt(variance)
    value = inside - overall
    return value, value - half, value + half


def refusal(draw: Draw, items: Sequence[DrawnItem] = ()) -> str:
    """Why no interval can be given for these items of the draw; empty where one can."""
    if draw.by_hand:
        return "the sample was changed by hand, so no chance of being drawn is known"
    if draw.design == "ranked":
        return "posts taken by rank are the most visible ones; their chances are unknown and cannot be made up"
    if any(item.inclusion_probability is None for item in items):
        return f"comments chosen by the rule `{draw.comment_rule}` have no known chance; only `random` gives one"
    return ""


def _items(draw: Draw, values: Mapping[str, float]) -> list[DrawnItem]:
    """The items read, in the order of the sample."""
    items = [item for item in draw.items if item.item_id in values]
    if len(items) != len(values):
        strangers = sorted(values.keys() - {item.item_id for item in items})
        raise ValueError(f"not in the sample: {', '.join(strangers[:3])}{' ...' if len(strangers) > 3 else ''}")
    if len({item.is_post for item in items}) > 1:
        raise ValueError("posts and comments are never pooled; give one or the other")
    return items


def _describe(draw: Draw, items: Sequence[DrawnItem], value: float, unit: str) -> Description:
    what = "posts" if items[0].is_post else "comments"
    about = f"the {len(items)} {what} read, without weights ({refusal(draw, items)}), from: {draw.frame}"
    return Description(value, len(items), about, unit)


def doubtful(draw: Draw, items: Sequence[DrawnItem]) -> Undefined | None:
    """Why an interval would not keep its promise."""
    threads = len({item.cluster_id for item in items})
    if threads < MINIMUM_THREADS:
        return Undefined(f"only {threads} threads were read; an interval needs at least {MINIMUM_THREADS}")
    heaviest = max(row.heaviest for row in draw.strata)
    if not items[0].is_post and heaviest > HEAVIEST_THREAD:
        return Undefined(
            f"with the design `{draw.design}` one long thread could outweigh the others {heaviest:.0f} times, and "
            "intervals for comments do not cover then; the design `mixed` is made for this"
        )
    return None


def _estimate(
    draw: Draw, items: Sequence[DrawnItem], value: float, low: float, high: float, level: float
) -> Estimate:
    design = f"{draw.design}, seed {draw.seed}"
    if not items[0].is_post:
        design += f"; comments {draw.comment_rule}, at most {draw.comments} a post"
    threads = len({item.cluster_id for item in items})
    return Estimate(value, low, high, level, len(items), threads, "design", draw.frame, design)


def _threads(draw: Draw, items: Sequence[DrawnItem], values: ArrayLike) -> Threads:
    """Every examined post: those of the sample in its order, then the ineligible ones with nothing read."""
    own, (strata, chances, eligible) = _clusters(draw, items), _examined(draw)
    up = np.ones(strata.size)
    # π of the item is that of its post times m / M; comments read in part stand for all of the thread.
    up[own] = chances[own] / np.array([_known(item.inclusion_probability) for item in items])
    read = np.bincount(own, minlength=strata.size).astype(np.float64)
    nothing = np.zeros(strata.size)
    threads = Threads(strata, chances, _corrections(draw, strata, chances, eligible), read, up, nothing, nothing)
    return _valued(threads, own, np.asarray(values, dtype=np.float64))


def _clusters(draw: Draw, items: Sequence[DrawnItem]) -> NDArray[np.int64]:
    """The place of each item's post among the examined ones."""
    place = {post.item_id: row for row, post in enumerate(draw.posts)}
    return np.array([place[item.cluster_id] for item in items], dtype=np.int64)


def _valued(threads: Threads, own: NDArray[np.int64], values: Numbers) -> Threads:
    """The threads with these values read in them; where one comment of several was read, its thread's variance is the
    mean of the other threads'."""
    size = threads.read.size
    summed = np.bincount(own, weights=values, minlength=size).astype(np.float64)
    away = (values - (summed / np.maximum(threads.read, 1))[own]) ** 2
    known, lone = (threads.up > 1) & (threads.read > 1), (threads.up > 1) & (threads.read == 1)
    spread = np.where(known, np.bincount(own, weights=away, minlength=size) / np.maximum(threads.read - 1, 1), 0.0)
    if lone.any():
        spread[lone] = spread[known].mean() if known.any() else np.var(values, ddof=1)
    return replace(threads, sum=summed, spread=spread)


def _examined(draw: Draw) -> tuple[NDArray[np.int64], Numbers, NDArray[np.bool_]]:
    """The stratum, the chance and the eligibility of every examined post: those of the sample, then the others."""
    number = {row.stratum: place for place, row in enumerate(draw.strata)}
    left_out = [(number[row.stratum], _known(chance)) for row in draw.strata for _, chance in row.ineligible]
    strata = [number[post.stratum] for post in draw.posts] + [place for place, _ in left_out]
    chances = [_known(post.inclusion_probability) for post in draw.posts] + [chance for _, chance in left_out]
    return np.array(strata, dtype=np.int64), np.array(chances), np.arange(len(strata)) < len(draw.posts)


def _known(chance: float | None) -> float:
    if chance is None:
        raise ValueError("an inclusion probability is missing")
    return chance


def _corrections(
    draw: Draw, strata: NDArray[np.int64], chances: Numbers, eligible: NDArray[np.bool_]
) -> Numbers:
    factors = np.ones(strata.size)
    for place, row in enumerate(draw.strata):
        by_chance = (strata == place) & (chances < 1)
        if not row.exhausted:
            factors[by_chance] = stopping_correction(int((by_chance & eligible).sum()), int(by_chance.sum()))
    return factors


def _ratio(threads: Threads, part: NDArray[np.bool_]) -> tuple[float, Numbers, Numbers]:
    """The share in a part of the threads, each thread's factor, and its sum of (y - share), captured items counted."""
    weight = np.where(part, threads.weight, 0.0)
    size = float((weight * threads.up * threads.read).sum())
    value = float((weight * threads.up * threads.sum).sum()) / size
    return value, weight / size, threads.up * (threads.sum - value * threads.read)


def _variance(threads: Threads, contribution: Numbers, scale: Numbers, finite: bool = True) -> float:
    """The variance of the sum of `contribution`, each thread's items having been multiplied by `scale`.

    Where the frame is not taken for finite, threads vary as if drawn with replacement: certain ones too, and what was
    not read within a thread is part of how threads differ.
    """
    variance = 0.0
    for place in np.unique(threads.stratum):
        moving = (threads.stratum == place) & ((threads.chance < 1) | (not finite))
        left = 1 - threads.chance[moving] if finite else np.ones(int(moving.sum()))
        parts = contribution[moving]
        if parts.size > 1:
            centre = (left * parts).sum() / left.sum()
            variance += parts.size / (parts.size - 1) * float((left * (parts - centre) ** 2).sum())
        else:
            # One post says nothing of the spread in its stratum: its whole contribution is taken for deviation.
            variance += float((left * parts**2).sum())
    if not finite:
        return variance
    second = threads.chance * scale**2 * threads.up * (threads.up - 1) * threads.read * threads.spread
    return variance + float(second.sum())


def _freedom(threads: Threads, which: NDArray[np.bool_] | None = None) -> int:
    """Threads read, or these, - their strata."""
    read = threads.read > 0 if which is None else which
    return max(1, int(read.sum()) - np.unique(threads.stratum[read]).size)


def _quantile(threads: Threads, level: float) -> float:
    return float(special.stdtrit(_freedom(threads), 0.5 + level / 2))


@dataclass(frozen=True, slots=True)
class Shown:
    """What the interval of a share rests on beside its variance.

    Parameters
    ----------
    threads
        How many threads show what is counted, or do not: whichever are fewer.
    items
        The number of items that the effective number never exceeds.
    alike
        The effective number of threads where all or none show it (Kish).
    freedom
        Degrees of freedom of the variance.
    """

    threads: int
    items: float
    alike: float
    freedom: int


def share_limits(value: float, variance: float, shown: Shown, level: float = 0.95) -> tuple[float, float]:
    """The ends of the interval of a share, from its linearised variance.

    Symmetric on the logit scale, t; Korn and Graubard's where fewer than `FEW_THREADS` threads show it, or do not;
    where all or none do, Clopper and Pearson's for the effective number of threads.
    """
    if variance <= 0 and 0 < value < 1:
        return value, value
    if not 0 < value < 1:
        edge = (0.5 - level / 2) ** (1 / shown.alike)
        return (0.0, 1 - edge) if value <= 0 else (edge, 1.0)
    t = float(special.stdtrit(shown.freedom, 0.5 + level / 2))
    if shown.threads < FEW_THREADS:
        return _korn_graubard(value, variance, t, shown.items, level)
    logit, half = math.log(value / (1 - value)), t * math.sqrt(variance) / (value * (1 - value))
    return float(special.expit(logit - half)), float(special.expit(logit + half))


def wilson(value: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """The ends of Wilson's interval for a share of n, which need not be whole (Wilson 1927, *Probable inference, the
    law of succession, and statistical inference*, Journal of the American Statistical Association 22, 209-212)."""
    z = float(special.ndtri(0.5 + level / 2))
    centre = (value + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(value * (1 - value) / n + (z / (2 * n)) ** 2)
    return max(0.0, min(value, centre - half)), min(1.0, max(value, centre + half))


def _korn_graubard(value: float, variance: float, t: float, most: float, level: float) -> tuple[float, float]:
    """Clopper and Pearson's interval with the effective number of items, p (1 - p) / variance, as degrees of freedom
    adjust it (Korn and Graubard 1998, *Confidence intervals for proportions with small expected number of positive
    counts estimated from survey data*)."""
    normal = float(special.ndtri(0.5 + level / 2))
    effective = min(value * (1 - value) / variance * (normal / t) ** 2, most)
    successes = value * effective
    tail = 0.5 - level / 2
    low = float(special.betaincinv(successes, effective - successes + 1, tail)) if successes > 0 else 0.0
    high = float(special.betaincinv(successes + 1, effective - successes, 1 - tail)) if successes < effective else 1.0
    return low, high


def _share_interval(threads: Threads, value: float, variance: float, level: float) -> tuple[float, float]:
    read = threads.read > 0
    if not 0 < value < 1 and (threads.chance[read] == 1).all() and (threads.up[read] == 1).all():
        return value, value
    shown = min(int(((threads.sum > 0) & read).sum()), int((threads.sum < threads.read).sum()))
    weight = (threads.weight * threads.up * threads.read)[read]
    alike = float(weight.sum() ** 2 / (weight**2).sum())
    return share_limits(value, variance, Shown(shown, float(threads.read.sum()), alike, _freedom(threads)), level)
