"""Two coders' differences are settled in Chromium by keys alone, to the codebook and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.web.browsing import axe
from tests.web.making import MEI, post, served
from tests.web.settling import coded_round, role

from resilens.coding.codings import final
from resilens.pipeline import OpenStudy

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def press(page: Page, *keys: str) -> None:
    """Press keys; the last one leads to another page."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    page.evaluate("window.before = true")
    page.keyboard.press(keys[-1])
    page.wait_for_function("() => !window.before && document.readyState === 'complete'")


@pytest.mark.browser
def test_differences_are_settled_by_keys_alone(study: OpenStudy, browser: Browser) -> None:
    coded_round(study)
    untouched = study.record.view("codings")
    with served(study, MEI) as (link,):
        context = browser.new_context()
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(link)
        page.goto(f"{link.split('/enter')[0]}/consensus")
        page.keyboard.press("Enter")
        page.wait_for_selector("ol.differences")
        page.wait_for_load_state("load")  # a key pressed before the page's script is there does nothing
        press(page, "Enter")
        assert "Egg prices" in page.inner_text("article.item")

        page.keyboard.press("m")  # a reason without a decision decides nothing
        assert study.record.view("consensus") == []
        press(page, "1", "m")
        assert "1 of 4 settled" in page.inner_text(".left")
        press(page, "u")  # taken back from the page that came next
        assert "Egg prices" in page.inner_text("article.item")
        assert "0 of 4 settled" in page.inner_text(".left")

        page.keyboard.press("e")
        page.wait_for_url(f"**/codebook/{role(study, 'ledger')}?back=**")
        page.locator("main a[href^='/consensus/round-1/']").first.press("Enter")
        page.wait_for_url("**/consensus/round-1/**")
        assert "Egg prices" in page.inner_text("article.item")

        assert axe(page) == []

        page.keyboard.press("t")
        page.keyboard.type("prices are set side by side")
        page.keyboard.press("Tab")
        press(page, "1", "x")
        assert study.record.view("consensus")[0]["note"] == "prices are set side by side"
        for keys in (("1", "v"), ("n", "m"), ("2", "x"), ("b", "d")):
            press(page, *keys)
        assert "Everything in this round is settled." in page.inner_text("main")
        assert faults == []
        context.close()
    assert final(study.record).unresolved.num_rows == 0
    assert study.record.view("codings") == untouched
    decided = {(row["item_id"], row["reason"]) for row in study.record.view("consensus")}
    assert (post(2), "context_missed") in decided
