"""Captured files open in any encoding and with any damage; every row is a record or `Broken` with its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.capture import delimited, encodings, jsontext
from resilens.capture.files import Record, Source
from resilens.capture.records import Broken
from resilens.errors import InputError

TABLE = "id,text\n1,猫税\n2,你好，朋友们\n3,谢谢大家的欢迎\n"


def source(folder: Path, content: bytes | str, name: str = "file") -> Source:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Source(path)


def read(folder: Path, content: bytes | str) -> list[Record | Broken]:
    return list(source(folder, content).records())


def texts(found: list[Record | Broken]) -> list[Any]:
    return [record.values["text"] for record in found if isinstance(record, Record)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (TABLE.encode(), "UTF-8"),
        (b"\xef\xbb\xbf" + TABLE.encode(), "UTF-8 with a byte order mark"),
        (b"\xff\xfe" + TABLE.encode("utf-16-le"), "UTF-16 (little endian) with a byte order mark"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "UTF-16 (big endian) with a byte order mark"),
        (TABLE.encode("gb18030"), "GB18030"),
    ],
)
def test_quirk_1_encodings(tmp_path: Path, content: bytes, words: str) -> None:
    opened = source(tmp_path, content)
    assert opened.encoding == words
    assert texts(list(opened.records())) == ["猫税", "你好，朋友们", "谢谢大家的欢迎"]
    assert [record.line for record in opened.records()] == [2, 3, 4]


def test_quirk_1_gb18030_with_a_broken_byte_says_where(tmp_path: Path) -> None:
    content = TABLE.encode("gb18030")
    place = content.index("朋".encode("gb18030"))
    broken = content[:place] + b"\xff" + content[place:]
    opened = source(tmp_path, broken)
    assert opened.encoding == f"GB18030; 1 broken byte sequence replaced (byte {place + 1}, line 3)"
    assert texts(list(opened.records())) == ["猫税", "你好，\ufffd朋友们", "谢谢大家的欢迎"]


@pytest.mark.parametrize("chunk", [1, 3, 1 << 20])
def test_the_place_of_a_broken_byte_is_that_of_a_two_byte_encoding_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(encodings, "CHUNK", chunk)
    before = "id,text\n1,猫税\n"
    half = b"\xff\xfe" + before.encode("utf-16-le") + b"\x00\xd8" + "2,字字字\n".encode("utf-16-le")
    words = f"1 broken byte sequence replaced (byte {2 + 2 * len(before) + 1}, line 3)"
    assert source(tmp_path, half).encoding.endswith(words)


def test_utf8_with_a_broken_byte_stays_utf8(tmp_path: Path) -> None:
    content = TABLE.encode()
    place = content.index("谢".encode())
    opened = source(tmp_path, content[:place] + content[place + 1 :])
    assert opened.encoding.startswith("UTF-8; ")
    assert "line 4" in opened.encoding
    assert texts(list(opened.records()))[:2] == ["猫税", "你好，朋友们"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id,text\n1,café à la crème, déjà vu élève naïve\n".encode("cp1252"), "Windows-1252"),
        ("id,text\n1,hello\n".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"SQLite format 3\0" + bytes(100), "SQLite database is damaged"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), r"save it as \.xlsx"),
        (b"\x1f\x8b" + bytes(10), "gzip"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04 no archive", "damaged archive"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"PAR1 no parquet", "damaged"),
    ],
)
def test_what_is_no_text_is_refused_in_words(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        list(source(tmp_path, content, "shot.csv").records())
    assert caught.value.faults[0].where == "shot.csv"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(Source(tmp_path / "none.csv").records())


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_quirk_6_separators(tmp_path: Path, mark: str) -> None:
    content = f'id{mark}text{mark}likes\n1{mark}"a{mark}b"{mark}3\n'
    opened = source(tmp_path, content)
    assert opened.separator == mark
    assert [record.values for record in opened.records() if isinstance(record, Record)] == [
        {"id": "1", "text": f"a{mark}b", "likes": "3"}
    ]


def test_quirk_6_cells_over_several_lines_keep_their_line_numbers(tmp_path: Path) -> None:
    found = read(tmp_path, 'id,text\r\n1,"one\r\n\r\ntwo"\r\n2,three\r\n')
    assert [record.line for record in found] == [2, 5]
    assert texts(found) == ["one\r\n\r\ntwo", "three"]


def test_quirk_4_blank_rows_are_no_records(tmp_path: Path) -> None:
    found = read(tmp_path, "\n,\nid,text\n\n1,a\n,\n \n2,b\n\n")
    assert [(record.line, record.values["id"]) for record in found if isinstance(record, Record)] == [
        (5, "1"),
        (8, "2"),
    ]
    assert len(found) == 2


def test_quirk_4_repeated_headers_are_quarantined(tmp_path: Path) -> None:
    found = read(tmp_path, "\ufeffid,text\n1,a\n\ufeffid,text\n2,b\n")
    assert found[1] == Broken(3, "repeated header")
    assert texts(found) == ["a", "b"]


def test_quirk_4_longer_and_shorter_rows(tmp_path: Path) -> None:
    found = read(tmp_path, "id,text,likes\n1,a,3,,\n2,b,3,x\n3,c\n4,d,5\n")
    assert [type(record).__name__ for record in found] == ["Record", "Broken", "Broken", "Record"]
    assert [record.line for record in found] == [2, 3, 4, 5]
    assert isinstance(found[1], Broken)
    assert found[1].reason == "the row has 4 cells, the header 3"
    assert "b" not in found[1].raw  # a shifted cell may be a name


def test_quirk_4_an_extra_header_column_without_a_name(tmp_path: Path) -> None:
    found = read(tmp_path, "id,text,984\n1,a\n2,b,\n")
    assert texts(found) == ["a", "b"]


def test_a_quotation_mark_never_closed_loses_one_row_only(tmp_path: Path) -> None:
    rows = "".join(f"{number},row\n" for number in range(5, 9))
    found = read(tmp_path, f'id,text\n1,a\n2,"never closed\n3,b\n4,c\n{rows}')
    assert [record.line for record in found] == list(range(2, 10))
    assert [record for record in found if isinstance(record, Broken)] == [
        Broken(3, "a quotation mark opened in this row is never closed")
    ]


def test_repeated_and_empty_column_names_stay_apart() -> None:
    assert delimited.column_names(["id", "", "id", " text "]) == ["id", "column 2", "id (2)", "text"]


def test_quirk_6_nul_bytes_are_removed_and_counted(tmp_path: Path) -> None:
    opened = source(tmp_path, b"id,text\n1,a\0b\n")
    assert texts(list(opened.records())) == ["ab"]
    assert opened.encoding == "UTF-8; 1 NUL character removed"


def test_quirk_6_json_lines_with_damage(tmp_path: Path) -> None:
    content = (
        '{"text": "a"}\n\n{"text": NaN}\n\0\0\0\n[1]\nnull\n{"text": "b\0"}\n{"te"\n{"text": "c"}\n{"text": "cut sho'
    )
    opened = source(tmp_path, content)
    found = list(opened.records())
    assert opened.format == "json-lines"
    assert [record.line for record in found] == [1, 3, 4, 5, 6, 7, 8, 9, 10]
    broken = {record.line: record.reason for record in found if isinstance(record, Broken)}
    assert broken == {
        4: "the line holds NUL characters only",
        5: "this line is list, not an object",
        6: "this line is null, not an object",
        8: "the line is not valid JSON",
        10: "the last line is cut short",
    }


def test_a_broken_line_keeps_no_secret_and_no_name(tmp_path: Path) -> None:
    line = '{"source_url": "https://a/?msToken=SECRET&device_id=7", "user_agent": "X/1", '
    line += '"data": {"nickname": "momo", "id": "9'
    found = read(tmp_path, '{"a": 1}\n' + line)
    assert isinstance(found[1], Broken)
    assert not any(secret in found[1].raw for secret in ("SECRET", "device_id=7", "X/1", "momo"))
    assert '"id": "9' in found[1].raw


def test_json_arrays_objects_and_several_objects(tmp_path: Path) -> None:
    for content in (
        '[{"text": "a"}, {"text": "b"}]',
        '{\n "text": "a"\n}\n{\n "text": "b"\n}',
        '{"text":"a"}\n{"text":"b"}',
    ):
        assert texts(read(tmp_path, content)) == ["a", "b"]
    assert texts(read(tmp_path, '{\n "text": "a"\n}')) == ["a"]


def test_a_damaged_array_goes_on_behind_the_damage(tmp_path: Path) -> None:
    found = read(tmp_path, '[{"text": "a"}, {"text": "b" "x"}, {"text": "c"}, 7, {"text": "d')
    assert texts(found) == ["a", "c"]
    assert [(record.line, record.reason) for record in found if isinstance(record, Broken)] == [
        (2, "this element is not valid JSON"),
        (4, "this element is int, not an object"),
        (5, "the file is damaged or cut short here; nothing could be read behind"),
    ]


def test_arrays_are_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsontext, "PIECE", 16)
    values = [{"text": "猫" * length, "number": [length, {"more": None}]} for length in range(40)]
    for indent in (None, 2):
        content = json.dumps(values, ensure_ascii=False, indent=indent)
        assert [record.values for record in read(tmp_path, content) if isinstance(record, Record)] == values


def test_lines_are_read_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("w") as opened:
        opened.writelines(f'{{"text": "{"x" * 1000}", "n": {number}}}\n' for number in range(3000))
    records = Source(path).records()
    first = next(records)
    assert isinstance(first, Record)
    assert first.values["n"] == 0
    assert sum(1 for _ in records) == 2999


def test_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ([], ["id", "text", None], ["1", "a"], [None, None], ["id", "text"], ["2", "b", None], ["3", "c", "x"]):
        sheet.append(row)
    book.create_sheet("Other").append(["id"])
    path = tmp_path / "book.csv"
    book.save(path)
    opened = Source(path)
    assert opened.format == "xlsx"
    found = list(opened.records())
    assert texts(found) == ["a", "b"]
    reasons = [record.reason for record in found if isinstance(record, Broken)]
    assert reasons[:2] == ["repeated header", "the row has more cells than the header (2)"]
    assert "sheet 'Other' was not read" in reasons[2]


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "table"
    pq.write_table(pa.table({"id": ["1", "2"], "text": ["a", None], "tags": [["x"], []]}), path)
    assert [record.values for record in Source(path).records() if isinstance(record, Record)] == [
        {"id": "1", "text": "a", "tags": ["x"]},
        {"id": "2", "text": None, "tags": []},
    ]


cells = st.text(st.characters(exclude_characters="\0\r", exclude_categories=("Cs",)), max_size=12)


@given(st.lists(st.tuples(cells, cells, cells), max_size=8))
def test_what_a_csv_writer_writes_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    import csv
    import io

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "text", "likes"])
    writer.writerows(rows)
    lines = io.StringIO(stream.getvalue(), newline="")
    expected = [list(row) for row in rows if any(cell.strip() for cell in row)]
    expected = [row for row in expected if [cell.strip().strip("\ufeff") for cell in row] != ["id", "text", "likes"]]
    found = [list(record.values.values()) for record in delimited.Rows(lines, ",") if isinstance(record, Record)]
    assert found == expected


scalars = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=8)
objects = st.dictionaries(st.text(max_size=4), scalars | st.lists(scalars, max_size=3), max_size=4)


@given(st.lists(objects, max_size=6), st.sampled_from([None, 1]), st.integers(1, 40))
def test_what_json_writes_is_read_back(values: list[dict[str, Any]], indent: int | None, piece: int) -> None:
    import io
    from unittest import mock

    text = json.dumps(values, ensure_ascii=False, indent=indent)
    with mock.patch.object(jsontext, "PIECE", piece):
        found = [record.values for record in jsontext.document(io.StringIO(text)) if isinstance(record, Record)]
    assert found == [json.loads(json.dumps(value).replace("\\u0000", "\\u0000")) for value in values]


def test_undefined_of_javascript_is_nothing_and_stays_a_word_in_texts(tmp_path: Path) -> None:
    content = '{"text": "undefined", "time": undefined, "list": [undefined, 1]}\n{"text": "she said \\"undefined\\""}\n'
    found = [one.values for one in source(tmp_path, content).records() if isinstance(one, Record)]
    assert found == [{"text": "undefined", "time": None, "list": [None, 1]}, {"text": 'she said "undefined"'}]


def test_quirk_6_objects_written_in_javascript(tmp_path: Path) -> None:
    written = (
        """{id: '6785', 'text': 'it\\'s "so", {a: b}', list: [1, undefined, {"x": 'y',}], none: undefined,}\n"""
        """{"id": "1", "text": "it's: undefined"}\n{id: 'open, nickname: 'momo'\n"""
    )
    first, second, third = read(tmp_path, written)
    assert isinstance(first, Record)
    assert first.values == {
        "id": "6785", "text": 'it\'s "so", {a: b}', "list": [1, None, {"x": "y"}], "none": None
    }  # fmt: skip
    assert isinstance(second, Record)
    assert second.values["text"] == "it's: undefined"
    assert isinstance(third, Broken)
    assert "momo" not in third.raw
