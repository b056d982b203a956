"""One function family decides the study's day and week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.study.zones import day_of, offset_minutes, start_of, week_of, zone

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: f"UTC{'-' if m < 0 else '+'}{abs(m) // 60:02}:{abs(m) % 60:02}")
MOMENTS = st.datetimes(datetime(1990, 1, 2), datetime(2090, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("UTC", 0), ("UTC+08:00", 480), ("UTC-05:30", -330), ("UTC+14:00", 840), ("UTC+00:00", 0)],
)
def test_offsets(written: str, minutes: int) -> None:
    assert offset_minutes(written) == minutes
    assert zone(written).utcoffset(None) == timedelta(minutes=minutes)


@pytest.mark.parametrize("written", ["Asia/Shanghai", "UTC+8", "GMT+08:00", "UTC+15:00", "UTC+08:75", "", "utc", "Z"])
def test_refuses_other_spellings(written: str) -> None:
    with pytest.raises(ValueError, match="is not a time zone"):
        offset_minutes(written)


def test_an_evening_in_london_is_the_next_day_in_shanghai() -> None:
    moment = datetime(2025, 1, 19, 16, 0, tzinfo=UTC)  # a Sunday
    assert day_of(moment, "UTC") == date(2025, 1, 19)
    assert day_of(moment, "UTC+08:00") == date(2025, 1, 20)
    assert week_of(moment, "UTC") == date(2025, 1, 13)
    assert week_of(moment, "UTC+08:00") == date(2025, 1, 20)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        day_of(datetime(2025, 1, 19), "UTC")


@given(MOMENTS, ZONES)
def test_days_begin_where_start_of_says_and_the_engine_agrees(moment: datetime, written: str) -> None:
    day = day_of(moment, written)
    assert start_of(day, written) <= moment < start_of(day + timedelta(days=1), written)
    assert (moment + timedelta(minutes=offset_minutes(written))).date() == day  # what the engine computes in UTC
    monday = week_of(moment, written)
    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday < timedelta(days=7)
