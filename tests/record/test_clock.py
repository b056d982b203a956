"""Clocks and identifiers: real ones follow the standard, synthetic ones repeat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resilens.record.clock import Ticking, milliseconds, seeded_identifiers, uuid7, wall

START = datetime(2025, 1, 13, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC))


def test_uuid7_is_the_example_of_rfc_9562() -> None:
    """Appendix A.6: 2022-02-22 14:22:22.00 GMT-05:00 with rand_a CC3 and rand_b 18C4DC0C0C07398F."""
    at = datetime(2022, 2, 22, 14, 22, 22, tzinfo=timezone(timedelta(hours=-5)))
    drawn = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    assert str(uuid7(at, lambda length: drawn[:length])) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(MOMENTS)
def test_uuid7_carries_its_time_version_and_variant(at: datetime) -> None:
    made = uuid7(at)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == milliseconds(at)


def test_ticking_advances_a_second_each_time_and_resumes_after_the_last() -> None:
    clock = Ticking(START)
    assert [clock(), clock()] == [START, START + timedelta(seconds=1)]
    clock.resume(START + timedelta(hours=1))
    assert clock() == START + timedelta(hours=1, seconds=1)
    clock.resume(START)
    assert clock() == START + timedelta(hours=1, seconds=2)


def test_ticking_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Ticking(datetime(2025, 1, 13))


@settings(deadline=None)
@given(st.lists(MOMENTS, max_size=20), st.integers() | st.text())
def test_seeded_identifiers_repeat_with_the_seed_and_never_within_a_run(
    moments: list[datetime], seed: int | str
) -> None:
    ordered = sorted([*moments, *moments])
    first, second = seeded_identifiers(seed), seeded_identifiers(seed)
    made = [first(at) for at in ordered]
    assert made == [second(at) for at in ordered]
    assert len(set(made)) == len(made)
    assert [first.salt(name) for name in made] == [second.salt(name) for name in made]
    assert len({first.salt(name) for name in made}) == len(made)


def test_another_seed_gives_other_identifiers_and_salts() -> None:
    one, other = seeded_identifiers(1), seeded_identifiers(2)
    name = one(START)
    assert name != other(START)
    assert one.salt(name) != other.salt(name)


def test_wall_is_utc() -> None:
    assert wall().utcoffset() == timedelta(0)
