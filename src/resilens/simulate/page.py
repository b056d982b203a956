"""How does a page of HTML become whole in itself? Words, tables and figures as text: no script, no request, escaped.

The look is that of the reports (`overview.css`), which stand on a higher floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from resilens.results import figures
from resilens.results.tables import Column, Table, Value, shown

_CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff](?:[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff60]*"
                      "[\u3400-\u4dbf\u4e00-\u9fff\u3001-\u303f\uff01-\uff60])?")  # fmt: skip
_INNER_ID = re.compile(r'\b(id="|url\(#|href="#)')
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_ICON = "data:,"
_LONG = 28
"""Characters from which a cell may be broken into lines."""


def text(value: str) -> str:
    """Text as HTML, with runs of Chinese marked as such."""
    parts: list[str] = []
    position = 0
    for run in _CHINESE.finditer(value):
        parts += [escape(value[position : run.start()]), f'<span lang="zh">{escape(run.group())}</span>']
        position = run.end()
    return "".join(parts) + escape(value[position:])


def paragraph(words: str, kind: str = "") -> str:
    """A paragraph of plain words."""
    return f"<p{_class(kind)}>{text(words)}</p>"


def section(name: str, title: str, *parts: str) -> str:
    """A section with its heading."""
    inside = "\n".join(part for part in parts if part)
    return (f'<section id="{name}" aria-labelledby="{name}-heading">\n<h2 id="{name}-heading">{text(title)}</h2>\n'
            f"{inside}\n</section>")  # fmt: skip


def table(table: Table, name: str) -> str:
    """A table that scrolls by itself where it is too wide."""
    heads = "".join(f'<th scope="col"{_right(column)}>{text(column.title)}</th>' for column in table.columns)
    rows = "\n".join(_row(table, row) for row in table.rows)
    notes = f'<p class="notes">{" ".join(map(text, table.notes))}</p>\n' if table.notes else ""
    return (
        f'<div class="table" id="{name}">\n<p class="caption" id="{name}-caption">{text(table.caption)}</p>\n'
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{name}-caption">\n'
        f'<table aria-labelledby="{name}-caption">\n<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n'
        f"</table>\n</div>\n{notes}</div>"
    )


def figure(name: str, specifications: Mapping[str, Mapping[str, Any]], label: str, caption: str) -> str:
    """A figure drawn for each width (`wide`, `narrow`), of which the page shows one.

    Parameters
    ----------
    label
        What it shows, for those who cannot see it.
    """
    drawn = "\n".join(_drawing(one, f"{name}-{kind}", label, kind) for kind, one in specifications.items())
    return f'<figure id="{name}">\n{drawn}\n<figcaption>{text(caption)}</figcaption>\n</figure>'


def page(title: str, subtitle: str, dated: str, contents: Sequence[tuple[str, str]], body: Iterable[str]) -> str:
    """The whole page; SYNTHETIC stands at its top, in its title, and on every printed sheet.

    Parameters
    ----------
    contents
        Anchors and titles of the sections.
    """
    style = files("resilens.simulate").joinpath("overview.css").read_text(encoding="utf-8")
    entries = "\n".join(f'<li><a href="#{name}">{text(heading)}</a></li>' for name, heading in contents)
    inside = "\n".join(body)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<title>SYNTHETIC: {escape(title)}</title>\n<link rel="icon" href="{_ICON}">\n<style>\n{style}</style>\n'
        '</head>\n<body>\n<a class="skip" href="#text">Skip to the text</a>\n'
        '<p class="synthetic" role="note"><strong>SYNTHETIC</strong> <span>nobody here exists; nothing here is a '
        "finding about people</span></p>\n"
        f"<header>\n<h1>{text(title)}</h1>\n{paragraph(subtitle, 'subtitle')}\n{paragraph(dated, 'dated')}\n</header>\n"
        f'<nav aria-label="Contents">\n<ol>\n{entries}\n</ol>\n</nav>\n<main id="text">\n{inside}\n</main>\n'
        "</body>\n</html>\n"
    )


def _row(table: Table, row: Sequence[Value]) -> str:
    cells = []
    for place, (value, column) in enumerate(zip(row, table.columns, strict=True)):
        content = shown(value, column.kind)
        written = f"<code>{escape(content)}</code>" if column.kind == "code" else text(content)
        kind = _right(column) or (_class("words") if len(content) > _LONG and column.kind == "text" else "")
        cells.append(f'<th scope="row"{kind}>{written}</th>' if place == 0 else f"<td{kind}>{written}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _right(column: Column) -> str:
    return _class("right") if column.right else ""


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _drawing(specification: Mapping[str, Any], name: str, label: str, kind: str) -> str:
    """A figure's SVG for the page: named, its inner ids made its own."""
    drawn = _INNER_ID.sub(lambda match: f"{match.group(1)}{name}-", figures.svg(specification)).strip()
    drawn = re.sub(r' (role="graphics-\w+"|aria-roledescription="[^"]*")', "", drawn)
    return drawn.replace('class="marks"', f'class="drawing {kind}" role="img" aria-label="{escape(label)}"', 1)
