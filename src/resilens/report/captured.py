"""What was captured, what is missing, how sure are the times, and which counts are bounds?

One page to look at before anything is concluded. The numbers are those of `resilens status`; where the method already
shows a table, this refers to it.
"""

from __future__ import annotations

from resilens.capture.reader import FLAGS as READERS_FLAGS
from resilens.corpus.schema import FLAGS
from resilens.report.method_facts import Basis, Capture, MethodFacts
from resilens.report.model import (
    Block,
    Link,
    ListBlock,
    Note,
    Paragraph,
    Reference,
    Section,
    TableBlock,
    Words,
    join,
    say,
)
from resilens.results.tables import Column, Table, count, counted, listing, share, without_empty

MEANINGS = FLAGS | READERS_FLAGS
SURE = ("field", "id_exact")
"""Bases of a time that need no assumption about its zone."""


def captured_section(facts: MethodFacts) -> Section | None:
    """Captures and their sums, what is missing, and how sure the rest is; None where nothing was captured."""
    if not facts.captures:
        return None
    files = (Paragraph(_sums(facts)), _table(facts.captures), *_guessed(facts.captures))
    subsections = (
        Section("captured-files", "Files", files),
        Section("captured-missing", "What is missing", (ListBlock(tuple(_missing(facts))),)),
        *([Section("captured-again", "What was captured again", (ListBlock(tuple(again)),))]
          if (again := [(f"{one.line[0].upper()}{one.line[1:]}.",) for one in facts.again]) else []),
        *([Section("captured-sure", "How sure the rest is", tuple(sure))] if (sure := _sure(facts)) else []),
    )
    return Section("captured", "What was captured", (), subsections)


def _sums(facts: MethodFacts) -> Words:
    names = ("read", "new", "repeated", "quarantined")
    read, new, repeated, quarantined = (sum(getattr(one, name) for one in facts.captures) for name in names)
    words = say("{files} {hold} {read}: {new} new, {repeated} seen before, {quarantined} that could not be read "
                "({table}).", files=counted(len(facts.captures), "captured file").capitalize(),
                hold="holds" if len(facts.captures) == 1 else "hold", read=counted(read, "record"),
                new=Link(count(new), "table-captures"), repeated=Link(count(repeated), "table-captures"),
                quarantined=Link(count(quarantined), "table-captures"), table=Reference("table-captures"))  # fmt: skip
    media = listing([counted(number, kind) for kind, number in facts.media])
    return join(words, (f"Beside them lie {media}.",) if media else ())


def _table(captures: tuple[Capture, ...]) -> TableBlock:
    names = ("read", "new", "repeated", "quarantined")
    columns = (Column("name", "Capture"), Column("reader", "Reader"),
               *(Column(name, name.capitalize(), "count") for name in names),
               Column("time_zone", "Zone"), Column("time_zone_basis", "Zone established by"))  # fmt: skip
    rows = [(one.name, one.reader + (" (columns guessed)" if one.guessed else ""),
             *(getattr(one, name) for name in names), one.time_zone or None, one.time_zone_basis or None)
            for one in captures]  # fmt: skip
    notes = ("For every capture, read = new + repeated + quarantined.",)
    return TableBlock("captures", Table("Captures", *without_empty(columns, rows), notes))


def _guessed(captures: tuple[Capture, ...]) -> list[Block]:
    names = [one.name for one in captures if one.guessed]
    words = "What the columns mean was guessed and not confirmed in"
    return [Note((f"{words} {listing(names)}.",), caution=True)] if names else []


def _missing(facts: MethodFacts) -> list[Words]:
    """A sentence for each thing that is not there; one that says so where nothing is missing."""
    found: list[Words] = []
    if facts.quarantine:
        reasons = [f"{reason} ({count(number)})" for reason, number in facts.quarantine[:3]]
        more = ", among others" if len(facts.quarantine) > 3 else ""
        found.append(say(f"Records that could not be read: {listing(reasons)}{more} ({{table}}).",
                         table=Reference("table-quarantine")))  # fmt: skip
    coverage = facts.coverage
    if coverage and coverage.declared:
        bound = "at least " if coverage.at_least else ""
        found.append(say(
            "Comments: {captured} of the {declared} that posts declare were captured ({part}).",
            captured=Link(count(coverage.captured), "method-material"), declared=f"{bound}{count(coverage.declared)}",
            part=share(coverage.captured / coverage.declared),
        ))  # fmt: skip
    extent = facts.extent
    if extent.orphans:
        verb = "stands under a post" if extent.orphans == 1 else "stand under posts"
        found.append((f"Posts: {counted(extent.orphans, 'comment')} {verb} not captured.",))
    if extent.undated:
        found.append((f"Times: {counted(extent.undated, 'item')} without any.",))
    lost = dict(facts.noticed)
    for flag in ("author_missing", "author_by_name_only", "orphan", "broken_chain", "text_not_captured"):
        if lost.get(flag):
            found.append((f"{counted(lost[flag], 'item').capitalize()}: {MEANINGS[flag]}.",))
    return found or [("Nothing that the captures themselves could tell of.",)]


def _sure(facts: MethodFacts) -> list[Block]:
    blocks: list[Block] = []
    if facts.time_bases:
        total, sure, bound = (_number(facts.time_bases, names) for names in ((), SURE, ("id_lower_bound",)))
        words = say("Times: {sure} of {all} need no assumption about their zone ({part}); {rest} rest on an inferred "
                    "or declared zone, {bound} are not earlier than stated, as ids of posts are made before posts "
                    "appear ({table}).", sure=Link(count(sure), "table-times"), all=counted(total, "item"),
                    part=share(sure / total) if total else "none", bound=count(bound),
                    rest=count(_number(facts.time_bases, ("field_zone_inferred", "field_zone_declared"))),
                    table=Reference("table-times"))  # fmt: skip
        blocks.append(Paragraph(words))
    inexact = [f"{one.name} ({count(one.rounded)} rounded, {count(one.at_least)} at least)" for one in facts.bounds
               if one.rounded or one.at_least]  # fmt: skip
    if facts.bounds:
        said = f"not all exact are {listing(inexact)}" if inexact else "every count that is shown is exact"
        end = "; their sums are bounds, too" if inexact else ""
        blocks.append(Paragraph(say(f"Counts: {said} ({{table}}){end}.", table=Reference("table-bounds"))))
    if facts.noticed:
        columns = (Column("flag", "Flag", "code"), Column("meaning", "Meaning"), Column("items", "Items", "count"))
        whole = [(flag, MEANINGS.get(flag, ""), number) for flag, number in facts.noticed]
        rows = [(meaning or flag, number) for flag, meaning, number in whole]
        caption = "What was noticed of items"
        words = say("{table} says what was noticed of items while they were read.", table=Reference("table-noticed"))
        blocks += [Paragraph(words), TableBlock("noticed", Table(caption, columns[1:], rows),
                                                Table(caption, columns, whole))]  # fmt: skip
    return blocks


def _number(bases: tuple[Basis, ...], names: tuple[str, ...]) -> int:
    """Items by the bases of their times; of all where none is named."""
    return sum(one.posts + one.comments for one in bases if not names or one.name in names)
