"""Claims made by hand, a record, and a world in memory for them to cite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from resilens.claims.checking import World
from resilens.claims.ledger import Claim
from resilens.record.clock import Ticking
from resilens.record.store import Record
from resilens.results import Description, Estimate, Finding, Undefined

SHARE = "measure:practices/share of tribute, posts, all"
FINDINGS = {
    "practices": Finding(
        "practices",
        {
            "share of tribute, posts, all": Estimate(0.31, 0.25, 0.38, 0.95, 200, 200, "design", "the frame", "mixed"),
            "items of tribute": Description(61, 200, "the sample", "items"),
            "share of tribute, comments, late": Undefined("no comment was coded in the late period"),
        },
        sentence="Tribute was paid in 31% of posts.",
    )
}


def claim(claim_id: str = "tribute", **keys: Any) -> Claim:
    return Claim.model_validate({"id": claim_id, "text": "Tribute is how newcomers are let in.", **keys})


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with Record.open(tmp_path / "work.sqlite", clock=Ticking(datetime(2025, 5, 1, tzinfo=UTC))) as opened:
        yield opened


@pytest.fixture
def world() -> World:
    return World(
        items={"rednote:p:aa1": {"title": 6, "text": 20}, "rednote:c:bb1": {"text": 12}},
        near=("rednote:p:aa1", "rednote:c:bb1"), questions=("practices", "conditions"), replaced={"old": "practices"},
        stages=("stage.absorption", "stage.adaptation"),
        codes={"stage.absorption": True, "stage.early": False, "practice.tribute": True, "practice.tax": False},
        merged={"practice.tax": "practice.tribute"}, conditions=("Translation inside the application",),
        leads=("weibo-3",), memos=("m1",), findings=FINDINGS, measures=("practices", "ritual"),
    )  # fmt: skip
