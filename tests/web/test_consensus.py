"""Consensus in the browser: the list, one item, decisions, and that nothing is told before a round is revealed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.web.making import JON, MEI, address, client, comment, post
from tests.web.settling import coded_round, role

from resilens.claims.keeping import change
from resilens.claims.ledger import Claim
from resilens.coding.codings import final
from resilens.coding.consensus import REASONS
from resilens.coding.memos import write
from resilens.pipeline import OpenStudy

ROUND = "/consensus/round-1"


def send(visitor: TestClient, path: str, **fields: Any) -> Any:
    return visitor.post(address(path), data={"event": str(uuid4()), **fields}, follow_redirects=False,
                        headers={"X-Resilens-Script": "1"})  # fmt: skip


def at(item: str) -> str:
    return f"{ROUND}/{quote(item, safe='')}"


@pytest.fixture
def settled(study: OpenStudy) -> OpenStudy:
    coded_round(study)
    return study


def test_nothing_is_told_while_the_round_is_blind(study: OpenStudy) -> None:
    coded_round(study, revealed=False)
    for coder in (MEI, JON):
        visitor = client(study, coder)
        page = visitor.get("/consensus")
        assert "Still blind" in page.text
        assert ROUND not in page.text
        for path in (ROUND, at(post(1)), f"{ROUND}/next"):
            assert visitor.get(path).status_code == 403
        for verb in ("decide", "take", "undo", "argue"):
            answer = send(visitor, f"{ROUND}/{verb}", item=post(1), unit=role(study, "tribute"), verdict="both",
                          reason="misread", coder=JON, text="x")  # fmt: skip
            assert answer.status_code == 403
    assert study.record.view("consensus") == []


def test_the_list_has_the_most_consequential_first_and_says_what_is_left(settled: OpenStudy) -> None:
    visitor = client(settled)
    assert "4 to talk over" in visitor.get("/consensus").text
    page = visitor.get(ROUND).text
    assert "0 of 4 settled" in page
    assert "1 differs only in the place, 0 decided" in page
    titles = ["Egg prices", "欢迎！税已收到[doge]", "What a lovely cat", "Hi from Ohio"]
    places = [page.index(title) for title in titles]  # posts first; the difference of place last
    assert places == sorted(places)
    change(settled.folder.root, settled.record, Claim(id="c1", text="Welcome!", evidence_for=[comment(3)]), MEI)  # type: ignore[list-item]
    page = visitor.get(ROUND).text
    assert page.index("What a lovely cat") < page.index("Egg prices")  # a claim leans on it now
    only = visitor.get(ROUND, params={"code": role(settled, "welcome"), "state": "all", "group": "unknown"}).text
    assert ("What a lovely cat" in only, "Egg prices" in only) == (True, False)
    assert "No difference passes this filter" in visitor.get(ROUND, params={"state": "decided"}).text


def test_one_item_shows_both_coders_side_by_side_with_words_and_memos(settled: OpenStudy) -> None:
    page = client(settled).get(at(comment(1)), params={"unit": role(settled, "receipt")}).text
    assert '<mark class="by-1 " title="mei">税已收到</mark>' in page
    assert "<q dir=\"auto\">税已收到</q>" in page
    assert "says welcome" in page
    assert "税 is received" in page
    assert f"/codebook/{role(settled, 'receipt')}?back=%2Fconsensus%2Fround-1%2F" in page
    overlap = client(settled).get(at(post(1))).text
    assert '<mark class="by-1 by-2 " title="mei &amp; jon">cat tax</mark>' in overlap
    missing = client(settled).get(at("rednote:c:none"))
    assert (missing.status_code, "nobody gave" in missing.text) == (422, True)


def test_a_decision_goes_on_to_the_next_and_can_be_taken_back(settled: OpenStudy) -> None:
    visitor, ledger = client(settled, JON), role(settled, "ledger")
    event, fields = str(uuid4()), {"item": post(2), "unit": ledger, "verdict": "of:mei", "reason": "context_missed",
                                   "note": "I see", "whose": ["mei", "jon"], "minds": ["", "the prices"]}  # fmt: skip
    for _ in range(2):
        answer = send(visitor, f"{ROUND}/decide", **fields, event=event)
        assert answer.status_code == 303
    (row,) = settled.record.view("consensus")
    assert (row["applies"], row["note"], row["changed_minds"]) == (True, "I see", {"jon": "the prices"})
    following = visitor.get(answer.headers["location"])
    assert following.url.path.startswith(f"{ROUND}/rednote:")
    assert "Just decided:" in following.text
    assert "1 of 4 settled" in following.text
    assert "jon changed their mind" in visitor.get(at(post(2))).text
    undone = send(visitor, f"{ROUND}/undo", item=post(2), unit=ledger, query="group=natives")
    assert undone.headers["location"].startswith(at(post(2)))
    assert settled.record.view("consensus") == []


def test_everything_is_settled_and_the_codings_stay_as_they_were(settled: OpenStudy) -> None:
    visitor, before = client(settled), settled.record.view("codings")
    tribute, welcome = role(settled, "tribute"), role(settled, "welcome")
    for item, code, verdict in ((post(1), tribute, "both"), (post(2), role(settled, "ledger"), "of:jon"),
                                (comment(3), welcome, "neither")):  # fmt: skip
        answer = send(visitor, f"{ROUND}/decide", item=item, unit=code, verdict=verdict, reason="misread")
    answer = send(visitor, f"{ROUND}/take", item=comment(1), coder=MEI, reason="both_valid")
    done = visitor.get(answer.headers["location"])
    assert "Everything in this round is settled." in done.text
    found = final(settled.record)
    assert found.unresolved.num_rows == 0
    given = {(row["item_id"], row["code_id"]) for row in found.table.to_pylist()}
    assert given == {(post(1), tribute), (comment(1), role(settled, "receipt")), (comment(2), role(settled, "thanks"))}
    assert settled.record.view("codings") == before


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"verdict": ""}, "is no decision"), ({"reason": ""}, "say why"), ({"reason": "other"}, "needs a note"),
     ({"verdict": "new_code", "instead": "nope"}, "no code"), ({"unit": "nope"}, "nobody gave"),
     ({"item": "\u202e<b>"}, "nobody gave")],
)  # fmt: skip
def test_faults_are_said_in_the_form(settled: OpenStudy, fields: dict[str, str], words: str) -> None:
    sent = {"item": post(2), "unit": role(settled, "ledger"), "verdict": "both", "reason": "misread"} | fields
    answer = send(client(settled), f"{ROUND}/decide", **sent)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_a_round_read_together_shows_who_changed_their_mind_and_why(study: OpenStudy) -> None:
    coded_round(study, mode="joint")
    write(study.record, "It is the cat tax, not a tax on goods.", JON, type="argument", about=[comment(1)],
          round_id="round-1")  # fmt: skip
    visitor = client(study)
    answer = send(visitor, f"{ROUND}/argue", item=comment(1), unit=role(study, "receipt"), kind="change_of_mind",
                  text="I had read 税 as customs.", back="https://elsewhere.example")  # fmt: skip
    assert answer.headers["location"] == ROUND
    page = visitor.get(ROUND).text
    assert "no agreement is computed" in page
    assert page.index("jon argues") < page.index("mei changed their mind") < page.index("I had read 税")
    assert "It is the cat tax" in visitor.get(at(comment(1))).text
    assert send(visitor, f"{ROUND}/argue", item=comment(1), text=" ").status_code == 422
    write(study.record, "elsewhere", JON, type="argument", about=["practice.tribute"], round_id="round-1")
    assert "elsewhere" in visitor.get(ROUND).text


def test_who_is_no_coder_of_the_round_reads_but_does_not_decide(settled: OpenStudy) -> None:
    from resilens.coding.rounds import freeze, open_round, reveal

    open_round(settled.record, "round-2", "independent", [MEI], MEI)
    freeze(settled.record, "round-2", MEI)
    reveal(settled.record, "round-2", MEI)
    page = client(settled, JON).get("/consensus/round-2")
    assert (page.status_code, "do not differ" in page.text) == (200, True)
    answer = send(client(settled, JON), "/consensus/round-2/decide", item=post(1), unit="x", verdict="both",
                  reason="misread")  # fmt: skip
    assert "did not code in round-2" in answer.text


def test_every_reason_has_its_word_in_both_languages(settled: OpenStudy) -> None:
    page = client(settled).get(at(post(2)), headers={"Accept-Language": "zh"}).text
    assert "误读" in page
    assert page.count('name="reason"') >= len(REASONS)
