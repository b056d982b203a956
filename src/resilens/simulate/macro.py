"""How many people of each group, class and state are there at each step? The macro path, with feedback.

Counts N[group, class, state] move on a fixed grid of steps; rates are taken at the middle of a step (midpoint rule), and
a step's transitions are exact for constant rates. `mean_field` moves expected shares; `stochastic` draws the same
transitions (a chain-binomial process), so its mean is the mean field up to the curvature of the feedback.

Rates a day (symbols as in `world.Rates`; n, h active newcomers and hosts, S salience, m mixing, vH the visible share of
hostile comments):

    newcomers join   S (p + q n / M_n)                      visitors with S to their power
    hosts join       q_h n / M_n
    rho              (1 - exp(-kappa m h / (n + 1))) (1 - vH)              P(a tribute is welcomed)
    R to A           alpha0 + alpha1 rho
    A to C           gamma m (0.3 + 0.7 bal) (1 - vH)
    bal              2 min(a, b) / (a + b)    with a, b what a head of each group receives from the other
    leave from k     mu exp(-beta (k - 1)) (1 + eta vH) (1 + omega fading, newcomers in R and A once postponed)

Reciprocity `bal` compares heads, not volumes, so that a large host group does not hold it down; visitors have an exit of
their own at the postponement; residents stay, so that a remainder lasts by design and not by luck.
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
        """(..., T + 1) people in R, A or C: of a group, or of both."""
        chosen = slice(None) if group is None else slice(group, group + 1)
        return self.counts[..., chosen, :, ABSORBING:GONE].sum(axis=(-3, -2, -1))

    def by_state(self, group: int) -> Floats:
        """(..., T + 1, 3) people of a group in R, A, C, visitors left out."""
        return self.counts[..., group, [MOVERS, RESIDENTS], ABSORBING:GONE].sum(axis=-2)

    @cached_property
    def discussions(self) -> Floats:
        """(..., T + 1) discussions a day: nov(t) sum over states of c1 exp(-cdec (k - 1)) N_k, visitors left out."""
        talk = self.world.rates.c1 * np.exp(-self.world.rates.cdec * np.arange(len(ACTIVE)))
        return rates.novelty(self.world, self.times) * ((self.by_state(NEWCOMERS) + self.by_state(HOSTS)) @ talk)

    @cached_property
    def views(self) -> Floats:
        """(..., T + 1) views a day: v0 nov(t) (n + h)."""
        return self.world.rates.v0 * rates.novelty(self.world, self.times) * self.active()


def mean_field(world: World, divide: int = 1) -> Path:
    """The expected path.

    Parameters
    ----------
    divide
        Into how many parts each step is cut, to check that the step is small enough.
    """
    return _run(world, _Expected(), divide, ())


def stochastic(world: World, seed: int, runs: int = 1, divide: int = 1) -> Path:
    """Paths drawn at random; `counts` has a leading axis of runs. Rates of the returned path are the runs' means."""
    return _run(world, _Drawn(np.random.Generator(np.random.Philox(seed))), divide, (runs,))


class _Expected:
    """Expected transitions of a step."""

    def leave(self, counts: Floats, probability: Floats) -> Floats:
        return counts * probability


class _Drawn(_Expected):
    """Binomial transitions of a step."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator

    def leave(self, counts: Floats, probability: Floats) -> Floats:
        drawn = self._generator.binomial(np.rint(counts).astype(np.int64), np.clip(probability, 0.0, 1.0))
        return np.asarray(drawn, np.float64)


def initial(world: World) -> Floats:
    """(2, 3, 5) everybody potential; the hosts' residents are there from the beginning, adapting to nobody yet."""
    counts = np.zeros((len(GROUPS), len(CLASSES), len(STATES)))
    for group, (own, pool) in enumerate(zip(world.groups, (world.rates.M_n, world.rates.M_h), strict=True)):
        shares = np.array([1.0 - own.visitors - own.residents, own.visitors, own.residents])
        counts[group, :, POTENTIAL] = np.rint(pool * shares)
    return counts


@dataclass(frozen=True, slots=True)
class _Rates:
    hazards: Floats
    leaving: Floats
    welcome: Floats
    balance: Floats


def rates_at(world: World, counts: Floats, day: float) -> _Rates:
    """All rates at a time, given the counts (..., 2, 3, 5)."""
    own, moment = world.rates, np.array([day])
    shock, crossing = float(rates.salience(world, moment)[0]), float(rates.mixing(world, moment)[0])
    hostile = own.psi * rates.visible_share(world)
    present = counts[..., ABSORBING:GONE].sum(axis=-1)
    n, h = present[..., NEWCOMERS, :].sum(axis=-1), present[..., HOSTS, :].sum(axis=-1)
    welcome = (1.0 - np.exp(-own.kappa * crossing * h / (n + 1.0))) * (1.0 - hostile)
    balance = _balance(world, counts)
    hazards, leaving = np.zeros_like(counts), np.zeros_like(counts)
    hazards[..., NEWCOMERS, :, POTENTIAL] = (shock * (own.p + own.q * n / own.M_n))[..., None]
    hazards[..., NEWCOMERS, VISITORS, POTENTIAL] *= shock ** (world.newcomers.visitor_power - 1.0) if shock else 0.0
    hazards[..., HOSTS, :, POTENTIAL] = (own.q_h * n / own.M_n)[..., None]
    if world.event.quiet:
        hazards[..., POTENTIAL] = own.p
    for group in (NEWCOMERS, HOSTS):
        for kind in (MOVERS, RESIDENTS):
            hazards[..., group, kind, ABSORBING] = own.alpha0 + own.alpha1 * welcome
            hazards[..., group, kind, ADAPTING] = own.gamma * crossing * (0.3 + 0.7 * balance) * (1.0 - hostile)
    leaving[..., ABSORBING:GONE] = own.mu * np.exp(-own.beta * np.arange(len(ACTIVE))) * (1.0 + own.eta * hostile)
    leaving[..., NEWCOMERS, :, ABSORBING:COSMOPOLITAN] *= float(rates.postponed_leaving(world, moment)[0])
    for group, community in enumerate(world.groups):
        leaving[..., group, RESIDENTS, :] *= community.resident_leave
        postponed = world.day(world.event.postponed)
        gone = postponed is not None and day > postponed and not world.event.quiet
        leaving[..., group, VISITORS, ABSORBING:GONE] = community.visitor_exit if gone else community.visitor_leave
    return _Rates(hazards, leaving, welcome, balance)


def _balance(world: World, counts: Floats) -> Floats:
    """2 min(a, b) / (a + b), a and b how much a head of each group answers the other, by the states people are in."""
    per_head = []
    for group, community in enumerate(world.groups):
        active = counts[..., group, :, ABSORBING:GONE].sum(axis=-2)
        people = active.sum(axis=-1)
        talk = active @ np.array(community.talk)
        per_head.append(np.divide(talk, people, out=np.zeros_like(people), where=people > 0))
    total = per_head[0] + per_head[1]
    least = np.minimum(per_head[0], per_head[1])
    return np.divide(2.0 * least, total, out=np.zeros_like(total), where=total > 0)


def _run(world: World, moves: _Expected, divide: int, runs: tuple[int, ...]) -> Path:
    times = steps(world, divide)
    counts = np.broadcast_to(initial(world), (*runs, *initial(world).shape)).copy()
    path = np.empty((times.size, *counts.shape))
    path[0] = counts
    kept: list[_Rates] = []
    for step in range(times.size - 1):
        length = times[step + 1] - times[step]
        here = rates_at(world, counts, times[step])
        halfway = _moved(counts, here, length / 2, _Expected())
        middle = rates_at(world, halfway, times[step] + length / 2)
        counts = _moved(counts, middle, length, moves)
        path[step + 1] = counts
        kept.append(middle)
    axis = tuple(range(1, 1 + len(runs)))
    hazards, leaving, welcome, balance = (
        np.stack([getattr(one, name) for one in kept]).mean(axis=axis) if runs else
        np.stack([getattr(one, name) for one in kept]) for name in ("hazards", "leaving", "welcome", "balance")
    )  # fmt: skip
    return Path(world, times, np.moveaxis(path, 0, len(runs)), hazards, leaving, welcome, balance)


def _moved(counts: Floats, at: _Rates, length: float, moves: _Expected) -> Floats:
    """The counts after a step: who leaves a state goes on or away in proportion to the two rates; nobody is lost."""
    total = at.hazards + at.leaving
    out = moves.leave(counts, -np.expm1(-total * length))
    onward_share = np.divide(at.hazards, total, out=np.zeros_like(total), where=total > 0)
    onward = moves.leave(out, onward_share)
    after = counts - out
    after[..., 1:] += onward[..., :-1]
    after[..., GONE] += (out - onward).sum(axis=-1)
    return after
