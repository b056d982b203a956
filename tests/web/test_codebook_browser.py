"""In a real Chromium, by keyboard alone: a definition is changed, its difference read, a code retired, work seen."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.browsing import axe, page_of
from tests.web.making import JON, MEI, post, round_of_two, served

from resilens.coding import codebook_editing as editing
from resilens.coding.codebook import latest, versions
from resilens.pipeline import OpenStudy
from resilens.record.events import Draft

pytestmark = pytest.mark.browser

WELCOME = "practice.welcome"


def goes(page: Any, key: str, path: str) -> None:
    """Press a key that leads to a page."""
    page.keyboard.press(key)
    page.wait_for_url(f"**{path}")


def tab_to(page: Any, name: str) -> None:
    """Press Tab until the field of that name, or the button of that text, has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()") == name:
            return
    pytest.fail(f"no {name} within reach of Tab")


def test_a_definition_is_changed_and_a_code_retired_by_keyboard(study: OpenStudy, browser: Any) -> None:
    round_of_two(study)
    for coder in (MEI, JON):
        body = {"item_id": post(1), "code_id": WELCOME}
        study.record.append(Draft("coding.set", post(1), body, coder, "human", "round-1", 1))
    with served(study, MEI) as links, page_of(browser, links[0]) as page:
        page.goto(f"{links[0].split('/enter')[0]}/codebook/{WELCOME}?back=/coding/round-1")
        goes(page, "e", "/edit?back=%2Fcoding%2Fround-1")
        assert "mei, round-1: 1" in page.locator(".touches").inner_text()
        page.keyboard.press("d")
        page.keyboard.press("Control+End")
        page.keyboard.type(" A smile is enough.")
        tab_to(page, "Save")
        page.keyboard.press("Enter")
        assert "say why" in page.locator("form .faults").inner_text(), "refused in the form, nothing lost"
        assert page.locator("textarea[name=definition]").input_value().endswith(" A smile is enough.")
        page.locator("textarea[name=definition]").focus()
        tab_to(page, "reason")
        page.keyboard.type("smiles were coded already")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/codebook/{WELCOME}?back=%2Fcoding%2Fround-1")
        assert page.locator(".steps ins").first.inner_text().strip() == "A smile is enough."
        assert "smiles were coded already" in page.locator(".steps").inner_text()
        goes(page, "x", "/retire?back=%2Fcoding%2Fround-1")
        page.keyboard.type("hardly told from thanks")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/codebook/{WELCOME}?back=%2Fcoding%2Fround-1")
        assert page.locator(".state").first.inner_text().startswith("Retired")
        page.goto(page.url.split("/codebook")[0] + "/codebook")
        goes(page, "l", "/codebook/-/worklist")
        rows = page.locator("tbody tr").all_inner_texts()
        assert len(rows) == 1
        assert "mei" in rows[0]
        goes(page, "Enter", "due=true")
        goes(page, "Enter", f"/coding/round-1#{post(1)}")
    assert [version.reason for version in versions(study.record)][1:] == ["smiles were coded already",
                                                                           "hardly told from thanks"]  # fmt: skip


def test_whoever_is_told_of_a_change_meanwhile_saves_again_and_loses_nothing(study: OpenStudy, browser: Any) -> None:
    with served(study, MEI) as links, page_of(browser, links[0]) as page:
        page.goto(f"{links[0].split('/enter')[0]}/codebook/{WELCOME}/rename")
        now = latest(study.record)
        assert now is not None
        other = editing.renamed(now.codebook, "practice.thanks", "Gratitude shown")
        editing.keep(study.folder.root, study.record, other, based_on=now.number, actor=JON)
        page.locator("input[name=name]").fill("Hello")
        page.keyboard.press("Enter")
        page.wait_for_selector("form .faults")
        assert "jon changed the codebook meanwhile" in page.locator("form .faults").inner_text()
        page.locator("input[name=name]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/codebook/{WELCOME}")
    names = [study.codebook().code(code).name for code in (WELCOME, "practice.thanks")]
    assert names == ["Hello", "Gratitude shown"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(study: OpenStudy, browser: Any, scheme: str) -> None:
    round_of_two(study)
    body = {"item_id": post(1), "code_id": WELCOME}
    study.record.append(Draft("coding.set", post(1), body, MEI, "human", "round-1", 1))
    now = latest(study.record)
    assert now is not None
    editing.keep(study.folder.root, study.record, editing.retired(now.codebook, WELCOME), based_on=1, actor=MEI,
                 reason="to see it retired")  # fmt: skip
    paths = ("", "/-/history", "/-/history?earlier=1&later=2", "/-/worklist", "/-/new", "/-/facet?id=practice",
             f"/{WELCOME}", f"/{WELCOME}/edit", f"/{WELCOME}/retire", "/practice.art/merge?into=practice.thanks",
             "/practice.art/split", f"/{WELCOME}/items?round_id=round-1&coder=mei")  # fmt: skip
    with served(study, MEI) as links, page_of(browser, links[0], 1024) as page:
        page.emulate_media(color_scheme=scheme)
        for path in paths:
            page.goto(f"{links[0].split('/enter')[0]}/codebook{path}")
            assert (path, axe(page)) == (path, [])
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wide, f"{path} is wider than the window"
