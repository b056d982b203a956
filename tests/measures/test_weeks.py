"""Time in its own terms: spans of weeks, the day a share of the shares is reached, and what came before what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measures.made import material, post, study_of

from resilens.measures.estimating import Estimating
from resilens.measures.items import NEVER, Items, Marks, day_number
from resilens.measures.material import Material
from resilens.measures.weeks import (
    before,
    crossing,
    even,
    joined,
    mondays_of,
    origin_of,
    spans_between,
    spans_of,
    timing,
    weekly_points,
    weeks_table,
)
from resilens.results.types import Description, Estimate, Undefined

MONDAY = day_number(date(2025, 1, 6))


def of_weeks(weeks: list[int | None]) -> Items:
    """A post in each of these weeks after 6 January 2025; None: undated."""
    n = len(weeks)
    day = np.array([NEVER if week is None else MONDAY + 7 * week + 2 for week in weeks], dtype=np.int64)
    names = np.array([*(f"p{place}" for place in range(n)), ""], dtype=object)[:-1]
    return Items(names, names, np.ones(n, dtype=bool), np.arange(n), tuple(names), names, day, day,
                 np.zeros(n, dtype=np.int64), ("unknown",), np.full(n, -1, dtype=np.int64))  # fmt: skip


def all_known(there: Any) -> Marks:
    flags = np.asarray(there, dtype=bool)
    return Marks(flags, np.ones(flags.size, dtype=bool))


def test_weeks_are_taken_together_until_they_hold_enough_threads() -> None:
    items = of_weeks([0] * 10 + [1] * 4 + [2] * 6 + [3] * 12 + [4] * 3 + [None])
    spans = spans_of(items, 10)
    assert ((spans.first - MONDAY) // 7).tolist() == [0, 1, 3]
    assert spans.weeks.tolist() == [1, 2, 2]  # the last week, with three threads, joins the span before it
    assert np.bincount(spans.of[spans.of >= 0]).tolist() == [10, 10, 15]
    assert spans.of[-1] == -1


@given(st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=80))
def test_spans_leave_no_gap_and_hold_every_dated_item(weeks: list[int | None]) -> None:
    items = of_weeks(weeks)
    spans = spans_of(items, 5)
    assert (spans.of >= 0).tolist() == items.dated.tolist()
    if len(spans):
        assert (spans.first[1:] == spans.first[:-1] + 7 * spans.weeks[:-1]).all()
        held = np.bincount(spans.of[items.dated], minlength=len(spans))
        assert len(spans) == 1 or (held >= 5).all()


def test_weeks_taken_together_as_elsewhere_leave_out_what_lies_beyond_them() -> None:
    sample, whole = of_weeks([1] * 10 + [2] * 5 + [3] * 5), of_weeks([0, 1, 2, 3, 4, None])
    mondays = mondays_of(sample, 10)
    assert [(monday - MONDAY) // 7 for monday in mondays] == [1, 2, 4]
    assert spans_between(whole, mondays).of.tolist() == [-1, 0, 1, 1, -1, -1]
    dated = whole.select(whole.dated)
    own = even(Estimating(None, 1), dated, all_known(np.ones(5)), mondays)
    assert own.mass.tolist() == [0, 1, 1, 1, 0]
    assert own.there.tolist() == [False, True, True, True, False]


def test_a_part_is_reached_on_the_day_by_hand() -> None:
    days = np.array([0.0, 7, 14, 21, 28])
    assert crossing(days, np.array([0, 0.25, 0.5, 0.75, 1]), 0.5) == 14  # the end of the second week
    assert crossing(days, np.array([0, 0, 0, 0, 1.0]), 0.5) == 24.5  # the middle of the fourth
    assert crossing(days, np.array([0, 0.5, 0.5, 0.5, 1]), 0.5) == 7  # the first day of several
    assert crossing(days, np.array([0, 0.1, 0.2, 0.3, 0.4]), 0.5) == 28  # never


def test_weeks_with_few_threads_share_their_mass_by_hand() -> None:
    """Ten posts in week 0; five in each of weeks 1 and 2, together a span of two weeks: its posts weigh 2 / 10."""
    items = of_weeks([0] * 10 + [1] * 5 + [2] * 5)
    there = np.isin(np.arange(20), [0, 1, 12, 15])
    own = even(Estimating(None, 1), items, all_known(there))
    assert own.mass.tolist() == pytest.approx([0.1] * 10 + [0.2] * 10)
    assert (own.threads, own.effective) == (4, pytest.approx(0.6**2 / (2 * 0.01 + 2 * 0.04)))
    days = MONDAY + np.array([0.0, 7, 10.5, 14, 21])
    assert own.passed(days)[0].tolist() == pytest.approx([0, 2 / 6, 3 / 6, 4 / 6, 1])


def test_what_an_item_adds_is_the_derivative_by_its_weight() -> None:
    items = of_weeks([0] * 12 + [1] * 11 + [2] * 4 + [3] * 9)
    there = np.arange(36) % 3 == 0
    spans, days = spans_of(items, 10), MONDAY + np.array([5.0, 16, 25])
    made = even(Estimating(None, 1), items, all_known(there))

    def passed(weight: Any) -> Any:
        whole = np.bincount(spans.of, weights=weight)
        return replace(made, weight=weight, mass=weight / whole[spans.of] * spans.weeks[spans.of]).passed(days)[0]

    for place in (0, 3, 13, 26, 35):
        step = np.zeros(36)
        step[place] = 1e-6
        slope = (passed(1 + step) - passed(1 - step)) / 2e-6
        assert made.passed(days)[1][place] == pytest.approx(slope, abs=1e-8)


@pytest.fixture
def studied(tmp_path: Path) -> Material:
    """Four weeks of 30 posts each: tributes fall from 20 to 5 a week, letters rise from 0 to 15."""
    posts, codes = [], {}
    for week, (tributes, letters) in enumerate([(20, 0), (15, 5), (10, 10), (5, 15)]):
        for number in range(30):
            name = f"{week}-{number}"
            posts.append(post(name, 5 + 7 * week + number % 5))
            own = ["practice.tribute.cat"] if number < tributes else []
            codes[f"rednote:p:{name}"] = own + (["practice.letter"] if number >= 30 - letters else [])
    study = study_of(event={"name": "ban", "date": date(2025, 1, 6)})
    return material(tmp_path / "corpus", codes, study=study, posts=posts)


def test_onset_centre_and_spread_by_hand(studied: Material) -> None:
    origin, words = origin_of(studied)
    assert (origin, words) == (MONDAY, "6 January 2025, the day of the event")
    marks = studied.marks(studied.posts, ["practice.tribute.cat"])
    when = timing(studied, studied.posts, marks, origin, "cat tax")
    assert isinstance(when.centre, Estimate)
    assert isinstance(when.onset, Estimate)
    assert isinstance(when.spread, Estimate)
    assert when.onset.value == pytest.approx(7 * 0.05 * 50 / 20)
    assert when.centre.value == pytest.approx(7 + 7 * 5 / 15)
    assert when.spread.value == pytest.approx((14 + 7 * 2.5 / 10) - 7 * 12.5 / 20)
    assert when.centre.low < when.centre.value < when.centre.high


def test_weeks_handed_in_are_those_of_the_time(studied: Material) -> None:
    """Without the last week letters rise from 0 by 5 to 10: half of 15 had come a quarter into the third week."""
    mondays = tuple(MONDAY + 7 * week for week in range(4))
    marks = studied.marks(studied.posts, ["practice.letter"])
    handed = replace(studied, mondays={"posts": mondays})
    assert joined(handed) == {"posts": mondays}
    centre = timing(handed, handed.posts, marks, MONDAY, "letters").centre
    assert isinstance(centre, Estimate)
    assert centre.value == pytest.approx(14 + 7 * 2.5 / 10)
    two = timing(replace(studied, mondays={"posts": mondays[:3]}), studied.posts, marks, MONDAY, "letters")
    assert isinstance(two.centre, Undefined)


def test_what_lies_in_one_week_may_have_been_in_others(tmp_path: Path) -> None:
    """Twenty of sixty posts, all in the first of three weeks: by its end at least 0.025 ** (1 / 20) had passed."""
    posts = [post(f"{week}-{number}", 5 + 7 * week) for week in range(3) for number in range(20)]
    codes = {row["post_id"]: ["practice.letter"] if row["post_id"].startswith("rednote:p:0-") else [] for row in posts}
    made = material(tmp_path / "corpus", codes, posts=posts)
    when = timing(made, made.posts, made.marks(made.posts, ["practice.letter"]), MONDAY, "letters")
    assert isinstance(when.centre, Estimate)
    assert (when.centre.value, when.centre.low) == (3.5, 3.5)
    assert when.centre.high == pytest.approx(7 * 0.5 / 0.025 ** (1 / 20))


def test_the_weeks_taken_together_are_told(studied: Material) -> None:
    handed = replace(studied, mondays={"posts": tuple(MONDAY + 7 * week for week in (0, 1, 2, 4))})
    weeks = [["posts", date(2025, 1, 6), date(2025, 1, 12), 1, 30, 30],
             ["posts", date(2025, 1, 13), date(2025, 1, 19), 1, 30, 30],
             ["posts", date(2025, 1, 20), date(2025, 2, 2), 2, 60, 60]]  # fmt: skip
    assert weeks_table(handed).rows == weeks
    assert len(weeks_table(studied).rows) == 4


def test_a_surge_of_attention_alone_moves_nothing(tmp_path: Path) -> None:
    """The same share every week, ten times the posts in the first: the centre is the middle."""
    posts, codes = [], {}
    for week, size in enumerate([300, 30, 30, 30]):
        for number in range(size):
            posts.append(post(f"{week}-{number}", 5 + 7 * week))
            codes[f"rednote:p:{week}-{number}"] = ["practice.letter"] if number % 3 == 0 else []
    made = material(tmp_path / "corpus", codes, posts=posts)
    when = timing(made, made.posts, made.marks(made.posts, ["practice.letter"]), MONDAY, "letters")
    assert isinstance(when.centre, Estimate)
    assert when.centre.value == pytest.approx(14, abs=0.1)


def test_order_by_hand_and_its_complement(studied: Material) -> None:
    first = studied.marks(studied.posts, ["practice.tribute.cat"])
    second = studied.marks(studied.posts, ["practice.letter"])
    made, other = (before(studied, studied.posts, *pair, "the two") for pair in ((first, second), (second, first)))
    assert isinstance(made, Estimate)
    assert isinstance(other, Estimate)
    a, b = np.array([20, 15, 10, 5]) / 50, np.array([0, 5, 10, 15]) / 30
    hand = sum(a[i] * (b[i + 1 :].sum() + b[i] / 2) for i in range(4))
    assert made.value == pytest.approx(hand)
    assert other.value == pytest.approx(1 - hand)
    assert made.low > 0.5


def test_few_weeks_tell_no_time(tmp_path: Path) -> None:
    posts = [post(str(number), number % 3) for number in range(30)]
    made = material(tmp_path / "corpus", {row["post_id"]: ["practice.letter"] for row in posts}, posts=posts)
    marks = made.marks(made.posts, ["practice.letter"])
    for result in (timing(made, made.posts, marks, 0, "letters").onset, before(made, made.posts, marks, marks, "both")):
        assert isinstance(result, Undefined)
        assert "need" in result.reason


def test_a_code_never_found_has_no_time(studied: Material) -> None:
    nothing = all_known(np.zeros(len(studied.posts)))
    when = timing(studied, studied.posts, nothing, 0, "duck tax")
    assert when.centre == Undefined("duck tax was found in no dated item")


def test_weekly_points_need_ten_threads(studied: Material) -> None:
    points = weekly_points(studied, studied.posts, studied.marks(studied.posts, ["practice.letter"]))
    assert [round((day - MONDAY) / 7, 1) for day, _ in points] == [0.4, 1.4, 2.4, 3.4]
    assert [round(result.value, 3) for _, result in points if isinstance(result, (Estimate, Description))] == [
        0, 0.167, 0.333, 0.5]  # fmt: skip


def test_the_first_item_is_the_origin_where_no_event_is_dated(tmp_path: Path) -> None:
    made = material(tmp_path / "corpus", {"rednote:p:a": []}, posts=[post("a", 4)])
    assert origin_of(made) == (day_number(date(2025, 1, 5)), "5 January 2025, the day of the first item read")


def test_selections_keep_threads(studied: Material) -> None:
    half = studied.posts.select(np.arange(120) < 60)
    assert half.threads == studied.posts.threads
    assert half.n_threads == 60
    assert len(replace(half)) == 60
