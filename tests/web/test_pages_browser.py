"""Every page in a real browser: no script of others, no request elsewhere, no error, nothing too wide; axe agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.web.browsing import axe, page_of
from tests.web.making import MEI, client, served
from tests.web.routes import addresses, routes_of, values
from tests.web.test_hostile import HOSTILE, coded, filled, forms, pages

from resilens.pipeline import OpenStudy

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["coded"]



def html_pages(opened: OpenStudy) -> list[str]:
    """The addresses of all pages that are read by people."""
    visitor, known = client(opened, MEI), values(opened)
    found = []
    for route in routes_of(visitor):
        if "GET" in route.methods and not route.path.startswith(("/enter", "/language", "/api")):
            for path in addresses(known, route):
                answer = visitor.get(path)
                if answer.status_code == 200 and "html" in answer.headers["content-type"]:
                    found.append(path)
    return found


@pytest.mark.browser
def test_every_page_keeps_to_itself_at_any_width(coded: OpenStudy, browser: Browser) -> None:
    visitor = client(coded, MEI)
    for _, page in list(pages(coded, visitor)):
        for form in forms(page):
            visitor.post(form.action, data=filled(form, HOSTILE), headers={"X-Resilens-Script": "1"})
    paths = html_pages(coded)
    assert len(paths) > 10
    with served(coded, MEI) as (link,):
        origin = link.split("/enter")[0]
        context = browser.new_context()
        said: list[str] = []
        asked: list[str] = []
        context.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        context.on("weberror", lambda error: said.append(f"error: {error.error}"))
        context.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.goto(link)
        wide: list[str] = []
        for path in paths:
            # 1024 px, and what is left of 1280 px at 200 % zoom
            for width in (1024, 640):
                page.set_viewport_size({"width": width, "height": 800})
                if width == 1024:
                    page.goto(origin + path)
                over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if over > 1:
                    wide.append(f"{path} at {width} px: {over} px too wide")
        context.close()
    assert [one for one in said if not one.startswith(("debug", "info"))] == []
    assert [url for url in asked if not url.startswith((origin, "data:", "blob:"))] == []
    assert wide == []


@pytest.mark.browser
def test_axe_finds_nothing_serious_on_any_page(coded: OpenStudy, browser: Browser) -> None:
    found: dict[str, list[str]] = {}
    with served(coded, MEI) as (link,), page_of(browser, link) as page:
        for path in html_pages(coded):
            page.goto(link.split("/enter")[0] + path)
            if bad := axe(page):
                found[path] = bad
    assert found == {}
