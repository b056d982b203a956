"""A small study for each test, and one Chromium for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.making import study as make_study

from resilens.pipeline import OpenStudy


@pytest.fixture
def study(tmp_path: Path) -> Iterator[OpenStudy]:
    """A small study, drawn, with a codebook and no round yet."""
    with make_study(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[object]:
    """Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield opened
        opened.close()
