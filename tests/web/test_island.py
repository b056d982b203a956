"""The scripts in the package are those that their sources make, and their sources are sound."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import resilens.web

STATIC = Path(resilens.web.__file__).parent / "static"


@pytest.mark.node
def test_the_committed_scripts_are_what_their_sources_make(island: Path, tmp_path: Path) -> None:
    subprocess.run(["node", "build.mjs", str(tmp_path)], cwd=island, check=True, timeout=60)
    made = {path.name: path.read_bytes() for path in tmp_path.glob("*.js")}
    assert made
    kept = {path.name: path.read_bytes() for path in STATIC.glob("*.js")}
    assert sorted(made) == sorted(kept)
    assert [name for name in made if made[name] != kept[name]] == [], "run `npm run build` in island/ and commit"


@pytest.mark.node
def test_the_sources_are_of_one_mind(island: Path) -> None:
    tsc = ["node", "node_modules/typescript/bin/tsc", "--noEmit"]
    done = subprocess.run(tsc, cwd=island, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout


def test_the_lock_names_no_registry() -> None:
    lock = Path(__file__).parents[2] / "island" / "package-lock.json"
    text = lock.read_text("utf-8")
    assert "http" not in re.sub(r'"url": "https?://[^"]*"', "", text)
    assert '"integrity"' in text


def test_scripts_make_no_markup_from_text() -> None:
    """Captured text reaches the page as text nodes alone."""
    words = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(.style"
    for path in (Path(__file__).parents[2] / "island" / "src").rglob("*.ts"):
        assert not re.search(words, path.read_text("utf-8")), path.name
