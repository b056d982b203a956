"""What the coding screen is told, what becomes of its acts, and what it is never told of others."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.web.making import JON, MEI, address, client, comment, post, round_of_two

from resilens.coding import leads, rounds, translations
from resilens.pipeline import OpenStudy
from resilens.record.events import Draft
from resilens.record.sqlite import StorageError
from resilens.record.store import Record

API = "/api/coding/round-1"


def act(do: str, **more: Any) -> dict[str, Any]:
    return {"act": str(uuid4()), "do": do, **more}


def send(visitor: TestClient, *acts: dict[str, Any], api: str = API) -> dict[str, Any]:
    answer = visitor.post(address(f"{api}/acts"), json={"acts": list(acts)})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def undo(visitor: TestClient) -> dict[str, Any]:
    return dict(visitor.post(address(f"{API}/undo"), json={"act": str(uuid4())}).json())


@pytest.fixture
def code(study: OpenStudy) -> str:
    """A code that needs no second item."""
    return next(one.id for one in study.codebook().codes if not one.second_item and one.facet == "practice")


def test_a_round_tells_what_one_reads_in_the_order_of_the_threads(study: OpenStudy, code: str) -> None:
    round_of_two(study)
    visitor = client(study)
    told = visitor.get(API).json()
    assert told["round"] == {"id": "round-1", "title": "", "mode": "independent", "state": "open"}
    assert [one["id"] for one in told["items"]][:4] == [post(1), comment(1), comment(2), comment(3)]
    assert (len(told["items"]), told["read"], told["finished"], told["can_undo"]) == (12, 0, False, False)
    assert [group["id"] for group in told["groups"]] == ["refugees", "natives"]
    assert told["codebook"]["version"] == 1
    (tribute,) = [one for one in told["codebook"]["codes"] if one["id"] == code]
    assert tribute["active"]
    assert tribute["key"]
    assert tribute["colour"]
    send(visitor, act("set", item_id=post(1), code_id=code), act("finish"))
    told = visitor.get(API).json()
    assert [one["read"] for one in told["items"]][:2] == [True, False]
    assert (told["read"], told["finished"], told["can_undo"], told["next"]) == (1, True, True, comment(1))


def test_acts_are_saved_or_refused_one_by_one_and_undone_without_limit(study: OpenStudy, code: str) -> None:
    round_of_two(study)
    visitor = client(study)
    span = {"item_id": post(1), "code_id": code, "field": "text", "start": 18, "end": 19}
    acts = [act("nothing", item_id=comment(2)), act("set", **span, memo="a cat"),
            act("set", **span | {"end": 9_999}), act("set", item_id=comment(2), code_id=code)]  # fmt: skip
    told = send(visitor, *acts)
    assert [one["saved"] for one in told["results"]] == [True, True, False, True]
    assert [one["act"] for one in told["results"]] == [one["act"] for one in acts]
    assert "the span ends at 9999" in told["results"][2]["faults"][0]["message"]
    assert (told["read"], told["can_undo"]) == (2, True)
    (coding,) = told["codings"][post(1)]
    assert coding == {
        "item_id": post(1), "code_id": code, "nothing_applies": False, "field": "text", "start": 18, "end": 19,
        "media_id": "", "x": None, "y": None, "w": None, "h": None, "start_ms": None, "end_ms": None,
        "second_item": "", "memo": "a cat", "coder": MEI, "outdated": False,
    }  # fmt: skip
    assert send(visitor, *acts) == told
    names = {one.id: one.name for one in study.codebook().codes}
    words = []
    while told["can_undo"]:
        told = undo(visitor)
        words.append((told["undone"]["item_id"], told["undone"]["words"]))
    assert words == [(comment(2), f"+ nothing applies, − {names[code]}"), (post(1), f"− {names[code]}"),
                     (comment(2), "− nothing applies")]  # fmt: skip
    assert undo(visitor) == {"undone": None, "codings": {}, "read": 0, "can_undo": False}


def test_a_thread_comes_with_all_that_is_shown_on_it(study: OpenStudy, code: str) -> None:
    round_of_two(study)
    visitor = client(study)
    send(visitor, act("set", item_id=comment(1), code_id=code),
         act("note", memo_id="n1", about=[comment(1)], text="税?"),
         act("group", author=study_author(visitor), group="natives", reason="says so"))  # fmt: skip
    with study.corpus() as corpus:
        translations.add_translation(study.record, corpus, comment(1), "text", "Welcome! Tax received", language="en",
                                     engine="by hand", actor=MEI)  # fmt: skip
    leads.note_lead(study, leads.Seen("seen on Weibo", items=(comment(1),)), actor=JON)
    told = visitor.get(f"{API}/threads/{post(1)}").json()
    assert told["post"]["item_id"] == post(1)
    assert (told["post"]["mine"], told["post"]["shown"]) == (True, "2025-01-14 00:00")
    assert told["post"]["published_at"] == "2025-01-13T16:00:00Z"
    assert told["post"]["group"] == "natives"
    assert [one["item_id"] for one in told["comments"]] == [comment(1), comment(2), comment(3)]
    assert [(one["item_id"], one["coder"]) for one in told["codings"]] == [(comment(1), MEI)]
    assert [(one["text"], one["coder"], one["type"]) for one in told["notes"]] == [("税?", MEI, "memo")]
    assert [one["text"] for one in told["translations"][comment(1)]] == ["Welcome! Tax received"]
    assert [one["text"] for one in told["leads"][comment(1)]] == ["seen on Weibo"]
    (picture,) = told["media"].values()
    assert (picture["width"], picture["height"], picture["kind"]) == (240, 160, "image")
    assert list(told["media"]) == told["post"]["media"]
    (media_id,) = told["post"]["media"]
    region = {"item_id": post(1), "code_id": code, "media_id": media_id, "x": 1, "y": 1, "w": 239, "h": 9}
    assert send(visitor, act("set", **region))["results"][0]["saved"]
    assert not send(visitor, act("set", **region | {"w": 240}))["results"][0]["saved"]


def study_author(visitor: TestClient) -> str:
    return str(visitor.get(f"{API}/threads/{post(1)}").json()["post"]["author"])


def test_an_item_says_which_claims_lean_on_it(study: OpenStudy) -> None:
    round_of_two(study)
    body = {"claim_id": "c1", "statement": "Cats open doors", "evidence_for": [comment(1)],
            "evidence_against": [f"{post(1)} [0:3]"], "status": "tentative"}  # fmt: skip
    study.record.append(Draft("claim.changed", "c1", body, MEI))
    told = client(study).get(f"{API}/threads/{post(1)}").json()["claims"]
    assert told == {comment(1): [{"id": "c1", "statement": "Cats open doors", "side": "for"}],
                    post(1): [{"id": "c1", "statement": "Cats open doors", "side": "against"}]}  # fmt: skip


def test_of_a_blind_round_no_byte_depends_on_the_other_coder(study: OpenStudy, code: str) -> None:
    round_of_two(study)
    mei, jon = client(study), client(study, JON)
    send(mei, act("set", item_id=post(1), code_id=code))
    addresses = [API, *(f"{API}/threads/{post(number)}" for number in (1, 2, 3))]
    before = [mei.get(address).content for address in addresses]
    send(jon, act("set", item_id=post(1), code_id=code, memo="mine"), act("nothing", item_id=comment(1)),
         act("note", memo_id="j1", about=[post(1)], text="I think"), act("finish"))  # fmt: skip
    assert [mei.get(address).content for address in addresses] == before
    rounds.freeze(study.record, "round-1", MEI)
    frozen = [mei.get(address).json() for address in addresses]
    assert [one["coder"] for one in frozen[1]["codings"]] == [MEI]
    assert not frozen[0]["can_undo"]
    rounds.reveal(study.record, "round-1", MEI)
    revealed = mei.get(addresses[1]).json()
    assert [one["coder"] for one in revealed["codings"]] == [MEI, JON, JON]
    assert [one["coder"] for one in revealed["notes"]] == [JON]


def test_who_reads_together_sees_all_at_once(study: OpenStudy, code: str) -> None:
    round_of_two(study, "round-2", "joint")
    api = "/api/coding/round-2"
    send(client(study, JON), act("set", item_id=post(1), code_id=code),
         act("argue", memo_id="a1", about=[post(1), code], text="since"), api=api)  # fmt: skip
    told = client(study).get(f"{api}/threads/{post(1)}").json()
    assert [one["coder"] for one in told["codings"]] == [JON]
    assert [(one["type"], one["text"]) for one in told["notes"]] == [("argument", "since")]


def test_only_what_is_assigned_is_mine_and_can_be_coded(study: OpenStudy, code: str) -> None:
    rounds.open_round(study.record, "round-1", "independent", [MEI, JON], MEI, leads=[MEI],
                      assignments={JON: [post(2), comment(4), comment(5), comment(6)]})  # fmt: skip
    jon = client(study, JON)
    assert [one["id"] for one in jon.get(API).json()["items"]] == [post(2), comment(4), comment(5), comment(6)]
    told = jon.get(f"{API}/threads/{post(1)}").json()
    assert [one["mine"] for one in (told["post"], *told["comments"])] == [False] * 4
    (result,) = send(jon, act("set", item_id=post(1), code_id=code))["results"]
    assert "not among the items you read" in result["faults"][0]["message"]
    assert len(client(study).get(API).json()["items"]) == 12


def test_a_round_over_part_of_the_sample_or_beyond_it(study: OpenStudy, code: str) -> None:
    rounds.open_round(study.record, "round-1", "joint", [MEI], MEI, items=[comment(2), post(4)])
    visitor = client(study)
    told = visitor.get(API).json()
    assert [(one["id"], one["post"]) for one in told["items"]] == [(comment(2), post(1)), (post(4), post(4))]
    thread = visitor.get(f"{API}/threads/{post(1)}").json()
    assert [(one["item_id"], one["mine"]) for one in (thread["post"], *thread["comments"])] == [
        (post(1), False), (comment(1), False), (comment(2), True),
    ]  # fmt: skip
    span = act("set", item_id=post(4), code_id=code, field="title", start=0, end=2)
    assert send(visitor, span)["results"][0]["saved"]


@pytest.mark.parametrize(("path", "status"), [
    ("/api/coding/round-9", 422), ("/api/coding/round-1/threads/nothing", 422), ("/api/coding/others", 403),
])  # fmt: skip
def test_what_is_not_there_or_not_ones_own_is_said(study: OpenStudy, path: str, status: int) -> None:
    round_of_two(study)
    rounds.open_round(study.record, "others", "independent", [JON], MEI, leads=[MEI])
    answer = client(study).get(path)
    assert (answer.status_code, bool(answer.json()["faults"])) == (status, True)
    assert client(study, signed_in=False).get(path).status_code == 401


@pytest.mark.parametrize("body", [{}, {"acts": "all"}, {"acts": [3]}, {"acts": [], "more": 1}])
def test_what_cannot_be_read_is_refused(study: OpenStudy, body: dict[str, Any]) -> None:
    round_of_two(study)
    answer = client(study).post(address(f"{API}/acts"), json=body)
    assert (answer.status_code, bool(answer.json()["faults"])) == (422, True)
    assert client(study).post(address(f"{API}/undo"), json={"act": "yesterday"}).status_code == 422


def test_hostile_words_come_back_as_they_were_sent(study: OpenStudy, code: str) -> None:
    round_of_two(study)
    visitor = client(study)
    hostile = "</script><script>alert(1)</script>\u202e\x00\ufeff👩‍👩‍👧" + "x" * 100_000
    told = send(visitor, act("set", item_id=post(1), code_id=code, memo=hostile),
                act("note", memo_id=hostile, about=[post(1)], text=hostile),
                {"act": hostile, "do": hostile, "item_id": hostile},
                act("set", item_id=hostile, code_id=hostile))  # fmt: skip
    assert [one["saved"] for one in told["results"]] == [True, True, False, False]
    assert told["codings"][post(1)][0]["memo"] == hostile
    raw = b'{"acts": [{"act": "\\ud800", "do": "note", "memo_id": "\\ud800", "about": [], "text": "\\ud800"}]}'
    answer = visitor.post(address(f"{API}/acts"), content=raw, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["results"][0]["saved"]) == (200, False)


def test_a_record_that_cannot_be_written_keeps_nothing_half_and_says_so(
    study: OpenStudy, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_of_two(study)
    visitor = client(study)

    def full(*_: object) -> None:
        raise StorageError("work.sqlite cannot grow: the disk is full")

    monkeypatch.setattr(Record, "append_decided", full)
    for path, body in ((f"{API}/acts", {"acts": [act("set", item_id=post(1), code_id=code)]}),
                       (f"{API}/undo", {"act": str(uuid4())})):  # fmt: skip
        answer = visitor.post(address(path), json=body)
        assert (answer.status_code, "disk is full" in answer.json()["faults"][0]["message"]) == (507, True)
