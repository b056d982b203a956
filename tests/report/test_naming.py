"""Names and values as a reader sees them: codes by their names, shares as per cent, differences as points."""

from __future__ import annotations

import pytest

from resilens.report.naming import for_readers, in_words, value_in_words, with_unit

NAMES = {"practice.tribute": "Tribute", "practice.tribute.cat": "Cat tax", "practice.art": "Art",
         "stage": "Any stage", "practice.art-sale": "Sale"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("practice.tribute: share of posts, all", "Tribute: share of posts, all"),
        ("practice.tribute.cat: onset among posts", "Cat tax: onset among posts"),
        ("practice.art before practice.art-sale, posts", "Art before Sale, posts"),
        ("stage: share of comments, practice.art", "Any stage: share of comments, Art"),
        ("share of a stage: practice.unknown", "share of a stage: practice.unknown"),
        ("practice.tribute.unknown: x", "practice.tribute.unknown: x"),
    ],
)
def test_ids_of_codes_become_their_names(name: str, told: str) -> None:
    assert in_words(name, NAMES) == told


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (0.3559, "share", "35.6%"), (0.0308, "of the peak", "3.1%"), (-0.0979, "points", "-9.8"),
        (0.0004, "p", "<0.001"), (0.6861, "p", "0.686"), (0.8512, "chance", "0.85"), (4.7436, "days", "4.74"),
        (46225000, "views", "46,225,000"), (3, "", "3"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_its_unit_asks(value: float, unit: str, told: str) -> None:
    assert value_in_words(value, unit) == told


def test_in_a_sentence_the_unit_follows() -> None:
    assert with_unit(0.625, 0.5, 0.75, "share") == "62.5% [50.0%, 75.0%]"
    assert with_unit(-0.098, -0.558, 0.289, "points") == "-9.8 [-55.8, 28.9] percentage points"
    assert with_unit(132, None, None, "comparisons") == "132 comparisons"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Affect: nothing has been coded; import codings with `resilens import codings`.",
         "Affect: nothing has been coded."),
        ("the study declares no condition; write [[condition]] entries in study.toml",
         "the study declares no condition"),
        ("No order was found; it may be chance. Run on.", "No order was found; it may be chance. Run on."),
    ],
)  # fmt: skip
def test_a_reader_is_not_told_what_to_type(text: str, told: str) -> None:
    assert for_readers(text) == told
