"""How does a table look in a document? As the APA asks: horizontal rules only, numbers at the right, notes beneath.

Its heading row stands again on every page; a row is not parted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resilens.report.characters import legible
from resilens.report.docx_elements import element, paragraph, text_runs
from resilens.report.docx_styles import TABLE_SIZES, TEXT_WIDTH
from resilens.report.table_widths import column_widths
from resilens.results.tables import Column, Table, shown

MARGIN = 60
"""Of a cell at either side, in twentieths of a point."""
LETTER = 0.58
"""How wide a letter is on average, by the points it is set in; ample, for readers set documents in other fonts."""


def table_element(table: Table) -> Any:
    """The table without its caption and notes."""
    name, size = next((name, size) for most, name, size in TABLE_SIZES if len(table.columns) <= most)
    style = name.replace(" ", "")
    rows = [[shown(value, column.kind) for value, column in zip(row, table.columns, strict=True)]
            for row in table.rows] or [["no rows", *[""] * (len(table.columns) - 1)]]  # fmt: skip
    letter = LETTER * size * 20
    widths = [int(one * letter) for one in column_widths(table.columns, rows, TEXT_WIDTH.twips / letter)[0]]
    heads = [column.title for column in table.columns]
    return element(
        "tbl",
        element(
            "tblPr",
            element("tblW", w=sum(widths), type="dxa"),
            element("tblBorders", _rule("top", 12), _rule("bottom", 12), element("insideH", val="none")),
            element("tblLayout", type="fixed"),
            element("tblCellMar", element("left", w=MARGIN, type="dxa"), element("right", w=MARGIN, type="dxa")),
            element("tblLook", val="0020", firstRow=1),
            element("tblCaption", val=legible(table.caption)),
        ),
        element("tblGrid", *(element("gridCol", w=width) for width in widths)),
        _row(table.columns, heads, widths, style, head=True),
        *(_row(table.columns, row, widths, style) for row in rows),
    )


def side_by_side(left: Sequence[Any], right: Sequence[Any]) -> Any:
    """Paragraphs beside others, without rules: a table only to the word processor."""
    indent, half = 280, (TEXT_WIDTH.twips - 280) // 2
    cells = (element("tc", element("tcPr", element("tcW", w=half, type="dxa")), *side) for side in (left, right))
    return element(
        "tbl",
        element("tblPr", element("tblW", w=2 * half, type="dxa"), element("tblInd", w=indent, type="dxa"),
                element("tblLayout", type="fixed")),
        element("tblGrid", element("gridCol", w=half), element("gridCol", w=half)),
        element("tr", *cells),
    )  # fmt: skip


def _rule(side: str, size: int) -> Any:
    return element(side, val="single", sz=size, space=0, color="000000")


def _row(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int], style: str, head: bool = False) -> Any:
    flags = [element("cantSplit"), *([element("tblHeader")] if head else [])]
    cells = (_cell(column, text, width, style, head) for column, text, width in zip(columns, row, widths, strict=True))
    return element("tr", element("trPr", *flags), *cells)


def _cell(column: Column, text: str, width: int, style: str, head: bool) -> Any:
    rules = [element("tcBorders", _rule("bottom", 6)), element("vAlign", val="bottom")] if head else []
    written = text_runs(text, *([("b", {})] if head else []),
                        style="ExactCharacters" if column.kind == "code" and not head else "")  # fmt: skip
    aligned = {"jc": element("jc", val="right")} if column.right else {}
    return element("tc", element("tcPr", element("tcW", w=width, type="dxa"), *rules),
                   paragraph(style, *written, **aligned))  # fmt: skip
