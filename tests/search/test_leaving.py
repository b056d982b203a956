"""Does a table of hits keep what the study's rules keep inside?"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.search.made import CHINESE, ENGLISH, ONE, STRAY

from resilens.coding.sight import visible
from resilens.corpus.engine import Corpus
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.errors import InputError
from resilens.exchange.quotes import Rules
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.results.tables import Column, Table
from resilens.search.leaving import as_csv, rows, rows_of, write
from resilens.search.query import Query
from resilens.search.searching import search

RULES = Rules(Pseudonyms(b"0123456789abcdef"), "UTC+08:00", "paraphrase")


def table(record: Record, corpus: Corpus, restricted: bool = False, word: str = "cat") -> list[dict[str, object]]:
    results = search(record, corpus, Query(word), visible(record, "mei"), RULES.zone, limit=None)
    header, cells, notes = rows(results, record, corpus, RULES, restricted)
    assert any("RESTRICTED" in note for note in notes) == restricted
    return [dict(zip(header, row, strict=True)) for row in cells]


def test_words_that_may_only_be_paraphrased_stay_inside(record: Record, corpus: Corpus) -> None:
    for item, status in ((ONE, "free"), (ENGLISH, "do_not_quote")):
        record.append(Draft("quoting.set", item, {"item_id": item, "status": status}, "mei"))
    said = [row for row in table(record, corpus) if row["quoting"]]
    words = {str(row["word"]) for row in said if row["word"] is not None}
    assert words == {"Cat", "cat"}  # of ONE, in title, text and the coding of its text
    assert sum(row["word"] is None for row in said) == 4
    assert "item_id" not in said[0]
    assert str(said[0]["item"]).startswith("a-")
    (written,) = {row["word"] for row in table(record, corpus) if row["kind"] == "memo"}
    assert written == "cat"
    restricted = [row for row in table(record, corpus, restricted=True) if row["quoting"]]
    assert [row["item_id"] for row in restricted if row["word"] is None] == [ENGLISH]
    assert STRAY in {row["item_id"] for row in restricted}


def test_links_and_ids_are_covered_and_places_stay(record: Record, corpus: Corpus) -> None:
    memo = {"memo_id": "m9", "text": f"see https://example.org/u/ann and {CHINESE} then receipt"}
    record.append(Draft("memo.written", "m9", memo, "mei"))
    (row,) = [row for row in table(record, corpus, word="receipt") if row["item"] == "m9"]
    assert "example.org" not in str(row["left"])
    assert CHINESE not in str(row["left"])
    assert row["start"] == memo["text"].index("receipt")


def test_a_file_opens_in_a_spreadsheet_and_is_of_a_known_kind(record: Record, corpus: Corpus, tmp_path: Path) -> None:
    memo = {"memo_id": "m8", "text": "=1+1 dangerous"}
    record.append(Draft("memo.written", "m8", memo, "mei"))
    results = search(record, corpus, Query("dangerous"), visible(record, "mei"), RULES.zone, limit=None)
    leaving = rows(results, record, corpus, RULES)
    assert write(tmp_path / "hits.csv", leaving).rows == 1
    content = (tmp_path / "hits.csv").read_bytes()
    assert content == as_csv(leaving)
    assert content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(content.decode("utf-8-sig").splitlines())
    assert row["left"] == "'=1+1 "
    for ending in (".xlsx", ".parquet"):
        assert write(tmp_path / f"hits{ending}", leaving).rows == 1
    with pytest.raises(InputError, match="csv"):
        write(tmp_path / "hits.txt", leaving)


def test_a_table_of_results_leaves_alike() -> None:
    pairs = Table("Codes", [Column("code", "Code"), Column("jaccard", "J")], [("a", 1 / 3)], ["n"])
    header, cells, notes = rows_of(pairs)
    assert (header, cells, notes) == (["code", "jaccard"], [["a", 0.333333]], ("n",))
