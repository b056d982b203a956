"""The section on claims: every claim under its question, its evidence linked, and no item named by its id."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest

from resilens.claims.ledger import Claim
from resilens.claims.references import parse
from resilens.report.build import report_of
from resilens.report.claims import claims_section
from resilens.report.claims_facts import ClaimsFacts, EvidenceItem
from resilens.report.html import render
from resilens.report.method_facts import MethodFacts, Question

from .conftest import full

SHARE = "measure:practices/share of tribute, posts, all"
QUESTIONS = (Question("practices", "By which practices?"), Question("conditions", "Under which conditions?"))


def claim(claim_id: str, **keys: Any) -> Claim:
    return Claim.model_validate({"id": claim_id, "text": "Tribute lets newcomers in.", "question": "practices"} | keys)


TOLD = ClaimsFacts(
    (
        claim("art", text="Art answers art " + "again and " * 12 + "again.", status="withdrawn", question="conditions"),
        claim("tribute", stage="stage.absorption", status="contested", puzzle="Why cats & not slogans?",
              rivals=["The ranking favours cats.", "猫 are everywhere"], led_to=["code:practice.tribute", "claim:art"],
              evidence_for=["rednote:p:aa1", "rednote:c:bb1 [10:25]", SHARE, "condition:Translation", "erased"],
              evidence_against=["rednote:p:gone", "measure:ritual/x"],
              finding=[{"of": SHARE, "value": 0.2, "low": 0.15, "high": 0.3}]),
        claim("stray", question="nobody's"),
    ),
    {"tribute": ("The finding has moved.", "E3 is not in the corpus.")},
    {"stage.absorption": "Crisis absorption", "practice.tribute": "Tribute"},
    {"rednote:p:aa1": EvidenceItem(1, "post", "refugees", date(2025, 1, 14), "paraphrase"),
     "rednote:c:bb1": EvidenceItem(2, "comment", "natives", None, "free"), "rednote:p:gone": EvidenceItem(3)},
    {parse(SHARE): "0.31 [0.25, 0.38]"}, frozenset({("tribute", parse(SHARE))}),
)  # fmt: skip


@pytest.fixture(scope="module")
def facts() -> MethodFacts:
    return replace(full(), questions=QUESTIONS, claims=TOLD)


@pytest.fixture(scope="module")
def page(facts: MethodFacts) -> str:
    return render(report_of(facts))["index.html"].decode()


def part(page: str, section: str) -> str:
    """The words of a section, without its marks."""
    start = page.index(f'<section id="{section}"')
    depth = 0
    for found in re.finditer(r"<(/?)section\b", page[start:]):
        depth += -1 if found[1] else 1
        if not depth:
            return " ".join(unescape(re.sub(r"<[^>]+>", "", page[start : start + found.start()])).split())
    raise AssertionError(section)


def test_no_section_where_there_is_no_claim() -> None:
    assert claims_section(full()) is None
    assert claims_section(replace(full(), claims=ClaimsFacts())) is None


def test_claims_stand_under_their_questions(page: str) -> None:
    assert part(page, "claims").startswith(
        "Claims by question The researchers made three claims: one tentative, one contested, and one withdrawn. No "
        "claim answers question 2 (conditions). One claim deserves a second look, for the reasons given there."
    )
    first = part(page, "claims-question-1")
    assert first.startswith("Question 1: practices By which practices? C1. Tribute lets newcomers")
    assert "Art answers art" in part(page, "claims-question-2")
    assert part(page, "claims-other").startswith("Claims under no question of the study C3. Tribute lets newcomers in.")


def test_a_question_without_claims_says_so(facts: MethodFacts) -> None:
    assert facts.claims
    fewer = replace(facts, claims=replace(facts.claims, claims=facts.claims.claims[1:2]))
    page = render(report_of(fewer))["index.html"].decode()
    assert part(page, "claims-question-2").endswith("No claim answers this question.")


def test_a_claim_shows_stage_status_rivals_and_both_sides_with_what_to_look_at(page: str) -> None:
    assert part(page, "claim-tribute") == (
        "C1. Tribute lets newcomers in. Contested: evidence speaks for it and against it. It speaks of the stage "
        "crisis absorption. Puzzle: Why cats & not slogans? Rival explanations: The ranking favours cats; 猫 are "
        "everywhere. Evidence for: E1; E2 (its text, from 10 to 25); share of tribute, posts, all (0.2 [0.15, 0.3] "
        "when the claim was written, now 0.31 [0.25, 0.38]); the condition Translation; evidence erased on request. "
        "Evidence against: E3; x (not measured). Led to: the code Tribute; the claim C2. The finding has moved. E3 is "
        "not in the corpus."
    )
    assert "Evidence for: none named." in part(page, "claim-stray")


def test_a_long_claim_is_cut_in_its_heading_and_whole_below(page: str) -> None:
    whole = part(page, "claim-art")
    heading, _, rest = whole.partition(" … ")
    assert len(heading) <= 110
    assert rest.startswith("Art answers art again and")


def test_evidence_is_linked_and_nothing_names_an_item_by_its_id(page: str, facts: MethodFacts) -> None:
    for label in ("E1", "E2", "E3"):
        assert f'href="#item-{label.lower()}">{label}</a>' in page
    assert 'href="#table-claims-findings">share of tribute, posts, all</a>' in page
    assert 'href="#claim-art">the claim C2</a>' in page
    for content in render(report_of(facts)).values():
        for item in TOLD.items:
            assert item.encode() not in content


def test_the_tables_say_what_items_are_and_what_findings_were(facts: MethodFacts) -> None:
    files = render(report_of(facts))
    assert files["tables/claims-evidence.csv"].decode().splitlines()[1:] == [
        "E1,post,refugees,2025-01-14,paraphrase only,C1,", "E2,comment,natives,,may be quoted,C1,",
        "E3,not in the corpus,,,,,C1",
    ]  # fmt: skip
    assert files["tables/claims-findings.csv"].decode().splitlines()[1:] == [
        '"practices/share of tribute, posts, all",tribute,"0.2 [0.15, 0.3]","0.31 [0.25, 0.38]",true',
        "ritual/x,tribute,,,",
    ]


def test_an_item_leads_back_to_the_claims_it_speaks_for_and_against(page: str) -> None:
    start = page.index('id="item-e3"')
    plate = page[start : page.index("</article>", start)]
    assert 'Speaks against <a class="number" href="#claim-tribute">C1</a>.' in plate
