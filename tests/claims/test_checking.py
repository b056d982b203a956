"""What deserves a second look in claims: every kind of it, in words, on its line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from resilens.claims.checking import World, faults, problems
from resilens.claims.findings import completed
from resilens.claims.ledger import Claim, Ledger

from .conftest import FINDINGS, SHARE, claim


def sound(claim_id: str = "tribute", **keys: Any) -> Claim:
    given = {"question": "practices", "stage": "stage.absorption", "evidence_for": ["rednote:p:aa1"]} | keys
    return claim(claim_id, **given)


OTHER = claim("other", question="conditions", evidence_for=["lead:weibo-3"])


def words(world: World, **keys: Any) -> list[str]:
    return [str(problem) for problem in problems([sound(**keys), OTHER], world)]


def test_claims_that_stand_have_nothing_to_look_at(world: World) -> None:
    cited = ["rednote:p:aa1", "rednote:p:aa1 [title 0:6]", "rednote:c:bb1 [0:12]", SHARE, "measure:practices",
             "condition:Translation inside the application", "lead:weibo-3", "memo:m1",
             "code:practice.tribute"]  # fmt: skip
    whole = completed(sound(evidence_for=cited, led_to=["code:practice.tribute", "claim:other"]), FINDINGS)
    assert problems([whole, OTHER], world) == []
    assert problems([], world) == [], "a study that has no claims yet is not scolded"


GONE = [
    ("rednote:p:aa2", "rednote:p:aa2 is not in the corpus; did you mean 'rednote:p:aa1'?"),
    ("rednote:p:aa1 [15:21]", "rednote:p:aa1 [15:21] ends beyond its text, which has 20 code points"),
    ("rednote:c:bb1 [title 0:1]", "rednote:c:bb1 is a comment, which has no title"),
    ("a-c2fxk3m7q5w4z6ab", "no item that was drawn or coded goes by the id a-c2fxk3m7q5w4z6ab in this study"),
    ("erased", "evidence erased, because somebody asked to be forgotten; judge whether the claim stands without it"),
    ("measure:ritual/x", "the measure ritual has not been computed; run `resilens measure ritual`"),
    ("measure:practises/x", "there is no measure 'practises'; did you mean 'practices'?"),
    ("measure:practices/share of tribute, post, all",
     "the measure practices has no estimate 'share of tribute, post, all'; did you mean 'share of tribute, posts, "
     "all'?"),
    ("measure:practices/share of tribute, comments, late",
     "the finding practices/share of tribute, comments, late is undefined: no comment was coded in the late period"),
    ("condition:Translation", "there is no condition 'Translation' (there is Translation inside the application)"),
    ("lead:weibo-4", "there is no lead 'weibo-4'; did you mean 'weibo-3'?"),
    ("memo:x", "there is no memo 'x' (there is m1)"),
    ("code:practice.tax", "the code practice.tax is retired; practice.tribute took its place"),
    ("code:practice.tributes", "there is no code 'practice.tributes'; did you mean 'practice.tribute'?"),
]  # fmt: skip


@pytest.mark.parametrize(("cited", "expected"), GONE)
def test_evidence_that_is_gone(world: World, cited: str, expected: str) -> None:
    assert words(world, evidence_for=["rednote:p:aa1", cited]) == [f"evidence_for[2]: {expected}"]
    assert words(world, evidence_against=[cited]) == [f"evidence_against[1]: {expected}"]


def test_a_finding_that_has_moved_says_old_and_new(world: World) -> None:
    seen = {"of": SHARE, "value": 0.2, "low": 0.15, "high": 0.3}
    assert words(world, evidence_for=[SHARE], finding=[seen]) == [
        "evidence_for[1]: the finding practices/share of tribute, posts, all has moved since the claim was written: it "
        "was 0.2 [0.15, 0.3], is now 0.31 [0.25, 0.38]"
    ]
    assert words(world, evidence_for=[SHARE], finding=[seen | {"high": 0.35}]) == []


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"evidence_for": []}, "the claim rests on no evidence; cite items, findings, leads or conditions"),
        ({"status": "refuted"}, "status: the claim is refuted, but no evidence speaks against it"),
        ({"status": "contested"}, "status: the claim is contested, but no evidence speaks against it"),
        ({"status": "supported", "evidence_for": [], "evidence_against": ["memo:m1"]},
         "status: the claim is supported, but no evidence speaks for it"),
        ({"question": "old"}, "question: the question 'old' was replaced by 'practices'"),
        ({"question": "practises"}, "question: there is no question 'practises'; did you mean 'practices'?"),
        ({"question": ""}, "the claim names no question of study.toml"),
        ({"stage": "stage.early"}, "stage: the stage 'stage.early' is retired"),
        ({"stage": "stage.adaption"}, "stage: there is no stage 'stage.adaption'; did you mean 'stage.adaptation'?"),
        ({"led_to": ["claim:tribut"]}, "led_to[1]: there is no claim 'tribut'; did you mean 'tribute'?"),
        ({"led_to": ["code:practice.tax"]}, "led_to[1]: the code practice.tax is retired; practice.tribute took its "
                                            "place"),
    ],
)  # fmt: skip
def test_claims_that_do_not_hold_together(world: World, keys: dict[str, Any], expected: str) -> None:
    assert words(replace(world, questions=("conditions", "practices")), **keys)[0] == expected


def test_a_claim_whose_evidence_was_all_erased(world: World) -> None:
    expected = "the claim rests on no evidence any more: all of it was erased"
    assert words(world, evidence_for=["erased", "erased"])[0] == expected


def test_questions_that_no_claim_answers_and_claims_that_were_withdrawn(world: World) -> None:
    gone = sound(status="withdrawn", evidence_for=[], stage="stage.nowhere")
    assert [str(one) for one in problems([gone, OTHER], world)] == ["no claim answers the question 'practices'"]


def test_faults_name_the_line_the_claim_and_the_key(world: World) -> None:
    claims = [sound(evidence_for=["memo:x"], stage="stage.x")]
    lines = {("tribute",): 7, ("tribute", "evidence_for"): 11, ("tribute", "evidence_for", 0): 12}
    assert [str(fault) for fault in faults(claims, world, lines)] == [
        "claims.toml:7: claim tribute, stage: there is no stage 'stage.x' (there is stage.absorption and "
        "stage.adaptation)",
        "claims.toml:12: claim tribute, evidence_for[1]: there is no memo 'x' (there is m1)",
        "claims.toml: no claim answers the question 'conditions'",
    ]
    assert str(faults(claims, world)[1]).startswith("claims.toml: claim tribute, evidence_for[1]: ")


def test_the_ledger_shows_itself_and_knows_who_leans_on_an_item() -> None:
    ledger = Ledger(
        (sound(), sound("art", evidence_for=[], evidence_against=["rednote:p:aa1 [0:3]"], text="Art <b>too</b>."),
         sound("third", evidence_for=["rednote:p:aa11"])),
        {"art": ("stage: gone",), "": ("no claim answers the question 'x'",)},
    )  # fmt: skip
    assert [one.id for one in ledger.for_item("rednote:p:aa1")] == ["tribute", "art"]
    assert ledger["art"] == ledger[1]
    with pytest.raises(KeyError):
        ledger["nobody"]
    assert ledger.lines()[1:3] == [
        "art (tentative; 0 for, 1 against; practices, stage.absorption): Art <b>too</b>.", "    look: stage: gone",
    ]  # fmt: skip
    assert ledger.lines()[-1] == "look: no claim answers the question 'x'"
    assert "Art &lt;b&gt;too&lt;/b&gt;." in ledger._repr_html_()
    told = ledger.only(ledger.for_item("rednote:p:aa1")).to_dict()
    assert [one["id"] for one in told["claims"]] == ["tribute", "art"]
    assert told["claims"][1]["warnings"] == ["stage: gone"]
    assert told["warnings"] == []
    assert "claims.toml" in Ledger(()).lines()[0]
