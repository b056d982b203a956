"""Screening with the keyboard alone, in Chromium: include, leave out with a reason, duplicate, undo, comments, flow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.browsing import axe, page_of
from tests.web.making import MEI, served
from tests.web.test_screening import order, screened

from resilens.coding.leads import Seen, note_lead
from resilens.pipeline import OpenStudy

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("RESILENS_PICTURES", "")
"""Where pictures of the pages are written, for somebody to look at; nowhere unless set."""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[OpenStudy]:
    with screened(tmp_path) as opened:
        note_lead(opened, Seen("seen on Weibo: the first cats", where="Weibo", seen_at="2025-01-14",
                               tags=("tiktokrefugee",)), actor=MEI)  # fmt: skip
        yield opened


@pytest.fixture
def page(study: OpenStudy, browser: Any) -> Iterator[Any]:
    """The desk in a browser; nothing may complain or ask anybody else."""
    with served(study, MEI) as (link,), page_of(browser, link, 1360) as opened:
        opened.goto(link.split("/enter")[0] + "/screening")
        yield opened


def press(page: Any, key: str, text: str) -> None:
    """Press a key and wait for what it leads to."""
    page.keyboard.press(key)
    page.get_by_text(text, exact=False).first.wait_for()
    page.wait_for_load_state("load")  # keys are heard once the script is there


def picture(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/screening-{name}.png", full_page=True)


def test_a_hashtag_is_screened_with_the_keyboard_alone(study: OpenStudy, page: Any) -> None:
    posts = order(study)
    press(page, "i", "Place 2 of 12")
    page.keyboard.press("1")  # a reason's key means nothing before x
    assert "Place 2 of 12" in page.inner_text("main")
    page.keyboard.press("x")
    picture(page, "reasons")
    press(page, "2", "Place 3 of 12")
    page.keyboard.press("d")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.name") != "other":
        page.keyboard.press("Tab")
    page.keyboard.type(posts[0])
    press(page, "Enter", "Place 4 of 12")
    press(page, "u", "Place 3 of 12")
    press(page, "u", "Place 2 of 12")
    press(page, "u", "Place 1 of 12")
    assert study.record.view("screening") == []
    for number in range(2, 6):
        press(page, "i", f"Place {number} of 12")
    press(page, "i", "Every place of this quota is decided")
    picture(page, "full")
    assert [row["item_id"] for row in study.record.view("screening")] == posts[:5]
    press(page, "f", "No sample was drawn yet")
    picture(page, "flow")
    assert axe(page) == []
    press(page, "w", "draw-001 is in force")
    press(page, "Escape", "Screening desk")


def test_comments_are_changed_by_hand_with_the_keyboard_alone(study: OpenStudy, page: Any) -> None:
    page.keyboard.press("c")
    page.wait_for_url("**/screening/comments?**")
    page.wait_for_load_state("load")
    page.locator("input[name=ticked]:checked").first.focus()
    page.keyboard.press("Space")
    press(page, "s", "say why the rule is overruled")
    while page.evaluate("document.activeElement.name") != "reason":
        page.keyboard.press("Tab")
    page.keyboard.type("an advertisement")
    press(page, "Enter", "left by hand")
    picture(page, "comments")
    assert axe(page) == []
    press(page, "Escape", "2 of 6 captured comments")
    assert [row["reason"] for row in study.record.view("comment_choices")] == ["an advertisement"]


def test_the_desk_is_readable_for_everybody(study: OpenStudy, page: Any) -> None:
    picture(page, "desk")
    assert axe(page) == []
    page.goto(page.url.split("/screening")[0] + f"/screening?post={study_post(study)}")
    picture(page, "alike")
    page.set_viewport_size({"width": 1024, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, "1024")
    page.set_viewport_size({"width": 640, "height": 800})  # 200 % zoom of a 1280 window
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, "zoomed")
    page.set_viewport_size({"width": 1360, "height": 900})
    page.emulate_media(color_scheme="dark")
    page.goto(page.url.split("/screening")[0] + "/language/zh?back=/screening")
    picture(page, "dark-zh")
    assert axe(page) == []
    page.keyboard.press("l")
    page.locator("select[name=lead]").wait_for()
    picture(page, "lead-zh")
    assert axe(page) == []


def study_post(study: OpenStudy) -> str:
    """The post that another one repeats."""
    return "rednote:p:678500000000000000000000"
