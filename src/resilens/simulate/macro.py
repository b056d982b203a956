"""How many people of each group, class and state are there at each step? The macro path, with feedback.

Counts N[group, class, state] move on a fixed grid of steps. Rates are those of a step's middle (midpoint rule), and
whoever enters a state within a step may leave it in the half step left on average; both errors fall with the square of
the step. `mean_field` moves expected shares; `stochastic` draws the same transitions (a chain-binomial process), so its
mean is the mean field up to the curvature of the feedback.

Rates a day (symbols as in `world.Rates`; n, h active newcomers and hosts who take part, S salience, m mixing, vH the
visible share of hostile comments):

    newcomers join   S (p + q n / M_n)                      visitors with S to their power
    hosts join       phi q_h n / M_n
    rho              (1 - exp(-kappa m h / (n + 1))) (1 - vH)              P(a tribute is welcomed)
    R to A           alpha0 + alpha1 rho
    A to C           gamma m (0.3 + 0.7 bal) (1 - vH)
    bal              2 min(a, b) / (a + b)    with a, b the mean inclination of a head of each group to answer
    leave from k     mu exp(-beta (k - 1)) (1 + eta vH) (1 + omega fading, newcomers in R and A once postponed)

Reciprocity `bal` compares heads, not volumes, so that a large host group does not hold it down. Visitors only look in:
they count among the active and view, but nobody meets them, and they leave at a rate of their own once the crisis is
postponed. Residents leave at a small share of the others' rates, so that a remainder lasts by design and not by luck.

Every rate is linear in one of three drives: n / M_n (joining), rho (R to A) and bal (A to C). So the functions of time
are made once for all steps, and a step computes three numbers a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from resilens.simulate import rates
from resilens.simulate.world import ACTIVE, CLASSES, GROUPS, STATES, World

Floats: TypeAlias = npt.NDArray[np.float64]

NEWCOMERS, HOSTS = range(len(GROUPS))
MOVERS, VISITORS, RESIDENTS = range(len(CLASSES))
POTENTIAL, ABSORBING, ADAPTING, COSMOPOLITAN, GONE = range(len(STATES))

_SHAPE = (len(GROUPS), len(CLASSES), len(STATES))
_PLACES = len(GROUPS) * len(CLASSES) * len(STATES)
_TAKING_PART = [MOVERS, RESIDENTS]
_NOTHING = 1e-300  # added to a denominator that may be 0 where the numerator is 0 too
UNCONDITIONAL = 0.3  # part of A to C that needs no reciprocity


def steps(world: World, divide: int = 1) -> Floats:
    """The ends of the steps, in days: hourly for `fine_days`, then every six hours; each cut in `divide`."""
    fine = min(world.fine_days, world.days)
    hourly = np.arange(fine * 24 * divide + 1) / (24.0 * divide)
    coarse = fine + np.arange(1, (world.days - fine) * 4 * divide + 1) / (4.0 * divide)
    return np.concatenate([hourly, coarse])


@dataclass(frozen=True)
class Path:
    """What the macro layer says.

    Parameters
    ----------
    world
        The world.
    times
        (T + 1,) ends of the steps, days.
    counts
        (T + 1, 2, 3, 5) people by group, class and state, at the scale of the pools M_n and M_h; with a leading axis of
        runs where several were made at once.
    hazards
        (T, 2, 3, 5) rates a day in each step: joining (of P), advancing (of R and A), in the place of the state left.
    leaving
        (T, 2, 3, 5) rates a day of leaving from each state.
    welcome
        (T,) rho: the chance that a tribute is welcomed.
    balance
        (T,) reciprocity per head, 0 to 1.
    """

    world: World
    times: Floats
    counts: Floats
    hazards: Floats
    leaving: Floats
    welcome: Floats
    balance: Floats

    @cached_property
    def middles(self) -> Floats:
        """(T,) the middles of the steps."""
        return (self.times[1:] + self.times[:-1]) / 2

    def active(self, group: int | None = None) -> Floats:
        """(..., T + 1) people in R, A or C, visitors included: of a group, or of both."""
        chosen = slice(None) if group is None else slice(group, group + 1)
        return np.asarray(self.counts[..., chosen, :, ABSORBING:GONE].sum(axis=(-3, -2, -1)))

    def by_state(self, group: int) -> Floats:
        """(..., T + 1, 3) people of a group in R, A, C, visitors left out."""
        return np.asarray(self.counts[..., group, _TAKING_PART, ABSORBING:GONE].sum(axis=-2))

    @cached_property
    def discussions(self) -> Floats:
        """(..., T + 1) discussions a day: nov(t) sum over states of c1 exp(-cdec (k - 1)) N_k, visitors left out."""
        talk = self.world.rates.c1 * np.exp(-self.world.rates.cdec * np.arange(len(ACTIVE)))
        people = self.by_state(NEWCOMERS) + self.by_state(HOSTS)
        return np.asarray(rates.novelty(self.world, self.times) * (people @ talk))

    @cached_property
    def views(self) -> Floats:
        """(..., T + 1) views a day: phi v0 nov(t) (n + h), visitors included."""
        own = self.world.rates
        return own.phi * own.v0 * rates.novelty(self.world, self.times) * self.active()

    def cumulated(self, per_day: Floats, day: float) -> Floats:
        """(...) how much of a daily series (..., T + 1) has come together until a day (trapezoids between steps)."""
        until = min(max(day, 0.0), float(self.times[-1]))
        last = int(np.searchsorted(self.times, until, side="right")) - 1
        whole = np.trapezoid(per_day[..., : last + 1], self.times[: last + 1], axis=-1)
        if last + 1 == self.times.size:
            return np.asarray(whole)
        part = (until - self.times[last]) / (self.times[last + 1] - self.times[last])
        end = per_day[..., last] + part * (per_day[..., last + 1] - per_day[..., last])
        return np.asarray(whole + (per_day[..., last] + end) / 2 * (until - self.times[last]))

    def mean(self, per_day: Floats, start: float, end: float) -> Floats:
        """(...) the mean of a series (..., T + 1) between two days."""
        return (self.cumulated(per_day, end) - self.cumulated(per_day, start)) / (end - start)


def mean_field(world: World, divide: int = 1) -> Path:
    """The expected path.

    Parameters
    ----------
    divide
        Into how many parts each step is cut, to check that the step is small enough.
    """
    return _run(world, None, divide, ())


def stochastic(world: World, seed: int, runs: int = 1, divide: int = 1) -> Path:
    """Paths drawn at random; `counts` has a leading axis of runs. Rates of the returned path are the runs' means."""
    return _run(world, np.random.Generator(np.random.SFC64(seed)), divide, (runs,))


def initial(world: World) -> Floats:
    """(2, 3, 5) everybody potential, in whole numbers."""
    counts = np.zeros(_SHAPE)
    for group, (own, pool) in enumerate(zip(world.groups, (world.rates.M_n, world.rates.M_h), strict=True)):
        shares = np.array([1.0 - own.visitors - own.residents, own.visitors, own.residents])
        counts[group, :, POTENTIAL] = np.rint(pool * shares)
    return counts


def _run(world: World, generator: np.random.Generator | None, divide: int, runs: tuple[int, ...]) -> Path:
    times = steps(world, divide)
    lengths, feedback = np.diff(times), _Feedback(world)
    base, slope, leaving = _over_time(world, (times[1:] + times[:-1]) / 2)
    mixing = rates.mixing(world, (times[1:] + times[:-1]) / 2)
    counts = np.broadcast_to(initial(world), (*runs, *_SHAPE)).copy()
    path, drives = np.empty((times.size, *counts.shape)), np.zeros((lengths.size, *runs, 1, 1, len(STATES)))
    path[0] = counts
    for step, length in enumerate(lengths.tolist()):
        drive = drives[step]
        totals = feedback.totals(counts)
        feedback.drive(totals, mixing[step], drive)
        totals += length / 2 * feedback.change(counts, base[step] + slope[step] * drive, leaving[step])
        feedback.drive(np.maximum(totals, 0.0), mixing[step], drive)
        counts = _moved(counts, base[step] + slope[step] * drive, leaving[step], length, generator)
        path[step + 1] = counts
    drives = drives.mean(axis=1) if runs else drives
    welcome, balance = drives[:, 0, 0, ABSORBING], drives[:, 0, 0, ADAPTING]
    return Path(world, times, np.moveaxis(path, 0, len(runs)), base + slope * drives, leaving, welcome, balance)


def _over_time(world: World, day: Floats) -> tuple[Floats, Floats, Floats]:
    """(T, 2, 3, 5) each: hazards without their drive, what the drive is multiplied by, and rates of leaving."""
    own, civil = world.rates, 1.0 - _hostile(world)
    shock, crossing = rates.salience(world, day), rates.mixing(world, day)
    base, slope, leaving = (np.zeros((day.size, *_SHAPE)) for _ in range(3))
    strength = np.stack([shock, shock**world.newcomers.visitor_power, shock], axis=-1)
    base[:, NEWCOMERS, :, POTENTIAL], slope[:, NEWCOMERS, :, POTENTIAL] = own.p * strength, own.q * strength
    slope[:, HOSTS, :, POTENTIAL] = own.phi * own.q_h
    if world.event.quiet:
        base[..., POTENTIAL], slope[..., POTENTIAL] = own.p, 0.0
    base[:, :, _TAKING_PART, ABSORBING], slope[:, :, _TAKING_PART, ABSORBING] = own.alpha0, own.alpha1
    advance = (own.gamma * civil * crossing)[:, None, None]
    base[:, :, _TAKING_PART, ADAPTING] = UNCONDITIONAL * advance
    slope[:, :, _TAKING_PART, ADAPTING] = (1.0 - UNCONDITIONAL) * advance
    leaving[..., ABSORBING:GONE] = own.mu * np.exp(-own.beta * np.arange(len(ACTIVE))) * (1.0 + own.eta * (1.0 - civil))
    leaving[:, NEWCOMERS, :, ABSORBING:COSMOPOLITAN] *= rates.postponed_leaving(world, day)[:, None, None]
    gone = rates.once_postponed(world, day)[:, None]
    for group, community in enumerate(world.groups):
        leaving[:, group, RESIDENTS] *= community.resident_leave
        leaving[:, group, VISITORS, ABSORBING:GONE] = np.where(gone, community.visitor_exit, community.visitor_leave)
    return base, slope, leaving


def _hostile(world: World) -> float:
    """vH: the share of comments that are hostile and visible."""
    return world.rates.psi * rates.visible_share(world)


class _Feedback:
    """What people do to each other's rates, by four totals: n, h and the inclination to answer of each group."""

    def __init__(self, world: World) -> None:
        own = world.rates
        self._pool, self._kappa, self._civil = own.M_n, own.kappa, 1.0 - _hostile(world)
        weights = np.zeros((*_SHAPE, 4))
        for group, community in enumerate(world.groups):
            weights[group, _TAKING_PART, ABSORBING:GONE, group] = 1.0
            weights[group, _TAKING_PART, ABSORBING:GONE, 2 + group] = community.talk
        onward = np.roll(weights, -1, axis=2)
        self._weights, self._gain = weights.reshape(_PLACES, 4), (onward - weights).reshape(_PLACES, 4)

    def totals(self, counts: Floats) -> Floats:
        """(..., 4) the totals."""
        return counts.reshape(*counts.shape[:-3], _PLACES) @ self._weights

    def change(self, counts: Floats, hazards: Floats, leaving: Floats) -> Floats:
        """(..., 4) how fast the totals change."""
        flat = (*counts.shape[:-3], _PLACES)
        return (hazards * counts).reshape(flat) @ self._gain - (leaving * counts).reshape(flat) @ self._weights

    def drive(self, totals: Floats, mixing: float, drive: Floats) -> None:
        """Write n / M_n, rho and bal into (..., 1, 1, 5), in the places of the states whose hazards they drive."""
        n, h, talk_n, talk_h = totals.T
        a, b = talk_n / (n + _NOTHING), talk_h / (h + _NOTHING)
        drive[..., 0, 0, POTENTIAL] = n / self._pool
        drive[..., 0, 0, ABSORBING] = (1.0 - np.exp(-self._kappa * mixing * h / (n + 1.0))) * self._civil
        drive[..., 0, 0, ADAPTING] = 2.0 * np.minimum(a, b) / (a + b + _NOTHING)


def _moved(
    counts: Floats, hazards: Floats, leaving: Floats, length: float, generator: np.random.Generator | None
) -> Floats:
    """The counts after a step: who leaves a state goes on or away in proportion to the two rates; nobody is lost."""
    total = hazards + leaving
    onward_share = hazards / (total + _NOTHING)
    stays = np.exp(total * (-length / 2))
    after, moving = counts.copy(), counts
    for probability in (1.0 - stays * stays, 1.0 - stays):  # of those there at the beginning, of those who came since
        out = _some(moving, probability, generator)
        onward = _some(out, onward_share, generator)
        after -= out
        after[..., GONE] += (out - onward).sum(axis=-1)
        moving = np.zeros(counts.shape)
        moving[..., 1:] = onward[..., :-1]
        after += moving
    return after


def _some(counts: Floats, probability: Floats, generator: np.random.Generator | None) -> Floats:
    """How many of the counts something happens to: the expected number, or a binomial one."""
    if generator is None:
        return counts * probability
    drawn = generator.binomial(counts.astype(np.int64), probability)
    return np.asarray(drawn, np.float64)
