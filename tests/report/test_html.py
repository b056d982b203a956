"""The page: well-formed, whole, quiet towards the network, the same every time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest

from resilens.report.build import report_of
from resilens.report.html import render, text
from resilens.report.method_facts import MethodFacts
from resilens.report.model import Code, Link, Missing, Paragraph, Report, Section

VOID = {"meta", "link", "wbr", "br", "img", "hr"}


class Page(HTMLParser):
    """Reads a page and complains of tags that do not match."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.headings: list[int] = []
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(str(given["href"]))
        elif given.get("href") or given.get("src") or given.get("xlink:href"):
            self.loads.append(str(given.get("href") or given.get("src") or given.get("xlink:href")))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(params=["full", "empty", "plates", "hostile"])
def each(request: pytest.FixtureRequest, files: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    return files[request.param]


def test_the_page_is_well_formed_and_every_link_inside_it_resolves(each: dict[str, bytes]) -> None:
    page = Page(each["index.html"].decode())
    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        assert link[1:] in page.ids if link.startswith("#") else link in each
    assert all(deeper <= above + 1 for above, deeper in zip(page.headings, page.headings[1:], strict=False))


def test_nothing_is_loaded_from_outside(each: dict[str, bytes]) -> None:
    source = each["index.html"].decode()
    page = Page(source)
    assert all(address.startswith(("data:", "#")) for address in page.loads)
    assert not [link for link in page.links if "//" in link]
    assert not re.search(r"url\((?!#)|@import|<script|<iframe", source)
    assert "default-src 'none'" in source


def test_the_same_report_gives_the_same_bytes(full_facts: MethodFacts, rendered: dict[str, dict[str, bytes]]) -> None:
    assert render(report_of(full_facts)) == rendered["full"]


def test_files_beside_the_page(rendered: dict[str, dict[str, bytes]]) -> None:
    files = rendered["full"]
    assert files["tables/quotas.csv"].decode().splitlines()[3].startswith("#cattax,46225000,0.877")
    ElementTree.fromstring(files["figures/volume.svg"])
    assert files["figures/volume.csv"].startswith(b"series,day,items\n")
    assert b"SYNTHETIC" in files["figures/volume.svg"]


def test_synthetic_shows_on_the_page_in_its_title_and_on_paper(rendered: dict[str, dict[str, bytes]]) -> None:
    source = rendered["full"]["index.html"].decode()
    assert "<title>SYNTHETIC: " in source
    assert '<p class="synthetic" role="note"><strong>SYNTHETIC</strong>' in source
    assert '@top-center { content: "SYNTHETIC"' in source
    assert "SYNTHETIC" not in rendered["empty"]["index.html"].decode()


def test_what_people_wrote_is_text_and_never_markup() -> None:
    nasty = '<script>alert("x")</script>&amp;'
    section = Section("s", nasty, (Paragraph((nasty, Link(nasty, "s"), Code(nasty), Missing(nasty))),))
    source = render(Report(nasty, nasty, False, (section,), nasty))["index.html"].decode()
    assert "<script" not in source
    assert source.count("&lt;script&gt;") >= 6
    Page(source)


def test_chinese_is_marked_as_chinese_and_japanese_is_not() -> None:
    assert text("#猫税 (cat tax)") == '#<span lang="zh">猫税</span> (cat tax)'
    assert text("“对账，对账”") == '“<span lang="zh">对账，对账</span>”'
    assert "lang" not in text("猫の税")
    assert text("1 < 2") == "1 &lt; 2"


def test_a_date_does_not_break_across_lines() -> None:
    assert text("from 9 January to 8 March 2025") == "from 9\u00a0January to 8\u00a0March 2025"


def test_missing_things_stand_out(rendered: dict[str, dict[str, bytes]]) -> None:
    source = rendered["empty"]["index.html"].decode()
    assert '<mark class="missing">not stated in study.toml: <code>ethics.approval</code></mark>' in source


def test_an_item_is_shown_as_far_as_it_may_be(files: dict[str, dict[str, bytes]]) -> None:
    source = files["plates"]["index.html"].decode()
    assert '<article class="plate" id="item-e1" aria-label="E1">' in source
    assert '<blockquote class="words"><p dir="ltr"><span lang="zh">欢迎！税已收到</span> 🐈<br>\n[doge]</p>' in source
    assert "<footer>Translation: DeepL, accepted by coder A.</footer></blockquote>" in source
    assert 'alt="A cat on a sofa; a face is covered."' in source
    assert '<p dir="rtl">' in source
    assert source.count('href="#claim-1">the claim</a>') == 3
    assert 'href="#item-e1">E1</a>' in source


def test_what_no_page_can_hold_is_named(files: dict[str, dict[str, bytes]]) -> None:
    source = files["hostile"]["index.html"].decode()
    assert "a[U+0000]b[U+000B]c[U+FFFE]" in source
    assert "[U+202E]evil[U+202C]" in source
    assert not re.search("[\x00-\x08\x0b\u202e\u2066\ufffe]", source)
    assert "𓀀" in source
