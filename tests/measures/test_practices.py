"""Practices on a study made by hand: shares, concentration, time and order, and what is said where there is nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.measures.made import comment, material, post, study_of

from resilens.measures.practices import compute
from resilens.results.types import Description, Estimate, Undefined

PHASES = [{"name": "early", "start": date(2025, 1, 1), "end": date(2025, 1, 14)},
          {"name": "later", "start": date(2025, 1, 15), "end": date(2025, 2, 28)}]  # fmt: skip


def test_shares_and_their_concentration_by_hand(tmp_path: Path) -> None:
    """40 posts a fortnight: 20 of the early show a tribute, 4 of the later; comments never do."""
    posts, comments, codes = [], [], {}
    for number in range(80):
        name, early = f"p{number:02}", number < 40
        posts.append(post(name, (0 if early else 20) + number % 10))
        comments.append(comment(f"c{number:02}", name, (0 if early else 20) + number % 10))
        tribute = number % 2 == 0 if early else number % 10 == 0
        codes[f"rednote:p:{name}"] = ["practice.tribute.cat"] if tribute else []
        codes[f"rednote:c:c{number:02}"] = ["practice.welcome"] if number % 4 == 0 else []
    made = compute(material(tmp_path / "corpus", codes, study=study_of(phase=PHASES), posts=posts, comments=comments))
    values = {name: result.value for name, result in made.estimates.items() if not isinstance(result, Undefined)}
    assert values["practice.tribute: share of posts, all"] == pytest.approx(24 / 80)
    assert values["practice.tribute: share of posts, early"] == pytest.approx(20 / 40)
    assert values["practice.tribute.cat: share of posts, later"] == pytest.approx(4 / 40)
    assert values["practice.tribute: share of comments, all"] == 0
    assert values["practice.tribute: part of its posts in early"] == pytest.approx(20 / 24)
    assert values["all posts: part in early"] == pytest.approx(0.5)
    assert "Tribute (migration tax) in 30.0% of the 80 posts (95% interval" in made.sentence
    assert made.evidence[0] == "rednote:p:p00"
    assert "rednote:c:c00" in made.evidence
    assert made.figure
    assert made.table


def test_what_is_unresolved_is_missing_not_absent(tmp_path: Path) -> None:
    posts = [post(f"p{number:02}", number % 5) for number in range(30)]
    codes = {row["post_id"]: ["practice.letter"] if number < 10 else [] for number, row in enumerate(posts)}
    open_codes = {row["post_id"]: ["practice.letter"] for row in posts[20:]}
    made = compute(material(tmp_path / "corpus", codes, open_codes, posts=posts))
    result = made.estimates["practice.letter: share of posts, all"]
    assert isinstance(result, Estimate)
    assert (result.value, result.n_items) == (0.5, 20)


def test_few_threads_are_described_and_nothing_coded_is_said(tmp_path: Path) -> None:
    few = compute(material(tmp_path / "few", {"rednote:p:a": ["practice.letter"]}, posts=[post("a")]))
    result = few.estimates["practice.letter: share of posts, all"]
    assert isinstance(result, Description)
    assert result.value == 1
    none = compute(material(tmp_path / "none", {}, posts=[post("a")]))
    assert none.estimates == {"practices": Undefined(
        "nothing has been coded; import codings with `resilens import codings`")}  # fmt: skip
