"""Moderation in corpora captured once and again, with answers known by hand, and what cannot be told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.measures.made import FIRST, comment, material, post

from resilens.measures.material import Material
from resilens.measures.moderation import ANSWERED, DIFFERENCE, HAZARD, KINDS, MEASURE
from resilens.measures.moderation.recaptures import Looks, looks_at
from resilens.results.figures import svg
from resilens.results.types import Description, Estimate, Result, Undefined

HOSTILITY, COUNTER = "affect.hostility", "relation.counter-speech"
NOT_LOOKED_FOR = "not looked for"
Rows = list[dict[str, Any]]


def look(number: int, day: float, **states: str) -> Rows:
    """A capture on a day, with the state of each comment in it."""
    at = FIRST + timedelta(days=day)
    return [
        {"item_id": f"rednote:c:{name}", "collected_at": at, "state": state, "capture_id": f"c{number}", "line": line}
        for line, (name, state) in enumerate(states.items())
    ]


def case(
    tmp_path: Path, observations: Rows, hostile: Sequence[str] = ("h1", "h2"), on: str = "a",
    complete: Sequence[str] = (),
) -> Material:  # fmt: skip
    """One thread with the comments h1, h2, o1, o2, o3, o4, all read; a second thread without hostility."""
    names = ("h1", "h2", "o1", "o2", "o3", "o4")
    comments = [comment(name, on) for name in names] + [comment("calm", "b")]
    codes: dict[str, Sequence[str]] = {f"rednote:c:{name}": [HOSTILITY] if name in hostile else [] for name in names}
    codes["rednote:c:calm"] = []
    captures = [{"capture_id": name, "recapture": f"recapture of {name}"} for name in complete]
    return material(tmp_path, codes, posts=[post("a"), post("b")], comments=comments, observations=observations,
                    captures=captures)  # fmt: skip


ALL_SEEN = dict.fromkeys(("h1", "h2", "o1", "o2", "o3", "o4"), "seen")


def value(result: Result) -> float:
    assert not isinstance(result, Undefined), result
    return result.value


def hazards(found: Material) -> list[Result]:
    estimates = MEASURE.compute(found).estimates
    return [*(estimates[f"{HAZARD}: {kind}"] for kind in KINDS), estimates[DIFFERENCE]]


def test_the_hazard_of_one_gap_has_a_closed_form(tmp_path: Path) -> None:
    again = {**ALL_SEEN, "h1": "absent", "o1": "absent"}
    found = case(tmp_path, look(1, 0, **ALL_SEEN) + look(2, 2, **again))
    hostile, other, difference = hazards(found)
    assert value(hostile) == pytest.approx(-math.log(1 - 1 / 2) / 2)
    assert value(other) == pytest.approx(-math.log(1 - 1 / 4) / 2)
    assert value(difference) == pytest.approx(value(hostile) - value(other))
    assert isinstance(hostile, Description)  # one thread
    finding = MEASURE.compute(found)
    assert finding.tables["looks"].rows == [[2.0, 2, 1, 4, 1]]
    assert "absence is not removal" in finding.sentence
    assert value(finding.estimates["absent at a later look: hostile comments"]) == 1
    for figure in (finding.figure, finding.narrow):
        assert figure is not None
        assert "other comments" in svg(figure)


def test_a_recapture_declared_complete_counts_though_nothing_is_absent_in_it(tmp_path: Path) -> None:
    """Before the declaration was read, a recapture in which every comment was still there told nothing."""
    observations = look(1, 0, **ALL_SEEN) + look(2, 2, **ALL_SEEN)
    assert all("no recapture is declared" in str(one) for one in hazards(case(tmp_path / "undeclared", observations)))
    found = MEASURE.compute(case(tmp_path / "declared", observations, complete=["c2"]))
    assert value(found.estimates["absent at a later look: hostile comments"]) == 0
    assert value(found.estimates["absent at a later look: other comments of the same threads"]) == 0


def test_a_comment_first_captured_later_is_at_risk_from_then(tmp_path: Path) -> None:
    first = dict.fromkeys(("h1", "o1", "o2"), "seen")
    observations = look(1, 0, **first) + look(2, 4, **ALL_SEEN) + look(3, 5, **{**ALL_SEEN, "h2": "absent"})
    observations += look(4, 6, calm="absent")  # tells that this archive says what was looked for
    found = looks_at(case(tmp_path, observations).corpus, case(tmp_path / "again", observations).comments)
    assert isinstance(found, Looks)
    assert sorted(found.days.tolist()) == [1.0] * 3 + [5.0] * 3  # the second tells nothing: all of its rows are seen
    late = {**ALL_SEEN, "o4": NOT_LOOKED_FOR}
    rows = look(1, 0, **first) + look(2, 4, **{**ALL_SEEN, "o2": "absent"}) + look(3, 5, **late)
    partial = looks_at(case(tmp_path / "partial", rows).corpus, case(tmp_path / "more", rows).comments)
    assert isinstance(partial, Looks)
    assert sorted(partial.days.tolist()) == [4.0] * 3  # the third was not complete
    assert partial.gone.sum() == 1


def test_an_absent_comment_is_no_longer_at_risk_and_may_come_back(tmp_path: Path) -> None:
    observations = (look(1, 0, **ALL_SEEN) + look(2, 1, **{**ALL_SEEN, "o1": "absent"})
                    + look(3, 3, **{**ALL_SEEN, "h1": "absent"}))  # fmt: skip
    finding = MEASURE.compute(case(tmp_path, observations))
    assert finding.tables["looks"].rows == [[1.0, 2, 0, 4, 1], [2.0, 2, 1, 3, 0]]
    assert value(finding.estimates["absent and later seen again"]) == 1
    assert any("had not been removed" in caution for caution in finding.cautions)


def test_two_gaps_are_one_likelihood(tmp_path: Path) -> None:
    """Two comments: one gone in the first day, the other there after one and after three: 1/(e^h - 1) = 1 + 2."""
    observations = (look(1, 0, **ALL_SEEN) + look(2, 1, **{**ALL_SEEN, "h1": "absent"})
                    + look(3, 3, **{**ALL_SEEN, "h1": "absent"}))  # fmt: skip
    hostile, other, _ = hazards(case(tmp_path, observations))
    assert value(hostile) == pytest.approx(math.log(4 / 3))
    assert value(other) == 0


@pytest.mark.parametrize(
    ("observations", "reason"),
    [
        (look(1, 0, **ALL_SEEN), "no thread was captured at two dated times"),
        ([], "no thread was captured at two dated times"),
        (look(1, 0, **ALL_SEEN) + look(2, 0, **ALL_SEEN), "no thread was captured at two dated times"),
        (look(1, 0, **ALL_SEEN) + look(2, 2, h1="seen", o1="seen"), "no recapture is declared complete"),
        (look(1, 0, **ALL_SEEN) + look(2, 2, **{**ALL_SEEN, "h1": "absent", "o4": NOT_LOOKED_FOR}),
         "in no thread were all comments looked for again"),
        (look(1, 0, **ALL_SEEN) + look(2, 2, h1="absent", h2="absent"),
         "in no thread were all comments looked for again"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_has_its_reason(tmp_path: Path, observations: Rows, reason: str) -> None:
    for result in hazards(case(tmp_path, observations)):
        assert isinstance(result, Undefined)
        assert reason in result.reason


def test_where_all_are_gone_or_none_is_hostile_there_is_no_hazard(tmp_path: Path) -> None:
    gone = look(1, 0, **ALL_SEEN) + look(2, 2, **{**ALL_SEEN, "h1": "absent", "h2": "absent"})
    hostile, other, difference = hazards(case(tmp_path, gone))
    assert isinstance(hostile, Undefined)
    assert "all hostile comments were gone" in hostile.reason
    assert value(other) == 0
    assert isinstance(difference, Undefined)
    (result, *_) = hazards(case(tmp_path / "calm", gone, hostile=()))
    assert isinstance(result, Undefined)
    assert result.reason == "no hostile comment was read"


def test_others_are_those_of_the_same_threads(tmp_path: Path) -> None:
    again = {**ALL_SEEN, "o1": "absent"}
    observations = look(1, 0, **ALL_SEEN, calm="seen") + look(2, 1, **again, calm="absent")
    finding = MEASURE.compute(case(tmp_path, observations))
    assert value(finding.estimates["looked for again: other comments of the same threads"]) == 4


def test_without_codings_or_a_code_for_hostility_it_is_undefined(tmp_path: Path) -> None:
    result = MEASURE.compute(material(tmp_path, {}, posts=[post("a")])).estimates["moderation"]
    assert isinstance(result, Undefined)
    assert "nothing has been coded" in result.reason


def test_counter_speech_answers_hostile_comments(tmp_path: Path) -> None:
    answers = {"r1": "h1", "r2": "h1", "r3": "h2", "r4": "calm"}
    comments = [comment(name, "a") for name in ("h1", "h2", "h3", "calm")]
    comments += [comment(name, "a", parent_id=f"rednote:c:{to}") for name, to in answers.items()]
    codes: dict[str, Sequence[str]] = {f"rednote:c:{name}": [] for name in ("calm", "r1", "r3")}
    codes |= {f"rednote:c:{name}": [HOSTILITY] for name in ("h1", "h2", "h3")}
    codes |= {f"rednote:c:{name}": [COUNTER] for name in ("r2", "r4")}
    found = MEASURE.compute(material(tmp_path, codes, posts=[post("a")], comments=comments))
    assert value(found.estimates[ANSWERED]) == 1 / 2  # h3 has no reply that was read
    assert value(found.estimates[f"{HOSTILITY}: share of comments, all"]) == 3 / 8
    assert "cannot be told" in found.sentence


def test_a_known_hazard_is_recovered_whatever_the_looks(tmp_path: Path) -> None:
    """40 threads, each looked at again after gaps of its own; removal at 0.20 a day if hostile, else 0.05."""
    chance = np.random.default_rng(5)
    posts, comments, observations = [], [], []
    codes: dict[str, Sequence[str]] = {}
    for thread in range(40):
        posts.append(post(f"p{thread}"))
        days = np.cumsum([0, *chance.integers(1, 6, size=3)])
        for number in range(12):
            name, hostile = f"{thread}x{number}", number < 4
            comments.append(comment(name, f"p{thread}"))
            codes[f"rednote:c:{name}"] = [HOSTILITY] if hostile else []
            leaves = chance.exponential(1 / (0.2 if hostile else 0.05))
            for place, day in enumerate(days):
                state = "seen" if leaves > day else "absent"
                observations += look(100 * thread + place, float(day), **{name: state})
    found = hazards(material(tmp_path, codes, posts=posts, comments=comments, observations=observations))
    for result, truth in zip(found, (0.2, 0.05, 0.15), strict=True):
        assert isinstance(result, Estimate)
        assert result.low < truth < result.high
        assert result.value == pytest.approx(truth, rel=0.3)
        assert (result.basis, result.n_threads) == ("coding", 40)
