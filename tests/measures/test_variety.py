"""Variety of tributes in small corpora counted by hand, and what it says where it cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.measures.made import comment, material, post, study_of

from resilens.measures.statistics.coverage import common_coverage
from resilens.measures.statistics.diversity import hill_at_coverage
from resilens.measures.variety import MEASURE
from resilens.measures.variety.kinds import level_of
from resilens.results.figures import svg
from resilens.results.types import Description, Estimate, Undefined

PHASES = {"phase": [{"name": "early", "start": date(2025, 1, 1), "end": date(2025, 1, 10)},
                    {"name": "late", "start": date(2025, 1, 11)}]}  # fmt: skip
CAT, DOG, DRAWN, MADE = (f"practice.tribute.{name}" for name in ("cat", "dog", "drawn", "made"))

EARLY = {CAT: 20, DOG: 8, DRAWN: 1}
LATE = {CAT: 15, DOG: 10, DRAWN: 9, MADE: 6}


def tributes(**periods: dict[str, int]) -> tuple[list[dict[str, Any]], dict[str, Sequence[str]]]:
    """Posts of 2 January (early) and 20 January (late) with one variant each."""
    posts, codes = [], {}
    for day, (period, counts) in zip((1, 19), periods.items(), strict=False):
        for code, many in counts.items():
            for number in range(many):
                name = f"{period}-{code.rpartition('.')[2]}-{number:02d}"
                posts.append(post(name, day))
                codes[f"rednote:p:{name}"] = ["practice.tribute", code]
    return posts, codes


def test_periods_are_compared_at_the_coverage_both_reach(tmp_path: Path) -> None:
    posts, codes = tributes(early=EARLY, late=LATE)
    posts += [post("read", 2), post("bare", 3)]
    codes |= {"rednote:p:read": [], "rednote:p:bare": ["practice.tribute"]}
    found = MEASURE.compute(material(tmp_path, codes, study=study_of(**PHASES), posts=posts))
    counts = [[20, 8, 1], [15, 10, 9, 6]]
    level = common_coverage(counts)
    for period, own in zip(("early", "late"), counts, strict=True):
        for order in (0, 1, 2):
            result = found.estimates[f"tribute variants: q = {order} of posts, {period}"]
            assert isinstance(result, Estimate)
            assert result.value == pytest.approx(hill_at_coverage(own, order, level).value)
            assert result.low <= result.value <= result.high
            assert (result.basis, result.n_items, result.n_threads) == ("coding", sum(own), sum(own))
    change = found.estimates["tribute variants: q = 1 of posts, late minus early"]
    assert isinstance(change, Estimate)
    assert change.low > 0
    assert found.tables["counts"].rows == [
        ("posts", "early", 20, 8, 0, 0, 0, 1, 0, 30), ("posts", "late", 15, 10, 0, 0, 0, 9, 6, 40)]  # fmt: skip
    assert "95% interval" in found.sentence
    for figure in (found.figure, found.narrow):
        assert figure is not None
        assert "q = 2" in svg(figure)


def test_a_variant_is_born_with_its_first_captured_occurrence_wherever_it_is(tmp_path: Path) -> None:
    posts = [post("a", 4), post("b", 6), post("c", 2), post("never", None)]
    comments = [comment("x", "a", 5)]
    codes = {"rednote:p:a": [CAT], "rednote:p:b": [DOG], "rednote:c:x": [DOG, DRAWN], "rednote:p:c": [],
             "rednote:p:never": [MADE]}  # fmt: skip
    study = study_of(event={"name": "The move", "date": date(2025, 1, 4)}, **PHASES)
    found = MEASURE.compute(material(tmp_path, codes, study=study, posts=posts, comments=comments))
    assert found.tables["births"].rows == [
        ("Cat tax", date(2025, 1, 5), "rednote:p:a", 1), ("Dog tax", date(2025, 1, 6), "rednote:c:x", 2),
        ("Drawn tax", date(2025, 1, 6), "rednote:c:x", 1)]  # fmt: skip
    assert found.evidence == ("rednote:p:a", "rednote:c:x", "rednote:c:x")
    cat, made = found.estimates[f"{CAT}: first captured"], found.estimates[f"{MADE}: first captured"]
    assert isinstance(cat, Description)
    assert cat.value == 1
    assert isinstance(made, Undefined)
    assert found.sentence.startswith("Too few tributes with a variant were coded")


def test_what_is_unresolved_and_posts_and_comments_stay_apart(tmp_path: Path) -> None:
    posts, codes = tributes(early=EARLY, late=LATE)
    comments = [comment(f"{number}", "early-cat-00", 1) for number in range(12)]
    codes |= {f"rednote:c:{number}": [CAT if number % 2 else DOG] for number in range(12)}
    open_codes = {"rednote:p:early-cat-00": [CAT]}
    codes["rednote:p:early-cat-00"] = ["practice.tribute"]
    given = material(tmp_path, codes, open_codes, study=study_of(**PHASES), posts=posts, comments=comments)
    found = MEASURE.compute(given)
    assert [row[2] for row in found.tables["counts"].rows] == [19, 15, 6, 0]
    alone = found.estimates["tribute variants: q = 0 of comments, early"]
    assert isinstance(alone, Description)
    assert (alone.value, alone.n) == (pytest.approx(2), 12)
    assert "one thread, and an interval needs 20" in alone.frame
    empty = found.estimates["tribute variants: q = 0 of comments, late"]
    assert isinstance(empty, Undefined)
    assert "no occurrences" in empty.reason
    assert not any("comments, late minus early" in name for name in found.estimates)


def test_too_few_in_a_period_leave_the_other_at_its_own_coverage(tmp_path: Path) -> None:
    posts, codes = tributes(early=EARLY, late={CAT: 9})
    found = MEASURE.compute(material(tmp_path, codes, study=study_of(**PHASES), posts=posts))
    late = found.estimates["tribute variants: q = 2 of posts, late"]
    assert isinstance(late, Undefined)
    assert "nine occurrences" in late.reason
    assert found.table is not None
    rows = {(row[1], row[2]): row for row in found.table.rows}
    assert rows["early", 0][9] == "observed"
    assert rows["early", 0][3:5] == (3, pytest.approx(3))
    assert rows["late", 0][4:10] == (None,) * 6


@pytest.mark.parametrize(
    ("days", "words"), [((None, None), "no periods to compare"), ((3, 3), "no periods to compare")]
)
def test_without_periods_there_is_no_variety_to_compare(
    tmp_path: Path, days: tuple[int | None, ...], words: str
) -> None:
    posts = [post(f"{number}", day) for number, day in enumerate(days)]
    codes = {f"rednote:p:{number}": [CAT] for number in range(len(days))}
    (only,) = MEASURE.compute(material(tmp_path, codes, posts=posts)).estimates.values()
    assert isinstance(only, Undefined)
    assert words in only.reason


def test_nothing_coded_says_so(tmp_path: Path) -> None:
    (only,) = MEASURE.compute(material(tmp_path, posts=[post("a")])).estimates.values()
    assert isinstance(only, Undefined)
    assert "nothing has been coded" in only.reason
    assert level_of([]) is None
