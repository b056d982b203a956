"""With what was the report made, so that somebody else can make it again? Captures, draw, record, software."""

from __future__ import annotations

from resilens.report.method_facts import Capture, MethodFacts
from resilens.report.model import Block, Code, Paragraph, Reference, Section, TableBlock, Words, join, say
from resilens.results.tables import Column, Table, count, counted, listing


def appendix_section(facts: MethodFacts) -> Section:
    """The captures with their hashes, the draw, the chain of events, and the software."""
    captures: list[Block] = [Paragraph(("Nothing has been captured.",))]
    if facts.captures:
        files = counted(len(facts.captures), "captured file")
        words = say("The corpus was built from {files} ({table}, hashes in {hashes}).", files=files,
                    table=Reference("table-captures"), hashes=Reference("table-hashes"))  # fmt: skip
        captures = [Paragraph(words), _hashes(facts.captures)]
    software = Table("Software", (Column("name", "Name"), Column("version", "Version")), facts.software)
    return Section("appendix", "Appendix: captures, record, and software", (), (
        Section("appendix-captures", "Captures", tuple(captures)),
        Section("appendix-record", "The draw and the record", (Paragraph(_draw(facts)), Paragraph(_chain(facts)))),
        *([Section("appendix-software", "Software", (TableBlock("software", software),))] if facts.software else []),
    ))  # fmt: skip


def _hashes(captures: tuple[Capture, ...]) -> TableBlock:
    columns = (Column("name", "Capture"), Column("sha256", "SHA-256", "code"))
    return TableBlock("hashes", Table("Hashes of the captures", columns, [(one.name, one.sha256) for one in captures]))


def _draw(facts: MethodFacts) -> Words:
    if not facts.draw:
        return ("No sample has been drawn.",)
    return say("The sample is the file {name}, SHA-256 {sha256}.", name=Code(facts.draw.name),
               sha256=Code(facts.draw.sha256))  # fmt: skip


def _chain(facts: MethodFacts) -> Words:
    chain = facts.chain
    if not chain.events:
        return ("The record of decisions is empty.",)
    words = say("The record of decisions holds {events}; the hash of the last is {head}.",
                events=counted(chain.events, "event"), head=Code(chain.head))  # fmt: skip
    if chain.blind:
        words = (f"The record of decisions holds {counted(chain.events, 'event')} and those of {listing(chain.blind)}, "
                 f"still blind, of which nothing is told.",)  # fmt: skip
    if not chain.sound:
        return join(words, ("The chain of events does NOT verify: something in it was altered.",))
    if chain.erased:
        verb = "body was" if chain.erased == 1 else "bodies were"
        return join(words, (f"The chain verifies; {count(chain.erased)} {verb} erased on request.",))
    return join(words, ("The chain verifies.",))
