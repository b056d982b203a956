"""The coding screen in Chromium: by keyboard alone, what stands on the record, and what a lost connection loses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.web.browsing import axe
from tests.web.making import JON, MEI, comment, post, round_of_two, served

from resilens.coding.rounds import freeze
from resilens.coding.spans import digest
from resilens.coding.threads import read_items
from resilens.pipeline import OpenStudy

pytestmark = pytest.mark.browser
ROUND = "round-1"


class Screen:
    """A coder's coding screen, and what the record has of it."""

    def __init__(self, study: OpenStudy, page: Any, base: str, coder: str) -> None:
        self.study, self.page, self.base, self.coder = study, page, base, coder
        self.troubles: list[str] = []
        page.on("console", lambda said: said.type in ("error", "warning") and self.troubles.append(said.text))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith((base, "blob:")) or self.troubles.append(asked.url))

    def open(self, item: str = "") -> Screen:
        self.page.goto(f"{self.base}/coding/{ROUND}" + (f"#{item}" if item else ""))
        self.page.wait_for_selector(".feed .item")
        return self

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def key(self, code_id: str) -> str:
        """The key of a code, as the codebook shows it."""
        return str(self.page.locator(f'[data-code="{code_id}"] kbd').inner_text())

    def saved(self) -> None:
        from playwright.sync_api import expect

        expect(self.page.locator(".saved")).to_have_text("saved", timeout=20_000)

    def at(self) -> str:
        return str(self.page.locator(".item[aria-current]").get_attribute("data-item"))

    def line(self) -> str:
        return str(self.page.locator(".line").inner_text())

    def recorded(self, *columns: str) -> list[tuple[Any, ...]]:
        """What stands on the record of this coder, in these columns."""
        rows = self.study.record.view("codings", round_id=ROUND, coder=self.coder)
        return sorted(tuple(row[name] for name in columns) for row in rows)


@pytest.fixture
def server(study: OpenStudy) -> Iterator[list[str]]:
    round_of_two(study, ROUND)
    with served(study, MEI, JON) as links:
        yield links


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    made = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def screen(study: OpenStudy, server: list[str], context: Any) -> Iterator[Screen]:
    """Mei's screen; at the end nothing was said on the console and nothing asked of another server."""
    page = context.new_page()
    page.goto(server[0])
    made = Screen(study, page, server[0].split("/enter/")[0], MEI)
    yield made
    assert made.troubles == []


# --- coding -----------------------------------------------------------------------------------------------------------


def test_ten_items_by_keyboard_alone(screen: Screen) -> None:
    welcome = screen.open().key("practice.welcome")
    coded = []
    for _ in range(5):
        coded.append(screen.at())
        screen.press(welcome, "Enter")
    for _ in range(5):
        coded.append(screen.at())
        screen.press("0", "j")
    screen.saved()
    assert len(set(coded)) == 10
    rows = dict(screen.recorded("item_id", "code_id"))
    assert rows == dict(zip(coded, ["practice.welcome"] * 5 + [""] * 5, strict=True))
    assert "10 read" in screen.page.locator("#coding-bar").inner_text()
    screen.press("k", "0", welcome)  # back again: no longer "nothing applies", but a code
    screen.saved()
    assert dict(screen.recorded("item_id", "code_id"))[coded[-1]] == "practice.welcome"
    screen.press(welcome)  # and off again
    screen.saved()
    assert coded[-1] not in dict(screen.recorded("item_id", "code_id"))


def test_spans_by_words_and_characters_are_code_points(screen: Screen) -> None:
    humour = screen.open(post(1)).key("affect.humour")
    welcome, text = screen.key("practice.welcome"), "Paying my cat tax 🐈 and 👩‍👩‍👧 say hello #tiktokrefugee"
    screen.press("v", *["ArrowRight"] * 2, *["Shift+ArrowRight"] * 2, humour)  # cat tax 🐈
    screen.press(*["ArrowRight"] * 2, humour)  # the family is one character
    screen.press("Shift+ArrowLeft", "Shift+ArrowLeft", welcome)  # drawn out backward: it overlaps both
    screen.press("Alt+ArrowRight", "Shift+Alt+ArrowRight", welcome, "Escape")  # from the end that moved
    screen.saved()
    spans = [(code, text[start:end]) for code, start, end in screen.recorded("code_id", "start", "end")]
    assert sorted(spans) == [
        ("affect.humour", "cat tax 🐈"),
        ("affect.humour", "👩‍👩‍👧"),
        ("practice.welcome", "an"),
        ("practice.welcome", "🐈 and 👩‍👩‍👧"),
    ]
    lanes = screen.page.evaluate(
        "[...CSS.highlights.keys()].filter((name) => /^code-/.test(name)).map((name) => name.at(-1)).sort()"
    )
    assert lanes == ["0", "0", "1"]  # names: humour in the first lane, welcome in the first and second
    screen.press("u", "u", "u", "u")
    screen.saved()
    assert screen.recorded("code_id") == []


def test_spans_in_any_script(screen: Screen) -> None:
    cases = {
        comment(1): (["ArrowRight", "Shift+ArrowRight"], "！税"),
        comment(4): (["End", "Shift+ArrowLeft"], "十块钱 RMB"),
        comment(7): (["ArrowLeft"], "وسهلا"),  # in Arabic the left arrow leads onward
        comment(8): (["Alt+ArrowRight"], "👍🏽"),  # hand and skin are one character
        comment(9): (["ArrowRight", "ArrowUp"], "friends across the sea 🌊"),  # a sentence
    }
    welcome = screen.open().key("practice.welcome")
    for item, (steps, _) in cases.items():
        screen.page.evaluate("(item) => { location.hash = encodeURIComponent(item); }", item)
        screen.page.wait_for_selector(f'[data-item="{item}"][aria-current]')
        screen.press("v", *steps, welcome, "Escape")
    screen.saved()
    with screen.study.corpus() as corpus:
        items = read_items(corpus, list(cases))
    marked = {item: items[item].text[start:end] for item, start, end in screen.recorded("item_id", "start", "end")}
    assert marked == {item: words for item, (_, words) in cases.items()}
    digests = {item: digest(items[item].text) for item in cases}
    assert dict(screen.recorded("item_id", "text_sha256")) == digests


def test_combining_marks_stay_with_their_letter(screen: Screen) -> None:
    welcome = screen.open(post(3)).key("practice.welcome")
    screen.press("v", *["Shift+ArrowLeft"] * 3, "Escape", "v", welcome, "Escape")
    text = "مرحبا بكم cafe\u0301 你好 #tiktokrefugee"
    screen.press("v", "Home", *["ArrowLeft"] * 2, welcome, *["ArrowLeft"] * 1, welcome, "Escape")
    screen.saved()
    found = {text[start:end] for start, end in screen.recorded("start", "end")}
    assert {"مرحبا", "cafe\u0301", "你好"} == found


def test_the_mouse_marks_spans_and_regions_too(screen: Screen) -> None:
    welcome = screen.open(post(1)).key("practice.welcome")
    page = screen.page
    box = page.locator('[data-field="text"]').first.bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 52, box["y"] + 12, steps=4)
    page.mouse.up()
    page.wait_for_selector(".line.active")
    screen.press(welcome, "Escape")
    picture = page.locator(".pictures svg").first.bounding_box()
    page.mouse.move(picture["x"] + 20, picture["y"] + 30)
    page.mouse.down()
    page.mouse.move(picture["x"] + 120, picture["y"] + 110, steps=4)
    page.mouse.up()
    screen.press(welcome)
    screen.saved()
    rows = screen.recorded("field", "start", "end", "x", "y", "w", "h")
    assert rows[0] == ("", None, None, 20, 30, 100, 80)
    assert rows[1][0] == "text"
    assert rows[1][1] == 0
    assert 3 <= rows[1][2] <= 9
    page.locator('[data-code="practice.welcome"]').click()  # pressed: a click takes it off the region
    screen.saved()
    assert len(screen.recorded("code_id")) == 1


def test_a_region_by_keys_in_original_pixels(screen: Screen) -> None:
    welcome = screen.open(post(1)).key("practice.welcome")
    screen.press("r", "ArrowRight", "Alt+ArrowDown", "Shift+ArrowUp", "Shift+Alt+ArrowRight", welcome)
    screen.saved()
    assert screen.recorded("x", "y", "w", "h") == [(78, 49, 97, 58)]
    screen.press(*["ArrowLeft"] * 40, *["Shift+ArrowDown"] * 40, welcome)  # never out of the picture
    screen.saved()
    assert screen.recorded("x", "y", "w", "h") == [(0, 49, 97, 111), (78, 49, 97, 58)]


def test_a_relation_to_a_second_item(screen: Screen) -> None:
    compares = screen.open(comment(2)).key("relation.compares-with")
    screen.press(compares, "k", "Enter")
    screen.saved()
    assert screen.recorded("item_id", "code_id", "second_item") == [
        (comment(2), "relation.compares-with", comment(1)),
    ]
    screen.press(compares)
    screen.page.locator(f'[data-item="{comment(3)}"] .text').click()
    screen.press("Enter", compares, "k", "Enter")  # a second one is set, the first taken off
    screen.saved()
    assert screen.recorded("second_item") == [(comment(3),)]


def test_memos_of_items_and_codings(screen: Screen) -> None:
    welcome = screen.open(comment(1)).key("practice.welcome")
    screen.press("m")
    screen.page.keyboard.type("Who is 'we' here? jk0")
    screen.press("Escape", "m")  # closed by mistake: what was typed is kept
    screen.press("Control+Enter", "v", welcome, "m")
    screen.page.keyboard.type("In the office's own words")
    screen.press("Control+Enter")
    screen.saved()
    assert [row["text"] for row in screen.study.record.view("memos")] == ["Who is 'we' here? jk0"]
    assert screen.recorded("memo", "start") == [("In the office's own words", 0)]
    assert "Who is 'we'" in screen.page.locator(".note").inner_text()


def test_a_group_is_overruled_with_a_reason(screen: Screen) -> None:
    screen.open(comment(2))
    screen.press("g")
    form = screen.page.locator("form.editor")
    form.locator("select").first.select_option("refugees")
    form.locator("textarea").fill("says so in another comment")
    form.locator("button.primary").click()
    screen.saved()
    [row] = screen.study.record.view("groups")
    assert (row["group"], row["reason"]) == ("refugees", "says so in another comment")
    assert "refugees" in screen.page.locator(f'[data-item="{comment(2)}"] header').inner_text()


def test_definitions_and_the_filter_by_keys(screen: Screen) -> None:
    screen.open(comment(1))
    screen.press("Space", screen.key("practice.receipt"))
    assert "Tax receipt" in screen.page.locator(".definition").inner_text()
    assert screen.recorded("code_id") == []
    screen.press("/")
    screen.page.keyboard.type("accounts of health")
    assert screen.page.locator("button.code:visible").count() == 1
    screen.press("Enter")  # a code without a key is reached so
    screen.saved()
    assert screen.recorded("code_id") == [("practice.duizhang.health",)]
    assert screen.at() == comment(1)
    screen.press("j")
    assert screen.at() == comment(2)


def test_a_chip_is_taken_off_and_taken_in_hand(screen: Screen) -> None:
    welcome = screen.open(comment(1)).key("practice.welcome")
    screen.press("v", welcome, "Escape", "Tab", "Enter")
    assert "欢迎" in screen.line()
    screen.press(screen.key("affect.humour"), "Escape")
    screen.page.locator(".mark button", has_text="Welcome").focus()
    screen.press("Delete")
    screen.saved()
    assert screen.recorded("code_id", "start", "end") == [("affect.humour", 0, 2)]


# --- what a lost connection loses -------------------------------------------------------------------------------------


def test_nothing_is_lost_while_there_is_no_connection(screen: Screen, context: Any) -> None:
    welcome = screen.open().key("practice.welcome")
    context.set_offline(True)
    screen.press(welcome, "j", welcome, "j", "0")
    screen.page.wait_for_selector(".saved.bad")
    said = screen.page.locator(".saved").inner_text()
    assert "NOT SAVED" in said
    assert "3 acts kept here" in said
    assert screen.recorded("code_id") == []
    screen.press("u")  # undone before it was ever sent
    context.set_offline(False)
    screen.saved()
    assert [code for (code,) in screen.recorded("code_id")] == ["practice.welcome"] * 2
    screen.troubles[:] = [said for said in screen.troubles if "ERR_INTERNET_DISCONNECTED" not in said]


def test_acts_survive_a_reload_and_a_server_that_was_started_anew(study: OpenStudy, context: Any) -> None:
    round_of_two(study, ROUND)
    page = context.new_page()
    with served(study, MEI) as [link]:
        page.goto(link)
        port = int(link.split(":")[2].split("/")[0])
        screen = Screen(study, page, link.split("/enter/")[0], MEI).open()
        welcome = screen.key("practice.welcome")
    screen.press(welcome, "j", welcome)
    page.wait_for_selector(".saved.bad")
    assert screen.recorded("code_id") == []
    with served(study, MEI, port=port):
        screen.open(comment(3))  # a reload: the acts are still kept
        screen.press(welcome)
        screen.saved()
    assert len(screen.recorded("code_id")) == 3


def test_two_tabs_keep_each_others_acts(screen: Screen, context: Any) -> None:
    welcome = screen.open(comment(1)).key("practice.welcome")
    page = context.new_page()
    other = Screen(screen.study, page, screen.base, MEI).open(comment(2))
    context.set_offline(True)
    screen.press(welcome)
    other.press(welcome, "j", "0")
    context.set_offline(False)
    other.saved()
    screen.saved()
    assert len(screen.recorded("item_id")) == 3
    screen.page.wait_for_selector(f'[data-item="{comment(2)}"] .mark')  # told by the other tab
    screen.troubles[:] = []


def test_who_is_no_longer_signed_in_keeps_what_was_done(screen: Screen, context: Any) -> None:
    welcome = screen.open().key("practice.welcome")
    kept = context.cookies()
    context.clear_cookies()
    screen.press(welcome)
    screen.page.wait_for_selector(".saved.bad")
    assert "open your link again" in screen.page.locator(".saved").inner_text()
    context.add_cookies(kept)
    screen.page.locator(".saved").click()
    screen.saved()
    assert screen.recorded("code_id") == [("practice.welcome",)]
    screen.troubles[:] = [said for said in screen.troubles if "401" not in said]


def test_a_tab_of_another_build_is_told_to_reload_and_loses_nothing(screen: Screen) -> None:
    welcome = screen.open().key("practice.welcome")
    screen.page.route("**/acts?v=*", lambda route: route.continue_(url=re.sub(r"v=\w+", "v=old", route.request.url)))
    screen.press(welcome)
    screen.page.wait_for_selector(".saved.bad")
    assert "reload" in screen.page.locator(".saved").inner_text()
    screen.page.unroute("**/acts?v=*")
    screen.page.locator(".saved").click()
    screen.saved()
    assert screen.recorded("code_id") == [("practice.welcome",)]
    screen.troubles[:] = [said for said in screen.troubles if "409" not in said]


def test_what_is_refused_is_said_and_kept(screen: Screen) -> None:
    welcome = screen.open().key("practice.welcome")
    freeze(screen.study.record, ROUND, MEI)
    screen.press(welcome)
    screen.page.wait_for_selector(".saved.bad")
    screen.page.locator(".saved").click()
    assert "frozen" in screen.page.locator("#coding-refused").inner_text()
    screen.page.get_by_role("button", name="Put aside").click()
    screen.saved()


# --- others -----------------------------------------------------------------------------------------------------------


def test_an_independent_round_says_nothing_of_others(study: OpenStudy, server: list[str], browser: Any) -> None:
    base, seen = server[0].split("/enter/")[0], []
    hers, his = (browser.new_context(locale="en-GB") for _ in range(2))
    hers.new_page().goto(server[0])
    page = his.new_page()
    page.goto(server[1])
    for jon_codes in (False, True):
        if jon_codes:
            jon = Screen(study, page, base, JON).open(comment(1))
            jon.press(jon.key("practice.welcome"), "m")
            page.keyboard.type("jon's own")
            page.keyboard.press("Control+Enter")
            jon.saved()
        mei = Screen(study, hers.new_page(), base, MEI).open(comment(1))
        mei.page.wait_for_selector(f'[data-item="{comment(2)}"]')
        seen.append(mei.page.locator("body").inner_html())
    hers.close()
    his.close()
    assert seen[0] == seen[1]


def test_a_joint_round_shows_arguments_and_changes_of_mind(study: OpenStudy, context: Any, browser: Any) -> None:
    round_of_two(study, ROUND, "joint")
    with served(study, MEI, JON) as links:
        base = links[0].split("/enter/")[0]
        page, second = context.new_page(), browser.new_context(locale="en-GB")
        page.goto(links[0])
        mei = Screen(study, page, base, MEI).open(comment(1))
        mei.press(mei.key("practice.welcome"))
        page.get_by_role("button", name=re.compile("argue")).click()
        page.keyboard.type("It greets the newcomer.")
        page.keyboard.press("Control+Enter")
        mei.saved()
        theirs = second.new_page()
        theirs.goto(links[1])
        jon = Screen(study, theirs, base, JON).open(comment(1))
        item = theirs.locator(f'[data-item="{comment(1)}"]')
        assert "Welcome mei" in item.locator(".mark.others").inner_text()
        assert "It greets the newcomer." in item.locator(".note.argument").inner_text()
        theirs.get_by_role("button", name=re.compile("argue")).click()
        theirs.keyboard.type("So it does; I had read the stamp only.")
        theirs.get_by_label("I have changed my mind").check()
        theirs.keyboard.press("Control+Enter")
        jon.saved()
        second.close()
    types = {row["type"]: row["actor"] for row in study.record.view("memos")}
    assert types == {"argument": MEI, "change_of_mind": JON}


# --- looks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "locale", "width", "height"),
    [("light", "en-GB", 1024, 768), ("dark", "zh-CN", 1280, 800), ("light", "en-GB", 512, 384)],
    ids=["light", "dark-zh", "zoomed"],
)
def test_axe_finds_nothing_serious(
    study: OpenStudy, server: list[str], browser: Any, scheme: str, locale: str, width: int, height: int
) -> None:
    context = browser.new_context(color_scheme=scheme, locale=locale, viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(server[0])
    screen = Screen(study, page, server[0].split("/enter/")[0], MEI).open(post(1))
    welcome = screen.key("practice.welcome")
    screen.press(welcome, "v", "Shift+ArrowRight", welcome, "r", welcome, "Escape", "j", "0", "m")
    for key in ("", "Escape", "?"):
        screen.press(*[key] if key else [])
        assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_the_codebook_never_scrolls_the_thread(screen: Screen) -> None:
    screen.open()
    page = screen.page
    page.set_viewport_size({"width": 1024, "height": 480})
    page.locator(".facets").hover()
    page.mouse.wheel(0, 5000)
    page.wait_for_timeout(200)
    assert page.locator(".facets").evaluate("(list) => list.scrollTop") > 0
    page.mouse.wheel(0, 5000)
    page.wait_for_timeout(100)
    assert page.locator(".feed").evaluate("(feed) => feed.scrollTop") == 0
    assert page.evaluate("scrollY") == 0
