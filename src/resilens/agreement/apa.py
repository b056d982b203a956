"""How does a table look in a paper or on a terminal: numbered, titled, ruled, its notes beneath, as APA asks?

American Psychological Association (2020), *Publication Manual*, 7th ed., chapter 7: number and title above, no vertical
rules, a general note beneath; a statistic that cannot exceed one has no zero before its point (section 6.36).
"""

from __future__ import annotations

from collections.abc import Sequence

from resilens.results.tables import Column, Table, Value, decimal, shown
from resilens.sampling.quota_table import shown_width


def apa(table: Table, number: int = 1) -> str:
    """The table with its number, title, rules and notes."""
    notes = f"\n\nNote. {' '.join(table.notes)}" if table.notes else ""
    return "\n".join([f"Table {number}", "", table.caption, "", *grid(table)]) + notes


def grid(table: Table) -> list[str]:
    """Heading, rules and rows, columns aligned; the ends of an interval stand in one column, `[.46, .92]`."""
    titles, rights, cells = _columns(table)
    widths = [max(map(shown_width, column)) for column in zip(titles, *cells, strict=True)] if titles else []
    rule = "─" * (sum(widths) + 2 * max(0, len(widths) - 1))
    lines = [rule, _row(titles, rights, widths), rule]
    lines += [_row(row, rights, widths) for row in cells]
    return [line.rstrip() for line in [*lines, rule]]


def unit(value: float, digits: int = 2) -> str:
    """A statistic that cannot exceed one has no zero before its point: `.62`, `-.05`, `1.00`."""
    written = decimal(value, digits)
    return written if written.lstrip("-").startswith("1") else written.replace("0.", ".", 1)


def _columns(table: Table) -> tuple[list[str], list[bool], list[list[str]]]:
    """Titles, which columns stand at the right, and the cells of each row."""
    columns, names = table.columns, [column.name for column in table.columns]
    bounded = [_bounded(column, [row[place] for row in table.rows]) for place, column in enumerate(columns)]
    intervals = {place for place, name in enumerate(names[:-1])
                 if name.endswith("low") and names[place + 1] == f"{name.removesuffix('low')}high"}  # fmt: skip

    def cell(row: Sequence[Value], place: int) -> str:
        value, other = row[place], row[place + 1] if place in intervals else None
        if place in intervals and value is not None:
            return f"[{_number(value, bounded[place])}, {_number(other, bounded[place])}]"
        return _number(value, bounded[place]) if columns[place].kind == "decimal" else shown(value, columns[place].kind)

    def title(place: int) -> str:
        words = columns[place].title.removesuffix("from").strip()
        return words or "95% CI" if place in intervals else columns[place].title

    places = [place for place in range(len(names)) if place - 1 not in intervals]
    cells = [[cell(row, place) for place in places] for row in table.rows]
    return [title(place) for place in places], [columns[place].right for place in places], cells


def _bounded(column: Column, values: Sequence[Value]) -> bool:
    """Whether a column holds statistics that cannot exceed one."""
    return column.kind == "decimal" and all(abs(value) <= 1 for value in values if isinstance(value, float))


def _number(value: Value, bounded: bool) -> str:
    if not isinstance(value, (int, float)):
        return shown(None, "text")
    return unit(value) if bounded else decimal(value)


def _row(cells: Sequence[str], rights: Sequence[bool], widths: Sequence[int]) -> str:
    padded = []
    for cell, right, width in zip(cells, rights, widths, strict=True):
        gap = " " * (width - shown_width(cell))
        padded.append(gap + cell if right else cell + gap)
    return "  ".join(padded)
