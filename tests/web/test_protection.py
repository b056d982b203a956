"""What another site, another host, an older tab or nobody at all gets from the workbench: nothing, in words."""

from __future__ import annotations

import stat
from collections.abc import Mapping

import pytest
from tests.web.making import JON, MEI, PORT, address, client

from resilens.pipeline import OpenStudy
from resilens.web.protection import HEADERS, POLICY
from resilens.web.sessions import Sessions

OURS = f"http://127.0.0.1:{PORT}"


def test_a_link_works_once_and_its_cookie_is_for_the_server_alone(study: OpenStudy) -> None:
    visitor = client(study, signed_in=False)
    sessions = visitor.app._application.state.sessions  # type: ignore[attr-defined]
    link = sessions.link_for(JON)
    answer = visitor.get(link, follow_redirects=False)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/"))
    assert "jon" in visitor.get("/").text
    visitor.cookies.clear()
    assert visitor.get(link).status_code == 403
    assert visitor.get("/").status_code == 401


def test_a_cookie_survives_a_new_start_and_no_forgery(study: OpenStudy) -> None:
    sessions = Sessions(study.folder.root)
    again = Sessions(study.folder.root)
    signed = sessions.signed(MEI)
    assert again.coder({again.cookie: signed}) == MEI
    assert again.coder({again.cookie: signed[:-2] + "xx"}) is None
    assert again.coder({}) is None
    key = study.folder.root / ".serve" / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_whoever_left_the_study_is_signed_out(study: OpenStudy) -> None:
    visitor = client(study, JON)
    design = study.folder.study_file.read_text("utf-8")
    study.folder.study_file.write_text(design.replace('name = "jon"', 'name = "ada"'), "utf-8")
    assert visitor.get("/").status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:80", f"evil.example:{PORT}", ""])
def test_it_answers_under_its_own_address_alone(study: OpenStudy, host: str) -> None:
    answer = client(study).get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert study.study.study.title not in answer.text


@pytest.mark.parametrize("headers", [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": OURS, "Sec-Fetch-Site": "cross-site"},
    {"Origin": OURS, "Sec-Fetch-Site": "same-site"},
    {"Origin": f"http://127.0.0.1:{PORT + 1}"},
])  # fmt: skip
def test_no_other_site_writes_here(study: OpenStudy, headers: Mapping[str, str]) -> None:
    head = study.record.head
    answer = client(study).post(address("/leads"), data={"text": "planted"}, headers=dict(headers))
    assert answer.status_code == 403
    assert study.record.head == head


def test_a_write_without_any_origin_is_refused(study: OpenStudy) -> None:
    visitor = client(study)
    del visitor.headers["Origin"]
    assert visitor.post(address("/leads"), data={"text": "planted"}).status_code == 403


def test_a_tab_of_an_older_version_is_told_to_reload(study: OpenStudy) -> None:
    visitor = client(study)
    answer = visitor.post("/leads?v=000000000000", data={"text": "x"}, headers={"X-Resilens-Script": "1"})
    assert answer.status_code == 409
    assert answer.json()["reload"] is True
    assert visitor.post("/leads", data={"text": "x"}).status_code == 409


def test_every_answer_errors_too_carries_the_policy(study: OpenStudy) -> None:
    visitor = client(study)
    answers = [
        visitor.get("/"), visitor.get("/nowhere"), visitor.get("/static/style.css"), visitor.get("/static/nothing.js"),
        visitor.get("/enter/forged"), visitor.get("/", headers={"Host": "evil.example"}), visitor.post("/leads"),
        client(study, signed_in=False).get("/"),
    ]  # fmt: skip
    for answer in answers:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS, answer.url
    assert "unsafe" not in POLICY


def test_an_own_failure_is_said_without_a_traceback(study: OpenStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.testclient import TestClient

    visitor = client(study)

    def fails(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("resilens.web.screens.study.standing", fails)
    quiet = TestClient(visitor.app, OURS, raise_server_exceptions=False, cookies=visitor.cookies)
    answer = quiet.get("/")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == POLICY
    assert "secret detail" not in answer.text
    assert "Resilens itself failed" in answer.text
