"""What measures wrote is read; what a finding was is kept; and what has moved is told from what was rounded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from resilens.claims.findings import completed, moved, read_findings, seen_now
from resilens.claims.ledger import Seen
from resilens.claims.references import parse
from resilens.errors import InputError
from resilens.results.findings import finding_to_dict

from .conftest import FINDINGS, SHARE, claim


def seen(**values: Any) -> Seen:
    return Seen.model_validate({"of": SHARE, **values})


def write(results: Path, name: str = "practices", **more: Any) -> None:
    (results / "measures").mkdir(parents=True, exist_ok=True)
    content = {"made_from": {}, "finding": finding_to_dict(FINDINGS[name]) | more}
    (results / "measures" / f"{name}.json").write_text(json.dumps(content), "utf-8")


def test_findings_are_read_as_measures_write_them(tmp_path: Path) -> None:
    assert read_findings(tmp_path) == {}
    write(tmp_path)
    assert read_findings(tmp_path) == FINDINGS


def test_a_damaged_finding_is_named(tmp_path: Path) -> None:
    write(tmp_path, estimates={"x": {"result": "estimate"}})
    (tmp_path / "measures" / "ritual.json").write_text("{", "utf-8")
    with pytest.raises(InputError) as caught:
        read_findings(tmp_path)
    assert [fault.where for fault in caught.value.faults] == [
        "results/measures/practices.json", "results/measures/ritual.json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("then", "now", "has"),
    [
        (seen(value=0.31, low=0.25, high=0.38), seen(value=0.38, low=0.3, high=0.45), ""),
        (seen(value=0.31, low=0.25, high=0.38), seen(value=0.4, low=0.3, high=0.5),
         "was 0.31 [0.25, 0.38], is now 0.4 [0.3, 0.5]"),
        (seen(value=0.31, low=0.25, high=0.38), seen(value=0.24), "was 0.31 [0.25, 0.38], is now 0.24"),
        (seen(value=0.312), seen(value=0.3125), ""),
        (seen(value=0.312), seen(value=0.3127), "was 0.312, is now 0.3127"),
        (seen(value=61), seen(value=61.04), ""),
        (seen(value=61), seen(value=62), "was 61, is now 62"),
        (seen(value=-1000), seen(value=-1004), ""),
        (seen(value=0), seen(value=0.001), "was 0, is now 0.001"),
        (seen(value=0), seen(value=0), ""),
        (seen(value=0.5, low=0.6, high=0.7), seen(value=0.5, low=0.6, high=0.7), ""),
        (seen(undefined="no codes"), seen(undefined="no codes yet"), ""),
        (seen(undefined="no codes"), seen(value=0.2), "was undefined (no codes), is now 0.2"),
        (seen(value=0.2), seen(undefined="no codes"), "was 0.2, is now undefined (no codes)"),
        (seen(sentence="31% paid."), seen(sentence="31% paid."), ""),
        (seen(sentence="31% paid."), seen(sentence="40% paid."), "was “31% paid.”, is now “40% paid.”"),
    ],
)  # fmt: skip
def test_moved_means_outside_the_interval_and_by_more_than_rounding(then: Seen, now: Seen, has: str) -> None:
    assert moved(then, now) == has


def test_nothing_has_moved_from_itself() -> None:
    for name in ("", *(f"/{key}" for key in FINDINGS["practices"].estimates)):
        now = seen_now(parse(f"measure:practices{name}"), FINDINGS)
        assert now
        assert moved(now, now) == ""
    assert seen_now(parse("measure:practices/other"), FINDINGS) is None
    assert seen_now(parse("measure:ritual"), FINDINGS) is None


def test_a_claim_keeps_what_its_findings_were() -> None:
    cited = claim(evidence_for=[SHARE, "measure:ritual/x"], evidence_against=["measure:practices", SHARE])
    whole = completed(cited, FINDINGS)
    assert list(map(str, whole.findings)) == ["0.31 [0.25, 0.38]", "“Tribute was paid in 31% of posts.”"]
    older = whole.with_findings([seen(value=0.2)])
    assert completed(older, FINDINGS).findings[0].value == 0.2, "what it was is not overwritten"
    assert completed(older, {}).findings == older.findings
    assert completed(claim(finding=[{"of": SHARE, "value": 0.2}]), FINDINGS).findings == (), "no longer cited"
