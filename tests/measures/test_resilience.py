"""The stage profile in small studies made by hand: times, order, what is true by construction, and the components."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.measures.made import FIRST, comment, material, post, study_of

from resilens.measures.material import Material
from resilens.measures.resilience import MEASURE, stages
from resilens.measures.resilience.components import _apart, components
from resilens.results.figures import svg
from resilens.results.findings import finding_from_dict, finding_to_dict
from resilens.results.stacked import stacked
from resilens.results.types import Description, Estimate, Result, Undefined

GROUPS = [{"name": "refugees", "label": "Refugees", "role": "newcomer", "rules": [{"hashtags": ["x"]}]},
          {"name": "natives", "label": "Natives", "role": "host", "rules": [{"hashtags": ["y"]}]}]  # fmt: skip
ABSORB, ADAPT, TRANSFORM = (f"stage.{name}" for name in ("absorption", "adaptation", "transformation"))
TRIBUTE, ART, LEDGER = (f"practice.{name}" for name in ("tribute.cat", "art.music", "duizhang"))
EVENT = {"name": "The move", "date": date(2025, 1, 1)}
Codes = Callable[[int, int], Sequence[str]]


def weeks_of(
    folder: Path, codes: Codes, weeks: int = 6, a_week: int = 25, author: Callable[[int, int], str] | None = None,
    of_posts: Sequence[str] = (),
) -> Material:  # fmt: skip
    """One post and one comment a thread, so many threads a week from Monday 6 January 2025 on; codes by week and
    number, of the comment."""
    posts, comments, given = [], [], {}
    for week in range(weeks):
        for number in range(a_week):
            name, day = f"{week}-{number:02}", 5 + 7 * week
            posts.append(post(name, day, author="guest", comments=1, comments_bound="exact", time_precision="second"))
            who = author(week, number) if author else f"host{name}"
            comments.append(comment(name, name, day, author=who, time_precision="second"))
            given[f"rednote:p:{name}"] = of_posts
            given[f"rednote:c:{name}"] = codes(week, number)
    people = {str(one["author"]) for one in comments}
    authors = [{"author": "guest", "group": "refugees"}, *({"author": one, "group": "natives"} for one in people)]
    looks = [{"item_id": one["post_id"], "collected_at": FIRST + timedelta(days=400), "state": "seen",
              "capture_id": "c", "line": 1} for one in posts]  # fmt: skip
    tables: dict[str, Any] = {"posts": posts, "comments": comments, "authors": authors, "observations": looks}
    return material(folder, given, study=study_of(group=GROUPS, event=EVENT), **tables)


def in_turn(week: int, number: int) -> Sequence[str]:
    """Absorption in the first two weeks, transformation in the last two, adaptation evenly; one in five has none."""
    if number % 5 == 0:
        return []
    return [ADAPT] if number % 2 else [ABSORB] if week < 2 else [TRANSFORM] if week > 3 else [TRIBUTE]


def value(result: Result) -> float:
    assert not isinstance(result, Undefined), result
    return result.value


def test_times_and_order_are_those_put_in(tmp_path: Path) -> None:
    found = MEASURE.compute(weeks_of(tmp_path, in_turn)).estimates
    assert value(found[f"{ABSORB}: centre among comments"]) == pytest.approx(5 + 7)
    assert value(found[f"{ABSORB}: onset among comments"]) == pytest.approx(5 + 0.1 * 7)
    assert value(found[f"{ADAPT}: centre among comments"]) == pytest.approx(5 + 21)
    assert value(found[f"{ADAPT}: spread among comments"]) == pytest.approx(21)
    assert value(found[f"{TRANSFORM}: centre among comments"]) == pytest.approx(5 + 35)
    assert value(found[f"{ABSORB} before {TRANSFORM}, comments"]) == pytest.approx(1)
    assert value(found[f"{ABSORB} before {ADAPT}, comments"]) == pytest.approx(5 / 6, abs=1e-6)
    refused = found[f"{ABSORB}: onset among posts"]
    assert isinstance(refused, Undefined)
    assert "found in 0 of the posts" in refused.reason


def test_an_order_that_is_not_established_is_said_first(tmp_path: Path) -> None:
    """Absorption and adaptation every week alike, transformation at last."""
    def together(week: int, number: int) -> Sequence[str]:
        return [TRANSFORM] if week > 3 and number % 3 == 0 else [(ABSORB, ADAPT)[number % 2]]

    said = MEASURE.compute(weeks_of(tmp_path, together)).sentence
    assert said.startswith(
        "The order of the stages is not established: among comments, it cannot be told which came first of "
        "Hypermediated crisis absorption and Cross-cultural adaptation (chance that the first is earlier 0."
    )
    assert "and Transformation" not in said.partition(". Among")[0]


def test_the_finding_is_whole(tmp_path: Path) -> None:
    found = MEASURE.compute(weeks_of(tmp_path, in_turn))
    tables = {"components", "practices", "groups_by_stage", "definitions", "periods", "weeks", "groups"}
    assert tables == set(found.tables)
    assert found.sentence.startswith(
        "Among comments, the stages came in this order, each two beyond their interval: Hypermediated crisis "
        "absorption, Cross-cultural adaptation, and Transformation of political identities. Among comments, the stages "
        "were centred as follows, in days counted from 1 January 2025, the day of the event: "
    )
    assert not any("resilience index" in name for name in found.estimates)
    assert found.evidence
    for figure in (found.figure, found.narrow):
        assert figure is not None
        drawn = svg(figure)
        assert "Components" in drawn
        assert "Share of comments by stage" in drawn
    kept = finding_to_dict(found)
    assert finding_to_dict(finding_from_dict(kept)) == kept


def test_a_stage_that_follows_the_date_is_true_by_construction(tmp_path: Path) -> None:
    found = MEASURE.compute(weeks_of(tmp_path, lambda week, _: [ABSORB if week < 3 else ADAPT])).estimates
    for name in (f"{ABSORB}: onset among comments", f"{ADAPT}: centre among comments",
                 f"{ABSORB} before {ADAPT}, comments"):  # fmt: skip
        refused = found[name]
        assert isinstance(refused, Undefined)
        assert "true by construction" in refused.reason
        assert "date" in refused.reason
    assert value(found[f"{ABSORB}: share of comments, all"]) == 0.5


def test_one_exception_and_the_date_decides_nothing(tmp_path: Path) -> None:
    def nearly(week: int, number: int) -> Sequence[str]:
        return [ADAPT] if (week, number) == (0, 3) else [ABSORB if week < 3 else ADAPT]

    found = MEASURE.compute(weeks_of(tmp_path, nearly)).estimates
    assert value(found[f"{ABSORB} before {ADAPT}, comments"]) > 0.95


def test_a_stage_that_follows_the_practice_is_true_by_construction(tmp_path: Path) -> None:
    pairs = [[ABSORB, TRIBUTE], [ADAPT, LEDGER], [ADAPT, LEDGER, TRIBUTE, ABSORB], []]
    found = MEASURE.compute(weeks_of(tmp_path, lambda _, number: pairs[number % 4])).estimates
    refused = found[f"{ABSORB} before {ADAPT}, comments"]
    assert isinstance(refused, Undefined)
    assert "practice" in refused.reason


@pytest.mark.parametrize("other", [[ADAPT, TRIBUTE], [TRIBUTE]])
def test_a_practice_in_two_stages_or_without_one_was_judged(tmp_path: Path, other: list[str]) -> None:
    pairs = [[ABSORB, TRIBUTE], [ADAPT, LEDGER], [], []]
    given = weeks_of(tmp_path, lambda week, number: other if (week, number) == (5, 24) else pairs[number % 4])
    assert stages.by_construction(given, given.items, stages.top_codes(given, "stage")) is None


def test_few_items_prove_no_rule(tmp_path: Path) -> None:
    given = weeks_of(tmp_path, lambda week, number: [ABSORB if week < 3 else ADAPT] if number < 4 else [], weeks=6)
    names = [f"rednote:c:{week}-{number:02}" for week in range(6) for number in range(4)]
    few = given.items.select(np.isin(given.items.item_id, names))
    assert len(few) == 24
    assert stages.by_construction(given, few, stages.top_codes(given, "stage")) is None


def test_practices_and_groups_beside_stages(tmp_path: Path) -> None:
    pairs = [[ABSORB, TRIBUTE], [ABSORB, TRIBUTE], [ADAPT, TRIBUTE], [ADAPT, ART], []]
    found = MEASURE.compute(weeks_of(tmp_path, lambda _, number: pairs[number % 5]))
    assert value(found.estimates[f"{ABSORB}: share of comments, practice.tribute"]) == pytest.approx(2 / 3)
    assert value(found.estimates[f"{ADAPT}: share of comments, practice.art"]) == 1
    assert value(found.estimates[f"{ABSORB}: share of comments, natives"]) == pytest.approx(0.4)
    mostly = {row[0]: row[-1] for row in found.tables["practices"].rows if row[1] == "comments"}
    assert str(mostly["Tribute (migration tax)"]).startswith("Hypermediated")
    assert mostly["Art sharing"] == "Cross-cultural adaptation"
    defined = {row[0]: row for row in found.tables["definitions"].rows}
    assert "Art sharing" in str(defined["Cross-cultural adaptation"][-1])


def test_nothing_coded_is_a_reason(tmp_path: Path) -> None:
    found = MEASURE.compute(material(tmp_path, posts=[post("a")]))
    assert isinstance(found.estimates["resilience"], Undefined)
    assert found.sentence.startswith("Nothing has been coded")


# --- components -----------------------------------------------------------------------------------------------------


def by_key(given: Material) -> dict[str, Any]:
    return {one.key.split()[0]: one for one in components(given)}


def test_civility_early_late_and_change(tmp_path: Path) -> None:
    given = weeks_of(tmp_path, lambda week, number: ["affect.hostility"] if number < (10 if week < 3 else 5) else [])
    civil = by_key(given)["civility"]
    assert value(civil.early) == pytest.approx(0.6)
    assert value(civil.late) == pytest.approx(0.8)
    assert value(civil.change) == pytest.approx(0.2)
    assert isinstance(civil.change, Estimate)
    assert civil.change.low < 0.2 < civil.change.high
    assert [value(result) for _, result in civil.weekly] == pytest.approx([0.6] * 3 + [0.8] * 3)


def test_a_period_of_few_threads_has_no_interval(tmp_path: Path) -> None:
    given = weeks_of(tmp_path, lambda _, number: ["affect.hostility"] if number < 2 else [], weeks=2, a_week=12)
    civil = by_key(given)["civility"]
    assert isinstance(civil.change, Description)
    assert "12 threads" in civil.change.frame
    assert isinstance(civil.early, Description)
    assert by_key(given)["welcome"].early == by_key(given)["welcome"].late


def test_weeks_of_few_threads_are_taken_together(tmp_path: Path) -> None:
    given = weeks_of(tmp_path, lambda *_: [], weeks=6, a_week=5)
    assert len(by_key(given)["civility"].weekly) == 3


def test_who_comes_back_within_four_weeks_is_counted_once(tmp_path: Path) -> None:
    """Half of the authors of each week write in the next week too, the others never again."""

    def author(week: int, number: int) -> str:
        return f"p{week}-{number}" if number < 12 else f"p{week - 1}-{number - 12}"

    given = weeks_of(tmp_path, lambda *_: [], weeks=6, a_week=24, author=author)
    back = by_key(given)["return"]
    first_week = back.weekly[0][1]
    assert value(first_week) == pytest.approx(0.5)
    # in weeks 1 to 5, of 24 authors the 12 who are new come back a week later, the 12 who came back do not
    assert [value(result) for _, result in back.weekly[1:5]] == pytest.approx([0.5] * 4)
    assert value(back.weekly[5][1]) == 0


def test_four_weeks_that_had_not_passed_are_not_held_against_an_author(tmp_path: Path) -> None:
    looked = [{"item_id": "rednote:p:0-00", "collected_at": FIRST + timedelta(days=41), "state": "seen",
               "capture_id": "c", "line": 1}]  # fmt: skip
    short = material(tmp_path, {f"rednote:c:{name}": [] for name in ("a", "b")},
                     posts=[post("a", 0), post("b", 40)], comments=[comment("a", "a", 0), comment("b", "b", 40)],
                     observations=looked)  # fmt: skip
    back = by_key(short)["return"]
    assert value(back.early) == 0
    assert isinstance(back.late, Undefined)


def test_welcome_is_that_of_whole_tribute_threads(tmp_path: Path) -> None:
    def welcomes(week: int, number: int) -> Sequence[str]:
        return ["practice.welcome"] if number < (20 if week < 3 else 10) else []

    given = weeks_of(tmp_path, welcomes, of_posts=[TRIBUTE])
    welcome = by_key(given)["welcome"]
    assert value(welcome.early) == pytest.approx(20 / 25)
    assert value(welcome.late) == pytest.approx(10 / 25)
    assert value(welcome.change) == pytest.approx(-0.4)


def test_a_difference_of_threads_apart_combines_both_distances() -> None:
    def one(at: float, low: float, high: float) -> Estimate:
        return Estimate(at, low, high, 0.95, 10, 30, "coding", "the coded set", "made up")

    change = _apart(one(0.5, 0.4, 0.6), one(0.8, 0.7, 1.0))
    assert isinstance(change, Estimate)
    assert change.value == pytest.approx(0.3)
    assert change.low == pytest.approx(0.3 - np.hypot(0.1, 0.1))
    assert change.high == pytest.approx(0.3 + np.hypot(0.2, 0.1))
    assert isinstance(_apart(Undefined("why"), one(0.5, 0.4, 0.6)), Undefined)
    assert isinstance(_apart(Description(0.1, 3, "few"), one(0.5, 0.4, 0.6)), Description)


def test_nothing_cannot_be_stacked() -> None:
    with pytest.raises(ValueError, match="nothing"):
        stacked([])
