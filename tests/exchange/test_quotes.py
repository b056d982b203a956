"""Quotes: the words that were coded, and nothing that may not leave."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from resilens.coding.codes import Codebook
from resilens.coding.rounds import opening
from resilens.coding.spans import digest
from resilens.coding.translations import accept_translation, drafted
from resilens.corpus.engine import Corpus
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.corpus.schema import TABLES
from resilens.errors import InputError
from resilens.exchange.quotes import COLUMNS, RESTRICTED, QuotesWritten, Rules, Wanted, export_quotes
from resilens.record.events import ActorKind, Draft
from resilens.record.store import Record

POST, COMMENT, SECRET = "rednote:p:6785e350", "rednote:c:67860c1b", "rednote:c:67860fff"
TEXT = "=my cat 👩‍👩‍👧 tax, see https://xhslink.com/a/Bc12?x=1 ok"
RULES = Rules(Pseudonyms(b"k" * 32), "UTC+08:00", "free")
PARAPHRASE = replace(RULES, quoting="paraphrase")
LATE = datetime(2025, 1, 14, 20, 0, tzinfo=UTC)  # the 15th in the study's zone


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    """A post with two comments."""
    tables: dict[str, list[dict[str, Any]]] = {
        "posts": [{"post_id": POST, "title": "Hi", "text": TEXT, "author": "u-a", "published_at": LATE,
                   "language": "en", "hashtags": ["cattax", "猫税"],
                   "url": "https://www.xiaohongshu.com/explore/6785e350"}],
        "comments": [{"comment_id": COMMENT, "post_id": POST, "text": "欢迎", "author": "u-b", "language": "zh"},
                     {"comment_id": SECRET, "post_id": POST, "text": "my illness", "author": "u-b"}],
        "authors": [{"author": "u-a", "group": "refugees"}, {"author": "u-b", "group": "natives"}],
    }  # fmt: skip
    for name, rows in tables.items():
        (tmp_path / "corpus" / name).mkdir(parents=True)
        table = pa.Table.from_pylist(rows, schema=TABLES[name].schema)
        pq.write_table(table, tmp_path / "corpus" / name / "part-0.parquet")
    with Corpus(tmp_path / "corpus") as opened:
        yield opened


def code(record: Record, coder: str, item: str, code_id: str, round_id: str = "round-1", kind: ActorKind = "import",
         **more: Any) -> None:  # fmt: skip
    body = {"item_id": item, "code_id": code_id, "nothing_applies": not code_id, **more}
    record.append(Draft("coding.set", item, body, coder, kind, round_id, 1))


@pytest.fixture
def coded(record: Record) -> Record:
    """Spans and whole items in a round from tables, and a round that is blind."""
    record.append(opening("round-1", "independent", ["A", "B"], "import", "import"))
    record.append(opening("round-2", "independent", ["A", "B"], "ann"))
    at = TEXT.index("👩")
    code(record, "A", POST, "practice.tribute.dog", field="text", start=at, end=at + 9, text_sha256=digest(TEXT))
    code(record, "A", POST, "practice.other", field="text", start=0, end=3, text_sha256=digest("another text"))
    code(record, "A", SECRET, "practice.other")
    code(record, "B", POST, "affect.other", second_item=COMMENT)
    code(record, "B", COMMENT, "")
    code(record, "B", COMMENT, "practice.tribute", "round-2", "human")
    record.append(Draft("quoting.set", SECRET, {"item_id": SECRET, "status": "do_not_quote"}, "ann"))
    return record


def written(
    path: Path, record: Record, corpus: Corpus, book: Codebook, **wanted: Any
) -> tuple[QuotesWritten, list[Any]]:  # fmt: skip
    outcome = export_quotes(path, record, corpus, book, RULES, Wanted(**wanted))
    if path.suffix == ".parquet":
        return outcome, pq.read_table(path).to_pylist()
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return outcome, list(csv.DictReader(opened))


def test_words_paths_and_what_is_known_of_the_item(
    tmp_path: Path, coded: Record, corpus: Corpus, book: Codebook
) -> None:
    outcome, rows = written(tmp_path / "q.parquet", coded, corpus, book)
    assert outcome.rows == len(rows) == 4
    assert tuple(rows[0]) == (*COLUMNS, "second_item")
    by_code = {(row["coder"], row["code_id"], row["kind"]): row for row in rows}
    dog = by_code["A", "practice.tribute.dog", "post"]
    assert dog["quote"] == "👩‍👩‍👧 tax"
    assert dog["code"] == "Practice / Cat tax / Dog tax"
    known = {"place": "text", "round": "round-1", "group": "refugees", "language": "en", "day": "2025-01-15",
             "hashtags": "#cattax #猫税", "author": "u-a", "quoting": "may be quoted"}  # fmt: skip
    assert {name: dog[name] for name in known} == known
    whole = by_code["B", "affect.other", "post"]
    assert whole["quote"] == "Hi\n\n" + TEXT.replace("https://xhslink.com/a/Bc12?x=1", "[link]")
    assert whole["item"] == dog["item"] != whole["second_item"] != ""
    assert by_code["A", "practice.other", "post"]["quote"] == "", "the text is no longer the one that was coded"
    secret = by_code["A", "practice.other", "comment"]
    assert (secret["quote"], secret["quoting"], secret["hashtags"]) == ("", "do not quote", "#cattax #猫税")
    said = "\n".join(outcome.notes)
    for words in ("one row without words: the item must not be quoted", "no longer the one",
                  "links were taken out of the words of one row",
                  "still blind: round-2"):  # fmt: skip
        assert words in said


def test_words_that_may_only_be_paraphrased_stay_unless_the_file_does(
    tmp_path: Path, coded: Record, corpus: Corpus, book: Codebook
) -> None:
    kept = export_quotes(tmp_path / "q.parquet", coded, corpus, book, PARAPHRASE)
    rows = pq.read_table(tmp_path / "q.parquet").to_pylist()
    assert [row["quote"] for row in rows] == [""] * len(rows)
    assert sorted(row["quoting"] for row in rows) == ["do not quote", *["paraphrase only"] * 3]
    assert any("three rows without words: they may only be paraphrased" in note for note in kept.notes)
    inside = export_quotes(tmp_path / "r.parquet", coded, corpus, book, PARAPHRASE, Wanted(restricted=True))
    quotes = [row["quote"] for row in pq.read_table(tmp_path / "r.parquet").to_pylist()]
    assert "👩‍👩‍👧 tax" in quotes
    assert "my illness" not in "".join(quotes)
    assert any(note.startswith("three rows may be paraphrased") for note in inside.notes)


def test_a_paraphrase_stands_beside_where_words_may_not(
    tmp_path: Path, coded: Record, corpus: Corpus, book: Codebook
) -> None:
    said = "Somebody pays with a cat, see https://xhslink.com/a/Bc12"
    for item, status in ((POST, "paraphrase"), (SECRET, "do_not_quote")):
        body = {"item_id": item, "status": status, "paraphrase": said}
        coded.append(Draft("quoting.set", item, body, "ann"))
    _, rows = written(tmp_path / "q.csv", coded, corpus, book)
    assert {(row["kind"], row["quote"], row["paraphrase"]) for row in rows} == {
        ("post", "", "Somebody pays with a cat, see [link]"), ("comment", "", "")
    }  # fmt: skip


def test_nothing_of_the_platform_leaves_unless_asked_for(
    tmp_path: Path, coded: Record, corpus: Corpus, book: Codebook
) -> None:
    written(tmp_path / "q.csv", coded, corpus, book)
    text = (tmp_path / "q.csv").read_text(encoding="utf-8")
    for secret in ("6785e350", "67860", "http", "xhslink", "my illness", "20:00", "欢迎"):
        assert secret not in text
    outcome, rows = written(tmp_path / "r.csv", coded, corpus, book, restricted=True)
    assert tuple(rows[0])[-3:] == RESTRICTED
    assert {row["item_id"] for row in rows} == {POST, SECRET}
    assert "https://xhslink.com/a/Bc12?x=1" in "".join(row["quote"] for row in rows)
    assert "my illness" not in (tmp_path / "r.csv").read_text(encoding="utf-8")
    assert any(note.startswith("RESTRICTED") for note in outcome.notes)


@pytest.mark.parametrize("link", ["https://xhslink.com/a/Bc12", "www.x.com/a", "xhslink.com/a/b", "http://例.com/猫"])
def test_a_link_is_taken_out_even_where_a_span_begins_within_it(
    tmp_path: Path, record: Record, corpus: Corpus, book: Codebook, link: str
) -> None:
    text = f"看{link} and/or 1.5/2 e.g. this"
    table = pa.Table.from_pylist([{"post_id": POST, "text": text}], schema=TABLES["posts"].schema)
    pq.write_table(table, corpus.folder / "posts" / "part-0.parquet")
    record.append(opening("round-1", "joint", ["A"], "ann"))
    for start, end in ((0, len(text)), (3, len(text)), (0, 5)):
        code(record, "A", POST, "practice.other", field="text", start=start, end=end, text_sha256=digest(text))
    _, rows = written(tmp_path / "q.parquet", record, corpus, book)
    rest = " and/or 1.5/2 e.g. this"
    assert sorted(row["quote"] for row in rows) == sorted([f"看[link]{rest}", f"[link]{rest}", "看[link]"])


def test_a_spreadsheet_computes_nothing_unless_the_file_is_to_be_faithful(
    tmp_path: Path, coded: Record, corpus: Corpus, book: Codebook
) -> None:
    code(coded, "A", POST, "practice.tribute", field="text", start=0, end=7, text_sha256=digest(TEXT))
    safe = [row["quote"] for row in written(tmp_path / "q.csv", coded, corpus, book, coder="A")[1]]
    faithful = [row["quote"] for row in written(tmp_path / "f.csv", coded, corpus, book, coder="A", faithful=True)[1]]
    assert "'=my cat" in safe
    assert "=my cat" in faithful
    export_quotes(tmp_path / "q.xlsx", coded, corpus, book, RULES)
    cells = [row[2] for row in openpyxl.load_workbook(tmp_path / "q.xlsx")["quotes"].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells if cell.value == "=my cat"] == ["s"]


def test_blind_rounds_are_left_out_for_whomever_one_asks(
    tmp_path: Path, coded: Record, corpus: Corpus, book: Codebook
) -> None:
    for wanted, words in (({"round_id": "round-2"}, "freeze it first"), ({"round_id": "round-3"}, "there is no round"),
                          ({"coder": "C"}, "no coding to quote by C; round-2 left out")):  # fmt: skip
        with pytest.raises(InputError, match=words):
            written(tmp_path / "q.csv", coded, corpus, book, **wanted)
    with pytest.raises(InputError, match=r"\.parquet"):
        export_quotes(tmp_path / "q.txt", coded, corpus, book, RULES)
    assert all(row["code_id"] != "practice.tribute" for row in written(tmp_path / "q.csv", coded, corpus, book)[1])


def test_what_excel_cuts_is_said(tmp_path: Path, record: Record, corpus: Corpus, book: Codebook) -> None:
    long = pa.Table.from_pylist([{"post_id": POST, "text": "長" * 40_000}], schema=TABLES["posts"].schema)
    pq.write_table(long, corpus.folder / "posts" / "part-0.parquet")
    record.append(opening("round-1", "joint", ["A"], "ann"))
    code(record, "A", POST, "practice.other")
    outcome = export_quotes(tmp_path / "q.xlsx", record, corpus, book, RULES)
    assert any("one cell cut at the 32,767 characters" in note for note in outcome.notes)


def test_the_accepted_translation_stands_beside_words_that_are_shown(
    coded: Record, corpus: Corpus, book: Codebook, tmp_path: Path
) -> None:
    for item, original in ((POST, TEXT), (SECRET, "my illness")):
        body = drafted(item, "text", f"on {original}", engine="DeepL", version="1", made_on="2025-01-14",
                       text_sha256=digest(original))  # fmt: skip
        coded.append(Draft("translation.added", item, body, "ann"))
        accept_translation(coded, corpus, body["translation_id"], "right", actor="ann")
    _, rows = written(tmp_path / "q.parquet", coded, corpus, book)
    shown = [(row["quote"] != "", row["translation"], row["translated_by"]) for row in rows]
    made = (f"on {TEXT}".replace("https://xhslink.com/a/Bc12?x=1", "[link]"), "DeepL 1, 14 January 2025")
    assert set(shown) == {(True, *made), (False, "", "")}
