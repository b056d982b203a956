"""Decisions on quoting from a spreadsheet: read, compared, refused row by row, never half written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.measures.made import comment, corpus_of, post

from resilens.coding.quoting import import_quoting, propose_quoting
from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.store import Record

TABLE = """item,quoting,paraphrase,reason,coder
rednote:p:a,free,,she agreed,A
rednote:p:b,paraphrase,A newcomer shows a cat and asks to be let in.,,A
c1,do not quote,,minor,B
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with corpus_of(tmp_path / "corpus", posts=[post("a"), post("b")], comments=[comment("c1", "a")]) as opened:
        yield opened


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "quoting.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_decisions_come_onto_the_record_once(tmp_path: Path, corpus: Corpus) -> None:
    with Record.open(tmp_path / "work.sqlite") as record:
        proposal = propose_quoting(written(tmp_path, TABLE), record, corpus)
        assert str(proposal) == ("quoting.csv: 1 do not quote, 1 free, 1 paraphrase; 1 with a paraphrase; 0 so before")
        assert import_quoting(record, proposal) == 3
        held = {row["item_id"]: (row["status"], row["paraphrase"], row["actor"]) for row in record.view("quoting")}
        assert held == {
            "rednote:p:a": ("free", "", "A"), "rednote:c:c1": ("do_not_quote", "", "B"),
            "rednote:p:b": ("paraphrase", "A newcomer shows a cat and asks to be let in.", "A"),
        }  # fmt: skip
        again = propose_quoting(written(tmp_path, TABLE), record, corpus)
        assert (again.drafts, again.unchanged) == ((), 3)


@pytest.mark.parametrize(("row", "said"), [
    ("nobody,free,,,A", "'nobody' is no captured item"), ("a,fre,,,A", "did you mean 'free'"),
    ("a,free,words,,A", "leave it empty"), ("a,free,,,", "does not say who decided"), (",free,,,A", "is empty"),
    ("a,free,,,A\na,do not quote,,,A", "decided twice"),
])  # fmt: skip
def test_what_is_wrong_is_said_by_row_and_nothing_is_written(
    tmp_path: Path, corpus: Corpus, row: str, said: str
) -> None:
    with Record.open(tmp_path / "work.sqlite") as record:
        proposal = propose_quoting(written(tmp_path, f"item,quoting,paraphrase,reason,coder\n{row}\n"), record, corpus)
        assert said in str(proposal.refused[0])
        assert ", line " in proposal.refused[0].where
        with pytest.raises(InputError):
            import_quoting(record, proposal)
        assert not record.view("quoting")


def test_a_table_without_its_columns_is_refused(tmp_path: Path, corpus: Corpus) -> None:
    with Record.open(tmp_path / "work.sqlite") as record, pytest.raises(InputError, match="has no column 'quoting'"):
        propose_quoting(written(tmp_path, "item,status\na,free\n"), record, corpus)
