"""Translations by keys alone, in Chromium: opened from the list, compared, one accepted, the next opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.web.making import MEI, comment, served

from resilens.coding.translations import add_translation, translations
from resilens.pipeline import OpenStudy

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.browser
def test_a_translation_is_accepted_with_one_key(study: OpenStudy, browser: Browser) -> None:
    with study.corpus() as corpus:
        for item, engine, text in ((1, "DeepL", "Welcome! Tax received"), (1, "ChatGPT", "Welcome! Tax has arrived"),
                                   (4, "DeepL", "A dozen eggs, ten yuan")):  # fmt: skip
            add_translation(study.record, corpus, comment(item), "text", text, engine=engine, actor=MEI)
    with served(study, MEI) as (link,):
        page = browser.new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text))
        page.goto(link)
        page.goto(f"{link.split('/enter')[0]}/translations?state=unaccepted")
        page.keyboard.press("Enter")
        page.wait_for_selector(".candidate mark")
        assert page.locator(".candidate").count() == 2
        page.keyboard.press("t")
        with page.expect_navigation():
            page.keyboard.press("2")
        page.wait_for_selector("text=A dozen eggs, ten yuan")
        with page.expect_navigation():
            page.keyboard.press("1")
        page.close()
        assert faults == []
    found = [(one.engine, one.reason) for several in translations(study.record, [comment(1), comment(4)]).values()
             for one in several if one.accepted]  # fmt: skip
    assert found == [("ChatGPT", "keeps the tone"), ("DeepL", "closest in meaning")]
