"""Items are found in a corpus by whole id or native id, and texts come for those asked for alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from resilens.coding.items import CorpusItems
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES


def write(folder: Path, table: str, rows: list[dict[str, str]]) -> None:
    (folder / table).mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=TABLES[table].schema), folder / table / "part-0.parquet")


def test_items_of_a_corpus(tmp_path: Path) -> None:
    write(tmp_path, "posts", [{"post_id": "rednote:p:1", "title": "猫", "text": None}, {"post_id": "x:p:did:plc:2"}])
    write(tmp_path, "comments", [{"comment_id": "rednote:c:1", "text": "hi"}, {"comment_id": "x:c:3", "text": ""}])
    with Corpus(tmp_path) as corpus:
        items = CorpusItems(corpus)
        assert items.find(["1", "rednote:p:1", "did:plc:2", "3", "nobody", "c:3"]) == {
            "1": ["rednote:c:1", "rednote:p:1"], "rednote:p:1": ["rednote:p:1"], "did:plc:2": ["x:p:did:plc:2"],
            "3": ["x:c:3"], "nobody": [], "c:3": [],
        }  # fmt: skip
        assert items.texts(["rednote:p:1", "rednote:c:1", "nobody"]) == {
            "rednote:p:1": {"title": "猫", "text": ""}, "rednote:c:1": {"text": "hi"},
        }  # fmt: skip
        assert items.find([]) == {}


def test_an_empty_corpus_has_no_item(tmp_path: Path) -> None:
    with Corpus(tmp_path) as corpus:
        assert CorpusItems(corpus).find(["1"]) == {"1": []}
