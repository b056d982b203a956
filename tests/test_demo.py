"""The main job in the example study: from captured files to a report one can open, the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import resilens
from resilens.demo import make
from resilens.errors import InputError
from resilens.pipeline import OpenStudy


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo, made once for this file."""
    root = tmp_path_factory.mktemp("demo") / "study"
    make(root, say=lambda _: None)
    return root


@pytest.fixture
def study(made: Path) -> OpenStudy:
    return resilens.open(made)


def test_the_sample_fills_the_studys_quotas(study: OpenStudy) -> None:
    with study:
        flow = {row["hashtag"]: row for row in study.draw().flow}
    assert {tag: row["drawn"] for tag, row in flow.items()} == {
        "猫税": 6, "tiktokrefugees": 12, "cattax": 175, "tiktokrefugee": 7, "all": 200,
    }  # fmt: skip
    assert flow["all"]["shortfall"] == 0
    assert flow["all"]["ineligible"] == flow["all"]["refilled"] > 0, "who is screened out is replaced"
    assert flow["all"]["duplicate"] > 0, "posts under several hashtags count once"


def test_every_capture_accounts_for_each_of_its_records(study: OpenStudy) -> None:
    with study:
        captures = study.captures()
    assert len(captures) == 4 * 3 + 3, "four hashtags by three rankings, posts, comments, what was typed"
    for row in captures:
        assert row["read"] == row["new"] + row["repeated"] + row["quarantined"]
        assert not row["quarantined"], "what the simulator exports is read whole"


def test_what_was_simulated_is_kept_apart_with_its_truth(study: OpenStudy) -> None:
    truth = pq.read_table(study.folder.root / "world" / "truth" / "items.parquet", columns=["item_id"])
    known = set(truth.column("item_id").to_pylist())
    with study, study.corpus() as corpus:
        captured = corpus.frame(corpus.table("comments").comment_id).column(0).to_pylist()
    assert captured
    assert set(captured) <= known


def test_the_coders_disagree_and_the_record_verifies(study: OpenStudy) -> None:
    with study:
        codings = study.record.view("codings")
        assert study.record.verify(views=True).sound
    by_coder = {coder: {(row["item_id"], row["code_id"]) for row in codings if row["coder"] == coder}
                for coder in ("coder A", "coder B")}  # fmt: skip
    both = by_coder["coder A"] & by_coder["coder B"]
    either = by_coder["coder A"] | by_coder["coder B"]
    assert 0.5 < len(both) / len(either) < 0.95


def test_nothing_is_done_again_and_it_is_said_why(study: OpenStudy, tmp_path: Path) -> None:
    with study:
        outcomes = {outcome.step: outcome for outcome in study.run()}
        assert not any(outcome.done for outcome in outcomes.values())
        assert "the report is up to date" in study.status_lines(study.status())[-1]
    copied = shutil.copytree(study.folder.root, tmp_path / "copy")  # so that the report of the other tests stays good
    declared = copied / "study.toml"
    before = declared.read_text(encoding="utf-8")
    declared.write_text(before.replace("[ethics]", "# a note\n[ethics]", 1), encoding="utf-8")
    with resilens.open(copied) as again:
        assert "`resilens run`" in again.status_lines(again.status())[-1]
        outcomes = {outcome.step: outcome for outcome in again.run()}
    assert [step for step, outcome in outcomes.items() if outcome.done] == ["report"]
    assert "study.toml" in outcomes["report"].why


def test_what_is_derived_can_be_deleted_and_comes_back_the_same(study: OpenStudy) -> None:
    with study:
        before = digests(study.folder.root)
        for derived in (study.folder.corpus, study.folder.staging, study.folder.report, study.folder.results):
            shutil.rmtree(derived)
        study.run()
        assert digests(study.folder.root) == before


def test_synthetic_is_said_on_the_page_and_in_its_figures(made: Path) -> None:
    page = (made / "report" / "index.html").read_text(encoding="utf-8")
    assert "SYNTHETIC" in page
    figures = sorted((made / "report").rglob("*.svg"))
    assert figures
    for figure in figures:
        assert "SYNTHETIC" in figure.read_text(encoding="utf-8"), figure.name


def test_no_output_names_a_place_of_this_machine(made: Path) -> None:
    for path in sorted((made / "report").rglob("*")):
        if path.is_file():
            assert str(made).encode() not in path.read_bytes(), path.name


@pytest.mark.slow
def test_two_folders_two_clocks_two_zones_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """The demo in another folder, time zone, locale and hash seed gives the same corpus, draws and report."""
    elsewhere = tmp_path / "a folder with spaces" / "and 中文"
    environment = {**os.environ, "TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONHASHSEED": "12345", "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-m", "resilens", "demo", str(elsewhere), "--no-open"],
                          env=environment, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    with resilens.open(made) as study:
        study.run()
    assert digests(elsewhere) == digests(made)


def test_a_demo_replaces_a_demo_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(InputError, match="not a demo"):
        make(tmp_path, say=lambda _: None)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def digests(root: Path) -> dict[str, str]:
    """The SHA-256 of every file that a reader may be given, and of the record's head."""
    found = {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("captures", "corpus", "sample", "report", "results")
        for path in sorted((root / folder).rglob("*")) if path.is_file()
    }  # fmt: skip
    for name in ("study.toml", "codebook.toml"):
        found[name] = hashlib.sha256((root / name).read_bytes()).hexdigest()
    return found
