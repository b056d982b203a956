"""What do the researchers conclude, question by question, on what evidence, and does that evidence still stand?

Evidence is linked to where it can be seen: items to their plates, findings to the table of their values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from resilens.claims.ledger import STATUSES, Claim
from resilens.claims.references import Reference
from resilens.report.claims_facts import ClaimsFacts
from resilens.report.evidence import plate
from resilens.report.method_facts import MethodFacts, Question
from resilens.report.model import (
    Block,
    Emphasis,
    Link,
    ListBlock,
    Note,
    Paragraph,
    Section,
    TableBlock,
    Words,
    join,
    listed,
    plain,
    say,
)
from resilens.report.model import Reference as TableNumber
from resilens.report.naming import in_words
from resilens.results.tables import Column, Table, counted, listing

HEADING = 110
"""Characters of a claim that stand in its heading; a longer one is cut there, and stands in full below."""

QUOTING = {"free": "may be quoted", "paraphrase": "paraphrase only", "do_not_quote": "must not be quoted"}


def claims_section(facts: MethodFacts) -> Section | None:
    """Every claim under its question, with stage, status, puzzle, rivals and evidence; None where there is no claim."""
    told = facts.claims
    if told is None or not told.claims:
        return None
    ids = [question.id for question in facts.questions]
    told = replace(told, labels=labels(facts))
    parts = [_question(question, number, told) for number, question in enumerate(facts.questions, 1)]
    others = [claim for claim in told.claims if claim.question not in ids]
    if others:
        title = "Claims under no question of the study" if ids else "Claims"
        parts.append(Section("claims-other", title, (), tuple(_claim(claim, told) for claim in others)))
    tables = _tables(facts, told, {item for one in facts.findings.found for item in one.shown})
    if tables:
        parts.append(Section("claims-evidence", "What the claims rest on", tables))
    return Section("claims", "Claims by question", (Paragraph(_summary(facts, told)),), tuple(parts))


def labels(facts: MethodFacts) -> dict[str, str]:
    """C1, C2, ... in the order in which the report tells the claims, by their ids."""
    places = {question.id: place for place, question in enumerate(facts.questions)}
    claims = facts.claims.claims if facts.claims else ()
    told = sorted(claims, key=lambda claim: places.get(claim.question, len(places)))
    return {claim.id: f"C{number}" for number, claim in enumerate(told, 1)}


def cited_by(facts: MethodFacts, item: str) -> Words:
    """Which claims an item speaks for or against, each linked; empty where it is cited by none."""
    said: list[Words] = []
    names, claims = labels(facts), facts.claims.claims if facts.claims else ()
    for side, word in (("evidence_for", "for"), ("evidence_against", "against")):
        cited = [(Link(names[claim.id], f"claim-{claim.id}"),) for claim in claims
                 if any(one.of_item and one.name == item for one in getattr(claim, side))]  # fmt: skip
        if cited:
            said.append(say("Speaks {word} {claims}.", word=word, claims=listed(cited)))
    return join(*said)


def _summary(facts: MethodFacts, told: ClaimsFacts) -> Words:
    by_status = Counter(str(claim.status) for claim in told.claims)
    parts = listing([counted(by_status[status], status, status) for status in STATUSES if by_status[status]])
    said = [f"The researchers made {counted(len(told.claims), 'claim')}: {parts}."]
    answered = {claim.question for claim in told.claims if claim.status != "withdrawn"}
    silent = [f"{number} ({question.id})" for number, question in enumerate(facts.questions, 1)
              if question.id not in answered]  # fmt: skip
    if silent:
        said.append(f"No claim answers {'question' if len(silent) == 1 else 'questions'} {listing(silent)}.")
    watched = sum(bool(told.warnings.get(claim.id)) for claim in told.claims)
    if watched:
        verb = "deserves" if watched == 1 else "deserve"
        said.append(f"{counted(watched, 'claim').capitalize()} {verb} a second look, for the reasons given there.")
    return (" ".join(said),)


def _question(question: Question, number: int, told: ClaimsFacts) -> Section:
    own = [claim for claim in told.claims if claim.question == question.id]
    blocks: list[Block] = [Paragraph((question.text,))]
    if not own:
        blocks.append(Note(("No claim answers this question.",), caution=True))
    return Section(f"claims-question-{number}", f"Question {number}: {question.id}", blocks,
                   tuple(_claim(claim, told) for claim in own))  # fmt: skip


def _claim(claim: Claim, told: ClaimsFacts) -> Section:
    text = " ".join(claim.text.split())
    short = text if len(text) <= HEADING else text[:HEADING].rsplit(" ", 1)[0] + " …"
    stage = told.names.get(claim.stage, claim.stage)
    about = (f"It speaks of the stage {stage[:1].lower() + stage[1:]}." if stage else "",)
    status = say("{status}: {meaning}.", status=Emphasis(claim.status.capitalize()), meaning=STATUSES[claim.status])
    blocks: list[Block] = [] if short == text else [Paragraph((text,))]
    blocks += [Paragraph(join(status, about)), ListBlock(tuple(_entries(claim, told)))]
    if told.warnings.get(claim.id):
        blocks.append(Note((" ".join(told.warnings[claim.id]),), caution=True))
    return Section(f"claim-{claim.id}", f"{told.labels[claim.id]}. {short}", blocks)


def _entries(claim: Claim, told: ClaimsFacts) -> list[Words]:
    def entry(name: str, words: Words) -> Words:
        end = "" if plain(words).endswith((".", "?", "!", "。", "？", "！", "…")) else "."
        return say("{name}: {words}{end}", name=Emphasis(name), words=words, end=end)

    entries = [entry("Puzzle", (claim.puzzle,))] if claim.puzzle else []
    if claim.rivals:
        entries.append(entry("Rival explanations", ("; ".join(rival.rstrip(".") for rival in claim.rivals),)))
    for name, cited in (("Evidence for", claim.evidence_for), ("Evidence against", claim.evidence_against)):
        entries.append(entry(name, _listed(cited, claim, told) if cited else ("none named",)))
    if claim.led_to:
        entries.append(entry("Led to", _listed(claim.led_to, claim, told)))
    return entries


def _listed(cited: Sequence[Reference], claim: Claim, told: ClaimsFacts) -> Words:
    """Pieces of evidence with semicolons between them, for names of estimates have commas."""
    words: Words = ()
    for one in cited:
        words += (*(("; ",) if words else ()), *_evidence(one, claim, told))
    return words


def _evidence(cited: Reference, claim: Claim, told: ClaimsFacts) -> Words:
    """A piece of evidence as a reader sees it, linked to where it is shown."""
    if cited.kind == "item":
        where = "" if cited.start is None else f" (its {cited.field}, from {cited.start} to {cited.end})"
        return (Link(told.items[cited.name].label, told.items[cited.name].target), where)
    if cited.kind == "measure":
        return (Link(finding_in_words(cited, told), _finding_target(cited, told)), f" ({_value(cited, claim, told)})")
    if cited.kind == "erased":
        return ("evidence erased on request",)
    if cited.kind == "code":
        return (f"the code {told.names.get(cited.name, cited.name)}",)
    if cited.kind == "claim" and any(other.id == cited.name for other in told.claims):
        return (Link(f"the claim {told.labels[cited.name]}", f"claim-{cited.name}"),)
    return (f"the {'item' if cited.kind == 'local' else cited.kind} {cited.name}",)


def _finding_target(cited: Reference, told: ClaimsFacts) -> str:
    """Where a finding cited as evidence is shown in the report."""
    return f"table-{cited.name}-values" if cited.name in told.measured else "table-claims-findings"


def _value(cited: Reference, claim: Claim, told: ClaimsFacts) -> str:
    """What a finding is, and what it was where it has moved since."""
    seen, now = claim.seen(cited), told.now.get(cited)
    if seen and now and (claim.id, cited) in told.moved:
        return f"{told.seen(seen)} when the claim was written, now {now}"
    return now or (f"{told.seen(seen)} when the claim was written" if seen else "not measured")


def finding_in_words(cited: Reference, told: ClaimsFacts) -> str:
    """What a cited finding is called: the measure's title, and the value's name in words."""
    if not cited.estimate:
        return told.titles.get(cited.name, cited.name)
    return in_words(cited.estimate, told.names)


def _tables(facts: MethodFacts, told: ClaimsFacts, plated: Collection[str]) -> list[Block]:
    """The items and the findings that claims cite, with a plate for each item that no finding has shown."""
    findings = _findings(told)
    blocks: list[Block] = []
    if told.items:
        words = say("Items go by numbers of this report. {table} says what they are, and what may be done with their "
                    "words.", table=TableNumber("table-claims-evidence"))  # fmt: skip
        blocks += [Paragraph(words), _items(told)]
        blocks += [plate(one, cited_by(facts, item)) for item, one in told.items.items() if item not in plated]
    if findings:
        words = say("{table} compares what findings were when a claim was written with what they are now.",
                    table=TableNumber("table-claims-findings"))  # fmt: skip
        blocks += [Paragraph(words), findings]
    return blocks


def _items(told: ClaimsFacts) -> TableBlock:
    columns = (Column("item", "Item"), Column("kind", "Kind"), Column("group", "Group"), Column("day", "Day", "date"),
               Column("quoting", "Words"), Column("claims_for", "Speaks for"),
               Column("claims_against", "Speaks against"))  # fmt: skip

    def leaning(item: str, side: str) -> str | None:
        cited = ((told.labels[claim.id], {one.name for one in getattr(claim, side) if one.of_item})
                 for claim in told.claims)  # fmt: skip
        return listing([label for label, names in cited if item in names]) or None

    rows = []
    for item, one in told.items.items():
        sides = (leaning(item, side) for side in ("evidence_for", "evidence_against"))
        kind = one.kind or "not in the corpus"
        rows.append((one.label, kind, one.group or None, one.day, QUOTING.get(one.quoting), *sides))
    return TableBlock("claims-evidence", Table("Items that claims cite", columns, rows))


def _findings(told: ClaimsFacts) -> TableBlock | None:
    columns = (Column("finding", "Finding"), Column("claim", "Claim"), Column("then", "When the claim was written"),
               Column("now", "Now"), Column("moved", "Has moved"))  # fmt: skip
    rows, whole = [], []
    for claim in told.claims:
        for cited in claim.cited_findings:
            seen, now = claim.seen(cited), told.now.get(cited)
            then = told.seen(seen) if seen else None
            moved = (claim.id, cited) in told.moved if seen and now else None
            name = f"{told.titles.get(cited.name, cited.name)}: {finding_in_words(cited, told)}" if cited.estimate \
                else finding_in_words(cited, told)  # fmt: skip
            rows.append((name, told.labels[claim.id], then, "the same" if now and now == then else now, moved))
            whole.append((str(cited).removeprefix("measure:"), claim.id, then, now, moved))
    notes = ("A value has moved when it lies outside the interval that the claim was written with, by more than "
             "rounding.",)  # fmt: skip
    caption = "Findings that claims cite"
    return TableBlock("claims-findings", Table(caption, columns, rows, notes), Table(caption, columns, whole)) \
        if rows else None  # fmt: skip
