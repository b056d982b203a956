"""Hostile text in every field of every form: nothing of it is markup anywhere, and nothing breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient
from tests.web.filled import fill
from tests.web.making import MEI, client, post, round_of_two, study
from tests.web.routes import addresses, routes_of, values
from tests.web.test_blindness import at_work

from resilens.coding.rounds import freeze, reveal
from resilens.coding.working import set_code
from resilens.pipeline import OpenStudy

pytestmark = pytest.mark.slow
TAG = "evilelement"
HOSTILE = f"\"'></textarea></title><{TAG} onload=alert(1)>{{{{7*7}}}}\u202e\u2066\u0000\ud83d\ude48".encode(
    "utf-16", "surrogatepass"
).decode("utf-16")
LONG = "长" * 100_000
_TEXTS = ["text", "search", "url", "textarea"]


def pages(opened: OpenStudy, visitor: TestClient) -> Iterator[tuple[str, Any]]:
    """Every page of the workbench, with its address."""
    known = values(opened)
    for route in routes_of(visitor):
        if "GET" in route.methods and not route.path.startswith(("/enter", "/language")):
            for path in addresses(known, route):
                yield path, visitor.get(path)


def forms(page: Any) -> list[Any]:
    if "html" not in page.headers.get("content-type", ""):
        return []
    return [form for form in html.fromstring(page.content).forms if form.method == "POST"]


def filled(form: Any, words: str) -> dict[str, Any]:
    """What a browser would send, with the words in every field that takes text."""
    content = dict(form.form_values())
    for field in form.inputs:
        kind = "textarea" if field.tag == "textarea" else field.get("type", "text")
        if field.tag in ("input", "textarea") and field.name and kind in _TEXTS:
            content[field.name] = words
    return content


@pytest.fixture
def coded(tmp_path: Path) -> Iterator[OpenStudy]:
    with study(tmp_path) as opened:
        round_of_two(opened)
        fill(opened)
        code = next(code.id for code in opened.codebook().codes if not code.second_item)
        set_code(at_work(opened, MEI), {"item_id": post(1), "code_id": code}, HOSTILE.replace("\0", ""))
        freeze(opened.record, "round-1", MEI)
        reveal(opened.record, "round-1", MEI)
        yield opened


def test_no_field_lets_markup_through(coded: OpenStudy) -> None:
    visitor = client(coded, MEI)
    sent = accepted = 0
    for _, page in list(pages(coded, visitor)):
        for form in forms(page):
            for words in (HOSTILE, LONG):
                answer = visitor.post(form.action, data=filled(form, words), follow_redirects=False,
                                      headers={"X-Resilens-Script": "1"})  # fmt: skip
                assert answer.status_code < 500, f"{form.action}: {answer.text[:300]}"
                sent += 1
                accepted += answer.status_code < 400
    for path, page in pages(coded, visitor):
        assert page.status_code < 500, path
        if "html" in page.headers.get("content-type", ""):
            assert f"<{TAG}" not in page.text, path
            assert "49\u202e" not in page.text, path  # nobody took {{7*7}} for a template
            inline = "'sha256-" in page.headers["content-security-policy"]  # the report allows its own style, by hash
            assert inline or not re.search(r"<(script|style)(?![^>]*\bsrc=)[^>]*>", page.text), path
            assert not html.fromstring(page.content).xpath("//@style | //@onclick | //@onload"), path
    print(f"\nhostile text in {sent} forms, {accepted} of them took it")
    assert coded.record.verify(views=True).sound
