"""The difference of two values with intervals: a published example, and what it must never do."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.measures.apart import apart
from resilens.results.types import Description, Estimate, Undefined


def wilson(cases: int, n: int) -> Estimate:
    z, p = 1.959964, cases / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = ((middle + sign * half) / (1 + z * z / n) for sign in (-1, 1))
    return Estimate(p, low, high, 0.95, n, n, "coding", "the items read", "Wilson")


def test_newcombes_example() -> None:
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 (Newcombe 1998, table II, example (a), method 10)."""
    found = apart(wilson(56, 70), wilson(48, 80), 150)
    assert isinstance(found, Estimate)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert (found.n_items, found.n_threads) == (150, 150)


def test_without_an_interval_or_a_value_there_is_none() -> None:
    described = Description(0.5, 4, "four items (no interval: four threads, and an interval needs 20)", "share")
    found = apart(wilson(8, 10), described, 12)
    assert isinstance(found, Description)
    assert found.value == pytest.approx(0.3)
    assert found.n == 14
    assert "an interval needs 20" in found.frame
    assert apart(Undefined("nothing was read"), described, 0) == Undefined("nothing was read")


@given(a=st.integers(0, 30), b=st.integers(0, 30))
def test_swapping_flips_the_sign_and_the_value_lies_inside(a: int, b: int) -> None:
    one, other = apart(wilson(a, 30), wilson(b, 30), 60), apart(wilson(b, 30), wilson(a, 30), 60)
    assert isinstance(one, Estimate)
    assert isinstance(other, Estimate)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))
    assert one.low <= one.value <= one.high
