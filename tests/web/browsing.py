"""What every test in Chromium needs: a page that is signed in and watched, and axe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import REQUIRED

AXE = Path(__file__).parents[2] / "island" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")


@contextmanager
def page_of(browser: Any, link: str, width: int = 1280, **how: Any) -> Iterator[Any]:
    """A page that is signed in; nothing is wrong on its console, and nothing asked of any other server."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **how)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    ours = link.split("/enter")[0]
    page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith((ours, "data:")) else None)
    page.goto(link)
    yield page
    assert [one for one in wrong if "422" not in one] == []
    context.close()


def axe(page: Any) -> list[str]:
    """What axe finds serious on the page.

    The script goes in by the debugger, which the policy of the page does not bind; no script of the page can do so.
    """
    if not AXE.exists() and "node" not in REQUIRED:
        pytest.skip("axe is not here: npm ci in island/ brings it")
    page.evaluate(AXE.read_text("utf-8") + "; 0")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in SERIOUS]
