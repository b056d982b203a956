"""How does each figure of a report look? Drawn once, as SVG and as PNG, for all formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from resilens.report.characters import named, printable
from resilens.report.model import FigureBlock, Report, walk
from resilens.report.typesetting import picture
from resilens.results import figures


@dataclass(frozen=True, slots=True)
class Pictures:
    """The figures of a report, drawn.

    Parameters
    ----------
    svg, narrow, png
        By the id of the figure: for a page, for a telephone (where it has a drawing of its own), and 300 dpi.
    printed
        The SVG for a page, with characters named that the shipped fonts do not draw.
    missing
        Those characters.
    """

    svg: Mapping[str, str]
    narrow: Mapping[str, str]
    png: Mapping[str, bytes]
    printed: Mapping[str, str]
    missing: frozenset[str]


def draw(report: Report) -> Pictures:
    """Every figure of a report."""
    blocks = [block for section in walk(report.sections) for block in section.blocks if isinstance(block, FigureBlock)]
    svg = {block.id: named(figures.svg(block.specification)) for block in blocks}
    narrow = {block.id: named(figures.svg(block.narrow)) for block in blocks if block.narrow}
    missing: set[str] = set()
    printed = {name: printable(drawn, missing) for name, drawn in svg.items()}
    png = {name: picture(drawn) for name, drawn in printed.items()}
    return Pictures(svg, narrow, png, printed, frozenset(missing))
