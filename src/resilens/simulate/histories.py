"""Who comes when, passes which states, and goes? The whole history of every account, given the macro path.

Accounts of one group and class are exchangeable: given the path, each joins, adapts, turns cosmopolitan or leaves by
the path's rates, independently of all others. A waiting time is where the cumulated rate passes an exponential number:
a million histories are a few interpolations, with exact times inside the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from resilens.simulate.macro import ABSORBING, ADAPTING, COSMOPOLITAN, POTENTIAL, Path
from resilens.simulate.streams import Ids, Streams
from resilens.simulate.workers import in_order
from resilens.simulate.world import CLASSES, World
from resilens.study.zones import offset_minutes

Floats: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.integer]

MARK_SHAPE = 0.5
"""Shape of the gamma distribution of activity marks (mean 1): a few write most."""


@dataclass(frozen=True)
class Users:
    """Every account of a world, by id 0, 1, ...; times in days, infinite for what never happens.

    Parameters
    ----------
    group, kind
        Places in `GROUPS` and `CLASSES`.
    mark
        Activity relative to the mean.
    joined, adapted, cosmopolitan, left
        When it joined (R), reached A and C, and left; `left` is after all that happened.
    zone
        Place in the group's zones; `hours` is its offset from the world's zone in hours.
    location
        Place in the group's locations of what the platform displays, -1 for none.
    mislabelled
        Whether the displayed location is one of the other group's.
    deleted
        Whether the account is gone before the capture.
    """

    group: npt.NDArray[np.int8]
    kind: npt.NDArray[np.int8]
    mark: npt.NDArray[np.float32]
    joined: Floats
    adapted: Floats
    cosmopolitan: Floats
    left: Floats
    zone: npt.NDArray[np.int8]
    hours: npt.NDArray[np.float32]
    location: npt.NDArray[np.int16]
    mislabelled: npt.NDArray[np.bool_]
    deleted: npt.NDArray[np.bool_]

    @property
    def size(self) -> int:
        """How many accounts there are, those included that never join."""
        return self.group.size

    def state(self, users: Places, day: Floats) -> npt.NDArray[np.int8]:
        """The state of users at times: -1 before joining and after leaving, 0, 1, 2 for R, A, C."""
        reached = (day >= self.joined[users]).astype(np.int8)
        reached += day >= self.adapted[users]
        reached += day >= self.cosmopolitan[users]
        return np.where(day >= self.left[users], -1, reached - 1).astype(np.int8)


def histories(world: World, path: Path, streams: Streams) -> Users:
    """Draw every account's history.

    Parameters
    ----------
    path
        The macro path whose rates the accounts follow.
    """
    ids = np.arange(world.users, dtype=np.uint64)
    group = (streams.uniform("user.group", ids) >= world.newcomer_share).astype(np.int8)
    kind = np.zeros(ids.size, np.int8)
    times = [np.full(ids.size, np.inf) for _ in range(4)]
    zone, hours = np.zeros(ids.size, np.int8), np.zeros(ids.size, np.float32)
    location = np.full(ids.size, -1, np.int16)
    mislabelled = np.zeros(ids.size, np.bool_)

    def draw(number: int) -> None:
        community = world.groups[number]
        own = np.flatnonzero(group == number)
        mine = ids[own]
        shares = np.cumsum([1.0 - community.visitors - community.residents, community.visitors, community.residents])
        kind[own] = streams.chosen("user.class", mine, shares)
        for place in range(len(CLASSES)):
            members = own[kind[own] == place]
            for column, drawn in zip(times, _transitions(path, streams, ids[members], number, place), strict=True):
                column[members] = drawn
        zone[own] = streams.chosen("user.zone", mine, np.cumsum(list(community.zones.values())))
        offsets = np.array([offset_minutes(name) for name in community.zones]) - offset_minutes(world.zone)
        hours[own] = (offsets / 60.0)[zone[own]]
        mislabelled[own] = streams.uniform("user.mislabelled", mine) < community.label_error
        location[own] = _locations(world, streams, mine, number, mislabelled[own])

    list(in_order(draw, range(len(world.groups))))
    mark = streams.gamma("user.mark", ids, MARK_SHAPE).astype(np.float32)
    deleted = streams.uniform("user.deleted", ids) < world.observation.accounts_deleted
    joined, adapted, cosmopolitan, left = times
    return Users(group, kind, mark, joined, adapted, cosmopolitan, left, zone, hours, location, mislabelled, deleted)


def _transitions(
    path: Path, streams: Streams, ids: Ids, group: int, kind: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Joining, adapting, turning cosmopolitan and leaving, of accounts of one group and class."""
    never = np.full(ids.size, np.inf)
    joined = _waiting(path, streams, "user.join", ids, np.zeros(ids.size), path.hazards[:, group, kind, POTENTIAL])
    reached, left = [joined], never.copy()
    for state, name in ((ABSORBING, "absorbing"), (ADAPTING, "adapting"), (COSMOPOLITAN, "cosmopolitan")):
        onward, away = path.hazards[:, group, kind, state], path.leaving[:, group, kind, state]
        out = _waiting(path, streams, f"user.{name}.out", ids, reached[-1], onward + away)
        step = np.clip(np.searchsorted(path.times, out, side="right") - 1, 0, onward.size - 1)
        total = onward + away
        share = np.divide(onward, total, out=np.zeros_like(total), where=total > 0)[step]
        goes_on = streams.uniform(f"user.{name}.onward", ids) < share
        left = np.where(np.isfinite(out) & ~goes_on, out, left)
        reached.append(np.where(goes_on, out, never))
    return joined, reached[1], reached[2], left


def _waiting(path: Path, streams: Streams, stream: str, ids: Ids, since: Floats, rate: Floats) -> Floats:
    """When a rate strikes first after `since`: where the cumulated rate has grown by an exponential number."""
    cumulated = np.concatenate([[0.0], np.cumsum(rate * np.diff(path.times))])
    waits = np.isfinite(since)
    begun = np.interp(np.where(waits, since, 0.0), path.times, cumulated)
    target = begun + streams.exponential(stream, ids)
    strikes = waits & (target < cumulated[-1])
    # Where nothing happens the cumulated rate is flat; an increasing copy makes the inverse single-valued.
    rising = np.flatnonzero(np.diff(cumulated, prepend=-1.0) > 0)
    found = np.interp(target, cumulated[rising], path.times[rising])
    return np.where(strikes, np.maximum(found, since), np.inf)


def _locations(
    world: World, streams: Streams, ids: Ids, group: int, mislabelled: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """What the platform displays: a place in the list of the group, or of the other one for the mislabelled."""
    own, other = world.groups[group], world.groups[1 - group]
    shown = np.full(ids.size, -1)
    for community, these in ((own, ~mislabelled), (other, mislabelled)):
        if community.locations and these.any():
            weights = np.cumsum(list(community.locations.values()))
            shown[these] = streams.chosen("user.location", ids[these], weights)
    missing = streams.uniform("user.location.missing", ids) < own.location_missing
    return np.where(missing | (not world.observation.location_shown), -1, shown)

