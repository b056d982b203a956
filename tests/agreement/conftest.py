"""A small study: a record in which people code, and a corpus of threads in Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from resilens.coding.codes import Code, Codebook, Facet
from resilens.coding.rounds import opening
from resilens.coding.spans import digest
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES
from resilens.record.clock import Ticking
from resilens.record.events import ActorKind, Draft
from resilens.record.store import Record

TEXT = "my cat tax for you, my cat"


class Desk:
    """Codes in a record; a code of "" says that nothing applies."""

    def __init__(self, record: Record) -> None:
        self.record = record

    def open(self, round_id: str, mode: Any = "independent", coders: str = "ABC") -> None:
        self.record.append(opening(round_id, mode, list(coders), "import", "import"))

    def code(
        self, coder: str, item: str, *codes: str, round_id: str = "round-1", kind: ActorKind = "import",
        version: int = 1, **more: Any,
    ) -> None:  # fmt: skip
        for code in codes or ("",):
            body = {"item_id": item, "code_id": code, "nothing_applies": not code, **more}
            self.record.append(Draft("coding.set", item, body, coder, kind, round_id, version))

    def span(
        self, coder: str, item: str, code: str, start: int, end: int, text: str = TEXT, name: str = "text"
    ) -> None:  # fmt: skip
        self.code(coder, item, code, field=name, start=start, end=end, text_sha256=digest(text))


@pytest.fixture
def coding_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with one independent round of A, B and C."""
    with Record.open(tmp_path / "work.sqlite", clock=Ticking(datetime(2025, 5, 1, tzinfo=UTC))) as record:
        desk = Desk(record)
        desk.open("round-1")
        yield desk


@pytest.fixture(scope="session")
def small_book() -> Codebook:
    """Two practices, two stages, a tone nobody gives."""
    facets = (Facet("practice", "Practice"), Facet("stage", "Stage"), Facet("tone", "Tone"))
    codes = (("practice.tribute", "Cat tax"), ("practice.welcome", "Welcome"), ("stage.adapt", "Adaptation"),
             ("stage.absorb", "Absorption"), ("tone.warm", "Warm"))  # fmt: skip
    return Codebook("", facets, tuple(Code(name, name.split(".")[0], title) for name, title in codes))


@pytest.fixture
def corpus_of(tmp_path: Path) -> Iterator[Callable[[int], Corpus]]:
    """Makes a corpus of so many threads: a post by a refugee (`rednote:p:00`) with the text `TEXT`, in English or, the
    odd ones, Chinese, and a comment on it by a native (`rednote:c:00`)."""
    opened: list[Corpus] = []

    def make(threads: int) -> Corpus:
        rows = {
            "posts": [{"post_id": f"rednote:p:{n:02d}", "title": "", "text": TEXT, "language": "zh" if n % 2 else "en",
                       "author": "a"} for n in range(threads)],
            "comments": [{"comment_id": f"rednote:c:{n:02d}", "post_id": f"rednote:p:{n:02d}", "text": "hi",
                          "author": "b"} for n in range(threads)],
            "authors": [{"author": "a", "group": "refugees"}, {"author": "b", "group": "natives"}],
        }  # fmt: skip
        for name, content in rows.items():
            (tmp_path / "corpus" / name).mkdir(parents=True)
            table = pa.Table.from_pylist(content, schema=TABLES[name].schema)
            parquet.write_table(table, tmp_path / "corpus" / name / "part-0.parquet")
        opened.append(Corpus(tmp_path / "corpus"))
        return opened[-1]

    yield make
    for corpus in opened:
        corpus.close()
