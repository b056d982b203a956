"""The study's page, and what every answer of the workbench has in common."""

from __future__ import annotations

from tests.web.making import JON, MEI, client, round_of_two

from resilens.pipeline import OpenStudy
from resilens.study.zones import zone
from resilens.web.pages import when


def test_the_chain_and_the_next_step(study: OpenStudy) -> None:
    page = client(study).get("/")
    assert page.status_code == 200
    assert "open a round of coding" in page.text
    assert "3 posts and 9 comments" in page.text
    round_of_two(study)
    assert "go on coding" in client(study, JON).get("/").text


def test_it_is_said_in_chinese_where_that_is_wanted(study: OpenStudy) -> None:
    visitor = client(study, MEI)
    assert "下一步" in visitor.get("/", headers={"Accept-Language": "zh-CN,en"}).text
    visitor.get("/language/zh", params={"back": "/"})
    assert "下一步" in visitor.get("/").text
    assert visitor.get("/language/en", params={"back": "//elsewhere.example"}, follow_redirects=False).headers[
        "location"
    ] == "/"  # fmt: skip


def test_a_day_is_shown_as_it_is_and_a_moment_in_the_zone_of_the_study() -> None:
    assert "2025-01-14<" in when("2025-01-14", zone("UTC+08:00"))
    assert "2025-01-15 01:30<" in when("2025-01-14T17:30:00.000Z", zone("UTC+08:00"))
    assert when("") == "–"
