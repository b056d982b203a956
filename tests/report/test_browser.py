"""The page in a browser: no sideways scroll from a telephone to a desk, no complaints, no requests, printable."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from resilens.report.build import report_of, write
from resilens.report.html import render

pytestmark = pytest.mark.browser

QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    arguments = QUIET + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(params=["full_facts", "empty_facts"])
def page_address(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    write(tmp_path / "report", render(report_of(request.getfixturevalue(request.param))))
    return (tmp_path / "report" / "index.html").as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 700, 1280, 1600])
def test_the_page_fits_and_does_not_complain(browser: Browser, page_address: str, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_address)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    outside = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll') && !e.closest('svg') && "
        "e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
    )
    assert outside == []
    assert said == []
    assert [address for address in asked if not address.startswith(("data:", page_address))] == []
    context.close()


def test_one_drawing_is_shown_at_a_time(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    write(tmp_path / "report", render(report_of(request.getfixturevalue("full_facts"))))
    for width, shown in ((320, "narrow"), (1280, "wide")):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto((tmp_path / "report" / "index.html").as_uri())
        visible = page.eval_on_selector_all(
            ".drawing", "all => all.filter(e => getComputedStyle(e).display != 'none').map(e => e.classList[1])"
        )
        assert visible == [shown]
        page.close()


def test_it_prints(browser: Browser, page_address: str) -> None:
    page = browser.new_page()
    page.goto(page_address)
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()


def test_the_first_tab_leads_to_the_text(browser: Browser, page_address: str) -> None:
    page = browser.new_page()
    page.goto(page_address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#text")
    page.close()
