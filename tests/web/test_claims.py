"""Claims in the browser: the ledger, a claim as a page, forms with every fault at its field, evidence from anywhere."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.web.making import JON, MEI, address, client, comment, post, round_of_two

from resilens.claims.keeping import claims_of
from resilens.coding.memos import write
from resilens.coding.rounds import freeze, reveal
from resilens.pipeline import OpenStudy

FORM = {
    "id": "tribute", "text": "By paying the cat tax newcomers take a humble part.", "question": "practices",
    "status": "contested", "puzzle": "Cats, not politics?",
    "rivals": "The ranking favours cats.\n\nCats are everywhere.",
    "evidence_for": f"{post(1)} [10:17]\n{comment(1)}", "evidence_against": f"  {comment(4)} ",
    "led_to": "code:practice.tribute",
}  # fmt: skip


def send(visitor: TestClient, path: str, **fields: Any) -> Any:
    return visitor.post(address(path), data={"event": str(uuid4()), **fields}, follow_redirects=False,
                        headers={"X-Resilens-Script": "1"})  # fmt: skip


@pytest.fixture
def written(study: OpenStudy) -> OpenStudy:
    assert send(client(study), "/claims", **FORM).headers["location"] == "/claims/tribute"
    return study


def since(page: Any) -> str:
    found = re.search(r'name="since" value="(\w*)"', page.text)
    assert found
    return found[1]


def test_an_empty_ledger_says_what_belongs_there(study: OpenStudy) -> None:
    page = client(study).get("/claims").text
    assert "No claim yet" in page
    assert 'value="c1"' in client(study).get("/claims/-/new").text


def test_a_claim_is_written_and_shown_with_its_evidence_as_a_reader_sees_it(written: OpenStudy) -> None:
    (claim,) = claims_of(written.record)
    assert claim.rivals == ("The ranking favours cats.", "Cats are everywhere.")
    assert "2 for" in client(written).get("/claims").text
    page = client(written, JON).get("/claims/tribute").text
    assert "<mark>cat tax</mark>" in page
    assert "欢迎！税已收到[doge]" in page
    assert "By which practices do the two communities meet?" in page
    assert page.index('id="for"') < page.index('id="against"') < page.index("一打鸡蛋十块钱")
    assert "tribute" in (written.folder.root / "claims.toml").read_text("utf-8")
    assert client(written).get("/claims/nothing").status_code == 422


def test_every_fault_is_said_at_its_field_and_nothing_is_written(study: OpenStudy) -> None:
    wrong = {"id": "a b", "text": " ", "status": "sure", "evidence_for": "\ncodes:x\n\nrednote:c:1 [5:2]",
             "evidence_against": "claim:c1", "led_to": "lead:x"}  # fmt: skip
    answer = send(client(study), "/claims", **wrong)
    assert answer.status_code == 422
    said = {fault["where"]: fault["message"] for fault in answer.json()["faults"]}
    assert set(said) == {"id", "text", "status", "evidence_for[2]", "evidence_for[4]", "evidence_against", "led_to"}
    assert "did you mean 'code:'" in said["evidence_for[2]"]
    assert claims_of(study.record) == ()


def test_two_who_change_one_claim_do_not_overwrite_each_other(written: OpenStudy) -> None:
    mei, jon = client(written), client(written, JON)
    seen = since(mei.get("/claims/tribute/edit"))
    text = "By paying the cat tax newcomers take a humble, playful part."
    assert send(jon, "/claims", **FORM | {"text": text, "since": seen}).status_code == 303
    late = send(mei, "/claims", **FORM | {"text": "late", "since": seen})
    assert (late.status_code, "jon changed this claim meanwhile" in late.text) == (422, True)
    twice = send(mei, "/claims", **FORM | {"since": ""})
    assert "already" in twice.json()["faults"][0]["message"]
    page = mei.get("/claims/tribute").text
    assert "humble<ins>, playful</ins> part" in page
    again = {"event": str(uuid4()), **FORM, "text": text, "status": "supported",
             "since": since(mei.get("/claims/tribute/edit"))}  # fmt: skip
    for _ in range(2):
        assert send(mei, "/claims", **again).status_code == 303
    assert len(list(written.record.events("claim.changed"))) == 3


def test_anything_becomes_evidence_and_is_taken_out_again(written: OpenStudy) -> None:
    visitor, reference = client(written), f"{comment(5)} [0:4]"
    page = visitor.get("/claims/-/cite", params={"reference": reference, "back": "//elsewhere.example"}).text
    assert "<mark>that</mark>" in page
    assert "elsewhere" not in page.partition("<main")[2]
    answer = send(visitor, "/claims/-/cite", claim="tribute", reference=reference, side="for", back="/items/x")
    assert answer.headers["location"] == "/items/x"
    send(visitor, "/claims/-/cite", claim="tribute", reference=reference, side="against")  # it goes over
    (claim,) = claims_of(written.record)
    assert [str(one) for one in claim.evidence_against] == [comment(4), reference]
    assert reference not in map(str, claim.evidence_for)
    for fields, words in (({"side": "sideways"}, "for or against"), ({"claim": "x"}, "no claim"),
                          ({"reference": "x"}, "no reference"), ({"reference": "claim:x"}, "no evidence")):  # fmt: skip
        faulty = send(visitor, "/claims/-/cite", **{"claim": "tribute", "reference": reference, "side": "for"} | fields)
        assert (faulty.status_code, words in faulty.text) == (422, True), words
    send(visitor, "/claims/tribute/uncite", reference=reference)
    assert [str(one) for one in claims_of(written.record)[0].evidence_against] == [comment(4)]
    assert f"<del>{reference}</del>" in visitor.get("/claims/tribute").text
    assert f'value="{reference}"' not in visitor.get("/claims/tribute").text
    assert reference in visitor.get("/claims/-/new", params={"reference": reference}).text


def test_a_claim_is_taken_back_and_stays_in_the_record(written: OpenStudy) -> None:
    answer = send(client(written), "/claims/tribute/remove", reason="merged into another")
    assert answer.headers["location"] == "/claims"
    assert claims_of(written.record) == ()
    assert len(list(written.record.events("claim.changed"))) == 1


def test_what_is_no_longer_there_is_said_and_stops_nobody(written: OpenStudy) -> None:
    send(client(written), "/claims/-/cite", claim="tribute", reference="rednote:c:gone", side="for")
    send(client(written), "/claims/-/cite", claim="tribute", reference="condition:Nothing", side="for")
    page = client(written).get("/claims/tribute").text
    assert "is not in the corpus" in page
    assert "there is no condition" in page
    assert "is not in the corpus" in client(written).get("/claims").text


def test_a_memo_of_a_blind_round_is_no_evidence_that_another_may_read(written: OpenStudy) -> None:
    round_of_two(written)
    kept = write(written.record, "a guess of mine", MEI, round_id="round-1")
    for reference in (f"memo:{kept.id}", "memo:m000000000000"):
        send(client(written), "/claims/-/cite", claim="tribute", reference=reference, side="for")
    own, other = (client(written, coder).get("/claims/tribute").text for coder in (MEI, JON))
    assert ("a guess of mine" in own, "a guess of mine" in other) == (True, False)
    assert other.count("there is no memo") == 2  # kept from jon is as if it were not there
    assert client(written, JON).get("/claims").text.count("there is no memo") == 2
    freeze(written.record, "round-1", MEI)
    reveal(written.record, "round-1", MEI)
    assert "a guess of mine" in client(written, JON).get("/claims/tribute").text
