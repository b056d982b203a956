"""What the study declares to have happened, on which days."""

from __future__ import annotations

from datetime import date

from tests.measures.made import study_of

from resilens.measures.happenings import known_from, moments, turning_days
from resilens.results.time_axis import Moment

BAN, STORE = date(2025, 1, 19), date(2025, 1, 14)


def test_happenings_of_one_day_are_one_moment_and_conditions_turn_on_their_first_day_and_after_their_last() -> None:
    rule = {"name": "Rule", "actor": "state", "kind": "governance", "start": BAN, "end": date(2025, 1, 31)}
    study = study_of(
        event={"name": "The move", "date": BAN,
               "milestone": [{"date": BAN, "name": "Ban"}, {"date": STORE, "name": "First"}]},
        condition=[rule], phase=[{"name": "early", "start": date(2025, 1, 13)}],
    )  # fmt: skip
    assert moments(study) == (Moment("First", STORE), Moment("Ban; “Rule” begins", BAN))
    assert turning_days(study) == [STORE, BAN, date(2025, 2, 1)]
    assert known_from(study) == date(2025, 1, 13)
    assert (moments(study_of()), turning_days(study_of()), known_from(study_of())) == ((), [], None)
