"""A finding kept is the finding that comes back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.results import Description, Estimate, Finding, Undefined
from resilens.results.findings import finding_from_dict, finding_to_dict
from resilens.results.tables import Column, Table

TEXT = st.text(max_size=20)
VALUES = st.one_of(st.none(), TEXT, st.booleans(), st.integers(-10**9, 10**9), st.floats(allow_nan=False,
                   allow_infinity=False), st.dates(), st.datetimes(timezones=st.just(UTC)))  # fmt: skip


@given(st.lists(st.tuples(VALUES, VALUES), max_size=4), TEXT, st.lists(TEXT, max_size=3))
def test_what_is_kept_comes_back(rows: list[tuple[object, object]], text: str, evidence: list[str]) -> None:
    table = Table(text, [Column("a", "A"), Column("b", text, "decimal")], rows, [text])  # type: ignore[arg-type]
    finding = Finding(
        "x", {"one": Estimate(1, 0, 2, 0.95, 10, 5, "coding", text, "d", 3), "two": Description(2, 3, text, "days"),
              "three": Undefined("nothing was read")},
        table, {"mark": "point"}, tuple(evidence), text, text, text, (text,), {"more": table}, None,
    )  # fmt: skip
    again = finding_from_dict(json.loads(json.dumps(finding_to_dict(finding))))
    assert finding_to_dict(again) == finding_to_dict(finding)
    assert again.estimates == finding.estimates
    assert again.table
    assert [list(row) for row in again.table.rows] == [list(row) for row in rows]


def test_days_and_moments_are_told_apart() -> None:
    table = Table("t", [Column("at", "At", "date")], [[date(2025, 1, 2)], [datetime(2025, 1, 2, 3, tzinfo=UTC)]])
    again = finding_from_dict(json.loads(json.dumps(finding_to_dict(Finding("x", {}, table)))))
    assert again.table
    assert [row[0] for row in again.table.rows] == [date(2025, 1, 2), datetime(2025, 1, 2, 3, tzinfo=UTC)]


@pytest.mark.parametrize("content", [{}, {"name": "x"}, {"name": "x", "estimates": 3}])
def test_what_is_no_finding_is_refused(content: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a finding"):
        finding_from_dict(content)
