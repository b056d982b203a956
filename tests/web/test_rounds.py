"""The lead opens, freezes and reveals rounds; others see where they stand, and of each other only who is done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.web.browsing import axe, page_of
from tests.web.making import JON, MEI, address, client, served
from tests.web.test_blindness import at_work

from resilens.coding.noting import finish
from resilens.coding.rounds import round_of, rounds
from resilens.pipeline import OpenStudy
from resilens.record.clock import uuid7


def event() -> str:
    return str(uuid7(datetime.now(UTC)))


def test_a_round_goes_its_way(study: OpenStudy) -> None:
    lead, other = client(study, MEI), client(study, JON)
    assert "Open one once the sample is drawn" in lead.get("/rounds").text
    assert "Open a round" not in other.get("/rounds").text
    planned = lead.get("/rounds/-/new", params={"threads": "2", "overlap": "50"})
    assert "2 threads with" in planned.text
    assert "is no number of threads" in lead.get("/rounds/-/new", params={"threads": "many"}).text
    form = {"event": event(), "round_id": "round-1", "coders": [MEI, JON], "title": "A first reading", "overlap": "100"}
    for _ in range(2):  # sent twice, done once
        assert lead.post(address("/rounds"), data=form, follow_redirects=False).status_code == 303
    assert [one.id for one in rounds(study.record)] == ["round-1"]
    again = lead.post(address("/rounds"), data=form | {"event": event()}, headers={"X-Resilens-Script": "1"})
    assert again.status_code == 422
    assert "there is a round round-1 already" in again.json()["faults"][0]["message"]

    page = other.get("/rounds/round-1").text
    assert "Freeze the round" not in page
    assert "has not said done yet" in page
    finish(at_work(study, JON))
    assert "says: done" in lead.get("/rounds").text
    assert "Not done yet, as far as they said: mei" in lead.get("/rounds/round-1").text
    assert other.post(address("/rounds/round-1/freeze"), data={"event": event()}).status_code == 403
    for step in ("freeze", "reveal"):
        data = {"event": event(), "reason": "all is read"}
        for _ in range(2):
            assert lead.post(address(f"/rounds/round-1/{step}"), data=data).status_code == 200
    assert round_of(study.record, "round-1").state == "revealed"
    assert study.record.count("rounds") == 1


def test_a_round_may_take_some_threads_and_divide_them(study: OpenStudy) -> None:
    form = {"event": event(), "round_id": "pilot", "coders": [MEI, JON], "threads": "2", "overlap": "50"}
    assert client(study, MEI).post(address("/rounds"), data=form).status_code == 200
    made = round_of(study.record, "pilot")
    assert sum(":p:" in item for item in made.items) == 2
    shared = set(made.assignments[MEI]) & set(made.assignments[JON])
    assert sum(":p:" in item for item in shared) == 1
    page = client(study, JON).get("/rounds").text
    assert f"You read 0 of {len(made.assignments[JON])} items" in page


@pytest.mark.browser
def test_what_a_round_would_hold_is_shown_before_it_is_opened(study: OpenStudy, browser: Any) -> None:
    with served(study, MEI) as (link,), page_of(browser, link) as page:
        page.goto(link.split("/enter")[0] + "/rounds/-/new")
        page.fill("[name=threads]", "2")
        page.fill("[name=note]", "a first look")
        page.click("text=Show what it would hold")
        page.wait_for_url("**threads=2**")
        assert "2 threads with" in page.inner_text("aside")
        assert page.input_value("[name=note]") == "a first look"
        assert axe(page) == []
    assert rounds(study.record) == []
