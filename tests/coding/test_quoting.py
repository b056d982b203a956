"""Decisions on quoting from a spreadsheet: read, compared, refused row by row, never half written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.measures.made import comment, corpus_of, post

from resilens.coding.codes import Code, Codebook, Facet
from resilens.coding.quotable import POLITICS, standings
from resilens.coding.quoting import import_quoting, propose_quoting, set_quoting, unset_quoting
from resilens.coding.rounds import freeze, open_round, reveal
from resilens.coding.sight import visible
from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.record.events import Draft
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


AT = datetime(2025, 2, 1, tzinfo=UTC)
SET = {"status": "do_not_quote", "reason": "she asked us not to"}


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with Record.open(tmp_path / "own.sqlite") as opened:
        yield opened


@pytest.fixture
def careful(tmp_path: Path) -> Iterator[Corpus]:
    """A comment that is gone, one that came back, one whose author is gone, and three of which nothing is known."""
    seen = [("gone", "seen", 0), ("gone", "absent", 3), ("back", "seen", 0), ("back", "absent", 3), ("back", "seen", 6),
            ("c1", "seen", 0)]  # fmt: skip
    observations = [{"item_id": f"rednote:c:{name}", "state": state, "collected_at": AT + timedelta(days=day),
                     "capture_id": str(day), "line": 1} for name, state, day in seen]  # fmt: skip
    comments = [comment(name, "a") for name in ("gone", "back", "c1", "c2")] + [
        comment("closed", "a", flags=["account_closed"])]  # fmt: skip
    with corpus_of(tmp_path / "careful", posts=[post("a")], comments=comments, observations=observations) as opened:
        yield opened


def test_who_may_have_taken_words_back_is_not_quoted_until_somebody_decides(record: Record, careful: Corpus) -> None:
    items = [f"rednote:c:{name}" for name in ("gone", "back", "closed", "c1", "c2")]
    found = standings(record, careful, items, "free")
    assert [found[item].status for item in items] == ["do_not_quote", "free", "do_not_quote", "free", "free"]
    assert "may have deleted" in found[items[0]].why
    with pytest.raises(InputError, match="say why its words may go out now: a complete recapture no longer"):
        set_quoting(record, careful, items[0], "paraphrase", paraphrase="Thanks.", actor="mei")
    set_quoting(record, careful, items[0], "paraphrase", reason="she sent it to us again", actor="mei")
    (after,) = standings(record, careful, items[:1], "free").values()
    assert (after.status, after.decided, after.causes) == ("paraphrase", True, ("absent",))


def test_do_not_quote_is_not_lifted_without_a_reason(record: Record, careful: Corpus) -> None:
    item, event = "rednote:c:c1", uuid4()
    set_quoting(record, careful, item, actor="mei", **SET)
    for status in ("free", "paraphrase"):
        with pytest.raises(InputError, match=r"it must not be quoted \(she asked us not to\)"):
            set_quoting(record, careful, item, status, actor="jon")
    with pytest.raises(InputError, match="must not be quoted"):
        unset_quoting(record, careful, item, "free", actor="jon")
    for _ in range(2):
        set_quoting(record, careful, item, "free", reason="she agreed", actor="jon", event_id=event)
    for _ in range(2):
        unset_quoting(record, careful, item, "paraphrase", actor="jon", event_id=UUID(int=event.int + 1))
    assert not record.view("quoting")
    assert len(list(record.events())) == 3
    with pytest.raises(InputError, match="nothing was decided"):
        unset_quoting(record, careful, item, "paraphrase", actor="jon")


def test_politics_is_paraphrased_and_nobody_is_told_of_what_a_blind_round_holds(
    record: Record, careful: Corpus
) -> None:
    book = Codebook("", (Facet("politics", "Politics"),), (Code("politics.overt", "politics", "Overt", role=POLITICS),))
    whole = {"codebook": book.content, "sha256": book.sha256}
    record.append(Draft("codebook.changed", "", whole, "mei", "human", "", 1))
    open_round(record, "round-1", "independent", ["mei", "jon"], "mei")
    item = "rednote:c:c2"
    body = {"item_id": item, "code_id": "politics.overt"}
    record.append(Draft("coding.set", item, body, "jon", "human", "round-1", 1))

    def status(viewer: str = "") -> str:
        sees = visible(record, viewer) if viewer else None
        return standings(record, careful, [item], "free", sees)[item].status

    assert [status(), status("mei"), status("jon")] == ["free", "free", "paraphrase"]
    freeze(record, "round-1", "mei")
    assert [status(), status("mei")] == ["paraphrase", "free"]
    set_quoting(record, careful, item, "free", actor="mei")
    reveal(record, "round-1", "mei")
    unset_quoting(record, careful, item, "free", actor="mei")
    assert status("mei") == "paraphrase"
    with pytest.raises(InputError, match="coded as openly political"):
        set_quoting(record, careful, item, "free", actor="mei")


def test_what_cannot_be_decided_is_said(tmp_path: Path, record: Record, careful: Corpus) -> None:
    for item, status, said, more in (
        ("rednote:c:nobody", "free", "no captured item", {}), ("rednote:c:c1", "fre", "did you mean 'free'", {}),
        ("rednote:c:c1", "do_not_quote", "leave it empty", {"paraphrase": "x"}),
    ):  # fmt: skip
        with pytest.raises(InputError, match=said):
            set_quoting(record, careful, item, status, actor="mei", **more)
    table = "item,quoting,coder\nrednote:c:gone,free,mei\n"
    assert "no longer shows it" in str(propose_quoting(written(tmp_path, table), record, careful).refused[0])
    assert not list(record.events())
