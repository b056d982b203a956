"""Memos in the browser: by type, shared or kept in a round, changed by who wrote them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from starlette.testclient import TestClient
from tests.web.making import JON, MEI, address, client, post, round_of_two

from resilens.coding.memos import memos
from resilens.pipeline import OpenStudy


def send(visitor: TestClient, path: str, **fields: Any) -> Any:
    return visitor.post(address(path), data={"event": str(uuid4()), **fields}, follow_redirects=False,
                        headers={"X-Resilens-Script": "1"})  # fmt: skip


def test_a_memo_is_written_read_changed_and_taken_back(study: OpenStudy) -> None:
    mei, jon = client(study), client(study, JON)
    assert "No memo yet" in mei.get("/memos").text
    event = str(uuid4())
    for _ in range(2):
        answer = send(mei, "/memos", event=event, title="Why cats", text="They ask nothing.", type="theory",
                      about=f"{post(1)}\r\npractice.tribute\r\n\r\nclaim:c1")  # fmt: skip
    where = answer.headers["location"]
    (memo,) = memos(study.record, JON)
    assert (memo.about, where) == ((post(1), "practice.tribute", "claim:c1"), f"/memos/{memo.id}")
    page = jon.get("/memos").text
    assert "Theoretical memos" in page
    assert "Cat tax" in page or "Tribute" in page
    assert "/edit" not in jon.get(where).text
    assert jon.get(f"{where}/edit").status_code == 422
    assert "They ask nothing." in mei.get(f"{where}/edit").text
    send(mei, "/memos", memo=memo.id, title="", text="They ask nothing, and promise nothing.")
    assert "promise nothing" in jon.get(where).text
    assert send(jon, f"{where}/remove").status_code == 422
    assert send(mei, f"{where}/remove", reason="said better").headers["location"] == "/memos"
    assert memos(study.record, MEI) == []
    assert send(mei, "/memos", text=" ").status_code == 422


def test_a_positionality_memo_is_helped_by_questions(study: OpenStudy) -> None:
    page = client(study).get("/memos/-/new", params={"type": "positionality"}).text
    assert page.count("<li>") >= 6
    assert "which languages" in page.lower()
    assert "立场备忘录" in client(study).get("/memos/-/new?type=positionality", headers={"Accept-Language": "zh"}).text
    send(client(study), "/memos", text="I came to RedNote in 2021.", type="positionality")
    assert "Positionality" in client(study, JON).get("/memos?type=positionality").text
    assert "No memo passes" in client(study, JON).get("/memos?type=theory").text


def test_what_is_kept_in_a_blind_round_is_not_told(study: OpenStudy) -> None:
    round_of_two(study)
    before = client(study, JON).get("/memos").text
    where = send(client(study), "/memos", text="kept to myself", round="round-1").headers["location"]
    assert client(study, JON).get("/memos").text == before
    assert client(study, JON).get(where).text == client(study, JON).get("/memos/m000000000000").text.replace(
        "m000000000000", where.rsplit("/")[-1]
    )  # fmt: skip
    assert "kept to myself" in client(study).get(where).text
    assert "kept to myself" in client(study).get("/memos").text
    assert send(client(study, JON), "/memos", text="x", round="round-9").status_code == 422
