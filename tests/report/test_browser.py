"""The page in a browser: no sideways scroll from a telephone to a desk, no complaints, no requests, printable."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from resilens.report.build import write

pytestmark = pytest.mark.browser

@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, rendered: Mapping[str, Mapping[str, bytes]]) -> Path:
    """A folder that holds the report of each of the two studies."""
    made = tmp_path_factory.mktemp("reports")
    for name, content in rendered.items():
        write(made / name, content)
    return made


def address(folder: Path, name: str = "full") -> str:
    return (folder / name / "index.html").as_uri()


@pytest.mark.parametrize(("name", "width", "scheme"), [("full", 320, "light"), ("full", 700, "dark"),
                                                       ("full", 1280, "light"), ("empty", 320, "dark")])  # fmt: skip
def test_the_page_fits_without_complaint(browser: Browser, folder: Path, name: str, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address(folder, name))
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    outside = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll') && !e.closest('svg') && "
        "e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
    )
    assert outside == []
    assert said == []
    assert [url for url in asked if not url.startswith(("data:", page.url))] == []
    context.close()


def test_one_drawing_is_shown_at_a_time(browser: Browser, folder: Path) -> None:
    for width, shown in ((320, "narrow"), (1280, "wide")):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(address(folder))
        visible = page.eval_on_selector_all(
            ".drawing", "all => all.filter(e => getComputedStyle(e).display != 'none').map(e => e.classList[1])"
        )
        assert visible == [shown]
        page.close()


def test_it_prints(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.goto(address(folder))
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()


def test_the_first_tab_leads_to_the_text(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.goto(address(folder))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_url("**#text")  # following the link is a navigation: it happens soon after the key, not with it
    page.close()
