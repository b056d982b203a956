"""How does a report become a page that opens offline, prints, and reads well on a telephone? No script, no request.

Everything the page needs is in it: style, figures and pictures inline. Tables' and figures' data lie beside it as CSV,
figures as SVG and PNG as well.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from resilens.report.characters import legible, rightwards, runs
from resilens.report.model import (
    Block,
    Code,
    Emphasis,
    EvidencePlate,
    FigureBlock,
    Link,
    ListBlock,
    Missing,
    Note,
    Paragraph,
    Reference,
    Report,
    Section,
    TableBlock,
    Words,
    walk,
)
from resilens.report.pictures import Pictures, draw
from resilens.results.tables import Column, Table, Value, shown, to_csv

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='7' cy='7' r='5' "
    "fill='none' stroke='%230072b2' stroke-width='2'/%3E%3Cpath d='M11 11l4 4' stroke='%230072b2' stroke-width='2'/%3E"
    "%3C/svg%3E"
)
LONG = 40
"""Rows over which a table scrolls in a window of its own on the page; on paper it stands whole."""
PRINTED_MARK = '@page { @top-center { content: "SYNTHETIC"; font: bold 9pt sans-serif; letter-spacing: .12em; } }\n'
_INNER_ID = re.compile(r'\b(id="|url\(#|href="#)')


def render(report: Report, pictures: Pictures | None = None) -> dict[str, bytes]:
    """The files of a report's folder by path: `index.html`, and the CSV, SVG and PNG files beside it.

    Parameters
    ----------
    report
        The report; its ids are the page's anchors.
    pictures
        Its figures, drawn; they are drawn here unless given.

    Returns
    -------
    dict of str to bytes
        The same bytes for the same report.
    """
    pictures = pictures or draw(report)
    output: dict[str, bytes] = {}
    for section in walk(report.sections):
        for block in section.blocks:
            if isinstance(block, TableBlock):
                output[f"tables/{block.name}.csv"] = to_csv(block.whole or block.table)
            elif isinstance(block, FigureBlock):
                output[f"figures/{block.name}.csv"] = to_csv(block.data)
                output[f"figures/{block.name}.svg"] = pictures.svg[block.id].encode()
                output[f"figures/{block.name}.png"] = pictures.png[block.id]
    body = "\n".join(_section(report, pictures, section, 2) for section in report.sections)
    output["index.html"] = _page(report, body).encode()
    return dict(sorted(output.items()))


def _page(report: Report, body: str) -> str:
    band = (
        '<p class="synthetic" role="note"><strong>SYNTHETIC</strong> <span>made-up data; nothing here is a finding '
        "about people</span></p>\n"
        if report.synthetic
        else ""
    )
    style = files("resilens.report").joinpath("style.css").read_text(encoding="utf-8")
    if report.synthetic:
        style += PRINTED_MARK
    dated = f'<p class="dated">{text(report.dated)}</p>\n' if report.dated else ""
    subtitle = f'<p class="subtitle">{text(report.subtitle)}</p>\n' if report.subtitle else ""
    title = legible(f"{'SYNTHETIC: ' if report.synthetic else ''}{report.title}")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        'img-src data:">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="{ICON}">\n<style>\n{style}</style>\n</head>\n'
        f'<body>\n'
        f'<a class="skip" href="#text">Skip to the text</a>\n{band}'
        f'<header>\n<h1>{text(report.title)}</h1>\n{subtitle}{dated}</header>\n'
        f'<nav aria-label="Contents">\n<h2>Contents</h2>\n{_contents(report.sections)}\n</nav>\n'
        f'<main id="text">\n{body}\n</main>\n</body>\n</html>\n'
    )


def _contents(sections: Sequence[Section]) -> str:
    entries = "\n".join(
        f'<li><a href="#{section.id}">{text(section.title)}</a>'
        f"{chr(10) + _contents(section.subsections) if section.subsections else ''}</li>"
        for section in sections
    )
    return f"<ol>\n{entries}\n</ol>"


def _section(report: Report, pictures: Pictures, section: Section, level: int) -> str:
    blocks = "\n".join(_block(report, pictures, block) for block in section.blocks)
    inside = "\n".join(_section(report, pictures, below, level + 1) for below in section.subsections)
    tag = f"h{min(level, 6)}"
    heading = f'<{tag} id="{section.id}-heading">{text(section.title)}</{tag}>'
    parts = "\n".join(part for part in (heading, blocks, inside) if part)
    return f'<section id="{section.id}" aria-labelledby="{section.id}-heading">\n{parts}\n</section>'


def _block(report: Report, pictures: Pictures, block: Block) -> str:
    match block:
        case Paragraph():
            return f"<p>{words(report, block.words)}</p>"
        case Note():
            kind = "note caution" if block.caution else "note"
            return f'<aside class="{kind}" role="note"><p>{words(report, block.words)}</p></aside>'
        case ListBlock():
            tag = "ol" if block.numbered else "ul"
            entries = "\n".join(f"<li>{words(report, entry)}</li>" for entry in block.entries)
            return f'<{tag} class="entries">\n{entries}\n</{tag}>'
        case TableBlock():
            return _table(report, block)
        case FigureBlock():
            return _figure(report, pictures, block)
        case EvidencePlate():
            return _plate(report, block)


def words(report: Report, passage: Words) -> str:
    """A passage as HTML."""
    return "".join(_inline(report, word) for word in passage)


def _inline(report: Report, word: object) -> str:
    match word:
        case str():
            return text(word)
        case Emphasis():
            return f"<strong>{text(word.text)}</strong>"
        case Code():
            return f"<code>{_breakable(word.text)}</code>"
        case Link():
            return f'<a class="number" href="#{word.to}">{text(word.text)}</a>'
        case Reference():
            return f'<a class="reference" href="#{word.to}">{report.number(word.to).replace(" ", "&nbsp;")}</a>'
        case Missing():
            key = f"<code>{_breakable(word.key)}</code>"
            return f'<mark class="missing">not stated in {text(word.source)}: {key}</mark>'
        case _:
            raise TypeError(f"no way to write {word!r}")


def text(value: str) -> str:
    """Text as HTML: runs of Chinese marked as such, dates kept whole, what cannot be shown named."""
    return "".join(f'<span lang="zh">{escape(piece)}</span>' if chinese else escape(piece)
                   for piece, chinese in runs(legible(value)))  # fmt: skip


def _breakable(value: str) -> str:
    """Long exact characters may break anywhere, without a hyphen that is not theirs."""
    value = legible(value)
    if len(value) <= 32:
        return escape(value)
    return "<wbr>".join(escape(value[start : start + 8]) for start in range(0, len(value), 8))


def _table(report: Report, block: TableBlock) -> str:
    table = block.table
    heads = "".join(f'<th scope="col"{_right(column)}>{text(column.title)}</th>' for column in table.columns)
    rows = "\n".join(_row(table, row) for row in table.rows)
    if not table.rows:
        rows = f'<tr><td colspan="{len(table.columns)}">no rows</td></tr>'
    notes = " ".join(text(note) for note in table.notes)
    notes = f'<p class="notes"><em>Note.</em> {notes}</p>\n' if notes else ""
    caption = f"<b>{report.number(block.id)}</b> <i>{text(table.caption)}</i>"
    return (
        f'<div class="table" id="{block.id}">\n'
        f'<p class="caption" id="{block.id}-caption">{caption}</p>\n'
        f'<div class="{"scroll long" if len(table.rows) > LONG else "scroll"}" role="region" tabindex="0" '
        f'aria-labelledby="{block.id}-caption">\n'
        f'<table aria-labelledby="{block.id}-caption">\n'
        f"<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>\n{notes}"
        f'<p class="data"><a href="tables/{block.name}.csv">Data as CSV</a></p>\n</div>'
    )


def _row(table: Table, row: Sequence[Value]) -> str:
    cells = []
    for position, (value, column) in enumerate(zip(row, table.columns, strict=True)):
        content = shown(value, column.kind)
        written = f"<code>{_breakable(content)}</code>" if column.kind == "code" else text(content)
        kind = _right(column) or (' class="words"' if len(content) > 28 and column.kind == "text" else "")
        cells.append(f'<th scope="row"{kind}>{written}</th>' if position == 0 else f"<td{kind}>{written}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _right(column: Column) -> str:
    return ' class="right"' if column.right else ""


def _figure(report: Report, pictures: Pictures, block: FigureBlock) -> str:
    number = report.number(block.id)
    label = f"{number}. {block.description}"
    drawn = _drawing(pictures.svg[block.id], f"{block.id}-wide", label, "wide" if block.narrow else "")
    if block.narrow:
        drawn += "\n" + _drawing(pictures.narrow[block.id], f"{block.id}-narrow", label, "narrow")
    return (
        f'<figure id="{block.id}">\n{drawn}\n<figcaption><p><b>{number}</b> {words(report, block.caption)}</p>\n'
        f'<p class="data"><a href="figures/{block.name}.svg">Figure as SVG</a> '
        f'<a href="figures/{block.name}.png">as PNG</a> '
        f'<a href="figures/{block.name}.csv">Data as CSV</a></p></figcaption>\n</figure>'
    )


def _drawing(svg: str, name: str, label: str, kind: str) -> str:
    """A figure's SVG for a page: named for those who cannot see it, its inner ids made its own."""
    drawn = _INNER_ID.sub(lambda match: f"{match.group(1)}{name}-", svg).strip()
    drawn = re.sub(r' (role="graphics-\w+"|aria-roledescription="[^"]*")', "", drawn)
    classes = f"drawing {kind}".strip()
    return drawn.replace('class="marks"', f'class="{classes}" role="img" aria-label="{escape(legible(label))}"', 1)


def _plate(report: Report, block: EvidencePlate) -> str:
    """An item as evidence: what it is, its words as far as they may be shown, and where it counts."""
    columns = _quoted("words", block.words)
    if block.translation:
        columns += "\n" + _quoted("translation", block.translation, block.translated)
    parts = [f'<p class="facts"><b>{text(block.label)}</b> {text(block.facts)}</p>']
    if columns:
        parts.append(f'<div class="quoted">\n{columns}\n</div>')
    if block.picture is not None:
        source = f"data:image/{block.picture_kind};base64,{base64.b64encode(block.picture).decode('ascii')}"
        parts.append(f'<img src="{source}" alt="{escape(legible(block.picture_description))}">')
    if block.status:
        parts.append(f'<p class="status">{text(block.status)}</p>')
    if block.about:
        parts.append(f'<p class="about">{words(report, block.about)}</p>')
    inside = "\n".join(parts)
    return f'<article class="plate" id="{block.id}" aria-label="{escape(legible(block.label))}">\n{inside}\n</article>'


def _quoted(kind: str, said: str, source: str = "") -> str:
    if not said:
        return ""
    direction = "ltr" if rightwards(said) else "rtl"
    lines = "<br>\n".join(text(line) for line in said.splitlines())
    below = f'\n<footer>{text(source)}</footer>' if source else ""
    return f'<blockquote class="{kind}"><p dir="{direction}">{lines}</p>{below}</blockquote>'
