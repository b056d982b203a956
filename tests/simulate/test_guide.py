"""docs/simulate.md says what the code does, and its example runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from resilens.cli import main
from resilens.simulate import guide
from resilens.simulate.patterns import WHAT
from resilens.simulate.world import World

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_current() -> None:
    assert (DOCS / guide.PAGE).read_text("utf-8") == guide.page(), "run: python -m resilens.simulate.guide"


def test_every_key_of_a_world_and_every_pattern_is_explained() -> None:
    page = guide.page()
    for name, field in World.model_fields.items():
        assert f"`{field.alias or name}`" in page or f"[{field.alias or name}]" in page, name
    assert all(f"| {name} |" in page for name in WHAT)


@pytest.mark.slow
def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    example = re.search(r"```\n(resilens simulate.*?)```", guide.page(), re.DOTALL)
    assert example
    monkeypatch.chdir(tmp_path)
    for line in example[1].strip().splitlines():
        arguments = line.split()[1:] + (["--items", "3000", "--users", "8000"] if " simulate " in line else [])
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = capsys.readouterr()
        assert ended.value.code in (0, None), f"{line}: {said.err}"
    page = (tmp_path / "world" / "report" / "index.html").read_text("utf-8")
    assert "SYNTHETIC" in page
