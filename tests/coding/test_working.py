"""A person codes: what is set stands, what is refused says why, what is asked twice is done once."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from tests.coding.bench import PICTURE, standing, work_of

from resilens.coding.assignments import read_of
from resilens.coding.codes import Codebook
from resilens.coding.rounds import freeze
from resilens.coding.spans import digest
from resilens.coding.working import Work, events_of, nothing_applies, remove_code, set_code, take_back_nothing
from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.record.store import Record

Texts = Mapping[str, Mapping[str, str]]
POST, REPLY = "rednote:p:aa1", "rednote:c:bb1"
CODE = {"item_id": POST, "code_id": "practice.tribute"}
REGION = {**CODE, "media_id": PICTURE, "x": 0, "y": 0, "w": 240, "h": 160}


@pytest.fixture
def work(record: Record, book: Codebook, texts: Texts) -> Work:
    return work_of(record, book, texts)


def read(work: Work) -> set[str]:
    return read_of(work.record, work.round, work.coder)


def test_a_code_is_set_on_an_item_a_span_a_region_and_a_relation(work: Work, texts: Texts) -> None:
    text = texts[POST]["text"]
    start = text.index("🐈")
    set_code(work, CODE, memo="a cat")
    set_code(work, {**CODE, "field": "text", "start": start, "end": start + 1})
    set_code(work, {**CODE, "field": "title", "start": 0, "end": len(texts[POST]["title"])})
    set_code(work, REGION)
    set_code(work, {"item_id": POST, "code_id": "relation.compares", "second_item": REPLY})
    rows = work.own([POST])
    assert [row["memo"] for row in rows] == ["a cat", "", "", "", ""]
    assert (rows[1]["text_sha256"], text[rows[1]["start"] : rows[1]["end"]]) == (digest(text), "🐈")
    assert [row["second_item"] for row in rows] == ["", "", "", "", REPLY]
    assert {(row["coder"], row["round_id"], row["codebook_version"], row["actor_kind"]) for row in rows} == {
        ("mei", "round-1", 1, "human")
    }
    assert read(work) == {POST}


def test_a_span_of_a_translation_lies_in_its_text(work: Work) -> None:
    body = {"translation_id": "t1", "item_id": REPLY, "text": "Welcome!", "engine": "by hand", "text_sha256": "0" * 64}
    work.record.append(Draft("translation.added", "t1", body, "mei"))
    mark = {"item_id": REPLY, "code_id": "practice.welcome", "field": "translation:t1", "start": 0}
    set_code(work, {**mark, "end": 8})
    assert work.own([REPLY])[0]["text_sha256"] == digest("Welcome!")
    with pytest.raises(InputError, match=r"the translation:t1 has 8 characters \(code points\); the span ends at 9"):
        set_code(work, {**mark, "end": 9})
    with pytest.raises(InputError, match="this post has no translation:t1"):
        set_code(work, {**mark, "item_id": POST, "end": 3})


@pytest.mark.parametrize(("mark", "words", "where"), [
    ({**CODE, "field": "text", "start": 0, "end": 30}, "the text has 28 characters", "end"),
    ({**CODE, "field": "text", "start": 5, "end": 5}, "end must be greater than start", ""),
    ({**CODE, "field": "body", "start": 0, "end": 5}, "field is '', 'title', 'text'", ""),
    ({**CODE, "start": 0, "end": 5}, "start and end need field", ""),
    ({"item_id": REPLY, "code_id": "practice.welcome", "field": "title", "start": 0, "end": 1},
     "this comment has no title", "field"),
    ({**REGION, "w": 241}, "leaves the picture, which is 240 by 160", "w"),
    ({**REGION, "y": 1}, "leaves the picture", "w"),
    ({**REGION, "x": 10**40}, "leaves the picture", "w"),
    ({**REGION, "media_id": "b" * 64}, "does not belong to the item", "media_id"),
    ({**REGION, "h": None}, "a region has x, y, w, h and media_id, all of them", ""),
    ({"item_id": POST, "code_id": "practice.tributes"}, "did you mean 'practice.tribute'", "code_id"),
    ({"item_id": POST, "code_id": "affect.other"}, "Other is retired", "code_id"),
    ({"item_id": POST, "code_id": "relation.compares"}, "relates two items", "second_item"),
    ({"item_id": POST, "code_id": "relation.compares", "second_item": POST}, "no other captured item", "second_item"),
    ({"item_id": POST, "code_id": "relation.compares", "second_item": "x"}, "no other captured item", "second_item"),
    ({**CODE, "second_item": REPLY}, "takes no second one", "second_item"),
    ({"item_id": "rednote:p:zz", "code_id": "stage.adapt"}, "not among the items you read in round-1", "item_id"),
    ({"item_id": POST, "code_id": ""}, "code_id is empty", ""),
    ({"item_id": POST, "nothing_applies": True}, "not both", "code_id"),
    ({**CODE, "colour": "red"}, "unknown key", "colour"),
])  # fmt: skip
def test_what_cannot_be_set_says_why(work: Work, mark: dict[str, Any], words: str, where: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        set_code(work, mark)
    assert [fault.where for fault in caught.value.faults] == [where]
    assert work.record.count("codings") == 0


def test_nothing_applies_is_not_unread_and_not_beside_a_code(work: Work) -> None:
    nothing_applies(work, POST)
    assert nothing_applies(work, POST) == []
    assert (read(work), work.own([POST])[0]["nothing_applies"]) == ({POST}, True)
    set_code(work, CODE)
    assert [row["code_id"] for row in work.own([POST])] == ["practice.tribute"]
    with pytest.raises(InputError, match="nothing cannot apply where you have a coding on this item"):
        nothing_applies(work, POST)
    nothing_applies(work, REPLY)
    take_back_nothing(work, REPLY)
    assert (work.own([REPLY]), take_back_nothing(work, REPLY), read(work)) == ([], [], {POST})


def test_what_is_so_already_appends_nothing_and_a_memo_changes_alone(work: Work) -> None:
    set_code(work, CODE, memo="why")
    assert set_code(work, CODE) == []
    assert set_code(work, CODE, memo="why") == []
    set_code(work, CODE, memo="because")
    assert [row["memo"] for row in work.own([POST])] == ["because"]
    assert remove_code(work, {**CODE, "field": "text", "start": 0, "end": 1}) == []
    remove_code(work, CODE)
    assert (work.own([POST]), remove_code(work, CODE)) == ([], [])


def test_a_code_retired_meanwhile_keeps_its_codings_and_their_memos(work: Work) -> None:
    set_code(work, CODE)
    codes = [replace(code, status="retired") if code.id == CODE["code_id"] else code for code in work.book.codes]
    retired = replace(work.book, codes=tuple(codes))
    later = Work(work.record, work.round, "mei", retired, 2, work.may_read, work.find)
    assert set_code(later, CODE) == []
    set_code(later, CODE, memo="still")
    with pytest.raises(InputError, match="Cat tax is retired"):
        set_code(later, {**CODE, "item_id": REPLY})


def test_an_act_handed_in_again_is_the_same_act_whatever_came_after(work: Work) -> None:
    act = uuid4()
    nothing_applies(work, POST)
    first = set_code(work, CODE, "why", act)
    assert [event.kind for event in first] == ["coding.set", "coding.removed"]
    assert first[0].event_id == act
    assert {event.body["act"] for event in first if event.body} == {str(act)}
    remove_code(work, CODE)
    assert set_code(work, CODE, "why", act) == first == events_of(work.record, act)
    assert work.own([POST]) == []
    freeze(work.record, "round-1", "mei")
    assert set_code(work, CODE, "why", act) == first
    for other in (lambda: set_code(work, {**CODE, "item_id": REPLY}, "why", act),
                  lambda: set_code(work, CODE, "else", act), lambda: remove_code(work, CODE, act)):  # fmt: skip
        with pytest.raises(InputError, match="identifier of a different act"):
            other()


def test_the_same_act_from_twenty_threads_is_one(work: Work) -> None:
    act = uuid4()
    nothing_applies(work, POST)
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: set_code(work, CODE, None, act), range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert work.record.count("codings") == 1
    assert len(list(work.record.events(subject=POST))) == 3


def test_two_tabs_cannot_make_an_item_both_coded_and_empty(work: Work) -> None:
    def one(place: int) -> None:
        try:
            if place % 2:
                set_code(work, CODE)
            else:
                nothing_applies(work, POST)
        except InputError as error:
            assert "nothing cannot apply" in str(error)  # noqa: PT017

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(16)))
    assert [row["nothing_applies"] for row in work.own([POST])] == [False]


def test_nobody_codes_in_a_round_of_others_or_one_that_is_over(work: Work, book: Codebook, texts: Texts) -> None:
    with pytest.raises(InputError, match="kim does not code in round-1; mei, jon do"):
        set_code(work_of(work.record, book, texts, "kim"), CODE)
    decided = {**CODE, "applies": True}
    work.record.append(Draft("consensus.decided", POST, decided, "mei", round_id="round-1"))
    with pytest.raises(InputError, match="consensus has begun on round-1"):
        set_code(work, CODE)
    freeze(work.record, "round-1", "mei")
    for refused in (lambda: set_code(work, CODE), lambda: nothing_applies(work, POST)):
        with pytest.raises(InputError, match="round-1 is frozen: what was coded in it changes no more"):
            refused()
    assert standing(work) == {}
