"""The redaction screen: boxes, states, what leaves, and what is said where something is wrong."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from PIL import Image
from starlette.testclient import TestClient
from tests.web.making import MEI, address, client, post

from resilens.capture.media import media_ids
from resilens.coding.redaction import redaction_of
from resilens.pipeline import OpenStudy
from resilens.record.events import Draft


@pytest.fixture
def workbench(study: OpenStudy) -> TestClient:
    return client(study, MEI)


@pytest.fixture
def media_id(study: OpenStudy) -> str:
    (found,) = media_ids(study.folder.media)
    return found


def send(workbench: TestClient, media_id: str, decision: str, reason: str = "", **boxes: object) -> object:
    rows = {"x": [70], "y": [40], "w": [100], "h": [80], "covers": ["face"]} | boxes
    form = {"event": str(uuid4()), "decision": decision, "reason": reason, **rows}
    return workbench.post(address(f"/redaction/{media_id}"), data=form, follow_redirects=False)


def test_a_picture_is_covered_looked_at_and_leaves(study: OpenStudy, workbench: TestClient, media_id: str) -> None:
    assert "not looked at" in workbench.get("/redaction").text
    answer = send(workbench, media_id, "save")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/redaction/{media_id}")
    assert redaction_of(study.record, media_id).state == "begun"
    answer = send(workbench, media_id, "complete")
    assert answer.headers["location"] == "/redaction"
    assert redaction_of(study.record, media_id).state == "complete"
    page = workbench.get(f"/redaction/{media_id}").text
    assert '<rect class="face" x="70" y="40" width="100" height="80">' in page
    assert post(1) in page
    shown = workbench.get(f"/redaction/{media_id}/picture")
    assert shown.headers["cache-control"] == "no-store"
    assert Image.open(io.BytesIO(shown.content)).getpixel((120, 80)) == (0, 0, 0)
    assert workbench.get("/redaction?state=complete").text.count("<li class=") == 1
    assert "No picture is in this state" in workbench.get("/redaction?state=begun").text


def test_withholding_needs_a_reason_and_is_taken_back_with_one(
    study: OpenStudy, workbench: TestClient, media_id: str
) -> None:
    refused = send(workbench, media_id, "withhold")
    assert (refused.status_code, "a minor is in it" in refused.text) == (422, True)
    send(workbench, media_id, "withhold", "a minor is in it")
    assert "Withheld: a minor is in it" in workbench.get(f"/redaction/{media_id}").text
    undo = address(f"/redaction/{media_id}/undo")
    assert workbench.post(undo, data={"event": str(uuid4())}).status_code == 422
    assert workbench.post(undo, data={"event": str(uuid4()), "reason": "mistaken"}).status_code == 200
    assert redaction_of(study.record, media_id).state == "unseen"


def test_what_is_wrong_is_said_and_nothing_is_written(study: OpenStudy, workbench: TestClient, media_id: str) -> None:
    for boxes in ({"w": [0]}, {"covers": ["nose"]}, {"x": [240]}, {"x": ["a"]}):
        assert send(workbench, media_id, "save", **boxes).status_code == 422
    assert workbench.get(f"/redaction/{'0' * 64}").status_code == 404
    assert send(workbench, "0" * 64, "save").status_code == 422
    assert not study.record.count("redactions")


def test_the_screen_says_where_words_must_be_covered_too(
    study: OpenStudy, workbench: TestClient, media_id: str
) -> None:
    assert "may only be paraphrased: cover" in workbench.get(f"/redaction/{media_id}").text
    study.record.append(Draft("quoting.set", post(1), {"item_id": post(1), "status": "do_not_quote"}, MEI))
    assert "stays whatever is covered" in workbench.get(f"/redaction/{media_id}").text
