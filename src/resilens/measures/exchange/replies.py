"""How often does one group answer another, and how evenly?

Of threads captured whole: r_ab is the share of a's items, posts and comments apart, with at least one direct reply of
b; asymmetry A = (r_ab - r_ba) / (r_ab + r_ba): above 0 where a is answered more, 0 where both are answered alike, below
where b is. A head: in place of r_ab the replies that b gives a by each author of b active in the thread. Reciprocity
is 1 - |A a head|.

Intervals are linearised over threads, for shares on the logit scale, for asymmetry on the log of the ratio of the two
rates (A is the hyperbolic tangent of its half): no end leaves its range, and swapping the groups flips the sign.
Asymmetry is compared with 0, so its interval has no correction for a finite frame (`Estimating.beyond`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from resilens.measures.apart import apart
from resilens.measures.estimating import Estimating, Value
from resilens.measures.exchange.structure import UNITS, Structure, structure_of
from resilens.measures.items import Flags, Numbers
from resilens.measures.material import Material
from resilens.measures.shares import why_no_interval
from resilens.results.resampling import MINIMUM_THREADS
from resilens.results.tables import counted
from resilens.results.types import Description, Estimate, Result, Undefined
from resilens.sampling.estimates import HEAVIEST_THREAD

HEADS = "heads"

NO_WHOLE = ("no thread with comments was captured whole (as many as its post shows, exactly), so that an item without "
            "a reply cannot be told from one whose reply was not captured")  # fmt: skip


def pairs(material: Material) -> tuple[tuple[str, str], ...]:
    """The groups that meet, who arrives before who receives; with other than one of each, every two of the first
    three."""
    names = [group.name for group in material.study.groups]
    newcomers, hosts = material.groups_of("newcomer"), material.groups_of("host")
    if len(names) == 2 and len(newcomers) == len(hosts) == 1:
        return ((newcomers[0], hosts[0]),)
    return tuple((one, other) for place, one in enumerate(names[:3]) for other in names[place + 1 : 3])


def no_pair(material: Material) -> Undefined | None:
    """The reason where there are not two groups to meet."""
    if pairs(material):
        return None
    return Undefined("the study declares fewer than two groups, so nothing crosses from one to another")


def whole_structure(material: Material) -> Structure | Undefined:
    """The replies, where at least one thread with comments was captured whole.

    Posts that show no comments are whole without any having been looked for; alone they say nothing.
    """
    found = structure_of(material)
    if isinstance(found, Structure) and not found.captured[found.whole].any():
        return Undefined(NO_WHOLE)
    return found


def answered(material: Material, unit: str, asked: str, by: str, period: int | None = None) -> Result:
    """r_ab: the share of a group's posts, or comments, with at least one direct reply of another group.

    Parameters
    ----------
    unit
        posts or comments.
    asked, by
        The group that is answered, the group that answers.
    period
        The place of the period the items are of; all of them, the undated too, unless given.

    Returns
    -------
    Estimate, Description or Undefined
        Undefined: no thread was captured whole, or the group has no such item in them.
    """
    found = whole_structure(material)
    if isinstance(found, Undefined):
        return found
    sums = _answers(found, unit, asked, by, period)
    used = found.whole & (sums[:, 1] > 0)
    missing = f"{asked} have no {unit} in the threads captured whole"
    if not used.any():
        return Undefined(missing)
    if unit == UNITS[0]:
        share = material.estimating.share(found.posts.select(used), sums[used, 0] > 0)
        return spoken(material, share, int(used.sum()), unit, int(used.sum()))
    scale = _Scale(_ratio, special.logit, special.expit, "share")
    return _linked(material, material.estimating, found, used, sums[used], scale, missing, unit)


def at_least_answered(material: Material, unit: str, asked: str, by: str) -> Result:
    """r_ab in all threads looked at, captured whole or not: a lower bound, so a Description."""
    found = structure_of(material)
    if isinstance(found, Undefined):
        return found
    some, n = _answers(found, unit, asked, by, None).sum(axis=0)
    if not found.captured.any():
        return Undefined("no comment was captured")
    if not n:
        return Undefined(f"no {unit.removesuffix('s')} of {asked} was captured")
    partly = counted(int((~found.whole).sum()), "thread")
    return Description(float(some / n), int(n), f"all captured {unit} of {asked}; a lower bound, since {partly} "
                       "of those looked at may hold replies that were not captured", "share")  # fmt: skip


def asymmetry(material: Material, unit: str, a: str, b: str, period: int | None = None) -> Result:
    """A = (r_ab - r_ba) / (r_ab + r_ba) among posts, among comments, or (`heads`) by replies a head; in [-1, 1].

    Parameters
    ----------
    unit
        posts, comments, or heads.
    a, b
        The groups; above 0 where a is answered more.
    period
        Its place; all unless given.

    Returns
    -------
    Estimate, Description or Undefined
        Description: one of the groups has items (or authors) in fewer than 20 whole threads, or was never answered.
        Undefined: neither was answered, one has no items, or no thread is whole.
    """
    found = whole_structure(material)
    if isinstance(found, Undefined):
        return found
    sums = _rates(found, unit, a, b, period)
    used = found.whole & ((sums[:, 1] > 0) | (sums[:, 3] > 0))
    scale = _Scale(_index, np.arctanh, np.tanh, "index")
    missing = f"{a} and {b} did not both take part, or neither was answered"
    result = _linked(material, material.estimating.beyond, found, used, sums[used], scale, missing, unit)
    return _both_often(result, sums[found.whole], a, b)


def asymmetry_change(material: Material, unit: str, a: str, b: str) -> Result:
    """Asymmetry in the last period minus that in the first, in [-2, 2]; see `apart`. Parameters as for `asymmetry`."""
    found = whole_structure(material)
    if isinstance(found, Undefined):
        return found
    if len(material.periods) < 2:
        return Undefined("time is not cut into periods, so there is no change")
    spans = (len(material.periods) - 1, 0)
    late, early = (asymmetry(material, unit, a, b, place) for place in spans)
    taking_part = np.stack([(_rates(found, unit, a, b, place) > 0).any(axis=1) for place in spans]).any(axis=0)
    return apart(late, early, int((taking_part & found.whole).sum()), "index")


def reciprocity(material: Material, period: int | None = None) -> Result:
    """1 - |A a head| of newcomers and hosts (of the first two groups, where there are others): 1 where a head of each
    gives the other group as many replies, 0 where only one does.

    The interval is what that of A becomes; 1 is its end wherever A's holds 0.

    Parameters
    ----------
    period
        Its place among the material's; all unless given.
    """
    if reason := no_pair(material):
        return reason
    found = asymmetry(material, HEADS, *pairs(material)[0], period)
    if isinstance(found, Undefined):
        return found
    value = 1 - abs(found.value)
    if isinstance(found, Description):
        return replace(found, value=value)
    near, far = sorted((abs(found.low), abs(found.high)))
    return replace(found, value=value, low=1 - far, high=1.0 if found.low <= 0 <= found.high else 1 - near)


def spoken(material: Material, result: Result, n: int, what: str, threads: int, *, whole: bool = True) -> Result:
    """The result with what it rests on: all captured items of threads (captured whole), not the coded ones.

    Where chances are known but one long thread could outweigh the others, what is counted below posts has no interval.
    """
    if isinstance(result, Undefined):
        return result
    words = "authors, thread by thread," if what == HEADS else what
    where = counted(threads, "thread") + (" captured whole" if whole else "")
    frame = f"the {words} captured in {where}, coded or not, and no others"
    if isinstance(result, Description):
        why = why_no_interval(result)
        return replace(result, n=n, frame=f"{frame} (no interval: {why})" if why else frame)
    if result.basis == "coding":
        return replace(result, n_items=n, n_threads=threads, frame=frame)
    draw = material.draw
    heaviest = max(row.heaviest for row in draw.strata) if draw else 0.0
    if what != UNITS[0] and heaviest > HEAVIEST_THREAD:
        return Description(result.value, n, f"{frame} (no interval: one long thread could outweigh the others "
                           f"{heaviest:.0f} times)", "share")  # fmt: skip
    return replace(result, n_items=n, n_threads=threads)


@dataclass(frozen=True, slots=True)
class _Scale:
    """A function of totals, and the scale on which its interval is symmetric: there and back."""

    value: Value
    there: Callable[[Numbers], Numbers]
    back: Callable[[float], float]
    unit: str


def _linked(
    material: Material, estimating: Estimating, found: Structure, used: Flags, sums: Numbers, scale: _Scale,
    missing: str, unit: str,
) -> Result:  # fmt: skip
    """A function of totals with an interval symmetric on a scale of its own; sums are those of the threads used."""
    posts, n, threads = found.posts.select(used), int(sums[:, 1::2].sum()), int(used.sum())
    if not threads:
        return Undefined(missing)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = float(scale.value(estimating.weight(posts)[None, :] @ sums)[0])
        finite = np.isfinite(scale.there(np.array([at]))).all()
    if not np.isfinite(at):
        return Undefined(missing)
    if not finite:
        described = Description(at, n, "(no interval: it is at the end of its range)", scale.unit)
        return spoken(material, described, n, unit, threads)
    result = estimating.smooth(posts, sums, lambda totals: scale.there(scale.value(totals)), missing=missing)
    if isinstance(result, Estimate):
        low, high = (float(scale.back(end)) for end in (result.low, result.high))
        result = replace(result, value=at, low=low, high=high)
    elif isinstance(result, Description):
        result = replace(result, value=at, unit=scale.unit)
    return spoken(material, result, n, unit, threads)


def _both_often(result: Result, sums: Numbers, a: str, b: str) -> Result:
    """A Description where one of two groups takes part in too few threads for an interval of both."""
    often = {a: int((sums[:, 1] > 0).sum()), b: int((sums[:, 3] > 0).sum())}
    least = min(often, key=lambda group: often[group])
    if not isinstance(result, Estimate) or often[least] >= MINIMUM_THREADS:
        return result
    why = f"{least} take part in {counted(often[least], 'thread')}, and an interval needs {MINIMUM_THREADS}"
    return Description(result.value, result.n_items, f"{result.frame} (no interval: {why})", "index")


def _answers(found: Structure, unit: str, asked: str, by: str, period: int | None) -> Numbers:
    """By thread: items with a reply, items; shape (T, 2)."""
    u, a, b = UNITS.index(unit), found.posts.groups.index(asked), found.posts.groups.index(by)
    spans = slice(None) if period is None else slice(period, period + 1)
    some, n = found.answered[:, u, a, spans, b].sum(axis=1), found.items[:, u, a, spans].sum(axis=1)
    return np.stack([some, n], axis=1).astype(np.float64)


def _rates(found: Structure, unit: str, a: str, b: str, period: int | None) -> Numbers:
    """By thread: a's items answered by b, a's items, b's answered by a, b's; or b's replies to a, b's authors, a's
    replies to b, a's authors; shape (T, 4)."""
    if unit != HEADS:
        return np.concatenate([_answers(found, unit, a, b, period), _answers(found, unit, b, a, period)], axis=1)
    spans = slice(None) if period is None else slice(period, period + 1)
    columns = []
    for one, other in ((b, a), (a, b)):
        by, to = found.posts.groups.index(one), found.posts.groups.index(other)
        columns += [found.given[:, by, spans, to].sum(axis=1), found.heads[:, by, -1 if period is None else period]]
    return np.stack(columns, axis=1).astype(np.float64)


def _ratio(totals: Numbers) -> Numbers:
    return np.asarray(totals[:, 0] / totals[:, 1])


def _index(totals: Numbers) -> Numbers:
    """(x_ab / n_a - x_ba / n_b) / (x_ab / n_a + x_ba / n_b)."""
    one, other = totals[:, 0] / totals[:, 1], totals[:, 2] / totals[:, 3]
    return np.asarray((one - other) / (one + other))
