"""Boxes by keys and by mouse, in Chromium: drawn, changed, taken back, saved; nothing unsaved is lost silently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.web.making import MEI, served

from resilens.capture.media import media_ids
from resilens.coding.redaction import redaction_of
from resilens.pipeline import OpenStudy

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def table(page: Page) -> list[list[str]]:
    rows = page.locator("tr.box").all()
    return [[row.locator(f"[name={name}]").input_value() for name in ("covers", "x", "y", "w", "h")] for row in rows]


@pytest.mark.browser
def test_a_picture_is_redacted_by_keys_alone_and_by_mouse(study: OpenStudy, browser: Browser) -> None:
    (media_id,) = media_ids(study.folder.media)
    with served(study, MEI) as (link,):
        page = browser.new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(link)
        page.goto(f"{link.split('/enter')[0]}/redaction")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/redaction/{media_id}")
        page.keyboard.press("b")
        assert table(page) == [["face", "104", "64", "32", "32"]]
        for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Alt+ArrowDown", "n"):
            page.keyboard.press(key)
        assert table(page) == [["name", "102", "63", "34", "32"]]
        assert "not saved yet" in page.locator("#saved").inner_text()
        page.keyboard.press("u")
        page.keyboard.press("u")
        assert table(page) == [["face", "102", "62", "34", "32"]]
        with page.expect_navigation():  # to its load: only then does the new page's script listen
            page.keyboard.press("s")
        page.wait_for_selector("text=begun")
        assert redaction_of(study.record, media_id).state == "begun"

        shown = page.locator(".canvas svg").bounding_box()
        assert shown
        page.mouse.move(shown["x"] + 10, shown["y"] + 10)
        page.mouse.down()
        page.mouse.move(shown["x"] + 60, shown["y"] + 50, steps=4)
        page.mouse.up()
        assert len(table(page)) == 2
        assert [int(side) for side in table(page)[1][1:]] == pytest.approx([10, 10, 50, 40], abs=2)
        page.keyboard.press("Delete")
        assert len(table(page)) == 1
        page.keyboard.press("u")
        assert len(table(page)) == 2
        with page.expect_navigation():
            page.keyboard.press("c")
        assert [box.covers for box in redaction_of(study.record, media_id).boxes] == ["face", "face"]
        assert redaction_of(study.record, media_id).state == "complete"
        page.wait_for_selector("text=may leave, redacted")
        page.close()
        assert faults == []
