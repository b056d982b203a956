"""Into which periods is time cut? Into the phases of observation that the study declares, or else into two halves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from resilens.measures.items import NEVER, Places, day_number, day_of_number
from resilens.results.time_axis import Period

if TYPE_CHECKING:
    from resilens.study.model import Study


def declared(study: Study) -> tuple[Period, ...]:
    """The study's phases as periods, in the order of their days; none where it declares fewer than two."""
    phases = sorted(study.phases, key=lambda phase: phase.start)
    return tuple(Period(one.name, one.start, one.end) for one in phases) if len(phases) > 1 else ()


def cut(study: Study, days: Places) -> tuple[Period, ...]:
    """The periods of a study's items: its phases in which any of them lies, or, where that leaves fewer than two, the
    halves of their time.

    Parameters
    ----------
    days
        Days since 1970, `NEVER` where unknown.
    """
    spans = declared(study)
    held = set(places(spans, days).tolist())
    used = tuple(period for place, period in enumerate(spans) if place in held)
    return used if len(used) > 1 else halves(days)


def halves(days: Places) -> tuple[Period, ...]:
    """The days from the first to the last, cut in the middle; none where there are fewer than two days.

    Parameters
    ----------
    days
        Days since 1970, `NEVER` where unknown.
    """
    known = days[days != NEVER]
    if not known.size or known.min() == known.max():
        return ()
    first, last = int(known.min()), int(known.max())
    middle = (first + last) // 2
    return (Period("first half", day_of_number(first), day_of_number(middle)),
            Period("second half", day_of_number(middle + 1), day_of_number(last)))  # fmt: skip


def places(periods: Sequence[Period], days: Places) -> Places:
    """The place of each day's period, -1 where it lies in none.

    Parameters
    ----------
    days
        Days since 1970, `NEVER` where unknown; any shape.
    """
    found = np.full(days.shape, -1, dtype=np.int64)
    for place, period in enumerate(periods):
        inside = (days != NEVER) & (days >= day_number(period.first))
        if period.last is not None:
            inside &= days <= day_number(period.last)
        found[inside & (found < 0)] = place
    return found
