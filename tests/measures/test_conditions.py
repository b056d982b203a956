"""Conditions before and after in made captures: a jump put in, none, neighbours too near, and nothing known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.measures.made import comment, material, post, study_of

from resilens.measures.conditions import MEASURE
from resilens.results.figures import svg
from resilens.results.findings import finding_from_dict, finding_to_dict
from resilens.results.types import Description, Estimate, Undefined


def day(number: int) -> date:
    return date(2025, 1, 1) + timedelta(days=number)


def condition(name: str, start: int | None = None, end: int | None = None, **more: Any) -> dict[str, Any]:
    dates = {key: day(value) for key, value in (("start", start), ("end", end)) if value is not None}
    return {"name": name, "actor": "platform", "kind": "technical", "sources": ["a press release"], **dates, **more}


def posts_a_day(counts: Sequence[int]) -> list[dict[str, Any]]:
    return [post(f"{at:03d}-{number}", at) for at, count in enumerate(counts) for number in range(count)]


def test_a_jump_put_in_is_found_and_stands_out_of_its_placebos(tmp_path: Path) -> None:
    counts = np.random.default_rng(3).poisson(np.where(np.arange(160) < 80, 6, 14))
    study = study_of(condition=[condition("Translation", 80), condition("Rivalry")])
    found = MEASURE.compute(material(tmp_path, study=study, posts=posts_a_day(counts)))
    jump, slope = (found.estimates[f"Translation: {what}"]
                   for what in ("jump in posts a day", "change of slope of posts a day"))  # fmt: skip
    assert isinstance(jump, Estimate)
    assert isinstance(slope, Estimate)
    assert jump.low > 0
    assert jump.low <= 8 <= jump.high
    assert slope.low <= 0 <= slope.high
    assert jump.basis == "model"
    assert jump.n_items == counts[52:108].sum()
    assert "28 days before and 28" in jump.design
    as_large = found.estimates["Translation: placebo dates with as large a jump"]
    assert isinstance(as_large, Description)
    assert (as_large.value, as_large.n) == (0, (80 - 56 + 1) * 2)
    means = found.estimates["Translation: posts a day, after minus before"]
    assert isinstance(means, Description)
    assert means.value == pytest.approx(counts[80:87].mean() - counts[73:80].mean())
    undated = found.estimates["Rivalry: jump in posts a day"]
    assert isinstance(undated, Undefined)
    assert "no day on which it began" in undated.reason
    assert [name for name in found.estimates if name.startswith("Rivalry")] == ["Rivalry: jump in posts a day"]
    assert "jumped by" in found.sentence
    shifts = found.tables["shifts"]
    assert all(row[0] == "Translation" and row[2] is not None for row in shifts.rows)
    assert "No value of Rivalry: the study gives no day on which it began." in shifts.notes
    for figure in (found.figure, found.narrow):
        assert figure is not None
        drawn = svg(figure)
        assert "Rivalry" in drawn
    assert found.figure is not None
    assert "Translation (platform, technical)" in svg(found.figure)
    kept = finding_to_dict(found)
    assert finding_to_dict(finding_from_dict(kept)) == kept


def test_a_milestone_near_by_leaves_a_description_of_the_days_free_of_it(tmp_path: Path) -> None:
    counts = [2] * 40 + [9] * 40
    event = {"name": "The move", "milestone": [{"date": day(36), "name": "Dark"}, {"date": day(45), "name": "Light"}]}
    study = study_of(event=event, condition=[condition("Rule", 40)])
    given = material(tmp_path, study=study, posts=posts_a_day(counts), comments=[comment("c", "040-0", 41)])
    found = MEASURE.compute(given).estimates
    jump = found["Rule: jump in posts a day"]
    assert isinstance(jump, Undefined)
    assert "four days before and five days from it on hold no other milestone" in jump.reason
    assert "Rule: change of slope of posts a day" not in found
    means = found["Rule: posts a day, after minus before"]
    assert isinstance(means, Description)
    assert (means.value, means.n) == (7, 4 * 2 + 5 * 9)
    few = found["Rule: comments a day, after minus before"]
    assert isinstance(few, Undefined)


def test_the_end_of_another_condition_and_the_edge_of_the_capture_count_too(tmp_path: Path) -> None:
    conditions = [condition("Ban", 2, 18), condition("Return", 20), condition("Late", 200)]
    found = MEASURE.compute(material(tmp_path, study=study_of(condition=conditions), posts=posts_a_day([3] * 60)))
    near, late = (found.estimates[f"{name}: posts a day, after minus before"] for name in ("Return", "Late"))
    assert isinstance(near, Undefined)
    assert "one day before" in near.reason
    assert isinstance(late, Undefined)
    assert "None began on a day" in found.sentence


def test_too_few_quiet_days_for_placebos_are_said(tmp_path: Path) -> None:
    counts = np.random.default_rng(1).poisson(6, 34)
    found = MEASURE.compute(material(tmp_path, study=study_of(condition=[condition("Rule", 17)]),
                                     posts=posts_a_day(counts)))  # fmt: skip
    assert isinstance(found.estimates["Rule: jump in posts a day"], Estimate)
    as_large = found.estimates["Rule: placebo dates with as large a jump"]
    assert isinstance(as_large, Undefined)
    assert "10 are needed" in as_large.reason


def test_chance_alone_seldom_makes_a_jump(tmp_path: Path) -> None:
    generator = np.random.default_rng(11)
    conditions = [condition(f"n{number}", 30 + 40 * number) for number in range(20)]
    counts = generator.poisson(8, 40 * 21)
    found = MEASURE.compute(material(tmp_path, study=study_of(condition=conditions), posts=posts_a_day(counts)))
    jumps = [found.estimates[f"n{number}: jump in posts a day"] for number in range(20)]
    beyond = [isinstance(one, Estimate) and not one.low <= 0 <= one.high for one in jumps]
    assert all(isinstance(one, Estimate) for one in jumps)
    assert sum(beyond) <= 4


def test_without_captures_or_conditions_it_says_so(tmp_path: Path) -> None:
    (only,) = MEASURE.compute(material(tmp_path / "a")).estimates.values()
    assert isinstance(only, Undefined)
    assert "declares no condition" in only.reason
    found = MEASURE.compute(material(tmp_path / "b", study=study_of(condition=[condition("Rule", 3)])))
    assert all(isinstance(one, Undefined) for one in found.estimates.values())
    assert found.figure is not None
    assert found.table is not None
    assert found.table.rows == [("Rule", "platform", "technical", day(3), None, None, "a press release")]
    undated = MEASURE.compute(material(tmp_path / "c", study=study_of(condition=[condition("Rivalry")])))
    assert undated.figure is None
