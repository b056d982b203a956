"""docs/exchange.md: its example is answered as it says, and it names every column and label there is."""

from __future__ import annotations

import re
from pathlib import Path

from resilens.coding.codes import Code, Codebook, Facet
from resilens.coding.exporting import CELL
from resilens.exchange.codebook_in import propose_codebook
from resilens.exchange.codebook_out import tree_of
from resilens.exchange.codebook_tables import FIELDS
from resilens.exchange.quotes import COLUMNS, FILLED, QUOTING, RESTRICTED
from resilens.exchange.safe_xml import LARGEST

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "exchange.md").read_text(encoding="utf-8")
(XML,) = re.findall(r"```xml\n(.*?)```", PAGE, re.DOTALL)
SAID, DESCRIPTION = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_is_answered_as_the_page_says(tmp_path: Path) -> None:
    path = tmp_path / "feelings.qdc"
    path.write_text(XML, encoding="utf-8")
    assert str(propose_codebook(path, Codebook(), "A study")) == SAID.rstrip("\n")


def test_a_description_looks_as_the_page_says() -> None:
    code = Code("practice.tribute", "practice", "Cat tax", role="tribute", definition="Newcomers show their cat.",
                use_when="A cat is shown.", not_when="The cat is a plush toy.")  # fmt: skip
    tree = tree_of(Codebook("", (Facet("practice", "Practice"),), (code,)), "A study")
    assert tree.codes[0].children[0].description == DESCRIPTION.rstrip("\n")


def test_every_column_and_bound_is_named() -> None:
    for name in (*FIELDS, *COLUMNS, *FILLED, *RESTRICTED):
        assert f"`{name}`" in PAGE, name
    for words in (*QUOTING.values(), f"{CELL:,}", f"{LARGEST // 2**20} MB"):
        assert words in PAGE, words
