"""Acknowledged is stored: the server killed under five coders, retry storms, two tabs of one coder, a full disk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest
import sqlalchemy as sql
from tests.web.making import JON, MEI, address, client, comment, post, round_of_two, served
from tests.web.making import study as make_study

from resilens.coding.rounds import open_round
from resilens.pipeline import OpenStudy, open_study
from resilens.record.store import Record

ROUNDS, SEED = 20, 20250114
CODERS = [MEI, JON, "ada", "kim", "lin"]
API = "/api/coding/round-1"


@pytest.fixture
def code(study: OpenStudy) -> str:
    return next(one.id for one in study.codebook().codes if not one.second_item)


def act(do: str, **more: Any) -> dict[str, Any]:
    return {"act": str(uuid4()), "do": do, **more}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="server and coders are forked, which this system cannot do")
def test_acknowledged_is_stored_after_twenty_servers_killed_under_five_coders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with make_study(tmp_path, picture=False) as study:
        root = study.folder.root
        more = "".join(f'\n[[coder]]\nname = "{name}"\n' for name in CODERS[2:])
        study.folder.study_file.write_text(study.folder.study_file.read_text("utf-8") + more, "utf-8")
        open_round(study.record, "round-1", "independent", CODERS, MEI, items=study.sampled_items())
    script = Path(__file__).with_name("killing_server.py")
    command = [sys.executable, str(script), str(root), str(ROUNDS), str(SEED)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    with capsys.disabled():
        print(f"\nserver killed {ROUNDS} times under {found['coders']} coders: {found['acknowledged']} acts "
              f"acknowledged, {found['missing']} of them missing, {found['stored']} events stored")  # fmt: skip
    assert found["failed"] == 0, done.stderr
    assert (found["missing"], found["unsound"]) == (0, 0)
    assert found["acknowledged"] > ROUNDS
    # An act is one event, or the one that it sent in vain; a coder killed in between leaves one unacknowledged.
    assert found["acknowledged"] <= found["stored"] <= found["acknowledged"] + len(CODERS) * ROUNDS


def signed_in(link: str) -> httpx.Client:
    visitor = httpx.Client(base_url=link.split("/enter/")[0], timeout=60, follow_redirects=True)
    visitor.headers["Origin"] = str(visitor.base_url).rstrip("/")
    visitor.get(link)
    return visitor


def test_the_same_act_sent_twenty_times_at_once_has_one_effect(study: OpenStudy, code: str) -> None:
    round_of_two(study)
    before = study.record.verify().events
    with served(study, MEI) as (link,), closing(signed_in(link)) as visitor, ThreadPoolExecutor(20) as threads:
        visitor.post(address(f"{API}/acts"), json={"acts": [act("nothing", item_id=post(1))]})
        body = {"acts": [act("set", item_id=post(1), code_id=code, memo="once")]}
        answers = list(threads.map(lambda _: visitor.post(address(f"{API}/acts"), json=body), range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert study.record.verify().events == before + 3
        undo = {"act": str(uuid4())}
        answers = list(threads.map(lambda _: visitor.post(address(f"{API}/undo"), json=undo), range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
    assert study.record.verify(views=True).events == before + 5
    (row,) = study.record.view("codings")
    assert row["nothing_applies"]


def test_two_tabs_of_one_coder_work_on_one_state(study: OpenStudy, code: str) -> None:
    round_of_two(study)
    with served(study, MEI, MEI) as links:
        one, other = map(signed_in, links)
        items = [post(1), comment(1), comment(2), comment(3)]

        def work(tab: httpx.Client) -> list[int]:
            acts = [act("set", item_id=item, code_id=code) for item in items] * 3
            return [tab.post(address(f"{API}/acts"), json={"acts": [one]}).status_code for one in acts]

        with ThreadPoolExecutor(2) as threads:
            assert {code for codes in threads.map(work, (one, other)) for code in codes} == {200}
        assert sorted(row["item_id"] for row in study.record.view("codings")) == sorted(items)
        assert len(list(study.record.events("coding.set"))) == len(items)  # what was so already is no event
        with ThreadPoolExecutor(2) as threads:  # both undo: each act once, whoever asks
            told = list(threads.map(lambda tab: [tab.post(address(f"{API}/undo"), json={"act": str(uuid4())}).json()
                                                 for _ in items], (one, other)))  # fmt: skip
        undone = [answer["undone"]["item_id"] for answers in told for answer in answers if answer["undone"]]
        assert sorted(undone) == sorted(items)
        assert one.get(API).json()["read"] == other.get(API).json()["read"] == 0
        one.close()
        other.close()


def test_a_record_that_may_not_grow_says_so_and_keeps_nothing_half(study: OpenStudy, code: str) -> None:
    round_of_two(study)
    pages: list[int] = []

    @sql.event.listens_for(study.record._engine, "checkout")
    def limited(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages[-1] if pages else 1 << 30}")

    visitor = client(study)
    pages.append(1)  # SQLite takes it for the pages there are
    stored, refused = _until_full(visitor, code)
    assert refused.status_code == 507
    assert refused.json()["faults"] == [
        {"message": "cannot grow: the disk is full; make room and try again", "where": "work.sqlite"}
    ]
    again = json.loads(refused.request.content)
    assert all(study.record.event(UUID(name)) for name in stored)
    assert study.record.event(UUID(again["acts"][0]["act"])) is None
    assert study.record.verify(views=True).sound
    pages.append(1 << 30)
    assert visitor.post(address(f"{API}/acts"), json=again).json()["results"][0]["saved"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)], capture_output=True,
                             check=False) if shutil.which("mount") else None  # fmt: skip
    if mounted is None or mounted.returncode:
        pytest.skip("a small disk of its own needs the right to mount one")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_full_says_so_and_keeps_nothing_half(study: OpenStudy, code: str, small_disk: Path) -> None:
    round_of_two(study)
    study.close()
    root = small_disk / "study"
    shutil.copytree(study.folder.root, root, ignore=shutil.ignore_patterns("captures"))
    ballast = small_disk / "ballast"
    with open_study(root) as moved:
        visitor = client(moved)
        assert visitor.get(API).status_code == 200
        room = shutil.disk_usage(small_disk).free - 200_000
        ballast.write_bytes(b"x" * room)
        stored, refused = _until_full(visitor, code)
        assert (refused.status_code, "make room" in refused.text) == (507, True), refused.text
        again = json.loads(refused.request.content)
        ballast.unlink()
        assert all(moved.record.event(UUID(name)) for name in stored)
        assert moved.record.event(UUID(again["acts"][0]["act"])) is None
        assert visitor.post(address(f"{API}/acts"), json=again).json()["results"][0]["saved"]
        assert moved.record.verify(views=True).sound
    with Record.open(root / "work.sqlite") as record:
        assert all(record.event(UUID(name)) for name in [*stored, again["acts"][0]["act"]])


def _until_full(visitor: Any, code: str) -> tuple[list[str], httpx.Response]:
    """Code until it is refused: the acts that were saved, and the refusal."""
    stored: list[str] = []
    for number in range(500):
        one = act("set", item_id=post(1), code_id=code, memo=f"{number}" + "x" * 5_000)
        answer = visitor.post(address(f"{API}/acts"), json={"acts": [one]})
        if answer.status_code != 200:
            return stored, answer
        assert answer.json()["results"][0]["saved"]
        stored.append(one["act"])
    raise AssertionError("the disk never filled")
