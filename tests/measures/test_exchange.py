"""Norms by direction, replies of whole threads, asymmetry, reciprocity, delays and E-I, on numbers known by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measures.meeting import GROUPS, OTHERS, Thread, meeting

from resilens.measures import exchange
from resilens.measures.estimating import Estimating
from resilens.measures.exchange import replies
from resilens.measures.exchange.delays import delay, delay_of_answered
from resilens.measures.exchange.replies import (
    answered,
    asymmetry,
    asymmetry_change,
    at_least_answered,
    pairs,
    reciprocity,
)
from resilens.measures.exchange.structure import Structure, structure_of
from resilens.measures.exchange.ties import INDEX, RANDOM, P, crossing, null_of
from resilens.measures.items import Items
from resilens.results.types import Description, Estimate, Result, Undefined

PHASES = [{"name": "early days", "start": "2025-01-01", "end": "2025-01-31"},
          {"name": "late days", "start": "2025-02-01", "end": "2025-03-31"}]  # fmt: skip


def value(result: Result) -> float:
    assert not isinstance(result, Undefined), result
    return result.value


def threads() -> list[Thread]:
    """Refugees begin four threads, natives two.

    Posts of refugees answered by natives: t1, t2 of 4 (t3 only by a refugee, t4 only by its own author and an unknown).
    Posts of natives answered by refugees: t5 of 2. Comments of natives: c1, c2, c5; c1 is answered by a refugee.
    Comments of refugees: c3, c4, c6, c8, c9; c9 is answered by a native (c5).
    """
    return [
        Thread("t1", "r1", [("c1", "n1", "", 1), ("c3", "r1", "c1", 2)]),
        Thread("t2", "r2", [("c2", "n2", "", 2)]),
        Thread("t3", "r3", [("c4", "r1", "", 3)]),
        Thread("t4", "r4", [("c6", "r4", "", 4), ("c7", "u1", "", 5), ("c8", "r4", "c7", 6)]),
        Thread("t5", "n1", [("c9", "r2", "", 1), ("c5", "n2", "c9", 7)]),
        Thread("t6", "n3"),
    ]


def test_who_answers_whom(tmp_path: Path) -> None:
    material = meeting(tmp_path, threads())
    assert value(answered(material, "posts", "refugees", "natives")) == 2 / 4
    assert value(answered(material, "posts", "natives", "refugees")) == 1 / 2
    assert value(answered(material, "comments", "natives", "refugees")) == pytest.approx(1 / 3)
    assert value(answered(material, "comments", "refugees", "natives")) == pytest.approx(1 / 5)
    assert value(answered(material, "posts", "refugees", "refugees")) == 1 / 4, "an answer to oneself is no reply"
    found = answered(material, "posts", "refugees", "natives")
    assert isinstance(found, Description)
    assert "four threads, and an interval needs 20" in found.frame
    assert value(asymmetry(material, "comments", "refugees", "natives")) == pytest.approx((1 / 5 - 1 / 3) / (8 / 15))


def test_a_head(tmp_path: Path) -> None:
    # Natives give refugees c1, c2, c5: 3 replies by n1 in t1, n2 in t2, n1 and n2 in t5, n3 in t6: 5 heads. Refugees
    # give natives c3, c9: 2 replies by r1 in t1, r2 in t2, r3 and r1 in t3, r4 in t4, r2 in t5: 6 heads.
    material = meeting(tmp_path, threads())
    expected = (3 / 5 - 2 / 6) / (3 / 5 + 2 / 6)
    assert value(asymmetry(material, "heads", "refugees", "natives")) == pytest.approx(expected)
    assert value(reciprocity(material)) == pytest.approx(1 - expected)


def test_only_whole_threads_count(tmp_path: Path) -> None:
    partly = [Thread("t7", "r5", [("x1", "r1", "", 1)], declared=9), Thread("t8", "r6", declared=0, bound="rounded"),
              Thread("t9", "r7", declared=None, bound="unknown")]  # fmt: skip
    material = meeting(tmp_path, threads() + partly)
    assert value(answered(material, "posts", "refugees", "natives")) == 2 / 4
    bound = at_least_answered(material, "posts", "refugees", "natives")
    assert isinstance(bound, Description)
    assert bound.value == pytest.approx(2 / 7)
    assert "three threads" in bound.frame
    finding = exchange.compute(material)
    assert value(finding.estimates["posts of refugees answered by natives, at least"]) == pytest.approx(2 / 7)
    assert any("Three threads of 9 were not captured whole" in one for one in finding.cautions)


def test_without_a_whole_thread_a_lower_bound_is_all_there_is(tmp_path: Path) -> None:
    material = meeting(tmp_path, [replace(one, declared=99) for one in threads()])
    finding = exchange.compute(material)
    refused = finding.estimates["posts of refugees answered by natives, all"]
    assert isinstance(refused, Undefined)
    assert "no thread with comments was captured whole" in refused.reason
    for name in ("asymmetry of answered posts, refugees over natives: all", "median hours until natives answer: posts "
                 "of refugees", "asymmetry of replies a head, refugees over natives: change"):  # fmt: skip
        assert isinstance(finding.estimates[name], Undefined)
    assert value(finding.estimates["posts of refugees answered by natives, at least"]) == 2 / 4
    assert isinstance(reciprocity(material), Undefined)


def test_posts_that_show_no_comments_alone_say_nothing(tmp_path: Path) -> None:
    material = meeting(tmp_path, [Thread("t1", "r1"), Thread("t2", "n1"), Thread("t3", "r1", declared=7)])
    assert isinstance(answered(material, "posts", "refugees", "natives"), Undefined)
    assert isinstance(at_least_answered(material, "posts", "refugees", "natives"), Undefined)
    assert "no thread with comments was captured whole" in exchange.compute(material).sentence


def test_a_decision_by_a_person_comes_before_the_rules(tmp_path: Path) -> None:
    material = replace(meeting(tmp_path, threads()), decided={"n2": "refugees"})
    assert value(answered(material, "posts", "refugees", "natives")) == 1 / 4


def test_intervals_and_change_over_many_threads(tmp_path: Path) -> None:
    """Early natives answer 18 of 24 posts of refugees, refugees 6 of 24 of natives; late 12 and 12 of 24."""
    number = count()

    def some(day: int, by: str, other: str, answers: int) -> list[Thread]:
        return [Thread(f"t{next(number)}", f"{by}{place}", [(f"c{next(number)}", f"{other}{place}", "", 5)]
                       if place < answers else [], day) for place in range(24)]  # fmt: skip

    every = some(0, "r", "n", 18) + some(1, "n", "r", 6) + some(40, "r", "n", 12) + some(41, "n", "r", 12)
    material = meeting(tmp_path, every, phase=PHASES)
    early, late = (asymmetry(material, "posts", "refugees", "natives", place) for place in (0, 1))
    assert isinstance(early, Estimate)
    assert isinstance(late, Estimate)
    assert early.value == pytest.approx((18 - 6) / 24)
    assert 0 < early.low < early.value < early.high < 1
    assert (early.n_items, early.n_threads, early.basis) == (48, 48, "coding")
    assert late.value == 0
    assert late.low == pytest.approx(-late.high)
    moved = asymmetry_change(material, "posts", "refugees", "natives")
    assert isinstance(moved, Estimate)
    assert moved.value == pytest.approx(-0.5)
    assert moved.high < 0
    even = reciprocity(material, 1)
    assert isinstance(even, Estimate)
    assert even.value == 1
    assert even.high == 1
    words = exchange.compute(material).sentence
    assert "Natives answered 62.5% of the 48 posts of Refugees (95% interval" in words
    assert "Refugees 37.5% of the 48 posts of Natives (95% interval" in words


def test_delays_by_kaplan_meier(tmp_path: Path) -> None:
    posts = [Thread(f"t{place}", "r1", [(f"c{place}", "n1", "", hours)]) for place, hours in enumerate((1, 2, 3))]
    material = meeting(tmp_path / "most", [*posts, Thread("t9", "r2")])
    assert value(delay(material, "posts", "refugees", "natives")) == 2
    assert value(delay_of_answered(material, "posts", "refugees", "natives")) == 2
    material = meeting(tmp_path / "few", [*posts, *(Thread(f"s{place}", "r2") for place in range(4))])
    refused = delay(material, "posts", "refugees", "natives")
    assert isinstance(refused, Undefined)
    assert "fewer than half" in refused.reason
    assert value(delay_of_answered(material, "posts", "refugees", "natives")) == 2


def test_an_item_is_watched_until_its_thread_was_captured(tmp_path: Path) -> None:
    """Two posts a day before the capture wait at most 24 hours: S falls from 1 to 3/4 at 2 h, then to 1/2 (2 left of
    4), but at 30 h only two are at risk, so the one reply then halves what is left."""
    late = [Thread("a", "r1", day=99), Thread("b", "r2", day=99)]
    early = [Thread("c", "r3", [("c1", "n1", "", 2)]), Thread("d", "r4", [("c2", "n2", "", 30)])]
    found = delay(meeting(tmp_path, late + early), "posts", "refugees", "natives")
    assert value(found) == 30, "3/4 after 2 h; then one of one still at risk: 0"


def test_ties_by_hand(tmp_path: Path) -> None:
    """In one week n1 answers the post of r1 twice (one tie), r2 answers n1, r3 answers r2, u1 answers r1."""
    one = Thread("t1", "r1", [("c1", "n1", "", 1), ("c2", "n1", "", 2), ("c3", "r2", "c1", 3), ("c4", "r3", "c3", 4),
                              ("c5", "u1", "", 5)])  # fmt: skip
    found = crossing(meeting(tmp_path, [one]))
    assert value(found[INDEX]) == pytest.approx((2 - 1) / 3)
    random = found[RANDOM]
    assert isinstance(random, Estimate)
    assert random.basis == "permutation"
    # One of n1, r2, r3 is the native: n1 (2 of 3 ties cross), r2 (2 of 3: r2-n1, r3-r2), or r3 (1 of 3).
    assert random.value == pytest.approx((1 / 3 + 1 / 3 - 1 / 3) / 3, abs=0.08)
    assert value(found[P]) > 0.2


def test_ties_need_groups_that_meet(tmp_path: Path) -> None:
    found = crossing(meeting(tmp_path, [Thread("t1", "r1", [("c1", "n1", "", 1), ("c2", "n2", "", 200)])]))
    assert value(found[INDEX]) == 1
    assert isinstance(found[RANDOM], Undefined)
    assert isinstance(crossing(meeting(tmp_path / "2", [Thread("t1", "r1")]))[INDEX], Undefined)


def test_the_null_covers_what_is_random() -> None:
    generator = np.random.default_rng(3)
    strata = np.repeat(np.arange(20), 6)
    inside = 0
    for trial in range(100):
        group = generator.integers(0, 2, strata.size)
        source = np.repeat(np.arange(strata.size), 2)
        target = 6 * (source // 6) + (source % 6 + generator.integers(1, 6, source.size)) % 6
        observed = 2 * np.mean(group[source] != group[target]) - 1
        free = np.ones(strata.size, dtype=bool)
        null = null_of(source, target, group, strata, free, 199, trial)
        assert (np.abs(null) <= 1).all()
        low, high = np.quantile(null, [0.025, 0.975])
        inside += low <= observed <= high
    assert inside >= 89


COUNTS = st.lists(st.tuples(*[st.integers(0, 6)] * 4), min_size=20, max_size=40)


def by_hand(numbers: list[tuple[int, int, int, int]]) -> tuple[Any, Structure]:
    """Threads with so many comments of a and of b, and so many more that the other answered."""
    size = len(numbers)
    n, some = np.zeros((size, 2, 3, 1), np.int64), np.zeros((size, 2, 3, 1, 3), np.int64)
    for place, (x, a, y, b) in enumerate(numbers):
        n[place, 1, :2, 0] = a + x, b + y
        some[place, 1, 0, 0, 1], some[place, 1, 1, 0, 0] = x, y
    none = np.zeros(size, np.int64)
    names = np.array([f"t{place}" for place in range(size)], dtype=object)
    posts = Items(names, names, np.ones(size, bool), np.arange(size), tuple(names), names, none, none, none,
                  ("a", "b", "unknown"), none)  # fmt: skip
    empty: Any = None
    structure = Structure(posts, np.ones(size, bool), n, some, empty, empty, empty, empty)
    return SimpleNamespace(estimating=Estimating(None, 1, 100), draw=None, periods=()), structure


@settings(max_examples=60, deadline=None)
@given(numbers=COUNTS)
def test_swapping_the_groups_flips_asymmetry(numbers: list[tuple[int, int, int, int]]) -> None:
    material, structure = by_hand(numbers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replies, "structure_of", lambda _: structure)
        one, other = asymmetry(material, "comments", "a", "b"), asymmetry(material, "comments", "b", "a")
    assert type(one) is type(other)
    if isinstance(one, Undefined) or isinstance(other, Undefined):
        return
    assert one.value == pytest.approx(-other.value)
    assert -1 <= one.value <= 1
    if isinstance(one, Estimate) and isinstance(other, Estimate):
        assert -1 <= one.low <= one.value <= one.high <= 1
        assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


# --- norms ----------------------------------------------------------------------------------------------------------

NORMS = {
    "c:c1": ["relation.obligation"],
    "c:c2": ["relation.gatekeeping", "relation.obligation"],
    "c:c3": ["relation.permission"],
    "c:c9": ["relation.peer-address"],
    "p:t1": ["relation.permission"],
}


def test_norms_stand_first_by_who_speaks_to_whom(tmp_path: Path) -> None:
    material = meeting(tmp_path, threads(), NORMS)
    finding = exchange.compute(material)
    found = finding.estimates
    # Natives to refugees: c1, c2, c5. Refugees to natives: c3, c9. Refugees to refugees: c4; c6 answers oneself.
    assert value(found["relation.obligation: share of comments, natives to refugees"]) == pytest.approx(2 / 3)
    assert value(found["relation.gatekeeping: share of comments, natives to refugees"]) == pytest.approx(1 / 3)
    assert value(found["relation.permission: share of comments, refugees to natives"]) == 1 / 2
    assert value(found["relation.peer-address: share of comments, refugees to natives"]) == 1 / 2
    alone = found["relation.obligation: share of comments, refugees to refugees"]
    assert isinstance(alone, Description)
    assert (alone.value, alone.n) == (0, 1)
    either = found["relation.obligation: share of comments, from or to unknown"]
    assert isinstance(either, Description)
    assert either.n == 2
    assert value(found["relation.permission: share of posts, by refugees"]) == 1 / 4
    name = "relation.obligation: natives to refugees minus refugees to natives, all"
    assert value(found[name]) == pytest.approx(2 / 3)
    assert next(iter(found)).startswith("relation.obligation")
    assert set(finding.evidence) == {"rednote:c:c1", "rednote:c:c2", "rednote:c:c3", "rednote:c:c9", "rednote:p:t1"}
    assert "obligation in two of the three comments against none of the" in finding.sentence
    assert {"groups", "replies", "differences"} <= finding.tables.keys()
    assert finding.figure is not None
    assert finding.narrow is not None
    assert any("no author was placed by a person" in one for one in finding.cautions)


def test_a_handful_is_not_compared(tmp_path: Path) -> None:
    """30 threads early and 30 late, in each a native speaks to a refugee: 3 obligations early, none late."""
    number = [Thread(f"t{place}", f"r{place}", [(f"c{place}", f"n{place}", "", 1)], 40 * (place >= 30))
              for place in range(60)]  # fmt: skip
    name = "relation.obligation: share of comments, natives to refugees, change"
    few = {f"c:c{place}": ["relation.obligation"] for place in range(3)}
    found = exchange.compute(meeting(tmp_path / "few", number, few, phase=PHASES)).estimates[name]
    assert isinstance(found, Description)
    assert found.value == pytest.approx(-0.1)
    assert "fewer than five items" in found.frame
    many = {f"c:c{place}": ["relation.obligation"] for place in range(15)}
    found = exchange.compute(meeting(tmp_path / "many", number, many, phase=PHASES)).estimates[name]
    assert isinstance(found, Estimate)
    assert found.high < 0


def test_a_role_that_no_code_has_is_undefined(tmp_path: Path) -> None:
    material = meeting(tmp_path, threads(), NORMS)
    book = material.codebook
    kept = tuple(code for code in book.codes if code.role != "permission")
    finding = exchange.compute(replace(material, codebook=replace(book, codes=kept)))
    missing = finding.estimates["role permission"]
    assert isinstance(missing, Undefined)
    assert "`permission`" in missing.reason


def test_where_a_hashtag_makes_the_group_and_the_frame_who_starts_is_undefined(tmp_path: Path) -> None:
    own = [GROUPS[0] | {"rules": [{"hashtags": ["TikTokRefugee"]}]}, GROUPS[1]]
    material = meeting(tmp_path / "own", threads(), groups=own, hashtag=[{"name": "tiktokrefugee"}])
    finding = exchange.compute(material)
    refused = finding.estimates["who starts: share of threads begun by refugees"]
    assert isinstance(refused, Undefined)
    assert "the frame decides who starts" in refused.reason
    assert any("the frame decides who starts" in one for one in finding.cautions)
    other = exchange.compute(meeting(tmp_path / "other", threads(), hashtag=[{"name": "tiktokrefugee"}]))
    assert value(other.estimates["who starts: share of threads begun by refugees"]) == pytest.approx(4 / 6)


def test_groups_of_other_kinds(tmp_path: Path) -> None:
    one = exchange.compute(meeting(tmp_path / "one", threads(), groups=GROUPS[:1]))
    assert isinstance(one.estimates["exchange"], Undefined)
    three = meeting(
        tmp_path / "three", [*threads(), Thread("t7", "o1", [("x1", "r1", "", 1)])], groups=[*GROUPS, OTHERS]
    )
    assert pairs(three) == (("refugees", "natives"), ("refugees", "others"), ("natives", "others"))
    found = exchange.compute(three).estimates
    assert value(found["posts of others answered by refugees, all"]) == 1
    assert value(found["posts of others answered by natives, all"]) == 0


def test_replies_need_no_codes(tmp_path: Path) -> None:
    material = meeting(tmp_path, threads())
    bare = replace(material, items=material.items.select(np.zeros(len(material.items), bool)))
    bare = replace(bare, items=replace(bare.items, threads=()))
    assert isinstance(structure_of(bare), Structure)
    finding = exchange.compute(bare)
    assert isinstance(finding.estimates["norms"], Undefined)
    assert value(finding.estimates["posts of refugees answered by natives, all"]) == 2 / 4
