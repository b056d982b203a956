"""Quotas: the reference study's, and what largest remainder promises and does not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.errors import InputError
from resilens.sampling.quotas import comparison_key, quotas, read_volumes, sensitivity

STUDY = {"猫税": 1_454_000, "tiktokrefugees": 3_284_000, "cattax": 46_225_000, "tiktokrefugee": 1_719_000}
volumes = st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(any).map(
    lambda numbers: {f"tag{place}": number for place, number in enumerate(numbers)}
)  # fmt: skip
totals = st.integers(0, 500)


def as_dict(total: int, of: dict[str, int]) -> dict[str, int]:
    return {row.hashtag: row.quota for row in quotas(total, of)}


def test_the_study_s_own_quotas() -> None:
    rows = quotas(200, read_volumes(
        ["#猫税=1.454M", "#tiktokrefugees=3.284M", "#cattax=46.225M", "#tiktokrefugee=1.719M"]
    ))
    assert [row.quota for row in rows] == [6, 12, 175, 7]
    assert [row.volume for row in rows] == list(STUDY.values())
    assert sum(row.share for row in rows) == pytest.approx(1)
    assert rows[0].explanation.startswith("exactly 5.5199: 5 and one of the 2 left over")


@given(totals, volumes)
def test_sum_and_quota_rule(total: int, of: dict[str, int]) -> None:
    rows = quotas(total, of)
    assert sum(row.quota for row in rows) == total
    for row in rows:
        assert abs(row.quota - Fraction(total * row.volume, sum(of.values()))) < 1
        assert row.volume or (row.quota == 0 and row.explanation == "no volume, so no posts")


@given(totals, volumes, st.randoms(use_true_random=False))
def test_order_of_hashtags_does_not_matter(total: int, of: dict[str, int], random: object) -> None:
    names = list(of)
    random.shuffle(names)  # type: ignore[attr-defined]
    assert as_dict(total, {name: of[name] for name in names}) == as_dict(total, of)


@given(totals, volumes)
def test_larger_volume_never_gets_fewer(total: int, of: dict[str, int]) -> None:
    rows = sorted(quotas(total, of), key=lambda row: row.volume)
    assert all(a.quota <= b.quota for a, b in zip(rows, rows[1:], strict=False) if a.volume < b.volume)


def test_alabama_paradox_a_larger_sample_may_give_a_hashtag_fewer_posts() -> None:
    of = {"a": 6, "b": 6, "c": 2}
    assert as_dict(10, of)["c"] == 2
    assert as_dict(11, of)["c"] == 1


def test_ties_go_to_the_larger_volume_then_by_name_and_are_explained() -> None:
    rows = quotas(1, {"b": 5, "a": 5})
    assert {row.hashtag: row.quota for row in rows} == {"a": 1, "b": 0}
    assert all("equal remainders" in row.explanation for row in rows)
    larger = quotas(4, {"a": 1, "z": 3, "y": 4})  # exact parts 0.5, 1.5, 2: the larger of the tied two wins
    assert {row.hashtag: row.quota for row in larger} == {"a": 0, "z": 2, "y": 2}


def test_a_hashtag_with_a_volume_and_no_post_is_told() -> None:
    (small, _) = quotas(3, {"small": 1, "large": 1000})
    assert small.quota == 0
    assert "still gets no post" in small.explanation


@pytest.mark.parametrize(
    ("total", "of", "said"),
    [
        (-1, {"a": 1}, "cannot be negative (-1)"),
        (5, {"a": 0, "b": 0}, "no hashtag has a volume"),
        (5, {}, "no hashtag has a volume"),
        (5, {"a": -2}, "a: the volume cannot be negative (-2)"),
        (5, {"CatTax": 2, "#cattax": 3}, "the same hashtag as CatTax"),
        (True, {"a": 1}, "must be a whole number"),
    ],
)
def test_faults_in_words(total: int, of: dict[str, int], said: str) -> None:
    with pytest.raises(InputError) as raised:
        quotas(total, of)
    assert said in str(raised.value)


def test_every_unreadable_pair_is_named() -> None:
    with pytest.raises(InputError) as raised:
        read_volumes(["#a=12", "nonsense", "#b=x", "#a=13"])
    assert len(raised.value.faults) == 3


def test_comparison_key_ignores_case_hash_and_composition() -> None:
    assert comparison_key("#CatTax") == comparison_key("cattax") == comparison_key(" ＃CATTAX ")
    assert comparison_key("cafe\u0301") == comparison_key("CAFÉ")


@given(st.integers(1, 300), volumes, st.integers(0, 7))
def test_quotas_hold_exactly_between_the_bounds_of_sensitivity(total: int, of: dict[str, int], which: int) -> None:
    rows = sensitivity(total, of, ())
    row = rows[which % len(rows)]
    declared = as_dict(total, of)

    def with_factor(factor: Fraction) -> dict[str, int]:
        return as_dict(total, {name: volume * (factor.numerator if name == row.hashtag else factor.denominator)
                               for name, volume in of.items()})  # fmt: skip

    low, high = Fraction(row.lowest), Fraction(row.highest) if row.highest is not None else Fraction(10**6)
    # The bounds come as floats: stay a little inside, and go a little beyond.
    inside = [low + (high - low) * Fraction(part, 1000) for part in (1, 300, 700, 999)]
    assert all(with_factor(factor) == declared for factor in inside if factor > 0)
    if row.highest is not None:
        assert with_factor(high * Fraction(1000001, 1000000)) != declared
    if row.lowest > 0:
        assert with_factor(low * Fraction(999999, 1000000)) != declared


def test_sensitivity_of_the_study_s_quotas() -> None:
    rows = {row.hashtag: row for row in sensitivity(200, STUDY)}
    assert rows["cattax"].smallest_error == pytest.approx(0.00125, abs=1e-5)
    halved, _, _, doubled = rows["tiktokrefugees"].shifts
    assert (halved.factor, sum(halved.quotas.values()), halved.moved) == (0.5, 200, 6)
    assert (doubled.factor, doubled.moved) == (2.0, 12)
    assert sensitivity(10, {"a": 5})[0].smallest_error is None
    with pytest.raises(InputError, match="above 0"):
        sensitivity(10, STUDY, [0])
