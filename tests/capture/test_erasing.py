"""Raw files lose what is to be forgotten, and nothing else: in every format, encoding and shape."""

from __future__ import annotations

import json
import stat
import tracemalloc
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.capture import encodings, jsontext, limits, stretches
from resilens.capture import files as source_files
from resilens.capture.erasing import Erasing, erase_from
from resilens.capture.files import Source
from resilens.capture.mapping import Mapping
from resilens.capture.records import Broken
from resilens.capture.registry import opened
from resilens.capture.traces import ERASED, NOBODY, Traces
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.corpus.text import stored_text

KEYED = Pseudonyms(b"0123456789abcdef0123456789abcdef")
ITEM, ANSWER = "6785100000000000000000c1", "6785100000000000000000c2"
ACCOUNT, NAME = "5f1234567890abcdef123456", "Zorblatt"
TRACES = Traces(KEYED, comments=frozenset({ITEM}), accounts=frozenset({ACCOUNT}), names=frozenset({NAME}),
                others=frozenset({"Zorblatt2"}))  # fmt: skip
HEADER = "comment_id,note_id,content,create_time,user_id,nickname,like_count,parent_comment_id\n"


def csv_of(*rows: str) -> str:
    return HEADER + "".join(row + "\n" for row in rows)


OWN_ROW = f'{ITEM},6785000000000000000000a1,"two\nlines, ""quoted""",1736810000,{ACCOUNT},{NAME},3,0'
OTHER_ROW = f'"{ANSWER}",6785000000000000000000a1,"其他, 人",1736810000,5e00000000000000aaaa0001,momo,3,{ITEM}'
PLAIN_ROW = '"6785100000000000000000c3",6785000000000000000000a1,"a,b",1736810000,5e00000000000000aaaa0001,momo,3,0'


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_row_becomes_a_tombstone_in_its_encoding_and_lines_stay(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "raw.csv"
    path.write_bytes(csv_of(PLAIN_ROW, OWN_ROW, OTHER_ROW).encode(codec))
    path.chmod(0o444)
    before = list(opened(path).read())
    assert erase_from(path, TRACES, reader="mediacrawler") == Erasing(records=1, redacted=1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    text = path.read_bytes().decode(codec)
    assert text.startswith(csv_of(PLAIN_ROW)), "a row without traces keeps its bytes"
    assert not any(trace in text for trace in (ITEM, ACCOUNT, NAME))
    after = list(opened(path).read())
    assert [record.line for record in after] == [record.line for record in before] == [2, 3, 5]
    assert after[0] == before[0]
    assert after[1] == Broken(3, ERASED)
    assert after[2].parent == TRACES.alias(ITEM)  # type: ignore[union-attr]
    assert after[2].text == before[2].text  # type: ignore[union-attr]


def test_erasing_twice_changes_nothing_more(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_text(csv_of(OWN_ROW, OTHER_ROW), "utf-8")
    erase_from(path, TRACES, reader="mediacrawler")
    once = path.read_bytes()
    assert erase_from(path, TRACES, reader="mediacrawler") == Erasing()
    assert path.read_bytes() == once


def test_counting_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_text(csv_of(OWN_ROW, OTHER_ROW), "utf-8")
    assert erase_from(path, TRACES, reader="mediacrawler", change=False) == Erasing(1, 1)
    assert path.read_text("utf-8") == csv_of(OWN_ROW, OTHER_ROW)


def test_a_row_that_fits_no_header_goes_whole(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_text(csv_of(PLAIN_ROW, f"shifted,{PLAIN_ROW},{ACCOUNT}"), "utf-8")
    assert erase_from(path, TRACES, reader="mediacrawler").records == 1
    assert [type(record).__name__ for record in opened(path).read()] == ["CapturedComment", "Broken"]
    assert ACCOUNT not in path.read_text("utf-8")


def test_broken_bytes_elsewhere_stay(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    damaged = PLAIN_ROW.replace("a,b", "字字字字\x00").encode("gb18030").replace(b"\x00", b"\xff")
    path.write_bytes(HEADER.encode() + damaged + b"\n" + OWN_ROW.encode("gb18030") + b"\n")
    erase_from(path, TRACES, reader="mediacrawler")
    assert path.read_bytes().startswith(HEADER.encode() + damaged + b"\n")
    assert ITEM.encode() not in path.read_bytes()


def test_a_json_array_keeps_the_elements_of_others_to_the_byte(tmp_path: Path) -> None:
    columns = HEADER.strip().split(",")
    own = dict.fromkeys(columns, "x") | {"comment_id": ITEM, "user_id": ACCOUNT}
    other = dict.fromkeys(columns, "y") | {"comment_id": ANSWER, "content": "\u4f60 \\ud83d"}
    odd = json.dumps(other, indent=3)
    path = tmp_path / "raw.json"
    path.write_text(f"[ {odd} ,\n\n{json.dumps(own)}, {odd}]\n", "utf-8")
    assert erase_from(path, TRACES, reader="mediacrawler") == Erasing(1, 0)
    text = path.read_text("utf-8")
    assert text.startswith(f"[ {odd} ,\n\n{{")
    assert text.endswith(f", {odd}]\n")
    assert [record.line for record in opened(path).read()] == [1, 2, 3]


def test_a_damaged_element_with_a_trace_goes(tmp_path: Path) -> None:
    path = tmp_path / "raw.json"
    path.write_text(
        f'[{{"comment_id": "1"}}, {{"comment_id": "{ITEM}", "x": nonsense}}, {{"comment_id": "3"}}]', "utf-8"
    )
    assert erase_from(path, TRACES, reader="mediacrawler").records == 1
    records = list(Source(path).records())
    assert [record.line for record in records] == [1, 2, 3]
    assert ITEM not in path.read_text("utf-8")


def test_a_cut_off_last_line_with_a_trace_goes(tmp_path: Path) -> None:
    path = tmp_path / "raw.ndjson"
    path.write_text(f'{{"comment_id": "1"}}\n{{"comment_id": "{ITEM}", "conte', "utf-8")
    erase_from(path, TRACES, reader="mediacrawler")
    assert path.read_text("utf-8") == '{"comment_id": "1"}\n{"resilens": "erased"}'


def test_a_table_of_its_own_columns_is_known_by_its_lines_alone(tmp_path: Path) -> None:
    """Ids as short as `1` are no reason to touch a count, or a comment that is called like a post."""
    path = tmp_path / "raw.csv"
    path.write_text("cid,post,text,likes\n1,2,first,1\n2,1,second,1\n3,2,third,1\n", "utf-8")
    mapping = Mapping("comments", "other", {"id": "cid", "post": "post", "text": "text", "likes": "likes"})
    traces = Traces(KEYED, posts=frozenset({"1"}))
    assert erase_from(path, traces, reader="table", mapping=mapping) == Erasing(0, 1)
    assert path.read_text("utf-8") == f"cid,post,text,likes\n1,2,first,1\n2,{traces.alias('1')},second,1\n3,2,third,1\n"
    assert erase_from(path, traces, reader="table", mapping=mapping, lines=frozenset({4})) == Erasing(1, 0)
    assert path.read_text("utf-8").endswith("\n[erased],,,\n")


def test_an_excel_sheet_and_a_parquet_file(tmp_path: Path) -> None:
    columns = HEADER.strip().split(",")
    rows: list[list[Any]] = [
        [ITEM, "a", "gone", 1, ACCOUNT, NAME, 1, "0"],
        [ANSWER, "a", f"@{NAME}!", 2, "x", "y", 3, ITEM],
    ]
    book = openpyxl.Workbook()
    for row in [columns, *rows]:
        book.active.append(row)
    book.save(tmp_path / "raw.xlsx")
    pq.write_table(
        pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows]), tmp_path / "raw.parquet"
    )
    for name in ("raw.xlsx", "raw.parquet"):
        path = tmp_path / name
        assert erase_from(path, TRACES, reader="mediacrawler") == Erasing(1, 1)
        erased, answer = Source(path).records()
        assert isinstance(erased, Broken)
        assert erased.reason == ERASED
        assert not isinstance(answer, Broken)
        assert list(answer.values.values()) == [ANSWER, "a", f"@{NOBODY}!", 2, "x", "y", 3, TRACES.alias(ITEM)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"hello @{NAME}, hi", f"hello @{NOBODY}, hi"),
        (f"回复 {NAME}：好", f"回复 {NOBODY}：好"),
        (f"回复 @{NAME} : 好", f"回复 @{NOBODY} : 好"),
        (f"@{NAME}你好", f"@{NOBODY}你好"),
        ("@Zorblatt2 is another", "@Zorblatt2 is another"),
        (f"https://x.example/explore/{ITEM}?xsec_token=abc&q=1", f"https://x.example/explore/{TRACES.alias(ITEM)}?xsec_token=&q=1"),
        (f"https%3A%2F%2Fx.example%2F{ITEM}%3Fa", f"https%3A%2F%2Fx.example%2F{TRACES.alias(ITEM)}%3Fa"),
        ("an ordinary text with 6785100000000000000000c0", "an ordinary text with 6785100000000000000000c0"),
    ],
)  # fmt: skip
def test_texts_of_others(text: str, expected: str) -> None:
    assert TRACES.redacted(text, "content") == expected


def test_a_mention_is_stored_as_long_as_before() -> None:
    before, _ = stored_text(f"thanks @{NAME}!", lambda name: KEYED.of_name("rednote", name))
    after, _ = stored_text(TRACES.redacted(f"thanks @{NAME}!"), lambda name: KEYED.of_name("rednote", name))
    assert len(after) == len(before)
    assert after == f"thanks @{NOBODY}!"


@given(st.text("0123456789abcdef", min_size=1, max_size=40))
def test_an_alias_is_as_long_and_always_the_same_and_never_an_early_time(native: str) -> None:
    alias = TRACES.alias(native)
    assert len(alias) == max(16, len(native))
    assert alias.startswith("00000000")
    assert alias.isdigit()
    assert alias == Traces(KEYED).alias(native) != Traces(Pseudonyms(b"another key of at least 16")).alias(native)


@given(
    st.lists(st.sampled_from([OWN_ROW, OTHER_ROW, PLAIN_ROW, "", ",,,,,,,", HEADER.strip(), "short,row"]), max_size=8)
)
def test_every_record_stays_one_record_on_its_line(tmp_path_factory: pytest.TempPathFactory, rows: list[str]) -> None:
    path = tmp_path_factory.mktemp("rows") / "raw.csv"
    path.write_text(csv_of(*rows), "utf-8")
    before = [record.line for record in Source(path).records()]
    erase_from(path, TRACES, reader="mediacrawler")
    assert [record.line for record in Source(path).records()] == before


def too_long(kind: str, inside: str) -> str:
    """A file with one record of its own, one that is too long for a reader with `inside` in it, and one of another."""
    columns = HEADER.strip().split(",")
    other = json.dumps(dict.fromkeys(columns, "y") | {"comment_id": ANSWER})
    own = json.dumps(dict.fromkeys(columns, "x") | {"comment_id": ITEM, "user_id": ACCOUNT})
    if kind == "csv":
        return csv_of(OWN_ROW, f"6785100000000000000000c9,{inside},1", PLAIN_ROW)
    if kind == "json-lines":
        return f'{own}\n{{"comment_id": "{inside}"}}\n{other}\n'
    return f'[{own}, {{"comment_id": "{inside}"}}, {other}]'


@pytest.mark.parametrize("kind", ["csv", "json-lines", "json"])
@pytest.mark.parametrize("inside", ["other", "own"])
def test_what_is_too_long_for_a_reader_goes_or_stays_whole_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, inside: str
) -> None:
    for name, most in (("LONGEST_LINE", 50_000), ("LONGEST_ELEMENT", 100_000)):
        monkeypatch.setattr(limits, name, most)
    monkeypatch.setattr(jsontext, "LONGEST_ELEMENT", 100_000)
    for module, name in ((jsontext, "PIECE"), (stretches, "PIECE"), (source_files, "HEAD_BYTES"), (encodings, "CHUNK")):
        monkeypatch.setattr(module, name, 20_000)
    path, peaks = tmp_path / "raw", []
    for length in (300_000, 900_000):
        long = "字" * length + (f"@{NAME}" if inside == "own" else "")
        path.unlink(missing_ok=True)
        path.write_text(too_long(kind, long), "utf-8")
        before = [record.line for record in Source(path).records()]
        tracemalloc.start()
        assert erase_from(path, TRACES, reader="mediacrawler") == Erasing(records=2 if inside == "own" else 1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]
    text = path.read_text("utf-8")
    assert ("字" * length in text) is (inside == "other")
    assert not any(trace in text for trace in (ITEM, ACCOUNT, f"@{NAME}"))
    assert [record.line for record in Source(path).records()] == before
    assert not list(tmp_path.glob("tmp*"))


def test_a_line_too_deep_for_a_reader_goes_where_it_holds_a_trace(tmp_path: Path) -> None:
    path = tmp_path / "raw"
    deep = '{"a":' * 700 + f'"{ITEM}"' + "}" * 700
    path.write_text(f'{deep}\n{{"comment_id": "1", "note_id": "2"}}\n{deep.replace(ITEM, ANSWER)}\n', "utf-8")
    assert erase_from(path, TRACES, reader="mediacrawler") == Erasing(records=1)
    assert path.read_text("utf-8").startswith('{"resilens": "erased"}\n')
    assert ANSWER in path.read_text("utf-8")
