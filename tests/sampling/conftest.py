"""Small corpora written as the capture would write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES
from resilens.record.clock import Ticking
from resilens.record.store import Record

Rows = Sequence[Mapping[str, Any]]


@pytest.fixture
def corpus_of(tmp_path: Path) -> Iterator[Callable[..., Corpus]]:
    """`corpus_of(posts=[...], comments=[...], retrievals=[...])`: an open corpus with these rows."""
    opened: list[Corpus] = []

    def make(**tables: Rows) -> Corpus:
        folder = tmp_path / f"corpus-{len(opened)}"
        for name, rows in tables.items():
            (folder / name).mkdir(parents=True)
            schema = TABLES[name].schema
            parquet.write_table(pa.Table.from_pylist(list(rows), schema=schema), folder / name / "part-0.parquet")
        opened.append(Corpus(folder))
        return opened[-1]

    yield make
    for corpus in opened:
        corpus.close()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """A record whose clock is no wall's."""
    with Record.open(tmp_path / "work.sqlite", Ticking(datetime(2025, 5, 1, tzinfo=UTC))) as opened:
        yield opened
