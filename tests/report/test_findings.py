"""The findings in the report: where each stands, what stands behind it, and that no item is found by it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from tests.report.conftest import full

from resilens.measures.registry import Measure
from resilens.report import build, html
from resilens.report.evidence import Evidence, EvidenceItem, plate
from resilens.report.findings_facts import FindingsFacts, Found, StageWords
from resilens.report.method_facts import MethodFacts
from resilens.results import charts
from resilens.results.tables import Column, Table
from resilens.results.types import Description, Estimate, Finding, Undefined

ITEM, OTHER = "rednote:p:6785e350000000002003c3c4", "rednote:c:67860c1b000000001d02c2b2"
LONG = Table("Every amount", [Column("item", "Item", "item"), Column("words", "Words", "quoted"),
                              Column("low", "Low", "decimal")],
             [[ITEM if row else "rednote:p:unshown", "secret words", float(row)] for row in range(30)])  # fmt: skip


def measure(name: str, stage: str = "") -> Measure:
    return Measure(name, name.capitalize(), f"What of {name}?", lambda material: Finding(name, {}), stage)


def finding(name: str, **more: object) -> Finding:
    estimates = {
        "x: share of posts, all": Estimate(0.25, 0.2, 0.3, 0.95, 80, 40, "coding", "the posts coded", "d",
                                           unit="share"),
        "x: onset": Estimate(12.0, 3.0, 40.0, 0.95, 80, 40, "model", "coded", "d", 1, "weeks are independent", "days"),
        "y": Description(3, 4, "four posts (no interval: four threads, and an interval needs 20)", "days"),
        "z": Undefined("no code has the role"),
    }
    said = {"evidence": (ITEM, OTHER), "sentence": f"{name} was found.", "method": "By counting."}
    return Finding(name, estimates, **said, **more)  # type: ignore[arg-type]


@pytest.fixture
def facts() -> MethodFacts:
    figure = charts.dots([charts.Dot("x", "all", 0.25, 0.2, 0.3)], title="Share")
    short = Table("By period", [Column("what", "What"), Column("share", "Share", "share")], [["x", 0.25]])
    stage = Finding("resilience", {
        "stage.a: share of posts, all": Description(0.5, 4, "posts"),
        "stage.a: share of posts, practice.x": Description(0.1, 4, "posts"),
        "stage.a: share of posts, refugees": Description(0.2, 4, "posts"),
        "stage.a: onset among posts": Undefined("too few weeks"),
    }, sentence="Stages came one by one.")  # fmt: skip
    found = (
        Found(measure("practices"), finding("practices", table=short, figure=figure, caption="Shares by period.")),
        Found(measure("ledger", "stage.a"), finding("ledger", table=LONG, cautions=("Words are not prices.",))),
        Found(measure("elsewhere", "stage.of-another-framework"), finding("elsewhere")),
        Found(measure("conditions"), finding("conditions")), Found(measure("resilience"), stage),
    )  # fmt: skip
    evidence = Evidence({
        ITEM: EvidenceItem(1, "post", "refugees", date(2025, 1, 14), "free", "Cat <b>tax</b> https://x.test/y 猫",
                           codes=("Cat tax",)),
        OTHER: EvidenceItem(2, "comment", "natives", None, "paraphrase"),
    })  # fmt: skip
    stages = (StageWords("stage.a", "Absorption", "First effects are taken.", ()),)
    return replace(full(), claims=None, findings=FindingsFacts(found, stages, evidence))


@pytest.fixture
def page(facts: MethodFacts) -> str:
    return html.render(build.report_of(facts))["index.html"].decode()


def part(page: str, section: str) -> str:
    start = page.index(f'<section id="{section}"')
    depth = 0
    for found in re.finditer(r"<(/?)section\b", page[start:]):
        depth += -1 if found[1] else 1
        if not depth:
            return " ".join(unescape(re.sub(r"<[^>]+>", " ", page[start : start + found.start()])).split())
    raise AssertionError(section)


def test_findings_stand_where_they_belong(page: str) -> None:
    whole = part(page, "process")
    assert "practices was found." in whole
    assert "elsewhere was found." in whole, "a stage the codebook does not have"
    assert "ledger was found." in part(page, "stage-stage-a")
    assert "conditions was found." in part(page, "conditions")
    assert "ledger was found." not in whole


def test_a_number_leads_to_its_table_and_an_item_to_its_plate(page: str) -> None:
    assert re.search(r'practices was found. \(<a [^>]*href="#table-practices-values"', page)
    assert 'href="#item-e1"' in page
    assert page.count('id="item-e1"') == 1, "an item has one plate, under the first finding that shows it"
    values = part(page, "values-practices")
    assert "x: share of posts, all 25.0% 20.0% 30.0% share 80 coding" in values
    assert "x: onset 12 3 40 days 80 model" in values
    assert "The model assumes that weeks are independent." in values
    assert "four threads, and an interval needs 20" in values
    assert "One value is undefined, with its reason." in values


def test_a_stage_shows_how_often_and_when_without_crossings(page: str) -> None:
    stage = part(page, "stage-stage-a")
    assert "First effects are taken." in stage
    assert "share of posts, all" in stage
    assert "practice.x" not in stage
    assert "share of posts, refugees" not in stage
    assert "too few weeks" in stage


def test_long_tables_stand_in_the_appendix_without_ids_and_words(facts: MethodFacts, page: str) -> None:
    assert "in the appendix, shows it whole" in part(page, "finding-ledger")
    assert "Every amount" not in part(page, "finding-ledger")
    assert "Every amount" in part(page, "values-ledger")
    for name, content in build.render(build.report_of(facts)).items():
        for secret in (b"secret words", ITEM.encode(), OTHER.encode(), b"unshown", b"x.test"):
            assert secret not in content, name


def test_plates_show_words_as_far_as_they_may() -> None:
    free = plate(EvidenceItem(1, "post", "a", None, "free", "Cat tax https://x.test/1 " + "long " * 300))
    assert free.quoting == "quote"
    assert "[link]" in free.words
    assert "x.test" not in free.words
    assert free.words.endswith(" …")
    assert plate(EvidenceItem(2, "post", quoting="paraphrase", paraphrase="A cat is shown.")).words == "A cat is shown."
    assert plate(EvidenceItem(3, "post", quoting="paraphrase")).quoting == "not shown"
    assert plate(EvidenceItem(4, "post", quoting="do_not_quote", paraphrase="x")).words == ""
    assert plate(EvidenceItem(5)).kind == "an item that is not in the corpus"


def test_cautions_are_not_to_be_missed(page: str) -> None:
    assert re.search(r'class="note caution"[^>]*>.{0,80}Read with care\..{0,40}Words are not prices\.', page, re.DOTALL)


def test_cells_of_few_accounts_are_left_out(facts: MethodFacts) -> None:
    groups = Table("Groups", [Column("by_rule", "By rule"), Column("a", "a", "count"), Column("b", "b", "count")],
                   [["a", 90, 3], ["b", 0, 12]])  # fmt: skip
    one = Found(measure("exchange"), finding("exchange", tables={"groups": groups}))
    files = html.render(build.report_of(replace(facts, findings=replace(facts.findings, found=(one,)))))
    assert files["tables/finding-exchange-groups.csv"].decode().splitlines()[1:] == ["a,90,", "b,0,12"]
    assert "Cells of fewer than five accounts are left out." in files["index.html"].decode()


def test_no_section_where_nothing_was_measured() -> None:
    page = html.render(build.report_of(full()))["index.html"].decode()
    assert 'id="process"' not in page
    assert 'id="stages"' not in page
    assert 'id="values"' not in page
