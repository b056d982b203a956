"""How does a codebook leave as a page to read or a table to work with, and how often was each code given?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from resilens.coding.codebook import Code, Codebook
from resilens.coding.codings import codings
from resilens.coding.exporting import CELL, Value, cut_in, write_rows
from resilens.coding.rounds import blind, rounds
from resilens.errors import Fault, InputError
from resilens.exchange.codebook_out import export_qdc
from resilens.files import write_text
from resilens.record.store import Record
from resilens.results.tables import counted, listing

FIELDS = ("id", "facet", "parent", "name", "name_zh", "role", "variant", "definition", "use_when", "not_when",
          "example", "source", "sets", "second_item", "status", "merged_into", "colour", "key")  # fmt: skip
"""The columns of a table of codes, before the counts of codings; anchors are ids of the platform and stay here."""

_TOLD = {"name_zh": "Chinese name", "use_when": "Use when", "not_when": "Not when", "example": "Example",
         "role": "Role", "variant": "Variant", "source": "Source", "sets": "Sets", "merged_into": "Merged into",
         "colour": "Colour", "key": "Key"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each code was given, by coder, in rounds that are not blind.

    Parameters
    ----------
    given
        Codings by code id and coder.
    coders
        Whose, sorted.
    blind
        Rounds that are left out, since they are still blind.
    """

    given: Mapping[tuple[str, str], int]
    coders: tuple[str, ...]
    blind: tuple[str, ...]


def counts_of(record: Record) -> Counts:
    """Count the codings of every code and coder; "nothing applies" is no code."""
    closed = tuple(one.id for one in rounds(record) if blind(record, one))
    table = codings(record).select(["round_id", "coder", "code_id"]).to_pylist()
    rows = [(row["code_id"], row["coder"]) for row in table if row["code_id"] and row["round_id"] not in closed]
    return Counts(Counter(rows), tuple(sorted({coder for _, coder in rows})), closed)


def export_codebook(
    path: Path, codebook: Codebook, record: Record, study: str, dry_run: bool = False
) -> tuple[str, ...]:  # fmt: skip
    """Write a codebook as .qdc, .md, .csv or .xlsx, by the ending of `path`.

    Parameters
    ----------
    path
        Where to; an existing file is replaced at once.
    codebook, record, study
        The codebook in force, the record with the codings, and the study's title.
    dry_run
        Only say what could not be carried.

    Returns
    -------
    tuple of str
        What could not be carried, a sentence each.

    Raises
    ------
    InputError
        If the ending is another, or the codebook has no code.
    """
    kind = path.suffix.lower()
    if kind not in (".qdc", ".md", ".csv", ".xlsx"):
        words = "a codebook is written as .qdc (REFI-QDA), .md, .csv or .xlsx; end the name with one of them"
        raise InputError(Fault(words, path.name))
    if kind == ".qdc":
        return export_qdc(path, codebook, study, dry_run)
    counts = counts_of(record)
    losses = _losses(codebook, counts)
    if kind == ".md":
        page = to_markdown(codebook, counts, study)
        if not dry_run:
            write_text(path, page)
        return losses
    header, cells = _rows(codebook, counts)
    if not dry_run:
        write_rows(path, header, cells, "codebook")
    if any(facet.definition or facet.name_zh for facet in codebook.facets):
        losses = (*losses, "what facets are called and mean: .qdc and .md have it")
    cut = cut_in(path, cells)
    return (*losses, f"the end of {counted(cut, 'cell')}: Excel holds {CELL:,} characters in one") if cut else losses


def _losses(codebook: Codebook, counts: Counts) -> tuple[str, ...]:
    said = []
    anchored = sum(bool(code.anchors) for code in codebook.codes)
    if anchored:
        said.append(f"anchors of {counted(anchored, 'code')}: left out, for they are ids of the platform")
    if codebook.framework:
        said.append(f"that the codebook was begun from {codebook.framework}: left out")
    if counts.blind:
        are = "it is" if len(counts.blind) == 1 else "they are"
        said.append(f"codings in {listing(counts.blind)}: not counted, for {are} still blind")
    return tuple(said)


def _rows(codebook: Codebook, counts: Counts) -> tuple[list[str], list[list[Value]]]:
    header = [*FIELDS, *(f"codings: {coder}" for coder in counts.coders)]
    rows: list[list[Value]] = []
    for code in codebook.codes:
        told: list[Value] = [_told(code, name) for name in FIELDS]
        told[FIELDS.index("second_item")] = "yes" if code.second_item else ""
        rows.append([*told, *(counts.given.get((code.id, coder), 0) for coder in counts.coders)])
    return header, rows


def _told(code: Code, name: str) -> str:
    value = getattr(code, name)
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def to_markdown(codebook: Codebook, counts: Counts, study: str) -> str:
    """The codebook as a page: a section a facet, a part a code, those nested in it after it."""
    lines = [f"# Codebook of {_line(study)}", ""]
    for facet in codebook.facets:
        named = f" ({_line(facet.name_zh)})" if facet.name_zh else ""
        lines += [f"## {_line(facet.name)}{named}", ""]
        lines += [_escaped(facet.definition), ""] if facet.definition else []
        nested = _nested(codebook, facet.id)
        lines += [line for code, depth in nested for line in _code_lines(code, depth, counts)]
    if counts.blind:
        lines += [f"Codings in {_escaped(listing(counts.blind))} are not counted: still blind.", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _nested(codebook: Codebook, facet: str) -> list[tuple[Code, int]]:
    """The codes of a facet with their depth, each before those nested in it."""
    children: dict[str, list[Code]] = {}
    for code in codebook.codes:
        if code.facet == facet:
            children.setdefault(code.parent, []).append(code)
    found: list[tuple[Code, int]] = []
    waiting = [(code, 0) for code in reversed(children.get("", []))]
    while waiting:
        code, depth = waiting.pop()
        found.append((code, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(code.id, []))]
    return found


def _code_lines(code: Code, depth: int, counts: Counts) -> list[str]:
    retired = "" if code.active else ", retired"
    lines = [f"{'#' * min(3 + depth, 6)} {_line(code.name)} (`{code.id}`{retired})", ""]
    if code.definition:
        lines += [_escaped(code.definition), ""]
    fields = [(label, _told(code, name)) for name, label in _TOLD.items() if getattr(code, name)]
    fields += [("Second item", "needed")] if code.second_item else []
    fields += [("Nested in", code.parent)] if code.parent else []
    given = [f"{coder} {counts.given.get((code.id, coder), 0):,}" for coder in counts.coders]
    fields += [("Codings", "; ".join(given))] if given else []
    lines += [f"- **{label}:** {_escaped(text, '  ')}" for label, text in fields]
    return [*lines, ""] if fields else lines


def _escaped(text: str, indent: str = "") -> str:
    """Text that Markdown shows as it is, line for line."""
    marked = re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", re.sub(r"&(?=#?\w+;)", "&amp;", text))
    lines = re.sub(r"(?m)^(\s*)([-+=])", r"\1\\\2", marked).splitlines() or [""]
    return f"\\\n{indent}".join(line.strip() or "&nbsp;" for line in lines)


def _line(text: str) -> str:
    """Text for a heading, on one line."""
    return _escaped(" ".join(text.split()))
