"""Searching on the command line: what is said, what is refused, what a file keeps inside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.web.making import MEI, comment, post, round_of_two
from tests.web.making import study as make_study

from resilens import cli_search
from resilens.cli import main
from resilens.record.events import Draft
from resilens.search.query import KINDS


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return int(ended.value.code or 0), said.out, said.err


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with make_study(tmp_path, picture=False) as study:
        round_of_two(study, mode="joint")
        for code in ("practice.tribute", "practice.welcome"):
            body = {"item_id": post(1), "code_id": code}
            study.record.append(Draft("coding.set", post(1), body, MEI, round_id="round-1"))
        return study.folder.root


def test_a_word_in_context(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--study", str(root), "search", "CAT tax", "--whole-word")
    assert code == 0
    assert "two texts of posts" in out
    assert "Paying my [cat tax] 🐈" in out
    code, out, _ = run(capsys, "--study", str(root), "search", "税", "--kind", "comment", "--json")
    (hit,) = json.loads(out)["hits"]
    assert (code, hit["id"], hit["lines"][0]["start"]) == (0, comment(1), 3)
    assert "Nothing was found." in run(capsys, "--study", str(root), "search", "nowhere")[1]


def test_filters_and_faults(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def found(*filters: str) -> int:
        return int(json.loads(run(capsys, "--study", str(root), "search", "e", *filters, "--json")[1])["total"])

    assert found("--code", "practice.tribute", "--kind", "post") == 1  # not in the title
    assert found("--since", "2025-01-15", "--kind", "post") == 0
    code, _, err = run(capsys, "--study", str(root), "search", " ")
    assert (code, "word: is empty" in err) == (1, True)
    code, _, err = run(capsys, "--study", str(root), "search", "e", "--restricted")
    assert (code, "--out" in err) == (1, True)


def test_a_file(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "hits.csv"
    code, out, _ = run(capsys, "--study", str(root), "search", "tax", "--out", str(file))
    assert (code, "without words" in out) == (0, True)
    assert "cat tax" not in file.read_text("utf-8-sig")
    code, out, _ = run(capsys, "--study", str(root), "search", "tax", "--out", str(file), "--restricted", "--json")
    assert "RESTRICTED" in json.loads(out)["notes"][0]
    assert "Paying my" in file.read_text("utf-8-sig")


def test_codes_that_go_together(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--study", str(root), "together")
    assert code == 0
    assert "one item with both" in out
    _, out, _ = run(capsys, "--study", str(root), "together", "--by", "thread", "--json")
    assert json.loads(out)["pairs"][0]["both"] == 1
    assert run(capsys, "--study", str(root), "together", "--out", str(tmp_path / "pairs.xlsx"))[0] == 0
    code, _, err = run(capsys, "--study", str(root), "together", "--basis", "nobody")
    assert (code, "nobody called 'nobody'" in err) == (1, True)


def test_the_kinds_are_those_of_the_search() -> None:
    assert cli_search.KINDS == KINDS
