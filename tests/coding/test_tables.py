"""Codings from tables: recognised, compared, refused in words, imported once, exported and back."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resilens.coding.codebook import Codebook, change
from resilens.coding.rounds import freeze, open_round, reveal, round_of
from resilens.coding.tables import Options, Proposal, export_codings, import_codings, read_codings
from resilens.errors import InputError
from resilens.record.clock import Ticking
from resilens.record.events import Draft
from resilens.record.store import Record

Read = Callable[..., Proposal]

A1, A2, B1 = "rednote:p:aa1", "rednote:p:aa2", "rednote:c:bb1"


@pytest.fixture
def read(tmp_path: Path, record: Record, items: Any, book: Codebook) -> Read:
    """Writes a text as a table and proposes its import."""
    change(tmp_path, record, book, "A")

    def reading(content: str | bytes, **options: Any) -> Proposal:
        path = tmp_path / "codings.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_codings(path, record, items, Options(**options))

    return reading


def short(proposal: Proposal) -> list[tuple[str, str, str]]:
    return [(coding.coder, coding.item_id, coding.code_id) for coding in proposal.new]


def refusals(proposal: Proposal) -> list[str]:
    return [str(fault) for fault in proposal.refused]


LONG = f"""item_id,code,coder
{A1},practice.tribute,A
{A1},欢迎,A
{A2},none,A
{B1},,A
{A1},Cat tax,B
{A2},adaptation; Welcome,B
"""


def test_a_long_table_is_proposed_then_imported_once(read: Read, record: Record) -> None:
    proposal = read(LONG)
    assert short(proposal) == [
        ("A", A1, "practice.tribute"), ("A", A1, "practice.welcome"), ("A", A2, ""),
        ("B", A1, "practice.tribute"), ("B", A2, "stage.adapt"), ("B", A2, "practice.welcome"),
    ]  # fmt: skip
    assert str(proposal) == (
        "codings.csv: a long table of six rows\n"
        "  would open round-1 for A, B\n"
        "  A: 3 new, 0 changed, 0 removed, 0 unchanged; two items read, 1 of them with nothing that applies\n"
        "  B: 3 new, 0 changed, 0 removed, 0 unchanged; two items read, 0 of them with nothing that applies\n"
        "  codes: practice.tribute 2, practice.welcome 2, stage.adapt 1\n"
        "  one blank row: not read"
    )
    told = proposal.to_dict()
    assert (told["new"], told["unread"], told["opens"], told["refused"]) == (6, 1, ["round-1"], [])
    assert json.loads(json.dumps(told)) == told
    assert record.view("rounds") == []
    events = import_codings(record, proposal)
    assert [event.kind for event in events] == ["round.opened"] + ["coding.set"] * 6
    assert {(event.actor, event.actor_kind) for event in events[1:]} == {("A", "import"), ("B", "import")}
    opened = round_of(record, "round-1")
    assert (opened.mode, opened.coders, opened.state) == ("independent", ("A", "B"), "open")
    again = read(LONG)
    assert not again.changes
    assert str(again).endswith("nothing would change")
    assert import_codings(record, again) == []
    assert record.verify().sound


def test_a_wide_table_tells_unread_from_nothing_applies(read: Read) -> None:
    proposal = read(
        "post_id;comment_id;coder;Cat tax;欢迎;Stage;likes\n"
        "aa1;;A;1;x;Adaptation;7\n"
        "aa2;;A;0;no;;9\n"
        "aa1;bb1;A;;;;12\n"
        "aa1;rednote:c:bb2;A;;;none;3\n"
    )
    assert refusals(proposal) == []
    assert short(proposal) == [
        ("A", A1, "practice.tribute"), ("A", A1, "practice.welcome"), ("A", A1, "stage.adapt"),
        ("A", A2, ""), ("A", "rednote:c:bb2", ""),
    ]  # fmt: skip
    assert (proposal.unread, proposal.ignored, proposal.layout) == (1, ("likes",), "wide")


def test_every_fault_comes_with_its_line(read: Read, record: Record) -> None:
    proposal = read(
        "id,code,coder,second_item\n"
        "aa1,other,A,\n"
        "aa1,thanks,A,\n"
        "aa1,welcom,A,\n"
        "aa9,welcome,A,\n"
        "6.85E+23,welcome,A,\n"
        "bb2,welcome,A,\n"
        "aa1,2-Jan,A,\n"
        ",welcome,A,\n"
        "aa1,welcome,,\n"
        "aa2,welcome,consensus,\n"
        "aa2,welcome,A,\n"
        "aa2,0,A,\n"
        "aa1,affect:other,A,\n"
        "aa1,compares,A,\n"
        "aa1,compares,A,aa2\n"
        "aa1,none;welcome,A,\n"
    )
    assert sorted(refusals(proposal), key=lambda words: int(words.split("line ")[1].split(",")[0].split(":")[0])) == [
        "codings.csv, line 3, code: 'thanks' may be affect.thanks or practice.thanks; write the code's id",
        "codings.csv, line 4, code: no code is called 'welcom'; did you mean 'Welcome'?",
        "codings.csv, line 5, id: no item 'aa9' in the corpus; see that its capture was added and that the id is whole",
        "codings.csv, line 6, id: 6.85E+23: a spreadsheet turned this id into a number; take it from an export, in a "
        "column formatted as text",
        "codings.csv, line 7, id: 'bb2' may be rednote:c:bb2 or tiktok:c:bb2; write the whole id",
        "codings.csv, line 8, code: '2-Jan' is no code; it looks like a date that a spreadsheet made of one; format "
        "the column as text and write the code again",
        "codings.csv, line 9, id: the row names no item",
        "codings.csv, line 10, coder: the row names no coder; fill the cell, or say it with --coder",
        "codings.csv, line 11, coder: consensus is no coder: it is settled on the record from the coders' own codings",
        "codings.csv, line 13: for rednote:p:aa2 here stands nothing applies, and in line 12 a code; take one of the "
        "two out",
        "codings.csv, line 14: the code affect.other is retired; codings that hold it stay, and it is given to no new "
        "one",
        "codings.csv, line 15: the code relation.compares relates two items; name the other in a column second_item",
        "codings.csv, line 17, code: 'none;welcome' has codes and says that nothing applies; take one of the two out",
    ]
    with pytest.raises(InputError) as caught:
        import_codings(record, proposal)
    assert len(caught.value.faults) == 13
    assert record.view("codings") == []
    import_codings(record, proposal, partial=True)
    assert {(row["item_id"], row["code_id"], row["second_item"]) for row in record.view("codings")} == {
        (A1, "stage.other", ""), (A2, "practice.welcome", ""), (A1, "relation.compares", A2),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("code,coder\nwelcome,A\n", "no column names the items"),
        ("item,code\naa1,welcome\n", "no column names the coder"),
        ("item,coder,text\naa1,A,hello\n", "no column is called code"),
        ("item,coder,welcom,text\naa1,A,1,hello\n", "no code is called so; did you mean 'Welcome'?"),
        ("item,coder,thanks\naa1,A,1\n", "may be affect.thanks or practice.thanks"),
        ("item,code,coder\n", "no row"),
        ('[{"item": "aa1"}]', "this is JSON"),
        ("", "empty"),
    ],
)
def test_a_table_that_says_nothing_is_refused_whole(read: Read, content: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(content)
    assert words in str(caught.value)


def test_a_column_of_marks_that_is_no_code_can_be_left_out_by_name(read: Read) -> None:
    assert short(read("item,coder,Welcome,video\naa1,A,1,1\n", ignore=["video"])) == [("A", A1, "practice.welcome")]


def test_a_file_that_is_not_there_is_said(read: Read, tmp_path: Path, record: Record, items: Any) -> None:
    read(LONG)
    with pytest.raises(InputError, match=r"nowhere\.csv: this file cannot be read"):
        read_codings(tmp_path / "nowhere.csv", record, items)


def test_without_a_codebook_nothing_is_recognised(tmp_path: Path, record: Record, items: Any) -> None:
    with pytest.raises(InputError, match="no codebook yet"):
        read_codings(tmp_path / "x.csv", record, items)


def test_coders_are_those_the_study_declares(read: Read) -> None:
    proposal = read("item,code,coder\naa1,welcome,MEI\naa1,welcome,Mey\n", coders=["Mei", "Lea"])
    assert short(proposal) == [("Mei", A1, "practice.welcome")]
    assert refusals(proposal) == ["codings.csv, line 3, coder: the study declares no coder 'Mey'; did you mean 'Mei'?"]


def test_one_coder_is_named_from_outside_and_keeps_one_spelling(read: Read) -> None:
    assert short(read("item,code\naa1,welcome\n", coder=" Mei ")) == [("Mei", A1, "practice.welcome")]
    both = read("item,code,coder\naa1,welcome,Mei\naa2,welcome,mei\n")
    assert {coding.coder for coding in both.new} == {"Mei"}


# --- spans


def test_spans_count_code_points_and_quotes_must_equal_the_text(read: Read, texts: dict[str, dict[str, str]]) -> None:
    text = texts[A1]["text"]
    proposal = read(
        "item,code,coder,field,start,end,quote\n"
        "aa1,tribute,A,text,3,12,cat tax 🐈\n"
        "aa1,tribute,A,title,3,8,👩‍👩‍👧\n"
        "aa1,welcome,A,,,,cat tax\n"
        "aa1,stage.adapt,A,title,,,\n"
        "bb1,receipt,A,text,0,2,欢迎\n"
        "bb1,welcome,A,text,13,15,\n"
    )
    spans = [(coding.code_id, *(coding.target[name] for name in ("field", "start", "end"))) for coding in proposal.new]
    assert spans == [
        ("practice.tribute", "text", 3, 12), ("practice.tribute", "title", 3, 8), ("practice.welcome", "text", 3, 10),
        ("stage.adapt", "title", 0, 12), ("practice.welcome", "text", 13, 15),
    ]  # fmt: skip
    assert proposal.new[0].text_sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert refusals(proposal) == ["codings.csv, line 6, code: no code is called 'receipt'"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("aa1,text,0,3,cat", "the text from 0 to 3 is 'my ', not 'cat'; that stands 2 times, from 3, 25"),
        ("aa1,text,0,3,tax", "that stands once, from 7 to 10: write these offsets if you mean it"),
        ("aa1,text,0,3,dog", "that does not stand in the text"),
        ("aa1,text,,,cat", "stands 2 times in the text; say which with start and end"),
        ("aa1,text,,,dog", "does not stand in the stored text"),
        ("aa1,text,0,99,", "end 99 lies beyond the text, which has 28 characters"),
        ("aa1,text,3,3,", "end 3 must be greater than start 3"),
        ("aa1,text,3,,", "start and end go together"),
        ("aa1,text,-1,3,", "'-1' is no whole number"),
        ("aa1,txt,0,3,", "no field 'txt'; did you mean 'text'?"),
        ("bb1,title,0,1,", "rednote:c:bb1 has no title"),
        ("aa2,title,,,", "the text is empty"),
        ("aa1,translation:7,0,3,", "translation:7 of rednote:p:aa1 is not known here"),
        ("bb2,text,0,4,café", "the whole id"),
        ("rednote:c:bb2,text,0,4,café", "the text from 0 to 4 is 'cafe', not 'café'"),
    ],
)
def test_a_span_that_does_not_fit_its_text_is_refused(read: Read, cells: str, words: str) -> None:
    (fault,) = read(f"item,field,start,end,quote,code,coder\n{cells},tribute,A\n").refused
    assert words in str(fault)


# --- what a spreadsheet does


def test_byte_order_mark_semicolons_and_gb18030(read: Read) -> None:
    expected = [("甲", A1, "practice.welcome")]
    assert short(read(b"\xef\xbb\xbfitem;code;coder\r\naa1;\xe6\xac\xa2\xe8\xbf\x8e;\xe7\x94\xb2\r\n")) == expected
    assert short(read("item\t编码者\t编码\naa1\t甲\t欢迎\n".encode("gb18030"))) == expected


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_excel_damage_is_named_cell_by_cell(tmp_path: Path, read: Read, record: Record, items: Any) -> None:
    path = workbook(
        tmp_path / "codings.xlsx",
        [["item", "code", "coder"], ["aa1", date(2025, 2, 1), "A"], [7460912345678901000, "welcome", "A"],
         ["aa2", '=IF(1,"welcome","")', "A"], ["aa1", "#REF!", "A"], ["aa2", "welcome", "A"], [None, None, None]],
    )  # fmt: skip
    read("item,code,coder\naa1,welcome,A\n")
    proposal = read_codings(path, record, items)
    assert short(proposal) == [("A", A2, "practice.welcome")]
    assert [words.split("; ")[0] for words in refusals(proposal)] == [
        "codings.xlsx, row 2, code: 2025-02-01 00:00:00: the spreadsheet made a date of what was written here",
        '''codings.xlsx, row 4, code: =IF(1,"welcome",""): this is a formula''',
        "codings.xlsx, row 5, code: #REF!: this is a spreadsheet's error",
        "codings.xlsx, row 3, item: 7.460912345678901e+18: the spreadsheet keeps 15 digits of a number and lost the "
        "last of these",
    ]


def test_excel_marks_as_numbers_booleans_and_words(tmp_path: Path, read: Read, record: Record, items: Any) -> None:
    rows = [["item", "Cat tax", "Welcome", "Adaptation"], ["aa1", 1, True, "yes"], ["aa2", 0.0, False, None],
            ["rednote:c:bb1", 2, None, None]]  # fmt: skip
    path = workbook(tmp_path / "codings.xlsx", rows)
    read("item,code,coder\naa1,welcome,A\n")
    proposal = read_codings(path, record, items, Options(coder="A"))
    assert [code for _, _, code in short(proposal)] == ["practice.tribute", "practice.welcome", "stage.adapt", ""]
    assert refusals(proposal) == [
        "codings.xlsx, row 4, Cat tax: '2' is neither yes (1, x, yes) nor no (0, no) nor blank"
    ]


def test_parquet_keeps_long_numbers(tmp_path: Path, read: Read, record: Record, items: Any) -> None:
    table = {"item": [7460912345678901234], "code": ["welcome"], "coder": ["A"]}
    pq.write_table(pa.table(table), tmp_path / "codings.parquet")
    read("item,code,coder\naa1,welcome,A\n")
    proposal = read_codings(tmp_path / "codings.parquet", record, items)
    assert short(proposal) == [("A", "tiktok:p:7460912345678901234", "practice.welcome")]


def test_only_items_mentioned_are_looked_up(read: Read, items: Any) -> None:
    read("item,code,coder\naa1,welcome,A\n")
    assert items.asked == {"aa1"}


# --- importing again


def test_a_table_without_some_codings_keeps_or_replaces(read: Read, record: Record) -> None:
    import_codings(record, read(LONG))
    less = f"item_id,code,coder\n{A1},tribute,A\n"
    kept = read(less)
    assert (kept.changes, kept.kept, kept.removed) == (False, 2, ())
    assert "2 on the record and not in the table stay" in str(kept)
    replacing = read(less, replace=True)
    assert [row["code_id"] for row in replacing.removed] == ["practice.welcome", ""]
    import_codings(record, replacing)
    assert [(row["coder"], row["code_id"]) for row in record.view("codings")][:1] == [("A", "practice.tribute")]
    assert len(record.view("codings")) == 4
    assert not read(less, replace=True).changes


def test_a_contradiction_of_the_record_needs_replace(read: Read, record: Record) -> None:
    import_codings(record, read("item,code,coder\naa1,none,A\naa2,welcome,A\n"))
    table = "item,code,coder\naa1,welcome,A\naa2,none,A\n"
    assert ["on the record nothing applies" in words for words in refusals(read(table))] == [True, False]
    import_codings(record, read(table, replace=True))
    assert {(row["item_id"], row["code_id"]) for row in record.view("codings")} == {(A1, "practice.welcome"), (A2, "")}


def test_a_memo_changes_only_with_replace(read: Read, record: Record) -> None:
    import_codings(record, read("item,code,coder,memo\naa1,welcome,A,first\n"))
    assert not read("item,code,coder,memo\naa1,welcome,A,\n").changes
    assert not read("item,code,coder\naa1,welcome,A\n", replace=True).changes
    table = "item,code,coder,memo\naa1,welcome,A,second\n"
    assert "another memo" in refusals(read(table))[0]
    import_codings(record, read(table, replace=True))
    assert [row["memo"] for row in record.view("codings")] == ["second"]


def test_a_table_with_refused_rows_removes_nothing(read: Read, record: Record) -> None:
    import_codings(record, read(LONG))
    proposal = read(f"item_id,code,coder\n{A1},nonsense,A\n{A1},welcome,A\n", replace=True)
    assert proposal.refused
    assert proposal.removed == ()


def test_a_frozen_round_takes_no_coding_and_a_led_round_no_stranger(read: Read, record: Record) -> None:
    import_codings(record, read(LONG))
    freeze(record, "round-1", "A")
    assert not read(LONG).refused
    assert "round-1 is frozen" in refusals(read("item,code,coder\naa2,none,A\nbb1,tribute,A\n"))[-1]
    open_round(record, "round-2", "independent", ["A"], "A")
    table = "item,code,coder,round\naa1,welcome,B,round-2\n"
    assert refusals(read(table))[0].startswith("codings.csv: B is no coder of round-2")


def test_once_consensus_has_begun_no_table_changes_what_was_coded_before_it(read: Read, record: Record) -> None:
    import_codings(record, read(LONG))
    body = {"item_id": A1, "code_id": "welcome", "nothing_applies": False, "applies": True, "reason": "talked it over"}
    record.append(Draft("consensus.decided", A1, body, "A", "human", "round-1", 1))
    assert not read(LONG).refused, "the same table changes nothing"
    assert "consensus has begun on round-1" in refusals(read("item,code,coder\naa2,tribute,B\n"))[-1]
    assert not read("item,code,coder,round\naa2,tribute,B,round-2\n").refused


def test_a_second_coder_joins_the_round_that_a_table_opened(read: Read, record: Record) -> None:
    import_codings(record, read("item,code\naa1,welcome\n", coder="A"))
    import_codings(record, read("item,code\naa1,welcome\n", coder="B"))
    assert round_of(record, "round-1").coders == ("A", "B")


# --- export


def test_cells_that_a_spreadsheet_would_compute_are_guarded(
    read: Read, record: Record, items: Any, tmp_path: Path
) -> None:
    memos = ["=1+1", "+x", "-x", "@x", "'=x", "'plain", "\tx"]
    rows = io.StringIO()
    guarded = [[A1, "welcome", f"C{number}", "'" + memo] for number, memo in enumerate(memos)]
    csv.writer(rows).writerows([["item", "code", "coder", "memo"], *guarded])
    import_codings(record, read(rows.getvalue()))
    assert [row["memo"] for row in record.view("codings")] == memos
    path = tmp_path / "out.csv"
    export_codings(path, record, items)
    written = path.read_bytes()
    assert written.startswith(b"\xef\xbb\xbfitem_id,")
    cells = [row[-1] for row in csv.reader(io.StringIO(written.decode("utf-8-sig")))]
    assert cells == ["memo", *("'" + memo for memo in memos)]
    export_codings(path, record, items, faithful=True)
    assert [row[-1] for row in csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig")))][1:] == memos
    export_codings(tmp_path / "out.xlsx", record, items)
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert sheet is not None
    assert [(cell.value, cell.data_type) for cell in next(sheet.iter_cols(min_col=5))[1:]] == [(m, "s") for m in memos]


def test_an_open_independent_round_is_not_exported_whole(
    read: Read, record: Record, items: Any, tmp_path: Path
) -> None:
    read(LONG)
    open_round(record, "round-1", "independent", ["A", "B"], "A")
    for coder in ("A", "B"):
        body = {"item_id": A1, "code_id": "practice.welcome"}
        record.append(Draft("coding.set", A1, body, coder, "human", "round-1", 1))
    path = tmp_path / "out.csv"
    with pytest.raises(InputError, match="round-1: is independent and still open"):
        export_codings(path, record, items)
    assert not path.exists()
    assert export_codings(path, record, items, coder="A") == 1
    assert "B" not in path.read_text("utf-8-sig").split()
    freeze(record, "round-1", "A")
    assert export_codings(path, record, items) == 2
    reveal(record, "round-1", "A")
    assert export_codings(path, record, items, round_id="round-1") == 2


def test_what_cannot_be_exported_is_said(read: Read, record: Record, items: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no coding to write"):
        export_codings(tmp_path / "out.csv", record, items)
    import_codings(record, read("item,code,coder,quote\naa1,welcome,A,cat tax\n"))
    with pytest.raises(InputError, match="a wide table speaks of whole items; one coding of a place"):
        export_codings(tmp_path / "out.csv", record, items, "wide")
    with pytest.raises(InputError, match=r"\.csv, \.xlsx, \.parquet"):
        export_codings(tmp_path / "out.ods", record, items)
    with pytest.raises(InputError, match="no round 'round-11'; did you mean 'round-1'"):
        export_codings(tmp_path / "out.csv", record, items, round_id="round-11")


# Anything but what no text of the record can hold (half a surrogate pair) or what readers of captures drop (NUL).
WORDS = st.text(
    st.one_of(
        st.sampled_from("=+-@'\"\t;,\n\r猫税🐈‍👩e\u0301\u200d\u2028ع'"),
        st.characters(exclude_categories=("Cs",), exclude_characters="\0"),
    ),
    max_size=12,
)


@st.composite
def bodies(draw: Any, texts: dict[str, dict[str, str]], whole: bool) -> list[dict[str, Any]]:
    """Codings of one coder that do not contradict each other."""
    codes = ["practice.tribute", "practice.welcome", "stage.adapt", "affect.other"]
    found: list[dict[str, Any]] = []
    for item in draw(st.lists(st.sampled_from(sorted(texts)), unique=True, max_size=4)):
        for code in draw(st.lists(st.sampled_from(codes), unique=True, max_size=3)) or [""]:
            body: dict[str, Any] = {"item_id": item, "code_id": code, "nothing_applies": not code}
            field = "" if whole or not code else draw(st.sampled_from(["", *(n for n, t in texts[item].items() if t)]))
            if field:
                text = texts[item][field]
                start = draw(st.integers(0, len(text) - 1))
                body |= {"field": field, "start": start, "end": draw(st.integers(start + 1, len(text))),
                         "text_sha256": hashlib.sha256(text.encode()).hexdigest()}  # fmt: skip
            if not whole:
                body["memo"] = draw(WORDS)
            found.append(body)
    return found


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@settings(max_examples=20, deadline=None)
@given(st.data(), st.sampled_from([".csv", ".xlsx", ".parquet"]), st.booleans(), st.booleans())
def test_what_is_exported_is_imported_as_nothing_new(
    folder: Path, book: Codebook, texts: dict[str, dict[str, str]], memory: Any, data: Any, suffix: str, whole: bool,
    replace: bool,
) -> None:  # fmt: skip
    with tempfile.TemporaryDirectory(dir=folder) as name:
        here = Path(name)
        with Record.open(here / "work.sqlite", clock=Ticking(datetime(2025, 5, 1, tzinfo=UTC))) as record:
            change(here, record, book, "A")
            drafts = [
                Draft("coding.set", body["item_id"], body, coder, "import", "round-1", 1)
                for coder in ("A", "=Béa 乙") for body in data.draw(bodies(texts, whole))
            ]  # fmt: skip
            if not drafts:
                return
            record.append_all(drafts)
            path = here / f"out{suffix}"
            export_codings(path, record, memory, "wide" if whole else "long")
            proposal = read_codings(path, record, memory, Options(replace=replace))
            assert refusals(proposal) == []
            assert (proposal.new, proposal.changed, proposal.removed, proposal.kept) == ((), (), (), 0)
            assert len(proposal.unchanged) == len(drafts)


def test_regions_relations_and_unknown_translations_survive_too(
    read: Read, record: Record, items: Any, tmp_path: Path
) -> None:
    read(LONG)
    common = {"item_id": A1, "code_id": "practice.tribute"}
    more: list[dict[str, Any]] = [
        {"media_id": "m1", "x": 1, "y": 2, "w": 3, "h": 4}, {"media_id": "m2", "start_ms": 5, "end_ms": 9},
        {"second_item": A2, "code_id": "relation.compares"},
        {"field": "translation:t1", "start": 0, "end": 2, "text_sha256": "0" * 64},
    ]  # fmt: skip
    for body in more:
        record.append(Draft("coding.set", A1, common | body, "A", "import", "round-1", 1))
    export_codings(tmp_path / "out.csv", record, items)
    proposal = read_codings(tmp_path / "out.csv", record, items, Options(replace=True))
    assert (len(proposal.unchanged), proposal.changes, proposal.refused) == (4, False, ())
    (fault,) = read("item,code,coder,media_id,x,y\naa1,welcome,A,m1,3,4\n").refused
    assert "a region has x, y, w, h and media_id" in str(fault)
