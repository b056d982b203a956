"""The event itself: the refugee posts come out as the notes on the real files say."""

from __future__ import annotations

from datetime import UTC, date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from resilens.capture.building import build
from resilens.capture.cohorts import account_cohorts
from resilens.capture.registry import opened
from resilens.capture.staging import stage
from resilens.capture.status import status
from resilens.corpus.engine import Corpus
from resilens.corpus.vault import Vault


@pytest.mark.shared
def test_the_refugee_posts(shared: Path, tmp_path: Path) -> None:
    vault = Vault.create(tmp_path / "vault", seed=1)
    raw = shared / "rednote-tiktok-refugees" / "posts.csv"
    stage(opened(raw, None), "c0", tmp_path / ".staging", vault)
    build(tmp_path / "corpus", tmp_path / ".staging", ["c0"])
    with Corpus(tmp_path / "corpus") as corpus:
        found = status(corpus, "UTC+08:00")
        cohorts = account_cohorts(corpus, vault, allowed=True, zone=UTC)
    (capture,) = found.captures
    assert (capture["read"], capture["new"], capture["repeated"], capture["quarantined"]) == (724, 724, 0, 0)
    assert (found.posts, found.authors) == (724, 676)
    assert capture["time_zone"] == "UTC+08:00"
    assert capture["time_zone_basis"].startswith("inferred from the id clock: 720 of 724 posts agree on UTC+08:00")
    # The notes say "to 8 March"; the last post of the file is of 2 March.
    assert (found.span["first_day"], found.span["last_day"]) == ("2025-01-09", "2025-03-02")
    assert cohorts.between(date(2025, 1, 12), date(2025, 1, 14))[1] == 549
    stored = "".join(str(pq.read_table(path).to_pylist()) for path in (tmp_path / "corpus").rglob("*.parquet"))
    for row in vault.identities("c0").to_pylist():
        if row["kind"] == "account":
            assert row["native"] not in stored
    assert "xsec_token" not in stored
