"""What the corpus that is searched consists of, and how one is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from resilens.coding.spans import digest
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES
from resilens.record.events import Draft
from resilens.record.store import Record

ONE, TWO, CHINESE, ENGLISH, STRAY = "rednote:p:1", "x:p:2", "rednote:c:1", "rednote:c:2", "rednote:c:3"
TEXTS = {
    ONE: "Here is my cat tax 🐈, 猫税!", TWO: "No CATS here", CHINESE: "欢迎！猫税已收到[doge]", ENGLISH: "ＣＡＴ ok",
    STRAY: "a cat of a post that was not captured",
}  # fmt: skip


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2025, 1, day, hour, tzinfo=UTC)


def write_corpus(folder: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Corpus:
    """An open corpus with these rows."""
    for name, rows in tables.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        table = pa.Table.from_pylist(list(rows), schema=TABLES[name].schema)
        parquet.write_table(table, folder / name / "part-0.parquet")
    return Corpus(folder)


def coded(record: Record, coder: str, item: str, code: str, round_id: str, **target: Any) -> None:
    sha = digest(TEXTS[item]) if target.get("field") else ""
    body = {"item_id": item, "code_id": code, "text_sha256": sha, **target}
    record.append(Draft("coding.set", item, body, coder, round_id=round_id))
