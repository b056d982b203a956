"""docs/saturation.md: its examples give what it says, and the numbers it names are those of the code."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path

import pytest

from resilens.agreement.saturation import curves, growth, guest
from resilens.agreement.saturation.meaning import MEMO
from resilens.agreement.saturation.sentences import SOURCES
from resilens.agreement.saturation.study import SPLITS, StudySaturation
from resilens.coding.codes import Code
from resilens.pipeline import OpenStudy
from resilens.results.resampling import MINIMUM_THREADS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "saturation.md"
TEXT = " ".join(PAGE.read_text(encoding="utf-8").split())


def test_the_examples_give_what_the_page_says() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried) == (0, 6)


@pytest.mark.parametrize(
    "words",
    [
        f"b = {guest.BASE}, r = {guest.RUN}, t = {guest.THRESHOLD:.0%}",
        f"{curves.ORDERS} random orders",
        f"the middle {curves.LEVEL:.0%} of them",
        "per batch of ten threads",
        f"Under {MINIMUM_THREADS} threads",
        f"memo of type `{MEMO}`",
        "`merged_into = ",
        "by " + ", ".join(SPLITS[:-1]) + " and " + SPLITS[-1],
    ],
)
def test_the_page_names_what_the_code_does(words: str) -> None:
    assert words in TEXT
    assert growth.BATCH == 10
    assert "merged_into" in Code.__dataclass_fields__


@pytest.mark.parametrize("call", ["saturation", "state_saturation"])
def test_the_calls_on_the_page_exist(call: str) -> None:
    assert f"study.{call}(" in TEXT
    assert inspect.signature(getattr(OpenStudy, call)).parameters


def test_the_methods_on_the_page_exist() -> None:
    names = ("lines", "paragraph", "tables", "figure", "to_dict")
    assert all(f"`{name}()`" in TEXT and hasattr(StudySaturation, name) for name in names)


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_of_the_paragraph_is_on_the_page(source: str) -> None:
    author, _, rest = source.partition(",")
    assert author in TEXT
    assert rest.partition("(")[2][:4] in TEXT
