"""The committed scripts are what island/src builds to; and the coding screen says nothing that the catalogue lacks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ISLAND = ROOT / "island"
WEB = ROOT / "src" / "resilens" / "web"
NODE = shutil.which("node") and shutil.which("npm")
REQUIRED = "node" in os.environ.get("RESILENS_REQUIRE", "").split(",")
needs_node = pytest.mark.skipif(not NODE and not REQUIRED, reason="no node and npm on this machine")


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of island/ with its locked packages, so that the checkout's own node_modules do not matter."""
    copy = tmp_path_factory.mktemp("island")
    shutil.copytree(ISLAND, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    run("npm", "ci", at=copy)
    return copy


def run(*command: str, at: Path) -> None:
    done = subprocess.run(command, cwd=at, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_node
def test_committed_scripts_are_what_the_sources_build_to(island: Path, tmp_path: Path) -> None:
    run("node", "build.mjs", str(tmp_path), at=island)
    for name in ("coding.js", "pages.js"):
        committed = (WEB / "static" / name).read_bytes()
        assert (tmp_path / name).read_bytes() == committed, f"{name} is stale: cd island && npm run build"


@needs_node
def test_types_are_sound(island: Path) -> None:
    run("npm", "run", "check", at=island)


def test_the_lock_names_no_registry_and_packages_are_pinned() -> None:
    assert "://" not in (ISLAND / "package-lock.json").read_text("utf-8")
    pinned = re.findall(r'"(esbuild|typescript|axe-core)": "([^"]+)"', (ISLAND / "package.json").read_text("utf-8"))
    assert len(pinned) == 3
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for _, version in pinned)


def test_modules_are_small_and_text_is_never_markup() -> None:
    for path in (ISLAND / "src").glob("*.ts"):
        source = path.read_text("utf-8")
        assert source.count("\n") < 250, path.name
        markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\.style\b"
        assert not re.search(markup, source), path.name


def test_the_coding_screen_says_what_the_catalogue_has_and_nothing_else() -> None:
    words = set(tomllib.loads((WEB / "words" / "coding.toml").read_text("utf-8")))
    sources = [path for path in (ISLAND / "src").glob("*.ts") if path.stem != "pages"]
    text = "\n".join(path.read_text("utf-8") for path in [*sources, *(WEB / "templates" / "coding").glob("*.html")])
    commands = {f"do_{name}" for name in re.findall(r"name: \"(\w+)\", keys", text)}
    assert commands | set(re.findall(r"""(?<![\w.])t\(\s*"(\w+)\"""", text)) <= words
    built = tuple(re.findall(r"[\"`](?:coding\.)?([a-z]+_)(?:\$\{|\" ~)", text))
    assert {name for name in words if f'"{name}"' not in text and f'"coding.{name}"' not in text} <= {
        name for name in words if name.startswith(built)
    }
