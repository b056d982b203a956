"""Which tests need what this machine may not have, and when a skip is a failure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more of the machine's load than of the code.
settings.register_profile("resilens", deadline=None)
settings.load_profile("resilens")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
ISLAND = Path(__file__).resolve().parents[1] / "island"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
REQUIRED = set(filter(None, os.environ.get("RESILENS_REQUIRE", "").split(",")))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run; where RESILENS_REQUIRE names it, let it run and fail. What is slow goes first.

    A file stays on one core, so a long one that began last would be waited for by all others.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in slow)
    missing = {
        "shared": None if SHARED.is_dir() else "the real files of ../shared/data are not on this machine",
        "browser": None if CHROMIUM else "no Chromium on this machine (apt-get install chromium)",
        "node": None if shutil.which("node") and (ISLAND / "node_modules").is_dir() else
        "what builds the workbench's scripts is not here (node, then `npm ci` in island/)",
    }
    for item in items:
        for name, reason in missing.items():
            if reason and name not in REQUIRED and item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files; tests that use it carry the mark `shared`."""
    return SHARED


@pytest.fixture(scope="session")
def island() -> Path:
    """The folder of the workbench's scripts, with what builds them; tests that use it carry the mark `node`."""
    return ISLAND


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; tests that use it carry the mark `browser`."""
    assert CHROMIUM, "Chromium is required here and was not found"
    return CHROMIUM


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[object]:
    """Chromium, driven by Playwright: one for all tests of a process, for a second Playwright beside it fails."""
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=quiet + (["--no-sandbox"] if os.geteuid() == 0 else [])
        )
        yield opened
        opened.close()
