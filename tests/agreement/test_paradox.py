"""Where the kappa paradox strikes, and where it does not."""

from __future__ import annotations

import pytest
from tests.agreement.published import Rows, from_table

from resilens.agreement import gwet_ac1, krippendorff_alpha, percent_agreement, prevalence
from resilens.agreement.paradox import paradox
from resilens.results.types import Undefined


def sentence(rows: Rows) -> str:
    first, second, third = (function(rows, interval=False)
                            for function in (krippendorff_alpha, percent_agreement, gwet_ac1))  # fmt: skip
    return paradox(first, second, third, prevalence(rows, interval=False), "value 1")


def test_feinstein_cicchetti_1990_rare_value() -> None:
    text = sentence(from_table([[3, 5], [5, 187]], values=[1, 0]))
    assert "agree on 95.0% of the pairs" in text
    assert "value 1 is in only 4.0% of the judgements" in text


def test_feinstein_cicchetti_1990_common_value() -> None:
    assert "value 1 is absent from only 4.0%" in sentence(from_table([[187, 5], [5, 3]], values=[1, 0]))


@pytest.mark.parametrize("table", [[[90, 10], [10, 90]], [[20, 30], [30, 120]], [[8, 0], [1, 191]]])
def test_no_paradox_no_sentence(table: list[list[int]]) -> None:
    assert not sentence(from_table(table, values=[1, 0]))


def test_undefined_has_no_paradox() -> None:
    nothing = Undefined("no variation")
    assert not paradox(nothing, nothing, nothing, nothing)
