"""What did each code mean, and how did the codebook come to be what it is? Every code by facet, every version.

Examples are left out: a coder may have written down what somebody said, and a report quotes on plates only.
"""

from __future__ import annotations

from resilens.report.method_facts import CodebookVersion, CodeEntry, MethodFacts
from resilens.report.model import Paragraph, Reference, Section, TableBlock, say
from resilens.results.tables import Column, Table, counted, without_empty


def codebook_section(facts: MethodFacts) -> Section | None:
    """Appendix: the versions of the codebook, then the codes in force, a table a facet; None before there is one."""
    book = facts.codebook
    if not book.codes:
        return None
    facets = list(dict.fromkeys(code.facet for code in book.codes))
    words = say("The codebook in force is version {version}; it holds {codes} in {facets}. {table} lists its versions.",
                version=str(book.version), codes=counted(len(book.codes), "code"), facets=counted(len(facets), "facet"),
                table=Reference("table-codebook-versions"))  # fmt: skip
    tables = [_facet(facet, number, [code for code in book.codes if code.facet == facet])
              for number, facet in enumerate(facets, 1)]  # fmt: skip
    return Section("codebook", "Appendix: codebook", (Paragraph(words), _versions(book.versions)), tuple(tables))


def _versions(versions: tuple[CodebookVersion, ...]) -> TableBlock:
    columns = (Column("version", "Version", "count"), Column("day", "Day", "date"), Column("by", "By"),
               Column("codes", "Codes", "count"), Column("changes", "What changed"),
               Column("reason", "Why"))  # fmt: skip
    rows = [(one.number, one.day, one.by, one.codes, one.changes or None, one.reason or None) for one in versions]
    return TableBlock("codebook-versions", Table("Versions of the codebook", *without_empty(columns, rows)))


def _facet(facet: str, number: int, codes: list[CodeEntry]) -> Section:
    columns = (Column("code", "Code"), Column("name_zh", "In Chinese"), Column("within", "Within"),
               Column("definition", "What it means"), Column("use_when", "Given when"),
               Column("not_when", "Not given when"), Column("status", "Status"))  # fmt: skip
    rows = [(one.name, one.name_zh or None, one.within or None, one.definition or None, one.use_when or None,
             one.not_when or None, one.status or None) for one in codes]  # fmt: skip
    whole = (Column("id", "Id", "code"), *columns, Column("role", "Role"), Column("source", "Source"))
    every = [(one.id, *row, one.role or None, one.source or None) for one, row in zip(codes, rows, strict=True)]
    caption = f"Codes of the facet {facet}"
    shown = Table(caption, *without_empty(columns, rows))
    return Section(f"codebook-facet-{number}", facet, (TableBlock(f"codebook-{number}", shown,
                                                                  Table(caption, whole, every)),))  # fmt: skip
