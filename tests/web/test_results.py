"""Measures, agreement and the report in the browser: nothing is computed by looking; what is kept is what is shown."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from tests.web.making import JON, MEI, address, client, post, round_of_two
from tests.web.settling import coded_round

from resilens.coding import rounds
from resilens.errors import InputError
from resilens.pipeline import OpenStudy
from resilens.record.clock import uuid7
from resilens.record.events import Draft
from resilens.web.background import Background, Progress

pytestmark = pytest.mark.slow


def without_ids(page: str) -> str:
    """A page without the ids that its forms make anew each time."""
    return re.sub(r'name="event" value="[^"]*"', "", page)


def sent(visitor: TestClient, path: str) -> None:
    """Press the button, and wait until the job has ended."""
    form = {"event": str(uuid7(datetime.now(UTC)))}
    answer = visitor.post(address(path), data=form)
    assert answer.status_code == 200
    for _ in range(600):
        if "Done." in (page := visitor.get("/jobs", params={"back": path}).text):
            return
        time.sleep(0.1)
    raise AssertionError(page)


def test_measures_are_computed_when_asked_and_shown_with_their_reasons(study: OpenStudy) -> None:
    coded_round(study)
    visitor = client(study, JON)
    assert "Not computed yet" in visitor.get("/measures").text
    assert not study.folder.measures.exists() or not list(study.folder.measures.glob("*.json"))
    sent(visitor, "/measures")
    assert "All measures are up to date" in visitor.get("/measures").text
    page = visitor.get("/measures/practices").text
    assert "cannot be given, and why" in page
    kept = {one.measure.name: one for one in study.kept_measures()}
    assert all(one.finding and not one.stale for one in kept.values())
    assert "there is no measure" in visitor.get("/measures/nothing").text
    drawn = [name for name, one in kept.items() if one.finding and one.finding.figure]
    for name in drawn:
        figure = visitor.get(f"/measures/{name}/figure.svg")
        assert figure.headers["content-type"].startswith("image/svg+xml")
    rounds.open_round(study.record, "round-2", "joint", [MEI, JON], MEI)
    assert "is out of date" in visitor.get("/measures").text or "are out of date" in visitor.get("/measures").text


def test_agreement_is_for_the_lead_once_frozen_and_for_all_once_revealed(study: OpenStudy) -> None:
    coded_round(study, revealed=False)
    lead, other = client(study, MEI), client(study, JON)
    assert lead.get("/agreement/round-1").status_code == 403
    rounds.freeze(study.record, "round-1", MEI)
    assert "Krippendorff" in lead.get("/agreement/round-1").text
    assert other.get("/agreement/round-1").status_code == 403
    assert "Nothing is told yet of: round-1" in other.get("/agreement").text
    rounds.reveal(study.record, "round-1", MEI)
    page = other.get("/agreement/round-1").text
    for words in ("Krippendorff", "3 judgements differ", 'href="/consensus/round-1"', "as text (APA)", "growth.svg"):
        assert words in page, words
    for asked in ({}, {"dark": "true"}):
        assert "<svg" in other.get("/agreement/round-1/growth.svg", params=asked).text


def test_a_round_nobody_coded_in_says_so(study: OpenStudy) -> None:
    round_of_two(study)
    rounds.freeze(study.record, "round-1", MEI)
    lead = client(study)
    page = lead.get("/agreement/round-1")
    assert page.status_code == 200
    assert "growth.svg" not in page.text
    assert lead.get("/agreement/round-1/growth.svg").status_code == 422


def test_the_evidence_of_a_finding_is_read_page_by_page(study: OpenStudy) -> None:
    coded_round(study)
    study.measure()
    page = client(study).get("/measures/practices").text
    assert "What to bear in mind" in client(study).get("/measures/ritual").text
    assert "codings after consensus" in page
    assert f'href="/items/{quote(post(1), safe="")}"' in page
    assert client(study).get("/measures/practices", params={"page": 99}).status_code == 200
    drawn = client(study).get("/measures/attention/figure.svg", params={"dark": "true"})
    assert drawn.text.startswith('<svg color="#')


def test_the_report_is_built_and_read_under_a_policy_of_its_own(study: OpenStudy) -> None:
    coded_round(study)
    visitor = client(study)
    assert "There is no report yet" in visitor.get("/report").text
    assert visitor.get("/report/view/index.html").status_code == 422
    sent(visitor, "/report")
    assert "The report is up to date" in visitor.get("/report").text
    page = visitor.get("/report/view/index.html")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "style-src 'sha256-" in policy
    assert visitor.get("/report/view/report.pdf").content.startswith(b"%PDF")
    assert visitor.get("/report/view/../study.toml").status_code in (404, 422)
    assert visitor.get("/report/view/%2e%2e/study.toml").status_code in (404, 422)


def test_a_job_ends_whatever_happens_and_one_runs_at_a_time() -> None:
    def at_fault(told: Progress) -> None:
        told("looking", 1, 2)
        raise InputError("the corpus is not there")

    background = Background()
    background.start("measures.computing", MEI, at_fault)
    for _ in range(100):
        if background.job and not background.job.running:
            break
        time.sleep(0.01)
    assert background.job is not None
    assert [str(fault) for fault in background.job.faults] == ["the corpus is not there"]
    assert (background.job.step, background.job.done, background.job.total) == ("looking", 1, 2)

    def endless(told: Progress) -> None:
        while True:
            told("again", 0, None)
            time.sleep(0.001)

    background.start("measures.computing", MEI, endless)
    background.start("report.building", JON, at_fault)
    assert background.job.name == "measures.computing"
    background.stop()
    for _ in range(100):
        if not background.job.running:
            break
        time.sleep(0.01)
    assert background.job.stopped


def test_neither_what_is_out_of_date_nor_the_report_tells_of_a_blind_round(study: OpenStudy) -> None:
    coded_round(study)
    round_of_two(study, "round-2")
    study.run()
    paths = ("/", "/measures", "/measures/practices", "/report", "/report/view/index.html", "/agreement")

    def pages() -> list[str]:
        return [without_ids(client(study).get(path).text) for path in paths]

    before = pages()
    assert "The report is up to date" in before[3]
    body = {"item_id": post(1), "code_id": study.codebook().codes[0].id}
    study.record.append(Draft("coding.set", post(1), body, JON, round_id="round-2"))
    assert pages() == before
    study.report()  # made anew, it is what it was
    assert pages() == before


def test_findings_that_may_rest_on_a_round_not_revealed_are_for_the_lead(study: OpenStudy) -> None:
    coded_round(study, revealed=False)
    rounds.freeze(study.record, "round-1", MEI)
    study.run()
    for path in ("/measures", "/measures/practices", "/report/view/index.html"):
        assert client(study, MEI).get(path).status_code == 200
        refused = client(study, JON).get(path)
        assert (refused.status_code, "not revealed yet" in refused.text) == (403, True)
    rounds.reveal(study.record, "round-1", MEI)
    assert client(study, JON).get("/measures").status_code == 200
