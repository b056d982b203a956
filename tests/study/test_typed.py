"""What is typed by hand: texts without what breaks them, times in ISO 8601 without guessing."""

from __future__ import annotations

import pytest

from resilens.errors import InputError
from resilens.study.typed import instant, moment, plain


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


def test_a_text_keeps_all_but_what_breaks_it() -> None:
    assert plain(" a\r\nb\rc\0\ud83d👩‍👩‍👧\u202e \n") == "a\nb\nc\ufffd\ufffd👩‍👩‍👧\u202e"
