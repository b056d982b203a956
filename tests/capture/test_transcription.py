"""What the transcription desk keeps is read as a capture of its own, and read back as it was typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.capture.reading import POST_ID, broken, comments, opened, posts, read

from resilens.capture.files import Source
from resilens.capture.reader import Options
from resilens.capture.records import Person
from resilens.capture.transcription import Transcription, Typed, content, own_id, read_back

KEY = "0123456789ab"
SHOT = "a" * 64
POST = Typed(0, "", "momo", "2025-01-14 12:08", "美国", "Hi", "cat tax #rednote", ("猫税",), {"likes": "1.2万"},
             f"https://www.xiaohongshu.com/explore/{POST_ID}?xsec_token=SECRET", ("https://pictures/1",))  # fmt: skip
FIRST = Typed(1, author="阿猫", time="昨天 12:30", text="欢迎", counts={"likes": "3", "replies": "1"})
SECOND = Typed(2, author="momo", text="thanks", answers=1)
WHOLE = Transcription(KEY, "rednote", "UTC+08:00", "2025-01-15T09:00+08:00", (SHOT,), "mei", "", POST,
                      (FIRST, SECOND), 2)  # fmt: skip


def test_a_post_with_comments_and_an_answer(tmp_path: Path) -> None:
    found = read(tmp_path, content(WHOLE))
    (post,), (first, second) = posts(found), comments(found)
    assert (post.native_id, post.title, post.published) == (POST_ID, "Hi", "2025-01-14 12:08")
    assert post.counts["likes"] == "1.2万"
    assert post.author == Person(None, "momo", name_is_identity=True)
    assert post.media == ("https://pictures/1", SHOT)
    assert (first.native_id, first.parent) == (own_id(KEY, 1), None)
    assert (second.post, second.parent) == (POST_ID, own_id(KEY, 1))
    assert {record.flags for record in (post, first, second)} == {("transcribed",)}


def test_its_zone_and_who_typed_it_are_said_by_the_file(tmp_path: Path) -> None:
    capture = opened(tmp_path, content(WHOLE))
    assert capture.reader.name == "transcription"
    assert capture.options.zone == "UTC+08:00"
    assert capture.own == {"key": KEY, "transcriber": "mei"}
    assert opened(tmp_path, content(WHOLE), Options(zone="UTC")).options.zone == "UTC"


def test_an_id_is_that_of_the_platform_where_it_is_known() -> None:
    assert WHOLE.native(0) == POST_ID
    assert Transcription(KEY, post=Typed()).native(0) == own_id(KEY, 0)
    assert Transcription(KEY, post=Typed(id=POST.url)).native(0) == POST_ID
    assert Transcription(KEY, post=Typed(id="abc", url=POST.url)).native(0) == "abc"
    assert len({own_id(KEY, entry) for entry in range(100)}) == 100


def test_other_lines_are_quarantined(tmp_path: Path) -> None:
    found = read(tmp_path, content(WHOLE) + b'{"other": 1}\n{"transcription": 1,\n')
    assert [one.line for one in broken(found)] == [4, 5]
    assert len(comments(found)) == 2


_TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
_TYPED = st.builds(Typed, id=st.just(""), author=_TEXT, time=_TEXT, title=st.just(""), text=_TEXT,
                   counts=st.dictionaries(st.sampled_from(("likes", "replies")), _TEXT.filter(bool)),
                   media=st.lists(_TEXT).map(tuple))  # fmt: skip


@given(st.lists(_TYPED, max_size=4), st.data())
def test_what_was_typed_is_read_back(typed: list[Typed], data: st.DataObject) -> None:
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    entries = tuple(replace(one, entry=number, answers=data.draw(st.integers(0, number - 1)))
                    for number, one in enumerate(typed, 1))  # fmt: skip
    whole = replace(WHOLE, comments=entries, last=len(entries) + 1)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.jsonl"
        path.write_bytes(content(whole))
        back, erased = read_back(path)
        assert erased == 0
        assert replace(back, post=whole.post) == whole
        assert replace(back.post, id="") == whole.post  # the id stood in its address
        assert sum(1 for _ in Source(path).records()) == len(entries) + 1


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\x1c", "\v", "\r"])
def test_no_character_in_a_text_ends_a_line(tmp_path: Path, separator: str) -> None:
    text = f"one{separator}two"
    path = tmp_path / "x"
    path.write_bytes(content(Transcription(KEY, transcriber="mei", post=Typed(text=text))))
    assert read_back(path)[0].post.text == text
    assert posts(read(tmp_path, path.read_bytes()))[0].text == text


def test_the_file_is_json_a_line() -> None:
    assert [json.loads(line)["entry"] for line in content(WHOLE).splitlines()] == [0, 1, 2]


def test_no_number_is_given_twice_and_answers_stay_in_the_thread() -> None:
    third = WHOLE.with_comment(answers=2)
    assert (third.comments[-1], third.last) == (Typed(3, answers=2), 3)
    without = third.without_comment(2)
    assert [(one.entry, one.answers) for one in without.comments] == [(1, 0), (3, 1)]
    assert without.without_comment(3).with_comment().comments[-1].entry == 4
    assert WHOLE.without_comment(9) == WHOLE
    assert Transcription(KEY).with_comment().last == 1
