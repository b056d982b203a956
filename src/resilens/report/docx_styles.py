"""How does the document look? The word processor's styles, set as journals of the field ask: serif, black, A4.

Table and note styles are ours, for no built-in one means the same; everything else keeps its name, so that a journal's
template can be applied.
"""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from resilens.report.docx_elements import element, field, paragraph, text_runs

LATIN, EAST_ASIAN, FIXED = "Times New Roman", "SimSun", "Courier New"
LANGUAGES = {"val": "en-GB", "eastAsia": "zh-CN", "bidi": "ar-SA"}
WARNING, QUIET = "A33A08", "4A505A"
TEXT_WIDTH = Mm(160)
SIZES = {"Title": 20, "Subtitle": 12, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11, "Heading 4": 11,
         "Caption": 10}  # fmt: skip
"""Points of the built-in styles."""
TABLE_SIZES = ((6, "Table Text", 9), (9, "Table Text Small", 7.5), (99, "Table Text Tiny", 6.5))
"""Up to how many columns a table is set in which style, and its points."""
OWN_STYLES = (("Table Note", 9, 14), ("Margin Note", 9.5, 8), ("Caution", 9.5, 8), ("Evidence", 10.5, 4),
              ("Evidence Text", 10.5, 4))  # fmt: skip
"""Styles with their points and the points of space after a paragraph."""


def prepare(document: Any, title: str, synthetic: bool) -> None:
    """Set page, languages, styles, header and footer of a new document."""
    _page(document, title, synthetic)
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in defaults.findall(qn("w:rFonts")) + defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.insert(0, _fonts(LATIN))
    defaults.append(element("lang", **LANGUAGES))
    normal = document.styles["Normal"]
    normal.font.size = Pt(11)
    spacing = normal.paragraph_format
    spacing.space_after, spacing.line_spacing_rule, spacing.line_spacing = Pt(8), WD_LINE_SPACING.MULTIPLE, 1.25
    for name, size in SIZES.items():
        _plain(document.styles[name], size)
    document.styles["Heading 4"].font.italic = True
    document.styles["Caption"].font.bold = False
    document.styles["Caption"].paragraph_format.space_before = Pt(6)
    document.styles["Caption"].paragraph_format.space_after = Pt(4)
    _own_styles(document)


def _page(document: Any, title: str, synthetic: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)
    header, footer = section.header.paragraphs[0]._p, section.footer.paragraphs[0]._p
    told = text_runs(title, ("color", {"val": QUIET}), ("sz", {"val": "17"}))
    if synthetic:
        told += [element("r", element("tab")), *text_runs("SYNTHETIC", ("b", {}), ("color", {"val": WARNING}))]
    header.getparent().replace(header, paragraph(
        "Header", *told,
        tabs=element("tabs", element("tab", val="clear", pos=4320), element("tab", val="clear", pos=8640),
                     element("tab", val="right", pos=TEXT_WIDTH.twips)),
    ))  # fmt: skip
    footer.getparent().replace(footer, paragraph(
        "Footer", *field("PAGE", text_runs("1")), jc=element("jc", val="center")
    ))  # fmt: skip


def _fonts(name: str) -> Any:
    return element("rFonts", ascii=name, hAnsi=name, eastAsia=EAST_ASIAN, cs=name)


def _plain(style: Any, size: float) -> None:
    """A built-in style in our font, black and without rules."""
    marks = style.element.get_or_add_rPr()
    for old in marks.findall(qn("w:rFonts")):
        marks.remove(old)
    marks.insert(0, _fonts(LATIN))
    for rule in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        rule.getparent().remove(rule)
    style.font.size, style.font.color.rgb, style.font.italic = Pt(size), RGBColor(0, 0, 0), False


def _own_styles(document: Any) -> None:
    made = {}
    for name, size, after in (*((name, size, 0) for _, name, size in TABLE_SIZES), *OWN_STYLES):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.size = Pt(size)
        form = style.paragraph_format
        form.space_after, form.line_spacing_rule, form.line_spacing = Pt(after), WD_LINE_SPACING.MULTIPLE, 1.1
        made[name] = style
    made["Table Note"].paragraph_format.space_before = Pt(3)
    for name, colour in (("Margin Note", QUIET), ("Caution", WARNING), ("Evidence", QUIET)):
        form = made[name].element.get_or_add_pPr()
        form.insert_element_before(
            element("pBdr", element("left", val="single", sz=12 if name != "Evidence" else 4, space=8, color=colour)),
            "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc",
        )  # fmt: skip
        made[name].paragraph_format.left_indent = Mm(5)
    for name in ("Margin Note", "Caution"):
        made[name].font.color.rgb = RGBColor.from_string(WARNING if name == "Caution" else QUIET)
    code = document.styles.add_style("Exact Characters", WD_STYLE_TYPE.CHARACTER)
    code.element.get_or_add_rPr().insert(0, _fonts(FIXED))
    code.font.size = Pt(9)
