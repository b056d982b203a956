"""docs/codebook.md: its example runs, and its table names every field of a code."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from resilens.coding.codebook import Code, latest
from resilens.record.store import Record
from resilens.study.beginning import begin

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "codebook.md").read_text(encoding="utf-8")


def test_the_table_names_every_field_of_a_code() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE.split("## In the browser")[0]))
    assert {field.name for field in fields(Code)} - {"facet", "parent"} <= named


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(tmp_path / "my-study", "tiktok-refugees")
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    exec(compile(example, "docs/codebook.md", "exec"), {})
    with Record.open(tmp_path / "my-study" / "work.sqlite") as record:
        found = latest(record)
        assert found is not None
        assert (found.number, found.actor, found.codebook.merges) == (2, "mei", {"practice.thanks": "affect.gratitude"})
