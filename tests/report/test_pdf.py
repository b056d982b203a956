"""The PDF: tagged, outlined, whole in Chinese and emoji, the same bytes, and nothing anyone wrote acts as markup."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from resilens.report import pdf
from resilens.report.model import Paragraph, Report, Section, TableBlock
from resilens.report.pictures import draw
from resilens.results.tables import Column, Table

Files = Mapping[str, Mapping[str, bytes]]


def opened(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def made(*sections: Section, synthetic: bool = False) -> bytes:
    report = Report("A title", "", synthetic, sections, "", date(2025, 5, 1))
    return pdf.render(report, draw(report))


def outline(entries: list[Any], level: int = 1) -> list[tuple[int, str]]:
    found = []
    for entry in entries:
        found += outline(entry, level + 1) if isinstance(entry, list) else [(level, entry.title)]
    return found


@pytest.fixture
def full(files: Files) -> PdfReader:
    return opened(files["full"]["report.pdf"])


def test_it_is_a_tagged_document_that_says_what_it_is(full: PdfReader) -> None:
    catalogue = full.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en-GB"
    assert "/StructTreeRoot" in catalogue
    assert "pdfuaid" in catalogue["/Metadata"].get_data().decode()
    assert full.metadata is not None
    assert full.metadata.title == "SYNTHETIC: Cats at the border: how TikTok refugees and RedNote natives met"
    assert full.metadata.author == "A. Scholar, B. Scholar"
    assert full.metadata.creation_date is not None
    assert full.metadata.creation_date.date() == date(2025, 5, 3)


def test_its_outline_is_that_of_the_report(full: PdfReader, reports: Mapping[str, Report]) -> None:
    wanted = [(1, section.title) for section in reports["full"].sections]
    found = outline(full.outline)
    assert [one for one in found if one[0] == 1] == wanted
    assert (2, "Hashtags and quotas") in found


def test_every_page_is_numbered_and_says_synthetic(full: PdfReader) -> None:
    for number, page in enumerate(full.pages, start=1):
        said = page.extract_text()
        assert "SYNTHETIC" in said
        assert f"{number} / {len(full.pages)}" in said


def test_what_is_not_synthetic_does_not_say_so(files: Files) -> None:
    assert "SYNTHETIC" not in text(opened(files["empty"]["report.pdf"]))


def test_chinese_emoji_and_other_scripts_are_there() -> None:
    said = text(opened(made(Section("s", "猫税 🐈", (Paragraph(("欢迎！税已收到 🐱 한국어 日本語 ไทย שלום",)),)))))
    for words in ("猫税 🐈", "欢迎！税已收到 🐱", "한국어", "日本語", "ไทย"):
        assert words in said
    assert "[U+" not in said


def test_a_figure_has_words_for_those_who_cannot_see_it(files: Files) -> None:
    found = [node["/Alt"] for node in _structure(opened(files["full"]["report.pdf"])) if "/Alt" in node]
    assert found
    assert any("The largest value is 150 posts" in one for one in found)


def test_tables_and_captions_are_tagged_as_such(full: PdfReader) -> None:
    kinds = {str(node.get("/S")) for node in _structure(full)}
    assert {"/Table", "/TH", "/TD", "/Caption", "/H1", "/H2", "/Figure", "/Link", "/LI"} <= kinds


def _structure(reader: PdfReader) -> list[Any]:
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        below = node if isinstance(node, list) else node.get("/K", []) if hasattr(node, "get") else []
        if hasattr(node, "get") and "/S" in node:
            found.append(node)
        waiting += below if isinstance(below, list) else [below] if hasattr(below, "get_object") else []
    return found


def test_a_long_table_goes_on_under_its_heading_row() -> None:
    columns = (Column("a", "Heading row"), Column("b", "B", "count"))
    table = Table("Long", columns, [(f"row {n}", n) for n in range(200)])
    reader = opened(made(Section("s", "S", (TableBlock("long", table),))))
    pages = [page.extract_text() for page in reader.pages]
    held = [page for page in pages if "row 1" in page]
    assert len(held) > 2
    assert all("Heading row" in page for page in held)
    assert "row 199" in held[-1]


def test_what_people_wrote_is_text_and_never_markup(files: Files) -> None:
    said = text(opened(files["hostile"]["report.pdf"]))
    flat = "".join(said.split())
    for written in ('#setpage(fill:red)$x$@ref*b*_i_`c`\\', '#panic("x")', "<script>alert(1)</script>&amp;]]>",
                    "a[U+0000]b[U+000B]c[U+FFFE]", "[U+202E]evil[U+202C][U+2066]isolated"):  # fmt: skip
        assert written in flat


def test_what_no_font_draws_is_named_and_listed_at_the_end(files: Files) -> None:
    reader = opened(files["hostile"]["report.pdf"])
    assert outline(reader.outline)[-1] == (1, "Characters that could not be printed")
    assert "[U+13000] egyptian hieroglyph a001" in " ".join(reader.pages[-1].extract_text().split())
    assert "could not be printed" not in text(opened(files["full"]["report.pdf"]))


def test_links_lead_to_what_they_name(full: PdfReader) -> None:
    names = full.named_destinations
    leads = [note.get_object() for page in full.pages for note in page.get("/Annots", [])]
    assert len(leads) > 30
    assert all("/Dest" in lead or "/A" in lead for lead in leads)
    assert all("/URI" not in str(lead.get("/A", "")) for lead in leads)
    assert {"method", "appendix"} <= set(names)


def test_the_same_report_gives_the_same_bytes(reports: Mapping[str, Report], files: Files) -> None:
    for name in ("plates", "hostile"):
        assert pdf.render(reports[name], draw(reports[name])) == files[name]["report.pdf"]
