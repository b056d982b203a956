"""Percent agreement and what corrects it for chance, on the data of their papers; irrCAC's values as printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.agreement import published
from tests.agreement.published import N, from_table

from resilens.agreement import (
    brennan_prediger_kappa,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    percent_agreement,
    scott_pi,
)
from resilens.errors import InputError
from resilens.results.types import Description, Result, Undefined

CORRECTED = [brennan_prediger_kappa, cohen_kappa, conger_kappa, fleiss_kappa, gwet_ac1, gwet_ac2, scott_pi]


def value(function: Callable[..., Result], table: object, **how: Any) -> float:
    result = function(table, interval=False, **how)
    assert isinstance(result, Description), result
    return result.value


@pytest.mark.parametrize(
    ("function", "expected"),
    [(gwet_ac1, 0.77544), (fleiss_kappa, 0.76117), (conger_kappa, 0.76282), (brennan_prediger_kappa, 0.77273),
     (percent_agreement, 0.81818)],
)  # fmt: skip
def test_gwet_2014_raw_4_raters(function: Callable[..., Result], expected: float) -> None:
    """irrCAC's raw4raters: 12 units, four raters, gaps, a unit rated once."""
    assert value(function, published.RAW_4_RATERS) == pytest.approx(expected, abs=5e-6)


def test_irrcac_abstractors() -> None:
    """irrCAC's cont3x3abstractors: kappa2.table and scott2.table."""
    assert value(cohen_kappa, published.ABSTRACTORS) == pytest.approx(0.7964, abs=5e-5)
    assert value(scott_pi, published.ABSTRACTORS) == pytest.approx(0.7962, abs=5e-5)


def test_gwet_paradox_two_by_two() -> None:
    """80 7 / 8 5: percent agreement .85, chance .21875, AC1 .808."""
    assert value(percent_agreement, published.GWET_PARADOX) == pytest.approx(0.85)
    assert value(gwet_ac1, published.GWET_PARADOX) == pytest.approx((0.85 - 0.21875) / (1 - 0.21875))
    assert value(gwet_ac1, published.GWET_PARADOX) == pytest.approx(0.808, abs=5e-4)


def test_gwet_2008_hand_case() -> None:
    assert value(percent_agreement, published.GWET_2008) == pytest.approx(0.9)
    assert value(gwet_ac1, published.GWET_2008) == pytest.approx(0.8658, abs=5e-5)
    assert value(scott_pi, published.GWET_2008) == pytest.approx(0.6078, abs=5e-5)


def test_gwet_2008_on_cohen_1960() -> None:
    assert value(gwet_ac1, published.COHEN_1960_P37) == pytest.approx(-0.0480, abs=5e-4)
    assert value(gwet_ac1, published.COHEN_1960_P45) == pytest.approx(0.5760, abs=5e-5)


def test_cohen_1960() -> None:
    """Educational and Psychological Measurement 20(1), p. 45: kappa .492, p_o .70."""
    assert value(percent_agreement, published.COHEN_1960_P45) == pytest.approx(0.70)
    assert value(cohen_kappa, published.COHEN_1960_P45) == pytest.approx(0.492, abs=5e-4)


def test_fleiss_1971() -> None:
    """Psychological Bulletin 76(5), p. 379: 30 patients, six raters; p_a .5556, from rounded parts kappa .430."""
    assert value(percent_agreement, published.FLEISS_1971) == pytest.approx(0.5556, abs=5e-5)
    assert value(fleiss_kappa, published.FLEISS_1971) == pytest.approx(0.430, abs=1e-3)


@pytest.mark.parametrize(
    ("table", "kappa"),
    [(published.BRENNAN_PREDIGER_1981_P689, 0.27), (published.BRENNAN_PREDIGER_1981_P691, 0.29)],
)
def test_brennan_prediger_1981(table: object, kappa: float) -> None:
    """Educational and Psychological Measurement 41(3), pp. 689 and 691: kappa_n .40 in both, whatever the marginals."""
    assert value(brennan_prediger_kappa, table) == pytest.approx(0.40, abs=5e-3)
    assert value(cohen_kappa, table) == pytest.approx(kappa, abs=5e-3)


@pytest.mark.parametrize(
    ("table", "kappa"), [(published.KRIPPENDORFF_2004_P246_A, 0.186), (published.KRIPPENDORFF_2004_P246_B, 0.258)]
)
def test_krippendorff_2004_p246_kappa_rewards_coders_who_differ_in_habit(table: object, kappa: float) -> None:
    """The same agreement and overall shares, in the second all disagreement on one side: pi stays, kappa rises."""
    assert value(percent_agreement, table) == pytest.approx(0.460, abs=5e-4)
    assert value(scott_pi, table) == pytest.approx(0.186, abs=5e-4)
    assert value(cohen_kappa, table) == pytest.approx(kappa, abs=5e-4)
    assert value(brennan_prediger_kappa, table) == pytest.approx(0.190, abs=5e-4)


def test_scott_1955_is_fleiss_for_two_coders() -> None:
    assert value(scott_pi, published.COHEN_1960_P45) == pytest.approx(value(fleiss_kappa, published.COHEN_1960_P45))


def test_conger_1980_is_cohen_for_two_coders() -> None:
    assert value(conger_kappa, published.COHEN_1960_P45) == pytest.approx(value(cohen_kappa, published.COHEN_1960_P45))


def test_cohen_1968_weights() -> None:
    """Weighted kappa is one minus weighted disagreement over weighted disagreement by chance."""
    table = [[10, 3, 1], [2, 8, 4], [0, 5, 7]]
    total, rows, columns = 40, [14, 14, 12], [12, 16, 12]
    for name, cost in (("linear", abs), ("quadratic", lambda gap: gap**2)):
        observed = sum(cost(i - j) * table[i][j] for i in range(3) for j in range(3)) / total
        chance = sum(cost(i - j) * rows[i] * columns[j] for i in range(3) for j in range(3)) / total**2
        assert value(cohen_kappa, from_table(table), weights=name) == pytest.approx(1 - observed / chance)


def test_declared_values_count_as_categories() -> None:
    table = published.GWET_2008
    assert value(brennan_prediger_kappa, table) == pytest.approx(2 * 0.9 - 1)
    declared = value(brennan_prediger_kappa, table, values=["n", "unclear", "y"])
    assert declared == pytest.approx((0.9 - 1 / 3) / (1 - 1 / 3))


@pytest.mark.parametrize("function", CORRECTED)
def test_no_variation_is_undefined(function: Callable[..., Result]) -> None:
    result = function([[1, 1]] * 30)
    assert isinstance(result, Undefined)
    assert "no variation" in result.reason
    assert value(percent_agreement, [[1, 1]] * 30) == 1.0


@pytest.mark.parametrize("function", [cohen_kappa, scott_pi])
def test_coefficients_for_two_coders_say_so(function: Callable[..., Result]) -> None:
    result = function(published.FLEISS_1971)
    assert isinstance(result, Undefined)
    assert "is for two coders and here are six coders" in result.reason
    assert value(function, published.FLEISS_1971, coders=[0, 5]) < 1


@pytest.mark.parametrize("function", [cohen_kappa, scott_pi])
def test_units_only_one_of_two_coders_coded_are_left_out(function: Callable[..., Result]) -> None:
    gaps = [*published.COHEN_1960_P45, [1, N], [N, 3], [N, N]]
    assert value(function, gaps) == pytest.approx(value(function, published.COHEN_1960_P45))


def test_weights_at_fault_are_named() -> None:
    with pytest.raises(InputError, match="did you mean 'quadratic'"):
        gwet_ac2(published.RAW_4_RATERS, "quadrtic")
    with pytest.raises(InputError, match="no order"):
        gwet_ac2(published.KRIPPENDORFF_2011_B, "linear")


@pytest.mark.parametrize(
    ("weights", "raw_4_raters", "hayes"),
    [("identity", 0.775444, 0.509349), ("linear", 0.858739, 0.706798), ("quadratic", 0.914001, 0.847644),
     ("ordinal", 0.898940, 0.802603)],
)  # fmt: skip
def test_gwet_2014_ac2_with_gaps(weights: str, raw_4_raters: float, hayes: float) -> None:
    """irrCAC 0.4.4, run on both tables: CAC(table, weights).gwet()."""
    assert value(gwet_ac2, published.RAW_4_RATERS, weights=weights) == pytest.approx(raw_4_raters, abs=1e-6)
    assert value(gwet_ac2, published.HAYES_KRIPPENDORFF_2007, weights=weights) == pytest.approx(hayes, abs=1e-6)


@pytest.mark.parametrize(
    ("function", "expected"),
    [(gwet_ac1, 0.509349), (fleiss_kappa, 0.469685), (conger_kappa, 0.472608), (brennan_prediger_kappa, 0.5),
     (percent_agreement, 0.625)],
)  # fmt: skip
def test_irrcac_on_hayes_krippendorff_2007(function: Callable[..., Result], expected: float) -> None:
    """irrCAC 0.4.4, run on the 40 units with gaps."""
    assert value(function, published.HAYES_KRIPPENDORFF_2007) == pytest.approx(expected, abs=1e-6)
