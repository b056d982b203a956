"""The whole way in Chromium by keyboard alone: two coders code blind, freeze, reveal, resolve, retire a code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.making import JON, MEI, served

from resilens.coding.codings import final, read_items
from resilens.coding.rounds import round_of
from resilens.pipeline import OpenStudy

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
ROUND = "round-1"
ITEMS = 10


class Person:
    """Somebody at a browser who has a keyboard and nothing else."""

    def __init__(self, browser: Browser, link: str) -> None:
        self.context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="en-GB")
        self.page: Page = self.context.new_page()
        self.base = link.split("/enter/")[0]
        self.troubles: list[str] = []
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.troubles.append(said.text))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", lambda asked: asked.url.startswith(self.base) or self.troubles.append(asked.url))
        self.page.goto(link)

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def press_on(self, key: str, leads_to: str) -> None:
        """Press a key that leads to another page."""
        self.page.keyboard.press(key)
        self.page.wait_for_url(f"{self.base}{leads_to}")
        self.page.wait_for_load_state("load")

    def submit(self, key: str) -> None:
        """Press a key that sends a form; the page comes again."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def tab_to(self, words: str, key: str = "Tab") -> None:
        """Press Tab, or Shift and Tab, until the focus is on what bears these words."""
        for _ in range(60):
            self.page.keyboard.press(key)
            if words in str(self.page.evaluate("document.activeElement.innerText ?? ''")):
                return
        raise AssertionError(f"no Tab leads to {words!r}")

    def key_of(self, code_id: str) -> str:
        return str(self.page.locator(f'[data-code="{code_id}"] kbd').inner_text())

    def saved(self) -> None:
        from playwright.sync_api import expect

        expect(self.page.locator(".saved")).to_have_text("saved", timeout=20_000)


@pytest.fixture
def two(study: OpenStudy, browser: Any) -> Iterator[tuple[Person, Person]]:
    with served(study, MEI, JON) as (mei, jon):
        people = Person(browser, mei), Person(browser, jon)
        yield people
        for person in people:
            person.context.close()
            assert person.troubles == []


def code_ten(person: Person, codes: list[str]) -> None:
    """Begin from the study's page, give each of ten items a code, and see that nothing applies to the last two."""
    person.go("/")
    person.press_on("Enter", "/coding")
    person.press_on("Enter", f"/coding/{ROUND}**")
    person.page.wait_for_selector(".feed .item")
    for code in codes:
        person.press(person.key_of(code), "Enter")
    person.press("0", "Enter", "0")
    person.saved()


def test_the_whole_way_by_keyboard(study: OpenStudy, two: tuple[Person, Person]) -> None:
    mei, jon = two
    book = study.codebook()
    welcome, receipt = ("practice.welcome", next(code.id for code in book.codes if code.role == "receipt"))

    mei.go("/rounds")
    mei.press_on("n", "/rounds/-/new")
    mei.tab_to("Open it")
    mei.press_on("Enter", "/rounds")

    code_ten(mei, [welcome] * ITEMS)
    code_ten(jon, [welcome] * (ITEMS - 2) + [receipt] * 2)
    assert len(read_items(study.record, ROUND, JON)) == ITEMS + 2
    for _ in range(2):  # two steps back, and done again
        jon.press("u")
        jon.saved()
    assert len(read_items(study.record, ROUND, JON)) == ITEMS
    jon.press("Enter", "0", "Enter", "0")
    jon.saved()
    assert len(read_items(study.record, ROUND, JON)) == ITEMS + 2
    for person in two:
        person.tab_to("I have read it to the end", "Shift+Tab")
        person.press("Enter")
        person.saved()

    jon.go("/consensus")
    assert ROUND in jon.page.inner_text("main")
    jon.go(f"/rounds/{ROUND}")
    jon.press("f")  # not for him
    assert round_of(study.record, ROUND).state == "open"
    mei.go(f"/rounds/{ROUND}")
    assert "Not done yet" not in mei.page.inner_text("main")
    mei.submit("f")
    assert round_of(study.record, ROUND).state == "frozen"
    mei.press_on("a", f"/agreement/{ROUND}")
    assert "Krippendorff" in mei.page.inner_text("main")
    mei.go(f"/rounds/{ROUND}")
    mei.submit("r")
    assert round_of(study.record, ROUND).state == "revealed"

    before = study.record.view("codings")
    jon.go("/consensus")
    jon.press_on("Enter", f"/consensus/{ROUND}")
    while jon.page.locator("[data-key=Enter]").count():
        jon.press_on("Enter", f"/consensus/{ROUND}/**")
        jon.press("1")
        jon.submit("m")
        jon.go(f"/consensus/{ROUND}")
    assert study.record.view("codings") == before
    assert final(study.record).unresolved.num_rows == 0

    mei.go(f"/codebook/{receipt}")
    mei.press_on("x", f"/codebook/{receipt}/retire**")
    mei.page.keyboard.type("welcome says it all")
    mei.submit("Enter")
    assert not study.codebook().code(receipt).active
    assert study.record.view("codings") == before
