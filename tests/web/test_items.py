"""The page of one item: all of it, hostile words as words, nothing of another's blind round."""

from __future__ import annotations

from typing import Any

from tests.web.making import JON, MEI, address, client, comment, post, round_of_two

from resilens.coding.rounds import freeze, reveal
from resilens.pipeline import OpenStudy
from resilens.record.events import Draft

MEMO = "the memo of jon"


def coded(study: OpenStudy, coder: str, code: str, item: str, **more: Any) -> None:
    body = {"item_id": item, "code_id": code, **more}
    study.record.append(Draft("coding.set", item, body, coder, round_id="round-1"))


def test_the_item_in_its_thread_with_what_leans_on_it(study: OpenStudy) -> None:
    round_of_two(study)
    claim = {"claim_id": "c1", "statement": "They <b>welcome</b>.", "evidence_for": [comment(1)]}
    study.record.append(Draft("claim.changed", "c1", claim, MEI))
    lead = {"lead_id": "l1", "text": "seen on Weibo", "items": [comment(1)]}
    study.record.append(Draft("lead.noted", "l1", lead, MEI))
    page = client(study).get(f"/items/{comment(1)}")
    assert page.status_code == 200
    for words in ("Hi from Ohio", "欢迎！税已收到[doge]", "thank you!!", "They &lt;b&gt;welcome&lt;/b&gt;.",
                  'href="/claims/c1"', "seen on Weibo", "paraphrase only", "/coding/round-1#rednote%3Ac%3A",
                  "comments.csv", "&lt;script&gt;alert(1)&lt;/script&gt;"):  # fmt: skip
        assert words in page.text, words
    assert page.text.count('aria-current="true"') == 1
    assert "以此为据的主张" in client(study).get(f"/items/{post(1)}", headers={"Accept-Language": "zh"}).text


def test_an_unknown_item_is_said_in_words(study: OpenStudy) -> None:
    page = client(study).get("/items/rednote:p:404")
    assert page.status_code == 422
    assert "no such item" in page.text


def test_nothing_of_the_other_coder_until_the_round_is_revealed(study: OpenStudy) -> None:
    round_of_two(study)
    before = client(study).get(f"/items/{comment(1)}").text
    coded(study, JON, "practice.welcome", comment(1), memo=MEMO)
    memo = {"memo_id": "m", "text": MEMO, "about": [comment(1)]}
    study.record.append(Draft("memo.written", "m", memo, JON, round_id="round-1"))
    assert client(study).get(f"/items/{comment(1)}").text == before
    assert MEMO in client(study, JON).get(f"/items/{comment(1)}").text
    freeze(study.record, "round-1", MEI, leads=[MEI])
    assert client(study).get(f"/items/{comment(1)}").text == before
    reveal(study.record, "round-1", MEI, leads=[MEI])
    assert MEMO in client(study).get(f"/items/{comment(1)}").text


def test_nobody_who_is_not_signed_in_reads_it(study: OpenStudy) -> None:
    assert client(study, signed_in=False).get(f"/items/{post(1)}").status_code == 401
    assert client(study).post(address(f"/items/{post(1)}")).status_code == 405


def test_an_item_leads_to_the_rounds_in_which_one_reads_it_and_to_no_others(study: OpenStudy) -> None:
    round_of_two(study)
    assert "On the coding screen of round-1" in client(study).get(f"/items/{post(1)}").text
    assert "On the coding screen" not in client(study).get(f"/items/{post(4)}").text  # not in the sample
