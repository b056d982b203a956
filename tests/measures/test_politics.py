"""Overt politics by group and period, and how often the other group turns it aside, on numbers known by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.measures.meeting import Thread, meeting

from resilens.measures import politics
from resilens.measures.politics import deflection, rate_name
from resilens.results.types import Description, Estimate, Result, Undefined

OVERT, DEFLECTED, CLAIM = "politics.overt", "politics.deflection", "politics.identity-claim"


def value(result: Result) -> float:
    assert not isinstance(result, Undefined), result
    return result.value


def threads() -> list[Thread]:
    return [
        Thread("t1", "r1", [("c1", "n1", "", 1), ("c2", "n2", "", 2)]),  # two natives answer, one deflects
        Thread("t2", "r2", [("c3", "n1", "", 1)]),  # answered, not deflected
        Thread("t3", "r3", [("c4", "r1", "", 1)]),  # deflected by one's own group: no reply of the other
        Thread("t4", "n3", [("c5", "r4", "", 1), ("c6", "n1", "c5", 2)]),  # a political comment, deflected
        Thread("t5", "r5", [("c7", "u1", "", 1)]),  # only by somebody unknown
    ]


CODES = {"p:t1": [OVERT], "c:c1": [DEFLECTED], "p:t2": [OVERT, CLAIM], "p:t3": [OVERT], "c:c4": [DEFLECTED],
         "c:c5": [OVERT], "c:c6": [DEFLECTED], "p:t5": [OVERT], "c:c7": [DEFLECTED]}  # fmt: skip


def test_politics_by_group_and_its_deflection(tmp_path: Path) -> None:
    finding = politics.compute(meeting(tmp_path, threads(), CODES))
    found = finding.estimates
    assert value(found[f"{OVERT}: share of posts, by refugees"]) == 1
    assert value(found[f"{OVERT}: share of posts, by natives"]) == 0
    assert value(found[f"{CLAIM}: share of posts, by refugees"]) == 1 / 4
    assert value(found[f"{DEFLECTED}: share of comments, by natives"]) == pytest.approx(2 / 4)
    assert value(found[f"{DEFLECTED}: share of comments, by unknown"]) == 1
    posts = found[rate_name("posts")]
    assert isinstance(posts, Description)
    assert (posts.value, posts.n) == (1 / 2, 2), "t1 and t2; t3 and t5 have no reply of the other group"
    assert value(found[rate_name("comments")]) == 1
    assert "visible after moderation and self-censorship" in finding.caption
    assert "groups" in finding.tables
    assert "all of the four posts of Refugees and none of the" in finding.sentence
    assert "one of the two posts and one of the one comment" in finding.sentence
    assert finding.figure is not None


def test_replies_that_were_not_read_are_said(tmp_path: Path) -> None:
    material = meeting(tmp_path, threads(), CODES)
    part = replace(material, items=material.items.select(material.items.item_id != "rednote:c:c1"))
    finding = politics.compute(part)
    assert value(finding.estimates[rate_name("posts")]) == 0
    assert any("1 captured comments of these threads were not read" in one for one in finding.cautions)


def test_an_unresolved_reply_is_missing(tmp_path: Path) -> None:
    material = meeting(tmp_path, threads(), CODES)
    missing = {DEFLECTED: frozenset({"rednote:c:c3"})}
    found = deflection(replace(material, final=replace(material.final, _missing=missing)), "posts")
    assert isinstance(found, Description)
    assert (found.value, found.n) == (1, 1)


def test_a_rate_over_many_threads_has_an_interval(tmp_path: Path) -> None:
    many = [Thread(f"t{place}", "r1", [(f"c{place}", "n1", "", 1)]) for place in range(40)]
    codes = {f"p:t{place}": [OVERT] for place in range(40)} | {f"c:c{place}": [DEFLECTED] for place in range(10)}
    found = deflection(meeting(tmp_path, many, codes), "posts")
    assert isinstance(found, Estimate)
    assert found.value == 1 / 4
    assert (found.n_items, found.n_threads) == (40, 40)


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    material = meeting(tmp_path / "1", threads(), {})
    none = deflection(material, "posts")
    assert isinstance(none, Undefined)
    assert "no post with overt politics was read" in none.reason
    alone = deflection(meeting(tmp_path / "2", threads()[2:3], CODES | {}), "posts")
    assert isinstance(alone, Undefined)
    assert "none of the posts with overt politics has a reply of another group" in alone.reason
    book = material.codebook
    kept = tuple(code for code in book.codes if code.role != "deflection")
    finding = politics.compute(replace(material, codebook=replace(book, codes=kept)))
    assert isinstance(finding.estimates["role deflection"], Undefined)
    assert isinstance(finding.estimates[rate_name("posts")], Undefined)
    empty = replace(material, items=material.items.select(material.items.item_id == ""))
    assert isinstance(politics.compute(empty).estimates["politics"], Undefined)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shown=st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_the_rate_is_that_of_a_count(
    tmp_path_factory: pytest.TempPathFactory, shown: list[tuple[bool, bool, bool]]
) -> None:
    """Each thread: whether the post is political, whether a native answers, whether with a deflection."""
    made = [Thread(f"t{place}", "r1", [(f"c{place}", "n1", "", 1)] if answered else [])
            for place, (_, answered, _) in enumerate(shown)]  # fmt: skip
    codes = {f"p:t{place}": [OVERT] for place, (overt, _, _) in enumerate(shown) if overt}
    codes |= {f"c:c{place}": [DEFLECTED] for place, (_, answered, away) in enumerate(shown) if answered and away}
    found = deflection(meeting(tmp_path_factory.mktemp("m"), made, codes), "posts")
    asked = [away for overt, answered, away in shown if overt and answered]
    if asked:
        assert value(found) == pytest.approx(sum(asked) / len(asked))
    else:
        assert isinstance(found, Undefined)
