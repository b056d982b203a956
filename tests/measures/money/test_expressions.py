"""Amounts in hand-written English and Chinese expressions, a third of which name none."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from resilens.measures.money import Amount, amounts
from resilens.measures.money.units import UNITS

TABLE = Path(__file__).with_name("expressions.csv")
ROWS = [line.rsplit("|", 1) for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
NOTATION = re.compile(r"(~?)(>=|<=)?(\??)([A-Z]{3}|-) ([\d.]+)(?:-([\d.]+))?(?: /(.+))?")


def noted(amount: Amount) -> str:
    """An amount in the notation of the table."""
    low, high = (f"{bound.normalize():f}" for bound in (amount.low, amount.high))
    return (f"{'~' if amount.approximate else ''}{ {'at_least': '>=', 'at_most': '<='}.get(amount.bound, '') }"
            f"{'?' if amount.assumed else ''}{amount.currency or '-'} {low}{'' if low == high else f'-{high}'}"
            f"{f' /{amount.per}' if amount.per else ''}").replace(" >", ">")  # fmt: skip


def normal(expected: str) -> str:
    """The notation with its numbers without trailing zeros."""
    found = NOTATION.fullmatch(expected)
    assert found, f"not an amount: {expected}"
    vague, bound, assumed, currency, low, high, per = found.groups()
    ends = [f"{Decimal(end).normalize():f}" for end in (low, high) if end]
    assert per is None or per in UNITS
    return f"{vague}{bound or ''}{assumed}{currency} {'-'.join(ends)}{f' /{per}' if per else ''}"


def test_the_table_is_large_enough_and_much_of_it_names_no_money() -> None:
    assert len(ROWS) >= 220
    assert sum(not expected for _, expected in ROWS) >= 60
    assert len({text for text, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[text for text, _ in ROWS])
def test_an_expression_names_these_amounts(text: str, expected: str) -> None:
    wanted = [normal(one) for one in expected.split("; ")] if expected else []
    assert [noted(amount) for amount in amounts(text)] == wanted
