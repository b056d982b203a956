"""The tables are documented as they are, and queried in UTC, also where nothing was captured."""

from __future__ import annotations

from pathlib import Path

import pytest

import resilens.corpus.schema as schema
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES, markdown


def test_docs_tables_md_is_current() -> None:
    rules = Path(schema.__file__).with_name("tables_rules.md").read_text("utf-8")
    written = Path(__file__).resolve().parents[2] / "docs" / "tables.md"
    assert written.read_text("utf-8") == markdown(rules), "run python -m resilens.corpus.schema"


@pytest.mark.parametrize("name", TABLES)
def test_an_absent_table_is_empty_with_its_columns(name: str, tmp_path: Path) -> None:
    with Corpus(tmp_path / "corpus") as corpus:
        found = corpus.frame(corpus.table(name))
    assert found.num_rows == 0
    assert found.column_names == TABLES[name].schema.names


def test_the_engine_runs_in_utc_and_fetches_nothing(tmp_path: Path) -> None:
    with Corpus(tmp_path) as corpus:
        run = corpus.connection.con.execute
        assert run("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)
        assert run("SELECT current_setting('autoinstall_known_extensions')").fetchone() == (False,)
        assert run("SELECT current_setting('autoload_known_extensions')").fetchone() == (False,)
