"""The paragraph and the table for the paper: plain, complete, without adjectives that grade a number."""

from __future__ import annotations

import random
import re

import pandas as pd
import pytest

from resilens.agreement.apa import apa, grid, unit
from resilens.agreement.sentences import apa_table, paragraph
from resilens.agreement.table_agreement import AgreementTable, agree_table
from resilens.results.tables import Column, Table

GRADES = re.compile(r"\b(slight|fair|moderate|substantial|almost perfect|good|excellent|poor|acceptable|high)\b")
"""The adjectives of Landis and Koch, Cicchetti and their kin."""


def coded(units: int, share: float, slips: float, threads: int) -> pd.DataFrame:
    """Two coders of a code that is there in a share of units, each slipping at random."""
    chance = random.Random(4)
    rows = []
    for number in range(units):
        there = chance.random() < share
        for coder in ("Ana", "Bo"):
            given = there if chance.random() > slips else not there
            rows.append((f"u{number}", coder, "yes" if given else "no", f"t{number % threads}"))
    return pd.DataFrame(rows, columns=["unit", "coder", "value", "thread"])


@pytest.fixture(scope="module")
def rare() -> AgreementTable:
    return agree_table(coded(400, 0.03, 0.02, 40), cluster="thread", draws=300)


def test_the_paragraph_says_what_whom_how_sure_and_by_which_lines(rare: AgreementTable) -> None:
    words = paragraph(rare)
    for part in (
        "400 units in 40 threads", "coded by Ana and Bo", "nominal level", "Krippendorff's alpha is .", "95% CI [",
        "percent agreement 9", "AC1 .9", "bootstrap of threads (300 draws, seed 1)", "its basis is the coding",
        "lay below .667", "below .800", "Krippendorff's (2004) customary lines",
    ):  # fmt: skip
        assert part in words, part
    assert "chance alone would agree" in words, "the paradox strikes and is explained"


def test_no_adjective_grades_a_number(rare: AgreementTable) -> None:
    assert not GRADES.search(paragraph(rare).casefold())
    assert not GRADES.search(apa_table(rare).casefold())


def test_it_says_why_there_is_no_interval_and_that_units_were_taken_for_threads() -> None:
    few = paragraph(agree_table(coded(30, 0.5, 0.1, 5), cluster="thread", draws=300))
    assert "without an interval (five threads, and an interval needs 20)" in few.replace("(5 ", "(five ")
    without = paragraph(agree_table(coded(30, 0.5, 0.1, 5), draws=300))
    assert "bootstrap of units, each taken as a thread of its own, since none was given" in without


def test_it_says_why_alpha_is_undefined() -> None:
    same = pd.DataFrame([(n, coder, "x") for n in range(5) for coder in "AB"], columns=["unit", "coder", "value"])
    assert "Krippendorff's alpha is undefined (" in paragraph(agree_table(same))
    assert "undefined" in apa_table(agree_table(same))


def test_values_are_told_by_their_range_and_by_the_lines_they_reach() -> None:
    chance = random.Random(2)
    rows = [(n, coder, f"v{n % 3}" if chance.random() > 0.1 else "v0") for n in range(90) for coder in "AB"]
    words = paragraph(agree_table(pd.DataFrame(rows, columns=["unit", "coder", "value"]), draws=300))
    assert re.search(r"for each value, there or not, ran from \.\d\d \(v\d\) to \.\d\d \(v\d\)", words)
    assert re.search(r"Of three values, \w+ reached \.800, \w+ lay between that and \.667, and \w+ lay below", words)


def test_a_statistic_that_cannot_exceed_one_has_no_zero_before_the_point() -> None:
    assert [unit(value) for value in (0.615, -0.054, 1.0, 0.999, -1.0, 0.0)] == [
        ".61", "-.05", "1.00", "1.00", "-1.00", ".00"]  # fmt: skip


def test_an_apa_table_has_number_title_rules_and_notes(rare: AgreementTable) -> None:
    lines = apa_table(rare).split("\n")
    assert lines[0] == "Table 1"
    assert lines[2] == "Agreement"
    assert "|" not in apa_table(rare)
    assert "95% CI" in lines[5]
    assert re.search(r"\[\.\d\d, \.\d\d\]", lines[7])
    assert lines[-1].startswith("Note. 400 units, two coders")


def test_columns_are_aligned_by_what_a_reader_sees() -> None:
    table = Table("x", (Column("code", "Code"), Column("n", "N", "count")), [("猫税", 1), ("tribute", 20)])
    rule, head, _, first, second, _ = grid(table)
    assert (first, second) == ("猫税      1", "tribute  20")
    assert len(rule) == len(head) == 11
    assert apa(Table("y", (Column("chao", "Chao2", "decimal"),), [(43.9,), (0.5,)])).count("0.50") == 1


def test_another_coefficient_takes_the_place_of_alpha_where_only_it_was_asked_for() -> None:
    found = agree_table(coded(60, 0.4, 0.1, 30), cluster="thread", coefficients=["cohen"], draws=300)
    words = paragraph(found)
    assert "At the nominal level, Cohen's kappa is ." in words
    assert "customary lines" not in words
    assert "alpha" not in words
