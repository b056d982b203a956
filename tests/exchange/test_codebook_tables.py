"""The codebook as a page and as tables: every field, counts of what may be counted, nothing that computes."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
import pytest

from resilens.coding.codes import Codebook, Facet
from resilens.coding.rounds import opening
from resilens.errors import InputError
from resilens.exchange.codebook_tables import FIELDS, Counts, counts_of, export_codebook, to_markdown
from resilens.record.events import Draft
from resilens.record.store import Record


def code(record: Record, coder: str, code_id: str, round_id: str, kind: str = "import") -> None:
    body = {"item_id": "rednote:p:1", "code_id": code_id, "nothing_applies": not code_id}
    record.append(Draft("coding.set", "rednote:p:1", body, coder, kind, round_id, 1))  # type: ignore[arg-type]


@pytest.fixture
def coded(record: Record) -> Record:
    """Two rounds: one from tables, one still blind."""
    record.append(opening("round-1", "independent", ["A", "B"], "import", "import"))
    record.append(opening("round-2", "independent", ["A", "B"], "ann"))
    code(record, "A", "practice.tribute", "round-1")
    code(record, "B", "", "round-1")
    code(record, "B", "practice.tribute", "round-2", "human")
    return record


def test_counts_leave_blind_rounds_and_nothing_applies_out(coded: Record) -> None:
    counts = counts_of(coded)
    assert counts == Counts({("practice.tribute", "A"): 1}, ("A",), ("round-2",))


def test_csv_has_every_field_and_is_safe(tmp_path: Path, coded: Record, book: Codebook, study: str) -> None:
    losses = export_codebook(tmp_path / "c.csv", book, coded, study)
    with (tmp_path / "c.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert list(rows[0]) == [*FIELDS, "codings: A"]
    assert rows[0]["example"] == "'=my cat"
    assert rows[0]["not_when"] == "'- no cat"
    assert rows[0]["sets"] == "Gifts; =Rites & cats"
    assert (rows[0]["codings: A"], rows[1]["codings: A"]) == ("1", "0")
    assert [row["second_item"] for row in rows] == ["", "", "", "yes", ""]
    assert losses == ("anchors of one code: left out, for they are ids of the platform",
                      "codings in round-2: not counted, for it is still blind",
                      "what facets are called and mean: .qdc and .md have it")  # fmt: skip
    assert "rednote:p:aa1" not in (tmp_path / "c.csv").read_text(encoding="utf-8")


def test_xlsx_has_texts_as_texts(tmp_path: Path, record: Record, book: Codebook, study: str) -> None:
    export_codebook(tmp_path / "c.xlsx", book, record, study)
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")["codebook"]
    example = [cell.value for cell in sheet[1]].index("example")
    assert (sheet[2][example].value, sheet[2][example].data_type) == ("=my cat", "s")


def test_markdown_has_every_code_and_shows_texts_as_they_are(coded: Record, book: Codebook, study: str) -> None:
    page = to_markdown(book, counts_of(coded), study)
    assert page.startswith("# Codebook of A study\n\n## Practice (实践)\n")
    for one in book.codes:
        assert f"(`{one.id}`" in page
    assert re.search(r"^#### Dog tax", page, re.MULTILINE), "nested codes are one level below"
    assert "(`practice.old`, retired)" in page
    assert "- **Codings:** A 1" in page
    assert "still blind" in page
    odd = Codebook("", (Facet("f", "a\n# b", "", "<script>\n- x *y*"),))
    shown = "## a \\# b\n\n\\<script\\>\\\n\\- x \\*y\\*\n"
    assert to_markdown(odd, Counts({}, (), ()), "s") == f"# Codebook of s\n\n{shown}"


def test_another_ending_is_refused(tmp_path: Path, record: Record, book: Codebook, study: str) -> None:
    with pytest.raises(InputError, match=r"\.qdc"):
        export_codebook(tmp_path / "c.pdf", book, record, study)
