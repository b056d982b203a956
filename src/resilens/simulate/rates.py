"""How do rates change with time? Salience, novelty, translation and the hours of the day, as functions of the day.

Times are days since the world's opening; arrays in, arrays of the same shape out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from resilens.simulate.world import World

Floats: TypeAlias = npt.NDArray[np.float64]

AFTERMATH = 8.0
"""Times tau_dn: how long salience lasts where the deadline is not postponed."""
SWITCH = 0.3
"""Days in which translation spreads (staged roll-out): the scale of a logistic curve."""
PEAK_HOUR = 20.5
"""Local time of the busiest hour."""


def salience(world: World, day: Floats) -> Floats:
    """S(t): exp((t - t_d) / tau_up) up to the deadline t_d; exp(-(t - t_d) / tau_dn) after it where the crisis is
    postponed, with 8 tau_dn where it is not. 0 throughout in a quiet world."""
    rates, deadline = world.rates, world.day(world.event.deadline) or 0.0
    if world.event.quiet:
        return np.zeros_like(day)
    fall = rates.tau_dn * (1.0 if world.event.postponed else AFTERMATH)
    since = day - deadline
    return np.exp(np.where(since <= 0, since / rates.tau_up, -since / fall))


def onset(world: World) -> float:
    """t_on: the day on which salience passes 5 % of its peak; novelty falls from there."""
    deadline = world.day(world.event.deadline) or 0.0
    return max(0.0, deadline + world.rates.tau_up * float(np.log(0.05)))


def novelty(world: World, day: Floats) -> Floats:
    """nov(t) = lasting + (1 - lasting) exp(-(t - t_on) / tau_a) from the onset on, 1 before it and in a quiet world.

    A fast and a lasting memory, as Candia et al. (2019, Nature Human Behaviour 3, 82) find in collective attention.
    """
    if world.event.quiet:
        return np.ones_like(day)
    lasting = world.rates.lasting
    return lasting + (1.0 - lasting) * np.exp(-np.maximum(day - onset(world), 0.0) / world.rates.tau_a)


def translation(world: World, day: Floats) -> Floats:
    """T(t) = 1 / (1 + exp(-(t - t_T) / 0.3)); 0 where translation never comes."""
    arrival = world.day(world.event.translation)
    if arrival is None:
        return np.zeros_like(day)
    return 1.0 / (1.0 + np.exp(-np.clip((day - arrival) / SWITCH, -60.0, 60.0)))


def mixing(world: World, day: Floats) -> Floats:
    """m(t) = m0 + (m1 - m0) T(t): the chance that a reply crosses groups."""
    rates = world.rates
    return rates.m0 + (rates.m1 - rates.m0) * translation(world, day)


def visible_share(world: World) -> float:
    """1 / (1 + nu): the share of hostile comments that stay visible; 1 without moderation."""
    return 1.0 / (1.0 + world.rates.nu) if world.moderation.on else 1.0


def once_postponed(world: World, day: Floats) -> npt.NDArray[np.bool_]:
    """Whether the crisis has been put off by then; never in a quiet world."""
    postponed = world.day(world.event.postponed)
    if postponed is None or world.event.quiet:
        return np.zeros(day.shape, np.bool_)
    return day > postponed


def postponed_leaving(world: World, day: Floats) -> Floats:
    """1 + omega exp(-(t - t_p) / tau_dn) after the postponement t_p, 1 before it."""
    since = day - (world.day(world.event.postponed) or 0.0)
    fading = np.exp(-np.maximum(since, 0.0) / world.rates.tau_dn)
    return 1.0 + np.where(once_postponed(world, day), world.rates.omega * fading, 0.0)


@lru_cache(maxsize=64)
def _clock(night: float, offset_hours: float) -> tuple[Floats, Floats]:
    """Cumulated activity over a day in the world's zone, for people whose clocks are `offset_hours` ahead of it."""
    hours = np.linspace(0.0, 24.0, 24 * 12 + 1)
    local = hours + offset_hours - PEAK_HOUR
    density = night + (1.0 - night) * (0.5 + 0.5 * np.cos(2 * np.pi * local / 24.0)) ** 1.5
    cumulated = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return hours / 24.0, cumulated / cumulated[-1]


def wound(night: float, offset_hours: float, day: Floats) -> Floats:
    """From clock time to activity time: a day of activity a day, run fast in the evening and slow at night."""
    whole = np.floor(day)
    grid, cumulated = _clock(night, offset_hours)
    return whole + np.interp(day - whole, grid, cumulated)


def unwound(night: float, offset_hours: float, activity: Floats) -> Floats:
    """From activity time to clock time: the inverse of `wound`."""
    whole = np.floor(activity)
    grid, cumulated = _clock(night, offset_hours)
    return whole + np.interp(activity - whole, cumulated, grid)
