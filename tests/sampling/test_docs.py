"""docs/sampling.md names what the code has."""

from __future__ import annotations

from pathlib import Path

import pytest

from resilens.sampling.comments import RULES
from resilens.sampling.designs import DESIGNS
from resilens.sampling.drawfile import SCHEMA
from resilens.sampling.flow import COLUMNS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "sampling.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*DESIGNS, *RULES, *SCHEMA.names, *COLUMNS])
def test_docs_name_every_design_rule_and_column(name: str) -> None:
    assert f"`{name}`" in TEXT
