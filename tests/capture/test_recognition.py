"""Files are recognised by content: not by name, not defeated by extra columns; and no damage escapes as an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.capture.reading import card, envelope, opened, thread, tiktok_comment, tiktok_post
from tests.capture.test_mediacrawler import OLD_COMMENT, OLD_POST, new, written
from tests.capture.test_rednote import FEED, THREAD
from tests.capture.test_table import SCREENSHOTS, TABLE

from resilens.capture import registry
from resilens.capture.reader import Options
from resilens.capture.records import Broken, CapturedComment, CapturedPost
from resilens.errors import InputError

SMALL: dict[str, tuple[str, Any]] = {
    "zeeschuimer": (
        "zeeschuimer",
        [
            envelope("xiaohongshu.com", card()),
            envelope("xiaohongshu-comments", thread()),
            envelope("tiktok.com", tiktok_post()),
            envelope("tiktok-comments", tiktok_comment()),
        ],
    ),
    "answers": ("rednote-api", [FEED, THREAD]),
    "answer": ("rednote-api", json.dumps(FEED, indent=1, ensure_ascii=False)),
    "posts": ("mediacrawler", written([OLD_POST, OLD_POST])),
    "comments": ("mediacrawler", written([new(OLD_COMMENT), new(OLD_COMMENT)])),
    "gb18030": ("mediacrawler", written([OLD_POST, OLD_POST]).removeprefix("\ufeff").encode("gb18030")),
    "array": ("mediacrawler", written([OLD_POST, new(OLD_POST)], "json")),
    "table": ("table", TABLE),
    "screenshots": ("table", SCREENSHOTS.replace("post_url", "note")),
}


def content_of(name: str) -> bytes:
    content = SMALL[name][1]
    if isinstance(content, list):
        content = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in content)
    return content.encode() if isinstance(content, str) else content


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("called", ["a", "posts.xlsx", "tiktok-export (1)【新】.ndjson", "comments.csv"])
def test_the_name_of_a_file_says_nothing(tmp_path: Path, name: str, called: str) -> None:
    path = tmp_path / called
    path.write_bytes(content_of(name))
    reader, why = registry.recognise(path)
    assert reader.name == SMALL[name][0]
    assert why


def test_extra_columns_and_another_order_never_defeat_recognition(tmp_path: Path) -> None:
    row = {"984": "", "my note": "x", "gender": "f", **dict(reversed(OLD_COMMENT.items())), "coded": "yes"}
    assert opened(tmp_path, written([row])).reader.name == "mediacrawler"
    assert opened(tmp_path, [envelope("tiktok.com", tiktok_post(), extra=1)]).reader.name == "zeeschuimer"


def test_damage_in_the_first_lines_does_not_hide_what_follows(tmp_path: Path) -> None:
    good = json.dumps(envelope("tiktok.com", tiktok_post()))
    capture = opened(tmp_path, f'{{"half": \n{good}\n')
    assert capture.reader.name == "zeeschuimer"
    assert [type(one) for one in capture.read()] == [Broken, CapturedPost]


def test_files_of_other_platforms_do_not_pass_for_rednote(tmp_path: Path) -> None:
    row = {**OLD_COMMENT, "note_id": "5123456789012345", "comment_id": "5123456789012399"}
    assert opened(tmp_path, written([row])).reader.name == "table"


def test_where_nothing_fits_the_error_says_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no reader fits: this is a text table.*Zeeschuimer.*MediaCrawler.*--reader"):
        opened(tmp_path, "just\nsome\nlines\n")


def test_a_reader_may_be_named(tmp_path: Path) -> None:
    capture = opened(tmp_path, TABLE, Options(reader="table"))
    assert (capture.reader.name, capture.why) == ("table", "named with --reader")
    with pytest.raises(InputError, match="there is no reader 'zeeshuimer'; did you mean 'zeeschuimer'?"):
        opened(tmp_path, TABLE, Options(reader="zeeshuimer"))


def test_the_registry_names_every_reader_once_and_the_table_last() -> None:
    assert [reader.name for reader in registry.READERS.values()] == list(registry.READERS)
    assert list(registry.READERS)[-1] == "table"


TOLERATED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

edits = st.lists(
    st.tuples(
        st.sampled_from(["flip", "insert", "delete", "cut"]), st.floats(0, 1), st.integers(0, 255), st.integers(1, 9)
    ),
    min_size=1,
    max_size=6,
)


def mutated(content: bytes, changes: list[tuple[str, float, int, int]]) -> bytes:
    for kind, place, byte, length in changes:
        at = int(place * (len(content) - 1)) if content else 0
        if kind == "flip" and content:
            content = content[:at] + bytes([content[at] ^ (byte or 1)]) + content[at + 1 :]
        elif kind == "insert":
            content = content[:at] + bytes([byte]) * length + content[at:]
        elif kind == "delete":
            content = content[:at] + content[at + length :]
        elif kind == "cut" and byte < 32:
            content = content[:at]
    return content


@pytest.mark.parametrize("name", SMALL)
@settings(max_examples=25, deadline=None, suppress_health_check=TOLERATED)
@given(changes=edits)
def test_damaged_files_raise_nothing_but_input_errors(
    tmp_path: Path, name: str, changes: list[tuple[str, float, int, int]]
) -> None:
    path = tmp_path / "damaged"
    path.write_bytes(mutated(content_of(name), changes))
    for options in (Options(), Options(reader=SMALL[name][0])):
        try:
            found = list(registry.opened(path, options).read())
        except InputError:
            continue
        for record in found:
            assert isinstance(record, CapturedPost | CapturedComment | Broken)
            if isinstance(record, Broken):
                assert record.reason
            else:
                assert isinstance(record.native_id, str)
                assert record.native_id


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def damaged_value(value: Any, path: list[int], replacement: Any) -> Any:
    """Replace what lies at a path of positions."""
    if not path or not isinstance(value, dict | list) or not value:
        return replacement
    if isinstance(value, dict):
        key = list(value)[path[0] % len(value)]
        return {**value, key: damaged_value(value[key], path[1:], replacement)}
    at = path[0] % len(value)
    return [*value[:at], damaged_value(value[at], path[1:], replacement), *value[at + 1 :]]


@settings(max_examples=100, deadline=None, suppress_health_check=TOLERATED)
@given(which=st.integers(0, 5), path=st.lists(st.integers(0, 30), min_size=1, max_size=6), replacement=json_values)
def test_quirk_10_any_type_anywhere_is_survived(tmp_path: Path, which: int, path: list[int], replacement: Any) -> None:
    whole = [*SMALL["zeeschuimer"][1], FEED, THREAD][which]
    reader = "zeeschuimer" if which < 4 else "rednote-api"
    (tmp_path / "drifted").write_text(json.dumps(damaged_value(whole, path, replacement)) + "\n")
    found = list(registry.opened(tmp_path / "drifted", Options(reader=reader)).read())
    assert found
    for record in found:
        if not isinstance(record, Broken):
            hash((record.native_id, record.text, record.flags, record.media, record.author and record.author.native_id))
