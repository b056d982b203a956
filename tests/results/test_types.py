"""A result is a value or a reason."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.results import Basis, Description, Estimate, Result, Undefined, from_dict, to_dict

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def estimate(value: float = 0.5, low: float = 0.4, high: float = 0.6, level: float = 0.95, basis: Basis = "design",
             assumption: str = "") -> Estimate:  # fmt: skip
    return Estimate(value, low, high, level, 200, 50, basis, "the frame", "mixed", 7, assumption)


RESULTS = st.one_of(
    st.builds(lambda value, ends, level: estimate(value, min(ends), max(ends), level), FINITE,
              st.tuples(FINITE, FINITE),
              st.floats(0.01, 0.99)),
    st.builds(Description, FINITE, st.integers(0), st.text(), st.text()),
    st.builds(Undefined, st.text(min_size=1).filter(str.strip)),
)  # fmt: skip


@given(RESULTS)
def test_a_result_survives_its_plain_form(result: Result) -> None:
    assert from_dict(to_dict(result)) == result


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_nan_is_never_a_value(bad: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Description(bad, 3, "posts")
    for place in range(3):
        numbers = [0.5, 0.4, 0.6]
        numbers[place] = bad
        with pytest.raises(ValueError, match="finite"):
            estimate(*numbers)


def test_an_interval_is_not_reversed_and_its_level_is_a_probability() -> None:
    with pytest.raises(ValueError, match="reversed"):
        estimate(low=0.7, high=0.6)
    for level in (0.0, 1.0, 95.0):
        with pytest.raises(ValueError, match="level"):
            estimate(level=level)


def test_a_model_and_only_a_model_states_its_assumption() -> None:
    assert estimate(basis="model", assumption="counts are Poisson").assumption
    with pytest.raises(ValueError, match="assumption"):
        estimate(basis="model")
    with pytest.raises(ValueError, match="assumption"):
        estimate(basis="coding", assumption="none needed")


def test_an_unknown_basis_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown basis 'guess'"):
        estimate(basis="guess")  # type: ignore[arg-type]


def test_undefined_needs_its_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        Undefined("  ")


@pytest.mark.parametrize("content", [{}, {"result": "number"}, {"result": "undefined"},
                                     {"result": "description", "value": 1.0, "n": 2, "frame": "", "colour": "red"},
                                     ])  # fmt: skip
def test_what_is_no_result_is_refused(content: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"unknown result type|not a "):
        from_dict(content)


def test_results_say_whether_they_have_an_interval() -> None:
    assert str(estimate()) == "0.5 [0.4, 0.6] (95%, design)"
    assert "no interval" in str(Description(0.25, 40, "posts", "share"))
    assert str(Undefined("one capture")) == "undefined: one capture"
