"""Every coefficient has its page, the page answers what it must, and its examples come out as printed."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from resilens.agreement.coefficients.registry import COEFFICIENTS

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted({entry.page for entry in COEFFICIENTS.values()})
SECTIONS = ["What it answers", "When", "Formula", "Assumptions", "How it fails", "Example"]


def examples(path: Path) -> list[doctest.DocTest]:
    """The Python examples of a page, which build on each other."""
    code = "\n".join(re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    return [doctest.DocTestParser().get_doctest(code, {}, path.name, str(path), 0)]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_what_a_reader_asks(page: str) -> None:
    text = (DOCS / "agreement" / page).read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, flags=re.MULTILINE) == SECTIONS
    for name, entry in COEFFICIENTS.items():
        if entry.page == page:
            assert f"`{name}`" in text
            assert f"{entry.function.__name__}(table" in text
    assert re.search(r"\b(19|20)\d\d\b", text), "the source of the formula"


@pytest.mark.parametrize("path", [DOCS / "agreement.md", *(DOCS / "agreement" / page for page in PAGES)],
                         ids=lambda path: path.stem)  # fmt: skip
def test_examples_come_out_as_printed(path: Path) -> None:
    """The coefficient and its formula by hand, both in the example, give the same number."""
    (page,) = examples(path)
    assert page.examples
    assert doctest.DocTestRunner(verbose=False).run(page).failed == 0
    if path.parent.name == "agreement":
        by_hand = [float(example.want) for example in page.examples if re.fullmatch(r"0\.\d+\n", example.want)]
        printed = [float(example.want.split()[0]) for example in page.examples if " (n = " in example.want]
        assert by_hand
        assert all(any(abs(hand - value) < 1e-4 for value in printed) for hand in by_hand)


def test_the_guide_names_every_coefficient_and_links_every_page() -> None:
    text = (DOCS / "agreement.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in COEFFICIENTS)
    assert all(f"(agreement/{page})" in text for page in PAGES)
