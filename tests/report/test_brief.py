"""The study on a page, and the appendix that says what each code meant."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from tests.report.conftest import full
from tests.report.test_claims import TOLD, part

from resilens.report.brief import brief_section
from resilens.report.build import report_of
from resilens.report.codebook import codebook_section
from resilens.report.html import render
from resilens.report.method_facts import Codebook, CodebookVersion, CodeEntry, MethodFacts

BOOK = Codebook(2, (("Practice", 2),), (
    CodeEntry("practice.tribute", "Practice", "Tribute", "交税", definition="A gift at the door.", role="tribute"),
    CodeEntry("practice.tribute.cat", "Practice", "Cat tax", within="Tribute", status="retired, now Tribute"),
), (
    CodebookVersion(1, date(2025, 5, 1), "framework", 1),
    CodebookVersion(2, date(2025, 5, 3), "Mei", 2, "one code added", "variants are told apart"),
))  # fmt: skip


def whole() -> MethodFacts:
    return replace(full(), claims=TOLD, codebook=BOOK)


def test_what_was_done_and_concluded_leads_to_where_it_is_told() -> None:
    page = render(report_of(whole()))["index.html"].decode()
    said = part(page, "brief")
    assert said.startswith("In brief What was done.")
    assert "Made-up data. Nothing here is a finding about people." in said
    assert "C2. Tribute lets newcomers in. (contested)" in said
    start = page.index('<section id="brief"')
    links = set(re.findall(r'href="#([^"]+)"', page[start : page.index("</section>", start)]))
    assert {"captured", "method-sample", "table-work", "codebook", "unseen", "claim-tribute"} <= links
    assert all(f'id="{link}"' in page for link in links)


def test_nothing_captured_is_not_told_in_brief(empty_facts: MethodFacts) -> None:
    assert brief_section(empty_facts) is None


def test_every_code_and_every_version_stand_in_the_appendix() -> None:
    files = render(report_of(whole()))
    said = part(files["index.html"].decode(), "codebook")
    assert "version 2; it holds two codes in one facet" in said
    assert "3 May 2025Mei2one code addedvariants are told apart" in said.replace("\xa0", " ")
    assert "Tribute 交税: A gift at the door." in said
    assert "Cat tax (within Tribute): retired, now Tribute." in said
    assert "practice.tribute" not in said, "a reader sees names"
    assert codebook_section(replace(whole(), codebook=Codebook(1))) is None
