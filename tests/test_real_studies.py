"""Real files from `add` to the report: nothing breaks, nothing is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

import resilens
from resilens.results.types import Description, Estimate, Undefined
from resilens.study.beginning import begin

pytestmark = pytest.mark.shared


def test_the_refugee_posts_with_the_reference_design(shared: Path, tmp_path: Path) -> None:
    """Posts only: what needs comments or codes says so, and no value speaks of more than was captured."""
    begin(tmp_path / "study", "tiktok-refugees")
    with resilens.open(tmp_path / "study") as study:
        added = study.add([shared / "rednote-tiktok-refugees" / "posts.csv"])
        assert [row["new"] for row in added.captures] == [724]
        study.draw()
        found = {one.measure.name: one.finding for one in study.measure()}
        page = study.report().read_text("utf-8")
        results = [result for finding in found.values() for result in finding.estimates.values()]
        assert not [result for result in results if isinstance(result, Estimate)]
        for name in ("practices", "ritual", "variety", "affect", "politics", "resilience"):
            reasons = {result.reason for result in found[name].estimates.values() if isinstance(result, Undefined)}
            assert reasons
            assert any("nothing has been coded" in reason for reason in reasons), name
        assert "no thread with comments was captured whole" in found["exchange"].sentence
        peak = found["attention"].estimates
        assert any(isinstance(result, Description) and result.value == 327 for result in peak.values())
        for words in ("What could not be seen", "nothing has been coded", "captured"):
            assert words in page
        ids = study.sampled_items()[:5]
        for file in study.folder.report.rglob("*"):
            content = file.read_bytes() if file.is_file() else b""
            assert not any(item.split(":")[-1].encode() in content for item in ids), file.name


def test_the_mediacrawler_files_are_a_corpus_of_threads(shared: Path, tmp_path: Path) -> None:
    begin(tmp_path / "study", title="Elderly influencers")
    with resilens.open(tmp_path / "study") as study:
        study.add(sorted((shared / "rednote-mediacrawler").glob("*.csv")))
        found = {one.measure.name: one.finding for one in study.measure()}
        assert all(finding.sentence for finding in found.values())
        for finding in found.values():
            assert finding.estimates
            assert all(result.reason for result in finding.estimates.values() if isinstance(result, Undefined))
        assert study.report().exists()
