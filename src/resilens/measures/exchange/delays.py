"""How long do items wait for a reply of the other group? Kaplan-Meier, an item watched until its thread was captured.

Most items are never answered; a mean of those that were would be too short. The median exists only where at least half
are answered while they are watched; beside it stands the median of those that were, named as what it is.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from resilens.measures.exchange.replies import spoken, whole_structure
from resilens.measures.exchange.structure import UNITS, Structure
from resilens.measures.items import Flags, Numbers, Places
from resilens.measures.material import Material
from resilens.measures.statistics.survival import LifeTable
from resilens.results.types import Description, Result, Undefined

GRID = 400
"""So many times of replies are told apart at most; more are put together at their quantiles."""


def delay(material: Material, unit: str, asked: str, by: str) -> Result:
    """The median number of hours until a group's posts, or comments, have a direct reply of another group.

    Items without one wait until their thread was last captured (right-censored); items and replies whose time is known
    to the day only are left out. Threads captured whole; the interval between percentiles of threads drawn again.

    Returns
    -------
    Estimate, Description or Undefined
        Undefined: fewer than half had such a reply while they were watched.
    """
    found = whole_structure(material)
    if isinstance(found, Undefined):
        return found
    which = _which(found, unit, asked, by)
    if not which.any():
        return Undefined(f"{asked} have no {unit} with an exact time in the threads captured whole")
    missing = f"fewer than half of the {unit} of {asked} had a reply of {by} while they were watched"
    if not (which & found.delays.came).any():
        return Undefined(missing)
    sums, hours = _lives(found, which)
    used = np.bincount(found.delays.thread[which], minlength=len(found.posts)) > 0
    steps = sparse.eye_array(hours.size, format="csr")
    none = sparse.csr_array((hours.size, hours.size))
    table = LifeTable(hours, sparse.vstack([steps, none], format="csr"), sparse.vstack([none, steps], format="csr"))
    result = material.estimating.drawn(
        found.posts.select(used), sums[used], lambda totals: table.median(table.survival(totals)), missing=missing,
        unit="hours",
    )  # fmt: skip
    return spoken(material, result, int(found.delays.items[which].sum()), unit, int(used.sum()))


def delay_of_answered(material: Material, unit: str, asked: str, by: str) -> Result:
    """The median number of hours to the first reply of the items that had one: a Description, too short for all."""
    found = whole_structure(material)
    if isinstance(found, Undefined):
        return found
    waits = found.delays
    which = _which(found, unit, asked, by) & waits.came
    if not which.any():
        return Undefined(f"no {unit.removesuffix('s')} of {asked} had a reply of {by}")
    hours = np.repeat(waits.minutes[which] / 60, waits.items[which])
    frame = f"the {unit} of {asked} that had a reply of {by}; those still waiting are left out, so it is too short"
    return Description(float(np.median(hours)), int(hours.size), frame, "hours")


def _which(found: Structure, unit: str, asked: str, by: str) -> Flags:
    waits, groups = found.delays, found.posts.groups
    own = (waits.unit == UNITS.index(unit)) & (waits.asked == groups.index(asked)) & (waits.by == groups.index(by))
    return np.asarray(own & found.whole[waits.thread], dtype=bool)


def _lives(found: Structure, which: Flags) -> tuple[Numbers, Numbers]:
    """By thread, to how many it happened at each time, then how many were last at risk then; and the times, hours.

    Shape (T, 2k) and (k,). An item still waiting is at risk for the last reply that came no later than its end.
    """
    waits = found.delays
    events = np.repeat(waits.minutes[which & waits.came], waits.items[which & waits.came])
    times = np.unique(events)
    if times.size > GRID:
        times = np.unique(np.quantile(events, np.linspace(0, 1, GRID), method="higher"))
    k = times.size
    came, minutes = waits.came[which], waits.minutes[which]
    column: Places = np.where(came, np.searchsorted(times, minutes), np.searchsorted(times, minutes, side="right") - 1)
    thread, items = waits.thread[which], waits.items[which]
    sums = np.zeros((len(found.posts), 2 * k))
    np.add.at(sums, (thread[came], column[came]), items[came])
    risk = column >= 0
    np.add.at(sums, (thread[risk], k + column[risk]), items[risk])
    return sums, times / 60
