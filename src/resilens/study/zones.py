"""On which day of the study did it happen? The one place where a UTC time becomes the study's day or week.

A study has one zone with a fixed offset, written `UTC+08:00`: days of the same study always have 24 hours. The engine
runs in UTC and adds `offset_minutes` before it truncates; `day_of` and `week_of` do the same to Python datetimes.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

_WRITTEN = re.compile(r"UTC(?:(?P<sign>[+-])(?P<hours>\d{2}):(?P<minutes>\d{2}))?")


def offset_minutes(zone_text: str) -> int:
    """Minutes by which the zone is ahead of UTC: 480 for `UTC+08:00`, -330 for `UTC-05:30`, 0 for `UTC`.

    Raises
    ------
    ValueError
        If the text is not `UTC` or `UTC±hh:mm` within 14 hours.
    """
    match = _WRITTEN.fullmatch(zone_text)
    if match is None:
        hint = " (a place has summer time; a study has one fixed offset)" if "/" in zone_text else ""
        raise ValueError(f"{zone_text!r} is not a time zone{hint}; write UTC or an offset such as UTC+08:00")
    if match["sign"] is None:
        return 0
    hours, minutes = int(match["hours"]), int(match["minutes"])
    if minutes >= 60 or hours * 60 + minutes > 14 * 60:
        raise ValueError(f"{zone_text!r} is not a time zone; offsets go from UTC-14:00 to UTC+14:00")
    return (hours * 60 + minutes) * (1 if match["sign"] == "+" else -1)


def zone(zone_text: str) -> timezone:
    """The zone as a `datetime.timezone`.

    Raises
    ------
    ValueError
        As `offset_minutes`.
    """
    minutes = offset_minutes(zone_text)
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def day_of(moment: datetime, zone_text: str) -> date:
    """The study's day on which a moment falls.

    Parameters
    ----------
    moment
        A time that knows its zone.
    zone_text
        The study's zone, `study.study.zone`.

    Raises
    ------
    ValueError
        If the moment has no zone, or the zone is not understood.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; give times in UTC")
    return moment.astimezone(zone(zone_text)).date()


def week_of(moment: datetime, zone_text: str) -> date:
    """The Monday of the study's week in which a moment falls; see `day_of`."""
    day = day_of(moment, zone_text)
    return day - timedelta(days=day.weekday())


def start_of(day: date, zone_text: str) -> datetime:
    """The moment at which a day of the study begins, in UTC: `start_of(day_of(t, z), z) <= t`.

    Raises
    ------
    ValueError
        As `offset_minutes`.
    """
    return datetime.combine(day, time(), tzinfo=zone(zone_text)).astimezone(UTC)
