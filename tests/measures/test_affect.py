"""Feelings by direction and their response, on numbers known by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.measures.meeting import GROUPS, Thread, meeting

from resilens.measures import affect
from resilens.measures.affect import ACROSS, WITHIN, response_name
from resilens.results.types import Description, Estimate, Result, Undefined

SOLIDARITY, HUMOUR, HOSTILE = "affect.solidarity", "affect.humour", "affect.hostility"
PHASES = [{"name": "early days", "start": "2025-01-01", "end": "2025-01-31"},
          {"name": "late days", "start": "2025-02-01", "end": "2025-03-31"}]  # fmt: skip


def value(result: Result) -> float:
    assert not isinstance(result, Undefined), result
    return result.value


def met(size: int) -> tuple[list[Thread], dict[str, list[str]]]:
    """Posts of refugees, each with one comment of a native and one of a refugee, in turn early and late.

    Every second post shows solidarity. Natives answer 3 of 4 of those with solidarity, and 1 of 4 of the others;
    refugees always answer with humour.
    """
    threads, codes = [], {}
    for place in range(size):
        comments = [(f"n{place}", f"n{place}", "", 1), (f"r{place}", f"ra{place}", "", 2)]
        threads.append(Thread(f"t{place}", f"r{place}", comments, 40 * (place // 4 % 2)))
        codes[f"c:r{place}"] = [HUMOUR]
        if place % 2 == 0:
            codes[f"p:t{place}"] = [SOLIDARITY]
        if place % 8 in (0, 2, 4, 1, 3):
            codes[f"c:n{place}"] = [SOLIDARITY]
    return threads, codes


def test_shares_by_who_speaks_to_whom(tmp_path: Path) -> None:
    threads, codes = met(8)
    found = affect.compute(meeting(tmp_path, threads, codes, phase=PHASES)).estimates
    # natives to refugees: places 0, 2, 4, 1, 3 of 8; early places 0 to 3 (all four), late 4 to 7 (one).
    assert value(found[f"{SOLIDARITY}: share of comments, natives to refugees"]) == 5 / 8
    assert value(found[f"{SOLIDARITY}: share of comments, natives to refugees, early days"]) == 1
    assert value(found[f"{SOLIDARITY}: share of comments, natives to refugees, late days"]) == 1 / 4
    assert value(found[f"{SOLIDARITY}: share of comments, natives to refugees, change"]) == -3 / 4
    assert value(found[f"{HUMOUR}: share of comments, refugees to refugees"]) == 1
    assert value(found[f"{SOLIDARITY}: share of posts, by refugees"]) == 1 / 2
    nobody = found[f"{HUMOUR}: share of comments, refugees to natives"]
    assert isinstance(nobody, Undefined)
    assert "no comment of this part was read" in nobody.reason


def test_a_feeling_answered_in_kind(tmp_path: Path) -> None:
    threads, codes = met(48)
    finding = affect.compute(meeting(tmp_path, threads, codes))
    across = finding.estimates[response_name(SOLIDARITY, ACROSS)]
    assert isinstance(across, Estimate)
    # P(reply | parent) = 3/4 of 24; P(reply) = (18 + 12) / 48.
    assert across.value == pytest.approx(18 / 24 - 30 / 48)
    assert across.low < across.value < across.high
    assert (across.n_items, across.basis) == (48, "coding")
    within = finding.estimates[response_name(SOLIDARITY, WITHIN)]
    assert isinstance(within, Description), "no refugee showed it in reply"
    assert within.value == 0
    assert finding.tables.keys() >= {"response", "groups", "changes"}
    assert "in comments of Natives to Refugees, solidarity (62.5% [47.6%, 75.3%])" in finding.sentence


def test_few_that_show_it_have_no_interval(tmp_path: Path) -> None:
    threads, codes = met(48)
    codes["p:t1"] = [HOSTILE]
    codes["c:n1"] = [HOSTILE]
    found = affect.compute(meeting(tmp_path, threads, codes)).estimates[response_name(HOSTILE, ACROSS)]
    assert isinstance(found, Description)
    assert found.value == pytest.approx(1 - 1 / 48)
    assert "answered in one thread" in found.frame


def test_a_reply_to_oneself_is_none_and_unread_parents_do_not_count(tmp_path: Path) -> None:
    threads = [Thread("t1", "r1", [("c1", "r1", "", 1), ("c2", "n1", "c1", 2)])]
    codes = {"p:t1": [HUMOUR], "c:c1": [HUMOUR], "c:c2": [HUMOUR]}
    material = meeting(tmp_path, threads, codes)
    found = affect.compute(material).estimates
    assert value(found[response_name(HUMOUR, ACROSS)]) == 0
    assert isinstance(found[response_name(HUMOUR, WITHIN)], Undefined)
    unread = replace(material, items=material.items.select(material.items.item_id != "rednote:c:c1"))
    assert isinstance(affect.compute(unread).estimates[response_name(HUMOUR, ACROSS)], Undefined)
    assert value(affect.compute(unread).estimates[f"{HUMOUR}: share of comments, natives to refugees"]) == 1


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    threads, codes = met(4)
    material = meeting(tmp_path, threads, codes)
    book = material.codebook
    kept = tuple(code for code in book.codes if code.role != "irony")
    found = affect.compute(replace(material, codebook=replace(book, codes=kept))).estimates
    assert isinstance(found["role irony"], Undefined)
    empty = replace(material, items=material.items.select(material.items.item_id == ""))
    assert isinstance(affect.compute(empty).estimates["affect"], Undefined)
    alone = meeting(tmp_path / "alone", threads, codes, groups=GROUPS[:1])
    assert isinstance(affect.compute(alone).estimates["affect"], Undefined)
