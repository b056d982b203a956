"""In a real Chromium: a lead with a pasted link and picture; a post with two comments typed, saved and checked."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from tests.web.browsing import axe, page_of
from tests.web.making import JON, MEI, post, served

from resilens.capture.transcribing import transcriptions
from resilens.capture.transcription_drafts import drafts
from resilens.coding.diary import diary_of
from resilens.coding.leads import leads_of
from resilens.pipeline import OpenStudy

pytestmark = pytest.mark.browser


PASTE = """([selector, content, name]) => {
  const held = new DataTransfer();
  held.items.add(new File([Uint8Array.from(content)], name, { type: "image/png" }));
  document.querySelector(selector).dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
}"""


def screenshot() -> bytes:
    image = Image.new("RGB", (360, 780), "#ffffff")
    ImageDraw.Draw(image).ellipse((100, 60, 260, 240), fill="#c08040")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_a_lead_with_a_pasted_link_and_picture(browser: Any, study: OpenStudy) -> None:
    native = post(2).split(":")[2]
    with served(study, MEI) as (link,), page_of(browser, link) as page:
        page.goto(link.split("/enter")[0] + "/leads")
        page.keyboard.press("n")
        page.keyboard.type(f"https://www.xiaohongshu.com/explore/{native}?xsec_token=S")
        page.evaluate(PASTE, ["form[data-drop]", list(screenshot()), "pasted.png"])
        assert "pasted.png" in page.locator("output.dropped").inner_text()
        page.get_by_label("What was seen, and why").fill("eggs <b>again</b>")
        page.get_by_label("Seen on").fill("someday")
        page.get_by_role("button", name="Note the lead").click()
        page.get_by_role("alert").filter(has_text="no time that exists").wait_for()
        assert page.get_by_label("What was seen, and why").input_value() == "eggs <b>again</b>", "nothing typed is lost"
        page.get_by_label("Seen on").fill("2025-01-14 20:00")
        page.get_by_role("button", name="Note the lead").click()
        page.get_by_role("heading", name="1 lead").wait_for()
        page.wait_for_load_state()
        assert page.get_by_text("eggs <b>again</b>").is_visible()
        assert page.get_by_role("link", name="Egg prices").is_visible()
        assert axe(page) == []
        page.keyboard.press("d")
        page.get_by_label("From").fill("2025-01-14 20:00")
        page.locator(".diary textarea").fill("Watched the hashtag")
        page.get_by_role("button", name="Add to the diary").click()
        page.locator("#diary-2025-01-14-1").wait_for()
        page.goto(page.url + "/lead-1")
        assert axe(page) == []
    (lead,) = leads_of(study.record)
    assert lead.link == f"https://www.xiaohongshu.com/explore/{native}"
    assert len(lead.file) == 64
    assert len(diary_of(study.record)) == 1


def test_a_post_with_two_comments_is_typed_and_checked(browser: Any, study: OpenStudy, tmp_path: Path) -> None:
    (tmp_path / "shot.png").write_bytes(screenshot())
    with served(study, MEI, JON) as (mei_link, jon_link):
        base = mei_link.split("/enter")[0]
        with page_of(browser, mei_link) as page:
            page.goto(base + "/transcription")
            page.locator("input[type=file]").set_input_files(tmp_path / "shot.png")
            page.get_by_role("button", name="Start typing").click()
            page.locator(".canvas img").wait_for()
            narrow = page.locator(".canvas img").bounding_box()["width"]
            page.get_by_label("double").check()
            assert page.locator(".canvas img").bounding_box()["width"] > narrow * 1.5
            sheet = page.locator("form.sheet")
            sheet.get_by_label("Name shown").first.fill("ohio")
            sheet.get_by_label("Title").fill("Paying my tax")
            sheet.get_by_label("Text", exact=True).fill("Here is my cat 🐈 #rednote")
            sheet.locator("[name=likes]").fill("7.6万")
            # A closed tab loses nothing: what was typed is a draft already.
            page.get_by_text("Draft kept").wait_for()
            (held,) = drafts(study.folder, actor=MEI)
            assert (held.post.title, held.post.counts["likes"]) == ("Paying my tax", "7.6万")
            page.get_by_role("button", name="Add a comment").click()
            page.locator("#c1").wait_for()
            page.wait_for_function("document.activeElement.name === 'comment_author'", timeout=5000)
            page.keyboard.type("阿猫")
            page.locator("#c1 textarea[name=comment_text]").fill("欢迎")
            page.locator("#c1").get_by_role("button", name="Add an answer to it").click()
            page.locator("#c2").wait_for()
            assert page.locator("#c2 select").input_value() == "1"
            page.locator("#c2 textarea[name=comment_text]").fill("thank <script>alert(1)</script> you")
            assert axe(page) == []
            page.get_by_role("button", name="Save as a capture").click()
            page.get_by_text("a second person compares it").wait_for()
            assert page.get_by_text("answers 1").is_visible()
            assert page.get_by_text("thank <script>alert(1)</script> you").is_visible()
            assert axe(page) == []
            page.get_by_role("link", name="in the study").first.click()
            page.wait_for_load_state()
            assert page.get_by_text("Here is my cat").first.is_visible()
        with page_of(browser, jon_link) as page:
            page.goto(base + "/transcription")
            page.get_by_role("link", name="Paying my tax").click()
            page.get_by_role("button", name="It differs").wait_for()
            page.wait_for_load_state()  # the keys are there
            page.keyboard.press("x")
            page.get_by_role("alert").filter(has_text="say what differs").wait_for()
            page.get_by_role("heading", name="Second person's check").click()  # out of the field that was pointed at
            page.keyboard.press("a")
            page.get_by_text("jon: agrees").wait_for()
            page.goto(base + "/transcription")
            assert axe(page) == []
    (kept,) = transcriptions(study)
    assert (kept.by, kept.state, [one.answers for one in kept.content.comments]) == (MEI, "agrees", [0, 1])
    assert drafts(study.folder, actor=MEI) == []


def test_more_pictures_come_after_the_draft_is_kept(browser: Any, study: OpenStudy, tmp_path: Path) -> None:
    (tmp_path / "shot.png").write_bytes(screenshot())
    with served(study, MEI) as (link,), page_of(browser, link) as page:
        page.goto(link.split("/enter")[0] + "/transcription")
        page.get_by_role("button", name="Start typing").click()
        page.get_by_text("No picture lies beside this").wait_for()
        page.locator("form.sheet").get_by_label("Title").fill("typed just now")
        page.get_by_label("More pictures").set_input_files(tmp_path / "shot.png")
        page.get_by_role("button", name="Lay them here").click()
        page.locator(".canvas img").wait_for()
        assert page.locator("form.sheet").get_by_label("Title").input_value() == "typed just now"
        page.get_by_role("button", name="Take away picture 1").click()
        page.get_by_text("No picture lies beside this").wait_for()
    (held,) = drafts(study.folder, actor=MEI)
    assert (held.post.title, held.sources) == ("typed just now", ())
