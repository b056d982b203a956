"""The ritual in small studies made by hand, where every share, wait, lift and chain is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measures.made import comment, material, post, study_of

from resilens.measures.material import Material
from resilens.measures.ritual import MEASURE, lift, motifs
from resilens.measures.ritual.steps import ritual_of
from resilens.results.figures import svg
from resilens.results.findings import finding_from_dict, finding_to_dict
from resilens.results.types import Estimate, Finding, Result, Undefined

GROUPS = [{"name": "refugees", "label": "Refugees", "role": "newcomer", "rules": [{"hashtags": ["x"]}]},
          {"name": "natives", "label": "Natives", "role": "host", "rules": [{"hashtags": ["y"]}]}]  # fmt: skip
AUTHORS = [{"author": "guest", "group": "refugees"}, {"author": "host", "group": "natives"}]
START = datetime(2025, 1, 1, 12, tzinfo=UTC)
TRIBUTE, WELCOME, RECEIPT, THANKS = (f"practice.{name}" for name in ("tribute.cat", "welcome", "receipt", "thanks"))


class Made:
    """A study under the hand: threads are added one by one, then it is measured."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.looks: list[dict[str, Any]] = []
        self.codes: dict[str, Sequence[str]] = {}
        self.open: dict[str, Sequence[str]] = {}

    def thread(
        self, name: str, codes: Sequence[str] = (), answers: Sequence[tuple[float, str, str]] = (), *, day: int = 0,
        declared: int | None = None, until: float = 1000, read: bool = True, precision: str = "second",
    ) -> None:  # fmt: skip
        """A newcomer's post with comments: hours after it, who wrote it, its code (`?` before it: unresolved)."""
        shown = len(answers) if declared is None else declared
        self.posts.append(post(name, day, author="guest", comments=shown, comments_bound="exact", likes=10,
                               time_precision=precision))  # fmt: skip
        self.codes[f"rednote:p:{name}"] = codes
        at = START + timedelta(days=day)
        self.looks.append({"item_id": f"rednote:p:{name}", "collected_at": at + timedelta(hours=until), "state": "seen",
                           "capture_id": "c1", "line": 1})  # fmt: skip
        for number, (hours, author, code) in enumerate(answers):
            one = comment(f"{name}{number:03}", name, author=author, time_precision=precision)
            self.comments.append(one | {"published_at": at + timedelta(hours=hours)})
            if read:
                known = code.removeprefix("?")
                self.codes[one["comment_id"]] = [code] if code and code == known else []
                if code != known:
                    self.open[one["comment_id"]] = [known]

    def material(self, folder: Path, **more: Any) -> Material:
        tables: Mapping[str, Any] = {"posts": self.posts, "comments": self.comments, "authors": AUTHORS,
                                     "observations": self.looks}  # fmt: skip
        return material(folder, self.codes, self.open, study_of(group=GROUPS), **tables, **more)

    def found(self, folder: Path) -> Finding:
        return MEASURE.compute(self.material(folder))


def value(result: Result) -> float:
    assert not isinstance(result, Undefined), result
    return result.value


def forty() -> Made:
    """20 tributes welcomed after 3 hours, 10 by a receipt after 30, 10 never; 20 other posts, 5 welcomed at once."""
    made = Made()
    for number in range(40):
        wait, code = (3.0, WELCOME) if number < 20 else (30.0, RECEIPT)
        answers = [(wait, "host", code), (wait + 1, "guest", THANKS)] if number < 30 else [(1.0, "host", "")] * 2
        made.thread(f"t{number:02}", [TRIBUTE], answers)
    for number in range(20):
        made.thread(f"z{number:02}", [], [(0.5, "host", WELCOME if number < 5 else ""), (2.0, "guest", "")])
    return made


def test_completion_is_what_was_put_in(tmp_path: Path) -> None:
    found = forty().found(tmp_path)
    for hours, tribute, other in (("1 hour", 0, 0.25), ("6 hours", 0.5, 0.25), ("24 hours", 0.5, 0.25),
                                  ("72 hours", 0.75, 0.25)):  # fmt: skip
        result = found.estimates[f"completion within {hours}: tribute threads captured whole"]
        assert value(result) == pytest.approx(tribute)
        assert value(found.estimates[f"completion within {hours}: other newcomer threads captured whole"]) == other
        assert value(found.estimates[f"completion within {hours}, at least: all tribute threads"]) == tribute
    day = found.estimates["completion within 24 hours: tribute threads captured whole"]
    assert isinstance(day, Estimate)
    assert day.low < 0.5 < day.high
    assert value(found.estimates["tribute: share of newcomer posts"]) == pytest.approx(40 / 60)
    assert value(found.estimates["tribute, welcome or receipt: share of tribute threads"]) == 0.75
    assert value(found.estimates["tribute, receipt: share of tribute threads"]) == 0.25
    assert value(found.estimates["tribute, thanks: share of tribute threads"]) == 0.75
    assert value(found.estimates["lift of welcome by tribute"]) == pytest.approx(0.5)
    assert value(found.estimates["likes, median: tributes"]) == 10
    assert found.evidence[:2] == ("rednote:p:t00", "rednote:c:t00000")
    assert "50.0%" in found.sentence
    assert {"steps", "groups"} == set(found.tables)
    assert any("error that is not known well" in one for one in found.cautions)
    for figure in (found.figure, found.narrow):
        assert figure is not None
        assert "within 24 hours" in svg(figure)
    kept = finding_to_dict(found)
    assert finding_to_dict(finding_from_dict(kept)) == kept


def test_who_was_not_watched_long_enough_does_not_count_as_unwelcomed(tmp_path: Path) -> None:
    made = Made()
    for number in range(20):
        made.thread(f"a{number}", [TRIBUTE], [(5, "host", WELCOME)])
        made.thread(f"b{number}", [TRIBUTE], [], until=2)
        made.thread(f"c{number}", [TRIBUTE], [])
    found = made.found(tmp_path)
    assert value(found.estimates["completion within 6 hours: tribute threads captured whole"]) == pytest.approx(0.5)
    assert value(found.estimates["completion within 1 hour: tribute threads captured whole"]) == 0


def test_nobody_watched_so_long_is_a_reason(tmp_path: Path) -> None:
    made = Made()
    for number in range(25):
        made.thread(f"a{number}", [TRIBUTE], [(1, "guest", "")], until=10)
    estimates = made.found(tmp_path).estimates
    refused = estimates["completion within 24 hours: tribute threads captured whole"]
    assert isinstance(refused, Undefined)
    assert "watched for 24 hours" in refused.reason
    none = estimates["completion within 6 hours: tribute threads captured whole"]
    assert isinstance(none, Estimate)
    assert (none.low, none.high) == (0, pytest.approx(1 - 0.025 ** (1 / 25)))  # Clopper and Pearson's for 0 of 25


def test_sampled_threads_give_a_lower_bound_and_say_so(tmp_path: Path) -> None:
    made = Made()
    for number in range(30):
        made.thread(f"a{number:02}", [TRIBUTE], [(2, "host", WELCOME if number < 12 else "")], declared=50)
    found = made.found(tmp_path)
    refused = found.estimates["completion within 24 hours: tribute threads captured whole"]
    assert isinstance(refused, Undefined)
    assert value(found.estimates["completion within 24 hours, at least: all tribute threads"]) == pytest.approx(0.4)
    assert found.sentence.startswith("At least 40.0%")
    assert any("lower bound" in one for one in found.cautions)


def test_days_are_no_hours(tmp_path: Path) -> None:
    made = Made()
    for number in range(20):
        made.thread(f"a{number:02}", [TRIBUTE], [(2, "host", WELCOME)], precision="day")
    found = made.found(tmp_path)
    assert isinstance(found.estimates["completion within 24 hours, at least: all tribute threads"], Undefined)
    assert value(found.estimates["tribute, welcome or receipt: share of tribute threads"]) == 1


def test_what_coders_differ_on_does_not_count_and_stops_nothing(tmp_path: Path) -> None:
    made = Made()
    for number in range(20):
        made.thread(f"a{number:02}", [TRIBUTE], [(2, "host", f"?{WELCOME}"), (4, "host", WELCOME)])
        made.thread(f"b{number:02}", [TRIBUTE], [(4, "host", WELCOME)])
    found = made.found(tmp_path)
    assert value(found.estimates["completion within 1 hour: tribute threads captured whole"]) == 0
    assert value(found.estimates["completion within 6 hours: tribute threads captured whole"]) == 1
    assert any("unresolved" in one for one in found.cautions)


def test_unread_threads_change_nothing(tmp_path: Path) -> None:
    before = forty().found(tmp_path / "a").estimates
    more = forty()
    for number in range(15):
        more.thread(f"u{number}", [TRIBUTE], [(1, "host", WELCOME)], read=False)
        del more.codes[f"rednote:p:u{number}"]
    after = more.found(tmp_path / "b").estimates
    assert after == before


def test_posts_whose_comments_nobody_read_are_neither_welcomed_nor_not(tmp_path: Path) -> None:
    made = forty()
    for number in range(15):
        made.thread(f"u{number}", [TRIBUTE], [(1, "host", WELCOME)], read=False)
    estimates = made.found(tmp_path).estimates
    assert value(estimates["tribute, welcome or receipt: share of tribute threads"]) == 0.75
    assert value(estimates["completion within 24 hours, at least: all tribute threads"]) == 0.5


@pytest.mark.parametrize("missing", ["role", "group", "comments", "codes", "posts"])
def test_what_is_missing_is_a_reason(tmp_path: Path, missing: str) -> None:
    made = forty()
    if missing == "comments":
        made.codes = {item: codes for item, codes in made.codes.items() if ":p:" in item}
    if missing == "codes":
        made.codes = {}
    if missing == "posts":
        made.codes = {item: codes for item, codes in made.codes.items() if ":c:" in item}
    given_ = made.material(tmp_path)
    if missing == "role":
        object.__setattr__(given_, "codebook", type(given_.codebook)())
    if missing == "group":
        object.__setattr__(given_, "study", study_of())
    found = MEASURE.compute(given_)
    assert isinstance(found.estimates["ritual"], Undefined)
    assert found.sentence.startswith("The ritual cannot be looked at")


def test_lift_compares_within_day_and_comments(tmp_path: Path) -> None:
    """On day 0 all are welcomed, on day 1 none: tributes are earlier, and that alone is no lift."""
    made = Made()
    for day, tributes, others in ((0, 30, 10), (1, 10, 30)):
        answers = [(1.0, "host", WELCOME if day == 0 else "")]
        for number in range(tributes):
            made.thread(f"t{day}-{number}", [TRIBUTE], answers, day=day)
        for number in range(others):
            made.thread(f"z{day}-{number}", [], answers, day=day)
    estimates = made.found(tmp_path).estimates
    assert value(estimates["lift of welcome by tribute"]) == pytest.approx(0)
    assert value(estimates["lift of welcome by tribute: p"]) == 1
    shares = [value(estimates[f"completion within 24 hours: {which} captured whole"])
              for which in ("tribute threads", "other newcomer threads")]  # fmt: skip
    assert shares == [0.75, 0.25]


def test_days_without_the_other_kind_say_nothing(tmp_path: Path) -> None:
    made = Made()
    for number in range(25):
        made.thread(f"t{number}", [TRIBUTE], [(1, "host", WELCOME)])
        made.thread(f"z{number}", [], [(1, "host", "")], day=3)
    assert isinstance(made.found(tmp_path).estimates["lift of welcome by tribute"], Undefined)


def labelled(generator: np.random.Generator, chance: float, tributes: int = 40, others: int = 40) -> lift.Compared:
    size = tributes + others
    tribute = np.arange(size) < tributes
    welcomed = generator.random(size) < np.where(tribute, chance, 0.3)
    return lift.Compared(None, tribute, welcomed, generator.integers(4, size=size), 0)  # type: ignore[arg-type]


def test_the_null_of_the_lift_is_true_to_its_level_and_sees_a_lift() -> None:
    generator = np.random.default_rng(3)
    p = np.array([lift.against_chance(labelled(generator, 0.3), 1).p for _ in range(300)])
    assert 0.02 <= (p <= 0.05).mean() <= 0.08
    assert 0.42 <= (p <= 0.5).mean() <= 0.58
    assert lift.against_chance(labelled(generator, 0.8), 1).p < 0.01


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 1), min_size=1, max_size=9))
def test_the_length_of_a_chain_is_the_greedy_one(kinds: list[int]) -> None:
    wanted, length = 1, 1
    for kind in kinds:
        if kind == wanted:
            length, wanted = length + 1, 1 - wanted
    row = np.array([kinds])
    steps = motifs.Steps(np.zeros(len(kinds), dtype=np.int64), row[0] == 1)
    assert motifs.lengths(steps, row)[0, 0] == length


def test_chains_against_random_order(tmp_path: Path) -> None:
    """One welcome and one thanks a thread, always in this order: chance gives half."""
    made = Made()
    for number in range(30):
        made.thread(f"a{number:02}", [TRIBUTE], [(2, "host", WELCOME), (3, "x", ""), (4, "guest", THANKS)])
    estimates = made.found(tmp_path).estimates
    name = "tribute, welcome, thanks: share of tribute threads"
    chance = estimates[f"{name}, if comments came in any order"]
    assert isinstance(chance, Estimate)
    assert chance.basis == "permutation"
    assert chance.value == pytest.approx(0.5, abs=0.02)
    assert value(estimates[name]) == 1
    assert value(estimates[f"{name}: p"]) < 0.001
    assert value(estimates["tribute, welcome, thanks, welcome: share of tribute threads"]) == 0


def test_steps_are_those_of_the_right_group(tmp_path: Path) -> None:
    """A newcomer's welcome and a host's thanks are no steps, and a tribute by a host is none."""
    made = Made()
    for number in range(20):
        made.thread(f"a{number:02}", [TRIBUTE], [(2, "guest", WELCOME), (3, "host", THANKS), (3, "x", RECEIPT)])
    made.posts.append(post("h", author="host", comments=0, comments_bound="exact", time_precision="second"))
    made.codes["rednote:p:h"] = [TRIBUTE]
    given_ = made.material(tmp_path)
    ritual = ritual_of(given_)
    assert len(ritual.posts) == 20
    assert not (ritual.welcomed.there | ritual.thanked.there | ritual.receipted.there).any()
    assert np.isinf(ritual.reception).all()
