"""Times typed by hand: what people write comes out in ISO 8601, and nothing is guessed."""

from __future__ import annotations

import pytest

from resilens.errors import InputError
from resilens.study.moments import instant, moment


@pytest.mark.parametrize(("typed", "kept"), [
    ("", ""), ("  ", ""), ("2025-01-14", "2025-01-14"), ("2025/1/4", "2025-01-04"), ("2025年1月14日", "2025-01-14"),
    ("2025-01-14 20:00", "2025-01-14T20:00+08:00"), ("2025-01-14T9:05:07", "2025-01-14T09:05:07+08:00"),
    ("2025年1月14日 20：00", "2025-01-14T20:00+08:00"), ("2025-01-14 20:00 -0530", "2025-01-14T20:00-05:30"),
    ("2025-01-14T20:00Z", "2025-01-14T20:00+00:00"),
])  # fmt: skip
def test_times_as_people_write_them(typed: str, kept: str) -> None:
    assert moment(typed, "UTC+08:00") == kept
    assert moment(kept, "UTC") == kept


@pytest.mark.parametrize("typed", [
    "yesterday", "2025-02-30", "2025-01-14 25:00", "14/01/2025", "2025-01-14 20:00 +99:00",
])  # fmt: skip
def test_what_is_no_time_is_refused_in_words(typed: str) -> None:
    with pytest.raises(InputError, match="no time that exists; write 2025-01-14") as refused:
        moment(typed, "UTC+08:00", "seen_at")
    assert refused.value.faults[0].where == "seen_at"


def test_times_are_sorted_as_instants() -> None:
    assert instant("2025-01-14", "UTC+08:00") < instant("2025-01-14T00:30+08:00") < instant("2025-01-13T17:00Z")
