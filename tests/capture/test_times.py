"""Times are read in every form seen, and what only a whole capture can tell is decided from all its times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.capture.times import DAMAGED, NOTHING, Evidence, parse_time, parse_times, settle, zone_name

NOON = int(datetime(2025, 1, 14, 12, 8, tzinfo=UTC).timestamp() * 1000)
HOUR = 3_600_000


@pytest.mark.parametrize(
    ("raw", "expected", "precision"),
    [
        (NOON, NOON, "second"), (NOON + 1, NOON + 1, "millisecond"), (NOON // 1000, NOON, "second"),
        (str(NOON), NOON, "second"), (str(NOON // 1000), NOON, "second"), (float(NOON), NOON, "second"),
        (f"{NOON}.0", NOON, "second"), ("2025-01-14T12:08:00Z", NOON, "second"),
        ("2025-01-14T12:08:00.000Z", NOON, "second"), ("2025-01-14T21:08:00+09:00", NOON, "second"),
        ("2025-01-14 20:08:00 +0800", NOON, "second"), ("Tue Jan 14 20:08:00 +0800 2025", NOON, "second"),
        ("2025-01-14 12:08 UTC", NOON, "minute"), (datetime(2025, 1, 14, 12, 8, tzinfo=UTC), NOON, "second"),
    ],
)  # fmt: skip
def test_quirk_8_times_that_state_their_zone(raw: Any, expected: int, precision: str) -> None:
    moment = parse_time(raw)
    assert (moment.exact, moment.precision, moment.naive) == (expected, precision, False)


@pytest.mark.parametrize(
    ("raw", "precision"),
    [("2025-01-14_12:08:00", "second"), ("2025-01-14 12:08:00", "second"), ("2025/1/14 12:08", "minute"),
     ("2025年1月14日 12:08", "minute"), ("1/14/2025 12:08", "minute"), ("14/01/2025 12:08", "minute"),
     ("1/14/2025 12:08:00 PM", "second"), (datetime(2025, 1, 14, 12, 8), "second"),
     ("编辑于 2025-01-14 12:08", "minute")],
)  # fmt: skip
def test_quirk_8_naive_times(raw: Any, precision: str) -> None:
    moment = parse_time(raw)
    assert moment.naive
    assert NOON in (moment.month_first, moment.day_first)
    assert moment.precision == precision


@pytest.mark.parametrize(
    ("raw", "day"),
    [("01-13", date(2025, 1, 13)), ("12-30", date(2024, 12, 30)), ("昨天 12:08", date(2025, 1, 13)),
     ("今天 09:00", date(2025, 1, 14)), ("编辑于 01-13 美国", date(2025, 1, 13)), ("2025-01-13", date(2025, 1, 13)),
     ("20250113", date(2025, 1, 13)), ("昨天 12:08 广东", date(2025, 1, 13))],
)  # fmt: skip
def test_quirk_8_days_count_from_the_capture(raw: str, day: date) -> None:
    moment = parse_time(raw, NOON)
    assert moment.month_first is not None
    assert datetime.fromtimestamp(moment.month_first / 1000, UTC).date() == day
    assert moment.precision == "day"


def test_quirk_8_ages_count_from_the_capture() -> None:
    assert parse_time("3天前", NOON)[:1] + parse_time("3天前", NOON)[3:4] == (NOON - 72 * HOUR, "day")
    assert parse_time("2小时前 上海", NOON).exact == NOON - 2 * HOUR
    assert parse_time("5分钟前", NOON).precision == "minute"
    assert parse_time("3天前") == DAMAGED


def test_the_declared_zone_decides_which_day_yesterday_was() -> None:
    late = int(datetime(2025, 1, 14, 20, 0, tzinfo=UTC).timestamp() * 1000)
    moment = parse_time("昨天", late, 8 * HOUR)
    assert moment.month_first is not None
    assert datetime.fromtimestamp(moment.month_first / 1000, UTC).date() == date(2025, 1, 14)


@pytest.mark.parametrize("raw", ["1.75E+12", "1.74599E+12", "########", "soon", "99/99/2025", "2025-02-30", 5, 10**17])
def test_quirk_3_damaged_times_are_said_to_be(raw: Any) -> None:
    assert parse_time(raw) == DAMAGED


@pytest.mark.parametrize("raw", [None, "", " ", "None", "0", 0, -1, "-1", float("nan"), True])
def test_no_time_is_no_damage(raw: Any) -> None:
    assert parse_time(raw) == NOTHING


def evidence(texts: list[str], clock: list[int | None]) -> Evidence:
    gathered = Evidence()
    for text, by_id in zip(texts, clock, strict=True):
        gathered.see(parse_time(text), by_id)
    return gathered


def written(moments: list[datetime], form: str) -> list[str]:
    return [moment.strftime(form) for moment in moments]


@given(st.integers(-48, 56), st.integers(5, 30), st.integers(0, 59))
def test_quirk_8_the_zone_is_inferred_from_the_id_clock(quarters: int, number: int, seconds: int) -> None:
    offset = timedelta(minutes=15 * quarters)
    made = [datetime(2025, 1, 14, tzinfo=UTC) + timedelta(hours=7 * n, seconds=seconds) for n in range(number)]
    local = written([moment + offset for moment in made], "%Y-%m-%d %H:%M")
    found = settle(evidence(local, [int(moment.timestamp() * 1000) for moment in made]), items="posts")
    assert found.offset == 15 * quarters * 60_000
    assert found.time_basis == "field_zone_inferred"
    assert f"{number} of {number} posts agree on {zone_name(found.offset)}" in found.words


def test_drafts_do_not_mislead_the_zone() -> None:
    made = [datetime(2025, 1, 14, n, tzinfo=UTC) for n in range(10)]
    earlier = [timedelta(hours=98 if n < 2 else 8) for n in range(10)]
    clock = [int((moment - hours).timestamp() * 1000) for moment, hours in zip(made, earlier, strict=True)]
    found = settle(evidence(written(made, "%Y-%m-%d %H:%M"), [*clock]), items="posts")
    assert (found.zone, found.words) == ("UTC+08:00", "inferred from the id clock: 8 of 10 posts agree on UTC+08:00")


def test_too_little_evidence_establishes_nothing() -> None:
    made = [datetime(2025, 1, 14, n, tzinfo=UTC) for n in range(6)]
    clock = [int(moment.timestamp() * 1000) for moment in made]
    few = settle(evidence(written(made[:4], "%Y-%m-%d %H:%M"), [*clock[:4]]))
    assert (few.offset, few.time_basis) == (None, "unknown")
    assert "only 4 items" in few.words
    scattered = [value - 5 * HOUR * n for n, value in enumerate(clock)]
    assert settle(evidence(written(made, "%Y-%m-%d %H:%M"), [*scattered])).offset is None


def test_a_declared_zone_decides_and_disagreement_is_said() -> None:
    made = [datetime(2025, 1, 14, n, tzinfo=UTC) for n in range(6)]
    gathered = evidence(written(made, "%Y-%m-%d %H:%M"), [int(moment.timestamp() * 1000) for moment in made])
    found = settle(gathered, timezone(timedelta(hours=8)))
    assert (found.offset, found.zone, found.time_basis) == (8 * HOUR, "UTC+08:00", "field_zone_declared")
    assert "6 of 6 items agree on UTC+00:00" in found.words
    assert settle(Evidence(), UTC).words == "every time states its zone"


def test_quirk_8_day_or_month_first_is_told_by_the_other_dates() -> None:
    assert settle(evidence(["1/2/2025 10:00", "1/14/2025 10:00"], [None, None])).day_first is False
    assert settle(evidence(["1/2/2025 10:00", "14/1/2025 10:00"], [None, None])).day_first is True
    unknown = settle(evidence(["1/2/2025 10:00"], [None]))
    assert unknown.day_first is None
    assert "nothing tells whether day or month comes first in 1 dates" in unknown.words


def test_quirk_8_day_or_month_first_is_told_by_the_id_clock() -> None:
    days = ((1, 2), (1, 3), (2, 5), (3, 1), (4, 2), (5, 6))
    made = [datetime(2025, month, day, 10, tzinfo=UTC) for month, day in days]
    clock = [int(moment.timestamp() * 1000) for moment in made]
    assert settle(evidence(written(made, "%m/%d/%Y %H:%M"), [*clock])).day_first is False
    found = settle(evidence(written(made, "%d/%m/%Y %H:%M"), [*clock]))
    assert found.day_first is True
    assert "day first, as the id clock agrees with that" in found.words


@given(st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.datetimes()))
def test_no_value_makes_it_fail(raw: Any) -> None:
    moment = parse_time(raw, NOON)
    assert not (moment.exact is not None and moment.naive)


RAW = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(600_000_000, 4_200_000_000),
    st.integers(600_000_000_000, 4_200_000_000_000), st.integers(600_000_000, 4_200_000_000_000).map(str),
    st.sampled_from(["", "0", "昨天 12:08", "3天前", "1/2/2025", "2025-01-14 12:08", "1.75E+12", "٣٣٣٣٣٣٣٣٣٣", 1.7e9]),
)  # fmt: skip


@given(st.lists(st.tuples(RAW, RAW)), st.sampled_from([0, 8 * HOUR]))
def test_many_times_at_once_are_what_each_is_alone(pairs: list[tuple[Any, Any]], offset: int) -> None:
    raws, collected = [raw for raw, _ in pairs], [seen for _, seen in pairs]
    seen = parse_times(collected)
    found = parse_times(raws, seen, offset)
    alone = [parse_time(raw, parse_time(when).exact, offset) for raw, when in pairs]
    assert list(zip(*found[:5], strict=True)) == alone
    assert {place for place, moment in enumerate(alone) if moment.naive} <= found.single.keys()
