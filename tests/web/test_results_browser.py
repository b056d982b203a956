"""Search and a measure in Chromium: by keyboard alone, figures that load by day and by night, what is copied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.web.browsing import page_of
from tests.web.making import MEI, comment, served
from tests.web.settling import coded_round

from resilens.pipeline import OpenStudy

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def page(study: OpenStudy, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of mei's, signed in, at a study that was coded and measured; nothing may be said on its console."""
    coded_round(study)
    study.measure()
    with served(study, MEI) as (link,):
        scheme = getattr(request, "param", "light")
        context = browser.new_context(color_scheme=scheme, permissions=["clipboard-read", "clipboard-write"])
        context.set_default_timeout(20_000)
        opened = context.new_page()
        said: list[str] = []
        opened.on("console", lambda message: said.append(message.text))
        opened.goto(link)
        yield opened
        context.close()
        assert said == []


def test_a_word_is_searched_and_opened_without_a_mouse(page: Page) -> None:
    page.goto(page.url.rstrip("/") + "/search")
    page.keyboard.press("/")
    page.keyboard.type("税")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?word=*")
    first = page.locator(".hits li").first
    assert "欢迎！" in first.inner_text()
    assert first.locator("mark").inner_text() == "税"
    page.locator("h1").click()  # out of the field, as Tab would
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/**")
    assert comment(1) in page.locator("h1").inner_text()
    assert page.locator("[aria-current=true]").count() == 1


def test_the_words_beside_a_hit_keep_their_blanks_and_meet_it(page: Page) -> None:
    page.goto(page.url.rstrip("/") + "/search?word=cat&kind=post")
    left, word, right = (page.locator(f".hits li:nth-child(1) .kwic {part}").bounding_box()
                         for part in (".left span", "mark", ".right"))  # fmt: skip
    assert left
    assert word
    assert right
    assert abs(left["x"] + left["width"] - word["x"]) < 1.5
    assert abs(word["x"] + word["width"] - right["x"]) < 1.5
    middle = [box["x"] for mark in page.locator("mark").all() if (box := mark.bounding_box())]
    assert max(middle) - min(middle) < 2  # one below the other


@pytest.mark.parametrize("page", ["light", "dark"], indirect=True)
def test_a_measure_with_its_figure_its_evidence_and_what_is_copied(page: Page) -> None:
    page.goto(page.url.rstrip("/") + "/measures/practices")
    assert page.evaluate("document.querySelector('figure img').naturalWidth > 100")
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert ("dark" in page.evaluate("document.querySelector('figure img').currentSrc")) == dark
    page.keyboard.press("m")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.length > 20)")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#method").inner_text()
    page.locator("#evidence ~ ul a.id").first.click()
    page.wait_for_url("**/items/**")
    page.goto(page.url.split("/items")[0] + "/measures")
    assert page.locator(".findings > li").count() == 11


def test_a_job_is_waited_for_and_leads_back(study: OpenStudy, browser: Browser) -> None:
    coded_round(study)
    with served(study, MEI) as (link,), page_of(browser, link) as page:
        page.goto(link.split("/enter")[0] + "/measures")
        page.keyboard.press("c")
        page.wait_for_url("**/jobs?back=/measures")
        page.wait_for_url(f"{link.split('/enter')[0]}/measures", timeout=60_000)
        assert "All measures are up to date" in page.inner_text("main")
