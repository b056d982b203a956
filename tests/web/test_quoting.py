"""The quoting screen: what is quoted with its state, decided by one form, let out only with a reason."""

from __future__ import annotations

from urllib.parse import quote
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.web.making import JON, MEI, address, client, comment, post, round_of_two

from resilens.claims.keeping import change
from resilens.claims.ledger import Claim
from resilens.coding.rounds import freeze
from resilens.pipeline import OpenStudy
from resilens.record.events import Draft


@pytest.fixture
def workbench(study: OpenStudy) -> TestClient:
    return client(study, MEI)


@pytest.fixture
def cited(study: OpenStudy) -> OpenStudy:
    claim = Claim.model_validate({"id": "ritual", "text": "Tax is paid.", "evidence_for": (post(1), comment(1))})
    change(study.folder.root, study.record, claim, MEI)
    return study


def decide(workbench: TestClient, item: str, status: str, **more: str) -> TestClient:
    form = {"event": str(uuid4()), "item": item, "status": status, **more}
    return workbench.post(address("/quoting"), data=form, follow_redirects=False)


def test_one_decision_leads_to_the_next(cited: OpenStudy, workbench: TestClient) -> None:
    page = workbench.get("/quoting").text
    assert "claim: Tax is paid." in page
    assert "until somebody does: paraphrased" in page
    answer = decide(workbench, post(1), "paraphrase", paraphrase="A newcomer shows a cat.")
    assert answer.headers["location"] == f"/quoting?item={quote(comment(1), safe='')}"
    answer = decide(workbench, comment(1), "free", reason="she agreed", state="undecided")
    assert answer.headers["location"].endswith("&state=undecided")
    held = {row["item_id"]: (row["status"], row["paraphrase"], row["reason"]) for row in cited.record.view("quoting")}
    assert held == {post(1): ("paraphrase", "A newcomer shows a cat.", ""), comment(1): ("free", "", "she agreed")}
    decide(workbench, comment(1), "undecided")
    assert cited.record.count("quoting") == 1


def test_do_not_quote_is_lifted_only_with_a_reason(cited: OpenStudy, workbench: TestClient) -> None:
    decide(workbench, post(1), "do_not_quote", reason="she asked us not to")
    refused = decide(workbench, post(1), "free")
    assert (refused.status_code, "say why its words may go out" in refused.text) == (422, True)
    assert "A reason is needed" in workbench.get(f"/quoting?item={post(1)}").text
    assert decide(workbench, post(1), "free", reason="she agreed after all").status_code == 303


def test_any_captured_item_can_be_decided_about_and_others_not(study: OpenStudy, workbench: TestClient) -> None:
    assert "Nothing is quoted yet" in workbench.get("/quoting").text
    assert "2025-01-15" in workbench.get(f"/quoting?item={comment(3)}").text
    assert workbench.get("/quoting?item=rednote:c:nobody").status_code == 422
    assert decide(workbench, comment(3), "do_not_quote").status_code == 303
    assert decide(workbench, "rednote:c:nobody", "free").status_code == 422


def test_nobody_is_told_of_politics_that_others_coded_in_a_blind_round(study: OpenStudy) -> None:
    round_of_two(study)
    code = next(code for code in study.codebook().codes if code.role == "overt_politics")
    body = {"item_id": post(1), "code_id": code.id}
    study.record.append(Draft("coding.set", post(1), body, JON, "human", "round-1", 1))
    for state in ("open", "frozen"):
        assert "openly political" not in client(study, MEI).get(f"/quoting?item={post(1)}").text, state
        assert "openly political" in client(study, JON).get(f"/quoting?item={post(1)}").text, state
        if state == "open":
            freeze(study.record, "round-1", MEI)
