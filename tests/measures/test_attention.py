"""Attention in small corpora whose course is known by hand, and what it says where it cannot tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.measures.made import comment, material, post, seen, study_of

from resilens.measures.attention import MEASURE
from resilens.measures.attention.course import course_of
from resilens.measures.attention.daily import Series, captured, declared
from resilens.results.figures import svg
from resilens.results.findings import finding_from_dict, finding_to_dict
from resilens.results.types import Description, Undefined

EVENT = {"name": "The move", "date": date(2025, 1, 5)}


def posts_a_day(counts: Sequence[int]) -> list[dict[str, Any]]:
    return [post(f"{day}-{number}", day) for day, count in enumerate(counts) for number in range(count)]


def halving() -> list[int]:
    """Two, then a peak of 512 on the third day, halved every two days, and one a day at the end."""
    return [2, 2, *[max(1, round(512 * 2 ** (-day / 2))) for day in range(60)]]


def test_peak_days_to_it_half_life_and_remainder_are_those_put_in(tmp_path: Path) -> None:
    corpus = {"posts": posts_a_day(halving()), "observations": [seen("0-0", 61)]}
    found = MEASURE.compute(material(tmp_path, study=study_of(event=EVENT), **corpus))
    value = {name: result.value for name, result in found.estimates.items() if isinstance(result, Description)}
    assert value["posts a day: peak"] == 512
    assert value["posts a day: days to peak"] == -2
    assert value["posts a day: half-life"] == pytest.approx(2, rel=0.1)
    assert value["posts a day: remainder"] == pytest.approx(1 / 512)
    assert found.sentence.startswith("Posts a day peaked on 3 January 2025 at 512 and fell by half within 2")
    assert found.evidence == tuple(sorted(f"rednote:p:2-{number}" for number in range(512))[:10])
    assert found.table is not None
    assert len(found.table.rows) == 62
    assert found.tables["decay"].rows[0][2] == 0
    assert "what searches returned" in found.caption
    assert "The vertical axis is a root scale." in found.caption
    for figure in (found.figure, found.narrow):
        assert figure is not None
        assert f"posts · {sum(halving()):,} captured" in svg(figure)
    kept = finding_to_dict(found)
    assert finding_to_dict(finding_from_dict(kept)) == kept


def test_a_level_that_was_raised_is_found_on_its_day(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    counts = generator.poisson([*[4] * 30, *[30] * 30])
    found = MEASURE.compute(material(tmp_path, posts=posts_a_day(counts)))
    ((label, when, before, after, again),) = found.tables["changes"].rows
    assert (label, when) == ("posts a day", date(2025, 1, 31))
    assert (before, after) == pytest.approx((counts[:30].mean(), counts[30:].mean()))
    assert again > 0.95
    assert found.tables["penalties"].rows[0][1] == 0


def test_threads_hold_comments_unequally_and_coverage_is_capped(tmp_path: Path) -> None:
    """Captured are 3, 2 and 0 comments; declared 10 and 1, and one post does not show a count."""
    rows = [comment(f"{on}{number}", on) for on, many in (("a", 3), ("b", 2)) for number in range(many)]
    posts = [post("a", comments=10), post("b", comments=1), post("c")]
    value = MEASURE.compute(material(tmp_path, posts=posts, comments=rows)).estimates
    gini = value["captured comments over threads: Gini"]
    assert isinstance(gini, Description)
    assert gini.value == pytest.approx((0 * -2 + 2 * 0 + 3 * 2) / (3 * 5))
    top = value["declared comments over threads: top 1%"]
    assert isinstance(top, Description)
    assert (top.value, top.n) == (pytest.approx(0.02 * 10 / 11), 2)
    everything, middle = value["coverage: all threads"], value["coverage: median thread"]
    assert isinstance(everything, Description)
    assert isinstance(middle, Description)
    assert (everything.value, middle.value, middle.n) == (pytest.approx(4 / 11), 0.3, 2)


def test_volumes_are_differenced_by_day_and_a_fall_starts_anew(tmp_path: Path) -> None:
    read = [(1, 500), (3, 100), (4, 400), (5, 450), (6, 460)]
    hashtag = {"name": "cattax", "volumes": [
        {"as_of": date(2025, 1, day), "discussions": value} for day, value in read]}  # fmt: skip
    given = material(tmp_path, study=study_of(hashtag=[hashtag], event=EVENT))
    (series,) = declared(given)
    assert (series.first, series.values.tolist()) == (date(2025, 1, 4), [300, 50, 10])
    assert "fell, for the last time by 3 January" in series.note
    found = MEASURE.compute(given)
    peak = found.estimates["#cattax discussions a day: peak"]
    assert isinstance(peak, Description)
    assert (peak.value, peak.unit) == (300, "discussions a day")
    assert isinstance(found.estimates["#cattax discussions a day: remainder"], Undefined)
    assert found.evidence == ()
    assert "counter grew" in found.caption


def test_counters_read_weeks_apart_tell_no_single_days(tmp_path: Path) -> None:
    hashtag = {"name": "猫税", "volumes": [
        {"as_of": when, "discussions": value} for when, value in
        ((date(2025, 1, 1), "1k"), (date(2025, 1, 11), "11k"), (date(2025, 2, 10), "14k"))]}  # fmt: skip
    found = MEASURE.compute(material(tmp_path, study=study_of(hashtag=[hashtag])))
    peak, half, left = (found.estimates[f"#猫税 discussions a day: {name}"]
                        for name in ("peak", "half-life", "remainder"))  # fmt: skip
    assert isinstance(peak, Description)
    assert isinstance(left, Description)
    assert (peak.value, left.value) == (1000, pytest.approx(0.1))
    assert isinstance(half, Undefined)
    assert "up to 30 days apart" in half.reason
    assert any("fastest growth between dates" in one for one in found.cautions)


def test_one_date_of_a_volume_is_no_series(tmp_path: Path) -> None:
    hashtag = {"name": "cattax", "volumes": [{"as_of": date(2025, 5, 1), "discussions": "46.225M"}]}
    found = MEASURE.compute(material(tmp_path, study=study_of(hashtag=[hashtag])))
    (only,) = found.estimates.values()
    assert isinstance(only, Undefined)
    assert "three dates" in only.reason
    assert found.figure is None


def test_days_end_with_the_latest_capture_and_begin_before_what_the_study_speaks_of(tmp_path: Path) -> None:
    rows = [post("old", -400), post("a", 3), post("b", 5), post("undated", None)]
    study = study_of(event={"name": "The move", "milestone": [{"date": date(2025, 1, 2), "name": "It began"}]})
    (series,) = captured(material(tmp_path, study=study, posts=rows, observations=[seen("a", 9)]))
    assert (series.first, series.last) == (date(2025, 1, 4), date(2025, 1, 10))
    assert series.values.tolist() == [1, 0, 1, 0, 0, 0, 0]
    assert series.note.startswith("one post without a time is left out; one post before 5 December 2024")


def test_short_and_endless_series_say_why(tmp_path: Path) -> None:
    short = course_of(Series("posts", "posts", date(2025, 1, 1), np.array([3.0, 1, 0]), "three days"), 1)
    results = short.results(None)
    for name, words in (("half-life", "needs 14"), ("remainder", "two days after the peak"),
                        ("changes of level", "three days"), ("days to peak", "no day of the event")):  # fmt: skip
        result = results[name]
        assert isinstance(result, Undefined)
        assert words in result.reason
    flat = course_of(Series("posts", "posts", date(2025, 1, 1), np.full(40, 9.0), "forty days"), 1).results(None)
    assert isinstance(flat["half-life"], Undefined)
    assert "does not fall to half" in flat["half-life"].reason
    endless = course_of(Series("posts", "posts", date(2025, 1, 1), np.ones(1001), "years"), 1)
    assert isinstance(endless.changes, Undefined)
    assert "1,000" in endless.changes.reason


def test_undecided_laws_are_said_to_be(tmp_path: Path) -> None:
    counts = [9, 4, 6, 3, 5, 2, 4, 1, 3, 2, 1, 2, 0, 1]
    found = MEASURE.compute(material(tmp_path, posts=posts_a_day(counts)))
    half = found.estimates["posts a day: half-life"]
    assert isinstance(half, Description)
    assert "undecided against" in half.frame
    assert "which law of decay is undecided" in found.sentence
    assert any("fit alike" in one for one in found.cautions)
    assert math.isfinite(half.value)


def test_a_handful_a_day_has_no_course(tmp_path: Path) -> None:
    found = MEASURE.compute(material(tmp_path, study=study_of(event=EVENT), posts=posts_a_day([1, 0, 2, 1] * 10)))
    assert found.sentence.startswith("Posts a day were never more than 2, too few to tell a course.")
    assert "half" not in found.sentence
