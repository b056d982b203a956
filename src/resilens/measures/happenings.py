"""What happened when, as the study declares it? Milestones and conditions, for time axes and before-and-after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from resilens.results.time_axis import Moment, Period

if TYPE_CHECKING:
    from resilens.study.model import Study


def moments(study: Study) -> tuple[Moment, ...]:
    """Milestones, and days on which conditions begin: what every time axis shows, by day, those of one day together."""
    named = [(one.date, one.name) for one in (study.event.milestones if study.event else ())]
    named += [(one.start, f"“{one.name}” begins") for one in study.conditions if one.start]
    by_day: dict[date, list[str]] = {}
    for when, name in sorted(named, key=lambda pair: pair[0]):
        by_day.setdefault(when, []).append(name)
    return tuple(Moment("; ".join(dict.fromkeys(names)), when) for when, names in by_day.items())


def phases(study: Study) -> tuple[Period, ...]:
    """The study's phases of observation, in the order of their days."""
    return tuple(Period(one.name, one.start, one.end) for one in sorted(study.phases, key=lambda one: one.start))


def turning_days(study: Study) -> Sequence[date]:
    """Every day on which something is known to have happened: the event's, milestones, conditions' first and last days
    (the day after it, on which it no longer held), sorted, each once."""
    found = {moment.day for moment in moments(study)}
    if study.event and study.event.date:
        found.add(study.event.date)
    found |= {date.fromordinal(one.end.toordinal() + 1) for one in study.conditions if one.end}
    return sorted(found)


def known_from(study: Study) -> date | None:
    """The first day the study speaks of: of its event, milestones or phases; None where it names none."""
    days = [one.date for one in (study.event.milestones if study.event else ())]
    days += [one.start for one in study.phases]
    if study.event and study.event.date:
        days.append(study.event.date)
    return min(days, default=None)
