"""The translations screen: entered, side by side, accepted with a reason, filtered, taken back."""

from __future__ import annotations

from urllib.parse import quote
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.web.making import MEI, address, client, comment, post

from resilens.coding.translations import translations
from resilens.pipeline import OpenStudy


@pytest.fixture
def workbench(study: OpenStudy) -> TestClient:
    return client(study, MEI)


def send(workbench: TestClient, action: str, **form: str) -> TestClient:
    given = {"event": str(uuid4()), "item": comment(1), "field": "text", **form}
    return workbench.post(address(f"/translations/{action}"), data=given, follow_redirects=False)


def entered(study: OpenStudy, workbench: TestClient, text: str, engine: str, item: str = "") -> str:
    answer = send(workbench, "add", text=text, engine=engine, language="en", made_on="2025-01-14",
                  item=item or comment(1))  # fmt: skip
    assert answer.status_code == 303
    return translations(study.record, [item or comment(1)])[item or comment(1), "text"][-1].id


def test_two_translations_are_compared_and_one_accepted(study: OpenStudy, workbench: TestClient) -> None:
    first = entered(study, workbench, "Welcome! The tax is received", "DeepL")
    entered(study, workbench, "Welcome! The tax was received", "ChatGPT")
    page = workbench.get(f"/translations/text/{comment(1)}").text
    assert "The tax <mark>is</mark> received" in page
    assert "The tax <mark>was</mark> received" in page
    assert "DeepL, 14 January 2025" in page
    assert send(workbench, "accept", translation=first).status_code == 422
    answer = send(workbench, "accept", translation=first, usual="closest in meaning")
    assert answer.headers["location"] == f"/translations/text/{quote(comment(1), safe='')}"
    assert "Accepted by mei: closest in meaning" in workbench.get(f"/translations/text/{comment(1)}").text
    assert send(workbench, "remove", translation=first).status_code == 422
    send(workbench, "unaccept")
    assert send(workbench, "remove", translation=first).status_code == 303
    assert len(translations(study.record, [comment(1)])[comment(1), "text"]) == 1


def test_accepting_goes_on_to_the_next_and_the_list_is_narrowed(study: OpenStudy, workbench: TestClient) -> None:
    first = entered(study, workbench, "Welcome", "DeepL")
    entered(study, workbench, "A dozen eggs", "DeepL", comment(4))
    listed = workbench.get("/translations?state=unaccepted").text
    assert listed.count('<tr class="unaccepted">') == 2
    answer = send(workbench, "accept", translation=first, reason="right", state="unaccepted")
    assert answer.headers["location"] == f"/translations/text/{quote(comment(4), safe='')}?state=unaccepted"
    assert workbench.get("/translations?state=accepted").text.count('<tr class="accepted">') == 1
    assert workbench.get("/translations?language=zh").text.count("<tr class=") < 5
    assert workbench.get("/translations?page=99").status_code == 200


def test_what_is_not_there_is_said(workbench: TestClient) -> None:
    assert workbench.get(f"/translations/title/{comment(1)}").status_code == 404
    assert workbench.get("/translations/text/rednote:p:nobody").status_code == 404
    assert workbench.get(f"/translations/title/{post(1)}").status_code == 200
    assert send(workbench, "add", text="x", engine="").status_code == 422
    assert send(workbench, "accept", translation="t-0", usual="x").status_code == 422
