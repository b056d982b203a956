"""Hostile files: a clear line each, memory bounded, and everything behind the hostile record is read."""

from __future__ import annotations

import json
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from tests.capture.reading import COMMENT_ID, POST_ID, broken, comments, envelope, opened, read, thread

from resilens.capture import limits

HEADER = "comment_id,note_id,content,parent_comment_id,create_time,like_count\n"
ROW = f"{COMMENT_ID},{POST_ID},欢迎,0,1736835000000,3\n"


def line(**changed: Any) -> str:
    return json.dumps(envelope("xiaohongshu-comments", thread() | changed)) + "\n"


def nested(levels: int) -> dict[str, Any]:
    item = thread()
    for _ in range(levels):
        item = thread() | {"sub_comments": [item]}
    return item


@pytest.mark.parametrize("levels", [190, 300, 2000])
def test_nesting_beyond_every_real_item_is_one_broken_record(tmp_path: Path, levels: int) -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        deep = json.dumps(envelope("xiaohongshu-comments", nested(levels)))
    finally:
        sys.setrecursionlimit(limit)
    found = read(tmp_path, line() + deep + "\n" + line())
    if levels == 190:
        assert not broken(found)
        assert len(comments(found)) == 3 * 2 + 190 + 3
    else:
        (one,) = broken(found)
        assert (one.line, one.reason) == (2, "the line is nested more than 400 levels deep")
        assert len(comments(found)) == 6


def test_deep_brackets_in_an_array_and_in_a_text(tmp_path: Path) -> None:
    array = "[" + json.dumps(thread()) + ", " + '{"a":' * 500 + "1" + "}" * 500 + ", " + json.dumps(thread()) + "]"
    found = read(tmp_path, array)
    assert [one.reason for one in broken(found)] == ["this element is nested more than 400 levels deep"]
    assert len(comments(found)) == 6
    assert not broken(read(tmp_path, line(content="[{" * 500 + '\\"')))


def test_a_line_beyond_the_limit_is_passed_over_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LONGEST_LINE", 100_000)
    capture = opened(tmp_path, line() + line(content="x" * 5_000_000) + line())
    capture.source.encoding  # noqa: B018 - reads the file once, in pieces
    tracemalloc.start()
    found = list(capture.read())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [one.line for one in broken(found)] == [2]
    assert "the line is longer than" in broken(found)[0].reason
    assert len(comments(found)) == 6
    assert peak < 1_500_000


def test_a_long_row_of_a_table_is_one_broken_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LONGEST_LINE", 100_000)
    for long in ("x" * 300_000 + "\n", "a," * 200_000 + "\n", '"' + "x" * 300_000 + "\n"):
        found = read(tmp_path, HEADER + ROW + long + ROW)
        assert [one.line for one in broken(found)] == [3]
        assert "the line is longer than" in broken(found)[0].reason
        assert len(comments(found)) == 2


@pytest.mark.parametrize("content", [
    HEADER + ROW.replace("欢迎", "欢\0迎") + ROW, line(content="欢\0迎"), "\0" * 300 + "\n" + line(),
    line().replace("\n", "\0\n"),
])  # fmt: skip
def test_nul_bytes_neither_stop_nor_hide_a_record(tmp_path: Path, content: str) -> None:
    capture = opened(tmp_path, content)
    found = list(capture.read())
    assert "NUL" in capture.source.encoding or "\\u0000" in content
    assert comments(found)
    assert all("NUL" in one.reason for one in broken(found))


def test_invalid_encodings_are_said_with_their_place(tmp_path: Path) -> None:
    capture = opened(tmp_path, (HEADER + ROW * 3).encode() + b"\xff\xfe" + ROW.encode())
    assert len(comments(list(capture.read()))) == 4
    assert "replaced (byte " in capture.source.encoding


def test_formulas_are_stored_as_they_are(tmp_path: Path) -> None:
    (one,) = comments(read(tmp_path, HEADER + ROW.replace("欢迎", "=HYPERLINK(1)")))
    assert one.text == "=HYPERLINK(1)"


def test_half_a_character_in_any_field_stops_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, line(ip_location="\ud83d", like_count="\ud83d") + line(id="6786\ud83d"))
    assert len(found) == 6
