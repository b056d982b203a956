"""The rules of saturation, each against its paper's own numbers, and what must hold for any codes in any threads."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.agreement.saturation.curves import curve
from resilens.agreement.saturation.guest import guest_saturation
from resilens.agreement.saturation.incidence import Incidence
from resilens.agreement.saturation.richness import chao2, coverage
from resilens.errors import InputError
from resilens.results.types import Description, Estimate, Undefined

GIRDLED = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4, 2, 2, 2, 2, *[1] * 12]
LOGGED = [88, 22, 16, 15, 13, 10, 8, 8, 7, 7, 7, 5, 4, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, *[1] * 14]
"""iNEXT's spiders. With the individuals as threads, Chao2 and its coverage are Chao1 and its own."""

WORKED = (15, 10, 7, 5, 4, 3, 1, 0, 1, 0)
"""Guest, Namey & Chen's example: 37 codes in a base of four; what follows is the only sequence of ten that gives both
their windows of two (7, 4, 1 new codes) and, with a run of three, 7+3."""

found = st.lists(st.tuples(st.integers(0, 29).map(str), st.integers(0, 12).map(lambda n: f"c{n}")), max_size=120)
threads = [str(number) for number in range(30)]


def test_guest_namey_and_chen_2020_worked_example() -> None:
    two = guest_saturation(WORKED)
    assert [f"{ratio:.0%}" for ratio in two.ratios[:3]] == ["19%", "11%", "3%"]
    assert (two.base_codes, two.label, two.reached) == (
        37, "6+2", Description(8, 10, "the units given, in their order", "threads"))  # fmt: skip
    assert two.rule == "base 4, run 2, threshold 5%"
    assert guest_saturation(WORKED, run=3).label == "7+3"


def test_the_base_of_guests_rule_may_be_another_and_the_threshold_nothing() -> None:
    assert guest_saturation([3, 1, 0, 0], base=1, run=1, threshold=0).label == "2+1"
    never = guest_saturation([4, 1, 1, 1], base=1, run=1)
    assert isinstance(never.reached, Undefined)
    assert never.label == ""
    assert "not reached in 4 threads" in never.reached.reason
    assert "lowest share is 25.0%" in never.reached.reason


@pytest.mark.parametrize(
    ("new", "words"), [([1, 2], "fewer than the base of 4 and one run of 2"), ([0] * 9, "showed no code")]
)
def test_guests_rule_says_why_it_cannot_tell(new: list[int], words: str) -> None:
    reached = guest_saturation(new).reached
    assert isinstance(reached, Undefined)
    assert words in reached.reason


@pytest.mark.parametrize("wrong", [{"base": 0}, {"run": 0}, {"threshold": 1.0}, {"threshold": -0.1}])
def test_numbers_that_make_no_rule_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError):
        guest_saturation(WORKED, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("counts", "value", "low", "high", "covered"),
    [(GIRDLED, 43.893, 30.51, 96.97, 0.9289), (LOGGED, 61.403, 43.50, 128.58, 0.9446)],
)
def test_chao_1987_and_chao_and_jost_2012_as_inext_has_them(
    counts: list[int], value: float, low: float, high: float, covered: float
) -> None:
    estimate = chao2(counts, sum(counts))
    assert isinstance(estimate, Estimate)
    assert (round(estimate.value, 3), round(estimate.low, 2), round(estimate.high, 2)) == (value, low, high)
    assert (estimate.basis, estimate.n_threads) == ("model", sum(counts))
    share = coverage(counts, sum(counts))
    assert isinstance(share, Description)
    assert round(share.value, 4) == covered


def test_good_1953_coverage_where_no_code_was_found_twice() -> None:
    share = coverage([1, 1, 5], 10)
    assert isinstance(share, Description)
    assert share.value == pytest.approx(1 - 2 / 7)


def test_chao2_without_doubletons_and_without_singletons() -> None:
    without_twos = chao2([1, 1, 1, 5, 9], 20)
    assert isinstance(without_twos, Estimate)
    assert without_twos.value == pytest.approx(5 + 19 / 20 * 3)
    assert without_twos.low > 5
    assert chao2([3, 4], 20) == Description(2, 20, "the threads given", "codes")


def test_no_interval_is_given_under_twenty_threads_or_where_none_is_asked_for() -> None:
    assert isinstance(chao2([1, 1, 2, 5], 19), Description)
    assert isinstance(chao2([1, 1, 2, 5], 20), Estimate)
    assert isinstance(chao2([1, 1, 2, 5], 20, interval=False), Description)


def test_richness_says_why_there_is_none() -> None:
    assert chao2([], 20) == Undefined("no code was found")
    assert isinstance(coverage([1], 1), Undefined)
    with pytest.raises(InputError, match="from 1 to 4"):
        coverage([5], 4)
    with pytest.raises(InputError, match="0.95"):
        chao2([1], 4, level=95)


def test_a_code_counts_once_in_a_thread_and_appears_in_its_first() -> None:
    incidence = Incidence.of(["a", "b", "c"], [("b", "x"), ("b", "x"), ("c", "x"), ("a", "y"), ("?", "z")])
    assert incidence.codes == ("y", "x")
    assert incidence.counts.tolist() == [1, 2]
    assert incidence.new.tolist() == [1, 1, 0]


def test_a_code_that_came_with_reading_again_appears_after_what_had_been_read() -> None:
    incidence = Incidence.of(["a", "b", "c"], [("a", "x"), ("a", "late")], {"late": 2})
    assert incidence.new.tolist() == [1, 0, 1]
    assert incidence.counts.tolist() == [1, 1]


@given(found, st.integers(0, 5))
def test_curves_rise_and_end_at_the_number_of_codes(pairs: list[tuple[str, str]], seed: int) -> None:
    incidence = Incidence.of(threads, pairs)
    grown, codes = curve(incidence, orders=20, seed=seed), len(incidence.codes)
    for series in (grown.observed, grown.mean, grown.low, grown.high):
        assert (np.diff(series) >= 0).all()
        assert series[-1] == codes
    assert (grown.low <= grown.mean + 1e-9).all()
    assert (grown.mean <= grown.high + 1e-9).all() or codes == 0
    assert (grown.new.sum(axis=1) == codes).all()


@given(found, st.randoms(use_true_random=False))
def test_coverage_and_chao2_do_not_depend_on_the_order(pairs: list[tuple[str, str]], random: object) -> None:
    shuffled = list(threads)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Incidence.of(threads, pairs), Incidence.of(shuffled, pairs)
    for of in (coverage, chao2):
        assert of(one.counts, 30) == of(sorted(other.counts), 30)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40))
def test_chao2_is_no_less_than_what_was_found_and_lies_in_its_interval(counts: list[int]) -> None:
    result = chao2(counts, 30)
    assert not isinstance(result, Undefined)
    assert result.value >= len(counts)
    if isinstance(result, Estimate):
        assert len(counts) <= result.low <= result.value <= result.high


def test_the_mean_of_random_orders_is_the_expected_number_of_codes() -> None:
    """Against the exact expectation: S - sum over codes of C(T - y, t) / C(T, t) (Kobayashi 1974; Colwell 2004)."""
    generator = np.random.default_rng(3)
    pairs = [(str(thread), f"c{code}") for code in range(12) for thread in generator.integers(0, 30, 1 + code // 2)]
    incidence = Incidence.of(threads, pairs)
    expected = [
        len(incidence.codes) - sum(math.comb(30 - int(y), t) / math.comb(30, t) for y in incidence.counts)
        for t in range(1, 31)
    ]
    grown = curve(incidence, orders=4000, seed=1)
    assert np.abs(grown.mean - expected).max() < 0.1


def test_random_orders_are_seeded_and_do_not_depend_on_how_many_are_drawn_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    incidence = Incidence.of(threads, [("3", "x"), ("7", "x"), ("7", "y")])
    first = curve(incidence, orders=50, seed=9)
    assert (first.new == curve(incidence, orders=50, seed=9).new).all()
    assert (first.new != curve(incidence, orders=50, seed=8).new).any()
    monkeypatch.setattr("resilens.agreement.saturation.curves._AT_ONCE", 90)
    assert (first.new == curve(incidence, orders=50, seed=9).new).all()
