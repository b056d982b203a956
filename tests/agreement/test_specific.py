"""Agreement on one value, and how common it is."""

from __future__ import annotations

import pytest
from tests.agreement import published
from tests.agreement.published import N, from_table

from resilens.agreement import prevalence, specific_agreement
from resilens.results.types import Description, Undefined


def test_cicchetti_feinstein_1990() -> None:
    """Journal of Clinical Epidemiology 43(6), p. 554: 2a / (2a + b + c) and 2d / (2d + b + c)."""
    table = from_table([[40, 9], [6, 45]], values=[1, 0])
    positive, negative = (specific_agreement(table, of, interval=False) for of in (1, 0))
    assert isinstance(positive, Description)
    assert isinstance(negative, Description)
    assert positive.value == pytest.approx(80 / (80 + 15))
    assert negative.value == pytest.approx(90 / (90 + 15))


def test_uebersax_1982_pools_pairs_of_units_with_gaps() -> None:
    rows = [[1, 1, 0], [1, N, 1], [0, 0, 0], [1, 0, N], [1, N, N]]
    agreement = specific_agreement(rows, interval=False)
    assert isinstance(agreement, Description)
    assert agreement.value == pytest.approx((2 * 1 + 2 * 1) / (2 * 2 + 2 * 1 + 1 * 1))
    share = prevalence(rows, interval=False)
    assert isinstance(share, Description)
    assert share.value == pytest.approx((2 + 2 + 0 + 1) / (3 + 2 + 3 + 2))


def test_a_value_nobody_gave_has_no_agreement_and_no_prevalence() -> None:
    undefined = specific_agreement([[0, 0], [0, 0]])
    assert isinstance(undefined, Undefined)
    assert "did anybody give 1" in undefined.reason
    assert prevalence([[0, 0], [0, 0]], interval=False) == Description(0.0, 2, "two units, two coders")


def test_agreement_on_every_value_of_krippendorff_2011_c() -> None:
    values = [specific_agreement(published.KRIPPENDORFF_2011_C, of, interval=False) for of in (4, 5)]
    assert [result.value for result in values if isinstance(result, Description)] == [pytest.approx(12 / 15), 1.0]
