"""What did each code mean, and how did the codebook come to be what it is? Every code by facet, every version.

Examples are left out: a coder may have written down what somebody said, and a report quotes on plates only.
"""

from __future__ import annotations

from resilens.report.method_facts import CodebookVersion, CodeEntry, MethodFacts
from resilens.report.model import Emphasis, ListBlock, Paragraph, Reference, Section, TableBlock, Words, join, say
from resilens.results.tables import Column, Table, counted, without_empty


def codebook_section(facts: MethodFacts) -> Section | None:
    """Appendix: the versions of the codebook, then the codes in force by facet; None before there is one."""
    book = facts.codebook
    if not book.codes:
        return None
    facets = list(dict.fromkeys(code.facet for code in book.codes))
    words = say("The codebook in force is version {version}; it holds {codes} in {facets}. {table} lists its versions.",
                version=str(book.version), codes=counted(len(book.codes), "code"), facets=counted(len(facets), "facet"),
                table=Reference("table-codebook-versions"))  # fmt: skip
    parts = [Section(f"codebook-{number}", facet,
                     (ListBlock(tuple(_entry(code) for code in book.codes if code.facet == facet)),))
             for number, facet in enumerate(facets, 1)]  # fmt: skip
    return Section("codebook", "Appendix: codebook", (Paragraph(words), _versions(book.versions)), tuple(parts))


def _versions(versions: tuple[CodebookVersion, ...]) -> TableBlock:
    columns = (Column("version", "Version", "count"), Column("day", "Day", "date"), Column("by", "By"),
               Column("codes", "Codes", "count"), Column("changes", "What changed"),
               Column("reason", "Why"))  # fmt: skip
    rows = [(one.number, one.day, one.by, one.codes, one.changes or None, one.reason or None) for one in versions]
    return TableBlock("codebook-versions", Table("Versions of the codebook", *without_empty(columns, rows)))


def _entry(code: CodeEntry) -> Words:
    """A code: its names, where it is nested, what it means, when it is given and when not, and what became of it."""
    head = (Emphasis(f"{code.name} {code.name_zh}".strip()), f" (within {code.within})" if code.within else "")
    told = [(Emphasis(f"{label}: "), _sentence(words)) if label else (_sentence(words),) for label, words in
            (("", code.definition), ("Given when", code.use_when), ("Not given when", code.not_when),
             ("", code.status)) if words]  # fmt: skip
    return join((*head, ":" if told else "."), *told)


def _sentence(words: str) -> str:
    words = " ".join(words.split())
    return words if words.endswith((".", "?", "!", "。", "？", "！", "…")) else f"{words}."
