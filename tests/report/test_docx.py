"""The document: read back, it has real headings, captions with numbers that are fields, APA tables, and alt texts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from resilens.report import docx as writing
from resilens.report.model import FigureBlock, Report, Section, TableBlock, walk
from resilens.report.pictures import draw
from resilens.results.tables import Column, Table

Files = Mapping[str, Mapping[str, bytes]]


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


@pytest.fixture
def full(files: Files) -> Any:
    return opened(files["full"]["report.docx"])


def fields(document: Any) -> list[str]:
    return [" ".join(code.text.split()) for code in document.element.iter(qn("w:instrText"))]


def test_headings_are_the_word_processors_own_in_the_reports_order(full: Any, reports: Mapping[str, Report]) -> None:
    found = [(paragraph.style.name, paragraph.text.replace("\u00a0", " ")) for paragraph in full.paragraphs
             if paragraph.style.name.startswith("Heading")]  # fmt: skip

    def wanted(section: Section, level: int) -> list[tuple[str, str]]:
        below = [one for inside in section.subsections for one in wanted(inside, level + 1)]
        return [(f"Heading {level}", section.title), *below]

    assert found == [one for section in reports["full"].sections for one in wanted(section, 1)]


def test_captions_are_numbered_by_fields(full: Any, reports: Mapping[str, Report]) -> None:
    captions = [paragraph.text for paragraph in full.paragraphs if paragraph.style.name == "Caption"]
    blocks = [block for section in walk(reports["full"].sections) for block in section.blocks
              if isinstance(block, (TableBlock, FigureBlock))]  # fmt: skip
    assert len(captions) == len(blocks)
    assert captions[0].startswith("Table\u00a01\n")
    said = fields(full)
    assert said.count("SEQ Table \\* ARABIC") == len(full.tables)
    assert said.count("SEQ Figure \\* ARABIC") == len(full.inline_shapes)


def test_references_and_links_lead_to_bookmarks_that_are_there(full: Any) -> None:
    names = [mark.get(qn("w:name")) for mark in full.element.iter(qn("w:bookmarkStart"))]
    numbers = [mark.get(qn("w:id")) for mark in full.element.iter(qn("w:bookmarkStart"))]
    assert len(set(names)) == len(names) == len(set(numbers))
    assert all(re.fullmatch("[A-Za-z_][0-9A-Za-z_]{0,39}", name) for name in names)
    anchors = [link.get(qn("w:anchor")) for link in full.element.iter(qn("w:hyperlink"))]
    references = [code.split()[1] for code in fields(full) if code.startswith("REF ")]
    assert len(anchors) > 20
    assert references
    assert {*anchors, *references} <= set(names)


def test_tables_have_horizontal_rules_only_and_numbers_at_the_right(full: Any) -> None:
    for table in full.tables:
        borders = table._tbl.tblPr.find(qn("w:tblBorders"))
        ruled = {border.tag.split("}")[1] for border in borders if border.get(qn("w:val")) == "single"}
        assert ruled == {"top", "bottom"}
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    quotas = next(table for table in full.tables if table.cell(0, 0).text == "Hashtag" and "Quota" in
                  [cell.text for cell in table.rows[0].cells])  # fmt: skip
    heads = [cell.text for cell in quotas.rows[0].cells]
    row = dict(zip(heads, quotas.rows[3].cells, strict=True))
    assert row["Quota"].text == "175"
    assert str(row["Quota"].paragraphs[0].alignment).startswith("RIGHT")
    assert row["Hashtag"].paragraphs[0].alignment is None
    assert any(paragraph.style.name == "Table Note" and paragraph.text.startswith("Note. ") for paragraph in
               full.paragraphs)  # fmt: skip


def test_tables_fit_the_page(full: Any) -> None:
    section = full.sections[0]
    room = (section.page_width - section.left_margin - section.right_margin) / 635
    for table in full.tables:
        assert sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid) <= room + 1


def test_figures_are_pictures_with_words_for_those_who_cannot_see_them(full: Any, files: Files) -> None:
    described = [shape._inline.docPr.get("descr") for shape in full.inline_shapes]
    assert described[0].startswith("Figure 1. The largest value is 150 posts, of #cattax")
    pictures = [part.blob for part in full.part.package.image_parts]
    assert files["full"]["figures/volume.png"] in pictures


def test_every_page_says_synthetic_and_has_a_number(full: Any, files: Files) -> None:
    section = full.sections[0]
    assert not section.different_first_page_header_footer
    assert "SYNTHETIC" in section.header.paragraphs[0].text
    assert [code.text.strip() for code in section.footer._element.iter(qn("w:instrText"))] == ["PAGE"]
    plain = opened(files["empty"]["report.docx"])
    assert "SYNTHETIC" not in plain.sections[0].header.paragraphs[0].text


def test_languages_fonts_and_properties_are_stated(full: Any) -> None:
    defaults = full.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language, fonts = defaults.find(qn("w:lang")), defaults.find(qn("w:rFonts"))
    assert (language.get(qn("w:val")), language.get(qn("w:eastAsia"))) == ("en-GB", "zh-CN")
    assert fonts.get(qn("w:eastAsia")) == "SimSun"
    properties = full.core_properties
    assert properties.title.startswith("SYNTHETIC: Cats at the border")
    assert properties.author == "A. Scholar, B. Scholar"
    assert properties.created == properties.modified == datetime.combine(date(2025, 5, 3), datetime.min.time().replace(
        hour=12), properties.created.tzinfo)  # fmt: skip
    assert properties.comments == ""


def test_chinese_is_marked_as_chinese(full: Any) -> None:
    runs = [run for run in full.element.iter(qn("w:r")) if run.text == "猫税"]
    assert runs
    assert {run.find(f"{qn('w:rPr')}/{qn('w:lang')}").get(qn("w:eastAsia")) for run in runs} == {"zh-CN"}


def test_numbered_lists_begin_at_one_each(full: Any) -> None:
    entries = [paragraph for paragraph in full.paragraphs if paragraph.style.name == "List Number"]
    numbers = [entry._p.pPr.numPr.numId.val for entry in entries]
    assert len(set(numbers)) >= 2
    known = {number.numId for number in full.part.numbering_part.element.num_lst}
    assert set(numbers) <= known


def test_what_people_wrote_is_text(files: Files) -> None:
    content = files["hostile"]["report.docx"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
    said = "\n".join(paragraph.text for paragraph in opened(content).paragraphs)
    for written in ("<script>alert(1)</script>&amp;]]>", "a[U+0000]b[U+000B]c[U+FFFE]", "[U+202E]evil[U+202C]", "𓀀"):
        assert written in said


def test_an_item_stands_beside_its_translation(files: Files) -> None:
    document = opened(files["plates"]["report.docx"])
    (beside,) = document.tables
    left, right = beside.rows[0].cells
    assert left.text == "欢迎！税已收到 🐈\n[doge]"
    assert right.text == "Welcome! Tax received.\nTranslation: DeepL, accepted by coder A."
    said = [paragraph.text for paragraph in document.paragraphs]
    assert "Paraphrased: these are not the author's words." in said
    assert "Not quoted: its words may be neither quoted nor paraphrased." in said
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == "A cat on a sofa; a face is covered."
    arabic = next(paragraph for paragraph in document.paragraphs if "شكرا" in paragraph.text)
    assert arabic._p.pPr.find(qn("w:bidi")) is not None


def test_a_long_table_is_quick_and_whole() -> None:
    table = Table("Long", (Column("a", "A"), Column("b", "B", "count")), [(f"row {n}", n) for n in range(2000)])
    report = Report("T", "", False, (Section("s", "S", (TableBlock("long", table),)),))
    document = opened(writing.render(report, draw(report)))
    assert len(document.tables[0]._tbl.tr_lst) == 2001


def test_the_same_report_gives_the_same_bytes_without_the_clock(reports: Mapping[str, Report], files: Files) -> None:
    content = files["full"]["report.docx"]
    assert writing.render(reports["full"], draw(reports["full"])) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
