"""Does a simulated world behave as the event did? The patterns P1 to P12: each passed, failed, or not judged and why.

Patterns are what a world is selected on (pattern-oriented modelling: Grimm et al. 2005, Science 310, 987): several weak
ones at different levels exclude more than one strong one. Here are those of the macro path; those that need posts and
comments are computed from them and handed to `check` as `further`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from resilens.simulate.macro import NEWCOMERS, RESIDENTS, Path, mean_field
from resilens.simulate.targets import reached, targets
from resilens.simulate.world import World

Floats: TypeAlias = npt.NDArray[np.float64]

WHAT = {
    "P1": "an explosive rise within 7 days to a peak at the deadline",
    "P2": "discussions a day peak before the active do",
    "P3": "discussions per view fall from window to window",
    "P4": "a tail of two speeds, and a small remainder that lasts",
    "P5": "the median account joins, then adapts, then turns cosmopolitan",
    "P6": "the ritual's share falls while comparison, art and letters rise in this order",
    "P7": "replies across groups step up when translation arrives",
    "P8": "moderation lowers visible hostility, and more people stay",
    "P9": "many posts stay silent, few draw most comments, threads end",
    "P10": "reciprocity rises and asymmetry falls",
    "P11": "whether early joiners stay longer: a question, not a target",
    "P12": "public figures are met",
}

FOOT = 0.05
"""A rise begins where this share of the peak is passed."""
WINDOWS = (-4.8, -1.9, 1.0)
"""Ends of P3's windows, days from the deadline: the moments for which the public figures give views and discussions."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, judged.

    Parameters
    ----------
    name
        P1 to P12.
    what
        The pattern in words.
    value
        What the world does, in words and numbers.
    wanted
        What passes.
    passed
        None where the pattern cannot be judged.
    reason
        Why it is not judged, or what missed; empty where it passed.
    """

    name: str
    what: str
    value: str
    wanted: str
    passed: bool | None
    reason: str = ""

    def __str__(self) -> str:
        verdict = {True: "pass", False: "FAIL", None: "  - "}[self.passed]
        return f"{verdict}  {self.name:>3}  {self.what}: {self.value or self.reason}"


def judged(name: str, value: str, wanted: str, passed: bool, missed: str = "") -> Pattern:
    """A pattern with its verdict; `missed` says what did, where it failed."""
    return Pattern(name, WHAT[name], value, wanted, passed, "" if passed else missed or f"wanted: {wanted}")


def not_judged(name: str, reason: str) -> Pattern:
    """A pattern that this world cannot show."""
    return Pattern(name, WHAT[name], "", "", None, reason)


def explosive_rise(path: Path) -> Pattern:
    """P1: newcomers rise from 5 % of their peak to it within 7 days, and peak within a day of the deadline."""
    if path.world.event.postponed is None:
        return not_judged("P1", "the crisis is not put off, so nothing ends the rise at the deadline")
    deadline, peak = path.world.day(path.world.event.deadline) or 0.0, _peak(path)
    rise = peak - _foot(path)
    side = "after" if peak >= deadline else "before"
    value = f"{rise:.1f} days of rise to a peak {abs(peak - deadline):.1f} days {side} the deadline"
    wanted = "at most 7 days, and at most 1 day from the deadline"
    return judged("P1", value, wanted, rise <= 7 and abs(peak - deadline) <= 1)


def attention_first(path: Path) -> Pattern:
    """P2: the busiest moment of discussion comes before the largest number of active people."""
    discussed, active = (float(path.times[np.argmax(series)]) for series in (path.discussions, path.active()))
    return judged("P2", f"day {discussed:.1f} against day {active:.1f}", "earlier", discussed < active)


def shallower_attention(path: Path) -> Pattern:
    """P3: discussions per view fall over three windows: up to 4.8 and 1.9 days before the deadline, and a day after."""
    deadline = path.world.day(path.world.event.deadline) or 0.0
    ends = [deadline + end for end in WINDOWS]
    if ends[0] <= 0:
        return not_judged("P3", f"the world opens less than {-WINDOWS[0]} days before the deadline")
    if ends[-1] > path.times[-1]:
        return not_judged("P3", "the world ends before the last window does")
    cumulated = [[float(path.cumulated(series, end)) for end in ends] for series in (path.discussions, path.views)]
    discussed, viewed = (np.diff(series, prepend=0.0) for series in cumulated)
    shares = discussed / viewed
    value = " -> ".join(f"{share:.2%}" for share in shares)
    return judged("P3", value, "each below the one before", bool((np.diff(shares) < 0).all()))


def lasting_remainder(path: Path) -> Pattern:
    """P4: log n(t) after the peak is met by two exponentials much better than by one; and on the last day 1 to 15 % of
    the peak are there, falling with a half-life above 60 days and residents for the most part."""
    since = float(path.times[np.argmax(path.active(NEWCOMERS))])
    days = np.arange(np.ceil(since), path.times[-1])
    active = np.interp(days, path.times, path.active(NEWCOMERS))
    if days.size < 56:
        return not_judged("P4", "less than eight weeks follow the peak")
    if active.min() <= 0:
        return not_judged("P4", "nobody is left")
    one, two = _misfit(days - days[0], np.log(active))
    remainder, half_life = active[-1] / active.max(), 28 * np.log(2) / np.log(active[-29] / active[-1])
    residents = path.counts[-1, NEWCOMERS, RESIDENTS, 1:4].sum() / path.active(NEWCOMERS)[-1]
    value = (f"error of log {two:.2f} with two exponentials, {one:.2f} with one; {remainder:.1%} of the peak remain, "
             f"{residents:.0%} of them residents, half-life {half_life:.0f} days")  # fmt: skip
    wanted = "an error at most half as large, 1 to 15 %, half of them residents, half-life above 60 days"
    passed = two <= one / 2 and 0.01 <= remainder <= 0.15 and residents >= 0.5 and half_life > 60
    return judged("P4", value, wanted, bool(passed))


def moderation_retains(path: Path) -> Pattern:
    """P8, of people: without moderation fewer newcomers are there on the last day."""
    world = path.world
    if not world.moderation.on:
        return not_judged("P8", "this world has no moderation to take away")
    without = mean_field(_unmoderated(world)).active(NEWCOMERS)[-1]
    ratio = float(without / path.active(NEWCOMERS)[-1])
    return judged("P8", f"without it {ratio:.0%} as many newcomers are left", "fewer", ratio < 1)


def growing_balance(path: Path) -> Pattern:
    """P10, of people: reciprocity a head is higher in the last week than when the rise began, week by week."""
    begins = _foot(path)
    if begins + 14 >= path.times[-1]:
        return not_judged("P10", "less than two weeks follow the beginning of the rise")
    weeks = [path.balance[(path.middles >= day) & (path.middles < day + 7)].mean()
             for day in np.arange(begins, path.times[-1] - 7, 7)]  # fmt: skip
    value = f"{weeks[0]:.2f} in the first week, {weeks[-1]:.2f} in the last"
    rises = (np.diff(weeks) > -1e-3).all() and weeks[-1] > weeks[0]
    return judged("P10", value, "higher at the end, and no week below the one before", bool(rises))


def public_figures(path: Path) -> Pattern:
    """P12: every public figure in use is met (targets.toml): cumulated views and discussions within 15 %, and shares of
    the peak day between the sources' bounds."""
    found = [reached(path, target) for target in targets(path.world.name)
             if target.use and (path.world.day(target.at) or 0.0) < path.world.days]  # fmt: skip
    if not found:
        return not_judged("P12", "no public figures are on record for this world")
    missed = [str(one) for one in found if not one.met]
    errors = [one.error for one in found if one.target.bound is None]
    value = f"{len(found) - len(missed)} of {len(found)} met; largest error {max(errors, key=abs):+.0%}"
    return judged("P12", value, "all of them", not missed, "; ".join(missed))


Check: TypeAlias = Callable[[Path], Pattern]

OF_PATHS: tuple[Check, ...] = (
    explosive_rise, attention_first, shallower_attention, lasting_remainder, moderation_retains, growing_balance,
    public_figures,
)  # fmt: skip
"""The patterns that a macro path shows by itself."""


def check(path: Path, further: Iterable[Pattern] = ()) -> list[Pattern]:
    """All patterns in order; several may be judged for one name (of people, and of posts).

    Parameters
    ----------
    path
        A path of the mean field.
    further
        Patterns judged from posts and comments.
    """
    if path.world.event.quiet:
        return [not_judged(name, "a quiet world has no event") for name in WHAT]
    if not path.active(NEWCOMERS).any():
        return [not_judged(name, "no newcomer ever comes") for name in WHAT]
    found = [*(one(path) for one in OF_PATHS), *further]
    missing = [not_judged(name, "needs posts and comments") for name in WHAT if name not in {one.name for one in found}]
    return sorted([*found, *missing], key=lambda one: list(WHAT).index(one.name))


def _unmoderated(world: World) -> World:
    return world.model_copy(update={"moderation": world.moderation.model_copy(update={"on": False})})


def _peak(path: Path) -> float:
    return float(path.times[np.argmax(path.active(NEWCOMERS))])


def _foot(path: Path) -> float:
    active = path.active(NEWCOMERS)
    return float(path.times[np.argmax(active >= FOOT * active.max())])


def _misfit(day: Floats, logarithm: Floats) -> tuple[float, float]:
    """Root mean square errors of one exponential and of the best sum of two, both fitted to the logarithm."""
    from scipy.optimize import least_squares

    slope, level = np.polyfit(day, logarithm, 1)
    alone = float(np.sqrt(np.mean((level + slope * day - logarithm) ** 2)))

    def error(at: Floats) -> Floats:
        sum_of_two: Floats = np.logaddexp(at[0] - np.exp(at[1]) * day, at[2] - np.exp(at[3]) * day)
        return sum_of_two - logarithm

    fitted = least_squares(error, [logarithm[0], np.log(0.3), logarithm[-1], np.log(0.01)])
    return alone, float(np.sqrt(np.mean(fitted.fun**2)))
